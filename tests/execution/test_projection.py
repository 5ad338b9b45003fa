"""The compiled projection answers as graphql-core does from the same store, byte for byte; and it stays small."""

from collections.abc import Iterator
from random import Random

import orjson
import pytest

from api.execution.execute import Engine, Selection
from api.execution.project import compiled
from api.execution.select import MOST_NAMES
from graph.stores.sqlite.store import SqliteStore
from tests.execution.asker import Asker
from tests.execution.conftest import SHAPE
from tests.execution.engine import Holed, Inline, ask, data, error, no_other
from tests.execution.reference import Reference

FEW, MANY = range(60), range(1_000, 3_000)


def ids_of(reference: Reference, store: SqliteStore) -> list[str]:
    """Some of everything: entities, claims, merged ids, and what names nothing."""
    hubs = [SHAPE.hub, SHAPE.small]
    return [*list(reference.documents)[::5], *store.about_now().redirects, *hubs, "Mission:unknown", "synthetic/99999"]


def careful(engine: Engine) -> None:
    """From now on the document asked for last is answered by the careful projection."""

    def kept(selection: Selection) -> None:
        made = compiled(selection.roots, careful=True)
        roots = tuple(root and (lambda d, c, root=root: root(d, c, ())) for root in made.roots)
        selection.projection = type(made)(roots, made.chosen, made.source, made.names)

    last = next(reversed(engine._documents._kept.values()))
    for operation in last.operations.values():
        for selection in operation.selections.values():
            kept(selection)


def agrees(engine: Engine, reference: Reference, seed: int, ids: list[str]) -> None:
    text, variables = Asker(Random(seed), ids).document()
    body = ask(engine, text, variables)
    assert "errors" not in body, f"seed {seed}: {body['errors']}\n{text}\n{variables}"
    wanted = reference.answer(text, variables)
    assert wanted.errors is None, f"seed {seed}: {wanted.errors}"
    found = orjson.dumps(body["data"])
    assert found == orjson.dumps(wanted.data), f"seed {seed}\n{text}\n{variables}"
    careful(engine)
    assert orjson.dumps(ask(engine, text, variables)["data"]) == found, f"seed {seed}, carefully\n{text}\n{variables}"


@pytest.mark.parametrize("seed", FEW)
def test_random_documents_are_answered_as_graphql_core_answers_them(
    engine: Engine, reference: Reference, store: SqliteStore, seed: int
) -> None:
    agrees(engine, reference, seed, ids_of(reference, store))


@pytest.mark.slow
@pytest.mark.timeout(1_500)
def test_many_random_documents_are_answered_as_graphql_core_answers_them(
    engine: Engine, reference: Reference, store: SqliteStore
) -> None:
    ids = ids_of(reference, store)
    for seed in MANY:
        agrees(engine, reference, seed, ids)


@pytest.fixture(scope="session")
def holed(store: SqliteStore) -> Reference:
    return Reference(Holed(store), store.about_now())


@pytest.mark.parametrize("seed", range(5_000, 5_040))
def test_null_where_there_may_be_none_rises_as_graphql_core_lets_it_rise(
    holed: Reference, store: SqliteStore, seed: int
) -> None:
    """A document that lacks what the schema promises is a fault of ours; the answer says where, and holds the rest."""
    engine = Engine(Inline(Holed(store), store.about_now()), no_other)
    text, variables = Asker(Random(seed), ids_of(holed, store)).document()
    body, wanted = ask(engine, text, variables), holed.answer(text, variables)
    assert orjson.dumps(body["data"]) == orjson.dumps(wanted.data), f"{text}\n{variables}"
    paths = {tuple(fault["path"]) for fault in body.get("errors", ())}
    theirs = {tuple(fault.path or ()) for fault in wanted.errors or ()}
    # Where all of the data is null, graphql-core leaves the other fields of the top unanswered.
    assert paths == theirs if wanted.data is not None else paths >= theirs, f"{text}\n{variables}"
    assert {fault["extensions"]["code"] for fault in body.get("errors", ())} <= {"INTERNAL"}


def names(engine: Engine) -> int:
    found: Iterator[int] = (
        selection.projection.names
        for document in engine._documents._kept.values()
        for operation in document.operations.values()
        for selection in operation.selections.values()
    )
    return max(found)


def test_a_selection_that_could_multiply_by_the_types_at_every_level_compiles_to_few_functions(engine: Engine) -> None:
    """Compiled anew for every type at every level this was 1.4 million functions."""
    data(
        engine,
        "{ claims(first: 1) { nodes { ends { claims(first: 1) { nodes { ends { claims(first: 1) { nodes { id"
        " kind } } } } } } } } }",
    )
    assert names(engine) <= 20


def test_selections_that_multiply_by_types_are_refused_with_what_would_pass(engine: Engine) -> None:
    """Within every other limit: each alias asks each of several kinds for the same."""
    ends = " ".join(f"k{number}: ends {{ id kind }}" for number in range(190))
    code, message = error(engine, f"{{ claims(first: 1) {{ nodes {{ {ends} }} }} }}")
    assert code == "COST_EXCEEDED"
    assert f"more than {MOST_NAMES} selections" in message
    assert "fewer types" in message


def test_no_text_of_a_client_is_compiled(engine: Engine) -> None:
    data(engine, "{ zzz: claims(first: 1) { yyy: nodes { xxx: id www: ends { vvv: name } uuu: __typename } } }")
    (document,) = engine._documents._kept.values()
    (operation,) = document.operations.values()
    (selection,) = operation.selections.values()
    source = selection.projection.source + compiled(selection.roots, careful=True).source
    assert not any(alias in source for alias in ("zzz", "yyy", "xxx", "www", "vvv", "uuu"))
    assert "__import__" not in source
