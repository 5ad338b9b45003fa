"""Curated files ↔ records. What a file may hold follows from the ontology, and its fields are called as in GraphQL.

Reading is about form: known fields, the right sort of value. Whether a value is right is for `graph.faults`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from graph.claim import Alias, Anchor, Citation, Claim, Doubt, During, Entity, Ordinal, PropValue, Record, Standing
from graph.errors import Fault
from graph.ontology import ONTOLOGY
from graph.ontology.types import Kind, Relation
from graph.spans import shown
from seed.form import Form, Shape, flag, instead, mapping, mappings, nodes, number, prop_shape, text, texts
from seed.tree import Node, Pairs, Scalar, Tree, parse

TERM: Final = ONTOLOGY.kind["Term"]
SCHEME: Final = "scheme"
"""The property of a Term that its id gives."""
SOURCE: Final = ONTOLOGY.kind["Source"]
UNKNOWN: Final = f"{SOURCE.name}:unknown"
"""Stands for the source of a file that does not say it; such a file is refused."""
TERM_ALIAS: Final = "DESCRIPTION"
"""A Term's `locator` becomes an alias of this kind under its own name: where the file's source has the term."""

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the line of each of its fields by path (`during.anchors[0].node`), and the paths that
    could not be read, whose faults have been said."""

    file: str
    line: int
    lines: Mapping[str, int]
    broken: frozenset[str]

    def said(self, path: str) -> bool:
        """Whether a field, what holds it, or something in it is broken, so that to say more of it would mislead."""
        return any(_holds(path, broken) or _holds(broken, path) for broken in self.broken)


def _holds(outer: str, inner: str) -> bool:
    return inner.startswith(outer) and inner[len(outer) : len(outer) + 1] in ("", ".", "[")


@dataclass(slots=True)
class Read:
    """Everything that was read of some files. `ids`: every id that they declare, also of records that could not be
    read; `whole`: no part of any file was lost."""

    entities: list[Entity] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    whole: bool = True
    # By identity: two records may be equal and stand in two places.
    _places: dict[int, Place] = field(default_factory=dict)

    def place(self, record: Record) -> Place:
        """Where a record of these files stands."""
        return self._places[id(record)]

    def locate(self, record: Record, path: str) -> tuple[str, int]:
        """File and line of a field of a record, or of what holds the field, or of the record."""
        place = self._places[id(record)]
        while path and path not in place.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return place.file, place.lines.get(path, place.line)

    def declare(self, id: str) -> None:
        """Notes an id that stands in a file; a record without one is lost to others."""
        if id:
            self.ids.add(id)
        else:
            self.whole = False

    def keep(self, record: Record, form: Form) -> None:
        """Takes in a record, and where it stands."""
        self._places[id(record)] = Place(form.file, form.line, form.lines, frozenset(form.broken))
        if isinstance(record, Entity):
            self.entities.append(record)
        else:
            self.claims.append(record)


def read(paths: Iterable[Path], names: Callable[[Path], str] = str) -> Read:
    """The records of curated files, and every fault of form; `names` says what faults call a file."""
    found = Read()
    for path in paths:
        take(found, parse(path, names(path)), names(path))
    return found


def take(found: Read, tree: Tree, name: str) -> None:
    """Adds the records of one file."""
    found.faults += tree.faults
    found.whole &= tree.whole
    if tree.root is None:
        return
    form = Form(name, tree.root.line, found.faults)
    top = form.fields(tree.root, "", _FILE, "a curated file", ("source",))
    slug = top.get("source")
    if slug and not _SLUG.fullmatch(slug):
        form.fault(
            "source", f"{shown(slug)} is not a slug", "write small letters, digits and hyphens, as in example-2020"
        )
    found.whole &= not form.broken
    source = f"{SOURCE.name}:{slug}" if slug and not form.broken else UNKNOWN
    for node in top.get("entities") or ():
        _entity(found, name, source, node)
    for node in top.get("claims") or ():
        _claim(found, name, source, node)


# ---- shapes ----

_FILE: Final[dict[str, Shape]] = {"source": text, "entities": nodes, "claims": nodes}

_ORDINAL: Final = mapping({"n": number, "among": text}, "an ordinal", ("n", "among"))
_DURING: Final[dict[str, Shape]] = {
    **dict.fromkeys(("on", "start", "end", "duration"), text),
    "anchors": mappings("an anchor", "how node"),
}


def _during(form: Form, node: Node, path: str) -> During:
    found = form.fields(node, path, _DURING, "during")
    anchors = tuple(Anchor(**anchor) for anchor in found.pop("anchors", ()))
    return During(**found, anchors=anchors)


# ---- entities ----

_ENTITY: Final[dict[str, Shape]] = {
    "id": text,
    "name": text,
    "named": flag,
    "aliases": mappings("an alias", "name kind locator", "language source"),
    "identifiers": mappings("an identifier", "scheme value"),
    "description": text,
    "mergedFrom": texts,
}


def _entity_shapes(kind: Kind) -> dict[str, Shape]:
    own = {prop.name: prop_shape(prop) for prop in kind.props}
    if kind is TERM:
        # The id gives the scheme; the locator is where the file's source has the term.
        return _ENTITY | {name: shape for name, shape in own.items() if name != SCHEME} | {"locator": text}
    return _ENTITY | own


_ENTITY_SHAPES: Final = {kind.name: _entity_shapes(kind) for kind in ONTOLOGY.kinds}
_ANY_ENTITY: Final = {name: shape for shapes in _ENTITY_SHAPES.values() for name, shape in shapes.items()}


def _entity(found: Read, file: str, source: str, node: Node) -> None:
    form = Form(file, node.line, found.faults)
    id = _peek(node, "id")
    found.declare(id)
    name = id.partition(":")[0]
    if name not in _ENTITY_SHAPES:
        form.fields(node, "", _ANY_ENTITY, "an entity", ("id", "name"))
        if id:
            near = get_close_matches(name, _ENTITY_SHAPES, n=1) or _ENTITY_SHAPES
            reason = f"{shown(id)} does not begin with a kind of entity"
            form.fault("id", reason, f"write Kind:slug, the kind one of {', '.join(near)}")
        return
    kind = ONTOLOGY.kind[name]
    given = form.fields(node, "", _ENTITY_SHAPES[name], kind.constant, ("id", "name"))
    aliases = [Alias(**({"source": source} | alias)) for alias in given.get("aliases") or ()]
    props: dict[str, PropValue] = {p.name: given[p.name] for p in kind.props if given.get(p.name) is not None}
    if kind is TERM:
        props = {SCHEME: id.partition(":")[2].partition("/")[0]} | props
        if given.get("locator"):
            form.lines[f"aliases[{len(aliases)}]"] = form.lines["locator"]
            aliases.append(Alias(given.get("name") or "", TERM_ALIAS, source, given["locator"]))
    entity = Entity(
        id=id,
        kind=kind.name,
        name=given.get("name") or "",
        named=given.get("named") is not False,
        aliases=tuple(aliases),
        identifiers=tuple((each["scheme"], each["value"]) for each in given.get("identifiers") or ()),
        description=given.get("description"),
        props=props,
        merged_from=given.get("mergedFrom") or (),
    )
    found.keep(entity, form)


def _peek(node: Node, key: str) -> str:
    """The text of a field, before its form is looked at; "" where it has none."""
    value = node.pairs[key][1] if isinstance(node, Pairs) and key in node.pairs else None
    return value.text.strip() if isinstance(value, Scalar) and value.type == "str" else ""


# ---- claims ----

_STANDING: Final = tuple(prop.name for prop in ONTOLOGY.common_props if prop.name in Standing.__slots__)
_TYPED_ELSEWHERE: Final = ("SOURCE", "ANCHOR")  # slots that citations and during hold
_CLAIM: Final[dict[str, Shape]] = {
    "id": text,
    "kind": text,
    **{slot.field: texts for slot in ONTOLOGY.common_slots if slot.name not in _TYPED_ELSEWHERE},
    **dict.fromkeys(_STANDING, text),
    "during": _during,
    "involves": mappings("an involvement", "role node"),
    "citations": mappings("a citation", "locator", "source"),
    "doubts": mappings("a doubt", "field basis how"),
    "wording": mappings("a wording", "field text"),
    "unstated": texts,
    "ordinal": _ORDINAL,
    "statement": text,
    "note": text,
    "sameFactAs": texts,
    "apartFrom": texts,
}


def _claim_shapes(relation: Relation) -> dict[str, Shape]:
    slots: dict[str, Shape] = {slot.field: texts if slot.many else text for slot in relation.slots}
    return _CLAIM | slots | {prop.name: prop_shape(prop) for prop in relation.props}


_CLAIM_SHAPES: Final = {relation.constant: _claim_shapes(relation) for relation in ONTOLOGY.relations}
_ANY_CLAIM: Final = {name: shape for shapes in _CLAIM_SHAPES.values() for name, shape in shapes.items()}


def _claim(found: Read, file: str, source: str, node: Node) -> None:
    form = Form(file, node.line, found.faults)
    id, name = _peek(node, "id"), _peek(node, "kind")
    if id or not isinstance(node, Pairs) or "id" in node.pairs:  # nobody names a claim that has no number yet
        found.declare(id)
    given = form.fields(node, "", _CLAIM_SHAPES.get(name, _ANY_CLAIM), name or "a claim", ("kind",))
    slug = source.partition(":")[2]
    if isinstance(node, Pairs) and "id" not in node.pairs:
        form.fault("id", "the claim has no number", f"run `peacegraph check --number {file}`")
    elif id and source != UNKNOWN and id.partition("/")[0] != slug:
        form.fault("id", f"{shown(id)} is not of {slug}, the source of this file", f"write {slug}/ and the number")
    if name not in _CLAIM_SHAPES:
        if name:
            form.fault("kind", f"{shown(name)} is not a kind of claim", instead(name, _CLAIM_SHAPES))
        return
    relation = ONTOLOGY.relation[name]
    claim = Claim(
        id=id,
        relation=relation.name,
        slots=_slots(form, relation, given),
        citations=tuple(Citation(**({"source": source} | each)) for each in given.get("citations") or ()),
        statement=given.get("statement") or "",
        props={prop.name: given[prop.name] for prop in relation.props if given.get(prop.name) is not None},
        during=given.get("during") or During(),
        standing=Standing(**{name: given[name] for name in _STANDING if given.get(name) is not None}),
        doubts=tuple(Doubt(**each) for each in given.get("doubts") or ()),
        wording=tuple((each["field"], each["text"]) for each in given.get("wording") or ()),
        unstated=given.get("unstated") or (),
        ordinal=Ordinal(**given["ordinal"]) if given.get("ordinal") else None,
        note=given.get("note"),
        same_fact_as=given.get("sameFactAs") or (),
        apart_from=given.get("apartFrom") or (),
    )
    found.keep(claim, form)


def _slots(form: Form, relation: Relation, given: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The fillers of each slot: from its own field, or from `involves` where the relation does not list the role."""
    slots: dict[str, tuple[str, ...]] = {}
    for slot in (*relation.slots, *ONTOLOGY.common_slots):
        value = given.get(slot.field)
        if value and slot.name not in _TYPED_ELSEWHERE:
            slots[slot.name] = value if isinstance(value, tuple) else (value,)
    listed = {slot.name: slot.field for slot in relation.slots}
    roles = [role.name for role in ONTOLOGY.roles]
    for place, each in enumerate(given.get("involves") or ()):
        role, at = each["role"], f"involves[{place}]"
        if role in listed:
            form.fault(f"{at}.role", f"{role} has a field of its own here", f"write {listed[role]}: [{each['node']}]")
        elif role not in roles:
            form.fault(f"{at}.role", f"{shown(role)} is not a role", instead(role, roles))
        else:
            form.lines[f"involves.{role}[{len(slots.get(role, ()))}]"] = form.lines[at]
            slots[role] = (*slots.get(role, ()), each["node"])
    return slots
