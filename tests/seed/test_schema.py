"""The JSON Schema of curated files: what an editor underlines is a fault, and what is sound is not underlined."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph.ontology import ONTOLOGY
from graph.ontology.types import Ontology, Relation
from peacegraph import HERE, cli, generated
from seed.load import inputs
from seed.schema import schema, text
from tests.seed.example import EXAMPLE, changed, faults

SCHEMA = HERE / "seed" / "papers" / "claims.schema.json"

BROKEN = {
    "a kind of claim that is none": ("kind: PART_OF", "kind: PARTOF"),
    "a value that is none": ("role: FORCE_COMMANDER", "role: FORCE_COMANDER"),
    "a field that is none": ("    role: FORCE_COMMANDER", "    rolle: FORCE_COMMANDER"),
    "a field of another relation": ("    to: State:country", "    to: State:country\n    role: STAFF"),
    "a missing end": ("    to: Mission:example\n", ""),
    "an end of another kind": ("    to: Mission:example", "    to: Place:capital"),
    "a missing statement": ("    statement: The capital lies in the country.\n", ""),
    "a missing citation": ("    citations: [{locator: Section 3}]\n", ""),
    "an empty citation": ("[{locator: Section 3}]", "[]"),
    "a year without quotes": ('start: "1956"', "start: 1956"),
    "a date that is none": ('start: "1956"', 'start: "in 1956"'),
    "a doubt of a field that is none": (
        "    to: State:country",
        "    to: State:country\n    doubts: [{field: role, basis: INFERRED, how: So.}]",
    ),
    "a property of another kind of entity": ("    name: Country", "    name: Country\n    date: '2020'"),
    "an id that is none": ("id: State:country", "id: State:Country"),
    "a kind of entity that is none": ("id: State:country", "id: Land:country"),
    "a source that is no slug": ("source: example-2020", "source: Example 2020"),
}


def verdicts(*paths: Path) -> dict[str, list[str]]:
    """File → what the schema says is wrong with it, as check-jsonschema tells it."""
    command = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA), "-o", "json", *map(str, paths)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    told = json.loads(run.stdout)
    assert not told.get("parse_errors")
    found: dict[str, list[str]] = {str(path): [] for path in paths}
    for error in told.get("errors", ()):
        found[error["filename"]].append(error["message"])
    return found


def test_the_committed_schema_is_the_one_that_the_ontology_makes() -> None:
    stale = [path for path, made in generated().items() if (HERE / path).read_text(encoding="utf-8") != made]
    assert stale == [], "run: make docs"
    assert CliRunner().invoke(cli, ["check", "--schema"]).stdout == text()


def test_the_schema_is_one() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--check-metaschema", str(SCHEMA)]
    run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout


def test_every_curated_file_and_the_example_follow_the_schema(tmp_path: Path) -> None:
    example = tmp_path / "example.yaml"
    example.write_text(EXAMPLE, encoding="utf-8")
    assert {path: told for path, told in verdicts(example, *inputs()).items() if told} == {}


def test_what_the_schema_refuses_a_check_refuses_as_well(tmp_path: Path) -> None:
    files = {tmp_path / f"{name.replace(' ', '-')}.yaml": changed(change) for name, change in BROKEN.items()}
    for path, broken in files.items():
        path.write_text(broken, encoding="utf-8")
    told = verdicts(*files)
    assert [path.stem for path in files if not told[str(path)]] == []
    assert [path.stem for path, broken in files.items() if not faults(tmp_path, broken)] == []


@pytest.mark.parametrize("relation", ONTOLOGY.relations, ids=lambda relation: relation.name)
def test_every_field_of_a_relation_is_described(relation: Relation) -> None:
    made = schema()["$defs"]
    known = made[relation.constant]["properties"]
    assert "description" in made[relation.constant]
    bare = [name for name, field in known.items() if "description" not in field and "$ref" not in field]
    assert bare == []


def test_a_new_value_of_a_vocabulary_is_in_the_schema_at_once() -> None:
    old = ONTOLOGY
    vocabulary = next(iter(old.vocabularies.values()))
    new = replace(vocabulary, terms=(*vocabulary.terms, replace(vocabulary.terms[0], name="NEW", definition="Fresh.")))
    grown = Ontology(
        old.kinds,
        old.relations,
        old.roles,
        old.common_slots,
        old.common_props,
        {**old.vocabularies, vocabulary.name: new},
        old.terms,
    )
    made = schema(grown)["$defs"][vocabulary.name]
    assert made["enum"][-1] == "NEW"
    assert made["description"].endswith("NEW: Fresh.")
