"""Bodies: which there are, what one is like, and the form in which it says so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from comity.directory import actions, reads
from comity.directory import types as t
from comity.directory.pages import lines, wording
from comity.directory.pages.form import own_name
from comity.directory.pages.frame import found, refuse, trail, viewer
from comity.kit.languages import LANGUAGES
from comity.kit.sayings import Voice


class Description(forms.Form):
    """What a body is like. Its name and its country are kept by who runs the gateway."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[("", gettext_lazy("not said")), *wording.BODY_KINDS.items()],
    )
    mandate_areas = forms.CharField(
        label=gettext_lazy("Areas of the mandate"),
        help_text=gettext_lazy("One a line: what the body is charged with, as its law says it."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    expertise = forms.CharField(
        label=gettext_lazy("Declared expertise"),
        help_text=gettext_lazy("One a line: what others may ask the body about."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.CharField(
        label=gettext_lazy("Website"),
        max_length=1000,
        required=False,
        widget=forms.TextInput(attrs={"lang": "en", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            self.fields[f"name_{code}"] = own_name(code)

    def clean_website(self) -> str:
        return lines.url(self.cleaned_data["website"])

    def clean_mandate_areas(self) -> list[str]:
        return lines.words(self.cleaned_data["mandate_areas"])

    def clean_expertise(self) -> list[str]:
        return lines.words(self.cleaned_data["expertise"])


def _names(row: reads.BodyRow) -> list[tuple[str, str, str]]:
    """(the language's own name, its code, the body's name in it)."""
    return [
        (language.own_name, code, row.names[code])
        for code, language in LANGUAGES.items()
        if code in row.names
    ]


def _trail() -> list[tuple[str, str]]:
    return [*trail(), (_("Bodies"), reverse("directory:bodies"))]


@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """Organisations that have a team here, or of which somebody says what they do."""
    who = viewer(request)
    rows = reads.bodies(who)
    context = {
        "rows": rows,
        "mine": [row for row in rows if actions.voice_for(who, row.id) is Voice.OWN],
        "trail": trail(),
        "machines": [("JSON", "/api/v1/directory/bodies")],
    }
    return render(request, "directory/bodies.html", context)


@require_safe
@found
def body(request: HttpRequest, key: UUID) -> HttpResponse:
    """What is this body charged with, and what can it be asked about?"""
    who = viewer(request)
    row = reads.body(who, key)
    context = {
        "row": row,
        "kind": wording.BODY_KINDS.get(row.kind, ""),
        "names": _names(row),
        "voice": actions.voice_for(who, key),
        "own": Voice.OWN,
        "trail": _trail(),
        "machines": [("JSON", f"/api/v1/directory/bodies/{key}")],
        "cite": _("{team}, entry of the directory").format(team=row.name),
    }
    return render(request, "directory/body.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def describe(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form: its own people write the body's words, the secretariat its own beside them."""
    who = viewer(request)
    row = reads.body(who, key)
    voice = actions.voice_for(who, key)
    if voice is None:
        raise PermissionDenied("directory.edit")
    face = actions.face_of(row, voice)
    # A body that never spoke begins with what others say of it.
    begin = face or (row.faces[0] if row.faces and voice is Voice.OWN else None)
    first: dict[str, Any] = {"seen": face.pk if face else ""}
    if begin:
        first |= {"kind": begin.kind, "website": begin.website}
        first |= {f"name_{code}": name for code, name in begin.names.items()}
        first |= {name: "\n".join(getattr(begin, name)) for name in ("mandate_areas", "expertise")}
    form = Description(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.describe_body(
                who,
                key,
                kind=given["kind"],
                names={code: given[f"name_{code}"] for code in LANGUAGES},
                mandate_areas=given["mandate_areas"],
                expertise=given["expertise"],
                website=given["website"],
                seen=given["seen"],
            )
        except t.DirectoryError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Kept, beside what others say of this body."))
            return redirect("directory:body", key=key)
    context = {
        "row": row,
        "form": form,
        "is_own": voice is Voice.OWN,
        "problems": form.is_bound and bool(form.errors),
        "trail": [*_trail(), (row.name, reverse("directory:body", args=[key]))],
    }
    return render(request, "directory/describe.html", context)
