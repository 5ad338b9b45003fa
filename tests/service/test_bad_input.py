"""Bad input gets an error for people with a stable code, and the service goes on."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.service.conftest import Ask

LEAKS = re.compile(r"Traceback|File \"|SELECT |MATCH \(|sqlite3|neo4j\.|Cypher|line \d+, in", re.I)
"""What no message may show: a stack trace, or a store's text."""


@pytest.fixture(autouse=True)
def goes_on(ask: Ask) -> Iterator[None]:
    """Whatever was asked, the next question is answered."""
    yield
    assert ask("{ dataset { release } }")["data"]["dataset"]["release"]


def chained(fragments: int) -> str:
    """Fragments of which each spreads the next twice: their expansion doubles with each."""
    chain = "".join(f"fragment f{i} on Query {{ ...f{i + 1} ...f{i + 1} }} " for i in range(fragments))
    return f"{{ ...f0 }} {chain} fragment f{fragments} on Query {{ __typename }}"


def nested(levels: int) -> str:
    """A document about three times as deep as `levels`."""
    inner = "id"
    for _ in range(levels):
        inner = f"ends {{ claims {{ nodes {{ {inner} }} }} }}"
    return f"{{ claims {{ nodes {{ {inner} }} }} }}"


PAGE = "{ missions(%s) { nodes { id } } }"
NODES = "{ nodes(ids: [%s]) { id } }"
ALL = "{ %s }"
ALIASES = "{ missions { nodes { %s } } }"
WHERE = "{ appointments(where: %s) { nodes { id } } }"


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("{ missionz { nodes { id } } }", "GRAPHQL_VALIDATION_FAILED", "missionz"),
        ("{ missions { nodes { nam } } }", "GRAPHQL_VALIDATION_FAILED", "nam"),
        ("{ missions { nodes { id } ", "GRAPHQL_PARSE_FAILED", "Syntax"),
        (PAGE % 'first: "ten"', "GRAPHQL_VALIDATION_FAILED", "Int"),
        (WHERE % "{ role: null }", "BAD_FILTER", "where.role is null"),
        (WHERE % "{ to: { id: { in: [] } } }", "BAD_FILTER", "where.to.id.in is an empty list"),
        (WHERE % '{ during: { overlaps: { date: "2011-02-29" } } }', "BAD_DATE", "2011-02-29"),
        (WHERE % '{ during: { overlaps: { date: "yesterday" } } }', "BAD_DATE", "yesterday"),
        (WHERE % '{ during: { overlaps: { node: "Mission:nowhere" } } }', "BAD_FILTER", "Mission:nowhere"),
        (PAGE % "first: 0", "BAD_PAGE", "500"),
        (PAGE % "first: -1", "BAD_PAGE", "500"),
        (PAGE % "first: 1000000", "BAD_PAGE", "500"),
        (PAGE % "first: 2, last: 2", "BAD_PAGE", "first"),
        (PAGE % 'first: 2, before: "x"', "BAD_PAGE", "before"),
        (PAGE % 'first: 2, after: "forged"', "BAD_CURSOR", "cursor"),
        (NODES % ", ".join(f'"Mission:{i}"' for i in range(10_000)), "COST_EXCEEDED", "65536"),
        (ALL % " ".join(f"a{i}: __typename" for i in range(300)), "COST_EXCEEDED", "50 that pass"),
        (ALIASES % " ".join(f"a{i}: id" for i in range(300)), "COST_EXCEEDED", "alias"),
        (nested(20), "DEPTH_EXCEEDED", "deep"),
        (chained(40), "COST_EXCEEDED", ""),
        ("{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", "", ""),
        ('{ search(text: "\\u0000") { truncated } }', "BAD_INPUT", ""),
        ('{ search(text: "...") { truncated } }', "BAD_INPUT", "word"),
        ('{ resolve(names: ["a", "\\u0000"]) { asked } }', "BAD_INPUT", "names[1]"),
        ('{ resolve(names: []) { asked } }', "BAD_INPUT", "1 to 100"),
        (f'{{ resolve(names: ["{"a" * 5_000}"]) {{ asked }} }}', "COST_EXCEEDED", "200 pass"),
        ('{ missions(reading: { release: 999 }) { nodes { id } } }', "BAD_INPUT", "999"),
        ('{ missions(reading: { polarity: [] }) { nodes { id } } }', "BAD_FILTER", "polarity"),
        ('{ neighbourhood(ids: ["State:mali"], depth: 9) { truncated } }', "BAD_INPUT", "depth"),
        ("mutation { x }", "", ""),
    ],
)  # fmt: skip
def test_bad_input_has_a_code_and_says_what_would_pass(query: str, code: str, says: str, ask: Ask) -> None:
    answer = ask(query)
    error = answer["errors"][0]
    assert re.fullmatch(r"[A-Z_]+", error["extensions"]["code"])
    assert error["extensions"]["code"] == (code or error["extensions"]["code"])
    assert error["extensions"]["code"] != "INTERNAL"
    assert says in error["message"]
    assert not LEAKS.search(error["message"])


def test_a_truncated_and_a_foreign_cursor_are_told_apart(ask: Ask) -> None:
    cursor = ask("{ missions(first: 1) { edges { cursor } } }")["data"]["missions"]["edges"][0]["cursor"]

    def code(field: str, value: str) -> str:
        answer = ask(f'{{ {field}(first: 1, after: "{value}") {{ nodes {{ id }} }} }}')
        return str(answer["errors"][0]["extensions"]["code"])

    assert code("states", cursor) == "CURSOR_MISMATCH"
    assert code("missions", cursor[:8]) == "BAD_CURSOR"
    assert code("missions", "§") == "BAD_CURSOR"


def test_ten_thousand_ids_are_too_many(ask: Ask) -> None:
    answer = ask("query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [f"Mission:{i}" for i in range(10_000)]})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_INPUT"
    assert "1000 pass" in answer["errors"][0]["message"].replace(",", "")


def test_an_unknown_id_is_null_and_told(ask: Ask) -> None:
    answer = ask('{ node(id: "Mission:nowhere") { id } nodes(ids: ["State:mali", "x/9"]) { id } }')
    assert answer["data"] == {"node": None, "nodes": [{"id": "State:mali"}, None]}
    assert sorted(answer["extensions"]["missing"]) == ["Mission:nowhere", "x/9"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "MALFORMED_JSON"),
        (b'{"query": "{ __typename }"}', {"content-type": "text/plain"}, 415, "BAD_CONTENT_TYPE"),
        (b'[{"query": "{ __typename }"}]', {}, 400, "BATCH_NOT_SUPPORTED"),
        (b'{"query": "' + b"#" * 1_000_000 + b'"}', {}, 413, "TOO_LARGE"),
        (b'{"query": "{ __typename } \\u0000"}', {}, 400, "BAD_REQUEST"),
        (b'{"query": "{ __typename }", "variables": {"a": "\\ud800"}}', {}, 400, "BAD_REQUEST"),
    ],
)
def test_bad_requests_have_a_code(body: bytes, headers: dict[str, str], status: int, code: str, service: str) -> None:
    answer = httpx.post(f"{service}/graphql", content=body, headers={"content-type": "application/json"} | headers)
    assert answer.status_code == status
    error: dict[str, Any] = answer.json()["errors"][0]
    assert error["extensions"]["code"] == code
    assert not LEAKS.search(error["message"])


def test_values_that_look_like_a_stores_text_are_only_values(ask: Ask) -> None:
    for evil in ("'; DROP TABLE entity; --", '" OR 1=1 --', "`}) DETACH DELETE n //", "$p0", "\\", "%_"):
        query = "query Q($t: String!) { missions(where: { name: { contains: $t } }) { nodes { id } } }"
        assert ask(query, {"t": evil})["data"] == {"missions": {"nodes": []}}
