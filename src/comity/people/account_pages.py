"""Doors of signing in: allauth's views, those we use and no others, each change with its act.

The addresses keep allauth's names, because its own redirects go by them.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from allauth.usersessions import views as sessions
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comity.ledger.actions import record
from comity.people.models import Account, object_name


class Recorded:
    """Mixed into a form view: what a valid form changes and its act are one transaction."""

    act = ""
    request: HttpRequest

    def whose(self) -> Account:
        assert isinstance(self.request.user, Account)  # noqa: S101 - these views need a sign-in
        return self.request.user

    def form_valid(self, form: Any) -> HttpResponse:
        person = self.whose().person
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            record(self.act, object_name("person", person.pk), actor=person.pseudonym)
        return response


class ChangePassword(Recorded, account.PasswordChangeView):
    act = "change_password"


class SetPassword(Recorded, account.PasswordSetView):
    act = "set_password"


class ResetPassword(Recorded, account.PasswordResetFromKeyView):
    act = "reset_password"

    def whose(self) -> Account:
        reset: Account = self.reset_user
        return reset


class ActivateApp(Recorded, totp.ActivateTOTPView):
    act = "add_authenticator_app"


class RemoveApp(Recorded, totp.DeactivateTOTPView):
    act = "remove_authenticator_app"


class AddKey(Recorded, keys.AddWebAuthnView):
    act = "add_key"


class RenameKey(Recorded, keys.EditWebAuthnView):
    act = "rename_key"


class RemoveKey(Recorded, keys.RemoveWebAuthnView):
    act = "remove_key"


class NewCodes(Recorded, codes.GenerateRecoveryCodesView):
    act = "make_recovery_codes"


class EndSessions(Recorded, sessions.ListUserSessionsView):
    act = "end_other_sessions"


@never_cache
def forgotten(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    """Reset by mail where mail is configured; else the page says whom to ask."""
    if settings.MAIL_CONFIGURED:
        return account.password_reset(request, *args, **kwargs)
    return render(request, "account/password_reset.html")


@require_safe
def closed(request: HttpRequest) -> HttpResponse:
    """Accounts are made by an administrator."""
    return render(request, "account/signup_closed.html")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return redirect("people:you")


# Second factors and codes are secrets on a page: no cache may keep them.
urlpatterns = [
    path("", mine, name="account"),
    path("sign-in/", account.login, name="account_login"),
    path("sign-out/", account.logout, name="account_logout"),
    path("sign-up/", closed, name="account_signup"),
    path("closed/", account.account_inactive, name="account_inactive"),
    path("confirm/", never_cache(account.reauthenticate), name="account_reauthenticate"),
    path("password/", never_cache(ChangePassword.as_view()), name="account_change_password"),
    path("password/first/", never_cache(SetPassword.as_view()), name="account_set_password"),
    path("password/forgotten/", forgotten, name="account_reset_password"),
    path("password/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        never_cache(ResetPassword.as_view()),
        name="account_reset_password_from_key",
    ),
    path(
        "password/changed/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sessions/", never_cache(EndSessions.as_view()), name="usersessions_list"),
    path("security/", never_cache(mfa.index), name="mfa_index"),
    path("security/code/", mfa.authenticate, name="mfa_authenticate"),
    path("security/confirm/", never_cache(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("security/app/add/", never_cache(ActivateApp.as_view()), name="mfa_activate_totp"),
    path("security/app/remove/", never_cache(RemoveApp.as_view()), name="mfa_deactivate_totp"),
    path("security/codes/", never_cache(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "security/codes/new/", never_cache(NewCodes.as_view()), name="mfa_generate_recovery_codes"
    ),
    path("security/codes/file/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("security/keys/", never_cache(keys.list_webauthn), name="mfa_list_webauthn"),
    path("security/keys/add/", never_cache(AddKey.as_view()), name="mfa_add_webauthn"),
    path(
        "security/keys/confirm/",
        never_cache(keys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("security/keys/sign-in/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("security/keys/<int:pk>/rename/", RenameKey.as_view(), name="mfa_edit_webauthn"),
    path("security/keys/<int:pk>/remove/", RemoveKey.as_view(), name="mfa_remove_webauthn"),
]
