"""What the data set says of itself: the release, and the ontology in its own words."""

from collections.abc import Iterable
from typing import Any, Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import Kind, Prop, Relation, Slot, Vocabulary
from graph.store import Release

Document = dict[str, Any]

_CONSTANTS: Final = (*(kind.constant for kind in ONTOLOGY.kinds), *(each.constant for each in ONTOLOGY.relations))

LICENCE: Final = {"data": "CC-BY-4.0", "code": "MIT"}


def dataset(release: Release) -> Document:
    """The answer to `dataset`, whose keys are the fields of its type."""
    return {
        "release": release.number,
        "builtAt": release.built,
        "digest": release.digest,
        "schemaVersion": release.schema,
        "licence": LICENCE,
        "citation": (
            f"Peacegraph: actors and relations in peace operations. Release {release.number} of {release.built[:10]}, "
            f"digest {release.digest[:12]}. Data licensed under {LICENCE['data']}."
        ),
        "counts": [{"kind": constant, "count": release.counts.get(constant, 0)} for constant in _CONSTANTS],
        "coverage": [dict(line) for line in release.coverage],
        **_ONTOLOGY,
    }


def _named(each: Kind | Relation) -> Document:
    return {"kind": each.constant, "name": each.name, "field": each.field, "description": each.doc}


def _properties(props: Iterable[Prop]) -> list[Document]:
    return [
        {
            "name": prop.name,
            "type": prop.type.name if isinstance(prop.type, Vocabulary) else prop.type,
            "list": prop.many,
            "description": prop.doc,
        }
        for prop in props
    ]


def _slots(slots: Iterable[Slot]) -> list[Document]:
    return [
        {
            "name": slot.name,
            "field": slot.field,
            "description": slot.doc,
            "kinds": [kind.constant for kind in ONTOLOGY.members(slot.kinds)],
            "takesClaims": slot.claims,
            "isEnd": slot.end,
            "least": slot.least,
            "most": slot.most,
            "connection": slot.back or None,
            "scheme": slot.scheme or None,
        }
        for slot in slots
    ]


def _relation(relation: Relation) -> Document:
    rules = [{"fact": fact, "codeAs": code, "notAs": other} for fact, code, other in relation.not_this_but]
    return _named(relation) | {
        "slots": _slots(relation.slots),
        "properties": _properties(relation.props),
        "identity": list(relation.identity),
        "symmetric": relation.symmetric,
        "rollsUp": relation.rolls_up,
        "notThisBut": rules,
    }


def _vocabulary(vocabulary: Vocabulary) -> Document:
    terms = [
        {"id": t.id, "name": t.name, "definition": t.definition, "rank": t.rank, "broader": t.broader}
        for t in vocabulary.terms
    ]
    named = {"name": vocabulary.name, "scheme": vocabulary.scheme, "description": vocabulary.doc}
    return named | {"terms": terms}


_ONTOLOGY: Final[Document] = {
    "kinds": [_named(kind) | {"family": kind.family, "properties": _properties(kind.props)} for kind in ONTOLOGY.kinds],
    "relations": [_relation(relation) for relation in ONTOLOGY.relations],
    "roles": _slots(ONTOLOGY.roles),
    "vocabularies": [_vocabulary(vocabulary) for vocabulary in ONTOLOGY.vocabularies.values()],
}
