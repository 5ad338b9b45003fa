"""What is allowed and rarely right: said by a check, and no reason to refuse a load."""

from collections.abc import Iterator

from graph.claim import Claim, Locate
from graph.errors import Fault
from graph.faults import kind_of
from graph.ontology import ONTOLOGY
from graph.ontology.types import TERM, Ontology, Relation


def warnings(claim: Claim, locate: Locate, ontology: Ontology = ONTOLOGY) -> Iterator[Fault]:
    """Ends whose kinds the relation does not list among the usual pairs, and terms that are for another slot."""
    relation = ontology.relation[claim.relation]
    yield from _terms(claim, locate, relation, ontology)
    if relation.usual_pairs:
        yield from _pairs(claim, locate, relation, ontology)


def _terms(claim: Claim, locate: Locate, relation: Relation, ontology: Ontology) -> Iterator[Fault]:
    """Terms of a scheme that is some slot's own, where any scheme may stand."""
    own = {slot.scheme: (other, slot) for other in ontology.relations for slot in other.slots if slot.scheme}
    for slot in relation.slots:
        if slot.kinds != (TERM,) or slot.scheme:
            continue
        for id in claim.slots.get(slot.name, ()):
            scheme = id.partition(":")[2].partition("/")[0]
            if scheme in own:
                other, at = own[scheme]
                reason = f"{id} is of the scheme of {other.constant}, {at.field}"
                yield Fault(*locate(claim, slot.field), slot.field, reason, "see whether another term is meant")


def _pairs(claim: Claim, locate: Locate, relation: Relation, ontology: Ontology) -> Iterator[Fault]:
    kinds = [[kind_of(id) for id in claim.slots.get(slot.name, ())] for slot in relation.ends]
    pairs = {tuple(kinds[0])} if relation.symmetric else {(a, b) for a in kinds[0] for b in kinds[-1]}
    usual = {*relation.usual, *(pair[::-1] for pair in relation.usual if relation.symmetric)}
    for pair in sorted(pairs, key=str):
        if None in pair or len(pair) != 2 or (relation.alike and pair[0] == pair[1]):
            continue  # a claim stands there, a fault has been said, or all is well
        known = [{name, ontology.kind[name].family} for name in pair if name is not None]
        if not any(one in known[0] and other in known[1] for one, other in usual):
            reason = f"{pair[0]} and {pair[1]} are an unusual pair for {relation.constant}"
            passes = f"see whether another kind of claim is meant; usual are {relation.usual_pairs}"
            yield Fault(*locate(claim, relation.ends[-1].field), relation.ends[-1].field, reason, passes)
