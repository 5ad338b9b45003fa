"""Each relation and each kind that the ontology declares is asked for in every way: as a root field, under its ends, by
each property, in order, and counted. What is expected is worked out from the documents."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pytest

from api.execution.execute import Engine
from graph.names import fold
from graph.ontology import ONTOLOGY
from graph.ontology.types import Kind, Prop, Relation, Slot, Vocabulary
from tests.execution.engine import data
from tests.execution.reference import Reference

Document = Mapping[str, Any]

READING: Final = (
    "reading: { polarity: [ASSERTED, DENIED], modality: [ACTUAL, PLANNED, CALLED_FOR], "
    "certainty: [STATED, HEDGED, REPORTED, ALLEGATION] }"
)
"""Everything takes part."""

RELATIONS: Final = pytest.mark.parametrize("relation", ONTOLOGY.relations, ids=lambda relation: str(relation.name))
KINDS: Final = pytest.mark.parametrize("kind", ONTOLOGY.kinds, ids=lambda kind: str(kind.name))


def documents(reference: Reference, relation: Relation) -> list[Document]:
    found = [each for each in reference.documents.values() if each["kind"] == relation.constant]
    assert len(found) > 5
    return found


def among(value: object) -> tuple[Any, ...]:
    """What stands in a field: a list, one value, or nothing."""
    return tuple(value) if isinstance(value, list) else () if value is None else (value,)


def standing(found: Iterable[Document], slot: Slot) -> dict[str, set[str]]:
    """The claims by the node that stands in a slot."""
    by_node: dict[str, set[str]] = {}
    for each in found:
        for id in among(each.get(slot.field)):
            by_node.setdefault(id, set()).add(each["id"])
    return by_node


def ids(engine: Engine, field: str, where: str, order: str = "") -> list[str]:
    """The ids of a root field, which must be as many as it counts."""
    text = f"{{ {field}(first: 500, {READING}, where: {where}{order}) {{ totalCount nodes {{ id }} }} }}"
    found = data(engine, text)[field]
    answer = [node["id"] for node in found["nodes"]]
    assert found["totalCount"] == len(answer)
    return answer


@RELATIONS
def test_a_relation_is_listed_with_all_that_it_holds(engine: Engine, reference: Reference, relation: Relation) -> None:
    slots = " ".join(f"{slot.field} {{ id }}" for slot in relation.slots)
    props = " ".join(prop.name for prop in relation.props)
    text = f"{{ {relation.field}(first: 500, {READING}) {{ nodes {{ id {slots} ends {{ id }} {props} }} }} }}"
    nodes = data(engine, text)[relation.field]["nodes"]
    wanted = {each["id"]: each for each in documents(reference, relation)}
    assert nodes
    assert {node["id"] for node in nodes} == wanted.keys()
    for node in nodes:
        document = wanted[node["id"]]
        for slot in relation.slots:
            filling = [each["id"] for each in among([node[slot.field]] if not slot.many else node[slot.field]) if each]
            assert filling == [*among(document.get(slot.field))]
        for prop in relation.props:
            assert node[prop.name] == document.get(prop.name, [] if prop.many else None)


@RELATIONS
def test_a_relation_stands_under_each_of_its_ends_by_its_name_there(
    engine: Engine, reference: Reference, relation: Relation
) -> None:
    for end in relation.ends:
        by_node = standing(documents(reference, relation), end)
        assert by_node
        for kind in ONTOLOGY.members(end.kinds):
            node = next((id for id in by_node if id.startswith(f"{kind.name}:")), None)
            if node is None:
                continue
            text = (
                f'{{ node(id: "{node}", {READING}) {{ ... on {kind.name} '
                f"{{ {end.back}(first: 500) {{ totalCount nodes {{ id }} }} }} }} }}"
            )
            found = data(engine, text)["node"][end.back]
            assert {each["id"] for each in found["nodes"]} == by_node[node]
            assert found["totalCount"] == len(by_node[node])


@RELATIONS
def test_entities_are_filtered_by_a_relation_under_them(
    engine: Engine, reference: Reference, relation: Relation
) -> None:
    for end in relation.ends:
        by_node = standing(documents(reference, relation), end)
        for kind in ONTOLOGY.members(end.kinds):
            wanted = {id for id in by_node if id.startswith(f"{kind.name}:")}
            assert set(ids(engine, kind.field, f"{{ {end.back}: {{ some: {{}} }} }}")) == wanted
            twice = {id for id in wanted if len(by_node[id]) > 1}
            assert set(ids(engine, kind.field, f"{{ {end.back}: {{ count: {{ gt: 1 }} }} }}")) == twice


def written(prop: Prop, value: object) -> str:
    return str(value) if isinstance(prop.type, Vocabulary) else json.dumps(value)


def equal(prop: Prop, one: object, other: object) -> bool:
    return fold(str(one)) == fold(str(other)) if prop.type == "text" else one == other


@RELATIONS
def test_a_relation_is_filtered_by_each_property(engine: Engine, reference: Reference, relation: Relation) -> None:
    found = documents(reference, relation)
    for prop in relation.props:
        assert prop.indexed
        values = sorted({value for each in found for value in among(each.get(prop.name))}, key=str)
        assert values, f"no claim has {prop.name}"
        for value in values[:4]:
            operand = f"{'has' if prop.many else 'eq'}: {written(prop, value)}"
            wanted = {d["id"] for d in found if any(equal(prop, value, v) for v in among(d.get(prop.name)))}
            assert set(ids(engine, relation.field, f"{{ {prop.name}: {{ {operand} }} }}")) == wanted
        if not prop.many:
            silent = {each["id"] for each in found if each.get(prop.name) is None}
            assert set(ids(engine, relation.field, f"{{ {prop.name}: {{ isNull: true }} }}")) == silent


@RELATIONS
def test_a_relation_is_filtered_by_each_slot(engine: Engine, reference: Reference, relation: Relation) -> None:
    found = documents(reference, relation)
    for slot in relation.slots:
        by_node = standing(found, slot)
        node = next(id for id in by_node if ":" in id)
        here = f'{{ id: {{ eq: "{node}" }} }}'
        if relation.symmetric and slot.end:
            where = f"{{ ends: {{ some: {here} }} }}"
        elif slot.end and slot.most == 1:
            where = f"{{ {slot.field}: {here} }}"
        else:
            where = f"{{ {slot.field}: {{ some: {here} }} }}"
        assert set(ids(engine, relation.field, where)) == by_node[node]


@RELATIONS
def test_a_relation_is_a_branch_of_any_claim_and_is_ordered_by_time(
    engine: Engine, reference: Reference, relation: Relation
) -> None:
    wanted = {each["id"] for each in documents(reference, relation)}
    branch = f"{relation.name[0].lower()}{relation.name[1:]}"
    earliest = ids(engine, "claims", f"{{ {branch}: {{}} }}", ", orderBy: START_ASC")
    assert set(earliest) == wanted
    assert ids(engine, relation.field, "{}", ", orderBy: START_ASC") == earliest
    latest = ids(engine, relation.field, "{}", ", orderBy: START_DESC")
    assert set(latest) == wanted
    for order, backwards in ((earliest, False), (latest, True)):
        days = [day(reference.documents[id]) for id in order]
        dated = [each for each in days if each]
        assert days == [*sorted(dated, reverse=backwards), *[None] * (len(days) - len(dated))]


def day(document: Document) -> str | None:
    """The day by which a claim is ordered; None where nothing is known of its time."""
    ends = (document["during"]["start"], document["during"]["end"])
    return next((each[which] for each in ends for which in ("earliest", "latest") if each[which]), None)


@KINDS
def test_a_kind_is_listed_and_is_a_branch_of_its_family_and_of_any_entity(
    engine: Engine, reference: Reference, kind: Kind
) -> None:
    wanted = {each["id"] for each in reference.documents.values() if each["kind"] == kind.constant}
    assert wanted
    branch = f"un{kind.name[2:]}" if kind.name.startswith("UN") else f"{kind.name[0].lower()}{kind.name[1:]}"
    assert set(ids(engine, kind.field, "{}")) == wanted
    assert set(ids(engine, f"{kind.family.lower()}s", f"{{ {branch}: {{}} }}")) == wanted
    assert set(ids(engine, "entities", f"{{ {branch}: {{}} }}")) == wanted
