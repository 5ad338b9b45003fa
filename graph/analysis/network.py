"""Networks of actors: the subgraph around some nodes."""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, ENDS, ROLES, Relation, Slot, is_claim_id
from graph.plan import Answer, Ids, Level, Neighbourhood, Of, Order, Row
from graph.predicate import ALWAYS, In, Predicate, conjunction
from graph.reading import Reading, lowered

EDGES: Final = tuple(relation for relation in ONTOLOGY.relations if relation.directed or relation.symmetric)
"""The relations that tie two nodes; a claim about one node or a list (Coverage) is no edge of a network."""
_READ: Final = 20_000
"""Claims read in one step, all nodes of the frontier together."""


_PORTION: Final = 1_000
"""Claims of a step of which is read at a time what they tie, since a full network takes in no more."""


@dataclass(slots=True)
class Found:
    """Ids in the order in which they were reached, and whether a bound cut the search short."""

    entities: dict[str, None] = field(default_factory=dict)
    claims: dict[str, None] = field(default_factory=dict)
    truncated: bool = False


def neighbourhood(
    asked: Neighbourhood, ids: Sequence[str], reading: Reading
) -> Generator[list[Level], Sequence[Answer], Found]:
    """Breadth first from `ids`. A claim is in when all nodes that it ties are; nodes and claims come in by time within
    a step, so that a cut network is the same at every asking. A step first reads which claims there are, then what the
    new ones tie, in portions, until the network is full."""
    found = Found(dict.fromkeys(id for id in ids if not is_claim_id(id)))
    frontier = tuple(found.entities)
    ties = _ties(asked.roles)
    for _ in range(asked.depth):
        if not frontier:
            break
        answers = yield list(_levels(asked, frontier, lowered(ALWAYS, reading, "claim")))
        met = [page for answer in answers for page in answer.pages.values()]
        found.truncated |= any(page.more for page in met)
        keys = {row.key: row.id for page in met for row in page.rows if row.id not in found.claims}
        new = [keys[key] for key in sorted(keys)]
        before = len(found.entities)
        for start in range(0, len(new), _PORTION):
            if len(found.claims) >= asked.most_edges:
                found.truncated = True
                break
            portion = Ids(tuple(new[start : start + _PORTION]))
            (answer,) = yield [Level("claim", portion, order=Order.START_ASC, fill=ties, skeleton=True)]
            for page in answer.pages.values():
                for row in page.rows:
                    _take(asked, row, found)
        frontier = tuple(found.entities)[before:]
    return found


def _take(asked: Neighbourhood, row: Row, found: Found) -> None:
    """Takes a claim in with the nodes that it ties, if the bounds allow."""
    tied = (id for ids in row.slots.values() for id in ids)
    new = dict.fromkeys(id for id in tied if id not in found.entities and not is_claim_id(id))
    if len(found.claims) >= asked.most_edges or len(found.entities) + len(new) > asked.most_nodes:
        found.truncated = True
        return
    found.claims[row.id] = None
    found.entities |= new


def _levels(asked: Neighbourhood, frontier: tuple[str, ...], part: Predicate) -> Iterable[Level]:
    limit = max(1, min(asked.most_edges + 1, _READ // len(frontier)))
    for relation, slot in _starts(asked):
        if relation is None:
            where = conjunction((part, In("kind", tuple(r.constant for r in _chosen(asked)))))
            start = Of(frontier, ALL, slot)
        else:
            where, start = part, Of(frontier, relation.name, slot)
        yield Level("claim", start, where, Order.START_ASC, limit=limit, skeleton=True)


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


def _ties(roles: bool) -> tuple[str, ...]:
    """The slots whose fillers a claim ties together."""
    ends = [slot.name for each in EDGES for slot in each.ends]
    return tuple(dict.fromkeys((*ends, *(role.name for role in ONTOLOGY.roles if roles))))
