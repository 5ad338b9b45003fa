"""The documents of front-ends, researchers and scripts, with the answers that the papers give, on both stores.

An answer was recorded once, read against the curated files, and stands beside its document: `{variables, data}`, one
for each call."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.service.conftest import Ask

CONSUMERS = Path(__file__).parent.parent / "consumers"
DOCUMENTS = sorted(CONSUMERS.glob("*.graphql"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_a_consumer_is_answered_as_written(document: Path, ask: Ask) -> None:
    calls: list[dict[str, Any]] = json.loads(document.with_suffix(".json").read_text(encoding="utf-8"))
    assert calls
    for call in calls:
        answer = ask(document.read_text(encoding="utf-8"), call["variables"])
        assert "errors" not in answer
        assert answer["data"] == call["data"]


def test_there_are_at_least_fifteen_consumers() -> None:
    assert len(DOCUMENTS) >= 15
