"""Which engine an address means, and how a question is walked on it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from graph.drive import drive, drive_async, is_light, walk_while
from graph.errors import BadInput, StoreUnavailable
from graph.plan import Table
from graph.store import Release
from graph.stores.documents import Document
from graph.stores.sqlite.releases import find, numbers
from graph.stores.sqlite.store import SqliteStore
from graph.walk import Result, Walk

SQLITE: Final = "sqlite:"


class Reader(Protocol):
    """An open release, and the way to walk a question on it."""

    @property
    def release(self) -> Release: ...

    async def run(self, way: Walk) -> Result:
        """Walks to the end. Raises what the walk raises, StoreUnavailable and Timeout."""
        ...

    def at_once(self, table: Table, id: str) -> Document | None:
        """The document of a node; None where there is none, or the store is not at hand. Raises StoreUnavailable and
        Timeout."""
        ...

    async def check(self) -> None:
        """Raises StoreUnavailable where the store cannot be reached, or no longer holds the release that was opened."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Opening:
    """How a store is opened. `address`: `sqlite:FOLDER` or a Neo4j URL; `folder`: that of the releases; `timeout`:
    seconds a statement may take; `acquire`: seconds to wait for a connection; `threads`: readers of SQLite."""

    address: str
    folder: Path
    timeout: float
    acquire: float
    threads: int

    async def current(self) -> Reader:
        """The current release. Raises StoreUnavailable where there is none."""
        if self.address.startswith(SQLITE):
            return await self._file(None)
        from graph.stores.neo4j.store import Neo4jStore  # a driver that the embedded store has no use for

        store = Neo4jStore(self.address, timeout=self.timeout, acquisition=self.acquire)
        try:
            return _OnLoop(store, await store.about())
        except BaseException:
            await store.close()
            raise

    async def release(self, number: int) -> Reader:
        """An earlier release, always from its file. Raises BadInput, naming those that there are."""
        known = numbers(self.folder)
        if number not in known:
            there = ", ".join(map(str, known)) or "none"
            raise BadInput(f"reading.release {number} is not kept; kept are {there}")
        return await self._file(number)

    async def _file(self, number: int | None) -> Reader:
        return await asyncio.to_thread(lambda: _InThread(find(self.folder, number), self.timeout, self.threads))


class _InThread:
    """SQLite: the whole walk in one thread hop (34 µs for four reads, against 116 µs with a hop for each), and none for
    a few nodes by id, which under load would wait longer for a thread's turn than they take to read."""

    def __init__(self, path: Path, timeout: float, threads: int) -> None:
        self._store = SqliteStore(path, seconds=timeout)
        self._release = self._store.about_now()
        self._path = path
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="sqlite")

    @property
    def release(self) -> Release:
        return self._release

    async def run(self, way: Walk) -> Result:
        requests = walk_while(way, self._store, is_light)
        if isinstance(requests, Result):
            return requests
        return await asyncio.get_running_loop().run_in_executor(self._threads, drive, way, self._store, requests)

    def at_once(self, table: Table, id: str) -> Document | None:
        return self._store.document_now(table, id)

    async def check(self) -> None:
        if not await asyncio.to_thread(self._path.exists):
            raise StoreUnavailable(f"the file of release {self._release.number} is gone; start the service again")

    async def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        await self._store.close()


class _OnLoop:
    """Neo4j: the walk on the event loop, the requests of a round side by side."""

    def __init__(self, store: "object", release: Release) -> None:
        from graph.stores.neo4j.store import Neo4jStore

        assert isinstance(store, Neo4jStore)
        self._store, self._release = store, release

    @property
    def release(self) -> Release:
        return self._release

    async def run(self, way: Walk) -> Result:
        return await drive_async(way, self._store)

    def at_once(self, table: Table, id: str) -> Document | None:
        return None

    async def check(self) -> None:
        now = await self._store.about()
        if (now.number, now.digest, now.built) != (self._release.number, self._release.digest, self._release.built):
            raise StoreUnavailable(
                f"the store holds release {now.number} now, this service opened {self._release.number}; start it again"
            )

    async def close(self) -> None:
        await self._store.close()
