"""Entities and claims as values, and the documents in which stores keep them, shaped as the API answers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.dates import UNDATED, Bounds, iso
from graph.ontology import ONTOLOGY
from graph.ontology.types import Slot, fact_id

PropValue = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of an entity, as `source` prints it at `locator`. `kind` is an AliasKind; `language` a BCP 47
    tag."""

    name: str
    kind: str
    source: str
    locator: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A vertex: what a thing is called and nothing that sources can differ about. `kind` is the name of a Kind
    (`UNEntity`); `named` is False where sources leave it unnamed; `identifiers` are (scheme, value); `merged_from`
    are ids that now mean this."""

    id: str
    kind: str
    name: str
    named: bool = True
    aliases: tuple[Alias, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    description: str | None = None
    props: Mapping[str, PropValue] = field(default_factory=dict)
    merged_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The claim lies so (an AnchorHow) to the node: a claim, an entity with dated claims, or a source."""

    how: str
    node: str


@dataclass(frozen=True, slots=True)
class During:
    """When, as the source says it, in EDTF: `on` one moment, or `start` and `end` (`..` open, None unknown), with an
    ISO 8601 `duration` and `anchors`."""

    on: str | None = None
    start: str | None = None
    end: str | None = None
    duration: str | None = None
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a source says it: Polarity, Modality, Certainty, Substantiated (allegations), who said it and how they
    share it."""

    polarity: str = "ASSERTED"
    modality: str = "ACTUAL"
    certainty: str = "STATED"
    substantiated: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """Where it stands: a Source's id, and the section heading or note in it."""

    source: str
    locator: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field that is less than explicit in the source: why (a DoubtBasis) and how it was read."""

    field: str
    basis: str
    how: str


@dataclass(frozen=True, slots=True)
class Ordinal:
    """The n-th among what, where a source counts: first, last, largest. `n` counts from 1; -1 is the last."""

    n: int
    among: str


@dataclass(frozen=True, slots=True)
class Claim:
    """An edge of one source. `relation` is the name of a Relation (`Appointment`). `slots` maps slot constants (FROM,
    THEATRE, ATTRIBUTED_TO, CONFLICTS_WITH, …; not SOURCE and ANCHOR, which `citations` and `during` hold) to the ids
    that fill them, in the file's order. `wording` are (field, the source's own word); `unstated` the fields on which
    the source is silent. `note` stays in the file; so do `same_fact_as` and `apart_from`, the claims with which a
    curator joins this one to one fact, and those from which he parts it (`graph.telling`)."""

    id: str
    relation: str
    slots: Mapping[str, tuple[str, ...]]
    citations: tuple[Citation, ...]
    statement: str
    props: Mapping[str, PropValue] = field(default_factory=dict)
    during: During = During()
    standing: Standing = Standing()
    doubts: tuple[Doubt, ...] = ()
    wording: tuple[tuple[str, str], ...] = ()
    unstated: tuple[str, ...] = ()
    ordinal: Ordinal | None = None
    note: str | None = None
    same_fact_as: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()

    def fillers(self) -> dict[str, tuple[str, ...]]:
        """Every slot with what fills it, sources and anchors among them, each node once a slot."""
        cited = tuple(dict.fromkeys(citation.source for citation in self.citations))
        anchored = tuple(dict.fromkeys(anchor.node for anchor in self.during.anchors))
        own = {"SOURCE": cited} | ({"ANCHOR": anchored} if anchored else {})
        return {name: tuple(dict.fromkeys(ids)) for name, ids in self.slots.items() if ids} | own


@dataclass(frozen=True, slots=True)
class Timed:
    """What is worked out of a claim over everything that is loaded (`graph.derive`): its place in time, and the fact
    that it tells. `start_basis`, `end_basis` are DateBasis; `day` is the day by which the claim is ordered, None where
    it comes last: undated, and not anchored to what has a day. `fact` is empty where the claim stands alone."""

    bounds: Bounds
    start_basis: str
    end_basis: str
    day: int | None
    fact: str = ""

    @property
    def undated(self) -> bool:
        return self.bounds == UNDATED


def fact_of(claim: Claim, timed: Timed) -> str:
    """The id of the fact that a claim tells."""
    return timed.fact or fact_id(claim.id)


Record = Entity | Claim
Locate = Callable[[Record, str], tuple[str, int]]
"""File and line of a field of a record, for a fault. A field is named by its path in curated files: `to`,
`citations[1].locator`, `involves.NORM[0]`; where the path is not found, what holds it is meant."""


def entity_document(entity: Entity) -> dict[str, Any]:
    """The entity as the API answers it: keys are GraphQL field names, absent values are left out."""
    document: dict[str, Any] = {
        "id": entity.id,
        "kind": ONTOLOGY.kind[entity.kind].constant,
        "name": entity.name,
        "named": entity.named,
        "description": entity.description,
        "aliases": [
            {"name": a.name, "kind": a.kind, "language": a.language, "source": a.source, "locator": a.locator}
            for a in entity.aliases
        ],
        "identifiers": [{"scheme": scheme, "value": value} for scheme, value in entity.identifiers],
        "mergedFrom": list(entity.merged_from),
        **entity.props,
    }
    return {key: value for key, value in document.items() if value is not None}


def claim_document(claim: Claim, timed: Timed) -> dict[str, Any]:
    """The claim as the API answers it: keys are GraphQL field names; a slot holds the id that fills it, or a list of
    ids; absent values are left out. `involves` lists every role with its nodes; a role that the relation lists stands
    under its own field too."""
    relation = ONTOLOGY.relation[claim.relation]
    known: tuple[Slot, ...] = (
        *relation.slots,
        *(s for s in ONTOLOGY.common_slots if s.name not in ("SOURCE", "ANCHOR")),
    )
    document: dict[str, Any] = {"id": claim.id, "kind": relation.constant, "fact": fact_of(claim, timed)}
    for slot in known:
        ids = claim.slots.get(slot.name, ())
        document[slot.field] = list(ids) if slot.many else (ids[0] if ids else None)
    if not relation.symmetric:
        document["ends"] = [id for slot in relation.ends for id in claim.slots.get(slot.name, ())]
    names = {role.name for role in ONTOLOGY.roles}
    document |= {
        **claim.props,
        "during": _during(claim.during, timed),
        "polarity": claim.standing.polarity,
        "modality": claim.standing.modality,
        "certainty": claim.standing.certainty,
        "substantiated": claim.standing.substantiated,
        "attribution": claim.standing.attribution,
        "citations": [{"source": c.source, "locator": c.locator} for c in claim.citations],
        "doubts": [{"field": d.field, "basis": d.basis, "how": d.how} for d in claim.doubts],
        "statement": claim.statement,
        "wording": [{"field": name, "text": text} for name, text in claim.wording],
        "unstated": list(claim.unstated),
        "ordinal": claim.ordinal and {"n": claim.ordinal.n, "among": claim.ordinal.among},
        "involves": [{"role": name, "node": id} for name, ids in claim.slots.items() if name in names for id in ids],
    }
    return {key: value for key, value in document.items() if value is not None}


def _during(during: During, timed: Timed) -> dict[str, Any]:
    bounds = timed.bounds
    return {
        "start": _end(during.on or during.start, bounds.s0, bounds.s1, timed.start_basis),
        "end": _end(during.on or during.end, bounds.e0, bounds.e1, timed.end_basis),
        "duration": during.duration,
        "anchors": [{"how": anchor.how, "node": anchor.node} for anchor in during.anchors],
    }


def _end(edtf: str | None, earliest: int, latest: int, basis: str) -> dict[str, Any]:
    return {"edtf": edtf, "earliest": iso(earliest), "latest": iso(latest), "basis": basis}
