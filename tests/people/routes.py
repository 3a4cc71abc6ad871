"""The doors of the room and of the accounts, for the walk (tests/walk.py)."""

from tests.walk import Row

_SIGN_IN = {"anonymous": 302, "reader": 200}
_ONLY_OUT = {"anonymous": 200, "reader": 302}  # who is signed in is sent on

ROWS = [
    Row("people:you", **_SIGN_IN),
    Row("people:export", **_SIGN_IN, html=False),
    Row("people:erase", **_SIGN_IN),
    Row("people:tokens", **_SIGN_IN),
    Row(
        "people:revoke",
        kwargs={"token": "019a0000-0000-7000-8000-000000000000"},
        method="POST",
        anonymous=302,
        reader=404,
    ),
    Row("people:link", kwargs={"secret": "unknown"}, anonymous=404),
    Row("account", anonymous=302, html=False),
    Row("account_login", **_ONLY_OUT),
    Row("account_logout", **_SIGN_IN),
    Row("account_signup"),
    Row("account_inactive"),
    # Samples have neither password nor second factor: there is nothing to confirm with.
    Row("account_reauthenticate", anonymous=302, reader=403),
    Row("account_change_password", anonymous=302),  # samples have none: sent to the first one
    Row("account_set_password", **_SIGN_IN),
    Row("account_reset_password"),
    Row("account_reset_password_done"),
    Row("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "x-y"}),
    Row("account_reset_password_from_key_done"),
    Row("usersessions_list", **_SIGN_IN),
    Row("mfa_index", **_SIGN_IN),
    Row("mfa_authenticate", anonymous=302),  # only in the middle of signing in
    Row("mfa_reauthenticate", anonymous=302, reader=403),
    Row("mfa_activate_totp", **_SIGN_IN),
    Row("mfa_deactivate_totp", anonymous=302, reader=404),
    Row("mfa_view_recovery_codes", anonymous=302, reader=404),
    Row("mfa_generate_recovery_codes", **_SIGN_IN),
    Row("mfa_download_recovery_codes", anonymous=302, reader=404, html=False),
    Row("mfa_list_webauthn", **_SIGN_IN),
    Row("mfa_add_webauthn", **_SIGN_IN),
    Row("mfa_reauthenticate_webauthn", anonymous=302, reader=403),
    Row("mfa_login_webauthn", anonymous=302),
    Row("mfa_edit_webauthn", kwargs={"pk": 1}, anonymous=302, reader=404),
    Row("mfa_remove_webauthn", kwargs={"pk": 1}, anonymous=302, reader=404),
]
