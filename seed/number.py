"""Numbers for new claims: given once, kept for ever, written into the file without touching anything else in it."""

import os
import re
import shutil
from pathlib import Path

from graph.errors import Fault, Refused
from seed.tree import Items, Pairs, Scalar, parse


def number(path: Path) -> list[str]:
    """Writes an id into every claim of a curated file that has none, and returns these ids in the order of the file.

    They go on from the highest number of the paper that stands anywhere in the file: a claim that was withdrawn keeps
    its number as long as a comment names it. Comments and layout stay. Raises Refused, with nothing written, where the
    file cannot be read or does not name its source."""
    tree = parse(path, str(path))
    source = tree.root.pairs.get("source") if isinstance(tree.root, Pairs) else None
    if tree.faults or source is None or not isinstance(source[1], Scalar):
        missing = Fault(str(path), 1, "source", "the file does not name its source", "write source: and a slug")
        raise Refused(tree.faults or [missing])
    slug = source[1].text
    text = path.read_bytes().decode()
    last = max(map(int, re.findall(rf"(?<![\w-]){re.escape(slug)}/([0-9]+)(?![\w-])", text)), default=0)
    assert isinstance(tree.root, Pairs)
    _, claims = tree.root.pairs.get("claims", (0, None))
    new = [claim for claim in _mappings(claims) if "id" not in claim.pairs]
    ids = [f"{slug}/{last + count}" for count in range(1, len(new) + 1)]
    lines = text.split("\n")
    # From the end, so that what is written does not move what is still to be written.
    for claim, id in reversed(list(zip(new, ids, strict=True))):
        _write(lines, claim, id)
    if ids:
        _replace(path, "\n".join(lines))
    return ids


def _mappings(node: object) -> list[Pairs]:
    return [item for item in node.items if isinstance(item, Pairs)] if isinstance(node, Items) else []


def _write(lines: list[str], claim: Pairs, id: str) -> None:
    line = lines[claim.line - 1]
    if claim.flow:
        at = claim.column + 1
        lines[claim.line - 1] = f"{line[:at]}id: {id}{', ' if claim.pairs else ''}{line[at:].lstrip(' ')}"
    else:
        at = claim.column
        end = "\r" if line.endswith("\r") else ""
        lines[claim.line - 1 : claim.line] = [f"{line[:at]}id: {id}{end}", " " * at + line[at:]]


def _replace(path: Path, text: str) -> None:
    """All or nothing: a file cut off half-way would lose a paper."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_bytes(text.encode())
    shutil.copymode(path, draft)
    os.replace(draft, path)
