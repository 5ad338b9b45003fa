"""What follows from everything that is loaded together: one entity of its declarations, survivors of merged ids, both
sides of a conflict, each claim's place in time, and the fact that it tells. Pure; knows no file."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from graph import order, telling
from graph.claim import Alias, Anchor, Citation, Claim, During, Entity, Locate, Timed
from graph.dates import MAX_DAY, MIN_DAY, UNDATED, Bounds, Dated, dated, lasting, narrow, order_day
from graph.errors import BadDate, Fault, Refused
from graph.ontology import ONTOLOGY
from graph.ontology.types import is_claim_id
from graph.reading import Reading
from graph.spans import span

# ---- entities ----


def terms(sources: Container[str] | None = None) -> list[Entity]:
    """The values of the closed vocabularies as entities, named as the API writes them. `sources`: the ids of those that
    are loaded, since a definition may be cited from a work that is not; None: of all."""
    found = []
    for term in ONTOLOGY.terms:
        wider = [other.id for other in ONTOLOGY.terms if (other.scheme, other.name) == (term.scheme, term.broader)]
        broader = wider[0] if wider else None
        props = {"scheme": term.scheme, "definition": term.definition, "rank": term.rank, "broader": broader}
        cited = [(source, locator) for source, locator in term.citations if sources is None or source in sources]
        aliases = tuple(Alias(term.name, "NAME", source, locator) for source, locator in cited)
        given = {name: value for name, value in props.items() if value is not None}
        found.append(Entity(term.id, term.id.partition(":")[0], term.name, aliases=aliases, props=given))
    return found


def united(entities: Iterable[Entity]) -> list[Entity]:
    """One entity of each id, in the order of the ids: lists are joined, and what only one declaration says is taken.
    That declarations agree is checked before (`graph.whole`)."""
    by_id = sorted(entities, key=lambda entity: entity.id)
    merged = redirects(by_id)
    return [_united(list(same), merged) for _, same in groupby(by_id, key=lambda entity: entity.id)]


def _united(same: Sequence[Entity], merged: Mapping[str, str]) -> Entity:
    aliases = (replace(alias, source=merged.get(alias.source, alias.source)) for e in same for alias in e.aliases)
    return replace(
        same[0],
        aliases=tuple(dict.fromkeys(aliases)),
        identifiers=tuple(dict.fromkeys(pair for entity in same for pair in entity.identifiers)),
        description=next((entity.description for entity in same if entity.description), None),
        props={name: value for entity in reversed(same) for name, value in entity.props.items()},
        merged_from=tuple(dict.fromkeys(id for entity in same for id in entity.merged_from)),
    )


def redirects(entities: Iterable[Entity]) -> dict[str, str]:
    """Merged id → the entity that it means now."""
    return {old: entity.id for entity in entities for old in entity.merged_from}


# ---- claims ----


def derive(entities: Iterable[Entity], claims: Iterable[Claim], locate: Locate) -> list[tuple[Claim, Timed]]:
    """The claims as they are stored, in the order given: merged ids replaced by their survivors, conflicts said by both
    sides, times worked out, facts found. Raises Refused with every anchor that goes in a circle or contradicts the
    dates, and every claim that a curator parts from one that he joins it to. What an anchor names and is not here says
    nothing."""
    claims, entities = list(claims), list(entities)
    by_id = {claim.id: claim for claim in reversed(claims)}
    survivors, conflicts = redirects(entities), _conflicts(claims)
    times = _Times(entities, {id: _surviving(claim, survivors) for id, claim in by_id.items()})
    for id in times.in_order():
        times.settle(id)
    days, circles = order.days(
        {id: time.bounds for id, time in times.times.items()},
        {id: times.claims[id].during.anchors for id in times.times},
        times.day_of,
    )
    for circle in circles:
        way = ", ".join((*circle, circle[0]))
        at = min(id for id in circle if by_id[id].during.anchors)
        times.faults.append((at, _ANCHORS, f"each would come after the next: {way}", "mend one of these anchors"))
    if times.faults:
        raise Refused(
            Fault(*locate(by_id[id], field), field, reason, passes) for id, field, reason, passes in times.faults
        )
    found = []
    for claim in claims:
        time = times.times[claim.id]
        slots = {name: ids for name, ids in times.claims[claim.id].slots.items() if name != _CONFLICTS}
        if conflicts.get(claim.id):
            slots[_CONFLICTS] = tuple(conflicts[claim.id])
        stored = replace(times.claims[claim.id], slots=slots)
        found.append((stored, Timed(time.bounds, time.start, time.end, days[claim.id])))
    facts = telling.facts(found)
    if torn := [*_torn(claims, facts)]:
        raise Refused(Fault(*locate(claim, field), field, reason, passes) for claim, field, reason, passes in torn)
    return [(claim, replace(timed, fact=facts[claim.id])) for claim, timed in found]


def _torn(claims: Iterable[Claim], facts: Mapping[str, str]) -> Iterator[tuple[Claim, str, str, str]]:
    """Claims that are one fact with what a curator parts them from: only he can have joined them."""
    for claim in claims:
        for i, other in enumerate(claim.apart_from):
            if facts[claim.id] == facts.get(other):
                reason = f"{other} is joined to {claim.id} by sameFactAs, directly or through others"
                yield claim, f"apartFrom[{i}]", reason, "take the one or the other out"


_CONFLICTS: Final = "CONFLICTS_WITH"
_ANCHORS: Final = "during.anchors"


def _conflicts(claims: Iterable[Claim]) -> dict[str, dict[str, None]]:
    """What each claim conflicts with, its own list first."""
    found: dict[str, dict[str, None]] = {}
    for claim in claims:
        found.setdefault(claim.id, {}).update(dict.fromkeys(claim.slots.get(_CONFLICTS, ())))
    for claim in claims:
        for other in claim.slots.get(_CONFLICTS, ()):
            found.setdefault(other, {})[claim.id] = None
    return found


def _surviving(claim: Claim, survivors: Mapping[str, str]) -> Claim:
    if not survivors:
        return claim
    anchors = tuple(Anchor(anchor.how, survivors.get(anchor.node, anchor.node)) for anchor in claim.during.anchors)
    return replace(
        claim,
        slots={name: tuple(survivors.get(id, id) for id in ids) for name, ids in claim.slots.items()},
        citations=tuple(Citation(survivors.get(c.source, c.source), c.locator) for c in claim.citations),
        during=replace(claim.during, anchors=anchors),
    )


def takes_part(claim: Claim) -> bool:
    """Whether a claim takes part where nothing else is asked for."""
    usual, standing = Reading(), claim.standing
    return (
        standing.polarity in usual.polarity
        and standing.modality in usual.modality
        and standing.certainty in usual.certainty
    )


# ---- time ----


def own_time(during: During, latest_source: int | None) -> Dated:
    """What a claim says of its time by itself: its dates and its duration. Raises BadDate."""
    found = dated(during.on, during.start, during.end, latest_source=latest_source)
    return lasting(found, during.duration) if during.duration else found


class _Times:
    """The times of claims, each settled after what it is anchored to. `faults` are (claim, field, reason, passes)."""

    def __init__(self, entities: Iterable[Entity], claims: Mapping[str, Claim]) -> None:
        self.claims = claims
        self.times: dict[str, Dated] = {}
        self.faults: list[tuple[str, str, str, str]] = []
        self._covers = {e.id: span(str(e.props["date"])) for e in entities if e.props.get("date")}
        self._own = {id: self._alone(claim) for id, claim in claims.items()}
        self._under = self._bounds_of_entities()

    def in_order(self) -> list[str]:
        """The claims, each after those to which it is anchored; each circle is a fault, and left out."""
        anchored = {
            id: [anchor.node for anchor in claim.during.anchors if anchor.node in self.claims]
            for id, claim in self.claims.items()
        }
        rows, circles = order.in_order(anchored)
        for circle in circles:
            way = " → ".join((*circle, circle[0]))
            reason = f"anchors go in a circle: {way}"
            self.faults.append((circle[0], _ANCHORS, reason, "take one of these anchors out"))
        return rows

    def settle(self, id: str) -> None:
        """Works out the time of one claim from its own dates, its duration and its anchors."""
        claim, found = self.claims[id], self._own[id]
        for number, anchor in enumerate(claim.during.anchors):
            node = self.node_bounds(anchor.node)
            if node is None:
                continue
            try:
                found = narrow(found, anchor.how, node)
                if claim.during.duration:
                    found = lasting(found, claim.during.duration)
            except BadDate as bad:
                reason, _, passes = bad.message.rpartition("; ")
                self.faults.append((id, f"during.anchors[{number}]", f"{reason}, {anchor.node} being meant", passes))
        self.times[id] = found

    def node_bounds(self, node: str) -> Bounds | None:
        """When what an anchor names was: a claim that is settled, a source by its cover, another entity by its
        claims."""
        if is_claim_id(node):
            return self.times[node].bounds if node in self.times else None
        if node in self._covers:
            first, last = self._covers[node]
            return Bounds(first, last, first, last)
        return self._under.get(node)

    def day_of(self, node: str) -> int | None:
        """The day of what an anchor names and is no claim."""
        bounds = self.node_bounds(node)
        return order_day(bounds) if bounds else None

    def _alone(self, claim: Claim) -> Dated:
        cited = [self._covers[c.source][0] for c in claim.citations if c.source in self._covers]
        return own_time(claim.during, max(cited, default=None))

    def _bounds_of_entities(self) -> dict[str, Bounds]:
        """The time of each entity that is an end of dated claims, by their own dates alone, so that no circle goes
        through an entity. Only claims that take part by default count.

        An actor is there at least from the first to the last of them, and perhaps before and after. Anything else has
        the time of one of them, whichever: from the earliest to the latest that any says."""
        under: dict[str, list[Bounds]] = {}
        for id, claim in self.claims.items():
            if takes_part(claim) and self._own[id].bounds != UNDATED:
                for slot in ONTOLOGY.relation[claim.relation].ends:
                    for end in dict.fromkeys(claim.slots.get(slot.name, ())):
                        under.setdefault(end, []).append(self._own[id].bounds)
        return {id: _lasting(all) if _lasts(id) else _one_of(all) for id, all in under.items() if not is_claim_id(id)}


def _lasts(entity: str) -> bool:
    kind = ONTOLOGY.kind.get(entity.partition(":")[0])
    return kind is not None and kind.family == "Actor"


def _lasting(dates: Sequence[Bounds]) -> Bounds:
    return Bounds(MIN_DAY, min(each.s1 for each in dates), max(each.e0 for each in dates), MAX_DAY)


def _one_of(dates: Sequence[Bounds]) -> Bounds:
    s0, s1 = min(each.s0 for each in dates), max(each.s1 for each in dates)
    return Bounds(s0, s1, min(each.e0 for each in dates), max(each.e1 for each in dates))
