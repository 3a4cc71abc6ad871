"""Whom do I call? The teams that answer for an address, a network, an AS number, a domain or a
country, nearest first, each with the rule that chose it and never with its whole constituency.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Q

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.reads import networks
from comity.directory.rules import constituency
from comity.directory.rules import freshness as ages
from comity.kit.sayings import Saying
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings

MOST = 8  # answers shown; nobody calls more in one incident
_FIELDS = ("time_zone", "hours", "language", "kind", "website")

# Whom somebody with an incident reaches for first, and how.
PURPOSES = (
    t.ContactPurpose.INCIDENT,
    t.ContactPurpose.EMERGENCY,
    t.ContactPurpose.GENERAL,
    t.ContactPurpose.ABUSE,
    t.ContactPurpose.VULNERABILITY,
    t.ContactPurpose.AUTOMATED,
    t.ContactPurpose.PRESS,
)
KINDS = (
    t.ContactKind.PHONE,
    t.ContactKind.EMAIL,
    t.ContactKind.WEB,
    t.ContactKind.FAX,
    t.ContactKind.POST,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """How a team is reached now: contacts best first, the hour there, the last answer."""

    contacts: tuple[m.Contact, ...]
    local: dt.datetime | None
    zone: str
    hours: str
    languages: tuple[str, ...]
    website: str
    verified_on: dt.date | None
    freshness: t.Freshness

    @property
    def phone(self) -> m.Contact | None:
        return next((row for row in self.contacts if row.kind == t.ContactKind.PHONE), None)


@dataclass(frozen=True, slots=True)
class Responsible:
    """One team that answers, why it does, and how it is reached."""

    answer: t.Answer
    team: m.Team
    said: Saying  # who says that this is theirs
    via: str  # "", "asn" or "country": what the table of networks said of the address
    kinds: tuple[str, ...]
    reached: Reached


@dataclass(frozen=True, slots=True)
class Answers:
    question: t.Question
    rows: tuple[Responsible, ...]
    table: m.NetworkTable | None  # asked for the AS number and the country
    # Where no team has a contact that the viewer may see: who may pass a message on.
    through: tuple[m.Community, ...] = ()


def responsible(viewer: Viewer, text: str, *, now: dt.datetime) -> Answers:
    """Who answers for what somebody typed. Raises DirectoryError where it cannot be understood."""
    question = constituency.understand(text)
    asns, country, table = _origin(question)
    seen = visible_handlings(viewer)
    claims = _claims(constituency.candidates(question, asns, country), seen)
    found = [
        t.Found(t.HoldingKind(row.kind), row.value, row.team_id, row.team.code) for row in claims
    ]
    answers = constituency.choose(question, found, asns, country)[:MOST]
    by_place = {(row.kind, row.value, row.team_id): row for row in claims}
    own = {(kind, value) for kind, value in constituency.candidates(question)}
    chosen = [by_place[(a.rule.value, a.matched, a.team)] for a in answers]
    reached = _reached([row.team for row in chosen], seen, now)
    made = []
    for answer, row in zip(answers, chosen, strict=True):
        how, kinds = reached[row.team_id]
        via = "" if (answer.rule, answer.matched) in own else answer.rule.value
        made.append(Responsible(answer, row.team, row.said, via, kinds, how))
    through: tuple[m.Community, ...] = ()
    if not any(row.reached.contacts for row in made):
        through = _through(_country(question, country, made), seen)
    return Answers(question, tuple(made), table, through)


def _country(question: t.Question, origin: str, made: Sequence[Responsible]) -> str:
    """Whose country it is about: what was asked, whose team answers, or where it is registered."""
    if question.kind is t.HoldingKind.COUNTRY:
        return question.value
    return made[0].team.country if made else origin


def _through(country: str, seen: Sequence[int]) -> tuple[m.Community, ...]:
    """Communities in which the country, or a team of it, is."""
    if not country:
        return ()
    members = m.CommunityMember.objects.filter(
        Q(country=country) | Q(team__country=country), ended=None, until="", handling__in=seen
    )
    found = m.Community.objects.filter(pk__in=members.values("community"))
    return tuple(found.order_by("name")[:MOST])


def _origin(question: t.Question) -> tuple[tuple[str, ...], str, m.NetworkTable | None]:
    """AS numbers and country that the loaded table gives for an address or an AS number."""
    if question.special or question.kind not in (t.HoldingKind.PREFIX, t.HoldingKind.ASN):
        return (), "", None
    row = networks.newest()
    held = networks.table(row)
    if row is None or held is None:
        return (), "", None
    asns, country = networks.origin(held, question)
    return asns, country, row


def _claims(wanted: Iterable[tuple[t.HoldingKind, str]], seen: Sequence[int]) -> list[m.Holding]:
    """The pieces of constituencies that are equal to a candidate. One query a kind, at most three:
    asked for together, SQLite walks the whole index instead of looking each value up."""
    values: dict[str, list[str]] = defaultdict(list)
    for kind, value in wanted:
        values[kind.value].append(value)
    standing = m.Holding.objects.filter(ended=None, handling__in=seen).select_related("team")
    rows = [
        row
        for kind_value, spelled in values.items()
        for row in standing.filter(kind=kind_value, value__in=spelled)
    ]
    # Where several speak for one team the first by precedence stands beside the answer.
    return sorted(rows, key=lambda row: (-row.precedence, -row.pk))


def _reached(
    teams: Sequence[m.Team], seen: Sequence[int], now: dt.datetime
) -> dict[UUID, tuple[Reached, tuple[str, ...]]]:
    contacts: dict[UUID, list[m.Contact]] = defaultdict(list)
    rows = m.Contact.objects.filter(team__in=teams, ended=None, handling__in=seen)
    for row in rows.select_related("handling"):
        contacts[row.team_id].append(row)
    values: dict[UUID, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    said = m.Value.objects.filter(team__in=teams, field__in=_FIELDS, ended=None, handling__in=seen)
    for value in sorted(said, key=lambda row: (row.precedence, row.pk)):
        if value.value not in values[value.team_id][value.field]:
            values[value.team_id][value.field].append(value.value)
    return {
        team.pk: (
            reach(contacts[team.pk], values[team.pk], now),
            tuple(str(kind) for kind in values[team.pk]["kind"]),
        )
        for team in teams
    }


def reach(contacts: Iterable[m.Contact], values: dict[str, list[Any]], now: dt.datetime) -> Reached:
    """How to reach a team, from rows the viewer may see and values in order of precedence."""
    best = best_first(contacts)
    zones, hours, sites = (values.get(name) or [""] for name in ("time_zone", "hours", "website"))
    tested = max((row.verified_on for row in best if row.verified_on), default=None)
    return Reached(
        contacts=best,
        local=local_time(str(zones[0]), now),
        zone=str(zones[0]),
        hours=str(hours[0]) or next((row.hours for row in best if row.hours), ""),
        languages=tuple(str(code) for code in values.get("language") or ()),
        website=str(sites[0]),
        verified_on=tested,
        freshness=ages.freshness(tested, now.date()),
    )


def best_first(contacts: Iterable[m.Contact]) -> tuple[m.Contact, ...]:
    """Incident before emergency before the rest; one row a value, by the first speaker."""
    kept: dict[tuple[str, str, str], m.Contact] = {}
    for row in sorted(contacts, key=lambda row: (row.precedence, row.pk)):
        kept.setdefault((row.purpose, row.kind, row.value), row)
    purposes = {purpose.value: place for place, purpose in enumerate(PURPOSES)}
    kinds = {kind.value: place for place, kind in enumerate(KINDS)}
    return tuple(
        sorted(
            kept.values(),
            key=lambda row: (purposes[row.purpose], kinds[row.kind], row.precedence, row.value),
        )
    )


def local_time(zone: str, now: dt.datetime) -> dt.datetime | None:
    """The hour in a zone; None where none is said or nobody knows it."""
    if not zone:
        return None
    try:
        return now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
