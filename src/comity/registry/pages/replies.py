"""The right of reply: answer an entry, contest it, take that back, confirm one's own."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES
from comity.people.rules import may
from comity.registry import actions, reads
from comity.registry.actions.replying import LONGEST
from comity.registry.models import Entry
from comity.registry.pages import work
from comity.registry.pages.work import found
from comity.registry.reads.answering import answering_bodies
from comity.registry.reads.answering import reply as held_reply


def _address(entry: Entry) -> str:
    """Where its replies are read and written."""
    return reverse("registry:reply", kwargs={"kind": work.word_of(entry.kind), "key": entry.key})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@found
def reply(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Answer or contest an entry, for a body that it concerns; its owner may confirm it here."""
    who = work.viewer(request)
    held = work.kind_called(kind)
    entry = reads.entry(who, held.key, key)
    bodies = answering_bodies(who, entry)
    if not bodies:
        raise PermissionDenied("registry.sign_off")
    faults: list[work.Fault] = []
    if request.method == "POST":
        try:
            if work.button(request) == "confirm":
                actions.confirm_entry(who, entry)
                messages.success(request, _("Confirmed: what your body says of it still holds."))
            else:
                actions.answer(
                    who,
                    entry,
                    request.POST.get("text", ""),
                    body=work.uuid_in(request.POST.get("body", "")),
                    contests=request.POST.get("contests") == "yes",
                    language=request.POST.get("language", ""),
                )
                messages.success(
                    request, _("The reply stands with the entry, under your body's name.")
                )
            return redirect(_address(entry))
        except KitError as error:
            faults = [work.refusal(error)]
    context = {
        "entry": entry,
        "kind": held,
        "kind_label": held.label[work.language()],
        "entry_url": work.entry_url(entry),
        "bodies": bodies,
        "body": request.POST.get("body", ""),
        "owns": entry.owner_id in who.bodies and may(who, "registry.sign_off"),
        "text": request.POST.get("text", ""),
        "contests": request.POST.get("contests", ""),
        "languages": list(LANGUAGES.values()),
        "language": request.POST.get("language") or work.language(),
        "longest": LONGEST,
        "faults": faults,
        "problems": bool(faults),
        "mark": work.mark(entry.handling.label),
        "trail": work.trail(*([(entry.title, url)] if (url := work.entry_url(entry)) else [])),
        "print_class": work.printed([entry.handling.label]),
    }
    return render(request, "registry/reply.html", context)


@require_POST
@found
def take_back(request: HttpRequest, id_: UUID) -> HttpResponse:
    """Take a reply back."""
    row = held_reply(work.viewer(request), id_)
    actions.withdraw_reply(work.viewer(request), row)
    messages.success(request, _("The reply is taken back."))
    return redirect(_address(row.entry))


urls = [path("replies/<uuid:id_>/take-back/", take_back, name="take_back_reply")]
last_urls = [path("<slug:kind>/<str:key>/reply/", reply, name="reply")]
