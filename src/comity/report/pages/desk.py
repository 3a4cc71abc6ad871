"""The desk of those who prepare a report: what is missing, who was asked, comments, the acts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES
from comity.people.rules import may
from comity.report import actions, reads
from comity.report.pages.frame import draft, found, say, trail, viewer
from comity.report.pages.wording import CHAPTERS
from comity.report.reads.building import paragraph_path
from comity.report.reads.desk import Change, desk
from comity.report.rules.tongue import UNKNOWN, Tongue


@require_http_methods(["GET", "HEAD", "POST"])
@found
def prepare(request: HttpRequest, year: int) -> HttpResponse:
    if not may(viewer(request), "report.prepare"):
        raise PermissionDenied("report.prepare")
    if request.method == "POST":
        _act(request, year)
        return redirect(request.path)
    prepared, words = draft(year), say()
    made = desk(prepared, timezone.now())
    kept = reads.editions(year)
    context = {
        "year": year,
        "scope": prepared.scope,
        "trail": trail(year),
        "made": made,
        "silent": [(s, words.country(s.country)) for s in made.silent],
        "asked": [(row, words.country(row.country), told) for row, told in made.asked],
        "reachable": sum(bool(s.focal_points) for s in made.silent),
        "duties": [(duty.key, paragraph_path(duty.key)) for duty in made.unsettled],
        "failing": [(f, words.label(f)) for f in made.failing],
        "unreported": [(f, words.label(f)) for f in made.unreported],
        "stale": [(f, words.label(f), words.date(f.as_of)) for f in made.stale],
        "untranslated": [LANGUAGES[code].own_name for code in made.untranslated],
        "yesterday": [_change(change, words) for change in made.since_yesterday],
        "last": [_change(change, words) for change in made.since_last_report],
        "chapters": [(chapter.value, word) for chapter, word in CHAPTERS.items()],
        "newest": kept[0] if kept else None,
    }
    return render(request, "report/desk.html", context)


def _change(change: Change, words: Tongue) -> tuple[Any, str, str, str]:
    was = words(UNKNOWN) if change.was is None else words.number(change.was)
    return change.figure, words.label(change.figure), was, words.value(change.figure)


def _act(request: HttpRequest, year: int) -> None:
    """One act of the desk; what stands in its way is said on the page."""
    who, given = viewer(request), request.POST
    what = given.get("what", "")
    try:
        if what == "ask":
            row = actions.ask(who, year, given.get("country", ""))
            if row.persons:
                messages.success(request, _("Asked. The letter goes to its focal points."))
            else:
                messages.warning(
                    request, _("Noted. It has no focal point here: write to it yourself.")
                )
        elif what == "ask_all":
            number = actions.ask_all(who, year)
            messages.success(
                request,
                ngettext("{n} State was asked.", "{n} States were asked.", number).format(n=number),
            )
        elif what == "comment":
            actions.comment(who, year, given.get("text", ""), section=given.get("section", ""))
            messages.success(request, _("The comment stands."))
        elif what == "settle":
            act = given.get("act", "")
            actions.settle(who, year, int(act) if act.isdecimal() else 0)
        elif what == "freeze":
            actions.freeze(
                who,
                year,
                number=given.get("number", "")[:12],
                agenda=given.get("agenda", "")[:40],
                meeting=given.get("meeting", "")[:80],
            )
            messages.success(request, _("The report is frozen in six languages."))
        elif what == "publish":
            actions.publish(who, year)
            messages.success(request, _("The report is published."))
    except KitError as error:
        messages.error(request, f"{_(error.message)}. {_(error.remedy)}".strip())
