"""The JSON Schema of a curated file, made from the ontology: what an editor completes, explains and underlines.

It says what each kind of entity and claim may hold, in which form. What needs more than one place of a file (ids that
dangle, dates that contradict each other, locators) is for `peacegraph check` alone."""

import json
from collections.abc import Iterable
from typing import Any, Final

from graph.faults import NAME_LIMIT, STATEMENT_LIMIT, TEXT_LIMIT, known_fields
from graph.ontology import ONTOLOGY
from graph.ontology.types import Kind, Ontology, Prop, Relation, Slot, Vocabulary
from seed.files import SCHEME, TERM

Schema = dict[str, Any]

_SLUG: Final = "[a-z0-9]+(-[a-z0-9]+)*"
_CLAIM_ID: Final = f"{_SLUG}/[1-9][0-9]{{0,6}}"
_TEXT: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": TEXT_LIMIT}
_NAME: Final[Schema] = {"type": "string", "minLength": 1, "maxLength": NAME_LIMIT}
_DATE: Final[Schema] = {"type": "string", "pattern": r"^(\.\.|[0-9X]{4}(-[0-9X]{2}){0,2}[~?%]?)$"}


def text(ontology: Ontology = ONTOLOGY) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema(ontology), indent=2, ensure_ascii=False) + "\n"


def schema(ontology: Ontology = ONTOLOGY) -> Schema:
    """The schema (draft 2020-12). Records are told apart by `kind`, or by what their `id` begins with."""
    kinds, relations = ontology.kinds, ontology.relations
    entity = _fields({"id": _id(ontology, kinds, claims=False)}, needed=("id", "name"), closed=False)
    claim = _fields({"kind": {"enum": [each.constant for each in relations]}}, needed=("kind",), closed=False)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A curated file of Peacegraph",
        "description": "What one source says: the entities that it speaks of, and claims. docs/coding.md explains.",
        **_fields(
            {
                "source": {"type": "string", "pattern": f"^{_SLUG}$", "description": "The slug of the file's source."},
                "entities": _list(entity | {"allOf": [_if("id", {"pattern": f"^{k.name}:"}, k.name) for k in kinds]}),
                "claims": _list(claim | {"allOf": [_if("kind", {"const": r.constant}, r.constant) for r in relations]}),
            },
            needed=("source",),
        ),
        "$defs": {kind.name: _entity(kind, ontology) for kind in kinds}
        | {relation.constant: _claim(relation, ontology) for relation in relations}
        | {f"{each.constant}-fields": {"enum": list(known_fields(each))} for each in relations}
        | {name: _vocabulary(each) for name, each in ontology.vocabularies.items()}
        | _shared(ontology),
    }


def _shared(ontology: Ontology) -> Schema:
    """What many records hold alike, under names that are no kind's."""
    source = _id(ontology, [ontology.kind["Source"]], claims=False)
    alias: Schema = {
        "name": _NAME,
        "kind": _ref("AliasKind"),
        "locator": _NAME,
        "language": {"type": "string", "description": "A BCP 47 tag: fr, ar, zh-Hans."},
        "source": source | {"description": "Another source than the file's."},
    }
    return {
        "anyEntity": _id(ontology, ontology.kinds, claims=False),
        "anyNode": _id(ontology, ontology.kinds, claims=True),
        "aliases": _list(_fields(alias, ("name", "kind", "locator")))
        | {"description": "What sources print otherwise."},
        "citations": _list(_fields({"locator": _NAME, "source": source}, ("locator",)), minItems=1)
        | {"description": "Where it stands: a heading, and the note."},
        "during": _during(),
        "ordinal": _fields({"n": {"type": "integer", "minimum": -1}, "among": _TEXT}, ("n", "among"))
        | {"description": "The n-th among what; -1 is the last."},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _if(field: str, holds: Schema, then: str) -> Schema:
    return {"if": {"properties": {field: holds}, "required": [field]}, "then": _ref(then)}


def _fields(fields: Schema, needed: Iterable[str] = (), *, closed: bool = True) -> Schema:
    found: Schema = {"type": "object", "properties": fields, "required": list(needed)}
    return found | {"additionalProperties": False} if closed else found


def _list(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def _vocabulary(vocabulary: Vocabulary) -> Schema:
    meanings = "\n".join(f"{term.name}: {term.definition}" for term in vocabulary.terms)
    return {"enum": list(vocabulary.values), "description": f"{vocabulary.doc}\n{meanings}"}


def _id(ontology: Ontology, kinds: Iterable[Kind], *, claims: bool, scheme: str = "") -> Schema:
    names = [kind.name for kind in kinds]
    terms = [TERM.name] if TERM.name in names else []
    plain = [name for name in names if name not in terms]
    forms = [f"({'|'.join(plain)}):{_SLUG}"] if plain else []
    forms += [f"{name}:{scheme or _SLUG}/{_SLUG}" for name in terms]
    forms += [_CLAIM_ID] if claims else []
    return {"type": "string", "pattern": f"^({'|'.join(forms)})$"}


def _prop(prop: Prop, ontology: Ontology) -> Schema:
    value: Schema
    if isinstance(prop.type, Vocabulary):
        value = _ref(prop.type.name)
    elif prop.name == "relation":  # as `graph.faults` reads it: the kind of claim that a claim is about
        value = {"enum": [each.constant for each in ontology.relations]}
    else:
        of_type = {
            "number": {"type": "integer"},
            "decimal": {"type": "number"},
            "flag": {"type": "boolean"},
            "date": _DATE,
        }
        value = of_type.get(prop.type, _TEXT)
    return (_list(value, uniqueItems=True) if prop.many else value) | {"description": prop.doc}


# ---- entities ----


def _entity(kind: Kind, ontology: Ontology) -> Schema:
    own = {prop.name: _prop(prop, ontology) for prop in kind.props if kind is not TERM or prop.name != SCHEME}
    if kind is TERM:
        own["locator"] = _NAME | {"description": "Where the file's source has the term."}
    fields: Schema = {
        "id": _id(ontology, [kind], claims=False),
        "name": _NAME | {"description": "The fullest form that any source prints."},
        "named": {"type": "boolean", "description": "false for somebody or something whom sources leave unnamed."},
        "aliases": _ref("aliases"),
        "identifiers": _list(_fields({"scheme": _NAME, "value": _NAME}, ("scheme", "value")))
        | {"description": "In other lists: ISO 3166, COW, Wikidata."},
        "description": _TEXT | {"description": "In our own words."},
        "mergedFrom": _list(_ref("anyEntity")) | {"description": "Ids that now mean this."},
    }
    return _fields(fields | own, ("id", "name")) | {"title": kind.name, "description": kind.doc}


# ---- claims ----


def _claim(relation: Relation, ontology: Ontology) -> Schema:
    known = _ref(f"{relation.constant}-fields")
    free = [role.name for role in ontology.roles if role not in relation.slots]
    common = {slot.name: slot for slot in ontology.common_slots}
    doubt: Schema = {"field": known, "basis": _ref("DoubtBasis"), "how": _TEXT}
    involved: Schema = {"role": {"enum": free}, "node": _ref("anyNode")}
    slots = [*relation.slots, *(common[name] for name in ("ATTRIBUTED_TO", "CONFLICTS_WITH"))]
    fields: Schema = {
        "id": {"type": "string", "pattern": f"^{_CLAIM_ID}$", "description": "Given by `peacegraph check --number`."},
        "kind": {"const": relation.constant, "description": _meaning(relation)},
        **{slot.field: _slot(slot, ontology) for slot in slots},
        **{prop.name: _prop(prop, ontology) for prop in relation.props},
        "during": _ref("during"),
        **{prop.name: _prop(prop, ontology) for prop in ontology.common_props if prop.name != "statement"},
        "involves": _list(_fields(involved, ("role", "node"))) | {"description": "What takes part by other roles."},
        "citations": _ref("citations"),
        "doubts": _list(_fields(doubt, ("field", "basis", "how"))) | {"description": "Fields less than explicit."},
        "wording": _list(_fields({"field": known, "text": _NAME}, ("field", "text")))
        | {"description": "The source's own words for a field."},
        "unstated": _list(known, uniqueItems=True) | {"description": "Fields on which the source is silent."},
        "ordinal": _ref("ordinal"),
        "statement": _TEXT | {"maxLength": STATEMENT_LIMIT, "description": "One sentence of our own."},
        "note": _TEXT | {"description": "For coders; stays in the file."},
    }
    needed = [slot.field for slot in relation.slots if slot.least]
    found = _fields(fields, ("kind", *needed, "citations", "statement"))
    return found | {"title": relation.name, "description": _meaning(relation)}


def _meaning(relation: Relation) -> str:
    rules = (f"{fact}: {code}; not {other}." for fact, code, other in relation.not_this_but)
    return "\n".join((relation.doc, *rules))


def _slot(slot: Slot, ontology: Ontology) -> Schema:
    every = len(ontology.members(slot.kinds)) == len(ontology.kinds)
    one = _id(ontology, ontology.members(slot.kinds), claims=slot.claims, scheme=slot.scheme)
    if every and not slot.scheme:
        one = _ref("anyNode" if slot.claims else "anyEntity")
    if not slot.many:
        return one | {"description": slot.doc}
    bounds = {"minItems": slot.least} | ({"maxItems": slot.most} if slot.most else {})
    return _list(one, **bounds, uniqueItems=not slot.end) | {"description": slot.doc}


def _during() -> Schema:
    anchor = _fields({"how": _ref("AnchorHow"), "node": _ref("anyNode")}, ("how", "node"))
    fields: Schema = {
        "on": _DATE | {"description": "One moment, in EDTF and in quotes: both start and end."},
        "start": _DATE | {"description": "In EDTF and in quotes; `..` is open, nothing is unknown."},
        "end": _DATE | {"description": "In EDTF and in quotes; `..` is open, nothing is unknown."},
        "duration": {"type": "string", "pattern": "^P", "description": "As P2Y6M."},
        "anchors": _list(anchor, uniqueItems=True) | {"description": "What the claim is placed in time by."},
    }
    return _fields(fields) | {"description": "When, as the source says it."}
