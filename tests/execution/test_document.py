"""A document is read once, what is wrong with it is said with its place, and a bomb goes off in nobody's hands."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, parse

from api.execution import document as module
from api.execution.document import Documents, SyntaxFault, ValidationFault
from api.execution.limits import (
    MOST_ALIASES,
    MOST_CHARACTERS,
    MOST_DEPTH,
    MOST_DIRECTIVES,
    MOST_FIELDS,
    MOST_FRAGMENTS,
    MOST_LISTS,
    MOST_OPERATIONS,
    MOST_ROOTS,
    MOST_TOKENS,
    Cyclic,
    analyse,
)
from api.http.errors import MethodNotAllowed
from graph.errors import BadInput, CostExceeded, DepthExceeded, PeacegraphError

SCHEMA = build_schema("type Query { a: Query  b: Int  c(x: [Int!]): Int  l: [Query!]! }")


@pytest.fixture
def documents() -> Documents:
    return Documents(SCHEMA)


def refusal(documents: Documents, text: str, name: str | None = None) -> PeacegraphError:
    with pytest.raises(PeacegraphError) as caught:
        documents.get(text, name)
    return caught.value


# ---- what is kept ---------------------------------------------------------------------------------------------------


def test_a_document_is_read_once(documents: Documents) -> None:
    assert documents.get("{ b }", None) is documents.get("{ b }", None)
    assert documents.get("{ b }", None) is not documents.get("{  b }", None)


def test_the_documents_asked_for_longest_ago_are_forgotten(
    documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 3 * module.CHARACTER * len("{ k0: b }"))
    kept = [documents.get(f"{{ k{number}: b }}", None) for number in range(3)]
    documents.get("{ k0: b }", None)
    documents.get("{ k3: b }", None)
    assert documents.get("{ k0: b }", None) is kept[0]
    assert documents.get("{ k1: b }", None) is not kept[1]


def test_what_is_made_of_a_document_counts_with_it(documents: Documents, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = documents.get("{ b }", None)
    monkeypatch.setattr(module, "MOST_KEPT", 10_000)
    documents.keep(operation, (), object(), 20_000)
    assert documents.get("{ b }", None) is not operation


def test_few_choices_of_include_and_skip_are_kept(documents: Documents) -> None:
    operation = documents.get("query($y: Boolean!) { b @include(if: $y) }", None)
    for number in range(100):
        documents.keep(operation, (number % 2 == 0,) * number, object(), 1)
    assert len(operation.selections) == module.MOST_CHOICES


# ---- which operation ------------------------------------------------------------------------------------------------


def test_an_operation_is_found_by_name_and_a_single_one_without(documents: Documents) -> None:
    text = "query A { b } query B { a { b } }"
    assert documents.get(text, "B").node.name is not None
    assert documents.get("query A { b }", None).node is not None
    assert "name one of A, B" in refusal(documents, text).message
    assert "it has A, B" in refusal(documents, text, "C").message
    assert refusal(documents, "fragment F on Query { b }").code == "GRAPHQL_VALIDATION_FAILED"


def test_anything_but_a_query_is_refused_by_get_before_it_is_looked_at(documents: Documents) -> None:
    with pytest.raises(MethodNotAllowed):
        documents.get("mutation { nothing }", None, is_get=True)
    assert refusal(documents, "mutation { nothing }").code == "GRAPHQL_VALIDATION_FAILED"


# ---- what is wrong --------------------------------------------------------------------------------------------------


def test_faults_of_the_language_and_of_the_schema_are_told_with_their_place(documents: Documents) -> None:
    syntax, unknown = refusal(documents, "{ b "), refusal(documents, "{\n  bb }")
    assert isinstance(syntax, SyntaxFault)
    assert syntax.errors[0]["extensions"] == {"code": "GRAPHQL_PARSE_FAILED"}
    assert isinstance(unknown, ValidationFault)
    assert unknown.errors[0]["locations"] == [{"line": 2, "column": 3}]
    assert unknown.errors[0]["extensions"] == {"code": "GRAPHQL_VALIDATION_FAILED"}


def nested(field: str, depth: int) -> str:
    return f"{{ {f'{field} {{ ' * (depth - 1)} b {'}' * (depth - 1)} }}"


def each(number: int, text: Callable[[int], str]) -> str:
    return " ".join(map(text, range(number)))


LIMITS: list[tuple[str, Callable[[int], str], int, type[PeacegraphError]]] = [
    ("depth", lambda n: nested("a", n), MOST_DEPTH, DepthExceeded),
    ("lists", lambda n: nested("l", n + 1), MOST_LISTS, DepthExceeded),
    ("aliases", lambda n: f"{{ a {{ {each(n, lambda i: f'k{i}: b')} }} }}", MOST_ALIASES, CostExceeded),
    ("fields at the top", lambda n: f"{{ {each(n, lambda i: f'k{i}: b')} }}", MOST_ROOTS, CostExceeded),
    (
        "operations",
        lambda n: each(n, lambda i: f"query Q{i} {{ b }}"),
        MOST_OPERATIONS,
        CostExceeded,
    ),
    (
        "fragments",
        lambda n: f"{{ {each(n, lambda i: f'...F{i}')} }} {each(n, lambda i: f'fragment F{i} on Query {{ k{i}: b }}')}",
        MOST_FRAGMENTS,
        CostExceeded,
    ),
    (
        "directives",
        lambda n: f"{{ a {{ {each(n, lambda i: '... @include(if: true) { b }')} }} }}".replace("{ b }", "{ }"),
        MOST_DIRECTIVES,
        CostExceeded,
    ),
    ("tokens", lambda n: f"{{ c(x: [{'1 ' * (n - 9)}]) }}", MOST_TOKENS, CostExceeded),
    ("characters", "{ b }".ljust, MOST_CHARACTERS, CostExceeded),
]


@pytest.mark.parametrize(("what", "text", "most", "error"), LIMITS, ids=[name for name, *_ in LIMITS])
def test_a_limit_lets_in_as_much_as_it_says_and_no_more(
    documents: Documents, what: str, text: Callable[[int], str], most: int, error: type[PeacegraphError]
) -> None:
    name = "Q0" if what == "operations" else None
    documents.get(text(most), name)
    refused = refusal(documents, text(most + 1), name)
    assert isinstance(refused, error)
    assert f"{most:,}" in refused.message or str(most) in refused.message
    if what in ("depth", "lists"):
        assert refused.message.startswith("a " if what == "depth" else "l ")


def test_one_field_written_many_times_in_one_place_is_refused_before_validation_compares_all_pairs(
    documents: Documents,
) -> None:
    documents.get(f"{{ a {{ {'b ' * 90} }} }}", None)
    assert "write each field once" in refusal(documents, f"{{ a {{ {'b ' * 120} }} }}").message


def test_a_document_that_the_parser_could_not_hold_is_too_deep(documents: Documents) -> None:
    for text in ("{ a " * 5_000, f"{{ c(x: {'[' * 5_000}1{']' * 5_000}) }}", f"{{ {'... { ' * 5_000}"):
        assert refusal(documents, text).code == "DEPTH_EXCEEDED"


def test_the_schema_is_not_asked_for_over_and_over(documents: Documents) -> None:
    documents.get(get_introspection_query(), None)
    for text in (
        f"{{ __schema {{ {each(11, lambda i: f'k{i}: types {{ name }}')} }} }}",
        f"{{ {each(11, lambda i: f'k{i}: __schema {{ types {{ name }} }}')} }}",
        f"{{ {each(3, lambda i: '...F ... on Query { ...F }')} }} fragment F on Query {{ __schema {{ {SELECTED} }} }}",
    ):
        assert refusal(documents, text).message.startswith("__schema has ")


SELECTED = " ".join("types { name kind description fields { name description args { name } } }" for _ in range(10))


# ---- bombs ----------------------------------------------------------------------------------------------------------


def bomb(length: int) -> str:
    """Fragments that spread each other twice: fields double with each."""
    chain = (f"fragment F{i} on Query {{ a {{ ...F{i + 1} }} k: a {{ ...F{i + 1} }} }}" for i in range(length))
    return f"{{ ...F0 }} {' '.join(chain)} fragment F{length} on Query {{ b }}"


def test_a_bomb_of_chained_fragments_is_refused_with_its_size(documents: Documents) -> None:
    refused = refusal(documents, bomb(20))
    assert refused.code == "COST_EXCEEDED"
    assert "1048575 fields under an alias" in refused.message


def test_a_short_bomb_is_refused_as_well(documents: Documents) -> None:
    text = bomb(12)
    assert len(text) < 700
    assert refusal(documents, text).code == "COST_EXCEEDED"


def test_a_bomb_that_no_operation_sets_off_is_refused_as_well(documents: Documents) -> None:
    assert refusal(documents, bomb(20).replace("{ ...F0 }", "{ b }")).code == "COST_EXCEEDED"


def steps(work: Callable[[], Any]) -> int:
    """Calls of Python functions that some work takes."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        work()
    except PeacegraphError:
        pass
    finally:
        sys.setprofile(None)
    return calls


def test_analysing_a_bomb_takes_less_work_than_parsing_it() -> None:
    for length in (10, 20, 40):
        node = parse(bomb(length))
        assert steps(partial(analyse, node, SCHEMA)) < steps(partial(parse, bomb(length)))


def test_fragments_that_spread_themselves_are_refused_with_the_chain(documents: Documents) -> None:
    text = "{ ...A } fragment A on Query { a { ...B } } fragment B on Query { a { ...A } }"
    refused = refusal(documents, text)
    assert isinstance(refused, Cyclic)
    assert "A → B → A" in refused.message
    assert refused.code == "GRAPHQL_VALIDATION_FAILED"


def test_an_unknown_operation_of_a_document_is_named(documents: Documents) -> None:
    with pytest.raises(BadInput, match="one without a name"):
        documents.get("{ b }", "Q")


def test_fields_are_counted_with_fragments_written_out(documents: Documents) -> None:
    tops = " ".join(f"k{number}: a {{ ...F }}" for number in range(50))
    fields = " ".join("... on Query { a { b } l { b } }" for _ in range(15))
    refused = refusal(documents, f"{{ {tops} }} fragment F on Query {{ {fields} }}")
    assert f"{50 * 61} fields, with fragments written out, {50 * 61 - MOST_FIELDS} more" in refused.message
