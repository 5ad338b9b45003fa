"""The rules of "Time" that need more than one record: open ends, durations, anchors, order; and what else follows from
everything that is loaded together. What one date means is in tests/test_dates.py."""

import random
from collections.abc import Iterable, Mapping

import pytest

from graph.claim import Anchor, Citation, Claim, Doubt, During, Entity, Record, Standing, Timed
from graph.dates import UNDATED, Bounds, iso
from graph.derive import derive, redirects, terms, united
from graph.errors import Fault, Refused
from graph.ontology import ONTOLOGY
from graph.order import days

# ---- helpers ----

MISSION = "Mission:example"


def source(slug: str, date: str | None = None) -> Entity:
    return Entity(f"Source:{slug}", "Source", slug, props={"date": date} if date else {})


def claim(number: int, during: During | None = None, *, cites: str = "paper", **slots: str | tuple[str, ...]) -> Claim:
    filled = {name: (ids,) if isinstance(ids, str) else ids for name, ids in slots.items()}
    ends = {"FROM": (f"Individual:holder-{number}",), "TO": (MISSION,)}
    cited = (Citation(f"Source:{cites}", "page 1"),)
    return Claim(f"p/{number}", "Appointment", ends | filled, cited, "They held it.", during=during or During())


def anchored(*anchors: tuple[str, str], on: str | None = None, **during: str) -> During:
    return During(on=on, **during, anchors=tuple(Anchor(how, node) for how, node in anchors))


def place(record: Record, field: str) -> tuple[str, int]:
    return record.id, 1


def derived(claims: Iterable[Claim], *entities: Entity) -> dict[str, tuple[Claim, Timed]]:
    return {claim.id: (claim, timed) for claim, timed in derive(entities, claims, place)}


def timed(claims: Iterable[Claim], *entities: Entity) -> dict[str, Timed]:
    return {id: timed for id, (_, timed) in derived(claims, *entities).items()}


def read(bounds: Bounds) -> tuple[str | None, ...]:
    return iso(bounds.s0), iso(bounds.s1), iso(bounds.e0), iso(bounds.e1)


def in_time(claims: Iterable[Claim], *entities: Entity) -> list[str]:
    """The ids in the order by time, as stores keep it."""
    found = timed(claims, *entities)
    return sorted(found, key=lambda id: (found[id].day is None, found[id].day or 0, id))


def refused(claims: Iterable[Claim], *entities: Entity) -> list[Fault]:
    with pytest.raises(Refused) as caught:
        derive(entities, claims, place)
    return list(caught.value.faults)


# ---- open and unknown ends ----


def test_an_open_end_is_no_earlier_than_the_first_day_of_the_latest_dated_source_cited() -> None:
    open_end = claim(1, During(start="2010", end=".."))
    cited = (*open_end.citations, Citation("Source:later", "page 2"), Citation("Source:undated", "page 3"))
    both = Claim(open_end.id, open_end.relation, open_end.slots, cited, open_end.statement, during=open_end.during)
    found = timed([both], source("paper", "2013"), source("later", "2015-06"), source("undated"))["p/1"]
    assert read(found.bounds) == ("2010-01-01", "2010-12-31", "2015-06-01", None)
    assert (found.start_basis, found.end_basis) == ("STATED", "OPEN")


def test_an_open_end_is_certain_only_at_its_start_where_no_source_cited_is_dated() -> None:
    found = timed([claim(1, During(start="2010", end=".."))], source("paper"))["p/1"]
    assert read(found.bounds) == ("2010-01-01", "2010-12-31", "2010-01-01", None)


def test_an_unknown_end_is_no_earlier_than_the_earliest_start_whatever_is_cited() -> None:
    found = timed([claim(1, During(start="2010"))], source("paper", "2015"))["p/1"]
    assert read(found.bounds) == ("2010-01-01", "2010-12-31", "2010-01-01", None)
    assert (found.start_basis, found.end_basis) == ("STATED", "UNKNOWN")


def test_open_and_unknown_stay_told_apart_although_their_bounds_may_be_the_same() -> None:
    found = timed([claim(1, During(start="2010", end="..")), claim(2, During(start="2010"))], source("paper"))
    assert found["p/1"].bounds == found["p/2"].bounds
    assert (found["p/1"].end_basis, found["p/2"].end_basis) == ("OPEN", "UNKNOWN")


def test_a_claim_of_neither_end_is_undated_and_has_no_day() -> None:
    found = timed([claim(1)], source("paper", "2015"))["p/1"]
    assert found.bounds == UNDATED
    assert found.undated
    assert found.day is None


# ---- durations ----


def test_a_duration_narrows_the_end_that_is_not_stated_and_says_so() -> None:
    found = timed([claim(1, During(start="2009-09", duration="P3Y6M"))])["p/1"]
    assert read(found.bounds) == ("2009-09-01", "2009-09-30", "2013-02-28", "2013-03-30")
    assert (found.start_basis, found.end_basis) == ("STATED", "NARROWED")


def test_a_duration_narrows_a_vague_start_from_a_stated_end() -> None:
    found = timed([claim(1, During(start="2010", end="2013-03", duration="P2Y6M"))])["p/1"]
    assert read(found.bounds) == ("2010-09-01", "2010-10-01", "2013-03-01", "2013-03-31")
    assert (found.start_basis, found.end_basis) == ("NARROWED", "STATED")


def test_a_duration_carries_what_an_anchor_says_of_one_end_over_to_the_other() -> None:
    lasting = anchored(("AFTER", "Source:paper"), duration="P1Y")
    found = timed([claim(1, lasting)], source("paper", "2010-05-01"))["p/1"]
    assert read(found.bounds) == ("2010-05-02", None, "2011-05-01", None)


def test_a_duration_alone_leaves_a_claim_undated() -> None:
    assert timed([claim(1, During(duration="P2Y"))])["p/1"].undated


# ---- anchors: what each says ----


@pytest.mark.parametrize(
    ("how", "bounds"),
    [
        ("BEFORE", (None, "2010-12-30", None, "2010-12-30")),
        ("AFTER", ("2012-01-02", None, "2012-01-02", None)),
        ("DURING", ("2010-01-01", "2012-12-31", "2010-01-01", "2012-12-31")),
        ("OVERLAPS", (None, "2012-12-31", "2010-01-01", None)),
        ("MEETS", (None, "2010-12-31", "2009-12-31", "2010-12-31")),
    ],
)
def test_an_anchor_to_a_claim_narrows_by_the_bounds_of_that_claim(how: str, bounds: tuple[str | None, ...]) -> None:
    found = timed([claim(1, During(start="2010", end="2012")), claim(2, anchored((how, "p/1")))])["p/2"]
    assert read(found.bounds) == bounds
    assert "NARROWED" in (found.start_basis, found.end_basis)


def test_an_anchor_to_a_source_narrows_by_the_date_of_its_cover() -> None:
    claims = [claim(1, anchored(("BEFORE", "Source:paper"))), claim(2, anchored(("OVERLAPS", "Source:paper")))]
    found = timed(claims, source("paper", "2022-05"))
    assert read(found["p/1"].bounds) == (None, "2022-05-30", None, "2022-05-30")
    assert read(found["p/2"].bounds) == (None, "2022-05-31", "2022-05-01", None)


def test_an_anchor_to_what_has_no_date_narrows_nothing() -> None:
    claims = [claim(1), claim(2, anchored(("AFTER", "p/1"), ("BEFORE", "Source:paper"), ("DURING", "State:nowhere")))]
    assert timed(claims, source("paper"))["p/2"].undated


def test_several_anchors_narrow_together() -> None:
    both = anchored(("AFTER", "Source:first"), ("BEFORE", "Source:second"))
    found = timed([claim(1, both)], source("first", "2010-01-01"), source("second", "2012-01-01"))["p/1"]
    assert read(found.bounds) == ("2010-01-02", "2011-12-31", "2010-01-02", "2011-12-31")


def test_an_anchor_narrows_a_stated_end_and_says_that_it_did() -> None:
    narrowed = anchored(("AFTER", "Source:paper"), start="2010")
    found = timed([claim(1, narrowed)], source("paper", "2010-06-30"))["p/1"]
    assert read(found.bounds) == ("2010-07-01", "2010-12-31", "2010-07-01", None)
    assert (found.start_basis, found.end_basis) == ("NARROWED", "UNKNOWN")


def test_an_end_that_merely_follows_from_an_anchor_stays_open() -> None:
    found = timed([claim(1, anchored(("AFTER", "Source:paper"), end=".."))], source("paper", "2023"))["p/1"]
    assert (found.start_basis, found.end_basis) == ("NARROWED", "OPEN")


def test_a_claim_is_narrowed_by_what_its_anchor_was_narrowed_to_wherever_it_stands() -> None:
    claims = [
        claim(3, anchored(("AFTER", "p/2"))),
        claim(2, anchored(("AFTER", "p/1"))),
        claim(1, During(on="2010-01-01")),
    ]
    found = timed(claims)
    assert read(found["p/2"].bounds)[0] == "2010-01-02"
    assert read(found["p/3"].bounds)[0] == "2010-01-03"


def test_an_anchor_says_nothing_of_the_claim_that_it_names() -> None:
    found = timed([claim(1), claim(2, anchored(("BEFORE", "p/1"), on="2010"))])
    assert found["p/1"].undated


# ---- anchors to entities ----


def test_an_actor_is_there_at_least_as_long_as_its_claims_say_and_perhaps_longer() -> None:
    claims = [
        claim(1, During(start="2004", end="2005")),
        claim(2, During(on="2013-05")),
        claim(3, anchored(("AFTER", MISSION)), TO="State:other"),
        claim(4, anchored(("BEFORE", MISSION)), TO="State:other"),
        claim(5, anchored(("OVERLAPS", MISSION)), TO="State:other"),
    ]
    found = timed(claims)
    assert read(found["p/3"].bounds) == ("2013-05-02", None, "2013-05-02", None)
    assert read(found["p/4"].bounds) == (None, "2004-12-30", None, "2004-12-30")
    assert found["p/5"].undated, "it may have been there before, and may be still"


def test_what_is_no_actor_was_when_one_of_its_claims_says_whichever() -> None:
    def placed(number: int, during: During) -> Claim:
        return claim(number, during, FROM="Place:here", TO="State:there")

    claims = [
        placed(1, During(on="2004")),
        placed(2, During(on="2006")),
        claim(3, anchored(("OVERLAPS", "Place:here"))),
        claim(4, anchored(("BEFORE", "Place:here"))),
    ]
    found = timed(claims)
    assert read(found["p/3"].bounds) == (None, "2006-12-31", "2004-01-01", None)
    assert read(found["p/4"].bounds) == (None, "2006-12-30", None, "2006-12-30")


@pytest.mark.parametrize(
    "standing",
    [Standing(polarity="DENIED"), Standing(modality="PLANNED"), Standing(certainty="ALLEGATION")],
    ids=["denied", "planned", "alleged"],
)
def test_a_claim_that_does_not_take_part_by_itself_dates_no_entity(standing: Standing) -> None:
    said = claim(1, During(on="2004"))
    doubtful = Claim(said.id, said.relation, said.slots, said.citations, "So.", during=said.during, standing=standing)
    assert timed([doubtful, claim(2, anchored(("AFTER", MISSION)), TO="State:other")])["p/2"].undated


def test_a_claim_may_be_anchored_to_its_own_end() -> None:
    found = timed([claim(1, During(on="2004")), claim(2, anchored(("AFTER", MISSION)))])
    assert read(found["p/2"].bounds)[0] == "2004-01-02"


# ---- circles and contradictions ----


def test_anchors_in_a_circle_are_refused_with_every_member_named() -> None:
    claims = [
        claim(1, anchored(("AFTER", "p/2"))),
        claim(2, anchored(("AFTER", "p/3"))),
        claim(3, anchored(("AFTER", "p/1"))),
    ]
    (fault,) = refused(claims)
    assert (fault.file, fault.field) == ("p/1", "during.anchors")
    assert fault.reason == "anchors go in a circle: p/1 → p/2 → p/3 → p/1"
    assert fault.passes == "take one of these anchors out"


def test_every_circle_is_named_in_one_run_and_what_hangs_on_it_is_not_blamed() -> None:
    claims = [
        claim(1, anchored(("AFTER", "p/2"))),
        claim(2, anchored(("AFTER", "p/1"))),
        claim(3, anchored(("AFTER", "p/3"))),
        claim(4, anchored(("AFTER", "p/1"))),
    ]
    assert [(fault.file, fault.reason.count("→")) for fault in refused(claims)] == [("p/1", 2), ("p/3", 1)]


def test_an_anchor_that_contradicts_the_dates_is_refused_where_it_stands() -> None:
    wrong = anchored(("BEFORE", "Source:paper"), ("AFTER", "Source:paper"), start="2015")
    (first,) = refused([claim(1, wrong)], source("paper", "2010"))
    assert first.field == "during.anchors[0]"
    assert "the anchor BEFORE contradicts the dates" in first.reason
    assert "Source:paper" in first.reason
    assert first.passes == "mend the dates, or take it out"


def test_anchors_by_which_each_of_three_would_come_after_the_next_are_refused() -> None:
    claims = [
        claim(1),
        claim(2, anchored(("BEFORE", "p/1"))),
        claim(3, anchored(("BEFORE", "p/2"), ("AFTER", "p/1"))),
    ]
    (fault,) = refused(claims)
    assert "each would come after the next" in fault.reason
    assert {"p/1", "p/2", "p/3"} <= set(fault.reason.replace(",", " ").split())


# ---- order ----


def test_claims_are_ordered_by_earliest_start_else_latest_start_else_earliest_end_else_latest_end() -> None:
    claims = [
        claim(1, During(start="2013", end="2020")),
        claim(2, During(end="2012")),
        claim(3, During(start="2011", end="..")),
        claim(4, During(end="..")),
    ]
    found = timed(claims, source("paper", "2010"))
    assert {id: iso(time.day or 0) for id, time in found.items()} == {
        "p/1": "2013-01-01",
        "p/2": "2012-12-31",
        "p/3": "2011-01-01",
        "p/4": "2010-01-01",
    }
    assert in_time(claims, source("paper", "2010")) == ["p/4", "p/3", "p/2", "p/1"]


def test_undated_claims_come_last() -> None:
    assert in_time([claim(1), claim(2, During(on="2020")), claim(3, During(on="1948"))]) == ["p/3", "p/2", "p/1"]


def test_a_claim_before_another_is_ordered_before_it_although_its_latest_start_is_later() -> None:
    claims = [claim(1, During(start="2007", end="2009")), claim(2, anchored(("BEFORE", "p/1")))]
    found = timed(claims)
    assert read(found["p/2"].bounds)[1] == "2007-12-30"
    assert in_time(claims) == ["p/2", "p/1"]


def test_a_claim_after_another_is_ordered_after_it_on_an_equal_day_too() -> None:
    claims = [claim(1, anchored(("AFTER", "p/2"))), claim(2, During(on="2010-05-01"))]
    assert in_time(claims) == ["p/2", "p/1"]


def test_a_former_post_is_ordered_before_the_one_that_follows_it_although_it_may_have_ended_much_later() -> None:
    claims = [claim(1, anchored(("BEFORE", "Source:paper"))), claim(2, anchored(("AFTER", "p/1"), start="2013"))]
    found = timed(claims, source("paper", "2022"))
    assert iso(found["p/2"].day or 0) == "2013-01-01", "a stated start stays where it is"
    assert iso(found["p/1"].day or 0) == "2012-12-31", "the vaguer one gives way"


def test_a_claim_that_cannot_start_earlier_pushes_the_later_one_within_its_own_start() -> None:
    claims = [claim(1, During(start="2007")), claim(2, anchored(("BEFORE", "p/1"), on="2007-06-01"))]
    found = timed(claims)
    assert iso(found["p/1"].day or 0) == "2007-06-02"
    assert in_time(claims) == ["p/2", "p/1"]


def test_an_anchored_claim_of_which_no_bound_is_known_stands_beside_what_it_is_anchored_to() -> None:
    """What ended by 2006 may have ended long before, so that what came after it is undated: but not out of order."""
    claims = [
        claim(1, During(on="2000")),
        claim(2, anchored(("BEFORE", "Source:paper"))),
        claim(3, anchored(("AFTER", "p/2"))),
        claim(4, During(on="2010")),
        claim(5),
        claim(6, anchored(("BEFORE", "p/2"))),
    ]
    assert timed(claims, source("paper", "2006"))["p/3"].undated
    assert in_time(claims, source("paper", "2006")) == ["p/1", "p/6", "p/2", "p/3", "p/4", "p/5"]


def test_what_an_undated_claim_is_known_to_precede_is_ordered_after_it() -> None:
    claims = [claim(1), claim(2, anchored(("AFTER", "p/1"), on="2010")), claim(3, During(on="2011"))]
    assert in_time(claims) == ["p/1", "p/2", "p/3"]
    assert timed(claims)["p/1"].undated


def test_a_stated_start_stays_where_it_is_although_no_order_can_keep_every_anchor() -> None:
    claims = [
        claim(1),
        claim(2, anchored(("AFTER", "p/1"), on="2000")),
        claim(3, anchored(("BEFORE", "p/1"), on="2002")),
    ]
    found = timed(claims)
    assert [iso(found[id].day or 0) for id in ("p/2", "p/3")] == ["2000-01-01", "2002-01-01"]


def starts(bounds: Mapping[str, Bounds], before: Iterable[tuple[str, str, int]]) -> bool:
    """Whether there are starts within the bounds of each that keep every pair apart."""
    earliest = {id: each.s0 for id, each in bounds.items()}
    for _ in bounds:
        for first, second, gap in before:
            earliest[second] = max(earliest[second], earliest[first] + gap)
    return all(earliest[id] <= each.s1 for id, each in bounds.items()) and all(
        earliest[second] >= earliest[first] + gap for first, second, gap in before
    )


@pytest.mark.parametrize("seed", range(20))
def test_whatever_the_bounds_anchors_are_kept_by_the_order_wherever_starts_allow_it(seed: int) -> None:
    draw = random.Random(seed)
    hows = {"BEFORE": 1, "MEETS": 1, "AFTER": 1, "DURING": 0}
    kept = 0
    for _ in range(300):
        size = draw.randint(2, 6)
        bounds, anchors = dict[str, Bounds](), dict[str, list[Anchor]]()
        for number in range(size):
            s0 = draw.choice([UNDATED.s0, draw.randint(730_000, 730_006)])
            s1 = draw.choice([UNDATED.s1, max(s0, 730_000) + draw.randint(0, 4)])
            bounds[str(number)] = Bounds(s0, s1, s0, UNDATED.e1)
            nodes = [str(draw.randrange(number)) for _ in range(draw.randint(0, 2))] if number else []
            anchors[str(number)] = [Anchor(draw.choice(list(hows)), node) for node in nodes]
        found, circles = days(bounds, anchors, lambda node: None)
        before = [
            (anchor.node, id, hows[anchor.how]) if anchor.how in ("AFTER", "DURING") else (id, anchor.node, 1)
            for id, each in anchors.items()
            for anchor in each
        ]
        if circles or not starts(bounds, before):
            continue
        for first, second, gap in before:
            one, other = found[first], found[second]
            assert (one is None) == (other is None)
            assert one is None or other is None or one + gap <= other, (bounds, anchors, found)
            kept += one is not None
    assert kept > 50


# ---- conflicts, merged ids, terms, declarations ----


def test_a_conflict_that_one_side_names_is_said_by_both() -> None:
    found = derived([claim(1, CONFLICTS_WITH=("p/2",)), claim(2), claim(3, CONFLICTS_WITH=("p/2", "p/1"))])
    assert {id: c.slots.get("CONFLICTS_WITH") for id, (c, _) in found.items()} == {
        "p/1": ("p/2", "p/3"),
        "p/2": ("p/1", "p/3"),
        "p/3": ("p/2", "p/1"),
    }


def test_a_merged_id_means_its_survivor_wherever_a_claim_names_it() -> None:
    survivor = Entity("Source:new", "Source", "New", props={"date": "2010"}, merged_from=("Source:old",))
    mission = Entity(MISSION, "Mission", "Example", merged_from=("Mission:example-old",))
    said = claim(1, anchored(("BEFORE", "Source:old")), cites="old", TO="Mission:example-old")
    (found, time), *_ = derived([said], survivor, mission).values()
    assert found.slots["TO"] == (MISSION,)
    assert found.citations[0].source == "Source:new"
    assert found.during.anchors[0].node == "Source:new"
    assert read(time.bounds)[3] == "2010-12-30"
    assert redirects([survivor, mission]) == {"Source:old": "Source:new", "Mission:example-old": MISSION}


def test_a_claim_keeps_everything_else_that_its_file_says() -> None:
    said = Claim(
        "p/1",
        "Appointment",
        {"FROM": ("Individual:a",), "TO": (MISSION,)},
        (Citation("Source:paper", "note 4"),),
        "A led it.",
        props={"role": "SRSG"},
        doubts=(Doubt("role", "INFERRED", "From the context."),),
        wording=(("role", "head"),),
        unstated=("militaryRank",),
        note="For coders.",
    )
    assert derived([said])["p/1"][0] == said


def test_every_value_of_a_closed_vocabulary_is_a_term_with_its_scheme_and_definition() -> None:
    found = {term.id: term for term in terms()}
    assert len(found) == len(ONTOLOGY.terms)
    hedged = found["Term:certainty/hedged"]
    assert (hedged.kind, hedged.name, hedged.props["scheme"], hedged.props["rank"]) == (
        "Term",
        "HEDGED",
        "certainty",
        2,
    )
    assert hedged.props["definition"]


def test_a_definition_is_cited_only_from_works_that_are_loaded() -> None:
    cited = next(term for term in ONTOLOGY.terms if term.citations)
    sources = [source for source, _ in cited.citations]
    found = {term.id: term for term in terms()}
    assert [alias.source for alias in found[cited.id].aliases] == sources
    assert not any(term.aliases for term in terms(()))


def test_declarations_of_one_entity_are_joined() -> None:
    one = source("paper", "2010")
    other = Entity("Source:paper", "Source", "paper", description="A paper.", props={"title": "On Paper"})
    (found,) = united([one, other])
    assert (found.description, dict(found.props)) == ("A paper.", {"date": "2010", "title": "On Paper"})
