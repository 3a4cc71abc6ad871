"""The forms of signing in, in our words: labels above, hints before the field, no placeholder."""

from __future__ import annotations

import struct
from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as key_forms
from cryptography.exceptions import InvalidSignature
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from comity.people import rules
from comity.people.types import PeopleError

_PASSWORD = _("Password")
_NEW = _("New password")
_NEW_HINT = _("At least 12 characters. Three or four words that have nothing in common are good.")
_AGAIN = _("The new password again")
_CODE = _("Code")
_CODE_HINT = _("Six digits from your authenticator app, or one of your recovery codes.")


class Plain:
    """Mixed into allauth's forms: `words` gives field: (label, hint); placeholders go."""

    words: dict[str, tuple[Any, Any]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class SignIn(Plain, account_forms.LoginForm):
    words = {
        "login": (_("User name or e-mail address"), ""),
        "password": (_PASSWORD, ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ByPassword(Plain, account_forms.ReauthenticateForm):
    words = {"password": (_PASSWORD, "")}


class ChangePassword(Plain, account_forms.ChangePasswordForm):
    words = {
        "oldpassword": (_("The password you use now"), ""),
        "password1": (_NEW, _NEW_HINT),
        "password2": (_AGAIN, ""),
    }


class SetPassword(Plain, account_forms.SetPasswordForm):
    words = {"password1": (_NEW, _NEW_HINT), "password2": (_AGAIN, "")}


class NewPassword(Plain, account_forms.ResetPasswordKeyForm):
    words = {"password1": (_NEW, _NEW_HINT), "password2": (_AGAIN, "")}


class ResetPassword(Plain, account_forms.ResetPasswordForm):
    words = {"email": (_("E-mail address"), "")}


class SecondFactor(Plain, mfa_forms.AuthenticateForm):
    words = {"code": (_CODE, _CODE_HINT)}


class SecondFactorAgain(Plain, mfa_forms.ReauthenticateForm):
    words = {"code": (_CODE, _CODE_HINT)}


class ActivateApp(Plain, totp_forms.ActivateTOTPForm):
    words = {"code": (_CODE, _("The six digits the app shows now."))}


# What fido2 and allauth raise on an answer that no key ever gave, beside their own refusals.
_NONSENSE = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    struct.error,
    InvalidSignature,
)


class Checked:
    """Mixed into forms that take a key's answer: nonsense is refused, not a fault of ours."""

    def clean(self) -> Any:
        try:
            return super().clean()  # type: ignore[misc]
        except _NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error

    def clean_credential(self) -> Any:
        checked = getattr(super(), "clean_credential", None)
        if checked is None:
            return self.cleaned_data["credential"]  # type: ignore[attr-defined]
        try:
            return checked()
        except _NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class KeyAsSecondFactor(Checked, key_forms.AuthenticateWebAuthnForm):
    """A key after the password."""


class KeyAgain(Checked, key_forms.ReauthenticateWebAuthnForm):
    """A key to confirm who is signed in."""


class Passkey(Checked, key_forms.LoginWebAuthnForm):
    """A passkey instead of name and password."""


class AddKey(Plain, Checked, key_forms.AddWebAuthnForm):
    words = {
        "name": (_("Name of the key"), _("So that you can tell your keys apart.")),
        "passwordless": (
            _("Sign in with this key alone"),
            _("The key must then ask for a PIN or a fingerprint. This is called a passkey."),
        ),
    }


class RenameKey(Plain, key_forms.EditWebAuthnForm):
    words = {"name": (_("Name of the key"), _("So that you can tell your keys apart."))}


class FirstPassword(forms.Form):
    """What an invited person fills in. The rules of passwords are the settings'."""

    password = forms.CharField(
        label=_NEW,
        help_text=_NEW_HINT,
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_AGAIN,
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("password") and data.get("again") and data["password"] != data["again"]:
            self.add_error("again", _("The two passwords differ."))
        return data


class TokenForm(forms.Form):
    """What a person fills in to make an access token."""

    name = forms.CharField(
        label=_("Name of the token"),
        help_text=_("Which program will use it, and where."),
        max_length=rules.MAX_NAME,
    )
    days = forms.TypedChoiceField(
        label=_("How long it works"),
        choices=[(7, _("7 days")), (30, _("30 days")), (90, _("90 days")), (365, _("365 days"))],
        coerce=int,
        initial=30,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do besides reading"),
        help_text=_("Reading what you may see is always allowed. Your roles still limit it."),
        choices=[
            ("mandate", _("Change what is said about instruments")),
            ("ledger", _("Read the record of acts")),
        ],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    networks = forms.CharField(
        label=_("Addresses it may be used from"),
        help_text=_("Networks such as 192.0.2.0/24, with blanks between. Empty: from anywhere."),
        required=False,
        max_length=400,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )

    def clean_networks(self) -> list[str]:
        try:
            return rules.checked_networks(self.cleaned_data["networks"].replace(",", " ").split())
        except PeopleError as error:
            raise forms.ValidationError(
                _("%(text)s is no network. Write one like 192.0.2.0/24."),
                params={"text": error.place},
            ) from error


class EraseForm(forms.Form):
    """Says twice that a person wants to be erased: erasing cannot be undone."""

    username = forms.CharField(
        label=_("Your user name"), help_text=_("Type it to confirm. This cannot be undone.")
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_username(self) -> str:
        typed: str = self.cleaned_data["username"].strip().lower()
        if typed != self.account.username:
            raise forms.ValidationError(_("This is not your user name."))
        return typed
