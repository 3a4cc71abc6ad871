"""What the pages of the room show, and to whom."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comity.people import actions, reads
from comity.people.types import GroupKind, Role
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FORBIDDEN = re.compile(r"\sstyle\s*=|\son\w+\s*=|<style|<script(?![^>]*(?:src=|application/json))")


def test_you_are_told_who_you_are(signed_in, amina) -> None:
    team = actions.add_body("CIRT <Norland>")
    actions.join(amina.person, team)
    clients = actions.add_group("Clients", GroupKind.CLIENTS, owner=actions.add_body("Big CIRT"))
    actions.join(team, clients)
    actions.grant(amina.person, Role.DUTY_OFFICER)
    page = signed_in.get("/en/people/").content.decode()
    for shown in ("Amina Diallo", "CIRT &lt;Norland&gt;", "Big CIRT", "Duty officer", "not set up"):
        assert shown in page, shown


def test_the_page_costs_few_queries(signed_in, amina, django_assert_max_num_queries) -> None:
    for n in range(5):
        actions.join(amina.person, actions.add_body(f"Body {n}"))
    with django_assert_max_num_queries(12):
        signed_in.get("/en/people/")


def test_a_token_is_shown_once(confirmed, amina) -> None:
    form = {"name": "nightly", "days": "7", "scopes": ["mandate"], "networks": "192.0.2.0/24"}
    page = confirmed.post("/en/people/tokens/", form).content.decode()
    text = re.search(r"<code>(comity_\w{8}_\w{52})</code>", page)[1]
    assert reads.viewer_for_token(text, address="192.0.2.3").scopes == {"read", "mandate"}
    assert reads.viewer_for_token(text, address="192.0.3.3") is None
    again = confirmed.get("/en/people/tokens/").content.decode()
    assert text not in again and text[:15] in again


def test_a_token_form_says_what_is_wrong(confirmed, amina) -> None:
    form = {"name": "", "days": "9999", "scopes": ["people"], "networks": "nonsense"}
    answer = confirmed.post("/en/people/tokens/", form)
    page = answer.content.decode()
    assert answer.status_code == 422 and not amina.tokens.exists()
    assert "nonsense is no network" in page
    assert page.count('class="err"') >= 3 and 'aria-invalid="true"' in page


def test_pages_carry_no_inline_script_or_style(signed_in) -> None:
    for path in ("people/", "people/tokens/", "people/erase/", "account/security/"):
        assert not FORBIDDEN.search(signed_in.get(f"/en/{path}").content.decode()), path
    assert not FORBIDDEN.search(Client().get("/en/account/sign-in/").content.decode())


def test_forms_refuse_a_post_from_another_site(amina) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert (
        strict.post("/en/account/sign-in/", {"login": "amina", "password": "x"}).status_code == 403
    )


def test_sign_in_does_not_send_people_to_another_host(amina) -> None:
    form = {"login": "amina", "password": PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/en/account/sign-in/", form)["Location"] == "/en/account/"
    form["next"] = "/en/people/tokens/"
    assert Client().post("/en/account/sign-in/", form)["Location"] == "/en/people/tokens/"


def test_what_cannot_be_undone_takes_the_password_again_and_then_goes_on(signed_in, amina) -> None:
    form = {"name": "nightly", "days": "7"}
    asked = signed_in.post("/en/people/tokens/", form)
    assert asked["Location"].startswith("/en/account/confirm/?next=")
    assert not amina.tokens.exists()
    assert signed_in.post("/en/people/erase/", {"username": "amina"}).status_code == 302
    assert type(amina).objects.filter(pk=amina.pk).exists()
    signed_in.post("/en/people/tokens/", form)
    done = signed_in.post(
        "/en/account/confirm/", {"password": PASSWORD, "next": "/en/people/tokens/"}
    )
    assert re.search(r"<code>comity_\w{8}_\w{52}</code>", done.content.decode())
    assert amina.tokens.count() == 1
