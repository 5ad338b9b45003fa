"""A service over the release of the curated papers, on each store in turn."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp

from api.app import create_app
from api.settings import Settings
from graph.stores.sqlite.builder import SqliteBuilder
from seed.load import inputs, load
from tests.engines import ENGINES
from tests.http.toy import served

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one release of the curated papers."""
    folder = tmp_path_factory.mktemp("releases")
    with SqliteBuilder(folder) as builder:
        load(builder, inputs())
    return folder


def settings(store: str, releases: Path, **more: Any) -> Settings:
    return Settings(store=store, releases=releases, **more)


@pytest.fixture(scope="module", params=ENGINES)
def store_url(request: pytest.FixtureRequest, releases: Path) -> str:
    """The address of a store that holds the curated papers."""
    if request.param == "sqlite":
        return f"sqlite:{releases}"
    from graph.stores.neo4j.builder import fill
    from graph.stores.sqlite.releases import find

    url: str = request.getfixturevalue("neo4j_url")
    asyncio.run(fill(find(releases), url))
    return url


@pytest.fixture(scope="module")
def application(store_url: str, releases: Path) -> ASGIApp:
    return create_app(settings(store_url, releases))


@pytest.fixture(scope="module")
def service(application: ASGIApp) -> Iterator[str]:
    """The address of a running service, without a path."""
    with served(application) as url:
        yield url


@pytest.fixture(scope="module")
def ask(service: str) -> Iterator[Ask]:
    """Asks a document over HTTP: `ask(query, variables) -> response`."""
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=service, timeout=30))

        def answer(query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
            body: dict[str, Any] = client.post("/graphql", json={"query": query, "variables": variables or {}}).json()
            return body

        yield answer
