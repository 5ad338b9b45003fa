"""The input types: those of the filter grammar, and the reading."""

from typing import Final

from graph.grammar import INPUTS, Field, Input
from graph.ontology import ONTOLOGY
from graph.ontology.types import Prop, Vocabulary
from graph.reading import Reading

_DEFAULT: Final = Reading()
STANDING: Final = tuple(prop for prop in ONTOLOGY.common_props if hasattr(_DEFAULT, prop.name))
"""What a claim carries beside its content by which a reading chooses."""


def _standing(prop: Prop) -> Field:
    assert isinstance(prop.type, Vocabulary), "a reading chooses among the values of closed vocabularies"
    default = list(getattr(_DEFAULT, prop.name))
    return Field(prop.name, prop.type.name, f"{prop.doc} A list replaces the default.", many=True, default=default)


READING: Final = Input(
    "Reading",
    "Which claims take part in the answer: everything nested inherits it. What is asked by id is answered always.",
    {
        field.name: field
        for field in (
            Field("sources", "ID", "Only what one of these sources says; all, if left out.", many=True),
            Field("release", "Int", "What the graph said in this release; the current one, if left out."),
            Field("asOf", "When", "Only claims that hold then."),
            Field("match", "Match", "The least that a dated question lets in.", default=_DEFAULT.match.name),
            *map(_standing, STANDING),
        )
    },
)

PUBLISHED: Final[dict[str, Input]] = {READING.name: READING, **INPUTS}
