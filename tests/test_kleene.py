"""`lower` against a direct evaluator of many-valued meanings. No differential of engines can see it: all share it.

The evaluator reads the docstring of `graph.predicate` literally. It never negates a compound: it goes down to the
leaves with a sign, so that what it takes the minimum and the maximum of is a formula in negation normal form. What a
date may be is not asked of any inequality: every interval that the bounds hold is tried against every one asked about.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from functools import cache, partial
from itertools import product
from random import Random
from typing import Final

import pytest

from bench.generate import Graph, Shape
from graph.claim import Claim, Timed
from graph.claim import During as When
from graph.dates import MAX_DAY, MIN_DAY, UNDATED, Bounds
from graph.ontology import ONTOLOGY
from graph.ontology.types import FACT
from graph.plan import Table
from graph.predicate import All, Any, At, Cmp, During, Has, In, Match, Not, Predicate, Present, Some, lower
from graph.stores.columns import COLUMNS, LOWERING
from tests.differential.forms import Forms
from tests.differential.shrink import smaller_predicates
from tests.oracle import Oracle

APPOINTMENTS: Final = Shape("Appointment", "TO", "Mission", hub_share=0.2, few=3, holders=0.1, others=0.1)
LAST: Final = 8
"""The days of the small calendar are 1 to 7; MIN_DAY lies before them and MAX_DAY, which counts as 8, after them."""


class Value(IntEnum):
    """What a meaning can be of a row; a chain."""

    NOT = 0
    UNDATED = 1
    POSSIBLY = 2
    SO = 3


_NEGATED: Final = {
    Value.NOT: Value.SO,
    Value.UNDATED: Value.UNDATED,
    Value.POSSIBLY: Value.POSSIBLY,
    Value.SO: Value.NOT,
}
_FIELDS: Final = tuple(slot.field for slot in ONTOLOGY.roles) + tuple(
    field
    for relation in ONTOLOGY.relations
    for field in (*(p.name for p in relation.props), *(s.field for s in relation.roles))
)


def lets_in(match: Match, value: Value, of_negation: Value) -> bool:
    """Whether a row takes part of which a meaning has a value, and its negation another."""
    if match is Match.RESIDUE:  # not possibly otherwise: just what POSSIBLE leaves of the negation
        return of_negation < Value.POSSIBLY
    return value >= {Match.CERTAIN: Value.SO, Match.POSSIBLE: Value.POSSIBLY, Match.UNDATED: Value.UNDATED}[match]


class Direct:
    """The value of a meaning (or, with `no`, of its negation) for a row of the oracle, whose data alone it reads."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle

    def value(self, item: Predicate, id: str, no: bool = False) -> Value:
        match item:
            case Not(inner):
                return self.value(inner, id, not no)
            case All(items):
                return (max if no else min)(
                    (self.value(each, id, no) for each in items), default=Value.NOT if no else Value.SO
                )
            case Any(items):
                return (min if no else max)(
                    (self.value(each, id, no) for each in items), default=Value.SO if no else Value.NOT
                )
            case At(slot, where, of):
                table = self.oracle.entities if of == "entity" else self.oracle.claims
                values = [
                    self.value(where, node, no) for node in self.oracle.fillers[id].get(slot, ()) if node in table
                ]
                values += [Value.POSSIBLY] if self._silent(id, slot) else []
                return min(values, default=Value.SO) if no else max(values, default=Value.NOT)
            case Some(relation, slot, where, n, distinct):
                return self._some(id, relation, slot, where, n, distinct, no)
        leaf = self._leaf(item, id)
        return _NEGATED[leaf] if no else leaf

    def _some(
        self, id: str, relation: str, slot: str, where: Predicate, n: int, distinct: str | None, no: bool
    ) -> Value:
        """At least `n` are so: the n-th best. Its negation: of any `n` one is not, so the n-th worst."""
        claims = {claim: self.value(where, claim, no) for claim in self.oracle.standing(id, relation, slot)}
        values = list(claims.values())
        if distinct is not None:
            nodes: dict[str, list[Value]] = {}
            for claim, value in claims.items():
                told = [str(self.oracle.rows[claim]["fact"])]
                for node in told if distinct == FACT else self.oracle.fillers[claim].get(distinct, ()):
                    nodes.setdefault(node, []).append(value)
            values = [(min if no else max)(found) for node, found in nodes.items() if distinct != slot or node != id]
        if len(values) < n:
            return Value.SO if no else Value.NOT
        return sorted(values, reverse=not no)[n - 1]

    def _leaf(self, item: Predicate, id: str) -> Value:
        row = self.oracle.rows[id]
        match item:
            case Cmp(column=column) | In(column=column) if row.get(column) is None:
                return Value.POSSIBLY
            case Has(column=column) if not self.oracle.holds(item, id) and self._silent(id, column):
                return Value.POSSIBLY
            case Cmp() | In() | Has() | Present():
                return Value.SO if self.oracle.holds(item, id) else Value.NOT
            case During(op, asked, node):
                says = {"overlaps": ("OVERLAPS", "DURING"), "before": ("BEFORE",), "after": ("AFTER",)}[op]
                claim, timed = self.oracle.claims[id]
                if any(anchor.node == node and anchor.how in says for anchor in claim.during.anchors):
                    return Value.SO
                if timed.undated:
                    return Value.UNDATED
                return max((stands(op, timed.bounds, other) for other in asked), default=Value.NOT)
        raise AssertionError(item)

    def _silent(self, id: str, name: str) -> bool:
        field = LOWERING.unstated(name)
        return field is not None and field in self.oracle.claims[id][0].unstated if id in self.oracle.claims else False


def intervals(bounds: Bounds) -> list[tuple[int, int]]:
    s0, s1, e0, e1 = (LAST if day == MAX_DAY else day for day in (bounds.s0, bounds.s1, bounds.e0, bounds.e1))
    return [(start, end) for start in range(s0, s1 + 1) for end in range(e0, e1 + 1) if start <= end]


@cache
def stands(op: str, bounds: Bounds, asked: Bounds) -> Value:
    """SO if every interval of the bounds stands so to every one that is asked about, POSSIBLY if one does to one."""
    relations: dict[str, Callable[[int, int, int, int], bool]] = {
        "overlaps": lambda s, e, t, u: s <= u and t <= e,
        "before": lambda s, e, t, u: e < t,
        "after": lambda s, e, t, u: s > u,
    }
    found = [relations[op](*one, *other) for one, other in product(intervals(bounds), intervals(asked))]
    return Value.SO if all(found) else Value.POSSIBLY if any(found) else Value.NOT


def small_calendar(random: Random, claim: Claim) -> tuple[Claim, Timed]:
    """The claim at a time of the small calendar, and silent on fields of every sort, on filled ones too."""
    silent = tuple(field for field in _FIELDS if random.random() < 0.2)
    claim = replace(claim, unstated=silent)
    if random.random() < 0.15:
        return claim, Timed(UNDATED, "UNKNOWN", "UNKNOWN", None)
    s0, s1, e0, e1 = (random.randint(1, LAST - 1) for _ in range(4))
    s0, s1, e0, e1 = min(s0, s1), max(s0, s1), min(e0, e1), max(e0, e1)
    s1, e0 = min(s1, e1), max(e0, s0)
    if s0 > s1 or e0 > e1:
        return small_calendar(random, claim)
    s0 = MIN_DAY if random.random() < 0.15 else s0
    e1 = MAX_DAY if random.random() < 0.15 else e1
    return claim, Timed(Bounds(s0, s1, e0, e1), "STATED", "STATED", s1)


def world(seed: int) -> Oracle:
    graph, random = Graph(seed, 60, APPOINTMENTS), Random(f"{seed} calendar")
    return Oracle(graph.entities(), [small_calendar(random, claim) for claim, _ in graph.claims()])


def wrong(oracle: Oracle, table: Table, meaning: Predicate) -> list[tuple[str, str]]:
    """Every row and match for which `lower` and the direct evaluator differ."""
    direct, found = Direct(oracle), []
    lowered = {match: lower(meaning, match, LOWERING) for match in Match}
    for id in oracle.entities if table == "entity" else oracle.claims:
        value, negation = direct.value(meaning, id), direct.value(meaning, id, no=True)
        found += [
            (id, match.name) for match in Match if oracle.holds(lowered[match], id) != lets_in(match, value, negation)
        ]
    return found


def shrunk(meaning: Predicate, oracle: Oracle, table: Table) -> Predicate:
    while smaller := next((less for less in smaller_predicates(meaning) if wrong(oracle, table, less)), None):
        meaning = smaller
    return meaning


def check(seed: int, meanings: int) -> int:
    """How many verdicts were compared. Fails with the smallest meaning that is lowered wrongly."""
    oracle, random = world(seed), Random(f"{seed} meanings")
    forms, verdicts = Forms(random, oracle, meanings=True), 0
    for _ in range(meanings):
        table: Table = random.choice(("entity", "claim", "claim"))
        meaning = forms.predicate(table, random.randint(1, 4))
        if wrong(oracle, table, meaning):
            least = shrunk(meaning, oracle, table)
            pytest.fail(f"seed {seed}: {least} is lowered wrongly for {wrong(oracle, table, least)[:5]}")
        verdicts += len(Match) * len(oracle.entities if table == "entity" else oracle.claims)
    return verdicts


@pytest.mark.parametrize("seed", range(4))
def test_lowering_agrees_with_a_direct_evaluation_of_the_meaning(seed: int) -> None:
    assert check(seed, 350) > 50_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 120))
def test_lowering_agrees_with_a_direct_evaluation_of_very_many_meanings(seed: int) -> None:
    assert check(seed, 1000) > 150_000


def test_every_value_and_every_match_occurs_among_the_meanings_that_are_tried() -> None:
    oracle = world(0)
    forms, direct = Forms(Random("0 meanings"), oracle, meanings=True), Direct(oracle)
    meanings = [forms.predicate("claim", 3) for _ in range(200)]
    values = {direct.value(meaning, id, no) for meaning in meanings for id in oracle.claims for no in (False, True)}
    assert values == set(Value)


def test_no_row_lacks_a_value_in_a_column_that_is_never_null() -> None:
    graph = Graph(1, 400, APPOINTMENTS)
    oracle = Oracle(graph.entities(), graph.claims())
    tables: tuple[tuple[Table, list[str]], ...] = (("entity", list(oracle.entities)), ("claim", list(oracle.claims)))
    for table, ids in tables:
        for column in COLUMNS[table]:
            if not column.nullable and column.type != "texts":
                assert all(oracle.rows[id][column.name] is not None for id in ids), column


no_certain = partial(lower, match=Match.CERTAIN, columns=LOWERING)


def test_no_certain_appointment_is_not_certainly_no_appointment() -> None:
    day = During("overlaps", (Bounds(5, 5, 5, 5),))
    held = Some("Appointment", "FROM", day)
    maybe = Timed(Bounds(4, 5, 5, 6), "STATED", "STATED", 4)
    vague = Timed(Bounds(4, 6, 5, 6), "STATED", "STATED", 4)
    graph = Graph(1, 60, APPOINTMENTS)
    claim = next(claim for claim, _ in graph.claims() if claim.relation == "Appointment")
    claim = replace(claim, during=When())
    person = claim.slots["FROM"][0]
    for timed, certain, certainly_none in ((maybe, True, False), (vague, False, False)):
        oracle = Oracle(graph.entities(), [(claim, timed)])
        assert oracle.holds(no_certain(held), person) is certain
        assert oracle.holds(no_certain(Not(held)), person) is certainly_none


def test_not_a_role_leaves_out_claims_whose_role_is_unstated() -> None:
    graph = Graph(1, 400, APPOINTMENTS)
    oracle = Oracle(graph.entities(), graph.claims())
    silent = [
        id for id in oracle.claims if oracle.rows[id].get("role") is None and oracle.rows[id]["kind"] == "APPOINTMENT"
    ]
    not_srsg = Not(Cmp("role", "eq", "SRSG"))
    assert silent
    assert not any(oracle.holds(lower(not_srsg, Match.CERTAIN, LOWERING), id) for id in silent)
    assert all(oracle.holds(lower(not_srsg, Match.POSSIBLE, LOWERING), id) for id in silent)
