"""What stands where in Neo4j, from the ontology alone: labels, relationship types, constraints and indexes.

Entities and claims are nodes, `(:Entity:Actor:State)` and `(:Claim:Partnership)`, and what fills a slot of a claim
is a relationship `(claim)-[:THEATRE {n, relation, k, kd}]->(node)`: `n` the id of the node, `k` and `kd` the order
keys of the claim. (The ids stand on the claim as well, by slot and in its order: `THEATRE: [...]`.) The pages that
cut across relations have types of their own, `ANY_...`, under the relation `*`, so that a pattern over a slot never
meets a claim twice. For people, who read the graph in Neo4j Browser, each claim with two ends is also a bare edge,
`(a)-[:PARTNERSHIP {claim, start, end, polarity, modality, certainty}]->(b)`, which the service never reads.
"""

from collections.abc import Iterator
from typing import Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY, ROLES
from graph.plan import Table
from graph.stores.columns import FACT_COLUMN, KEYS, labels, slots

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


def constraints() -> dict[str, str]:
    """Ids are unique; wanted before anything is looked up by id. Statements, by the name of what they make."""
    return {
        (name := f"{_PREFIX}{label}_id"): f"CREATE CONSTRAINT {name} FOR (x:{label}) REQUIRE x.id IS UNIQUE"
        for label in (*LABEL.values(), RELEASE)
    }


def indexes() -> dict[str, str]:
    """Everything that a page is read from; made quickest when all rows are there. Statements, by name."""
    return {name: f"CREATE {kind} INDEX {name} FOR {what}" for name, kind, what in _indexes()}


def _indexes() -> Iterator[tuple[str, str, str]]:
    for table, keys in KEYS.items():
        for label in labels(table):
            for key in keys:
                yield f"{_PREFIX}{label}_{key}", "RANGE", f"(x:{label}) ON (x.{key})"
        # Words were folded and parted in Python: what stands between spaces is a word.
        analyzer = "OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
        yield fulltext(table), "FULLTEXT", f"(x:{LABEL[table]}) ON EACH [x.tokens] {analyzer}"
    yield f"{_PREFIX}{CLAIM}_{FACT_COLUMN}", "RANGE", f"(x:{CLAIM}) ON (x.{FACT_COLUMN}, x.k)"
    for type_ in PAGE_TYPES:
        for key in KEYS["claim"]:
            yield f"{_PREFIX}{type_}_{key}", "RANGE", f"()-[i:{type_}]-() ON (i.n, i.relation, i.{key})"
