"""YAML text to a tree of nodes that know their lines, and every way in which the text itself is refused.

Read by events, so that nothing is ever expanded: an anchor, an alias, a merge key or a tag is a fault, not a feature.
What can be read past a fault is read, so that one run finds them all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from graph.errors import Fault

FILE_LIMIT: Final = 8 * 1024 * 1024
"""Bytes in a file; a paper of a hundred claims has 50 KB."""
LINE_LIMIT: Final = 5_000
"""Characters in a line; the longest of the first papers has 370."""
DEPTH_LIMIT: Final = 12
"""Lists and mappings inside each other; a claim needs six."""

_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\r(?!\n)"
)
_BAD_BYTE: Final = re.compile("[\udc80-\udcff]")
_TAGS: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as it is written. `type` is what YAML takes it for: `str`, `int`, `float`, `bool`, `null`,
    `timestamp`."""

    text: str
    type: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping: key → (line of the key, value). `column` is where it begins, from 0: with its first key, or, where it
    is written in braces (`flow`), with the first brace."""

    pairs: dict[str, tuple[int, "Node"]]
    line: int
    column: int
    flow: bool


@dataclass(frozen=True, slots=True)
class Unread:
    """Something that was refused here; the fault has been said."""

    line: int


Node = Scalar | Items | Pairs | Unread


@dataclass(frozen=True, slots=True)
class Tree:
    """A file as it was read. `root` is None where nothing could be read; `whole`: no part of its outermost mapping was
    lost."""

    root: Node | None
    faults: tuple[Fault, ...]
    whole: bool


def parse(path: Path, name: str) -> Tree:
    """The tree of one file; `name` is what faults call it. A file that cannot be opened is a fault too."""
    try:
        size = path.stat().st_size
        if size > FILE_LIMIT:
            reason = f"the file has {size:,} bytes, and {FILE_LIMIT:,} are read at most"
            return Tree(None, (Fault(name, 1, "file", reason, "divide it"),), whole=False)
        data = path.read_bytes()
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        return Tree(None, (Fault(name, 1, "file", reason, "name a file that is there and may be read"),), whole=False)
    return parse_bytes(data, name)


def parse_bytes(data: bytes, name: str) -> Tree:
    """The tree of the bytes of one file."""
    text = data.decode("utf-8", "surrogateescape")
    faults = list(_text_faults(text, name))
    if any(len(line) > LINE_LIMIT for line in text.split("\n")):
        return Tree(None, tuple(faults), whole=False)
    readable = _UNSEEN.sub(" ", _BAD_BYTE.sub("\ufffd", text)).replace("\t", " ")
    builder = _Builder(readable, name)
    try:
        root = builder.document()
    except yaml.MarkedYAMLError as error:
        said = {fault.line for fault in faults}
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        if line not in said:
            faults.append(
                Fault(
                    name,
                    line,
                    "file",
                    f"this cannot be read as YAML: {error.problem}",
                    "mend the line, or the one before it",
                )
            )
        return Tree(None, (*faults, *builder.faults), whole=False)
    return Tree(root, (*faults, *builder.faults), whole=root is not None and not builder.lost)


def _text_faults(text: str, name: str) -> Iterator[Fault]:
    """What is wrong with the text before anything is read from it; one fault of a kind and line."""
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LINE_LIMIT:
            reason = f"the line has {len(line):,} characters, and {LINE_LIMIT:,} are read at most"
            yield Fault(name, number, "file", reason, "break it; long text goes on indented lines after >-")
        if byte := _BAD_BYTE.search(line):
            reason = f"byte 0x{ord(byte[0]) - 0xDC00:02x} is not UTF-8"
            yield Fault(name, number, "file", reason, "save the file in UTF-8")
        if unseen := _UNSEEN.search(line + "\n"):
            reason = f"it holds U+{ord(unseen[0]):04X}, a character that cannot be seen"
            yield Fault(name, number, "file", reason, "take it out")
        if "\t" in line:
            yield Fault(name, number, "file", "it holds a tab", "write spaces")


class _TooDeep(yaml.MarkedYAMLError):
    pass


class _Builder:
    """Makes the tree from the events of one document."""

    def __init__(self, text: str, name: str) -> None:
        self.faults: list[Fault] = []
        self.lost = False
        self._name = name
        self._loader: Any = yaml.CSafeLoader(text)

    def document(self) -> Node | None:
        """The one document of the text; None, with a fault, where there is none or the second begins."""
        try:
            root: Node | None = None
            while not self._loader.check_event(yaml.StreamEndEvent):
                event = self._loader.get_event()
                if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                    self._fault(event, "file", "a second document begins", "one document a file")
                    return root
                if isinstance(event, yaml.NodeEvent):
                    root = self._node(event, 0, "file")
            if root is None:
                self.faults.append(
                    Fault(self._name, 1, "file", "the file is empty", "write source, entities and claims")
                )
            return root
        finally:
            self._loader.dispose()

    def _node(self, event: Any, depth: int, field: str) -> Node:
        line, column = event.start_mark.line + 1, event.start_mark.column
        if isinstance(event, yaml.AliasEvent):
            self._fault(
                event, field, f"the alias *{event.anchor} stands for something else", "write out what it stands for"
            )
            return Unread(line)
        if event.anchor is not None:
            self._fault(event, field, f"&{event.anchor} is an anchor", "take it out, and write out what refers to it")
        if event.tag is not None:
            self._fault(event, field, f"{event.tag} is a tag", "take it out; the field says what the value is")
        if depth > DEPTH_LIMIT:
            raise _TooDeep(
                problem=f"more than {DEPTH_LIMIT} lists and mappings inside each other", problem_mark=event.start_mark
            )
        if isinstance(event, yaml.SequenceStartEvent):
            return Items(tuple(self._items(depth, field)), line)
        if isinstance(event, yaml.MappingStartEvent):
            return Pairs(self._pairs(depth), line, column, bool(event.flow_style))
        return self._scalar(event, field)

    def _items(self, depth: int, field: str) -> Iterator[Node]:
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1, field)

    def _pairs(self, depth: int) -> dict[str, tuple[int, Node]]:
        pairs: dict[str, tuple[int, Node]] = {}
        while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
            key = self._key(event, depth)
            value = self._node(self._loader.get_event(), depth + 1, key or "file")
            line = event.start_mark.line + 1
            if key in pairs:
                reason = f"it stands twice, first in line {pairs[key][0]}"
                self._fault(event, key, reason, "write it once")
                self.lost |= depth == 0
            elif key is not None:
                pairs[key] = line, value
            else:
                self.lost |= depth == 0
        return pairs

    def _key(self, event: Any, depth: int) -> str | None:
        """The text of a key; None, with a fault, where it is none."""
        node = self._node(event, depth + 1, "file")
        if isinstance(node, Scalar) and node.text == "<<":
            self._fault(event, "<<", "a merge key takes in another mapping", "write its fields out")
            return None
        if isinstance(node, Scalar):
            return node.text
        if not isinstance(node, Unread):
            self._fault(event, "file", "a list or mapping stands where the name of a field is wanted", "write a name")
        return None

    def _scalar(self, event: Any, field: str) -> Node:
        line = event.start_mark.line + 1
        if unseen := _UNSEEN.search(event.value):
            reason = f"it holds U+{ord(unseen[0]):04X}, a character that cannot be seen"
            self._fault(event, field, reason, "take the escape out")
            return Unread(line)
        # A scalar with a tag has been refused, and counts as text.
        tag = f"{_TAGS}str" if event.tag else self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        return Scalar(event.value, tag.removeprefix(_TAGS), line)

    def _fault(self, event: Any, field: str, reason: str, passes: str) -> None:
        fault = Fault(self._name, event.start_mark.line + 1, field, reason, passes)
        if fault not in self.faults[-1:]:
            self.faults.append(fault)
