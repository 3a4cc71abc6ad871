"""Legal holds: what stands, a form to place one, a button to lift it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from comity.events.actions import holding
from comity.events.pages.frame import demand, found, said, trail, viewer
from comity.events.reads import holds as held
from comity.events.reads.house import feeds
from comity.events.types.sources import EventsError
from comity.people.rules import may


class Placed(forms.Form):
    """Days, a feed or all, and why."""

    first = forms.DateField(
        label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"})
    )
    feed = forms.ChoiceField(label=gettext_lazy("Feed"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Who asked for it, and under which reference. Not in the record."),
        max_length=300,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(name, name) for name in sorted(feeds())]
        self.fields["feed"].choices = [("", _("all feeds")), *names]  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: HttpRequest) -> HttpResponse:
    demand(request, "events.oversee")
    who = viewer(request)
    form = Placed(request.POST or None)
    if request.method == "POST":
        demand(request, "events.keep")
        if form.is_valid():
            try:
                holding.place(who, **form.cleaned_data)
            except EventsError as error:
                form.add_error(error.place if error.place in form.fields else None, said(error))
            else:
                messages.success(request, _("The hold stands: retention leaves these days alone."))
                return redirect("events:holds")
    context = {
        "form": form if may(who, "events.keep") else None,
        "rows": held.holds(who),
        "problems": form.is_bound and bool(form.errors),
        "trail": trail((_("Files"), reverse("events:files"))),
    }
    return render(request, "events/holds.html", context)


@require_POST
@found
def lift(request: HttpRequest, key: UUID) -> HttpResponse:
    demand(request, "events.keep")
    holding.lift(viewer(request), key)
    messages.success(request, _("The hold is lifted: what is past its time goes tonight."))
    return redirect("events:holds")
