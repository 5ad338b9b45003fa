"""What a document may ask for, measured before it is validated, in time linear in its length.

A fragment is measured once, however often it is spread, so that a chain of fragments which spread each other twice is
refused about as soon as it is parsed. Every rejection names the field, says by how much, and what would pass."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from graph.errors import BadInput, CostExceeded, DepthExceeded

MOST_CHARACTERS: Final = 65_536
"""Characters of a document: a thousand ids written out in it, or three thousand fields. Ids belong in variables."""
MOST_TOKENS: Final = 10_000
"""Tokens of a document (names, braces, values); parsing that many blocks the service for some 30 ms."""
MOST_DEPTH: Final = 30
"""Fields below one another: a hop along a connection takes three, so that ten relations may follow on each other."""
MOST_NESTING: Final = 100
"""Fields, inline fragments and spreads inside one another, which all take of the interpreter's stack."""
MOST_LISTS: Final = 12
"""Lists inside one another: each multiplies what stands below it, and a hop along a connection takes one or two."""
MOST_FIELDS: Final = 3_000
"""Fields of a document once its fragments are written out: selecting and compiling that many takes some 50 ms."""
MOST_ROOTS: Final = 50
"""Fields at the top of one operation, each of which is a question of its own to the store; many nodes are asked for by
their ids in one."""
MOST_ALIASES: Final = 200
"""Fields under another name, once fragments are written out: a field asked for again under an alias is read again."""
MOST_SCHEMA_FIELDS: Final = 400
MOST_SCHEMA_ALIASES: Final = 10
"""Fields below `__schema` and `__type`, and those of them under another name. The standard question has 220 and none,
and takes 60 ms; a list of all types or fields asked for again under an alias takes 10 ms each time."""
MOST_DIRECTIVES: Final = 200
"""Directives of a document, as written."""
MOST_OPERATIONS: Final = 20
MOST_FRAGMENTS: Final = 50
"""Operations and fragments of a document. Validation compares fragments in pairs: 4 ms for 50 of them, 65 for 100."""
MOST_PAIRS: Final = 5_000
"""Pairs of fields that stand under one name in one place, which validation compares with each other: 2 µs a pair. A
hundred copies of one field are such a number."""


class Cyclic(BadInput):
    """A fragment that spreads itself, directly or through others."""

    code = "GRAPHQL_VALIDATION_FAILED"


@dataclass(frozen=True, slots=True)
class Size:
    """Of a selection, with fragments written out: fields at its top, fields in all, how deep they nest, lists within
    lists, fields under another name; and of those about the schema itself, fields and fields under another name."""

    width: int = 0
    fields: int = 0
    depth: int = 0
    lists: int = 0
    aliases: int = 0
    schema: int = 0
    schema_aliases: int = 0

    def beside(self, other: "Size") -> "Size":
        """The size of both together."""
        return Size(
            self.width + other.width,
            self.fields + other.fields,
            max(self.depth, other.depth),
            max(self.lists, other.lists),
            self.aliases + other.aliases,
            self.schema + other.schema,
            self.schema_aliases + other.schema_aliases,
        )


def analyse(document: DocumentNode, schema: GraphQLSchema) -> None:
    """Refuse a document that asks for more than the limits allow: CostExceeded, DepthExceeded, or Cyclic for fragments
    that spread themselves. What GraphQL itself forbids is left to validation."""
    fragments = {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    _few("The document", len(operations), MOST_OPERATIONS, "operations")
    _few("The document", len(fragments), MOST_FRAGMENTS, "fragments")
    analyser = _Analyser(schema, fragments)
    fields = sum(analyser.operation(operation).fields for operation in operations)
    tops = [operation.selection_set for operation in operations]
    for name, fragment in fragments.items():  # what no operation spreads is validated all the same
        if not analyser.knows(name):
            fields += analyser.fragment(name, 1).fields
            tops.append(fragment.selection_set)
    _few("The document", fields, MOST_FIELDS, _EXPANDED, "send its operations apart, and no fragment that none spreads")
    _few("The document", analyser.directives, MOST_DIRECTIVES, "directives")
    pairs = sum(_pairs([top], fragments) for top in tops)
    _few("The document", pairs, MOST_PAIRS, "pairs of fields under one name in one place", "write each field once")


_EXPANDED: Final = "fields, with fragments written out"


def _few(what: str, number: int, most: int, unit: str, advice: str = "") -> None:
    if number > most:
        raise CostExceeded(
            f"{what} has {number} {unit}, {number - most} more than the {most} that pass"
            f"{'; ' + advice if advice else ''}"
        )


class _Analyser:
    """Measures the selections of one document, each fragment once."""

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.directives = 0
        self._schema = schema
        self._fragments = fragments
        self._known: dict[str, Size] = {}
        self._open: dict[str, None] = {}

    def knows(self, fragment: str) -> bool:
        """Whether a fragment was measured already."""
        return fragment in self._known

    def operation(self, node: OperationDefinitionNode) -> Size:
        """The size of an operation; one that is too large is refused, and the message names the field at its top that
        is so."""
        self.directives += len(node.directives or ())
        parent = self._schema.get_root_type(node.operation)
        each = [(_name(item), self._selection(item, parent, 1)) for item in node.selection_set.selections]
        whole = Size()
        for name, size in each:
            if size.depth > MOST_DEPTH:
                raise DepthExceeded(
                    f"{name} nests fields {size.depth} deep, {size.depth - MOST_DEPTH} more than the {MOST_DEPTH} that "
                    "pass; ask for what lies deeper by id in a second query"
                )
            if size.lists > MOST_LISTS:
                raise DepthExceeded(
                    f"{name} nests lists {size.lists} deep, {size.lists - MOST_LISTS} more than the {MOST_LISTS} that "
                    "pass; ask for what lies deeper by id in a second query"
                )
            whole = whole.beside(size)
        most = max(each, key=lambda item: item[1].fields, default=("The operation", Size()))[0]
        _few("The operation", whole.width, MOST_ROOTS, "fields at its top", "nodes(ids:) takes many ids at once")
        _few(most, whole.aliases, MOST_ALIASES, "fields under an alias", "nodes(ids:) takes many ids at once")
        _few("__schema", whole.schema, MOST_SCHEMA_FIELDS, _EXPANDED, "ask for less of the schema at a time")
        _few("__schema", whole.schema_aliases, MOST_SCHEMA_ALIASES, "fields under an alias", "write each field once")
        _few(most, whole.fields, MOST_FIELDS, _EXPANDED, "ask for some of them apart")
        return whole

    def fragment(self, name: str, nesting: int) -> Size:
        """The size of a fragment; nothing for one that is not defined, which validation reports."""
        if name in self._known:
            return self._known[name]
        if name in self._open:
            chain = " → ".join((*list(self._open)[list(self._open).index(name) :], name))
            raise Cyclic(f"The fragment {name} spreads itself ({chain}); leave one of these spreads out")
        node = self._fragments.get(name)
        if node is None:
            return Size()
        self._open[name] = None
        self.directives += len(node.directives or ())
        parent = self._schema.get_type(node.type_condition.name.value)
        self._known[name] = size = self._selections(node.selection_set, parent, nesting)
        del self._open[name]
        return size

    def _selections(self, node: SelectionSetNode, parent: GraphQLNamedType | None, nesting: int) -> Size:
        size = Size()
        for item in node.selections:
            size = size.beside(self._selection(item, parent, nesting))
        return size

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, nesting: int) -> Size:
        if nesting > MOST_NESTING:
            raise DepthExceeded(
                f"{_name(node)} stands inside more than the {MOST_NESTING} fields, inline fragments and spreads "
                "that pass"
            )
        self.directives += len(node.directives or ())
        if isinstance(node, FragmentSpreadNode):
            return self.fragment(node.name.value, nesting + 1)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            on = self._schema.get_type(condition.name.value) if condition else parent
            return self._selections(node.selection_set, on, nesting + 1)
        assert isinstance(node, FieldNode)
        alias = int(node.alias is not None)
        field = self._schema.get_field(parent, node.name.value) if parent and is_composite_type(parent) else None
        lists = int(field is not None and is_list_type(get_nullable_type(field.type)))
        if node.selection_set is None:
            return Size(1, 1, 1, lists, alias)
        inner = self._selections(node.selection_set, get_named_type(field.type) if field else None, nesting + 1)
        fields, aliases = inner.fields + 1, inner.aliases + alias
        schema = (fields, aliases) if node.name.value in ("__schema", "__type") else (0, 0)
        return Size(1, fields, inner.depth + 1, inner.lists + lists, aliases, *schema)


def _name(node: SelectionNode) -> str:
    if isinstance(node, FieldNode):
        return (node.alias or node.name).value
    return f"The fragment {node.name.value}" if isinstance(node, FragmentSpreadNode) else "An inline fragment"


def _pairs(selections: Sequence[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """How many pairs of fields have one place in the answer, with fragments written out (which is known to be bounded
    here)."""
    places: dict[str, list[FieldNode]] = {}
    for node in _fields(selections, fragments, set()):
        places.setdefault((node.alias or node.name).value, []).append(node)
    pairs = 0
    for nodes in places.values():
        pairs += len(nodes) * (len(nodes) - 1) // 2
        inner = [node.selection_set for node in nodes if node.selection_set]
        if inner and pairs <= MOST_PAIRS:
            pairs += _pairs(inner, fragments)
    return pairs


def _fields(
    selections: Iterable[SelectionSetNode], fragments: Mapping[str, FragmentDefinitionNode], spread: set[str]
) -> Iterable[FieldNode]:
    """The fields of these selections, through fragments, each of which counts once."""
    for selection in selections:
        for node in selection.selections:
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, InlineFragmentNode):
                yield from _fields((node.selection_set,), fragments, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                if fragment := fragments.get(node.name.value):
                    yield from _fields((fragment.selection_set,), fragments, spread)
