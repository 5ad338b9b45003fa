"""A document's selection → what is asked of the graph, and the shape of the answer.

Both come out of one pass over the selection, for every type that an object may have; fields that merge are one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
)

from api.execution.document import Operation, included
from api.execution.selected import NOWHERE, Branch, Chosen, Place, RootChosen, Shape, Way, rows_of
from api.schema.enums import TYPENAMES
from api.schema.species import Filler, Inside, Leaf, Link, Measure, Part, Species, Told
from graph.errors import CostExceeded
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, FACT
from graph.plan import Table
from graph.walk import FACETED, OTHER, VIA

MOST_NAMES: Final = 2_000
"""Selections of one type in one place that a document may come to: they are compiled one by one, 740 of them
in 14 ms. Fragments on many types, within one another, multiply them."""


def select(
    schema: GraphQLSchema, species: Mapping[tuple[str, str], Species], operation: Operation, values: Mapping[str, bool]
) -> tuple[RootChosen, ...]:
    """The roots of an operation, given the values of the variables in its @include and @skip. Raises CostExceeded."""
    return _Selector(schema, species, operation, values).roots()


class _Selector:
    def __init__(
        self,
        schema: GraphQLSchema,
        species: Mapping[tuple[str, str], Species],
        operation: Operation,
        values: Mapping[str, bool],
    ) -> None:
        self._schema = schema
        self._species = species
        self._operation = operation
        self._values = values
        self._number = 0
        self._names = 0
        self._shapes: dict[tuple[object, ...], Shape] = {}

    # ---- roots ------------------------------------------------------------------------------------------------------

    def roots(self) -> tuple[RootChosen, ...]:
        query = self._schema.query_type
        assert query is not None
        return tuple(
            self._root(query, key, nodes)
            for key, nodes in self._collected(query, [self._operation.node.selection_set]).items()
        )

    def _root(self, query: GraphQLObjectType, key: str, nodes: tuple[FieldNode, ...]) -> RootChosen:
        name = nodes[0].name.value
        if name.startswith("__"):
            return RootChosen(key, name, nodes, None, None)
        definition = query.fields[name]
        type = get_named_type(definition.type)
        if (rows := _rows_of(type)) is not None:
            branch = self._branch(_table(self._possible(rows)[0]), key)
            shape = self._connection(branch, type, nodes)
            return RootChosen(key, name, nodes, definition, shape, (branch,))
        tables = {_table(each) for each in self._possible(type)} if isinstance(type, GraphQLInterfaceType) else set()
        if tables or _lists_nodes(type, self._species):
            both = self._branch("entity", key), self._branch("claim", key)
            for branch in both:
                branch.rows = True
            return RootChosen(key, name, nodes, definition, self._shape(Place(*both), type, nodes), both)
        return RootChosen(key, name, nodes, definition, self._shape(NOWHERE, type, nodes))

    def _branch(self, of: Table, path: str, **more: Any) -> Branch:
        self._number += 1
        return Branch(self._number, of, path, **more)

    # ---- fields -----------------------------------------------------------------------------------------------------

    def _possible(self, type: GraphQLNamedType) -> Sequence[GraphQLObjectType]:
        if isinstance(type, GraphQLInterfaceType):
            return self._schema.get_possible_types(type)
        assert isinstance(type, GraphQLObjectType)
        return (type,)

    def _collected(
        self, type: GraphQLObjectType, selections: Iterable[SelectionSetNode]
    ) -> dict[str, tuple[FieldNode, ...]]:
        """The fields that are selected of a type, by response key, in order; a fragment counts once."""
        found: dict[str, list[FieldNode]] = {}
        spread: set[str] = set()
        for each in selections:
            self._collect(type, each, found, spread)
        return {key: tuple(nodes) for key, nodes in found.items()}

    def _collect(
        self, type: GraphQLObjectType, selections: SelectionSetNode, found: dict[str, list[FieldNode]], spread: set[str]
    ) -> None:
        for node in selections.selections:
            if not included(node, self._values):
                continue
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
                continue
            inner: Any = node
            if isinstance(node, FragmentSpreadNode):
                if node.name.value in spread:
                    continue
                inner = self._operation.document.fragments[node.name.value]
            if self._applies(inner, type):
                if isinstance(node, FragmentSpreadNode):
                    spread.add(node.name.value)
                self._collect(type, inner.selection_set, found, spread)

    def _applies(self, node: InlineFragmentNode, type: GraphQLObjectType) -> bool:
        if node.type_condition is None or node.type_condition.name.value == type.name:
            return True
        on = self._schema.get_type(node.type_condition.name.value)
        return isinstance(on, GraphQLInterfaceType) and self._schema.is_sub_type(on, type)

    def _inner(self, type: GraphQLObjectType, nodes: tuple[FieldNode, ...]) -> dict[str, tuple[FieldNode, ...]]:
        self._names += 1
        if self._names > MOST_NAMES:
            path = (nodes[0].alias or nodes[0].name).value
            raise CostExceeded(
                f"At {path} the document comes to more than {MOST_NAMES} selections, one for each type in each place; "
                "ask for fewer types at once, or follow fewer relations"
            )
        return self._collected(type, [node.selection_set for node in nodes if node.selection_set])

    # ---- entities, claims, and what stands inside them --------------------------------------------------------------

    def _shape(self, place: Place, type: GraphQLNamedType, nodes: tuple[FieldNode, ...]) -> Shape:
        """What is selected of the objects at a place."""
        entities, claims, via, of = place
        known = (id(entities), id(claims), via, of, type.name, *map(id, nodes))
        shape = self._shapes.get(known)
        if shape is None:
            shape = self._shapes[known] = Shape({})
            for each in self._possible(type):
                if each.name in _CONSTANTS and (branch := _at(place, each.name)) is not None:
                    branch.reach.setdefault(via, set()).add(_CONSTANTS[each.name])
                shape.cases[each.name] = tuple(
                    self._chosen(place, each, key, group) for key, group in self._inner(each, nodes).items()
                )
        return shape

    def _chosen(self, place: Place, type: GraphQLObjectType, key: str, nodes: tuple[FieldNode, ...]) -> Chosen:
        name = nodes[0].name.value
        chosen = Chosen(key, type.name, name, nodes)
        if name == "__typename":
            return chosen
        chosen.definition, chosen.species = type.fields[name], self._species[type.name, name]
        target = get_named_type(chosen.definition.type)
        match chosen.species:
            case Leaf():
                pass
            case Inside():
                branch = _at(place, type.name)
                inner = Place(branch, branch, place.via, _TABLES.get(type.name, place.of)) if branch else place
                chosen.shape = self._shape(inner, target, nodes)
            case Filler() as filler:
                self._filler(place, chosen, filler, target)
            case Told(key):
                self._fact(place, chosen, key, target)
            case Link() as link:
                chosen.branch = self._link(place, chosen, link)
                chosen.shape = self._connection(chosen.branch, target, nodes)
            case Part() | Measure():
                raise AssertionError(f"{type.name}.{name} stands in no connection")
        return chosen

    def _filler(self, place: Place, chosen: Chosen, filler: Filler, target: GraphQLNamedType) -> None:
        """Nodes whose ids the document holds. Their documents come along with a row, or need a way on: from what is
        itself no row, its rows are read first."""
        nodes, (entities, claims, via, of) = chosen.nodes, place
        branch = _at(place, chosen.type)
        if branch is None:  # a list of nodes that the root itself found
            chosen.shape = self._shape(Place(entities, claims), target, nodes)
            return
        if self._is_bare(target, nodes):
            chosen.bare, chosen.shape = True, self._shape(NOWHERE, target, nodes)
            return
        if not filler.path:  # the rows of the place
            chosen.shape = self._shape(rows_of(branch), target, nodes)
            return
        if via is not None:
            branch = self._themselves(branch, via, _TABLES.get(chosen.type, of or branch.of), chosen.type)
        if filler.slots:
            branch.fill |= dict.fromkeys(filler.slots)
            chosen.shape = self._shape(rows_of(branch, filler.path), target, nodes)
        else:
            further = self._themselves(branch, filler.path, _table(self._possible(target)[0]))
            chosen.shape = self._shape(rows_of(further), target, nodes)

    def _fact(self, place: Place, chosen: Chosen, key: str, target: GraphQLNamedType) -> None:
        """The fact that a claim tells: one hop brings the claims of all facts. Only of an id nothing is read."""
        if self._is_bare(target, chosen.nodes):
            chosen.shape = self._shape(NOWHERE, target, chosen.nodes)
            return
        branch = _at(place, chosen.type)
        assert branch is not None
        if place.via is not None:
            branch = self._themselves(branch, place.via, "claim", chosen.type)
        if (key,) not in branch.ways:
            further = self._branch("claim", f"{branch.path}.{key}", link=_FACTS, rows=True)
            branch.ways[key,] = Way(key, further, None)
        chosen.branch = branch.ways[key,].branch
        chosen.shape = self._shape(rows_of(chosen.branch), target, chosen.nodes)

    def _is_bare(self, type: GraphQLNamedType, nodes: tuple[FieldNode, ...]) -> bool:
        """Whether of nodes only the id is wanted, under the same names whatever their type."""
        selections = [node.selection_set for node in nodes if node.selection_set]
        keys = set()
        for each in self._possible(type):
            inner = self._collected(each, selections)
            if any(group[0].name.value != "id" for group in inner.values()):
                return False
            keys.add(tuple(inner))
        return len(keys) == 1

    def _themselves(self, branch: Branch, via: str, of: Table, type: str = "") -> Branch:
        """The branch that reads what stands at a way on as rows of its own; only nodes of `type`, if that is known."""
        key = (via, of)
        if key not in branch.ways:
            branch.ways[key] = Way(via, self._branch(of, f"{branch.path}.{via}", rows=True), set())
        way = branch.ways[key]
        if type not in _CONSTANTS:
            way.kinds = None
        elif way.kinds is not None:
            way.kinds.add(_CONSTANTS[type])
        return way.branch

    def _link(self, place: Place, chosen: Chosen, link: Link) -> Branch:
        """The branch of a connection under entities; one for all kinds that select it by the same nodes."""
        branch, via = _at(place, chosen.type), place.via
        assert branch is not None
        key = (via, link, chosen.name, *map(id, chosen.nodes))
        if key not in branch.ways:
            path = f"{branch.path}.{chosen.key}"
            more = self._branch("claim", path, link=link, field=chosen.definition, node=chosen.nodes[0])
            branch.ways[key] = Way(via, more, set())
        way = branch.ways[key]
        assert way.kinds is not None
        way.kinds.add(_CONSTANTS[chosen.type])
        return way.branch

    # ---- connections ------------------------------------------------------------------------------------------------

    def _connection(self, branch: Branch, type: GraphQLNamedType, nodes: tuple[FieldNode, ...]) -> Shape:
        """What is selected of a connection, its edges, or another part of it that has one type."""
        known = (id(branch), type.name, *map(id, nodes))
        shape = self._shapes.get(known)
        if shape is None:
            assert isinstance(type, GraphQLObjectType)
            inner = self._inner(type, nodes)
            shape = self._shapes[known] = Shape(
                {type.name: tuple(self._part(branch, type, key, group) for key, group in inner.items())}
            )
        return shape

    def _part(self, branch: Branch, type: GraphQLObjectType, key: str, nodes: tuple[FieldNode, ...]) -> Chosen:
        name = nodes[0].name.value
        chosen = Chosen(key, type.name, name, nodes)
        if name == "__typename":
            return chosen
        chosen.definition, chosen.species = type.fields[name], self._species[type.name, name]
        target = get_named_type(chosen.definition.type)
        match chosen.species:
            case Leaf():
                pass
            case Measure("totalCount"):
                branch.counted = True
            case Measure("factCount"):
                branch.facts_counted = True
            case Measure("facets"):
                self._facets(branch, chosen, target)
            case Measure("leftOut"):
                branch.left_out = True
                chosen.shape = self._connection(branch, target, nodes)
            case Measure("absence"):
                branch.absence = branch.rows = True
                chosen.shape = self._connection(branch, target, nodes)
            case Filler(path=path):  # what an absence names, whose documents come along with it
                chosen.shape = self._shape(rows_of(branch, path), target, nodes)
            case Part("nodes" | "node"):
                branch.rows = True
                chosen.shape = self._shape(rows_of(branch), target, nodes)
            case Part("edges" | "pageInfo"):
                branch.rows = True
                chosen.shape = self._connection(branch, target, nodes)
            case Part("match"):
                branch.marked = True
            case Part("via"):
                branch.traced = True
                further = self._themselves(branch, VIA, "claim")
                chosen.shape = self._shape(rows_of(further), target, nodes)
            case Part("other"):
                if branch.link is not None:
                    branch.fill |= dict.fromkeys(_ends(branch.link.relation))
                chosen.shape = self._shape(rows_of(branch, OTHER), target, nodes)
        return chosen

    def _facets(self, branch: Branch, chosen: Chosen, target: GraphQLNamedType) -> None:
        """What is counted by one choice of arguments, and of the entities by which it is, what is selected of them."""
        assert chosen.definition is not None
        chosen.number = len(branch.facets)
        branch.facets.append((chosen.definition, chosen.nodes[0]))
        via = f"{FACETED}{chosen.number}"
        entities = self._branch("entity", f"{branch.path}.{chosen.key}", rows=True)
        chosen.shape = self._shape(rows_of(entities), target, chosen.nodes)
        (fields,) = chosen.shape.cases.values()
        if any(isinstance(each.species, Filler) and not each.bare for each in fields):
            branch.ways[via, "entity"] = Way(via, entities, None)


_FACTS: Final = Link(ALL, FACT)
_TABLES: Final[Mapping[str, Table]] = {
    **{kind.name: "entity" for kind in ONTOLOGY.kinds},
    **{relation.name: "claim" for relation in ONTOLOGY.relations},
}
_CONSTANTS: Final = {type: constant for constant, type in TYPENAMES.items()}


def _table(type: GraphQLObjectType) -> Table:
    return _TABLES[type.name]


def _at(place: Place, type: str) -> Branch | None:
    """The branch whose rows, or what they lead to, objects of a type are; None for what no row holds."""
    entities, claims, *_ = place
    if type in _TABLES:
        return entities if _TABLES[type] == "entity" else claims
    return entities if entities is claims else None


def _rows_of(type: GraphQLNamedType) -> GraphQLNamedType | None:
    """The type of the rows of a connection; None for other types."""
    if isinstance(type, GraphQLObjectType) and "pageInfo" in type.fields:
        rows: GraphQLNamedType = get_named_type(type.fields["nodes"].type)
        return rows
    return None


def _lists_nodes(type: GraphQLNamedType, species: Mapping[tuple[str, str], Species]) -> bool:
    """Whether an answer that is no connection holds nodes that its root found: a network, a search, names."""
    assert isinstance(type, GraphQLObjectType)
    return any(
        isinstance(held := species[type.name, name], Filler)
        or (isinstance(held, Inside) and _lists_nodes(get_named_type(field.type), species))
        for name, field in type.fields.items()
    )


def _ends(relation: str) -> tuple[str, ...]:
    relations = ONTOLOGY.relations if relation == ALL else (ONTOLOGY.relation[relation],)
    return tuple(dict.fromkeys(end.name for each in relations for end in each.ends))
