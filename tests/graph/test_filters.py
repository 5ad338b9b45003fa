"""A filter means what it says, and one that cannot be read says where and why."""

from typing import Any

import pytest

from graph.errors import BadDate, BadFilter, PeacegraphError
from graph.filters import MOST_IDS, where
from graph.grammar import INPUTS
from graph.predicate import All, At, Cmp, Has, In, Not, Present, Some, Within
from graph.predicate import Any as AnyOf

A, B = "Mission:a", "Mission:b"


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("IndividualWhere", {"name": {"eq": "  Élan   VITAL "}}, Cmp("name", "eq", "elan vital")),
        ("IndividualWhere", {"id": {"notIn": [A]}}, Not(In("id", (A,)))),
        ("IndividualWhere", {"description": {"isNull": True}}, Not(Present("description"))),
        ("IndividualWhere", {"called": {"contains": "Né"}}, Has("called", (("contains", "ne"),))),
        ("AppointmentWhere", {"role": {"in": ["SRSG", "ENVOY"]}}, In("role", ("SRSG", "ENVOY"))),
        ("AppointmentWhere", {"to": {"id": {"eq": A}}}, At("TO", Cmp("id", "eq", A))),
        ("PartnershipWhere", {"forms": {"hasNone": ["JOINT"]}}, Not(Has("forms", (("eq", "JOINT"),)))),
        ("PartnershipWhere", {"theatres": {"none": {"id": {"eq": A}}}}, Not(At("THEATRE", Cmp("id", "eq", A)))),
        ("PartnershipWhere", {"ends": {"every": {"id": {"eq": A}}}}, Not(At("END", Not(Cmp("id", "eq", A))))),
        ("PartnershipWhere", {"between": [A, B]}, All((At("END", Cmp("id", "eq", A)), At("END", Cmp("id", "eq", B))))),
        (
            "AppointmentWhere",
            {"between": [A, B]},
            AnyOf(
                (
                    All((At("FROM", Cmp("id", "eq", A)), At("TO", Cmp("id", "eq", B)))),
                    All((At("TO", Cmp("id", "eq", A)), At("FROM", Cmp("id", "eq", B)))),
                )
            ),
        ),
        ("MissionWhere", {"appointees": {"some": {}}}, Some("Appointment", "TO", All(()))),
        ("MissionWhere", {"appointees": {"none": {}}}, Not(Some("Appointment", "TO", All(())))),
        (
            "MissionWhere",
            {"appointees": {"count": {"gt": 2, "distinct": "OTHER"}}},
            Some("Appointment", "TO", All(()), 3, "FROM"),
        ),
        (
            "MissionWhere",
            {"partnerships": {"count": {"lt": 2, "distinct": "OTHER"}}},
            Not(Some("Partnership", "END", All(()), 2, "END")),
        ),
        (
            "MissionWhere",
            {"appointees": {"count": {"eq": 2, "distinct": "FACT"}}},
            All((Some("Appointment", "TO", All(()), 2, "FACT"), Not(Some("Appointment", "TO", All(()), 3, "FACT")))),
        ),
        ("MissionWhere", {"claims": {"count": {"gte": 2, "distinct": "FACT"}}}, Some("*", "ENDS", All(()), 2, "FACT")),
        ("MissionWhere", {"appointees": {"count": {"gte": 0}}}, All(())),
        ("MissionWhere", {"within": {"ids": [A]}}, Within((A,), ("PART_OF",), 8)),
        ("ActorWhere", {"mission": {"id": {"eq": A}}}, All((Cmp("kind", "eq", "MISSION"), Cmp("id", "eq", A)))),
        ("ClaimWhere", {"source": {"eq": "Source:s"}}, At("SOURCE", Cmp("id", "eq", "Source:s"))),
        (
            "ClaimWhere",
            {"wording": {"field": "militaryRank", "eq": "Gen."}},
            Has("wording", (("startsWith", "MILITARY_RANK\x1f"), ("eq", "MILITARY_RANK\x1fgen."))),
        ),
    ],
)
def test_a_filter_means(name: str, value: dict[str, Any], meaning: object) -> None:
    assert where(name, value, "where") == meaning


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        (
            "AppointmentWhere",
            {"rol": {"eq": "SRSG"}},
            "where.rol is not a field of AppointmentWhere; did you mean role?",
        ),
        ("AppointmentWhere", {"and": [{"to": {"name": None}}]}, "where.and[0].to.name is null"),
        ("AppointmentWhere", {"role": {"in": []}}, "where.role.in is an empty list"),
        ("AppointmentWhere", {"role": {}}, "where.role is empty"),
        ("AppointmentWhere", {"or": []}, "where.or is an empty list"),
        ("AppointmentWhere", {"id": {"in": ["x"] * (MOST_IDS + 1)}}, f"at most {MOST_IDS} pass"),
        ("AppointmentWhere", {"between": [A]}, "where.between takes the ids of two ends; 1 given"),
        (
            "AppointmentWhere",
            {"during": {"overlaps": {"date": "1956", "node": A}}},
            "takes exactly one of date and node",
        ),
        ("AppointmentWhere", {"wording": {}}, "where.wording is empty"),
        ("MissionWhere", {"appointees": {"count": {"distinct": "CLAIM"}}}, "compares with nothing"),
        ("MissionWhere", {"appointees": {"count": {"gte": -1}}}, "must be a whole number from 0"),
        ("MissionWhere", {"partnerships": {"count": {"distinct": "FROM", "gt": 1}}}, "FROM is no other end here"),
        ("MissionWhere", {"claims": {"count": {"distinct": "OTHER", "gt": 1}}}, "CLAIM or FACT would pass"),
        ("MissionWhere", {"within": {"ids": [A], "depth": 99}}, "where.within.depth must be from 0 to 32"),
        ("MissionWhere", {"name": {"contains": " \u0301 "}}, "holds nothing that a name could be compared by"),
        ("MissionWhere", {"identifier": {"eq": "HTI"}}, "needs scheme and eq"),
        ("MissionWhere", {"name": {"equals": "x"}}, "where.name.equals is not an operand here"),
    ],
)
def test_a_filter_that_cannot_be_read_names_its_path(name: str, value: dict[str, Any], says: str) -> None:
    with pytest.raises(BadFilter) as caught:
        where(name, value, "where")
    assert says in caught.value.message


def test_a_bad_date_names_its_path_and_what_would_pass() -> None:
    with pytest.raises(BadDate) as caught:
        where("AppointmentWhere", {"during": {"overlaps": {"date": "2011-02-29"}}}, "where")
    assert caught.value.message.startswith("where.during.overlaps.date")
    assert caught.value.code == "BAD_DATE"


def test_every_field_of_every_where_has_a_reader() -> None:
    bare = [
        (name, field.name)
        for name, each in INPUTS.items()
        if name.endswith("Where")
        for field in each.fields.values()
        if not field.read
    ]
    assert bare == []


def test_random_filters_of_the_whole_grammar_are_read_or_refused_with_a_code() -> None:
    from random import Random

    from tests.questions import Asker

    asker = Asker(Random(7), ["Mission:a", "State:b", "x/1"], ["x/1"], ["Élan", "vital"])
    read = 0
    for _ in range(3_000):
        name = asker.random.choice([name for name in INPUTS if name.endswith("Where")])
        try:
            where(name, asker.where(name), "where")
            read += 1
        except PeacegraphError as error:
            assert error.message.startswith("where")  # noqa: PT017 — the rest of the loop goes on
    assert read > 2_000
