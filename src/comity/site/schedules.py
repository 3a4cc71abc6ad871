"""What happens by itself, and when. The house owns time: rooms add a row, no room keeps a clock."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from comity.site import jobs
from comity.site.models import ScheduleRun

MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job and its rhythm. `at` pins a daily job to a time of day, UTC."""

    name: str
    job: str
    every: dt.timedelta
    at: dt.time | None = None
    queue: str = jobs.SHORT


SCHEDULES = (
    Schedule("verify_ledger", "comity.site.jobs:verify_ledger", DAY, dt.time(2, 10), jobs.LONG),
    Schedule("prune", "comity.site.jobs:prune", DAY, dt.time(3, 10)),
    Schedule("directory_reminders", "comity.directory.jobs:remind", DAY, dt.time(6, 10)),
    Schedule("forget_persons", "comity.people.jobs:forget", DAY, dt.time(3, 20)),
    # Soon after midnight UTC: the day that ended may have been the last of a term.
    Schedule("renew_standings", "comity.registry.jobs:renew_standings", DAY, dt.time(0, 10)),
    Schedule("check_links", "comity.registry.jobs:check_links", DAY, dt.time(1, 10), jobs.LONG),
    # A report put into the watched folder is stored within a minute and a half.
    Schedule("watch_reports", "comity.events.jobs:watch", MINUTE),
    Schedule("tidy_events", "comity.events.jobs:tidy", HOUR, queue=jobs.LONG),
    Schedule("forget_events", "comity.events.jobs:forget", DAY, dt.time(3, 40), jobs.LONG),
    Schedule("forget_answers", "comity.ledger.jobs:forget_answers", DAY, dt.time(3, 30)),
)


def next_due(schedule: Schedule, now: dt.datetime) -> dt.datetime:
    """The first moment after `now` at which the schedule is due. Pure.

    A machine that slept through several runs makes up for one, not for all.
    """
    if schedule.at is None:
        return now + schedule.every
    due = dt.datetime.combine(now.date(), schedule.at, tzinfo=dt.UTC)
    while due <= now:
        due += schedule.every
    return due


def enqueue_due(now: dt.datetime, schedules: tuple[Schedule, ...] = SCHEDULES) -> list[str]:
    """Queue what is due, once, however many processes ask; a new schedule is due at once."""
    queued = []
    for schedule in schedules:
        with transaction.atomic():
            row, _new = ScheduleRun.objects.select_for_update().get_or_create(
                name=schedule.name, defaults={"due": now}
            )
            if row.due > now:
                continue
            row.due = next_due(schedule, now)
            row.save(update_fields=["due"])
            jobs.later(schedule.job, queue=schedule.queue, schedule=schedule.name)
            queued.append(schedule.name)
    return queued
