"""My body, my tasks, my searches: what is one's own, and what waits for one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.directory.reads.tasks import TeamTask, TeamWhat, team_tasks
from comity.kit.errors import KitError
from comity.kit.languages import by_code
from comity.people.reads import bodies_named, colleagues, today
from comity.people.rules import may
from comity.people.words import role_words
from comity.registry import actions, reads
from comity.registry.pages import work
from comity.registry.pages.work import found
from comity.registry.reads.mine import (
    Task,
    What,
    entries_count,
    entries_of,
    question_of,
    review_due,
    searches,
    tasks,
)
from comity.registry.reads.submissions import submissions
from comity.registry.rules.submissions import State

SHOWN = 12
OPEN = tuple(state.value for state in State if state not in (State.PUBLISHED, State.WITHDRAWN))
WORDS: Mapping[What, tuple[work.Words, work.Words]] = {  # what waits, and the next step
    What.FINISH: (gettext_lazy("A draft, not sent yet"), gettext_lazy("Go on with it")),
    What.MEND: (gettext_lazy("Asked back by the review"), gettext_lazy("Answer it")),
    What.AGREE: (gettext_lazy("The review proposes other words"), gettext_lazy("Decide")),
    What.SIGN: (gettext_lazy("Accepted, waits for the State's word"), gettext_lazy("Sign off")),
    What.REVIEW: (gettext_lazy("To be reviewed"), gettext_lazy("Review it")),
    What.ROWS: (gettext_lazy("Rows of a file that could not be read"), gettext_lazy("Mend them")),
    What.ANSWER: (gettext_lazy("Somebody contests this entry"), gettext_lazy("Read and answer")),
    What.CONFIRM: (gettext_lazy("Not confirmed for a year"), gettext_lazy("Confirm or change it")),
}
OF_TEAMS: Mapping[TeamWhat, tuple[work.Words, work.Words]] = {
    TeamWhat.KEY: (
        gettext_lazy("A new key of your team, not confirmed by a second person"),
        gettext_lazy("Compare and confirm it"),
    ),
    TeamWhat.ENDS: (
        gettext_lazy("A key of your team that runs out, or has run out"),
        gettext_lazy("Add its successor"),
    ),
    TeamWhat.TEAM: (
        gettext_lazy("The record of your team, due for review"),
        gettext_lazy("Confirm or change it"),
    ),
}


@never_cache
@login_required
@require_safe
def my_tasks(request: HttpRequest) -> HttpResponse:
    """What waits for me, the oldest first?"""
    who, now = work.viewer(request), timezone.now()
    rows = [_row(task) for task in tasks(who, now)]
    rows += [_team_row(task) for task in team_tasks(who, now)]
    rows.sort(key=lambda row: row["since"])
    marks = [row["mark"].marking.removeprefix("TLP:") for row in rows]
    context = {"rows": rows, "trail": work.trail(), "print_class": work.printed(marks)}
    return render(request, "registry/my_tasks.html", context)


def _row(task: Task) -> dict[str, Any]:
    words, act = WORDS[task.what]
    if task.submission is not None:
        about, label = task.submission.title, task.submission.handling.label
        url = reverse("registry:submission", kwargs={"id_": task.submission.id})
        whose = task.submission.body.name if task.submission.body else ""
    elif task.batch is not None:
        about, label, whose = task.batch.name, task.batch.handling.label, ""
        url = reverse("registry:batch", kwargs={"id_": task.batch.id})
    else:
        entry = task.entry
        assert entry is not None  # noqa: S101 - a task is about one of the three
        about, label, whose = entry.title, entry.handling.label, ""
        url = reverse("registry:reply", kwargs={"kind": work.word_of(entry.kind), "key": entry.key})
    return {
        "what": words,
        "act": act,
        "about": about or _("without a title"),
        "url": url,
        "whose": whose,
        "since": task.since,
        "count": task.count,
        "mark": work.mark(label),
    }


def _team_row(task: TeamTask) -> dict[str, Any]:
    words, act = OF_TEAMS[task.what]
    url = reverse("directory:team", kwargs={"code": task.team.code})
    if task.what is TeamWhat.KEY:
        url = reverse("directory:key", kwargs={"code": task.team.code, "number": task.key})
    elif task.what is TeamWhat.ENDS:
        url = reverse("directory:keys", kwargs={"code": task.team.code})
    return {
        "what": words,
        "act": act,
        "about": task.team.name,
        "url": url,
        "whose": "",
        "since": task.since,
        "count": 0,
        "mark": work.mark(task.label),
    }


@never_cache
@login_required
@require_safe
def my_body(request: HttpRequest) -> HttpResponse:
    """What does my body hold here, what is under way, and who may do what?"""
    who, own, now = work.viewer(request), work.language(), timezone.now()
    shown, labels = [], []
    for body in bodies_named(who.bodies):
        open_ = submissions(who, bodies=[body.id], states=OPEN, limit=SHOWN)
        entries = entries_of(who, body.id, SHOWN)
        labels += [row.handling.label for row in (*open_.rows, *entries)]
        counts = entries_count(who, body.id)
        kinds = reads.kinds()
        shown.append(
            {
                "body": body,
                "counts": [
                    (kinds[key].plural[own], n, work.soft("kind", kind=work.word_of(key)))
                    for key, n in counts.items()
                ],
                "total": sum(counts.values()),
                "entries": [
                    (row, work.entry_url(row), work.mark(row.handling.label)) for row in entries
                ],
                "open": work.lines(open_.rows),
                "open_total": open_.total,
                "requests": [
                    (row, work.entry_url(row), work.mark(row.handling.label))
                    for row in entries_of(who, body.id)
                    if row.kind == "request"
                ],
                "due": [
                    (
                        row,
                        reverse(
                            "registry:reply",
                            kwargs={"kind": work.word_of(row.kind), "key": row.key},
                        ),
                    )
                    for row in review_due(who, [body.id], now)
                ],
                "colleagues": [
                    (one.name, role_words(one.roles)) for one in colleagues(body.id, today())
                ],
            }
        )
    context = {
        "bodies": shown,
        "kinds": [
            (held.label[own], reverse("registry:submit", kwargs={"kind": work.word_of(key)}))
            for key, held in reads.kinds().items()
        ],
        "may_submit": may(who, "registry.submit"),
        "trail": work.trail(),
        "print_class": work.printed(labels),
    }
    return render(request, "registry/my_body.html", context)


# --- searches -----------------------------------------------------------------------------


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def my_searches(request: HttpRequest) -> HttpResponse:
    """What do I keep looking for, and what is new there? A POST keeps a question."""
    who = work.viewer(request)
    faults: list[work.Fault] = []
    if request.method == "POST":
        query = request.POST.get("query") or _asked(request)
        name = request.POST.get("name", "").strip() or _name(who, query)
        try:
            actions.save_search(who, name, query)
        except KitError as error:
            faults = [work.refusal(error)]
        else:
            messages.success(request, _("The search is kept. What changes from now on is new."))
            return redirect("registry:my_searches")
    context = {
        "rows": [(kept, _kind_words(kept.question.kind)) for kept in searches(who)],
        "search": work.soft("search"),
        "faults": faults,
        "problems": bool(faults),
        "trail": work.trail(),
    }
    return render(request, "registry/my_searches.html", context)


def _asked(request: HttpRequest) -> str:
    """The question as the search page posts it: its own parameters."""
    skip = {"csrfmiddlewaretoken", "name", "query"}
    pairs = [
        (name, value)
        for name in request.POST
        if name not in skip
        for value in request.POST.getlist(name)
    ]
    return urlencode(pairs)


def _kind_words(kind: str) -> str:
    held = reads.kinds().get(kind)
    return held.plural[work.language()] if held else ""


def _name(who: Any, query: str) -> str:
    """A name for a search that got none, which no other of the person's bears."""
    try:
        question = question_of(query)
    except ValueError:
        return ""
    values = [value for chosen in question.facets.values() for value in chosen]
    parts = [_kind_words(question.kind), question.text, by_code(work.language()).comma.join(values)]
    name = " · ".join(part for part in parts if part)[:110]
    held = {kept.row.name: kept.row.query for kept in searches(who)}
    number, wanted = 2, name
    while wanted in held and held[wanted] != query:
        wanted, number = f"{name} ({number})", number + 1
    return wanted


@never_cache
@login_required
@require_POST
@found
def open_search(request: HttpRequest, id_: UUID) -> HttpResponse:
    """Look at what is new: the mark moves, and the search page answers. A POST, since it changes
    what is new; or delete the search."""
    who = work.viewer(request)
    if work.button(request) == "delete":
        actions.delete_search(who, id_)
        messages.success(request, _("The search is deleted."))
        return redirect("registry:my_searches")
    row = actions.see_search(who, id_)
    search = work.soft("search")
    return redirect(f"{search}?{row.query}" if search else reverse("registry:my_searches"))


urls = [
    path("my/body/", my_body, name="my_body"),
    path("my/tasks/", my_tasks, name="my_tasks"),
    path("my/searches/", my_searches, name="my_searches"),
    path("my/searches/<uuid:id_>/", open_search, name="my_search"),
]
