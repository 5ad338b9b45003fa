"""What an engine is told depends on the shape of a question alone: one text for one shape, and no value in it."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

import pytest

from bench.generate import Graph, Shape
from graph.ontology.types import FACT
from graph.plan import Ids, Level, Matching, Of, Tally
from graph.predicate import ALWAYS, All, Any, At, Cmp, Has, In, Not, Owner, Predicate, Present, Some, Value
from graph.stores.neo4j import statement as cypher
from graph.stores.sqlite import statement as sql
from tests.differential.forms import Forms
from tests.oracle import Oracle

SHAPE: Final = Shape("Appointment", "TO", "Mission", hub_share=0.2, few=3, holders=0.1, others=0.1)
LEVELS: Final = 300
Text = Callable[[Level], str]
TEXTS: Final[tuple[Text, ...]] = (lambda level: sql.rows(level).text, lambda level: cypher.rows(level).text)
COUNTS: Final[tuple[Text, ...]] = (
    lambda level: sql.counts(level, level.marks).text,
    lambda level: cypher.counts(level, level.marks).text,
)
TALLY: Final = Tally("THEATRE", True, FACT, "THEATRE")
TALLIES: Final[tuple[Text, ...]] = (
    lambda level: sql.tallies(level, TALLY).text,
    lambda level: cypher.tallies(level, TALLY).text,
)
NAMES: Final = [f"{engine}{what}" for what in ("", " of counts", " of tallies") for engine in ("SQL", "Cypher")]
SECRET: Final = "zzz' OR 1=1 // `"


def other(value: Value | Owner) -> Value | Owner:
    """Another value of the same sort; of a text, one that would be seen."""
    match value:
        case bool():
            return not value
        case int():
            return value + 987_654
        case str():
            return SECRET + value
    return value


def revalued(item: Predicate) -> Predicate:
    match item:
        case Cmp(column, op, value):
            return Cmp(column, op, other(value))
        case In(column, values):
            return In(column, tuple(map(known, values)))
        case Has(column, tests):
            return Has(column, tuple((op, known(value)) for op, value in tests))
        case All(items):
            return All(tuple(map(revalued, items[::-1])))
        case Any(items):
            return Any(tuple(map(revalued, items[::-1])))
        case Not(inner):
            return Not(revalued(inner))
        case At(where=where) | Some(where=where):
            return replace(item, where=revalued(where))
    return item


def known(value: Value) -> Value:
    changed = other(value)
    assert not isinstance(changed, Owner)
    return changed


def changed(level: Level) -> Level:
    """The same question with other values everywhere, and its conjuncts the other way round."""
    start = level.start
    if isinstance(start, Ids | Of):
        start = replace(start, ids=tuple(SECRET + id for id in start.ids))
    elif isinstance(start, Matching):
        start = replace(start, texts=((("zzz",), ("zzzz", "zzzzz")), *start.texts))
    return replace(
        level,
        start=start,
        where=revalued(level.where),
        marks=tuple(map(revalued, level.marks)),
        after=level.after and SECRET + level.after,
        limit=level.limit and level.limit + 5,
    )


@pytest.fixture(scope="module")
def levels() -> list[Level]:
    graph = Graph(3, 60, SHAPE)
    oracle = Oracle(graph.entities(), graph.claims())
    return [Forms(Random(f"{number}"), oracle).level(number % 4 + 1) for number in range(LEVELS)]


@pytest.mark.parametrize("text", [*TEXTS, *COUNTS, *TALLIES], ids=NAMES)
def test_levels_of_one_shape_have_one_text_in_which_no_value_stands(levels: list[Level], text: Text) -> None:
    for level in levels:
        assert text(changed(level)) == text(level)
        assert SECRET not in text(changed(level))
        assert "zzz" not in text(changed(level))


@pytest.mark.parametrize("text", TEXTS, ids=["SQL", "Cypher"])
@pytest.mark.parametrize(
    "pair",
    [
        (Cmp("s0", "gt", 1), Cmp("s0", "lt", 2)),
        (Cmp("id", "eq", "a"), Cmp("id", "eq", Owner())),
        (Has("forms", (("eq", "a"),)), Has("forms", (("contains", "a"),))),
        (At("THEATRE", ALWAYS), At("THEATRE", ALWAYS, "claim")),
        (Some("Coverage", "ANCHOR", ALWAYS), Some("Coverage", "ANCHOR", ALWAYS, 2)),
        (Some("Coverage", "ANCHOR", ALWAYS), Some("Coverage", "ANCHOR", ALWAYS, 1, "ABOUT")),
        (Not(Present("role")), Present("role")),
    ],
)
def test_conditions_that_differ_in_one_word_may_be_written_in_any_order(
    text: Text, pair: tuple[Predicate, Predicate]
) -> None:
    start = Of(("Mission:m",), "Appointment", "TO")
    one, other_way = (text(Level("claim", start, All(items))) for items in (pair, pair[::-1]))
    assert one == other_way
