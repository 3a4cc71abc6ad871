"""All that the page of one team shows to one viewer: values, contacts, keys, constituency, changes."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.reads.answers import Reached, reach
from comity.directory.reads.teams import key_of, team
from comity.directory.rules import freshness as ages
from comity.directory.rules import keys
from comity.directory.rules.freshness import Review, Subject
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings

SHOWN = 50  # pieces of a constituency of one kind; then "and n more"
CHANGES = 12
_EXCLUSIVE = (t.HoldingKind.PREFIX, t.HoldingKind.DOMAIN, t.HoldingKind.ASN)


@dataclass(frozen=True, slots=True)
class HoldingGroup:
    """Pieces of one kind by one speaker: what is shown, and how many more the viewer may see."""

    kind: t.HoldingKind
    rows: tuple[m.Holding, ...]
    more: int
    said: Saying


@dataclass(frozen=True, slots=True)
class KeyRow:
    row: m.TeamKey
    state: t.KeyState


@dataclass(frozen=True, slots=True)
class Checked:
    """When one kind of contact last answered."""

    kind: t.ContactKind
    verified_on: dt.date | None
    freshness: t.Freshness


@dataclass(frozen=True, slots=True)
class Event:
    """What changed, and who said so: counts, so that a load of 300 networks is one line."""

    moment: dt.datetime
    part: str  # "values", "contacts", "keys", "holdings", "tests"
    what: str  # field, purpose, kind
    began: int
    ended: int
    said: Saying


@dataclass(frozen=True, slots=True)
class Profile:
    team: m.Team
    values: dict[str, list[m.Value]]
    reached: Reached
    keys: tuple[KeyRow, ...]
    holdings: tuple[HoldingGroup, ...]
    contested: dict[tuple[str, str], list[m.Team]]
    checked: tuple[Checked, ...]
    reviews: tuple[Review, ...]
    memberships: tuple[m.CommunityMember, ...]
    events: tuple[Event, ...]

    def first(self, field: str) -> Any:
        """The value of a field by the speaker who is shown first, or ""."""
        rows = self.values.get(field)
        return rows[0].value if rows else ""

    @property
    def kinds(self) -> list[str]:
        return list(dict.fromkeys(str(row.value) for row in self.values.get("kind", ())))


def profile(viewer: Viewer, code: str, *, now: dt.datetime) -> Profile:
    """The page of a team. The number of queries does not grow with what is said of it."""
    found = team(viewer, code)
    seen = visible_handlings(viewer)
    today = now.date()
    everything: dict[str, list[Any]] = {}
    for part, model in (("values", m.Value), ("contacts", m.Contact), ("keys", m.TeamKey)):
        rows = model._default_manager.filter(team=found, handling__in=seen)
        everything[part] = sorted(
            rows.select_related("handling"), key=lambda row: (row.precedence, row.pk)
        )
    values: dict[str, list[m.Value]] = defaultdict(list)
    for row in everything["values"]:
        if row.ended is None:
            values[row.field].append(row)
    contacts = [row for row in everything["contacts"] if row.ended is None]
    plain = {field: [row.value for row in rows] for field, rows in values.items()}
    groups = _holdings(found, seen)
    current = _keys([row for row in everything["keys"] if row.ended is None or row.replaced], today)
    return Profile(
        team=found,
        values=dict(values),
        reached=reach(contacts, plain, now),
        keys=current,
        holdings=groups,
        contested=_contested(found, groups, seen),
        checked=_checked(contacts, today),
        reviews=_reviews(found, contacts, current, today),
        memberships=_memberships(found, seen),
        events=_events(found, everything, seen),
    )


def _keys(rows: Sequence[m.TeamKey], today: dt.date) -> tuple[KeyRow, ...]:
    made = []
    for row in rows:
        by = "another" if row.replaced else None
        state = keys.state(key_of(row), today, replaced_by=by, confirmed=not row.waits)
        made.append(KeyRow(row, state))
    order = list(t.KeyState)
    return tuple(sorted(made, key=lambda key: (order.index(key.state), key.row.pk)))


def _holdings(team: m.Team, seen: Sequence[int]) -> tuple[HoldingGroup, ...]:
    mine = m.Holding.objects.filter(team=team, ended=None, handling__in=seen)
    counts = {
        (row["kind"], row["speaker"]): row["n"]
        for row in mine.order_by().values("kind", "speaker").annotate(n=Count("id"))
    }
    place = Window(RowNumber(), partition_by=[F("kind"), F("speaker")], order_by=F("id").asc())
    rows = mine.annotate(place=place).filter(place__lte=SHOWN).select_related("handling")
    grouped: dict[tuple[str, str], list[m.Holding]] = defaultdict(list)
    for row in rows:
        grouped[(row.kind, row.speaker)].append(row)
    order = [kind.value for kind in t.HoldingKind]
    made = [
        HoldingGroup(
            t.HoldingKind(kind),
            tuple(sorted(found, key=lambda row: row.pk)),
            counts[(kind, speaker)] - len(found),
            found[0].said,
        )
        for (kind, speaker), found in grouped.items()
    ]
    made.sort(key=lambda group: (order.index(group.kind), group.rows[0].precedence))
    return tuple(made)


def _contested(
    team: m.Team, groups: Sequence[HoldingGroup], seen: Sequence[int]
) -> dict[tuple[str, str], list[m.Team]]:
    """Pieces shown that another team claims too. A country has several teams by right."""
    which = Q()
    for kind in _EXCLUSIVE:
        spelled = [row.value for group in groups if group.kind is kind for row in group.rows]
        if spelled:
            which |= Q(kind=kind, value__in=spelled)
    if not which:
        return {}
    others = m.Holding.objects.filter(which, ended=None, handling__in=seen).exclude(team=team)
    found: dict[tuple[str, str], list[m.Team]] = defaultdict(list)
    for row in others.select_related("team").order_by("team__name"):
        claimants = found[(row.kind, row.value)]
        if row.team not in claimants:
            claimants.append(row.team)
    return dict(found)


def _checked(contacts: Sequence[m.Contact], today: dt.date) -> tuple[Checked, ...]:
    made = []
    for kind in t.ContactKind:
        days = [row.verified_on for row in contacts if row.kind == kind]
        if days:
            last = max((day for day in days if day), default=None)
            made.append(Checked(kind, last, ages.freshness(last, today)))
    return tuple(made)


def _reviews(
    team: m.Team, contacts: Sequence[m.Contact], held: Sequence[KeyRow], today: dt.date
) -> tuple[Review, ...]:
    tested = max((row.verified_on for row in contacts if row.verified_on), default=None)
    confirmed = [key.row.confirmed.date() for key in held if key.row.confirmed]
    return ages.calendar(
        {
            Subject.CONTACTS: tested,
            Subject.KEYS: max([*confirmed, *filter(None, [team.reviewed_on])], default=None),
            Subject.CONSTITUENCY: team.reviewed_on,
            Subject.REST: team.reviewed_on,
        },
        today,
    )


def _memberships(team: m.Team, seen: Sequence[int]) -> tuple[m.CommunityMember, ...]:
    rows = m.CommunityMember.objects.filter(
        Q(team=team), ended=None, until="", handling__in=seen
    ).select_related("community")
    return tuple(rows.order_by("community__name", "pk"))


def _events(
    team: m.Team, everything: dict[str, list[Any]], seen: Sequence[int]
) -> tuple[Event, ...]:
    """What changed, newest first: one line for each moment, part, field and speaker."""
    counted: Counter[tuple[dt.datetime, str, str, str, bool]] = Counter()
    sayings: dict[str, Saying] = {}
    for part, what in (("values", "field"), ("contacts", "purpose"), ("keys", "kind")):
        for row in everything[part]:
            sayings.setdefault(row.speaker, row.said)
            for moment, start in ((row.began, True), (row.ended, False)):
                if moment is not None:
                    counted[(moment, part, getattr(row, what), row.speaker, start)] += 1
    for start, column in ((True, "began"), (False, "ended")):
        rows = m.Holding.objects.filter(team=team, handling__in=seen)
        rows = rows.filter(**{f"{column}__isnull": False}).order_by()
        named = ("kind", "speaker", "voice", "said_by", column)
        for row in rows.values(*named).annotate(n=Count("id")).order_by(f"-{column}")[:CHANGES]:
            sayings.setdefault(row["speaker"], _plain(row))
            counted[(row[column], "holdings", row["kind"], row["speaker"], start)] += row["n"]
    made: dict[tuple[dt.datetime, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for (moment, part, what, speaker, start), n in counted.items():
        made[(moment, part, what, speaker)][0 if start else 1] += n
    events = [
        Event(moment, part, what, n[0], n[1], sayings[speaker])
        for (moment, part, what, speaker), n in made.items()
    ]
    events += _answered(team, seen)
    return tuple(sorted(events, key=lambda event: event.moment, reverse=True)[:CHANGES])


def _plain(row: dict[str, Any]) -> Saying:
    return Saying(Voice(row["voice"]), by=row["said_by"])


def _answered(team: m.Team, seen: Sequence[int]) -> list[Event]:
    tests = m.ContactTest.objects.filter(
        contact__team=team, contact__handling__in=seen, answered__isnull=False
    ).select_related("contact")
    return [
        Event(test.answered, "tests", test.contact.kind, 1, 0, Saying())
        for test in tests.order_by("-answered")[:CHANGES]
        if test.answered
    ]
