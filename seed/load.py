"""The way of a fact: files → faults → derive → Builder; all or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import graph
from graph import faults, whole
from graph.claim import Claim, Entity, Record, Timed
from graph.derive import derive, terms, united
from graph.errors import Fault, Refused, StoreUnavailable
from graph.store import Builder, Release
from graph.stores.sqlite.releases import find
from graph.stores.sqlite.store import SqliteStore
from seed.files import Read, read

PAPERS: Final = Path(__file__).resolve().parent / "papers"

Progress = Callable[[str, int, int], None]
"""Told of each step: what is loaded, how many of it so far, of how many."""

BATCH: Final = 1_000
"""Records that a builder is given at a time."""

_T = TypeVar("_T")


def inputs() -> list[Path]:
    """The curated files, in the order of their names."""
    return sorted(PAPERS.glob("*.yaml"))


def digest(paths: Iterable[Path]) -> str:
    """What the inputs of a release are, as one hash of their names and bytes. Raises OSError."""
    found = hashlib.sha256()
    for path in sorted(paths):
        data = path.read_bytes()
        found.update(f"{path.name}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()


def schema() -> str:
    """What a release is made by, as one hash: the ontology, and the code between a record and a stored row."""
    found = hashlib.sha256()
    top = Path(*graph.__path__)
    for path in sorted(path for pattern in _MADE_BY for path in top.glob(pattern)):
        found.update(f"{path.relative_to(top).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


_MADE_BY: Final = (
    "ontology/*.py",
    "ontology/terms/*.yaml",
    *(f"{module}.py" for module in ("claim", "dates", "derive", "names", "order", "spans", "spelling")),
    *(f"stores/{module}.py" for module in ("columns", "sqlite/builder", "sqlite/tables")),
)


def check(paths: Iterable[Path]) -> list[Fault]:
    """Every fault of all files, by file and line; none, and a load would take them."""
    try:
        prepared(paths)
    except Refused as refused:
        return list(refused.faults)
    return []


def prepared(paths: Iterable[Path]) -> tuple[list[Entity], list[tuple[Claim, Timed]]]:
    """The entities and claims of curated files as they are stored. Raises Refused with every fault of all files."""
    found = read(paths, _name)
    said = list(found.faults)
    sound: set[int] = set()
    records: list[Record] = [*found.entities, *found.claims]
    for record in records:
        own = list(_own_faults(record, found))
        said += own
        if not any(field.startswith(_TIME) for field in (*found.place(record).broken, *(fault.field for fault in own))):
            sound.add(id(record))
    said += _new(whole.faults(found.entities, found.claims, found.locate, found.ids, whole=found.whole), said)
    # Those of which the time can be told; if others are left out, only the faults of these are wanted.
    entities = united([*(entity for entity in found.entities if id(entity) in sound), *terms()])
    claims: list[tuple[Claim, Timed]] = []
    try:
        claims = derive(entities, [claim for claim in found.claims if id(claim) in sound], found.locate)
    except Refused as refused:
        said += refused.faults
    if said:
        raise Refused(said)
    return entities, claims


_TIME: Final = ("during", "date")
"""Fields without which the time of a claim, or of a source, cannot be told."""


def _own_faults(record: Record, found: Read) -> Iterator[Fault]:
    place = found.place(record)
    return (fault for fault in faults.faults(record, found.locate) if not place.said(fault.field))


def _new(more: Iterable[Fault], said: Sequence[Fault]) -> list[Fault]:
    """Those faults about which nothing has been said at their place: an id that is no id dangles as well."""
    places = {(fault.file, fault.line, fault.field) for fault in said}
    return [fault for fault in more if (fault.file, fault.line, fault.field) not in places]


def load(builder: Builder, paths: Iterable[Path], progress: Progress = lambda what, done, of: None) -> Release:
    """Makes a release of curated files. Raises Refused with every fault of all files, nothing being loaded."""
    paths = list(paths)
    # Before they are read: what changes meanwhile is loaded by the next load.
    about = {"digest": _digest_or_nothing(paths), "schema": schema()}
    entities, claims = prepared(paths)
    for done, some in _batches(entities):
        builder.add(some, ())
        progress("entities", done, len(entities))
    for done, batch in _batches(claims):
        builder.add((), batch)
        progress("claims", done, len(claims))
    return builder.finish(about)


def needed(folder: Path, paths: Iterable[Path]) -> bool:
    """Whether the newest release of a folder is missing, or made of other inputs or by another ontology."""
    try:
        release = SqliteStore(find(folder)).about_now()
    except StoreUnavailable:
        return True
    return (release.digest, release.schema) != (_digest_or_nothing(list(paths)), schema())


def _digest_or_nothing(paths: Sequence[Path]) -> str:
    """A file that cannot be read is a fault of the load, and no error of its own."""
    try:
        return digest(paths)
    except OSError:
        return ""


def _batches(items: Sequence[_T]) -> Iterator[tuple[int, list[_T]]]:
    rest, done = iter(items), 0
    while batch := list(islice(rest, BATCH)):
        done += len(batch)
        yield done, batch


def _name(path: Path) -> str:
    """What faults call a file: its path from where the command runs, where it lies there."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
