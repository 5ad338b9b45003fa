"""Reading a release file."""

import asyncio
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

import orjson

from graph.dates import Bounds
from graph.errors import StoreUnavailable, Timeout
from graph.ontology.types import is_claim_id
from graph.plan import Answer, Buckets, Case, Ids, Level, Owner, Page, Row, Table, Tally, in_order
from graph.predicate import ALWAYS
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
_NUMBERED: Final = {
    table: f"SELECT r.seq, CAST(r.doc AS BLOB) FROM json_each(?) i CROSS JOIN {table} r ON r.seq = i.value"
    for table in BOTH
}
_RELEASE: Final = "SELECT number, digest, schema, built, counts, redirects, coverage FROM release"
_DOCUMENT: Final = {
    table: f"SELECT r.id, CAST(r.doc AS BLOB) FROM json_each(:ids) i CROSS JOIN {table} r ON r.id = i.value"
    for table in BOTH
}
_WHAT: Final = {
    (table, key, skeleton): f"r.seq, r.id, r.{key}, {'NULL' if skeleton else 'CAST(r.doc AS BLOB)'}"
    for table in BOTH
    for key in KEYS[table]
    for skeleton in (False, True)
}
_POINT: Final = {what: f"SELECT {columns} FROM {what[0]} r WHERE r.id = ?" for what, columns in _WHAT.items()}
_NAMED: Final = {
    what: f"SELECT {columns} FROM json_each(?) i CROSS JOIN {what[0]} r ON r.id = i.value"
    for what, columns in _WHAT.items()
}
# `+` keeps SQLite from looking for each slot apart. What fills a slot comes in the order of the key of `fill`: claim,
# slot, position.
_FILLERS: Final = """SELECT json_group_array(json_array(f.claim, f.slot, f.n))
FROM json_each(:claims) c CROSS JOIN fill f ON f.claim = c.value
WHERE +f.slot IN (SELECT value FROM json_each(:slots))"""

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Found = Sequence[Any]
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
        return self._answered(_Reader.read, level)

    def count_now(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        """As `count`."""
        return self._answered(_Reader.count, level, cases)

    def tally_now(self, level: Level, tally: Tally) -> Buckets:
        """As `tally`."""
        return self._answered(_Reader.tally, level, tally)

    def document_now(self, table: Table, id: str) -> Document | None:
        """The document of a node: what `read_now` gives for its id, without a level to be made and read."""
        return self._answered(_Reader.document, table, id)

    def about_now(self) -> Release:
        """As `about`."""
        return self._answered(lambda reader: reader.release)

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

    def _answered(self, ask: Callable[Concatenate["_Reader", _P], _T], *args: _P.args, **named: _P.kwargs) -> _T:
        """What a reader answers, with the store's own faults told as ours. (Two context managers here would cost a read
        by id a third of its time.)"""
        try:
            reader = self._taken() or self._opened(self._documents)
            try:
                reader.deadline = time.monotonic() + self._seconds
                answer = ask(reader, *args, **named)
            except BaseException:
                reader.close()
                raise
        except sqlite3.Error as error:
            raise self._told(error) from error
        self._idle.append(reader)
        return answer

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

    def _told(self, error: sqlite3.Error) -> Exception:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code == sqlite3.SQLITE_INTERRUPT:
            return Timeout(f"the store did not answer in {self._seconds:g} s; ask for less at a time")
        if code in _UNREADABLE:
            return StoreUnavailable(_told(self._path, _UNREADABLE[code]))
        return error


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
        if isinstance(level.start, Ids) and _only_named(level):
            return self._named(level, level.start.ids)
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
            row_of = _whole(self._rows_documents(level.of, found), bool(level.marks))
            filled = self._filled(level, found)
        made = {owner: Page(tuple(map(row_of, page)), more[owner]) for owner, page in pages.items() if page}
        return Answer(made, filled)

    def document(self, table: Table, id: str) -> Document | None:
        found = self.db.execute(_POINT[table, "k", False], (bindable(id),)).fetchone()
        return None if found is None else orjson.loads(found[-1])

    def _named(self, level: Level, ids: tuple[str, ...]) -> Answer:
        """Nodes by their ids, on which no condition is set: the commonest read, in one statement."""
        what = level.of, level.order.key, level.skeleton
        if len(ids) == 1:
            found = self.db.execute(_POINT[what], (bindable(ids[0]),)).fetchall()
        else:
            found = self.db.execute(_NAMED[what], (listed(dict.fromkeys(ids)),)).fetchall()
            found.sort(key=itemgetter(2), reverse=level.order.down)
        if level.skeleton:
            rows, filled = list(map(_skeleton(level, self._fillers(level, found)), found)), {}
        else:
            rows = [Row(id, place, orjson.loads(text)) for _, id, place, text in found]
            filled = self._filled(level, found)
        return Answer({None: Page(tuple(rows))} if found else {}, filled)

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

    def _filled(self, level: Level, found: Sequence[_Found]) -> dict[str, Document]:
        """The documents of what fills the slots that the level names."""
        fillers = self._fillers(level, found)
        return self._documents_of(dict.fromkeys(id for _, _, id in fillers)) if fillers else {}

    def _fillers(self, level: Level, found: Sequence[_Found]) -> list[tuple[int, str, str]]:
        """(seq of the claim, slot, id) for what fills the slots that the level names."""
        if not level.fill or not found or level.of == "entity":
            return []
        claims = orjson.dumps(list({row[0] for row in found})).decode()  # a claim may stand under several owners
        return self._collected(Statement(_FILLERS, {"claims": claims, "slots": listed(level.fill)}))

    def _rows_documents(self, table: Table, found: Iterable[_Found]) -> dict[int, Document]:
        """By `seq`. They are not kept, since a page's rows come once."""
        numbers = orjson.dumps(list({row[0] for row in found})).decode()
        return {seq: orjson.loads(text) for seq, text in self.db.execute(_NUMBERED[table], (numbers,))}

    def _documents_of(self, ids: Iterable[str]) -> dict[str, Document]:
        """By id. They are kept: sources and actors fill many claims."""
        known = {id: self._documents.get(id) for id in ids}
        unread = [id for id, document in known.items() if document is None]
        for table in BOTH:
            wanted = [id for id in unread if is_claim_id(id) is (table == "claim")]
            if wanted:
                for id, text in self.db.execute(_DOCUMENT[table], {"ids": listed(wanted)}):
                    known[id] = document = orjson.loads(text)
                    self._documents.put(id, document)
        return {id: document for id, document in known.items() if document is not None}

    def _about(self, path: Path) -> Release:
        text = {sql for (sql,) in self.db.execute("SELECT sql FROM sqlite_schema")}
        if not text.issuperset((*TABLES, *INDEXES)):
            raise StoreUnavailable(_told(path, "is of another version of Peacegraph"))
        found = self.db.execute(_RELEASE).fetchone()
        if found is None:
            raise StoreUnavailable(_told(path, "was not finished"))
        number, digest, schema, built, *told = found
        return Release(number, digest, schema, built, *map(orjson.loads, told))


def _only_named(level: Level) -> bool:
    """Whether a level by ids wants all of them, and of them nothing that need be worked out."""
    return not (level.dated or level.marks or level.after or level.limit is not None) and level.where == ALWAYS


def _told(path: Path, what: str) -> str:
    return f"the release file {path.name} {what}; `peacegraph load` builds a new one"


def _cut(page: list[_Found], level: Level) -> bool:
    """Puts a page into forward order and takes away the row beyond its limit; whether there was one."""
    page.sort(key=itemgetter(2), reverse=level.order.down)
    more = level.limit is not None and len(page) > level.limit
    if more:
        del page[0 if level.backward else -1]
    return more


def _whole(documents: Mapping[int, Document], marked: bool) -> Callable[[_Found], Row]:
    """Rows with their documents."""

    def row_of(found: _Found) -> Row:
        marks = tuple(map(bool, found[_FIXED:])) if marked else ()
        return Row(found[1], found[2], documents[found[0]], None, _NO_SLOTS, marks)

    return row_of


def _skeleton(level: Level, fillers: Iterable[tuple[int, str, str]]) -> Callable[[_Found], Row]:
    """Rows without documents; of claims with slots and, if they are wanted, bounds."""
    slots: dict[int, dict[str, tuple[str, ...]]] = {}
    for seq, slot, id in fillers:
        known = slots.setdefault(seq, {})
        known[slot] = (*known.get(slot, ()), id)
    if not (slots or level.marks or level.dated):
        return lambda found: Row(found[1], found[2])
    marked = _FIXED + len(level.marks)

    def row_of(found: _Found) -> Row:
        bounds = Bounds(*found[marked:]) if found[marked:] else None
        marks = tuple(map(bool, found[_FIXED:marked]))
        return Row(found[1], found[2], None, bounds, slots.get(found[0], _NO_SLOTS), marks)

    return row_of
