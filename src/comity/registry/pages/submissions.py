"""The queue of submissions, and one of them: what it would change, what was done, what is next."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from comity.kit.errors import KitError
from comity.registry import actions, reads
from comity.registry.actions.audience import reviewing_bodies
from comity.registry.models import Submission
from comity.registry.pages import many, work
from comity.registry.pages.work import ACTS, DONE, PARTIES, STATES, found
from comity.registry.reads.duplicates import likely_same
from comity.registry.reads.submissions import (
    changes,
    changes_meanwhile,
    changes_proposed,
    open_acts,
    queues,
    stale,
    steps,
    submission,
    submissions,
)
from comity.registry.rules.filling import label_from, record_from
from comity.registry.rules.submissions import NEEDS_REASON, Act, State
from comity.registry.types import BadSubmission, Kind

PAGE = 50
# Acts that are a page of their own, or need no button here.
ELSEWHERE = {Act.EDIT: "registry:rewrite", Act.AMEND: "registry:amend"}
# What ends something, or is said against it, is never the first button.
QUIET = frozenset(
    {
        Act.ASK_BACK,
        Act.REJECT,
        Act.WITHDRAW,
        Act.TAKE_BACK,
        Act.HOLD_BACK,
        Act.KEEP_WORDS,
        Act.RETRACT,
        Act.CONTEST,
        Act.REPLY,
    }
)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@found
def queue(request: HttpRequest) -> HttpResponse:
    """Which submissions are there, and which wait? Only those that the viewer may see. A POST is
    one act on those that were chosen."""
    who = work.viewer(request)
    refused: tuple[work.Fault, ...] = ()
    if request.method == "POST":
        try:
            act = Act(request.POST.get("do", ""))
        except ValueError:
            return redirect(request.get_full_path())
        done = many.act_on_many(
            who, act, request.POST.getlist("row"), request.POST.get("reason", "")
        )
        if done.count:
            messages.success(request, _many_done(done.count))
        if not done.refused:
            return redirect(request.get_full_path())
        refused = done.refused
    counts = queues(who)
    state = request.GET.get("state", "")
    kind = request.GET.get("kind", "")
    mine = request.GET.get("whose", "") == "mine"
    shown = submissions(
        who,
        states=[state] if state in STATES else (),
        kind=kind if kind in reads.kinds() else "",
        bodies=who.bodies if mine else None,
        after=request.GET.get("after", ""),
        limit=PAGE,
    )
    own = work.language()
    lines, acts = many.picked(who, work.lines(shown.rows))
    context = {
        "faults": refused,
        "problems": bool(refused),
        "reason": request.POST.get("reason", ""),
        "acts": [(act.value, ACTS[act], act in QUIET) for act in acts],
        "signs": Act.SIGN_OFF in acts,
        "queues": [(key, chip, *counts[key]) for key, chip in STATES.items() if key in counts],
        "state": state,
        "states": [(key, chip.word) for key, chip in STATES.items()],
        "kinds": [(key, held.plural[own]) for key, held in reads.kinds().items()],
        "kind": kind,
        "mine": mine,
        "rows": lines,
        "total": shown.total,
        "after": shown.next,
        "trail": work.trail(),
        "print_class": work.printed(row.handling.label for row in shown.rows),
    }
    return render(request, "registry/submissions.html", context)


def _many_done(count: int) -> str:
    return ngettext(
        "{n} submission: done, and in the record of acts.",
        "{n} submissions: done, each in the record of acts.",
        count,
    ).format(n=count)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@found
def one(request: HttpRequest, id_: UUID) -> HttpResponse:
    """One submission; a POST is one act on it."""
    who = work.viewer(request)
    row = submission(who, id_)
    refused: list[work.Fault] = []
    kind = reads.kinds().get(row.kind)
    if request.method == "POST":
        try:
            act = Act(request.POST.get("do", ""))
        except ValueError:
            return redirect(request.path)
        try:
            done = actions.act_on(
                who,
                id_,
                act,
                reason=request.POST.get("reason", ""),
                seen=work.number(request.POST.get("seen", "")),
            )
        except BadSubmission as error:
            refused = work.faults(error.problems, kind)
        except KitError as error:
            refused = [work.refusal(error)]
        else:
            messages.success(request, _said(act, done))
            return redirect(request.path)
        row = submission(who, id_)
    if kind is None:
        raise reads.NotHeld(row.kind)
    return render(request, "registry/submission.html", _context(request, row, kind, refused))


def _said(act: Act, row: Submission) -> str:
    if act is Act.SIGN_OFF:
        return _("Signed off. It is published as your body's own word.")
    return _("Done, and in the record of acts. It now stands as “{state}”.").format(
        state=STATES[row.state].word
    )


def _context(
    request: HttpRequest, row: Submission, kind: Kind, refused: list[work.Fault]
) -> dict[str, Any]:
    who, own = work.viewer(request), work.language()
    item = record_from(row.kind, row.content, row.row)
    acts = open_acts(who, row)
    published = row.state in (State.PUBLISHED, State.CONTESTED)
    likely = (
        []
        if published or row.state == State.WITHDRAWN
        else likely_same(
            who,
            item,
            body_name=row.body.name if row.body else "",
            entry=row.entry.id if row.entry else None,
        )
    )
    before = stale(row) and not published and row.state != State.WITHDRAWN
    entry_seen = row.entry is not None and _sees(request, row)
    return {
        "row": row,
        "line": work.lines([row])[0],
        "kind": kind,
        "kind_label": kind.label[own],
        "chosen": label_from(row.content) and work.mark(row.content["label"]),
        "default": work.mark(kind.default_label),
        "values": [
            (label, [work.told(kind, key, value) for value in values])
            for key, label, values in _values(row, kind, own)
        ],
        "changes": work.differences(kind, changes(who, row)) if row.entry_id else [],
        "proposed": work.differences(kind, changes_proposed(row)),
        "stale": before,
        "meanwhile": work.differences(kind, changes_meanwhile(who, row)) if before else [],
        "entry_url": work.entry_url(row.entry) if entry_seen and row.entry else "",
        "steps": [
            (step, DONE[step.act_name], PARTIES[step.party], STATES[step.after].word)
            for step in reversed(steps(who, row))
        ],
        "acts": [
            (act.value, ACTS[act], act in NEEDS_REASON, act in QUIET)
            for act in acts
            if act not in ELSEWHERE
        ],
        "pages": [
            (ACTS[act], reverse(route, kwargs={"id_": row.id}))
            for act, route in ELSEWHERE.items()
            if act in acts
        ],
        "readers": [body.name for body in reviewing_bodies()],
        "sends": Act.SUBMIT in acts,
        "signs": Act.SIGN_OFF in acts,
        "likely": [
            (found_, work.entry_url(found_.entry), [work.why(r) for r in found_.reasons])
            for found_ in likely
        ],
        "faults": refused,
        "problems": bool(refused),
        "reason": request.POST.get("reason", ""),
        "trail": work.trail((_("Submissions"), reverse("registry:submissions"))),
        "print_class": work.printed([row.handling.label]),
    }


def _sees(request: HttpRequest, row: Submission) -> bool:
    """The entry may be for fewer than the submission: it is then not spoken of."""
    assert row.entry is not None  # noqa: S101 - asked only where there is one
    try:
        reads.entry(work.viewer(request), row.entry.kind, row.entry.key)
    except reads.NotHeld:
        return False
    return True


def _values(row: Submission, kind: Kind, own: str) -> list[tuple[str, str, list[Any]]]:
    """What it says, field by field, in the kind's order."""
    by_key: dict[str, list[Any]] = {}
    for value in row.content["values"]:
        by_key.setdefault(value["field"], []).append(value)
    made: list[tuple[str, str, list[Any]]] = []
    if row.content["subtype"]:
        made.append(("subtype", _("Type"), [row.content["subtype"]]))
    made += [
        (field.key, field.label[own], by_key[field.key])
        for field in kind.fields
        if field.key in by_key
    ]
    return made


urls = [
    path("submissions/", queue, name="submissions"),
    path("submissions/<uuid:id_>/", one, name="submission"),
]
