"""Reading a release that stands in Neo4j, with the official asynchronous driver: one driver a store, one statement
a read."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

import orjson
from neo4j import READ_ACCESS, AsyncSession, Query, Record
from neo4j.exceptions import Neo4jError, ServiceUnavailable, SessionExpired

from graph.dates import Bounds
from graph.errors import StoreUnavailable, Timeout
from graph.plan import Answer, Buckets, Case, Level, Of, Owner, Page, Row, Tally, in_order
from graph.store import Release
from graph.stores.documents import Document, Documents
from graph.stores.neo4j.connection import UNREACHABLE, connect, is_state, lost, parse
from graph.stores.neo4j.layout import MARKER
from graph.stores.neo4j.statement import Statement, counts, rows, tallies

_GRACE: Final = 3.0
"""Seconds beyond the server's own limit until a statement is given up here, for a server that does not answer at
all. One that does looks at its clock every two seconds."""
_ABOUT: Final = f"MATCH {MARKER} RETURN collect(release.about) AS about, collect(release.digest) AS release"


class Neo4jStore:
    """A release in Neo4j, open for reading. `url`: `neo4j://user:password@host:7687/database`, any scheme of the
    driver. `timeout`: seconds for one statement; `acquisition`: seconds to wait for a connection; `connections`:
    how many there are at most. `notices`: whether what the server remarks on a statement becomes a warning. A store
    that was lost is found again by itself; one that was filled anew while it was open answers no more, since pages
    of two releases do not fit together."""

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 10.0,
        acquisition: float = 5.0,
        connections: int = 100,
        notices: bool = False,
    ) -> None:
        address = parse(url)
        self._database, self._timeout = address.database, timeout
        self._digest: str | None = None
        self._documents = Documents()
        self._driver = connect(address, acquisition=acquisition, notices=notices, max_connection_pool_size=connections)

    async def read(self, level: Level) -> Answer:
        """One statement. Raises StoreUnavailable, Timeout."""
        if isinstance(level.start, Of) and not level.start.ids:
            return Answer({})
        record = await self._record(rows(level))
        pages = {owner: self._page(level, more, columns) for owner, more, *columns in record["pages"] if columns[0]}
        return Answer(pages, {document["id"]: document for document in map(self._parsed, record["filled"])})

    async def count(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        """One statement. Raises StoreUnavailable, Timeout."""
        if isinstance(level.start, Of) and not level.start.ids:
            return {}
        record = await self._record(counts(level, cases))
        return {owner: tuple(numbers) for owner, found, *numbers in record["pages"] if found}

    async def tally(self, level: Level, tally: Tally) -> Buckets:
        """One statement. Raises StoreUnavailable, Timeout."""
        if isinstance(level.start, Of) and not level.start.ids:
            return {}
        record = await self._record(tallies(level, tally))
        return {owner: in_order(map(tuple, told)) for owner, told in record["pages"] if told}

    async def about(self) -> Release:
        """The release that is open. Raises StoreUnavailable where none is finished, Timeout."""
        record = await self._record(Statement(_ABOUT, {}))
        return Release(**orjson.loads(record["about"][0]))

    async def close(self) -> None:
        await self._driver.close()

    async def work(self, level: Level) -> int:
        """What a read costs in hits of the database, on whatever machine."""
        return sum(int(step.get("dbHits", 0)) for step in _steps(await self._plan("PROFILE", level)))

    async def plan_operators(self, level: Level) -> set[str]:
        """The operators by which a level is read, as in `NodeIndexSeekByRange`."""
        return {str(step["operatorType"]).partition("@")[0] for step in _steps(await self._plan("EXPLAIN", level))}

    async def _plan(self, how: str, level: Level) -> Mapping[str, Any]:
        asked = rows(level)
        async with self._session() as session:
            summary = await (await session.run(self._query(f"{how} {asked.text}"), asked.parameters)).consume()
        plan: Mapping[str, Any] | None = summary.profile or summary.plan
        assert plan is not None
        return plan

    async def _record(self, asked: Statement) -> Record:
        """The one record of a statement, of the release that was open from the first. Asked again once where the
        connection turns out to be dead: the pool learns only so that a server was started again."""
        try:
            async with asyncio.timeout(self._timeout + _GRACE):
                try:
                    record = await self._run(asked)
                except (ServiceUnavailable, SessionExpired):
                    record = await self._run(asked)
        except TimeoutError:
            raise self._late() from None
        except UNREACHABLE as error:
            raise lost(error) from error
        except Neo4jError as error:
            if "TransactionTimedOut" in (error.code or ""):
                raise self._late() from error
            if is_state(error):
                raise lost(error) from error
            if asked.text != _ABOUT:
                await self.about()  # a statement fails also where the indexes that it names are not yet there
            raise
        self._check(record["release"])
        return record

    async def _run(self, asked: Statement) -> Record:
        async with self._session() as session:
            return await (await session.run(self._query(asked.text), asked.parameters)).single(strict=True)

    def _session(self) -> AsyncSession:
        return self._driver.session(database=self._database, default_access_mode=READ_ACCESS)

    def _query(self, text: str) -> Query:
        return Query(text, timeout=self._timeout)

    def _check(self, finished: Sequence[str]) -> None:
        if not finished:
            raise StoreUnavailable("no finished release is in Neo4j; `peacegraph load` fills it")
        if self._digest is None:
            self._digest = finished[0]
        if self._digest != finished[0]:
            raise StoreUnavailable(
                "Neo4j was filled with another release; the service reads it when it is started again"
            )

    def _late(self) -> Timeout:
        return Timeout(f"the store did not answer within {self._timeout:g} seconds; ask for less, or try again")

    def _page(self, level: Level, more: bool, columns: list[list[Any]]) -> Page:
        found = tuple(_skeletons(level, *columns) if level.skeleton else self._whole(*columns))
        return Page(found[::-1] if level.backward else found, more)

    @staticmethod
    def _whole(keys: list[str], docs: list[str], *marks: list[bool]) -> Iterable[Row]:
        told = zip(*marks, strict=True) if marks else repeat(())
        for key, document, mark in zip(keys, map(orjson.loads, docs), told, strict=False):
            yield Row(document["id"], key, document, marks=mark)

    def _parsed(self, text: str) -> Document:
        """What fills a slot, by its text: to look it up costs a tenth of parsing it. Sources and actors fill many
        claims; a page's rows come once, and are not kept."""
        found = self._documents.get(text)
        if found is None:
            found = orjson.loads(text)
            self._documents.put(text, found)
        return found


def _skeletons(level: Level, keys: list[str], ids: list[str], *rest: list[Any]) -> Iterable[Row]:
    claims = level.of == "claim"
    names = level.fill if claims else ()
    for key, id, *others in zip(keys, ids, *rest, strict=True):
        bounds = Bounds(*others.pop(0)) if claims and level.dated else None
        fillers = {name: tuple(ids) for name, ids in zip(names, others, strict=False) if ids}
        yield Row(id, key, bounds=bounds, slots=fillers, marks=tuple(others[len(names) :]))


def _steps(plan: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)
