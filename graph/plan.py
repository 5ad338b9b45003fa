"""What a store is asked: where to start, what must hold, in which order, how much. Immutable values, free of any
engine's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from graph.dates import Bounds
from graph.predicate import ALWAYS, Predicate

Table = Literal["entity", "claim"]
Owner = str | None
"""The node under which a page stands, or None where a level has no owners."""


@dataclass(frozen=True, slots=True)
class Every:
    """All nodes of a label: a kind, a family, a relation, or everything of the table."""

    label: str


@dataclass(frozen=True, slots=True)
class Ids:
    """Nodes by id; ids that name nothing give no row. Rows come in the level's order, not in that of the ids."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Of:
    """The claims of `relation` (or of all, `*`) in whose `slot` each owner stands: one page an owner, keyed by it.
    Under `*` and FACT the owners are facts, and a page holds the claims that tell one."""

    ids: tuple[str, ...]
    relation: str
    slot: str


@dataclass(frozen=True, slots=True)
class Matching:
    """For each of `texts` a page of nodes of a label, keyed by its place (`"0"`, `"1"`, …): those whose stored words
    (`graph.spelling`) hold one of each group. A text has a group at least, and a group a word."""

    texts: tuple[tuple[tuple[str, ...], ...], ...]
    label: str


Start = Every | Ids | Of | Matching


class Order(Enum):
    """A total order over rows. NAME for entities, START for claims; undated claims come last in both."""

    NAME_ASC = "NAME_ASC"
    NAME_DESC = "NAME_DESC"
    START_ASC = "START_ASC"
    START_DESC = "START_DESC"

    @property
    def key(self) -> str:
        """The stored key that carries the order."""
        return "kd" if self is Order.START_DESC else "k"

    @property
    def down(self) -> bool:
        """Whether forward means downwards on that key."""
        return self is Order.NAME_DESC


@dataclass(frozen=True, slots=True)
class Level:
    """One read. `after`: the key of the last row had (rows strictly beyond it, in the direction read). `backward`:
    read the range from its other end; rows are returned in forward order all the same. `limit`: rows an owner (None:
    all). `marks`: further predicates, told for each row. `fill`: slots of claim rows whose fillers' documents come
    along. `skeleton`: ids and the ids in the slots of `fill`, but no document; `dated`: the bounds of claims too."""

    of: Table
    start: Start
    where: Predicate = ALWAYS
    order: Order = Order.NAME_ASC
    backward: bool = False
    after: str | None = None
    limit: int | None = None
    marks: tuple[Predicate, ...] = ()
    fill: tuple[str, ...] = ()
    skeleton: bool = False
    dated: bool = False


class Row(NamedTuple):
    """One node. `doc` is its document (None in a skeleton). `bounds` (of claims in a dated skeleton), `slots` (a
    skeleton's fillers, by slot, in the order of the claim), `marks` as the level asked for them."""

    id: str
    key: str
    doc: Mapping[str, Any] | None = None
    bounds: Bounds | None = None
    slots: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    marks: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in forward order; `more`: the range goes on beyond them in the direction that was read."""

    rows: tuple[Row, ...] = ()
    more: bool = False


EMPTY = Page()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a level found: a page for each owner that has rows, and the documents of `fill`, each once, by id."""

    pages: Mapping[Owner, Page]
    filled: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


# What is counted of a level


@dataclass(frozen=True, slots=True)
class Different:
    """A number of different values of a column that every row has, among the rows that satisfy `where`."""

    column: str
    where: Predicate = ALWAYS


Case = Predicate | Different
"""What is counted: rows, or different values in them."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each value stands in the rows of a level, each once a claim: the values of the column `by` or, where
    they are `nodes`, what fills the slot `by` (its constant); None where there is no value. `distinct`: what is
    counted, claims (None), FACT, or different nodes in this slot. `but_owner`: a slot in which the owner of a page does
    not count. `first`: values at most, those with the highest numbers first, then by value, None behind the others of
    its number."""

    by: str
    nodes: bool = False
    distinct: str | None = None
    but_owner: str | None = None
    first: int = 20


Bucket = tuple[str | None, int]
"""A value, and its number."""
Buckets = Mapping[Owner, tuple[Bucket, ...]]


def in_order(buckets: Iterable[Bucket]) -> tuple[Bucket, ...]:
    """The order of a tally, which no engine's collation decides."""
    return tuple(sorted(buckets, key=lambda each: (-each[1], each[0] is None, each[0] or "")))


# A plan: the tree of levels that one root field asks for, before anything is looked up


@dataclass(frozen=True, slots=True)
class Under:
    """Start of a nested level: the claims of `relation` in whose `slot` the parent's nodes stand."""

    relation: str
    slot: str


@dataclass(frozen=True, slots=True)
class Themselves:
    """Start of a nested level: the parent's nodes by id, read again as rows, because their slots are wanted."""


@dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asked of a page: `size` rows, from the front or the back, beyond a cursor."""

    size: int
    backward: bool = False
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A way on from the rows of a level: from the rows themselves (`via` None) or from what fills a slot of them.
    `kinds`: only from nodes of these kinds (constants)."""

    via: str | None
    plan: "Plan"
    kinds: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One connection, or list of nodes, of a question. `number` is its place in the result; `path` names it in
    messages. `where` is a meaning, without the reading. `paging` None: all rows, up to the
    limit of a level. `dated`: the question has a date, so that its rows tell how surely they match. `marked`,
    `traced`, `counted`, `facts_counted`, `left_out`, `absence`: what of match, via, totalCount, factCount, leftOut and
    absence is selected. `facets`: what its rows are counted by. `relation`: the relation of its rows, where they are
    claims of one."""

    number: int
    path: str
    of: Table
    start: Every | Ids | Under | Themselves
    where: Predicate = ALWAYS
    order: Order = Order.NAME_ASC
    paging: Paging | None = None
    fill: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    marked: bool = False
    traced: bool = False
    counted: bool = False
    facts_counted: bool = False
    left_out: bool = False
    absence: bool = False
    facets: tuple[Tally, ...] = ()
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A typed subgraph around nodes, breadth first along ends (and roles, if asked): at most `depth` steps, nodes and
    edges bounded. `relations`: only these (constants; empty: all). `direction`: OUT from first to second end, IN
    against it, BOTH. The two plans say what is selected of its entities and of its claims; their starts are found on
    the way."""

    ids: tuple[str, ...]
    depth: int
    relations: tuple[str, ...]
    roles: bool
    direction: Literal["OUT", "IN", "BOTH"]
    most_nodes: int
    most_edges: int
    entities: Plan
    claims: Plan


@dataclass(frozen=True, slots=True)
class Search:
    """Nodes whose names, descriptions or statements hold every word of `text`, best first; `strict`: as it is written,
    else with slips forgiven. `kinds`: constants of the kinds and relations to search; empty: all. `size`: hits at
    most. The plans say what is selected of them."""

    text: str
    kinds: tuple[str, ...]
    size: int
    entities: Plan
    claims: Plan
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Resolve:
    """For each of `names` the entities that may be meant by it. `kinds`: constants of the kinds that may be; empty:
    all. The plans say what is selected of them, and of the claims that are told with them."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    strict: bool
    entities: Plan
    claims: Plan


Root = Plan | Neighbourhood | Search | Resolve
"""What one root field asks for. `nodes(ids)` is two plans: the ids of entities, and those of claims."""
