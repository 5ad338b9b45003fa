"""Random questions to the whole schema, valid by the way they are made: aliases, fragments, type conditions,
directives, variables, pages and filters."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from api.schema import CORE

_CLAIM_FILTERS: Final = (
    "{ certainty: { in: [STATED, HEDGED] } }",
    '{ during: { overlaps: { date: "1980/1999" } } }',
    '{ not: { during: { before: { date: "1990" } } } }',
    '{ statement: { eq: "no claim says so" } }',
    "{ ends: { some: { named: { eq: true } } } }",
)
_ALL: Final = (
    "polarity: [ASSERTED, DENIED], modality: [ACTUAL, PLANNED, CALLED_FOR], "
    "certainty: [STATED, HEDGED, REPORTED, ALLEGATION]"
)
_READINGS: Final = (
    *((f"{{ {_ALL} }}", f"{{ match: UNDATED, {_ALL} }}") * 2),
    "{ match: POSSIBLE }",
    '{ match: UNDATED, asOf: { date: "1991" } }',
    '{ match: POSSIBLE, asOf: { date: "1985-05" }, certainty: [STATED, ALLEGATION] }',
    "{ polarity: [ASSERTED, DENIED], modality: [ACTUAL, PLANNED] }",
)


_NAMES: Final = ("hub", "nroth", "Gen. Small", "North in 1990", "peace union", "no such name")


class Asker:
    """Makes one document. `ids` are those that it may ask for."""

    def __init__(self, random: Random, ids: Sequence[str], *, depth: int = 9) -> None:
        self._random, self._ids, self._depth = random, ids, depth
        self._entities = [id for id in ids if ":" in id]
        self._fragments: list[str] = []
        self._named: dict[str, list[str]] = {}
        self._variables: dict[str, tuple[str, Any]] = {}
        self._aliases = 0
        self._left = 80

    def document(self) -> tuple[str, dict[str, Any]]:
        """A document and its variables."""
        query = CORE.query_type
        assert query is not None
        roots = " ".join(self._root(query) for _ in range(self._random.choice((1, 1, 2, 3))))
        declared = ", ".join(f"${name}: {type}" for name, (type, _) in self._variables.items())
        text = f"query Q{f'({declared})' if declared else ''} {{ {roots} }} {' '.join(self._fragments)}"
        return text, {name: value for name, (_, value) in self._variables.items()}

    # ---- roots ------------------------------------------------------------------------------------------------------

    def _root(self, query: GraphQLObjectType) -> str:
        names = [
            *query.fields,
            *(("node", "nodes", "neighbourhood", "search", "resolve", "claims", "partnerships") * 3),
        ]
        name = self._random.choice(names)
        field = query.fields[name]
        arguments = []
        if name == "node":
            arguments.append(f"id: {self._id()}")
        elif name in ("nodes", "neighbourhood"):
            ids = self._random.choices(self._ids if name == "nodes" else self._entities, k=4)
            arguments.append(f"ids: {self._variable('[ID!]!', ids)}")
            if name == "neighbourhood":
                arguments.append(f"depth: {self._random.choice((1, 2))}, maxNodes: 8, maxEdges: 9")
        elif name == "search":
            arguments.append(f'text: "{self._random.choice(("hub", "small", "north", "peace union"))}", first: 5')
        elif name == "resolve":
            arguments.append(f"names: {self._variable('[String!]!', self._random.choices(_NAMES, k=3))}")
        elif name != "dataset":
            arguments += self._page(field)
        if name != "dataset" and self._random.random() < 0.7:
            arguments.append(f"reading: {self._random.choice(_READINGS)}")
        return self._text(name, field, arguments, self._depth, alias=True)

    def _id(self) -> str:
        id = self._random.choice(self._ids)
        return self._variable("ID!", id) if self._random.random() < 0.5 else f'"{id}"'

    def _variable(self, type: str, value: Any) -> str:
        name = f"v{len(self._variables)}"
        self._variables[name] = (type, value)
        return f"${name}"

    def _page(self, field: GraphQLField) -> Iterator[str]:
        first = self._random.choice((1, 2, 3, 4))
        key = "last" if "last" in field.args and self._random.random() < 0.3 else "first"
        yield f"{key}: {self._variable('Int', first) if self._random.random() < 0.3 else first}"
        order = get_named_type(field.args["orderBy"].type).name
        if self._random.random() < 0.3:
            yield f"orderBy: {'NAME' if order == 'EntityOrder' else 'START'}_{self._random.choice(('ASC', 'DESC'))}"
        if self._random.random() < 0.2:
            claims = order == "ClaimOrder"
            within = f'{{ within: {{ ids: ["{self._random.choice(self._entities)}"] }} }}'
            where = self._random.choice(_CLAIM_FILTERS) if claims else within
            filters = get_named_type(field.args["where"].type)
            assert isinstance(filters, GraphQLInputObjectType)
            if "ends:" in where and "ends" not in filters.fields:
                where = _CLAIM_FILTERS[0]
            yield f"where: {where}"

    # ---- selections -------------------------------------------------------------------------------------------------

    def _text(self, name: str, field: GraphQLField, arguments: Sequence[str], depth: int, *, alias: bool) -> str:
        self._left -= 1
        type = get_named_type(field.type)
        inner = "" if is_leaf_type(type) else f" {self._selection(type, depth - 1)}"
        self._aliases += alias
        renamed = f"k{self._aliases}: " if alias else ""
        given = f"({', '.join(arguments)})" if arguments else ""
        return f"{renamed}{name}{given}{self._directive()}{inner}"

    def _selection(self, type: GraphQLNamedType, depth: int) -> str:
        assert isinstance(type, GraphQLObjectType | GraphQLInterfaceType)
        items = [self._random.choice(("__typename", *self._leaves(type))) if self._leaves(type) else "__typename"]
        number = self._random.choice((1, 2, 2, 3, 4))
        items += (self._item(type, depth) for _ in range(number) if self._left > 0)
        self._random.shuffle(items)
        return f"{{ {' '.join(item for item in items if item)} }}"

    @staticmethod
    def _leaves(type: GraphQLObjectType | GraphQLInterfaceType) -> list[str]:
        return [name for name, field in type.fields.items() if is_leaf_type(get_named_type(field.type))]

    def _item(self, type: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        chance = self._random.random()
        if chance < 0.12 or (isinstance(type, GraphQLInterfaceType) and chance < 0.4):
            return self._fragment(type, depth)
        below = [key for key, field in type.fields.items() if not is_leaf_type(get_named_type(field.type))]
        name = self._random.choice(below if below and chance < 0.85 else list(type.fields))
        if "edges" in type.fields and chance < 0.8:
            name = self._random.choice(("nodes", "edges", "edges", "pageInfo"))
        if "node" in type.fields and "cursor" in type.fields and chance < 0.6:
            name = self._random.choice(("node", "other")) if "other" in type.fields else "node"
        field = type.fields[name]
        if is_leaf_type(get_named_type(field.type)):
            return self._text(name, field, (), depth, alias=self._random.random() < 0.2)
        if depth <= 1:
            return ""
        arguments = list(self._page(field)) if "orderBy" in field.args else []
        if "role" in field.args and self._random.random() < 0.5:
            roles = self._random.sample(("THEATRE", "APPOINTED_BY", "ARRANGEMENT", "EVENT"), 2)
            arguments.append(f"role: [{', '.join(roles[: self._random.choice((1, 2))])}]")
        if "by" in field.args:
            by = get_named_type(field.args["by"].type)
            assert isinstance(by, GraphQLEnumType)
            arguments.append(f"by: {self._random.choice(list(by.values))}")
            arguments.append(
                f"distinct: {self._random.choice(('CLAIM', 'FACT'))}" if self._random.random() < 0.5 else ""
            )
            arguments = list(filter(None, arguments))
        return self._text(name, field, arguments, depth, alias=bool(arguments) or self._random.random() < 0.2)

    def _fragment(self, type: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        """A fragment on the type itself, or on one that may be the same object."""
        possible = {each.name for each in self._possible(type)}
        known = [
            each
            for each in CORE.type_map.values()
            if isinstance(each, GraphQLObjectType | GraphQLInterfaceType)
            and possible & {every.name for every in self._possible(each)}
        ]
        wide = [each for each in known if isinstance(each, GraphQLInterfaceType)]
        on = self._random.choice(wide if wide and self._random.random() < 0.6 else known)
        if self._named.get(on.name) and self._random.random() < 0.3:
            return f"...{self._random.choice(self._named[on.name])}{self._directive()}"
        inner = self._selection(on, depth)
        if self._random.random() < 0.5:
            return f"... on {on.name}{self._directive()} {inner}"
        name = f"F{len(self._fragments)}"
        self._fragments.append(f"fragment {name} on {on.name} {inner}")
        self._named.setdefault(on.name, []).append(name)
        return f"...{name}{self._directive()}"

    @staticmethod
    def _possible(type: GraphQLObjectType | GraphQLInterfaceType) -> Sequence[GraphQLObjectType]:
        return CORE.get_possible_types(type) if isinstance(type, GraphQLInterfaceType) else [type]

    def _directive(self) -> str:
        if self._random.random() > 0.08:
            return ""
        name, value = self._random.choice(("include", "skip")), self._random.random() < 0.5
        given = self._variable("Boolean!", value) if self._random.random() < 0.7 else str(value).lower()
        return f" @{name}(if: {given})"
