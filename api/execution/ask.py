"""Arguments and branches → what is asked of the graph: the plans of one request, ready to be walked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLError,
    GraphQLField,
    NameNode,
    Node,
    StringValueNode,
    VariableNode,
)
from graphql.execution.values import VariableValues, get_argument_values

from api.execution.document import formatted
from api.execution.selected import Branch, RootChosen, Way
from api.schema import ROOTS, facet, is_storable, nested
from api.schema.roots import Asked
from graph.errors import BadInput, PeacegraphError
from graph.plan import Hop, Ids, Order, Paging, Plan, Root, Tally, Themselves, Under
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


class Given:
    """The arguments of a field, as GraphQL hands them over. What no variable decides is read once; a variable that is
    an argument as a whole, and has a value, is taken as it is, since it has been coerced to the type that is wanted."""

    __slots__ = ("_definition", "_node", "_rest", "_taken", "varies")

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition, self._node = definition, node
        self.varies = _varies(node)
        whole = {a.name.value: a.value.name.value for a in node.arguments or () if isinstance(a.value, VariableNode)}
        self._taken = whole if len(whole) == sum(_varies(a) for a in node.arguments or ()) else None
        self._rest: Arguments | None = None

    def __call__(self, values: VariableValues) -> Arguments:
        """The arguments with these variables. Raises ArgumentFault."""
        if self._rest is not None and self._taken is not None:
            known = values.coerced
            taken = {name: known.get(variable) for name, variable in self._taken.items()}
            if None not in taken.values():
                return {**self._rest, **taken}
        try:
            read = get_argument_values(self._definition, self._node, values)
        except GraphQLError as fault:
            raise ArgumentFault(fault) from None
        if self._taken is not None:
            self._rest = {name: value for name, value in read.items() if name not in self._taken}
        return read


def _varies(node: Node) -> bool:
    """Whether the arguments of a field, or the value of an argument, hold a variable."""
    left: list[Any] = [argument.value for argument in getattr(node, "arguments", None) or ()]
    left += [node.value] if isinstance(node, ArgumentNode) else ()
    while left:
        value = left.pop()
        if isinstance(value, VariableNode):
            return True
        left += getattr(value, "values", ())
        left += (each.value for each in getattr(value, "fields", ()))
    return False


class Asker:
    """What a root field asks, as far as its selection decides it. Called with the variables of a request it gives the
    question; raises BadInput."""

    __slots__ = ("_fixed", "_given", "_read", "branches")

    def __init__(self, root: RootChosen) -> None:
        assert root.definition is not None
        self._read = ROOTS[root.name]
        self._given = Given(root.definition, root.nodes[0])
        self.branches = tuple(_Branch(branch) for branch in root.branches)
        self._fixed: Question | None = None

    def __call__(self, values: VariableValues) -> Question:
        if self._fixed is not None:
            return self._fixed
        given = self._given(values)
        asked, reading = _asked(self._read(given))
        made: list[Root] = []
        for each in asked:
            if isinstance(each, Plan):
                branch = next(branch for branch in self.branches if branch.of == each.of)
                if not isinstance(each.start, Ids) or each.start.ids:
                    made.append(branch.completed(each, values))
            else:
                entities, claims = self.branches
                plans = entities.completed(each.entities, values), claims.completed(each.claims, values)
                made.append(replace(each, entities=plans[0], claims=plans[1]))
        question = Question(tuple(made), reading, given)
        if not self._given.varies and not any(branch.varies for branch in self.branches):
            self._fixed = question
        return question


class Point:
    """An operation that is one node by its id, and of it nothing but what its document holds: all that is asked is
    known but for the id."""

    __slots__ = ("_id", "_variable")

    def __init__(self, id: str | None, variable: str | None) -> None:
        self._id, self._variable = id, variable

    @classmethod
    def of(cls, root: RootChosen, asker: Asker) -> "Point | None":
        """The point that a root is, if it is one."""
        if not ROOTS[root.name].one or not all(branch.adds_nothing for branch in asker.branches):
            return None
        match root.nodes[0].arguments:
            case (ArgumentNode(name=NameNode(value="id"), value=VariableNode(name=NameNode(value=variable))),):
                return cls(None, variable)
            case (ArgumentNode(name=NameNode(value="id"), value=StringValueNode(value=id)),):
                return cls(id, None)
        return None

    def id(self, values: VariableValues) -> str | None:
        """The id that is asked for; None where it is none."""
        id = self._id if self._variable is None else values.coerced.get(self._variable)
        return id if isinstance(id, str) and is_storable(id) else None


class _Branch:
    """A branch with what its selection adds to its plan. Ways on that no variable decides are made once."""

    __slots__ = ("_branch", "_facets", "_fixed", "_given", "_varies_below", "_ways", "fill", "of", "varies")

    def __init__(self, branch: Branch) -> None:
        self.of = branch.of
        self._branch = branch
        self.fill = tuple(branch.fill)
        self._given = Given(branch.field, branch.node) if branch.field and branch.node else None
        self._ways: tuple[tuple[Way, _Branch], ...] = tuple((way, _Branch(way.branch)) for way in branch.ways.values())
        self._facets = tuple(Given(field, node) for field, node in branch.facets)
        self._varies_below: bool = any(below.varies for _, below in self._ways)
        own = (*self._facets, self._given) if self._given else self._facets
        self.varies: bool = self._varies_below or any(given.varies for given in own)
        self._fixed: tuple[Hop, ...] | None = None

    @property
    def adds_nothing(self) -> bool:
        """Whether its rows' documents hold all that is wanted."""
        branch = self._branch
        counted = branch.counted or branch.facts_counted or branch.facets or branch.left_out or branch.absence
        return not (branch.fill or branch.ways or branch.marked or branch.traced or counted)

    def completed(self, plan: Plan, values: VariableValues) -> Plan:
        """The plan with what the selection adds to it: number, fill, ways on, measures. A page of which no row is
        wanted is not read."""
        branch, paging = self._branch, plan.paging
        if paging is not None and not branch.rows:
            paging = Paging(0, paging.backward, paging.cursor)
        return replace(
            plan,
            number=branch.number,
            path=branch.path,
            paging=paging,
            fill=self.fill,
            hops=self._hops(values),
            marked=branch.marked,
            traced=branch.traced,
            counted=branch.counted,
            facts_counted=branch.facts_counted,
            facets=self._tallies(plan, values),
            left_out=branch.left_out,
            absence=branch.absence,
        )

    def _tallies(self, plan: Plan, values: VariableValues) -> tuple[Tally, ...]:
        try:
            return tuple(facet(plan.relation, self._branch.link, given(values)) for given in self._facets)
        except ArgumentFault:
            raise
        except PeacegraphError as error:
            raise type(error)(f"{self._branch.path}.{error.message}") from None

    def _hops(self, values: VariableValues) -> tuple[Hop, ...]:
        if self._fixed is not None:
            return self._fixed
        hops = tuple(
            Hop(way.via, branch.completed(branch._start(values), values), _kinds(self._branch, way))
            for way, branch in self._ways
        )
        if not self._varies_below:
            self._fixed = hops
        return hops

    def _start(self, values: VariableValues) -> Plan:
        branch = self._branch
        if branch.link is None:
            return Plan(number=0, path="", of=branch.of, start=Themselves())
        if self._given is None:  # the claims of facts, all of them
            start = Under(branch.link.relation, branch.link.slot)
            return Plan(number=0, path="", of=branch.of, start=start, order=Order.START_ASC)
        try:
            return nested(branch.link, self._given(values))
        except ArgumentFault:
            raise
        except PeacegraphError as error:
            raise type(error)(f"{branch.path}: {error.message}") from None


def _kinds(branch: Branch, way: Way) -> frozenset[str] | None:
    """The kinds that a way is for; None if nothing else stands there."""
    return None if way.kinds is None or way.kinds >= branch.reach.get(way.via, set()) else frozenset(way.kinds)


def _asked(given: Asked) -> tuple[tuple[Root, ...], Reading]:
    asked, reading = given
    if asked is None:
        return (), reading
    return (asked if isinstance(asked, tuple) else (asked,)), reading
