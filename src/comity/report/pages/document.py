"""The report to read on the site: the draft as it stands, or an edition as it was frozen.

The same tree that the files are written from, put into the site's frame. Its figures lead to their
queries, its contents to its sections.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.report import models as m
from comity.report import reads
from comity.report.formats.html import fragment
from comity.report.pages.frame import found, language, scope, trail
from comity.report.types.tree import Document

FILES = ("docx", "pdf", "html")


@require_safe
@found
def draft(request: HttpRequest, year: int) -> HttpResponse:
    """The draft. Where an edition is frozen, the page says so first."""
    document = reads.written_draft(scope(year), language())
    kept = reads.editions(year)
    return _shown(request, year, document, "report:file", {"year": year}, newest=kept[:1])


@require_safe
@found
def kept(request: HttpRequest, year: int, edition: int) -> HttpResponse:
    report = reads.edition(year, edition)
    document = reads.document(report, language())
    return _shown(request, year, document, "report:kept", {"year": year, "edition": edition},
                  report=report)  # fmt: skip


def _shown(
    request: HttpRequest,
    year: int,
    document: Document,
    route: str,
    kwargs: dict[str, int],
    *,
    report: m.Report | None = None,
    newest: list[m.Report] | None = None,
) -> HttpResponse:
    code = language()
    files = [(f, f"{reverse(route, kwargs=kwargs | {'form': f})}?lang={code}") for f in FILES]
    context: dict[str, Any] = {
        "year": year,
        "trail": trail(year),
        "title": document.title,
        # Every word in it was escaped by the format.
        "document": mark_safe(fragment(document)),  # noqa: S308
        "files": files,
        "report": report,
        "since": reads.since(report) if report else None,
        "newest": newest[0] if newest else None,
        "machines": [("JSON", f"/api/v1/report/{year}/figures")]
        if report is None
        else [("JSON", f"/api/v1/report/{year}/editions/{report.edition}")],
        "cite": _("Report on Resolution 130 for {year}").format(year=year),
    }
    return render(request, "report/document.html", context)
