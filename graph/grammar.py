"""The filter grammar, made from the ontology once: the input types that `api` publishes and the readers that give
them meaning.

An `Input` is what GraphQL calls an input type. A field of a `…Where` input carries its reader; the operands of small
inputs (`StringFilter`, `AppointmentCount`) are read by the reader of the field that uses them, which knows the column
or slot."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from graph import filters
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY, FACT, ROLES, Prop, Relation, Slot, Vocabulary
from graph.predicate import Predicate
from graph.stores.columns import FACT_COLUMN

Reader = Callable[[Any, str], Predicate]
"""Takes the plain value of an operand and its path; gives its meaning. Raises BadFilter, BadDate."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an input: its type is the name of an input, an enum or a scalar (`String Int Float Boolean ID
    EDTF`)."""

    name: str
    type: str
    doc: str
    many: bool = False
    read: Reader | None = None
    default: object = None


@dataclass(frozen=True, slots=True)
class Input:
    """An input type; `one_of`: exactly one of its fields is given."""

    name: str
    doc: str
    fields: dict[str, Field]
    one_of: bool = False


def _input(name: str, doc: str, *fields: Field, one_of: bool = False) -> Input:
    return Input(name, doc, {field.name: field for field in fields}, one_of)


def _scalar_filter(name: str, operand: str, doc: str, *extra: Field, ranges: bool = False) -> Input:
    comparisons = [
        Field(op, operand, text)
        for op, text in (("gt", "More."), ("gte", "At least."), ("lt", "Less."), ("lte", "At most."))
    ]
    return _input(
        name,
        doc,
        Field("eq", operand, "Equal to."),
        Field("in", operand, "One of; an empty list is an error.", many=True),
        Field("notIn", operand, "None of.", many=True),
        *(comparisons if ranges else ()),
        *extra,
        Field("isNull", "Boolean", "Whether the value is absent: the source is silent."),
    )


_CONTAINS: Final = (
    Field("contains", "String", "Holds this text, anywhere."),
    Field("startsWith", "String", "Begins with this text."),
)


def _fixed() -> Iterator[Input]:
    yield _scalar_filter(
        "StringFilter", "String", "A text, compared folded: case, accents and runs of spaces do not count.", *_CONTAINS
    )
    yield _scalar_filter("IDFilter", "ID", "An id or a code, compared exactly.")
    yield _scalar_filter("IntFilter", "Int", "An integer.", ranges=True)
    yield _input(
        "BooleanFilter",
        "True or false.",
        Field("eq", "Boolean", "Equal to."),
        Field("isNull", "Boolean", "Whether the value is absent."),
    )
    yield _input(
        "CalledFilter",
        "Any name or alias, compared folded.",
        Field("eq", "String", "One name is this."),
        Field("in", "String", "One name is one of these.", many=True),
        *_CONTAINS,
    )
    yield _list_filter("StringListFilter", "String", "A list of texts, each compared folded.")
    yield _input(
        "WordingFilter",
        "The source's own word for a field.",
        Field("field", "String", "The field that it stands for; any, if left out."),
        Field("eq", "String", "Is this."),
        *_CONTAINS,
    )
    yield _input(
        "IdentifierFilter",
        "An external identifier.",
        Field("scheme", "String", "As in ISO3166."),
        Field("eq", "String", "Its value."),
    )
    yield _input(
        "When",
        "A time: a date or an interval, or that of a node.",
        Field(
            "date",
            "EDTF",
            "A day, a vaguer date, or an interval `1956/1958`; a date is the span from its first to its last day.",
        ),
        Field("node", "ID", "The time of a claim, or of an entity that has dated claims under it."),
        one_of=True,
    )
    yield _input(
        "TimeFilter",
        "When the claim holds.",
        Field("overlaps", "When", "Shares a day with it."),
        Field("before", "When", "Ends before it starts."),
        Field("after", "When", "Starts after it ends."),
    )
    yield _input(
        "WithinFilter",
        "One of these nodes, or below one of them: parts of the whole, narrower terms.",
        Field("ids", "ID", "The nodes at the top; they count as within themselves.", many=True),
        Field(
            "via",
            "Via",
            "The relations that are followed; Terms follow their broader term.",
            many=True,
            default=[filters.VIA[0]],
        ),
        Field("depth", "Int", "Steps at most.", default=8),
    )
    yield _input(
        "InvolvesFilter",
        "Takes part by a role.",
        Field("role", "Role", "By one of these roles; by any, if left out.", many=True),
        Field("some", f"{ENTITY}Where", "An entity of which this holds."),
        Field("claim", f"{CLAIM}Where", "A claim of which this holds."),
    )
    yield _input(
        "EndsFilter",
        "The ends of the claim, whatever their names.",
        Field("some", f"{ENTITY}Where", "Of one end this holds."),
        Field("every", f"{ENTITY}Where", "Of each end this holds."),
    )
    yield _input(
        "RoleFilter",
        "The nodes that fill a role.",
        Field("some", f"{ENTITY}Where", "Of one of them this holds."),
        Field("none", f"{ENTITY}Where", "Of none of them this holds."),
        Field("every", f"{ENTITY}Where", "Of each of them this holds."),
        Field("claim", f"{CLAIM}Where", "One of them is a claim of which this holds."),
    )
    yield _quantifier(CLAIM)
    yield _count(CLAIM)


def _list_filter(name: str, operand: str, doc: str) -> Input:
    return _input(
        name,
        doc,
        Field("has", operand, "Holds this value."),
        Field("hasSome", operand, "Holds one of these.", many=True),
        Field("hasEvery", operand, "Holds each of these.", many=True),
        Field("hasNone", operand, "Holds none of these.", many=True),
    )


def quantifier_name(relation: str) -> str:
    """The input that quantifies over the claims of a relation under an entity: `AppointmentsFilter`."""
    field = ONTOLOGY.relation[relation].field if relation != CLAIM else "claims"
    return f"{field[0].upper()}{field[1:]}Filter"


def _quantifier(relation: str) -> Input:
    where = f"{relation}Where"
    return _input(
        quantifier_name(relation),
        "The claims under the entity, as far as they take part in the reading.",
        Field("some", where, "Of one of them this holds."),
        Field("none", where, "Of none of them this holds."),
        Field("every", where, "Of each of them this holds."),
        Field("count", f"{relation}Count", "How many there are."),
    )


def _count(relation: str) -> Input:
    comparisons = (
        ("eq", "Exactly."),
        ("gt", "More than."),
        ("gte", "At least."),
        ("lt", "Less than."),
        ("lte", "At most."),
    )
    return _input(
        f"{relation}Count",
        "A number of claims, of the facts that they tell, or of different nodes at an end of them.",
        Field("distinct", "Distinct", "What is told apart: claims, facts, or the nodes at this end.", default="CLAIM"),
        Field("where", f"{relation}Where", "Counts only those of which this holds."),
        *(Field(op, "Int", doc) for op, doc in comparisons),
    )


def _logic(where: str) -> Iterator[Field]:
    yield Field("and", where, "All of these hold.", many=True, read=partial(filters.every_of, where))
    yield Field("or", where, "One of these holds.", many=True, read=partial(filters.one_of, where))
    yield Field("not", where, "This does not hold.", read=partial(filters.negated, where))


def _prop(prop: Prop) -> Field:
    """The filter of a property: its type follows from the property's."""
    if isinstance(prop.type, Vocabulary):
        suffix = "ListFilter" if prop.many else "Filter"
        reader = filters.listed if prop.many else filters.scalar
        return Field(prop.name, f"{prop.type.name}{suffix}", prop.doc, read=partial(reader, prop.name))
    if prop.many:
        return Field(prop.name, "StringListFilter", prop.doc, read=partial(filters.listed, prop.name))
    name = {
        "text": "StringFilter",
        "code": "IDFilter",
        "date": "IDFilter",
        "number": "IntFilter",
        "decimal": "FloatFilter",
        "flag": "BooleanFilter",
    }[prop.type]
    return Field(prop.name, name, prop.doc, read=partial(filters.scalar, prop.name))


def end_type(slot: Slot) -> str:
    """What a slot is filled by, as one type name: the kind or family if it is one, the family of its kinds if they
    share one, else `Entity`."""
    if len(slot.kinds) == 1:
        return slot.kinds[0]
    families = {kind.family for kind in ONTOLOGY.members(slot.kinds)}
    return families.pop() if len(families) == 1 else ENTITY


def _slot(slot: Slot) -> Field:
    if slot.end and slot.most == 1:
        return Field(
            slot.field,
            f"{end_type(slot)}Where",
            slot.doc,
            read=partial(filters.filled, slot.name, f"{end_type(slot)}Where"),
        )
    return Field(slot.field, "RoleFilter", slot.doc, read=partial(filters.role, slot.name))


def _claim_fields(where: str, relation: Relation | None) -> Iterator[Field]:
    yield from _logic(where)
    yield Field("id", "IDFilter", "The id of the claim.", read=partial(filters.scalar, "id"))
    yield Field("fact", "IDFilter", "The id of the fact that it tells.", read=partial(filters.scalar, FACT_COLUMN))
    if relation is None:
        yield Field("kind", "KindFilter", "The kind of claim.", read=partial(filters.scalar, "kind"))
    if relation is None or not relation.directed:
        yield Field("ends", "EndsFilter", "The ends of the claim.", read=partial(filters.ends, relation))
    yield Field(
        "between",
        "ID",
        "Both of these two are ends, either way round.",
        many=True,
        read=partial(filters.between, relation),
    )
    if relation is not None:
        yield from (
            _slot(slot) for slot in relation.slots if not (slot.end and not relation.directed and slot.least == 2)
        )
        yield from (_prop(prop) for prop in relation.props if prop.indexed)
    yield Field("during", "TimeFilter", "When it holds.", read=filters.during)
    yield from (_prop(prop) for prop in ONTOLOGY.common_props)
    yield Field("source", "IDFilter", "A source that it cites.", read=filters.source)
    yield Field("attributedTo", "RoleFilter", "Who said it.", read=partial(filters.role, "ATTRIBUTED_TO"))
    yield Field("conflictsWith", f"{CLAIM}Where", "A claim that it conflicts with.", read=filters.conflicts)
    yield Field("involves", "InvolvesFilter", "What takes part by a role.", read=filters.involves)
    yield Field("wording", "WordingFilter", "The source's own word for a field.", read=filters.wording)
    yield Field("ordinal", "IntFilter", "The n-th, where the source counts.", read=partial(filters.scalar, "ordinal"))
    yield Field(
        "unstated",
        "StringListFilter",
        "The fields on which the source is silent.",
        read=partial(filters.listed, "unstated"),
    )
    if relation is None:
        for branch in ONTOLOGY.relations:
            name = branch.name[0].lower() + branch.name[1:]
            doc = f"It is a claim of kind {branch.constant}, and this holds."
            yield Field(
                name, f"{branch.name}Where", doc, read=partial(filters.branch, branch.constant, f"{branch.name}Where")
            )


def _entity_fields(target: str) -> Iterator[Field]:
    members = ONTOLOGY.members((target,))
    where = f"{target}Where"
    yield from _logic(where)
    yield Field("id", "IDFilter", "The id of the entity.", read=partial(filters.scalar, "id"))
    yield Field("name", "StringFilter", "The display name.", read=partial(filters.scalar, "name"))
    yield Field("called", "CalledFilter", "Any name or alias.", read=filters.called)
    yield Field("named", "BooleanFilter", "Whether a source names it.", read=partial(filters.scalar, "named"))
    yield Field("description", "StringFilter", "The description.", read=partial(filters.scalar, "description"))
    yield Field("identifier", "IdentifierFilter", "An external identifier.", read=filters.identifier)
    yield Field("within", "WithinFilter", "At or below one of these.", read=filters.within)
    if len(members) == 1:
        yield from (_prop(prop) for prop in members[0].props if prop.indexed)
    else:
        yield Field("kind", "KindFilter", "The kind of entity.", read=partial(filters.scalar, "kind"))
    for relation, slot in shared_connections(target):
        reader = partial(filters.quantified, relation, slot.name)
        yield Field(slot.back, quantifier_name(relation.name), connection_doc(relation, slot), read=reader)
    yield Field(
        "claims", "ClaimsFilter", "The claims of which it is an end.", read=partial(filters.quantified, None, ENDS)
    )
    yield Field(
        "involvedIn",
        "ClaimsFilter",
        "The claims in which it takes part by a role.",
        read=partial(filters.quantified, None, ROLES),
    )
    if len(members) > 1:
        for kind in members:
            name = kind.name[0].lower() + kind.name[1:] if not kind.name.startswith("UN") else "un" + kind.name[2:]
            doc = f"It is of kind {kind.constant}, and this holds."
            yield Field(
                name, f"{kind.name}Where", doc, read=partial(filters.branch, kind.constant, f"{kind.name}Where")
            )


def connections(kind: str) -> tuple[tuple[Relation, Slot], ...]:
    """The relations that a kind of entity carries, each with the slot in which it stands there."""
    known = ONTOLOGY.kind[kind]
    return tuple(
        (relation, slot)
        for relation in ONTOLOGY.relations
        for slot in relation.ends
        if slot.back and known in ONTOLOGY.members(slot.kinds)
    )


def shared_connections(target: str) -> tuple[tuple[Relation, Slot], ...]:
    """The connections that every kind under a label (kind, family, Entity) carries."""
    first, *rest = (connections(kind.name) for kind in ONTOLOGY.members((target,)))
    return tuple(pair for pair in first if all(pair in other for other in rest))


def connection_doc(relation: Relation, slot: Slot) -> str:
    """What a connection under an entity holds, for somebody who sees it first."""
    said = slot.doc[:1].lower() + slot.doc[1:].removesuffix(".")
    return f"Claims of kind {relation.constant} in whose `{slot.field}` it stands ({said})."


def _inputs() -> dict[str, Input]:
    found = list(_fixed())
    props = [*(p for kind in ONTOLOGY.kinds for p in kind.props), *(p for r in ONTOLOGY.relations for p in r.props)]
    props += ONTOLOGY.common_props
    if any(prop.type == "decimal" for prop in props):
        found.append(_scalar_filter("FloatFilter", "Float", "A number, whole or not.", ranges=True))
    for vocabulary in {p.type.name: p.type for p in props if isinstance(p.type, Vocabulary) and not p.many}.values():
        found += [_scalar_filter(f"{vocabulary.name}Filter", vocabulary.name, vocabulary.doc)]
    for vocabulary in {p.type.name: p.type for p in props if isinstance(p.type, Vocabulary) and p.many}.values():
        found += [_list_filter(f"{vocabulary.name}ListFilter", vocabulary.name, vocabulary.doc)]
    found.append(_scalar_filter("KindFilter", "Kind", "The kind of an entity or a claim."))
    for relation in ONTOLOGY.relations:
        where = f"{relation.name}Where"
        found += [
            _quantifier(relation.name),
            _count(relation.name),
            _input(where, relation.doc, *_claim_fields(where, relation)),
        ]
    found.append(_input(f"{CLAIM}Where", "A claim of any kind.", *_claim_fields(f"{CLAIM}Where", None)))
    for target in (*(kind.name for kind in ONTOLOGY.kinds), *ONTOLOGY.families, ENTITY):
        found.append(_input(f"{target}Where", f"{target}: what must hold of it.", *_entity_fields(target)))
    return {each.name: each for each in found}


INPUTS: Final = _inputs()

DISTINCT: Final = ("CLAIM", FACT, "FROM", "TO", "OTHER")
"""What a count may tell apart."""

__all__ = [
    "ALL",
    "DISTINCT",
    "INPUTS",
    "Field",
    "Input",
    "connection_doc",
    "connections",
    "end_type",
    "quantifier_name",
    "shared_connections",
]
