"""What surrounds the teams, for machines: countries, communities, bodies, services, what is due."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.api.answering import Answer, held, plain_errors, said, viewer
from comity.directory.rules.constituency import canonical_country
from comity.directory.rules.services import FRAMEWORK, framework
from comity.directory.rules.times import canonical_date
from comity.kit import countries as codes
from comity.kit.languages import LANGUAGES, gettext_noop
from comity.people.doors import once, who_may
from comity.people.types import Role

router = Router()


@router.get("/services", summary="Services that a team may name", operation_id="services")
def services(request: HttpRequest) -> Answer:
    """The services and functions of the framework, by code and official English name."""
    return {
        "framework": FRAMEWORK,
        "services": [
            {"code": row.code, "name": row.name, "part_of": row.part_of or None}
            for row in framework().values()
        ],
    }


def facts_of(country: codes.Country) -> Answer:
    """What the record of countries says of one; dates are as far as it knows them."""
    itu = country.itu
    groups: list[Answer] = []
    if country.ldc:
        groups.append({"group": "ldc", "until": country.ldc_until})
    groups += [{"group": key, "until": None} for key in ("lldc", "sids") if getattr(country, key)]
    return {
        "country": country.iso2,
        "iso3": country.iso3,
        "m49": country.m49,
        "names": {code: country.name(code) for code in LANGUAGES},
        "region": itu.region,
        "itu": {"status": itu.status.value, "since": itu.since, "until": itu.until},
        "groups": groups,
        "as_of": codes.RECORD_AS_OF,
    }


@router.get("/countries", summary="Countries and their national teams", operation_id="countries")
def countries(request: HttpRequest) -> list[Answer]:
    """The 249 of ISO 3166-1, with what each is in the ITU and in the lists of the UN."""
    return [country_row(row) for row in reads.all_countries(viewer(request), today=_today())]


def country_row(row: reads.CountryRow) -> Answer:
    return facts_of(row.country) | {
        "teams": row.teams,
        "national": [team.code for team in row.national],
        "freshness": row.freshness.value if row.teams else None,
    }


def _today() -> Any:
    return timezone.now().date()


@router.get("/countries/{code}", summary="A country", operation_id="directory_country")
@held
def country(request: HttpRequest, code: str) -> Answer:
    """What it is, and the teams, communities and bodies held of it."""
    page = reads.country(viewer(request), code, today=_today())
    answering = {team.pk for team in page.answering}
    return facts_of(page.country) | {
        "teams": [
            {
                "code": row.team.code,
                "name": row.team.name,
                "kinds": row.kinds,
                "answers_for_the_country": row.team.pk in answering,
                "last_tested": row.verified_on,
            }
            for row in page.teams
        ],
        "communities": sorted({row.community.code for row in page.memberships}),
        "phases": [{"phase": row.value, "said": said(row.said)} for row in page.phases],
        "bodies": [{"id": str(face.body_id), "name": face.body.name} for face in page.bodies],
    }


@router.get("/countries/{code}/coverage", summary="Coverage", operation_id="coverage")
@held
def coverage(request: HttpRequest, code: str) -> Answer:
    """What share of the country's addresses some team answers for, by prefixes and AS numbers."""
    return coverage_of(reads.coverage(viewer(request), code))


def coverage_of(page: reads.CoveragePage) -> Answer:
    if page.table is None or page.found is None:
        return {"country": page.country.iso2, "table_of_networks": None}
    found = page.found
    return {
        "country": page.country.iso2,
        "table_of_networks": page.table.name,
        "date": page.table.date,
        "ipv4_addresses": found.v4_addresses,
        "ipv4_answered_for": found.v4_covered,
        "ipv6_48s": found.v6_48s,
        "ipv6_answered_for": found.v6_covered,
        "by_team": {
            str(team): {"ipv4_addresses": share.v4_addresses, "ipv6_48s": share.v6_48s}
            for team, share in found.by_team.items()
            if share.v4_addresses or share.v6_48s
        },
    }


@router.get("/communities", summary="Communities", operation_id="communities")
def communities(request: HttpRequest) -> list[Answer]:
    return [community_row(row) for row in reads.communities(viewer(request))]


def community_row(row: reads.CommunityRow) -> Answer:
    return _community(row.community) | {"countries": row.countries, "teams": row.teams}


def _community(row: m.Community) -> Answer:
    names = ("code", "name", "kind", "scope", "region", "established", "operator", "website")
    more = ("members_stated", "members_as_of", "partial", "evidence_title", "evidence_url")
    return {name: getattr(row, name) for name in (*names, *more, "evidence_date", "licence")}


@router.get("/communities/{code}", summary="A community", operation_id="community")
@held
def community(request: HttpRequest, code: str) -> Answer:
    return community_of(reads.community(viewer(request), code))


def community_of(page: reads.CommunityPage) -> Answer:
    return _community(page.community) | {
        "members": [
            {
                "country": row.country,
                "team": row.team.code if row.team else None,
                "level": row.level,
                "said": said(row.said),
            }
            for row in page.members
        ]
        + [
            {
                "country": row.team.country,
                "team": row.team.code,
                "level": row.value.get("level", ""),
                "said": said(row.said),
            }
            for row in page.told
        ]
    }


class Member(Schema):
    country: str = Field("", max_length=2)
    team: str = Field("", max_length=80)
    level: str = Field("", max_length=120)
    since: str = Field("", max_length=10)


class Kept(Schema):
    """A community as the secretariat describes it, whole: what is absent is emptied."""

    name: str = Field(min_length=1, max_length=300)
    kind: str = ""
    scope: str = ""
    region: str = ""
    established: str = ""
    operator: str = ""
    website: str = ""
    members_stated: str = ""
    members_as_of: str = ""
    note: str = ""
    evidence_title: str = ""
    evidence_url: str = ""
    evidence_date: str = ""
    licence: str = ""
    partial: bool = True
    members: list[Member] = Field(default_factory=list, max_length=5000)


@router.put(
    "/communities/{code}",
    summary="Describe a community and name its members",
    operation_id="keep_community",
    url_name="community",
    auth=who_may("directory.load"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def keep_community(request: HttpRequest, code: str, given: Kept) -> Answer:
    """Members that sources list stand beside those given here."""
    who = viewer(request)
    facts = given.dict()
    partial = facts.pop("partial")
    members = [_member(row) for row in facts.pop("members")]
    kept = actions.keep_community(who, code, facts, members, partial=partial)
    return community_of(reads.community(who, kept.code))


def _member(row: dict[str, str]) -> actions.Member:
    """A country by any of its codes or names; a date as exact as it is written."""
    country = canonical_country(row["country"]) if row["country"] else ""
    if bool(country) is bool(row["team"]):
        sentence = gettext_noop("A member is a country or a team, one of the two")
        raise t.DirectoryError(sentence, "members", gettext_noop("Give its code."))
    since = canonical_date(row["since"]) if row["since"] else ""
    return actions.Member(country, row["team"], row["level"], since)


# --- bodies -------------------------------------------------------------------------------


@router.get("/bodies", summary="Bodies", operation_id="bodies")
def bodies(request: HttpRequest) -> list[Answer]:
    """Those that have a team or of which somebody says what they do."""
    return [body_of(row) for row in reads.bodies(viewer(request))]


def body_of(row: reads.BodyRow) -> Answer:
    return {
        "id": str(row.id),
        "name": row.name,
        "names": row.names,
        "country": row.country,
        "sample": row.sample,
        "team": row.team.code if row.team else None,
        "described": [
            {
                "kind": face.kind,
                "names": face.names,
                "mandate_areas": face.mandate_areas,
                "expertise": face.expertise,
                "website": face.website,
                "said": said(face.said),
            }
            for face in row.faces
        ],
    }


@router.get("/bodies/{uuid:key}", summary="A body", operation_id="body")
@held
def body(request: HttpRequest, key: UUID) -> Answer:
    return body_of(reads.body(viewer(request), key))


class Described(Schema):
    """What the caller's body, or the secretariat, says a body is like: all of it."""

    kind: str = Field("", max_length=40)
    names: dict[str, str] = Field(default_factory=dict)
    mandate_areas: list[str]
    expertise: list[str]
    website: str = Field("", max_length=1000)


@router.put(
    "/bodies/{uuid:key}",
    summary="Say what a body is like",
    operation_id="describe_body",
    url_name="body",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def describe_body(request: HttpRequest, key: UUID, given: Described) -> Answer:
    """The whole description of one speaker; what the same speaker said before is ended."""
    who = viewer(request)
    actions.describe_body(who, key, **given.dict())
    return body_of(reads.body(who, key))


# --- what is due --------------------------------------------------------------------------


@router.get(
    "/due",
    summary="What is due for review",
    operation_id="due",
    auth=who_may("directory.edit"),
)
def due(request: HttpRequest) -> list[Answer]:
    """Of every team for the secretariat, of their own for its people; the most pressing first."""
    who = viewer(request)
    mine = reads.team_of(who)
    everything = Role.SECRETARIAT in who.roles
    if not everything and mine is None:
        raise PermissionDenied("directory.edit")
    own = [mine] if mine is not None else []
    rows = reads.calendar(who, today=_today(), teams=None if everything else own)
    return [due_row(row) for row in rows]


def due_row(row: reads.DueRow) -> Answer:
    return {
        "team": row.team.code,
        "review_due": row.due,
        "last_tested": row.verified_on,
        "freshness": row.freshness.value,
        "keys_waiting": row.waiting,
        "tests_unanswered": row.unanswered,
    }
