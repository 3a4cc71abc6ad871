"""How the whole Resolution stands: its duties by state over time, as a picture and as a table."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.report.formats.html import fragment
from comity.report.pages.frame import say, trail
from comity.report.reads.building import base, paragraph_path
from comity.report.reads.facts import duties
from comity.report.rules.document.annexes import ACTORS, STATUS
from comity.report.rules.progress import picture, progress
from comity.report.types.figures import TEXT
from comity.report.types.tree import Document, Words

CHIPS = {
    "completed": "good",
    "in progress": "open",
    "not implemented": "bad",
    "not applicable": "off",
    "no indication": "warn",
}


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """The picture, then every duty with its state and when that was said."""
    now, words, held = timezone.now(), say(), duties()
    drawn = ""
    if held:
        moments = progress(held, now, int(TEXT))
        made = Document(
            words.code,
            str(_("How does the Resolution stand?")),
            now,
            (picture(moments, words),),
            base=base(),
            words=Words.translated(words.say),
        )
        # The part after the title: the page has its own. Every word in it was escaped there.
        drawn = mark_safe(_inner(fragment(made, level=2)))  # noqa: S308
    rows: list[dict[str, Any]] = []
    for duty in held:
        stand = duty.on(now)
        status = stand.status if stand else "no indication"
        rows.append(
            {
                "key": duty.key,
                "url": paragraph_path(duty.key),
                "actors": words.listed([words(a) if a in ACTORS else a for a in duty.actors]),
                "chip": CHIPS[status],
                "state": words(STATUS[status]),
                "moment": stand.moment if stand else None,
                "evidence": len(stand.evidence) if stand else 0,
            }
        )
    context = {
        "trail": trail(),
        "picture": drawn,
        "rows": rows,
        "machines": [("JSON", "/api/v1/report/progress")],
        "cite": _("Progress of Resolution 130 (Rev. Busan, 2014)"),
    }
    return render(request, "report/progress.html", context)


def _inner(html: str) -> str:
    """What follows the title of the fragment."""
    return html[html.index("<figure") : html.rindex("</figure>") + len("</figure>")]
