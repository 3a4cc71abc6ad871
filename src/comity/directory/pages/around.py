"""Pages of what surrounds the teams: countries, communities, bodies, and what is due."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.directory import reads
from comity.directory.pages import wording
from comity.directory.pages.frame import found, trail, viewer
from comity.kit import countries as codes
from comity.people.types import Role


@require_safe
def countries(request: HttpRequest) -> HttpResponse:
    """Every country and territory by region, with its national team or without."""
    language = (get_language() or "en")[:2]
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


@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    """Networks of teams, with the members that are held here."""
    rows = [
        (row, wording.COMMUNITY_KINDS.get(row.community.kind, row.community.kind))
        for row in reads.communities(viewer(request))
    ]
    context = {
        "rows": rows,
        "trail": trail(),
        "machines": [("JSON", "/api/v1/directory/communities")],
    }
    return render(request, "directory/communities.html", context)


@require_safe
@found
def community(request: HttpRequest, code: str) -> HttpResponse:
    """One community: what its source says of it, and the members held here."""
    page = reads.community(viewer(request), code)
    context = {
        "page": page,
        "community": page.community,
        "kind": wording.COMMUNITY_KINDS.get(page.community.kind, page.community.kind),
        "trail": [*trail(), (_("Communities"), _url("communities"))],
        "machines": [("JSON", f"/api/v1/directory/communities/{code}")],
    }
    return render(request, "directory/community.html", context)


def _url(name: str) -> str:
    return reverse(f"directory:{name}")


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Organisations that have a team here, or of which somebody says what they do."""
    context = {"rows": reads.bodies(viewer(request)), "trail": trail()}
    return render(request, "directory/bodies.html", context)


@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What is due: of every team for the secretariat, of one's own for everybody else."""
    who = viewer(request)
    mine = reads.team_of(who)
    everything = Role.SECRETARIAT in who.roles
    if not everything and mine is None:
        raise PermissionDenied("directory.edit")
    today = timezone.now().date()
    own = [mine] if mine is not None else []
    rows = reads.calendar(who, today=today, teams=None if everything else own)
    context = {"rows": rows, "today": today, "everything": everything, "trail": trail()}
    return render(request, "directory/reviews.html", context)
