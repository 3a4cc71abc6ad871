"""What django-allauth does for us, and the few points where we do it our way.

Signing up is closed; a sign-in costs the same whoever is named; secrets of second factors are
encrypted; what goes into the rate limits' cache names nobody.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.internal.httpkit import get_client_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.people import rules
from comity.people.models import Account


def client_address(request: HttpRequest) -> str:
    """The address a request comes from: the peer, or what the trusted proxy says; may be empty."""
    return get_client_ip(request) or ""


def is_local(request: HttpRequest) -> bool:
    """Whether the request was made on this machine, with no proxy between."""
    peer = request.META.get("REMOTE_ADDR", "")
    return rules.from_this_machine(peer, request.get_host(), request.headers.keys())


class Backend(AuthenticationBackend):
    """Finds the account in one query and hashes the password exactly once, found or not.

    allauth's own looks up the user name and the address in turn, so a known address would cost
    two hashes and an unknown one a single: a difference of 100 ms that names accounts.
    """

    def _authenticate(self, request: HttpRequest | None, **credentials: Any) -> Account | None:
        login = credentials.get("username") or credentials.get("email") or ""
        account = Account.objects.signing_in_as(login)
        found: Account | None = self._check_password(account, credentials["password"])
        return found


_WRONG = _("The name or the password is not right.")


class AccountAdapter(DefaultAccountAdapter):
    """Closed doors and our own words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _WRONG,
        "username_password_mismatch": _WRONG,
        "enter_current_password": _("Type the password you use now."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _("The code is not right, or was used already."),
        "invalid_login": _WRONG,
        "invalid_password_reset": _("This link is too old or was used already."),
        "too_many_login_attempts": _("Too many failed attempts. Wait five minutes and try again."),
        "rate_limited": _("Too many requests. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        """Sample persons sign in on this machine only, whatever way in was added to them."""
        if user.person.sample and not is_local(request):
            return render(request, "people/link_gone.html", status=404)
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": gettext("Use your password"),
            "mfa_reauthenticate": gettext("Use a code of your app, or a recovery code"),
            "mfa_reauthenticate:webauthn": gettext("Use a passkey or security key"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of second factors are never in the database in the clear."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("This second factor cannot be removed."),
        "cannot_generate_recovery_codes": _("Set up a second factor first."),
        "incorrect_code": _("The code is not right, or was used already."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode("ascii")).decode()

    def get_totp_issuer(self) -> str:
        return settings.GATEWAY_NAME or "Comity"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return gettext("Key")

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)


def _fernet() -> MultiFernet:
    """Keys derived from Django's; the fall-backs let the key be changed without losing anybody."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(
            base64.urlsafe_b64encode(
                hmac.digest(key.encode(), b"comity second factor secrets", hashlib.sha256)
            )
        )
        for key in keys
    )


def qr_svg(text: str) -> SafeString:
    """A QR code as inline SVG: one path, dark on white in either theme, nothing in `style`."""
    import qrcode

    code = qrcode.QRCode(border=4)  # the quiet zone of ISO/IEC 18004
    code.add_data(text)
    matrix = code.get_matrix()
    size = len(matrix)
    dots = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    )
    label = gettext("QR code for the authenticator app. The secret stands below as text.")
    return SafeString(
        f'<svg class="qr" viewBox="0 0 {size} {size}" width="240" height="240" role="img"'
        f' aria-label="{label}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{dots}" fill="#000"/></svg>'
    )


def cache_key(key: str, key_prefix: str, version: int) -> str:
    """Keys of the cache, where rate limits hold addresses and logins: as a keyed hash only."""
    mac = hmac.new(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256)
    return f"{key_prefix}:{version}:{mac.hexdigest()}"
