"""Mappings of a file read by their fields: which are known, and what sort of value each takes."""

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from graph.errors import Fault
from graph.ontology.types import Prop
from graph.spans import shown
from seed.tree import Items, Node, Pairs, Scalar, Unread

_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,8})")
_DECIMAL: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,9})?")
_READ_AS: Final = {
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "timestamp": "a date of YAML's own",
}


class Form:
    """Reads one record: notes the line of each path, and each fault of form. A shape takes a node and its path and
    gives the value, or None where a fault has been said; then the path is `broken`."""

    def __init__(self, file: str, line: int, faults: list[Fault]) -> None:
        self.file, self.line, self._faults = file, line, faults
        self.lines: dict[str, int] = {}
        self.broken: set[str] = set()

    def fault(self, path: str, reason: str, passes: str, line: int | None = None) -> None:
        """Says a fault, by default at the line of its path."""
        self.broken.add(path)
        self._faults.append(Fault(self.file, line or self.lines.get(path, self.line), path or "file", reason, passes))

    def fields(
        self, node: Node, path: str, shapes: Mapping[str, "Shape"], of: str, needed: Iterable[str] = ()
    ) -> dict[str, Any]:
        """The fields of a mapping that could be read. A field that is unknown, or needed and missing, is a fault."""
        if not isinstance(node, Pairs):
            self._refuse(node, path, "a mapping", f"write its fields: {', '.join(shapes)}")
            return {}
        values: dict[str, Any] = {}
        for key, (line, value) in node.pairs.items():
            at = f"{path}.{key}" if path else key
            self.lines[at] = line
            if key in shapes:
                values[key] = shapes[key](self, value, at)
            else:
                near = get_close_matches(key, shapes, n=1, cutoff=0.6)
                self.broken.update(f"{path}.{name}" if path else name for name in near)
                self.fault(at, f"{shown(key)} is not a field of {of}", instead(key, shapes))
        for key in needed:
            at = f"{path}.{key}" if path else key
            if key not in node.pairs and at not in self.broken:
                self.fault(at, "it is missing", f"write {key}", self.lines.get(path, node.line))
        return values

    def _refuse(self, node: Node, path: str, wanted: str, passes: str) -> None:
        found = "a list" if isinstance(node, Items) else "a mapping" if isinstance(node, Pairs) else "one value"
        if isinstance(node, Unread):
            self.broken.add(path)
        else:
            self.fault(path, f"{found} stands where {wanted} is wanted", passes, node.line)

    def scalar(self, node: Node, path: str, wanted: str, passes: str) -> Scalar | None:
        """A node as the one value that is wanted."""
        if isinstance(node, Scalar) and node.type == "null":
            self.fault(path, "it has no value", "write one, or leave the field out", node.line)
        elif isinstance(node, Scalar):
            return node
        else:
            self._refuse(node, path, wanted, passes)
        return None

    def items(self, node: Node, path: str, each: "Shape") -> tuple[Any, ...]:
        """What could be read of a list."""
        if not isinstance(node, Items):
            self._refuse(node, path, "a list", "write [ ] around it, or one entry a line, each after a hyphen")
            return ()
        values: list[Any] = []
        for item in node.items:
            # Numbered as in the record, which lacks what could not be read.
            at = f"{path}[{len(values)}]"
            self.lines[at] = item.line
            value = each(self, item, at)
            if value is not None:
                values.append(value)
        return tuple(values)


Shape = Callable[[Form, Node, str], Any]


def instead(key: str, known: Iterable[str]) -> str:
    """What would pass in place of an unknown name: the nearest, else any of those known."""
    names = list(known)
    near = get_close_matches(key, names, n=1, cutoff=0.6)
    return f"write {near[0]}" if near else f"write one of {', '.join(names)}"


def text(form: Form, node: Node, path: str) -> str | None:
    """A text, its runs of white space made one space each."""
    found = form.scalar(node, path, "a text", "write one text")
    if found is None:
        return None
    if found.type != "str":
        reason = f"{shown(found.text)} without quotes is read as {_READ_AS.get(found.type, 'no text')}"
        form.fault(path, reason, f'write it in quotes: "{found.text[:40]}"', found.line)
        return None
    joined = " ".join(found.text.split())
    if not joined:
        form.fault(path, "it is blank", "write a text, or leave the field out", found.line)
    return joined or None


def number(form: Form, node: Node, path: str) -> int | None:
    """A whole number."""
    found = form.scalar(node, path, "a number", "write a whole number")
    if found is None:
        return None
    if found.type == "int" and _INTEGER.fullmatch(found.text):
        return int(found.text)
    form.fault(path, f"{shown(found.text)} is not a whole number", "write a whole number, without quotes", found.line)
    return None


def decimal(form: Form, node: Node, path: str) -> float | None:
    """A number, of at most twelve digits before the point and nine behind it."""
    found = form.scalar(node, path, "a number", "write a number, as in 12 or 12.5")
    if found is None:
        return None
    if found.type in ("int", "float") and _DECIMAL.fullmatch(found.text):
        return float(found.text)
    form.fault(path, f"{shown(found.text)} is not a number", "write 12 or 12.5, without quotes", found.line)
    return None


def flag(form: Form, node: Node, path: str) -> bool | None:
    """True or false."""
    found = form.scalar(node, path, "true or false", "write true or false")
    if found is None:
        return None
    if found.type == "bool" and found.text in ("true", "false"):
        return found.text == "true"
    form.fault(
        path, f"{shown(found.text)} is neither true nor false", "write true or false, without quotes", found.line
    )
    return None


def nodes(form: Form, node: Node, path: str) -> tuple[Node, ...]:
    """A list whose entries are read later."""
    return form.items(node, path, lambda form, item, at: item)


def texts(form: Form, node: Node, path: str) -> tuple[str, ...]:
    """A list of texts."""
    return form.items(node, path, text)


def mapping(shapes: Mapping[str, Shape], of: str, needed: Iterable[str]) -> Shape:
    """A small mapping inside a record; None where a field that it needs could not be read."""
    wanted = tuple(needed)

    def shape(form: Form, node: Node, path: str) -> dict[str, Any] | None:
        read = form.fields(node, path, shapes, of, wanted)
        values = {key: value for key, value in read.items() if value is not None}
        return values if values.keys() >= set(wanted) else None

    return shape


def mappings(of: str, needed: str, left_out: str = "") -> Shape:
    """A list of small mappings of texts; the names of their fields, those that may be left out apart."""
    each = mapping(dict.fromkeys((*needed.split(), *left_out.split()), text), of, needed.split())
    return lambda form, node, path: form.items(node, path, each)


def prop_shape(prop: Prop) -> Shape:
    """How the values of a property are written."""
    shape = (
        {"number": number, "decimal": decimal, "flag": flag}.get(prop.type, text)
        if isinstance(prop.type, str)
        else text
    )
    return (lambda form, node, path: form.items(node, path, shape)) if prop.many else shape
