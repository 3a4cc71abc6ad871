"""How old a verified word is, when it must be verified again, and when to remind of it.

Old contacts are worse than none: a call in an incident goes to nobody. So age is always shown,
and reminders end: after the last the stale badge stands until somebody verifies.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from comity.directory.types import Freshness

FRESH_DAYS = 90
AGEING_DAYS = 183  # half a year


class Subject(StrEnum):
    """What is to be verified, each in its own interval."""

    CONTACTS = "contacts"
    KEYS = "keys"
    CONSTITUENCY = "constituency"
    REST = "rest"


INTERVALS: Mapping[Subject, int] = MappingProxyType(
    {Subject.CONTACTS: 90, Subject.KEYS: 183, Subject.CONSTITUENCY: 365, Subject.REST: 365}
)

BEFORE_DAYS = 7
AGAIN_DAYS = 30
AGAIN_TIMES = 3


@dataclass(frozen=True, slots=True)
class Review:
    """When a subject is to be verified next. `on` is today for what never was."""

    subject: Subject
    verified_on: dt.date | None
    on: dt.date
    overdue: int  # days past `on`, 0 before and on the day


def freshness(verified_on: dt.date | None, today: dt.date) -> Freshness:
    """How fresh a word is. A day to come is no verification, save tomorrow: it is tomorrow
    already for those east of us."""
    if verified_on is None or verified_on > today + dt.timedelta(days=1):
        return Freshness.NEVER
    age = (today - verified_on).days
    if age <= FRESH_DAYS:
        return Freshness.FRESH
    return Freshness.AGEING if age <= AGEING_DAYS else Freshness.STALE


def due(subject: Subject, verified_on: dt.date | None, today: dt.date) -> Review:
    """The next review of one subject."""
    if freshness(verified_on, today) is Freshness.NEVER or verified_on is None:
        return Review(subject, None, today, 0)
    on = verified_on + dt.timedelta(days=INTERVALS[subject])
    return Review(subject, verified_on, on, max(0, (today - on).days))


def calendar(verified: Mapping[Subject, dt.date | None], today: dt.date) -> tuple[Review, ...]:
    """All four reviews of a team, the most pressing first; a subject not given never was."""
    reviews = (due(subject, verified.get(subject), today) for subject in Subject)
    return tuple(sorted(reviews, key=lambda review: (review.on, review.subject)))


def reminders(due_on: dt.date) -> tuple[dt.date, ...]:
    """The days on which to remind: a week before, on the day, then three times every 30 days."""
    after = (due_on + dt.timedelta(days=AGAIN_DAYS * n) for n in range(1, AGAIN_TIMES + 1))
    return (due_on - dt.timedelta(days=BEFORE_DAYS), due_on, *after)


def reminder_due(
    due_on: dt.date, today: dt.date, last_sent: dt.date | None = None
) -> dt.date | None:
    """The reminder to send today, if any: the latest whose day has come and that was not sent.

    Those missed while nobody ran the job are not made up for one by one. `last_sent` is the day
    the last reminder for this review went out.
    """
    come = [day for day in reminders(due_on) if day <= today]
    if not come or (last_sent is not None and last_sent >= come[-1]):
        return None
    return come[-1]
