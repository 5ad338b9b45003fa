"""What a check warns of and a load takes; and three ways to say too much: twice, too finely, of somebody unnamed."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.claim import Claim, Record
from graph.ontology import ONTOLOGY
from graph.ontology.types import Ontology, Relation
from graph.unusual import warnings
from graph.wording import finer
from seed.load import warnings as load_warnings
from tests.seed.example import EXAMPLE, changed, faults, line_of

WHEN = 'during: {start: "1956", end: "1957-37~"}'


# ---- unusual pairs of kinds ----


def with_usual(name: str, *pairs: tuple[str, str]) -> Ontology:
    old = ONTOLOGY
    relations: list[Relation] = [replace(each, usual=pairs) if each.name == name else each for each in old.relations]
    return Ontology(
        old.kinds, tuple(relations), old.roles, old.common_slots, old.common_props, old.vocabularies, old.terms
    )


def warned(claim: Claim, ontology: Ontology) -> list[tuple[str, str]]:
    def nowhere(record: Record, field: str) -> tuple[str, int]:
        return "file", 1

    return [(fault.field, fault.reason) for fault in warnings(claim, nowhere, ontology)]


def consent(from_: str, to: str) -> Claim:
    return Claim("p/1", "Consent", {"FROM": (from_,), "TO": (to,)}, (), "")


def test_a_pair_that_is_not_among_the_usual_ones_is_warned_of_with_what_is_usual() -> None:
    usual = with_usual("Consent", ("State", "Mission"), ("Actor", "Unit"))
    assert warned(consent("State:a", "Mission:b"), usual) == []
    assert warned(consent("Grouping:a", "Unit:b"), usual) == [], "a family stands for its kinds"
    unusual = [("to", "Grouping and Mission are an unusual pair for CONSENT")]
    assert warned(consent("Grouping:a", "Mission:b"), usual) == unusual


def test_the_order_of_a_symmetric_pair_does_not_matter() -> None:
    usual = with_usual("Partnership", ("State", "Mission"))
    for ends in (("State:a", "Mission:b"), ("Mission:b", "State:a")):
        assert warned(Claim("p/1", "Partnership", {"END": ends}, (), ""), usual) == []
    assert len(warned(Claim("p/1", "Partnership", {"END": ("State:a", "State:b")}, (), ""), usual)) == 1


def test_two_of_one_kind_are_usual_where_the_relation_says_so() -> None:
    def succession(to: str) -> list[tuple[str, str]]:
        return warned(Claim("p/1", "Succession", {"FROM": ("Mission:a",), "TO": (to,)}, (), ""), ONTOLOGY)

    assert succession("Mission:b") == []
    assert succession("State:b") == [("to", "Mission and State are an unusual pair for SUCCESSION")]


def test_a_class_from_the_terms_of_another_slot_is_warned_of() -> None:
    def classed(term: str) -> list[tuple[str, str]]:
        return warned(Claim("p/1", "Classification", {"FROM": ("Mission:a",), "TO": (term,)}, (), ""), ONTOLOGY)

    assert classed("Term:mission-type/stabilisation") == []
    assert classed("Term:unit/rounds") == [("to", "Term:unit/rounds is of the scheme of STATISTIC, unit")]
    assert classed("Term:certainty/hedged") == [("to", "Term:certainty/hedged is of the scheme of Certainty")]


def test_a_relation_that_lists_no_usual_pair_warns_of_none() -> None:
    assert warned(consent("Unit:a", "Grouping:b"), with_usual("Consent")) == []


@pytest.mark.parametrize("relation", ONTOLOGY.relations, ids=lambda relation: relation.name)
def test_the_usual_pairs_of_the_ontology_are_kinds_that_may_stand_there(relation: Relation) -> None:
    ends = (relation.ends[0], relation.ends[-1])
    for pair in relation.usual:
        for name, end in zip(pair, ends, strict=True):
            named = {kind.name for kind in ONTOLOGY.members((name,))}
            assert named, f"{name} is no kind"
            assert named <= {kind.name for kind in ONTOLOGY.members(end.kinds)}, name


# ---- placeholders ----


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ("id: State:other-unnamed\n    name: A state (unnamed)\n", "named"),
        ("id: State:other-unnamed\n    name: A state\n    named: false\n", "name"),
        ("id: State:other\n    name: A state (unnamed)\n    named: false\n", "id"),
    ],
)
def test_a_placeholder_is_one_in_its_id_in_its_name_and_to_machines(tmp_path: Path, new: str, field: str) -> None:
    (fault,) = faults(tmp_path, changed(("claims:\n", f"  - {new}claims:\n")))
    assert fault.field == field


def test_what_sources_only_describe_needs_no_such_id(tmp_path: Path) -> None:
    described = "  - {id: Grouping:some-states, name: Some states, named: false}\n"
    assert faults(tmp_path, changed(("claims:\n", f"{described}claims:\n"))) == []


# ---- the same said twice ----


def test_a_claim_that_says_what_another_says_in_the_same_place_is_refused(tmp_path: Path) -> None:
    again = EXAMPLE[EXAMPLE.index("  - id: example-2020/2") :].replace("example-2020/2", "example-2020/3")
    text = EXAMPLE + again.replace("The capital lies", "Here lies the capital")
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.reason) == (
        line_of(text, "- id: example-2020/3"),
        "it says what example-2020/2 says, and cites the same place",
    )


def test_a_claim_that_says_what_another_says_in_another_place_is_warned_of(tmp_path: Path) -> None:
    again = EXAMPLE[EXAMPLE.index("  - id: example-2020/2") :].replace("example-2020/2", "example-2020/3")
    text = EXAMPLE + again.replace("Section 3", "Section 4")
    path = tmp_path / "example-2020.yaml"
    path.write_text(text, encoding="utf-8")
    told = [(each.line, each.reason) for each in load_warnings([path]) if each.field == "claim"]
    assert told == [(line_of(text, "- id: example-2020/3"), "it says what example-2020/2 says elsewhere")]


@pytest.mark.parametrize(
    ("old", "new"), [("Section 3", "Section 4"), ("to: State", "certainty: HEDGED\n    to: State")]
)
def test_the_same_in_another_place_or_otherwise_sure_is_another_claim(tmp_path: Path, old: str, new: str) -> None:
    again = EXAMPLE[EXAMPLE.index("  - id: example-2020/2") :].replace("example-2020/2", "example-2020/3")
    assert old in again
    assert faults(tmp_path, EXAMPLE + again.replace(old, new)) == []


# ---- dates finer than their wording ----


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("1956", "in 1956"),
        ("1956-11-04", "on 4 November 1956"),
        ("1956-11-04", "November 4, 1956"),
        ("1956-11", "from November 1956"),
        ("1957-37~", "until early 1957 or so"),
        ("1957-21", "spring 1957"),
        ("1956~", "around 1956"),
        ("195X", "in the 1950s"),
        ("1956", "from 1956 to about 1958"),
    ],
)
def test_a_date_may_say_what_its_wording_says(date: str, words: str) -> None:
    assert finer(date, words) is None


@pytest.mark.parametrize(
    ("date", "words", "reason"),
    [
        ("1956-11-04", "in November 1956", "names a day, and its wording only a month"),
        ("1956-11", "late 1956", "names a month, and its wording only a part of a year"),
        ("1957-37", "in 1957", "names a part of a year, and its wording only a year"),
        ("1956", "in the 1950s", "names a year, and its wording only a decade"),
        ("1956", "after the war", "names a year, and its wording names none"),
        ("1958", "from 1956 to about 1958", "is exact, and its wording is not"),
        ("1958", "until 1958 or so", "is exact, and its wording is not"),
    ],
)
def test_a_date_that_is_finer_than_its_wording_is_told(date: str, words: str, reason: str) -> None:
    assert finer(date, words) == reason


def test_a_date_finer_than_its_wording_is_a_fault_unless_a_doubt_says_how_it_was_read(tmp_path: Path) -> None:
    worded = "during: {start: 1956-11}\n    wording: [{field: during, text: since the autumn of 1956}]"
    text = changed((WHEN, worded.replace("1956-11", '"1956-11"')))
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.field) == (line_of(text, "during:"), "during.start")
    assert fault.reason == "'1956-11' names a month, and its wording only a part of a year"
    doubt = "    doubts: [{field: during, basis: INFERRED, how: The crisis began in November.}]\n"
    assert faults(tmp_path, text.replace("    citations", f"{doubt}    citations", 1)) == []
