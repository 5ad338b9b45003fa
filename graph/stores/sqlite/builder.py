"""Making a release: a new file beside the others, which gets a release's name when it is whole and on the disk."""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final, Self, TypeVar

import orjson

from graph.claim import Claim, Entity, Timed, claim_document, entity_document
from graph.coverage import covering
from graph.errors import Fault, Refused, StoreUnavailable
from graph.ontology import ONTOLOGY
from graph.plan import Table
from graph.store import Release
from graph.stores.columns import COLUMNS, KEYS, Cell, adjacency, claim_row, entity_row
from graph.stores.sqlite.releases import next_number, release_path
from graph.stores.sqlite.tables import BOTH, INDEXES, TABLES, check_engine, quoted

_T = TypeVar("_T")

BATCH: Final = 1_000
"""Entities or claims held in memory at a time."""
CACHE: Final = 64 * 1024
"""KiB of pages that SQLite holds in memory while it builds; what it sorts beyond that goes to the disk."""

_ENTITY: Final = ("seq", *(column.name for column in COLUMNS["entity"]), "family", *KEYS["entity"], "doc")
_CLAIM: Final = ("seq", *(column.name for column in COLUMNS["claim"]), *KEYS["claim"], "doc")
_STAGING: Final = (
    "CREATE TABLE staged.pages (n TEXT, relation TEXT, slot TEXT, k TEXT, kd TEXT, claim INTEGER)",
    *(f"CREATE TABLE staged.{table}_tokens (tokens TEXT, seq INTEGER, k TEXT)" for table in BOTH),
)
_SORTED: Final = (
    "INSERT INTO adj SELECT n, relation, slot, k, kd, claim FROM staged.pages ORDER BY n, relation, slot, k",
    *(f"INSERT INTO {t}_words (tokens, seq) SELECT tokens, seq FROM staged.{t}_tokens ORDER BY k" for t in BOTH),
)
_TWICE: Final = "SELECT id, count(*) FROM {} GROUP BY id HAVING count(*) > 1"
_MISSING: Final = """
SELECT n FROM (SELECT DISTINCT n FROM adj) WHERE NOT EXISTS (SELECT 1 FROM entity WHERE entity.id = n)
AND NOT EXISTS (SELECT 1 FROM claim WHERE claim.id = n)"""
_POINTING: Final = "SELECT c.id, a.slot FROM adj a JOIN claim c ON c.seq = a.claim WHERE a.n = ? AND a.relation <> '*'"


class SqliteBuilder:
    """Builds the next release of a folder, streaming. To be used in a `with`: what was not finished is thrown away
    there, and what a killed build left is thrown away by the next. Raises StoreUnavailable while another builds in the
    same folder."""

    def __init__(self, folder: Path) -> None:
        check_engine()
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._draft, self._staged = folder, folder / "building.draft", folder / "building.staged"
        self._lock = _locked(folder)
        self._throw_away()
        self._seqs = dict.fromkeys(BOTH, 0)
        self._redirects: dict[str, str] = {}
        self._coverage: list[dict[str, str | None]] = []
        self._db = sqlite3.connect(self._draft, isolation_level=None)
        self._db.execute("ATTACH ? AS staged", (str(self._staged),))
        for setting in (
            f"main.cache_size = -{CACHE}",
            "main.journal_mode = WAL",
            "main.synchronous = OFF",  # `finish` brings the file to the disk before it gets its name
            "staged.journal_mode = OFF",
            "staged.synchronous = OFF",
        ):
            self._db.execute(f"PRAGMA {setting}")
        self._run(*TABLES, *_STAGING)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Throws away what was not finished, and lets others build."""
        self._db.close()
        self._throw_away()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def add(self, entities: Iterable[Entity], claims: Iterable[tuple[Claim, Timed]]) -> None:
        for some in _batches(entities):
            with self._transaction():
                self._add_entities(some)
        for batch in _batches(claims):
            with self._transaction():
                self._add_claims(batch)

    def finish(self, about: Mapping[str, Any]) -> Release:
        """Sorts, indexes and checks what was added, and gives the file its name. `about`: `digest` and `schema` of the
        release. Raises Refused, with every fault, where an id stands twice or a claim points at nothing."""
        with self._transaction():
            self._sort()
            self._refuse_dangling()
            release = self._described(about)
        self._run("DETACH staged", "PRAGMA journal_mode = DELETE")  # which leaves one plain file
        self._db.close()
        _to_disk(self._draft)
        self._draft.rename(release_path(self._folder, release.number))
        _to_disk(self._folder)
        self.close()
        return release

    def _add_entities(self, entities: list[Entity]) -> None:
        rows, words = [], []
        for entity in entities:
            cells, seq = entity_row(entity), self._next("entity")
            cells |= {"seq": seq, "family": ONTOLOGY.kind[entity.kind].family, "doc": _json(entity_document(entity))}
            rows.append(_values(cells, _ENTITY))
            words.append((cells["tokens"], seq, cells["k"]))
            self._redirects |= dict.fromkeys(entity.merged_from, entity.id)
        self._insert("entity", _ENTITY, rows)
        self._insert("staged.entity_tokens", ("tokens", "seq", "k"), words)

    def _add_claims(self, claims: list[tuple[Claim, Timed]]) -> None:
        rows, words, fills, pages = [], [], [], []
        for claim, timed in claims:
            cells, seq = claim_row(claim, timed), self._next("claim")
            self._coverage += covering(claim)
            cells |= {"seq": seq, "doc": _json(claim_document(claim, timed))}
            rows.append(_values(cells, _CLAIM))
            words.append((cells["tokens"], seq, cells["k"]))
            fills += [(seq, slot, i, n) for slot, ids in claim.fillers().items() for i, n in enumerate(ids)]
            pages += [(*page, cells["k"], cells["kd"], seq) for page in adjacency(claim)]
        self._insert("claim", _CLAIM, rows)
        self._insert("staged.claim_tokens", ("tokens", "seq", "k"), words)
        self._insert("fill", ("claim", "slot", "position", "n"), fills)
        self._insert("staged.pages", ("n", "relation", "slot", "k", "kd", "claim"), pages)

    def _next(self, table: Table) -> int:
        self._seqs[table] += 1
        return self._seqs[table]

    def _insert(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
        names, places = ", ".join(map(quoted, columns)), ", ".join("?" * len(columns))
        self._db.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)

    def _run(self, *statements: str) -> None:
        for statement in statements:
            self._db.execute(statement)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._db:  # which ends what is begun here, one way or the other
            self._run("BEGIN")
            yield

    def _sort(self) -> None:
        """Into the order of the indexes, which is many times faster than row by row."""
        try:
            self._run(*_SORTED, *INDEXES)
        except sqlite3.IntegrityError:
            twice = [row for table in BOTH for row in self._db.execute(_TWICE.format(table))]
            if not twice:
                raise
            reason, passes = "stands {} times in what is loaded", "an id that stands once"
            raise Refused(Fault(id, 0, "id", reason.format(times), passes) for id, times in twice) from None

    def _refuse_dangling(self) -> None:
        missing = [n for (n,) in self._db.execute(_MISSING)]
        if missing:
            raise Refused(map(self._dangling, missing))

    def _dangling(self, node: str) -> Fault:
        pointing = self._db.execute(_POINTING, (node,)).fetchall()
        (claim, slot), more = min(pointing), len(pointing) - 1
        also = f", and {more} more point at it" if more else ""
        return Fault(claim, 0, slot, f"points at {node}, which is not in what is loaded{also}", "an id that is loaded")

    def _described(self, about: Mapping[str, Any]) -> Release:
        kinds = " UNION ALL ".join(f"SELECT kind, count(*) FROM {table} GROUP BY kind" for table in BOTH)
        release = Release(
            number=next_number(self._folder),
            digest=about["digest"],
            schema=about["schema"],
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            counts=dict(self._db.execute(kinds)),
            redirects=self._redirects,
            coverage=self._coverage,
        )
        cells = {field.name: getattr(release, field.name) for field in fields(release)}
        values = tuple(_json(value) if isinstance(value, dict | list) else value for value in cells.values())
        self._insert("release", tuple(cells), [values])
        return release

    def _throw_away(self) -> None:
        for path in (self._draft, self._staged):
            for end in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + end).unlink(missing_ok=True)


def build(
    entities: Iterable[Entity],
    claims: Iterable[tuple[Claim, Timed]],
    folder: Path,
    *,
    digest: str = "",
    schema: str = "",
) -> Path:
    """The next release of a folder, in one call; its path."""
    with SqliteBuilder(folder) as builder:
        builder.add(entities, claims)
        return release_path(folder, builder.finish({"digest": digest, "schema": schema}).number)


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _values(cells: Mapping[str, Cell], names: tuple[str, ...]) -> tuple[object, ...]:
    """The cells as SQLite holds them, in the order of the names; what a row lacks is NULL."""
    values = (cells.get(name) for name in names)
    return tuple(_json(value) if isinstance(value, list) else value for value in values)


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _locked(folder: Path) -> int:
    """Holds the folder for this process alone, until it closes what is returned or ends, however it ends."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise StoreUnavailable(f"another load is building a release in {folder}; try again when it has ended") from None
    return held


def _to_disk(path: Path) -> None:
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
