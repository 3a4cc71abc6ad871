"""Signing in: throttled, the same answer and cost for everybody, no default password anywhere."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client

from comity.people import actions
from comity.people.models import Account
from tests.people.conftest import PASSWORD

ADDRESS = "/en/account/sign-in/"
SOURCE = Path(__file__).resolve().parents[2] / "src"


def tries(client: Client, login: str, password: str, **extra):
    return client.post(ADDRESS, {"login": login, "password": password}, **extra)


def answer(response) -> str:
    """The page without what differs by nature: the token of the form, what was typed, ids."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r'name="login" value="[^"]*"', "", text)


def test_in_by_user_name_and_by_address_in_any_case(amina) -> None:
    for login in ("amina", "AMINA", " amina ", "Amina@Example.org"):
        response = tries(Client(), login, PASSWORD)
        assert (response.status_code, response["Location"]) == (302, "/en/account/"), login


def test_the_same_answer_for_an_unknown_name_and_a_wrong_password(amina) -> None:
    wrong = {
        answer(tries(Client(), login, "not the password"))
        for login in ("amina", "nobody", "amina@example.org", "nobody@example.org")
    }
    assert len(wrong) == 1
    assert "The name or the password is not right." in wrong.pop()


@pytest.mark.slow
@pytest.mark.parametrize("case", ["name", "address", "unknown", "unknown address", "no password"])
def test_a_refusal_costs_one_hash_whoever_is_named(amina, slow_hash, monkeypatch, case) -> None:
    actions.add_person("Without", "without")
    login = {
        "name": "amina",
        "address": "amina@example.org",
        "unknown": "nobody",
        "unknown address": "nobody@example.org",
        "no password": "without",
    }[case]
    Account.objects.get(username="amina").set_password(PASSWORD)
    amina.set_password(PASSWORD)  # the account as argon2 keeps it
    amina.save()
    hashes = []
    for name in ("encode", "verify"):
        plain = getattr(Argon2PasswordHasher, name)

        def counted(self, *args, plain=plain, **kwargs):
            hashes.append(plain.__name__)
            return plain(self, *args, **kwargs)

        monkeypatch.setattr(Argon2PasswordHasher, name, counted)
    assert tries(Client(), login, "not the password").status_code == 200
    assert len(hashes) == 1, hashes


def test_passwords_are_kept_as_argon2(amina, slow_hash) -> None:
    amina.set_password(PASSWORD)
    assert amina.password.startswith("argon2$argon2id$")


def test_guessing_is_slowed_down_per_name_known_or_not(amina) -> None:
    for login in ("amina", "nobody"):
        pages = [
            answer(tries(Client(), login, "wrong", REMOTE_ADDR=f"192.0.2.{n}")) for n in range(7)
        ]
        refused = ["Too many failed attempts" in page for page in pages]
        assert refused == [False] * 5 + [True] * 2, login
    assert "Too many failed attempts" in answer(
        tries(Client(), "amina", PASSWORD, REMOTE_ADDR="192.0.2.99")
    ), "the right password does not get past the limit either"


def test_guessing_is_slowed_down_per_address() -> None:
    pages = [answer(tries(Client(), f"name{n}", "wrong")) for n in range(12)]
    assert ["Too many failed attempts" in page for page in pages] == [False] * 10 + [True] * 2


test_guessing_is_slowed_down_per_address = pytest.mark.django_db(
    test_guessing_is_slowed_down_per_address
)


@pytest.mark.django_db
def test_the_limits_are_shared_by_processes_and_name_nobody() -> None:
    tries(Client(), "somebody@example.org", "wrong", REMOTE_ADDR="198.51.100.7")
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM people_cache")
        kept = [row[0] for row in cursor.fetchall()]
    assert kept, "the counts are in the database, where every process sees them"
    assert all(re.fullmatch(r":1:[0-9a-f]{64}", key) for key in kept)
    assert caches["default"].get("absent") is None


@pytest.mark.django_db
def test_the_cache_adds_a_key_once() -> None:
    assert cache.add("once", 1) and not cache.add("once", 2)


def test_nobody_signs_up() -> None:
    assert "made by an administrator" in Client().get("/en/account/sign-up/").content.decode()
    assert Client().post("/en/account/sign-up/").status_code == 405


test_nobody_signs_up = pytest.mark.django_db(test_nobody_signs_up)


def test_a_closed_account_does_not_get_in(amina) -> None:
    actions.close_account(amina)
    client = Client()
    tries(client, "amina", PASSWORD)
    assert client.get("/en/people/").status_code == 302


def test_closing_an_account_ends_its_session(signed_in, amina) -> None:
    assert signed_in.get("/en/people/").status_code == 200
    actions.close_account(amina)
    assert signed_in.get("/en/people/").status_code == 302


def test_signing_out_takes_a_post(signed_in) -> None:
    assert signed_in.get("/en/account/sign-out/").status_code == 200
    assert signed_in.get("/en/people/").status_code == 200, "a mere link does not sign out"
    signed_in.post("/en/account/sign-out/")
    assert signed_in.get("/en/people/").status_code == 302


def test_changing_the_password_ends_other_sessions(signed_in, amina) -> None:
    other = Client()
    tries(other, "amina", PASSWORD)
    new = "another four words entirely"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert signed_in.post("/en/account/password/", form).status_code == 302
    assert signed_in.get("/en/people/").status_code == 200
    assert other.get("/en/people/").status_code == 302
    amina.refresh_from_db()
    assert amina.check_password(new)


def test_ending_the_other_sessions(signed_in) -> None:
    other = Client()
    tries(other, "amina", PASSWORD)
    page = signed_in.get("/en/account/sessions/").content.decode()
    assert page.count("<tr role") == 3  # the head and two
    assert signed_in.post("/en/account/sessions/").status_code == 302
    assert other.get("/en/people/").status_code == 302
    assert signed_in.get("/en/people/").status_code == 200


def test_a_short_or_common_password_is_refused(signed_in) -> None:
    for new in ("short", "password1234", "amina@example.org"):
        form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
        assert signed_in.post("/en/account/password/", form).status_code == 200, new


@pytest.mark.django_db
def test_a_forgotten_password_without_mail_says_whom_to_ask() -> None:
    page = Client().get("/en/account/password/forgotten/").content.decode()
    assert "comity people invite" in page and '<input type="email"' not in page
    assert Client().post("/en/account/password/forgotten/", {"email": "a@b.org"}).status_code == 200


def test_a_forgotten_password_by_mail(amina, settings, mailoutbox) -> None:
    settings.MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for address in ("nobody@example.org", "amina@example.org"):
        response = Client().post("/en/account/password/forgotten/", {"email": address})
        assert response["Location"] == "/en/account/password/sent/"
    assert [mail.to for mail in mailoutbox] == [["amina@example.org"]], "unknown: no mail"
    client, url = Client(), re.search(r"http://testserver(/\S+)", mailoutbox[0].body)[1]
    form = client.get(url, follow=True)
    new = "another four words entirely"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done.status_code == 302
    amina.refresh_from_db()
    assert amina.check_password(new)
    again = Client().get(url, follow=True)
    assert "too old or was used already" in again.content.decode()


# --- no default password ------------------------------------------------------------------


@pytest.mark.django_db
def test_a_fresh_house_holds_no_account() -> None:
    assert not Account.objects.exists()


@pytest.mark.django_db
def test_sample_accounts_and_new_ones_have_no_password() -> None:
    actions.newcomer_links()
    actions.add_person("New", "new")
    assert Account.objects.count() == 5
    assert not any(account.has_usable_password() for account in Account.objects.all())


def test_no_code_sets_a_literal_password() -> None:
    literal = re.compile(
        r"set_password\(\s*[\"']|make_password\(\s*[\"']|password\s*=\s*[\"'][^\"'{]"
    )
    found = [
        f"{path.name}: {line.strip()}"
        for path in SOURCE.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if literal.search(line)
    ]
    assert found == []
    assert not list(SOURCE.rglob("fixtures/*")), "no fixtures that could carry accounts"


def test_the_secret_of_a_second_factor_is_encrypted_and_outlives_a_new_key(settings) -> None:
    from comity.people.accounts import MFAAdapter

    secret = secrets.token_hex()
    kept = MFAAdapter().encrypt(secret)
    assert secret not in kept and MFAAdapter().decrypt(kept) == secret
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert MFAAdapter().decrypt(kept) == secret


def test_only_this_rooms_pages_are_shown_for_accounts() -> None:
    """allauth brings pages of its own; each door must show ours, in our words."""
    from django.template.loader import get_template

    ours = apps.get_app_config("people").path
    names = [
        path.relative_to(Path(ours) / "templates").as_posix()
        for path in (Path(ours) / "templates").rglob("*")
        if path.is_file()
    ]
    assert len(names) > 30
    for name in names:
        assert get_template(name).origin.name.startswith(ours), name
