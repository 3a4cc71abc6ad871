"""The desk of a report: what is missing, who was asked, what changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.kit.languages import LANGUAGES
from comity.people.reads import holders_of
from comity.people.types import Role
from comity.report import models as m
from comity.report.reads import facts as loading
from comity.report.reads.building import Prepared
from comity.report.reads.kept import draft
from comity.report.rules.figures import plain
from comity.report.rules.figures.council import speaks_itself
from comity.report.rules.figures.query import within
from comity.report.types.figures import DutyFact, Figure, Scope

DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that another telling gave otherwise."""

    figure: Figure
    was: float | int | None


@dataclass(frozen=True, slots=True)
class Silent:
    """A Member State of which nothing of its own is on record for the year."""

    country: str
    focal_points: int
    asked: m.Asked | None


@dataclass(frozen=True, slots=True)
class Desk:
    silent: tuple[Silent, ...]
    asked: tuple[tuple[m.Asked, bool], ...]  # the newest letter to each State; has it told since?
    members: int
    unsettled: tuple[DutyFact, ...]
    failing: tuple[Figure, ...]
    unreported: tuple[Figure, ...]
    stale: tuple[Figure, ...]  # of an earlier year than the one reported on
    untranslated: tuple[str, ...]  # languages in which the Resolution is not held
    since_yesterday: tuple[Change, ...]
    since_last_report: tuple[Change, ...]
    comments: tuple[m.Comment, ...]


def desk(prepared: Prepared, now: dt.datetime) -> Desk:
    """All of it. Counts the year a second time, as it stood a day ago."""
    scope, ground = prepared.scope, prepared.ground
    quiet = silent(prepared, now)
    still = {row.country for row in quiet}
    return Desk(
        quiet,
        tuple((row, code not in still) for code, row in sorted(_asked(scope.year).items())),
        len(ground.facts.members),
        tuple(d for d in ground.facts.duties if not _settled(d, scope)),
        tuple(f for f in prepared.figures if f.failed),
        tuple(f for f in prepared.figures if f.value is None and not f.failed and not f.few),
        tuple(f for f in prepared.figures if f.value and f.as_of[:4] < str(scope.year)),
        tuple(code for code in LANGUAGES if loading.paragraphs(code)[0] != code),
        _yesterday(prepared, now),
        _changes(prepared, prepared.last),
        tuple(m.Comment.objects.filter(year=scope.year)),
    )


def _settled(duty: DutyFact, scope: Scope) -> bool:
    stand = duty.on(scope.cutoff)
    return stand is not None and stand.status != "no indication"


def _asked(year: int) -> dict[str, m.Asked]:
    """The newest letter to each State on this year."""
    return {row.country: row for row in m.Asked.objects.filter(year=year).order_by("made")}


def silent(prepared: Prepared, now: dt.datetime) -> tuple[Silent, ...]:
    """The Member States of which nothing of their own is on record for the year."""
    ground, scope = prepared.ground, prepared.scope
    spoken = {
        code
        for entry in ground.entries
        if within(entry, scope) and speaks_itself(entry.told)
        for code in entry.told.values("country")
    }
    codes = ground.facts.members - spoken
    asked = _asked(scope.year)
    persons: dict[str, int] = {}
    for person in holders_of(Role.FOCAL_POINT, now.date()):
        for code in person.countries:
            persons[code] = persons.get(code, 0) + 1
    return tuple(Silent(code, persons.get(code, 0), asked.get(code)) for code in sorted(codes))


def _yesterday(prepared: Prepared, now: dt.datetime) -> tuple[Change, ...]:
    scope = prepared.scope
    if scope.cutoff <= now - DAY:
        return ()  # nothing was recorded since
    before = draft(Scope(scope.year, now - DAY, scope.today))
    return _changes(prepared, {figure.id: plain(figure.value) for figure in before.figures})


def _changes(prepared: Prepared, other: Mapping[str, Any] | None) -> tuple[Change, ...]:
    if other is None:
        return ()
    return tuple(
        Change(figure, other[figure.id])
        for figure in prepared.figures
        if figure.id in other and other[figure.id] != plain(figure.value)
    )
