"""The form of every kind: a new entry, a change of one's own, a draft gone on with, other words
proposed by a reviewer. One page, made from the kind; it needs no script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES, gettext_noop
from comity.kit.tlp import Label, Viewer
from comity.mandate import reads as mandate
from comity.people.reads import bodies_named
from comity.people.rules import may
from comity.registry import actions, reads
from comity.registry.actions.audience import reviewing_bodies
from comity.registry.actions.writing import Clash
from comity.registry.models import Entry, Submission
from comity.registry.pages import work
from comity.registry.pages.work import found
from comity.registry.reads.duplicates import Likely, likely_same
from comity.registry.reads.submissions import open_acts, own_words, submission
from comity.registry.rules.filling import (
    Filled,
    filled_from,
    label_from,
    languages_of,
    record_from,
    record_of,
)
from comity.registry.rules.forms import about_boxes, field_boxes, labels_of
from comity.registry.rules.submissions import Act, State, SubmissionError
from comity.registry.types import BadSubmission, EntryState, Given, Kind, Problem, Record

# Names in the form that are no field's. A kind's field could be called "body": its words are kept.
OURS = frozenset({"csrfmiddlewaretoken", "do", "more", "looked", "for_body", "why", "seen"})
RESOLUTION = "itu-pp/res-130"  # whose paragraphs an entry can be said to serve


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form: of which kind, what it starts from, whose words it would replace."""

    kind: Kind
    start: Filled
    before: Sequence[Given] = ()
    entry: Entry | None = None
    row: Submission | None = None
    reviewing: bool = False  # other words by a reviewer: no label, no draft


Take = Callable[[Record, Label | None, tuple[Problem, ...], Filled, bool], Submission]


def provisions(viewer: Viewer) -> list[tuple[str, str]]:
    """The paragraphs of the Resolution to choose from; none where it is not held."""
    try:
        version = mandate.version(viewer, RESOLUTION)
    except mandate.NotHeld:
        return []
    return [
        (f"{RESOLUTION}/{version.label}/{row.key}", f"{row.place}: {Truncator(row.text).chars(70)}")
        for row in mandate.provisions(viewer, version)
    ]


def _page(request: HttpRequest, sheet: Sheet, take: Take) -> HttpResponse:
    """Show the form, or take what was typed: another row or language, a draft, or all of it."""
    who = work.viewer(request)
    if request.method != "POST":
        return _shown(request, sheet, sheet.start)
    filled: dict[str, list[str]] = {
        name: request.POST.getlist(name)
        for name in request.POST
        if name not in OURS and not name.startswith("do_")
    }
    do = work.button(request)
    if request.POST.get("more"):
        return _shown(request, sheet, filled, more=request.POST["more"])
    if do == "language":
        added = request.POST.get("add_language", "")
        tongues = languages_of(sheet.kind, filled, work.language())
        return _shown(request, sheet, filled | {"lang": [*tongues, added]})
    record, label, problems = record_of(
        sheet.kind, filled, reads.vocabularies(), before=sheet.before
    )
    draft = do == "draft" and not sheet.reviewing
    if problems and not draft:
        return _shown(request, sheet, filled, problems=problems)
    if not draft and not sheet.reviewing:
        likely = _likely(who, sheet, record)
        if {str(one.entry.id) for one in likely} - set(request.POST.getlist("looked")):
            return _shown(request, sheet, filled, likely=likely)
    try:
        row = take(record, label, problems, filled, not draft)
    except BadSubmission as error:
        return _shown(request, sheet, filled, problems=error.problems)
    except (SubmissionError, KitError) as error:
        return _shown(request, sheet, filled, refused=error)
    messages.success(request, _kept(sheet, draft))
    return redirect("registry:submission", id_=row.id)


def _kept(sheet: Sheet, draft: bool) -> str:
    if sheet.reviewing:
        return _("Your words lie beside those of the State, which decides.")
    if draft:
        return _("Kept as a draft. Only your body reads it.")
    return _("Sent to review. Nothing is published before your body has signed it off.")


def _likely(who: Viewer, sheet: Sheet, record: Record) -> list[Likely]:
    name = sheet.row.body.name if sheet.row and sheet.row.body else ""
    if not name and len(who.bodies) == 1:
        name = actions.own_body(who).name
    return likely_same(who, record, body_name=name, entry=sheet.entry.id if sheet.entry else None)


def _shown(
    request: HttpRequest,
    sheet: Sheet,
    filled: Filled,
    *,
    problems: Sequence[Problem] = (),
    likely: Sequence[Likely] = (),
    refused: KitError | None = None,
    more: str = "",
) -> HttpResponse:
    who, own, kind = work.viewer(request), work.language(), sheet.kind
    boxes = field_boxes(
        kind,
        filled,
        reads.vocabularies(),
        language=own,
        problems=problems,
        provisions=provisions(who),
        more=more,
    )
    about = about_boxes(kind, filled, () if sheet.reviewing else labels_of(kind), problems)
    if sheet.reviewing:
        about = tuple(box for box in about if box.key != "tlp")
    tongues = languages_of(kind, filled, own)
    anchors = {box.key: box.id for box in (*boxes, *about)}
    faults = [
        work.Fault(fault.words, anchors.get(problem.field, ""), fault.label)
        for problem, fault in zip(problems, work.faults(problems, kind), strict=True)
    ]
    if refused is not None:
        faults.append(work.refusal(refused))
    default = Label(kind.default_label)
    context = {
        "sheet": sheet,
        "kind": kind,
        "kind_label": kind.label[own],
        "kind_about": kind.about[own],
        "boxes": boxes,
        "about_boxes": about,
        "folded": sum(not box.shown for box in boxes),
        "faults": faults,
        "problems": bool(faults),
        "likely": [
            (one, work.entry_url(one.entry), [work.why(reason) for reason in one.reasons])
            for one in likely
        ],
        "tongues": tongues,
        "other_tongues": [known for code, known in LANGUAGES.items() if code not in tongues],
        "readers": [body.name for body in reviewing_bodies()],
        "bodies": _bodies(who) if sheet.row is None and sheet.entry is None else [],
        "body": request.POST.get("for_body", ""),
        "default_mark": work.mark(default),
        "needs_factor": default.needs_second_factor and not who.second_factor,
        "seen": request.POST.get("seen") or _act_of(sheet),
        "reason": request.POST.get("why", ""),
        "trail": _trail(sheet),
    }
    return render(request, "registry/form.html", context)


def _act_of(sheet: Sheet) -> int | str:
    """The act that this form was written against."""
    if sheet.row is not None:
        return sheet.row.act
    return sheet.entry.act if sheet.entry is not None else ""


def _bodies(who: Viewer) -> list[tuple[str, str]]:
    """The bodies to choose from, when there are several."""
    held = bodies_named(who.bodies)
    return [(str(body.id), body.name) for body in held] if len(held) > 1 else []


def _trail(sheet: Sheet) -> list[tuple[str, str]]:
    more: list[tuple[str, str]] = []
    if sheet.row is not None:
        more.append((_("Submissions"), reverse("registry:submissions")))
        url = reverse("registry:submission", kwargs={"id_": sheet.row.id})
        more.append((sheet.row.title or _("without a title"), url))
    elif sheet.entry is not None:
        url = work.entry_url(sheet.entry)
        more += [(sheet.entry.title, url)] if url else []
    return work.trail(*more)


# --- the doors ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@found
def submit(request: HttpRequest, kind: str) -> HttpResponse:
    """A new entry of a kind."""
    who = work.demand(request, "registry.submit")
    held = work.kind_called(kind)

    def take(
        record: Record,
        label: Label | None,
        problems: tuple[Problem, ...],
        filled: Filled,
        send: bool,
    ) -> Submission:
        body = work.uuid_in(request.POST.get("for_body", ""))
        return actions.submit_record(
            who, record, body=body, label=label, problems=problems, typed=filled, send=send
        )

    return _page(request, Sheet(held, {}), take)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def edit(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Other words for an entry of one's own body: all that the body says of it stands here."""
    who = work.viewer(request)
    held = work.kind_called(kind)
    entry = reads.entry(who, held.key, key)
    work.demand(request, "registry.submit")
    if entry.owner_id is None or entry.owner_id not in who.bodies:
        raise PermissionDenied("registry.submit")
    if entry.state == EntryState.WITHDRAWN:
        raise reads.NotHeld(entry.name)
    now = own_words(entry, entry.owner_id)
    start = filled_from(now, held, Label(entry.handling.label))

    def take(
        record: Record,
        label: Label | None,
        problems: tuple[Problem, ...],
        filled: Filled,
        send: bool,
    ) -> Submission:
        seen = work.number(request.POST.get("seen", ""))
        if seen is not None and seen != entry.act:
            raise Clash(*CHANGED)
        item = replace(record, key=entry.key)
        return actions.submit_record(
            who,
            item,
            body=entry.owner_id,
            label=label,
            problems=problems,
            typed=filled,
            send=send,
        )

    return _page(request, Sheet(held, start, now.values, entry), take)


CHANGED = (
    gettext_noop("The entry was changed after this was written"),
    "",
    gettext_noop("Load the page again and write it on what stands now."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def rewrite(request: HttpRequest, id_: UUID) -> HttpResponse:
    """A draft or what was asked back, gone on with by its author."""
    who = work.viewer(request)
    row = submission(who, id_)
    if Act.EDIT not in open_acts(who, row):
        raise PermissionDenied("registry.submit")
    kind = work.kind_called(row.kind)
    item = record_from(row.kind, row.content)
    start: Mapping[str, Any] = row.typed or filled_from(item, kind, label_from(row.content))
    before = list(item.values)
    if row.entry is not None and row.body_id is not None:
        before += own_words(row.entry, row.body_id).values

    def take(
        record: Record,
        label: Label | None,
        problems: tuple[Problem, ...],
        filled: Filled,
        send: bool,
    ) -> Submission:
        words = actions.Words(record, label, problems, filled)
        seen = work.number(request.POST.get("seen", ""))
        done = actions.act_on(who, id_, Act.EDIT, seen=seen, words=words)
        return actions.act_on(who, id_, Act.SUBMIT) if send else done

    return _page(request, Sheet(kind, start, before, row.entry, row), take)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def amend(request: HttpRequest, id_: UUID) -> HttpResponse:
    """What a reviewer would rather read. It changes nothing: the State agrees, or keeps its own."""
    who = work.viewer(request)
    row = submission(who, id_)
    if not may(who, "registry.review"):
        raise PermissionDenied("registry.review")
    if row.state != State.SUBMITTED:
        return redirect("registry:submission", id_=row.id)
    kind = work.kind_called(row.kind)
    item = record_from(row.kind, row.content)

    def take(
        record: Record,
        label: Label | None,
        problems: tuple[Problem, ...],
        filled: Filled,
        send: bool,
    ) -> Submission:
        return actions.act_on(
            who,
            id_,
            Act.AMEND,
            reason=request.POST.get("why", ""),
            seen=work.number(request.POST.get("seen", "")),
            words=actions.Words(record, label, problems),
        )

    sheet = Sheet(kind, filled_from(item, kind), item.values, row.entry, row, reviewing=True)
    return _page(request, sheet, take)


urls = [
    path("submit/<slug:kind>/", submit, name="submit"),
    path("submissions/<uuid:id_>/edit/", rewrite, name="rewrite"),
    path("submissions/<uuid:id_>/amend/", amend, name="amend"),
]
last_urls = [path("<slug:kind>/<str:key>/edit/", edit, name="edit")]
