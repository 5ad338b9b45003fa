"""Questions about the schema itself, which graphql-core answers. An answer never changes, so it is kept."""

import asyncio
from collections import OrderedDict
from typing import Any, Final

from graphql import DocumentNode, FieldNode, GraphQLSchema, OperationDefinitionNode, SelectionSetNode, execute_sync
from graphql.execution import ExecutionResult
from graphql.execution.values import VariableValues

from api.execution.document import GraphQLFault, Operation

MOST_ANSWERS: Final = 8
"""Answers kept: GraphiQL's question, those of some code generators. Each is about a megabyte, and making it takes the
interpreter for 130 ms."""


class Introspection:
    """Answers `__schema` and `__type`."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[tuple[object, ...], dict[str, Any]] = OrderedDict()

    async def answer(
        self, operation: Operation, choice: tuple[bool, ...], nodes: tuple[FieldNode, ...], values: VariableValues
    ) -> dict[str, Any]:
        """The values of these fields at the top of an operation, by response key; `choice` as in its selections. Raises
        GraphQLFault."""
        name = operation.node.name.value if operation.node.name else None
        key = (operation.document.text, name, choice)
        if not operation.node.variable_definitions and key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        data = await asyncio.to_thread(self._executed, operation, nodes, values)
        if not operation.node.variable_definitions:
            self._kept[key] = data
            if len(self._kept) > MOST_ANSWERS:
                self._kept.popitem(last=False)
        return data

    def _executed(self, operation: Operation, nodes: tuple[FieldNode, ...], values: VariableValues) -> dict[str, Any]:
        whole = operation.node
        alone = OperationDefinitionNode(
            operation=whole.operation,
            name=whole.name,
            variable_definitions=whole.variable_definitions,
            directives=(),
            selection_set=SelectionSetNode(selections=nodes),
        )
        document = DocumentNode(definitions=(alone, *operation.document.fragments.values()))
        given = {name: source.value for name, source in values.sources.items()}
        result = execute_sync(self._schema, document, variable_values=given)
        assert isinstance(result, ExecutionResult)
        if result.errors or result.data is None:
            raise GraphQLFault(result.errors or [])
        return result.data
