"""The world as a table with a map beside it, and what is recorded of one country."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.directory import reads as directory
from comity.kit import countries as world
from comity.kit.errors import UnknownCountry
from comity.kit.languages import LANGUAGES
from comity.kit.tlp import Label, Viewer
from comity.registry import reads
from comity.registry.formats.map import map_key, world_map
from comity.registry.pages import wording
from comity.registry.pages.frame import (
    files,
    found,
    kind_url,
    soft,
    strictest,
    today,
    trail,
    viewer,
)
from comity.registry.pages.lists import row_of
from comity.registry.pages.showing import date, name
from comity.registry.reads.countries import by_country, newest_of, of_kinds

COLUMNS = ("agreement", "strategy")  # counted apart in the table
LISTED = ("agreement", "strategy", "law")  # shown one by one on a profile
REGIONS = ("AFR", "AMS", "ARB", "ASP", "CIS", "EUR", "")  # "": of no region of the ITU
# The sentence that United Nations publications put beside a map (formats/map.py, DISCLAIMER).
DISCLAIMER = gettext_lazy(
    "The designations employed and the presentation of material on this map do not imply the "
    "expression of any opinion whatsoever on the part of ITU or of the secretariat of ITU "
    "concerning the legal status of any country, territory, city or area or of its authorities, "
    "or concerning the delimitation of its frontiers or boundaries."
)
MEMBERSHIPS = {
    world.ItuStatus.MEMBER: gettext_lazy("Member State of the ITU"),
    world.ItuStatus.RES99_OBSERVER: gettext_lazy("Observer under Plenipotentiary Resolution 99"),
    world.ItuStatus.NONE: gettext_lazy("not a Member State of the ITU"),
    world.ItuStatus.UNKNOWN: gettext_lazy("not known"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A country or territory in the table."""

    country: world.Country
    name: str
    groups: tuple[str, ...]
    total: int
    kinds: tuple[int, ...]
    teams: tuple[tuple[str, str], ...]  # (name, address)


@dataclass(frozen=True, slots=True)
class Region:
    code: str
    name: str
    lines: tuple[Line, ...]
    total: int
    recorded: int  # countries of which something is recorded


def groups_today(country: world.Country, day: dt.date) -> tuple[str, ...]:
    """LDC, LLDC, SIDS: those that a country belongs to on a day."""
    return tuple(sorted(group.value for group in world.groups_on(country.iso2, day)))


def _teams(who: Viewer, day: dt.date) -> dict[str, tuple[tuple[str, str], ...]]:
    """The national teams of every country: name and address of each."""
    return {
        row.country.iso2: tuple((team.name, _team_url(team.code)) for team in row.national)
        for row in directory.all_countries(who, today=day)
    }


def regions(who: Viewer, day: dt.date) -> list[Region]:
    """The table, by region of the ITU. Territories of no region are told only where something is
    recorded of them."""
    counts, teams = by_country(who), _teams(who, day)
    lines: dict[str, list[Line]] = defaultdict(list)
    for country in world.all_countries():
        mine = counts.get(country.iso2, {})
        held = teams.get(country.iso2, ())
        member = country.itu.on(day)
        if member.region or mine or held:
            lines[member.region].append(
                Line(
                    country,
                    country.name(wording.language()),
                    groups_today(country, day),
                    sum(mine.values()),
                    tuple(mine.get(kind, 0) for kind in COLUMNS),
                    held,
                )
            )
    found = []
    for code in REGIONS:
        if lines[code]:
            rows = tuple(sorted(lines[code], key=lambda line: world.folded(line.name)))
            words = wording.term("regions", code)[0] if code else _("Of no region of the ITU")
            recorded = sum(bool(line.total) for line in rows)
            found.append(Region(code, words, rows, sum(x.total for x in rows), recorded))
    return found


def _map(table: list[Region]) -> SafeString:
    """The map with its key. Its words are ours, its names come from the vocabulary."""
    values = {line.country.iso2: line.total for region in table for line in region.lines}
    names = {f"region.{code}": wording.term("regions", code)[0] for code in REGIONS if code}
    words = names | {
        "finding": _(
            "World map of dots: {entries} records of countries in {countries} countries and "
            "territories. The table has the same figures."
        ),
        "region": _("{region}: {count}"),
        "none": _("none recorded"),
        "range": _("{low} to {high}"),
        "more": _("{low} or more"),
    }
    drawn = world_map(
        values, words=words, link=lambda code: f"#region-{code}", rtl=get_language_bidi()
    )
    return format_html("{}{}", SafeString(drawn), SafeString(map_key(words)))


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """What is recorded of which country?"""
    who, day = viewer(request), today()
    table = regions(who, day)
    context = {
        "regions": table,
        "kinds": [reads.kinds()[key].plural[wording.language()] for key in COLUMNS],
        "map": _map(table),
        "disclaimer": DISCLAIMER,
        "groups": [
            (code.upper(), wording.term("groups", code)[0]) for code in ("ldc", "lldc", "sids")
        ],
        "as_of": date(world.RECORD_AS_OF.isoformat()),
        "trail": trail(),
        **strictest(()),
    }
    return render(request, "registry/countries.html", context)


# --- one country --------------------------------------------------------------------------


def country_called(code: str) -> world.Country:
    """By two letters, three letters or number. Raises `NotHeld`."""
    try:
        return world.by_code(code)
    except UnknownCountry as error:
        raise reads.NotHeld(code) from error


def _facts(country: world.Country, day: dt.date) -> list[tuple[Any, Any]]:
    """What the record of countries says, with the day it is as of."""
    member = country.itu.on(day)
    status = str(MEMBERSHIPS[member.status])
    if member.since:
        status = format_html(_("{status} since {date}"), status=status,
                             date=date(member.since.isoformat()))  # fmt: skip
    groups = groups_today(country, day)
    spoken = [wording.term("languages", code) for code in country.languages]
    rows = [
        (_("ITU membership"), status),
        (_("ITU region"), wording.term("regions", member.region)[0] if member.region else ""),
        (_("Groups"), _(", ").join(wording.term("groups", code)[0] for code in groups)),
        (_("Languages"), format_html_join(_(", "), "{}", ((name(*words),) for words in spoken))),
        (
            _("Codes"),
            format_html(
                "<code>{}</code> <code>{}</code> <code>{}</code>",
                country.iso2,
                country.iso3,
                country.m49,
            ),
        ),
    ]
    return [(label, value) for label, value in rows if value]


def _calling(who: Viewer, country: world.Country, day: dt.date) -> dict[str, Any]:
    """Whom to call, as the directory says: how the first who answers is reached, then the others,
    then who may pass a message on."""
    page = directory.country(who, country.iso2, today=day)
    answers = directory.responsible(who, country.iso2, now=timezone.now())
    first = next((row for row in answers.rows if row.reached.contacts), None)
    first = first or next(iter(answers.rows), None)
    others = [row for row in page.teams if first is None or row.team.pk != first.team.pk]
    return {
        "first": first,
        "teams": [(row.team.name, _team_url(row.team.code), row.verified_on) for row in others],
        "through": answers.through,
        "ask": f"{reverse('directory:responsible')}?q={country.iso2}",
    }


def _contacts(first: directory.Responsible | None) -> Sequence[Any]:
    return first.reached.contacts if first else ()


def _team_url(code: str) -> str:
    return reverse("directory:team", kwargs={"code": code})


@require_safe
@found
def country(request: HttpRequest, code: str) -> HttpResponse:
    """What is recorded of this country, and what is missing?"""
    who, day = viewer(request), today()
    here = country_called(code)
    if code != here.iso2:
        return redirect("registry:country", code=here.iso2, permanent=True)
    totals = reads.kind_totals(who, {"country": here.iso2})
    newest = newest_of(who, here.iso2, each=1)
    each = of_kinds(who, here.iso2, LISTED)
    kinds = reads.kinds()
    lists = [
        (
            kinds[key],
            [row_of(entry, _columns(kinds[key])) for entry in each[key]],
            kind_url(key, country=here.iso2),
            totals.get(key, 0),
        )
        for key in LISTED
        if key in kinds
    ]
    others = [
        (kinds[key], total, row_of(newest[key][0]) if newest.get(key) else None,
         kind_url(key, country=here.iso2))
        for key, total in totals.items()
        if key not in LISTED
    ]  # fmt: skip
    own = wording.language()
    calling = _calling(who, here, day)
    shown = [row for _kind, rows, _url, _total in lists for row in rows]
    context = {
        "country": here,
        "name": here.name(own),
        "others_names": [
            (language.own_name, code, here.name(code))
            for code, language in LANGUAGES.items()
            if code != own
        ],
        "facts": _facts(here, day),
        "as_of": date(world.RECORD_AS_OF.isoformat()),
        "calling": calling,
        "lists": lists,
        "others": others,
        "total": sum(totals.values()),
        # What one may not see is absent, so confidential kinds are never called missing.
        "missing": [
            kind.plural[own]
            for kind in kinds.values()
            if not totals.get(kind.key) and kind.default_label == "CLEAR"
        ],
        "trail": trail((_("Countries"), soft("registry:countries"))),
        "machines": [
            (f"{kinds[key].plural[own]} {form}", url)
            for key in totals
            for form, url in files(kinds[key], f"country={here.iso2}")[:1]
        ],
        "cite": f"{here.name('en')}: what is recorded in this gateway's registry.",
        **strictest(
            (
                *(row.label for row in shown),
                *(row.label for _k, _t, row, _u in others if row),
                *(Label(row.handling.label) for row in _contacts(calling["first"])),
            )
        ),
    }
    return render(request, "registry/country.html", context)


def _columns(kind: Any) -> list[Any]:
    """The card's dates and status: on a profile the country is known."""
    wanted = ("party", "adopted", "period", "status", "in_force")
    return [field for field in kind.fields if field.card and field.key in wanted]


urls = [
    path("countries/", countries, name="countries"),
    path("country/<str:code>/", country, name="country"),
]
