"""Keys of a team: add one, confirm or refuse one that waits, revoke one."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comity.directory import actions, reads
from comity.directory import types as t
from comity.directory.pages import wording
from comity.directory.pages.frame import found, refuse, trail, viewer
from comity.kit import tlp
from comity.kit.tlp import Label, Viewer
from comity.people.rules import may
from comity.people.types import Role

_LABELS = [(label.value, str(label)) for label in Label if label is not Label.RED]


class NewKey(forms.Form):
    """One public key or certificate."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=list(wording.KEY_KINDS.items()))
    purpose = forms.CharField(
        label=gettext_lazy("For"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("As: mail to the team, signed notices."),
    )
    label = forms.ChoiceField(label=gettext_lazy("Marking"), choices=_LABELS)
    text = forms.CharField(
        label=gettext_lazy("Public key"),
        help_text=gettext_lazy("In ASCII armour (OpenPGP) or PEM (S/MIME). Never a secret key."),
        max_length=1_500_000,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "ltr", "lang": "en", "spellcheck": "false"}),
    )


class Reason(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("A sentence that a later reader can check."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@found
def add(request: HttpRequest, code: str) -> HttpResponse:
    """The keys of a team and the form to add one."""
    who = viewer(request)
    team = reads.team(who, code)
    if actions.voice_of(who, team) is None:
        raise PermissionDenied("directory.edit")
    form = NewKey(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.add_key(
                who,
                team,
                t.KeyKind(given["kind"]),
                given["text"],
                purpose=given["purpose"],
                label=tlp.parse(given["label"]),
            )
        except t.DirectoryError as error:
            refuse(form, error)
        else:
            if row.waits:
                words = _("The key waits: a second person of the team confirms it.")
            else:
                words = _("The key is kept.")
            messages.success(request, words)
            return redirect("directory:team", code=team.code)
    context = {
        "team": team,
        "form": form,
        "keys": reads.profile(who, code, now=timezone.now()).keys,
        "problems": form.is_bound and bool(form.errors),
        "trail": trail(team),
    }
    return render(request, "directory/keys.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def key(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One key: what it says of itself, and what the reader may do with it."""
    who = viewer(request)
    profile = reads.profile(who, code, now=timezone.now())
    row = next((held for held in profile.keys if held.row.pk == number), None)
    if row is None:
        raise Http404("no such key")
    form = Reason(request.POST or None)
    can = _can(who, profile.team)
    if request.method == "POST":
        what = request.POST.get("what", "")
        if what not in can:
            raise PermissionDenied("directory.confirm")
        if form.is_valid():
            try:
                _do(what, who, row.row, form.cleaned_data["reason"])
            except t.DirectoryError as error:
                refuse(form, error)
            else:
                messages.success(request, _("Kept, with a line in the record of acts."))
                return redirect("directory:team", code=code)
    context = {
        "team": profile.team,
        "key": row,
        "chip": wording.KEY_STATES[row.state.value],
        "faults": [wording.KEY_FAULTS.get(fault, fault) for fault in row.row.faults],
        "form": form,
        "can": can,
        "problems": form.is_bound and bool(form.errors),
        "trail": [*trail(profile.team)],
    }
    return render(request, "directory/key.html", context)


def _can(who: Viewer, team: object) -> set[str]:
    """What the reader may do: shown where it may be done, asked again by the act."""
    voice = actions.voice_of(who, team)  # type: ignore[arg-type]
    ours = getattr(team, "body_id", None) in who.bodies
    found_ = {"refuse", "revoke"} if voice is not None else set()
    if (ours and may(who, "directory.confirm")) or Role.SECRETARIAT in who.roles:
        found_.add("confirm")
    return found_


def _do(what: str, who: Viewer, row: object, reason: str) -> None:
    if what == "confirm":
        actions.confirm_key(who, row, reason=reason)  # type: ignore[arg-type]
    elif what == "refuse":
        actions.refuse_key(who, row)  # type: ignore[arg-type]
    else:
        actions.revoke_key(who, row, reason)  # type: ignore[arg-type]
