"""A small curated file that is sound, and ways to make it unsound."""

from pathlib import Path

from graph.errors import Fault
from seed.load import check

EXAMPLE = """\
source: example-2020
entities:
  - id: Source:example-2020
    name: Example 2020
    date: "2020"
  - id: Individual:some-commander
    name: Some Commander
    aliases: [{name: Gen. Commander, kind: SPELLING, locator: Section 2}]
  - id: Mission:example
    name: Example Mission
  - id: Place:capital
    name: Capital
  - id: State:country
    name: Country
  - id: Term:purpose/security
    name: Security
    definition: Keeping an area safe.
    locator: Section 1
claims:
  - id: example-2020/1
    kind: APPOINTMENT
    from: Individual:some-commander
    to: Mission:example
    role: FORCE_COMMANDER
    during: {start: "1956", end: "1957-37~"}
    citations: [{locator: "Section 2, note 4"}]
    statement: Some Commander led the force from 1956 until early 1957 or so.
  - id: example-2020/2
    kind: PART_OF
    from: Place:capital
    to: State:country
    citations: [{locator: Section 3}]
    statement: The capital lies in the country.
"""


def changed(*changes: tuple[str, str]) -> str:
    """The example with each first text, which stands in it once, replaced by the second."""
    text = EXAMPLE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def faults(folder: Path, text: str | bytes, name: str = "example-2020.yaml") -> list[Fault]:
    """What is wrong with one file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return check([path])


def line_of(text: str, part: str) -> int:
    """The line in which a part of a text stands for the first time."""
    return text[: text.index(part)].count("\n") + 1
