"""What compiled projections call, and the context that they run in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from graph.absence import Absence, Document
from graph.cursor import encode
from graph.errors import CostExceeded
from graph.facts import described
from graph.ontology.types import is_claim_id
from graph.plan import EMPTY, Owner, Page, Row
from graph.reading import LEFT_OUT
from graph.walk import DENIED, Connection, Result, chain, other

MOST_WRITTEN: Final = 1_000_000
"""Fields of one answer, about 30 MB of JSON and 0.2 s of writing. Rows are read once, but an answer holds them wherever
they stand, and lists within lists multiply."""

Path = tuple[Any, ...]
"""The way to a place in the answer: (way to the parent, key); empty at the top."""


class Context:
    """One request: what was found, the values of `chosen` (which items of a list are kept), how many fields may
    still be written, and the nulls that were met where there may be none."""

    __slots__ = ("_facts", "chosen", "connections", "documents", "find", "left", "nulls")

    def __init__(self, result: Result, chosen: Sequence[frozenset[str] | None]) -> None:
        self.documents: Mapping[str, Document] = result.documents
        self.connections: Mapping[int, Connection] = result.connections
        self.find: Callable[[str], Document] = result.documents.__getitem__
        self.chosen = chosen
        self.left = MOST_WRITTEN
        self.nulls: list[Null] = []
        self._facts: dict[tuple[int, str], Document] = {}

    def fact(self, number: int, id: str) -> Document:
        """The fact of an id as a document, made once of the claims that the connection of this number found."""
        known = self._facts.get((number, id))
        if known is None:
            rows = self.connections[number].page(id).rows
            known = self._facts[number, id] = described(id, [row.doc for row in rows if row.doc is not None])
        return known

    def spend(self, fields: int) -> None:
        """Counts fields before they are written. Raises CostExceeded."""
        self.left -= fields
        if self.left < 0:
            raise CostExceeded(
                f"the answer comes to more than {MOST_WRITTEN} fields, because lists within lists multiply; ask for "
                "smaller pages with first, or for what lies deeper by id in a second query"
            )

    def spent(self, ids: Sequence[str], fields: int) -> Sequence[str]:
        """The ids, after counting so many fields for each. Raises CostExceeded."""
        self.spend(len(ids) * fields)
        return ids


class Null(Exception):
    """Null, or nothing that GraphQL could show, where the schema says that there is a value."""

    def __init__(self, path: Path, field: str) -> None:
        self.path, self.field = path, field
        super().__init__(f"{field} is null")

    def keys(self) -> list[str | int]:
        """The way to the field, from the top."""
        keys: list[str | int] = []
        path = self.path
        while path:
            path, key = path
            keys.append(key)
        return keys[::-1]


def need(value: Any, path: Path, field: str) -> Any:
    """The value. Raises Null."""
    if value is None:
        raise Null(path, field)
    return value


def maybe(context: Context, made: Callable[[], Any]) -> Any:
    """What is made; null if a null below rises here."""
    try:
        return made()
    except Null as null:
        context.nulls.append(null)
        return None


def node(context: Context, id: str, cases: Mapping[str, Callable[..., Any]], path: Path) -> Any:
    """The document of an id, written by the function of its kind. Raises Null if there is none, or of another kind."""
    document = context.documents.get(id)
    function = None if document is None else cases.get(document["kind"])
    if function is None:
        raise Null(path, f"the node {id}")
    return function(document, context, path)


def only(items: Iterable[Document], key: str, chosen: frozenset[str] | None) -> Iterable[Document]:
    """The items whose value is among those chosen; all, if none are."""
    return items if chosen is None else [item for item in items if item[key] in chosen]


def ahead(connection: Connection, page: Page) -> bool:
    """Whether rows follow: known of the side that was read, and of the other if a cursor led here."""
    paging = connection.plan.paging
    assert paging is not None
    return paging.cursor is not None if paging.backward else page.more


def behind(connection: Connection, page: Page) -> bool:
    """Whether rows precede, as `ahead`."""
    paging = connection.plan.paging
    assert paging is not None
    return page.more if paging.backward else paging.cursor is not None


_NONE: Final = (0,) * (2 + len(LEFT_OUT))


def counted(connection: Connection, owner: Owner) -> tuple[int, ...]:
    """totalCount, factCount, then LEFT_OUT; 0 for what was not asked for, and where there are no rows."""
    counts, plan = connection.counts.get(owner), connection.plan
    if counts is None:
        return _NONE
    total = counts[0] if plan.counted else 0
    facts = counts[plan.counted] if plan.facts_counted else 0
    return total, facts, *counts[plan.counted + plan.facts_counted :]


def faceted(connection: Connection, number: int, owner: Owner) -> list[Document]:
    """The values by which a facet counts, as documents."""
    buckets, nodes = connection.facets[number].get(owner, ()), connection.plan.facets[number].nodes
    return [
        {"value": value, "count": count, "node": value if nodes and value and not is_claim_id(value) else None}
        for value, count in buckets
    ]


def matched(connection: Connection, row: Row) -> str | None:
    """How surely a row matches, as the value of the enum."""
    match = connection.match(row)
    return match and match.value


def named(absence: Absence, which: str) -> tuple[str, ...]:
    """The claims that an absence names: denials, or Coverage lines."""
    return absence.denied_by if which == DENIED else absence.coverage


RUNTIME: Final[Mapping[str, Any]] = {
    "EMPTY": EMPTY,
    **{
        each.__name__: each
        for each in (need, maybe, node, only, ahead, behind, counted, faceted, matched, named, encode, chain, other)
    },
    "enumerate": enumerate,
    "len": len,
    "map": map,
    "__builtins__": {},
}
"""All that the source of a projection may name beside its own functions and table."""
