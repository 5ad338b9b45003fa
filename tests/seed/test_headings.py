"""Locators name places of their source: a heading, a part of it, a note in its text."""

from pathlib import Path

import pytest

from graph.ontology import ONTOLOGY
from seed.headings import HEADINGS, Headings, read
from seed.load import check, inputs, warnings
from tests.seed.example import EXAMPLE, changed, line_of

LIST = """\
source: example-2020
headings:
  - name: Abstract
  - {name: Section 1, notes: 1 to 3}
  - {name: "Section 2: Calm, or not", notes: 4 to 9, parts: [Table 1, by-line]}
  - {name: Future Research, under: "Section 2: Calm, or not", notes: 8 to 9}
  - {name: Section 3}
  - {name: Future Research, under: Section 3}
"""


@pytest.fixture
def headings(tmp_path: Path) -> Path:
    folder = tmp_path / "headings"
    folder.mkdir()
    (folder / "example-2020.yaml").write_text(LIST, encoding="utf-8")
    return folder


@pytest.fixture
def known(headings: Path) -> Headings:
    found, faults = read(headings / "example-2020.yaml", "list")
    assert found is not None
    assert faults == []
    return found


@pytest.mark.parametrize(
    "locator",
    [
        "Whole article",
        "Abstract",
        "note 9",
        "Section 2",
        "section 2: calm, or not",
        "Section 2: Calm, or not, note 4",
        "Section 2, notes 4, 6 and 9",
        "Section 2, notes 4–6",
        "Section 2, Table 1",
        "Section 2, Table 1, note 5",
        "Section 2, by-line",
        "Section 2, Future Research, note 8",
        "Section 2: Calm, or not, Future Research",
        "Section 3, Future Research",
    ],
)
def test_a_heading_its_parts_and_its_notes_are_places(known: Headings, locator: str) -> None:
    assert known.fault(locator) is None


@pytest.mark.parametrize(
    ("locator", "reason", "passes"),
    [
        ("Sektion 3", "no heading is named so", "write Section 3"),
        ("p. 12", "no heading is named so", "write Whole article, or one of: Abstract; "),
        ("Section 22", "no heading is named so", "write Section 3"),
        ("note 10", "there is no such note", "write a note from 1 to 9"),
        ("Section 1, note 4", "Section 1 has notes 1 to 3", "write the heading in whose text"),
        ("Section 2, notes 9 to 10", "Section 2: Calm, or not has notes 4 to 9", "write the heading in whose"),
        ("Section 2, Future Research, note 4", "Section 2, Future Research has notes 8 to 9", "write"),
        ("Section 3, note 1", "Section 3 has no notes", "write the heading in whose text"),
        ("Section 2, Figure 1", "Section 2: Calm, or not has no figure 1", "write Table 1 or by-line or note and its"),
        ("Future Research", "several headings are named so", "write the heading above it as well: Section 2, Future"),
    ],
)
def test_what_is_no_place_is_told_with_what_would_pass(known: Headings, locator: str, reason: str, passes: str) -> None:
    wrong = known.fault(locator)
    assert wrong is not None
    assert wrong[0] == reason
    assert wrong[1].startswith(passes)


def test_a_bare_note_is_of_the_lowest_heading_that_has_it(known: Headings) -> None:
    assert [found.path for note in ("note 4", "note 9") if (found := known.find(note))] == [
        "Section 2: Calm, or not",
        "Section 2, Future Research",
    ]


def test_a_check_names_each_locator_that_is_no_place_by_file_and_line(tmp_path: Path, headings: Path) -> None:
    path = tmp_path / "example-2020.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert check([path], headings) == []
    text = changed(("Section 2, note 4", "Section 2, note 44"), ("    locator: Section 1", "    locator: Part One"))
    path.write_text(text, encoding="utf-8")
    assert [(fault.line, fault.field) for fault in check([path], headings)] == [
        (line_of(text, "locator: Part One"), "aliases[0].locator"),
        (line_of(text, 'citations: [{locator: "Section 2, note 44'), "citations[0].locator"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("notes: 1 to 3", "notes: 3 to 1", "notes"),
        ("notes: 1 to 3", "notes: all", "notes"),
        ("under: Section 3", "under: Section 4", "under"),
        ("{name: Section 3}", "{nam: Section 3}", "nam"),
    ],
)
def test_a_fault_of_the_list_itself_is_told(headings: Path, old: str, new: str, field: str) -> None:
    path = headings / "example-2020.yaml"
    path.write_text(LIST.replace(old, new, 1), encoding="utf-8")
    faults = read(path, "list")[1]
    assert field in {fault.field for fault in faults}


def test_a_source_without_a_list_is_warned_of(tmp_path: Path) -> None:
    path = tmp_path / "example-2020.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    (warning,) = warnings([path])
    assert "no locator is checked" in warning.reason
    assert check([path]) == []


def test_every_paper_has_its_headings_listed() -> None:
    assert {path.name for path in inputs()} == {path.name for path in HEADINGS.glob("*.yaml")}


@pytest.mark.parametrize("path", sorted(HEADINGS.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_ontology_cites_places_that_are_there(path: Path) -> None:
    found, faults = read(path, path.name)
    assert found is not None
    assert faults == []
    cited = [place for term in ONTOLOGY.terms for source, place in term.citations if source == f"Source:{path.stem}"]
    assert [(place, wrong) for place in cited if (wrong := found.fault(place))] == []
