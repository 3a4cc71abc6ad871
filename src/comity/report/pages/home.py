"""All reports: which years, in which state; the guide, and how the Resolution stands."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comity.report import reads

FIRST = 2014  # the text whose paragraphs are answered


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    kept = reads.editions()
    newest = {}
    for report in kept:
        newest.setdefault(report.year, report)
    years = range(timezone.now().year, FIRST - 1, -1)
    rows = [(year, newest.get(year)) for year in sorted({*years, *newest}, reverse=True)]
    return render(request, "report/home.html", {"rows": rows})
