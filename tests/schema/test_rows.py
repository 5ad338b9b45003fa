"""graphql-core answers from plain rows: the other side of the differential test of the projection."""

from typing import Any

from graphql import graphql_sync

from api.schema import CORE, dataset
from graph.ontology import ONTOLOGY
from graph.store import Release

COVERED = {"source": "Source:a", "relation": "PARTNERSHIP", "state": "PARTIAL"}
RELEASE = Release(3, "d" * 64, "s" * 64, "2030-01-02T03:04:05Z", {"MISSION": 7}, coverage=[COVERED])


def answer(question: str, rows: dict[str, Any]) -> dict[str, Any]:
    result = graphql_sync(CORE, question, rows)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


def test_a_field_with_arguments_is_read_by_response_key_so_that_two_aliases_stay_apart() -> None:
    mission = {"__typename": "Mission", "id": "Mission:a", "a": {"totalCount": 1}, "b": {"totalCount": 2}}
    question = """{ it: node(id: "Mission:a") { id ... on Mission {
        a: appointees(first: 1) { totalCount } b: appointees(first: 2) { totalCount } } } }"""
    assert answer(question, {"it": mission}) == {
        "it": {"id": "Mission:a", "a": {"totalCount": 1}, "b": {"totalCount": 2}}
    }


def test_a_field_without_arguments_is_read_by_its_own_name() -> None:
    row = {"__typename": "UNEntity", "kind": "UN_ENTITY", "named": True}
    assert answer('{ node(id: "x") { k: kind ... on Entity { named } } }', {"node": row}) == {
        "node": {"k": "UN_ENTITY", "named": True}
    }


def test_a_row_tells_its_type_at_every_interface() -> None:
    claim = {
        "__typename": "Appointment",
        "from": {"__typename": "Individual", "name": "A"},
        "to": {"__typename": "Mission", "name": "B"},
        "appointedBy": [{"__typename": "Partnership", "statement": "C"}],
    }
    question = """{ claims { nodes { __typename ... on Appointment {
        from { __typename name } to { __typename name } appointedBy { ... on Claim { statement } } } } } }"""
    assert answer(question, {"claims": {"nodes": [claim]}}) == {
        "claims": {
            "nodes": [
                {
                    "__typename": "Appointment",
                    "from": {"__typename": "Individual", "name": "A"},
                    "to": {"__typename": "Mission", "name": "B"},
                    "appointedBy": [{"statement": "C"}],
                }
            ]
        }
    }


def test_unknown_nodes_come_back_null_in_their_place() -> None:
    rows = {"nodes": [{"__typename": "Mission", "id": "Mission:a"}, None]}
    assert answer('{ nodes(ids: ["Mission:a", "x"]) { id } }', rows) == {"nodes": [{"id": "Mission:a"}, None]}


def test_the_data_set_describes_its_release_and_the_whole_ontology() -> None:
    question = """{ dataset { release builtAt digest schemaVersion citation licence { data code } counts { kind count }
        coverage { source relation state }
        kinds { kind name field family description properties { name type list description } }
        relations { kind name field description identity symmetric rollsUp
          slots { name field kinds takesClaims isEnd least most connection scheme description }
          properties { name } notThisBut { fact codeAs notAs } }
        roles { name field kinds }
        vocabularies { name scheme description terms { id name definition rank broader } } } }"""
    found = answer(question, {"dataset": dataset(RELEASE)})["dataset"]
    assert (found["release"], found["builtAt"], found["licence"]) == (
        3,
        "2030-01-02T03:04:05Z",
        {"data": "CC-BY-4.0", "code": "MIT"},
    )
    assert "Release 3 of 2030-01-02" in found["citation"]
    assert {each["kind"]: each["count"] for each in found["counts"]}["MISSION"] == 7
    assert found["coverage"] == [COVERED]
    assert [each["name"] for each in found["kinds"]] == [kind.name for kind in ONTOLOGY.kinds]
    assert [each["name"] for each in found["relations"]] == [relation.name for relation in ONTOLOGY.relations]
    assert [each["name"] for each in found["roles"]] == [role.name for role in ONTOLOGY.roles]
    assert sum(len(each["terms"]) for each in found["vocabularies"]) == len(ONTOLOGY.terms)
