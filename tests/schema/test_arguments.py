"""Arguments, as GraphQL hands them over, → what is asked of the graph; and the errors of those that cannot be read."""

from collections.abc import Mapping
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, get_argument_values, get_variable_values, parse, validate

from api.schema import CORE, ROOTS, nested, paging, plain, reading, where
from api.schema.species import Link
from graph.dates import asked as span
from graph.dates import definite
from graph.errors import BadFilter, BadInput, BadPage, PeacegraphError
from graph.ontology.types import ALL, ENDS, ROLES
from graph.plan import Every, Ids, Neighbourhood, Order, Paging, Plan, Resolve, Search, Under
from graph.predicate import ALWAYS, At, Cmp, During, In, Match, Not, Owner
from graph.predicate import Any as AnyOf
from graph.reading import Reading


def arguments(question: str, variables: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    """The name of the one root field of a question and its arguments, as the planner receives them."""
    document = parse(question)
    assert validate(CORE, document) == []
    operation = document.definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    field = operation.selection_set.selections[0]
    assert isinstance(field, FieldNode)
    values = get_variable_values(CORE, operation.variable_definitions or (), dict(variables or {}))
    assert not isinstance(values, list), values
    query = CORE.query_type
    assert query is not None
    definition = query.fields[field.name.value]
    return field.name.value, get_argument_values(definition, field, values)


def asked(question: str, variables: Mapping[str, Any] | None = None) -> tuple[Any, Reading]:
    name, given = arguments(question, variables)
    return ROOTS[name](given)


# Pages


@pytest.mark.parametrize(
    ("given", "page"),
    [
        ({}, Paging(50)),
        ({"first": 1}, Paging(1)),
        ({"first": 500}, Paging(500)),
        ({"first": 3, "after": "c"}, Paging(3, cursor="c")),
        ({"after": "c"}, Paging(50, cursor="c")),
        ({"last": 3}, Paging(3, backward=True)),
        ({"last": 3, "before": "c"}, Paging(3, backward=True, cursor="c")),
        ({"before": "c"}, Paging(50, backward=True, cursor="c")),
        ({"first": 2, "after": None, "last": None, "before": None}, Paging(2)),
    ],
)
def test_a_page_is_read_forwards_with_first_and_backwards_with_last(given: dict[str, Any], page: Paging) -> None:
    assert paging(given) == page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"first": 0}, "first is 0; 1 to 500 pass"),
        ({"first": -1}, "first is -1; 1 to 500 pass"),
        ({"first": 501}, "first is 501; 1 to 500 pass"),
        ({"first": 10**6}, "first is 1000000; 1 to 500 pass"),
        ({"last": 0}, "last is 0; 1 to 500 pass"),
        ({"last": 501, "before": "c"}, "last is 501; 1 to 500 pass"),
        ({"first": 1, "last": 1}, "first and last do not go together"),
        ({"first": 1, "before": "c"}, "first and before do not go together"),
        ({"last": 1, "after": "c"}, "after and last do not go together"),
        ({"after": "c", "before": "d"}, "after and before do not go together"),
    ],
)
def test_any_other_page_is_refused_and_told_what_would_pass(given: dict[str, Any], message: str) -> None:
    with pytest.raises(BadPage, match=message) as caught:
        paging(given)
    assert caught.value.code == "BAD_PAGE"
    assert "pass" in caught.value.message or "first with after" in caught.value.message


# The reading


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{}", Reading()),
        ('{ sources: ["Source:a", "Source:b", "Source:a"] }', Reading(sources=("Source:a", "Source:b"))),
        ("{ release: 3 }", Reading(release=3)),
        ('{ asOf: { date: "2012-06" } }', Reading(as_of=During("overlaps", (definite(*span("2012-06")),)))),
        ('{ asOf: { node: "Event:x" } }', Reading(as_of=During("overlaps", (), "Event:x"))),
        ("{ match: UNDATED }", Reading(match=Match.UNDATED)),
        ("{ polarity: [ASSERTED, DENIED] }", Reading(polarity=("ASSERTED", "DENIED"))),
        ("{ polarity: DENIED }", Reading(polarity=("DENIED",))),
        ("{ modality: [PLANNED] }", Reading(modality=("PLANNED",))),
        ("{ certainty: [ALLEGATION] }", Reading(certainty=("ALLEGATION",))),
    ],
)
def test_a_reading_replaces_what_it_names_and_keeps_the_rest(given: str, expected: Reading) -> None:
    assert asked(f"{{ claims(reading: {given}) {{ totalCount }} }}")[1] == expected


@pytest.mark.parametrize("name", [name for name, root in ROOTS.items() if root.arguments])
def test_every_root_takes_the_reading(name: str) -> None:
    needed: dict[str, Any] = {each.name: each.default for each in ROOTS[name].arguments if each.default is not None} | {
        "id": "X:a",
        "ids": ["X:b"],
        "text": "c",
        "names": ["d"],
        "reading": {"polarity": ["DENIED"]},
    }
    assert ROOTS[name](needed)[1] == Reading(polarity=("DENIED",))


@pytest.mark.parametrize(
    ("given", "code", "message"),
    [
        (None, "BAD_FILTER", "reading is null"),
        ([], "BAD_FILTER", "reading must be an object"),
        ({"source": ["a"]}, "BAD_FILTER", r"reading\.source is not a field of Reading; it has sources, release"),
        ({"sources": []}, "BAD_FILTER", r"reading\.sources holds 0 values; 1 to 1000 pass"),
        ({"sources": ["a"] * 1001}, "BAD_FILTER", r"reading\.sources holds 1001 values; 1 to 1000 pass"),
        ({"sources": None}, "BAD_FILTER", r"reading\.sources is null"),
        ({"sources": ["a", None]}, "BAD_FILTER", r"reading\.sources\[1\] is null"),
        ({"release": None}, "BAD_FILTER", r"reading\.release is null"),
        ({"release": 0}, "BAD_FILTER", r"reading\.release is 0; the number of a release passes"),
        ({"match": None}, "BAD_FILTER", r"reading\.match is null"),
        ({"match": "RESIDUE"}, "BAD_FILTER", r"reading\.match: RESIDUE is not known; CERTAIN, POSSIBLE, UNDATED pass"),
        ({"polarity": []}, "BAD_FILTER", r"reading\.polarity holds 0 values"),
        ({"polarity": ["MAYBE"]}, "BAD_FILTER", r"reading\.polarity: MAYBE is not known; ASSERTED, DENIED pass"),
        ({"asOf": {}}, "BAD_FILTER", r"reading\.asOf takes exactly one of date and node"),
        ({"asOf": {"date": "2012", "node": "X:a"}}, "BAD_FILTER", "exactly one"),
        ({"asOf": {"date": None}}, "BAD_FILTER", r"reading\.asOf\.date is null"),
        ({"asOf": {"date": "2011-02-29"}}, "BAD_DATE", r"reading\.asOf\.date: "),
        ({"asOf": {"date": ""}}, "BAD_DATE", r"reading\.asOf\.date: "),
    ],
)
def test_a_reading_that_cannot_be_read_is_refused_by_its_path(given: Any, code: str, message: str) -> None:
    with pytest.raises(PeacegraphError, match=message) as caught:
        reading({"reading": given})
    assert caught.value.code == code


# Filters


def test_filters_arrive_under_their_graphql_names_with_enums_as_names() -> None:
    question = """query ($to: ActorWhere) { appointments(where: {
        from: { name: { eq: "Élysée" } }, to: $to, not: { role: { in: [SRSG] } }, and: [{ id: { isNull: false } }] })
        { totalCount } }"""
    name, given = arguments(question, {"to": {"or": [{"kind": {"eq": "MISSION"}}]}})
    assert name == "appointments"
    assert plain(given)["where"] == {
        "from": {"name": {"eq": "Élysée"}},
        "to": {"or": [{"kind": {"eq": "MISSION"}}]},
        "not": {"role": {"in": ["SRSG"]}},
        "and": [{"id": {"isNull": False}}],
    }


def test_a_filter_means_what_the_grammar_says() -> None:
    plan, _ = asked('{ appointments(where: { not: { to: { id: { eq: "Mission:a" } } } }) { totalCount } }')
    assert plan.where == Not(At("TO", Cmp("id", "eq", "Mission:a")))


def test_no_filter_lets_every_row_in() -> None:
    assert where("Claim", {}) == ALWAYS


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("where: null", "where is null"),
        ("where: { and: [{ to: { name: null } }] }", r"where\.and\[0\]\.to\.name is null"),
    ],
)
def test_a_null_filter_is_an_error_that_names_its_path_and_never_everything(given: str, path: str) -> None:
    with pytest.raises(BadFilter, match=path):
        asked(f"{{ appointments({given}) {{ totalCount }} }}")


@pytest.mark.parametrize("text", ['{ date: "2012", node: "X:a" }', "{}", "{ date: null }"])
def test_a_question_of_time_takes_exactly_one_of_its_fields(text: str) -> None:
    errors = validate(CORE, parse(f"{{ claims(reading: {{ asOf: {text} }}) {{ totalCount }} }}"))
    assert len(errors) == 1, "said once, by GraphQL's own validation"
    assert "When" in errors[0].message


def test_exactly_one_field_of_time_holds_for_variables_too() -> None:
    operation = parse("query ($at: When) { claims(reading: { asOf: $at }) { totalCount } }").definitions[0]
    assert isinstance(operation, OperationDefinitionNode)
    both = get_variable_values(CORE, operation.variable_definitions or (), {"at": {"date": "2012", "node": "X:a"}})
    assert isinstance(both, list)
    assert len(both) == 1
    one = get_variable_values(CORE, operation.variable_definitions or (), {"at": {"date": "2012"}})
    assert not isinstance(one, list)


# Characters that no store can hold


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a\0b", r"where\.name\.eq holds U\+0000, which no text, name or id contains; leave it out"),
        ("\ud800", r"where\.name\.eq holds U\+D800.*write the character itself"),
        ("x\udfff", r"U\+DFFF"),
    ],
)
def test_nul_and_half_a_surrogate_pair_are_refused_wherever_they_stand(value: str, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        ROOTS["missions"]({"where": {"name": {"eq": value}}})
    assert caught.value.code == "BAD_INPUT"
    caught.value.message.encode()  # the message itself can be sent


def test_nul_written_as_an_escape_in_a_document_is_refused() -> None:
    with pytest.raises(BadInput, match=r"ids\[1\] holds U\+0000"):
        asked('{ nodes(ids: ["a", "\\u0000"]) { id } }')


def test_every_other_character_passes() -> None:
    assert plain("𝔘 – \t\n é 中") == "𝔘 – \t\n é 中"


# Roots


def test_a_list_of_a_kind_reads_every_row_of_its_label_by_name() -> None:
    plan, held = asked("{ missions { totalCount } }")
    assert plan == Plan(0, "missions", "entity", Every("Mission"), paging=Paging(50))
    assert held == Reading()


def test_a_list_of_a_relation_reads_claims_by_time_and_knows_its_relation() -> None:
    plan, _ = asked("{ appointments(orderBy: START_DESC, last: 2) { totalCount } }")
    assert plan == Plan(
        0,
        "appointments",
        "claim",
        Every("Appointment"),
        order=Order.START_DESC,
        paging=Paging(2, backward=True),
        relation="Appointment",
    )


@pytest.mark.parametrize(
    ("root", "label", "of"),
    [("entities", "Entity", "entity"), ("actors", "Actor", "entity"), ("claims", "Claim", "claim")],
)
def test_lists_of_several_kinds_read_their_common_label(root: str, label: str, of: str) -> None:
    plan, _ = asked(f"{{ {root} {{ totalCount }} }}")
    assert (plan.start, plan.of, plan.relation) == (Every(label), of, None)


def test_a_node_is_read_by_id_from_the_table_that_its_id_tells() -> None:
    assert asked('{ node(id: "Mission:a") { id } }')[0] == Plan(0, "node", "entity", Ids(("Mission:a",)))
    assert asked('{ node(id: "paper/1") { id } }')[0].of == "claim"


def test_nodes_are_two_plans() -> None:
    (entities, claims), _ = asked('{ nodes(ids: ["paper/1", "Mission:a", "Term:x/y"]) { id } }')
    assert (entities.of, entities.start) == ("entity", Ids(("Mission:a", "Term:x/y")))
    assert (claims.of, claims.start) == ("claim", Ids(("paper/1",)))


def test_a_search_takes_words_kinds_and_a_size() -> None:
    found, _ = asked('{ search(text: "Zaïre", kinds: [UN_ENTITY, PART_OF]) { truncated } }')
    assert isinstance(found, Search)
    assert (found.text, found.kinds, found.size, found.strict) == ("Zaïre", ("UN_ENTITY", "PART_OF"), 20, False)
    found, _ = asked('{ search(text: "Zaïre", strict: true) { truncated } }')
    assert isinstance(found, Search)
    assert (found.kinds, found.strict) == ((), True)


def test_names_are_resolved_in_the_order_asked_each_as_often_as_asked() -> None:
    found, _ = asked('{ resolve(names: ["Zaïre", "OAU in 2010", "Zaïre"], kinds: [STATE], strict: true) { asked } }')
    assert isinstance(found, Resolve)
    assert (found.names, found.kinds, found.strict) == (("Zaïre", "OAU in 2010", "Zaïre"), ("STATE",), True)


def test_a_network_takes_its_bounds() -> None:
    found, _ = asked('{ neighbourhood(ids: ["Mission:a"], relations: [APPOINTMENT], direction: IN) { truncated } }')
    assert isinstance(found, Neighbourhood)
    assert (found.ids, found.relations, found.direction) == (("Mission:a",), ("APPOINTMENT",), "IN")
    assert (found.depth, found.roles, found.most_nodes, found.most_edges) == (1, False, 500, 2000)


def test_the_data_set_asks_nothing_of_the_store() -> None:
    assert ROOTS["dataset"]({}) == (None, Reading())


@pytest.mark.parametrize(
    ("question", "code", "message"),
    [
        ("nodes(ids: []) { id }", "BAD_INPUT", "ids names 0 nodes; 1 to 1000 pass"),
        ('search(text: " – ") { truncated }', "BAD_INPUT", "text holds no letter"),
        ('search(text: "a", first: 0) { truncated }', "BAD_PAGE", "first is 0; 1 to 500 pass"),
        ('search(text: "a", first: null) { truncated }', "BAD_PAGE", "first is null; 1 to 500 pass"),
        ('search(text: "a", kinds: []) { truncated }', "BAD_INPUT", "kinds is an empty list; leave it out"),
        ('search(text: "a", strict: null) { truncated }', "BAD_INPUT", "strict is not null"),
        (f'search(text: "{"a" * 201}") {{ truncated }}', "COST_EXCEEDED", "text has 201 characters; 200 pass"),
        ("resolve(names: []) { asked }", "BAD_INPUT", "names is an empty list; 1 to 100 names pass"),
        ("resolve(names: [" + '"a", ' * 101 + "]) { asked }", "COST_EXCEEDED", "names holds 101 names; 100 pass"),
        (
            f'resolve(names: ["a", "{"b" * 201}"]) {{ asked }}',
            "COST_EXCEEDED",
            r"names\[1\] has 201 characters; 200 pass",
        ),
        ('resolve(names: ["a"], kinds: [PART_OF]) { asked }', "BAD_INPUT", "kinds: PART_OF does not pass here"),
        ("neighbourhood(ids: []) { truncated }", "BAD_INPUT", "ids names 0 nodes"),
        ('neighbourhood(ids: ["X:a"], depth: 0) { truncated }', "BAD_INPUT", "depth is 0; 1 to 4 pass"),
        ('neighbourhood(ids: ["X:a"], depth: 5) { truncated }', "BAD_INPUT", "depth is 5; 1 to 4 pass"),
        ('neighbourhood(ids: ["X:a"], depth: null) { truncated }', "BAD_INPUT", "depth is null; 1 to 4 pass"),
        ('neighbourhood(ids: ["X:a"], maxNodes: 2001) { truncated }', "BAD_INPUT", "maxNodes is 2001; 1 to 2000 pass"),
        ('neighbourhood(ids: ["X:a"], maxEdges: 8001) { truncated }', "BAD_INPUT", "maxEdges is 8001; 1 to 8000 pass"),
        (
            'neighbourhood(ids: ["X:a", "X:b"], maxNodes: 1) { truncated }',
            "BAD_INPUT",
            "ids names 2 nodes; 1 to 1 pass",
        ),
        ('neighbourhood(ids: ["p/1"]) { truncated }', "BAD_INPUT", "p/1 is the id of a claim"),
        ('neighbourhood(ids: ["X:a"], relations: [MISSION]) { truncated }', "BAD_INPUT", "MISSION does not pass"),
        ('neighbourhood(ids: ["X:a"], direction: null) { truncated }', "BAD_INPUT", "leave them out"),
    ],
)
def test_a_root_says_what_would_pass(question: str, code: str, message: str) -> None:
    with pytest.raises(PeacegraphError, match=message) as caught:
        asked(f"{{ {question} }}")
    assert caught.value.code == code


def test_a_thousand_nodes_pass_and_ten_thousand_do_not() -> None:
    question = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert asked(question, {"ids": [f"Mission:{i}" for i in range(1_000)]})
    with pytest.raises(BadInput, match="ids names 10000 nodes; 1 to 1000 pass"):
        asked(question, {"ids": [f"Mission:{i}" for i in range(10_000)]})


# Connections under an entity


def test_a_connection_reads_the_claims_under_its_parents() -> None:
    plan = nested(Link("Appointment", "TO"), {"where": {"statement": {"contains": "x"}}, "first": 2, "after": "c"})
    assert (plan.start, plan.paging) == (Under("Appointment", "TO"), Paging(2, cursor="c"))
    assert plan.where == Cmp("statement", "contains", "x")
    assert (plan.relation, plan.order) == ("Appointment", Order.START_ASC)


def test_the_claims_of_an_entity_are_of_every_relation() -> None:
    plan = nested(Link(ALL, ENDS), {})
    assert (plan.start, plan.relation, plan.where) == (Under(ALL, ENDS), None, ALWAYS)


def test_one_role_is_where_the_page_starts_and_several_are_a_condition() -> None:
    one = nested(Link(ALL, ROLES), {"role": ["THEATRE"]})
    assert (one.start, one.where) == (Under(ALL, "THEATRE"), ALWAYS)
    two = nested(Link(ALL, ROLES), {"role": ["THEATRE", "EVENT"]})
    parent = Cmp("id", "eq", Owner())
    assert (two.start, two.where) == (Under(ALL, ROLES), AnyOf((At("THEATRE", parent), At("EVENT", parent))))


@pytest.mark.parametrize("roles", [[], None, ["NOBODY"]])
def test_no_role_at_all_is_refused(roles: object) -> None:
    with pytest.raises(BadFilter, match="role"):
        nested(Link(ALL, ROLES), {"role": roles})


def test_a_nested_filter_lists_values_as_one() -> None:
    plan = nested(Link("Appointment", "FROM"), {"where": {"role": {"in": ["SRSG", "ENVOY"]}}})
    assert plan.where == In("role", ("SRSG", "ENVOY"))
