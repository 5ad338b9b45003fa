"""The output types that follow from the ontology: interfaces, kinds, relations, and a connection for each.

One name means one type among everything under `Node`, or GraphQL would refuse to ask two kinds for it in one question.
A new kind or relation needs nothing here."""

from collections.abc import Iterator
from typing import Final

from api.schema.shape import Argument, Field, Output, output
from api.schema.species import Filler, Inside, Link, Measure, Part, Told
from api.schema.values import FACT_TYPE, NODE, VALUES, inside, leaf
from graph.facets import MOST_VALUES
from graph.grammar import connection_doc, connections, end_type, shared_connections
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY, ROLES, Kind, Prop, Relation, Slot, Vocabulary
from graph.stores.columns import LOWERING

_INSIDE_OTHERS: Final = ("SOURCE", "ANCHOR")
"""Common slots that a claim shows inside `citations` and `during`."""

_SCALARS: Final = {
    "text": "String",
    "code": "String",
    "number": "Int",
    "decimal": "Float",
    "flag": "Boolean",
    "date": "EDTF",
}


def _prop(prop: Prop, null: bool = True) -> Field:
    type = prop.type.name if isinstance(prop.type, Vocabulary) else _SCALARS[prop.type]
    return leaf(prop.name, type, prop.doc, many=prop.many, null=null and not prop.many)


def filler_type(slot: Slot) -> str:
    """The narrowest published type of what fills a slot."""
    if slot.claims:
        return NODE if slot.kinds else CLAIM
    return end_type(slot)


def _slot(slot: Slot) -> Field:
    species = Filler(slot.field, slot.field, (slot.name,), slot.many)
    return Field(slot.field, filler_type(slot), slot.doc, species, slot.many, null=not slot.many and not slot.least)


def page_arguments(where: str, order: str, *, told: bool = False) -> tuple[Argument, ...]:
    """What every connection takes. Described where `told`: at each root, and once for all that are nested."""
    docs = (
        "What must hold of a row.",
        "The order of the rows.",
        "How many rows at most, from the front: 1 to 500; 50 if left out.",
        "Only rows beyond this cursor.",
    )
    types = (("where", where), ("orderBy", order), ("first", "Int"), ("after", "String"))
    return tuple(Argument(name, type, doc if told else "") for (name, type), doc in zip(types, docs, strict=True))


def _connection(relation: Relation, slot: Slot) -> Field:
    arguments = page_arguments(f"{relation.name}Where", "ClaimOrder")
    link, doc = Link(relation.name, slot.name), connection_doc(relation, slot)
    return Field(slot.back, f"{relation.name}Connection", doc, link, arguments=arguments)


def _every_claim(name: str, doc: str, slot: str, *extra: Argument) -> Field:
    arguments = (*extra, *page_arguments(f"{CLAIM}Where", "ClaimOrder", told=not extra))
    return Field(name, f"{CLAIM}Connection", doc, Link(ALL, slot), arguments=arguments)


def _node() -> Output:
    return output(
        NODE,
        "Anything with an id: an entity or a claim.",
        leaf("id", "ID", "Its id, which is stable from release to release."),
        leaf("kind", "Kind", "Of which kind it is."),
        interface=True,
    )


def _entity(node: Output) -> Output:
    role = Argument("role", "Role", "Only claims in which it takes part by one of these roles.", many=True)
    return output(
        ENTITY,
        "A vertex of the graph: what a thing is called, and nothing that sources can differ about.",
        leaf("name", "String", "The display name."),
        leaf("named", "Boolean", "Whether a source names it; false for a placeholder."),
        leaf("description", "String", "A short description in our words.", null=True),
        inside("aliases", "Alias", "Its other names.", many=True),
        inside("identifiers", "Identifier", "What it is called in lists that others keep.", many=True),
        leaf("mergedFrom", "ID", "Former ids, which now mean this entity.", many=True),
        _every_claim("claims", "The claims of any kind of which it is an end.", ENDS),
        _every_claim("involvedIn", "The claims in which it takes part without being an end.", ROLES, role),
        *(_connection(*pair) for pair in shared_connections(ENTITY)),
        bases=(node,),
        interface=True,
    )


def _family(name: str, entity: Output) -> Output:
    kinds = ", ".join(kind.name for kind in ONTOLOGY.members((name,)))
    own = (_connection(*pair) for pair in shared_connections(name))
    doc = f"What the kinds of this family share: {kinds}."
    return output(name, doc, *own, bases=(entity,), interface=True)


def _kind(kind: Kind, family: Output) -> Output:
    own = (*map(_prop, kind.props), *(_connection(*pair) for pair in connections(kind.name)))
    return output(kind.name, kind.doc, *own, bases=(family,))


def _ends(relations: tuple[Relation, ...]) -> Field:
    """Every end of a claim under one name, of the narrowest type that all of them have."""
    slots = [slot for relation in relations for slot in relation.ends]
    types = {filler_type(slot) for slot in slots}
    type = types.pop() if len(types) == 1 else ENTITY
    names = tuple(dict.fromkeys(slot.name for slot in slots))
    return Field("ends", type, "Its ends, first to last.", Filler("ends", "ends", names, many=True), many=True)


def _claim(node: Output) -> Output:
    involves = Field(
        "involves",
        "Involved",
        "What else takes part, by role.",
        Inside("involves", many=True, by="role"),
        many=True,
        arguments=(Argument("role", "Role", "Only by one of these roles.", many=True),),
    )
    return output(
        CLAIM,
        "An edge of the graph: what one source says of how its ends relate.",
        Field("fact", FACT_TYPE, "The fact that it tells, perhaps together with other claims.", Told("fact")),
        _ends(ONTOLOGY.relations),
        *(_prop(prop, LOWERING.nullable(prop.name)) for prop in ONTOLOGY.common_props),
        inside("wording", "Wording", "The source's own words.", many=True),
        leaf("unstated", "String", "The fields on which the source is silent.", many=True),
        inside("during", "Interval", "When it holds."),
        inside("citations", "Citation", "Where the source says it; one at least.", many=True),
        inside("doubts", "Doubt", "The fields that are less than explicit in the source.", many=True),
        inside("ordinal", "Ordinal", "The n-th, where the source counts.", null=True),
        involves,
        *(_slot(slot) for slot in ONTOLOGY.common_slots if slot.name not in _INSIDE_OTHERS),
        bases=(node,),
        interface=True,
    )


def _relation(relation: Relation, claim: Output) -> Output:
    own = [_slot(slot) for slot in relation.slots]
    if not relation.symmetric:
        own.append(_ends((relation,)))
    return output(relation.name, relation.doc, *own, *map(_prop, relation.props), bases=(claim,))


def _of_claims(name: str) -> Iterator[Field]:
    """What a connection of claims tells beside what every connection does."""
    docs = (
        "By what: a property, or what fills an end or a role.",
        "What is counted for each value.",
        f"How many values at most, those with the highest counts: 1 to {MOST_VALUES}.",
    )
    by, distinct, first = docs if name == CLAIM else ("", "", "")
    yield Field("factCount", "Int", "How many facts the claims of the whole list tell.", Measure("factCount"))
    yield Field(
        "facets",
        "Facet",
        "How often each value stands in the whole list: highest count first, then by value.",
        Measure("facets"),
        many=True,
        arguments=(
            Argument("by", f"{name}Facet", by, required=True),
            Argument("distinct", "Distinct", distinct, default="CLAIM"),
            Argument("first", "Int", first, default=20),
        ),
    )
    yield Field("absence", "Absence", "Why the page is empty; null if it is not.", Measure("absence"), null=True)


def _pages(name: str, *, claims: bool) -> Iterator[Output]:
    """The connection of a type and its edge."""
    other = Field("other", ENTITY, "The end that is not the parent; null at a root.", Part("other"), null=True)
    yield output(
        f"{name}Edge",
        f"A row of `{name}Connection`.",
        Field("cursor", "String", "Where the row stands, for `after` and `before`.", Part("cursor")),
        Field("match", "Match", "How surely it matches; null if the question has no date.", Part("match"), null=True),
        Field("via", CLAIM, "The claims that lead from it up to what `within` names.", Part("via"), many=True),
        *((other,) if claims else ()),
        Field("node", name, "The row itself.", Part("node")),
    )
    yield output(
        f"{name}Connection",
        f"A page of a list of `{name}`.",
        Field("nodes", name, "The rows.", Part("nodes"), many=True),
        Field("edges", f"{name}Edge", "The rows, each with what is said of it here.", Part("edges"), many=True),
        Field("pageInfo", "PageInfo", "Where the page stands in the list.", Part("pageInfo")),
        Field("totalCount", "Int", "How many rows the whole list has.", Measure("totalCount")),
        Field("leftOut", "LeftOut", "What the reading kept out.", Measure("leftOut")),
        *(_of_claims(name) if claims else ()),
    )


def _outputs() -> dict[str, Output]:
    node = _node()
    entity, claim = _entity(node), _claim(node)
    families = {name: _family(name, entity) for name in ONTOLOGY.families}
    kinds = [_kind(kind, families[kind.family]) for kind in ONTOLOGY.kinds]
    relations = [_relation(relation, claim) for relation in ONTOLOGY.relations]
    entities, claims = [entity, *families.values(), *kinds], [claim, *relations]
    pages = [page for each in entities for page in _pages(each.name, claims=False)]
    pages += [page for each in claims for page in _pages(each.name, claims=True)]
    found: dict[str, Output] = {}
    # Bases come first: the builder makes a class only after those that it inherits from.
    for each in (node, *entities, *claims, *pages, *VALUES):
        if each.name in found:
            raise ValueError(f"two output types are called {each.name}; rename the kind, family or relation")
        found[each.name] = each
    return found


OUTPUTS: Final = _outputs()
