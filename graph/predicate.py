"""What may be asked of a row: nine strictly two-valued forms that engines print, and `lower`, which makes them of a
meaning.

A *meaning* (from `graph.filters`) is written in the same forms and two more leaves, and is many-valued: of a row it
can be so, be possibly so (a date is vague, a value absent), be undated, or not be so. `lower` asks for one of four
sets of these values and returns forms that say yes or no. Negation swaps the sets, because what is not certainly so
is not certainly not so:

    not (f is CERTAIN)     =  f's negation may be so, or is undated     CERTAIN  <->  UNDATED
    not (f is POSSIBLE)    =  f's negation is certain, or is undated    POSSIBLE <->  RESIDUE

Formally: with the chain so > possibly > undated > not, conjunction is min and disjunction max, on formulas in negation
normal form.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, Protocol

from graph.dates import Bounds, relation_bounds

Value = str | int | float | bool
Operator = Literal["eq", "gt", "gte", "lt", "lte", "contains", "startsWith"]


@dataclass(frozen=True, slots=True)
class Owner:
    """Stands for the id of the node under which a level's page is read, where a value is wanted."""


@dataclass(frozen=True, slots=True)
class Cmp:
    """The column has a value, and it compares so. `contains` and `startsWith` take text literally."""

    column: str
    op: Operator
    value: Value | Owner


@dataclass(frozen=True, slots=True)
class In:
    """The column has a value, and it is one of these."""

    column: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """One element of a list column passes every test (operator, value)."""

    column: str
    tests: tuple[tuple[Operator, Value], ...]


@dataclass(frozen=True, slots=True)
class Present:
    """The column has a value; a list column has an element."""

    column: str


@dataclass(frozen=True, slots=True)
class All:
    """All of them hold; of none, always."""

    items: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One of them holds; of none, never."""

    items: tuple["Predicate", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    item: "Predicate"


@dataclass(frozen=True, slots=True)
class At:
    """Of a claim: something in `slot` satisfies `where`; `of` says whether entities or claims are meant (others do
    not count)."""

    slot: str
    where: "Predicate"
    of: Literal["entity", "claim"] = "entity"


@dataclass(frozen=True, slots=True)
class Some:
    """Of a node: at least `n` claims of `relation` (`*`: of any) in whose `slot` it stands satisfy `where`. With
    `distinct`, a slot, at least `n` different nodes in it, of such claims; where it is `slot` itself (a symmetric
    relation's), the node does not count. FACT is no slot: at least `n` different facts that they tell."""

    relation: str
    slot: str
    where: "Predicate"
    n: int = 1
    distinct: str | None = None


@dataclass(frozen=True, slots=True)
class During:
    """A meaning only: the claim's time stands so to what is asked. `asked` is a node id until `graph.bind` has looked
    it up; `node` keeps that id, since an anchor that names it is certain whatever the bounds. Several bounds: any of
    them (an event whose dates conflict)."""

    op: Literal["overlaps", "before", "after"]
    asked: tuple[Bounds, ...] = ()
    node: str | None = None


@dataclass(frozen=True, slots=True)
class Within:
    """A meaning only: the node is one of `ids`, or below one of them along `via` (relation constants; Terms follow
    their broader term) in at most `depth` steps. `graph.bind` replaces it by the ids."""

    ids: tuple[str, ...]
    via: tuple[str, ...]
    depth: int


Predicate = Cmp | In | Has | Present | All | Any | Not | At | Some | During | Within

ALWAYS: Final = All(())
NEVER: Final = Any(())


class Match(Enum):
    """The values of a meaning that a question lets in. The first three are what `reading.match` offers."""

    CERTAIN = "CERTAIN"
    POSSIBLE = "POSSIBLE"
    UNDATED = "UNDATED"
    RESIDUE = "RESIDUE"

    @property
    def negated(self) -> "Match":
        return _NEGATED[self]

    @property
    def absent(self) -> bool:
        """Whether an absent value, which is possibly anything, is let in."""
        return self in (Match.POSSIBLE, Match.UNDATED)


_NEGATED: Final = {
    Match.CERTAIN: Match.UNDATED,
    Match.UNDATED: Match.CERTAIN,
    Match.POSSIBLE: Match.RESIDUE,
    Match.RESIDUE: Match.POSSIBLE,
}


class Columns(Protocol):
    """What `lower` must know of the columns and slots (`graph.stores.columns` knows it from the ontology)."""

    def nullable(self, column: str) -> bool: ...
    def unstated(self, name: str) -> str | None:
        """The field name under which `unstated` would list this list column or slot; None where it cannot."""
        ...


def conjunction(items: Iterable[Predicate]) -> Predicate:
    """All of them, flattened and without repetition; the order is that of first appearance."""
    flat: dict[Predicate, None] = {}
    for item in items:
        flat.update(dict.fromkeys(item.items if isinstance(item, All) else (item,)))
    if NEVER in flat:
        return NEVER
    return next(iter(flat)) if len(flat) == 1 else All(tuple(flat))


def disjunction(items: Iterable[Predicate]) -> Predicate:
    """Any of them, flattened and without repetition."""
    flat: dict[Predicate, None] = {}
    for item in items:
        flat.update(dict.fromkeys(item.items if isinstance(item, Any) else (item,)))
    if ALWAYS in flat:
        return ALWAYS
    return next(iter(flat)) if len(flat) == 1 else Any(tuple(flat))


def negation(item: Predicate) -> Predicate:
    """The opposite, without doubling."""
    match item:
        case Not(inner):
            return inner
        case All(()):
            return NEVER
        case Any(()):
            return ALWAYS
    return Not(item)


def lower(meaning: Predicate, match: Match, columns: Columns) -> Predicate:
    """The two-valued forms that hold of a row just where the meaning has one of the values of `match`."""

    def down(item: Predicate, level: Match) -> Predicate:
        match item:
            case Not(inner):
                return negation(down(inner, level.negated))
            case All(items):
                return conjunction(down(each, level) for each in items)
            case Any(items):
                return disjunction(down(each, level) for each in items)
            case Cmp(column=column) | In(column=column):
                return _or_absent(item, Not(Present(column)), level.absent and columns.nullable(column))
            case Has(column=column):
                return _or_unstated(item, columns.unstated(column), level)
            case At(slot, where, of):
                return _or_unstated(At(slot, down(where, level), of), columns.unstated(slot), level)
            case Some(relation, slot, where, n, distinct):
                return Some(relation, slot, down(where, level), n, distinct)
            case During():
                return _during(item, level)
            case Within():
                raise AssertionError("a roll-up is bound before it is lowered")
        return item

    return down(meaning, match)


def _or_absent(item: Predicate, absent: Predicate, let_in: bool) -> Predicate:
    return Any((item, absent)) if let_in else item


def _or_unstated(item: Predicate, field: str | None, level: Match) -> Predicate:
    """An empty list is empty, unless the claim names the field as one on which its source is silent."""
    return item if field is None else _or_absent(item, Has("unstated", (("eq", field),)), level.absent)


def _during(item: During, level: Match) -> Predicate:
    """The inequalities are those of `graph.dates`; an anchor that names the asked node decides by itself."""
    sure = level in (Match.CERTAIN, Match.RESIDUE)
    pairs = [
        conjunction(
            Cmp(column, op, day)
            for column, op, day in relation_bounds(item.op, "CERTAIN" if sure else "POSSIBLE", asked)
        )
        for asked in item.asked
    ]
    says = [Has("anchors", (("eq", f"{how}{ANCHOR}{item.node}"),)) for how in _ANCHORS[item.op]] if item.node else []
    undated = Cmp("undated", "eq", True)
    dated = disjunction([*pairs, *says])
    if level is Match.RESIDUE:
        return disjunction([dated, undated])
    if level is Match.POSSIBLE:
        return disjunction([conjunction([disjunction(pairs), Not(undated)]), *says])
    return disjunction([dated, undated]) if level is Match.UNDATED else dated


ANCHOR: Final = "\x1f"
"""Between what an anchor says and the node that it names, in the column `anchors`."""

_ANCHORS: Final = {"overlaps": ("OVERLAPS", "DURING"), "before": ("BEFORE",), "after": ("AFTER",)}
"""Which anchors say for certain that a claim overlaps, ends before or starts after the node that they name."""


class Printer:
    """The skeleton that both printers share: walks the forms, names variables, collects parameters. An engine says
    how each leaf is written. The text depends on the shape alone (conjuncts sorted by it), so that an engine's plan
    cache serves every value."""

    def __init__(self) -> None:
        self.parameters: dict[str, object] = {}
        self._variables = 0

    def parameter(self, value: object) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = value
        return name

    def variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def text(self, item: Predicate, row: str) -> str:
        """The condition on the variable `row`, as text of the engine."""
        match item:
            case All(items):
                return self._join(" AND ", items, row, "TRUE")
            case Any(items):
                return self._join(" OR ", items, row, "FALSE")
            case Not(inner):
                return f"NOT ({self.text(inner, row)})"
            case During() | Within():
                raise AssertionError("a meaning is lowered before it is printed")
        return self.leaf(item, row)

    def leaf(self, item: Predicate, row: str) -> str:
        raise NotImplementedError

    def _join(self, word: str, items: tuple[Predicate, ...], row: str, empty: str) -> str:
        parts = [self.text(each, row) for each in sorted(items, key=shape)]
        return f"({word.join(parts)})" if parts else empty


def shape(item: Predicate) -> str:
    """The form of a predicate without its values: equal shapes print equal texts."""
    match item:
        case All(items) | Any(items):
            return f"{type(item).__name__}({','.join(sorted(map(shape, items)))})"
        case Not(inner):
            return f"Not({shape(inner)})"
        case Cmp(column, op, value):
            return f"Cmp({column},{op},{type(value) is Owner})"
        case In(column=column) | Present(column):
            return f"{type(item).__name__}({column})"
        case Has(column, tests):
            return f"Has({column},{','.join(op for op, _ in tests)})"
        case At(slot, where, of):
            return f"At({slot},{of},{shape(where)})"
        case Some(relation, slot, where, n, distinct):
            return f"Some({relation},{slot},{n > 1},{distinct},{shape(where)})"
    return type(item).__name__
