"""Pages where a person with the role decides: a fate, a change, the state of a duty."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comity.kit.tlp import Viewer
from comity.mandate import actions, reads
from comity.mandate import models as m
from comity.mandate.pages import wording
from comity.mandate.pages.frame import Frame, cite, found, frame, viewer
from comity.mandate.pages.texts import duty_context, proposal_rows
from comity.mandate.rules.saying import LINE, LINES
from comity.mandate.rules.words import redline
from comity.mandate.types import ChangeKind, DutyStatus, Fate, MandateError, Target
from comity.people.rules import may

Options = list[tuple[str, str]]


class Decision(forms.Form):
    """What was decided, where the words went or came from, and why."""

    decided = forms.ChoiceField(label=gettext_lazy("Decision"))
    targets = forms.MultipleChoiceField(
        label=gettext_lazy("Paragraphs"),
        required=False,
        help_text=gettext_lazy("Several can be chosen. None for what left no trace."),
        widget=forms.SelectMultiple(attrs={"size": 8, "dir": "ltr", "lang": "en"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("A sentence that a later reader can check."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, decisions: Options, places: Options, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["decided"].choices = decisions  # type: ignore[attr-defined]
        self.fields["targets"].choices = places  # type: ignore[attr-defined]

    def chosen(self) -> list[Target]:
        split = (value.rsplit("|", 1) for value in self.cleaned_data["targets"])
        return [Target(section, path) for section, path in split]


class State(forms.Form):
    """How a duty stands, on what evidence, and by when it is due."""

    status = forms.ChoiceField(label=gettext_lazy("State"), choices=[])
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"),
        required=False,
        help_text=gettext_lazy("Addresses or record numbers, one a line."),
        max_length=(LINE + 2) * LINES,  # a browser ends lines with two signs
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["status"].choices = [  # type: ignore[attr-defined]
            (str(s), chip.word) for s, chip in wording.DUTY_STATES.items()
        ]


class Due(forms.Form):
    """A deadline with the document that sets it."""

    due = forms.DateField(
        label=gettext_lazy("Due on"), widget=forms.DateInput(attrs={"type": "date"})
    )
    source = forms.CharField(
        label=gettext_lazy("Source of the date"),
        max_length=300,
        help_text=gettext_lazy("The document that sets it. A date without one is not taken."),
    )


def _places(request: HttpRequest, version: m.Version) -> Options:
    rows = reads.unit_rows(viewer(request), version)
    return [
        (f"{u.section}|{u.path}", f"{u.section} {u.num.rstrip(')') or u.path}: {u.text[:60]}")
        for u in rows
    ]


def _say(form: forms.Form, error: MandateError) -> None:
    """A refusal in the reader's language."""
    words = (error.message, error.remedy)
    form.add_error(None, " ".join(_(part) for part in words if part))


def _number(request: HttpRequest, field: str) -> int:
    """The number of an act in a hidden field; 0 for anything else."""
    given = request.POST.get(field, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0


def _demand(request: HttpRequest, permission: str) -> None:
    """What one may see but not do is 403; the sign-in page is offered by the error page."""
    if not may(viewer(request), permission):
        raise PermissionDenied(permission)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def proposal(
    request: HttpRequest, issuer: str, name: str, label: str, passage: str
) -> HttpResponse:
    """One proposal: its words, what became of it, the two texts; and the form to settle it."""
    who = viewer(request)
    here = frame(request, issuer, name, label)
    row = next(iter(reads.proposals(who, here.version, passage=passage)), None)
    if row is None:
        raise reads.NotHeld(f"{here.key} {here.label} knows no proposal {passage}.")
    decisions = [(str(f), str(wording.SETTLED_FATES[f].word)) for f in Fate]
    first = {"decided": row.final, "targets": [f"{p.section}|{p.path}" for p in row.target_rows]}
    form = Decision(
        request.POST or None,
        initial=first,
        decisions=decisions,
        places=_places(request, here.version),
    )
    if request.method == "POST":
        _demand(request, "mandate.settle")
        if form.is_valid():
            try:
                actions.settle_fate(
                    who,
                    row.passage.version,
                    here.version,
                    row.passage,
                    Fate(form.cleaned_data["decided"]),
                    form.chosen(),
                    form.cleaned_data["reason"],
                    replaces=_number(request, "seen"),
                )
            except MandateError as error:
                _say(form, error)
                row = next(iter(reads.proposals(who, here.version, passage=passage)), row)
            else:
                messages.success(request, _("The decision stands, beside the machine's guess."))
                return redirect(request.path)
    clean = reads.passage_clean(row.passage) or row.text
    context = {
        "here": here,
        "trail": here.trail((_("Proposals"), here.url("proposals"))),
        "item": proposal_rows([row])[0],
        "row": row,
        "guess": wording.FATES[row.fate],
        "clean": clean,
        "sides": [(p, redline(clean, p.text, signs=False)) for p in row.target_rows],
        "formula": wording.FORMULA,
        "form": form,
        "seen": row.settled.act if row.settled else 0,
        "may_settle": may(who, "mandate.settle"),
        "problems": form.is_bound and bool(form.errors),
        "machines": here.machines("fates.json", "fates.csv"),
        "cite": cite(here, row.passage.tag or row.passage.section),
    }
    return render(request, "mandate/proposal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def change(
    request: HttpRequest, issuer: str, name: str, old: str, new: str, subject: str
) -> HttpResponse:
    """Settle one change between two versions."""
    who = viewer(request)
    before, here = frame(request, issuer, name, old), frame(request, issuer, name, new)
    row = _change(who, before, here, subject)
    _demand(request, "mandate.settle")
    other = before if row.new else here
    form = Decision(
        request.POST or None,
        initial={
            "decided": str(row.kind),
            "targets": [f"{u.section}|{u.path}" for u in (row.old if row.new else ())],
        },
        decisions=[(str(k), str(chip.word)) for k, chip in wording.CHANGES.items()],
        places=_places(request, other.version),
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.settle_change(
                who,
                before.version,
                here.version,
                subject,
                ChangeKind(form.cleaned_data["decided"]),
                form.chosen(),
                form.cleaned_data["reason"],
                replaces=_number(request, "seen"),
            )
        except MandateError as error:
            _say(form, error)
            row = _change(who, before, here, subject)
        else:
            messages.success(request, _("The decision stands, beside the machine's guess."))
            return redirect("mandate:comparison", issuer=issuer, name=name, old=old, new=new)
    context = {
        "here": here,
        "before": before,
        "change": row,
        "chip": wording.CHANGES[row.kind],
        "confidence": wording.CONFIDENCE[row.confidence],
        "settled": wording.CHANGES[ChangeKind(row.settled.decided)] if row.settled else None,
        "seen": row.settled.act if row.settled else 0,
        "form": form,
        "formula": wording.FORMULA,
        "problems": form.is_bound and bool(form.errors),
    }
    return render(request, "mandate/settle_change.html", context)


def _change(who: Viewer, old: Frame, new: Frame, subject: str) -> reads.ChangeRow:
    for row in reads.changes(who, old.version, new.version):
        if row.subject == subject:
            return row
    raise reads.NotHeld(f"{new.key}: no change {subject} between {old.label} and {new.label}.")


@require_http_methods(["GET", "HEAD", "POST"])
@found
def duty(request: HttpRequest, issuer: str, name: str, label: str, unit: str) -> HttpResponse:
    """Say how a duty stands, enter its deadline, or withdraw one."""
    who = viewer(request)
    here = frame(request, issuer, name, label)
    provision = reads.provision(who, here.version, unit)
    row = reads.duty_of(who, provision)
    if row is None:
        raise reads.NotHeld(f"{provision.key} asks nothing of anybody.")
    _demand(request, "mandate.annotate")
    what = request.POST.get("what", "") if request.method == "POST" else ""
    state = State(request.POST if what == "state" else None, initial=_state_now(row))
    due = Due(request.POST if what == "due" else None)
    form: State | Due = due if what == "due" else state
    if request.method == "POST" and (what == "withdraw" or form.is_valid()):
        try:
            if what == "withdraw":
                actions.withdraw_deadline(who, row.duty, _number(request, "act"))
            elif what == "due":
                actions.enter_deadline(who, row.duty, **form.cleaned_data)
            else:
                status = DutyStatus(form.cleaned_data["status"])
                evidence = form.cleaned_data["evidence"].splitlines()
                actions.say_state(who, row.duty, status, evidence)
        except MandateError as error:
            if what == "withdraw":  # it has no form of its own
                messages.error(request, _(error.message))
                return redirect(request.path)
            _say(form, error)
        else:
            messages.success(request, _("Kept, with your name's pseudonym in the record of acts."))
            return redirect(here.paragraph_url(provision.key))
    context = {
        "here": here,
        "provision": provision,
        "row": row,
        "state": state,
        "due": due,
        "form": form,
        "problems": form.is_bound and bool(form.errors),
        **duty_context(row),
    }
    return render(request, "mandate/duty.html", context)


def _state_now(row: reads.DutyRow) -> dict[str, str]:
    if row.state is None:
        return {"status": str(DutyStatus.NO_INDICATION)}
    return {"status": row.state.status, "evidence": "\n".join(row.state.evidence)}
