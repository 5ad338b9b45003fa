"""Curated files beside the texts of their sources, where these are at hand: no words of a source are ours, and no date
is finer than what is printed.

The texts are not part of the project. `peacegraph check --texts FOLDER` reads `FOLDER/<slug>.txt`."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from graph.claim import Claim, Entity, Record
from graph.errors import Fault
from graph.names import tokens
from graph.spans import shown
from seed.files import Read

WORDS: Final = 8
"""Words in a row that a text of ours may not share with its source: one more than most names of bodies have."""

Run = tuple[str, ...]

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_FINE: Final = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d\d))?[~?%]?")


def runs(words: Iterable[str]) -> set[Run]:
    """Every run of eight words."""
    row = list(words)
    return {tuple(row[i : i + WORDS]) for i in range(len(row) - WORDS + 1)}


def of_text(text: str) -> set[Run]:
    """The runs of a text. Words that a line's end divides are joined; numbers of notes may stand between words."""
    joined = re.sub(r"[-‐]\s*\n\s*", "", text)
    bare = re.sub(r"(?<=[^\W\d])\d+|\b\d+\b", " ", joined)
    return runs(tokens(text)) | runs(tokens(joined)) | runs(tokens(bare))


def own_words(record: Record) -> Iterator[tuple[str, str]]:
    """(field, text) of everything in a record that is to be said in our own words. Names, titles and the wording of a
    field are the source's own."""
    if isinstance(record, Entity):
        yield "description", record.description or ""
        yield "definition", str(record.props.get("definition", ""))
    else:
        yield "statement", record.statement
        yield "note", record.note or ""
        yield from ((f"doubts[{i}].how", doubt.how) for i, doubt in enumerate(record.doubts))


def titles(entities: Iterable[Entity]) -> set[Run]:
    """The runs of printed names and titles, as far as they are declared as such: as name, alias or title."""
    found: set[Run] = set()
    for entity in entities:
        for name in (entity.name, *(alias.name for alias in entity.aliases), str(entity.props.get("title", ""))):
            found |= runs(tokens(name))
    return found


def faults(found: Read, slug: str, text: str) -> Iterator[Fault]:
    """What the records of one curated file have from the text of its source, and should not: copied words, and days and
    months that the text does not print, unless the claim words or doubts its `during`."""
    printed = of_text(text) - titles(found.entities)
    records: list[Record] = [*found.entities, *found.claims]
    for record in records:
        for field, own in own_words(record):
            if copied := of_text(own) & printed:
                words = " ".join(min(copied))
                reason = f"it shares {WORDS} words in a row with {slug}: {words}"
                yield Fault(*found.locate(record, field), field, reason, "say it otherwise")
    words = f" {' '.join(tokens(text))} "
    for claim in found.claims:
        if any(cited.source.partition(":")[2] == slug for cited in claim.citations):
            yield from _dates(claim, found, words)


def _dates(claim: Claim, found: Read, words: str) -> Iterator[Fault]:
    told = {doubt.field for doubt in claim.doubts} | {field for field, _ in claim.wording}
    if "during" in told:
        return
    for name in ("on", "start", "end"):
        date = _FINE.fullmatch(getattr(claim.during, name) or "")
        if date and not _printed(date, words):
            reason = f"{shown(date[0])} is not printed as a month, or as a day, anywhere in the text"
            passes = "write the year, or a wording or a doubt of during"
            yield Fault(*found.locate(claim, f"during.{name}"), f"during.{name}", reason, passes)


def _printed(date: re.Match[str], words: str) -> bool:
    """Whether the month of a date, and its day where it has one, stands in a text; the year may be said before."""
    month, day = _MONTHS[int(date[2]) - 1], date[3] and str(int(date[3]))
    if day is None:
        return f" {month} " in words and f" {date[1]} " in words
    endings = ("", "st", "nd", "rd", "th")
    ways = (*(f" {day}{end} {month} " for end in endings), *(f" {month} {day}{end} " for end in endings))
    return any(way in words for way in ways)


def read(folder: Path, slug: str) -> str | None:
    """The text of a source in a folder; None where it is not at hand."""
    path = folder / f"{slug}.txt"
    return path.read_text(encoding="utf-8") if path.is_file() else None
