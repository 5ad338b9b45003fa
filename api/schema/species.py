"""What a field of the schema means to the planner and the projection: a leaf, a hop, or a measure. One table, made
with the types."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of the document (or of the object inside it) under `key`; absent means null, or an empty list where
    `many`."""

    key: str
    many: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """An object, or a list of objects, inside the document under `key`. `by`: the argument that keeps only items
    whose value under this name is in its list (`involves(role:)`)."""

    key: str
    many: bool = False
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Filler:
    """A node, or a list of nodes, whose id stands under `key` of the document or of the object inside it. `path`:
    where the ids stand from the row's document on (`citations.source`); empty: the nodes are the rows of the place
    themselves. `slots`: the slots whose `fill` brings their
    documents along with the row; empty where only a hop can (an alias's source)."""

    key: str
    path: str
    slots: tuple[str, ...]
    many: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """The fact whose id stands under `key` of a claim's document: an object made of the claims of it that take part,
    which a hop brings."""

    key: str


@dataclass(frozen=True, slots=True)
class Link:
    """A connection under an entity: the claims of `relation` (`*`: of all) in whose `slot` it stands."""

    relation: str
    slot: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a connection or an edge that follows from its rows: nodes edges pageInfo, cursor node other match
    via."""

    name: Literal["nodes", "edges", "pageInfo", "cursor", "node", "other", "match", "via"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A part of a connection that is counted or explained: totalCount, factCount, facets, leftOut, absence."""

    name: Literal["totalCount", "factCount", "facets", "leftOut", "absence"]


Species = Leaf | Inside | Filler | Told | Link | Part | Measure
