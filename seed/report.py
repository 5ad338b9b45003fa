"""The coding report: what of each source is coded, section by section, and where a second reader begins."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from graph.claim import Claim, Entity, Timed
from graph.errors import Fault
from graph.ontology import ONTOLOGY
from graph.reading import COVERAGE
from seed.files import read
from seed.headings import HEADINGS, WHOLE, Heading, Headings
from seed.headings import read as headings_in
from seed.load import prepared, shown_as

ALARM: Final = 0.1
"""The share of claims with a note, or with UNASSIGNED, above which the form of claims does not fit the source."""


@dataclass(frozen=True, slots=True)
class Section:
    """One heading: how many claims of each kind cite it, and where none does, why. `heading` is None for the whole."""

    path: str
    heading: Heading | None
    counts: Mapping[str, int]
    why: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What one curated file holds. `sections` in the order of the source; a claim counts once in each that it cites,
    lines of coverage in none. `shares`: name → number of claims, lines of coverage left out. `coverage`: (of what,
    state, statement)."""

    slug: str
    file: str
    claims: Mapping[str, int]
    entities: Mapping[str, int]
    sections: tuple[Section, ...]
    coverage: tuple[tuple[str, str, str], ...]
    shares: Mapping[str, int]
    placeholders: tuple[tuple[str, str], ...]
    conflicts: tuple[tuple[str, str], ...]

    @property
    def told(self) -> int:
        """Claims that tell something of the world: all but lines of coverage."""
        return sum(count for kind, count in self.claims.items() if kind != COVERAGE.constant)

    @property
    def silent(self) -> list[Section]:
        """The sections that no claim cites, nor any section below them."""
        above = {section.heading.under for section in self.sections if section.counts and section.heading}
        return [
            section
            for section in self.sections
            if section.heading and not section.counts and section.heading.name not in above
        ]

    def alarms(self) -> Iterator[str]:
        """What is wrong with the coding as a whole."""
        for section in self.silent:
            if section.why is None:
                yield f"no claim cites {section.path}, and nothing says why"
        for name in ("with a note", "with UNASSIGNED"):
            if self.shares[name] > ALARM * self.told:
                yield f"{self.shares[name]} of {self.told} claims are {name}, which is more than a tenth"


_SHARES: Final[dict[str, Callable[[Claim, Timed], object]]] = {
    "undated": lambda c, t: t.undated,
    "hedged": lambda c, t: c.standing.certainty == "HEDGED",
    "reported": lambda c, t: c.standing.certainty == "REPORTED",
    "alleged": lambda c, t: c.standing.certainty == "ALLEGATION",
    "denied": lambda c, t: c.standing.polarity == "DENIED",
    "planned or called for": lambda c, t: c.standing.modality != "ACTUAL",
    "attributed": lambda c, t: c.slots.get("ATTRIBUTED_TO"),
    "derived": lambda c, t: any(doubt.basis == "DERIVED" for doubt in c.doubts),
    "with any doubt": lambda c, t: c.doubts,
    "in conflict": lambda c, t: c.slots.get("CONFLICTS_WITH"),
    "about somebody unnamed": lambda c, t: any("-unnamed" in id for ids in c.slots.values() for id in ids),
    "with a note": lambda c, t: c.note,
    "with UNASSIGNED": lambda c, t: any("UNASSIGNED" in _many(value) for value in c.props.values()),
}


def _many(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def reports(paths: Sequence[Path], headings: Path = HEADINGS) -> list[Report]:
    """One report of each curated file, in their order. Raises Refused where any has a fault."""
    _, claims = prepared(paths, headings)
    by_slug: dict[str, list[tuple[Claim, Timed]]] = defaultdict(list)
    for claim, timed in claims:
        by_slug[claim.id.partition("/")[0]].append((claim, timed))
    found = []
    for path in paths:
        held = read([path])
        slug = next((claim.id.partition("/")[0] for claim in held.claims), path.stem)
        listed, _ = headings_in(headings / f"{slug}.yaml", slug)
        found.append(_report(slug, shown_as(path), held.entities, by_slug[slug], listed or Headings(())))
    return found


def _report(
    slug: str, file: str, entities: Sequence[Entity], claims: Sequence[tuple[Claim, Timed]], listed: Headings
) -> Report:
    told = [(claim, timed) for claim, timed in claims if claim.relation != COVERAGE.name]
    lines = [claim for claim, _ in claims if claim.relation == COVERAGE.name]
    conflicts = {
        tuple(sorted((claim.id, other), key=_number)) for claim, _ in claims for other in claim.slots.get(_CONFLICT, ())
    }
    return Report(
        slug=slug,
        file=file,
        claims=_counted((ONTOLOGY.relation[claim.relation].constant for claim, _ in claims), ONTOLOGY.relations),
        entities=_counted((ONTOLOGY.kind[entity.kind].constant for entity in entities), ONTOLOGY.kinds),
        sections=tuple(_sections(slug, [claim for claim, _ in told], lines, listed)),
        coverage=tuple((_about(line), str(line.props.get("state", "")), line.statement) for line in lines),
        shares={name: sum(bool(holds(*each)) for each in told) for name, holds in _SHARES.items()},
        placeholders=tuple(sorted((entity.id, entity.name) for entity in entities if not entity.named)),
        conflicts=tuple((a, b) for a, b in sorted(conflicts, key=lambda pair: tuple(map(_number, pair)))),
    )


_CONFLICT: Final = "CONFLICTS_WITH"


def _number(id: str) -> tuple[str, int]:
    slug, _, number = id.partition("/")
    return slug, int(number)


def _counted(constants: Iterable[str], order: Iterable[Any]) -> dict[str, int]:
    counts = Counter(constants)
    return {each.constant: counts[each.constant] for each in order if counts[each.constant]}


def _sections(slug: str, claims: Sequence[Claim], lines: Sequence[Claim], listed: Headings) -> Iterator[Section]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    why: dict[str, str] = {heading.path: heading.why for heading in listed.all if heading.why}
    for claim in claims:
        for path in _cited(claim, slug, listed):
            counts[path][claim.relation] += 1
    for line in lines:
        for path in _cited(line, slug, listed):
            why.setdefault(path, line.statement)
    order = [relation.name for relation in ONTOLOGY.relations]
    for heading in (None, *listed.all):
        path = heading.path if heading else WHOLE
        kinds = {name: counts[path][name] for name in order if counts[path][name]}
        yield Section(path, heading, kinds, None if kinds else why.get(path))


def _cited(claim: Claim, slug: str, listed: Headings) -> set[str]:
    """The headings of the source that a claim cites."""
    places = (cited.locator for cited in claim.citations if cited.source.partition(":")[2] == slug)
    return {heading.path if (heading := listed.find(place)) else WHOLE for place in places}


def _about(line: Claim) -> str:
    ids = ", ".join(id for slot in COVERAGE.ends for id in line.slots.get(slot.name, ()))
    what = ".".join(str(line.props[name]) for name in ("relation", "field") if line.props.get(name))
    return " of ".join(filter(None, (what or "everything", ids)))


def warnings(found: Iterable[Report]) -> list[Fault]:
    """The alarms of reports, each at its file."""
    passes = "see docs/coding.md, Coverage"
    return [Fault(report.file, 1, "claims", alarm, passes) for report in found for alarm in report.alarms()]


# ---- as a page, and for scripts ----

_HEAD: Final = """\
# Coverage

What of each source is coded, and what a second reader should look at first. Written by `make docs` from the curated
files; `peacegraph check --report` prints it.

A claim counts once in each section that it cites. Lines of coverage count in none; they say what is coded and what is
left out, and answer the API's `absence`.
"""


def page(found: Sequence[Report]) -> str:
    """The reports as a page of Markdown."""
    return "\n".join((_HEAD, *("\n".join(_lines(report)) for report in found)))


def _lines(report: Report) -> Iterator[str]:
    yield f"## {report.slug}\n"
    total = sum(report.claims.values())
    entities = ", ".join(f"{kind} {count}" for kind, count in report.entities.items())
    yield f"{total} claims, {report.told} of them about the world. Entities declared: {entities}.\n"
    kinds = [
        relation.name for relation in ONTOLOGY.relations if any(relation.name in s.counts for s in report.sections)
    ]
    yield from _table(
        ("section", *kinds, "all"),
        (
            (section.path, *(str(section.counts.get(kind, "")) for kind in kinds), str(sum(section.counts.values())))
            for section in report.sections
            if section.counts
        ),
    )
    if report.silent:
        yield "Sections that no claim cites:\n"
        rows = ((section.path, section.why or "**nothing says why**") for section in report.silent)
        yield from _table(("section", "why"), rows)
    yield from _table(("coverage of", "state", "statement"), report.coverage)
    shares = ((name, str(count), f"{count / (report.told or 1):.0%}") for name, count in report.shares.items())
    yield from _table(("claims", "number", "share"), shares)
    if report.conflicts:
        yield f"Conflicts: {'; '.join(f'{a} and {b}' for a, b in report.conflicts)}.\n"
    if report.placeholders:
        yield "Not named by the source:\n"
        yield from _table(("entity", "called here"), ((f"`{id}`", name) for id, name in report.placeholders))
    for alarm in report.alarms():
        yield f"**Look here:** {alarm}.\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    if cells:
        yield "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *cells)) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """A report as plain values under stable keys."""
    return {
        "source": report.slug,
        "claims": dict(report.claims),
        "entities": dict(report.entities),
        "sections": [{"path": s.path, "claims": dict(s.counts), "why": s.why} for s in report.sections],
        "coverage": [{"of": of, "state": state, "statement": said} for of, state, said in report.coverage],
        "shares": dict(report.shares),
        "placeholders": [{"id": id, "name": name} for id, name in report.placeholders],
        "conflicts": [list(pair) for pair in report.conflicts],
        "alarms": list(report.alarms()),
    }
