"""The selection, compiled: functions that write the answer straight from what was found.

One function for each type in each place, made as Python source; functions of the same text are one. The source holds
names of the schema, numbers and names that are generated here; response keys, which a client chooses, are values of a
table.

A function is made in two manners. The fast one takes the documents' word that what the schema says is there. Where it
finds that something is not, the question is answered again by the careful one, which knows where in the answer it
stands and lets null rise to the nearest place that may hold it, as GraphQL asks."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLType,
    get_named_type,
    is_interface_type,
    is_list_type,
    is_non_null_type,
)

from api.execution.runtime import RUNTIME
from api.execution.selected import Chosen, RootChosen, Shape
from api.schema.enums import TYPENAMES
from api.schema.species import Filler, Inside, Leaf, Link, Measure, Part, Told
from graph.reading import LEFT_OUT

Function = Callable[..., Any]


@dataclass(slots=True, eq=False)
class Projection:
    """The compiled roots of a selection, in order; None for what graphql-core answers. `chosen`: fields whose argument
    says which items of a list are kept; the request's context holds their values in this order. `names`: how many
    functions there are."""

    roots: tuple[Function | None, ...]
    chosen: tuple[tuple[GraphQLField, FieldNode], ...]
    source: str
    names: int


def compiled(roots: Sequence[RootChosen], *, careful: bool = False) -> Projection:
    """The functions of a selection. That of a connection takes its owner (None), that of `nodes` a list of ids, any
    other the document; then the context and, if careful, the way to the field."""
    writer = _Writer(careful)
    names = [None if root.shape is None else writer.root(root, root.shape) for root in roots]
    source = "\n".join(writer.functions.values())
    space: dict[str, Any] = {**RUNTIME, **writer.table}
    exec(compile(source, "<projection>", "exec"), space)  # noqa: S102  # no text of a client is in it
    for name, cases in writer.cases.items():
        space[name].update({kind: space[function] for kind, function in cases.items()})
    functions = tuple(None if name is None else space[name] for name in names)
    return Projection(functions, tuple(writer.chosen), source, len(writer.functions))


_PAGE_INFO: Final = {
    "hasNextPage": "ahead(n, q)",
    "hasPreviousPage": "behind(n, q)",
    "startCursor": "(encode(b, q.rows[0].key) if q.rows else None)",
    "endCursor": "(encode(b, q.rows[-1].key) if q.rows else None)",
}
_LINES: Final = {"b": "b = n.bound(o)", "t": "t = counted(n, o)"}
_CONSTANTS: Final = {type: constant for constant, type in TYPENAMES.items()}


@dataclass(slots=True, eq=False)
class _Writer:
    """Writes functions. Within one: `d` a document, `i` an id, `o` the owner of a connection, `n` the connection, `q`
    its page, `t` its counts, `b` what its cursors are bound to, `a` an absence, `r` a row, `c` the context, `p` the way
    to the object."""

    careful: bool
    functions: dict[str, str] = field(default_factory=dict)
    table: dict[str, Any] = field(default_factory=dict)
    cases: dict[str, dict[str, str]] = field(default_factory=dict)
    chosen: list[tuple[GraphQLField, FieldNode]] = field(default_factory=list)
    _texts: dict[tuple[str, str], str] = field(default_factory=dict)
    _shapes: dict[tuple[int, str], str] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)
    _needs: set[str] = field(default_factory=set)
    _sizes: dict[int, tuple[int, bool]] = field(default_factory=dict)

    # ---- functions --------------------------------------------------------------------------------------------------

    def root(self, root: RootChosen, shape: Shape) -> str:
        """The function of a root field."""
        assert root.definition is not None
        path = "p" if self.careful else ""
        if len(root.branches) == 1:
            return self._connection(shape, root.branches[0].number)
        type = root.definition.type
        if not is_list_type(_nullable(type)):
            return self._function("d, c", self._written(shape, "d", path))
        if not is_interface_type(get_named_type(type)):
            return self._function("d, c", self._list(self._written(shape, "y", f"({path}, j)"), "y", "d"))
        # Ids, of which any may name nothing.
        node = self._found(shape, "i", f"({path}, j)")
        item = self._maybe(node)
        over = "for j, i in enumerate(d)" if self.careful else "for i in d"
        return self._function("d, c", f"[({item} if i in c.documents else None) {over}]")

    def _function(self, parameters: str, value: str, lines: Iterable[str] = ()) -> str:
        """The name of a function of these parameters with this value; one of the same text is the same function."""
        text = "".join(f"    {line}\n" for line in (*lines, f"return {value}"))
        name = self._texts.get((parameters, text))
        if name is None:
            name = self._texts[parameters, text] = f"f{len(self.functions)}"
            self.functions[name] = f"def {name}({parameters}{', p' if self.careful else ''}):\n{text}"
        return name

    def _cases(self, cases: Mapping[str, str]) -> str:
        """The name of a table from kinds to functions."""
        table = {_CONSTANTS[type]: function for type, function in cases.items()}
        for name, known in self.cases.items():
            if known == table:
                return name
        name = f"T{len(self.cases)}"
        self.cases[name], self.table[name] = table, {}
        return name

    def _object(self, shape: Shape, type: str) -> str:
        """The function of documents of one type."""
        known = (id(shape), type)
        if known not in self._shapes:
            self._shapes[known] = self._function("d, c", self._object_of(shape, type, "d"))
        return self._shapes[known]

    def _object_of(self, shape: Shape, type: str, document: str) -> str:
        return self._dict([(chosen, self._field(chosen, document)) for chosen in shape.cases[type]])

    def _written(self, shape: Shape, document: str, path: str) -> str:
        """A document written by the function of its type, or, if it is a small one of which every type has the same
        fields, in its place, which saves a call."""
        cases = {type: self._object(shape, type) for type in shape.cases}
        function = next(iter(cases.values()))
        if len(set(cases.values())) > 1:
            function = f'{self._cases(cases)}[{document}["kind"]]'
        elif not self.careful and self._is_flat(shape):
            return self._object_of(shape, next(iter(cases)), document)
        return self._call(function, document, path)

    def _is_flat(self, shape: Shape) -> bool:
        """Whether objects hold nothing but values and objects of that sort."""
        return all(
            chosen.species is None
            or isinstance(chosen.species, Leaf)
            or (isinstance(chosen.species, Inside) and not chosen.species.many and self._is_flat(_shape(chosen)))
            for fields in shape.cases.values()
            for chosen in fields
        )

    def _connection(self, shape: Shape, number: int) -> str:
        """The function of a connection, whose plan has this number."""
        known = (id(shape), str(number))
        if known in self._shapes:
            return self._shapes[known]
        (parts,) = shape.cases.values()
        outer, self._needs = self._needs, set()
        value = self._dict([(part, self._part(part)) for part in parts])
        needs, self._needs = self._needs, outer
        lines = [f"n = c.connections[{number}]", "q = n.pages.get(o, EMPTY)"]
        if weight := sum(self._weight(part) for part in parts if part.species in (Part("nodes"), Part("edges"))):
            lines.append(f"c.spend(len(q.rows) * {weight})")
        lines += [_LINES[need] for need in sorted(needs)]
        self._shapes[known] = self._function("o, c", value, lines)
        return self._shapes[known]

    # ---- values -----------------------------------------------------------------------------------------------------

    def _dict(self, fields: Sequence[tuple[Chosen, str]]) -> str:
        return f"{{{', '.join(f'{self._key(chosen)}: {value}' for chosen, value in fields)}}}"

    def _key(self, chosen: Chosen) -> str:
        """The response key: the field's own name, or a value of the table, since clients choose aliases."""
        if chosen.key == chosen.name:
            return repr(chosen.name)
        if chosen.key not in self._keys:
            self._keys[chosen.key] = f"k{len(self._keys)}"
            self.table[self._keys[chosen.key]] = chosen.key
        return self._keys[chosen.key]

    def _path(self, chosen: Chosen) -> str:
        return f"(p, {self._key(chosen)})" if self.careful else ""

    def _call(self, function: str, value: str, path: str) -> str:
        return f"{function}({value}, c, {path})" if self.careful else f"{function}({value}, c)"

    def _field(self, chosen: Chosen, d: str) -> str:
        """The value of a field of a document."""
        match chosen.species:
            case None:
                return repr(chosen.type)
            case Leaf(key, many):
                return f"{d}.get({key!r}, ())" if many else self._value(chosen, key, d)
            case Inside() as inside:
                return self._inside(chosen, inside, d)
            case Filler(key, many=True):
                return self._nodes(chosen, f"{d}.get({key!r}, ())")
            case Filler(key):
                if not _may_be_null(chosen):
                    return self._node(chosen, self._value(chosen, key, d), self._path(chosen))
                return f"(None if (y := {d}.get({key!r})) is None else {self._maybe(self._node(chosen, 'y'))})"
            case Told(key):
                return self._fact(chosen, self._value(chosen, key, d))
            case Link():
                assert chosen.branch is not None
                connection = self._connection(_shape(chosen), chosen.branch.number)
                return self._call(connection, f'{d}["id"]', self._path(chosen))
        raise AssertionError(f"{chosen.type}.{chosen.name} stands in no document")

    def _fact(self, chosen: Chosen, id: str) -> str:
        """A fact by its id; if no more of it is wanted, of the id alone."""
        (type,) = _shape(chosen).cases
        told = f'{{"id": {id}}}' if chosen.branch is None else f"c.fact({chosen.branch.number}, {id})"
        return self._call(self._object(_shape(chosen), type), told, self._path(chosen))

    def _value(self, chosen: Chosen, key: str, d: str) -> str:
        """What a document holds under a key; what must be there is asked for so that its absence is noticed."""
        if _may_be_null(chosen):
            return f"{d}.get({key!r})"
        place = f"{self._path(chosen)}, {f'{chosen.type}.{chosen.name}'!r}"
        return f"need({d}.get({key!r}), {place})" if self.careful else f"{d}[{key!r}]"

    def _inside(self, chosen: Chosen, inside: Inside, d: str) -> str:
        shape, path = _shape(chosen), self._path(chosen)
        if inside.many:
            items = f"{d}.get({inside.key!r}, ())"
            if inside.by is not None:
                assert chosen.definition is not None
                items = f"only({items}, {inside.by!r}, c.chosen[{len(self.chosen)}])"
                self.chosen.append((chosen.definition, chosen.nodes[0]))
            return self._list(self._written(shape, "y", f"({path}, j)"), "y", items)
        # A name for each depth, since what stands inside is written in its place.
        inner = f"{d}_" if d.startswith("e") else "e"
        value = f"({inner} := {self._value(chosen, inside.key, d)})"
        return f"(None if {value} is None else {self._maybe(self._written(shape, inner, path))})"

    def _list(self, value: str, item: str, items: str) -> str:
        over = f"for j, {item} in enumerate({items})" if self.careful else f"for {item} in {items}"
        return f"[{value} {over}]"

    def _node(self, chosen: Chosen, id: str, path: str = "") -> str:
        """The node of an id; of a bare one the id is all that is told."""
        if chosen.bare:
            keys = next(iter(_shape(chosen).cases.values()))
            return self._dict([(key, id) for key in keys])
        return self._found(_shape(chosen), id, path or self._path(chosen))

    def _nodes(self, chosen: Chosen, ids: str) -> str:
        """The nodes of a list of ids."""
        weight, spreads = self._size(_shape(chosen))
        # The claims of a fact stand under each of them, and there may be any number.
        long = isinstance(chosen.species, Filler) and not chosen.species.path
        if (spreads or long) and not self.careful:
            ids = f"c.spent({ids}, {weight})"
        if chosen.bare or self.careful:
            return self._list(self._node(chosen, "i", f"({self._path(chosen)}, j)"), "i", ids)
        return self._list(self._written(_shape(chosen), "y", ""), "y", f"map(c.find, {ids})")

    def _found(self, shape: Shape, id: str, path: str) -> str:
        """The document of an id, written by the function of its type."""
        if self.careful:
            return f"node(c, {id}, {self._cases({type: self._object(shape, type) for type in shape.cases})}, {path})"
        return f"(None if (x := c.find({id})) is None else {self._written(shape, 'x', path)})"

    def _size(self, shape: Shape) -> tuple[int, bool]:
        """Fields that one object comes to at most, those of connections under it apart; and whether more nodes stand
        below it, so that lists multiply."""
        if id(shape) not in self._sizes:
            self._sizes[id(shape)] = (
                max((sum(map(self._weight, fields)) for fields in shape.cases.values()), default=0),
                any(map(self._multiplies, (chosen for fields in shape.cases.values() for chosen in fields))),
            )
        return self._sizes[id(shape)]

    def _weight(self, chosen: Chosen) -> int:
        under = 0 if chosen.shape is None or isinstance(chosen.species, Link) else self._size(chosen.shape)[0]
        return 1 + under

    def _multiplies(self, chosen: Chosen) -> bool:
        if isinstance(chosen.species, Link):
            return True
        many = isinstance(chosen.species, Filler) and chosen.species.many and not chosen.bare
        return many or (chosen.shape is not None and self._size(chosen.shape)[1])

    # ---- parts of connections ---------------------------------------------------------------------------------------

    def _part(self, chosen: Chosen) -> str:
        """The value of a field of a connection, or of what stands in one beside its rows."""
        path = self._path(chosen)
        match chosen.species:
            case None:
                return repr(chosen.type)
            case Part("nodes"):
                return self._list(self._written(_shape(chosen), "r.doc", f"({path}, j)"), "r", "q.rows")
            case Part("edges"):
                (parts,) = _shape(chosen).cases.values()
                edge = self._function("r, c, n, o, b", self._dict([(part, self._part(part)) for part in parts]))
                bound = "b" if "b" in self._needs else "None"
                more = f", ({path}, j)" if self.careful else ""
                return self._list(f"{edge}(r, c, n, o, {bound}{more})", "r", "q.rows")
            case Part("node"):
                return self._written(_shape(chosen), "r.doc", path)
            case Part("cursor"):
                self._needs.add("b")
                return "encode(b, r.key)"
            case Part("match"):
                return "matched(n, r)"
            case Part("via"):
                return self._nodes(chosen, "chain(n, r)")
            case Part("other"):
                return f"(None if (y := other(r.doc, o)) is None else {self._maybe(self._node(chosen, 'y'))})"
            case Part("pageInfo"):
                value = self._inner(chosen, _PAGE_INFO)
                self._needs |= {"b"} if "encode" in value else set()
                return value
            case Measure("totalCount"):
                self._needs.add("t")
                return "t[0]"
            case Measure("factCount"):
                self._needs.add("t")
                return "t[1]"
            case Measure("facets"):
                weight, _ = self._size(_shape(chosen))
                buckets = f"c.spent(faceted(n, {chosen.number}, o), {weight})"
                return self._list(self._written(_shape(chosen), "y", f"({path}, j)"), "y", buckets)
            case Measure("leftOut"):
                self._needs.add("t")
                return self._inner(chosen, {name: f"t[{place + 2}]" for place, name in enumerate(LEFT_OUT)})
            case Measure("absence"):
                return f"(None if (a := n.absences.get(o)) is None else {self._absence(chosen)})"
        raise AssertionError(f"{chosen.type}.{chosen.name} stands in no connection")

    def _maybe(self, value: str) -> str:
        return f"maybe(c, lambda: {value})" if self.careful else value

    def _inner(self, chosen: Chosen, values: Mapping[str, str]) -> str:
        (parts,) = _shape(chosen).cases.values()
        return self._dict([(part, values[part.name] if part.species else repr(part.type)) for part in parts])

    def _absence(self, chosen: Chosen) -> str:
        (parts,) = _shape(chosen).cases.values()
        fields = []
        for part in parts:
            match part.species:
                case None:
                    value = repr(part.type)
                case Leaf(key):
                    value = f"a.{key}"
                case Filler(path=path):
                    value = self._nodes(part, f"named(a, {path!r})")
                case _:
                    raise AssertionError(f"{part.type}.{part.name} stands in no absence")
            fields.append((part, value))
        return self._dict(fields)


def _nullable(type: GraphQLType) -> GraphQLType:
    return type.of_type if is_non_null_type(type) else type


def _shape(chosen: Chosen) -> Shape:
    assert chosen.shape is not None, "a field with a selection has a shape"
    return chosen.shape


def _may_be_null(chosen: Chosen) -> bool:
    assert chosen.definition is not None
    return not is_non_null_type(chosen.definition.type)
