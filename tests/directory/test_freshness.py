"""How old a verified word is, and when to remind."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.rules import freshness as f
from comity.directory.types import Freshness

TODAY = dt.date(2026, 11, 22)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-1, Freshness.FRESH),  # tomorrow already, east of us
        (-2, Freshness.NEVER),
        (0, Freshness.FRESH),
        (90, Freshness.FRESH),
        (91, Freshness.AGEING),
        (183, Freshness.AGEING),
        (184, Freshness.STALE),
        (9999, Freshness.STALE),
    ],
)
def test_freshness_turns_on_the_day(days: int, state: Freshness) -> None:
    assert f.freshness(ago(days), TODAY) is state


def test_never_verified_is_never() -> None:
    assert f.freshness(None, TODAY) is Freshness.NEVER


def test_reviews_come_by_subject() -> None:
    review = f.due(f.Subject.CONTACTS, ago(100), TODAY)
    assert (review.on, review.overdue) == (ago(10), 10)
    assert f.due(f.Subject.KEYS, ago(100), TODAY).on == ago(100 - 183)
    assert f.due(f.Subject.REST, None, TODAY) == f.Review(f.Subject.REST, None, TODAY, 0)


def test_calendar_puts_the_most_pressing_first() -> None:
    found = f.calendar({f.Subject.CONTACTS: ago(10), f.Subject.KEYS: ago(300)}, TODAY)
    assert [review.subject for review in found] == [
        f.Subject.KEYS,
        f.Subject.CONSTITUENCY,
        f.Subject.REST,
        f.Subject.CONTACTS,
    ]


def test_reminders_are_five_and_then_the_badge_stands() -> None:
    offsets = [(day - TODAY).days for day in f.reminders(TODAY)]
    assert offsets == [-7, 0, 30, 60, 90]
    sent: list[dt.date] = []
    for offset in range(-20, 400):  # the job runs every day
        day = TODAY + dt.timedelta(days=offset)
        if f.reminder_due(TODAY, day, sent[-1] if sent else None) is not None:
            sent.append(day)
    assert [(day - TODAY).days for day in sent] == offsets


def test_missed_reminders_are_not_made_up_for_one_by_one() -> None:
    late = TODAY + dt.timedelta(days=65)
    assert f.reminder_due(TODAY, late) == TODAY + dt.timedelta(days=60)
    assert f.reminder_due(TODAY, late, late) is None


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)), st.integers(0, 2000))
def test_what_ages_never_gets_fresher(day: dt.date, more: int) -> None:
    order = list(Freshness)
    later = day + dt.timedelta(days=more)
    assert order.index(f.freshness(day, later)) >= order.index(f.freshness(day, day))
