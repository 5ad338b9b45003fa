"""Networks of actors: the subgraph around some nodes."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, ENDS, ROLES, Relation, Slot, is_claim_id
from graph.plan import Answer, Level, Neighbourhood, Of, Order, Row
from graph.predicate import ALWAYS, In, Predicate, conjunction
from graph.reading import Reading, lowered

EDGES: Final = tuple(relation for relation in ONTOLOGY.relations if relation.directed or relation.symmetric)
"""The relations that tie two nodes; a claim about one node or a list (Coverage) is no edge of a network."""
_READ: Final = 20_000
"""Claims read in one step, all nodes of the frontier together."""


@dataclass(slots=True)
class Found:
    """Ids in the order in which they were reached, and whether a bound cut the search short."""

    entities: dict[str, None] = field(default_factory=dict)
    claims: dict[str, None] = field(default_factory=dict)
    truncated: bool = False


def neighbourhood(
    asked: Neighbourhood, ids: Sequence[str], reading: Reading
) -> Generator[list[Level], Sequence[Answer], Found]:
    """Breadth first from `ids`: one round a step. A claim is in when all nodes that it ties are; nodes and claims
    come in by time within a step, so that a cut network is the same at every asking."""
    found = Found(dict.fromkeys(id for id in ids if not is_claim_id(id)))
    frontier = tuple(found.entities)
    for _ in range(asked.depth):
        if not frontier:
            break
        levels = list(_levels(asked, frontier, lowered(ALWAYS, reading, "claim")))
        answers = yield levels
        frontier = tuple(_step(asked, levels, answers, found))
    return found


def _levels(asked: Neighbourhood, frontier: tuple[str, ...], part: Predicate) -> Iterable[Level]:
    limit = max(1, min(asked.most_edges + 1, _READ // len(frontier)))
    for relation, slot in _starts(asked):
        if relation is None:
            where = conjunction((part, In("kind", tuple(r.constant for r in _chosen(asked)))))
            start, fill = Of(frontier, ALL, slot), _ties(None, asked.roles)
        else:
            where, start, fill = part, Of(frontier, relation.name, slot), _ties(relation, asked.roles)
        yield Level("claim", start, where, Order.START_ASC, limit=limit, fill=fill, skeleton=True)


def _chosen(asked: Neighbourhood) -> tuple[Relation, ...]:
    return tuple(r for r in EDGES if not asked.relations or r.constant in asked.relations)


def _starts(asked: Neighbourhood) -> Iterable[tuple[Relation | None, str]]:
    """The index pages to read: that of all relations where none is chosen, else one for each relation and end."""
    if not asked.relations and asked.direction == "BOTH":
        yield None, ENDS
        if asked.roles:
            yield None, ROLES
        return
    for relation in _chosen(asked):
        first, last = relation.ends[0], relation.ends[-1]
        ends: dict[Slot, None] = dict.fromkeys({"OUT": (first,), "IN": (last,), "BOTH": (first, last)}[asked.direction])
        yield from ((relation, end.name) for end in ends)
        if asked.roles:
            yield from ((relation, role.name) for role in ONTOLOGY.roles)


def _ties(relation: Relation | None, roles: bool) -> tuple[str, ...]:
    """The slots whose fillers a claim ties together."""
    own = [slot.name for each in (EDGES if relation is None else (relation,)) for slot in each.ends]
    return tuple(dict.fromkeys((*own, *(role.name for role in ONTOLOGY.roles if roles))))


def _step(asked: Neighbourhood, levels: list[Level], answers: Sequence[Answer], found: Found) -> Iterable[str]:
    rows: dict[str, Row] = {}
    for _level, answer in zip(levels, answers, strict=True):
        for page in answer.pages.values():
            found.truncated |= page.more
            rows.update((row.id, row) for row in page.rows)
    reached: dict[str, None] = {}
    for row in sorted(rows.values(), key=lambda row: row.key):
        if row.id in found.claims:
            continue
        tied = dict.fromkeys(id for ids in row.slots.values() for id in ids if not is_claim_id(id))
        new = [id for id in tied if id not in found.entities]
        if len(found.claims) >= asked.most_edges or len(found.entities) + len(new) > asked.most_nodes:
            found.truncated = True
            continue
        found.claims[row.id] = None
        found.entities |= dict.fromkeys(new)
        reached |= dict.fromkeys(new)
    return reached
