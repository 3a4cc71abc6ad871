"""What waits for a person in their own teams: keys and reviews.

A key that ran out unnoticed is found in an incident, when the first mail cannot be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from comity.directory.models import Team
from comity.kit.tlp import Label, Viewer
from comity.people.reads import actor_of, visible_handlings
from comity.people.rules import may

RUNS_OUT = dt.timedelta(days=30)
"""How long before its end a key is told of: a successor must be made, sent and confirmed."""


class TeamWhat(StrEnum):
    """Why a team waits for somebody."""

    KEY = "key"  # a new key waits for a second person
    ENDS = "ends"  # a key has run out, or does within a month
    TEAM = "team"  # nobody has looked at the record when it was due


@dataclass(frozen=True, slots=True)
class TeamTask:
    what: TeamWhat
    since: dt.datetime
    team: Team
    label: Label = Label.CLEAR
    key: int = 0  # its number in the directory's addresses


def team_tasks(viewer: Viewer, now: dt.datetime) -> Iterator[TeamTask]:
    """What waits for the viewer in the teams of their own bodies. Who adds a key does not confirm
    it, so it does not wait for them."""
    teams = list(Team.objects.filter(body__in=viewer.bodies).order_by("seq"))
    today, seen = now.astimezone(dt.UTC).date(), visible_handlings(viewer)
    for team in teams:
        keys = team.keys.filter(ended=None, revoked=None, replaced=False, handling__in=seen)
        for key in keys.select_related("handling").order_by("pk"):
            label = Label(key.handling.label)
            ends = min((e for e in (key.expires, key.encrypts_until) if e), default=None)
            if key.waits:
                if may(viewer, "directory.confirm") and key.added_by != actor_of(viewer):
                    yield TeamTask(TeamWhat.KEY, key.began, team, label, key.pk)
            elif ends and ends - RUNS_OUT <= today and may(viewer, "directory.edit"):
                yield TeamTask(TeamWhat.ENDS, _morning(ends - RUNS_OUT), team, label, key.pk)
        due = team.review_due
        if due and due <= today and may(viewer, "directory.edit"):
            yield TeamTask(TeamWhat.TEAM, _morning(due), team)


def _morning(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), dt.UTC)
