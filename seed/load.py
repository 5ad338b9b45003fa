"""The way of a fact: files → faults → derive → Builder; all or nothing."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import graph
from graph import faults, unusual, whole
from graph.claim import Claim, Entity, Record, Timed
from graph.derive import derive, terms, united
from graph.errors import Fault, Refused, StoreUnavailable
from graph.spans import shown
from graph.store import Builder, Release
from graph.stores.sqlite.releases import find
from graph.stores.sqlite.store import SqliteStore
from seed import texts
from seed.files import Read, read
from seed.headings import HEADINGS, Headings
from seed.headings import read as headings_in

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
    *(
        f"{module}.py"
        for module in ("claim", "coverage", "dates", "derive", "names", "order", "spans", "spelling", "telling")
    ),
    *(f"stores/{module}.py" for module in ("columns", "sqlite/builder", "sqlite/tables")),
)


def check(paths: Iterable[Path], headings: Path = HEADINGS) -> list[Fault]:
    """Every fault of all files, by file and line; none, and a load would take them."""
    try:
        prepared(paths, headings)
    except Refused as refused:
        return list(refused.faults)
    return []


def prepared(paths: Iterable[Path], headings: Path = HEADINGS) -> tuple[list[Entity], list[tuple[Claim, Timed]]]:
    """The entities and claims of curated files as they are stored; `headings` is the folder that lists the headings of
    sources. Raises Refused with every fault of all files."""
    found = read(paths, shown_as)
    said = list(found.faults)
    sound: set[int] = set()
    records: list[Record] = [*found.entities, *found.claims]
    for record in records:
        own = list(_own_faults(record, found))
        said += own
        if not any(field.startswith(_TIME) for field in (*found.place(record).broken, *(fault.field for fault in own))):
            sound.add(id(record))
    said += _new(_places(found, headings), said)
    said += whole.repeated((claim for claim in found.claims if not found.place(claim).broken), found.locate)
    said += _new(whole.faults(found.entities, found.claims, found.locate, found.ids, whole=found.whole), said)
    # Those of which the time can be told; if others are left out, only the faults of these are wanted.
    declared = [entity for entity in found.entities if id(entity) in sound]
    entities = united([*declared, *terms({entity.id for entity in declared})])
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


def _places(found: Read, folder: Path) -> Iterator[Fault]:
    """Locators that name no place of their source, as far as its headings are listed."""
    lists: dict[str, Headings | None] = {}
    records: list[Record] = [*found.entities, *found.claims]
    for record in records:
        for field, source, locator in located(record):
            if source not in lists:
                path = folder / f"{source.partition(':')[2]}.yaml"
                lists[source], faults_of_list = headings_in(path, shown_as(path))
                yield from faults_of_list
            headings = lists[source]
            if headings and (wrong := headings.fault(locator)):
                yield Fault(*found.locate(record, field), field, f"{shown(locator)}: {wrong[0]}", wrong[1])


def located(record: Record) -> Iterator[tuple[str, str, str]]:
    """(field, source, locator) of everything in a record that says where it stands."""
    if isinstance(record, Entity):
        yield from ((f"aliases[{i}].locator", each.source, each.locator) for i, each in enumerate(record.aliases))
    else:
        yield from ((f"citations[{i}].locator", each.source, each.locator) for i, each in enumerate(record.citations))


def warnings(paths: Iterable[Path], headings: Path = HEADINGS) -> list[Fault]:
    """What a load takes and a second reader should look at: unusual pairs of kinds, claims that say the same in two
    places, and files whose locators nobody can check. Records with faults are passed over."""
    found = read(paths, shown_as)
    said = [fault for claim in found.claims for fault in unusual.warnings(claim, found.locate)]
    said += whole.retold(found.claims, found.locate)
    files: dict[str, str] = {}
    for claim in found.claims:
        files.setdefault(found.place(claim).file, claim.id.partition("/")[0])
    for file, slug in files.items():
        if not (headings / f"{slug}.yaml").exists():
            reason = f"the headings of {slug} are nowhere listed, so that no locator is checked"
            said.append(Fault(file, 1, "source", reason, f"list them in {shown_as(headings / f'{slug}.yaml')}"))
    return sorted(said)


def beside(paths: Iterable[Path], folder: Path | None) -> tuple[list[Fault], list[str]]:
    """Faults that show beside the texts of sources alone, which lie in a folder; and the slugs of which there is no
    text."""
    said: list[Fault] = []
    lacking: list[str] = []
    for path in paths:
        found = read([path], shown_as)
        slug = next((claim.id.partition("/")[0] for claim in found.claims), path.stem)
        text = texts.read(folder, slug) if folder else None
        if text is None:
            lacking.append(slug)
        else:
            said += texts.faults(found, slug, text)
    return said, lacking


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


def shown_as(path: Path) -> str:
    """What faults call a file: its path from where the command runs, where it lies there."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
