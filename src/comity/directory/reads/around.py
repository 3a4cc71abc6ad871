"""What surrounds the teams: countries, communities, what is due for review."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.formats import ranges
from comity.directory.reads import members, networks
from comity.directory.reads.teams import NotHeld, TeamRow, Wanted, _with_kinds, narrowed
from comity.directory.rules import coverage as shares
from comity.directory.rules import freshness as ages
from comity.kit import countries
from comity.kit.errors import UnknownCountry
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings

# The Development Sector's regions, in the order of their codes; "" is no ITU Member State.
REGIONS = ("AFR", "AMS", "ARB", "ASP", "CIS", "EUR", "")


@dataclass(frozen=True, slots=True)
class CountryRow:
    """A country or territory with what the directory holds of it."""

    country: countries.Country
    teams: int
    national: tuple[m.Team, ...]
    freshness: t.Freshness
    communities: int


def all_countries(viewer: Viewer, *, today: dt.date) -> list[CountryRow]:
    """Every country and territory, by region of the ITU: five queries."""
    seen = visible_handlings(viewer)
    counts = Counter(m.Team.objects.exclude(country="").values_list("country", flat=True))
    national = m.Value.objects.filter(
        field="kind", value=t.TeamKind.NATIONAL, ended=None, handling__in=seen
    )
    mine: dict[str, list[m.Team]] = defaultdict(list)
    for team in m.Team.objects.filter(pk__in=national.values("team")).order_by("name"):
        mine[team.country].append(team)
    standing = m.Contact.objects.filter(ended=None, handling__in=seen, verified_on__isnull=False)
    tested = dict(
        standing.order_by().values_list("team__country").annotate(last=Max("verified_on"))
    )
    standing_members = m.CommunityMember.objects.filter(ended=None, until="", handling__in=seen)
    joined = dict(
        standing_members.exclude(country="")
        .order_by()
        .values_list("country")
        .annotate(n=Count("community", distinct=True))
    )
    return [
        CountryRow(
            country,
            counts.get(country.iso2, 0),
            tuple(mine.get(country.iso2, ())),
            ages.freshness(tested.get(country.iso2), today),
            joined.get(country.iso2, 0),
        )
        for country in countries.all_countries()
    ]


@dataclass(frozen=True, slots=True)
class CountryPage:
    """What the directory holds of one country: for the profile that another room draws."""

    country: countries.Country
    teams: tuple[TeamRow, ...]
    answering: tuple[m.Team, ...]  # teams that say they answer where nobody nearer does
    memberships: tuple[m.CommunityMember, ...]
    phases: tuple[m.Value, ...]  # what is said of how far its national CIRT is
    bodies: tuple[m.BodyFace, ...]


def country(viewer: Viewer, code: str, *, today: dt.date) -> CountryPage:
    """Raises `NotHeld` for a code that no country or territory has."""
    try:
        found = countries.by_code(code)
    except UnknownCountry as error:
        raise NotHeld(str(error)) from error
    seen = visible_handlings(viewer)
    rows = narrowed(viewer, Wanted(country=found.iso2), today).order_by("name", "code")
    teams = tuple(_with_kinds(viewer, list(rows[:200]), today))
    answering = m.Holding.objects.filter(
        kind=t.HoldingKind.COUNTRY, value=found.iso2, ended=None, handling__in=seen
    )
    joined = m.CommunityMember.objects.filter(
        Q(country=found.iso2) | Q(team__country=found.iso2),
        ended=None,
        until="",
        handling__in=seen,
    ).select_related("community", "team")
    phases = m.Value.objects.filter(
        team__country=found.iso2, field="itu_phase", ended=None, handling__in=seen
    ).select_related("team")
    faces = m.BodyFace.objects.filter(
        body__country=found.iso2, ended=None, handling__in=seen
    ).select_related("body")
    return CountryPage(
        found,
        teams,
        tuple(m.Team.objects.filter(pk__in=answering.values("team")).order_by("name")),
        tuple(joined.order_by("community__name", "pk")),
        tuple(phases),
        tuple(faces.order_by("body__name", "pk")),
    )


def counts(viewer: Viewer) -> tuple[int, int]:
    """Teams, and countries that have a national one."""
    national = m.Value.objects.filter(
        field="kind",
        value=t.TeamKind.NATIONAL,
        ended=None,
        handling__in=visible_handlings(viewer),
    )
    served = m.Team.objects.filter(pk__in=national.values("team")).exclude(country="")
    return m.Team.objects.count(), served.values("country").distinct().count()


def national_teams(viewer: Viewer | None, at: dt.datetime) -> dict[str, tuple[str, ...]]:
    """The codes of the national teams of each country, as this house held them at a moment. No
    viewer is the gateway itself."""
    national = m.Value.objects.filter(
        Q(ended=None) | Q(ended__gt=at),
        field="kind",
        value=t.TeamKind.NATIONAL,
        began__lte=at,
    )
    if viewer is not None:
        national = national.filter(handling__in=visible_handlings(viewer))
    rows = m.Team.objects.filter(pk__in=national.values("team")).exclude(country="")
    found: dict[str, list[str]] = defaultdict(list)
    for country, code in rows.order_by("country", "code").values_list("country", "code"):
        found[country].append(code)
    return {country: tuple(codes) for country, codes in found.items()}


def names_of(viewer: Viewer, codes: Sequence[str]) -> dict[str, str]:
    """The names of teams by their codes; names are public."""
    rows = m.Team.objects.filter(code__in=codes)
    return dict(rows.values_list("code", "name"))


def newest_national(viewer: Viewer) -> dt.datetime | None:
    """When what is said of which teams are national was last begun or ended."""
    rows = m.Value.objects.filter(
        field="kind", value=t.TeamKind.NATIONAL, handling__in=visible_handlings(viewer)
    )
    moments = rows.aggregate(began=Max("began"), ended=Max("ended")).values()
    return max((moment for moment in moments if moment), default=None)


# --- communities --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommunityRow:
    community: m.Community
    countries: int
    teams: int


def communities(viewer: Viewer) -> list[CommunityRow]:
    """Every community with the members held here that the viewer may see."""
    seen = visible_handlings(viewer)
    standing = Q(members__ended=None, members__until="", members__handling__in=seen)
    counted = Count("members__country", filter=standing & ~Q(members__country=""), distinct=True)
    rows = m.Community.objects.annotate(countries=counted)
    told = members.told_by_teams(seen)
    listed = defaultdict(set)
    for community, team in m.CommunityMember.objects.filter(
        team__isnull=False, ended=None, until="", handling__in=seen
    ).values_list("community", "team"):
        listed[community].add(team)
    return [
        CommunityRow(row, row.countries, len(listed[row.pk] | members.teams_in(told, row)))
        for row in rows.order_by("name")
    ]


@dataclass(frozen=True, slots=True)
class CommunityPage:
    community: m.Community
    members: tuple[m.CommunityMember, ...]
    past: int
    told: tuple[m.Value, ...]  # what is said of teams themselves: that they are in it

    @property
    def count(self) -> int:
        return len(self.members) + len(self.told)


def community(viewer: Viewer, code: str) -> CommunityPage:
    found = m.Community.objects.filter(code=code).first()
    if found is None:
        raise NotHeld(f"No community {code!r}.")
    seen = visible_handlings(viewer)
    rows = found.members.filter(ended=None, handling__in=seen)
    listed = list(rows.select_related("team").order_by("country", "team__name", "pk"))
    now = tuple(row for row in listed if not row.until)
    told = tuple(members.of_community(members.told_by_teams(seen), found))
    return CommunityPage(found, now, len(listed) - len(now), told)


# --- review calendar and coverage ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DueRow:
    """A team whose words are due to be looked at."""

    team: m.Team
    due: dt.date | None  # None: never reviewed
    verified_on: dt.date | None
    freshness: t.Freshness
    waiting: int = 0  # keys that wait for a second person
    unanswered: int = 0  # contact tests without an answer


def calendar(
    viewer: Viewer, *, today: dt.date, teams: Sequence[m.Team] | None = None
) -> list[DueRow]:
    """What is due, the most pressing first: of all teams, or of the given ones."""
    rows = narrowed(viewer, Wanted(), today)
    rows = (
        rows.filter(sample=False)
        if teams is None
        else rows.filter(pk__in=[team.pk for team in teams])
    )
    seen = visible_handlings(viewer)
    keys = m.TeamKey.objects.filter(waits=True, ended=None, handling__in=seen)
    waiting = dict(keys.order_by().values_list("team").annotate(n=Count("id")))
    tests = m.ContactTest.objects.filter(
        answered=None, contact__ended=None, contact__handling__in=seen
    )
    silent = dict(tests.order_by().values_list("contact__team").annotate(n=Count("id")))
    made = [
        DueRow(
            row,
            row.review_due,
            row.verified_on,
            ages.freshness(row.verified_on, today),
            waiting.get(row.pk, 0),
            silent.get(row.pk, 0),
        )
        for row in rows
    ]
    return sorted(made, key=lambda row: (row.due or dt.date.min, row.team.name, row.team.code))


@dataclass(frozen=True, slots=True)
class CoveragePage:
    """What share of a country's addresses somebody answers for, by the table that was loaded."""

    country: countries.Country
    table: m.NetworkTable | None
    found: shares.Coverage | None = None  # by the codes of teams


def coverage(viewer: Viewer, code: str) -> CoveragePage:
    """By prefixes and AS numbers; that somebody answers for the whole country does not count.

    Raises `NotHeld` for a code that no country has.
    """
    try:
        found = countries.by_code(code)
    except UnknownCountry as error:
        raise NotHeld(str(error)) from error
    row = networks.newest()
    held = networks.table(row)
    if row is None or held is None:
        return CoveragePage(found, None)
    rows = m.Holding.objects.filter(
        kind__in=(t.HoldingKind.PREFIX, t.HoldingKind.ASN),
        ended=None,
        handling__in=visible_handlings(viewer),
    )
    claims: dict[str, list[t.AddressRange]] = defaultdict(list)
    for team, kind, value in rows.values_list("team__code", "kind", "value").distinct():
        claims[team].extend(networks.claim(held, kind, value))
    return CoveragePage(found, row, shares.coverage(ranges.ranges_of(held, found.iso2), claims))
