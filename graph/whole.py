"""What is wrong between records: ids that stand twice or dangle, declarations that disagree, parts that are their own
wholes, claims joined to one fact that cannot be one."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from graph.claim import Claim, Entity, Locate, Record
from graph.derive import redirects, takes_part, terms
from graph.errors import Fault
from graph.faults import place
from graph.ontology import ONTOLOGY
from graph.ontology.types import Relation, is_claim_id
from graph.order import in_order
from graph.spans import shown

Found = Iterator[tuple[Record, str, str, str]]
"""(record, field, reason, what would pass)."""


def faults(
    entities: Sequence[Entity],
    claims: Sequence[Claim],
    locate: Locate,
    declared: Collection[str] = (),
    *,
    whole: bool = True,
) -> Iterator[Fault]:
    """Every fault that shows only over everything that is loaded. `declared`: ids that are declared beside those of the
    records. Not `whole`: parts of the input are lost, so that an id may be declared where nobody can see it."""
    known = {*declared, *(e.id for e in (*entities, *terms())), *(claim.id for claim in claims), *redirects(entities)}
    found = [*_twice(claims), *_disagreeing(entities, locate), *_merged(entities), *_circles(entities, claims)]
    found += [*_facts(entities, claims), *_identities(entities, claims)]
    if whole:
        found += _dangling(entities, claims, known)
    for record, field, reason, passes in found:
        yield Fault(*locate(record, field), field, reason, passes)


def repeated(claims: Iterable[Claim], locate: Locate) -> Iterator[Fault]:
    """Claims, read without loss, that say the same in the same place. What is told of a claim (statement, note, doubts,
    wording) does not make it another."""
    for claim, twin in _alike(claims, lambda claim: frozenset(claim.citations)):
        reason = f"it says what {twin.id} says, and cites the same place"
        yield Fault(*locate(claim, ""), "claim", reason, "take one of the two out")


def retold(claims: Iterable[Claim], locate: Locate) -> Iterator[Fault]:
    """Claims that say the same at different places of the same sources, which is mostly one claim that cites both. One
    without ends stands alone, as it does among facts."""
    of_something = (claim for claim in claims if _has_ends(claim))
    for claim, twin in _alike(of_something, lambda claim: frozenset(each.source for each in claim.citations)):
        reason = f"it says what {twin.id} says elsewhere"
        yield Fault(*locate(claim, ""), "claim", reason, "see whether one claim can cite both places")


def _has_ends(claim: Claim) -> bool:
    return any(claim.slots.get(end.name) for end in ONTOLOGY.relation[claim.relation].ends)


def _alike(claims: Iterable[Claim], cited: Callable[[Claim], Hashable]) -> Iterator[tuple[Claim, Claim]]:
    """Each claim with the first that says the same, and of which the same is cited."""
    first: dict[object, Claim] = {}
    for claim in claims:
        slots = frozenset((name, frozenset(ids)) for name, ids in claim.slots.items() if ids)
        props = frozenset(claim.props.items())
        said = (claim.relation, slots, props, claim.during, claim.standing, claim.ordinal, cited(claim))
        twin = first.setdefault(said, claim)
        if twin is not claim and twin.id != claim.id:
            yield claim, twin


def _twice(claims: Sequence[Claim]) -> Found:
    first: dict[str, Claim] = {}
    for claim in claims:
        if claim.id and first.setdefault(claim.id, claim) is not claim:
            passes = "take its id out, and number the file"
            yield claim, "id", f"{claim.id} stands twice", passes


def _disagreeing(entities: Sequence[Entity], locate: Locate) -> Found:
    """Two files may declare an entity and add to it; what both say must be the same."""
    ontology = {term.id for term in terms()}
    by_id = sorted((entity for entity in entities if entity.id), key=lambda entity: entity.id)
    for id, same in groupby(by_id, key=lambda entity: entity.id):
        first, *others = same
        if id in ontology:
            yield first, "id", f"{id} is declared in the ontology", "take it out"
        files = [locate(first, "id")]
        for other in others:
            file, line = locate(other, "id")
            if twin := next((f"line {n}" for f, n in files if f == file), None):
                yield other, "id", f"{id} is declared twice in this file, first in {twin}", "join the two"
            else:
                yield from _differing(first, other, locate)
            files.append((file, line))


def _differing(first: Entity, other: Entity, locate: Locate) -> Found:
    pairs: list[tuple[str, object, object]] = [
        ("name", other.name, first.name),
        ("named", str(other.named).lower(), str(first.named).lower()),
        ("description", other.description, first.description),
        *((name, value, first.props.get(name)) for name, value in other.props.items()),
    ]
    for field, here, there in pairs:
        if here and there and here != there:
            file, line = locate(first, field)
            reason = f"{other.id} has {shown(here)} here, and {shown(there)} in {file}:{line}"
            yield other, field, reason, "write the same in both; what a source prints otherwise is an alias"


def _merged(entities: Sequence[Entity]) -> Found:
    declared, survivors = {entity.id for entity in entities}, dict[str, str]()
    for entity in entities:
        for i, old in enumerate(entity.merged_from):
            if old in declared:
                yield entity, f"mergedFrom[{i}]", f"{old} is declared as an entity", "take that declaration out"
            if survivors.setdefault(old, entity.id) != entity.id:
                yield (
                    entity,
                    f"mergedFrom[{i}]",
                    f"{old} was merged into {survivors[old]} as well",
                    "choose one survivor",
                )


def _identities(entities: Iterable[Entity], claims: Iterable[Claim]) -> Found:
    """A claim about the identity of two names two, and what a source holds to be different is not merged."""
    survivors = redirects(entities)
    for claim in claims:
        relation = ONTOLOGY.relation[claim.relation]
        ids = [id for slot in relation.ends for id in claim.slots.get(slot.name, ())]
        if relation.tells_identity is None or len(ids) != 2:
            continue
        one, other = ids
        prop, different = relation.tells_identity
        field = place(relation, relation.ends[-1], 1)
        if one == other:
            yield claim, field, f"{other} stands at both ends", "name two entities; what is one has one id"
            continue
        merged = survivors.get(one, one) == survivors.get(other, other)
        if merged and claim.props.get(prop) == different and takes_part(claim):
            passes = "take the id out of mergedFrom, and declare both"
            yield claim, field, f"{one} and {other} are said to be different, and have been merged", passes


def _dangling(entities: Iterable[Entity], claims: Iterable[Claim], known: Collection[str]) -> Found:
    for entity in entities:
        for i, alias in enumerate(entity.aliases):
            if alias.source not in known:
                yield entity, f"aliases[{i}].source", *_missing(alias.source)
        broader = entity.props.get("broader")
        if broader is not None and broader not in known:
            yield entity, "broader", *_missing(str(broader))
    for claim in claims:
        for field, id in _named(claim, ONTOLOGY.relation[claim.relation]):
            if id not in known:
                yield claim, field, *_missing(id)


def _missing(id: str) -> tuple[str, str]:
    passes = (
        "write the number of a claim that is there" if is_claim_id(id) else "declare it under entities, or mend the id"
    )
    return f"{shown(id)} is nowhere declared", passes


def _named(claim: Claim, relation: Relation) -> Iterator[tuple[str, str]]:
    """(field, id) of everything that a claim names."""
    for name, ids in claim.slots.items():
        slot = ONTOLOGY.slot(relation, name)
        if slot is not None:
            yield from ((place(relation, slot, i), id) for i, id in enumerate(ids))
    for i, citation in enumerate(claim.citations):
        yield f"citations[{i}].source", citation.source
    for i, anchor in enumerate(claim.during.anchors):
        yield f"during.anchors[{i}].node", anchor.node
    yield from _decided(claim)


def _decided(claim: Claim) -> Iterator[tuple[str, str]]:
    """(field, id) of the claims that a curator joins to this one, or parts from it."""
    for field, ids in (("sameFactAs", claim.same_fact_as), ("apartFrom", claim.apart_from)):
        yield from ((f"{field}[{i}]", id) for i, id in enumerate(ids))


def _facts(entities: Iterable[Entity], claims: Sequence[Claim]) -> Found:
    """Claims can be one fact, or be taken for one, only where they are of one relation and standing and have the same
    ends."""
    by_id, survivors = {claim.id: claim for claim in claims}, redirects(entities)
    for claim in claims:
        for field, id in _decided(claim):
            other = by_id.get(id)
            if id == claim.id:
                yield claim, field, "the claim names itself", "name another claim"
            elif other is None and not is_claim_id(id):
                yield claim, field, f"{shown(id)} is not the id of a claim", "write the number of a claim"
            elif other is not None and _told(other, survivors) != _told(claim, survivors):
                reason = f"{id} has another relation, other ends, or another polarity or modality"
                yield claim, field, reason, "name a claim that could be taken for this one"


def _told(claim: Claim, survivors: Mapping[str, str]) -> tuple[object, ...]:
    ends = (claim.slots.get(slot.name, ()) for slot in ONTOLOGY.relation[claim.relation].ends)
    alike = tuple(tuple(sorted(survivors.get(id, id) for id in ids)) for ids in ends)
    return claim.relation, alike, claim.standing.polarity, claim.standing.modality


def _circles(entities: Iterable[Entity], claims: Iterable[Claim]) -> Found:
    """Wholes that are parts of their parts, and terms that are narrower than themselves."""
    above = {e.id: [str(e.props["broader"])] for e in entities if e.props.get("broader")}
    by_id = {entity.id: entity for entity in entities}
    for circle in in_order(above)[1]:
        at = by_id[min(set(circle) & by_id.keys())]
        yield at, "broader", f"terms go in a circle: {_way(circle)}", "take one of them out"
    for relation in ONTOLOGY.relations:
        if relation.rolls_up:
            yield from _rolling(relation, claims)


def _rolling(relation: Relation, claims: Iterable[Claim]) -> Found:
    lower, upper = (slot.name for slot in relation.ends)
    said: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        if claim.relation == relation.name and takes_part(claim):
            for part in claim.slots.get(lower, ()):
                said |= {(part, whole): claim for whole in claim.slots.get(upper, ())}
    above: dict[str, list[str]] = {}
    for part, whole in said:
        above.setdefault(part, []).append(whole)
    for circle in in_order(above)[1]:
        at = min(
            (said[pair] for pair in zip(circle, (*circle[1:], circle[0]), strict=True)), key=lambda claim: claim.id
        )
        yield (
            at,
            relation.ends[1].field,
            f"parts and wholes go in a circle: {_way(circle)}",
            "take one of these claims out",
        )


def _way(circle: Sequence[str]) -> str:
    return " → ".join((*circle, circle[0]))
