"""The schema, made of the published types in three passes: a class for every type, then what each holds, then
Strawberry's decorators, bases first. No field has a resolver of ours: one executor reads rows by key."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, replace
from typing import Any, Final, Optional

import strawberry
from graphql import GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from api.schema.enums import ENUMS, SCALAR_MAP, SCALARS
from api.schema.inputs import PUBLISHED
from api.schema.outputs import OUTPUTS
from api.schema.roots import ROOTS
from api.schema.shape import Argument, Output
from api.schema.species import Species
from graph.grammar import Input

_QUERY: Final = (
    "Who stood in what relation to whom, when, according to whom, and how sure that is. Start with `search`, or with "
    "the list of a kind; `dataset` tells what there is."
)


class _Types:
    """The classes of all published types by name, so that they can refer to each other without forward references."""

    def __init__(self) -> None:
        self._known: dict[str, Any] = {**SCALARS, **ENUMS}
        for output in OUTPUTS.values():
            self._add(output.name, tuple(self._known[base] for base in output.bases))
        for input in PUBLISHED.values():
            self._add(input.name, ())

    def _add(self, name: str, bases: tuple[type, ...]) -> None:
        if name in self._known:
            raise ValueError(f"two types are called {name}; rename the kind, relation or vocabulary")
        self._known[name] = types.new_class(name, bases)

    def __getitem__(self, name: str) -> Any:
        return self._known[name]

    def of(self, name: str, *, many: bool, null: bool, null_items: bool = False) -> Any:
        """The annotation of a type in its place. A list of nullable items is itself never null."""
        named: Any = self._known[name]
        # `Optional`, since an Enum or a NewType knows no `|`.
        items: Any = Optional[named] if null_items else named  # noqa: UP045  # made at run time, of a type that is a value
        whole: Any = list[items] if many else items
        return Optional[whole] if null and not null_items else whole  # noqa: UP045  # made at run time, of a type that is a value

    def default(self, type: str, value: object) -> Any:
        """A default as Strawberry takes it: members of enums, and UNSET for none, since None would publish `null`."""
        if value is None:
            return strawberry.UNSET
        members: Any = ENUMS.get(type)
        if members is None:
            return value
        return [members[name] for name in value] if isinstance(value, list | tuple) else members[value]


def _field(name: str, doc: str, annotation: Any, arguments: tuple[Argument, ...], made: _Types) -> StrawberryField:
    field: StrawberryField = strawberry.field(name=name, description=doc)
    field.type_annotation = StrawberryAnnotation(annotation)
    field.arguments = [
        StrawberryArgument(
            each.name,
            each.name,
            StrawberryAnnotation(made.of(each.type, many=each.many, null=not each.required)),
            description=each.doc or None,
            default=made.default(each.type, each.default),
        )
        for each in arguments
    ]
    return field


def _fill(cls: type, fields: Mapping[str, tuple[Any, Any]]) -> None:
    """Sets annotations and fields. Python's names end in an underscore, since `from`, `not` and `in` are no names."""
    cls.__annotations__ = {f"{name}_": annotation for name, (annotation, _) in fields.items()}
    for name, (_, field) in fields.items():
        setattr(cls, f"{name}_", field)


def _fill_output(output: Output, made: _Types) -> None:
    """An inherited field is described again, since GraphQL inherits no text; its arguments only where it is declared
    first, since they are most of a schema's size."""
    inherited = {name for base in output.bases for name in OUTPUTS[base].fields}
    fields: dict[str, tuple[Any, Any]] = {}
    for field in output.fields.values():
        told = field.name not in inherited
        arguments = field.arguments if told else tuple(replace(each, doc="") for each in field.arguments)
        annotation = made.of(field.type, many=field.many, null=field.null)
        fields[field.name] = annotation, _field(field.name, field.doc, annotation, arguments, made)
    _fill(made[output.name], fields)


def _fill_input(input: Input, made: _Types) -> None:
    fields: dict[str, tuple[Any, Any]] = {}
    for field in input.fields.values():
        default = made.default(field.type, field.default)
        kept: dict[str, Any] = {"default": default}
        if isinstance(default, list):
            kept = {"default": MISSING, "default_factory": lambda default=default: list(default)}
        published = strawberry.field(name=field.name, description=field.doc, **kept)
        fields[field.name] = made.of(field.type, many=field.many, null=True), published
    _fill(made[input.name], fields)


def _query(made: _Types) -> type:
    cls = types.new_class("Query")
    fields: dict[str, tuple[Any, Any]] = {}
    for root in ROOTS.values():
        annotation = made.of(root.type, many=root.many, null=root.null, null_items=root.many and root.null)
        fields[root.name] = annotation, _field(root.name, root.doc, annotation, root.arguments, made)
    _fill(cls, fields)
    return strawberry.type(cls, name="Query", description=_QUERY)


def _schema() -> strawberry.Schema:
    made = _Types()
    for output in OUTPUTS.values():
        _fill_output(output, made)
    for input in PUBLISHED.values():
        _fill_input(input, made)
    for output in OUTPUTS.values():
        publish = strawberry.interface if output.interface else strawberry.type
        publish(made[output.name], name=output.name, description=output.doc)
    for input in PUBLISHED.values():
        strawberry.input(made[input.name], name=input.name, description=input.doc, one_of=input.one_of)
    # Nothing points at the types that implement an interface, so they are named here.
    return strawberry.Schema(
        query=_query(made),
        types=[made[output.name] for output in OUTPUTS.values() if output.bases and not output.interface],
        config=StrawberryConfig(auto_camel_case=False, scalar_map=SCALAR_MAP),
    )


# What graphql-core reads in tests: the same rows as the projection


def _by_response_key(row: Mapping[str, Any], info: GraphQLResolveInfo[Any], **_: object) -> Any:
    """A field with arguments stands in its row under the response key, so that two aliases stay apart."""
    return row[str(info.path.key)]


def _typename(row: Mapping[str, Any], *_: object) -> str:
    name: str = row["__typename"]
    return name


def _core(schema: strawberry.Schema) -> GraphQLSchema:
    """graphql-core's schema, in which rows (dicts) answer: by field name, by response key where a field takes
    arguments, and by `__typename` where a type must be told."""
    core = schema._schema
    for name, type in core.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(type, GraphQLObjectType | GraphQLInterfaceType):
            for field in type.fields.values():
                field.resolve = _by_response_key if field.args else None
        if isinstance(type, GraphQLInterfaceType):
            type.resolve_type = _typename
        if isinstance(type, GraphQLObjectType):
            type.is_type_of = None
        if isinstance(type, GraphQLInputObjectType):
            type.is_one_of = PUBLISHED[name].one_of
    return core


SCHEMA: Final = _schema()
CORE: Final = _core(SCHEMA)
SPECIES: Final[Mapping[tuple[str, str], Species]] = {
    (output.name, field.name): field.species for output in OUTPUTS.values() for field in output.fields.values()
}
"""What each field of each type below Query means to the planner and the projection."""


def printed() -> str:
    """The schema in GraphQL's own language: the text of `schema.graphql`."""
    return f"{SCHEMA.as_str()}\n"
