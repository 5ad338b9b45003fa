"""What can be said for certain about vague intervals of time: bounds, what is asked of them, and what narrows them.

`Bounds(s0, s1, e0, e1)` holds every interval of days [s, e] with

    s0 <= s <= s1,   e0 <= e <= e1,   s <= e

`MIN_DAY` and `MAX_DAY` stand for "no earliest" and "no latest", so that no bound is ever null. What this module makes
is *closed* under s <= e: s0 <= s1 <= e1 and s0 <= e0 <= e1. Only of closed bounds is `QUESTIONS` exact.
"""

import operator
import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple

from graph.errors import BadDate
from graph.spans import FIRST_DAY, LAST_DAY, month_start, shown, span

MIN_DAY: Final = FIRST_DAY - 1
MAX_DAY: Final = LAST_DAY + 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """Earliest and latest start, earliest and latest end, in days."""

    s0: int
    s1: int
    e0: int
    e1: int


UNDATED: Final = Bounds(MIN_DAY, MAX_DAY, MIN_DAY, MAX_DAY)
"""Nothing is known of either end."""


DateBasis = Literal["STATED", "NARROWED", "OPEN", "UNKNOWN"]
"""Where the bounds of one end come from: the source, an anchor or a duration, `..`, or nowhere."""


@dataclass(frozen=True, slots=True)
class Dated:
    """The bounds of a claim's `during`, and for each end where they come from: open and unknown stay told apart."""

    bounds: Bounds
    start: DateBasis
    end: DateBasis


# ---- What is asked of time: these inequalities exist here and nowhere else ----

Question = Literal["overlaps", "before", "after"]
Sureness = Literal["CERTAIN", "POSSIBLE"]
Verdict = Literal["CERTAIN", "POSSIBLE", "NO", "UNDATED"]
Comparison = Literal["gt", "gte", "lt", "lte"]

QUESTIONS: Final[Mapping[Question, Mapping[Sureness, tuple[tuple[str, Comparison, str], ...]]]] = {
    "overlaps": {  # s <= its e, and e >= its s
        "CERTAIN": (("s1", "lte", "e0"), ("e0", "gte", "s1")),
        "POSSIBLE": (("s0", "lte", "e1"), ("e1", "gte", "s0")),
    },
    "before": {  # ends before it starts: e < its s
        "CERTAIN": (("e1", "lt", "s0"),),
        "POSSIBLE": (("e0", "lt", "s1"),),
    },
    "after": {  # starts after it ends: s > its e
        "CERTAIN": (("s0", "gt", "e1"),),
        "POSSIBLE": (("s1", "gt", "e0"),),
    },
}
"""What must all hold: (bound of the row, comparison, bound of what is asked). CERTAIN: the answer is yes for every pair
of intervals that the bounds hold; POSSIBLE: for one of them. A plain span is asked as `definite`."""

_COMPARE: Final[Mapping[Comparison, Callable[[int, int], bool]]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
_SURENESS: Final[tuple[Sureness, ...]] = ("CERTAIN", "POSSIBLE")


def asked(text: str) -> tuple[int, int]:
    """First and last day of what a question names: a date, or an interval 1956/1958, 1956/.. or ../1958, whose open end
    is MIN_DAY or MAX_DAY. Raises BadDate."""
    start, slash, end = text.partition("/")
    if not slash:
        return span(text)
    if not start or not end or start == end == "..":
        raise BadDate(f"{shown(text)}: an interval names one date at least; write 1956/1958, 1956/.. or ../1958")
    first = MIN_DAY if start == ".." else span(start)[0]
    last = MAX_DAY if end == ".." else span(end)[1]
    if first > last:
        raise BadDate(f"{shown(text)}: the interval ends before it starts; write the earlier date first")
    return first, last


def definite(first: int, last: int) -> Bounds:
    """The interval from one known day to another: what a day, month, year or interval means when it is asked about."""
    return Bounds(first, first, last, last)


def relation_bounds(question: Question, sure: Sureness, about: Bounds) -> tuple[tuple[str, Comparison, int], ...]:
    """What the bounds of a row must satisfy, all of it: (bound, comparison, day)."""
    return tuple((bound, how, getattr(about, other)) for bound, how, other in QUESTIONS[question][sure])


def verdict(question: Question, of: Bounds, about: Bounds) -> Verdict:
    """How surely the interval `of` stands so to the interval `about`. UNDATED is said of `of` alone: asked about
    something undated, what is dated is possibly anything."""
    if is_undated(of):
        return "UNDATED"
    for sure in _SURENESS:
        if all(_COMPARE[how](getattr(of, bound), day) for bound, how, day in relation_bounds(question, sure, about)):
            return sure
    return "NO"


def overlap(of: Bounds, first: int, last: int) -> Verdict:
    """Whether the interval shares a day with the span from `first` to `last`."""
    return verdict("overlaps", of, definite(first, last))


def before(of: Bounds, first: int, last: int) -> Verdict:
    """Whether the interval ends before the span from `first` to `last` starts."""
    return verdict("before", of, definite(first, last))


def after(of: Bounds, first: int, last: int) -> Verdict:
    """Whether the interval starts after the span from `first` to `last` ends."""
    return verdict("after", of, definite(first, last))


def is_undated(of: Bounds) -> bool:
    """Whether nothing is known of either end."""
    return of == UNDATED


def order_day(of: Bounds) -> int | None:
    """The day to sort by: earliest start, else latest start, else earliest end, else latest end; None if undated."""
    return next((day for day in (of.s0, of.s1, of.e0, of.e1) if MIN_DAY < day < MAX_DAY), None)


def iso(day: int) -> str | None:
    """A day as `1956-01-01`; None for no earliest and no latest."""
    return date.fromordinal(day).isoformat() if MIN_DAY < day < MAX_DAY else None


# ---- A claim's own time ----


def dated(
    on: str | None = None, start: str | None = None, end: str | None = None, *, latest_source: int | None
) -> Dated:
    """A claim's `during`. `on` is both start and end; `..` is open, empty or None unknown; neither is filled with
    today. `latest_source` is the first day of the latest dated source cited, None where none is dated. Before closing,

        start: stated [first, last]; open or unknown [MIN_DAY, MAX_DAY]
        end:   stated [first, last]; unknown [MIN_DAY, MAX_DAY]; open [latest_source, else MIN_DAY, MAX_DAY]

    and closing under s <= e gives the rest: the earliest end of an unknown end, and of an open one without a dated
    source, is the earliest start; the latest start of an open or unknown start is the latest end. Raises BadDate, also
    where the end certainly lies before the start."""
    if on:
        if start or end:
            raise BadDate("on stands beside start or end, and is both; write either on, or start and end")
        first, last = _named("on", on)
        return Dated(Bounds(first, last, first, last), "STATED", "STATED")
    s0, s1, start_basis = _one_end("start", start)
    e0, e1, end_basis = _one_end("end", end)
    if end_basis == "OPEN" and latest_source is not None:
        e0 = latest_source
    closed = _closed(Bounds(s0, s1, e0, e1))
    if closed is None:
        raise BadDate(f"the start {shown(start)} is after the end {shown(end)}; write an end that is not before it")
    return Dated(closed, start_basis, end_basis)


def bounds(
    on: str | None = None, start: str | None = None, end: str | None = None, *, latest_source: int | None
) -> Bounds:
    """The bounds alone of `dated`."""
    return dated(on, start, end, latest_source=latest_source).bounds


def _one_end(field: str, text: str | None) -> tuple[int, int, DateBasis]:
    if text is None or text == "":
        return MIN_DAY, MAX_DAY, "UNKNOWN"
    if text == "..":
        return MIN_DAY, MAX_DAY, "OPEN"
    return *_named(field, text), "STATED"


def _named(field: str, text: str) -> tuple[int, int]:
    try:
        return span(text)
    except BadDate as bad:
        raise BadDate(f"{field} {bad}") from None


def _closed(of: Bounds) -> Bounds | None:
    """The same intervals in the narrowest bounds; None where there are none."""
    s1, e0 = min(of.s1, of.e1), max(of.e0, of.s0)
    if of.s0 > s1 or e0 > of.e1 or s1 == MIN_DAY or e0 == MAX_DAY:
        return None
    return Bounds(of.s0, s1, e0, of.e1)


# ---- What narrows it: single steps; which to take, and in which order, graph.derive knows ----


def narrow(claim: Dated, how: str, to: Bounds) -> Dated:
    """What an anchor to something at [t, u] leaves of a claim's [s, e]; equal to `claim` where that is nothing new.

        BEFORE    e < t             e1 <= t1 - 1
        AFTER     s > u             s0 >= u0 + 1
        DURING    t <= s, e <= u    s0 >= t0, e1 <= u1
        OVERLAPS  s <= u, e >= t    s1 <= u1, e0 >= t0
        MEETS     t - 1 <= e <= t   e0 >= t0 - 1, e1 <= t1    (handed over on the day, or on the next)

    An end that this bounds more narrowly is NARROWED. One that merely follows, through s <= e, is NARROWED if it was
    stated, and stays open or unknown otherwise. Raises BadDate where nothing is left."""
    match how:
        case "BEFORE":
            limits = Bounds(MIN_DAY, MAX_DAY, MIN_DAY, _beside(to.s1, -1))
        case "AFTER":
            limits = Bounds(_beside(to.e0, 1), MAX_DAY, MIN_DAY, MAX_DAY)
        case "DURING":
            limits = Bounds(to.s0, MAX_DAY, MIN_DAY, to.e1)
        case "OVERLAPS":
            limits = Bounds(MIN_DAY, to.e1, to.s0, MAX_DAY)
        case "MEETS":
            limits = Bounds(MIN_DAY, MAX_DAY, _beside(to.s0, -1), to.s1)
        case _:
            raise BadDate(f"{shown(how)}: not an anchor; write BEFORE, AFTER, DURING, OVERLAPS or MEETS")
    return _limited(claim, limits, f"the anchor {how}")


def lasting(claim: Dated, duration: str) -> Dated:
    """What an ISO 8601 duration d (PnYnMnWnD, any of the four) leaves of a claim's [s, e]: s + d - 1 <= e <= s + d,
    since people count the last day or do not. Months go by the calendar: 31 January + P1M is the last of February.
    NARROWED and BadDate are as in `narrow`; a duration that cannot be read is a BadDate as well."""
    length = _duration(duration)
    old, days = claim.bounds, range(FIRST_DAY, MAX_DAY)
    # `after` never decreases, so bisection finds the first s with s + d >= e0 and the last s with s + d - 1 <= e1.
    s0, s1 = old.s0, old.s1
    if old.e0 > MIN_DAY and (place := bisect_left(days, old.e0, key=length.after)):
        s0 = max(s0, days[place])
    if old.e1 < MAX_DAY:
        s1 = min(s1, bisect_right(days, old.e1 + 1, key=length.after))
    e0 = length.after(s0) - 1 if s0 > MIN_DAY else MIN_DAY
    e1 = length.after(s1) if MIN_DAY < s1 < MAX_DAY else s1
    return _limited(claim, Bounds(s0, s1, e0, e1), f"the duration {duration}")


def _limited(claim: Dated, limits: Bounds, what: str) -> Dated:
    old = claim.bounds
    own = Bounds(max(old.s0, limits.s0), min(old.s1, limits.s1), max(old.e0, limits.e0), min(old.e1, limits.e1))
    new = _closed(own)
    if new is None:
        dates = f"start {_between(old.s0, old.s1)}, end {_between(old.e0, old.e1)}"
        raise BadDate(f"{what} contradicts the dates ({dates}); mend the dates, or take it out")
    start = _basis(claim.start, (old.s0, old.s1), (own.s0, own.s1), (new.s0, new.s1))
    end = _basis(claim.end, (old.e0, old.e1), (own.e0, own.e1), (new.e0, new.e1))
    return Dated(new, start, end)


def _basis(was: DateBasis, old: tuple[int, int], own: tuple[int, int], new: tuple[int, int]) -> DateBasis:
    moved = own != old or (was == "STATED" and new != old)
    return "NARROWED" if moved else was


def _between(earliest: int, latest: int) -> str:
    return f"{iso(earliest) or 'unknown'} to {iso(latest) or 'unknown'}"


def _beside(day: int, step: int) -> int:
    return day + step if MIN_DAY < day < MAX_DAY else day


class _Duration(NamedTuple):
    months: int
    days: int

    def after(self, day: int) -> int:
        """The day that lies so long after `day`; MAX_DAY beyond the calendar."""
        month = month_start(day, self.months)
        if month == MAX_DAY:
            return MAX_DAY
        at = date.fromordinal(month)
        within = min(date.fromordinal(day).day, monthrange(at.year, at.month)[1])
        return min(month + within - 1 + self.days, MAX_DAY)


def _duration(text: str) -> _Duration:
    form = re.fullmatch(r"P(?:([0-9]{1,4})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,4})W)?(?:([0-9]{1,6})D)?", str(text))
    years, months, weeks, days = (int(n or 0) for n in form.groups()) if form else (0, 0, 0, 0)
    if not (years or months or weeks or days):
        raise BadDate(f"{shown(text)}: not a length in years, months, weeks or days; write P2Y, P1Y6M, P3W or P10D")
    return _Duration(12 * years + months, 7 * weeks + days)
