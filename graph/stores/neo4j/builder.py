"""Filling Neo4j from a release file. The file is the release; Neo4j holds the same rows, and may be filled from it at
any time.

The marker goes first and comes back last: a fill that was broken off, however, leaves a store that says that it is
not ready, until another fill begins anew. Rows go in batches, one transaction each, since one for everything would
not fit into the server's memory.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson
from neo4j import AsyncDriver
from neo4j.exceptions import Neo4jError

from graph.errors import StoreUnavailable
from graph.ontology import ONTOLOGY
from graph.ontology.types import is_claim_id
from graph.plan import Table
from graph.store import Release
from graph.stores.columns import COLUMNS, KEYS, entity_labels, labels
from graph.stores.neo4j.connection import UNREACHABLE, connect, is_state, lost, parse
from graph.stores.neo4j.layout import EDGE_TYPES, LABEL, MARKER, PAGE_TYPES, constraints, indexes, is_ours, page_type

BATCH: Final = 5_000
"""Rows of one transaction."""
_FEW: Final = 50_000
"""Slots up to which the indexes that are there are kept: to make them anew takes seconds, and beyond, tending them
longer."""
_REMOVED: Final = 20_000
"""Rows of one transaction when the former content is removed."""
_ACQUISITION: Final = 30.0
_INDEXED: Final = 3_600
"""Seconds until indexes that are not yet complete are given up."""

Tick = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and how much there is."""


def _silent(what: str, done: int, total: int | None) -> None:
    pass


async def fill(path: Path, url: str, tick: Tick = _silent, *, only_if_needed: bool = False) -> Release:
    """Replaces what Peacegraph has in a Neo4j by the release of a file; anything else there is left alone. With
    `only_if_needed`, nothing is done where that release already stands there whole. Raises StoreUnavailable."""
    with closing(_open(path)) as file:
        release = _release(file)
        address = parse(url)
        try:
            async with connect(address, acquisition=_ACQUISITION) as driver:
                await driver.verify_connectivity()
                filling = _Filling(driver, address.database, tick)
                if not (only_if_needed and await filling.holds(release)):
                    await filling.fill(file, release)
        except UNREACHABLE as error:
            raise lost(error) from error
        except Neo4jError as error:
            if is_state(error):
                raise lost(error) from error
            raise
    return release


class _Filling:
    def __init__(self, driver: AsyncDriver, database: str, tick: Tick) -> None:
        self._driver, self._database, self._tick = driver, database, tick

    async def holds(self, release: Release) -> bool:
        found = await self._run(f"MATCH {MARKER} RETURN release.about")
        return found == [_about(release)]

    async def fill(self, file: sqlite3.Connection, release: Release) -> None:
        await self._run(f"MATCH {MARKER} DELETE release")
        await self._clear(_number(file, "adj") > _FEW)
        await self._make("CONSTRAINT", constraints())
        for step in _steps(file):
            await self._write(step)
        await self._make("INDEX", indexes())
        await self._run("CALL db.awaitIndexes($seconds)", seconds=_INDEXED)
        await self._compare(file)
        marker = {"about": _about(release), "number": release.number, "digest": release.digest}
        await self._run(f"CREATE {MARKER} SET release += $marker", marker=marker)

    async def _clear(self, unindexed: bool) -> None:
        """Removes whatever Peacegraph of any version wrote. `unindexed`: its indexes as well, and not only those
        that are no longer wanted."""
        # An index that belongs to a constraint goes and comes with it.
        for what, free, wanted in (
            ("CONSTRAINT", "true", constraints()),
            ("INDEX", "owningConstraint IS NULL", {} if unindexed else indexes()),
        ):
            for name in await self._run(f"SHOW {what} YIELD * WHERE {free} RETURN name"):
                if is_ours(name) and name not in wanted:
                    await self._run(f"DROP {what} {name}")
        self._tick("removing what was there", 0, None)
        for node in LABEL.values():
            await self._remove(f"(:{node})-[x]->()", "DELETE")
        for node in LABEL.values():
            # Detached, because somebody may have hung something of his own on it.
            await self._remove(f"(x:{node})", "DETACH DELETE")

    async def _remove(self, pattern: str, how: str) -> None:
        async with self._driver.session(database=self._database) as session:
            text = f"MATCH {pattern} CALL (x) {{ {how} x }} IN TRANSACTIONS OF $rows ROWS"
            await (await session.run(text, rows=_REMOVED)).consume()

    async def _write(self, step: "_Step") -> None:
        """One transaction is under way while the next rows are read."""
        done, running = 0, None
        self._tick(step.what, done, step.total)
        while batch := await asyncio.to_thread(next, step.batches, None):
            if running is not None:
                await running
            statement, rows = batch
            running = asyncio.create_task(self._run(statement, rows=rows))
            done += len(rows)
            self._tick(step.what, done, step.total)
        if running is not None:
            await running

    async def _make(self, what: str, statements: Mapping[str, str]) -> None:
        """Makes those constraints or indexes that are not there."""
        there = set(await self._run(f"SHOW {what} YIELD name"))
        for done, (name, statement) in enumerate(statements.items(), 1):
            if name not in there:
                await self._run(statement)
            self._tick("indexing", done, len(statements))

    async def _compare(self, file: sqlite3.Connection) -> None:
        """What the file holds and what Neo4j holds, by label and by type of relationship."""
        expected = _expected(file)
        counted = ", ".join(f"COUNT {{ {pattern} }}" for pattern in expected)
        (found,) = await self._run(f"RETURN [{counted}]")
        for (pattern, wanted), number in zip(expected.items(), found, strict=True):
            if number != wanted:
                raise StoreUnavailable(
                    f"Neo4j holds {number} of {pattern} and the release {wanted}: something else wrote meanwhile; "
                    "`peacegraph load` fills it anew"
                )

    async def _run(self, statement: str, **parameters: object) -> list[Any]:
        """The first column of what a statement answers, in a transaction that is tried again where that helps."""
        found = await self._driver.execute_query(statement, parameters, database_=self._database)
        return [record[0] for record in found.records]


# What is written, in batches of one statement each

_Batches = Iterator[tuple[str, list[Any]]]


@dataclass(frozen=True, slots=True)
class _Step:
    what: str
    total: int
    batches: _Batches


def _steps(file: sqlite3.Connection) -> Iterator[_Step]:
    for table, what in (("entity", "writing entities"), ("claim", "writing claims")):
        yield _Step(what, _number(file, table), _batches(_nodes(file, table)))  # type: ignore[arg-type]
    yield _Step("writing slots", _number(file, "adj"), _batches(_slots(file)))
    yield _Step("writing edges", sum(_edge_counts(file).values()), _batches(_edges(file)))


def _batches(rows: Iterable[tuple[str, Any]]) -> _Batches:
    """Rows of the same statement together, up to BATCH of them."""
    waiting: dict[str, list[Any]] = defaultdict(list)
    for statement, row in rows:
        waiting[statement].append(row)
        if len(waiting[statement]) >= BATCH:
            yield statement, waiting.pop(statement)
    yield from waiting.items()


def _nodes(file: sqlite3.Connection, table: Table) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """An absent value and an empty list are properties that are not there."""
    types = {column.name: column.type for column in COLUMNS[table]}
    names = (*types, *KEYS[table], "doc", "seq")
    listed = ", ".join(f'"{name}"' for name in names)
    # Words stand in the order of the key, so that both are read side by side.
    words = file.execute(f"SELECT seq, tokens FROM {table}_words ORDER BY rowid")
    for cells, (seq, tokens) in zip(file.execute(f"SELECT {listed} FROM {table} ORDER BY k"), words, strict=True):
        row = dict(zip(names, cells, strict=True))
        if row.pop("seq") != seq:
            raise StoreUnavailable("the words of the release are not in the order of its rows; build it anew")
        fillers = _fillers(file, seq) if table == "claim" else {}
        properties = {name: _decoded(value, types.get(name)) for name, value in row.items() if value is not None}
        stored = {name: value for name, value in properties.items() if value != []} | {"tokens": tokens} | fillers
        yield "UNWIND $rows AS row CREATE (x:$(row[0])) SET x = row[1]", (_labels(table, row["kind"]), stored)


def _fillers(file: sqlite3.Connection, seq: int) -> dict[str, list[str]]:
    """By slot, what fills it, in the order of the claim."""
    found: dict[str, list[str]] = {}
    for slot, node in file.execute("SELECT slot, n FROM fill WHERE claim = ? ORDER BY slot, position", (seq,)):
        found.setdefault(slot, []).append(node)
    return found


def _decoded(value: Any, type_: str | None) -> Any:
    match type_:
        case "texts":
            return orjson.loads(value)
        case "flag":
            return bool(value)
    return value


def _labels(table: Table, kind: str) -> tuple[str, ...]:
    if table == "entity":
        return entity_labels(ONTOLOGY.kind[kind].name)
    return LABEL[table], ONTOLOGY.relation[kind].name


def _slots(file: sqlite3.Connection) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """By claim, so that the server has it at hand."""
    pages = file.execute(
        "SELECT c.id, a.n, a.relation, a.slot FROM adj a JOIN claim c ON c.seq = a.claim ORDER BY a.claim"
    )
    for claim, node, relation, slot in pages:
        ends, type_ = _ends(LABEL["claim"], _label(node)), page_type(relation, slot)
        made = "(a)-[x:$(row[2]) {n: b.id, relation: row[3], k: a.k, kd: a.kd}]->(b)"
        yield f"UNWIND $rows AS row {ends} CREATE {made}", (claim, node, type_, relation)


def _edges(file: sqlite3.Connection) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The bare edges, for people: with dates as the source says them."""
    for kind, text in file.execute("SELECT kind, doc FROM claim"):
        if kind in EDGE_TYPES:
            document = orjson.loads(text)
            a, b = document["ends"]
            ends = _ends(_label(a), _label(b))
            yield (
                f"UNWIND $rows AS row {ends} CREATE (a)-[x:$(row[2])]->(b) SET x = row[3]",
                (a, b, kind, _told(document)),
            )


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    during = document["during"]
    told = {"claim": document["id"], "start": during["start"]["edtf"], "end": during["end"]["edtf"]}
    return told | {name: document[name] for name in ("polarity", "modality", "certainty")}


def _ends(a: str, b: str) -> str:
    return f"MATCH (a:{a} {{id: row[0]}}), (b:{b} {{id: row[1]}}) USING INDEX SEEK a:{a}(id) USING INDEX SEEK b:{b}(id)"


def _label(id: str) -> str:
    return LABEL["claim" if is_claim_id(id) else "entity"]


# What the file says of itself


def _open(path: Path) -> sqlite3.Connection:
    try:
        file = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        file.execute("SELECT 1 FROM release").fetchone()
    except sqlite3.Error as error:
        raise StoreUnavailable(f"{path} cannot be read as a release ({error}); `peacegraph load` builds one") from error
    return file


def _release(file: sqlite3.Connection) -> Release:
    fields = ("number", "digest", "schema", "built", "counts", "redirects", "coverage")
    row = file.execute(f"SELECT {', '.join(fields)} FROM release").fetchone()
    told = dict(zip(fields, row, strict=True))
    return Release(**told | {name: orjson.loads(told[name]) for name in ("counts", "redirects", "coverage")})


def _about(release: Release) -> str:
    return orjson.dumps(release, option=orjson.OPT_SORT_KEYS).decode()


def _number(file: sqlite3.Connection, table: str) -> int:
    return int(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _edge_counts(file: sqlite3.Connection) -> dict[str, int]:
    counts = dict(file.execute("SELECT kind, count(*) FROM claim GROUP BY kind"))
    return {kind: counts.get(kind, 0) for kind in EDGE_TYPES}


def _expected(file: sqlite3.Connection) -> dict[str, int]:
    """How often each pattern of `x` must be found, those that nothing fits among them."""
    nodes = {(table, label): 0 for table in LABEL for label in labels(table)}
    for table in LABEL:
        for kind, number in file.execute(f"SELECT kind, count(*) FROM {table} GROUP BY kind"):
            for label in _labels(table, kind):
                nodes[table, label] += number
    slots = dict.fromkeys(PAGE_TYPES, 0) | _edge_counts(file)
    for relation, slot, number in file.execute("SELECT relation, slot, count(*) FROM adj GROUP BY relation, slot"):
        slots[page_type(relation, slot)] += number
    return {f"(x:{label})": number for (_, label), number in nodes.items()} | {
        f"()-[x:{type_}]->()": number for type_, number in slots.items()
    }
