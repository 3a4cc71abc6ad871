"""Whom do I call? The page with one field; and the page behind the link of a contact test."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comity.directory import actions, reads
from comity.directory.pages import wording
from comity.directory.pages.frame import said, viewer
from comity.directory.types import DirectoryError


@require_safe
def responsible(request: HttpRequest) -> HttpResponse:
    """One question, the answers nearest first; without a question, the form alone."""
    asked = request.GET.get("q", "").strip()
    context: dict[str, object] = {"asked": asked[:200], "trail": []}
    status = 200
    if asked:
        try:
            answers = reads.responsible(viewer(request), asked, now=timezone.now())
        except DirectoryError as error:
            # A question nobody can read is an answer with the reason: the form stays.
            context |= {"fault": said(error), "problems": True}
            status = 400
        else:
            rows = [(row, wording.rule(row.answer.rule, row.via)) for row in answers.rows]
            context |= {
                "answers": answers,
                "first": rows[0] if rows else None,
                "others": rows[1:],
                "special": wording.SPECIAL.get(answers.question.special, ""),
                "machines": [("JSON", _machine(asked))],
            }
    return render(request, "directory/responsible.html", context, status=status)


def _machine(asked: str) -> str:
    return f"/api/v1/directory/responsible?{urlencode({'q': asked[:200]})}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Opening the page is no answer: programs that look for harmful mail open every link. Only
    the button is."""
    if request.method == "POST":
        done = actions.answer(token)
        if done is not None:
            return render(
                request, "directory/answered.html", {"team": done.contact.team, "done": True}
            )
    test = actions.asked_by_link(token)
    if test is None:
        words = {
            "heading": _("This link is too old, or was used already"),
            "words": _("If the mailbox is yours, ask for another test."),
            "status": 404,
        }
        return render(request, "problem.html", words, status=404)
    context = {"test": test, "team": test.contact.team, "back": reverse("directory:teams")}
    return render(request, "directory/answer.html", context)
