"""The other executor: graphql-core over the same store, with a resolver a field that knows nothing of the rest of the
question. Slow (one walk for each connection under each node), and meant to be read."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, build_schema, execute_sync, parse
from graphql.execution import ExecutionResult

from api.schema import ROOTS, SPECIES, TYPENAMES, chosen_roles, dataset, facet, nested, plain, printed
from api.schema.species import Filler, Inside, Leaf, Link, Measure, Part, Told
from graph.cursor import encode
from graph.drive import Now, drive
from graph.facts import described
from graph.ontology.types import ALL, FACT, is_claim_id
from graph.plan import Every, Hop, Ids, Level, Neighbourhood, Order, Paging, Plan, Resolve, Search, Under
from graph.reading import LEFT_OUT, Reading
from graph.store import Release
from graph.walk import DENIED, Connection, Result, chain, other, walk

Document = Mapping[str, Any]


class Page:
    """A connection found: what it holds under one owner. `again` asks for it once more, in another way."""

    def __init__(self, connection: Connection, owner: str | None, reading: Reading, link: Link | None, again: Any):
        self.connection, self.owner, self.reading, self.link, self.again = connection, owner, reading, link, again
        self.page = connection.page(owner)


class Node:
    """A document, and the reading under which it was asked for."""

    def __init__(self, document: Any, reading: Reading) -> None:
        self.document, self.reading = document, reading


class Reference:
    """Answers documents from a store. `documents`: everything that it holds, by id."""

    def __init__(self, store: Now, release: Release) -> None:
        self._store, self._release = store, release
        self._asked = ""
        levels = (Level("entity", Every("Entity")), Level("claim", Every("Claim"), order=Order.START_ASC))
        rows = [row for level in levels for page in store.read_now(level).pages.values() for row in page.rows]
        self.documents: dict[str, Document] = {row.id: row.doc for row in rows if row.doc is not None}
        self._schema = self._resolving(build_schema(printed()))

    def answer(self, text: str, variables: dict[str, Any]) -> ExecutionResult:
        """What graphql-core makes of a valid document."""
        self._asked = text
        result = execute_sync(self._schema, parse(text), variable_values=variables)
        assert isinstance(result, ExecutionResult)
        return result

    def _resolving(self, schema: GraphQLSchema) -> GraphQLSchema:
        for name, type in schema.type_map.items():
            if isinstance(type, GraphQLInterfaceType):
                type.resolve_type = lambda value, *_: TYPENAMES[value.document["kind"]]
            if not isinstance(type, GraphQLObjectType) or name.startswith("__"):
                continue
            for key, field in type.fields.items():
                field.resolve = self._root(key) if name == "Query" else self._field(name, key)
        return schema

    # ---- what is asked ----------------------------------------------------------------------------------------------

    def _run(self, *roots: Any, reading: Reading) -> Result:
        return drive(walk([(root, reading) for root in roots], self._release), self._store)

    def _root(self, name: str) -> Any:
        def resolve(_: object, info: object, **arguments: Any) -> Any:
            asked, reading = ROOTS[name](arguments)
            if asked is None:
                return Node(dataset(self._release), reading)
            if name == "node":
                return self._node(arguments["id"], reading)
            if name == "nodes":
                return [self._node(id, reading) for id in arguments["ids"]]
            if isinstance(asked, Plan):
                return self._page(self._whole(asked, 1), None, reading, None)
            assert isinstance(asked, Neighbourhood | Search | Resolve)
            entities, claims = replace(asked.entities, number=1), replace(asked.claims, number=2)
            result = self._run(replace(asked, entities=entities, claims=claims), reading=reading)
            if told := result.told.get(1):
                return [Node(each, reading) for each in told] if isinstance(told, list) else Node(told, reading)
            lists = result.lists
            ids = {"entities": [id for id in lists[1].ids if id in self.documents]}
            return Node(ids | {"claims": lists[2].ids, "truncated": lists[1].truncated}, reading)

        return resolve

    def _node(self, id: str, reading: Reading) -> Node | None:
        document = self.documents.get(self._release.redirects.get(id, id))
        return None if document is None else Node(document, reading)

    def _nodes(self, ids: Iterable[str], reading: Reading) -> list[Node | None]:
        return [self._node(id, reading) for id in ids]

    def _link(self, node: Node, link: Link, arguments: Mapping[str, Any]) -> Page:
        return self._page(self._whole(nested(link, arguments), 2), node.document["id"], node.reading, link)

    def _page(self, plan: Plan, owner: str | None, reading: Reading, link: Link | None) -> Page:
        def ask(plan: Plan) -> Connection:
            if owner is None:
                return self._run(plan, reading=reading).connections[1]
            start = Plan(1, "parent", "entity", Ids((owner,)), hops=(Hop(None, plan),))
            return self._run(start, reading=reading).connections[2]

        def again(**change: Any) -> Connection:
            return ask(replace(plan, **change))

        return Page(ask(plan), owner, reading, link, again)

    def _fact(self, node: Node, key: str) -> Node:
        id = node.document[key]
        plan = Plan(2, "fact", "claim", Under(ALL, FACT), order=Order.START_ASC)
        start = Plan(1, "claim", "claim", Ids((node.document["id"],)), hops=(Hop(key, plan),))
        rows = self._run(start, reading=node.reading).connections[2].page(id).rows
        return Node(described(id, [self.documents[row.id] for row in rows]), node.reading)

    def _whole(self, plan: Plan, number: int) -> Plan:
        """The plan with all of it that is selected anywhere in the document; a page of entities has no absence."""
        flags = {flag: word in self._asked for flag, word in _WORDS.items()}
        return replace(plan, number=number, **(flags | {"absence": flags["absence"] and plan.of == "claim"}))  # type: ignore[arg-type]

    # ---- fields -----------------------------------------------------------------------------------------------------

    def _field(self, type: str, name: str) -> Any:
        species = SPECIES[type, name]
        match species:
            case Link():
                return lambda node, info, **arguments: self._link(node, species, arguments)
            case Part(part):
                return lambda page, info: self._part(part, page)
            case Measure("facets"):
                return lambda page, info, **arguments: self._facets(page, arguments)
            case Measure(measure):
                return lambda page, info: self._measure(measure, page)
            case Told(key):
                return lambda node, info: self._fact(node, key)
            case Leaf() | Inside() | Filler():
                return lambda node, info, **arguments: self._inside(node, species, arguments)
        raise AssertionError(f"{type}.{name}")

    def _inside(self, node: Node, species: Leaf | Inside | Filler, arguments: Mapping[str, Any]) -> Any:
        value = node.document.get(species.key)
        if value is None:
            return [] if species.many else None
        if isinstance(species, Leaf):
            return value
        if isinstance(species, Filler):
            return self._nodes(value, node.reading) if species.many else self._node(value, node.reading)
        if not species.many:
            return Node(value, node.reading)
        roles = chosen_roles(plain(arguments)) if species.by else None
        return [Node(item, node.reading) for item in value if roles is None or item[species.by or ""] in roles]

    def _part(self, part: str, at: Any) -> Any:
        if isinstance(at, Page):
            rows, connection = at.page.rows, at.connection
            if part == "nodes":
                return [self._node(row.id, at.reading) for row in rows]
            if part == "edges":
                return [(at, row) for row in rows]
            paging = connection.plan.paging or Paging(0)
            bound = connection.bound(at.owner)
            sides = (at.page.more, paging.cursor is not None)
            information = {
                "hasNextPage": sides[paging.backward],
                "hasPreviousPage": sides[not paging.backward],
                "startCursor": encode(bound, rows[0].key) if rows else None,
                "endCursor": encode(bound, rows[-1].key) if rows else None,
            }
            return Node(information, at.reading)
        page, row = at
        if part == "cursor":
            return encode(page.connection.bound(page.owner), row.key)
        if part == "match":
            match = page.connection.match(row)
            return match and match.value
        if part == "via":
            return self._nodes(chain(page.connection, row), page.reading)
        id = row.id if part == "node" else other(row.doc or {}, page.owner)
        return None if id is None else self._node(id, page.reading)

    def _measure(self, measure: str, page: Page) -> Any:
        if measure in _ALONE:
            flags = dict.fromkeys(("counted", "facts_counted", "left_out"), False) | {_ALONE[measure]: True}
            counts = page.again(**flags).counts.get(page.owner, (0,) * len(LEFT_OUT))
            return counts[0] if measure != "leftOut" else Node(dict(zip(LEFT_OUT, counts, strict=True)), page.reading)
        found = page.connection.absences.get(page.owner)
        if found is None:
            return None
        named = {DENIED: found.denied_by, "covered": found.coverage}
        document = {"verdict": found.verdict, "deniedBy": named[DENIED], "coverage": named["covered"]}
        return Node(document, page.reading)

    def _facets(self, page: Page, arguments: Mapping[str, Any]) -> list[Node]:
        plan = page.connection.plan
        asked = facet(plan.relation, page.link, arguments)
        (found,) = page.again(facets=(asked,)).facets
        return [
            Node(
                {"value": value, "count": count, "node": value if self._is_entity(asked.nodes, value) else None},
                page.reading,
            )
            for value, count in found.get(page.owner, ())
        ]

    @staticmethod
    def _is_entity(nodes: bool, value: str | None) -> bool:
        return nodes and value is not None and not is_claim_id(value)


_ALONE: Final = {"totalCount": "counted", "factCount": "facts_counted", "leftOut": "left_out"}
_WORDS: Final = {
    "marked": "match",
    "traced": "via",
    "absence": "absence",
}
