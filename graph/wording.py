"""Whether a date is finer than the words that a source has for it, read in English.

Words are read for the finest part of a date that they name: a day, a month, a part of a year (early, summer, half), a
year, a decade. What names none of these (*recently*, *after the war*) vouches for no date; whoever dates such a
claim says in `doubts` how."""

import re
from typing import Final

_MONTH: Final = (
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_NAMED: Final = (
    (
        "a day",
        rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{4}}-\d\d-\d\d\b",
    ),
    ("a month", rf"{_MONTH}|\b\d{{4}}-\d\d\b"),
    (
        "a part of a year",
        r"\b(?:early|mid|late|middle|beginning|start|end|first|second|half|quarter|spring|summer|autumn|fall|winter)\b",
    ),
    ("a year", r"\b[12]\d{3}\b"),
    ("a decade", r"\b[12]\d\d0s\b|\bcentury\b"),
)
_PARTS: Final = tuple(part for part, _ in reversed(_NAMED))
_ABOUT: Final = re.compile(
    rf"(?:about|around|circa|\bca?\.|roughly|approximately|near) (?:{_MONTH} )?([12]\d{{3}})|([12]\d{{3}}) or so",
    re.IGNORECASE,
)
_LOOSE: Final = re.compile(r"[~?%X]")


def finer(date: str, words: str) -> str | None:
    """Why an EDTF date that can be read says more than the words for it; None where it does not."""
    part = _finest(date)
    named = next((part for part, pattern in _NAMED if re.search(pattern, words, re.IGNORECASE)), None)
    if named is None:
        return f"names {part}, and its wording names none"
    if _PARTS.index(part) > _PARTS.index(named):
        return f"names {part}, and its wording only {named}"
    rough = {year for years in _ABOUT.findall(words) for year in years}
    if date[:4] in rough and not _LOOSE.search(date):
        return "is exact, and its wording is not"
    return None


def _finest(date: str) -> str:
    year, *rest = re.sub(r"[~?%]", "", date).split("-")
    if "X" in year:
        return "a decade"
    given = [each for each in rest if each != "XX"]
    if not given:
        return "a year"
    if len(given) == 2:
        return "a day"
    return "a month" if given[0] <= "12" or "X" in given[0] else "a part of a year"
