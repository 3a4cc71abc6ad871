"""One year: what it comes to, whether it is a draft, frozen or published, and its files."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.kit.languages import LANGUAGES
from comity.people.rules import may
from comity.report import reads
from comity.report.pages.frame import draft, found, language, say, trail, viewer
from comity.report.pages.wording import CHAPTERS
from comity.report.reads.building import material
from comity.report.rules.document.opening import later, notices
from comity.report.rules.figures import plain
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import Chapter, Figure
from comity.report.types.tree import Notice

FORMS = ("html", "docx", "pdf")


def row_of(figure: Figure, say_: Tongue, last: dict[str, Any] | None) -> dict[str, Any]:
    """A figure as a table shows it."""
    changed = last is not None and figure.id in last and last[figure.id] != plain(figure.value)
    return {
        "figure": figure,
        "label": say_.label(figure),
        "quoted": figure.quoted if figure.quoted != say_.code else "",
        "value": say_.value(figure),
        "unit": say_.unit(figure),
        "as_of": say_.date(figure.as_of),
        "changed": changed,
        "was": (last or {}).get(figure.id) if changed else None,
    }


def chapters(figures: tuple[Figure, ...], say_: Tongue, last: Any) -> list[tuple[str, str, Any]]:
    """Figures by chapter, in the chapters' order."""
    order = {chapter: place for place, chapter in enumerate(Chapter)}
    rows = sorted(figures, key=lambda figure: order[figure.chapter])
    return [
        (chapter.value, str(CHAPTERS[chapter]), [row_of(figure, say_, last) for figure in group])
        for chapter, group in groupby(rows, lambda figure: figure.chapter)
    ]


@require_safe
@found
def year(request: HttpRequest, year: int) -> HttpResponse:
    prepared = draft(year)
    made = material(prepared, language())
    kept = reads.editions(year)
    newest = kept[0] if kept else None
    context = {
        "year": year,
        "scope": prepared.scope,
        "trail": trail(),
        "notices": [_notice(block) for block in notices(made) if isinstance(block, Notice)],
        "later": later(made),
        "chapters": chapters(prepared.figures, say(), prepared.last),
        "editions": [(report, reads.since(report)) for report in kept],
        "newest": newest,
        "files": [(form, _files(year, form)) for form in FORMS],
        "may_prepare": may(viewer(request), "report.prepare"),
        "machines": [("JSON", f"/api/v1/report/{year}/figures")],
        "cite": _("Report on Resolution 130 for {year}").format(year=year),
    }
    return render(request, "report/year.html", context)


def _notice(block: Notice) -> tuple[str, str, str]:
    words = "".join(getattr(run, "words", "") for run in block.runs)
    return block.tone.value, block.heading, words


def _files(year: int, form: str) -> list[tuple[str, str, str]]:
    """The six languages of a file, each by its own name."""
    base = reverse("report:file", kwargs={"year": year, "form": form})
    return [(code, known.own_name, f"{base}?lang={code}") for code, known in LANGUAGES.items()]
