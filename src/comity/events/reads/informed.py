"""Teams that chose to be told of what others, nearer, answer for, and who may choose."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from comity.directory import reads as directory
from comity.directory.reads import TeamNamed
from comity.events import models as m
from comity.events.types.sources import EventsError
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.people.rules import may


@dataclass(frozen=True, slots=True)
class Choice:
    """A team, and since when it is told; None where it is not."""

    team: TeamNamed
    since: dt.datetime | None


def chosen() -> frozenset[UUID]:
    """Every team that is told. For routing alone."""
    return frozenset(m.Informed.objects.values_list("team", flat=True))


def may_choose(viewer: Viewer | None, team: TeamNamed) -> bool:
    if viewer is None:
        return True
    own = team.body is not None and team.body in viewer.bodies
    return may(viewer, "events.inform") and (own or may(viewer, "events.oversee"))


def team_called(code: str) -> TeamNamed:
    """Raises `EventsError`."""
    for team in directory.teams_named().values():
        if team.code == code:
            return team
    raise EventsError(
        gettext_noop("No team has this code"),
        "team",
        gettext_noop("The directory lists the teams with their codes."),
    )


def told_beside(viewer: Viewer | None, *sets: int) -> list[str]:
    """Codes of the teams that are told by these route sets: to themselves, and to who oversees the
    house."""
    rows = m.RouteSetRow.objects.filter(pk__in=sets)
    told = {UUID(team) for row in rows for team in row.informed}
    teams = (team for team in directory.teams_named().values() if team.id in told)
    whole = viewer is None or may(viewer, "events.oversee")
    return sorted(team.code for team in teams if whole or (viewer and team.body in viewer.bodies))


def choices(viewer: Viewer | None) -> list[Choice]:
    """Teams for which the viewer may choose: their own, told or not; for who oversees the house,
    all that are told."""
    since = dict(m.Informed.objects.values_list("team", "since"))
    found = [
        Choice(team, since.get(team.id))
        for team in directory.teams_named().values()
        if may_choose(viewer, team)
        and (team.id in since or (viewer is not None and team.body in viewer.bodies))
    ]
    return sorted(found, key=lambda choice: choice.team.code)
