"""What a selection comes to: branches, which are plans before their arguments are read, and shapes, which say of every
type of object what is wanted of it. Neither depends on arguments, so both are kept with the document."""

from dataclasses import dataclass
from dataclasses import field as own
from typing import Final, NamedTuple

from graphql import FieldNode, GraphQLField

from api.schema.species import Link, Species
from graph.plan import Table


class Place(NamedTuple):
    """Where objects come from: the branch whose rows they are (of entities, of claims), or that and `via`, what leads
    there from its rows. `of`: of objects inside a document, whether it is that of an entity or a claim."""

    entities: "Branch | None" = None
    claims: "Branch | None" = None
    via: str | None = None
    of: Table | None = None


NOWHERE: Final = Place()


def rows_of(branch: "Branch", via: str | None = None) -> Place:
    """The rows of a branch, or what stands at a way on from them."""
    return Place(branch, branch, via)


@dataclass(slots=True, eq=False)
class Branch:
    """A plan before its arguments are read. `link` and `field` with `node` say where a connection under nodes starts
    and where its arguments stand (a fact has none); without a link the branch is a root, or reads its parents
    themselves. `rows`: some of what its rows hold is selected. `reach`: the kinds that may stand at each way on.
    `facets`: where the arguments of each facet stand."""

    number: int
    of: Table
    path: str
    link: Link | None = None
    field: GraphQLField | None = None
    node: FieldNode | None = None
    fill: dict[str, None] = own(default_factory=dict)
    ways: dict[tuple[object, ...], "Way"] = own(default_factory=dict)
    reach: dict[str | None, set[str]] = own(default_factory=dict)
    rows: bool = False
    marked: bool = False
    traced: bool = False
    counted: bool = False
    facts_counted: bool = False
    left_out: bool = False
    absence: bool = False
    facets: list[tuple[GraphQLField, FieldNode]] = own(default_factory=list)


@dataclass(slots=True, eq=False)
class Way:
    """From a branch to the next, by nodes of these kinds (constants); None: of all that stand there."""

    via: str | None
    branch: Branch
    kinds: set[str] | None


@dataclass(slots=True, eq=False)
class Shape:
    """What is selected of an object: for each type that it may have, the fields in order."""

    cases: dict[str, tuple["Chosen", ...]]


@dataclass(slots=True, eq=False)
class Chosen:
    """A field as selected. `species` is None for `__typename`. `bare`: of nodes only ids are wanted, so that nothing
    need be read. `branch`: of a Link, where its page is found; of a fact, where its claims are. `number`: which facet
    of its connection it is."""

    key: str
    type: str
    name: str
    nodes: tuple[FieldNode, ...]
    definition: GraphQLField | None = None
    species: Species | None = None
    shape: Shape | None = None
    branch: Branch | None = None
    bare: bool = False
    number: int = 0


@dataclass(slots=True, eq=False)
class RootChosen:
    """A field of Query as selected. `branches`: what it reads, at most one of entities and one of claims; none for
    `dataset` and for what graphql-core answers (`shape` None)."""

    key: str
    name: str
    nodes: tuple[FieldNode, ...]
    definition: GraphQLField | None
    shape: Shape | None
    branches: tuple[Branch, ...] = ()
