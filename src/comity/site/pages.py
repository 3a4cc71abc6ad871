"""The house's own pages: home, how to use it, and the way in."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.kit.tlp import ANONYMOUS
from comity.site import rooms


@dataclass(frozen=True, slots=True)
class Quotation:
    num: str
    text: str


# Resolution 130 (Rev. Busan, 2014), instructs the Secretary-General and the Directors, 5.
WHY = Quotation(
    "5",
    "to continue to maintain the cybersecurity gateway as a way to share information on national, "
    "regional and international cybersecurity-related initiatives worldwide;",
)


@require_safe
def to_language(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the language their browser asks for."""
    return redirect("home")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What is this, what does it hold, where do I begin?"""
    try:
        begin = reverse("mandate:instruments")
    except NoReverseMatch:
        begin = ""
    viewer = getattr(request, "viewer", ANONYMOUS)
    doors = [*rooms.home_doors(viewer), (_("How to use this gateway"), reverse("about"))]
    figures = rooms.home_figures(viewer)
    return render(
        request,
        "home.html",
        {"begin": begin, "doors": doors, "figures": figures, "why": WHY},
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How to use this gateway, what is real and what is sample, what is kept about a reader."""
    return render(request, "about.html")
