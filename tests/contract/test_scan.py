"""A scan of everything, page by page, gives what was loaded, on every engine the same."""

from dataclasses import replace

import pytest

from bench.generate import Graph, Shape
from graph.plan import Every, Level, Order
from tests.engines import Engine, Engines, plain, walk
from tests.oracle import Oracle

GRAPH = Graph(7, 300, Shape("Appointment", "TO", "Mission"))
LEVELS = (
    Level("entity", Every("Entity")),
    Level("entity", Every("Entity"), order=Order.NAME_DESC),
    Level("claim", Every("Claim"), order=Order.START_ASC),
    Level("claim", Every("Claim"), order=Order.START_DESC),
)


@pytest.fixture(scope="module")
def store(engines: Engines) -> Engine:
    return engines.load(GRAPH.entities(), GRAPH.claims())


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(GRAPH.entities(), GRAPH.claims())


@pytest.mark.parametrize("level", LEVELS)
def test_a_scan_gives_every_row_once_as_it_was_loaded(store: Engine, oracle: Oracle, level: Level) -> None:
    assert plain(store.read(level)) == plain(oracle.read(level))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("backward", [False, True])
def test_a_scan_by_pages_gives_the_same_rows(store: Engine, oracle: Oracle, level: Level, backward: bool) -> None:
    whole = tuple(row.id for row in oracle.read(level).pages[None].rows)
    assert walk(store, replace(level, backward=backward, limit=60)) == whole
