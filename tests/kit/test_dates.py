"""Dates keep the precision of their source, and say so when they cannot be compared."""

from __future__ import annotations

import datetime as dt
import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.dates import BadDate, PartialDate, Period, Precision

DAYS = st.dates()
NEAR = st.dates(dt.date(2013, 11, 1), dt.date(2016, 2, 28))  # close, so that many overlap


def coarse(day: dt.date, precision: Precision) -> PartialDate:
    parts = {Precision.YEAR: 1, Precision.MONTH: 2, Precision.DAY: 3}[precision]
    return PartialDate(*(day.year, day.month, day.day)[:parts])


DATES = st.builds(coarse, DAYS, st.sampled_from(Precision))
CLOSE = st.builds(coarse, NEAR, st.sampled_from(Precision))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start, end = sorted((draw(NEAR), draw(NEAR)))
    bounds = [
        draw(st.none() | st.sampled_from(Precision).map(lambda p, d=day: coarse(d, p)))
        for day in (start, end)
    ]
    return Period(*bounds)


@given(DATES)
def test_a_date_is_written_as_it_was_read(date: PartialDate) -> None:
    assert PartialDate.parse(str(date)) == date
    assert pickle.loads(pickle.dumps(date)) == date


@pytest.mark.parametrize(
    ("text", "precision", "first", "last"),
    [
        ("2014", Precision.YEAR, "2014-01-01", "2014-12-31"),
        ("2014-05", Precision.MONTH, "2014-05-01", "2014-05-31"),
        ("2024-02", Precision.MONTH, "2024-02-01", "2024-02-29"),
        ("2014-05-30", Precision.DAY, "2014-05-30", "2014-05-30"),
        ("0001", Precision.YEAR, "0001-01-01", "0001-12-31"),
        ("9999-12", Precision.MONTH, "9999-12-01", "9999-12-31"),
    ],
)
def test_what_a_date_can_mean(text: str, precision: Precision, first: str, last: str) -> None:
    date = PartialDate.parse(text)
    assert str(date) == text
    assert date.precision == precision
    assert (date.first.isoformat(), date.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "2014-02-30", "2014-13", "2014-00", "2014-05-00", "0000", "2023-02-29",  # not in it
        "", "14", "20140530", "2014-5", "2014-05-3", "2014/05", "30.05.2014", "2014-05-30T00:00",
        " 2014", "2014\n", "-2014", "+2014", "２０１４", "٢٠١٤", "NA", "unknown", "2" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(BadDate) as caught:
        PartialDate.parse(text)
    assert caught.value.remedy
    assert text[:20].strip() in caught.value.place or not text.isascii() or "\n" in text


@given(st.text(max_size=30))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    try:
        assert str(PartialDate.parse(text)) == text
    except BadDate as error:
        assert error.remedy


@pytest.mark.parametrize(
    "parts", [(2014, 0), (2014, 5, 0), (2014, None, 3), (0,), (10_000,), (10**30,), (2014, 13)]
)
def test_no_date_can_be_built_that_could_not_be_read(parts: tuple[int, ...]) -> None:
    with pytest.raises(BadDate):
        PartialDate(*parts)


@given(CLOSE, CLOSE)
def test_of_two_dates_exactly_one_is_told(a: PartialDate, b: PartialDate) -> None:
    told = [a.certainly_before(b), b.certainly_before(a), a.may_overlap(b)]
    assert told.count(True) == 1
    assert a.may_overlap(b) == b.may_overlap(a)


@given(CLOSE, CLOSE, CLOSE)
def test_the_order_of_lists_is_total_and_contradicts_no_certainty(
    a: PartialDate, b: PartialDate, c: PartialDate
) -> None:
    assert (a.sort_key == b.sort_key) == (a == b)
    if a.certainly_before(b):
        assert a.sort_key < b.sort_key
    rows = sorted([a, b, c], key=lambda d: d.sort_key)
    assert rows == sorted([c, b, a], key=lambda d: d.sort_key)


def test_a_year_is_neither_before_nor_after_its_months() -> None:
    year, may = PartialDate(2014), PartialDate(2014, 5)
    assert not year.certainly_before(may)
    assert not may.certainly_before(year)
    with pytest.raises(TypeError):
        year < may  # type: ignore[operator]  # noqa: B015


@given(DAYS)
def test_a_day_of_the_calendar_stays_that_day(day: dt.date) -> None:
    date = PartialDate.of(day)
    assert (date.first, date.last, str(date)) == (day, day, day.isoformat())


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2017-07-31", 60, "2022-07-31"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2021-12", 1, "2022-01"),
        ("2015", 60, "2020"),
        ("2015", 6, "2016"),  # at the latest
        ("2015-03", -3, "2014-12"),
    ],
)
def test_a_term_ends_as_precisely_as_it_began(start: str, months: int, end: str) -> None:
    assert str(PartialDate.parse(start).plus_months(months)) == end


def test_a_term_cannot_leave_the_calendar() -> None:
    with pytest.raises(BadDate):
        PartialDate(9999, 12).plus_months(1)
    with pytest.raises(BadDate):
        PartialDate(2014).plus_months(10**9)


@given(periods())
def test_a_period_is_written_as_it_was_read(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    ["", "2014", "2014/", "/2014", "2014/2015/2016", "2014 / 2015", "2016/2014", "2014-02-30/..",
     "2014--2015", "/" * 9_999],
)  # fmt: skip
def test_what_is_no_period_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(BadDate) as caught:
        Period.parse(text)
    assert caught.value.remedy


def test_a_period_may_end_in_the_year_in_which_it_started() -> None:
    assert str(Period.parse("2014-05/2014")) == "2014-05/2014"
    with pytest.raises(BadDate):
        Period(PartialDate(2014, 6), PartialDate(2014, 5))


def bounds(period: Period) -> list[tuple[dt.date, dt.date]]:
    """The extreme pairs of days that a period can mean, reckoned the slow way."""
    starts = {period.start.first, period.start.last} if period.start else {dt.date.min}
    ends = {period.end.first, period.end.last} if period.end else {dt.date.max}
    days = starts | ends
    return [
        (a, b)
        for a, b in itertools.product(days, days)
        if a <= b
        and (a in starts or (period.start and period.start.first <= a <= period.start.last))
        and (b in ends or (period.end and period.end.first <= b <= period.end.last))
    ]


@given(periods(), periods())
def test_overlap_is_told_only_when_every_reading_agrees(a: Period, b: Period) -> None:
    readings = {x[0] <= y[1] and y[0] <= x[1] for x, y in itertools.product(bounds(a), bounds(b))}
    assert a.overlaps(b) == (readings.pop() if len(readings) == 1 else None)
    assert a.overlaps(b) == b.overlaps(a)


@given(periods(), CLOSE)
def test_containing_is_told_only_when_every_reading_agrees(
    period: Period, when: PartialDate
) -> None:
    readings = {s <= day <= e for s, e in bounds(period) for day in (when.first, when.last)}
    answer = period.contains(when)
    if answer is not None:
        assert readings == {answer}
    elif len(readings) == 1:  # both ends of `when` lie outside, and some day of it within
        assert readings == {False}
        assert any(when.first < day < when.last for pair in bounds(period) for day in pair)


def test_examples_of_periods() -> None:
    years = Period.parse("2014/2016")
    assert years.contains(PartialDate(2015, 3)) is True
    assert years.contains(PartialDate(2014, 3)) is None  # it began some day of 2014
    assert years.contains(PartialDate(2017)) is False
    assert years.overlaps(Period.parse("2015/2015")) is True
    assert years.overlaps(Period.parse("2016/..")) is None
    assert years.overlaps(Period.parse("2017/..")) is False
    assert Period(None, None).overlaps(years) is True
