"""Random predicates, meanings and levels over what a graph holds, from a seed; generic over the ontology.

Values are mostly taken from the rows, so that predicates hold of some rows and fail of others; each of the nine forms
can be asked for by name, since among purely random trees the rare ones come too rarely.
"""

from collections.abc import Sequence
from random import Random
from typing import Final, Literal

from graph.dates import MAX_DAY, MIN_DAY, Bounds
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, ENDS, FACT, ROLES, Vocabulary
from graph.plan import Case, Different, Every, Ids, Level, Matching, Of, Order, Start, Table, Tally
from graph.predicate import (
    ALWAYS,
    All,
    Any,
    At,
    Cmp,
    During,
    Has,
    In,
    Match,
    Not,
    Operator,
    Owner,
    Predicate,
    Present,
    Some,
    Value,
    lower,
)
from graph.stores.columns import COLUMNS, FACT_COLUMN, LOWERING, Column, labels, slots
from tests.oracle import Oracle

FORMS: Final = ("Cmp", "In", "Has", "Present", "All", "Any", "Not", "At", "Some")
_LEAVES: Final = ("Cmp", "Cmp", "In", "Has", "Present")
_NUMBERS: Final[tuple[Operator, ...]] = ("eq", "gt", "gte", "lt", "lte")
_TEXTS: Final[tuple[Operator, ...]] = ("eq", "contains", "startsWith")  # no ranges: engines order text differently
_ODD: Final = ("", "%", "_", "\\", "'", '"', "$p0", "\x1f", "a", "~", "🕊", "\uffee")
_ODD_NUMBERS: Final = (-(2**63), -1, 0, 2**63 - 1)
_COUNTED: Final = tuple(p.name for r in ONTOLOGY.relations for p in r.props if isinstance(p.type, Vocabulary))
_QUESTIONS: Final[tuple[Literal["overlaps", "before", "after"], ...]] = ("overlaps", "before", "after")


class Forms:
    """Draws from the rows of an oracle. `meanings`: During may be a leaf. `owner`: a level's owner may be a value."""

    def __init__(self, random: Random, oracle: Oracle, meanings: bool = False) -> None:
        self.random, self.oracle, self.meanings, self.owner = random, oracle, meanings, False
        self._ids: dict[Table, list[str]] = {"entity": list(oracle.entities), "claim": list(oracle.claims)}
        self._values: dict[tuple[Table, str], list[Value]] = {}
        filled = dict.fromkeys(
            (claim.relation, slot) for claim, _ in oracle.claims.values() for slot in claim.fillers()
        )
        roles = [role.name for role in ONTOLOGY.roles]
        self._pages = [*filled, (ALL, ENDS), (ALL, ROLES), *((ALL, slot) for _, slot in filled if slot in roles)]

    # ---- values -----------------------------------------------------------------------------------------------------

    def _value(self, table: Table, column: Column) -> Value:
        seen = self._seen(table, column)
        if column.type == "flag":
            return self.random.random() < 0.5
        if column.type == "decimal":
            decimals = [value for value in seen if isinstance(value, float)] or [0.0]
            return self.random.choice(decimals) + self.random.choice((0, 0, 0, 0.25, -1))
        if column.type == "number":
            numbers = [value for value in seen if isinstance(value, int)] or [0]
            near = self.random.choice(numbers) + self.random.choice((0, 0, 0, 1, -1))
            return self.random.choice(_ODD_NUMBERS) if self.random.random() < 0.05 else near
        return self.random.choice(_ODD) if not seen or self.random.random() < 0.05 else self.random.choice(seen)

    def _seen(self, table: Table, column: Column) -> list[Value]:
        if (table, column.name) not in self._values:
            cells = [self.oracle.rows[id].get(column.name) for id in self._ids[table]]
            found = [value for cell in cells for value in (cell if isinstance(cell, list) else [cell])]
            self._values[table, column.name] = [value for value in found if value is not None]
        return self._values[table, column.name]

    def _piece(self, op: Operator, value: Value) -> Value:
        """Of a text, a part that the operator may find."""
        if not isinstance(value, str) or op not in ("contains", "startsWith"):
            return value
        start = 0 if op == "startsWith" else self.random.randrange(len(value) + 1)
        return value[start : start + self.random.randint(1, 3)]

    def _test(self, table: Table, column: Column) -> tuple[Operator, Value]:
        op = self.random.choice(_TEXTS if column.type in ("text", "texts") else _NUMBERS)
        if column.type == "flag":
            op = "eq"
        return op, self._piece(op, self._value(table, column))

    # ---- the nine forms, and During ---------------------------------------------------------------------------------

    def predicate(self, table: Table, depth: int, form: str | None = None) -> Predicate:
        """A tree at most `depth` forms deep, of which the first is `form`."""
        if form is None or (form == "At" and table == "entity"):
            form = self.random.choice(FORMS if depth > 1 else _LEAVES)
        if form == "At" and table == "entity":
            form = "Some"
        if self.meanings and table == "claim" and form in _LEAVES and self.random.random() < 0.3:
            return self.during()
        lists = [column for column in COLUMNS[table] if column.type == "texts"]
        column = self.random.choice([column for column in COLUMNS[table] if column.type != "texts"])
        match form:
            case "Cmp" if self.owner and self.random.random() < 0.3:
                return Cmp("id", "eq", Owner())
            case "Cmp":
                return Cmp(column.name, *self._test(table, column))
            case "In":
                return In(
                    column.name, tuple(self._value(table, column) for _ in range(self.random.choice((0, 1, 2, 2, 5))))
                )
            case "Has":
                column = self.random.choice(lists)
                return Has(column.name, tuple(self._test(table, column) for _ in range(self.random.choice((1, 1, 2)))))
            case "Present":
                return Present(self.random.choice([*lists, column]).name)
            case "All" | "Any":
                items = tuple(self.predicate(table, depth - 1) for _ in range(self.random.choice((0, 1, 2, 2, 3))))
                return All(items) if form == "All" else Any(items)
            case "Not":
                return Not(self.predicate(table, depth - 1))
            case "At":
                return self._at(depth)
        return self._some(depth)

    def _at(self, depth: int) -> Predicate:
        of: Table = self.random.choice(("entity", "entity", "claim"))
        slot = self.random.choice([slot for _, slot in self._pages if slot in slots()])
        return At(slot, self._below(of, depth), of)

    def _some(self, depth: int) -> Predicate:
        relation, slot = self.random.choice(self._pages)
        n = self.random.choice((1, 1, 1, 2, 2, 3))
        known = [s for r, s in self._pages if r == relation and s in slots() and (s != slot or _symmetric_end(r, s))]
        distinct = self.random.choice((*known, FACT)) if self.random.random() < 0.3 else None
        return Some(relation, slot, self._below("claim", depth), n, distinct)

    def _below(self, table: Table, depth: int) -> Predicate:
        return ALWAYS if self.random.random() < 0.3 else self.predicate(table, depth - 1)

    def during(self) -> Predicate:
        """Asked of the bounds that claims have; now and then by a node that an anchor names."""
        asked = tuple(self._asked() for _ in range(self.random.choice((0, 1, 1, 1, 2))))
        anchored = [anchor for claim, _ in self.oracle.claims.values() for anchor in claim.during.anchors]
        node = self.random.choice(anchored).node if anchored and self.random.random() < 0.5 else None
        return During(self.random.choice(_QUESTIONS), asked, node)

    def _asked(self) -> Bounds:
        one, other = (self.random.choice(list(self.oracle.claims.values()))[1].bounds for _ in range(2))
        first, last = sorted((self.random.choice((one.s0, one.s1)), self.random.choice((other.e0, other.e1))))
        if (first, last) == (MIN_DAY, MAX_DAY):  # ../.. asks nothing and is refused
            return one
        return self.random.choice((one, Bounds(first, first, last, last), Bounds(first, first, last, last)))

    # ---- levels -----------------------------------------------------------------------------------------------------

    def level(self, depth: int, form: str | None = None) -> Level:
        """A level of any sort, whose `where` mostly begins with `form`."""
        of: Table = self.random.choice(("entity", "claim", "claim"))
        start = self._start(of)
        self.owner = isinstance(start, Of)
        orders = (Order.NAME_ASC, Order.NAME_DESC) if of == "entity" else (Order.START_ASC, Order.START_DESC)
        order = self.random.choice(orders)
        marks = tuple(self._lowered(of, depth - 1) for _ in range(self.random.choice((0, 0, 1, 2))))
        fill = tuple(self.random.sample(slots(), self.random.choice((0, 2, 5)))) if of == "claim" else ()
        return Level(
            of=of,
            start=start,
            where=self._where(of, start, depth, form),
            order=order,
            backward=self.random.random() < 0.4,
            after=self._after(of, order) if self.random.random() < 0.4 else None,
            limit=self.random.choice((None, 1, 2, 3, 5, 50)),
            marks=marks,
            fill=fill,
            skeleton=self.random.random() < 0.3,
            dated=self.random.random() < 0.5,
        )

    def _lowered(self, of: Table, depth: int, form: str | None = None) -> Predicate:
        """A predicate; a meaning is lowered, for any match."""
        drawn = self.predicate(of, depth, form)
        return lower(drawn, self.random.choice(list(Match)), LOWERING) if self.meanings else drawn

    def _where(self, of: Table, start: Start, depth: int, form: str | None) -> Predicate:
        """What holds of some row, where that is soon found."""
        if self.random.random() < 0.1:
            return ALWAYS
        drawn = [self._lowered(of, depth, form) for _ in range(5)]
        return next((each for each in drawn if self.oracle.count(Level(of, start, each), ())), drawn[0])

    def cases(self, level: Level) -> tuple[Case, ...]:
        """What to count of a level; of claims, the facts as well."""
        self.owner = isinstance(level.start, Of)
        cases: list[Case] = [self._lowered(level.of, 2) for _ in range(self.random.randint(1, 3))]
        if level.of == "claim":
            cases += [Different(FACT_COLUMN), Different(FACT_COLUMN, self._lowered("claim", 2))]
        return tuple(cases)

    def tally(self) -> Tally:
        """By what to count the claims of a level."""
        filled = [slot for _, slot in self._pages if slot in slots()]
        nodes = self.random.random() < 0.6
        return Tally(
            by=self.random.choice(filled if nodes else _COUNTED),
            nodes=nodes,
            distinct=self.random.choice((None, None, FACT, *self.random.sample(filled, 2))),
            but_owner=self.random.choice((None, *filled)),
            first=self.random.choice((1, 2, 3, 500)),
        )

    def _start(self, of: Table) -> Start:
        choice = self.random.randrange(4 if of == "claim" else 3)
        if choice == 0:
            return Every(self.random.choice(labels(of)))
        if choice == 1:
            return Ids(self._some_ids(of))
        if choice == 2:
            texts = tuple(self._groups(of) for _ in range(self.random.choice((1, 2, 3))))
            return Matching(texts, self.random.choice(labels(of)))
        if self.random.random() < 0.1:
            facts = [str(self.oracle.rows[id][FACT_COLUMN]) for id in self.oracle.claims]
            return Of(self._some_ids("claim", facts), ALL, FACT)
        relation, slot = self.random.choice(self._pages)
        owners = [id for id in self.oracle.rows if self.oracle.standing(id, relation, slot)]
        return Of(self._some_ids("claim", owners), relation, slot)

    def _groups(self, of: Table) -> tuple[tuple[str, ...], ...]:
        """Groups of words, most of which some row holds, spellings among them."""
        words = str(self.oracle.rows[self.random.choice(self._ids[of])]["tokens"]).split() or ["x"]
        return tuple(
            (
                *self.random.choices(words, k=self.random.choice((1, 2))),
                *self.random.choices(("x", "νnorh", "δaccrd"), k=1),
            )
            for _ in range(self.random.choice((1, 1, 2)))
        )

    def _some_ids(self, of: Table, known: Sequence[str] = ()) -> tuple[str, ...]:
        """Some that are known (of the table), and one of the other, one that names nothing, one twice."""
        other: Table = "claim" if of == "entity" else "entity"
        few = self.random.choices(known or self._ids[of], k=self.random.choice((1, 3, 8, 30)))
        odd = (self.random.choice(self._ids[other]), "Nobody:nowhere", few[0])
        return (*few, *self.random.sample(odd, self.random.randrange(3)))

    def _after(self, of: Table, order: Order) -> str:
        key = str(self.oracle.rows[self.random.choice(self._ids[of])][order.key])
        return self.random.choice((key, key, key, key[: len(key) // 2], "", "~"))


def _symmetric_end(relation: str, slot: str) -> bool:
    """Whether the slot in which a node stands may be the one whose other nodes are counted."""
    known = None if relation == ALL else ONTOLOGY.relation[relation]
    return known is not None and known.symmetric and known.ends[0].name == slot
