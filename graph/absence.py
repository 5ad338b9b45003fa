"""Why nothing was found: what the sources deny, and what their coding covers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from graph.bind import Bound
from graph.ontology import ONTOLOGY
from graph.plan import EMPTY, Answer, Every, Ids, Level, Of, Owner
from graph.predicate import ALWAYS, At, Cmp, During, Has, In, Predicate, Present
from graph.reading import COVERAGE, denied, forms, lowered

Document = Mapping[str, Any]

MOST_DENIALS: Final = 50
MOST_LINES: Final = 5_000
"""Denials told under one node, and Coverage lines read: a source has some ten lines."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The first verdict that holds, of DENIED, UNREADABLE, NOT_CODED and NOT_STATED; the denials that match; and of
    each source in the reading the most specific Coverage line. A source without a line makes the verdict
    NOT_CODED."""

    verdict: str
    denied_by: tuple[str, ...]
    coverage: tuple[str, ...]


def levels(bound: Bound, owners: Sequence[Owner]) -> tuple[Level, Level]:
    """What must be read to explain the empty pages of these owners: matching denials, and the Coverage lines of the
    reading."""
    start = bound.level.start
    if owners != (None,) and isinstance(start, Of | Ids):
        start = replace(start, ids=tuple(str(owner) for owner in owners))
    denials = lowered(bound.where, denied(bound.reading), "claim")
    lines = lowered(ALWAYS, replace(bound.reading, as_of=None), "claim")
    return (
        Level("claim", start, denials, bound.level.order, limit=MOST_DENIALS, fill=("SOURCE",)),
        Level("claim", Every(COVERAGE.name), lines, limit=MOST_LINES, fill=("SOURCE",)),
    )


def explained(bound: Bound, owners: Sequence[Owner], denials: Answer, lines: Answer) -> dict[Owner, Absence]:
    """The absence of each owner, from the answers to `levels`."""
    coverage = [row.doc for page in lines.pages.values() for row in page.rows if row.doc is not None]
    relation = ONTOLOGY.relation[bound.plan.relation].constant if bound.plan.relation else None
    named = frozenset(_named(bound.where))
    absences: dict[Owner, Absence] = {}
    for owner in owners:
        page = denials.pages.get(owner) if owner is not None else next(iter(denials.pages.values()), EMPTY)
        about = (owner,) if owner is not None else bound.pins
        best = _most_specific(coverage, about, relation, named, bound.reading.sources)
        found = tuple(line for line in best.values() if line is not None)
        denied_by = tuple(row.id for row in (page or EMPTY).rows)
        verdict = _verdict(bool(denied_by), [line.get("state") if line else None for line in best.values()])
        absences[owner] = Absence(verdict, denied_by, tuple(dict.fromkeys(line["id"] for line in found)))
    return absences


def _verdict(is_denied: bool, states: Sequence[str | None]) -> str:
    """`states`: the Coverage state of each source in the reading, None where no line speaks of it."""
    if is_denied:
        return "DENIED"
    if "UNREADABLE" in states:
        return "UNREADABLE"
    return "NOT_STATED" if states and all(state == "COMPLETE" for state in states) else "NOT_CODED"


def _named(where: Predicate) -> Iterator[str]:
    """The fields, as files and GraphQL call them, of which a filter speaks."""
    fields = {slot.name: slot.field for r in ONTOLOGY.relations for slot in r.slots}
    for item in forms(where):
        match item:
            case Cmp(column=column) | In(column=column) | Has(column=column) | Present(column=column):
                yield column
            case At(slot=slot):
                yield fields.get(slot, slot)
            case During():
                yield "during"


def _most_specific(
    lines: Sequence[Document],
    about: Sequence[str | None],
    relation: str | None,
    named: frozenset[str],
    sources: Sequence[str],
) -> dict[str, Document | None]:
    """For each source of the reading (where it names none: each that any line cites) the line about the relation that
    is most specific: about one of the nodes asked for before about the whole source, then about a field that the
    question names before about all of them. A line about another field does not speak of the question."""
    best: dict[str, tuple[tuple[bool, bool], Document] | None] = dict.fromkeys(sources)
    for line in lines:
        told, field = line.get("about") or [], line.get("field")
        speaks = (
            (relation is None or line.get("relation") == relation)
            and (not told or bool(set(told) & set(about)))
            and (field is None or field in named)
        )
        rank = (bool(told), field is not None)
        for source in (citation["source"] for citation in line["citations"]):
            if sources and source not in best:
                continue
            held = best.setdefault(source, None)
            if speaks and (held is None or rank > held[0]):
                best[source] = (rank, line)
    return {source: held[1] if held else None for source, held in best.items()}
