"""Arguments and branches → what is asked of the graph: the plans of one request, ready to be walked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import FieldNode, GraphQLError, GraphQLField, VariableNode
from graphql.execution.values import VariableValues, get_argument_values

from api.execution.document import formatted
from api.execution.selected import Branch, RootChosen
from api.schema import ROOTS, nested
from api.schema.roots import Asked
from graph.errors import BadInput, PeacegraphError
from graph.plan import Hop, Ids, Paging, Plan, Root, Themselves
from graph.reading import Reading

Arguments = Mapping[str, Any]


class ArgumentFault(BadInput):
    """An argument that graphql-core refused."""

    def __init__(self, fault: GraphQLError) -> None:
        self.entry = formatted(fault, self.code)
        super().__init__(fault.message)


@dataclass(frozen=True, slots=True)
class Question:
    """What one root field asks: its roots for the walk (two of `nodes`, none of `dataset`), its reading, and its
    arguments."""

    roots: tuple[Root, ...]
    reading: Reading
    arguments: Arguments


def arguments(definition: GraphQLField, node: FieldNode, values: VariableValues) -> Arguments:
    """The arguments of a field as GraphQL hands them over. Raises ArgumentFault."""
    try:
        return get_argument_values(definition, node, values)
    except GraphQLError as fault:
        raise ArgumentFault(fault) from None


def varies(node: FieldNode) -> bool:
    """Whether the arguments of a field hold a variable."""
    left: list[Any] = [argument.value for argument in node.arguments or ()]
    while left:
        value = left.pop()
        if isinstance(value, VariableNode):
            return True
        left += getattr(value, "values", ())
        left += (each.value for each in getattr(value, "fields", ()))
    return False


def is_fixed(root: RootChosen) -> bool:
    """Whether what a root asks is the same for all variables."""
    left = list(root.branches)
    while left:
        branch = left.pop()
        if branch.node is not None and varies(branch.node):
            return False
        left += (way.branch for way in branch.ways.values())
    return not varies(root.nodes[0])


def ask(root: RootChosen, values: VariableValues) -> Question:
    """What a root field asks with these variables. Raises BadInput."""
    assert root.definition is not None
    given = arguments(root.definition, root.nodes[0], values)
    asked, reading = _asked(ROOTS[root.name](given))
    made: list[Root] = []
    for each in asked:
        if isinstance(each, Plan):
            branch = next(branch for branch in root.branches if branch.of == each.of)
            if not isinstance(each.start, Ids) or each.start.ids:
                made.append(_completed(each, branch, values))
        else:
            entities, claims = root.branches
            plans = _completed(each.entities, entities, values), _completed(each.claims, claims, values)
            made.append(replace(each, entities=plans[0], claims=plans[1]))
    return Question(tuple(made), reading, given)


def _asked(given: Asked) -> tuple[tuple[Root, ...], Reading]:
    asked, reading = given
    if asked is None:
        return (), reading
    return (asked if isinstance(asked, tuple) else (asked,)), reading


def _completed(plan: Plan, branch: Branch, values: VariableValues) -> Plan:
    """The plan with what the selection adds to it: number, fill, ways on, measures. A page of which no row is wanted is
    not read."""
    paging = plan.paging
    if paging is not None and not branch.rows:
        paging = Paging(0, paging.backward, paging.cursor)
    return replace(
        plan,
        number=branch.number,
        path=branch.path,
        paging=paging,
        fill=tuple(branch.fill),
        hops=tuple(_hops(branch, values)),
        marked=branch.marked,
        traced=branch.traced,
        counted=branch.counted,
        left_out=branch.left_out,
        absence=branch.absence,
    )


def _hops(branch: Branch, values: VariableValues) -> Any:
    for way in branch.ways.values():
        reach = branch.reach.get(way.via, set())
        kinds = None if way.kinds is None or way.kinds >= reach else frozenset(way.kinds)
        yield Hop(way.via, _completed(_start(way.branch, values), way.branch, values), kinds)


def _start(branch: Branch, values: VariableValues) -> Plan:
    if branch.link is None:
        return Plan(number=0, path="", of=branch.of, start=Themselves())
    assert branch.field is not None
    assert branch.node is not None
    try:
        return nested(branch.link, arguments(branch.field, branch.node, values))
    except ArgumentFault:
        raise
    except PeacegraphError as error:
        raise type(error)(f"{branch.path}: {error.message}") from None
