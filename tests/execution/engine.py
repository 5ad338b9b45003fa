"""An engine over a synthetic graph, and what it was asked of the store."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import orjson

from api.execution.execute import Engine
from api.http.request import GraphQLRequest
from graph.drive import Now, drive
from graph.errors import BadInput
from graph.plan import Answer, Buckets, Case, Ids, Level, Owner, Table, Tally
from graph.store import Release
from graph.stores.documents import Document
from graph.stores.sqlite.store import SqliteStore
from graph.walk import Result, Walk

Body = dict[str, Any]


class Inline:
    """A reader that walks in the caller's thread and remembers what every walk found."""

    def __init__(self, store: Now, release: Release) -> None:
        self._store, self._release = store, release
        self.results: list[Result] = []

    @property
    def release(self) -> Release:
        return self._release

    async def run(self, way: Walk) -> Result:
        result = drive(way, self._store)
        self.results.append(result)
        return result

    def at_once(self, table: Table, id: str) -> Document | None:
        return None  # so that every question goes the whole way

    async def check(self) -> None:
        pass

    async def close(self) -> None:
        pass


class AtHand(Inline):
    """The same, whose store answers for one node at once."""

    def __init__(self, store: Now, release: Release) -> None:
        super().__init__(store, release)
        self.at_hand = 0

    def at_once(self, table: Table, id: str) -> Document | None:
        self.at_hand += 1
        pages = self._store.read_now(Level(table, Ids((id,)))).pages
        return pages[None].rows[0].doc if pages else None


class Holed:
    """A store whose documents lack values that the schema promises."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def read_now(self, level: Level) -> Answer:
        answer = self._store.read_now(level)
        pages = {
            owner: replace(page, rows=tuple(row._replace(doc=row.doc and holed(row.doc)) for row in page.rows))
            for owner, page in answer.pages.items()
        }
        return Answer(pages, {id: holed(document) for id, document in answer.filled.items()})

    def count_now(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        return self._store.count_now(level, cases)

    def tally_now(self, level: Level, tally: Tally) -> Buckets:
        return self._store.tally_now(level, tally)


def holed(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without some of its values, always the same ones; what a walk goes by stays."""
    chance = sum(document["id"].encode()) % 5
    lacks = {"named", "polarity"} if chance == 0 else {"certainty", "during"} if chance == 1 else set()
    kept = {key: value for key, value in document.items() if key not in lacks}
    if chance == 2 and "during" in kept:
        kept["during"] = kept["during"] | {"start": {"edtf": None}}
    if chance == 3 and "aliases" in kept:
        kept["aliases"] = [{key: value for key, value in each.items() if key != "kind"} for each in kept["aliases"]]
    return kept


async def no_other(number: int) -> Any:
    raise BadInput(f"reading.release {number} is not kept; kept are 1")


def ask(engine: Engine, text: str, variables: dict[str, Any] | None = None, name: str | None = None) -> Body:
    """The body of the answer."""
    answer = asyncio.run(_answer(engine, GraphQLRequest(text, variables or {}, name, False)))
    body: Body = orjson.loads(answer)
    return body


async def _answer(engine: Engine, request: GraphQLRequest) -> bytes:
    return (await engine(request)).body


def data(engine: Engine, text: str, variables: dict[str, Any] | None = None) -> Any:
    """The data of an answer without errors."""
    body = ask(engine, text, variables)
    assert "errors" not in body, body["errors"]
    return body["data"]


def error(engine: Engine, text: str, variables: dict[str, Any] | None = None) -> tuple[str, str]:
    """Code and message of the first error."""
    found = ask(engine, text, variables)["errors"][0]
    return found["extensions"]["code"], found["message"]
