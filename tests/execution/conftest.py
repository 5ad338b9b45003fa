"""The graph that the pipeline is tested on: small, dense, with everything that a document may hold."""

from dataclasses import replace

import pytest

from api.execution.execute import Engine
from bench.generate import Graph, Shape
from graph.stores.sqlite.builder import build
from graph.stores.sqlite.store import SqliteStore
from tests.execution.engine import Inline, no_other
from tests.execution.reference import Reference

SHAPE = Shape("Appointment", "TO", "Mission", hub_share=0.1, few=20, holders=0.06, others=0.03)

FORMER = "Mission:synthetic-former"
"""An id that was merged into that of `SHAPE.small`."""


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    graph = Graph(3, 1_200, SHAPE)
    entities = (replace(each, merged_from=(FORMER,)) if each.id == SHAPE.small else each for each in graph.entities())
    folder = tmp_path_factory.mktemp("releases")
    return SqliteStore(build(entities, graph.claims(), folder, digest="of the tests", schema="of the tests"))


@pytest.fixture(scope="session")
def reference(store: SqliteStore) -> Reference:
    return Reference(store, store.about_now())


@pytest.fixture
def reader(store: SqliteStore) -> Inline:
    return Inline(store, store.about_now())


@pytest.fixture
def engine(reader: Inline) -> Engine:
    return Engine(reader, no_other)
