"""Work, not time: what a row of an answer costs does not grow when the graph grows tenfold.

Counted are steps of SQLite's virtual machine and hits of Neo4j's database by returned row, fillers among them, at
10,000 and at 100,000 claims of one shape. The questions are the levels that the named ones become once they are bound.
"""

from collections.abc import Mapping
from typing import Final

import pytest

from bench.generate import PAPER, Graph, Shape
from graph.ontology.types import ALL, ENDS, FACT, fact_id
from graph.plan import Every, Ids, Level, Matching, Of, Order
from graph.predicate import All, At, Cmp, Predicate, Present, Some
from graph.spelling import exactly
from tests.engines import Engine, Engines

SHAPE: Final = Shape("Appointment", "TO", "Mission")
SIZES: Final = (10_000, 100_000)
MOST: Final = 1.5
"""How much more a row may cost in the larger graph: the luck of the draw, and no more."""

MISSIONS: Final = (SHAPE.hub, *(f"Mission:{PAPER}-{number}" for number in range(49)))
ENDS_AND_SOURCES: Final = ("FROM", "TO", "SOURCE")


def served_with(where: Predicate) -> Predicate:
    """Of a person: one with an appointment of whom this holds has an appointment where the person has one."""
    return Some("Appointment", "FROM", At("TO", Some("Appointment", "TO", At("FROM", where))))


DEEP: Final = served_with(Some("Appointment", "FROM", Present("role")))
PARTNERED: Final = At("TO", Some("Partnership", "END", At("THEATRE", Some(ALL, ENDS, Present("statement")))))
TO_SMALL: Final = Some("Appointment", "FROM", At("TO", Cmp("id", "eq", SHAPE.small)))


def questions(graph: Graph) -> dict[str, Level]:
    """By what they ask."""
    people, appointed = graph.holders(50, 0.5), graph.holders(SHAPE.few, 1.0)
    return {
        "a page by name": Level("entity", Every("Individual"), limit=50),
        "a page by name, falling": Level("entity", Every("Individual"), order=Order.NAME_DESC, limit=50),
        "a page by name, from the middle": Level("entity", Every("Individual"), after="o", limit=50),
        "a page by name, before the middle": Level("entity", Every("Individual"), after="o", backward=True, limit=50),
        "a page of the hub": Level(
            "claim", Of((SHAPE.hub,), "Appointment", "TO"), order=Order.START_ASC, limit=50, fill=ENDS_AND_SOURCES
        ),
        "a page of the hub, latest first, from the middle": Level(
            "claim",
            Of((SHAPE.hub,), "Appointment", "TO"),
            order=Order.START_DESC,
            after="928",
            limit=50,
            fill=("FROM",),
        ),
        "people appointed to the small mission, by name": Level("entity", Ids(appointed), TO_SMALL, limit=50),
        "a nested page of 50 people × 5": Level(
            "claim", Of(people, "Appointment", "FROM"), order=Order.START_ASC, limit=5, fill=ENDS_AND_SOURCES
        ),
        "a nested page of 50 missions × 5": Level(
            "claim", Of(MISSIONS, "Appointment", "TO"), order=Order.START_DESC, limit=5, fill=("FROM",)
        ),
        "three relations deep, anchored": Level("entity", Ids(appointed), All((TO_SMALL, DEEP)), limit=50),
        "three relations deep, for a constant share": Level("entity", Every("Individual"), DEEP, limit=50),
        "three relations deep, by partnerships": Level(
            "entity", Every("Individual"), Some("Appointment", "FROM", PARTNERED), limit=50
        ),
        "the claims of the hub across relations": Level(
            "claim", Of((SHAPE.hub,), ALL, ENDS), order=Order.START_ASC, limit=50, fill=ENDS_AND_SOURCES
        ),
        "the claims of people across relations": Level("claim", Of(people, ALL, ENDS), order=Order.START_ASC, limit=5),
        "actors across kinds": Level("entity", Every("Actor"), limit=50),
        "the claims of 50 facts": Level(
            "claim",
            Of(tuple(fact_id(f"{PAPER}/{number}") for number in range(1, 51)), ALL, FACT),
            order=Order.START_ASC,
            fill=("SOURCE",),
        ),
        "a skeleton under 50 missions": Level(
            "claim", Of(MISSIONS, "Appointment", "TO"), limit=50, fill=("FROM", "TO"), skeleton=True
        ),
    }


QUESTIONS: Final = tuple(questions(Graph(1, SIZES[0], SHAPE)))


@pytest.mark.slow_on_neo4j
@pytest.mark.timeout(600)  # what a Neo4j held before is removed first, and that may be a large graph
def test_no_question_is_answered_by_sorting_or_scanning_what_is_stored(engines: Engines) -> None:
    graph = Graph(1, 1000, SHAPE)
    engine = engines.load(graph.entities(), graph.claims())
    assert {name: found for name, level in questions(graph).items() if (found := engine.wasteful(level))} == {}
    assert engine.wasteful(Level("claim", Matching((exactly((PAPER,)),), "Claim"), order=Order.START_DESC)), (
        "it would be seen"
    )


@pytest.fixture(scope="module")
def costs(engines: Engines) -> Mapping[str, list[float]]:
    """What a returned row of each question costs, at each size."""
    found: dict[str, list[float]] = {name: [] for name in QUESTIONS}
    for size in SIZES:
        graph = Graph(1, size, SHAPE)
        engine = engines.load(graph.entities(), graph.claims())
        for name, level in questions(graph).items():
            found[name].append(engine.work(level) / returned(engine, level))
    return found


def returned(engine: Engine, level: Level) -> int:
    answer = engine.read(level)
    rows = sum(len(page.rows) for page in answer.pages.values())
    assert rows >= 5, "an answer without rows prices nothing"
    return rows + len(answer.filled)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("question", QUESTIONS)
def test_a_returned_row_costs_the_same_in_a_graph_ten_times_as_large(
    costs: Mapping[str, list[float]], question: str
) -> None:
    small, large = costs[question]
    assert large <= MOST * small, f"{question}: {small:.0f} a row at {SIZES[0]} claims, {large:.0f} at {SIZES[1]}"
