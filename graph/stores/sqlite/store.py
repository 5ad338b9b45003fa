"""Reading a release file."""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import orjson

from graph.dates import Bounds
from graph.errors import StoreUnavailable, Timeout
from graph.ontology.types import is_claim_id
from graph.plan import Answer, Buckets, Case, Ids, Level, Owner, Page, Row, Tally, in_order
from graph.store import Release
from graph.stores.columns import KEYS
from graph.stores.documents import Document, Documents
from graph.stores.sqlite.printer import bindable, listed
from graph.stores.sqlite.statement import Statement, counts, rows, tallies
from graph.stores.sqlite.tables import BOTH, INDEXES, TABLES, check_engine

SECONDS: Final = 10.0
"""How long one read or count may take."""
MAPPED: Final = 2 << 30
"""Bytes of the file that are read as memory, which all readers share and the system may take back: 2 GiB."""
CHECKED: Final = 10_000
"""Steps of SQLite's virtual machine between two looks at the clock, some 0.5 ms."""

_UNREADABLE: Final = {
    sqlite3.SQLITE_CANTOPEN: "is missing or cannot be opened",
    sqlite3.SQLITE_IOERR: "cannot be read",
    sqlite3.SQLITE_CORRUPT: "is damaged",
    sqlite3.SQLITE_NOTADB: "is damaged",
}
_RELEASE: Final = "SELECT number, digest, schema, built, counts, redirects FROM release"
_DOCUMENT: Final = {
    table: f"SELECT r.id, CAST(r.doc AS BLOB) FROM json_each(:ids) i CROSS JOIN {table} r ON r.id = i.value"
    for table in BOTH
}
_POINT: Final = {
    (table, key): f"SELECT {key}, CAST(doc AS BLOB) FROM {table} WHERE id = ?" for table in BOTH for key in KEYS[table]
}
# `+` keeps SQLite from looking for each slot apart. What fills a slot comes in the order of the key of `fill`: claim,
# slot, position.
_FILLERS: Final = """SELECT json_group_array(json_array(f.claim, f.slot, f.n))
FROM json_each(:claims) c CROSS JOIN fill f ON f.claim = c.value
WHERE +f.slot IN (SELECT value FROM json_each(:slots))"""

_Found = list[Any]
"""seq, id, key, owner, *marks, *bounds."""
_FIXED: Final = 4
_NO_SLOTS: Final[Mapping[str, tuple[str, ...]]] = {}


class SqliteStore:
    """The release in one file. Opened when first asked; a file that is missing, damaged, replaced or of another version
    is StoreUnavailable, at every asking until it is mended. Each thread that reads at the same time has a connection of
    its own. `read_now`, `count_now` and `tally_now` answer in the thread that asks."""

    def __init__(self, path: Path, *, seconds: float = SECONDS) -> None:
        self._path, self._seconds = path, seconds
        self._idle: deque[_Reader] = deque()
        self._release: Release | None = None
        self._documents = Documents()

    async def read(self, level: Level) -> Answer:
        return await asyncio.to_thread(self.read_now, level)

    async def count(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        return await asyncio.to_thread(self.count_now, level, cases)

    async def tally(self, level: Level, tally: Tally) -> Buckets:
        return await asyncio.to_thread(self.tally_now, level, tally)

    async def about(self) -> Release:
        return await asyncio.to_thread(self.about_now)

    async def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def read_now(self, level: Level) -> Answer:
        """As `read`."""
        with self._reading() as reader:
            return reader.read(level)

    def count_now(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        """As `count`."""
        with self._reading() as reader:
            return reader.count(level, cases)

    def tally_now(self, level: Level, tally: Tally) -> Buckets:
        """As `tally`."""
        with self._reading() as reader:
            return reader.tally(level, tally)

    def about_now(self) -> Release:
        """As `about`."""
        with self._reading() as reader:
            return reader.release

    def work(self, level: Level) -> int:
        """Steps of SQLite's virtual machine that reading the level takes, nothing of it being cached. For tests."""
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        with self._alone() as reader:
            reader.db.set_progress_handler(step, 1)
            reader.read(level)
        return steps

    def explain(self, level: Level) -> tuple[str, ...]:
        """How SQLite goes about reading the level: the lines of EXPLAIN QUERY PLAN of each statement. For tests."""
        statements: list[str] = []
        with self._alone() as reader:
            reader.read(level)  # when FTS5 has read its settings, what it runs inside is told as comments only
            reader.db.set_trace_callback(statements.append)
            reader.read(level)
            reader.db.set_trace_callback(None)
            ours = [text for text in statements if not text.startswith("--")]
            return tuple(line for text in ours for *_, line in reader.db.execute(f"EXPLAIN QUERY PLAN {text}"))

    @contextmanager
    def _reading(self) -> Iterator["_Reader"]:
        with self._translated():
            reader = self._taken() or self._opened(self._documents)
            try:
                reader.deadline = time.monotonic() + self._seconds
                yield reader
            except BaseException:
                reader.close()
                raise
            self._idle.append(reader)

    def _taken(self) -> "_Reader | None":
        try:
            return self._idle.pop()
        except IndexError:
            return None

    @contextmanager
    def _alone(self) -> Iterator["_Reader"]:
        reader = self._opened(Documents(0))
        try:
            yield reader
        finally:
            reader.close()

    def _opened(self, documents: Documents) -> "_Reader":
        reader = _Reader(self._path, documents)
        if self._release not in (None, reader.release):
            reader.close()
            raise StoreUnavailable(f"the release file {self._path.name} was replaced; start the service again")
        self._release = reader.release
        return reader

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
            if code == sqlite3.SQLITE_INTERRUPT:
                raise Timeout(f"the store did not answer in {self._seconds:g} s; ask for less at a time") from error
            if code in _UNREADABLE:
                raise StoreUnavailable(_told(self._path, _UNREADABLE[code])) from error
            raise


class _Reader:
    """A connection to a release file, for one thread at a time."""

    def __init__(self, path: Path, documents: Documents) -> None:
        check_engine()
        self.deadline = float("inf")
        self._documents = documents
        # A release never changes, so that SQLite need neither lock nor look for changes.
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self.db = sqlite3.connect(
            address, uri=True, isolation_level=None, check_same_thread=False, cached_statements=512
        )
        try:
            self.db.execute("PRAGMA query_only = ON")
            self.db.execute(f"PRAGMA mmap_size = {MAPPED}")
            self.release = self._about(path)
        except BaseException:
            self.db.close()
            raise
        self.db.set_progress_handler(lambda: time.monotonic() > self.deadline, CHECKED)

    def close(self) -> None:
        self.db.close()

    def read(self, level: Level) -> Answer:
        if level == Level(level.of, level.start, order=level.order):
            match level.start:
                case Ids((id,)):
                    return self._one(level, id)
        found = self._collected(rows(level))
        pages: dict[Owner, list[_Found]] = {}
        for row in found:
            pages.setdefault(row[3], []).append(row)
        more = {owner: _cut(page, level) for owner, page in pages.items()}
        if any(more.values()):
            found = [row for page in pages.values() for row in page]
        if level.skeleton:
            row_of, filled = _skeleton(level, self._fillers(level, found)), {}
        else:
            row_of = _whole(self._documents_of((row[1] for row in found), keep=False))
            filled = self._documents_of(dict.fromkeys(id for _, _, id in self._fillers(level, found)), keep=True)
        made = {owner: Page(tuple(map(row_of, page)), more[owner]) for owner, page in pages.items() if page}
        return Answer(made, filled)

    def _one(self, level: Level, id: str) -> Answer:
        """A node by its id, of which nothing else is asked: the commonest read, without a list to be made."""
        found = self.db.execute(_POINT[level.of, level.order.key], (bindable(id),)).fetchone()
        return Answer({None: Page((Row(id, found[0], orjson.loads(found[1])),))}) if found else Answer({})

    def tally(self, level: Level, tally: Tally) -> Buckets:
        asked = tallies(level, tally)
        found = ((owner, orjson.loads(told)) for owner, told in self.db.execute(asked.text, asked.parameters))
        return {owner: in_order(map(tuple, told)) for owner, told in found if told}

    def count(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        asked = counts(level, cases)
        found = self.db.execute(asked.text, asked.parameters)
        counted = {owner: orjson.loads(numbers) for owner, numbers in found}
        return {owner: tuple(numbers[1:]) for owner, numbers in counted.items() if numbers[0]}

    def _collected(self, asked: Statement) -> list[Any]:
        """What a statement answers that collects all of it into one JSON list."""
        return orjson.loads(self.db.execute(asked.text, asked.parameters).fetchone()[0])  # type: ignore[no-any-return]

    def _fillers(self, level: Level, found: list[_Found]) -> list[tuple[int, str, str]]:
        """(seq of the claim, slot, id) for what fills the slots that the level names."""
        if not level.fill or not found or level.of == "entity":
            return []
        claims = orjson.dumps(list({row[0] for row in found})).decode()  # a claim may stand under several owners
        return self._collected(Statement(_FILLERS, {"claims": claims, "slots": listed(level.fill)}))

    def _documents_of(self, ids: Iterable[str], *, keep: bool) -> dict[str, Document]:
        """`keep` what is likely to be asked for again: sources and actors fill many claims, a page's rows come once."""
        known = {id: self._documents.get(id) for id in ids}
        unread = [id for id, document in known.items() if document is None]
        for table in BOTH:
            wanted = [id for id in unread if is_claim_id(id) is (table == "claim")]
            if wanted:
                for id, text in self.db.execute(_DOCUMENT[table], {"ids": listed(wanted)}):
                    known[id] = document = orjson.loads(text)
                    if keep:
                        self._documents.put(id, document)
        return {id: document for id, document in known.items() if document is not None}

    def _about(self, path: Path) -> Release:
        text = {sql for (sql,) in self.db.execute("SELECT sql FROM sqlite_schema")}
        if not text.issuperset((*TABLES, *INDEXES)):
            raise StoreUnavailable(_told(path, "is of another version of Peacegraph"))
        found = self.db.execute(_RELEASE).fetchone()
        if found is None:
            raise StoreUnavailable(_told(path, "was not finished"))
        number, digest, schema, built, counts_of, redirects = found
        return Release(number, digest, schema, built, orjson.loads(counts_of), orjson.loads(redirects))


def _told(path: Path, what: str) -> str:
    return f"the release file {path.name} {what}; `peacegraph load` builds a new one"


def _cut(page: list[_Found], level: Level) -> bool:
    """Puts a page into forward order and takes away the row beyond its limit; whether there was one."""
    page.sort(key=itemgetter(2), reverse=level.order.down)
    more = level.limit is not None and len(page) > level.limit
    if more:
        del page[0 if level.backward else -1]
    return more


def _whole(documents: Mapping[str, Document]) -> Callable[[_Found], Row]:
    """Rows with their documents."""

    def row_of(found: _Found) -> Row:
        id = found[1]
        return Row(id, found[2], documents[id], None, _NO_SLOTS, tuple(map(bool, found[_FIXED:])))

    return row_of


def _skeleton(level: Level, fillers: Iterable[tuple[int, str, str]]) -> Callable[[_Found], Row]:
    """Rows without documents; of claims with bounds and slots."""
    slots: dict[int, dict[str, tuple[str, ...]]] = {}
    for seq, slot, id in fillers:
        known = slots.setdefault(seq, {})
        known[slot] = (*known.get(slot, ()), id)
    marked = _FIXED + len(level.marks)

    def row_of(found: _Found) -> Row:
        bounds = Bounds(*found[marked:]) if level.of == "claim" else None
        marks = tuple(map(bool, found[_FIXED:marked]))
        return Row(found[1], found[2], None, bounds, slots.get(found[0], _NO_SLOTS), marks)

    return row_of
