"""Every change has its line in the ledger, none names a person, and a person can be erased."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from comity.ledger import reads as ledger
from comity.ledger.actions import record
from comity.ledger.models import Act
from comity.people import actions, jobs
from comity.people.models import Account, Person
from comity.people.types import GroupKind, PeopleError, Purpose, Role
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
PERSONAL = ("amina", "Amina", "Diallo", "example.org", "Bank of Norland", "nightly")


def acts() -> list[str]:
    return list(Act.objects.values_list("act", flat=True))


def test_each_act_has_one_line_and_none_names_anybody(amina) -> None:
    person, actor = amina.person, amina.person.pseudonym
    body = actions.add_body("Bank of Norland", country="NO", actor=actor)
    group = actions.add_group("Amina and friends", GroupKind.SHARING, actor=actor)
    actions.join(person, body, actor=actor)
    actions.leave(person, body, actor=actor)
    actions.join(body, group, actor=actor)
    actions.grant(person, Role.READER, actor=actor)
    actions.withdraw(person, Role.READER, actor=actor)
    token = actions.create_token(amina, "nightly", days=3, actor=actor)
    actions.revoke_token(token.id, actor=actor)
    actions.revoke_token(token.id, actor=actor)  # twice is once
    actions.one_time_link(amina, minutes=3, purpose=Purpose.INVITE, actor=actor)
    actions.close_account(amina, actor=actor)
    assert acts() == [
        "add_person",
        "add_body",
        "add_group",
        "join",
        "leave",
        "join",
        "grant_role",
        "withdraw_role",
        "create_token",
        "revoke_token",
        "make_invite_link",
        "close_account",
    ]
    lines = json.dumps([list(row) for row in Act.objects.values_list("act", "actor", "object")])
    assert not [word for word in PERSONAL if word in lines]
    assert ledger.verify() is None


def test_what_a_person_does_on_the_pages_is_recorded_under_the_pseudonym(confirmed, amina) -> None:
    Act.objects.count()
    before = len(acts())
    new = "another four words entirely"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    confirmed.post("/en/account/password/", form)
    confirmed.post("/en/account/password/", form | {"oldpassword": "wrong"})
    confirmed.post("/en/people/tokens/", {"name": "nightly", "days": "7"})
    token = amina.tokens.get()
    confirmed.post(f"/en/people/tokens/{token.pk}/revoke/")
    confirmed.post("/en/account/sessions/")
    made = list(Act.objects.values_list("act", "actor"))[before:]
    wanted = ["change_password", "create_token", "revoke_token", "end_other_sessions"]
    assert made == [(act, amina.person.pseudonym) for act in wanted]
    lines = json.dumps([list(row) for row in Act.objects.values_list("act", "actor", "object")])
    assert not [word for word in PERSONAL if word in lines]


def test_a_refused_act_leaves_neither_change_nor_line(amina) -> None:
    before = acts()
    refused = [
        lambda: actions.add_person("Other", "AMINA"),
        lambda: actions.add_person("Other", "other", email="Amina@Example.org"),
        lambda: actions.add_person("Other", "a@b"),
        lambda: actions.add_person("Other", "other", language="xx"),
        lambda: actions.add_person("", "other"),
        lambda: actions.add_person("line\u0000", "other"),
        lambda: actions.add_body("Body", country="XX"),
        lambda: actions.add_group("Clients of nobody", GroupKind.CLIENTS),
        lambda: actions.withdraw(amina.person, Role.HEAD),
        lambda: actions.revoke_token("unknown0"),
        lambda: actions.create_token(amina, "t", days=3, scopes=["everything"]),
        lambda: actions.create_token(amina, "", days=3),
    ]
    for act in refused:
        with pytest.raises(PeopleError) as caught:
            act()
        assert caught.value.remedy, caught.value
    assert acts() == before and Person.objects.count() == 1


def test_one_persons_token_is_not_there_for_another(signed_in, amina) -> None:
    other = actions.add_person("Other", "other")
    token = actions.create_token(other, "t", days=3)
    assert signed_in.post(f"/en/people/tokens/{token.id}/revoke/").status_code == 404
    assert other.tokens.get().revoked is None


# --- erasing and handing out --------------------------------------------------------------


def test_an_erased_person_leaves_a_valid_ledger_and_no_trace(confirmed, amina) -> None:
    person, pseudonym = amina.person, amina.person.pseudonym
    body = actions.add_body("Bank of Norland")
    actions.join(person, body)
    actions.grant(person, Role.HEAD)
    actions.create_token(amina, "nightly", days=3)
    with transaction.atomic():
        record("settle_fate", "x", actor=pseudonym)
    before = list(Act.objects.values_list("hash", flat=True))
    answer = confirmed.post("/en/people/erase/", {"username": "amina"})
    assert answer.status_code == 302
    assert confirmed.get("/en/people/").status_code == 302
    after = list(Act.objects.values_list("hash", flat=True))
    assert after[: len(before)] == before and len(after) == len(before) + 1
    assert ledger.verify() is None
    last = Act.objects.last()
    assert (last.act, last.actor) == ("erase_person", "gateway")
    assert Act.objects.filter(actor=pseudonym).exists(), "the acts stay"
    assert _rows_that_mention(pseudonym, "amina", "Diallo") == []


def _rows_that_mention(*words: str) -> list[str]:
    """Tables, the ledger's apart, in which one of the words stands anywhere."""
    found = []
    for model in apps.get_models():
        if model._meta.app_label == "ledger":
            continue
        rows = json.dumps(list(model._default_manager.values()), default=str)
        found += [model._meta.label for word in words if word in rows]
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data FROM django_session")
        from django.contrib.sessions.backends.db import SessionStore

        for (data,) in cursor.fetchall():
            kept = json.dumps(SessionStore().decode(data), default=str)
            found += ["session" for word in words if word in kept]
    return found


def test_erasing_takes_the_typed_user_name(confirmed) -> None:
    answer = confirmed.post("/en/people/erase/", {"username": "somebody"})
    assert answer.status_code == 422 and Person.objects.exists()
    assert "<title>Error:" in answer.content.decode()


def test_erasing_ends_sessions_elsewhere(signed_in, amina) -> None:
    assert Session.objects.count() == 1
    actions.erase_person(amina.person)
    assert Session.objects.count() == 0 and not Account.objects.exists()


def test_the_export_holds_everything_and_no_secret(signed_in, amina) -> None:
    body = actions.add_body("Bank of Norland")
    actions.join(amina.person, body)
    actions.grant(amina.person, Role.HEAD)
    token = actions.create_token(amina, "nightly", days=3)
    answer = signed_in.get("/en/people/export.json")
    held = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    assert held["person"]["name"] == "Amina Diallo"
    assert held["account"]["email"] == "amina@example.org"
    assert held["roles"][0]["role"] == "head"
    assert held["memberships"][0]["in"] == "Bank of Norland"
    assert held["tokens"][0]["name"] == "nightly"
    assert held["sessions"][0]["address"] == "127.0.0.1"
    text = answer.content.decode()
    for secret in (token.text, amina.password, amina.tokens.get().hash):
        assert secret not in text


def test_what_has_served_is_forgotten_and_the_rest_stays(signed_in, amina) -> None:
    now = timezone.now()
    actions.one_time_link(amina, minutes=5, purpose=Purpose.INVITE, now=now)
    signed_in.post("/en/account/confirm/", {"password": "wrong"})  # counted
    assert jobs.forget() == {"links": 0, "sessions": 0, "counts": 0}
    later = now + dt.timedelta(days=31)
    gone = actions.forget_old(later)
    assert (gone["links"], gone["sessions"]) == (1, 1) and gone["counts"] > 0
    assert actions.forget_old(later) == {"links": 0, "sessions": 0, "counts": 0}
    assert not amina.links.exists()
