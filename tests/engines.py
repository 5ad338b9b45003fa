"""An engine as tests ask it: plain calls, answers that compare, and how a graph gets into it."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any as Anything
from typing import Final

import pytest

from graph.claim import Claim, Entity, Timed
from graph.coverage import covering
from graph.plan import Answer, Buckets, Case, Ids, Level, Owner, Tally
from graph.store import Release, Store
from graph.stores.neo4j.builder import fill
from graph.stores.neo4j.layout import RELEASE
from graph.stores.neo4j.statement import Statement, rows
from graph.stores.neo4j.store import Neo4jStore
from graph.stores.sqlite.builder import build
from graph.stores.sqlite.store import SqliteStore
from tests.oracle import Oracle
from tests.support.neo4j_server import connect

Comparable = Mapping[str, object]
_MARKER: Final = f"release:{RELEASE}"
"""One node that says which release it is; every statement reads it."""
ENGINES: Final = ("sqlite", pytest.param("neo4j", marks=pytest.mark.neo4j))
NEWEST: Final = pytest.param("neo4j-newest", marks=(pytest.mark.neo4j, pytest.mark.slow))
"""The newest calendar version, for the contract alone; the others are SQLite and the long-term line."""
_SERVERS: Final = {"neo4j": "neo4j_url", "neo4j-newest": "neo4j_newest_url"}


@dataclass(frozen=True, slots=True)
class Engine:
    """A store, and the loop in which it lives."""

    name: str
    store: Store
    run: Callable[[Coroutine[Anything, Anything, Anything]], Anything]
    url: str = ""

    def read(self, level: Level) -> Answer:
        answer: Answer = self.run(self.store.read(level))
        return answer

    def tally(self, level: Level, tally: Tally) -> dict[Owner, Anything]:
        return dict(self.run(self.store.tally(level, tally)))

    def count(self, level: Level, cases: Sequence[Case]) -> dict[Owner, tuple[int, ...]]:
        counts: Mapping[Owner, tuple[int, ...]] = self.run(self.store.count(level, cases))
        return {owner: tuple(numbers) for owner, numbers in counts.items()}

    def work(self, level: Level) -> int:
        """Steps of SQLite's virtual machine, or hits of Neo4j's database, that reading the level costs."""
        if isinstance(self.store, Neo4jStore):
            hits: int = self.run(self.store.work(level))
            return hits
        assert isinstance(self.store, SqliteStore)
        return self.store.work(level)

    def wasteful(self, level: Level) -> set[str]:
        """The steps by which the engine would scan or sort what is stored. A source of ids may be sorted."""
        sorting = ("Sort", "Top", "TEMP B-TREE") if not isinstance(level.start, Ids) else ()
        if isinstance(self.store, Neo4jStore):
            steps = _planned(rows(level), self.url)
            return {step for step in steps if any(word in step for word in ("Scan", *sorting)) and _MARKER not in step}
        assert isinstance(self.store, SqliteStore)
        lines = self.store.explain(level)
        scans = {line for line in lines if line.startswith("SCAN") and "VIRTUAL TABLE" not in line}
        return scans | {line for line in lines if any(word in line for word in ("AUTOMATIC", *sorting))}


class Engines(ExitStack):
    """Loads one graph after the other into engines of one name; closes what it opened. `work`: a folder of its own."""

    DIGEST: Final = "digest of the tests"

    def __init__(self, name: str, work: Path, url: str | None = None) -> None:
        super().__init__()
        self.name, self.work, self.url = name, work, url
        self._runner = self.enter_context(asyncio.Runner())
        self._numbers = count(1)

    def load(self, entities: Iterable[Entity], claims: Iterable[tuple[Claim, Timed]]) -> Engine:
        """An engine that holds just these. What a Neo4j held before is gone."""
        if self.name == "oracle":
            return Engine(self.name, OracleStore(Oracle(entities, claims)), self._runner.run)
        number = next(self._numbers)
        path = build(entities, claims, self.work / str(number), digest=f"{self.DIGEST} {number}", schema="of the tests")
        store: Store = SqliteStore(path)
        if self.url is not None:
            self._runner.run(fill(path, self.url))
            # What the server remarks on a statement is a warning, and a warning fails the test.
            store = Neo4jStore(self.url, notices=True)
        self.callback(lambda: self._runner.run(store.close()))
        return Engine(self.name, store, self._runner.run, self.url or "")


def _planned(asked: Statement, url: str) -> Iterator[str]:
    """The steps of Neo4j's plan for a statement, each with its details."""
    driver, database = connect(url)
    with driver, driver.session(database=database) as session:
        waiting: list[Anything] = [session.run(f"EXPLAIN {asked.text}", asked.parameters).consume().plan]
    while waiting:
        step = waiting.pop()
        waiting += step.get("children", ())
        yield f"{step['operatorType']} {step['args'].get('Details', '')}"


def opened(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Engines:
    """The engines that a parametrised fixture asks for."""
    url = request.getfixturevalue(_SERVERS[request.param]) if request.param in _SERVERS else None
    return Engines(request.param, folders.mktemp(request.param), url)


class OracleStore:
    """The oracle as a store, for the tests of the contract."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle

    async def read(self, level: Level) -> Answer:
        return self.oracle.read(level)

    async def count(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        return self.oracle.count(level, cases)

    async def tally(self, level: Level, tally: Tally) -> Buckets:
        return self.oracle.tally(level, tally)

    async def about(self) -> Release:
        counts = Counter(str(row["kind"]) for row in self.oracle.rows.values())
        redirects = {old: entity.id for entity in self.oracle.entities.values() for old in entity.merged_from}
        coverage = [line for claim, _ in self.oracle.claims.values() for line in covering(claim)]
        return Release(1, Engines.DIGEST, "of the tests", "", counts, redirects, coverage)

    async def close(self) -> None:
        pass


def plain(answer: Answer) -> Comparable:
    """Pages and fillers as values that compare: slots that nothing fills are left out."""
    pages = {
        owner: (
            [
                (
                    row.id,
                    row.key,
                    row.doc,
                    row.bounds,
                    {s: ids for s, ids in row.slots.items() if ids},
                    row.marks,
                )
                for row in page.rows
            ],
            page.more,
        )
        for owner, page in answer.pages.items()
    }
    return {"pages": pages, "filled": dict(answer.filled)}


def walk(engine: Engine, level: Level) -> tuple[str, ...]:
    """The ids of every row of the first owner, read a page at a time, in forward order."""
    found: tuple[str, ...] = ()
    while True:
        page = next(iter(engine.read(level).pages.values()))
        ids = tuple(row.id for row in page.rows)
        found = ids + found if level.backward else found + ids
        if not page.more:
            return found
        level = replace(level, after=page.rows[0 if level.backward else -1].key)


def difference(oracle: Oracle, engine: Engine, level: Level, cases: Sequence[Case] | Tally = ()) -> str | None:
    """What the engine answers otherwise than the oracle, or raises; None where they agree."""
    try:
        found: Comparable
        if isinstance(cases, Tally):
            found = {"tally": engine.tally(level, cases)}
        else:
            found = {"counts": engine.count(level, cases)} if cases else plain(engine.read(level))
    except Exception as error:  # noqa: BLE001  # whatever an engine raises is a finding of its own
        return f"{engine.name} raised {type(error).__name__}: {error}"
    wanted: Comparable
    if isinstance(cases, Tally):
        wanted = {"tally": oracle.tally(level, cases)}
    else:
        wanted = {"counts": dict(oracle.count(level, cases))} if cases else plain(oracle.read(level))
    if found == wanted:
        return None
    parts = [part for part in wanted if found[part] != wanted[part]]
    return "; ".join(f"{part}: oracle {wanted[part]} {engine.name} {found[part]}"[:1500] for part in parts)
