"""What stands where in Neo4j, from the ontology alone: labels, relationship types, constraints and indexes.

Entities and claims are nodes, `(:Entity:Actor:State)` and `(:Claim:Partnership)`; what fills a slot of a claim is a
relationship `(claim)-[:THEATRE {n, relation, k, kd, i}]->(node)`: `n` the id of the node, `k` and `kd` the order
keys of the claim, `i` the place in the slot. The pages that cut across relations have types of their own, `ANY_…`,
under the relation `*`, so that a pattern over a slot never meets a claim twice. For people, who read the graph in
Neo4j Browser, each claim with two ends is also a bare edge, `(a)-[:PARTNERSHIP {claim, start, end, polarity,
modality, certainty}]->(b)`, which the service never reads.
"""

from collections.abc import Iterator
from typing import Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY, ROLES
from graph.plan import Table
from graph.stores.columns import KEYS, labels, slots

LABEL: Final[dict[Table, str]] = {"entity": ENTITY, "claim": CLAIM}
RELEASE: Final = "Release"
"""The label of the marker, the one node `(:Release {id: "release"})`, which holds the Release as JSON: where it is
missing, no release is finished."""
MARKER: Final = f"(release:{RELEASE} {{id: 'release'}})"

_ACROSS: Final = "ANY_"


def page_type(relation: str, slot: str) -> str:
    """The relationship type under which the claims of a relation stand at a node by a slot."""
    return f"{_ACROSS}{slot}" if relation == ALL else slot


PAGE_TYPES: Final = (
    *slots(),
    *(page_type(ALL, slot) for slot in (ENDS, ROLES, *(role.name for role in ONTOLOGY.roles))),
)
"""Every relationship type that leads from a claim to what fills it."""

EDGE_TYPES: Final = tuple(r.constant for r in ONTOLOGY.relations if r.directed or r.symmetric)
"""The types of the bare edges: those relations that have two ends."""

_PREFIX: Final = "peacegraph_"


def fulltext(table: Table) -> str:
    """The name of the index over `tokens`."""
    return f"{_PREFIX}{table}_tokens"


def is_ours(index: str) -> bool:
    """Whether an index or a constraint was made by Peacegraph, of this version or another."""
    return index.startswith(_PREFIX)


def constraints() -> Iterator[str]:
    """Ids are unique; wanted before anything is looked up by id."""
    for label in (*LABEL.values(), RELEASE):
        yield f"CREATE CONSTRAINT {_PREFIX}{label}_id IF NOT EXISTS FOR (x:{label}) REQUIRE x.id IS UNIQUE"


def indexes() -> Iterator[str]:
    """Everything that a page is read from; quickest made when all rows are there."""
    for table in LABEL:
        for label in labels(table):
            for key in KEYS[table]:
                yield f"CREATE RANGE INDEX {_PREFIX}{label}_{key} FOR (x:{label}) ON (x.{key})"
        yield (
            f"CREATE FULLTEXT INDEX {fulltext(table)} FOR (x:{LABEL[table]}) ON EACH [x.tokens] "
            "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
        )
    for type_ in PAGE_TYPES:
        for key in KEYS["claim"]:
            yield f"CREATE RANGE INDEX {_PREFIX}{type_}_{key} FOR ()-[i:{type_}]-() ON (i.n, i.relation, i.{key})"
