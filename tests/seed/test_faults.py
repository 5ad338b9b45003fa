"""What a curated file may not say: each rule of the ontology, and each way in which records contradict themselves and
each other."""

from pathlib import Path

import pytest

from graph.claim import Claim, Record
from graph.errors import Fault
from graph.faults import faults as faults_of
from graph.ontology import ONTOLOGY
from seed.load import check
from tests.seed.example import EXAMPLE, changed, faults, line_of

FROM = "    from: Individual:some-commander\n"
TO = "    to: Mission:example\n"
STATE = "    name: Country\n"
WHEN = 'during: {start: "1956", end: "1957-37~"}'
LONG = "x" * 4_000


def said(found: list[Fault]) -> list[str]:
    return [f"{fault.field}: {fault.reason}; {fault.passes}" for fault in found]


def partnership(*fields: str, ends: str = "[Mission:example, State:country]") -> str:
    """The example with a third claim, a symmetric one."""
    lines = ("kind: PARTNERSHIP", f"ends: {ends}", "citations: [{locator: p. 1}]", "statement: So.", *fields)
    return EXAMPLE + "  - id: example-2020/3\n" + "".join(f"    {line}\n" for line in lines)


# ---- entities ----


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "id: Term:purpose/security",
            "id: Term:security",
            "id: 'Term:security' is not the id of such an entity; write T",
        ),
        (
            "id: Term:purpose/security",
            "id: Term:certainty/security",
            "id: the values of certainty are closed; declare it",
        ),
        ("kind: SPELLING", "kind: SPELING", "aliases[0].kind: 'SPELING' is not a value of AliasKind; write SPELLING"),
        (
            "locator: Section 2}",
            "source: State:country, locator: S}",
            "aliases[0].source: State:country may not stand here; ",
        ),
        (
            "locator: Section 2}",
            "source: Source:no, locator: S}",
            "aliases[0].source: 'Source:no' is nowhere declared; d",
        ),
        (
            "locator: Section 2}",
            "language: French, locator: S}",
            "aliases[0].language: 'French' is not a language tag; w",
        ),
        (
            STATE,
            f"{STATE}    identifiers: [{{scheme: A, value: B}}, {{scheme: A, value: B}}]\n",
            "identifiers: 'A B' st",
        ),
        (
            STATE,
            f"{STATE}    mergedFrom: [State:country]\n",
            "mergedFrom[0]: it names the entity itself; name the id that",
        ),
        (
            STATE,
            f"{STATE}    mergedFrom: [country]\n",
            "mergedFrom[0]: 'country' is not the id of an entity; write Kind:s",
        ),
        (
            STATE,
            f"{STATE}    mergedFrom: [Place:capital]\n",
            "mergedFrom[0]: Place:capital is declared as an entity; take",
        ),
        (STATE, f"{STATE}    description: {LONG}\n", "description: it has 4,000 characters; write 2,000 at most"),
        ("name: Country", f"name: {LONG}", "name: it has 4,000 characters; write 300 at most"),
        (
            'date: "2020"',
            'date: "2020-02-30"',
            "date: '2020-02-30': no such day, February 2020 has days 01 to 29; write ",
        ),
        (
            "    locator: Section 1",
            "    locator: S\n    broader: Term:purpose/all",
            "broader: 'Term:purpose/all' is nowhere",
        ),
        (
            "    locator: Section 1",
            "    locator: S\n    broader: Place:capital",
            "broader: 'Place:capital' is not a term of",
        ),
    ],
)
def test_a_fault_of_an_entity_is_named_with_what_would_pass(tmp_path: Path, old: str, new: str, fault: str) -> None:
    (found,) = said(faults(tmp_path, changed((old, new))))
    assert found.startswith(fault)


@pytest.mark.parametrize("id", ["State:Country", "State:some country", "State:a--b", "State:a/b", "state:country"])
def test_an_id_is_a_kind_and_a_slug(tmp_path: Path, id: str) -> None:
    found = faults(
        tmp_path, changed(("id: State:country\n", f"id: {id}\n"), ("    to: State:country", "    to: State:country"))
    )
    assert "id" in {fault.field for fault in found}


# ---- claims: slots, values, standing ----


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "id: example-2020/2",
            "id: example-2020/02",
            "id: 'example-2020/02' is not the id of a claim; write paper/number",
        ),
        (
            "id: example-2020/2",
            "id: example-2020/1",
            "id: example-2020/1 stands twice; take its id out, and number the fi",
        ),
        (TO, "", "to: 0 stand here, and 1 must; write 1, by id: Actor"),
        (TO, "    to: Place:capital\n", "to: Place:capital may not stand here; write an id: Actor"),
        (TO, "    to: example-2020/2\n", "to: 'example-2020/2' is not the id of an entity; write an id: Actor"),
        (
            TO,
            "    to: Mission:other\n",
            "to: 'Mission:other' is nowhere declared; declare it under entities, or mend the",
        ),
        (FROM, "    from: State:country\n", "from: State:country may not stand here; write an id: Individual"),
        (
            "to: State:country",
            "to: Mission:example",
            "to: Place and Mission do not go together; write two of one fa",
        ),
        (
            TO,
            f"{TO}    theatres: [Place:capital, Place:capital]\n",
            "theatres: 'Place:capital' stands 2 times; write it o",
        ),
        (
            TO,
            f"{TO}    theatres: [example-2020/9]\n",
            "theatres[0]: 'example-2020/9' is nowhere declared; write the numb",
        ),
        (
            TO,
            f"{TO}    involves: [{{role: POST, node: nowhere}}]\n",
            "involves.POST[0]: 'nowhere' is not an id; write Kin",
        ),
        (
            "role: FORCE_COMMANDER",
            "role: force_commander",
            "role: 'force_commander' is not a value of AppointmentRole; w",
        ),
        (
            "role: FORCE_COMMANDER",
            "role: UNASSIGNED",
            "role: no value fits, and what the source says is not here; write ",
        ),
        (TO, f"{TO}    polarity: ASSERT\n", "polarity: 'ASSERT' is not a value of Polarity; write ASSERTED"),
        (
            TO,
            f'{TO}    substantiated: "NO"\n',
            "substantiated: the claim is STATED; leave it out, or write certainty: ALL",
        ),
        (
            TO,
            f"{TO}    attribution: EACH\n",
            "attribution: fewer than two speakers are named; leave it out, or name t",
        ),
        (
            TO,
            f"{TO}    attributedTo: [State:country]\n    attribution: ONE_OF\n",
            "attribution: fewer than two speakers are named; leave it out, or name two in attributedTo",
        ),
        (
            TO,
            f"{TO}    attributedTo: [example-2020/2]\n",
            "attributedTo[0]: 'example-2020/2' is not the id of an entity;",
        ),
        (
            TO,
            f"{TO}    conflictsWith: [example-2020/1]\n",
            "conflictsWith[0]: the claim names itself; name another claim",
        ),
        (
            TO,
            f"{TO}    conflictsWith: [Mission:example]\n",
            "conflictsWith[0]: Mission:example may not stand here; write an id: a cla",
        ),
        (
            TO,
            f"{TO}    ordinal: {{n: 0, among: all}}\n",
            "ordinal.n: 0 is no place in a row; count from 1; -1 is the las",
        ),
    ],
)
def test_a_fault_of_what_a_claim_says_is_named_with_what_would_pass(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    (found,) = said(faults(tmp_path, changed((old, new))))
    assert found.startswith(fault)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (partnership(ends="[Mission:example]"), "ends: 1 stand here, and 2 must; write 2, by id: Actor"),
        (
            partnership(ends="[Mission:example, State:country, State:country]"),
            "ends: 3 stand here, and 2 must; write 2,",
        ),
        (
            partnership(ends="[Mission:example, Place:capital]"),
            "ends[1]: Place:capital may not stand here; write an id: Actor",
        ),
        (
            partnership("purposes: [Term:aim/peace]"),
            "purposes[0]: Term:aim/peace is of another scheme; write Term:purpo",
        ),
        (
            partnership("purposes: [Term:purpose/peace]"),
            "purposes[0]: 'Term:purpose/peace' is nowhere declared; declare ",
        ),
        (partnership("forms: [JOINT, JOINT]"), "forms: 'JOINT' stands 2 times; write it once"),
        (
            partnership("forms: [TOGETHER]"),
            "forms[0]: 'TOGETHER' is not a value of PartnershipForm; write one of SUPPORT",
        ),
    ],
)
def test_a_fault_of_a_symmetric_claim_is_named_with_what_would_pass(tmp_path: Path, text: str, fault: str) -> None:
    found = said(faults(tmp_path, text))
    assert found[0].startswith(fault)


def test_a_partner_may_stand_at_both_ends(tmp_path: Path) -> None:
    assert faults(tmp_path, partnership(ends="[State:country, State:country]")) == []


# ---- claims: citations, statement, doubts ----


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "    citations: [{locator: Section 3}]\n",
            "",
            "citations: the claim cites nothing; write citations: [{locator: ",
        ),
        ("[{locator: Section 3}]", "[]", "citations: the claim cites nothing; write citations: [{locator: "),
        (
            "{locator: Section 3}",
            "{source: Source:no, locator: p}",
            "citations[0].source: 'Source:no' is nowhere declared",
        ),
        (
            "{locator: Section 3}",
            "{source: State:country, locator: p}",
            "citations[0].source: State:country may not stand here",
        ),
        (
            "{locator: Section 3}",
            "{locator: p}, {locator: p}",
            "citations: 'Source:example-2020 p' stands 2 times; write",
        ),
        (
            "    statement: The capital lies in the country.\n",
            "",
            "statement: the claim has no statement; say it in one ",
        ),
        ("The capital lies in the country.", LONG, "statement: it has 4,000 characters; write 400 at most"),
        (
            TO,
            f"{TO}    doubts: [{{field: post, basis: INFERRED, how: So.}}]\n",
            "doubts[0].field: APPOINTMENT has no fie",
        ),
        (
            TO,
            f"{TO}    doubts: [{{field: role, basis: GUESSED, how: So.}}]\n",
            "doubts[0].basis: 'GUESSED' is not a valu",
        ),
        (
            TO,
            f"{TO}    wording: [{{field: rolle, text: chief}}]\n",
            "wording[0].field: APPOINTMENT has no field 'rolle'; ",
        ),
        (TO, f"{TO}    unstated: [rank]\n", "unstated[0]: APPOINTMENT has no field 'rank'; write one of"),
        (
            TO,
            f"{TO}    unstated: [role]\n",
            "unstated[0]: role is given, and said to be unstated; leave out the one or t",
        ),
        (
            TO,
            f"{TO}    unstated: [during]\n",
            "unstated[0]: during is given, and said to be unstated; leave out the one ",
        ),
        (TO, f"{TO}    unstated: [theatres, theatres]\n", "unstated: 'theatres' stands 2 times; write it once"),
        (
            TO,
            f"{TO}    unstated: [militaryRank]\n    wording: [{{field: militaryRank, text: chief}}]\n",
            "unstated[0]: militaryRank is worded, and said to be unstated; write UNASSIGNED, or leave out the one",
        ),
    ],
)
def test_a_fault_of_how_a_claim_is_told_is_named_with_what_would_pass(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    (found,) = said(faults(tmp_path, changed((old, new))))
    assert found.startswith(fault)


def test_coverage_names_a_kind_of_claim_and_a_field_of_it(tmp_path: Path) -> None:
    line = "  - id: example-2020/3\n    kind: COVERAGE\n    about: []\n    relation: {}\n    field: {}\n"
    rest = "    state: PARTIAL\n    citations: [{locator: all}]\n    statement: Some of it.\n"
    assert faults(tmp_path, EXAMPLE + line.format("APPOINTMENT", "during") + rest) == []
    (kind,) = said(faults(tmp_path, EXAMPLE + line.format("APPOINTMENTS", "during") + rest))
    assert kind == "relation: 'APPOINTMENTS' is not a kind of claim; write APPOINTMENT"
    (field,) = said(faults(tmp_path, EXAMPLE + line.format("APPOINTMENT", "roles") + rest))
    assert field == "field: 'roles' is not a field of APPOINTMENT; write role"


# ---- claims: time ----


@pytest.mark.parametrize(
    ("during", "fault"),
    [
        (
            '{start: "1956-13"}',
            "during.start: '1956-13': no such part of a year; write a month as 01 to 12, longer par",
        ),
        (
            '{start: "1956-05-06T12:00"}',
            "during.start: '1956-05-06T12:00': a date has no time of day; write the day alo",
        ),
        ('{on: ".."}', "during.on: '..': an open end stands where a date is wanted; write"),
        (
            '{on: "1956", end: "1957"}',
            "during.on: it stands beside start or end, and is both; write either on, or start",
        ),
        (
            '{start: "1957", end: "1956"}',
            "during.end: the start '1957' is after the end '1956'; write an end that is no",
        ),
        (
            '{start: "1956", duration: "2 years"}',
            "during.duration: '2 years': not a length in years, months, weeks or d",
        ),
        (
            '{start: "1956", end: "1956", duration: P9Y}',
            "during.duration: the duration P9Y contradicts the dates (start ",
        ),
        (
            "{anchors: [{how: NEAR, node: example-2020/2}]}",
            "during.anchors[0].how: 'NEAR' is not a value of AnchorHow; ",
        ),
        (
            "{anchors: [{how: AFTER, node: example-2020/9}]}",
            "during.anchors[0].node: 'example-2020/9' is nowhere declar",
        ),
        (
            "{anchors: [{how: AFTER, node: example-2020/1}]}",
            "during.anchors: anchors go in a circle: example-2020/1 → e",
        ),
        (
            '{start: "2021", anchors: [{how: BEFORE, node: Source:example-2020}]}',
            "during.anchors[0]: the anchor BEFORE contradicts the dates (start 2021-01-01 to 2021-12-31, end ",
        ),
    ],
)
def test_a_fault_of_time_is_named_with_what_would_pass(tmp_path: Path, during: str, fault: str) -> None:
    text = changed((WHEN, f"during: {during}"))
    (found,) = faults(tmp_path, text)
    assert said([found])[0].startswith(fault)
    assert found.line == line_of(text, "during:")


# ---- between records ----


def test_wholes_that_are_parts_of_their_parts_are_refused_with_every_member_named(tmp_path: Path) -> None:
    back = "  - id: example-2020/3\n    kind: PART_OF\n    from: State:country\n    to: State:union\n"
    rest = "    citations: [{locator: p}]\n    statement: So.\n"
    more = "  - id: example-2020/4\n    kind: PART_OF\n    from: State:union\n    to: State:country\n"
    text = changed(("  - id: Term:", "  - {id: State:union, name: Union}\n  - id: Term:")) + back + rest + more + rest
    (fault,) = faults(tmp_path, text)
    assert fault.reason == "parts and wholes go in a circle: State:country → State:union → State:country"
    assert fault.line == line_of(text, "    to: State:union")


def test_a_denied_part_makes_no_circle(tmp_path: Path) -> None:
    circle = (
        "  - id: example-2020/3\n    kind: PART_OF\n    from: Place:capital\n    to: Place:capital\n"
        "    citations: [{locator: p}]\n    statement: So.\n"
    )
    assert len(faults(tmp_path, EXAMPLE + circle)) == 1
    assert faults(tmp_path, f"{EXAMPLE}{circle}    polarity: DENIED\n") == []


def test_terms_in_a_circle_are_refused(tmp_path: Path) -> None:
    other = "  - id: Term:purpose/safety\n    name: Safety\n    broader: Term:purpose/security\nclaims:\n"
    text = changed(("    locator: Section 1\n", "    broader: Term:purpose/safety\n"), ("claims:\n", other))
    (fault,) = faults(tmp_path, text)
    assert fault.reason == ("terms go in a circle: Term:purpose/safety → Term:purpose/security → Term:purpose/safety")


def test_an_entity_is_declared_once_in_a_file(tmp_path: Path) -> None:
    text = changed(("claims:\n", "  - id: State:country\n    name: Country\nclaims:\n"))
    (fault,) = faults(tmp_path, text)
    first = line_of(text, "- id: State:country")
    assert fault.reason == f"State:country is declared twice in this file, first in line {first}"


@pytest.mark.parametrize(
    ("here", "there", "field"),
    [
        ("name: Country", "name: The Country", "name"),
        ("name: Country", "name: Country\n    named: false", "named"),
        ("name: Country\n    description: A.", "name: Country\n    description: B.", "description"),
    ],
)
def test_two_files_that_declare_an_entity_must_agree(tmp_path: Path, here: str, there: str, field: str) -> None:
    one, other = tmp_path / "a-2020.yaml", tmp_path / "b-2021.yaml"
    one.write_text(f"source: a-2020\nentities:\n  - id: State:country\n    {here}\n", encoding="utf-8")
    other.write_text(f"source: b-2021\nentities:\n  - id: State:country\n    {there}\n", encoding="utf-8")
    (fault,) = check([one, other])
    assert (fault.file, fault.field) == (str(other), field)
    assert f"in {one}:" in fault.reason
    assert "an alias" in fault.passes


def test_an_id_that_was_merged_has_one_survivor(tmp_path: Path) -> None:
    text = changed(
        ("name: Country\n", "name: Country\n    mergedFrom: [State:old]\n"),
        ("claims:\n", "  - id: State:other\n    name: Other\n    mergedFrom: [State:old]\nclaims:\n"),
    )
    (fault,) = faults(tmp_path, text)
    assert fault.reason == "State:old was merged into State:country as well"


def test_a_merged_id_may_still_be_named_by_claims(tmp_path: Path) -> None:
    text = changed((STATE, f"{STATE}    mergedFrom: [State:old]\n"), ("    to: State:country", "    to: State:old"))
    assert faults(tmp_path, text) == []


def identity(ends: str, *fields: str) -> str:
    lines = ("kind: IDENTITY", f"ends: {ends}", "citations: [{locator: p. 1}]", "statement: So.", *fields)
    return "  - id: example-2020/3\n" + "".join(f"    {line}\n" for line in lines)


def test_the_identity_of_one_entity_with_itself_is_refused(tmp_path: Path) -> None:
    text = EXAMPLE + identity("[State:country, State:country]", "verdict: POSSIBLY_SAME")
    (fault,) = said(faults(tmp_path, text))
    assert fault == "ends[1]: State:country stands at both ends; name two entities; what is one has one id"


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        (("verdict: DIFFERENT",), True),
        (("verdict: DIFFERENT", "certainty: HEDGED"), True),
        (("verdict: DIFFERENT", "polarity: DENIED"), False),
        (("verdict: POSSIBLY_SAME",), False),
    ],
)
def test_what_a_source_holds_to_be_different_is_not_merged(
    tmp_path: Path, fields: tuple[str, ...], refused: bool
) -> None:
    merged = changed((STATE, f"{STATE}    mergedFrom: [State:old]\n"))
    found = said(faults(tmp_path, merged + identity("[State:country, State:old]", *fields)))
    told = "ends[1]: State:country and State:old are said to be different, and have been merged; "
    assert found == ([f"{told}take the id out of mergedFrom, and declare both"] if refused else [])


def test_what_a_lost_part_of_the_input_may_declare_is_not_said_to_be_missing(tmp_path: Path) -> None:
    text = changed(("  - id: Mission:example\n    name: Example Mission\n", "  - [Mission:example]\n"))
    (fault,) = faults(tmp_path, text)
    assert "a list stands where a mapping is wanted" in fault.reason


def test_what_a_record_with_a_fault_declares_is_not_said_to_be_missing(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, changed(("    name: Example Mission\n", "    nime: Example Mission\n")))
    assert fault.field == "nime"


# ---- for every relation alike ----


@pytest.mark.parametrize("relation", ONTOLOGY.relations, ids=lambda relation: relation.name)
def test_every_relation_demands_its_ends_a_citation_and_a_statement(relation: object) -> None:
    claim = Claim("p/1", relation.name, {}, (), "")  # type: ignore[attr-defined]

    def nowhere(record: Record, field: str) -> tuple[str, int]:
        return "file", 1

    needed = {slot.field for slot in ONTOLOGY.relation[claim.relation].slots if slot.least}
    assert {fault.field for fault in faults_of(claim, nowhere)} == {*needed, "citations", "statement"}
