"""Whether the service lives, and whether it can answer: for a supervisor, a load balancer, a person."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from graph.errors import PeacegraphError
from graph.store import Release


def health(check: Callable[[], Awaitable[Release]]) -> APIRouter:
    """`/healthz`: the process answers. `/readyz`: the store answers too and holds the release that is served; 503 with
    the reason otherwise. `check` gives the release or raises PeacegraphError."""
    router = APIRouter()

    @router.get("/healthz")
    async def healthz() -> Response:
        return JSONResponse({"status": "alive"})

    @router.get("/readyz")
    async def readyz() -> Response:
        try:
            release = await check()
        except PeacegraphError as error:
            return JSONResponse({"status": "not ready", "code": error.code, "message": error.message}, 503)
        return JSONResponse({"status": "ready", "release": release.number, "built": release.built})

    return router
