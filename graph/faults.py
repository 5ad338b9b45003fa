"""What is wrong with one record, held against the ontology: values, kinds, counts, dates, and what contradicts
itself.

What shows only beside other records (ids that stand twice, that dangle, that go in circles) is for `graph.whole`."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import partial
from math import isfinite
from typing import Final

from graph.claim import Claim, During, Entity, Locate, PropValue, Record
from graph.dates import bounds
from graph.derive import own_time
from graph.errors import BadDate, Fault
from graph.ontology import ONTOLOGY
from graph.ontology.types import Prop, Relation, Slot, Vocabulary, constant, is_claim_id
from graph.spans import shown, span
from graph.wording import finer

Found = Iterator[tuple[str, str, str]]
"""(field, reason, what would pass)."""

STATEMENT_LIMIT: Final = 400
NAME_LIMIT: Final = 300
TEXT_LIMIT: Final = 2_000
"""Characters: of a claim's one sentence; of a name, a locator or a wording; of any other text. The longest statement
of the first two papers has 344."""

_ENTITY_ID: Final = re.compile(r"([A-Za-z]+):([a-z0-9]+(?:-[a-z0-9]+)*)(?:/([a-z0-9]+(?:-[a-z0-9]+)*))?")
_CLAIM_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[1-9][0-9]{0,6}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_UNASSIGNED: Final = "UNASSIGNED"
_CLOSED: Final = {vocabulary.scheme for vocabulary in ONTOLOGY.vocabularies.values()}


def faults(record: Record, locate: Locate) -> Iterator[Fault]:
    """Every fault of one record that shows without any other."""
    found = _entity(record) if isinstance(record, Entity) else _claim(record)
    for field, reason, passes in found:
        yield Fault(*locate(record, field), field, reason, passes)


def kind_of(id: str) -> str | None:
    """The name of the kind of entity that an id begins with; None where there is none, or the id is a claim's."""
    name = id.partition(":")[0]
    return name if not is_claim_id(id) and name in ONTOLOGY.kind and ONTOLOGY.kind[name].name == name else None


# ---- entities ----


def _entity(entity: Entity) -> Found:
    yield from _entity_id("id", entity.id)
    yield from _long("name", entity.name, NAME_LIMIT)
    yield from _unnamed(entity)
    for i, alias in enumerate(entity.aliases):
        yield from _long(f"aliases[{i}].name", alias.name, NAME_LIMIT)
        yield from _long(f"aliases[{i}].locator", alias.locator, NAME_LIMIT)
        yield from _value(f"aliases[{i}].kind", alias.kind, ONTOLOGY.vocabularies["AliasKind"])
        yield from _filler(f"aliases[{i}].source", alias.source, _SOURCE_SLOT)
        if alias.language is not None and not _LANGUAGE.fullmatch(alias.language):
            yield f"aliases[{i}].language", f"{shown(alias.language)} is not a language tag", "write fr, ar or zh-Hans"
    yield from _twice("aliases", [(alias.name, alias.source, alias.locator) for alias in entity.aliases])
    yield from _twice("identifiers", entity.identifiers)
    if entity.description is not None:
        yield from _long("description", entity.description, TEXT_LIMIT)
    yield from _props(entity.props, ONTOLOGY.kind[entity.kind].props)
    for i, id in enumerate(entity.merged_from):
        yield from _entity_id(f"mergedFrom[{i}]", id)
        if id == entity.id:
            yield f"mergedFrom[{i}]", "it names the entity itself", "name the id that is no longer in use"
    scheme = entity.props.get("scheme")
    if scheme is not None:
        yield from _term(entity.id, str(scheme), entity.props.get("broader"))


def _unnamed(entity: Entity) -> Found:
    """A placeholder says so thrice: in its id, in its name, and to machines. What sources only describe (a grouping) is
    `named: false` under its description."""
    in_id, in_name = entity.id.endswith("-unnamed"), entity.name.endswith("unnamed)")
    if in_id != in_name:
        field, there = ("name", "the id") if in_id else ("id", "the name")
        passes = "end the id in -unnamed and the name in (unnamed), or neither"
        yield field, f"{there} says that it is unnamed, and this does not", passes
    elif in_id and entity.named:
        yield "named", "it is said to be unnamed, and counts as named", "write named: false"


def _term(id: str, scheme: str, broader: PropValue | None) -> Found:
    of = id.partition(":")[2].partition("/")[0]
    if of != scheme:
        yield "scheme", f"{shown(scheme)} is not the scheme in the id", f"write {of}, or leave it out"
    if scheme in _CLOSED:
        yield "id", f"the values of {scheme} are closed", "declare it in graph/ontology/terms, or choose another scheme"
    if broader is not None and str(broader).partition("/")[0] != id.partition("/")[0]:
        yield (
            "broader",
            f"{shown(broader)} is not a term of {scheme}",
            f"write {id.partition('/')[0]}/ and a term of it",
        )


def _entity_id(field: str, id: str) -> Found:
    form = _ENTITY_ID.fullmatch(id)
    if form is None:
        passes = "write Kind:slug, the slug in small letters, digits and hyphens, as in Mission:some-mission"
        yield field, f"{shown(id)} is not the id of an entity", passes
    elif kind_of(id) is None:
        yield field, f"{form[1]} is not a kind of entity", _instead(form[1], [kind.name for kind in ONTOLOGY.kinds])
    elif (form[3] is not None) != _has_scheme(form[1]):
        passes = f"write {form[1]}:scheme/value" if form[3] is None else f"write {form[1]}:slug, without a stroke"
        yield field, f"{shown(id)} is not the id of such an entity", passes


def _has_scheme(kind: str) -> bool:
    return any(prop.name == "scheme" for prop in ONTOLOGY.kind[kind].props)


# ---- claims ----


def _claim(claim: Claim) -> Found:
    relation = ONTOLOGY.relation[claim.relation]
    if claim.id and not _CLAIM_ID.fullmatch(claim.id):
        yield "id", f"{shown(claim.id)} is not the id of a claim", "write paper/number, as in example-2020/17"
    yield from _slots(claim, relation)
    yield from _pairs(claim, relation)
    yield from _props(claim.props, relation.props)
    yield from _standing(claim)
    yield from _when(claim)
    yield from _citations(claim)
    yield from _about_fields(claim, relation)
    yield from _target(claim)
    if claim.statement:
        yield from _long("statement", claim.statement, STATEMENT_LIMIT)
    else:
        yield "statement", "the claim has no statement", "say it in one sentence of our own"
    if claim.note is not None:
        yield from _long("note", claim.note, TEXT_LIMIT)
    if claim.ordinal and claim.ordinal.n < 1 and claim.ordinal.n != -1:
        yield "ordinal.n", f"{claim.ordinal.n} is no place in a row", "count from 1; -1 is the last"


def _slots(claim: Claim, relation: Relation) -> Found:
    for name, ids in claim.slots.items():
        slot = ONTOLOGY.slot(relation, name)
        if slot is None:
            yield name, f"{relation.constant} has no slot {name}", "take it out"
            continue
        for i, id in enumerate(ids):
            field = place(relation, slot, i)
            yield from _filler(field, id, slot)
            if id == claim.id:
                yield field, "the claim names itself", "name another claim"
        if slot not in relation.ends:
            yield from _twice(place(relation, slot), ids)
    for slot in relation.slots:
        count = len(claim.slots.get(slot.name, ()))
        if count < slot.least or (slot.most is not None and count > slot.most):
            wanted = slot.least if slot.least == slot.most else f"{slot.least} to {slot.most or 'any number'}"
            passes = f"write {wanted}, by id: {' or '.join(slot.kinds)}"
            yield slot.field, f"{count} stand here, and {wanted} must", passes


def place(relation: Relation, slot: Slot, number: int | None = None) -> str:
    """The path of a slot in a file, or of what fills it there: `to`, `theatres[1]`, `involves.NORM[0]`."""
    path = slot.field if slot in relation.slots or slot in ONTOLOGY.common_slots else f"involves.{slot.name}"
    return path if number is None or not slot.many else f"{path}[{number}]"


def _filler(field: str, id: str, slot: Slot) -> Found:
    """Whether an id may fill a slot."""
    if is_claim_id(id):
        if not slot.claims:
            yield field, f"{shown(id)} is not the id of an entity", f"write an id: {' or '.join(slot.kinds)}"
        elif not _CLAIM_ID.fullmatch(id):
            yield field, f"{shown(id)} is not an id", "write Kind:slug or paper/number"
        return
    bad = list(_entity_id(field, id))
    yield from bad
    if bad:
        return
    kinds = [kind.name for kind in ONTOLOGY.members(slot.kinds)]
    if kind_of(id) not in kinds:
        also = ["a claim"] if slot.claims else []
        yield field, f"{id} may not stand here", f"write an id: {' or '.join([*slot.kinds, *also])}"
    elif slot.scheme and id.partition(":")[2].partition("/")[0] != slot.scheme:
        yield field, f"{id} is of another scheme", f"write {kinds[0]}:{slot.scheme}/ and a value"


def _pairs(claim: Claim, relation: Relation) -> Found:
    """Whether the two ends go together."""
    if not relation.same_family:
        return
    ids = [id for slot in relation.ends for id in claim.slots.get(slot.name, ())]
    kinds = [ONTOLOGY.kind[kind] for kind in map(kind_of, ids) if kind is not None]
    if len(kinds) != 2 or kinds[0].family == kinds[1].family or (kinds[0].name, kinds[1].name) in relation.also_pairs:
        return
    also = "".join(f", or {a} and {b}" for a, b in relation.also_pairs)
    reason = f"{kinds[0].name} and {kinds[1].name} do not go together"
    yield relation.ends[-1].field, reason, f"write two of one family{also}"


def _standing(claim: Claim) -> Found:
    standing = claim.standing
    for prop in ONTOLOGY.common_props:
        value = getattr(standing, prop.name, None)
        if isinstance(prop.type, Vocabulary) and value is not None:
            yield from _value(prop.name, value, prop.type)
    if standing.substantiated is not None and standing.certainty != "ALLEGATION":
        yield "substantiated", f"the claim is {standing.certainty}", "leave it out, or write certainty: ALLEGATION"
    speakers = len(claim.slots.get("ATTRIBUTED_TO", ()))
    if standing.attribution is not None and speakers < 2:
        yield "attribution", "fewer than two speakers are named", "leave it out, or name two in attributedTo"


def _when(claim: Claim) -> Found:
    """Dates alone; what anchors do to them shows beside what they name."""
    during, good = claim.during, True
    for name in ("on", "start", "end"):
        text = getattr(during, name)
        if text is not None and not (text == ".." and name != "on"):
            for reason, passes in _bad_date(partial(span, text)):
                yield f"during.{name}", reason, passes
                good = False
    if good and during.on and (during.start or during.end):
        yield "during.on", "it stands beside start or end, and is both", "write either on, or start and end"
    elif good:
        for reason, passes in _bad_date(lambda: bounds(during.on, during.start, during.end, latest_source=None)):
            yield "during.end", reason, passes
            good = False
        for reason, passes in _bad_date(lambda: own_time(during, None)) if good else ():
            yield "during.duration", reason, passes
    for i, anchor in enumerate(during.anchors):
        yield from _value(f"during.anchors[{i}].how", anchor.how, ONTOLOGY.vocabularies["AnchorHow"])
        yield from _filler(f"during.anchors[{i}].node", anchor.node, _ANCHOR_SLOT)
    yield from _finer(claim)
    yield from _twice("during.anchors", [(anchor.how, anchor.node) for anchor in during.anchors])


def _finer(claim: Claim) -> Found:
    """Dates beside the words that the source has for them; a doubt says how else they were read."""
    words = " ".join(text for field, text in claim.wording if field == "during")
    if not words or any(doubt.field == "during" for doubt in claim.doubts):
        return
    for name in ("on", "start", "end"):
        text = getattr(claim.during, name)
        if text and text != ".." and not list(_bad_date(partial(span, text))) and (reason := finer(text, words)):
            passes = "write what the words say, or a doubt of during: how the date was read"
            yield f"during.{name}", f"{shown(text)} {reason}", passes


def _bad_date(read: Callable[[], object]) -> Iterator[tuple[str, str]]:
    try:
        read()
    except BadDate as bad:
        reason, _, passes = bad.message.rpartition("; ")
        yield reason, passes


def _citations(claim: Claim) -> Found:
    if not claim.citations:
        yield "citations", "the claim cites nothing", 'write citations: [{locator: "the section, and the note"}]'
    for i, citation in enumerate(claim.citations):
        yield from _filler(f"citations[{i}].source", citation.source, _SOURCE_SLOT)
        yield from _long(f"citations[{i}].locator", citation.locator, NAME_LIMIT)
    yield from _twice("citations", [(citation.source, citation.locator) for citation in claim.citations])


def _about_fields(claim: Claim, relation: Relation) -> Found:
    """What is said of fields by name: doubts, wording, unstated."""
    known, given = known_fields(relation), _given(claim, relation)
    named = [
        *((f"doubts[{i}].field", doubt.field) for i, doubt in enumerate(claim.doubts)),
        *((f"wording[{i}].field", name) for i, (name, _) in enumerate(claim.wording)),
        *((f"unstated[{i}]", name) for i, name in enumerate(claim.unstated)),
    ]
    for place, name in named:
        if name not in known:
            yield place, f"{relation.constant} has no field {shown(name)}", _instead(name, known)
    for i, doubt in enumerate(claim.doubts):
        yield from _value(f"doubts[{i}].basis", doubt.basis, ONTOLOGY.vocabularies["DoubtBasis"])
        yield from _long(f"doubts[{i}].how", doubt.how, TEXT_LIMIT)
    for i, (_, text) in enumerate(claim.wording):
        yield from _long(f"wording[{i}].text", text, NAME_LIMIT)
    worded = {name for name, _ in claim.wording}
    for i, name in enumerate(claim.unstated):
        if name in given:
            yield f"unstated[{i}]", f"{name} is given, and said to be unstated", "leave out the one or the other"
        elif name in worded:
            yield (
                f"unstated[{i}]",
                f"{name} is worded, and said to be unstated",
                "write UNASSIGNED, or leave out the one",
            )
    yield from _twice("unstated", claim.unstated)
    for prop in relation.props:
        value = claim.props.get(prop.name)
        if _UNASSIGNED in (value if isinstance(value, tuple) else (value,)) and prop.name not in worded:
            passes = f"write wording: [{{field: {prop.name}, text: ...}}]"
            yield prop.name, "no value fits, and what the source says is not here", passes


def known_fields(relation: Relation) -> dict[str, None]:
    """The fields of a claim that doubts, wording and unstated may name: what the claim says, not how it is filed."""
    own = (*(slot.field for slot in relation.slots), *(prop.name for prop in relation.props), "during", "ordinal")
    common = (prop.name for prop in ONTOLOGY.common_props if prop.name != "statement")
    return dict.fromkeys((*own, *common, "attributedTo", *(role.field for role in ONTOLOGY.roles)))


def _given(claim: Claim, relation: Relation) -> set[str]:
    slots = {slot.field for name, ids in claim.slots.items() if ids and (slot := ONTOLOGY.slot(relation, name))}
    props = {name for name, value in claim.props.items() if value not in (None, ())}
    when = {"during"} if claim.during != During() else set()
    return slots | props | when | ({"ordinal"} if claim.ordinal else set())


def _target(claim: Claim) -> Found:
    """A claim about the coding of others names their kind and perhaps one field."""
    of, field = claim.props.get("relation"), claim.props.get("field")
    relation = ONTOLOGY.relation.get(str(of))
    if of is not None and (relation is None or relation.constant != of):
        yield (
            "relation",
            f"{shown(of)} is not a kind of claim",
            _instead(str(of), [r.constant for r in ONTOLOGY.relations]),
        )
    elif field is not None and (relation is None or field not in known_fields(relation)):
        known = known_fields(relation) if relation else {}
        yield (
            "field",
            f"{shown(field)} is not a field of {of}",
            _instead(str(field), known) if known else "write relation",
        )


# ---- values ----


def _props(given: Mapping[str, PropValue], props: tuple[Prop, ...]) -> Found:
    for prop in props:
        value = given.get(prop.name)
        if value is None:
            continue
        many = value if isinstance(value, tuple) else (value,)
        for i, each in enumerate(many):
            field = f"{prop.name}[{i}]" if prop.many else prop.name
            if isinstance(prop.type, Vocabulary):
                yield from _value(field, str(each), prop.type)
            elif prop.type == "date":
                yield from ((field, reason, passes) for reason, passes in _bad_date(partial(span, str(each))))
            elif prop.type == "decimal":
                yield from _decimal(field, each)
            elif isinstance(each, str):
                yield from _long(field, each, TEXT_LIMIT)
        if prop.many:
            yield from _twice(prop.name, many)


def _decimal(field: str, value: PropValue) -> Found:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        yield field, f"{shown(str(value))} is not a number", "write a number, as in 12 or 12.5"


def _value(field: str, value: str, vocabulary: Vocabulary) -> Found:
    if value not in vocabulary.values:
        yield field, f"{shown(value)} is not a value of {vocabulary.name}", _instead(value.upper(), vocabulary.values)


def _instead(name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(name, names, n=1, cutoff=0.6) or get_close_matches(constant(name), names, n=1, cutoff=0.6)
    return f"write {near[0]}" if near else f"write one of {', '.join(names)}"


def _long(field: str, text: str, limit: int) -> Found:
    if len(text) > limit:
        yield field, f"it has {len(text):,} characters", f"write {limit:,} at most"


def _twice(field: str, values: Iterable[object]) -> Found:
    for value, count in Counter(values).items():
        if count > 1:
            text = " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            yield field, f"{shown(text)} stands {count} times", "write it once"


_COMMON: Final = {slot.name: slot for slot in ONTOLOGY.common_slots}
_SOURCE_SLOT: Final = _COMMON["SOURCE"]
_ANCHOR_SLOT: Final = _COMMON["ANCHOR"]
