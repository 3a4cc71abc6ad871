"""Doors of this room: who am I here, what is kept about me, my access tokens, one-time links."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comity.people import actions, reads
from comity.people.accounts import is_local
from comity.people.forms import EraseForm, FirstPassword, TokenForm
from comity.people.models import Account, OneTimeLink
from comity.people.types import PeopleError, Purpose
from comity.people.words import role_words

app_name = "people"


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)  # noqa: S101 - the views below need a sign-in
    return request.user


@never_cache
@login_required
@require_safe
def you(request: HttpRequest) -> HttpResponse:
    """Who am I here, what may I do, what is held on me?"""
    viewer = reads.viewer_of(request)
    shown = {
        "person": _account(request).person,
        "roles": role_words(viewer.roles),
        "names": reads.names_of(viewer),
        "second_factor": viewer.second_factor,
        "factors": reads.second_factors_of(_account(request)),
        "held": reads.held_on(_account(request)),
    }
    return render(request, "people/you.html", shown)


@never_cache
@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Everything held on the person, as a JSON file."""
    held = actions.export_person(_account(request).person)
    response = HttpResponse(
        json.dumps(held, ensure_ascii=False, indent=2), content_type="application/json"
    )
    response["Content-Disposition"] = 'attachment; filename="comity-person.json"'
    return response


@never_cache
@login_required
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest) -> HttpResponse:
    """Erase the person, after they typed their user name."""
    account = _account(request)
    form = EraseForm(request.POST or None, account=account)
    if request.method == "POST" and form.is_valid():
        person = account.person
        with transaction.atomic():
            logout(request)
            actions.erase_person(person)
        messages.info(request, _("You were erased. The record of acts holds a pseudonym only."))
        return redirect("home")
    return _form_page(request, "people/erase.html", form)


def _form_page(request: HttpRequest, template: str, form: Any, **shown: Any) -> HttpResponse:
    """A page with a form; 422 when what was sent was not taken."""
    status = 422 if form.errors else 200
    shown |= {"form": form, "problems": bool(form.errors)}
    return render(request, template, shown, status=status)


# --- access tokens ------------------------------------------------------------------------


@never_cache
@login_required
@reauthentication_required(allow_get=True)  # a session left open must not outlive itself so
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's tokens; a new one is shown in the answer to the form, once."""
    account = _account(request)
    form = TokenForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        viewer = reads.viewer_of(request)
        made = actions.create_token(
            account,
            form.cleaned_data["name"],
            days=form.cleaned_data["days"],
            scopes=form.cleaned_data["scopes"],
            networks=form.cleaned_data["networks"],
            second_factor=viewer.second_factor,
            actor=reads.actor_of(viewer),
        )
        form = TokenForm()
    now = timezone.now()
    rows = [(token, reads.token_state(token, now)) for token in reads.tokens_of(account)]
    return _form_page(request, "people/tokens.html", form, made=made, rows=rows)


@never_cache
@login_required
@require_POST
def revoke(request: HttpRequest, token: UUID) -> HttpResponse:
    """End one of the person's own tokens. Another's is not there."""
    actor = reads.actor_of(reads.viewer_of(request))
    try:
        actions.revoke_token(token, account=_account(request), actor=actor)
    except PeopleError as error:
        raise Http404 from error
    messages.info(request, _("The token was revoked. It opens nothing any more."))
    return redirect("people:tokens")


# --- one-time links -----------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link. Looking at it does not use it up: previews in mail and chat look too."""
    now = timezone.now()
    found = actions.living_link(secret, now)
    allowed = found is not None and (found.purpose != Purpose.NEWCOMER or is_local(request))
    if found is None or not allowed:
        response = render(request, "people/link_gone.html", status=404)
    elif found.purpose == Purpose.NEWCOMER:
        response = _newcomer(request, found)
    else:
        response = _invitation(request, found)
    # The address is a secret: no other host learns it. Not "no-referrer": a browser then sends
    # "Origin: null" with the form, and the form is refused.
    response["Referrer-Policy"] = "same-origin"
    return response


def _newcomer(request: HttpRequest, found: OneTimeLink) -> HttpResponse:
    if request.method != "POST":
        person = found.account.person
        roles = role_words(
            reads.viewer_for(found.account, on=reads.today(), second_factor=False).roles
        )
        return render(request, "people/link_newcomer.html", {"person": person, "roles": roles})
    if request.user.is_authenticated:
        logout(request)
    try:
        with transaction.atomic():
            actions.use_link(found, timezone.now())
    except PeopleError:
        return render(request, "people/link_gone.html", status=404)
    answer: HttpResponse = perform_login(request, found.account)  # a second factor is still asked
    return answer


def _invitation(request: HttpRequest, found: OneTimeLink) -> HttpResponse:
    form = FirstPassword(request.POST or None, account=found.account)
    if request.method == "POST" and form.is_valid():
        try:
            actions.accept_invitation(found, form.cleaned_data["password"], timezone.now())
        except PeopleError:
            return render(request, "people/link_gone.html", status=404)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return _form_page(request, "people/link_invite.html", form, account=found.account)


urlpatterns = [
    path("", you, name="you"),
    path("export.json", export, name="export"),
    path("erase/", erase, name="erase"),
    path("tokens/", tokens, name="tokens"),
    path("tokens/<uuid:token>/revoke/", revoke, name="revoke"),
    path("link/<str:secret>/", link, name="link"),
]
