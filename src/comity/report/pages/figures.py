"""Figures of a year, and one figure: its value, its filter in words, the records behind it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.report.pages.frame import draft, found, language, say, trail
from comity.report.pages.wording import CHAPTERS
from comity.report.pages.years import chapters, row_of
from comity.report.reads.building import material

SHOWN = 200  # records listed on the page; the JSON beside it has them all


@require_safe
@found
def figures(request: HttpRequest, year: int) -> HttpResponse:
    prepared = draft(year)
    context = {
        "year": year,
        "scope": prepared.scope,
        "trail": trail(year),
        "chapters": chapters(prepared.figures, say(), prepared.last),
        "machines": [("JSON", f"/api/v1/report/{year}/figures")],
        "cite": _("Figures of {year} on Resolution 130").format(year=year),
    }
    return render(request, "report/figures.html", context)


@require_safe
@found
def figure(request: HttpRequest, year: int, figure: str) -> HttpResponse:
    prepared = draft(year)
    made = material(prepared, language())
    one = made.by_id.get(figure)
    if one is None:
        raise Http404(figure)
    told = {entry.told.name: entry.told for entry in prepared.ground.entries}
    records = [
        (made.title(told[name]) if name in told else None, name, made.addresses.record(name),
         made.when(told[name]) if name in told else "")
        for name in one.records[:SHOWN]
    ]  # fmt: skip
    context = {
        "year": year,
        "scope": prepared.scope,
        "trail": trail(year, (_("Figures"), "../figures/")),
        "row": row_of(one, made.tongue, prepared.last),
        "filter": made.tongue.filter(one, year, made.day),
        "chapter": CHAPTERS[one.chapter],
        "paragraphs": [(key, made.addresses.paragraph(key)) for key in one.paragraphs],
        "records": records,
        "all": len(one.records),
        "machines": [("JSON", f"/api/v1/report/{year}/figures/{one.id}")],
        "cite": f"{made.tongue.label(one)} ({year})",
    }
    return render(request, "report/figure.html", context)
