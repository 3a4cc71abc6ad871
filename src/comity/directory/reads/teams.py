"""Teams as a viewer may see them: one, a list, and as typed records for the formats."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.reads import members
from comity.directory.rules import freshness as ages
from comity.kit import countries, paging
from comity.kit.tlp import Label, Viewer
from comity.people.reads import visible_handlings

REVIEW_EVERY = dt.timedelta(days=365)
PAGE = 40  # rows of a page


class NotHeld(Exception):
    """What was asked for is not here, or not for this viewer: nobody is told which."""


def team(viewer: Viewer, code: str) -> m.Team:
    """A team by its code. That a team exists is public."""
    found = m.Team.objects.select_related("body").filter(code=code).first()
    if found is None:
        raise NotHeld(f"No team {code!r}. `comity directory teams` lists all.")
    return found


def teams_called(codes: Iterable[str]) -> list[m.Team]:
    """The teams with these codes. That a team exists is public."""
    return list(m.Team.objects.filter(code__in=list(codes)))


def team_of(viewer: Viewer) -> m.Team | None:
    """The team of a body the viewer belongs to."""
    mine = m.Team.objects.select_related("body").filter(body__in=viewer.bodies)
    return mine.order_by("seq").first() if viewer.bodies else None


# --- as records ---------------------------------------------------------------------------


def contact_of(row: m.Contact) -> t.Contact:
    return t.Contact(
        t.ContactPurpose(row.purpose),
        t.ContactKind(row.kind),
        row.value,
        Label(row.handling.label),
        row.hours,
        row.note,
        row.consent,
        row.said,
    )


def key_of(row: m.TeamKey) -> t.TeamKey:
    return t.TeamKey(
        kind=t.KeyKind(row.kind),
        fingerprint=row.fingerprint,
        text=row.text,
        algorithm=row.algorithm,
        bits=row.bits,
        user_ids=tuple(row.user_ids),
        created=row.created,
        expires=row.expires,
        revoked=row.revoked,
        encrypts_until=row.encrypts_until,
        faults=tuple(row.faults),
        label=Label(row.handling.label),
        purpose=row.purpose,
        said=row.said,
    )


def value_of(row: m.Value) -> t.Value:
    return t.Value(row.field, row.value, Label(row.handling.label), row.said)


def holding_of(row: m.Holding) -> t.Holding:
    return t.Holding(t.HoldingKind(row.kind), row.value, Label(row.handling.label), row.said)


_PARTS: dict[str, tuple[type[Any], Any]] = {
    "values": (m.Value, value_of),
    "contacts": (m.Contact, contact_of),
    "keys": (m.TeamKey, key_of),
    "holdings": (m.Holding, holding_of),
}


def records(
    viewer: Viewer,
    teams: Sequence[m.Team],
    *,
    speaker: str = "",
    visible: Collection[int] | None = None,
) -> list[t.TeamRecord]:
    """Teams as records: everything that stands and that the viewer may see, five queries in all.

    `speaker`: only the words of one. A key that waits for its confirmation is not told as theirs.
    """
    seen = visible_handlings(viewer) if visible is None else visible
    found: dict[str, dict[UUID, list[Any]]] = {}
    for part, (model, typed) in _PARTS.items():
        rows = model.objects.filter(team__in=teams, ended=None, handling__in=seen)
        if speaker:
            rows = rows.filter(speaker=speaker)
        if model is m.TeamKey:
            rows = rows.filter(waits=False)
        mine: dict[UUID, list[Any]] = defaultdict(list)
        for row in sorted(rows.select_related("handling"), key=lambda r: (r.precedence, r.pk)):
            mine[row.team_id].append(typed(row))
        found[part] = mine
    return [
        t.TeamRecord(
            team.code,
            team.name,
            team.country,
            dict(team.same_as),
            **{part: tuple(found[part].get(team.pk, ())) for part in _PARTS},
        )
        for team in teams
    ]


def record(viewer: Viewer, team: m.Team, *, speaker: str = "") -> t.TeamRecord:
    return records(viewer, [team], speaker=speaker)[0]


def own_keys(team: m.Team, speaker: str, visible: Collection[int]) -> tuple[t.TeamKey, ...]:
    """The keys that a speaker says now, waiting ones too: an edit of the rest leaves them be."""
    rows = team.keys.filter(speaker=speaker, ended=None, handling__in=visible)
    return tuple(key_of(row) for row in rows.select_related("handling").order_by("pk"))


def renamed(record: t.TeamRecord, code: str) -> t.TeamRecord:
    """The record under the code its team has here."""
    return record if record.code == code else replace(record, code=code)


# --- lists --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty means all."""

    q: str = ""
    country: str = ""
    kind: str = ""
    region: str = ""  # of the ITU's Development Sector: AFR, AMS, ARB, ASP, CIS, EUR
    community: str = ""
    freshness: str = ""

    @property
    def any(self) -> bool:
        return any((self.q, self.country, self.kind, self.region, self.community, self.freshness))


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team in a list."""

    team: m.Team
    kinds: tuple[str, ...]
    verified_on: dt.date | None
    freshness: t.Freshness


def narrowed(viewer: Viewer, wanted: Wanted, today: dt.date) -> QuerySet[m.Team]:
    """The teams that fit, with `verified_on`: the last day a contact that one may see answered."""
    seen = visible_handlings(viewer)
    standing = Q(contacts__ended=None, contacts__handling__in=seen)
    rows = m.Team.objects.annotate(verified_on=Max("contacts__verified_on", filter=standing))
    if wanted.q:
        rows = rows.filter(Q(name__icontains=wanted.q) | Q(code__icontains=wanted.q))
    if wanted.country:
        rows = rows.filter(country=wanted.country.upper())
    if wanted.region:
        rows = rows.filter(country__in=countries_of(wanted.region))
    if wanted.kind:
        kinds = m.Value.objects.filter(
            field="kind", value=wanted.kind, ended=None, handling__in=seen
        )
        rows = rows.filter(pk__in=kinds.values("team"))
    if wanted.community:
        rows = rows.filter(pk__in=_members_of(wanted.community, seen))
    return _of_age(rows, wanted.freshness, today)


def countries_of(region: str) -> list[str]:
    return [c.iso2 for c in countries.all_countries() if c.itu.region == region]


def _members_of(code: str, seen: Collection[int]) -> set[UUID]:
    """The teams that a community lists, and those of which it is said that they are in it."""
    community = m.Community.objects.filter(code=code).first()
    if community is None:
        return set()
    listed = community.members.filter(team__isnull=False, ended=None, until="", handling__in=seen)
    told = members.teams_in(members.told_by_teams(seen), community)
    return told | set(listed.values_list("team", flat=True))


def _of_age(rows: QuerySet[m.Team], wanted: str, today: dt.date) -> QuerySet[m.Team]:
    """`rules.freshness`, said in SQL; a test holds the two together."""
    fresh = today - dt.timedelta(days=ages.FRESH_DAYS)
    ageing = today - dt.timedelta(days=ages.AGEING_DAYS)
    tomorrow = today + dt.timedelta(days=1)
    known = {
        t.Freshness.FRESH: Q(verified_on__gte=fresh, verified_on__lte=tomorrow),
        t.Freshness.AGEING: Q(verified_on__lt=fresh, verified_on__gte=ageing),
        t.Freshness.STALE: Q(verified_on__lt=ageing),
        t.Freshness.NEVER: Q(verified_on=None) | Q(verified_on__gt=tomorrow),
    }
    return rows.filter(known[t.Freshness(wanted)]) if wanted in set(t.Freshness) else rows


@dataclass(frozen=True, slots=True)
class TeamList:
    rows: tuple[TeamRow, ...]
    total: int
    first: int
    before: str | None  # code behind which the page before begins; "" is the first page
    after: str | None


def page(
    viewer: Viewer, wanted: Wanted, today: dt.date, *, after: str = "", size: int = PAGE
) -> TeamList:
    """Teams by country and name, from behind the team with the code `after`."""
    rows = narrowed(viewer, wanted, today)
    total = rows.count()
    ordered = rows.order_by("country", "name", "code")
    past = 0
    before: str | None = None
    last = m.Team.objects.filter(code=after).first() if after else None
    if last is not None:
        behind = (
            Q(country__gt=last.country)
            | Q(country=last.country, name__gt=last.name)
            | Q(country=last.country, name=last.name, code__gt=last.code)
        )
        past = rows.exclude(behind).count()
        earlier = list(ordered.exclude(behind).reverse()[: size + 1].values_list("code", flat=True))
        before = earlier[size] if len(earlier) > size else ""
        ordered = ordered.filter(behind)
    shown = list(ordered[: size + 1])
    more = len(shown) > size
    cut = shown[:size]
    return TeamList(
        tuple(_with_kinds(viewer, cut, today)),
        total,
        past + 1 if cut else 0,
        before,
        cut[-1].code if more else None,
    )


def _with_kinds(viewer: Viewer, rows: Sequence[m.Team], today: dt.date) -> Iterable[TeamRow]:
    kinds: dict[UUID, list[str]] = defaultdict(list)
    found = m.Value.objects.filter(
        team__in=rows, field="kind", ended=None, handling__in=visible_handlings(viewer)
    )
    for value in sorted(found, key=lambda row: (row.precedence, row.pk)):
        if str(value.value) not in kinds[value.team_id]:
            kinds[value.team_id].append(str(value.value))
    for row in rows:
        tested: dt.date | None = row.verified_on  # type: ignore[attr-defined]
        yield TeamRow(row, tuple(kinds[row.pk]), tested, ages.freshness(tested, today))


def listed(
    viewer: Viewer,
    wanted: Wanted,
    today: dt.date,
    *,
    cursor: str | None = None,
    limit: int | None = None,
) -> paging.Page[TeamRow]:
    """The same for machines, by `seq`: whoever holds a cursor gets each team once."""
    question = [wanted.q, wanted.country, wanted.kind, wanted.region, wanted.community]
    question.append(wanted.freshness)
    size = paging.clamp_limit(limit)
    start = paging.decode_cursor(cursor, question) if cursor else 0
    rows = narrowed(viewer, wanted, today).filter(seq__gt=start).order_by("seq")[: size + 1]
    made = list(_with_kinds(viewer, list(rows), today))
    return paging.cut(made, size, lambda row: row.team.seq, question)
