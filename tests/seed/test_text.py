"""What the text of a curated file may be, before anything is read from it."""

import time
from pathlib import Path

import pytest

from graph.errors import Fault
from seed import tree
from tests.seed.example import EXAMPLE, changed, faults, line_of


def only(found: list[Fault]) -> Fault:
    (fault,) = found
    return fault


def test_the_example_is_sound(tmp_path: Path) -> None:
    assert faults(tmp_path, EXAMPLE) == []


def test_a_tab_is_refused_in_its_line(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, changed(("    name: Capital", "    name:\tCapital"))))
    assert (fault.line, fault.reason, fault.passes) == (12, "it holds a tab", "write spaces")


def test_a_tab_that_breaks_the_layout_is_one_fault_and_not_two(tmp_path: Path) -> None:
    assert only(faults(tmp_path, changed(("    name: Capital", "\tname: Capital")))).reason == "it holds a tab"


def test_a_byte_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, EXAMPLE.encode().replace(b"name: Country", b"name: C\xf4te d'Ivoire")))
    assert fault.line == line_of(EXAMPLE, "name: Country")
    assert fault.reason == "byte 0xf4 is not UTF-8"
    assert fault.passes == "save the file in UTF-8"


@pytest.mark.parametrize("unseen", ["\x00", "\x07", "\x85", "\u2028", "\u202e", "\ufeff", "\rx"])
def test_a_character_that_cannot_be_seen_is_refused_in_its_line(tmp_path: Path, unseen: str) -> None:
    fault = only(faults(tmp_path, changed(("name: Country", f"name: Coun{unseen}try"))))
    assert fault.line == line_of(EXAMPLE, "name: Country")
    assert f"U+{ord(unseen[0]):04X}" in fault.reason


def test_a_character_that_cannot_be_seen_is_refused_where_it_is_written_as_an_escape(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, changed(("name: Country", 'name: "Coun\\0try"'))))
    assert (fault.line, fault.field) == (line_of(EXAMPLE, "name: Country"), "name")
    assert "U+0000" in fault.reason


def test_a_lone_surrogate_is_refused(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, changed(("name: Country", 'name: "Coun\\ud800try"'))))
    assert fault.line == line_of(EXAMPLE, "name: Country")


def test_lines_may_end_as_on_windows(tmp_path: Path) -> None:
    assert faults(tmp_path, EXAMPLE.replace("\n", "\r\n")) == []


def test_a_line_of_ten_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    fault = only(faults(tmp_path, changed(("name: Country", f"name: {'x' * 10_000_000}"))))
    assert time.monotonic() - began < 10, "hangs"
    assert fault.line == line_of(EXAMPLE, "name: Country")
    assert "bytes, and 8,388,608 are read at most" in fault.reason
    assert fault.passes == "divide it"


def test_a_long_line_is_refused_in_its_place(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, changed(("name: Country", f"name: {'[' * 100_000}"))))
    assert fault.line == line_of(EXAMPLE, "name: Country")
    assert "characters, and 5,000 are read at most" in fault.reason


def test_lists_inside_each_other_are_refused_before_they_are_deep(tmp_path: Path) -> None:
    fault = only(faults(tmp_path, changed(("name: Country", "name: " + "[\n" * 50_000))))
    assert "more than 12 lists and mappings inside each other" in fault.reason


def test_a_bomb_of_anchors_and_aliases_is_refused_and_never_expanded(tmp_path: Path) -> None:
    bomb = [
        '    a: &a ["lol", "lol"]',
        *(f"    {b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
    ]
    began = time.monotonic()
    found = faults(tmp_path, changed(("    name: Country", "    name: Country\n" + "\n".join(bomb))))
    assert time.monotonic() - began < 10, "hangs"
    reasons = {fault.reason for fault in found}
    assert "&a is an anchor" in reasons
    assert "the alias *h stands for something else" in reasons


def test_an_alias_is_one_fault_although_the_field_that_it_fills_is_needed(tmp_path: Path) -> None:
    found = faults(tmp_path, changed(("    to: Mission:example", "    to: *mission")))
    assert only(found).reason == "the alias *mission stands for something else"


def test_a_merge_key_is_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, changed(("    name: Country", "    name: Country\n    <<: {named: false}")))
    assert only(found).reason == "a merge key takes in another mapping"


def test_a_tag_is_refused(tmp_path: Path) -> None:
    found = faults(tmp_path, changed(("name: Country", "name: !!python/name:os.system Country")))
    assert only(found).reason == "tag:yaml.org,2002:python/name:os.system is a tag"


def test_a_key_that_stands_twice_is_refused_where_it_stands_again(tmp_path: Path) -> None:
    found = faults(tmp_path, changed(("    name: Country", "    name: Country\n    name: Land")))
    fault = only(found)
    assert fault.line == line_of(EXAMPLE, "name: Country") + 1
    assert (fault.field, fault.reason) == ("name", f"it stands twice, first in line {fault.line - 1}")


def test_a_second_document_is_refused(tmp_path: Path) -> None:
    assert "a second document begins" in {fault.reason for fault in faults(tmp_path, EXAMPLE + "---\nsource: other\n")}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_file_is_refused(tmp_path: Path, text: str) -> None:
    assert len(faults(tmp_path, text)) == 1


def test_what_is_not_yaml_is_refused_in_its_line(tmp_path: Path) -> None:
    found = only(faults(tmp_path, changed(("name: Country", "name: Country: the one"))))
    assert found.line == line_of(EXAMPLE, "name: Country")
    assert "cannot be read as YAML" in found.reason


UNREADABLE = {
    "a colon too many": ("name: Country", "name: Country: the one"),
    "a bracket that is not closed": ("name: Country", "name: [Country"),
    "a colon too few": ("    name: Country", "    name Country"),
    "a bad indent": ("    name: Country", "   name: Country"),
    "a line that is too long": ("name: Country", f"name: {'x' * 6_000}"),
}


@pytest.mark.parametrize("change", UNREADABLE.values(), ids=UNREADABLE)
def test_a_record_that_is_not_yaml_is_told_in_its_line_and_hides_no_fault_of_others(
    tmp_path: Path, change: tuple[str, str]
) -> None:
    text = changed(change, ("role: FORCE_COMMANDER", "role: FORCE_COMANDER"), ("name: Capital", "nmae: Capital"))
    found = {(fault.line, fault.field) for fault in faults(tmp_path, text)}
    assert found >= {(line_of(text, "role: FORCE_COMANDER"), "role"), (line_of(text, "nmae: Capital"), "nmae")}
    ((line, _),) = found - {(line_of(text, "role: FORCE_COMANDER"), "role"), (line_of(text, "nmae: Capital"), "nmae")}
    assert line in (line_of(text, "- id: State:country"), line_of(text, "- id: State:country") + 1)


def test_a_quote_that_is_not_closed_is_told_where_it_begins_though_the_next_one_closes_it(tmp_path: Path) -> None:
    text = changed(("name: Country", 'name: "Country'))
    assert line_of(text, 'name: "Country') in {fault.line for fault in faults(tmp_path, text)}


def test_two_records_that_are_not_yaml_are_two_faults(tmp_path: Path) -> None:
    text = changed(("name: Country", "name: Country: the one"), ("name: Capital", "name: [Capital"))
    assert {fault.line for fault in faults(tmp_path, text)} == {
        line_of(text, "name: Country"),
        line_of(text, "name: [Capital"),
    }


def test_a_file_of_records_that_are_all_unreadable_is_given_up_soon(tmp_path: Path) -> None:
    records = "".join(f"  - id: State:s{n}\n    name: a: b\n" for n in range(3_000))
    found = faults(tmp_path, f"source: example-2020\nentities:\n{records}")
    assert len(found) == tree.RECORDS_LOST


def test_a_file_that_is_not_there_is_a_fault_and_no_error(tmp_path: Path) -> None:
    found = tree.parse(tmp_path / "nowhere.yaml", "nowhere.yaml")
    assert [str(fault) for fault in found.faults] == [
        "nowhere.yaml:1: file: the file cannot be read: No such file or directory; "
        "name a file that is there and may be read"
    ]
