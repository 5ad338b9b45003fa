"""Two codings of one source held against each other: how far two coders who worked apart wrote the same claims, and
every place where they did not.

*Ends* are the same where the same ids fill them: from with from, to with to; in any order where a relation is
symmetric. A relation whose one end is a list (Statistic, Coverage) has its identity properties and slots for a second
end: two counts of one mission that count different things are two. Placeholders are ids like others, and a merged id
means its survivor. Where a claim is named (as an end, in a role, by an anchor), it is the same where its kind and ends
are, since the two coders number apart.

*Dates* are the same where their bounds are, as worked out from `on`, `start`, `end` and `duration`, each side is open
(`..`) where the other is, and the anchors are the same. *Standing* is polarity, modality and certainty.

Two claims **match** where relation, ends, dates and standing are the same. Agreement is 2 × matched / (A + B), where
each claim is counted in one pair at most (Dice 1945, https://doi.org/10.2307/1932409; it needs no count of the claims
that neither wrote). Two more figures stand beside it, a looser one that asks for relation and ends alone, and a
stricter one that asks for the relation's identity properties and slots too.

Pairs are made in stages, each of what the former ones left; in a stage, of the pairs that could be made, the one that
differs in the fewest fields goes first, then the one that stands first in A, then in B:

1. equal in everything that is compared;
2. matching, and equal in the identity properties and slots;
3. matching;
4. the same relation and ends: first those equal in the identity properties and slots, then those of one standing, then
   those whose dates can overlap;
5. for the eye alone, in no figure: the same ends in any order, coded as another kind or the other way round; then the
   same kind, one end the same, and one locator the same.

Stages 1 to 4 ask for less and less that must be *equal*, so no other way of pairing finds more: the figures do not
depend on the order."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from graph import faults
from graph.claim import Claim, During, PropValue
from graph.dates import Dated, is_undated, verdict
from graph.derive import own_time, redirects
from graph.errors import Fault, Refused
from graph.names import fold
from graph.ontology import ONTOLOGY
from graph.ontology.types import Relation, is_claim_id
from seed.files import Read, read

Level = Literal["MATCHED", "NEAR", "KIN"]
"""How near two claims are: stages 1 to 3, stage 4, stage 5."""


class Placed(NamedTuple):
    """A claim, and where it stands."""

    claim: Claim
    file: str
    line: int


class Difference(NamedTuple):
    """A field in which the claims of a pair differ, with what either says; empty where it says nothing."""

    field: str
    a: str
    b: str


class Pair(NamedTuple):
    """Two claims that belong together, and in what they differ."""

    a: Placed
    b: Placed
    level: Level
    differs: tuple[Difference, ...]


@dataclass(slots=True)
class Tally:
    """Claims in A and in B, and pairs of one and the other: same in relation and ends; in dates and standing as well
    (matched); in the identity properties and slots as well."""

    a: int = 0
    b: int = 0
    ends: int = 0
    matched: int = 0
    identity: int = 0

    def agreement(self, pairs: int) -> float | None:
        """2 × pairs / (A + B), from 0 to 1; None where there are no claims."""
        return 2 * pairs / (self.a + self.b) if self.a + self.b else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found. `tallies` by the constant of a kind of claim, in the order of the ontology; `pairs` in the order
    of A; `only_a`, `only_b` are the claims left without a partner, `entities_a`, `entities_b` the ids that the claims
    of one file alone name."""

    pairs: tuple[Pair, ...]
    only_a: tuple[Placed, ...]
    only_b: tuple[Placed, ...]
    tallies: Mapping[str, Tally]
    total: Tally
    entities_a: tuple[str, ...]
    entities_b: tuple[str, ...]


def compare(a: Path, b: Path) -> Comparison:
    """Holds two codings of one source against each other. Raises Refused with the faults of either that show without
    other files; what is declared in a third file is not missed."""
    here, there = _sound(a), _sound(b)
    sources = [{claim.id.partition("/")[0] for claim in found.claims} for found in (here, there)]
    if all(sources) and sources[0] != sources[1]:
        reason = f"it codes {', '.join(sorted(sources[1]))}, and {a} codes {', '.join(sorted(sources[0]))}"
        raise Refused([Fault(str(b), 1, "source", reason, "name two codings of one source")])
    survivors = redirects([*here.entities, *there.entities])
    return _compared(_facets(here, survivors), _facets(there, survivors))


def _sound(path: Path) -> Read:
    found = read([path])
    said = [*found.faults]
    for claim in found.claims:
        said += (fault for fault in faults.faults(claim, found.locate) if not found.place(claim).said(fault.field))
    if said:
        raise Refused(said)
    return found


# ---- what is compared of a claim ----


class _Facets:
    """A claim as it is compared."""

    def __init__(self, placed: Placed, nodes_of: Callable[[Sequence[str]], tuple[Hashable, ...]]) -> None:
        self.placed, self.claim, self.nodes_of = placed, placed.claim, nodes_of
        self.relation: Relation = ONTOLOGY.relation[self.claim.relation]

    @cached_property
    def ends(self) -> tuple[Hashable, ...]:
        """The relation, and what fills its ends; or what stands for a second end."""
        second = () if self.relation.directed or self.relation.symmetric else self.identity
        return self.relation.name, *(self._filled(slot.name) for slot in self.relation.ends), *second

    @cached_property
    def nodes(self) -> tuple[Hashable, ...]:
        """What fills the ends, whichever end it fills."""
        return _sorted([node for slot in self.relation.ends for node in self._filled(slot.name)])

    @cached_property
    def dated(self) -> Dated:
        return own_time(self.claim.during, None)

    @cached_property
    def dates(self) -> tuple[Hashable, ...]:
        during, dated = self.claim.during, self.dated
        anchors = _sorted([(anchor.how, *self.nodes_of([anchor.node])) for anchor in during.anchors])
        length = during.duration if is_undated(dated.bounds) else None
        return dated.bounds, dated.start == "OPEN", dated.end == "OPEN", length, anchors

    @cached_property
    def standing(self) -> tuple[str, ...]:
        standing = self.claim.standing
        return standing.polarity, standing.modality, standing.certainty

    @cached_property
    def matching(self) -> tuple[Hashable, ...]:
        return self.ends, self.dates, self.standing

    @cached_property
    def identity(self) -> tuple[Hashable, ...]:
        """The properties and slots that, with the ends, say that two claims tell one fact."""
        return tuple(self._named(name) for name in self.relation.identity)

    @cached_property
    def locators(self) -> frozenset[tuple[str, str]]:
        return frozenset((citation.source, fold(citation.locator)) for citation in self.claim.citations)

    @cached_property
    def fields(self) -> dict[str, tuple[Hashable, str]]:
        """Every field that is compared → (what must be equal, what is shown). Left out: the statement, the note, the
        wording and how a doubt was read, which are free words."""
        claim, standing = self.claim, self.claim.standing
        slots = (*self.relation.slots, *ONTOLOGY.common_slots, *ONTOLOGY.roles)
        fields: dict[str, tuple[Hashable, str]]
        fields = {slot.field: (self._filled(slot.name), ", ".join(claim.slots.get(slot.name, ()))) for slot in slots}
        fields |= {prop.name: self._prop(prop.name) for prop in self.relation.props}
        fields["during"] = (self.dates, _when(claim.during))
        for name in ("polarity", "modality", "certainty", "substantiated", "attribution"):
            fields[name] = (getattr(standing, name), getattr(standing, name) or "")
        ordinal = f"{claim.ordinal.n} among {claim.ordinal.among}" if claim.ordinal else ""
        fields["ordinal"] = (fold(ordinal), ordinal)
        fields["unstated"] = _listed(claim.unstated)
        fields["doubts"] = _listed([f"{doubt.field} {doubt.basis}" for doubt in claim.doubts])
        shown = "; ".join(citation.locator for citation in claim.citations)
        fields["citations"] = (self.locators, shown)
        return fields

    def _named(self, name: str) -> Hashable:
        slot = ONTOLOGY.slot(self.relation, name)
        return self._filled(slot.name) if slot else self._prop(name)[0]

    def _prop(self, name: str) -> tuple[Hashable, str]:
        value: PropValue | None = self.claim.props.get(name)
        if isinstance(value, tuple):
            return _listed(value)
        return (fold(value) if isinstance(value, str) else value), "" if value is None else str(value)

    def _filled(self, slot: str) -> tuple[Hashable, ...]:
        return _sorted(self.nodes_of(self.claim.slots.get(slot, ())))


def _facets(found: Read, survivors: Mapping[str, str]) -> list[_Facets]:
    by_id = {claim.id: claim for claim in found.claims}

    def nodes(ids: Sequence[str], depth: int = 0) -> tuple[Hashable, ...]:
        return tuple(node(id, depth) for id in ids)

    def node(id: str, depth: int) -> Hashable:
        """An entity by its survivor; a claim by its kind, and by its ends unless it is one of another claim's ends."""
        claim = by_id.get(id) if is_claim_id(id) else None
        if claim is None:
            return survivors.get(id, id)
        slots = ONTOLOGY.relation[claim.relation].ends if depth == 0 else ()
        return claim.relation, *(_sorted(nodes(claim.slots.get(slot.name, ()), depth + 1)) for slot in slots)

    return [_Facets(Placed(claim, *found.locate(claim, "")), nodes) for claim in found.claims]


def _sorted(values: Sequence[Hashable]) -> tuple[Hashable, ...]:
    return tuple(sorted(values, key=repr))


def _listed(values: Sequence[str]) -> tuple[Hashable, str]:
    return _sorted([fold(value) for value in values]), ", ".join(values)


def _when(during: During) -> str:
    dates = [f"on {during.on}" if during.on else ""]
    dates += [f"{name} {text}" for name in ("start", "end", "duration") if (text := getattr(during, name))]
    dates += [f"{anchor.how} {anchor.node}" for anchor in during.anchors]
    return ", ".join(filter(None, dates))


def _differences(a: _Facets, b: _Facets) -> tuple[Difference, ...]:
    found = [Difference("kind", a.relation.constant, b.relation.constant)] if a.relation is not b.relation else []
    nothing: tuple[Hashable, str] = ((), "")
    for name in dict.fromkeys((*a.fields, *b.fields)):
        (one, shown_one), (other, shown_other) = a.fields.get(name, nothing), b.fields.get(name, nothing)
        if one != other and (shown_one or shown_other):
            found.append(Difference(name, shown_one, shown_other))
    return tuple(found)


# ---- pairs ----

Key = Callable[[_Facets], Sequence[Hashable]]
"""The baskets in which a claim lies; claims that share one may be paired."""
Cost = Callable[[_Facets, _Facets], tuple[Any, ...]]
"""What goes first among the pairs that could be made: the least."""


def _everything(each: _Facets) -> Sequence[Hashable]:
    return [(each.matching, *(key for key, _ in each.fields.values()))]


def _fewest(a: _Facets, b: _Facets) -> tuple[Any, ...]:
    return (len(_differences(a, b)),)


def _nearest(a: _Facets, b: _Facets) -> tuple[Any, ...]:
    apart = verdict("overlaps", a.dated.bounds, b.dated.bounds) == "NO"
    return a.identity != b.identity, a.standing != b.standing, apart, *_fewest(a, b)


def _one_end_and_place(each: _Facets) -> Sequence[Hashable]:
    return [(each.relation.name, end, place) for end in each.nodes for place in each.locators]


_STAGES: Final[tuple[tuple[Level, Key, Cost], ...]] = (
    ("MATCHED", _everything, lambda a, b: ()),
    ("MATCHED", lambda each: [(each.matching, each.identity)], _fewest),
    ("MATCHED", lambda each: [each.matching], _fewest),
    ("NEAR", lambda each: [each.ends], _nearest),
    ("KIN", lambda each: [each.nodes] if each.nodes else [], _fewest),
    ("KIN", _one_end_and_place, _fewest),
)


def _compared(a: Sequence[_Facets], b: Sequence[_Facets]) -> Comparison:
    tallies = {relation.constant: Tally() for relation in ONTOLOGY.relations}
    for each in a:
        tallies[each.relation.constant].a += 1
    for each in b:
        tallies[each.relation.constant].b += 1
    pairs: list[Pair] = []
    left_a, left_b = list(a), list(b)
    for level, key, cost in _STAGES:
        made = _paired(left_a, left_b, key, cost)
        for one, other in made:
            pairs.append(Pair(one.placed, other.placed, level, _differences(one, other)))
            _count(tallies[one.relation.constant], level, one.identity == other.identity)
        taken = {id(each) for pair in made for each in pair}
        left_a = [each for each in left_a if id(each) not in taken]
        left_b = [each for each in left_b if id(each) not in taken]
    entities = _entities(a), _entities(b)
    return Comparison(
        pairs=tuple(sorted(pairs, key=lambda pair: (pair.a.line, pair.b.line))),
        only_a=tuple(each.placed for each in left_a),
        only_b=tuple(each.placed for each in left_b),
        tallies={name: tally for name, tally in tallies.items() if tally.a or tally.b},
        total=_sum(tallies.values()),
        entities_a=tuple(sorted(entities[0] - entities[1])),
        entities_b=tuple(sorted(entities[1] - entities[0])),
    )


def _paired(a: Sequence[_Facets], b: Sequence[_Facets], key: Key, cost: Cost) -> list[tuple[_Facets, _Facets]]:
    baskets: dict[Hashable, list[int]] = defaultdict(list)
    for j, each in enumerate(b):
        for basket in key(each):
            baskets[basket].append(j)
    could = {(i, j) for i, each in enumerate(a) for basket in key(each) for j in baskets.get(basket, ())}
    left_a, left_b = set(range(len(a))), set(range(len(b)))
    pairs = []
    for _, i, j in sorted((cost(a[i], b[j]), i, j) for i, j in could):
        if i in left_a and j in left_b:
            left_a.remove(i)
            left_b.remove(j)
            pairs.append((a[i], b[j]))
    return pairs


def _count(tally: Tally, level: Level, same_identity: bool) -> None:
    tally.ends += level != "KIN"
    tally.matched += level == "MATCHED"
    tally.identity += level == "MATCHED" and same_identity


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        for name in Tally.__slots__:
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total


def _entities(claims: Sequence[_Facets]) -> set[str]:
    """The ids of entities that claims name; a claim that is named is a tuple, and none of these."""
    nodes = (node for each in claims for ids in each.claim.slots.values() for node in each.nodes_of(ids))
    return {node for node in nodes if isinstance(node, str) and not is_claim_id(node)}


# ---- for scripts ----


def as_json(found: Comparison) -> dict[str, Any]:
    """The comparison as plain values under stable keys. Agreement has four decimals, null without claims."""
    return {
        "total": _figures(found.total),
        "relations": {name: _figures(tally) for name, tally in found.tallies.items()},
        "pairs": [
            {
                "level": pair.level,
                "a": _where(pair.a),
                "b": _where(pair.b),
                "differs": [difference._asdict() for difference in pair.differs],
            }
            for pair in found.pairs
        ],
        "onlyA": [_where(each) for each in found.only_a],
        "onlyB": [_where(each) for each in found.only_b],
        "entitiesOnlyA": list(found.entities_a),
        "entitiesOnlyB": list(found.entities_b),
    }


def _figures(tally: Tally) -> dict[str, Any]:
    pairs = {"sameEnds": tally.ends, "matched": tally.matched, "sameIdentity": tally.identity}
    agreement = {name: tally.agreement(count) for name, count in pairs.items()}
    rounded = {name: None if share is None else round(share, 4) for name, share in agreement.items()}
    return {"a": tally.a, "b": tally.b, "pairs": pairs, "agreement": rounded}


def _where(placed: Placed) -> dict[str, Any]:
    claim = placed.claim
    kind = ONTOLOGY.relation[claim.relation].constant
    return {"id": claim.id, "kind": kind, "file": placed.file, "line": placed.line, "statement": claim.statement}
