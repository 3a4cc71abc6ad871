"""Second factors end to end: app, recovery codes, keys' options; what the viewer makes of them."""

from __future__ import annotations

import base64
import json
import re
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from comity.people import actions, reads
from comity.people.types import Purpose
from tests.people.conftest import PASSWORD
from tests.people.totp import code


class Clock:
    """Time for the codes only: tests must not wait for the next half minute."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr("allauth.mfa.totp.internal.auth.time", SimpleNamespace(time=made.time))
    return made


def confirm(client: Client) -> None:
    assert client.post("/en/account/confirm/", {"password": PASSWORD}).status_code == 302


@pytest.fixture
def app(signed_in, clock) -> str:
    """An authenticator app set up; its secret."""
    first = signed_in.get("/en/account/security/app/add/")
    assert first["Location"].startswith("/en/account/confirm/"), "the password is asked again"
    confirm(signed_in)
    page = signed_in.get("/en/account/security/app/add/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)[1]
    done = signed_in.post("/en/account/security/app/add/", {"code": code(secret, clock.now)})
    assert done["Location"] == "/en/account/security/codes/"
    return secret


def second_factor_of(client: Client) -> bool:
    return "used in this session" in client.get("/en/people/").content.decode() and (
        "not used in this session" not in client.get("/en/people/").content.decode()
    )


def sign_in(client: Client, **more) -> object:
    return client.post("/en/account/sign-in/", {"login": "amina", "password": PASSWORD, **more})


def test_the_code_matches_the_rfc() -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert code(secret, 59) == "287082"  # RFC 6238, appendix B, the last six of 94287082
    assert code(secret, 1111111109) == "081804"


def test_the_page_shows_the_secret_as_text_and_as_a_picture_without_style(signed_in) -> None:
    confirm(signed_in)
    page = signed_in.get("/en/account/security/app/add/").content.decode()
    svg = re.search(r'<svg class="qr".*?</svg>', page, re.S)[0]
    assert 'role="img"' in svg and "style" not in svg
    assert not re.search(r"\sstyle\s*=|\son\w+\s*=|<script(?![^>]*(src=|application/json))", page)
    assert "data:" not in page, "the policy lets no data: picture in"


def test_with_an_app_the_password_alone_is_not_enough(app, amina, clock) -> None:
    client = Client()
    assert sign_in(client)["Location"] == "/en/account/security/code/"
    assert client.get("/en/people/").status_code == 302, "not signed in yet"
    wrong = client.post("/en/account/security/code/", {"code": "000000"})
    assert "The code is not right" in wrong.content.decode()
    clock.now += 60
    client.post("/en/account/security/code/", {"code": code(app, clock.now)})
    assert second_factor_of(client)


def test_a_code_works_once(app, clock) -> None:
    clock.now += 60
    used = code(app, clock.now)
    for wanted in (302, 200):
        client = Client()
        sign_in(client)
        assert client.post("/en/account/security/code/", {"code": used}).status_code == wanted


def test_guessing_codes_is_slowed_down(app, clock) -> None:
    client = Client()
    sign_in(client)
    pages = [
        client.post("/en/account/security/code/", {"code": f"{n:06}"}).content.decode()
        for n in range(7)
    ]
    assert "Too many failed attempts" in pages[-1]
    clock.now += 60
    right = client.post("/en/account/security/code/", {"code": code(app, clock.now)})
    assert right.status_code == 200, "the right code does not get past the limit either"


def test_setting_up_an_app_is_no_proof_until_it_is_used(app, signed_in, clock) -> None:
    assert not second_factor_of(signed_in)
    clock.now += 60
    form = {"code": code(app, clock.now), "next": "/en/people/"}
    assert signed_in.post("/en/account/security/confirm/", form)["Location"] == "/en/people/"
    assert second_factor_of(signed_in)


def test_a_recovery_code_works_once(app, signed_in) -> None:
    page = signed_in.get("/en/account/security/codes/").content.decode()
    codes = re.findall(r"<li><code>(\w+)</code></li>", page)
    assert len(codes) == 10
    for wanted in (302, 200):
        client = Client()
        sign_in(client)
        answer = client.post("/en/account/security/code/", {"code": codes[0]})
        assert answer.status_code == wanted
        assert second_factor_of(client) is (wanted == 302) if wanted == 302 else True
    file = signed_in.get("/en/account/security/codes/file/").content.decode().split()
    assert file == codes[1:], "the used one is gone"


def test_new_recovery_codes_end_the_old_ones(app, signed_in) -> None:
    before = signed_in.get("/en/account/security/codes/file/").content
    assert signed_in.post("/en/account/security/codes/new/").status_code == 302
    assert signed_in.get("/en/account/security/codes/file/").content != before


def test_removing_the_app_takes_the_codes_along(app, signed_in) -> None:
    assert signed_in.post("/en/account/security/app/remove/").status_code == 302
    assert not Authenticator.objects.exists()


def test_secrets_are_not_in_the_database_in_the_clear(app) -> None:
    rows = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert app not in rows


def test_a_token_carries_the_second_factor_of_its_session(app, signed_in, clock) -> None:
    def make() -> str:
        page = signed_in.post("/en/people/tokens/", {"name": "t", "days": "30"}).content.decode()
        return re.search(r"<code>(comity_\w{8}_\w{52})</code>", page)[1]

    assert not reads.viewer_for_token(make()).second_factor
    clock.now += 60
    signed_in.post("/en/account/security/confirm/", {"code": code(app, clock.now)})
    assert reads.viewer_for_token(make()).second_factor


def test_a_one_time_link_does_not_get_past_the_second_factor(app, amina) -> None:
    link = actions.one_time_link(amina, minutes=5, purpose=Purpose.NEWCOMER)
    client = Client(SERVER_NAME="localhost")
    answer = client.post(f"/en/people/link/{link.secret}/")
    assert answer["Location"] == "/en/account/security/code/"


def test_the_page_for_keys_offers_registration_for_this_host(signed_in) -> None:
    confirm(signed_in)
    page = signed_in.get("/en/account/security/keys/add/").content.decode()
    data = re.search(r'<script id="js_data" type="application/json">(.*?)</script>', page)[1]
    options = json.loads(data)["creation_options"]["publicKey"]
    assert options["rp"]["id"] == "testserver"
    assert len(options["challenge"]) >= 40
    assert options["user"]["name"]
    sources = re.findall(r'<script src="([^"]+)"', page)
    assert len(sources) == 3 and all(source.startswith("/static/") for source in sources)


def test_a_forged_answer_of_a_key_is_refused(signed_in) -> None:
    confirm(signed_in)
    signed_in.get("/en/account/security/keys/add/")
    for credential in (
        "{}",
        '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}',
        "x",
    ):
        form = {"name": "k", "credential": credential}
        answer = signed_in.post("/en/account/security/keys/add/", form)
        assert answer.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.django_db
def test_a_forged_passkey_does_not_sign_in() -> None:
    client = Client()
    client.get("/en/account/security/keys/sign-in/", headers={"Accept": "application/json"})
    whole = {
        "id": "eA",
        "rawId": "eA",
        "type": "public-key",
        "response": {
            "clientDataJSON": "e30",
            "authenticatorData": "eA",
            "signature": "eA",
            "userHandle": "MQ",
        },
    }
    for credential in (
        "",
        "{}",
        "[]",
        "1",
        '{"response": {"userHandle": "MQ"}}',
        json.dumps(whole),
    ):
        answer = client.post("/en/account/security/keys/sign-in/", {"credential": credential})
        assert answer["Location"] == "/en/account/sign-in/", credential
