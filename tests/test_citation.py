"""How to cite: CITATION.cff follows its format, and says what the data set says of itself."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.schema.dataset import LICENCE, dataset
from graph.store import Release

CITATION = Path(__file__).parents[1] / "CITATION.cff"


def verdict(path: Path) -> int:
    """Of the Citation File Format's own schema, as check-jsonschema carries it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format", str(path)]
    return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode


@pytest.fixture
def cited() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    return found


def test_the_file_follows_the_citation_file_format() -> None:
    assert verdict(CITATION) == 0


def test_the_format_would_refuse_a_mistake(tmp_path: Path) -> None:
    mistaken = tmp_path / "CITATION.cff"
    mistaken.write_text(CITATION.read_text(encoding="utf-8").replace("cff-version: 1.2.0", "cff-version: 1.1.0"))
    assert verdict(mistaken) == 1


def test_title_and_licences_are_those_of_the_data_set(cited: dict[str, Any]) -> None:
    (program,) = cited["references"]
    assert {"data": cited["license"], "code": program["license"]} == LICENCE
    assert cited["preferred-citation"]["license"] == LICENCE["data"]
    told = dataset(Release(3, "d" * 64, "s" * 64, "2030-01-02T03:04:05Z", {}))["citation"]
    assert told.startswith(f"{cited['title']}. Release 3 of 2030-01-02, digest ")


def test_no_person_and_no_identifier_is_made_up(cited: dict[str, Any]) -> None:
    for work in (cited, cited["preferred-citation"], *cited["references"]):
        assert work["authors"] == [{"name": "Peacegraph contributors"}]
        assert not {"doi", "identifiers", "url", "repository-code"} & work.keys()
