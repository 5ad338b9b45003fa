"""The enums and scalars that the API publishes, each value with its meaning. Enum values equal their names."""

from enum import Enum
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError

from graph.facets import choices
from graph.filters import VIA
from graph.grammar import DISTINCT
from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM
from graph.plan import Order

EDTF = NewType("EDTF", str)
Date = NewType("Date", str)


def _text(name: str) -> Any:
    """Reads the string of a scalar; what it says is judged where the field is known, so that a message can name it."""

    def parse(value: object) -> str:
        if not isinstance(value, str):
            raise GraphQLError(f"{name} is written as a string; {value!r} is none.")
        return value

    return parse


SCALARS: Final[dict[str, Any]] = {
    "String": str,
    "Int": int,
    "Float": float,
    "Boolean": bool,
    "ID": strawberry.ID,
    "EDTF": EDTF,
    "Date": Date,
}

SCALAR_MAP: Final[dict[object, Any]] = {
    EDTF: strawberry.scalar(
        name="EDTF",
        description=(
            "A date as its source gives it, in the Extended Date/Time Format of ISO 8601-2: `1956-11-04`, `1956`, "
            "`1957-37~` (early 1957, approximately), `195X`. In a question also an interval, `1956/1958`."
        ),
        specified_by_url="https://www.loc.gov/standards/datetime/",
        serialize=str,
        parse_value=_text("EDTF"),
    ),
    Date: strawberry.scalar(
        name="Date",
        description="A day in the proleptic Gregorian calendar, `1956-11-04`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        serialize=str,
        parse_value=_text("Date"),
    ),
}

_DISTINCT_DOCS: Final = {
    "CLAIM": "Each claim counts.",
    "FACT": "Each fact counts once, however many claims tell it.",
    "FROM": "Each node at the `from` end counts once.",
    "TO": "Each node at the `to` end counts once.",
    "OTHER": "Each node at the end that is not the parent counts once.",
}
_ORDER_DOCS: Final = {
    Order.NAME_ASC: "By name, A to Z, then by id.",
    Order.NAME_DESC: "By name, Z to A, then by id.",
    Order.START_ASC: "By time, earliest first, undated claims last, then by id.",
    Order.START_DESC: "By time, latest first, undated claims last, then by id.",
}


def _orders(word: str) -> dict[str, str]:
    return {order.value: doc for order, doc in _ORDER_DOCS.items() if order.value.startswith(word)}


def _values() -> dict[str, tuple[str, dict[str, str]]]:
    """Every enum: its description, and that of each value."""
    kinds = {kind.constant: kind.doc for kind in ONTOLOGY.kinds}
    relations = {relation.constant: relation.doc for relation in ONTOLOGY.relations}
    if kinds.keys() & relations.keys():
        raise ValueError("a kind of entity and a kind of claim share one value of the enum Kind; rename one")
    fixed = {
        "Kind": ("Every kind of entity and every kind of claim.", kinds | relations),
        "Role": ("What a node is to a claim of which it is no end.", {role.name: role.doc for role in ONTOLOGY.roles}),
        "Distinct": ("What a count tells apart.", {value: _DISTINCT_DOCS[value] for value in DISTINCT}),
        "Via": (
            "The relations that a roll-up may follow, from part to whole.",
            {name: ONTOLOGY.relation[name].doc for name in VIA},
        ),
        "EntityOrder": ("The order of entities.", _orders("NAME")),
        "ClaimOrder": ("The order of claims.", _orders("START")),
        "Direction": (
            "How a network is walked along directed claims.",
            {
                "OUT": "From the first end to the second.",
                "IN": "From the second end to the first.",
                "BOTH": "Either way.",
            },
        ),
    }
    vocabularies = {
        vocabulary.name: (vocabulary.doc, {term.name: term.definition for term in vocabulary.terms})
        for vocabulary in ONTOLOGY.vocabularies.values()
    }
    for relation in (None, *ONTOLOGY.relations):
        name = relation.name if relation else CLAIM
        docs = {value: chosen.doc for value, chosen in choices(relation).items()}
        fixed[f"{name}Facet"] = f"By what claims of the type {name} are counted.", docs
    for name in fixed.keys() & vocabularies.keys():
        raise ValueError(f"the vocabulary {name} has the name of an enum of the API's own; rename it")
    return fixed | vocabularies


def _enum(name: str, doc: str, values: dict[str, str]) -> type[Enum]:
    members = {value: strawberry.enum_value(value, description=text) for value, text in values.items()}
    # Strawberry reads the members' definitions from the class, so mypy cannot know what it is made of.
    made: Any = Enum(name, members)  # type: ignore[misc]
    published: type[Enum] = strawberry.enum(made, name=name, description=doc)
    return published


TYPENAMES: Final = {
    **{kind.constant: kind.name for kind in ONTOLOGY.kinds},
    **{relation.constant: relation.name for relation in ONTOLOGY.relations},
}
"""The GraphQL type of a document, by its `kind`."""

ENUMS: Final[dict[str, type[Enum]]] = {name: _enum(name, doc, values) for name, (doc, values) in _values().items()}
