"""The way of a fact: files → faults → derive → Builder; all or nothing."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from graph.claim import Claim, Entity, Timed
from graph.errors import Refused
from graph.ontology import ONTOLOGY
from graph.store import Release
from graph.stores.sqlite.builder import SqliteBuilder
from seed.load import digest, inputs, load, needed, prepared, schema
from tests.seed.example import EXAMPLE, changed, line_of

FIVE = changed(
    ("    name: Capital", "    nmae: Capital"),
    ("    to: Mission:example", "    to: Mission:exmaple"),
    ("role: FORCE_COMMANDER", "role: FORCE_COMANDER"),
    ('start: "1956"', "start: 1956"),
    ("    citations: [{locator: Section 3}]\n", ""),
)


class Recording:
    """A builder that keeps what it is given."""

    def __init__(self) -> None:
        self.entities: list[Entity] = []
        self.claims: list[tuple[Claim, Timed]] = []
        self.about: dict[str, str] | None = None

    def add(self, entities: Iterable[Entity], claims: Iterable[tuple[Claim, Timed]]) -> None:
        self.entities += entities
        self.claims += claims

    def finish(self, about: Mapping[str, Any]) -> Release:
        self.about = dict(about)
        return Release(1, self.about["digest"], self.about["schema"], "", {})


def written(folder: Path, text: str, name: str = "example-2020.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_with_five_faults_is_refused_with_five_messages_and_nothing_is_loaded(tmp_path: Path) -> None:
    path, builder = written(tmp_path, FIVE), Recording()
    with pytest.raises(Refused) as refused:
        load(builder, [path])
    expected = [
        ("nmae:", "nmae: 'nmae' is not a field of PLACE; write name"),
        ("exmaple", "to: 'Mission:exmaple' is nowhere declared; declare it under entities, or mend the id"),
        ("FORCE_COMANDER", "role: 'FORCE_COMANDER' is not a value of AppointmentRole; write FORCE_COMMANDER"),
        ("start:", "during.start: '1956' without quotes is read as a number; write it in quotes: \"1956\""),
        (
            "- id: example-2020/2",
            'citations: the claim cites nothing; write citations: [{locator: "the section, and the note"}]',
        ),
    ]
    messages = [f"{path}:{line_of(FIVE, part)}: {message}" for part, message in expected]
    assert [str(fault) for fault in refused.value.faults] == messages
    assert (builder.entities, builder.claims, builder.about) == ([], [], None)


def test_a_refused_load_leaves_no_release(tmp_path: Path) -> None:
    path, folder = written(tmp_path, FIVE), tmp_path / "releases"
    with pytest.raises(Refused), SqliteBuilder(folder) as builder:
        load(builder, [path])
    assert list(folder.iterdir()) == []


def test_faults_of_all_files_are_told_in_one_run_by_file_and_line(tmp_path: Path) -> None:
    other = changed(("    name: Country", "    name:\tCountry")).replace("example-2020", "other-2021")
    paths = [written(tmp_path, other, "other-2021.yaml"), written(tmp_path, FIVE)]
    with pytest.raises(Refused) as refused:
        prepared(paths)
    found = [(Path(fault.file).name, fault.line) for fault in refused.value.faults]
    assert found == sorted(found)
    assert {name for name, _ in found} == {"example-2020.yaml", "other-2021.yaml"}


def test_what_is_loaded_is_the_entities_the_terms_of_the_ontology_and_the_claims(tmp_path: Path) -> None:
    builder, told = Recording(), list[tuple[str, int, int]]()
    release = load(builder, [written(tmp_path, EXAMPLE)], lambda what, done, of: told.append((what, done, of)))
    assert len(builder.entities) == 6 + len(ONTOLOGY.terms)
    assert [claim.id for claim, _ in builder.claims] == ["example-2020/1", "example-2020/2"]
    assert told == [("entities", len(builder.entities), len(builder.entities)), ("claims", 2, 2)]
    assert (release.digest, release.schema) == (digest([tmp_path / "example-2020.yaml"]), schema())


def test_a_release_is_needed_where_there_is_none_and_where_inputs_or_ontology_are_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = written(tmp_path, EXAMPLE), tmp_path / "releases"
    assert needed(folder, [path])
    with SqliteBuilder(folder) as builder:
        load(builder, [path])
    assert not needed(folder, [path])
    path.touch()
    assert not needed(folder, [path]), "the same bytes are the same inputs, whenever they were written"
    path.write_text(EXAMPLE + "# one more line\n", encoding="utf-8")
    assert needed(folder, [path])
    path.write_text(EXAMPLE, encoding="utf-8")
    assert not needed(folder, [path])
    monkeypatch.setattr("seed.load.schema", lambda: "of another ontology")
    assert needed(folder, [path])


def test_a_release_is_needed_where_the_newest_cannot_be_read(tmp_path: Path) -> None:
    path, folder = written(tmp_path, EXAMPLE), tmp_path / "releases"
    with SqliteBuilder(folder) as builder:
        load(builder, [path])
    (folder / "0002.sqlite").write_bytes(b"not a database")
    assert needed(folder, [path])


def test_an_older_release_stays_when_a_newer_one_is_built(tmp_path: Path) -> None:
    path, folder = written(tmp_path, EXAMPLE), tmp_path / "releases"
    for _ in range(2):
        with SqliteBuilder(folder) as builder:
            load(builder, [path])
    assert sorted(each.name for each in folder.iterdir()) == ["0001.sqlite", "0002.sqlite"]


def test_the_note_of_a_coder_stays_in_the_file(tmp_path: Path) -> None:
    path, folder = written(tmp_path, EXAMPLE + "    note: Look at this again.\n"), tmp_path / "releases"
    with SqliteBuilder(folder) as builder:
        load(builder, [path])
    with sqlite3.connect(folder / "0001.sqlite") as db:
        documents = [json.loads(text) for (text,) in db.execute("SELECT doc FROM claim")]
    db.close()
    assert len(documents) == 2
    assert b"Look at this again" not in (folder / "0001.sqlite").read_bytes()


def test_the_curated_files_have_no_fault_and_load_together(tmp_path: Path) -> None:
    assert {path.stem for path in inputs()} >= {"harig-jenne-2022", "duursma-et-al-2023"}
    with SqliteBuilder(tmp_path) as builder:
        release = load(builder, inputs())
    assert release.counts["TERM"] >= len(ONTOLOGY.terms)
    assert {"APPOINTMENT", "PARTNERSHIP", "CONSENT", "PART_OF", "COVERAGE"} <= release.counts.keys()
