"""The enums and scalars that the API publishes, each value with its meaning. Enum values equal their names."""

from enum import Enum
from typing import Any, Final, NewType

import strawberry
from graphql import GraphQLError

from graph.alike import Naming, Reason
from graph.facets import choices
from graph.filters import VIA
from graph.grammar import DISTINCT
from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM
from graph.plan import Order
from graph.resolve import Verdict

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


_REASON_DOCS: Final = {
    Reason.EXACT: "The name itself, but for case, accents and spacing. Score 1 for the display name, 0.95 for another "
    "name in use, 0.9 for a former name, 0.85 for an acronym or a description.",
    Reason.WORDS: "The same words in another order, or with particles and punctuation written otherwise. Score 0.8.",
    Reason.PART: "Some words of the name. Score 0.61 to 0.79, by how many of them.",
    Reason.FAMILY_NAME: "The family name alone. Score 0.6.",
    Reason.INITIALS: "Initials, which stand for the name or for words of it. Score 0.55.",
    Reason.ONE_WORD: "One word of a person's name, and not the last. Score 0.54.",
    Reason.LONGER: "The whole name of a person, with more words between or before. Score 0.52.",
    Reason.SPELLING: "The name, or words of it, with a slip in a word. Score 0.31 to 0.5, by how much was met.",
    Reason.DESCRIPTION: "Words of the description, or of names and description together. Score 0.25 to 0.3.",
    Reason.STATEMENT: "Words of the statement. Score 0.15 to 0.2.",
    Reason.RENAMED: "A claim says that it followed what bears the name, or went before it. 0.8 of the score of that; "
    "0.95 where by that claim only this one was in the year that was asked for.",
}
_NAMING_DOCS: Final = {
    Naming.SAME: "It is called so.",
    Naming.FORMER_NAME: "It was called so.",
    Naming.ACRONYM: "It is abbreviated so.",
    Naming.DESCRIPTION: "A source that was chosen describes it so.",
    Naming.SUCCESSOR: "It followed what bears the name.",
    Naming.PREDECESSOR: "What bears the name followed it.",
    Naming.POSSIBLY: "It may be meant.",
}
_VERDICT_DOCS: Final = {
    Verdict.ONE: "One bears the name, and no other does or has it for a family name.",
    Verdict.SEVERAL: "Several bear the name, or have it for a family name.",
    Verdict.POSSIBLE: "None bears the name; some may be meant.",
    Verdict.NONE: "Nothing was found.",
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
        "MatchReason": (
            "Why something was found, the strongest first. For each title or year left aside 0.01 is taken off.",
            {reason.value: doc for reason, doc in _REASON_DOCS.items()},
        ),
        "Naming": ("What a node is to a name.", {naming.value: doc for naming, doc in _NAMING_DOCS.items()}),
        "NameVerdict": (
            "What came of a name. Only ONE needs no second look.",
            {verdict.value: doc for verdict, doc in _VERDICT_DOCS.items()},
        ),
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
