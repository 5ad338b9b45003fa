"""The published types as plain values: one declaration of an output type holds its text, its place in GraphQL and what
each field means to the planner. `api.schema.build` makes Strawberry types of them. A type's name is that of an output,
an input, an enum or a scalar."""

from dataclasses import dataclass

from api.schema.species import Filler, Species


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a field. `doc` is empty where the same argument is described on the interface or at the root."""

    name: str
    type: str
    doc: str = ""
    many: bool = False
    required: bool = False
    default: object = None


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an output type. `many`: a list of non-null items, never null itself; `null`: may be null. A list
    whose items may be null (`nodes`) is both."""

    name: str
    type: str
    doc: str
    species: Species
    many: bool = False
    null: bool = False
    arguments: tuple[Argument, ...] = ()


@dataclass(frozen=True, slots=True)
class Output:
    """An object or interface type. `bases` are the interfaces that it implements directly; their fields are its own,
    unless it declares one of the same name more narrowly."""

    name: str
    doc: str
    fields: dict[str, Field]
    bases: tuple[str, ...] = ()
    interface: bool = False


def output(name: str, doc: str, *fields: Field, bases: tuple[Output, ...] = (), interface: bool = False) -> Output:
    """A type with the fields of its bases and its own. Raises ValueError where two things have one name on it: GraphQL
    would publish the last and hide the other silently. Only nodes may be declared anew, of narrower types."""
    inherited = {key: field for base in bases for key, field in base.fields.items()}
    own: dict[str, Field] = {}
    for field in fields:
        wider = inherited.get(field.name, field)
        narrowed = isinstance(field.species, Filler) and isinstance(wider.species, Filler)
        if field.name in own or not (narrowed or field == wider):
            raise ValueError(
                f"{name}.{field.name} has two meanings; a property, a slot and a connection need different names"
            )
        own[field.name] = field
    return Output(name, doc, inherited | own, tuple(base.name for base in bases), interface)
