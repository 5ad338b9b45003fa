"""The text of a query → a document: parsed, analysed and validated once, and kept by its text."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLID,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
    get_nullable_type,
    parse,
    validate,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

from api.execution.limits import MOST_CHARACTERS, MOST_DEPTH, MOST_TOKENS, analyse
from api.http.errors import MethodNotAllowed
from graph.errors import BadInput, CostExceeded, DepthExceeded, PeacegraphError

MOST_KEPT: Final = 60_000_000
"""Bytes that all kept documents take together with what was made of them: about 400 of a thousand characters."""
CHARACTER: Final = 140
"""Bytes that a character of a parsed document takes, as measured on documents of 500 to 5,000 characters."""
MOST_FAULTS: Final = 10
"""Faults told of one document, or of one set of variables."""
MOST_CHOICES: Final = 32
"""Selections kept of one operation, one for each combination of the variables in its @include and @skip."""


class GraphQLFault(BadInput):
    """Faults that graphql-core found, each with its message and its places in the document."""

    def __init__(self, faults: Sequence[GraphQLError]) -> None:
        self.errors = [formatted(fault, self.code) for fault in faults]
        super().__init__("; ".join(fault.message for fault in faults))


class SyntaxFault(GraphQLFault):
    """The text is not GraphQL."""

    code = "GRAPHQL_PARSE_FAILED"


class ValidationFault(GraphQLFault):
    """The document is GraphQL, but not a question to this schema."""

    code = "GRAPHQL_VALIDATION_FAILED"


class VariablesFault(GraphQLFault):
    """The variables are not what the operation declares."""

    code = "BAD_INPUT"


def formatted(fault: GraphQLError, code: str) -> dict[str, Any]:
    """An entry of `errors`: message, locations, path, and the code of the error that lies beneath, else `code`."""
    cause: BaseException | None = fault
    while cause is not None and not isinstance(cause, PeacegraphError):
        cause = getattr(cause, "original_error", None)
    entry: dict[str, Any] = {"message": fault.message}
    if fault.locations:
        entry["locations"] = [{"line": place.line, "column": place.column} for place in fault.locations]
    if fault.path:
        entry["path"] = list(fault.path)
    return entry | {"extensions": {"code": cause.code if isinstance(cause, PeacegraphError) else code}}


@dataclass(slots=True, eq=False)
class Operation:
    """One query of a document. `conditions` are the variables that its @include and @skip read, and `selections` what
    was made of it for values of these. `texts`: its variables, if each takes a string as it is."""

    node: OperationDefinitionNode
    document: "Document"
    conditions: tuple[str, ...]
    texts: Mapping[str, GraphQLVariableSignature] | None = None
    selections: "OrderedDict[tuple[bool, ...], Any]" = field(default_factory=OrderedDict)


@dataclass(slots=True, eq=False)
class Document:
    """A valid document, and the bytes that it takes with what was made of it. Nodes are told apart by identity: those
    of graphql-core hash all that is below them."""

    text: str
    size: int
    node: DocumentNode
    fragments: Mapping[str, FragmentDefinitionNode]
    operations: dict[str | None, Operation] = field(default_factory=dict)

    def operation(self, name: str | None) -> Operation:
        """The operation of this name, or the only one. Raises BadInput."""
        if name is None and len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if name in self.operations and name is not None:
            return self.operations[name]
        known = ", ".join(str(each) for each in self.operations if each is not None)
        if not self.operations:
            raise BadInput("The document holds no operation; send a query, such as { __typename }")
        if name is None:
            raise BadInput(f"The document holds several operations; name one of {known} as operationName")
        raise BadInput(f"The document holds no operation {name!r}; it has {known or 'one without a name'}")


class Documents:
    """The documents of a schema; those asked for last are kept, by their text."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._size = 0

    def get(self, text: str, name: str | None, *, is_get: bool = False) -> Operation:
        """The operation of a document. Raises CostExceeded, DepthExceeded, SyntaxFault, ValidationFault, BadInput, and
        MethodNotAllowed for what is no query but came by GET."""
        document = self._kept.get(text)
        if document is None:
            document = self._keep(self._made(text, name, is_get))
        else:
            self._kept.move_to_end(text)
        return document.operation(name)

    def _made(self, text: str, name: str | None, is_get: bool) -> Document:
        node = _parsed(text)
        operations = [each for each in node.definitions if isinstance(each, OperationDefinitionNode)]
        if is_get:
            _only_queries(operations, name)
        analyse(node, self._schema)
        if faults := validate(self._schema, node, max_errors=MOST_FAULTS):
            raise ValidationFault(faults)
        fragments = {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)}
        document = Document(text, len(text) * CHARACTER, node, fragments)
        tops = [each.selection_set for each in (*operations, *fragments.values())]
        conditions = tuple(dict.fromkeys(name for top in tops for name in _conditions(top)))
        for each in operations:
            declared = {definition.variable.name.value for definition in each.variable_definitions or ()}
            document.operations[each.name.value if each.name else None] = Operation(
                each, document, tuple(name for name in conditions if name in declared), _texts(self._schema, each)
            )
        return document

    def keep(self, operation: Operation, choice: tuple[bool, ...], selection: Any, size: int) -> None:
        """Keeps what was made of an operation for these values of its conditions, of so many bytes."""
        operation.selections[choice] = selection
        if len(operation.selections) > MOST_CHOICES:
            operation.selections.popitem(last=False)
        operation.document.size += size  # also for what it replaced: such a document goes the sooner
        if operation.document.text in self._kept:
            self._size += size
            self._trim()

    def _keep(self, document: Document) -> Document:
        self._kept[document.text] = document
        self._size += document.size
        self._trim()
        return document

    def _trim(self) -> None:
        while self._size > MOST_KEPT:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size


def _parsed(text: str) -> DocumentNode:
    if len(text) > MOST_CHARACTERS:
        raise CostExceeded(
            f"The document has {len(text)} characters, {len(text) - MOST_CHARACTERS} more than the {MOST_CHARACTERS} "
            "that pass; give ids and filters as variables"
        )
    try:
        return parse(text, max_lexical_tokens=MOST_TOKENS)
    except GraphQLError as fault:
        if "tokens" in fault.message and "aborted" in fault.message:
            raise CostExceeded(
                f"The document has more than the {MOST_TOKENS} tokens that pass; give ids and filters as variables"
            ) from None
        if "nested too deeply" in fault.message:
            raise DepthExceeded(
                f"The document nests its braces or brackets too deeply to be read; {MOST_DEPTH} fields deep would pass"
            ) from None
        raise SyntaxFault([fault]) from None


def _only_queries(operations: Sequence[OperationDefinitionNode], name: str | None) -> None:
    """Anything but a query is refused by GET before it is even looked at."""
    for each in operations:
        asked = name is None or (each.name is not None and each.name.value == name)
        if asked and each.operation is not OperationType.QUERY:
            raise MethodNotAllowed("Only a query may be sent by GET. Send this operation by POST.")


def _conditions(selections: SelectionSetNode) -> Iterable[str]:
    """The variables in @include and @skip, as written."""
    for node in selections.selections:
        yield from (name for directive in node.directives or () if (name := _variable(directive)))
        inner = getattr(node, "selection_set", None)
        if inner:
            yield from _conditions(inner)


def _variable(directive: DirectiveNode) -> str | None:
    if directive.name.value not in ("include", "skip"):
        return None
    return next(
        (each.value.name.value for each in directive.arguments or () if isinstance(each.value, VariableNode)), None
    )


def included(node: Any, values: Mapping[str, bool]) -> bool:
    """Whether @skip and @include let a selection in, given the values of the variables in them."""
    for directive in node.directives or ():
        if directive.name.value in ("include", "skip"):
            given = directive.arguments[0].value
            value = given.value if isinstance(given, BooleanValueNode) else values[given.name.value]
            if value is (directive.name.value == "skip"):
                return False
    return True


def coerced(schema: GraphQLSchema, operation: Operation, variables: dict[str, Any]) -> VariableValues:
    """The values of an operation's variables. Raises VariablesFault."""
    if operation.texts is not None:  # ids and words, given as such: the commonest variables
        known = {name: variables.get(name) for name in operation.texts}
        if all(type(value) is str for value in known.values()):
            sources = {name: VariableValueSource(operation.texts[name], value) for name, value in known.items()}
            return VariableValues(sources, known)
    values = get_variable_values(schema, operation.node.variable_definitions or (), variables, max_errors=MOST_FAULTS)
    if isinstance(values, list):
        raise VariablesFault(values)
    return values


def _texts(schema: GraphQLSchema, node: OperationDefinitionNode) -> dict[str, GraphQLVariableSignature] | None:
    """The variables by name, if each is an ID or a String; such a type takes a string as it is."""
    found = [get_variable_signature(schema, each) for each in node.variable_definitions or ()]
    signatures = [each for each in found if not isinstance(each, GraphQLError)]
    if any(get_nullable_type(each.type) not in (GraphQLID, GraphQLString) for each in signatures):
        return None
    return {each.name: each for each in signatures}
