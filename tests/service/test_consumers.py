"""The documents of front-ends, researchers and scripts, with the answers that the papers give, on both stores.

The documents of `tests/consumers` were recorded once, and read against the curated files. Those of `docs/queries` are
published; what they must answer was written from the text of the paper before they were asked. Every answer stands in
`tests/consumers` under the name of its document: `{variables, data}`, one for each call. The text tells what is in an
answer, but not in which order a store lists what has no date; so published answers are compared without regard to the
order of lists, except under the fields that a call lists as `ordered`."""

import json
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, parse, validate

from tests.service.conftest import Ask

ROOT = Path(__file__).parents[2]
CONSUMERS = ROOT / "tests" / "consumers"
PUBLISHED = ROOT / "docs" / "queries"
DOCUMENTS = sorted(CONSUMERS.glob("*.graphql"))
PAPERS = sorted(PUBLISHED.glob("*.graphql"))


def calls(document: Path) -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = json.loads((CONSUMERS / f"{document.stem}.json").read_text(encoding="utf-8"))
    assert written
    return written


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_consumer_is_answered_as_written(document: Path, ask: Ask) -> None:
    for call in calls(document):
        answer = ask(document.read_text(encoding="utf-8"), call["variables"])
        assert "errors" not in answer
        assert answer["data"] == call["data"]


@pytest.mark.parametrize("document", PAPERS, ids=lambda path: path.stem)
def test_a_published_question_is_answered_as_the_text_does(document: Path, ask: Ask) -> None:
    for call in calls(document):
        answer = ask(document.read_text(encoding="utf-8"), call["variables"])
        assert "errors" not in answer
        assert told(answer["data"], call) == told(call["data"], call)


@pytest.mark.parametrize("document", PAPERS, ids=lambda path: path.stem)
def test_a_published_question_explains_itself_and_fits_the_schema(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert validate(build_schema((ROOT / "schema.graphql").read_text(encoding="utf-8")), parse(text)) == []


def test_every_document_has_its_answer_and_every_answer_its_document() -> None:
    documents = [path.stem for path in DOCUMENTS + PAPERS]
    assert sorted(documents) == sorted(path.stem for path in CONSUMERS.glob("*.json"))


def test_there_are_at_least_fifteen_consumers() -> None:
    assert len(DOCUMENTS) >= 15


def told(data: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    ordered = call.get("ordered", ())
    return {field: value if field in ordered else unordered(value) for field, value in data.items()}


def unordered(value: Any) -> Any:
    """The same, with every list in the order of what it holds; what stands there twice stays there twice."""
    if isinstance(value, dict):
        return {key: unordered(each) for key, each in value.items()}
    if isinstance(value, list):
        return sorted((unordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value
