"""The coding report: counts by section, silence with its reason, and where a second reader begins."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from peacegraph import cli
from seed.load import inputs
from seed.report import Report, page, reports, warnings
from tests.seed.example import EXAMPLE, changed

LIST = """\
source: example-2020
headings:
  - {name: Abstract, why: A summary.}
  - {name: Section 1}
  - {name: Section 2, notes: 1 to 9}
  - {name: Aside, under: Section 2}
  - {name: Section 3}
  - {name: Section 4}
"""
COVERAGE = """\
  - id: example-2020/3
    kind: COVERAGE
    about: []
    relation: APPOINTMENT
    state: UNREADABLE
    citations: [{locator: Section 1}]
    statement: The table of posts has lost its rows.
"""


def report(folder: Path, text: str) -> Report:
    (folder / "headings").mkdir(exist_ok=True)
    (folder / "headings" / "example-2020.yaml").write_text(LIST, encoding="utf-8")
    path = folder / "example-2020.yaml"
    path.write_text(text, encoding="utf-8")
    (found,) = reports([path], folder / "headings")
    return found


def test_claims_are_counted_by_section_in_the_order_of_the_source(tmp_path: Path) -> None:
    found = report(tmp_path, EXAMPLE + COVERAGE)
    assert [(section.path, section.counts) for section in found.sections if section.counts] == [
        ("Section 2", {"Appointment": 1}),
        ("Section 3", {"PartOf": 1}),
    ]
    assert (found.claims, found.told) == ({"APPOINTMENT": 1, "PART_OF": 1, "COVERAGE": 1}, 2)
    assert found.entities["STATE"] == 1


def test_a_claim_counts_once_in_each_section_that_it_cites(tmp_path: Path) -> None:
    text = changed(("[{locator: Section 3}]", "[{locator: Section 3}, {locator: note 2}, {locator: Whole article}]"))
    assert {section.path: section.counts.get("PartOf") for section in report(tmp_path, text).sections} == {
        "Whole article": 1,
        "Abstract": None,
        "Section 1": None,
        "Section 2": 1,
        "Section 2, Aside": None,
        "Section 3": 1,
        "Section 4": None,
    }


def test_a_section_without_a_claim_has_its_reason_from_the_list_or_from_a_line_of_coverage(tmp_path: Path) -> None:
    found = report(tmp_path, EXAMPLE + COVERAGE)
    assert {section.path: section.why for section in found.silent} == {
        "Abstract": "A summary.",
        "Section 1": "The table of posts has lost its rows.",
        "Section 2, Aside": None,
        "Section 4": None,
    }
    assert list(found.alarms()) == [
        f"no claim cites {path}, and nothing says why" for path in ("Section 2, Aside", "Section 4")
    ]
    assert {(fault.line, fault.field) for fault in warnings([found])} == {(1, "claims")}


def test_a_section_speaks_where_one_below_it_does(tmp_path: Path) -> None:
    text = changed(("Section 2, note 4", "Section 2, Aside"))
    assert "Section 2" not in {section.path for section in report(tmp_path, text).silent}


@pytest.mark.parametrize(
    ("share", "fields"),
    [
        ("hedged", "certainty: HEDGED"),
        ("reported", "certainty: REPORTED"),
        ("alleged", "certainty: ALLEGATION"),
        ("denied", "polarity: DENIED"),
        ("planned or called for", "modality: CALLED_FOR"),
        ("attributed", "attributedTo: [State:country]"),
        ("derived", "doubts: [{field: to, basis: DERIVED, how: So.}]"),
        ("with a note", "note: Hm."),
        ("in conflict", "conflictsWith: [example-2020/2]"),
    ],
)
def test_what_a_second_reader_looks_at_is_counted(tmp_path: Path, share: str, fields: str) -> None:
    before = report(tmp_path, EXAMPLE).shares[share]
    after = report(tmp_path, changed(("    role: FORCE", f"    {fields}\n    role: FORCE"))).shares[share]
    assert (before, after) == (0, 2 if share == "in conflict" else 1)


def test_undated_claims_conflicts_and_the_unnamed_are_told(tmp_path: Path) -> None:
    unnamed = "  - {id: State:other-unnamed, name: A state (unnamed), named: false}\nclaims:\n"
    text = changed(
        ("claims:\n", unnamed),
        ("    to: State:country", "    to: State:other-unnamed\n    conflictsWith: [example-2020/1]"),
    )
    found = report(tmp_path, text)
    assert found.placeholders == (("State:other-unnamed", "A state (unnamed)"),)
    assert found.conflicts == (("example-2020/1", "example-2020/2"),)
    assert (found.shares["undated"], found.shares["about somebody unnamed"]) == (1, 1)


def test_notes_on_more_than_a_tenth_of_the_claims_raise_an_alarm(tmp_path: Path) -> None:
    found = report(tmp_path, EXAMPLE + "    note: Hm.\n")
    assert "1 of 2 claims are with a note, which is more than a tenth" in list(found.alarms())


def test_the_page_says_what_the_report_holds(tmp_path: Path) -> None:
    text = page([report(tmp_path, EXAMPLE + COVERAGE)])
    for line in (
        "| section | Appointment | PartOf | all |",
        "| Section 2 | 1 |  | 1 |",
        "| Section 1 | The table of posts has lost its rows. |",
        "| Section 4 | **nothing says why** |",
        "| APPOINTMENT | UNREADABLE | The table of posts has lost its rows. |",
        "| undated | 1 | 50% |",
        "**Look here:** no claim cites Section 4, and nothing says why.",
    ):
        assert line in text


def test_the_command_prints_the_page_and_json() -> None:
    run = CliRunner().invoke(cli, ["check", "--report"])
    assert run.stdout == page(reports(inputs()))
    told = json.loads(CliRunner().invoke(cli, ["check", "--report", "--json"]).stdout)
    assert [each["source"] for each in told] == [path.stem for path in inputs()]
    assert all(each["sections"] and each["coverage"] for each in told)


def test_a_check_prints_its_warnings_counts_them_and_does_not_fail() -> None:
    run = CliRunner().invoke(cli, ["check"])
    expected = [str(fault) for fault in warnings(reports(inputs()))]
    assert run.exit_code == 0
    told = [line.removeprefix("warning: ") for line in run.stderr.splitlines() if line.startswith("warning: ")]
    assert [line for line in told if "unusual pair" not in line] == expected
    assert f"{len(inputs())} files, no fault, {len(told)} warnings." in run.stderr
