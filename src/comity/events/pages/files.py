"""Files handed in and what came of them; rows held back, mended and tried again; the feeds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.events import models as m
from comity.events.actions import mending
from comity.events.pages import refusals, wording
from comity.events.pages.frame import demand, found, said, trail, viewer
from comity.events.reads import handed, holds
from comity.events.reads.house import feeds as catalogue
from comity.events.reads.tables import table
from comity.events.types.schema import RAW_LIMIT
from comity.events.types.sources import EventsError
from comity.people.rules import may

SHOWN = 200  # rows held back on one page


class Mended(forms.Form):
    """The text of a row, to be taken instead of what came."""

    raw = forms.CharField(
        label=gettext_lazy("The row as it should be"),
        help_text=gettext_lazy("One line, in the form of the file. What came stays in the file."),
        max_length=RAW_LIMIT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr", "spellcheck": "false"}),
    )


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    demand(request, "events.watch")
    who = viewer(request)
    words = {name: request.GET.get(name, "")[:120] for name in ("feed", "state", "after")}
    page = handed.files(who, **words)
    context = {
        "page": page,
        "words": words,
        "feeds": sorted(catalogue()),
        "states": wording.STATES.items(),
        "may_open": may(who, "events.ingest"),
        "may_oversee": may(who, "events.oversee"),
        "trail": trail(),
        "machines": [("JSON", "/api/v1/events/files")],
    }
    return render(request, "events/files.html", context)


def _file(request: HttpRequest, key: UUID) -> m.Intake:
    """A file the reader may know of; for others it is not there."""
    row = handed.file(viewer(request), key)
    if row is None:
        raise Http404(str(key))
    return row


@require_safe
@found
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    who, row = viewer(request), _file(request, key)
    opened = handed.opened(who).filter(pk=row.pk).exists()
    held = handed.rejected(who, intake=row.pk, most=SHOWN) if row.rejected and opened else None
    context = {
        "row": row,
        "refusal": refusals.told(row.error),
        "opened": opened,
        "held": held.to_dicts() if held is not None else [],
        "unknown": row.told.get("unknown_columns", []),
        "kept": holds.over(who, row.received.date(), row.feed),
        "source": catalogue().get(row.feed),
        "table": table(row.addresses, timezone.now()),
        "trail": trail((_("Files"), reverse("events:files"))),
        "machines": [("JSON", f"/api/v1/events/files/{row.pk}")],
    }
    return render(request, "events/file.html", context)


@require_safe
def rejected(request: HttpRequest) -> HttpResponse:
    demand(request, "events.ingest")
    rows = handed.rejected(viewer(request), most=SHOWN).to_dicts()
    context = {
        "held": rows,
        "most": SHOWN,
        "trail": trail((_("Files"), reverse("events:files"))),
        "machines": [("JSON", "/api/v1/events/rejected")],
    }
    return render(request, "events/rejected.html", context)


@require_POST
@found
def replay(request: HttpRequest, key: UUID) -> HttpResponse:
    """Try the rows of a file again, after a mapping was improved."""
    demand(request, "events.ingest")
    row = _file(request, key)
    try:
        _tell(request, mending.replay(viewer(request), row.pk))
    except EventsError as error:
        messages.error(request, said(error))
    return redirect("events:file", key=row.pk)


def _tell(request: HttpRequest, done: dict[str, int]) -> None:
    words = _(
        "{tried} tried, {stored} stored, {duplicate} seen before, {rejected} held back again."
    )
    messages.success(request, words.format(**done))


@require_http_methods(["GET", "HEAD", "POST"])
@found
def mend(request: HttpRequest, key: UUID, row: int) -> HttpResponse:
    """One row held back, with a field for the text that should be taken."""
    demand(request, "events.ingest")
    intake = _file(request, key)
    held = handed.rejected(viewer(request), intake=intake.pk, most=100_000).to_dicts()
    one: dict[str, Any] | None = next((r for r in held if r["row"] == row), None)
    if one is None:
        raise Http404(str(row))
    form = Mended(request.POST or None, initial={"raw": one["raw"]})
    if request.method == "POST" and form.is_valid():
        try:
            done = mending.mend(viewer(request), intake.pk, row, form.cleaned_data["raw"])
        except EventsError as error:
            form.add_error("raw" if error.place == "raw" else None, said(error))
        else:
            _tell(request, done)
            return redirect("events:file", key=intake.pk)
    context = {
        "form": form,
        "one": one,
        "intake": intake,
        "problems": form.is_bound and bool(form.errors),
        "trail": trail(
            (_("Files"), reverse("events:files")),
            (intake.name, reverse("events:file", args=[intake.pk])),
        ),
    }
    return render(request, "events/mend.html", context)


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """What the house can read, under which licence, and what came when."""
    who = viewer(request)
    context = {
        "rows": handed.feed_list(who, timezone.now()),
        "desk": may(who, "events.watch"),
        "trail": trail(),
        "machines": [("JSON", "/api/v1/events/feeds")],
    }
    return render(request, "events/feeds.html", context)
