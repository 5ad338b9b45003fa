"""`peacegraph check --number FILE`: the next free numbers, and nothing else touched."""

from pathlib import Path

import pytest

from graph.errors import Refused
from seed.load import check
from seed.number import number
from tests.seed.example import EXAMPLE, changed


def written(folder: Path, text: str) -> Path:
    path = folder / "example-2020.yaml"
    path.write_bytes(text.encode())
    return path


NEW = """\
  # A comment, and a claim without a number
  - kind: PART_OF   # kept
    from: Place:capital
    to: State:country
    citations: [{locator: "p. 1"}]
    statement: >-
      Once
      more.
  - {kind: PART_OF, from: Place:capital, to: State:country, citations: [{locator: p. 2}], statement: Again.}
"""


def test_a_claim_without_a_number_gets_the_next_free_one_and_nothing_else_changes(tmp_path: Path) -> None:
    path = written(tmp_path, EXAMPLE + NEW)
    assert number(path) == ["example-2020/3", "example-2020/4"]
    expected = NEW.replace("- kind: PART_OF   # kept", "- id: example-2020/3\n    kind: PART_OF   # kept")
    expected = expected.replace("- {kind", "- {id: example-2020/4, kind")
    assert path.read_text(encoding="utf-8") == EXAMPLE + expected
    assert check([path]) == []


def test_numbering_again_changes_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, EXAMPLE + NEW)
    number(path)
    once = path.read_bytes()
    assert number(path) == []
    assert path.read_bytes() == once


def test_the_number_of_a_claim_that_was_withdrawn_is_not_given_again(tmp_path: Path) -> None:
    path = written(
        tmp_path, EXAMPLE + "  # example-2020/17 was withdrawn; another-example-2020/99 is another paper's\n" + NEW
    )
    assert number(path) == ["example-2020/18", "example-2020/19"]


def test_a_new_claim_among_the_old_ones_takes_no_number_from_them(tmp_path: Path) -> None:
    path = written(tmp_path, changed(("  - id: example-2020/1\n    kind", "  - kind")))
    assert number(path) == ["example-2020/3"]
    assert check([path]) == []


def test_lines_end_as_before(tmp_path: Path) -> None:
    path = written(tmp_path, (EXAMPLE + NEW).replace("\n", "\r\n"))
    number(path)
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")
    assert check([path]) == []


def test_a_claim_that_begins_after_its_hyphen_on_another_line_is_numbered_in_place(tmp_path: Path) -> None:
    path = written(tmp_path, EXAMPLE + NEW.replace("- kind: PART_OF   # kept", "-\n    # first\n    kind: PART_OF"))
    assert len(number(path)) == 2
    assert check([path]) == []


@pytest.mark.parametrize("text", ["claims: [\n", EXAMPLE.replace("source: example-2020\n", ""), "source: [a]\n"])
def test_a_file_that_cannot_be_read_is_refused_and_left_alone(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(Refused):
        number(path)
    assert path.read_bytes() == text.encode()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
