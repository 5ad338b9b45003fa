"""Which claims take part in an answer, and what a reading keeps out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, ENDS, ROLES
from graph.plan import Table
from graph.predicate import (
    ALWAYS,
    All,
    Any,
    At,
    During,
    Has,
    In,
    Match,
    Not,
    Predicate,
    Some,
    conjunction,
    disjunction,
    lower,
    negation,
)
from graph.stores.columns import LOWERING

DEFAULT_CERTAINTY: Final = ("STATED", "HEDGED", "REPORTED")


@dataclass(frozen=True, slots=True)
class Reading:
    """The claims that a question reads: by default those asserted, actual, and stated, hedged or reported, of all
    sources, both sides of a conflict. A list replaces the default. `as_of`: only claims that hold then; `match`: the
    least that a dated question lets in. `release`: the number of an earlier release; None, the current one."""

    sources: tuple[str, ...] = ()
    release: int | None = None
    as_of: During | None = None
    match: Match = Match.CERTAIN
    polarity: tuple[str, ...] = ("ASSERTED",)
    modality: tuple[str, ...] = ("ACTUAL",)
    certainty: tuple[str, ...] = DEFAULT_CERTAINTY

    def takes_part(self) -> Predicate:
        """The meaning of taking part, said of a claim."""
        cited = [At("SOURCE", In("id", self.sources))] if self.sources else []
        held = [self.as_of] if self.as_of else []
        standing = (In("polarity", self.polarity), In("modality", self.modality), In("certainty", self.certainty))
        return conjunction([*standing, *cited, *held])

    def attested(self) -> Predicate:
        """The meaning of taking part, said of an entity: under `sources`, one of them names it or a claim of theirs
        has it."""
        if not self.sources:
            return ALWAYS
        aliased = disjunction(Has("aliasSources", (("eq", source),)) for source in self.sources)
        claimed = (Some(ALL, slot, self.takes_part()) for slot in (ENDS, ROLES))
        return disjunction([aliased, *claimed])


DEFAULT: Final = Reading()
"""The reading of a question that says nothing of it."""


def read(where: Predicate, reading: Reading, table: Table) -> Predicate:
    """The meaning of `where` under a reading: quantifiers and fillers see only claims that take part, and so do
    rows."""
    part = reading.takes_part()

    def within(item: Predicate) -> Predicate:
        match item:
            case Not(inner):
                return negation(within(inner))
            case All(items):
                return conjunction(map(within, items))
            case Any(items):
                return disjunction(map(within, items))
            case At(slot, inner, "claim"):
                return At(slot, conjunction((part, within(inner))), "claim")
            case At(slot, inner, of):
                return At(slot, within(inner), of)
            case Some(relation, slot, inner, n, distinct):
                return Some(relation, slot, conjunction((part, within(inner))), n, distinct)
        return item

    own = part if table == "claim" else reading.attested()
    return conjunction((own, within(where)))


def is_dated(where: Predicate, reading: Reading) -> bool:
    """Whether the question has a date, so that its rows match it certainly, possibly, or undated."""
    return reading.as_of is not None or any(isinstance(item, During) for item in forms(where))


def forms(item: Predicate) -> Iterator[Predicate]:
    """The form and every form within it."""
    yield item
    match item:
        case Not(inner) | At(where=inner) | Some(where=inner):
            yield from forms(inner)
        case All(items) | Any(items):
            for each in items:
                yield from forms(each)


def lowered(where: Predicate, reading: Reading, table: Table) -> Predicate:
    """What a store is asked for the rows of `where` under a reading."""
    return lower(read(where, reading, table), reading.match, LOWERING)


LEFT_OUT: Final = ("denied", "planned", "calledFor", "alleged", "possible", "undated")


def left_out(where: Predicate, reading: Reading, table: Table) -> tuple[Predicate, ...]:
    """For each of LEFT_OUT, what is said of a row that the reading keeps out and would let in if it let in this as
    well."""
    base = lowered(where, reading, table)
    possible = replace(reading, match=Match.POSSIBLE)
    widened = (
        replace(reading, polarity=_with(reading.polarity, "DENIED")),
        replace(reading, modality=_with(reading.modality, "PLANNED")),
        replace(reading, modality=_with(reading.modality, "CALLED_FOR")),
        replace(reading, certainty=_with(reading.certainty, "ALLEGATION")),
        possible if reading.match is Match.CERTAIN else reading,
        replace(reading, match=Match.UNDATED),
    )
    below = {"undated": lowered(where, possible, table)} if reading.match is Match.CERTAIN else {}
    return tuple(
        conjunction((lowered(where, wide, table), negation(base), *([negation(below[name])] if name in below else [])))
        for name, wide in zip(LEFT_OUT, widened, strict=True)
    )


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values else (*values, value)


def denied(reading: Reading) -> Reading:
    """The same reading of denials: what it would take to say that a source denies it."""
    return replace(reading, polarity=("DENIED",))


COVERAGE: Final = next(
    r for r in ONTOLOGY.relations if any(s.name == "ABOUT" for s in r.slots) and any(p.name == "state" for p in r.props)
)
