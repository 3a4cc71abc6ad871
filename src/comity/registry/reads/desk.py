"""The request desk: which requests wait, how long, and one request with its history and matches.

Everything begins with the entries that the viewer may see, so every count is the viewer's own.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.people.rules import may
from comity.registry.models import Entry, Match, RequestStep
from comity.registry.reads.entries import FieldValues, NotHeld, entry, values_of
from comity.registry.reads.teams import held
from comity.registry.rules import requests
from comity.registry.rules.offering import OFFERED_KINDS
from comity.registry.rules.requests import Act, Band, Event, Party, State
from comity.registry.types import EntryState

CHOSEN = "chosen"
OPEN_STATES = tuple(state for state in State if state not in requests.CLOSED)

__all__ = [
    "CHOSEN",
    "OFFERED_KINDS",
    "OPEN_STATES",
    "Asked",
    "Desk",
    "Request",
    "desk",
    "events_of",
    "parties_of",
    "request",
    "request_entry",
    "seen_of",
    "situations",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the queue shows it."""

    entry: Entry
    state: State
    asked: dt.datetime  # the first asking, or the last where it was asked again
    age: int  # days
    band: Band
    waiting: dt.datetime | None  # since when the asking body waits for a word


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue, oldest first, and how many of each state are in each band of age."""

    rows: tuple[Asked, ...]
    counts: Mapping[State, Mapping[Band, int]]
    total: int
    unanswered: int

    def of_state(self, state: State) -> int:
        return sum(self.counts[state].values())


@dataclass(frozen=True, slots=True)
class Request:
    """One request as a party to it sees it."""

    asked: Asked
    values: tuple[FieldValues, ...]
    steps: tuple[RequestStep | Event, ...]  # newest first
    matches: tuple[Match, ...]  # those whose offer the viewer may see, newest first
    teams: Mapping[str, Any]  # those named, by code
    hidden_match: bool  # somebody is named whom the viewer may not see
    parties: frozenset[Party]
    acts: tuple[Act, ...]
    seen: int

    @property
    def entry(self) -> Entry:
        return self.asked.entry


# --- the queue ----------------------------------------------------------------------------


def desk(
    viewer: Viewer,
    *,
    now: dt.datetime,
    state: str = "",
    band: str = "",
    own: bool = False,
) -> Desk:
    """The requests that the viewer may see, oldest first; the counts are over all of these.

    `own` keeps those of the viewer's bodies. `state` "" shows what is not closed.
    """
    rows = Entry.objects.filter(kind="request", counted__in=visible_handlings(viewer))
    if own:
        rows = rows.filter(owner__in=viewer.bodies)
    entries = list(rows.select_related("handling", "owner").order_by("place"))
    events = events_of(entries)
    asked = [_asked(one, events[one.pk], now) for one in entries]
    counts = {each: requests.counted(a.age for a in asked if a.state is each) for each in State}
    shown = [
        row
        for row in asked
        if (row.state.value == state if state else row.state in OPEN_STATES)
        and (not band or row.band.value == band)
    ]
    shown.sort(key=lambda row: (row.asked, row.entry.pk))
    waiting = sum(row.waiting is not None for row in asked)
    return Desk(tuple(shown), counts, len(asked), waiting)


def _asked(one: Entry, events: Sequence[Event], now: dt.datetime) -> Asked:
    age = requests.age_days(events, now)
    began = next(e.at for e in reversed(events) if e.act in (Act.ASK, Act.ASK_AGAIN))
    return Asked(
        one,
        requests.state_of(events),
        began,
        age,
        requests.band(age),
        requests.unanswered_since(events),
    )


def events_of(entries: Iterable[Entry]) -> dict[int, list[Event]]:
    """The history of each request. One without steps was asked when it was entered."""
    rows = list(entries)
    found: dict[int, list[Event]] = defaultdict(list)
    for start in range(0, len(rows), 500):
        places = [row.pk for row in rows[start : start + 500]]
        for step in RequestStep.objects.filter(request__in=places).order_by("act"):
            found[step.request_id].append(_event(step))
    for row in rows:
        if not found[row.pk]:
            found[row.pk].append(Event(Act.ASK, Party.ASKING, row.created))
    return found


def _event(step: RequestStep) -> Event:
    return Event(Act(step.act_name), Party(step.party), step.at, step.reason)


def seen_of(one: Entry) -> int:
    """The number of the last step of a request, by which a form knows what its reader saw."""
    last = RequestStep.objects.filter(request=one).order_by("-act").first()
    return last.act if last else 0


# --- one request --------------------------------------------------------------------------


def request_entry(viewer: Viewer, key: str) -> Entry:
    """A request at the desk. Raises `NotHeld`; an entry that was withdrawn is not there."""
    one = entry(viewer, "request", key)
    if one.state == EntryState.WITHDRAWN:
        raise NotHeld(f"request/{key}")
    return one


def parties_of(viewer: Viewer, one: Entry) -> frozenset[Party]:
    """As whom the viewer may act on a request that they may see."""
    found = set()
    submits = may(viewer, "registry.submit")
    if submits and one.owner_id in viewer.bodies:
        found.add(Party.ASKING)
    if may(viewer, "registry.desk"):
        found.add(Party.SECRETARIAT)
    named = Match.objects.filter(request=one, state=CHOSEN)
    if submits and viewer.bodies and _is_named(viewer, named):
        found.add(Party.HELPER)
    return frozenset(found)


def _is_named(viewer: Viewer, named: QuerySet[Match]) -> bool:
    """Whether an offer of one of the viewer's bodies, or its team, is named."""
    if named.filter(offered__owner__in=viewer.bodies).exists():
        return True
    codes = list(named.exclude(team="").values_list("team", flat=True))
    return any(team.body_id in viewer.bodies for team in held(viewer, codes).values())


def request(viewer: Viewer, key: str, *, now: dt.datetime) -> Request:
    """One request with all that the viewer may see of it. Raises `NotHeld`."""
    one = request_entry(viewer, key)
    events = events_of([one])[one.pk]
    steps = list(RequestStep.objects.filter(request=one).order_by("-act"))
    visible = set(visible_handlings(viewer))
    every = Match.objects.filter(request=one).select_related("offered__handling", "offered__owner")
    matches = list(every.order_by("-act", "pk"))
    teams = held(viewer, {m.team for m in matches if m.team})
    shown = tuple(
        m
        for m in matches
        if (m.offered and m.offered.handling_id in visible) or (m.team and m.team in teams)
    )
    parties = parties_of(viewer, one)
    asked = _asked(one, events, now)
    return Request(
        asked,
        values_of(viewer, one),
        tuple(steps or events),
        shown,
        teams,
        any(m.state == CHOSEN for m in matches if m not in shown),
        parties,
        tuple(requests.acts_open_to(asked.state, parties)),
        steps[0].act if steps else 0,
    )


# --- situations ---------------------------------------------------------------------------


def situations(viewer: Viewer, limit: int = 50) -> list[Entry]:
    """What States declare of themselves, newest first, as far as the viewer may see it."""
    rows = Entry.objects.filter(kind="situation", counted__in=visible_handlings(viewer))
    return list(rows.select_related("handling", "owner").order_by("-place")[:limit])
