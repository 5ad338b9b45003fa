"""What a store promises, on every engine: read it beside `graph.store` and `graph.plan`.

The graph is small enough to be known by heart: Ann held a post with the mission (two claims say so), Ben at an unknown
time, Cai later; the mission is partner of itself and, twice, of the union.
"""

from collections.abc import Iterable

import pytest

from graph.claim import Alias, Anchor, Citation, Claim, During, Entity, Timed, claim_document, entity_document
from graph.dates import UNDATED, Bounds, order_day
from graph.ontology.types import ALL, ENDS, FACT, ROLES, fact_id
from graph.plan import Different, Every, Ids, Level, Matching, Of, Order, Page, Row, Tally
from graph.predicate import ALWAYS, All, Any, At, Cmp, Has, In, Not, Owner, Present, Some
from graph.spelling import exactly
from tests.engines import Engine, Engines, walk
from tests.oracle import Oracle

ANN, BEN, CAI = "Individual:ann", "Individual:ben", "Individual:cai"
MISSION, UNION, CITY, LAND, PAPER = "Mission:m", "RegionalOrganisation:u", "Place:city", "State:land", "Source:paper"

ENTITIES = (
    Entity(ANN, "Individual", "Ånn Élan", aliases=(Alias("General Ann", "SPELLING", PAPER, "page 1"),)),
    Entity(BEN, "Individual", "Ben", named=False),
    Entity(
        CAI, "Individual", "蔡", description="A person of two words: peace keeper.", merged_from=("Individual:old-cai",)
    ),
    Entity(MISSION, "Mission", "The Mission"),
    Entity(UNION, "RegionalOrganisation", "Миссия"),
    Entity(CITY, "Place", "City"),
    Entity(LAND, "State", "Land"),
    Entity(PAPER, "Source", "A paper", props={"title": "On 100% of a_b\\c", "authors": ("First", "Second")}),
)

NEVER_SAID = During()
TOLD_TWICE = fact_id("paper/1")


def claim(
    number: int, relation: str, day: int | None = None, during: During = NEVER_SAID, fact: str = "", **fields: object
) -> tuple[Claim, Timed]:
    """Lower-case fields are properties, those in capitals are slots."""
    bounds = UNDATED if day is None else Bounds(day, day, day, day)
    made = Claim(
        id=f"paper/{number}",
        relation=relation,
        slots={name: tuple(value) for name, value in fields.items() if name.isupper() and isinstance(value, Iterable)},
        citations=(Citation(PAPER, f"page {number}"),),
        statement=f"Statement {number}.",
        props={name: value for name, value in fields.items() if not name.isupper()},  # type: ignore[misc]
        during=during,
    )
    return made, Timed(bounds, "STATED", "STATED", order_day(bounds), fact)


CLAIMS = (
    claim(1, "Appointment", 700_100, FROM=[ANN], TO=[MISSION], role="SRSG"),
    claim(2, "Appointment", 700_100, FROM=[ANN], TO=[MISSION], role="SRSG", militaryRank="Général", fact=TOLD_TWICE),
    claim(3, "Appointment", None, FROM=[BEN], TO=[MISSION], APPOINTED_BY=[UNION, "paper/1"]),
    claim(4, "Appointment", 700_900, FROM=[CAI], TO=[MISSION], role="ENVOY", CONFLICTS_WITH=["paper/3"]),
    claim(5, "Partnership", 700_500, END=[MISSION, MISSION], THEATRE=[MISSION], forms=()),
    claim(6, "Partnership", 700_200, END=[MISSION, UNION], THEATRE=[LAND, CITY, LAND], forms=("JOINT", "PARALLEL")),
    claim(7, "Partnership", 700_300, END=[UNION, MISSION], forms=("JOINT",)),
    claim(8, "Coverage", 700_400, During(anchors=(Anchor("AFTER", "paper/6"),)), state="PARTIAL"),
)
BY_START = tuple(f"paper/{number}" for number in (1, 2, 6, 7, 8, 5, 4, 3))
BY_NAME = (PAPER, ANN, BEN, CITY, LAND, MISSION, UNION, CAI)


@pytest.fixture(scope="module")
def store(engines: Engines) -> Engine:
    return engines.load(ENTITIES, CLAIMS)


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(ENTITIES, CLAIMS)


def ids(page: Page) -> tuple[str, ...]:
    return tuple(row.id for row in page.rows)


def entities(store: Engine, **level: object) -> tuple[str, ...]:
    pages = store.read(Level("entity", **{"start": Every("Entity"), **level})).pages  # type: ignore[arg-type]
    return ids(pages[None]) if pages else ()


def claims(store: Engine, **level: object) -> tuple[str, ...]:
    asked = {"start": Every("Claim"), "order": Order.START_ASC, **level}
    pages = store.read(Level("claim", **asked)).pages  # type: ignore[arg-type]
    return ids(pages[None]) if pages else ()


# Order and pages


def test_entities_come_by_folded_name(store: Engine) -> None:
    assert entities(store) == BY_NAME
    assert entities(store, order=Order.NAME_DESC) == BY_NAME[::-1]


def test_claims_come_by_start_with_undated_ones_last_in_both_directions(store: Engine) -> None:
    assert claims(store) == BY_START
    assert claims(store, order=Order.START_DESC) == (
        *(["paper/4", "paper/5", "paper/8", "paper/7", "paper/6", "paper/1", "paper/2"]),
        "paper/3",
    )


@pytest.mark.parametrize("order", [Order.NAME_ASC, Order.NAME_DESC])
@pytest.mark.parametrize("limit", [1, 3, 8, 9])
def test_pages_walk_every_entity_once_forward_and_backward(store: Engine, order: Order, limit: int) -> None:
    forward = BY_NAME if order is Order.NAME_ASC else BY_NAME[::-1]
    assert walk(store, Level("entity", Every("Entity"), order=order, limit=limit)) == forward
    assert walk(store, Level("entity", Every("Entity"), order=order, limit=limit, backward=True)) == forward


@pytest.mark.parametrize("order", [Order.START_ASC, Order.START_DESC])
@pytest.mark.parametrize("start", [Every("Claim"), Of((MISSION,), ALL, ENDS), Ids(BY_START)])
def test_pages_walk_every_claim_once_forward_and_backward(store: Engine, order: Order, start: Every | Of | Ids) -> None:
    whole = walk(store, Level("claim", start, order=order))
    assert len(set(whole)) == len(whole) >= 7
    for backward in (False, True):
        assert walk(store, Level("claim", start, order=order, limit=2, backward=backward)) == whole


def test_a_page_begins_strictly_after_the_key_whether_or_not_a_row_has_it(store: Engine) -> None:
    first, second, *_ = store.read(Level("entity", Every("Entity"))).pages[None].rows
    assert entities(store, after=first.key, limit=1) == (second.id,)
    assert entities(store, after=first.key[:3], limit=1) == (first.id,)
    assert entities(store, after=second.key, backward=True) == (first.id,)
    assert entities(store, after=first.key, backward=True) == ()


def test_more_is_said_in_the_direction_that_was_read(store: Engine) -> None:
    last = store.read(Level("entity", Every("Entity"), backward=True, limit=2)).pages[None]
    assert (ids(last), last.more) == (BY_NAME[-2:], True)
    exactly = store.read(Level("entity", Every("Entity"), limit=len(BY_NAME))).pages[None]
    assert exactly.more is False


# Where to start


def test_every_kind_family_and_relation_is_a_label(store: Engine) -> None:
    assert entities(store, start=Every("Individual")) == (ANN, BEN, CAI)
    assert entities(store, start=Every("Actor")) == (ANN, BEN, LAND, MISSION, UNION, CAI)
    assert entities(store, start=Every("Grouping")) == ()
    assert claims(store, start=Every("Partnership")) == ("paper/6", "paper/7", "paper/5")


def test_ids_give_each_row_once_in_the_order_of_the_level_and_nothing_for_unknown_ones(store: Engine) -> None:
    assert entities(store, start=Ids((MISSION, ANN, "Individual:nobody", "paper/1", ANN))) == (ANN, MISSION)
    assert entities(store, start=Ids(())) == ()
    assert entities(store, start=Ids(("Individual:nobody",))) == ()


def test_each_owner_has_its_own_page_and_one_without_rows_has_none(store: Engine) -> None:
    level = Level("claim", Of((ANN, BEN, ANN, UNION, "Individual:nobody"), "Appointment", "FROM"), limit=1)
    pages = store.read(level).pages
    assert {owner: (ids(page), page.more) for owner, page in pages.items()} == {
        ANN: (("paper/1",), True),
        BEN: (("paper/3",), False),
    }


def test_a_claim_is_an_owner_too(store: Engine) -> None:
    assert {
        o: ids(p) for o, p in store.read(Level("claim", Of(("paper/1",), "Appointment", "APPOINTED_BY"))).pages.items()
    } == {"paper/1": ("paper/3",)}


def test_a_self_loop_stands_once_on_every_page_of_its_node(store: Engine) -> None:
    for relation, slot, found in (
        ("Partnership", "END", ("paper/6", "paper/7", "paper/5")),
        (ALL, ENDS, ("paper/1", "paper/2", "paper/6", "paper/7", "paper/5", "paper/4", "paper/3")),
        (ALL, ROLES, ("paper/5",)),
        (ALL, "THEATRE", ("paper/5",)),
    ):
        assert ids(store.read(Level("claim", Of((MISSION,), relation, slot))).pages[MISSION]) == found


def test_a_page_under_an_owner_is_filtered_before_it_is_cut(store: Engine) -> None:
    level = Level("claim", Of((MISSION,), "Appointment", "TO"), Cmp("role", "eq", "ENVOY"), limit=1)
    page = store.read(level).pages[MISSION]
    assert (ids(page), page.more) == (("paper/4",), False)


def test_matching_wants_every_word_as_a_whole_one_of_name_alias_or_description(store: Engine) -> None:
    asked = (("general",), ("keeper", "peace"), ("peace", "ann"), ("peac",), ("u8521",))
    pages = store.read(Level("entity", Matching(tuple(map(exactly, asked)), "Entity"))).pages
    assert {owner: ids(page) for owner, page in pages.items()} == {"0": (ANN,), "1": (CAI,), "4": (CAI,)}
    assert store.read(Level("entity", Matching((exactly(("general",)),), "State"))).pages == {}
    assert ids(store.read(Level("claim", Matching((exactly(("7",)),), "Claim"))).pages["0"]) == ("paper/7",)


def test_matching_wants_a_word_of_each_group_and_answers_each_text_apart(store: Engine) -> None:
    texts = (
        (("general", "peace"), ("ann", "keeper")),
        (("nobody",),),
        (("νgenerl", "x"),),
        (("αaleland", "αannelan"),),
        (("δkeper",), ("δperso", "u8521")),
        (("u8521",),),
    )
    pages = store.read(Level("entity", Matching(texts, "Entity"))).pages
    assert {owner: ids(page) for owner, page in pages.items()} == {
        "0": (ANN, CAI),
        "2": (ANN,),
        "3": (ANN,),
        "4": (CAI,),
        "5": (CAI,),
    }
    assert store.read(Level("entity", Matching(texts, "State"))).pages == {}
    assert store.read(Level("entity", Matching((), "Entity"))).pages == {}


def test_a_page_of_a_text_is_filtered_ordered_and_cut_as_any_other(store: Engine) -> None:
    start = Matching(((("statement",),), (("δtatement",), ("7", "6", "1"))), "Claim")
    pages = store.read(Level("claim", start, Cmp("kind", "eq", "PARTNERSHIP"), Order.START_DESC, limit=2)).pages
    assert {owner: (ids(page), page.more) for owner, page in pages.items()} == {
        "0": (("paper/5", "paper/7"), True),
        "1": (("paper/7", "paper/6"), False),
    }
    assert store.count(Level("claim", start), (ALWAYS,)) == {"0": (8,), "1": (3,)}


def test_matching_takes_more_words_than_an_engine_takes_at_a_time(store: Engine) -> None:
    many = tuple((f"x{number}", "general", *(f"y{each}" for each in range(30))) for number in range(60))
    (page,) = store.read(Level("entity", Matching((many, (*many, ("nobody",))), "Entity"))).pages.values()
    assert ids(page) == (ANN,)


# What comes along


def test_a_row_holds_the_document_as_the_codec_makes_it(store: Engine, oracle: Oracle) -> None:
    entity = store.read(Level("entity", Ids((PAPER,)))).pages[None].rows[0]
    assert entity.doc == oracle_document(entity_document(ENTITIES[-1]))
    assert entity.key == oracle.rows[PAPER]["k"]
    found = store.read(Level("claim", Ids(("paper/6",)))).pages[None].rows[0]
    assert found.doc == oracle_document(claim_document(*CLAIMS[5]))


def oracle_document(document: dict[str, object]) -> dict[str, object]:
    return {key: list(value) if isinstance(value, tuple) else value for key, value in document.items()}


def test_fill_brings_each_filler_once_entities_and_claims(store: Engine) -> None:
    answer = store.read(Level("claim", Of((MISSION, UNION), "Partnership", "END"), fill=("END", "THEATRE", "PURPOSE")))
    assert set(answer.filled) == {MISSION, UNION, LAND, CITY}
    assert answer.filled[CITY]["name"] == "City"
    of_claims = store.read(Level("claim", Ids(("paper/3", "paper/8")), fill=("APPOINTED_BY", "ANCHOR"))).filled
    assert set(of_claims) == {UNION, "paper/1", "paper/6"}


def test_fill_is_of_the_rows_of_the_page_alone(store: Engine) -> None:
    assert set(store.read(Level("claim", Every("Appointment"), limit=2, fill=("FROM",))).filled) == {ANN}


def test_marks_are_told_for_each_row_and_choose_none(store: Engine) -> None:
    marks = (Cmp("role", "eq", "SRSG"), Present("role"), Not(Present("role")))
    rows = store.read(Level("claim", Every("Appointment"), marks=marks)).pages[None].rows
    assert [row.marks for row in rows] == [
        (True, True, False),
        (True, True, False),
        (False, True, False),
        (False, False, True),
    ]


def test_a_dated_skeleton_has_bounds_and_fillers_in_the_order_of_the_claim_and_no_document(store: Engine) -> None:
    level = Level("claim", Ids(("paper/6", "paper/7", "paper/3")), skeleton=True, dated=True, fill=("END", "THEATRE"))
    answer = store.read(level)
    six, seven, three = answer.pages[None].rows
    assert (six.doc, six.bounds) == (None, Bounds(700_200, 700_200, 700_200, 700_200))
    assert three.bounds == UNDATED
    assert dict(six.slots) == {"END": (MISSION, UNION), "THEATRE": (LAND, CITY)}
    assert {slot: nodes for slot, nodes in seven.slots.items() if nodes} == {"END": (UNION, MISSION)}
    assert answer.filled == {}


def test_a_skeleton_of_entities_is_ids_and_keys(store: Engine, oracle: Oracle) -> None:
    rows = store.read(Level("entity", Ids((ANN,)), skeleton=True)).pages[None].rows
    assert rows == (Row(ANN, oracle.rows[ANN]["k"]),)


# What must hold


def test_text_is_taken_literally(store: Engine) -> None:
    for part, found in (
        ("100%", (PAPER,)),
        ("%", (PAPER,)),
        ("a_b", (PAPER,)),
        ("axb", ()),
        ("b\\c", (PAPER,)),
        ("%%", ()),
    ):
        assert entities(store, where=Cmp("title", "contains", part)) == found
    assert entities(store, where=Cmp("title", "startsWith", "on 1")) == (PAPER,)
    assert entities(store, where=Cmp("title", "startsWith", "100")) == ()
    assert entities(store, where=Cmp("name", "eq", "' OR 1=1 --")) == ()


def test_a_comparison_is_false_where_the_value_is_absent_and_its_negation_true(store: Engine) -> None:
    role = Cmp("role", "eq", "SRSG")
    assert claims(store, where=role) == ("paper/1", "paper/2")
    assert len(claims(store, where=Not(role))) == len(CLAIMS) - 2
    assert len(claims(store, where=Not(In("role", ("SRSG", "ENVOY"))))) == len(CLAIMS) - 3
    assert claims(store, where=In("role", ())) == ()


def test_numbers(store: Engine) -> None:
    for op, found in (
        ("eq", ("paper/6",)),
        ("lt", ("paper/1", "paper/2", "paper/3")),
        ("lte", ("paper/1", "paper/2", "paper/6", "paper/3")),
        ("gt", ("paper/7", "paper/8", "paper/5", "paper/4")),
        ("gte", ("paper/6", "paper/7", "paper/8", "paper/5", "paper/4")),
    ):
        assert claims(store, where=Cmp("s0", op, 700_200)) == found  # type: ignore[arg-type]
    assert claims(store, where=Cmp("undated", "eq", True)) == ("paper/3",)
    assert claims(store, where=In("s0", (700_100, 700_900))) == ("paper/1", "paper/2", "paper/4")


def test_very_many_values_and_conditions_are_taken(store: Engine) -> None:
    many = tuple(f"Individual:{number}" for number in range(9_999))
    assert entities(store, start=Ids((*many, ANN))) == (ANN,)
    assert entities(store, where=In("id", (*many, ANN))) == (ANN,)
    assert entities(store, where=Any((*(Cmp("id", "eq", id) for id in many[:1500]), Cmp("id", "eq", ANN)))) == (ANN,)


def test_one_element_of_a_list_must_pass_every_test(store: Engine) -> None:
    both = Has("forms", (("startsWith", "J"), ("contains", "AR")))
    assert claims(store, where=both) == ()
    assert claims(store, where=Has("forms", (("startsWith", "P"), ("contains", "AR")))) == ("paper/6",)
    assert claims(store, where=Present("forms")) == ("paper/6", "paper/7")


def test_nothing_is_a_true_conjunction_and_a_false_disjunction(store: Engine) -> None:
    assert entities(store, where=All(())) == BY_NAME
    assert entities(store, where=Any(())) == ()
    assert entities(store, where=Not(All((Any(()), ALWAYS)))) == BY_NAME


def test_a_slot_is_asked_for_entities_or_for_claims(store: Engine) -> None:
    assert claims(store, where=At("APPOINTED_BY", ALWAYS)) == ("paper/3",)
    assert claims(store, where=At("APPOINTED_BY", Cmp("role", "eq", "SRSG"), "claim")) == ("paper/3",)
    assert claims(store, where=At("APPOINTED_BY", Cmp("id", "eq", "paper/1"), "entity")) == ()
    assert claims(
        store, where=At("CONFLICTS_WITH", At("APPOINTED_BY", Cmp("kind", "eq", "REGIONAL_ORGANISATION")), "claim")
    ) == ("paper/4",)


def test_some_counts_claims_and_distinct_nodes_without_the_node_itself(store: Engine) -> None:
    assert entities(store, where=Some("Appointment", "TO", ALWAYS, 4)) == (MISSION,)
    assert entities(store, where=Some("Appointment", "TO", ALWAYS, 5)) == ()
    assert entities(store, where=Some("Appointment", "TO", ALWAYS, 3, "FROM")) == (MISSION,)
    assert entities(store, where=Some("Appointment", "TO", ALWAYS, 4, "FROM")) == ()
    assert entities(store, where=Some("Partnership", "END", ALWAYS, 3)) == (MISSION,)
    assert entities(store, where=Some("Partnership", "END", ALWAYS, 1, "END")) == (MISSION, UNION)
    assert entities(store, where=Some("Partnership", "END", ALWAYS, 2, "END")) == ()
    assert entities(store, where=Some("Partnership", "END", ALWAYS, 2, "THEATRE")) == (MISSION, UNION)


def test_some_of_any_relation_and_of_a_claim(store: Engine) -> None:
    assert entities(store, where=Some(ALL, ROLES, ALWAYS)) == (CITY, LAND, MISSION, UNION)
    assert entities(store, where=Some(ALL, ENDS, ALWAYS, 7)) == (MISSION,)
    assert claims(store, where=Some("Appointment", "APPOINTED_BY", ALWAYS)) == ("paper/1",)
    assert claims(store, where=Some("Coverage", "ANCHOR", ALWAYS)) == ("paper/6",)


def test_a_claim_is_met_again_on_the_way_back(store: Engine) -> None:
    """Whom Ann served with, she among them: one hop a pattern, or a walk would not return over the claim it came by."""
    back = Some("Appointment", "FROM", At("TO", Some("Appointment", "TO", At("FROM", Cmp("id", "eq", ANN)))))
    assert entities(store, where=back) == (ANN, BEN, CAI)


def test_the_owner_of_a_page_is_a_value(store: Engine) -> None:
    other = At("END", Not(Cmp("id", "eq", Owner())))
    pages = store.read(
        Level("claim", Of((MISSION, UNION), "Partnership", "END"), other, marks=(At("END", Cmp("id", "eq", Owner())),))
    )
    assert {owner: ids(page) for owner, page in pages.pages.items()} == {
        MISSION: ("paper/6", "paper/7"),
        UNION: ("paper/6", "paper/7"),
    }
    assert all(row.marks == (True,) for page in pages.pages.values() for row in page.rows)


# Counting


def test_counts_are_by_owner_and_do_not_see_the_page(store: Engine) -> None:
    level = Level("claim", Of((MISSION, UNION, ANN), "Partnership", "END"), limit=1, after="~", order=Order.START_ASC)
    cases = (ALWAYS, Has("forms", (("eq", "JOINT"),)), At("END", Not(Cmp("id", "eq", Owner()))))
    assert store.count(level, cases) == {MISSION: (3, 2, 2), UNION: (2, 2, 2)}


def test_counts_without_owners_stand_under_none(store: Engine) -> None:
    assert store.count(Level("claim", Every("Appointment")), (ALWAYS, Present("role"))) == {None: (4, 3)}
    assert store.count(Level("claim", Every("Appointment"), Present("role")), (ALWAYS, Not(Present("role")))) == {
        None: (3, 0)
    }
    assert store.count(Level("entity", Matching((exactly(("general",)),), "Entity")), (ALWAYS,)) == {"0": (1,)}


# Facts


def test_the_claims_of_a_fact_are_a_page_of_it(store: Engine) -> None:
    asked = Of((TOLD_TWICE, fact_id("paper/6"), fact_id("paper/2"), "Fact:nothing", ANN), ALL, FACT)
    pages = store.read(Level("claim", asked, order=Order.START_ASC)).pages
    assert {owner: ids(page) for owner, page in pages.items()} == {
        TOLD_TWICE: ("paper/1", "paper/2"),
        fact_id("paper/6"): ("paper/6",),
    }
    (first,) = store.read(Level("claim", asked, Not(Present("militaryRank")), limit=1)).pages[TOLD_TWICE].rows
    assert first.doc is not None
    assert first.doc["fact"] == TOLD_TWICE


def test_facts_are_counted_once_however_many_claims_tell_them(store: Engine) -> None:
    facts = (Different("fact"), Different("fact", Present("role")), Different("fact", Any(())))
    assert store.count(Level("claim", Every("Appointment")), (ALWAYS, *facts)) == {None: (4, 3, 2, 0)}
    level = Level("claim", Of((MISSION, ANN, LAND), ALL, ENDS))
    assert store.count(level, (ALWAYS, Different("fact"))) == {MISSION: (7, 6), ANN: (2, 1)}


def test_some_counts_distinct_facts(store: Engine) -> None:
    assert entities(store, where=Some("Appointment", "TO", ALWAYS, 3, FACT)) == (MISSION,)
    assert entities(store, where=Some("Appointment", "TO", ALWAYS, 4, FACT)) == ()
    assert entities(store, where=Some("Appointment", "FROM", ALWAYS, 1, FACT)) == (ANN, BEN, CAI)
    assert entities(store, where=Some("Appointment", "FROM", ALWAYS, 2, FACT)) == ()
    assert entities(store, where=Some(ALL, ENDS, Present("role"), 2, FACT)) == (MISSION,)


# Tallies


def tallied(
    store: Engine,
    by: str,
    relation: str = "Appointment",
    *,
    nodes: bool = False,
    distinct: str | None = None,
    first: int = 20,
) -> object:
    tally = Tally(by, nodes, distinct, first=first)
    return store.tally(Level("claim", Every(relation)), tally).get(None)


def test_values_are_tallied_the_most_frequent_first_then_by_value_with_none_where_there_is_none(store: Engine) -> None:
    assert tallied(store, "role") == (("SRSG", 2), ("ENVOY", 1), (None, 1))
    assert tallied(store, "role", first=1) == (("SRSG", 2),)
    assert tallied(store, "role", "Coverage") == ((None, 1),)


def test_each_value_of_a_list_is_tallied_once_a_claim_and_an_empty_list_is_none(store: Engine) -> None:
    assert tallied(store, "forms", "Partnership") == (("JOINT", 2), ("PARALLEL", 1), (None, 1))


def test_what_fills_a_slot_is_tallied_by_id_entities_and_claims(store: Engine) -> None:
    assert tallied(store, "FROM", nodes=True) == ((ANN, 2), (BEN, 1), (CAI, 1))
    assert tallied(store, "APPOINTED_BY", nodes=True) == ((None, 3), (UNION, 1), ("paper/1", 1))
    assert tallied(store, "END", "Partnership", nodes=True) == ((MISSION, 3), (UNION, 2))


def test_facts_and_nodes_are_tallied_once_each(store: Engine) -> None:
    assert tallied(store, "role", distinct=FACT) == (("ENVOY", 1), ("SRSG", 1), (None, 1))
    assert tallied(store, "TO", nodes=True, distinct=FACT) == ((MISSION, 3),)
    assert tallied(store, "TO", nodes=True, distinct="FROM") == ((MISSION, 3),)
    assert tallied(store, "role", distinct="APPOINTED_BY") == ((None, 2), ("ENVOY", 0), ("SRSG", 0))


def test_a_tally_is_by_owner_who_does_not_count_beside_himself(store: Engine) -> None:
    level = Level("claim", Of((MISSION, UNION, ANN), "Partnership", "END"), limit=1)
    assert store.tally(level, Tally("END", True)) == {
        MISSION: ((MISSION, 3), (UNION, 2)),
        UNION: ((MISSION, 2), (UNION, 2)),
    }
    assert store.tally(level, Tally("END", True, but_owner="END")) == {
        MISSION: ((UNION, 2), (None, 1)),
        UNION: ((MISSION, 2),),
    }
    assert store.tally(level, Tally("forms", distinct="END", but_owner="END")) == {
        MISSION: (("JOINT", 1), ("PARALLEL", 1), (None, 0)),
        UNION: (("JOINT", 1), ("PARALLEL", 1)),
    }


def test_a_tally_is_of_what_the_level_lets_in(store: Engine) -> None:
    level = Level("claim", Of((MISSION,), "Appointment", "TO"), Not(Present("militaryRank")))
    assert store.tally(level, Tally("role")) == {MISSION: (("ENVOY", 1), ("SRSG", 1), (None, 1))}
    assert store.tally(Level("claim", Of((), "Appointment", "TO")), Tally("role")) == {}
    assert store.tally(Level("claim", Every("PartOf")), Tally("role")) == {}
    assert store.tally(Level("claim", Ids(("paper/1", "paper/4"))), Tally("kind")) == {None: (("APPOINTMENT", 2),)}


# The release


def test_a_store_says_which_release_it_holds(store: Engine) -> None:
    release = store.run(store.store.about())
    assert release.number >= 1
    assert release.digest.startswith(Engines.DIGEST)
    assert release.counts["INDIVIDUAL"] == 3
    assert release.counts["APPOINTMENT"] == 4
    assert sum(release.counts.values()) == len(ENTITIES) + len(CLAIMS)
    assert release.redirects == {"Individual:old-cai": CAI}
    assert release.coverage == [{"source": PAPER, "relation": None, "state": "PARTIAL"}]
