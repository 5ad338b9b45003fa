"""The pipeline of one request: document → selection → questions → walk → projection → bytes."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from graphql import FieldNode, is_non_null_type
from graphql.execution.values import VariableValues

from api.execution.ask import ArgumentFault, Asker, Given, Point, Question
from api.execution.document import Documents, GraphQLFault, Operation, coerced
from api.execution.introspection import Introspection
from api.execution.project import Projection, compiled
from api.execution.releases import Earlier, Released
from api.execution.runtime import Context, Null
from api.execution.select import select
from api.execution.selected import RootChosen
from api.http.errors import InternalFault, graphql_error
from api.http.graphql import Answer
from api.http.request import GraphQLRequest
from api.schema import CORE, SPECIES, chosen_roles, dataset, plain
from graph.errors import BadInput, PeacegraphError
from graph.ontology.types import is_claim_id
from graph.plan import Ids, Neighbourhood, Plan, Root
from graph.reading import Reading
from graph.store import Release
from graph.stores.opening import Reader
from graph.walk import Result, walk

logger = logging.getLogger(__name__)

FUNCTION: Final = 2_000
"""Bytes that a compiled function takes, with its part of the selection."""

Error = dict[str, Any]
_Chosen = list[frozenset[str] | None]
_NOTHING: Final = VariableValues({}, {})


@dataclass(slots=True, eq=False)
class Selection:
    """An operation for given values of its @include and @skip. `askers`: of each root, None where graphql-core answers;
    `meta`: the fields that it answers, beyond `__typename`; `point`: the operation, if it is one node; `kept`: of each
    field that keeps some items of a list, its arguments. The careful projection is made when it is first needed."""

    roots: tuple[RootChosen, ...]
    askers: tuple[Asker | None, ...]
    projection: Projection
    meta: tuple[FieldNode, ...]
    point: Point | None
    kept: tuple[Given, ...]
    careful: Projection | None = None


@dataclass(slots=True, eq=False)
class _Root:
    """One root field of a request on its way: what it asks, or why it cannot be answered."""

    chosen: RootChosen
    place: int
    question: Question | None = None
    error: Error | None = None
    result: Result | None = None
    release: Release | None = None
    value: Any = None


@dataclass(slots=True, eq=False)
class _Answered:
    """What a request says beside its data."""

    errors: list[Error] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    rows: int = 0


_NO_RESULT: Final = Result()
_ONE: Final = _Answered(calls=1, rows=1)
"""What there is beside one document, and what is said beside it."""


class Engine:
    """Answers operations on the release of `reader`. `released` opens an earlier one by number; it raises BadInput for
    one that is not kept."""

    def __init__(self, reader: Reader, released: Released) -> None:
        self.reader = reader
        self._earlier = Earlier(released)
        self._documents = Documents(CORE)
        self._introspection = Introspection(CORE)

    async def close(self) -> None:
        """Closes every release."""
        await self.reader.close()
        await self._earlier.close()

    async def __call__(self, request: GraphQLRequest) -> Answer:
        """Answers one operation. What is wrong with the request is an answer without data, what is wrong with one root
        is an error beside the others. Raises Unavailable and whatever is a fault of ours."""
        try:
            operation = self._documents.get(request.query, request.operation_name, is_get=request.is_get)
            values = _NOTHING
            if operation.node.variable_definitions:
                values = coerced(CORE, operation, request.variables)
            choice = _choice(operation, values)
            selection = operation.selections.get(choice) or self._selected(operation, choice)
            chosen = _chosen(selection, values) if selection.kept else []
        except GraphQLFault as fault:
            return Answer(orjson.dumps({"errors": fault.errors}), fault.code)
        except BadInput as fault:
            return Answer(orjson.dumps({"errors": [graphql_error(fault)]}), fault.code)
        if selection.point is not None and (answer := self._at_once(selection, selection.point, values)) is not None:
            return answer
        return await self._answer(operation, choice, selection, values, chosen)

    def _at_once(self, selection: Selection, point: Point, values: VariableValues) -> Answer | None:
        """Answers with one node by its id, the commonest question, by the same read and the same projection as the
        whole way has, in half its time. None where there is anything to say beside the data: the whole way says it."""
        id = point.id(values)
        if id is None or id in self.reader.release.redirects:
            return None
        document = self.reader.at_once("claim" if is_claim_id(id) else "entity", id)
        if document is None:
            return None
        function = selection.projection.roots[0]
        assert function is not None
        try:
            data = {selection.roots[0].key: function(document, Context(_NO_RESULT, []))}
        except (KeyError, TypeError):
            return None
        return Answer(orjson.dumps(self._body(data, _ONE)))

    async def _answer(
        self,
        operation: Operation,
        choice: tuple[bool, ...],
        selection: Selection,
        values: VariableValues,
        chosen: _Chosen,
    ) -> Answer:
        roots = [_asked(selection, place, values) for place in range(len(selection.roots))]
        await self._walked(roots)
        told = _Answered()
        counted: Result | None = None
        for root in roots:
            if root.result is not None and root.result is not counted:  # roots that were walked together share theirs
                counted = root.result
                told.calls += counted.calls
                told.rows += counted.rows
        known: Mapping[str, Any] = {}
        if selection.meta:
            known = await self._introspection.answer(operation, choice, selection.meta, values)
        data: dict[str, Any] | None = {}
        for root in roots:
            key = root.chosen.key
            if root.chosen.definition is None:
                root.value = known.get(key, "Query")
            elif root.error is None:
                _project(root, selection, chosen, told)
            if root.error is not None:
                told.errors.append(root.error)
            if data is not None:
                data[key] = root.value
                if root.value is None and root.chosen.definition and is_non_null_type(root.chosen.definition.type):
                    data = None
        return Answer(orjson.dumps(self._body(data, told)))

    def _body(self, data: dict[str, Any] | None, told: _Answered) -> dict[str, Any]:
        release = self.reader.release
        extensions: dict[str, Any] = {
            "release": release.number,
            "schemaVersion": release.schema,
            "cost": {"calls": told.calls, "rows": told.rows},
        }
        if told.missing:
            extensions["missing"] = list(told.missing)
        if told.merged:
            extensions["merged"] = told.merged
        body: dict[str, Any] = {"data": data, "extensions": extensions}
        return {"errors": told.errors} | body if told.errors else body

    def _selected(self, operation: Operation, choice: tuple[bool, ...]) -> Selection:
        roots = select(CORE, SPECIES, operation, dict(zip(operation.conditions, choice, strict=True)))
        askers = tuple(None if root.definition is None else Asker(root) for root in roots)
        projection = compiled(roots)
        meta = tuple(node for root in roots if root.definition is None for node in root.nodes)
        if all(node.name.value == "__typename" for node in meta):
            meta = ()
        kept = tuple(Given(definition, node) for definition, node in projection.chosen)
        point = Point.of(roots[0], askers[0]) if len(roots) == 1 and askers[0] and not kept else None
        selection = Selection(roots, askers, projection, meta, point, kept)
        self._documents.keep(operation, choice, selection, selection.projection.names * FUNCTION)
        return selection

    # ---- reading ----------------------------------------------------------------------------------------------------

    async def _walked(self, roots: Sequence[_Root]) -> None:
        """Reads what the roots ask, those of one release together."""
        releases: dict[int | None, list[_Root]] = {}
        for root in roots:
            if root.question is not None:
                releases.setdefault(root.question.reading.release, []).append(root)
        for number, group in releases.items():
            if number is None or number == self.reader.release.number:
                await _walked_on(self.reader, group)
                continue
            try:
                async with self._earlier.reading(number) as reader:
                    await _walked_on(reader, group)
            except BadInput as fault:
                for root in group:
                    root.error = _error(fault, root.chosen.key)


def _choice(operation: Operation, values: VariableValues) -> tuple[bool, ...]:
    """The values of the variables in @include and @skip."""
    if not operation.conditions:
        return ()
    choice = tuple(values.coerced.get(name) for name in operation.conditions)
    for name, value in zip(operation.conditions, choice, strict=True):
        if not isinstance(value, bool):
            raise BadInput(f"${name} decides an @include or a @skip and has no value; true or false would pass")
    return choice  # type: ignore[return-value]  # each was looked at


def _asked(selection: Selection, place: int, values: VariableValues) -> _Root:
    """A root with its question."""
    root, asker = _Root(selection.roots[place], place), selection.askers[place]
    if asker is not None:
        try:
            root.question = asker(values)
        except ArgumentFault as fault:
            root.error = fault.entry | {"path": [root.chosen.key]}
        except BadInput as fault:
            root.error = _error(fault, root.chosen.key)
    return root


def _chosen(selection: Selection, values: VariableValues) -> _Chosen:
    """Which items of a list are kept, for each field whose argument says so."""
    given = (chosen_roles(plain(given(values))) for given in selection.kept)
    return [None if roles is None else frozenset(roles) for roles in given]


def _error(fault: PeacegraphError, key: str) -> Error:
    return graphql_error(fault) | {"path": [key]}


async def _walked_on(reader: Reader, group: Sequence[_Root]) -> None:
    """Walks the roots of a group side by side; where one of them is refused, each alone, to tell which."""
    release = reader.release
    asked = [pair for root in group for pair in _surviving(root, release)]
    try:
        result = await reader.run(walk(asked, release)) if asked else Result()
    except BadInput as fault:
        if len(group) > 1:
            for root in group:
                await _walked_on(reader, (root,))
        else:
            group[0].error = _error(fault, group[0].chosen.key)
        return
    for root in group:
        root.result, root.release = result, release


def _surviving(root: _Root, release: Release) -> list[tuple[Root, Reading]]:
    """What a root asks; merged ids as their survivors, since what is asked by id is answered always."""
    assert root.question is not None
    survivors = release.redirects
    made: list[tuple[Root, Reading]] = []
    for each in root.question.roots:
        asked = each
        if isinstance(each, Plan) and isinstance(each.start, Ids) and not survivors.keys().isdisjoint(each.start.ids):
            ids = tuple(dict.fromkeys(survivors.get(id, id) for id in each.start.ids))
            asked = replace(each, start=Ids(ids))
        made.append((asked, root.question.reading))
    return made


# Writing


def _project(root: _Root, selection: Selection, chosen: _Chosen, told: _Answered) -> None:
    """Writes the value of a root, or the error that it ends in."""
    function = selection.projection.roots[root.place]
    assert function is not None
    assert root.result is not None
    try:
        document = _document(root, told)
        if document is _UNKNOWN:
            return
        try:
            root.value = function(document, Context(root.result, chosen))
        except (KeyError, TypeError):
            if selection.careful is None:
                selection.careful = compiled(selection.roots, careful=True)
            _carefully(root, selection.careful, document, chosen, told)
    except BadInput as fault:
        root.error = _error(fault, root.chosen.key)


def _carefully(root: _Root, projection: Projection, document: Any, chosen: _Chosen, told: _Answered) -> None:
    """Writes a value in which something is null that may not be: a fault of the data, told with its place."""
    function = projection.roots[root.place]
    assert function is not None
    assert root.result is not None
    context = Context(root.result, chosen)
    try:
        root.value = function(document, context, ((), root.chosen.key))
    except Null as risen:
        context.nulls.append(risen)
    for null in context.nulls:
        fault = InternalFault()
        logger.error("Incident %s: null at %s: %s", fault.incident, null.keys(), null)
        told.errors.append(graphql_error(fault) | {"path": null.keys()})


_UNKNOWN: Final = object()


def _document(root: _Root, told: _Answered) -> Any:
    """What the function of a root is called with: the owner of a connection, a document, or ids."""
    assert root.question is not None
    assert root.result is not None
    assert root.release is not None
    asked, result, release = root.question.roots, root.result, root.release
    if not root.chosen.branches:
        return dataset(release)
    if len(root.chosen.branches) == 1:
        return None
    given = root.question.arguments
    if "id" in given:
        (id,) = _known((given["id"],), result, release, told)
        return result.documents.get(id, _UNKNOWN)
    if all(isinstance(each, Plan) for each in asked):
        return _known(given["ids"], result, release, told)
    if isinstance(asked[0], Neighbourhood):
        entities, claims = (result.lists[branch.number] for branch in root.chosen.branches)
        _known(asked[0].ids, result, release, told)
        there = [id for id in entities.ids if id in result.documents]
        return {"entities": there, "claims": claims.ids, "truncated": entities.truncated}
    return result.told[root.chosen.branches[0].number]


def _known(ids: Sequence[str], result: Result, release: Release, told: _Answered) -> list[str]:
    """The ids with merged ones as their survivors; tells which are merged, and which name nothing."""
    found = []
    for id in ids:
        survivor = release.redirects.get(id, id)
        if survivor != id:
            told.merged[id] = survivor
        if survivor not in result.documents:
            told.missing[id] = None
        found.append(survivor)
    return found
