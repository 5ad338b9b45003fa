"""Curated files ↔ records: known fields, the right sort of value, and the line of each."""

import random
import re
from pathlib import Path

import pytest

from graph.claim import Alias, Anchor, Citation, Claim, Doubt, During, Entity, Ordinal, Standing
from seed.files import Read, read
from seed.headings import read as headings_in
from seed.load import inputs
from seed.write import written
from tests.seed.example import EXAMPLE, changed, faults, line_of


def records(folder: Path, text: str) -> Read:
    path = folder / "example-2020.yaml"
    path.write_text(text, encoding="utf-8")
    return read([path])


# ---- what is read ----


def test_a_claim_is_read_with_the_source_of_its_file(tmp_path: Path) -> None:
    claim = records(tmp_path, EXAMPLE).claims[0]
    assert claim == Claim(
        id="example-2020/1",
        relation="Appointment",
        slots={"FROM": ("Individual:some-commander",), "TO": ("Mission:example",)},
        citations=(Citation("Source:example-2020", "Section 2, note 4"),),
        statement="Some Commander led the force from 1956 until early 1957 or so.",
        props={"role": "FORCE_COMMANDER"},
        during=During(start="1956", end="1957-37~"),
    )


def test_an_alias_is_of_the_source_of_its_file_unless_it_names_another(tmp_path: Path) -> None:
    aliases = "aliases: [{name: A, kind: NAME, locator: p. 1}, {name: B, kind: NAME, source: Source:x, locator: p. 2}]"
    text = changed(("aliases: [{name: Gen. Commander, kind: SPELLING, locator: Section 2}]", aliases))
    assert records(tmp_path, text).entities[1].aliases == (
        Alias("A", "NAME", "Source:example-2020", "p. 1"),
        Alias("B", "NAME", "Source:x", "p. 2"),
    )


def test_a_term_has_the_scheme_of_its_id_and_is_told_by_the_source_of_its_file(tmp_path: Path) -> None:
    term = records(tmp_path, EXAMPLE).entities[-1]
    assert term.props == {"scheme": "purpose", "definition": "Keeping an area safe."}
    assert term.aliases == (Alias("Security", "DESCRIPTION", "Source:example-2020", "Section 1"),)


def test_a_role_that_the_relation_does_not_list_stands_in_involves(tmp_path: Path) -> None:
    involved = "    involves: [{role: ADDRESSEE, node: State:country}, {role: POST, node: example-2020/2}]\n"
    claim = records(tmp_path, changed(("    to: Mission:example\n", "    to: Mission:example\n" + involved))).claims[0]
    assert claim.slots["ADDRESSEE"] == ("State:country",)
    assert claim.slots["POST"] == ("example-2020/2",)


def test_a_moment_is_written_as_on_which_yaml_takes_for_true(tmp_path: Path) -> None:
    text = changed(('during: {start: "1956", end: "1957-37~"}', 'during: {on: "1956-05-06"}'))
    assert records(tmp_path, text).claims[0].during == During(on="1956-05-06")


def test_a_curator_joins_and_parts_claims_by_their_numbers(tmp_path: Path) -> None:
    decided = "    sameFactAs: [example-2020/2]\n    apartFrom: [x/3, x/4]\n"
    claim = records(tmp_path, changed(("    to: Mission:example\n", "    to: Mission:example\n" + decided))).claims[0]
    assert (claim.same_fact_as, claim.apart_from) == (("example-2020/2",), ("x/3", "x/4"))


def test_what_cannot_be_one_fact_is_named_by_line(tmp_path: Path) -> None:
    decided = "    to: Mission:example\n    sameFactAs: [example-2020/2]\n"
    text = changed(("    to: Mission:example\n", decided))
    (fault,) = faults(tmp_path, text)
    assert (fault.field, fault.line) == ("sameFactAs[0]", line_of(text, "sameFactAs"))
    assert "another relation" in fault.reason


def test_white_space_is_one_space(tmp_path: Path) -> None:
    text = changed(("name: Country", "name: >-\n      The\n      Country  of Example"))
    assert records(tmp_path, text).entities[4].name == "The Country of Example"


def test_every_field_knows_its_line(tmp_path: Path) -> None:
    during = """\
    during:
      start: "1956"
      anchors:
        - {how: BEFORE,
           node: example-2020/2}"""
    text = changed((f"    {WHEN}", during))
    found = records(tmp_path, text)
    claim = found.claims[0]
    for field, part in (
        ("id", "- id: example-2020/1"),
        ("during", "during:"),
        ("during.start", 'start: "1956"'),
        ("during.anchors[0].how", "- {how: BEFORE"),
        ("during.anchors[0].node", "node: example-2020/2"),
        ("during.end", "during:"),
        ("citations[0].locator", 'citations: [{locator: "Section 2'),
        ("theatres[3]", "- id: example-2020/1"),
    ):
        assert found.locate(claim, field)[1] == line_of(text, part), field


# ---- what is refused, with what would pass ----


TO = "    to: Mission:example\n"
WHEN = 'during: {start: "1956", end: "1957-37~"}'
WHERE = "[{locator: Section 3}]"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    role: FORCE", "    rôle: FORCE", "rôle: 'r\\xf4le' is not a field of APPOINTMENT; write role"),
        (TO, f"    zzz: 1\n{TO}", "zzz: 'zzz' is not a field of APPOINTMENT; write one of id, kind, "),
        ("    name: Capital", "    naem: Capital", "naem: 'naem' is not a field of PLACE; write name"),
        ("entities:\n", "entity: []\nentities:\n", "entity: 'entity' is not a field of a curated file; write entities"),
        ("kind: PART_OF", "kind: PARTOF", "kind: 'PARTOF' is not a kind of claim; write PART_OF"),
        (
            "id: Term:",
            "id: Trem:",
            "id: 'Trem:purpose/security' does not begin with a kind of entity; write Kind:slug, ",
        ),
        ("    name: Security", "    scheme: purpose\n    name: Security", "scheme: 'scheme' is not a field of TERM; "),
        (
            'start: "1956"',
            "start: 1956",
            "during.start: '1956' without quotes is read as a number; write it in quotes: ",
        ),
        (
            'start: "1956"',
            "start: 1956-05-06",
            "during.start: '1956-05-06' without quotes is read as a date of YAML's ",
        ),
        ('date: "2020"', "date: 2020", "date: '2020' without quotes is read as a number; write it in quotes: \"2020\""),
        ("name: Country", "name: no", "name: 'no' without quotes is read as true or false; write it in quotes: \"no\""),
        (
            "    name: Country",
            "    named: no\n    name: Country",
            "named: 'no' is neither true nor false; write true or ",
        ),
        ("name: Country", "name:", "name: it has no value; write one, or leave the field out"),
        ("name: Country", 'name: " "', "name: it is blank; write a text, or leave the field out"),
        ("name: Country", "name: [Country]", "name: a list stands where a text is wanted; write one text"),
        (TO, "    to: [Mission:example]\n", "to: a list stands where a text is wanted; write one text"),
        (
            TO,
            f"    theatres: Place:capital\n{TO}",
            "theatres: one value stands where a list is wanted; write [ ] around it",
        ),
        (
            WHEN,
            'during: "1956"',
            "during: one value stands where a mapping is wanted; write its fields: on, start, end, ",
        ),
        (WHERE, "[{}]", "citations[0].locator: it is missing; write locator"),
        (
            WHERE,
            "[{locator: p. 3, page: x}]",
            "citations[0].page: 'page' is not a field of a citation; write one of loc",
        ),
        (WHERE, "[{locator: 3}]", "citations[0].locator: '3' without quotes is read as a number; write it in quotes"),
        (
            TO,
            f'    ordinal: {{n: "1", among: all}}\n{TO}',
            "ordinal.n: '1' is not a whole number; write a whole number, wi",
        ),
        (
            TO,
            f"    ordinal: {{n: 0o7, among: all}}\n{TO}",
            "ordinal.n: '0o7' is not a whole number; write a whole number",
        ),
        (TO, f"    involves: [{{role: POTS, node: p/1}}]\n{TO}", "involves[0].role: 'POTS' is not a role; write POST"),
        (
            TO,
            f"    involves: [{{role: THEATRE, node: Place:capital}}]\n{TO}",
            "involves[0].role: THEATRE has a field of i",
        ),
        (
            "  - id: example-2020/2\n    kind",
            "  - kind",
            "id: the claim has no number; run `peacegraph check --number ",
        ),
        (
            "id: example-2020/2",
            "id: example-2021/2",
            "id: 'example-2021/2' is not of example-2020, the source of this fil",
        ),
    ],
)
def test_a_fault_of_form_is_named_once_in_its_line_with_what_would_pass(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = changed((old, new))
    (fault,) = faults(tmp_path, text)
    lines = zip(EXAMPLE.splitlines(), text.splitlines(), strict=False)
    line = next(number for number, (before, after) in enumerate(lines, start=1) if before != after)
    assert str(fault).startswith(f"{tmp_path}/example-2020.yaml:{line}: {said}")


def test_what_is_missing_is_named_in_the_line_of_the_record(tmp_path: Path) -> None:
    text = changed(("    name: Capital\n", ""))
    (fault,) = faults(tmp_path, text)
    assert (fault.line, fault.field) == (line_of(text, "- id: Place:capital"), "name")
    assert (fault.reason, fault.passes) == ("it is missing", "write name")


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "entities: []\n"])
def test_a_file_that_is_no_curated_file_is_refused_without_another_word(tmp_path: Path, text: str) -> None:
    assert len(faults(tmp_path, text)) == 1


def test_a_file_without_its_source_is_one_fault_and_not_one_for_each_citation(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, changed(("source: example-2020\n", "")))
    assert (fault.field, fault.reason) == ("source", "it is missing")


def test_faults_of_one_record_are_all_found_although_some_are_of_form(tmp_path: Path) -> None:
    text = changed(
        ("    role: FORCE_COMMANDER\n", "    role: FORCE_COMANDER\n    rank: General\n"), ('"1956"', '"1956-13"')
    )
    assert [fault.field for fault in faults(tmp_path, text)] == ["role", "rank", "during.start"]


# ---- records → file → records ----


def test_records_written_to_a_file_read_back_as_they_were(tmp_path: Path) -> None:
    entities = [
        Entity(
            "Mission:example",
            "Mission",
            "Mission d’Exemple: la première",
            named=False,
            aliases=(Alias("ME", "ACRONYM", "Source:example-2020", "p. 3", "fr"), Alias("B", "NAME", "Source:x", "1")),
            identifiers=(("WIKIDATA", "Q1"), ("COW", "007")),
            description="On 2004-05-06: yes, 'no', and \"perhaps\" # not a comment",
            merged_from=("Mission:old",),
        ),
        Entity("Source:example-2020", "Source", "Example", props={"date": "2020", "authors": ("Ådne", "中村"), "url": "https://x.y/#z"}),
        Entity(
            "Term:purpose/security",
            "Term",
            "Security",
            aliases=(Alias("Security", "DESCRIPTION", "Source:example-2020", "Section 1"),),
            props={"scheme": "purpose", "definition": "Safe.", "rank": 2, "broader": "Term:purpose/all"},
        ),
    ]  # fmt: skip
    claims = [
        Claim(
            "example-2020/1",
            "Partnership",
            {
                "END": ("Mission:example", "Mission:example"),
                "THEATRE": ("Place:a", "Place:b"),
                "PURPOSE": ("Term:purpose/security",),
                "CONFLICTS_WITH": ("example-2020/2",),
                "ATTRIBUTED_TO": ("Source:x", "State:y"),
                "NORM": ("State:z", "example-2020/3"),
            },
            (Citation("Source:example-2020", "note 1"), Citation("Source:x", "p. 2")),
            "They worked together.",
            props={"forms": ("JOINT", "UNASSIGNED"), "formsScope": "PAIR", "intensity": "yes"},
            during=During("1956", None, None, "P1Y", (Anchor("AFTER", "Source:x"), Anchor("MEETS", "example-2020/2"))),
            standing=Standing("DENIED", "PLANNED", "ALLEGATION", "NO", "ONE_OF"),
            doubts=(Doubt("forms", "INFERRED", "Said of others."), Doubt("ends", "COLLECTIVE", "All.")),
            wording=(("forms", "hand in hand"), ("forms", "as one")),
            unstated=("instruments",),
            ordinal=Ordinal(-1, "partnerships"),
            note="Look again.",
            same_fact_as=("example-2020/2",),
            apart_from=("example-2020/3", "x/4"),
        ),
        Claim("example-2020/2", "PartOf", {"FROM": ("Place:a",)}, (), "So.", during=During(start="..", end="2004")),
    ]  # fmt: skip
    found = records(tmp_path, written("example-2020", entities, claims))
    assert found.faults == []
    assert found.entities == entities
    assert found.claims == claims


@pytest.mark.parametrize("path", inputs(), ids=lambda path: path.stem)
def test_a_curated_file_written_anew_says_the_same(tmp_path: Path, path: Path) -> None:
    before = read([path])
    after = records(tmp_path, written(path.stem, before.entities, before.claims))
    assert after.faults == []
    assert after.entities == before.entities
    assert after.claims == before.claims


# ---- whatever is written ----


@pytest.mark.slow
def test_however_a_file_is_mangled_the_answer_is_faults_and_never_an_error(tmp_path: Path) -> None:
    draw = random.Random(2020)
    bits = [
        "[",
        "{",
        "]",
        "}",
        ": ",
        "- ",
        '"',
        "'",
        "null",
        "1",
        "true",
        "*a",
        "&a ",
        "!x ",
        "..",
        "~",
        "\x00",
        "é",
        "|",
    ]
    words = re.findall(r"[\w:/-]+", EXAMPLE) + bits
    refused = 0
    for _ in range(400):
        lines = EXAMPLE.splitlines()
        for _ in range(draw.randint(1, 5)):
            at = draw.randrange(len(lines))
            match draw.randrange(4):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(at, draw.choice(lines))
                case 2:
                    place = draw.randint(0, len(lines[at]))
                    lines[at] = lines[at][:place] + draw.choice(bits) + lines[at][place:]
                case _:
                    lines[at] = re.sub(r"[\w:/-]+$", lambda _: draw.choice(words), lines[at])
        found = faults(tmp_path, "\n".join(lines))
        assert all(fault.line and fault.field and fault.reason and fault.passes for fault in found)
        refused += bool(found)
    assert 300 < refused <= 400


def test_the_examples_of_the_documentation_are_sound(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "coding.md").read_text(encoding="utf-8")
    example, headings = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert faults(tmp_path, example) == []
    (tmp_path / "list.yaml").write_text(headings, encoding="utf-8")
    known, wrong = headings_in(tmp_path / "list.yaml", "list.yaml")
    assert wrong == []
    assert known is not None
    sound, unsound = (re.findall(r"`([^`]+)`", half) for half in _PLACES.split(page)[1].split(" are places; "))
    assert [place for place in sound if known.fault(place)] == []
    assert [place for place in unsound if not known.fault(place)] == []


_PLACES = re.compile(r"(?=`Whole article`)|(?<= are faults)\.")
