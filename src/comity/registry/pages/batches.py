"""Files of many entries: sent in, and their rows that wait mended or dropped."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES
from comity.kit.sheets import ENCODINGS, LIMITS, Unreadable, refuse_size, write_csv, write_xlsx
from comity.people.rules import may
from comity.registry import actions, reads
from comity.registry.actions.audience import reviewing_bodies
from comity.registry.pages import work
from comity.registry.pages.work import found
from comity.registry.reads.submissions import (
    batch,
    batches,
    submissions,
    tally,
    waiting_row,
    waiting_rows,
)
from comity.registry.rules.checking import columns
from comity.registry.types import BadSubmission, Kind, Problem

AROUND = 64 * 1024  # bytes of a post beside the file: names, tokens, boundaries
PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@csrf_exempt  # so that the size is refused before the body is read; then the check is made
@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a file. One that is too large is refused by its announced size, before it is read."""
    if request.method == "POST":
        try:
            refuse_size(int(request.META.get("CONTENT_LENGTH") or 0) - AROUND)
        except (Unreadable, ValueError) as error:
            work.demand(request, "registry.submit")
            refused = error if isinstance(error, Unreadable) else Unreadable("", "", "")
            return _form(request, refused, status=413, posted=False)
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    who = work.demand(request, "registry.submit")
    if request.method != "POST":
        return _form(request, None)
    file = request.FILES.get("file")
    try:
        if not isinstance(file, UploadedFile):
            raise Unreadable(_("No file was chosen"), "", _("Choose a CSV or XLSX file."))
        refuse_size(file.size or 0)
        kind = request.POST.get("kind", "")
        tongue = request.POST.get("language", "")
        encoding = request.POST.get("encoding", "")
        loaded = actions.submit_file(
            who,
            kind,
            file.read(),
            file.name or "",
            body=work.uuid_in(request.POST.get("body", "")),
            language=tongue if tongue in LANGUAGES else work.language(),
            encoding=encoding if encoding in ENCODINGS else "",
        )
    except BadSubmission as error:
        return _form(request, Unreadable(error.message, "", error.remedy))
    except KitError as error:
        return _form(request, error)
    for finding in loaded.findings[:5]:
        if not finding.row:
            words = (work.sentence(finding.message), work.sentence(finding.remedy))
            messages.warning(request, " ".join(words))
    assert loaded.batch is not None  # noqa: S101 - a file that was read is a batch
    return redirect("registry:batch", id_=loaded.batch.id)


def _form(
    request: HttpRequest, error: KitError | None, *, status: int = 200, posted: bool = True
) -> HttpResponse:
    own, who = work.language(), work.viewer(request)
    given = request.POST if posted else {}
    faults = [work.refusal(error)] if error else []
    context = {
        "kinds": [(key, held.plural[own]) for key, held in reads.kinds().items()],
        "forms": [("csv", "CSV"), ("xlsx", "XLSX")],
        "kind": given.get("kind") or request.GET.get("kind", ""),
        "encodings": [("", "UTF-8"), *((name, name) for name in ENCODINGS)],
        "encoding": given.get("encoding", ""),
        "languages": list(LANGUAGES.values()),
        "language": given.get("language") or own,
        "faults": faults,
        "problems": bool(faults),
        "megabytes": LIMITS.upload // 2**20,
        "readers": [body.name for body in reviewing_bodies()],
        "batches": [(row, tally(row)) for row in batches(who, who.bodies)],
        "trail": work.trail(),
    }
    return render(request, "registry/upload.html", context, status=status)


@require_safe
@found
def template(request: HttpRequest, kind: str, form: str) -> HttpResponse:
    """An empty file with the columns of a kind. It tells nothing that is not public."""
    held = work.kind_called(kind)
    names = columns(held, (work.language(),))
    if form == "csv":
        answer = HttpResponse(
            b"".join(write_csv(names, [])), content_type="text/csv; charset=utf-8"
        )
    elif form == "xlsx":
        notes = _notes(held)
        rtl = LANGUAGES[work.language()].dir == "rtl"
        data = write_xlsx(names, [], title=held.plural[work.language()], notes=notes, rtl=rtl)
        answer = HttpResponse(data, content_type=XLSX)
    else:
        raise reads.NotHeld(form)
    answer["Content-Disposition"] = f'attachment; filename="{held.key}.{form}"'
    return answer


def _notes(kind: Kind) -> list[str]:
    """What each column holds, a line a column."""
    own = work.language()
    lines = [_("Several values in one cell are separated by semicolons.")]
    for field in kind.fields:
        parts = [field.key, field.label[own], field.help.get(own, "")]
        if field.required:
            parts.append(_("required"))
        lines.append(" · ".join(part for part in parts if part))
    return lines


@never_cache
@login_required
@require_safe
@found
def one(request: HttpRequest, id_: UUID) -> HttpResponse:
    """What became of a file: how many rows arrived, which wait and for what."""
    who = work.viewer(request)
    held = batch(who, id_)
    kind = work.kind_called(held.kind)
    shown = submissions(who, batch=held.id, after=request.GET.get("after", ""), limit=PAGE)
    waits = waiting_rows(held)
    context = {
        "batch": held,
        "kind_label": kind.plural[work.language()],
        "tally": tally(held),
        "rows": work.lines(shown.rows),
        "total": shown.total,
        "after": shown.next,
        "waiting": [(row, _first(row.raw), _problems(row.problems, kind)) for row in waits],
        "may_mend": may(who, "registry.submit") and held.body_id in who.bodies,
        "mark": work.mark(held.handling.label),
        "trail": work.trail((_("Send a file"), reverse("registry:upload"))),
        "print_class": work.printed([held.handling.label]),
    }
    return render(request, "registry/batch.html", context)


def _first(raw: dict[str, str]) -> str:
    """What a row is known by."""
    return next((raw[name] for name in ("title", "key") if raw.get(name)), "")[:120]


def _problems(rows: list[dict[str, Any]], kind: Kind) -> list[work.Fault]:
    return work.faults((Problem(**row) for row in rows), kind)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@found
def mend(request: HttpRequest, id_: UUID, number: int) -> HttpResponse:
    """Mend one row of a batch and take it, or drop it with a reason."""
    who = work.viewer(request)
    row = waiting_row(who, id_, number)
    if not may(who, "registry.submit") or row.batch.body_id not in who.bodies:
        raise PermissionDenied("registry.submit")
    kind = work.kind_called(row.batch.kind)
    if row.state != "waiting":
        messages.warning(request, _("This row waits no more."))
        return redirect("registry:batch", id_=id_)
    problems = [Problem(**given) for given in row.problems]
    cells = dict(row.raw)
    faults: list[work.Fault] = []
    if request.method == "POST":
        try:
            if work.button(request) == "drop":
                actions.drop_row(who, id_, number, request.POST.get("reason", ""))
                messages.success(request, _("The row is left out, with your reason."))
            else:
                cells = _cells(request, kind)
                tongue = request.POST.get("language", "")
                tongue = tongue if tongue in LANGUAGES else work.language()
                actions.mend_row(who, id_, number, cells, language=tongue)
                messages.success(request, _("The row arrived with the others."))
            return redirect("registry:batch", id_=id_)
        except BadSubmission as error:
            problems = list(error.problems)
            faults = work.faults(problems, kind)
        except KitError as error:
            faults = [work.refusal(error)]
    context = {
        "row": row,
        "batch": row.batch,
        "kind": kind,
        "cells": _controls(kind, cells, problems),
        "faults": faults,
        "problems": bool(faults),
        "languages": list(LANGUAGES.values()),
        "language": request.POST.get("language") or work.language(),
        "reason": request.POST.get("reason", ""),
        "trail": work.trail(
            (_("Send a file"), reverse("registry:upload")),
            (row.batch.name, reverse("registry:batch", kwargs={"id_": id_})),
        ),
    }
    return render(request, "registry/mend.html", context)


def _cells(request: HttpRequest, kind: Kind) -> dict[str, str]:
    """The cells of the form; a cell beside the columns of the form is not one of the row."""
    known = set(columns(kind, LANGUAGES))
    given = {
        name.removeprefix("c_"): text for name, text in request.POST.items() if name[:2] == "c_"
    }
    return {name: text for name, text in given.items() if name in known or text.strip()}


def _controls(kind: Kind, cells: dict[str, str], problems: list[Problem]) -> list[dict[str, Any]]:
    """A box for every cell with something in it, every problem and every required field."""
    own, known = work.language(), kind.by_key
    wrong: dict[str, list[str]] = {}
    for problem in problems:
        wrong.setdefault(problem.field, []).append(work.said(problem))
    required = [field.key for field in kind.fields if field.required]
    held = [name for name, text in cells.items() if text.strip()]
    if "title" in required and any(name.startswith("title_") for name in held):
        required.remove("title")
    names = list(dict.fromkeys([*(n for n in wrong if n), *required, *held]))
    return [
        {
            "name": name,
            "label": known[name].label[own] if name in known else name,
            "help": known[name].help.get(own, "") if name in known else "",
            "text": cells.get(name, ""),
            "long": len(cells.get(name, "")) > 60,
            "problems": wrong.get(name, []),
        }
        for name in names
    ]


urls = [
    path("upload/", upload, name="upload"),
    path("upload/<slug:kind>.<slug:form>", template, name="template"),
    path("batches/<uuid:id_>/", one, name="batch"),
    path("batches/<uuid:id_>/rows/<int:number>/", mend, name="mend"),
]
