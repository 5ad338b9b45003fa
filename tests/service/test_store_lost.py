"""A store that is not there, goes away, comes back or is slow: the service says so, and goes on."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from graph.stores.neo4j.builder import fill
from graph.stores.sqlite.builder import SqliteBuilder
from graph.stores.sqlite.releases import find
from seed.load import inputs, load
from tests.http.toy import served
from tests.service.conftest import settings
from tests.support.proxy import Proxy

QUERY = {"query": "{ missions(first: 1) { nodes { id } } }"}


def code(answer: httpx.Response) -> str | None:
    body: dict[str, Any] = answer.json()
    return body["errors"][0]["extensions"]["code"] if "errors" in body else None


async def asked_until_answered(client: httpx.AsyncClient) -> httpx.Response:
    """The first answer without an error; each error on the way is of the store."""
    for _ in range(100):
        answer = await client.post("/graphql", json=QUERY)
        if code(answer) is None:
            return answer
        assert code(answer) in ("STORE_UNAVAILABLE", "TIMEOUT")
        await asyncio.sleep(0.1)
    raise AssertionError("the service did not find its store again")


@asynccontextmanager
async def through(proxy: Proxy, releases: Path, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a service whose store lies behind the proxy."""
    app = create_app(settings(proxy.url, releases, acquire_timeout=1.0, **more))
    server = served(app)
    url = await asyncio.to_thread(server.__enter__)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            yield client
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


@pytest.fixture
async def proxy(neo4j_url: str, releases: Path) -> AsyncIterator[Proxy]:
    await fill(find(releases), neo4j_url)
    async with Proxy(neo4j_url) as proxy:
        yield proxy


async def test_a_store_down_at_the_start_is_told_and_found_when_it_is_back(proxy: Proxy, releases: Path) -> None:
    await proxy.cut()
    async with through(proxy, releases) as client:
        answer = await client.post("/graphql", json=QUERY)
        assert (answer.status_code, code(answer)) == (503, "STORE_UNAVAILABLE")
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        await proxy.resume()
        assert (await asked_until_answered(client)).json()["data"]["missions"]["nodes"]
        assert (await client.get("/readyz")).status_code == 200


async def test_a_store_lost_under_load_is_told_and_found_again(proxy: Proxy, releases: Path) -> None:
    async with through(proxy, releases) as client:
        await asked_until_answered(client)
        seen: set[str | None] = set()
        stop = asyncio.Event()

        async def load_on() -> None:
            while not stop.is_set():
                seen.add(code(await client.post("/graphql", json=QUERY)))

        loads = [asyncio.create_task(load_on()) for _ in range(8)]
        await asyncio.sleep(0.3)
        await proxy.cut()
        await asyncio.sleep(1.5)
        assert (await client.get("/readyz")).status_code == 503
        await proxy.resume()
        await asked_until_answered(client)
        stop.set()
        await asyncio.gather(*loads)
        assert None in seen
        assert seen - {None} <= {"STORE_UNAVAILABLE", "TIMEOUT"}
        assert seen - {None}, "the loss was felt"


async def test_a_slow_store_is_given_up_in_time(proxy: Proxy, releases: Path) -> None:
    async with through(proxy, releases, store_timeout=0.5) as client:
        await asked_until_answered(client)
        await proxy.stall()
        answer = await client.post("/graphql", json=QUERY)
        assert code(answer) in ("TIMEOUT", "STORE_UNAVAILABLE")
        assert answer.status_code in (503, 504)
        await proxy.resume()
        await asked_until_answered(client)


async def test_a_broken_fill_leaves_the_service_unready_until_the_next(neo4j_url: str, releases: Path) -> None:
    await fill(find(releases), neo4j_url)

    class Broken(Exception):
        pass

    def tick(what: str, done: int, total: int | None) -> None:
        if done:
            raise Broken

    with pytest.raises(Broken):
        await fill(find(releases), neo4j_url, tick)
    server = served(create_app(settings(neo4j_url, releases)))
    url = await asyncio.to_thread(server.__enter__)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            ready = await client.get("/readyz")
            assert (ready.status_code, ready.json()["code"]) == (503, "STORE_UNAVAILABLE")
            assert code(await client.post("/graphql", json=QUERY)) == "STORE_UNAVAILABLE"
            await fill(find(releases), neo4j_url)
            await asked_until_answered(client)
            assert (await client.get("/readyz")).status_code == 200
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


async def test_a_service_stays_on_the_release_that_it_opened(neo4j_url: str, releases: Path, tmp_path: Path) -> None:
    await fill(find(releases), neo4j_url)
    server = served(create_app(settings(neo4j_url, releases)))
    url = await asyncio.to_thread(server.__enter__)
    try:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            await asked_until_answered(client)
            for _ in range(2):
                with SqliteBuilder(tmp_path) as building:
                    load(building, inputs())
            await fill(find(tmp_path), neo4j_url)
            ready = await client.get("/readyz")
            assert ready.status_code == 503
            assert "start it again" in ready.json()["message"]
    finally:
        await asyncio.to_thread(server.__exit__, None, None, None)


async def test_without_a_release_the_embedded_store_is_unavailable_until_there_is_one(tmp_path: Path) -> None:
    with served(create_app(settings(f"sqlite:{tmp_path}", tmp_path))) as url:
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            answer = await client.post("/graphql", json=QUERY)
            assert (answer.status_code, code(answer)) == (503, "STORE_UNAVAILABLE")
            assert "peacegraph load" in answer.json()["errors"][0]["message"]
            with SqliteBuilder(tmp_path) as building:
                load(building, inputs())
            await asked_until_answered(client)


async def test_a_client_that_goes_away_leaves_the_service_answering(releases: Path) -> None:
    with served(create_app(settings(f"sqlite:{releases}", releases))) as url:
        host, port = url.removeprefix("http://").split(":")
        body = b'{"query": "{ claims(first: 500) { nodes { id ends { id name } } } }"}'
        headers = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = ["POST /graphql HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        for _ in range(20):
            with socket.create_connection((host, int(port))) as gone:
                gone.sendall("\r\n".join(lines).encode() + body)
        async with httpx.AsyncClient(base_url=url, timeout=30) as client:
            await asked_until_answered(client)
