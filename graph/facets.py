"""Facets: by what the claims of a connection may be counted, and what a choice of it means."""

from typing import Final

from graph.errors import BadFilter, BadPage
from graph.grammar import DISTINCT
from graph.ontology import ONTOLOGY
from graph.ontology.types import FACT, Prop, Relation, Slot, Vocabulary, constant
from graph.plan import Tally

MOST_VALUES: Final = 500
"""Values of one facet, as many as rows of a page."""
_COMMON: Final = tuple(slot for slot in ONTOLOGY.common_slots if slot.name in ("SOURCE", "ATTRIBUTED_TO"))
_KIND: Final = Prop("kind", "code", "The kind of claim.", counted=True)


def choices(relation: Relation | None) -> dict[str, Prop | Slot]:
    """By name in capitals what the claims of a relation may be counted by: properties marked for it, ends, roles and
    open vocabularies, sources and speakers. Of claims of all relations (None): what all of them have, and their
    kind."""
    own = (_KIND,) if relation is None else relation.props
    props = {constant(prop.name): prop for prop in (*own, *ONTOLOGY.common_props) if prop.counted}
    for name, prop in props.items():
        if not isinstance(prop.type, Vocabulary) and prop.type != "code":
            raise ValueError(f"{name} is counted, and engines order its values in different ways; count by codes alone")
    slots = {slot.name: slot for slot in (*(relation.slots if relation else ()), *_COMMON)}
    if both := props.keys() & slots.keys():
        raise ValueError(f"{', '.join(both)}: a property that is counted and a slot have one name; rename the property")
    return {**props, **slots}


def tally(relation: Relation | None, under: str | None, by: str, distinct: str, first: int) -> Tally:
    """What is counted of a connection of `relation` (None: of all) by a choice. `under`: the slot in which the parent
    stands; None at a root. Raises BadFilter, BadPage."""
    if not 1 <= first <= MOST_VALUES:
        raise BadPage(f"facets.first is {first}; 1 to {MOST_VALUES} pass")
    chosen = choices(relation)[by]
    ends = [end.name for end in relation.ends] if relation else []
    symmetric = under if relation and relation.symmetric else None
    return Tally(chosen.name, isinstance(chosen, Slot), _distinct(ends, under, symmetric, distinct), symmetric, first)


def _distinct(ends: list[str], under: str | None, symmetric: str | None, asked: str) -> str | None:
    """CLAIM → None; OTHER → the end in which the parent does not stand, of a symmetric relation the one it has."""
    if asked == "CLAIM":
        return None
    if asked == FACT or asked in ends:
        return asked
    other = symmetric or next((name for name in ends if under in ends and name != under), None)
    if asked == "OTHER" and other:
        return other
    known = [*(name for name in DISTINCT if name in ("CLAIM", FACT) or name in ends), *(["OTHER"] if other else [])]
    raise BadFilter(f"facets.distinct: {asked} is no end here; {', '.join(known)} would pass")
