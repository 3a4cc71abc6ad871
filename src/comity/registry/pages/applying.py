"""The page on which a State says since when it applies a practice or a standard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comity.people.reads.bodies import Organisation, bodies_named
from comity.registry import reads
from comity.registry.actions.applying import applied_field, say_applied
from comity.registry.pages import showing, wording
from comity.registry.pages.frame import found, kind_called, kind_url, trail, viewer
from comity.registry.pages.parts_desk import may_apply
from comity.registry.types import BadValue, Field, RegistryError


class Applying(forms.Form):
    """Who says it, what, since when, on what evidence."""

    body = forms.ChoiceField(label=gettext_lazy("Body that says so"))
    event = forms.ChoiceField(label=gettext_lazy("What it says"))
    date = forms.CharField(
        label=gettext_lazy("Since"),
        required=False,
        max_length=10,
        help_text=gettext_lazy("2019, 2019-06 or 2019-06-30, as exactly as it is known."),
        widget=forms.TextInput(attrs={"dir": "ltr", "size": 12}),
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=300)
    evidence_title = forms.CharField(
        label=gettext_lazy("Name of the evidence"), required=False, max_length=300
    )
    evidence_url = forms.CharField(
        label=gettext_lazy("Address of the evidence"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, data: Any, bodies: list[Organisation], field: Field) -> None:
        super().__init__(data)
        terms = reads.vocabularies()[field.vocabulary].terms
        self.fields["body"].choices = [(str(b.id), b.name) for b in bodies]  # type: ignore[attr-defined]
        self.fields["event"].choices = [  # type: ignore[attr-defined]
            (code, wording.term(field.vocabulary, code)[0]) for code in terms
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@found
def applying(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """We apply this since …"""
    who, what = viewer(request), kind_called(kind)
    one = reads.entry(who, what.key, key)
    field = applied_field(what.key)
    if field is None:
        raise reads.NotHeld(f"nobody applies {one.name}")
    if not may_apply(who):
        raise PermissionDenied("registry.sign_off")
    form = Applying(
        request.POST if request.method == "POST" else None, bodies_named(who.bodies), field
    )
    url = showing.entry_url(one.kind, one.key)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            say_applied(
                who,
                one.kind,
                one.key,
                body=UUID(given["body"]),
                **{name: given[name] for name in given if name != "body"},
            )
        except RegistryError as error:
            place = error.place if isinstance(error, BadValue) else None
            words = " ".join(_(part) for part in (error.message + ".", error.remedy) if part)
            form.add_error(place if place in form.fields else _field(error), words)
        else:
            messages.success(request, _("Kept. It stands on the page with the name of your body."))
            return redirect(url)
    context = {
        "entry": one,
        "title": showing.titled(one),
        "form": form,
        "problems": form.is_bound and bool(form.errors),
        "back": url,
        "trail": trail((what.plural[wording.language()], kind_url(what.key)), (one.title, url)),
    }
    return render(request, "registry/apply.html", context)


def _field(error: RegistryError) -> str | None:
    """An event's parts are one field to the rules and three to the form: the date is the one that
    is typed freely."""
    return "date" if error.place == "applied_since" else None


urls = [path("<slug:kind>/<str:key>/apply/", applying, name="apply")]
