"""Questions from text to bytes on SQLite: what is read, how often, and what is said when something is wrong."""

import asyncio
from typing import Any

import orjson
import pytest
from graphql import get_introspection_query, graphql_sync

from api.execution import runtime
from api.execution.execute import Engine
from api.http.request import GraphQLRequest
from api.schema import CORE
from graph.errors import BadInput, StoreUnavailable
from graph.stores.sqlite.store import SqliteStore
from graph.walk import Result, Walk
from tests.execution.conftest import FORMER, SHAPE
from tests.execution.engine import AtHand, Holed, Inline, ask, data, error, no_other
from tests.execution.reference import Reference

HUB, SMALL = SHAPE.hub, SHAPE.small


def document(reference: Reference, *needs: str, kind: str | None = None) -> Any:
    """The first document in which all of these hold something."""
    return next(
        each
        for each in reference.documents.values()
        if all(each.get(need) for need in needs) and kind in (None, each["kind"])
    )


# ---- how often the store is asked -----------------------------------------------------------------------------------


def test_partners_of_partners_in_a_theatre_take_one_read_a_level(
    engine: Engine, reader: Inline, reference: Reference
) -> None:
    theatre = next(
        id
        for claim in reference.documents.values()
        if claim["kind"] == "PARTNERSHIP" and (claim["polarity"], claim["modality"]) == ("ASSERTED", "ACTUAL")
        if claim["certainty"] == "STATED"
        for id in claim["theatres"]
        if ":" in id
    )
    found = data(
        engine,
        """query($theatre: ID!) {
          partnerships(where: { theatres: { some: { id: { eq: $theatre } } } }, first: 10,
                       reading: { asOf: { date: "1940/2030" }, match: UNDATED }) {
            nodes {
              ends { name partnerships(first: 5) { edges { match other { id name } } } }
              citations { locator source { title } }
            }
          }
        }""",
        {"theatre": theatre},
    )
    assert found["partnerships"]["nodes"]
    assert (reader.results[-1].rounds, reader.results[-1].calls) == (2, 2)


@pytest.mark.parametrize(
    ("selection", "calls"),
    [
        ("nodes { id }", 1),
        ("nodes { id from { name } to { name } citations { source { title } } theatres { id kind } }", 1),
        ("__typename", 0),
        ("totalCount", 1),
        ("nodes { id } totalCount leftOut { denied undated }", 2),
        ("nodes { from { id } to { id } }", 1),
        ("nodes { from { name appointments(first: 2) { nodes { id } totalCount } } }", 3),
        ("nodes { conflictsWith { id ends { id } } }", 1),
        ("nodes { conflictsWith { ends { name } } }", 2),
        ("nodes { from { aliases { source { title } } } }", 3),
        ("factCount", 1),
        ("nodes { id } totalCount factCount leftOut { denied undated }", 2),
        ("nodes { fact { id } }", 1),
        ("nodes { fact { differ during { start { edtf } } claims { id citations { source { title } } } } }", 2),
        ("nodes { fact { claims { fact { claims { id } } } } }", 3),
        ("nodes { fact { during { anchors { node { id kind } } } } a: fact { differ } }", 2),
        ("nodes { conflictsWith { id fact { id } } }", 1),
        ("nodes { conflictsWith { fact { claims { id } } } }", 3),
        ("facets(by: ROLE) { value count }", 1),
        ("facets(by: TO) { value node { id } }", 1),
        ("facets(by: TO) { value node { name } } roles: facets(by: ROLE) { count } totalCount", 4),
        ("nodes { from { appointments { facets(by: TO) { count } } } }", 2),
    ],
)
def test_calls_are_one_a_level_and_one_for_what_is_counted(
    engine: Engine, reader: Inline, selection: str, calls: int
) -> None:
    body = ask(engine, f"{{ appointments(first: 200) {{ {selection} }} }}")
    assert "errors" not in body
    assert reader.results[-1].calls == calls
    assert body["extensions"]["cost"]["calls"] == calls


def test_a_fact_is_told_by_those_of_its_claims_that_take_part(engine: Engine, reference: Reference) -> None:
    facts: dict[str, list[Any]] = {}
    for each in reference.documents.values():
        if "fact" in each:
            facts.setdefault(each["fact"], []).append(each)
    told = "fact { id claims { id polarity modality certainty } }"
    seen = 0
    for fact, claims in facts.items():
        if len(claims) > 1:
            (first, *_) = claims
            node = data(engine, f'{{ node(id: "{first["id"]}") {{ ... on Claim {{ {told} }} }} }}')["node"]["fact"]
            part = [each["id"] for each in claims if usual(each)]
            assert (node["id"], sorted(each["id"] for each in node["claims"])) == (fact, sorted(part))
            seen += 0 < len(part) < len(claims)
    assert seen, "some facts are told by claims that take part and by others"


def usual(claim: Any) -> bool:
    standing = (claim["polarity"], claim["modality"])
    return standing == ("ASSERTED", "ACTUAL") and claim["certainty"] != "ALLEGATION"


def test_facts_are_counted_as_they_are_told(engine: Engine) -> None:
    found = data(engine, "{ appointments(first: 500) { totalCount factCount nodes { fact { id } } } }")["appointments"]
    assert found["totalCount"] == len(found["nodes"]) > found["factCount"]
    assert found["factCount"] == len({node["fact"]["id"] for node in found["nodes"]})


def test_facets_count_what_the_list_holds_also_where_it_starts_from_a_node(engine: Engine) -> None:
    where = f'where: {{ to: {{ id: {{ eq: "{SMALL}" }} }} }}'
    asked = "totalCount facets(by: ROLE, first: 500) { value count } nodes { role }"
    root = data(engine, f"{{ appointments(first: 500, {where}) {{ {asked} }} }}")["appointments"]
    nested = f'{{ node(id: "{SMALL}") {{ ... on Mission {{ appointees(first: 500) {{ {asked} }} }} }} }}'
    assert data(engine, nested)["node"]["appointees"] == root
    roles = [node["role"] for node in root["nodes"]]
    assert {each["value"]: each["count"] for each in root["facets"]} == {role: roles.count(role) for role in roles}
    assert sum(each["count"] for each in root["facets"]) == root["totalCount"] > 5


def test_a_facet_by_nodes_shows_them_with_all_that_a_node_has(engine: Engine) -> None:
    node = "node { id ... on Mission { appointees { totalCount } } }"
    asked = f"{{ appointments {{ facets(by: TO, distinct: FROM, first: 3) {{ value count {node} }} }} }}"
    found = data(engine, asked)["appointments"]["facets"]
    assert [each["node"]["id"] for each in found] == [each["value"] for each in found]
    assert found[0]["value"] == HUB
    assert found[0]["node"]["appointees"]["totalCount"] >= found[0]["count"]


def test_a_claim_that_fills_a_role_is_a_value_without_an_entity(engine: Engine) -> None:
    asked = "{ appointments { facets(by: APPOINTED_BY, first: 500) { value node { id } } } }"
    found = data(engine, asked)["appointments"]["facets"]
    nodes = {each["value"]: each["node"] and each["node"]["id"] for each in found}
    assert {value for value, node in nodes.items() if value == node and node is not None}
    assert {value for value, node in nodes.items() if node is None} > {None}, "claims, and what is not said"
    assert all(node in (None, value) for value, node in nodes.items())


def test_a_facet_takes_variables_of_each_request(engine: Engine) -> None:
    text = "query($by: AppointmentFacet!, $n: Int) { appointments { facets(by: $by, first: $n) { value } } }"
    one = data(engine, text, {"by": "ROLE", "n": 1})["appointments"]["facets"]
    more = data(engine, text, {"by": "TO", "n": 2})["appointments"]["facets"]
    assert (len(one), len(more), more[0]["value"]) == (1, 2, HUB)


def test_a_connection_of_which_only_the_number_is_asked_reads_no_row(engine: Engine, reader: Inline) -> None:
    assert data(engine, "{ claims { totalCount } }")["claims"]["totalCount"] > 100
    assert reader.results[-1].documents == {}


def test_of_nodes_of_which_only_the_id_is_asked_nothing_is_read(engine: Engine, reader: Inline) -> None:
    data(engine, "{ appointments(first: 3) { nodes { from { id } to { it: id } } } }")
    assert all(":" not in id for id in reader.results[-1].documents)


# ---- by id ----------------------------------------------------------------------------------------------------------


def test_nodes_come_in_the_order_of_their_ids_with_null_for_what_names_nothing(engine: Engine) -> None:
    ids = ["synthetic/2", "Mission:unknown", HUB, FORMER, HUB]
    body = ask(engine, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids})
    assert [node and node["id"] for node in body["data"]["nodes"]] == ["synthetic/2", None, HUB, SMALL, HUB]
    assert body["extensions"]["missing"] == ["Mission:unknown"]
    assert body["extensions"]["merged"] == {FORMER: SMALL}


def test_one_node_answers_by_a_merged_id_and_is_null_for_an_unknown_one(engine: Engine) -> None:
    assert data(engine, f'{{ node(id: "{FORMER}") {{ id }} }}') == {"node": {"id": SMALL}}
    body = ask(engine, '{ node(id: "Mission:unknown") { id } }')
    assert body["data"] == {"node": None}
    assert body["extensions"]["missing"] == ["Mission:unknown"]


def test_a_network_leaves_out_what_names_nothing_and_says_so(engine: Engine) -> None:
    body = ask(engine, f'{{ neighbourhood(ids: ["{SMALL}", "State:unknown"], maxNodes: 5) {{ entities {{ id }} }} }}')
    assert body["data"]["neighbourhood"]["entities"][0] == {"id": SMALL}
    assert all(node["id"] != "State:unknown" for node in body["data"]["neighbourhood"]["entities"])
    assert body["extensions"]["missing"] == ["State:unknown"]


# ---- selections -----------------------------------------------------------------------------------------------------


def test_one_response_key_under_two_types_is_two_connections(engine: Engine, reference: Reference) -> None:
    person = document(reference, "name", kind="INDIVIDUAL")["id"]
    found = data(
        engine,
        """query($ids: [ID!]!) { nodes(ids: $ids) { id
          ... on Mission { it: appointees(first: 2) { totalCount nodes { to { id } } } }
          ... on Individual { it: appointments(first: 1) { totalCount nodes { from { id } } } } } }""",
        {"ids": [HUB, person, SMALL]},
    )
    hub, one, small = (node["it"] for node in found["nodes"])
    assert (len(hub["nodes"]), len(small["nodes"])) == (2, 2)
    assert all(row["to"]["id"] == HUB for row in hub["nodes"])
    assert len(one["nodes"]) <= 1
    assert all(row["from"]["id"] == person for row in one["nodes"])


def test_the_other_end_of_a_claim_is_not_the_parent_and_at_a_root_there_is_none(engine: Engine) -> None:
    found = data(
        engine, f'{{ node(id: "{SMALL}") {{ ... on Mission {{ appointees {{ edges {{ other {{ id }} }} }} }} }} }}'
    )
    assert all(edge["other"]["id"] != SMALL for edge in found["node"]["appointees"]["edges"])
    assert data(engine, "{ claims(first: 1) { edges { other { id } } } }")["claims"]["edges"] == [{"other": None}]


def test_from_the_other_end_a_way_leads_on_that_does_not_lead_back(engine: Engine, reader: Inline) -> None:
    data(
        engine,
        f'{{ node(id: "{SMALL}") {{ ... on Mission {{ appointees(first: 3) {{ edges {{ other {{ claims(first: 1) '
        "{ nodes { id } } } } } } } }",
    )
    last = max(reader.results[-1].connections)
    assert SMALL not in reader.results[-1].connections[last].pages


def test_include_and_skip_follow_the_variables_of_each_request(engine: Engine) -> None:
    claims = "totalCount @include(if: $y) pageInfo @skip(if: $y) { hasNextPage }"
    text = f"query($y: Boolean!) {{ claims(first: 1) {{ {claims} }} }}"
    assert list(data(engine, text, {"y": True})["claims"]) == ["totalCount"]
    assert list(data(engine, text, {"y": False})["claims"]) == ["pageInfo"]


# ---- pages ----------------------------------------------------------------------------------------------------------

PAGE = """query($first: Int, $after: String, $last: Int, $before: String) {
  actors(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def page(engine: Engine, **given: Any) -> tuple[list[str], dict[str, Any]]:
    found = data(engine, PAGE, given)["actors"]
    return [edge["node"]["id"] for edge in found["edges"]], found["pageInfo"]


def test_pages_lead_through_all_rows_forwards_and_backwards(engine: Engine) -> None:
    whole, _ = page(engine, first=500)
    for size, steps in (
        (7, ("first", "after", "endCursor", "hasNextPage")),
        (9, ("last", "before", "startCursor", "hasPreviousPage")),
    ):
        walked: list[str] = []
        given: dict[str, Any] = {steps[0]: size}
        while True:
            ids, info = page(engine, **given)
            walked = walked + ids if steps[0] == "first" else ids + walked
            if not info[steps[3]]:
                break
            given[steps[1]] = info[steps[2]]
        assert walked == whole


def test_flags_say_what_lies_on_either_side(engine: Engine) -> None:
    _, first = page(engine, first=3)
    assert (first["hasPreviousPage"], first["hasNextPage"]) == (False, True)
    _, second = page(engine, first=3, after=first["endCursor"])
    assert (second["hasPreviousPage"], second["hasNextPage"]) == (True, True)
    ids, back = page(engine, last=3, before=second["startCursor"])
    assert len(ids) == 3
    assert (back["hasPreviousPage"], back["hasNextPage"]) == (False, True)


def test_a_nested_cursor_is_good_under_a_single_parent_however_it_was_reached(engine: Engine) -> None:
    nested = "appointees(first: 2%s) { edges { cursor node { id } } }"
    missions = data(engine, f'{{ nodes(ids: ["{HUB}", "{SMALL}"]) {{ ... on Mission {{ {nested % ""} }} }} }}')["nodes"]
    cursor = missions[1]["appointees"]["edges"][0]["cursor"]
    after = nested % f', after: "{cursor}"'
    found = data(engine, f'{{ node(id: "{SMALL}") {{ ... on Mission {{ k: {after} }} }} }}')["node"]["k"]["edges"]
    assert found[0] == missions[1]["appointees"]["edges"][1]
    two = f'{{ nodes(ids: ["{HUB}", "{SMALL}"]) {{ ... on Mission {{ {after} }} }} }}'
    assert error(engine, two)[0] == "BAD_CURSOR"
    assert error(engine, f'{{ node(id: "{HUB}") {{ ... on Mission {{ {after} }} }} }}')[0] == "CURSOR_MISMATCH"


def test_behind_the_end_of_a_list_nothing_is_absent(engine: Engine) -> None:
    nested = "appointees(first: 500%s) { pageInfo { endCursor } nodes { id } absence { verdict } }"
    found = data(engine, f'{{ node(id: "{SMALL}") {{ ... on Mission {{ {nested % ""} }} }} }}')["node"]["appointees"]
    after = nested % f', after: "{found["pageInfo"]["endCursor"]}"'
    behind = data(engine, f'{{ node(id: "{SMALL}") {{ ... on Mission {{ {after} }} }} }}')["node"]["appointees"]
    assert (behind["nodes"], behind["absence"]) == ([], None)


# ---- what is wrong --------------------------------------------------------------------------------------------------


def test_what_is_wrong_with_one_root_is_told_beside_the_others(engine: Engine) -> None:
    body = ask(
        engine,
        f'{{ good: node(id: "{HUB}") {{ id }} bad: node(id: "x", reading: {{ asOf: {{ date: "soon" }} }}) {{ id }} }}',
    )
    assert body["data"] == {"good": {"id": HUB}, "bad": None}
    (fault,) = body["errors"]
    assert (fault["path"], fault["extensions"]["code"]) == (["bad"], "BAD_DATE")


def test_what_only_the_walk_finds_wrong_is_told_of_the_right_root(engine: Engine) -> None:
    body = ask(engine, f'{{ good: node(id: "{HUB}") {{ id }} bad: claims(first: 1, after: "!") {{ totalCount }} }}')
    assert body["data"] is None  # `claims` may not be null
    assert [fault["path"] for fault in body["errors"]] == [["bad"]]
    assert body["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("{ claims(first: 0) { totalCount } }", "BAD_PAGE", "1 to 500"),
        ("{ claims(first: -1) { totalCount } }", "BAD_PAGE", "1 to 500"),
        ("{ claims(first: 1000000) { totalCount } }", "BAD_PAGE", "1 to 500"),
        ("{ claims(first: 1, last: 1) { totalCount } }", "BAD_PAGE", "do not go together"),
        ("{ claims(where: null) { totalCount } }", "BAD_FILTER", "where is null"),
        ("{ claims(where: { id: { in: [] } }) { totalCount } }", "BAD_FILTER", "where.id.in"),
        (
            '{ claims(where: { during: { overlaps: { date: "2011-02-30" } } }) { totalCount } }',
            "BAD_DATE",
            "2011-02-30",
        ),
        ("{ missions(first: 2) { nodes { appointees(first: 0) { totalCount } } } }", "BAD_PAGE", "missions.appointees"),
        ("{ appointments { facets(by: ROLE, first: 0) { count } } }", "BAD_PAGE", "appointments.facets.first is 0"),
        ("{ appointments { facets(by: ROLE, first: 501) { count } } }", "BAD_PAGE", "1 to 500"),
        ("{ appointments { facets(by: ROLE, first: null) { count } } }", "BAD_FILTER", "facets.first is null"),
        ("{ appointments { facets(by: ROLE, distinct: OTHER) { count } } }", "BAD_FILTER", "FACT, FROM, TO would"),
        ("{ partnerships { facets(by: END, distinct: FROM) { count } } }", "BAD_FILTER", "CLAIM, FACT would pass"),
        (
            "{ claims(first: 500) { nodes { ends { claims(first: 500) { nodes { id } } } } } }",
            "COST_EXCEEDED",
            "first:",
        ),
    ],
)
def test_bad_arguments_are_refused_with_what_would_pass(engine: Engine, text: str, code: str, says: str) -> None:
    found, message = error(engine, text)
    assert found == code, message
    assert says in message


def test_variables_that_do_not_fit_are_an_answer_without_data(engine: Engine) -> None:
    text = "query($first: Int!, $w: ClaimWhere) { claims(first: $first, where: $w) { totalCount } }"
    for variables in ({}, {"first": "x"}, {"first": 1, "w": {"colour": {"eq": "red"}}}, {"first": 2**40}):
        answer = asyncio.run(_answer(engine, text, variables))
        body = orjson.loads(answer.body)
        assert answer.code == "BAD_INPUT"
        assert "data" not in body
        assert body["errors"][0]["locations"]


def test_an_empty_list_of_roles_is_refused_before_anything_is_read(engine: Engine, reader: Inline) -> None:
    code, message = error(engine, "{ claims(first: 1) { nodes { involves(role: []) { role } } } }")
    assert (code, reader.results) == ("BAD_FILTER", [])
    assert message.startswith("role holds 0 values")


def test_a_condition_without_a_value_is_refused(engine: Engine) -> None:
    text = "query($y: Boolean = true) { claims(first: 1) { totalCount @include(if: $y) } }"
    assert data(engine, text) != {}
    assert error(engine, text, {"y": None}) == (
        "BAD_INPUT",
        "$y decides an @include or a @skip and has no value; true or false would pass",
    )


def test_an_answer_in_which_lists_multiply_beyond_all_bounds_is_refused(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "MOST_WRITTEN", 500)
    inner = "claims(first: 20) { nodes { ends { claims(first: 20) { nodes { ends { name } } } } } }"
    code, message = error(engine, f'{{ node(id: "{HUB}") {{ ... on Entity {{ {inner} }} }} }}')
    assert code == "COST_EXCEEDED"
    assert "500 fields" in message


def test_the_claims_of_a_fact_count_under_each_of_them(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty rows are priced with 80 fields, the list under each by its length."""
    text = "{ appointments(first: 20) { nodes { fact { claims { statement } } } } }"
    monkeypatch.setattr(runtime, "MOST_WRITTEN", 130)
    assert len(data(engine, text)["appointments"]["nodes"]) == 20
    monkeypatch.setattr(runtime, "MOST_WRITTEN", 90)
    assert error(engine, text)[0] == "COST_EXCEEDED"


def test_a_store_that_is_gone_is_not_turned_into_an_answer(store: SqliteStore) -> None:
    class Gone(Inline):
        async def run(self, way: Walk) -> Result:
            raise StoreUnavailable("gone")

    with pytest.raises(StoreUnavailable):
        ask(Engine(Gone(store, store.about_now()), no_other), "{ claims { totalCount } }")


# ---- one node at once -----------------------------------------------------------------------------------------------

POINT = """query($id: ID!) { it: node(id: $id) {
  __typename id kind
  ... on Entity { name aliases { name locator } }
  ... on Claim { statement citations { locator } during { start { edtf } } }
  ... on Appointment { role militaryRank }
} }"""


def test_one_node_at_once_is_answered_as_on_the_whole_way(
    engine: Engine, store: SqliteStore, reference: Reference
) -> None:
    reader = AtHand(store, store.about_now())
    quick = Engine(reader, no_other)
    for id in (*reference.documents, FORMER, "Mission:nowhere", "nothing/1", "", "Mission:\ud800"):
        assert ask(quick, POINT, {"id": id}) == ask(engine, POINT, {"id": id}), id
    assert reader.at_hand > len(reference.documents)
    assert len(reader.results) < 10, "only what is out of the ordinary goes the whole way"


def test_what_asks_more_than_one_node_goes_the_whole_way(store: SqliteStore) -> None:
    reader = AtHand(store, store.about_now())
    engine = Engine(reader, no_other)
    for asked in (
        f'a: node(id: "{HUB}") {{ id }} b: node(id: "{HUB}") {{ id }}',
        f'node(id: "{HUB}", reading: {{ release: 1 }}) {{ id }}',
        f'node(id: "{HUB}") {{ ... on Entity {{ claims(first: 1) {{ totalCount }} }} }}',
        f'node(id: "{HUB}") {{ id }} __schema {{ queryType {{ name }} }}',
    ):
        assert "errors" not in ask(engine, f"{{ {asked} }}")
    assert (reader.at_hand, len(reader.results)) == (0, 4)


def test_a_null_in_one_node_at_once_is_told_with_its_place(store: SqliteStore) -> None:
    whole, quick = (Engine(kind(Holed(store), store.about_now()), no_other) for kind in (Inline, AtHand))
    text = "query($id: ID!) { node(id: $id) { ... on Claim { certainty during { start { edtf } } } } }"
    for claim in range(1, 60):
        asked = {"id": f"synthetic/{claim}"}
        there, here = (ask(engine, text, asked) for engine in (whole, quick))
        assert there["data"] == here["data"]
        assert [each["path"] for each in there.get("errors", ())] == [each["path"] for each in here.get("errors", ())]


# ---- releases -------------------------------------------------------------------------------------------------------


def test_an_earlier_release_answers_beside_the_current_one_and_is_opened_once(store: SqliteStore) -> None:
    opened: list[int] = []
    current, earlier = Inline(store, store.about_now()), Inline(store, store.about_now())

    async def released(number: int) -> Inline:
        opened.append(number)
        if number != 7:
            raise BadInput("kept are 1 and 7")
        return earlier

    engine = Engine(current, released)
    text = "{ now: claims(first: 1) { totalCount } then: claims(first: 1, reading: { release: 7 }) { totalCount } }"
    assert data(engine, text)["then"] == data(engine, text)["now"]
    assert opened == [7]
    assert (len(current.results), len(earlier.results)) == (2, 2)
    assert error(engine, "{ claims(reading: { release: 9 }) { totalCount } }") == ("BAD_INPUT", "kept are 1 and 7")


def test_every_answer_names_release_schema_and_cost(engine: Engine) -> None:
    extensions = ask(engine, "{ claims(first: 3) { nodes { id } } }")["extensions"]
    assert extensions == {"release": 1, "schemaVersion": "of the tests", "cost": {"calls": 1, "rows": 3}}


# ---- the schema itself ----------------------------------------------------------------------------------------------


def test_introspection_is_what_graphql_core_says_and_is_made_once(engine: Engine) -> None:
    text = get_introspection_query()
    wanted = graphql_sync(CORE, text).data
    assert data(engine, text) == wanted
    (kept,) = engine._introspection._kept.values()
    assert data(engine, text) == wanted
    assert next(iter(engine._introspection._kept.values())) is kept


def test_introspection_and_data_may_be_asked_for_together(engine: Engine) -> None:
    text = """query($name: String!) { t: __typename  type: __type(name: $name) { ...T }  claims(first: 1) { __typename }
        schema: __schema { queryType { name } } } fragment T on __Type { name kind }"""
    assert data(engine, text, {"name": "Mission"}) == {
        "t": "Query",
        "type": {"name": "Mission", "kind": "OBJECT"},
        "claims": {"__typename": "ClaimConnection"},
        "schema": {"queryType": {"name": "Query"}},
    }
    assert data(engine, text, {"name": "State"})["type"]["name"] == "State"


def test_the_data_set_is_told_without_reading(engine: Engine, reader: Inline) -> None:
    found = data(engine, "{ dataset { release licence { data } kinds { kind family } counts { kind count } } }")[
        "dataset"
    ]
    assert found["release"] == 1
    assert all(result.calls == 0 for result in reader.results)


async def _answer(engine: Engine, text: str, variables: dict[str, Any]) -> Any:
    return await engine(GraphQLRequest(text, variables, None, False))
