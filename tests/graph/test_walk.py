"""The way through a plan: few rounds, pages that meet without a gap, and answers that do not depend on where it starts.

What is expected is worked out from the graph by hand or by the oracle, which is also one of the engines asked."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import pytest

from bench.generate import Graph, Shape
from graph import cursor
from graph.drive import drive_async
from graph.errors import BadCursor, BadFilter, CostExceeded, CursorMismatch
from graph.filters import when, where
from graph.ontology import ONTOLOGY
from graph.plan import (
    Every,
    Hop,
    Ids,
    Neighbourhood,
    Of,
    Order,
    Owner,
    Paging,
    Plan,
    Root,
    Search,
    Themselves,
    Under,
)
from graph.predicate import ALWAYS, Match
from graph.reading import Reading, left_out, lowered
from graph.store import Release
from graph.walk import Read, Result, walk
from tests.engines import Engine, Engines
from tests.oracle import Oracle
from tests.questions import Asker

RELEASE = Release(1, "digest", "schema", "2026-01-01T00:00:00Z", {}, {"Mission:old": "Mission:synthetic-small"})
SHAPE = Shape("Appointment", "TO", "Mission")


@cache
def held() -> Oracle:
    graph = Graph(3, 1_000, SHAPE)
    return Oracle(graph.entities(), graph.claims())


@cache
def asker() -> Asker:
    store = held()
    names = [entity.name for entity in store.entities.values()]
    dated = [id for id, (_, timed) in store.claims.items() if not timed.undated]
    return Asker(Random(11), [*store.entities, *list(store.claims)[:40]], dated, names)


answering: list[Engine] = []


@pytest.fixture(autouse=True, scope="module")
def engine(engines: Engines) -> Iterator[None]:
    """Each engine in turn answers every test."""
    answering[:] = [engines.load(held().entities.values(), held().claims.values())]
    yield
    answering.clear()


def go(root: Root, reading: Reading | None = None, *, anchored: bool = True) -> Result:
    (engine,) = answering
    way = walk([(root, reading or Reading())], RELEASE, anchored=anchored)
    result: Result = engine.run(drive_async(way, engine.store))
    return result


def ask(plan: Plan, reading: Reading | None = None, *, anchored: bool = True) -> Result:
    return go(plan, reading, anchored=anchored)


def ids(result: Result, number: int = 0, owner: Owner = None) -> list[str]:
    return [row.id for row in result.connections[number].page(owner).rows]


def every(label: str, meaning: Mapping[str, Any] | None = None, order: Order | None = None, **more: Any) -> Plan:
    claims = label in ONTOLOGY.relation or label == "Claim"
    order = order or (Order.START_ASC if claims else Order.NAME_ASC)
    read = where(f"{label}Where", meaning or {}, "where")
    return Plan(0, label, "claim" if claims else "entity", Every(label), read, order, **({"paging": Paging(50)} | more))


def test_partnerships_in_a_theatre_and_the_partners_of_the_partners_take_two_rounds_and_no_look_up() -> None:
    store = held()
    held_in = when("overlaps", {"date": "1950/2020"}, "reading.asOf")
    reading = Reading(as_of=held_in)  # type: ignore[arg-type]
    certain = ids(ask(every("Partnership", {"theatres": {"some": {"named": {"eq": True}}}}), reading))
    theatre = next(node for node in store.fillers[certain[0]]["THEATRE"] if ":" in node)
    start = Under("Partnership", "END")
    theirs = Plan(1, "partnerships", "claim", start, order=Order.START_ASC, paging=Paging(5), fill=("END",))
    meaning = {"theatres": {"some": {"id": {"eq": theatre}}}}
    plan = every("Partnership", meaning, fill=("END", "SOURCE"), hops=(Hop("ends", theirs),))
    result = ask(plan, reading)
    assert (result.rounds, result.calls) == (2, 2)
    assert ids(result)
    for id in ids(result):
        for end in store.fillers[id]["END"]:
            assert result.documents[end]["name"]
            assert id in ids(result, 1, end) or len(ids(result, 1, end)) == 5


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize("backward", [False, True])
def test_cursors_walk_every_row_exactly_once_in_either_direction(order: Order, backward: bool) -> None:
    label = "Actor" if order.name.startswith("NAME") else "Claim"
    all_rows = ids(ask(every(label, order=order, paging=None), Reading(match=Match.UNDATED)))
    seen: list[str] = []
    after = None
    while True:
        result = ask(every(label, order=order, paging=Paging(7, backward, after)), Reading(match=Match.UNDATED))
        connection = result.connections[0]
        page = connection.page(None)
        got = [row.id for row in page.rows]
        seen = [*got, *seen] if backward else [*seen, *got]
        if not page.more:
            break
        after = cursor.encode(connection.bound(None), page.rows[0 if backward else -1].key)
    assert seen == all_rows
    assert len(set(seen)) == len(seen)
    if label == "Claim":
        undated = [held().claims[id][1].undated for id in seen]
        assert undated == sorted(undated), "undated claims come last in both orders"


def test_nested_cursors_walk_every_row_of_one_parent() -> None:
    def nested(paging: Paging | None) -> Plan:
        under = Plan(1, "appointees", "claim", Under("Appointment", "TO"), order=Order.START_DESC, paging=paging)
        hop = Hop(None, under)
        return every("Mission", {"id": {"eq": SHAPE.small}}, hops=(hop,))

    whole = ids(ask(nested(None)), 1, SHAPE.small)
    seen: list[str] = []
    after = None
    while True:
        result = ask(nested(Paging(6, cursor=after)))
        page = result.connections[1].page(SHAPE.small)
        seen += [row.id for row in page.rows]
        if not page.more:
            break
        after = cursor.encode(result.connections[1].bound(SHAPE.small), page.rows[-1].key)
    assert seen == whole
    assert len(seen) > 12


def test_a_cursor_of_another_question_is_a_mismatch_and_a_forged_one_is_none() -> None:
    first = ask(every("Mission", paging=Paging(2)))
    good = cursor.encode(first.connections[0].bound(None), first.connections[0].page(None).rows[-1].key)
    for other in (
        every("Mission", {"named": {"eq": True}}, paging=Paging(2, cursor=good)),
        every("State", paging=Paging(2, cursor=good)),
        every("Mission", order=Order.NAME_DESC, paging=Paging(2, cursor=good)),
    ):
        with pytest.raises(CursorMismatch):
            ask(other)
    with pytest.raises(CursorMismatch):
        ask(every("Mission", paging=Paging(2, cursor=good)), Reading(polarity=("DENIED",)))
    assert len(ids(ask(every("Mission", paging=Paging(3, cursor=good))))) == 3, "size is not bound"
    for forged in ("", "!", good[:9], "QUJD", "é", good + "\x00"):
        with pytest.raises(BadCursor):
            ask(every("Mission", paging=Paging(2, cursor=forged)))


def test_a_nested_cursor_wants_a_single_parent() -> None:
    hop = Hop(None, Plan(1, "appointees", "claim", Under("Appointment", "TO"), paging=Paging(5, cursor="AAAA")))
    with pytest.raises(BadCursor, match="single parent"):
        ask(every("Mission", hops=(hop,)))


def test_a_level_of_too_many_rows_names_the_page_that_would_pass() -> None:
    hop = Hop(None, Plan(1, "claims", "claim", Under("*", "ENDS"), paging=Paging(500)))
    with pytest.raises(CostExceeded, match=r"claims asks for 500 rows under each of 50 nodes.*first: 400 would pass"):
        ask(every("Actor", hops=(hop,)))


@pytest.mark.slow_on_neo4j
def test_every_plan_gives_the_same_answer_with_anchoring_off() -> None:
    random = Random(5)
    labels = [*(k.name for k in ONTOLOGY.kinds), *(r.name for r in ONTOLOGY.relations), "Actor", "Entity", "Claim"]
    found = 0
    # Each question has a text of its own, and Neo4j takes long to plan a text that it has not seen.
    few = answering[0].name == "neo4j"
    for number in range(25 if few else 300):
        label = random.choice(labels)
        meaning = asker().where(f"{label}Where", 2 if few else 3)
        pinned = random.choice(PINS.get(label, [{}]))
        reading = asker().reading()
        both = [meaning, pinned] if random.random() < 0.6 and pinned else [pinned or meaning]
        try:
            plan = every(label, {"and": both})
            here = ask(replace(plan, counted=True, left_out=random.random() < 0.3), reading)
        except BadFilter:
            continue
        there = ask(replace(here.connections[0].plan), reading, anchored=False)
        assert ids(here) == ids(there), (number, label, both)
        assert counted(here) == counted(there), (number, label, both)
        found += bool(ids(here))
    assert found > 2, "the questions found something"


def counted(result: Result) -> tuple[int, ...]:
    """The counts of a root; where nothing stands at its start, a store has none to give."""
    return tuple(n for n in result.connections[0].counts.get(None, ()) if n)


PINS: dict[str, list[dict[str, Any]]] = {
    "Individual": [
        {"appointments": {"some": {"to": {"id": {"eq": SHAPE.small}}}}},
        {"id": {"in": ["Individual:synthetic-1"]}},
    ],
    "Actor": [{"appointees": {"some": {"and": [{"to": {"id": {"in": [SHAPE.small, SHAPE.hub]}}}]}}}],
    "Appointment": [{"to": {"id": {"eq": SHAPE.small}}}, {"to": {"id": {"in": [SHAPE.small, SHAPE.hub]}}}],
    "Claim": [
        {"involves": {"role": ["THEATRE"], "some": {"id": {"eq": SHAPE.small}}}},
        {"appointment": {"to": {"id": {"eq": SHAPE.small}}}},
    ],
    "Mission": [{"id": {"eq": "Mission:old"}}],
}


def test_people_appointed_to_a_mission_start_from_the_mission() -> None:
    plan = every("Individual", {"appointments": {"some": {"to": {"id": {"eq": SHAPE.small}}}}})
    way = walk([(plan, Reading())], RELEASE)
    (probe,) = next(way)
    assert isinstance(probe, Read)
    assert probe.level.start == Of((SHAPE.small,), "Appointment", "TO")
    (page,) = way.send([held().read(probe.level)])
    assert isinstance(page, Read)
    assert isinstance(page.level.start, Ids)
    assert page.level.where != ALWAYS, "the conjunct stays"


def test_the_claims_of_a_fact_are_found_from_the_fact_and_keep_their_kind() -> None:
    store = held()
    told = Counter(store.rows[id]["fact"] for id in store.claims)
    fact, number = told.most_common(1)[0]
    relation = next(claim.relation for id, (claim, _) in store.claims.items() if store.rows[id]["fact"] == fact)
    other = next(each.name for each in ONTOLOGY.relations if each.name != relation)
    everything = Reading(
        match=Match.UNDATED,
        polarity=ONTOLOGY.vocabularies["Polarity"].values,
        modality=ONTOLOGY.vocabularies["Modality"].values,
        certainty=ONTOLOGY.vocabularies["Certainty"].values,
    )
    for label, expected in (("Claim", number), (relation, number), (other, 0)):
        plan = every(label, {"fact": {"eq": fact}}, counted=True)
        (page, _) = next(walk([(plan, everything)], RELEASE))
        assert page.level.start == Of((fact,), "*", "FACT")
        here, there = ask(plan, everything), ask(plan, everything, anchored=False)
        assert ids(here) == ids(there)
        assert len(ids(here)) == expected
        assert counted(here) == counted(there) == ((number,) if expected else ())
    assert number > 1


def test_merged_ids_mean_their_survivor() -> None:
    assert ids(ask(every("Mission", {"id": {"eq": "Mission:old"}}))) == ["Mission:synthetic-small"]
    assert ids(ask(every("Mission", {"within": {"ids": ["Mission:old"], "depth": 0}}))) == ["Mission:synthetic-small"]


def test_what_a_roll_up_finds_tells_the_claims_that_lead_there() -> None:
    part_of = next(r for r in ONTOLOGY.relations if r.rolls_up)
    reading = Reading(match=Match.UNDATED)
    wholes = {id: held().fillers[id]["TO"][0] for id, (c, _) in held().claims.items() if c.relation == part_of.name}
    checked = 0
    for top in dict.fromkeys(wholes.values()):
        result = ask(every("Entity", {"within": {"ids": [top]}}, traced=True, paging=None), reading)
        for row in result.connections[0].page(None).rows:
            chain = result.connections[0].chains[row.id]
            place = top
            for claim in chain:
                assert held().fillers[claim]["TO"] == (place,)
                place = held().fillers[claim]["FROM"][0]
            assert place == row.id
            checked += bool(chain)
    assert checked


def test_left_out_counts_what_a_wider_reading_would_add() -> None:
    held_in = when("overlaps", {"date": "1990"}, "reading.asOf")
    base = Reading(as_of=held_in)  # type: ignore[arg-type]
    counts = ask(every("Claim", counted=True, left_out=True), base).connections[0].counts[None]

    def size(reading: Reading) -> int:
        return len(ids(ask(every("Claim", paging=None), reading)))

    matches = (Match.CERTAIN, Match.POSSIBLE, Match.UNDATED)
    certain, possible, undated = (size(replace(base, match=match)) for match in matches)
    assert counts[0] == certain
    assert counts[1] == size(replace(base, polarity=("ASSERTED", "DENIED"))) - certain
    assert counts[4] == size(replace(base, certainty=(*base.certainty, "ALLEGATION"))) - certain
    assert counts[5:] == (possible - certain, undated - possible)
    assert counts[5:] == (possible - certain, undated - possible)
    assert sum(counts[1:]) > 0


def test_rows_of_a_dated_question_say_how_surely_they_match() -> None:
    held_in = when("overlaps", {"date": "1990"}, "reading.asOf")
    wide = Reading(as_of=held_in, match=Match.UNDATED)  # type: ignore[arg-type]
    rows = ask(every("Claim", paging=None, marked=True), wide).connections[0].page(None).rows
    store = held()
    for row in rows:
        for mark, match in zip(row.marks, (Match.CERTAIN, Match.POSSIBLE), strict=True):
            assert mark == store.holds(
                lowered(where("ClaimWhere", {}, ""), replace(wide, match=match), "claim"), row.id
            )
    assert {row.marks for row in rows} == {(True, True), (False, True), (False, False)}


def test_a_claim_that_fills_a_slot_is_read_with_its_own_slots() -> None:
    id = next(id for id, slots in held().fillers.items() if slots.get("CONFLICTS_WITH"))
    themselves = Plan(1, "conflictsWith", "claim", Themselves(), fill=("SOURCE",))
    result = ask(Plan(0, "node", "claim", Ids((id,)), hops=(Hop("conflictsWith", themselves),)))
    for other in held().fillers[id]["CONFLICTS_WITH"]:
        assert result.documents[other]["id"] == other
        assert all(source in result.documents for source in held().fillers[other]["SOURCE"])


def test_a_network_holds_the_claims_whose_ends_are_in_it_and_stops_at_its_bounds() -> None:
    def network(**more: Any) -> Result:
        bounds = {"depth": 2, "most_nodes": 2000, "most_edges": 8000}
        given: dict[str, Any] = {"relations": (), "roles": False, "direction": "BOTH"} | bounds | more
        parts = Plan(0, "entities", "entity", Ids(())), Plan(1, "claims", "claim", Ids(()))
        asked = Neighbourhood((SHAPE.small,), entities=parts[0], claims=parts[1], **given)
        return go(asked)

    asked: tuple[dict[str, Any], ...] = ({}, {"roles": True}, {"relations": ("PARTNERSHIP", "APPOINTMENT")})
    for more in (*asked, {"direction": "IN"}, {"most_nodes": 20}, {"most_edges": 9}):
        result = network(**more)
        nodes, edges = set(result.lists[0].ids), result.lists[1].ids
        assert result.lists[0].truncated == result.lists[1].truncated
        assert SHAPE.small in nodes
        assert edges
        assert len(nodes) <= more.get("most_nodes", 2000)
        assert len(edges) <= more.get("most_edges", 8000)
        for edge in edges:
            ends = [end.name for end in ONTOLOGY.relation[held().claims[edge][0].relation].ends]
            assert {id for slot in ends for id in held().fillers[edge][slot] if ":" in id} <= nodes
    assert network(most_nodes=20).lists[0].truncated
    assert len(network(depth=1).lists[0].ids) < len(network().lists[0].ids)
    assert set(network(direction="OUT", depth=1).lists[1].ids) < set(network(depth=1).lists[1].ids)


def test_search_finds_by_every_word_and_puts_the_name_itself_first() -> None:
    parts = Plan(0, "entities", "entity", Ids(())), Plan(1, "claims", "claim", Ids(()))
    assert go(Search("hub", (), 20, *parts)).told[0]["nodes"][0] == SHAPE.hub
    assert go(Search("hub", ("STATE",), 20, *parts)).told[0]["nodes"] == ()
    assert go(Search("—", (), 20, *parts)).told[0]["nodes"] == ()


def test_cases_of_left_out_never_meet_the_rows_that_take_part() -> None:
    reading = Reading()
    meaning = where("ClaimWhere", {}, "where")
    base = lowered(meaning, reading, "claim")
    for case in left_out(meaning, reading, "claim"):
        assert not any(held().holds(case, id) and held().holds(base, id) for id in held().claims)
