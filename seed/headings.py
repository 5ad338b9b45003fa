"""The headings of a source in their order, and whether a locator names one of them.

The lists lie in `seed/papers/headings`, one a source. A locator is

    Whole article
    HEADING [, HEADING below it …] [, PART …] [, note N | , notes N, M and K | , notes N to M]
    note N

A heading below another may be named alone where no other has its name. A heading may be cut at its first colon. Case,
accents, and the shapes of quotes and dashes do not count. A note must be one of those that the heading has in its text,
its sub-headings included."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from graph.errors import Fault
from graph.names import fold
from seed.form import Form, Shape, flag, nodes, text, texts
from seed.tree import parse

HEADINGS: Final = Path(__file__).resolve().parent / "papers" / "headings"
WHOLE: Final = "Whole article"

_NOTES: Final = re.compile(r"notes? (\d{1,4}(?:(?:, | and |, and |-| to )\d{1,4})*)")
_RANGE: Final = re.compile(r"(\d{1,4}) to (\d{1,4})")
_FILE: Final[dict[str, Shape]] = {"source": text, "headings": nodes}
_HEADING: Final[dict[str, Shape]] = {
    **dict.fromkeys(("name", "under", "notes", "why"), text),
    "parts": texts,
    "ours": flag,
}


@dataclass(frozen=True)
class Heading:
    """One heading. `under` is the name of the one above it; `first`, `last` its notes, 0 where it has none; `parts`
    what else may be named in it (Table 1, by-line); `ours`: the source prints none here, and the name is ours; `why`
    no claim is expected of it."""

    name: str
    under: str | None = None
    first: int = 0
    last: int = 0
    parts: tuple[str, ...] = ()
    ours: bool = False
    why: str | None = None

    @cached_property
    def path(self) -> str:
        """How a locator names it: after the heading above it, cut at its colon."""
        return f"{_cut(self.under)}, {self.name}" if self.under else self.name

    @cached_property
    def spellings(self) -> tuple[str, ...]:
        """Its name and what stands before its colon, folded."""
        return tuple(dict.fromkeys((fold(self.name), fold(_cut(self.name)))))


def _cut(name: str) -> str:
    return name.partition(": ")[0]


@dataclass(frozen=True)
class Headings:
    """The headings of one source in order."""

    all: tuple[Heading, ...]

    def find(self, locator: str) -> Heading | None:
        """The heading that a locator names; by a bare note, the lowest that has it. None for the whole, and for what
        names none."""
        found = self._read(fold(locator))
        return found if isinstance(found, Heading) else None

    def fault(self, locator: str) -> tuple[str, str] | None:
        """Why a locator names no place of the source, and what would pass; None where it names one."""
        found = self._read(fold(locator))
        return found if isinstance(found, tuple) else None

    def _read(self, locator: str) -> Heading | tuple[str, str] | None:
        if locator == fold(WHOLE):
            return None
        if _NOTES.fullmatch(locator):
            holding = [heading for heading in self.all if _beyond(locator, heading) is None]
            passes = f"write a note from 1 to {max((heading.last for heading in self.all), default=0)}"
            return holding[-1] if holding else ("there is no such note", passes)
        named = [self._below(heading, rest) for heading, rest in self._beginning(locator, self.all)]
        if not named:
            return "no heading is named so", f"write {self._near(locator)}"
        # The longest heading first: one may begin as another does.
        heading, rest = max(named, key=lambda each: -len(each[1]))
        twins = {each.path for each, left in named if left == rest}
        if len(twins) > 1:
            return "several headings are named so", f"write the heading above it as well: {' or '.join(sorted(twins))}"
        return self._within(heading, rest)

    def _below(self, heading: Heading, rest: str) -> tuple[Heading, str]:
        below = [each for each in self.all if each.under == heading.name]
        found = max(self._beginning(rest, below), key=lambda each: -len(each[1]), default=None)
        return found or (heading, rest)

    @staticmethod
    def _beginning(locator: str, headings: Sequence[Heading]) -> list[tuple[Heading, str]]:
        """The headings with which a locator begins, each with what follows."""
        return [
            (heading, locator[len(name) + 2 :])
            for heading in headings
            for name in heading.spellings
            if locator == name or locator.startswith(f"{name}, ")
        ]

    def _within(self, heading: Heading, rest: str) -> Heading | tuple[str, str]:
        parts = {fold(part): part for part in heading.parts}
        while rest:
            part = next((part for part in parts if rest == part or rest.startswith(f"{part}, ")), None)
            if part is None:
                break
            rest = rest[len(part) + 2 :]
        if not rest:
            return heading
        if not _NOTES.fullmatch(rest):
            known = [*heading.parts, "note and its number"] if heading.first else heading.parts
            return f"{heading.path} has no {rest}", f"write {' or '.join(known) or 'the heading alone'}"
        return _beyond(rest, heading) or heading

    def _near(self, locator: str) -> str:
        from difflib import get_close_matches

        names = {fold(heading.path): heading.path for heading in self.all}
        near = get_close_matches(locator, names, n=1, cutoff=0.5)
        return names[near[0]] if near else f"{WHOLE}, or one of: {'; '.join(names.values())}"


def _beyond(notes: str, heading: Heading) -> tuple[str, str] | None:
    """What is wrong with the notes that a locator names under a heading."""
    numbers = [int(number) for number in re.findall(r"\d+", notes)]
    if all(heading.first <= number <= heading.last for number in numbers) and heading.last:
        return None
    has = f"notes {heading.first} to {heading.last}" if heading.last else "no notes"
    return f"{heading.path} has {has}", "write the heading in whose text the number of the note stands"


def read(path: Path, name: str) -> tuple[Headings | None, list[Fault]]:
    """The headings in a file, and its faults. None, without a fault, where there is no file."""
    if not path.exists():
        return None, []
    tree = parse(path, name)
    said = list(tree.faults)
    if tree.root is None:
        return None, said
    top = Form(name, tree.root.line, said).fields(tree.root, "", _FILE, "a list of headings", _FILE)
    found: list[Heading] = []
    for node in top.get("headings") or ():
        form = Form(name, node.line, said)
        given = form.fields(node, "", _HEADING, "a heading", ("name",))
        span = _RANGE.fullmatch(given.get("notes") or "1 to 1")
        if span is None or int(span[1]) > int(span[2]):
            form.fault("notes", "these are no notes", "write the first and the last, as in 1 to 19")
        elif given.get("under") and given["under"] not in {heading.name for heading in found}:
            form.fault("under", "no heading before it is named so", "write the name of the heading above")
        elif given.get("name"):
            first, last = (int(span[1]), int(span[2])) if given.get("notes") else (0, 0)
            kept = {key: given[key] for key in ("name", "under", "parts", "ours", "why") if given.get(key) is not None}
            found.append(Heading(**kept, first=first, last=last))
    return Headings(tuple(found)), said
