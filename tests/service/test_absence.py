"""An empty answer says why it is empty."""

from typing import Any

from tests.service.conftest import Ask

KAGAME = "Individual:paul-kagame"


def absence(ask: Ask, where: str, reading: str = 'sources: ["Source:harig-jenne-2022"]') -> dict[str, Any]:
    query = "{ appointments(where: %s, reading: {%s}) { nodes { id } absence { verdict coverage { id field } } } }"
    found: dict[str, Any] = ask(query % (where, reading))["data"]["appointments"]
    assert found["nodes"] == []
    return dict(found["absence"])


def test_a_line_about_a_field_answers_only_a_question_about_that_field(ask: Ask) -> None:
    dated = absence(ask, f'{{ from: {{ id: {{ eq: "{KAGAME}" }} }}, during: {{ overlaps: {{ date: "1994" }} }} }}')
    assert [line["field"] for line in dated["coverage"]] == ["during"]
    assert dated["verdict"] == "NOT_STATED"
    other = absence(ask, f'{{ from: {{ id: {{ eq: "{KAGAME}" }} }}, militaryRank: {{ eq: "General" }} }}')
    assert [line["field"] for line in other["coverage"]] == [None]
    assert other["verdict"] == "NOT_STATED"


def test_a_page_that_has_rows_has_no_absence(ask: Ask) -> None:
    answer = ask("{ appointments(first: 1) { absence { verdict } } }")
    assert answer["data"]["appointments"]["absence"] is None


def test_an_empty_connection_under_a_node_is_explained_by_the_line_about_that_node(ask: Ask) -> None:
    query = """query Q($id: ID!) { node(id: $id, reading: {sources: ["Source:harig-jenne-2022"]}) {
        ... on Mission { appointees { nodes { id } absence { verdict coverage { about { id } } } } } } }"""
    found = ask(query, {"id": "Mission:monuc"})["data"]["node"]["appointees"]
    assert found["nodes"] == []
    assert found["absence"]["verdict"] == "NOT_STATED"
    assert {"id": "Mission:monuc"} in found["absence"]["coverage"][0]["about"]
