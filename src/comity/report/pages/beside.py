"""The draft beside last year's report, section by section, for those who prepare it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from comity.people.rules import may
from comity.report.pages.dossier import value_words
from comity.report.pages.frame import draft, found, language, say, trail, viewer
from comity.report.reads.beside import Beside
from comity.report.reads.beside import beside as compared
from comity.report.rules.beside import Fate
from comity.report.rules.tongue import Tongue

LINES = 30  # of a section; the rest is told by number
FATES = {
    Fate.NEW: ("good", gettext_lazy("new")),
    Fate.CHANGED: ("open", gettext_lazy("changed")),
    Fate.GONE: ("off", gettext_lazy("gone")),
}


@require_safe
@found
def beside(request: HttpRequest, year: int) -> HttpResponse:
    if not may(viewer(request), "report.prepare"):
        raise PermissionDenied("report.prepare")
    made, words = compared(draft(year), language()), say()
    desk = (_("Desk"), reverse("report:desk", kwargs={"year": year}))
    context = {
        "year": year,
        "last": year - 1,
        "trail": trail(year, desk),
        "report": made.report,
        "figures": _figures(made, words, year),
        "parts": [
            (
                part,
                *FATES[part.fate],
                [(line, *FATES[line.fate]) for line in part.differences[:LINES]],
                len(part.differences) - LINES,
            )
            for part in made.parts
        ],
        "same": len(made.rows) - sum(fate is not Fate.GONE for _id, fate in made.figures),
    }
    return render(request, "report/beside.html", context)


def _figures(made: Beside, words: Tongue, year: int) -> list[tuple[Any, ...]]:
    """Address, label, before, now, shape and word of what became of it."""
    labels = {n.id: n.label for document in (made.before, made.now) for n in document.figures}
    found_ = []
    for key, fate in made.figures:
        of = year - 1 if fate is Fate.GONE else year
        url = reverse("report:figure", kwargs={"year": of, "figure": key})
        before, now = made.rows_before.get(key), made.rows.get(key)
        found_.append(
            (
                url,
                labels.get(key, key),
                value_words(before, words) if before else "",
                value_words(now, words) if now else "",
                *FATES[fate],
            )
        )
    return found_
