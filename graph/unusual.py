"""What is allowed and rarely right: said by a check, and no reason to refuse a load."""

from collections.abc import Iterator
from itertools import chain

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
    """Terms that are another slot's or a property's own, where those of any scheme may stand."""
    for slot in relation.slots:
        if slot.kinds == (TERM,) and not slot.scheme:
            for id in claim.slots.get(slot.name, ()):
                if owner := _owner(id.partition(":")[2].partition("/")[0], ontology):
                    reason = f"{id} is of the scheme of {owner}"
                    yield Fault(*locate(claim, slot.field), slot.field, reason, "see whether another term is meant")


def _owner(scheme: str, ontology: Ontology) -> str | None:
    """Whose terms those of a scheme are: a slot's, or the values of a closed vocabulary; None where they are free."""
    slots = (
        f"{each.constant}, {slot.field}" for each in ontology.relations for slot in each.slots if slot.scheme == scheme
    )
    closed = (each.name for each in ontology.vocabularies.values() if each.scheme == scheme)
    return next(chain(slots, closed), None)


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
