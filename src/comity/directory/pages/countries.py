"""Countries: who has a national team, what is held of one, what share somebody answers for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.directory import models as m
from comity.directory import reads
from comity.directory.pages import wording
from comity.directory.pages.frame import found, trail, viewer
from comity.kit import countries as codes
from comity.kit.languages import LANGUAGES


def _language() -> str:
    return (get_language() or "en")[:2]


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """Every country and territory by region, with its national team or without."""
    language = _language()
    rows = reads.all_countries(viewer(request), today=timezone.now().date())
    rows.sort(key=lambda row: codes.folded(row.country.name(language)))
    regions = [
        (code, wording.REGIONS[code], [row for row in rows if row.country.itu.region == code])
        for code in reads.REGIONS
    ]
    context = {
        "regions": [
            (code, words, held, sum(bool(row.national) for row in held))
            for code, words, held in regions
            if held
        ],
        "language": language,
        "trail": trail(),
        "machines": [("JSON", "/api/v1/directory/countries")],
    }
    return render(request, "directory/countries.html", context)


def _trail() -> list[tuple[str, str]]:
    return [*trail(), (_("Countries"), reverse("directory:countries"))]


@require_safe
@found
def country(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers for this country, and what is it in the ITU and the lists of the UN?"""
    today = timezone.now().date()
    page = reads.country(viewer(request), code, today=today)
    here = page.country
    if code != here.iso2:
        return redirect("directory:country", code=here.iso2, permanent=True)
    language = _language()
    context = {
        "page": page,
        "country": here,
        "name": here.name(language),
        "names": [
            (spoken.own_name, key, here.name(key))
            for key, spoken in LANGUAGES.items()
            if key != language
        ],
        "itu": here.itu.on(today),
        "status": wording.MEMBERSHIPS[here.itu.on(today).status.value],
        "region": wording.REGIONS.get(here.itu.region, "") if here.itu.region else "",
        "groups": _groups(here, today),
        "trail": _trail(),
        "machines": [("JSON", f"/api/v1/directory/countries/{here.iso2}")],
    }
    return render(request, "directory/country.html", context)


def _groups(country: codes.Country, today: dt.date) -> list[dict[str, Any]]:
    """The groups of States it is in or has left, each with the day that the record knows."""
    made: list[dict[str, Any]] = []
    if country.ldc:
        left = country.ldc_until
        when = "" if left is None else "left" if left <= today else "leaves"
        made.append({"words": wording.GROUPS["ldc"], "when": when, "day": left})
    for key, belongs in (("lldc", country.lldc), ("sids", country.sids)):
        if belongs:
            made.append({"words": wording.GROUPS[key], "when": "", "day": None})
    for row in made:
        row["as_of"] = codes.RECORD_AS_OF
    return made


@require_safe
@found
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """For what share of the country's addresses does somebody answer?"""
    page = reads.coverage(viewer(request), code)
    here = page.country
    if code != here.iso2:
        return redirect("directory:coverage", code=here.iso2, permanent=True)
    name = here.name(_language())
    context = {
        "page": page,
        "name": name,
        "shares": _shares(page),
        "teams": _by_team(page),
        "trail": [*_trail(), (name, reverse("directory:country", args=[here.iso2]))],
        "machines": [("JSON", f"/api/v1/directory/countries/{here.iso2}/coverage")],
    }
    return render(request, "directory/coverage.html", context)


def _shares(page: reads.CoveragePage) -> list[dict[str, Any]]:
    if page.found is None:
        return []
    counted = (
        (_("IPv4 addresses"), page.found.v4_addresses, page.found.v4_covered),
        (_("IPv6 networks of /48"), page.found.v6_48s, page.found.v6_covered),
    )
    return [
        {"what": what, "all": whole, "held": held, "share": held / whole if whole else None}
        for what, whole, held in counted
    ]


def _by_team(page: reads.CoveragePage) -> list[tuple[m.Team, Any]]:
    """Teams that answer for a part, the largest first."""
    rows = [] if page.found is None else page.found.by_team.items()
    shares = {str(code): share for code, share in rows if share.v4_addresses or share.v6_48s}
    held = [(team, shares[team.code]) for team in reads.teams_called(shares)]
    return sorted(held, key=lambda row: (-row[1].v4_addresses, -row[1].v6_48s, row[0].code))
