"""Who is told of what others, nearer, answer for: a form that chooses."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comity.events.actions import informing
from comity.events.pages.frame import demand, said, trail, viewer
from comity.events.reads import informed as read
from comity.events.types.sources import EventsError
from comity.people.rules import may


class Chosen(forms.Form):
    """A team, and whether it is told."""

    team = forms.CharField(label=gettext_lazy("Code of the team"), max_length=60)
    wanted = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def informed(request: HttpRequest) -> HttpResponse:
    demand(request, "events.inform")
    who = viewer(request)
    form = Chosen(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["wanted"] == "yes"
        try:
            team = informing.inform(who, form.cleaned_data["team"].strip(), wanted)
        except EventsError as error:
            form.add_error("team", said(error))
        else:
            words = _("{team} is told from now on.") if wanted else _("{team} is told no longer.")
            messages.success(request, words.format(team=team.code))
            return redirect("events:informed")
    context = {
        "form": form,
        "rows": read.choices(who),
        "whole": may(who, "events.oversee"),
        "problems": form.is_bound and bool(form.errors),
        "title": _("Who is told beside those that must act?"),
        "trail": trail((_("Why does an address go where?"), reverse("events:why"))),
    }
    return render(request, "events/informed.html", context)
