"""Curated files beside the text of their source: copied words, and dates that it does not print."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from peacegraph import cli
from seed.files import read
from seed.texts import faults
from tests.seed.example import EXAMPLE, changed, line_of

TEXT = """\
1 Calm at last
The general led the force from 1956 until the first days of 1957, and was
relieved by nobody in particular. He came on 4 November 1956.
The Report of the High-level Panel on the Calm of Every Island said so.
"""
WHEN = 'during: {start: "1956", end: "1957-37~"}'


def told(folder: Path, text: str) -> list[tuple[int, str, str]]:
    path = folder / "example-2020.yaml"
    path.write_text(text, encoding="utf-8")
    return [(fault.line, fault.field, fault.reason) for fault in faults(read([path]), "example-2020", TEXT)]


def test_what_is_said_in_our_own_words_is_no_fault(tmp_path: Path) -> None:
    assert told(tmp_path, EXAMPLE) == []


@pytest.mark.parametrize("field", ["statement", "note"])
def test_a_copied_sentence_is_named_by_line_and_field(tmp_path: Path, field: str) -> None:
    copied = f"{field}: It led the force from 1956 until the first days of 1957."
    old = "    statement: Some Commander led the force from 1956 until early 1957 or so.\n"
    kept = "" if field == "statement" else old
    text = changed((old, f"{kept}    {copied}\n"))
    ((line, where, reason),) = told(tmp_path, text)
    assert (line, where) == (line_of(text, copied), field)
    assert reason.endswith("led the force from until the first days") or "1956" in reason


def test_a_long_title_may_stand_in_a_statement_where_it_is_declared(tmp_path: Path) -> None:
    said = "So says a Report of the High-level Panel on the Calm of Every Island."
    text = changed(("The capital lies in the country.", said))
    assert len(told(tmp_path, text)) == 1
    title = '    title: "Report of the High-level Panel on the Calm of Every Island"\n'
    assert told(tmp_path, text.replace('    date: "2020"\n', f'    date: "2020"\n{title}')) == []


@pytest.mark.parametrize(
    ("date", "sound"),
    [("1956", True), ("1956-11", True), ("1956-11-04", True), ("1956-11-05", False), ("1956-12", False)],
)
def test_a_day_or_a_month_is_printed_in_the_text(tmp_path: Path, date: str, sound: bool) -> None:
    text = changed((WHEN, f'during: {{on: "{date}"}}'))
    assert [field for _, field, _ in told(tmp_path, text)] == ([] if sound else ["during.on"])


def test_a_doubt_or_a_wording_vouches_for_a_date_that_is_not_printed(tmp_path: Path) -> None:
    text = changed((WHEN, 'during: {on: "1956-12"}'))
    for vouching in ("wording: [{field: during, text: that winter}]", "doubts: [{field: during, basis: X, how: So}]"):
        assert told(tmp_path, text.replace("    citations", f"    {vouching}\n    citations", 1)) == []


def test_the_command_says_loudly_what_it_could_not_check(tmp_path: Path) -> None:
    run = CliRunner().invoke(cli, ["check", "--texts", str(tmp_path)])
    assert run.exit_code == 0
    assert "NOT CHECKED" in run.stderr
    assert "harig-jenne-2022" in run.stderr


def test_the_command_refuses_what_is_copied(tmp_path: Path) -> None:
    (tmp_path / "example-2020.txt").write_text(TEXT, encoding="utf-8")
    path = tmp_path / "example-2020.yaml"
    text = changed(
        ("The capital lies in the country.", "He was relieved by nobody in particular. He came on 4 November.")
    )
    path.write_text(text, encoding="utf-8")
    run = CliRunner().invoke(cli, ["check", str(path), "--texts", str(tmp_path)])
    assert run.exit_code == 1
    assert f"example-2020.yaml:{line_of(text, 'statement: He was')}: statement: it shares 8 words" in run.stderr
