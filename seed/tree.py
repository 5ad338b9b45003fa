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
RECORDS_LOST: Final = 20
"""Records that cannot be read as YAML before the rest of a file is given up; each means reading the file again."""
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
            with path.open("rb") as file:
                begins = file.read(FILE_LIMIT).split(b"\n")
            line = next((n for n, text in enumerate(begins, start=1) if len(text) > 4 * LINE_LIMIT), 1)
            return Tree(None, (Fault(name, line, "file", reason, "divide it"),), whole=False)
        data = path.read_bytes()
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        return Tree(None, (Fault(name, 1, "file", reason, "name a file that is there and may be read"),), whole=False)
    return parse_bytes(data, name)


def parse_bytes(data: bytes, name: str) -> Tree:
    """The tree of the bytes of one file."""
    text = data.decode("utf-8", "surrogateescape")
    faults = list(_text_faults(text, name))
    lines = _UNSEEN.sub(" ", _BAD_BYTE.sub("\ufffd", text)).replace("\t", " ").split("\n")
    said = {fault.line for fault in faults}
    long = [number for number, line in enumerate(lines, start=1) if len(line) > LINE_LIMIT]
    taken_out = [_blanked(lines, number) for number in long]
    if not all(taken_out):
        return Tree(None, tuple(faults), whole=False)
    lost = bool(long)
    for _ in range(RECORDS_LOST):
        builder = _Builder("\n".join(lines), name)
        try:
            root = builder.document()
        except yaml.MarkedYAMLError as error:
            line, lost = _line(error), True
            if line not in said:
                reason = f"this cannot be read as YAML: {error.problem}"
                faults.append(Fault(name, line, "file", reason, "mend the line, or the one before it"))
            if isinstance(error, _TooDeep) or not _blanked(lines, line):
                return Tree(None, (*faults, *builder.faults), whole=False)
        else:
            whole = root is not None and not builder.lost and not lost
            return Tree(root, (*faults, *builder.faults), whole=whole)
    return Tree(None, tuple(faults), whole=False)


def _line(error: yaml.MarkedYAMLError) -> int:
    """Where the mistake is: what was never closed begins there, and is missed further down."""
    begun = re.search("flow|quoted|simple key", error.context or "")
    mark = error.context_mark if begun and error.context_mark else error.problem_mark or error.context_mark
    return mark.line + 1 if mark else 1


def _blanked(lines: list[str], line: int) -> bool:
    """Takes out the record in which a line stands, so that what follows can be read; False where it stands in none.
    Lines keep their numbers."""
    starts = [number for number, text in enumerate(lines) if _ITEM.match(text)]
    depth = min((len(lines[number]) - len(lines[number].lstrip(" ")) for number in starts), default=0)
    starts = [number for number in starts if lines[number][depth] == "-"]
    first = max((number for number in starts if number < line), default=None)
    tops = (number for number, text in enumerate(lines) if _TOP.match(text))
    last = min((number for number in (*starts, *tops) if first is not None and number > first), default=len(lines))
    if first is None or line > last:
        return False
    lines[first:last] = [""] * (last - first)
    return True


_ITEM: Final = re.compile(r" *- ")
_TOP: Final = re.compile(r"[a-z]")


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
