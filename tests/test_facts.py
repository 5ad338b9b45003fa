"""Which claims tell one fact (`graph.telling`), and what is told of it (`graph.facts`).

The rule is said once more here, slowly: two claims fit if some day is left for both starts, and some for both ends; a
claim is settled if all that fit it fit each other; settled claims that fit are one fact, any other stands alone."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.claim import Anchor, Citation, Claim, During, Entity, Record, Standing, Timed, claim_document
from graph.dates import MAX_DAY, MIN_DAY, UNDATED, Bounds
from graph.derive import derive
from graph.errors import Fault, Refused
from graph.facts import described
from graph.ontology import ONTOLOGY
from graph.telling import facts, key, place
from graph.whole import faults

ANN, MISSION, UNION, LAND = "Individual:ann", "Mission:m", "RegionalOrganisation:u", "State:land"
APPOINTMENT = ONTOLOGY.relation["Appointment"]


def claim(number: int, during: During | None = None, /, paper: str = "p", **fields: Any) -> Claim:
    """An appointment of Ann to the mission, or what the fields make of it: in capitals slots, else of the record or
    properties."""
    own = {name: value for name, value in fields.items() if name in Claim.__slots__}
    slots = {name: ids for name, ids in fields.items() if name.isupper()}
    props = {name: value for name, value in fields.items() if not name.isupper() and name not in own}
    made = Claim(
        id=f"{paper}/{number}",
        relation="Appointment",
        slots={"FROM": (ANN,), "TO": (MISSION,)} | slots,
        citations=(Citation(f"Source:{paper}", "page 1"),),
        statement=f"Statement {number}.",
        props=props,
        during=during or During(),
    )
    return replace(made, **own)


def partners(number: int, *ends: str, **fields: Any) -> Claim:
    return replace(claim(number, **fields), relation="Partnership", slots={"END": ends})


def timed(bounds: Bounds) -> Timed:
    return Timed(bounds, "STATED", "STATED", None)


def told(*claims: Claim, bounds: Sequence[Bounds] = ()) -> list[set[str]]:
    """The facts that several claims tell, by the numbers of these."""
    times = bounds or [UNDATED] * len(claims)
    found: dict[str, set[str]] = {}
    for id, fact in facts([(each, timed(time)) for each, time in zip(claims, times, strict=True)]).items():
        found.setdefault(fact, set()).add(id)
    return sorted((each for each in found.values() if len(each) > 1), key=min)


def day(start: int, end: int) -> Bounds:
    return Bounds(start, start, end, end)


# ---- what claims of one fact have in common -------------------------------------------------------------------------


def test_claims_of_one_relation_ends_and_key_properties_tell_one_fact() -> None:
    assert told(claim(1, role="SRSG"), claim(2, role="SRSG", militaryRank="General")) == [{"p/1", "p/2"}]


@pytest.mark.parametrize(
    "other",
    [
        claim(2, role="ENVOY"),
        claim(2),
        claim(2, role="SRSG", TO=(UNION,)),
        claim(2, role="SRSG", standing=Standing(polarity="DENIED")),
        claim(2, role="SRSG", standing=Standing(modality="PLANNED")),
        claim(2, role="SRSG", standing=Standing(modality="CALLED_FOR")),
    ],
    ids=["another role", "no role", "another end", "denied", "planned", "called for"],
)
def test_what_is_said_of_something_else_or_stands_otherwise_is_another_fact(other: Claim) -> None:
    assert told(claim(1, role="SRSG"), other) == []


def test_how_sure_a_source_is_makes_no_fact_of_its_own() -> None:
    unsure = (Standing(certainty="HEDGED"), Standing(certainty="ALLEGATION"))
    assert told(claim(1), *(claim(2 + i, standing=each) for i, each in enumerate(unsure))) == [{"p/1", "p/2", "p/3"}]


def test_sources_that_both_leave_a_key_property_open_say_the_same() -> None:
    assert told(claim(1), claim(2)) == [{"p/1", "p/2"}]


def test_what_no_value_fits_is_told_apart_by_its_wording() -> None:
    worded = [
        claim(number, role="UNASSIGNED", wording=(("role", text),))
        for number, text in enumerate(("Chief Liaison", "chief liaison", "Envoy's deputy"), 1)
    ]
    assert told(*worded) == [{"p/1", "p/2"}]


def test_the_ends_of_a_symmetric_relation_have_no_order_and_those_of_a_directed_one_have() -> None:
    both = partners(1, MISSION, UNION), partners(2, UNION, MISSION), partners(3, MISSION, MISSION)
    assert told(*both) == [{"p/1", "p/2"}]
    one = replace(claim(1), relation="PartOf", slots={"FROM": (MISSION,), "TO": (UNION,)})
    assert told(one, replace(one, id="p/2", slots={"FROM": (UNION,), "TO": (MISSION,)})) == []


def test_the_values_of_a_list_have_no_order() -> None:
    one, two = ("JOINT", "HYBRID"), ("HYBRID", "JOINT")
    assert told(partners(1, MISSION, UNION, forms=one), partners(2, MISSION, UNION, forms=two)) == [{"p/1", "p/2"}]


def test_a_claim_without_ends_stands_alone() -> None:
    assert told(*(replace(claim(i), relation="Coverage", slots={}) for i in (1, 2))) == []


def test_a_relation_may_count_slots_and_sources_among_what_makes_a_fact() -> None:
    by = replace(APPOINTMENT, identity=("theatres", "sources"))
    here, there = (("State:a", "State:b"), ("State:b", "State:a"))
    assert key(claim(1, THEATRE=here), by) == key(claim(2, THEATRE=there), by)
    assert key(claim(1, THEATRE=here), by) != key(claim(2, THEATRE=("State:a",)), by)
    assert key(claim(1), by) != key(claim(2, paper="q"), by)


# ---- when they can all hold at once ---------------------------------------------------------------------------------


def test_dates_of_different_grain_are_one_fact_while_some_day_is_left() -> None:
    year, month, other = Bounds(100, 465, 900, 1265), Bounds(190, 220, 1200, 1230), Bounds(221, 250, 1200, 1230)
    assert told(claim(1), claim(2), bounds=(year, month)) == [{"p/1", "p/2"}]
    assert told(claim(1), claim(2), bounds=(month, other)) == []


def test_an_undated_claim_joins_the_only_term_and_stands_alone_beside_two() -> None:
    assert told(claim(1), claim(2), bounds=(UNDATED, day(1, 5))) == [{"p/1", "p/2"}]
    assert told(*map(claim, (1, 2, 3, 4)), bounds=(UNDATED, day(1, 5), day(7, 9), day(7, 9))) == [{"p/3", "p/4"}]


def test_a_claim_of_which_only_the_end_is_known_joins_the_term_that_ends_then() -> None:
    ended = Bounds(MIN_DAY, 9, 9, 9)
    assert told(*map(claim, (1, 2, 3)), bounds=(ended, day(1, 5), day(7, 9))) == [{"p/1", "p/3"}]


@pytest.mark.parametrize("how", ["BEFORE", "AFTER", "MEETS"])
def test_what_an_anchor_puts_after_another_is_another_fact_whatever_the_bounds(how: str) -> None:
    first, later = claim(1), claim(2, During(anchors=(Anchor(how, "p/1"),)))
    assert told(first, later) == []
    assert told(first, later, claim(3)) == [], "the third would fit both"
    assert told(claim(1), claim(2, During(anchors=(Anchor("OVERLAPS", "p/1"),)))) == [{"p/1", "p/2"}]


def test_an_anchor_to_what_is_no_claim_of_that_sort_parts_nothing() -> None:
    anchored = During(anchors=(Anchor("AFTER", "Event:e"), Anchor("AFTER", "p/9"), Anchor("AFTER", "p/3")))
    assert told(claim(1, anchored), claim(2), claim(3, role="SRSG")) == [{"p/1", "p/2"}]


# ---- the rule itself ------------------------------------------------------------------------------------------------


def fit(one: Bounds, other: Bounds) -> bool:
    return max(one.s0, other.s0) <= min(one.s1, other.s1) and max(one.e0, other.e0) <= min(one.e1, other.e1)


def by_the_rule(bounds: Sequence[Bounds]) -> list[set[str]]:
    beside = [{j for j, other in enumerate(bounds) if fit(each, other)} for each in bounds]
    settled = {i for i, near in enumerate(beside) if all(fit(bounds[a], bounds[b]) for a, b in combinations(near, 2))}
    groups = {frozenset(j for j in beside[i] if j in settled) for i in settled}
    return sorted(({f"p/{i}" for i in group} for group in groups if len(group) > 1), key=min)


@st.composite
def boxes(draw: st.DrawFn) -> Bounds:
    days = st.integers(0, 6)
    start, end = (sorted((draw(days), draw(days))) for _ in range(2))
    known = draw(st.sampled_from(("both", "both", "start", "end", "neither")))
    s0, s1 = start if known in ("both", "start") else (MIN_DAY, MAX_DAY)
    e0, e1 = end if known in ("both", "end") else (MIN_DAY, MAX_DAY)
    return Bounds(s0, s1, e0, e1)


@given(st.lists(boxes(), max_size=14))
@settings(max_examples=1_500, deadline=None)
def test_claims_are_one_fact_just_as_the_rule_says(bounds: list[Bounds]) -> None:
    assert told(*map(claim, range(len(bounds))), bounds=bounds) == by_the_rule(bounds)


@given(
    st.lists(st.tuples(boxes(), st.sampled_from(("SRSG", "ENVOY")), st.lists(st.integers(0, 11), max_size=2))),
    st.randoms(),
)
@settings(max_examples=500, deadline=None)
def test_every_claim_tells_one_fact_whatever_the_order_and_all_of_a_fact_can_hold_at_once(
    drawn: list[tuple[Bounds, str, list[int]]], random: Random
) -> None:
    claims = [
        (claim(i, During(anchors=tuple(Anchor("AFTER", f"p/{after}") for after in anchored)), role=role), timed(bounds))
        for i, (bounds, role, anchored) in enumerate(drawn)
    ]
    found = facts(claims)
    assert found.keys() == {each.id for each, _ in claims}
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert facts(shuffled) == found
    for (one, first), (other, second) in combinations(claims, 2):
        if found[one.id] == found[other.id]:
            assert fit(first.bounds, second.bounds)
            assert one.props == other.props
            assert one.id not in {anchor.node for anchor in other.during.anchors}
            assert other.id not in {anchor.node for anchor in one.during.anchors}


def steps(work: Callable[[], object]) -> int:
    """Calls of Python functions that some work takes."""
    import sys

    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def test_ten_times_the_claims_of_one_key_take_some_ten_times_the_work() -> None:
    """Nested terms, one within the other, and an undated claim beside them: each meets each."""

    def many(number: int) -> list[tuple[Claim, Timed]]:
        nested = [(claim(i), timed(Bounds(i, 3 * number - i, i, 3 * number - i))) for i in range(1, number)]
        ends = [(claim(number + i), timed(Bounds(0, 0, i, i))) for i in range(number)]
        return [*nested, *ends, (claim(0), timed(UNDATED))]

    few, more = many(200), many(2_000)
    assert steps(lambda: facts(more)) < 16 * steps(lambda: facts(few))


# ---- ids ------------------------------------------------------------------------------------------------------------


def test_a_fact_is_named_after_its_first_claim_by_paper_and_number() -> None:
    claims = [claim(10), claim(9), claim(2, paper="q")]
    assert set(facts([(each, timed(UNDATED)) for each in claims]).values()) == {"Fact:p/9"}
    assert sorted(("p/10", "p/9", "o/11"), key=place) == ["o/11", "p/9", "p/10"]


# ---- what a curator decides -----------------------------------------------------------------------------------------


def located(record: Record, field: str) -> tuple[str, int]:
    return record.id, 1


def derived(*claims: Claim) -> dict[str, str]:
    return {each.id: time.fact for each, time in derive([], claims, located)}


def wrong(*claims: Claim) -> list[Fault]:
    return list(faults([], claims, located, declared=(ANN, MISSION, UNION, "Source:p")))


def test_a_curator_joins_what_dates_part_with_all_that_tells_the_same() -> None:
    same, later = During(on="1956"), During(on="1960")
    assert set(derived(claim(1, same), claim(2, same), claim(3, later, same_fact_as=("p/1",))).values()) == {"Fact:p/1"}


def test_a_curator_parts_what_dates_join() -> None:
    assert derived(claim(1), claim(2, apart_from=("p/1",))) == {"p/1": "Fact:p/1", "p/2": "Fact:p/2"}
    three = derived(claim(1), claim(2, apart_from=("p/1",)), claim(3, same_fact_as=("p/2",)))
    assert three == {"p/1": "Fact:p/1", "p/2": "Fact:p/2", "p/3": "Fact:p/2"}


def test_a_claim_joined_to_what_it_is_parted_from_is_a_fault() -> None:
    chain = [claim(1), claim(2, same_fact_as=("p/1",)), claim(3, same_fact_as=("p/2",), apart_from=("p/1",))]
    with pytest.raises(Refused) as caught:
        derived(*chain)
    (fault,) = caught.value.faults
    assert (fault.file, fault.field) == ("p/3", "apartFrom[0]")


@pytest.mark.parametrize("field", ["same_fact_as", "apart_from"])
@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (claim(2, TO=(UNION,)), "other ends"),
        (claim(2, standing=Standing(polarity="DENIED")), "another polarity"),
        (replace(claim(2), relation="PartOf"), "another relation"),
    ],
)
def test_only_claims_that_could_be_taken_for_each_other_are_joined_or_parted(
    field: str, other: Claim, reason: str
) -> None:
    decided: dict[str, Any] = {field: ("p/2",)}
    (fault,) = wrong(claim(1, **decided), other)
    assert reason in fault.reason
    assert fault.field == {"same_fact_as": "sameFactAs[0]", "apart_from": "apartFrom[0]"}[field]


def test_a_curator_may_join_claims_of_different_roles() -> None:
    assert wrong(claim(1, role="SRSG"), claim(2, role="ENVOY", same_fact_as=("p/1",))) == []


@pytest.mark.parametrize(
    ("named", "reason"),
    [("p/1", "names itself"), ("p/9", "nowhere declared"), (ANN, "not the id of a claim")],
)
def test_a_decision_names_another_claim_that_is_there(named: str, reason: str) -> None:
    assert any(reason in fault.reason for fault in wrong(claim(1, same_fact_as=(named,))))


def test_ends_that_were_merged_are_the_same() -> None:
    merged = Entity(MISSION, "Mission", "M", merged_from=("Mission:old",))
    pair = [claim(1, same_fact_as=("p/2",)), claim(2, TO=("Mission:old",))]
    assert list(faults([merged], pair, located, declared=(ANN, "Source:p"))) == []


# ---- what is told of a fact -----------------------------------------------------------------------------------------


def documents(*claims: Claim) -> list[dict[str, Any]]:
    return [claim_document(each, time) for each, time in derive([], claims, located)]


def days(claims: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    during = described("Fact:p/1", claims)["during"]
    return [tuple(during[end][name] for name in ("edtf", "earliest", "latest", "basis")) for end in ("start", "end")]


def test_the_time_of_a_fact_is_what_all_of_its_claims_leave() -> None:
    year, month = During(start="2013", end="2015"), During(start="2013-05", end="2015~")
    assert days(documents(claim(1, year), claim(2, month))) == [
        ("2013-05", "2013-05-01", "2013-05-31", "STATED"),
        ("2015", "2015-01-01", "2015-12-31", "STATED"),
    ]


def test_of_an_end_that_no_claim_gives_by_itself_the_days_that_are_left_are_narrowed() -> None:
    early, late = During(start=["2013-01", "2013-06"][0] + "~"), During(start="2013-02~")
    (start, _) = days(documents(claim(1, early), claim(2, late)))
    assert start == (None, "2013-01-01", "2013-02-28", "NARROWED")


def test_where_a_curator_joined_what_leaves_no_day_any_day_is_told_that_one_allows() -> None:
    (start, end) = days(documents(claim(1, During(on="1956")), claim(2, During(on="1960"))))
    assert start == end == (None, "1956-01-01", "1960-12-31", "NARROWED")


def test_of_a_fact_of_which_nothing_takes_part_nothing_is_told() -> None:
    assert described("Fact:p/1", []) == {"id": "Fact:p/1", "claims": [], "during": {"anchors": []}, "differ": []}


def test_fields_differ_where_two_claims_say_different_things_and_not_where_one_is_silent() -> None:
    term, hedged = During(start="2013", end="2015"), Standing(certainty="HEDGED")
    one = claim(1, term, militaryRank="General", selectionRoute="NOMINATED", THEATRE=(LAND,))
    two = claim(2, During(start="2013-05"), militaryRank="Major", EVENT=("Event:a",), standing=hedged)
    three = claim(3, wording=(("role", "Chief"),), EVENT=("Event:b",), ATTRIBUTED_TO=(ANN,))
    differ = described("Fact:p/1", documents(one, two, three))["differ"]
    assert differ == ["militaryRank", "certainty", "events", "during.start"]


def test_a_claim_alone_differs_from_nothing() -> None:
    assert described("Fact:p/1", documents(claim(1, During(on="1956"))))["differ"] == []


def test_the_order_of_nodes_in_a_list_is_no_difference() -> None:
    pair = documents(claim(1, THEATRE=("State:a", "State:b")), claim(2, THEATRE=("State:b", "State:a")))
    assert described("Fact:p/1", pair)["differ"] == []


def test_the_anchors_of_a_fact_are_those_of_all_its_claims() -> None:
    anchors = (Anchor("AFTER", "Event:a"), Anchor("AFTER", "Event:b"))
    pair = documents(claim(1, During(anchors=anchors[:1])), claim(2, During(anchors=anchors)))
    assert [each["node"] for each in described("Fact:p/1", pair)["during"]["anchors"]] == ["Event:a", "Event:b"]
