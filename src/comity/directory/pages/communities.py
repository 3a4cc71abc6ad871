"""Communities: which there are, one with its members, and the form of the secretariat."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from comity.directory import actions, reads
from comity.directory import types as t
from comity.directory.actions import communities as keeping
from comity.directory.pages import lines, wording
from comity.directory.pages.frame import demand, found, refuse, trail, viewer
from comity.people.rules import may

_ENGLISH = {"lang": "en", "dir": "ltr"}


def _text(label: Any, limit: int, hint: Any = "", **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(
        label=label, max_length=limit, required=False, help_text=hint, widget=widget
    )


class Facts(forms.Form):
    """What is said of a community, with its source; and the members that the secretariat names."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput())
    name = forms.CharField(label=gettext_lazy("Name"), max_length=300)
    code = forms.SlugField(
        label=gettext_lazy("Code in addresses"),
        max_length=80,
        help_text=gettext_lazy("It stands in addresses and lasts: small letters and hyphens."),
        widget=forms.TextInput(attrs=_ENGLISH),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        required=False,
        choices=[
            ("", gettext_lazy("not said")),
            *((key, wording.COMMUNITY_KINDS[key]) for key in t.COMMUNITY_KINDS),
        ],
    )
    scope = _text(gettext_lazy("Scope"), 40, gettext_lazy("As: global, regional."))
    region = _text(gettext_lazy("Region"), 200)
    established = _text(
        gettext_lazy("Established"),
        10,
        gettext_lazy("A year, a month or a day, as 2014-05."),
        **_ENGLISH,
    )
    operator = _text(gettext_lazy("Run by"), 200)
    website = _text(gettext_lazy("Website"), 1000, **_ENGLISH)
    members_stated = _text(gettext_lazy("Members, as the source says"), 300)
    members_as_of = _text(gettext_lazy("Members as of"), 10, **_ENGLISH)
    note = _text(gettext_lazy("Note"), 1000)
    evidence_title = _text(gettext_lazy("Source"), 300)
    evidence_url = _text(gettext_lazy("Address of the source"), 1000, **_ENGLISH)
    evidence_date = _text(gettext_lazy("Date of the source"), 10, **_ENGLISH)
    licence = _text(gettext_lazy("Licence of the source"), 200)
    complete = forms.BooleanField(
        label=gettext_lazy("The members held here are all there are"), required=False
    )
    members = forms.CharField(
        label=gettext_lazy("Members"),
        required=False,
        help_text=gettext_lazy(
            "One a line: a country or the code of a team, the level, since when. As KE, full "
            "member, since 2014. What a source lists stands beside them."
        ),
        widget=forms.Textarea(attrs={"rows": 6, **_ENGLISH}),
    )

    def clean_members(self) -> list[keeping.Member]:
        return [keeping.Member(**line) for line in lines.members(self.cleaned_data["members"])]


@require_safe
def communities(request: HttpRequest) -> HttpResponse:
    """Networks of teams, with the members that are held here."""
    who = viewer(request)
    rows = [
        (row, wording.COMMUNITY_KINDS.get(row.community.kind, row.community.kind))
        for row in reads.communities(who)
    ]
    context = {
        "rows": rows,
        "may_load": may(who, "directory.load"),
        "trail": trail(),
        "machines": [("JSON", "/api/v1/directory/communities")],
    }
    return render(request, "directory/communities.html", context)


def _trail() -> list[tuple[str, str]]:
    return [*trail(), (_("Communities"), reverse("directory:communities"))]


@require_safe
@found
def community(request: HttpRequest, code: str) -> HttpResponse:
    """One community: what its source says of it, and the members held here."""
    who = viewer(request)
    page = reads.community(who, code)
    context = {
        "page": page,
        "community": page.community,
        "kind": wording.COMMUNITY_KINDS.get(page.community.kind, page.community.kind),
        "may_load": may(who, "directory.load"),
        "trail": _trail(),
        "machines": [("JSON", f"/api/v1/directory/communities/{code}")],
    }
    return render(request, "directory/community.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@found
def keep(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new community, or one that is held, as a form."""
    demand(request, "directory.load")
    who = viewer(request)
    held = reads.community(who, code).community if code else None
    first: dict[str, Any] = {"seen": keeping.seen_of(held)}
    if held is not None:
        first |= {name: getattr(held, name) for name in (*keeping.FACTS, "code")}
        first["members"] = "\n".join(lines.member_line(m) for m in keeping.members_of(held))
        first["complete"] = not held.partial
    form = Facts(request.POST or None, initial=first)
    if held is not None:
        form.fields["code"].disabled = True
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            kept = actions.keep_community(
                who,
                given["code"],
                {name: given[name] for name in keeping.FACTS},
                given["members"],
                partial=not given["complete"],
                seen=given["seen"],
            )
        except t.DirectoryError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("directory:community", code=kept.code)
    context = {
        "community": held,
        "form": form,
        "problems": form.is_bound and bool(form.errors),
        "trail": _trail(),
    }
    return render(request, "directory/keep_community.html", context)
