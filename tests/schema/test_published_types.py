"""What is published, against what it is made of: the ontology, the filter grammar, and the rules of one name."""

from dataclasses import replace
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    get_named_type,
    is_composite_type,
    is_list_type,
    is_non_null_type,
    is_wrapping_type,
    parse,
    validate,
    validate_schema,
)

from api.schema import CORE, SPECIES, TYPENAMES, printed
from api.schema.enums import SCALARS
from api.schema.inputs import PUBLISHED
from api.schema.shape import Field, output
from api.schema.species import Filler, Inside, Leaf, Link, Measure
from graph import claim as documents
from graph.claim import Citation, Claim, Entity
from graph.dates import UNDATED
from graph.facets import choices
from graph.grammar import INPUTS, connections, shared_connections
from graph.ontology import ONTOLOGY
from graph.ontology.types import ENTITY, constant

OWN = {name: type for name, type in CORE.type_map.items() if not name.startswith("__")}
OUTPUTS = {n: t for n, t in OWN.items() if isinstance(t, GraphQLObjectType | GraphQLInterfaceType) and n != "Query"}


def test_the_printed_schema_is_the_file_in_the_repository() -> None:
    file = Path(__file__).parents[2] / "schema.graphql"
    assert file.read_text(encoding="utf-8") == printed(), "write it anew with `peacegraph schema > schema.graphql`"


def test_the_printed_schema_says_all_that_the_schema_is() -> None:
    read = build_schema(printed())
    assert find_breaking_changes(CORE, read) == find_breaking_changes(read, CORE) == []


def test_the_schema_is_valid() -> None:
    assert validate_schema(CORE) == []


# One name, one type, among everything under Node


def shape(type: object) -> str:
    """A type as far as GraphQL wants it equal where two fields have one name: lists and nulls; what a leaf is, and
    that what is no leaf is none."""
    if is_non_null_type(type):
        return f"{shape(type.of_type)}!"
    if is_list_type(type):
        return f"[{shape(type.of_type)}]"
    return "{}" if is_composite_type(type) else str(type)


def clashes(schema: GraphQLSchema, root: str) -> list[str]:
    """Every pair of fields that one question cannot ask for, of different types that `root` may be, and of what their
    fields may be in turn."""
    found: list[str] = []
    seen: set[frozenset[str]] = set()

    def possible(type: GraphQLNamedType) -> list[GraphQLObjectType]:
        if isinstance(type, GraphQLInterfaceType):
            return list(schema.get_possible_types(type))
        return [type] if isinstance(type, GraphQLObjectType) else []

    def look(types: list[GraphQLObjectType]) -> None:
        names = frozenset(type.name for type in types)
        if names in seen:
            return
        seen.add(names)
        fields: dict[str, dict[str, str]] = {}
        below: dict[str, dict[str, GraphQLObjectType]] = {}
        for type in types:
            for name, field in type.fields.items():
                fields.setdefault(name, {}).setdefault(shape(field.type), type.name)
                inner = below.setdefault(name, {})
                inner.update((each.name, each) for each in possible(get_named_type(field.type)))
        for name, shapes in fields.items():
            if len(shapes) > 1:
                found.append(f"{name}: " + ", ".join(f"{of} on {on}" for of, on in shapes.items()))
        for inner in below.values():
            look(list(inner.values()))

    top = schema.type_map[root]
    look(possible(top))
    return found


def test_one_name_means_one_type_among_everything_under_node() -> None:
    assert clashes(CORE, "Node") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("level: Int", "level: String"), ("level: Int", "level: Int!"), ("level: Int!", "level: [Int!]!")],
)
def test_a_clash_of_type_nullability_or_list_is_listed(one: str, other: str) -> None:
    schema = build_schema(
        f"type Query {{ node: Node }} interface Node {{ id: ID }} "
        f"type A implements Node {{ id: ID {one} }} type B implements Node {{ id: ID {other} }}"
    )
    assert [each.partition(":")[0] for each in clashes(schema, "Node")] == ["level"]


def test_a_clash_below_a_field_of_two_types_is_listed() -> None:
    schema = build_schema(
        "type Query { node: Node } interface Node { id: ID } type X { of: Int } type Y { of: String } "
        "type A implements Node { id: ID at: X } type B implements Node { id: ID at: Y }"
    )
    assert clashes(schema, "Node") == ["of: Int on X, String on Y"]


def test_a_question_may_ask_every_kind_and_relation_for_every_leaf_at_once() -> None:
    parts = []
    for type in CORE.get_possible_types(OWN["Node"]):  # type: ignore[arg-type]
        leaves = (
            name
            for name, field in type.fields.items()
            if not is_composite_type(get_named_type(field.type)) and not field.args
        )
        parts.append(f"... on {type.name} {{ {' '.join(leaves)} }}")
    assert validate(CORE, parse(f'{{ node(id: "x") {{ {" ".join(parts)} }} }}')) == []


def test_a_property_and_a_connection_of_one_name_are_refused() -> None:
    prop = Field("parts", "String", "A text.", Leaf("parts"), null=True)
    link = Field("parts", "Int", "A connection.", Link("X", "TO"))
    with pytest.raises(ValueError, match=r"Thing\.parts has two meanings"):
        output("Thing", "A thing.", prop, link)


def test_a_property_of_the_name_of_a_field_that_all_such_types_carry_is_refused() -> None:
    base = output("Base", "A base.", Field("name", "String", "A name.", Leaf("name")), interface=True)
    with pytest.raises(ValueError, match=r"Thing\.name has two meanings"):
        output("Thing", "A thing.", Field("name", "Int", "Another.", Leaf("name")), bases=(base,))


# Made from the ontology


@pytest.mark.parametrize("kind", ONTOLOGY.kinds, ids=lambda kind: kind.name)
def test_a_kind_is_a_type_of_its_family_with_its_properties_and_connections(kind: object) -> None:
    from graph.ontology.types import Kind

    assert isinstance(kind, Kind)
    type = OWN[kind.name]
    assert isinstance(type, GraphQLObjectType)
    assert {base.name for base in type.interfaces} == {kind.family, "Entity", "Node"}
    for prop in kind.props:
        assert SPECIES[kind.name, prop.name] == Leaf(prop.name, prop.many)
    for relation, slot in connections(kind.name):
        assert SPECIES[kind.name, slot.back] == Link(relation.name, slot.name)
        assert str(type.fields[slot.back].type) == f"{relation.name}Connection!"
        assert str(type.fields[slot.back].args["where"].type) == f"{relation.name}Where"
    assert TYPENAMES[kind.constant] == kind.name


@pytest.mark.parametrize("label", [*ONTOLOGY.families, ENTITY])
def test_an_interface_carries_the_connections_that_all_its_kinds_share(label: str) -> None:
    shared = {slot.back for _, slot in shared_connections(label)}
    assert {name for (on, name), s in SPECIES.items() if on == label and isinstance(s, Link)} == shared | {
        "claims",
        "involvedIn",
    }


def test_an_appointment_has_typed_ends_roles_and_properties() -> None:
    type = OWN["Appointment"]
    assert isinstance(type, GraphQLObjectType)
    assert {name: str(type.fields[name].type) for name in ("from", "to", "ends", "appointedBy", "role", "during")} == {
        "from": "Individual!",
        "to": "Actor!",
        "ends": "[Entity!]!",
        "appointedBy": "[Node!]!",
        "role": "AppointmentRole",
        "during": "Interval!",
    }


def test_a_symmetric_relation_has_ends_alone() -> None:
    type = OWN["Partnership"]
    assert isinstance(type, GraphQLObjectType)
    assert str(type.fields["ends"].type) == "[Actor!]!"
    assert str(type.fields["purposes"].type) == "[Term!]!"
    assert str(type.fields["forms"].type) == "[PartnershipForm!]!"
    assert "from" not in type.fields


def test_lists_of_entities_have_no_absence_and_no_other_end() -> None:
    for kind in ONTOLOGY.kinds:
        assert (f"{kind.name}Connection", "absence") not in SPECIES
        assert (f"{kind.name}Edge", "other") not in SPECIES
    for relation in ONTOLOGY.relations:
        assert (f"{relation.name}Connection", "absence") in SPECIES
        assert (f"{relation.name}Edge", "other") in SPECIES


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_input_is_published_with_exactly_its_fields(name: str) -> None:
    type, made = OWN[name], PUBLISHED[name]
    assert isinstance(type, GraphQLInputObjectType)
    assert list(type.fields) == list(made.fields)
    for field in made.fields.values():
        assert str(type.fields[field.name].type) == (f"[{field.type}!]" if field.many else field.type)
    assert type.is_one_of is made.one_of


def test_no_input_is_published_beside_the_grammar_and_the_reading() -> None:
    assert {n for n, t in OWN.items() if isinstance(t, GraphQLInputObjectType)} == {*INPUTS, "Reading"}


def test_nothing_defaults_to_null() -> None:
    assert "= null" not in printed()


def test_the_defaults_of_inputs_are_published() -> None:
    text = printed()
    assert "via: [Via!] = [PART_OF]" in text
    assert "distinct: Distinct = CLAIM" in text
    assert "certainty: [Certainty!] = [STATED, HEDGED, REPORTED]" in text


@pytest.mark.parametrize("vocabulary", ONTOLOGY.vocabularies.values(), ids=lambda each: each.name)
def test_a_vocabulary_that_is_used_is_an_enum_of_its_terms(vocabulary: object) -> None:
    from graph.ontology.types import Vocabulary

    assert isinstance(vocabulary, Vocabulary)
    type = OWN[vocabulary.name]
    assert isinstance(type, GraphQLEnumType)
    assert {name: value.description for name, value in type.values.items()} == {
        term.name: term.definition for term in vocabulary.terms
    }


def test_kinds_of_entities_and_of_claims_are_one_enum() -> None:
    type = OWN["Kind"]
    assert isinstance(type, GraphQLEnumType)
    assert list(type.values) == [each.constant for part in (ONTOLOGY.kinds, ONTOLOGY.relations) for each in part]
    assert {name: OWN[TYPENAMES[name]].name for name in type.values} == TYPENAMES


# Species


def test_every_field_below_the_roots_has_its_species_and_no_other_has_one() -> None:
    assert set(SPECIES) == {(name, field) for name, type in OUTPUTS.items() for field in type.fields}


def test_claims_are_counted_by_marked_properties_ends_roles_open_terms_sources_and_speakers() -> None:
    for relation in ONTOLOGY.relations:
        marked = [constant(prop.name) for prop in relation.props if prop.counted]
        slots = [slot.name for slot in relation.slots]
        assert list(_values(f"{relation.name}Facet")) == [*marked, *slots, "SOURCE", "ATTRIBUTED_TO"]
        assert SPECIES[f"{relation.name}Connection", "facets"] == Measure("facets")
    assert {"ROLE", "TO", "THEATRE"} <= _values("AppointmentFacet").keys()
    assert list(_values("ClaimFacet")) == ["KIND", "SOURCE", "ATTRIBUTED_TO"]
    assert not any((f"{kind.name}Connection", "facets") in SPECIES for kind in ONTOLOGY.kinds)


def _values(enum: str) -> dict[str, object]:
    type = OWN[enum]
    assert isinstance(type, GraphQLEnumType)
    return dict(type.values)


def test_what_is_counted_by_is_a_code_that_every_engine_orders_alike() -> None:
    counted = [prop for relation in ONTOLOGY.relations for prop in relation.props if prop.counted]
    assert counted
    free = replace(counted[0], type="text", indexed=True)
    by_text = replace(ONTOLOGY.relations[0], props=(free,))
    with pytest.raises(ValueError, match="count by codes alone"):
        choices(by_text)
    assert all(prop.indexed for prop in counted)


def test_a_species_fits_the_published_type() -> None:
    for (name, field), species in SPECIES.items():
        type = OUTPUTS[name].fields[field].type
        composite = is_composite_type(get_named_type(type))
        bare = type.of_type if is_non_null_type(type) else type
        if isinstance(species, Leaf | Inside | Filler):
            assert is_list_type(bare) is species.many, (name, field)
            assert composite is not isinstance(species, Leaf), (name, field)
            assert not species.many or is_non_null_type(type), f"{name}.{field} is a list that may be null"
        if isinstance(species, Link):
            assert is_non_null_type(type), (name, field)
            assert composite, (name, field)


def test_what_fills_a_claim_comes_along_with_its_row() -> None:
    roles = tuple(role.name for role in ONTOLOGY.roles)
    assert SPECIES["Involved", "node"] == Filler("node", "involves.node", roles)
    assert SPECIES["Citation", "source"] == Filler("source", "citations.source", ("SOURCE",))
    assert SPECIES["Anchor", "node"] == Filler("node", "during.anchors.node", ("ANCHOR",))
    assert SPECIES["Claim", "conflictsWith"] == Filler("conflictsWith", "conflictsWith", ("CONFLICTS_WITH",), many=True)
    for relation in ONTOLOGY.relations:
        ends = tuple(slot.name for slot in relation.ends)
        assert SPECIES[relation.name, "ends"] == Filler("ends", "ends", ends, many=True)
        for slot in relation.slots:
            assert SPECIES[relation.name, slot.field] == Filler(slot.field, slot.field, (slot.name,), slot.many)


def test_a_key_of_a_document_is_a_field_of_its_type() -> None:
    """What the stores keep and what the schema publishes are one shape, key by key."""
    entity = Entity("Source:a", "Source", "A", description="One.", props={"title": "A"})
    source, locator = "Source:a", "p. 1"
    timed = documents.Timed(UNDATED, "UNKNOWN", "UNKNOWN", None)
    for relation in ONTOLOGY.relations:
        ends = {slot.name: ("Source:a",) for slot in relation.slots}
        claim = Claim("a/1", relation.name, ends, (Citation(source, locator),), "It is so.")
        for key in documents.claim_document(claim, timed):
            assert (relation.name, key) in SPECIES
    for key in documents.entity_document(entity):
        assert ("Source", key) in SPECIES


# Descriptions


def test_every_type_field_and_enum_value_is_described() -> None:
    silent = [name for name, type in OWN.items() if not type.description]
    for name, type in OWN.items():
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            silent += [f"{name}.{key}" for key, field in type.fields.items() if not field.description]
        if isinstance(type, GraphQLEnumType):
            silent += [f"{name}.{key}" for key, value in type.values.items() if not value.description]
    assert silent == []


def test_every_argument_is_described_where_its_field_is_declared_first() -> None:
    query = OWN["Query"]
    assert isinstance(query, GraphQLObjectType)
    silent = [f"{n}({a})" for n, field in query.fields.items() for a, arg in field.args.items() if not arg.description]
    firsts = (OUTPUTS["Entity"], OUTPUTS["ClaimConnection"])
    told = {arg for type in firsts for field in type.fields.values() for arg, a in field.args.items() if a.description}
    for type in OUTPUTS.values():
        silent += [f"{type.name}.{n}({a})" for n, field in type.fields.items() for a in field.args if a not in told]
    assert silent == []


def test_scalars_beyond_the_standard_ones_say_by_which_standard_they_are_read() -> None:
    own = {n: t for n, t in OWN.items() if isinstance(t, GraphQLScalarType) and n in SCALARS and n in ("EDTF", "Date")}
    assert len(own) == 2
    assert all(type.specified_by_url for type in own.values())


def test_wrappers_do_not_nest_beyond_a_list_of_items() -> None:
    """`is_list_type` of a list of lists would fool the projection."""
    for type in OUTPUTS.values():
        for field in type.fields.values():
            bare = field.type.of_type if is_non_null_type(field.type) else field.type
            inner = bare.of_type if is_list_type(bare) else bare
            item = inner.of_type if is_non_null_type(inner) else inner
            assert not is_wrapping_type(item), (type.name, field)
