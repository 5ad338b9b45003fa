"""The rules of "Time" that concern dates: what EDTF text means, and what is certain and possible of vague intervals."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import get_args

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from graph import spans
from graph.dates import (
    MAX_DAY,
    MIN_DAY,
    QUESTIONS,
    UNDATED,
    Bounds,
    DateBasis,
    Dated,
    Question,
    Verdict,
    after,
    asked,
    before,
    bounds,
    dated,
    definite,
    is_undated,
    iso,
    lasting,
    narrow,
    order_day,
    overlap,
    relation_bounds,
    verdict,
)
from graph.errors import BadDate
from graph.ontology import ONTOLOGY
from graph.spans import span

# ---- helpers ----


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def days(text: str) -> tuple[str | None, str | None]:
    first, last = span(text)
    return iso(first), iso(last)


def read(found: Bounds) -> tuple[str | None, str | None, str | None, str | None]:
    return iso(found.s0), iso(found.s1), iso(found.e0), iso(found.e1)


def basis(found: Dated) -> tuple[str, str]:
    return found.start, found.end


def fault(call: Callable[[], object]) -> str:
    """The message of the fault, which must say what is wrong and, after one semicolon, what would pass."""
    with pytest.raises(BadDate) as caught:
        call()
    message = str(caught.value)
    assert caught.value.code == "BAD_DATE"
    assert len(message) < 250
    assert message.isascii()
    reason, _, passes = message.partition("; ")
    assert reason
    assert passes.startswith(("write", "leave it out", "put it in quotes", "mend"))
    return message


# ---- one EDTF date ----


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1956", "1956-01-01", "1956-12-31"),
        ("1956-02", "1956-02-01", "1956-02-29"),
        ("1900-02", "1900-02-01", "1900-02-28"),
        ("1956-05-06", "1956-05-06", "1956-05-06"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
    ],
)
def test_a_year_a_month_and_a_day_span_their_days(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1956-21", "1956-03-01", "1956-05-31"),
        ("1956-22", "1956-06-01", "1956-08-31"),
        ("1956-23", "1956-09-01", "1956-11-30"),
        ("1956-24", "1956-12-01", "1957-02-28"),
    ],
)
def test_seasons_are_northern_and_winter_runs_into_the_next_year(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1956-33", "1956-01-01", "1956-03-31"),
        ("1956-34", "1956-04-01", "1956-06-30"),
        ("1956-35", "1956-07-01", "1956-09-30"),
        ("1956-36", "1956-10-01", "1956-12-31"),
        ("1956-37", "1956-01-01", "1956-04-30"),
        ("1956-38", "1956-05-01", "1956-08-31"),
        ("1956-39", "1956-09-01", "1956-12-31"),
        ("1956-40", "1956-01-01", "1956-06-30"),
        ("1956-41", "1956-07-01", "1956-12-31"),
    ],
)
def test_quarters_thirds_and_halves_divide_the_year(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("19XX", "1900-01-01", "1999-12-31"),
        ("195X", "1950-01-01", "1959-12-31"),
        ("19X6", "1906-01-01", "1996-12-31"),
        ("000X", "0001-01-01", "0009-12-31"),
        ("XXXX", "0001-01-01", "9999-12-31"),
        ("1956-XX", "1956-01-01", "1956-12-31"),
        ("1956-XX-XX", "1956-01-01", "1956-12-31"),
        ("1956-1X", "1956-10-01", "1956-12-31"),
        ("1956-0X", "1956-01-01", "1956-09-30"),
        ("1956-X1", "1956-01-01", "1956-11-30"),
        ("1956-05-XX", "1956-05-01", "1956-05-31"),
        ("1956-05-2X", "1956-05-20", "1956-05-29"),
        ("1957-02-2X", "1957-02-20", "1957-02-28"),
        ("1956-XX-31", "1956-01-31", "1956-12-31"),
        ("1956-X2-29", "1956-02-29", "1956-12-29"),
        ("195X-02-29", "1952-02-29", "1956-02-29"),
        ("195X-21", "1950-03-01", "1959-05-31"),
    ],
)
def test_x_stands_for_any_digit_that_makes_an_existing_date(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1956~", "1955-01-01", "1957-12-31"),
        ("1956?", "1955-01-01", "1957-12-31"),
        ("1956-05~", "1956-04-01", "1956-06-30"),
        ("1956-01?", "1955-12-01", "1956-02-29"),
        ("1956-05-31~", "1956-05-30", "1956-06-01"),
        ("1956-22~", "1956-03-01", "1956-11-30"),
        ("1956-24?", "1956-09-01", "1957-05-31"),
        ("1956-33~", "1955-10-01", "1956-06-30"),
        ("1956-37~", "1955-09-01", "1956-08-31"),
        ("1956-40?", "1955-07-01", "1956-12-31"),
        ("195X~", "1940-01-01", "1969-12-31"),
        ("19XX?", "1800-01-01", "2099-12-31"),
        ("1956-XX~", "1955-01-01", "1957-12-31"),
        ("1956-1X?", "1956-09-01", "1957-01-31"),
        ("1956-05-XX?", "1956-04-01", "1956-06-30"),
        ("1956-05-2X~", "1956-05-19", "1956-05-30"),
    ],
)
def test_a_qualifier_widens_by_one_unit_of_the_dates_own_precision(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1956%", "1954-01-01", "1958-12-31"),
        ("1956-05%", "1956-03-01", "1956-07-31"),
        ("1956-05-06%", "1956-05-04", "1956-05-08"),
        ("1956-37%", "1955-05-01", "1956-12-31"),
        ("195X%", "1930-01-01", "1979-12-31"),
    ],
)
def test_percent_widens_by_two_units(text: str, first: str, last: str) -> None:
    assert days(text) == (first, last)


def test_widening_stops_at_the_ends_of_the_calendar() -> None:
    assert days("0001~") == ("0001-01-01", "0002-12-31")
    assert days("0001-01-01%") == ("0001-01-01", "0001-01-03")
    assert days("9999~") == ("9998-01-01", "9999-12-31")
    assert days("9999-24") == ("9999-12-01", "9999-12-31")
    assert days("XXXX%") == ("0001-01-01", "9999-12-31")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2011-02-29", "no such day, February 2011 has days 01 to 28; write 2011-02 if"),
        ("2011-02-30", "February 2011"),
        ("1956-04-31", "April 1956 has days 01 to 30"),
        ("1956-05-00", "no such day"),
        ("1956-02-3X", "no such day"),
        ("195X-13-01", "no existing day fits"),
        ("1956-21-05", "no existing day fits"),
        ("XXX1-02-29", "no existing day fits"),
        ("1956-0X-32", "no existing day fits"),
        ("1956-13", "no such part of a year"),
        ("1956-00", "no such part of a year"),
        ("1956-2X", "no such part of a year"),
        ("1956-42", "no such part of a year"),
        ("1956-25", "a season is 21 to 24"),
        ("1956-32~", "a season is 21 to 24"),
        ("", "may not be blank"),
        ("  ", "may not be blank"),
        (" 1956", "holds no blanks"),
        ("1956\n", "holds no blanks"),
        ("May 1956", "holds no blanks"),
        ("1956-05-06T10:00:00", "no time of day"),
        ("1956-05-06T10:00:00Z", "no time of day"),
        ("[1956,1957]", "a set of dates"),
        ("{1956}", "a set of dates"),
        ("1956..1958", "a set of dates"),
        ("[..1956]", "a set of dates"),
        ("1956,1957", "a set of dates"),
        ("Y1956", "without the letter Y"),
        ("Y19560", "without the letter Y"),
        ("-0100", "before 0001"),
        ("0000", "before 0001"),
        ("0000-05", "before 0001"),
        ("10000", "four digits"),
        ("19560506", "four digits"),
        ("1956/1957", "an interval stands where one date is wanted"),
        ("1956/..", "an interval stands where one date is wanted"),
        ("..", "an open end stands where a date is wanted"),
        ("1956?-05", "at the end of a date"),
        ("?1956", "at the end of a date"),
        ("1956~?", "at the end of a date"),
        ("1956-1", "not an EDTF date"),
        ("1956-05-6", "not an EDTF date"),
        ("195x", "not an EDTF date"),
        ("1950S2", "not an EDTF date"),
        ("1956-21^north", "not an EDTF date"),
        ("१९५६", "not an EDTF date"),
        ("early-1956", "not an EDTF date"),
        ("1956\x00", "not an EDTF date"),
        ("\ud800", "not an EDTF date"),
        ("9" * 100_000, "four digits"),
    ],
)
def test_what_is_not_one_date_is_refused_with_a_reason_and_what_would_pass(text: str, says: str) -> None:
    assert says in fault(lambda: span(text))


def test_a_date_is_always_a_string() -> None:
    for value in (1956, 1956.5, None, True, date(1956, 5, 6), ["1956"]):
        assert "put it in quotes" in fault(lambda value=value: span(value))  # type: ignore[misc]


def test_reading_a_date_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    spans._span.cache_clear()
    for text in ("1956-1X", "1956-1X?", "1956-02-2X", "1956-X1-31"):
        span(text)
    assert capsys.readouterr() == ("", "")


def test_a_text_is_parsed_once() -> None:
    spans._span.cache_clear()
    assert span("1956-05") == span("1956-05")
    assert spans._span.cache_info().hits == 1
    assert spans._span.cache_info().maxsize is not None


PARTS = [*(f"{m:02}" for m in range(1, 13)), *map(str, [*range(21, 25), *range(33, 42)])]


@st.composite
def edtf_dates(draw: st.DrawFn) -> str:
    """Dates of every accepted form, without a qualifier; a few do not exist."""
    year = draw(st.from_regex(r"[0-9X]{4}", fullmatch=True))
    part = draw(st.sampled_from(["", *PARTS, "XX", "0X", "1X", "X1"]))
    if not part:
        return year
    if "X" in part or part <= "12":
        place = draw(st.sampled_from(["", "XX", "0X", "2X", "3X", "X1"]) | st.integers(1, 31).map(lambda d: f"{d:02}"))
        return f"{year}-{part}-{place}" if place else f"{year}-{part}"
    return f"{year}-{part}"


@settings(max_examples=150)
@given(edtf_dates())
@example("2011-02-29")
def test_widening_contains_the_date_and_percent_contains_tilde(text: str) -> None:
    try:
        first, last = span(text)
    except BadDate:
        with pytest.raises(BadDate):
            span(text + "~")
        return
    assert MIN_DAY < first <= last < MAX_DAY
    once, twice = span(text + "~"), span(text + "%")
    assert span(text + "?") == once
    assert twice[0] <= once[0] <= first
    assert last <= once[1] <= twice[1]
    assert once != (first, last) or (first, last) == span("XXXX")


@settings(max_examples=200)
@given(st.dates(date(1, 1, 1)), st.data())
def test_putting_x_for_digits_never_loses_the_date(at: date, data: st.DataObject) -> None:
    text = at.isoformat()
    hidden = data.draw(st.sets(st.sampled_from([i for i, c in enumerate(text) if c != "-"])))
    first, last = span("".join("X" if i in hidden else c for i, c in enumerate(text)))
    assert first <= at.toordinal() <= last
    if not hidden:
        assert first == last


@given(st.text(max_size=12) | st.from_regex(r"[0-9X/.~?% TY\-]{0,12}", fullmatch=True))
def test_any_text_is_read_or_refused_with_a_bad_date(text: str) -> None:
    try:
        first, last = asked(text)
    except BadDate:
        return
    assert MIN_DAY <= first <= last <= MAX_DAY


# ---- what a question names ----


def test_an_asked_date_is_the_span_from_its_first_to_its_last_day() -> None:
    assert asked("2012") == (day("2012-01-01"), day("2012-12-31"))
    assert asked("2012-05~") == (day("2012-04-01"), day("2012-06-30"))


def test_an_asked_interval_runs_from_the_first_day_of_one_date_to_the_last_of_the_other_or_is_open() -> None:
    assert asked("1956/1958-02") == (day("1956-01-01"), day("1958-02-28"))
    assert asked("1956/..") == (day("1956-01-01"), MAX_DAY)
    assert asked("../1958") == (MIN_DAY, day("1958-12-31"))
    assert asked("1956/1956-03") == (day("1956-01-01"), day("1956-03-31"))


@pytest.mark.parametrize(
    "text", ["../..", "/1958", "1956/", "/", "1958/1956", "1956/1957/1958", "", "..", "1956 / 1957"]
)
def test_an_asked_interval_that_names_no_date_or_is_inverted_is_refused(text: str) -> None:
    fault(lambda: asked(text))


# ---- a claim's own time ----

A0, A1 = "1956-01-01", "1956-12-31"  # what the start 1956 spans
B0, B1 = "1958-01-01", "1958-12-31"  # what the end 1958 spans
SOURCE = "2022-01-01"


@pytest.mark.parametrize("source", [SOURCE, None])
@pytest.mark.parametrize(
    ("start", "end", "expected", "bases"),
    [
        ("1956", "1958", (A0, A1, B0, B1), "STATED STATED"),
        ("1956", None, (A0, A1, A0, None), "STATED UNKNOWN"),
        ("1956", "..", (A0, A1, SOURCE, None), "STATED OPEN"),
        (None, "1958", (None, B1, B0, B1), "UNKNOWN STATED"),
        (None, None, (None, None, None, None), "UNKNOWN UNKNOWN"),
        (None, "..", (None, None, SOURCE, None), "UNKNOWN OPEN"),
        ("..", "1958", (None, B1, B0, B1), "OPEN STATED"),
        ("..", None, (None, None, None, None), "OPEN UNKNOWN"),
        ("..", "..", (None, None, SOURCE, None), "OPEN OPEN"),
    ],
)
def test_the_four_bounds_of_every_combination_of_stated_open_and_unknown_ends(
    start: str | None, end: str | None, expected: tuple[str | None, ...], bases: str, source: str | None
) -> None:
    if source is None and end == "..":  # an open end without a dated source is certain only at its start
        expected = (*expected[:2], A0 if start == "1956" else None, None)
    source_day = day(source) if source else None
    found = dated(start=start, end=end, latest_source=source_day)
    assert read(found.bounds) == expected
    assert basis(found) == tuple(bases.split())
    assert bounds(start=start, end=end, latest_source=source_day) == found.bounds
    empty = dated(on="", start=start or "", end=end or "", latest_source=source_day)
    assert empty == found, "an empty date is as unknown as an absent one"


def test_on_is_both_start_and_end() -> None:
    found = dated(on="2012", latest_source=day(SOURCE))
    assert read(found.bounds) == ("2012-01-01", "2012-12-31", "2012-01-01", "2012-12-31")
    assert basis(found) == ("STATED", "STATED")
    assert found == dated(start="2012", end="2012", latest_source=None)


def test_on_beside_start_or_end_is_refused() -> None:
    fault(lambda: bounds(on="2012", start="2012", latest_source=None))
    fault(lambda: bounds(on="2012", end="..", latest_source=None))


def test_on_cannot_be_open() -> None:
    assert fault(lambda: bounds(on="..", latest_source=None)).startswith("on '..'")


def test_open_and_unknown_stay_told_apart_where_no_cited_source_is_dated() -> None:
    still = dated(start="1956", end="..", latest_source=None)
    silent = dated(start="1956", end=None, latest_source=None)
    assert still.bounds == silent.bounds
    assert (still.end, silent.end) == ("OPEN", "UNKNOWN")


def test_an_open_end_without_a_dated_source_is_certain_only_at_its_start() -> None:
    found = bounds(start="1956-05-06", end="..", latest_source=None)
    assert overlap(found, *asked("1956-05-06")) == "CERTAIN"
    assert overlap(found, *asked("1956-05-07")) == "POSSIBLE"
    assert overlap(found, *asked("2090")) == "POSSIBLE"
    assert overlap(found, *asked("1956-05-05")) == "NO"


def test_an_open_end_is_certain_until_the_first_day_of_the_latest_dated_source_and_is_never_filled_with_today() -> None:
    found = bounds(start="1956-05-06", end="..", latest_source=day(SOURCE))
    assert overlap(found, *asked("1990")) == "CERTAIN"
    assert overlap(found, *asked("2022")) == "CERTAIN"
    assert overlap(found, *asked("2022-01-02")) == "POSSIBLE"
    assert overlap(found, *asked("9999")) == "POSSIBLE"
    assert found.e1 == MAX_DAY


def test_a_source_older_than_the_start_does_not_put_an_open_end_before_it() -> None:
    assert bounds(start="1956", end="..", latest_source=day("1950-01-01")).e0 == day("1956-01-01")


def test_an_unknown_end_is_certain_at_its_start_and_no_later() -> None:
    found = bounds(start="1956-05-06", latest_source=day(SOURCE))
    assert overlap(found, *asked("1956-05")) == "CERTAIN"
    assert overlap(found, *asked("1957")) == "POSSIBLE"


def test_an_unknown_start_is_never_after_the_end() -> None:
    found = bounds(end="1958", latest_source=None)
    assert overlap(found, *asked("1958")) == "CERTAIN"
    assert overlap(found, *asked("1900")) == "POSSIBLE"
    assert overlap(found, *asked("1959")) == "NO"


def test_vague_ends_that_cross_keep_only_what_start_before_end_allows() -> None:
    assert read(bounds(start="2012~", end="2012-06", latest_source=None)) == (
        "2011-01-01",
        "2012-06-30",
        "2012-06-01",
        "2012-06-30",
    )
    assert read(bounds(start="2012-06", end="2012~", latest_source=None))[2] == "2012-06-01"


def test_an_end_certainly_before_the_start_is_refused() -> None:
    message = fault(lambda: bounds(start="2012-06", end="2012-05", latest_source=None))
    assert "'2012-06'" in message
    assert "'2012-05'" in message
    assert bounds(start="2012-06", end="2012-05~", latest_source=None).e1 == day("2012-06-30")


def test_a_fault_names_the_end_that_it_is_in() -> None:
    assert fault(lambda: bounds(start="2011-02-29", latest_source=None)).startswith("start '2011-02-29'")
    assert fault(lambda: bounds(end="soon", latest_source=None)).startswith("end 'soon'")


def test_undated_means_that_nothing_is_known_of_either_end() -> None:
    assert is_undated(bounds(latest_source=day(SOURCE)))
    assert is_undated(UNDATED)
    for known in ({"start": "1956"}, {"end": "1956"}, {"on": "1956"}, {"end": ".."}):
        assert not is_undated(bounds(**known, latest_source=day(SOURCE)))


@given(
    *[st.sampled_from([None, "", "..", "1956", "1957-05~", "1957-05-06", "195X"])] * 2,
    st.sampled_from([None, day(SOURCE)]),
)
def test_no_bound_is_ever_null_and_bounds_are_closed(start: str | None, end: str | None, source: int | None) -> None:
    try:
        found = bounds(start=start, end=end, latest_source=source)
    except BadDate:
        assert start
        assert end
        return
    assert MIN_DAY <= found.s0 <= found.s1 <= found.e1 <= MAX_DAY
    assert found.s0 <= found.e0 <= found.e1
    assert found.s0 < MAX_DAY
    assert found.e1 > MIN_DAY
    assert found.s1 != MIN_DAY
    assert found.e0 != MAX_DAY


# ---- certain, possible, not, undated ----


def test_start_and_end_both_2012_is_some_time_in_2012() -> None:
    found = bounds(start="2012", end="2012", latest_source=None)
    assert overlap(found, *asked("2012")) == "CERTAIN"
    assert overlap(found, *asked("2012-06-15")) == "POSSIBLE"
    assert overlap(found, *asked("2012-01/2012-06")) == "POSSIBLE"
    assert overlap(found, *asked("2010/2015")) == "CERTAIN"
    assert overlap(found, *asked("2013")) == "NO"


def test_a_day_shared_at_the_edge_is_an_overlap() -> None:
    found = bounds(start="2012-03-01", end="2012-05-31", latest_source=None)
    assert overlap(found, *asked("2012-05-31")) == "CERTAIN"
    assert overlap(found, *asked("2012-03-01")) == "CERTAIN"
    assert overlap(found, *asked("2012-06-01")) == "NO"
    assert overlap(found, *asked("2012-02-29")) == "NO"


def test_before_is_ends_before_and_after_is_starts_after() -> None:
    found = bounds(start="2010", end="2012", latest_source=None)
    assert before(found, *asked("2013")) == "CERTAIN"
    assert before(found, *asked("2012-06")) == "POSSIBLE"
    assert before(found, *asked("2012")) == "NO"
    assert before(found, *asked("2012-01-01")) == "NO"
    assert before(found, *asked("2012-01-02")) == "POSSIBLE"
    assert after(found, *asked("2009")) == "CERTAIN"
    assert after(found, *asked("2010-06")) == "POSSIBLE"
    assert after(found, *asked("2010")) == "NO"


def test_nothing_is_before_or_after_an_asked_open_end() -> None:
    found = bounds(on="1956", latest_source=None)
    assert before(found, *asked("../1958")) == "NO"
    assert after(found, *asked("1950/..")) == "NO"
    assert overlap(found, *asked("../1958")) == "CERTAIN"
    assert overlap(found, *asked("1957/..")) == "NO"


def test_undated_is_an_answer_of_its_own() -> None:
    for answer in (overlap, before, after):
        assert answer(UNDATED, *asked("1956")) == "UNDATED"


def test_a_dated_row_is_possibly_anything_to_something_undated() -> None:
    for question in QUESTIONS:
        assert verdict(question, bounds(on="1956", latest_source=None), UNDATED) == "POSSIBLE"


def test_the_time_of_an_event_is_asked_as_vaguely_as_it_is_known() -> None:
    event = bounds(on="2012", latest_source=None)
    claim = bounds(start="2012-03-01", end="2012-09-30", latest_source=None)
    assert overlap(claim, *asked("2012")) == "CERTAIN"
    assert verdict("overlaps", claim, event) == "POSSIBLE"
    assert verdict("before", bounds(end="2011", latest_source=None), event) == "CERTAIN"


WINDOW = range(100, 107)


def vague(low: int = WINDOW[0], high: int = WINDOW[-1]) -> st.SearchStrategy[Bounds]:
    """Closed bounds over a few days, one or more of them unknown at times."""

    def close(points: tuple[int, int, int, int], unknown: tuple[bool, bool, bool, bool]) -> Bounds:
        a, b, c, d = points
        s0, s1, e0, e1 = min(a, b), max(a, b), min(c, d), max(c, d)
        s0, s1 = MIN_DAY if unknown[0] else s0, MAX_DAY if unknown[1] else s1
        e0, e1 = MIN_DAY if unknown[2] else e0, MAX_DAY if unknown[3] else e1
        assume(s0 <= e1)
        return Bounds(s0, min(s1, e1), max(e0, s0), e1)

    at = st.integers(low, high)
    rarely = st.integers(0, 4).map(lambda n: n == 0)
    return st.builds(close, st.tuples(at, at, at, at), st.tuples(rarely, rarely, rarely, rarely))


def admissible(of: Bounds) -> Iterator[tuple[int, int]]:
    """Every interval that the bounds hold, an unknown one standing a few days outside the window."""
    low, high = WINDOW[0] - 3, WINDOW[-1] + 3
    starts = range(max(of.s0, low), min(of.s1, high) + 1)
    ends = range(max(of.e0, low), min(of.e1, high) + 1)
    return ((s, e) for s, e in product(starts, ends) if s <= e)


HOLDS: dict[Question, Callable[[int, int, int, int], bool]] = {
    "overlaps": lambda s, e, t, u: any(s <= d <= e for d in range(t, u + 1)),
    "before": lambda s, e, t, u: all(d < t for d in range(s, e + 1)),
    "after": lambda s, e, t, u: all(d > u for d in range(s, e + 1)),
}


@settings(max_examples=300)
@given(vague(), vague(), st.sampled_from(sorted(HOLDS)))
def test_certain_and_possible_are_what_trying_every_pair_of_intervals_gives(
    of: Bounds, about: Bounds, question: Question
) -> None:
    pairs = [(*a, *b) for a in admissible(of) for b in admissible(about)]
    answers = [HOLDS[question](*pair) for pair in pairs]
    expected: Verdict = "CERTAIN" if all(answers) else "POSSIBLE" if any(answers) else "NO"
    assert verdict(question, of, about) == ("UNDATED" if is_undated(of) else expected)


@settings(max_examples=300)
@given(vague(), st.integers(WINDOW[0], WINDOW[-1]), st.integers(0, 3), st.sampled_from(sorted(HOLDS)))
def test_a_span_of_days_is_answered_as_trying_every_interval_does(
    of: Bounds, first: int, length: int, question: Question
) -> None:
    assume(not is_undated(of))
    last = first + length if first + length <= WINDOW[-1] else WINDOW[-1]
    answers = [HOLDS[question](s, e, first, last) for s, e in admissible(of)]
    ask = {"overlaps": overlap, "before": before, "after": after}[question]
    assert ask(of, first, last) == ("CERTAIN" if all(answers) else "POSSIBLE" if any(answers) else "NO")


@given(vague(), vague())
def test_overlap_is_symmetric_and_before_mirrors_after(one: Bounds, other: Bounds) -> None:
    assume(not is_undated(one))
    assume(not is_undated(other))
    assert verdict("overlaps", one, other) == verdict("overlaps", other, one)
    assert verdict("before", one, other) == verdict("after", other, one)


@given(vague(), vague())
def test_exactly_one_of_overlaps_before_and_after_is_certain_or_several_are_possible(
    one: Bounds, other: Bounds
) -> None:
    assume(not is_undated(one))
    answers = [verdict(question, one, other) for question in QUESTIONS]
    assert sorted(answers) == ["CERTAIN", "NO", "NO"] or answers.count("POSSIBLE") >= 2


def test_the_inequalities_are_handed_on_as_data_for_columns() -> None:
    about = Bounds(10, 20, 30, 40)
    assert relation_bounds("overlaps", "CERTAIN", about) == (("s1", "lte", 30), ("e0", "gte", 20))
    assert relation_bounds("overlaps", "POSSIBLE", about) == (("s0", "lte", 40), ("e1", "gte", 10))
    assert relation_bounds("before", "CERTAIN", about) == (("e1", "lt", 10),)
    assert relation_bounds("before", "POSSIBLE", about) == (("e0", "lt", 20),)
    assert relation_bounds("after", "CERTAIN", about) == (("s0", "gt", 40),)
    assert relation_bounds("after", "POSSIBLE", about) == (("s1", "gt", 30),)
    assert relation_bounds("overlaps", "CERTAIN", definite(5, 6)) == (("s1", "lte", 6), ("e0", "gte", 5))


# ---- order ----


def test_order_is_earliest_start_else_latest_start_else_earliest_end_else_latest_end_and_undated_last() -> None:
    assert order_day(Bounds(1, 2, 3, 4)) == 1
    assert order_day(Bounds(MIN_DAY, 2, 3, 4)) == 2
    assert order_day(Bounds(MIN_DAY, MAX_DAY, 3, 4)) == 3
    assert order_day(Bounds(MIN_DAY, MAX_DAY, MIN_DAY, 4)) == 4
    assert order_day(UNDATED) is None


def test_a_claim_with_an_open_end_and_no_start_is_ordered_by_its_latest_source() -> None:
    assert order_day(bounds(end="..", latest_source=day(SOURCE))) == day(SOURCE)


@given(vague())
def test_only_what_is_undated_has_no_place_in_the_order(of: Bounds) -> None:
    assert (order_day(of) is None) == is_undated(of)


def test_a_day_is_shown_as_iso_and_no_bound_as_none() -> None:
    assert iso(day("1956-01-01")) == "1956-01-01"
    assert iso(1) == "0001-01-01"
    assert iso(MAX_DAY - 1) == "9999-12-31"
    assert iso(MIN_DAY) is None
    assert iso(MAX_DAY) is None


# ---- anchors ----

NOTHING = dated(latest_source=None)
WAR = bounds(start="1956", end="1958", latest_source=None)


@pytest.mark.parametrize(
    ("how", "expected", "bases"),
    [
        ("BEFORE", (None, "1956-12-30", None, "1956-12-30"), "UNKNOWN NARROWED"),
        ("AFTER", ("1958-01-02", None, "1958-01-02", None), "NARROWED UNKNOWN"),
        ("DURING", ("1956-01-01", "1958-12-31", "1956-01-01", "1958-12-31"), "NARROWED NARROWED"),
        ("OVERLAPS", (None, "1958-12-31", "1956-01-01", None), "NARROWED NARROWED"),
        ("MEETS", (None, "1956-12-31", "1955-12-31", "1956-12-31"), "UNKNOWN NARROWED"),
    ],
)
def test_an_anchor_dates_what_nothing_was_known_of_and_says_so(
    how: str, expected: tuple[str | None, ...], bases: str
) -> None:
    found = narrow(NOTHING, how, WAR)
    assert read(found.bounds) == expected
    assert basis(found) == tuple(bases.split())
    assert not is_undated(found.bounds)


@pytest.mark.parametrize("how", ["BEFORE", "AFTER", "DURING", "OVERLAPS", "MEETS"])
def test_an_anchor_to_something_undated_narrows_nothing(how: str) -> None:
    for claim in (NOTHING, dated(start="1956", end="..", latest_source=day(SOURCE))):
        assert narrow(claim, how, UNDATED) == claim


def test_an_anchor_that_says_nothing_new_leaves_the_basis_stated() -> None:
    claim = dated(start="1957", end="1957", latest_source=None)
    assert narrow(claim, "DURING", bounds(start="1950", end="1960", latest_source=None)) == claim


def test_a_stated_date_that_an_anchor_tightens_is_narrowed_even_where_it_only_follows() -> None:
    found = narrow(dated(start="1956", latest_source=None), "BEFORE", bounds(on="1956-06-01", latest_source=None))
    assert read(found.bounds) == ("1956-01-01", "1956-05-31", "1956-01-01", "1956-05-31")
    assert basis(found) == ("NARROWED", "NARROWED")


def test_an_open_end_stays_open_where_an_anchor_moves_only_the_start() -> None:
    found = narrow(dated(end="..", latest_source=None), "AFTER", WAR)
    assert read(found.bounds) == ("1958-01-02", None, "1958-01-02", None)
    assert basis(found) == ("NARROWED", "OPEN")


def test_an_anchor_that_contradicts_the_dates_is_refused() -> None:
    message = fault(lambda: narrow(dated(on="1960", latest_source=None), "BEFORE", WAR))
    assert "the anchor BEFORE contradicts" in message
    assert "1960-01-01 to 1960-12-31" in message
    fault(lambda: narrow(NOTHING, "AFTER", bounds(on="9999-12-31", latest_source=None)))
    fault(lambda: narrow(NOTHING, "BEFORE", bounds(on="0001-01-01", latest_source=None)))


def test_every_anchor_and_basis_of_the_vocabulary_is_known_here() -> None:
    for term in ONTOLOGY.vocabularies["AnchorHow"].terms:
        assert narrow(NOTHING, term.name, WAR) != NOTHING
    assert "not an anchor" in fault(lambda: narrow(NOTHING, "NEAR", WAR))
    assert sorted(get_args(DateBasis)) == sorted(term.name for term in ONTOLOGY.vocabularies["DateBasis"].terms)


ALLOWS: dict[str, Callable[[int, int, int, int], bool]] = {
    "BEFORE": lambda s, e, t, u: e < t,
    "AFTER": lambda s, e, t, u: s > u,
    "DURING": lambda s, e, t, u: t <= s and e <= u,
    "OVERLAPS": lambda s, e, t, u: s <= u and e >= t,
    "MEETS": lambda s, e, t, u: e in (t - 1, t),
}


@settings(max_examples=400)
@given(vague(), vague(), st.sampled_from(sorted(ALLOWS)))
def test_an_anchor_leaves_exactly_the_bounds_of_the_intervals_that_it_allows(of: Bounds, to: Bounds, how: str) -> None:
    low, high = WINDOW[0] - 3, WINDOW[-1] + 3
    allowed = [a for a in admissible(of) if any(ALLOWS[how](*a, *b) for b in admissible(to))]
    claim = Dated(of, "STATED", "STATED")
    if not allowed:
        with pytest.raises(BadDate):
            narrow(claim, how, to)
        return
    found = narrow(claim, how, to).bounds
    starts, ends = [s for s, _ in allowed], [e for _, e in allowed]

    def near(of: Bounds) -> tuple[int, ...]:
        """Bounds with what lies outside the window moved to its edge, beyond which unknown days look alike."""
        return tuple(min(max(bound, low + 1), high - 1) for bound in (of.s0, of.s1, of.e0, of.e1))

    assert near(found) == near(Bounds(min(starts), max(starts), min(ends), max(ends)))


@given(vague(), vague(), st.sampled_from(sorted(ALLOWS)))
def test_narrowing_never_widens_stays_closed_and_done_twice_is_done_once(of: Bounds, to: Bounds, how: str) -> None:
    try:
        once = narrow(Dated(of, "STATED", "UNKNOWN"), how, to)
    except BadDate:
        return
    new = once.bounds
    assert of.s0 <= new.s0 <= new.s1 <= of.s1
    assert of.e0 <= new.e0 <= new.e1 <= of.e1
    assert new.s1 <= new.e1
    assert new.s0 <= new.e0
    assert narrow(once, how, to) == once
    assert (new.s0, new.s1) == (of.s0, of.s1) or once.start == "NARROWED"


# ---- durations ----


@pytest.mark.parametrize(
    ("duration", "earliest", "latest"),
    [
        ("P1D", "2003-07-01", "2003-07-02"),
        ("P10D", "2003-07-10", "2003-07-11"),
        ("P3W", "2003-07-21", "2003-07-22"),
        ("P6M", "2003-12-31", "2004-01-01"),
        ("P1Y", "2004-06-30", "2004-07-01"),
        ("P1Y6M", "2004-12-31", "2005-01-01"),
        ("P1Y2M3W4D", "2004-09-25", "2004-09-26"),
    ],
)
def test_a_duration_dates_the_end_from_the_start_with_or_without_its_last_day(
    duration: str, earliest: str, latest: str
) -> None:
    found = lasting(dated(start="2003-07-01", latest_source=None), duration)
    assert read(found.bounds) == ("2003-07-01", "2003-07-01", earliest, latest)
    assert basis(found) == ("STATED", "NARROWED")


def test_a_duration_dates_the_start_from_the_end() -> None:
    found = lasting(dated(end="2004-07-01", latest_source=None), "P1Y")
    assert read(found.bounds) == ("2003-07-01", "2003-07-02", "2004-07-01", "2004-07-01")
    assert basis(found) == ("NARROWED", "STATED")


def test_months_end_where_the_calendar_has_no_such_day() -> None:
    assert read(lasting(dated(start="2003-01-31", latest_source=None), "P1M").bounds)[2:] == (
        "2003-02-27",
        "2003-02-28",
    )
    found = lasting(dated(end="2003-02-28", latest_source=None), "P1M")
    assert read(found.bounds)[:2] == ("2003-01-28", "2003-02-01")


def test_a_duration_of_a_vague_start_leaves_a_vague_end() -> None:
    found = lasting(dated(start="2003", latest_source=None), "P2Y")
    assert read(found.bounds) == ("2003-01-01", "2003-12-31", "2004-12-31", "2005-12-31")


def test_a_duration_says_nothing_where_no_end_is_known() -> None:
    assert lasting(NOTHING, "P2Y") == NOTHING


def test_a_duration_that_contradicts_the_dates_is_refused() -> None:
    message = fault(lambda: lasting(dated(start="2003", end="2004", latest_source=None), "P3Y"))
    assert "the duration P3Y contradicts" in message
    fault(lambda: lasting(dated(end="0001", latest_source=None), "P5Y"))
    fault(lambda: lasting(dated(start="2003", end="..", latest_source=day(SOURCE)), "P1Y"))


def test_a_duration_beyond_the_calendar_leaves_no_latest_end() -> None:
    found = lasting(dated(start="9990", latest_source=None), "P9Y6M").bounds
    assert (iso(found.e0), found.e1) == ("9999-06-30", MAX_DAY)


@pytest.mark.parametrize(
    "text", ["", "P", "2Y", "P2", "PT5H", "P0D", "P1D2Y", "P-1Y", "P1.5Y", "p1y", "P2Y ", "P99999Y"]
)
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    assert "not a length" in fault(lambda: lasting(dated(on="1956", latest_source=None), text))


@settings(max_examples=200)
@given(vague(), st.integers(1, 5))
def test_a_duration_in_days_leaves_exactly_the_bounds_of_the_intervals_that_last_so_long(
    of: Bounds, length: int
) -> None:
    assume(MIN_DAY not in (of.s0, of.e0))
    assume(MAX_DAY not in (of.s1, of.e1))
    allowed = [(s, e) for s, e in admissible(of) if e - s in (length - 1, length)]
    claim = Dated(of, "STATED", "STATED")
    if not allowed:
        with pytest.raises(BadDate):
            lasting(claim, f"P{length}D")
        return
    starts, ends = [s for s, _ in allowed], [e for _, e in allowed]
    assert lasting(claim, f"P{length}D").bounds == Bounds(min(starts), max(starts), min(ends), max(ends))


def test_a_duration_in_months_loses_no_interval_that_lasts_so_long() -> None:
    chance = random.Random(7)
    for _ in range(100):
        start = date(2003, 1, 1) + timedelta(days=chance.randrange(800))
        months = chance.randint(1, 30)
        year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
        last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
        end = date(year, month + 1, min(start.day, last)).toordinal()
        slack = [chance.randrange(40) for _ in range(4)]
        at = start.toordinal()
        of = Bounds(at - slack[0], at + slack[1], max(end - slack[2], at - slack[0]), end + slack[3])
        of = replace(of, s1=min(of.s1, of.e1))
        for exact in (end - 1, end):
            if of.e0 <= exact <= of.e1:
                found = lasting(Dated(of, "STATED", "STATED"), f"P{months}M").bounds
                assert found.s0 <= at <= found.s1
                assert found.e0 <= exact <= found.e1
