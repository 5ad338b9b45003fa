"""The words in which the ontology is written. Everything else (GraphQL types, columns, checks, docs) follows from
these values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

Family = Literal["Actor", "Thing"]
Scalar = Literal["text", "code", "number", "decimal", "flag", "date"]
"""What a property holds: `text` (compared folded, as names are), `code` (compared exactly: ids, symbols, DOIs),
`number` (an integer), `decimal` (a finite number, whole or not, kept as a double), `flag` (true or false), `date`
(EDTF, compared exactly)."""


def constant(name: str) -> str:
    """The enum value of a type or property name: `UNEntity` → `UN_ENTITY`, `appointedBy` → `APPOINTED_BY`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a vocabulary. `name` is the enum value of a closed vocabulary; `rank` orders where the scheme is
    ordered; `broader` is the name of the wider term; `citations` are (source id, locator) where a source gives the
    definition."""

    scheme: str
    name: str
    definition: str
    rank: int | None = None
    broader: str | None = None
    citations: tuple[tuple[str, str], ...] = ()

    @property
    def id(self) -> str:
        return f"Term:{self.scheme}/{self.name.lower().replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of values: a GraphQL enum called `name`, whose terms are declared under `scheme` in `terms/*.yaml`.

    An open vocabulary is none of these: its Terms are data, and a relation points at them through a Slot with
    `scheme`."""

    name: str
    scheme: str
    doc: str
    terms: tuple[Term, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(term.name for term in self.terms)


@dataclass(frozen=True, slots=True)
class Prop:
    """A property of an entity kind or of a relation. `indexed`: filters may use it, so that it has a column.
    `counted`: facets may count by it, which takes an indexed one of a vocabulary or of codes."""

    name: str
    type: Scalar | Vocabulary
    doc: str
    many: bool = False
    indexed: bool = True
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a claim, filled by entities or claims.

    `name` is its constant (`FROM`, `THEATRE`), `field` its name in files and GraphQL (`from`, `theatres`). `kinds`
    are the kinds or families of entities that may fill it; `claims` says that a claim may as well. `least` and `most`
    bound the number of fillers (`most` None: a list). `back` is the connection that an entity filling the slot
    carries (`appointments`), empty where none. `end`: one of the relation's ends, not a role. `scheme`: filled by
    Terms of this open vocabulary."""

    name: str
    field: str
    kinds: tuple[str, ...]
    doc: str
    claims: bool = False
    least: int = 0
    most: int | None = None
    back: str = ""
    end: bool = False
    scheme: str = ""

    @property
    def many(self) -> bool:
        return self.most != 1


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entity. `name` is the GraphQL type and the prefix of ids; `field` the root connection (`missions`).
    `person`: its names have a family name, and ranks and titles may stand in front of them."""

    name: str
    family: Family
    field: str
    doc: str
    props: tuple[Prop, ...] = ()
    person: bool = False

    @property
    def constant(self) -> str:
        return constant(self.name)


@dataclass(frozen=True, slots=True)
class Relation:
    """A kind of claim. `name` is the GraphQL type, `field` the root connection (`appointments`). `slots` are its
    ends, then its roles and open-term slots. `identity`: the properties and slots that, with the ends, say that two
    claims tell one fact. `rolls_up`: `within` may follow it from its first end to its second. `same_family`: its two
    ends are of one family, or one of the listed pairs of kinds. `usual`: the pairs of kinds or families that its ends
    mostly are; `alike`: two of one kind are usual as well; `check` warns of others, and of none where neither is said.
    `not_this_but`: (the fact, code as, not as) for coders. `tells_identity`: it says of two nodes whether they are one,
    with the property and the value by which it says that they are not. `renames`: the property and the value by which a
    claim says that its second end is its first under another name, so that who asks for one may mean the other."""

    name: str
    field: str
    doc: str
    slots: tuple[Slot, ...]
    props: tuple[Prop, ...] = ()
    identity: tuple[str, ...] = ()
    rolls_up: bool = False
    same_family: bool = False
    also_pairs: tuple[tuple[str, str], ...] = ()
    alike: bool = False
    usual: tuple[tuple[str, str], ...] = ()
    not_this_but: tuple[tuple[str, str, str], ...] = ()
    tells_identity: tuple[str, str] | None = None
    renames: tuple[str, str] | None = None

    @property
    def constant(self) -> str:
        return constant(self.name)

    @property
    def usual_pairs(self) -> str:
        """The usual pairs, as people are told of them; empty where any may stand."""
        return "; ".join((*(["two of one kind"] if self.alike else ()), *(f"{a} and {b}" for a, b in self.usual)))

    @property
    def ends(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.end)

    @property
    def roles(self) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if not slot.end)

    @property
    def directed(self) -> bool:
        return len(self.ends) == 2

    @property
    def symmetric(self) -> bool:
        return len(self.ends) == 1 and self.ends[0].least == 2


@dataclass(frozen=True, slots=True)
class Ontology:
    """All of it, with the look-ups that the rest of the house needs. Immutable; built once, in `graph.ontology`."""

    kinds: tuple[Kind, ...]
    relations: tuple[Relation, ...]
    roles: tuple[Slot, ...]
    common_slots: tuple[Slot, ...]
    common_props: tuple[Prop, ...]
    vocabularies: Mapping[str, Vocabulary]
    terms: tuple[Term, ...]
    kind: Mapping[str, Kind] = field(init=False)
    relation: Mapping[str, Relation] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", {key: kind for kind in self.kinds for key in (kind.name, kind.constant)})
        object.__setattr__(self, "relation", {key: rel for rel in self.relations for key in (rel.name, rel.constant)})

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind.family for kind in self.kinds))

    def members(self, names: tuple[str, ...]) -> tuple[Kind, ...]:
        """The kinds that a tuple of kind and family names stands for; `ENTITY` names all of them."""
        return tuple(k for k in self.kinds if k.name in names or k.family in names or ENTITY in names)

    def slot(self, relation: Relation, name: str) -> Slot | None:
        """The slot of a relation by constant or field name: its own, else a role that every claim may carry, else a
        common one."""
        every = (*relation.slots, *self.roles, *self.common_slots)
        return next((slot for slot in every if name in (slot.name, slot.field)), None)


ENTITY: Final = "Entity"
CLAIM: Final = "Claim"
"""The labels of everything that is an entity, and of everything that is a claim."""

TERM: Final = "Term"
"""The kind whose entities are values of vocabularies; a roll-up follows their broader term."""

ALL: Final = "*"
"""Stands for every relation in an adjacency: a page of all claims under one entity is one index range."""

ENDS: Final = "ENDS"
ROLES: Final = "ROLES"
"""Under `ALL`: the claims of which a node is an end; those in which it takes part by a role."""

FACT: Final = "FACT"
"""Under `ALL`: the claims that tell a fact, which is no node; and what `distinct` calls facts."""


def is_claim_id(id: str) -> bool:
    """Claim ids are `paper/number`; entity ids are `Kind:slug`, and a slug may hold a slash (`Term:scheme/value`)."""
    return ":" not in id


def fact_id(claim: str) -> str:
    """The id of the fact of which a claim is the first: opaque, and as stable as that claim's number. Nothing is to be
    read out of it; `node` does not know it."""
    return f"Fact:{claim}"
