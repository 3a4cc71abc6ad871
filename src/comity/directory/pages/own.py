"""A team's own record: the form, that it was reviewed, the asking of a contact test."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comity.directory import actions, reads
from comity.directory import types as t
from comity.directory.pages.form import Contacts, Record
from comity.directory.pages.frame import found, refuse, said, trail, viewer
from comity.directory.pages.record import initial, record_of
from comity.kit.sayings import Voice


@require_http_methods(["GET", "HEAD", "POST"])
@found
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The record as a form: the team's people write the team's words, the secretariat its own."""
    who = viewer(request)
    team = reads.team(who, code)
    voice = actions.voice_of(who, team)
    if voice is None:
        raise PermissionDenied("directory.edit")
    held = reads.record(who, team, speaker=voice.value)
    silent = not (held.values or held.contacts or held.holdings)
    # A team that never spoke begins with what others say of it, and corrects it.
    base = reads.record(who, team) if silent and voice is Voice.OWN else held
    first, contacts_first = initial(base, team.name)
    form = Record(request.POST or None, initial=first | {"seen": actions.seen_of(team)})
    contacts = Contacts(request.POST or None, initial=contacts_first, prefix="contact")
    if request.method == "POST" and form.is_valid() and contacts.is_valid():
        try:
            record = record_of(form.cleaned_data, contacts.cleaned_data, base, team.code)
            actions.edit(who, team, record, seen=form.cleaned_data["seen"])
        except t.DirectoryError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Kept, beside what others say of this team."))
            return redirect("directory:team", code=team.code)
    context = {
        "team": team,
        "form": form,
        "contacts": contacts,
        "own": voice is Voice.OWN,
        "begun": silent and voice is Voice.OWN,
        "problems": form.is_bound and (bool(form.errors) or not contacts.is_valid()),
        "trail": trail(team),
    }
    return render(request, "directory/edit.html", context)


@require_POST
@found
def reviewed(request: HttpRequest, code: str) -> HttpResponse:
    """The button "all of this is right"."""
    who = viewer(request)
    team = reads.team(who, code)
    actions.reviewed(who, team)
    messages.success(request, _("Kept: the record was looked at today and found right."))
    return redirect("directory:team", code=team.code)


@require_POST
@found
def test(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the chosen mailboxes to answer."""
    who = viewer(request)
    team = reads.team(who, code)
    chosen = set(request.POST.getlist("contact"))
    wanted = [row for row in actions.testable(who, team) if str(row.pk) in chosen]
    try:
        made = actions.ask(who, team, wanted)
    except t.DirectoryError as error:
        messages.error(request, said(error))
    else:
        messages.success(request, _("Mails are on their way: {count}.").format(count=len(made)))
    return redirect("directory:team", code=team.code)
