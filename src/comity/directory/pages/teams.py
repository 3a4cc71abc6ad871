"""The list of teams, and the page of one."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.directory import actions, reads
from comity.directory import types as t
from comity.directory.pages import wording
from comity.directory.pages.frame import found, machines, trail, viewer
from comity.kit import countries
from comity.people.rules import may


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    """Codes and names in the order of one language: a constant of the package, made once."""
    named = ((country.iso2, country.name(language)) for country in countries.all_countries())
    return sorted(named, key=lambda pair: countries.folded(pair[1]))


@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """Teams by country and name, narrowed by what the reader chose."""
    who = viewer(request)
    names = ("q", "country", "kind", "region", "community", "freshness")
    wanted = reads.Wanted(**{name: request.GET.get(name, "").strip()[:80] for name in names})
    today = timezone.now().date()
    listed = reads.page(who, wanted, today, after=request.GET.get("after", "")[:80])
    context = {
        "listed": listed,
        "last": listed.first + len(listed.rows) - 1,
        "wanted": wanted,
        "countries": _countries((get_language() or "en")[:2]),
        "kinds": wording.KINDS.items(),
        "regions": [(code, words) for code, words in wording.REGIONS.items() if code],
        "communities": [row.community for row in reads.communities(who) if row.teams],
        "ages": wording.FRESHNESS.items(),
        "mine": reads.team_of(who),
        "may_load": may(who, "directory.load"),
        "machines": _files(wanted),
    }
    return render(request, "directory/teams.html", context)


def _files(wanted: reads.Wanted) -> list[tuple[str, str]]:
    """The teams of the list, narrowed as it is, in every format that holds several."""
    chosen = {name: value for name, value in asdict(wanted).items() if value}
    query = f"?{urlencode(chosen)}" if chosen else ""
    names = {
        "csv": "CSV",
        "xlsx": "XLSX",
        "first": "FIRST",
        "ti": "Trusted Introducer",
        "cerebrate": "Cerebrate",
        "vcard": "vCard",
    }
    files = [(words, f"/api/v1/directory/teams.{form}{query}") for form, words in names.items()]
    return [("JSON", f"/api/v1/directory/teams{query}"), *files]


@require_safe
@found
def team(request: HttpRequest, code: str) -> HttpResponse:
    """One team: reach them now, keys, whom they answer for, what changed, how fresh it is."""
    who = viewer(request)
    profile = reads.profile(who, code, now=timezone.now())
    row = profile.team
    voice = actions.voice_of(who, row)
    status = str(profile.first("operational_status"))
    mandate = profile.first("national_mandate")
    context = {
        "profile": profile,
        "team": row,
        "kinds": [wording.KINDS[kind] for kind in profile.kinds if kind in wording.KINDS],
        "status": wording.STATUS.get(status),
        "status_chip": wording.STATUS_CHIPS.get(status),
        "mandate": mandate if isinstance(mandate, dict) else None,
        "facts": [
            (name, words, profile.values[name])
            for name, words in wording.FACTS.items()
            if name in profile.values
        ],
        "phases": [
            (wording.PHASES[str(value.value)], value)
            for value in profile.values.get("itu_phase", ())
            if str(value.value) in wording.PHASES
        ],
        "protocols": [
            {**value.value, "label": _protocol(value.value)}
            for value in profile.values.get("protocol", ())
            if isinstance(value.value, dict)
        ],
        "rfc2350": profile.values.get("rfc2350", []),
        "former": profile.values.get("former_name", []),
        "names": profile.values.get("official_name", []),
        "voice": voice.value if voice else "",
        "testable": actions.testable(who, row),
        "waiting": any(key.state is t.KeyState.UNCONFIRMED for key in profile.keys),
        "trail": trail(),
        "machines": machines(row.code),
        "cite": _("{team}, entry of the directory").format(team=row.name),
    }
    return render(request, "directory/team.html", context)


def _protocol(value: dict[str, object]) -> str:
    name = str(value.get("name", ""))
    return wording.PROTOCOLS.get(name, name)
