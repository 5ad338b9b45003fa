"""EDTF (ISO 8601-2) text to the span of days that it means.

A day is an int, the ordinal of `datetime.date`, from 0001-01-01 to 9999-12-31. Each fault is a
`BadDate` whose message reads "what is wrong; what would pass".
"""

import re
from calendar import month_name, monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import product
from typing import Final

import edtf

from graph.errors import BadDate

FIRST_DAY: Final = date.min.toordinal()
LAST_DAY: Final = date.max.toordinal()

PASSES: Final = "write 1956, 1956-05, 1956-05-06, 1956-37 (early 1956) or 195X, with ~ ? or % at the end if it is vague"
_FORM: Final = re.compile(r"([0-9X]{4})(?:-([0-9X]{2})(?:-([0-9X]{2}))?)?([~?%]?)")

# A year is divided by these codes; the value is a length in months. 25-32, seasons by hemisphere, are not read.
_LENGTHS: Final = {
    **dict.fromkeys(range(1, 13), 1),  # months
    **dict.fromkeys(range(21, 25), 3),  # northern seasons: spring from 1 March, winter from 1 December of its year
    **dict.fromkeys(range(33, 37), 3),  # quarters
    **dict.fromkeys(range(37, 40), 4),  # early, mid, late
    **dict.fromkeys(range(40, 42), 6),  # halves
}
_MONTHS: Final = range(1, 13)
_FOUR_DIGITS: Final = "write a year with four digits, from 0001 to 9999"

# Read in this order, each names one way in which a text fails to be one date.
_WRONG: Final = tuple(
    (re.compile(pattern, re.DOTALL), reason, passes)
    for pattern, reason, passes in (
        (r"\s*", "a date may not be blank", "leave it out if the source gives none"),
        (r".*\s.*", "a date holds no blanks", PASSES),
        (r".*/.*", "an interval stands where one date is wanted", "write its start and its end apart"),
        (r"\.\.", "an open end stands where a date is wanted", PASSES),
        (r"[\[{].*|.*,.*|.*\.\..*", "a set of dates is not one date", "write X for unknown digits, or start and end"),
        (r".*[0-9]T.*|.*:.*", "a date has no time of day", "write the day alone, as 1956-05-06"),
        (r"Y.*", "a year is written without the letter Y", _FOUR_DIGITS),
        (r"-.*|0000.*", "years before 0001 are not read", _FOUR_DIGITS),
        (r"[0-9]{5,}.*", "a year has four digits", _FOUR_DIGITS),
        (r"[0-9X]{4}-(2[5-9]|3[0-2])[~?%]?", "a season is 21 to 24 (spring to winter in the north)", PASSES),
        (r".*[~?%].+", "~ ? % stands at the end of a date, once", "write 1956-05~ (% is both ~ and ?)"),
    )
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A date as it is written, X for an unknown digit; the part of the year and the day may be missing."""

    year: str
    part: str | None
    day: str | None

    def concrete(self, *, last: bool) -> str | None:
        """The first or the last existing date that the digits allow, without X; None if there is none."""
        step, place = (-1, -1) if last else (1, 0)
        years = _fitting(self.year, range(1, 10_000))
        if self.part is None:
            return f"{years[place]:04}" if years else None
        parts = _fitting(self.part, _MONTHS if self.day or "X" in self.part else _LENGTHS)
        if self.day is None:
            return f"{years[place]:04}-{parts[place]:02}" if years and parts else None
        days = _fitting(self.day, range(1, 32))
        for year, month in product(years[::step], parts[::step]):
            existing = [day for day in days if day <= monthrange(year, month)[1]]
            if existing:
                return f"{year:04}-{month:02}-{existing[place]:02}"
        return None

    def unit(self) -> tuple[int, int]:
        """The date's own precision in months and days: its finest place with a digit (195X: ten years, 1956-XX: 1)."""
        if self.day and self.day != "XX":
            return 0, 1
        if self.part and self.part != "XX":
            return (1 if "X" in self.part else _LENGTHS[int(self.part)]), 0
        return 12 * 10 ** (4 - len(self.year.rstrip("X"))), 0


def _fitting(pattern: str, numbers: Iterable[int]) -> list[int]:
    if "X" not in pattern:
        return [int(pattern)] if int(pattern) in numbers else []
    like = re.compile(pattern.replace("X", "[0-9]"))
    return [n for n in numbers if like.fullmatch(f"{n:0{len(pattern)}}")]


def span(text: str) -> tuple[int, int]:
    """First and last day of one EDTF date: a year, month, existing day, season 21-24, quarter 33-36, third 37-39 or
    half 40-41, with X for unknown digits. `~` or `?` at its end widens it on both sides by one unit of its own
    precision, `%` by two; never beyond 0001 to 9999. Raises BadDate."""
    if not isinstance(text, str):
        raise BadDate(f"{shown(text)}: a date is text; put it in quotes")
    return _span(text)


@lru_cache(maxsize=65_536)
def _span(text: str) -> tuple[int, int]:
    form = _FORM.fullmatch(text)
    if form is None:
        raise _refusal(text)
    parts = _Parts(*form.groups()[:3])
    lowest, highest = parts.concrete(last=False), parts.concrete(last=True)
    if lowest is None or highest is None:
        raise _refusal(text, parts)
    first, last = _first_day(lowest), _last_day(highest)
    times = {"": 0, "%": 2}.get(form[4], 1)
    if times:
        months, days = parts.unit()
        first = first - times * days if days else month_start(first, -times * months)
        last = last + times * days if days else month_start(last, times * months + 1) - 1
    return max(first, FIRST_DAY), min(last, LAST_DAY)


# The library is handed concrete dates only. It prints and fails on 1956-1X, refuses ~ on seasons, lets 2011-02-29 pass
# and ends winter with December. Its rule for one form takes a tenth of the 3 ms of its whole grammar.
def _first_day(text: str) -> int:
    rule = edtf.Level2Season if len(text) == 7 and int(text[5:]) not in _MONTHS else edtf.Date
    return date(*rule.parse(text).lower_strict()[:3]).toordinal()  # type: ignore[no-untyped-call]


def _last_day(text: str) -> int:
    if len(text) == 7:
        return month_start(_first_day(text), _LENGTHS[int(text[5:])]) - 1
    return date(*edtf.Date.parse(text).upper_strict()[:3]).toordinal()  # type: ignore[no-untyped-call]


def month_start(day: int, months: int) -> int:
    """The first day of the month that lies so many months after that of `day`; off the calendar the day beside it."""
    at = date.fromordinal(day)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return FIRST_DAY - 1 if year < 1 else LAST_DAY + 1
    return date(year, month + 1, 1).toordinal()


def shown(text: object) -> str:
    """What somebody wrote, for a message: quoted, in ASCII, at most 40 characters."""
    full = ascii(text)
    return full if len(full) <= 40 else f"{full[:36]}...{full[-1]}"


def _refusal(text: str, parts: _Parts | None = None) -> BadDate:
    for pattern, reason, passes in _WRONG:
        if pattern.fullmatch(text):
            return BadDate(f"{shown(text)}: {reason}; {passes}")
    if parts is None:
        return BadDate(f"{shown(text)}: not an EDTF date; {PASSES}")
    year, part, day = parts.year, parts.part or "", parts.day
    if day and "X" not in year + part and int(part) in _MONTHS:
        reason = f"{month_name[int(part)]} {year} has days 01 to {monthrange(int(year), int(part))[1]}"
        return BadDate(f"{shown(text)}: no such day, {reason}; write {year}-{part} if the day is not known")
    if day:
        return BadDate(f"{shown(text)}: no existing day fits it; {PASSES}")
    return BadDate(f"{shown(text)}: no such part of a year; write a month as 01 to 12, longer parts as 21-24 or 33-41")
