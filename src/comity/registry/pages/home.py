"""The first page of the room, and what the room shows on the home page of the house."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from comity.kit.tlp import Viewer
from comity.people.rules import may
from comity.registry import reads
from comity.registry.pages.frame import kind_url, soft, strictest, today, viewer
from comity.registry.pages.lists import row_of
from comity.registry.reads.agreements import YEAR, ending

NEWEST = 8


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is registered here, what is new, what ends soon?"""
    who = viewer(request)
    totals = reads.kind_totals(who)
    newest = reads.listing(who, reads.Question(), limit=NEWEST).entries
    # A renewal takes about a year to agree.
    ends_soon = ending(who, today(), within=YEAR)
    rows = [row_of(entry, summary=True) for entry in newest]
    ends = [row_of(entry) for entry in ends_soon]
    context = {
        "kinds": [(kind, kind_url(kind.key), totals.get(kind.key, 0)) for kind in
                  reads.kinds().values()],
        "total": sum(totals.values()),
        "newest": rows,
        "ending": ends,
        "days": YEAR.days,
        "doors": [
            (words, url)
            for words, url in (
                (_("What is recorded of a country?"), soft("registry:countries")),
                (_("Which agreements are in force?"), kind_url("agreement", standing="in_force")),
                (_("Which tools can a team use?"), kind_url("tool")),
                (_("For whom does nothing accessible exist?"), soft("registry:access")),
                (_("Which needs and offers are there?"), soft("registry:needs")),
            )
            if url
        ],
        "own": own(who) if who.person else [],
        "machines": [
            (_("Catalogue (DCAT)"), soft("registry:catalogue")),
            (_("What changed (Atom)"), soft("registry:feed")),
        ],
        **strictest(row.label for row in (*rows, *ends)),
    }  # fmt: skip
    return render(request, "registry/home.html", context)


def figures(viewer: Viewer) -> list[tuple[int, str | Promise, str | Promise, str]]:
    """(number, what it counts, words of the link to what was counted, its address)."""
    totals = reads.kind_totals(viewer)
    found: list[tuple[int, str | Promise, str | Promise, str]] = []
    if totals:
        home = reverse("registry:home")
        found.append((sum(totals.values()), _("entries registered"), _("of every kind"), home))
    if "agreement" in totals:
        words = _("each with its history")
        found.append((totals["agreement"], _("agreements"), words, kind_url("agreement")))
    return found


def doors(viewer: Viewer) -> list[tuple[str | Promise, str]]:
    """(words, address): the questions people come with."""
    return [
        (_("Find initiatives, agreements, tools and strategies"), reverse("registry:home")),
        (_("See what is recorded of a country"), reverse("registry:countries")),
    ]


def own(viewer: Viewer) -> list[tuple[str | Promise, str]]:
    """(words, address): the pages of somebody who is signed in, what waits first."""
    submits, reviews = may(viewer, "registry.submit"), may(viewer, "registry.review")
    belongs = bool(viewer.bodies)
    pages = (
        (_("My tasks"), "my_tasks", belongs or reviews),
        (_("My body"), "my_body", belongs),
        (_("Send a file"), "upload", submits),
        (_("Submissions"), "submissions", submits or reviews),
        (_("Request desk"), "desk", may(viewer, "registry.desk") or (submits and belongs)),
        (_("Searches I keep"), "my_searches", True),
    )
    return [(words, reverse(f"registry:{name}")) for words, name, shown in pages if shown]


urls = [path("", home, name="home")]
