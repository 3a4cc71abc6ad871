"""All that the page of one team shows one viewer: values, contacts, keys, constituency, changes."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Window
from django.db.models.functions import RowNumber

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.reads.answers import Reached, reach
from comity.directory.reads.members import communities_called
from comity.directory.reads.teams import key_of, team
from comity.directory.rules import freshness as ages
from comity.directory.rules import keys
from comity.directory.rules.freshness import Review, Subject
from comity.kit.countries import folded
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.people.types import Role

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
    """What one speaker began and ended at one moment, as counts by part: a load of 300 networks is
    one line. Parts: "values", "contacts", "keys", "holdings"; "tests" for an answered test."""

    moment: dt.datetime
    speaker: str
    said: Saying
    began: dict[str, int]
    ended: dict[str, int]


@dataclass(frozen=True, slots=True)
class Membership:
    """That the team is in a community: one held here, or one only named."""

    name: str
    level: str
    since: str
    community: m.Community | None
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
    memberships: tuple[Membership, ...]
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
    if not _settles(viewer, found):  # a key that nobody confirmed is nobody else's business
        everything["keys"] = [row for row in everything["keys"] if not row.waits]
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
        memberships=_memberships(found, values["membership"], seen),
        events=_events(found, everything, seen),
    )


def _settles(viewer: Viewer, team: m.Team) -> bool:
    """Whether the viewer is of the team, or of the secretariat: who compare and confirm keys."""
    return team.body_id in viewer.bodies or Role.SECRETARIAT in viewer.roles


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


def _memberships(
    team: m.Team, told: Sequence[m.Value], seen: Sequence[int]
) -> tuple[Membership, ...]:
    """What communities say of the team, and what is said of the team itself."""
    rows = m.CommunityMember.objects.filter(
        Q(team=team), ended=None, until="", handling__in=seen
    ).select_related("community")
    made = [
        Membership(row.community.name, row.level, row.since, row.community, row.said)
        for row in rows.order_by("community__name", "pk")
    ]
    named = communities_called([str(value.value.get("community", "")) for value in told])
    for value in told:
        name = str(value.value.get("community", ""))
        level, since = (str(value.value.get(part, "")) for part in ("level", "since"))
        made.append(Membership(name, level, since, named.get(folded(name)), value.said))
    return tuple(made)


def _events(
    team: m.Team, everything: dict[str, list[Any]], seen: Sequence[int]
) -> tuple[Event, ...]:
    """What changed, newest first: one line for each moment and speaker."""
    made: dict[tuple[dt.datetime, str], Event] = {}

    def count(row: dict[str, Any], column: str, part: str, n: int) -> None:
        moment, speaker = row[column], row["speaker"]
        said = Saying(Voice(row["voice"]), by=row["said_by"])
        event = made.setdefault((moment, speaker), Event(moment, speaker, said, {}, {}))
        counts = event.began if column == "began" else event.ended
        counts[part] = counts.get(part, 0) + n

    for part, rows in everything.items():
        for row in rows:
            for column in ("began", "ended"):
                if getattr(row, column) is not None:
                    count(vars(row), column, part, 1)
    for column in ("began", "ended"):
        holdings = m.Holding.objects.filter(team=team, handling__in=seen)
        holdings = holdings.filter(**{f"{column}__isnull": False}).order_by()
        named = holdings.values("speaker", "voice", "said_by", column).annotate(n=Count("id"))
        for found in named.order_by(f"-{column}")[:CHANGES]:
            count(found, column, "holdings", found["n"])
    tests = m.ContactTest.objects.filter(
        contact__team=team, contact__handling__in=seen, answered__isnull=False
    )
    for test in tests.order_by("-answered")[:CHANGES]:
        if test.answered:
            made[(test.answered, "")] = Event(test.answered, "", Saying(), {"tests": 1}, {})
    return tuple(sorted(made.values(), key=lambda event: event.moment, reverse=True)[:CHANGES])
