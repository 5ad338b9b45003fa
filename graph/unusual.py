"""What is allowed and rarely right: said by a check, and no reason to refuse a load."""

from collections.abc import Iterator

from graph.claim import Claim, Locate
from graph.errors import Fault
from graph.faults import kind_of
from graph.ontology import ONTOLOGY
from graph.ontology.types import Ontology


def warnings(claim: Claim, locate: Locate, ontology: Ontology = ONTOLOGY) -> Iterator[Fault]:
    """The ends of a claim whose kinds the relation does not list among the usual pairs."""
    relation = ontology.relation[claim.relation]
    if not relation.usual:
        return
    kinds = [[kind_of(id) for id in claim.slots.get(slot.name, ())] for slot in relation.ends]
    pairs = {tuple(kinds[0])} if relation.symmetric else {(a, b) for a in kinds[0] for b in kinds[-1]}
    usual = {*relation.usual, *(pair[::-1] for pair in relation.usual if relation.symmetric)}
    for pair in sorted(pairs, key=str):
        if None in pair or len(pair) != 2:
            continue  # a claim stands there, or a fault has been said
        known = [{name, ontology.kind[name].family} for name in pair if name is not None]
        if not any(one in known[0] and other in known[1] for one, other in usual):
            reason = f"{pair[0]} and {pair[1]} are an unusual pair for {relation.constant}"
            listed = ", ".join(f"{one} and {other}" for one, other in relation.usual)
            passes = f"see whether another kind of claim is meant; usual are {listed}"
            yield Fault(*locate(claim, relation.ends[-1].field), relation.ends[-1].field, reason, passes)
