"""The service: opens the store, answers GraphQL, tells how it is. The composition of `api`."""

import asyncio
import gc
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Self

from fastapi import FastAPI
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.execution.execute import Engine
from api.http.graphiql import graphiql_files, graphiql_page
from api.http.graphql import Answer, GraphQLEndpoint
from api.http.health import health
from api.http.request import GraphQLRequest
from api.settings import Settings
from graph.errors import StoreUnavailable, Unavailable
from graph.store import Release
from graph.stores.opening import Opening

logger = logging.getLogger(__name__)

PATIENCE: Final = 1.0
"""Seconds between two attempts to open a store that was not there, so that a burst of requests does not become one of
connections."""


COLLECTED: Final = (50_000, 20, 100)
"""When garbage is looked for. An answer is a tree of as many as 100,000 objects, none of them garbage while it is made:
looking less often took a network of 3,400 claims from 84 ms of processor time to 67."""


class Service:
    """An executor over the store that the settings name. A store that is down at the start is opened by the first
    request after it is back; from then on the service stays on the release that it opened."""

    def __init__(self, settings: Settings) -> None:
        self._opening = Opening(
            address=settings.store.get_secret_value(),
            folder=settings.folder(),
            timeout=settings.store_timeout,
            acquire=settings.acquire_timeout,
            threads=settings.workers,
        )
        self._engine: Engine | None = None
        self._lock = asyncio.Lock()
        self._tried = float("-inf")
        self._why: Unavailable = StoreUnavailable("the store has not been opened yet; try again in a moment")

    async def __aenter__(self) -> Self:
        try:
            await self._opened()
        except Unavailable as error:
            logger.warning("Started without a store: %s", error.message)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._engine is not None:
            await self._engine.close()

    async def __call__(self, request: GraphQLRequest) -> Answer:
        """Answers one operation. Raises PeacegraphError."""
        engine = self._engine or await self._opened()
        return await engine(request)

    async def check(self) -> Release:
        """The release that is served, if the store still answers for it. Raises Unavailable."""
        engine = self._engine or await self._opened()
        await engine.reader.check()
        return engine.reader.release

    async def _opened(self) -> Engine:
        async with self._lock:
            if self._engine is None:
                if time.monotonic() < self._tried + PATIENCE:
                    raise self._why
                self._tried = time.monotonic()
                try:
                    self._engine = Engine(await self._opening.current(), self._opening.release)
                except Unavailable as error:
                    self._why = error
                    raise
                logger.info("Serving release %d", self._engine.reader.release.number)
            return self._engine


def create_app(settings: Settings) -> ASGIApp:
    """The ASGI application. `/graphql` is answered before FastAPI's routing, which costs as much as a small query."""
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with service:
            gc.collect()
            gc.freeze()  # the schema's objects never die: p99 of a page of 50 actors from 33 ms to 3 ms
            kept = gc.get_threshold()
            gc.set_threshold(*COLLECTED)
            yield
            gc.set_threshold(*kept)
            gc.unfreeze()

    app = FastAPI(title="Peacegraph", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(health(service.check))
    app.router.routes.append(graphiql_files())
    app.add_route("/", lambda _: RedirectResponse("/graphql"), include_in_schema=False)
    endpoint = GraphQLEndpoint(service, graphiql_page(), settings.max_body_bytes)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await endpoint(scope, receive, send)
        else:
            await app(scope, receive, send)

    return dispatch
