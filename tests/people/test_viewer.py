"""Who is asking: from session or token, with dates, in few queries."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Viewer
from comity.people import actions, reads, rules
from comity.people.middleware import ViewerMiddleware
from comity.people.models import Account, ApiToken
from comity.people.types import GroupKind, PeopleError, Role

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


def seen(account: Account, on: dt.date = TODAY) -> Viewer:
    return reads.viewer_for(account, on=on, second_factor=False)


def asks(header: str = "", address: str = "192.0.2.1"):
    """What the middleware makes of one request: (status, viewer)."""
    kept = {}

    def view(request):
        kept["viewer"] = request.viewer
        from django.http import HttpResponse

        return HttpResponse("ok")

    extra = {"HTTP_AUTHORIZATION": header} if header else {}
    request = RequestFactory(REMOTE_ADDR=address).get("/", **extra)
    from django.contrib.auth.models import AnonymousUser

    request.user, request.session = AnonymousUser(), {}
    response = ViewerMiddleware(view)(request)
    return response, kept.get("viewer")


def test_everything_a_person_belongs_to_in_one_query(amina, django_assert_num_queries) -> None:
    team, bank = actions.add_body("Team", country="NA"), actions.add_body("Bank")
    sharing = actions.add_group("Sinkholes", GroupKind.SHARING, owner=team)
    clients = actions.add_group("Clients of the team", GroupKind.CLIENTS, owner=team)
    community = actions.default_community()
    early = TODAY - 30 * DAY
    actions.join(amina.person, bank, since=early)
    actions.join(amina.person, sharing, since=early)
    actions.join(bank, community, since=early)
    actions.join(bank, clients, since=early)
    actions.join(team, actions.add_group("Not ours", GroupKind.SHARING), since=early)
    actions.grant(amina.person, Role.DUTY_OFFICER, since=early)
    with django_assert_num_queries(1):
        viewer = seen(amina)
    assert viewer == Viewer(
        person=amina.person_id,
        bodies=frozenset({bank.pk}),
        clients_of=frozenset({team.pk}),
        groups=frozenset({sharing.pk, DEFAULT_COMMUNITY}),
        roles=frozenset({"duty_officer"}),
    )


def test_dates_change_the_viewer(amina) -> None:
    body, group = actions.add_body("Team"), actions.add_group("G", GroupKind.SHARING)
    actions.join(amina.person, body, since=TODAY, until=TODAY + 10 * DAY)
    actions.join(body, group, since=TODAY + 2 * DAY)
    actions.grant(amina.person, Role.HEAD, since=TODAY + 3 * DAY, until=TODAY + 4 * DAY)
    assert seen(amina, TODAY - DAY) == Viewer(person=amina.person_id)
    assert seen(amina, TODAY).bodies == {body.pk} and not seen(amina, TODAY).groups
    assert seen(amina, TODAY + 2 * DAY).groups == {group.pk}
    assert [bool(seen(amina, TODAY + n * DAY).roles) for n in (2, 3, 4)] == [False, True, False]
    gone = seen(amina, TODAY + 10 * DAY)
    assert not gone.bodies and not gone.groups, "who left the body left what the body is in"


def test_who_leaves_today_has_left_today(amina) -> None:
    body = actions.add_body("Team")
    actions.join(amina.person, body)
    assert seen(amina, reads.today()).bodies
    actions.leave(amina.person, body)
    assert not seen(amina, reads.today()).bodies
    with pytest.raises(PeopleError, match="no such membership"):
        actions.leave(amina.person, body)
    actions.join(amina.person, body)  # and may come back the same day
    with pytest.raises(PeopleError, match="exists already"):
        actions.join(amina.person, body)


def test_a_role_withdrawn_is_gone_at_once(with_role) -> None:
    amina = with_role(Role.SECRETARIAT)
    assert rules.may(seen(amina, reads.today()), "mandate.settle")
    actions.withdraw(amina.person, Role.SECRETARIAT)
    assert not rules.may(seen(amina, reads.today()), "mandate.settle")


class SameRuleTwice(TestCase):
    """`rules.in_force` and its SQL."""

    @settings(deadline=None, max_examples=50)
    @given(
        st.integers(-3, 3),
        st.one_of(st.none(), st.integers(0, 4)),
        st.integers(-4, 8),
    )
    def test_sql_and_pure_agree_on_dates(self, since, length, on) -> None:
        account = actions.add_person("P", f"p{since}-{length}-{on}".replace("--", "-m"))
        first = TODAY + since * DAY
        until = None if length is None else first + length * DAY
        actions.grant(account.person, Role.READER, since=first, until=until)
        asked = TODAY + on * DAY
        assert bool(seen(account, asked).roles) == rules.in_force(first, until, asked)


def test_a_closed_account_is_nobody(amina) -> None:
    made = actions.create_token(amina, "t", days=1)
    actions.close_account(amina)
    assert seen(amina) == ANONYMOUS
    assert reads.viewer_for_token(made.text) is None


# --- tokens -------------------------------------------------------------------------------


def test_a_token_opens_as_bearer_and_as_basic_password(amina, django_assert_num_queries) -> None:
    made = actions.create_token(amina, "nightly", days=30, scopes=["mandate"], second_factor=True)
    asks(f"Bearer {made.text}")  # writes last_used
    with django_assert_num_queries(2):
        response, viewer = asks(f"Bearer {made.text}")
    assert response.status_code == 200 and response["Cache-Control"] == "no-store"
    assert viewer.person == amina.person_id and viewer.second_factor
    assert viewer.scopes == {"read", "mandate"}
    basic = base64.b64encode(f"x:{made.text}".encode()).decode()
    assert asks(f"Basic {basic}")[1] == viewer


def test_revocation_holds_from_the_next_request(amina) -> None:
    made = actions.create_token(amina, "t", days=30)
    assert asks(f"Bearer {made.text}")[0].status_code == 200
    actions.revoke_token(made.id)
    response, viewer = asks(f"Bearer {made.text}")
    assert response.status_code == 401 and viewer is None
    assert response["Content-Type"] == "application/problem+json"
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_an_expired_token_opens_nothing(amina) -> None:
    now = timezone.now()
    made = actions.create_token(amina, "t", days=1, now=now - dt.timedelta(hours=23))
    assert reads.viewer_for_token(made.text, now=now)
    assert reads.viewer_for_token(made.text, now=made.expires) is None


def test_every_refused_token_gets_the_same_answer(amina) -> None:
    made = actions.create_token(amina, "t", days=1, networks=["198.51.100.0/24"])
    other = rules.token_text(b"12345", b"x" * 32)
    password = base64.b64encode(b"amina:correct horse battery staple").decode()
    headers = [made.text, other, made.text[:-1] + "a", "junk"]
    answers = {asks(f"Bearer {text}")[0].content for text in headers}
    answers.add(asks(f"Basic {password}")[0].content)
    assert len(answers) == 1
    assert asks(f"Bearer {made.text}", "198.51.100.9")[0].status_code == 200


def test_the_text_of_a_token_is_not_kept(amina) -> None:
    made = actions.create_token(amina, "t", days=1)
    row = ApiToken.objects.values().get()
    secret = made.text.rpartition("_")[2]
    assert secret not in str(row) and row["hash"] == rules.secret_hash(made.text)


def test_last_used_is_written_at_most_once_a_minute(amina, django_assert_num_queries) -> None:
    made = actions.create_token(amina, "t", days=1)
    now = timezone.now()

    def use(at: dt.datetime, queries: int) -> dt.datetime:
        token = ApiToken.objects.get(pk=made.id)
        with django_assert_num_queries(queries):
            actions.note_use(token, at)
        return ApiToken.objects.get(pk=made.id).last_used

    assert use(now, 1) == now
    assert use(now + dt.timedelta(seconds=59), 0) == now
    assert use(now + dt.timedelta(seconds=61), 1) > now


def test_a_token_cannot_live_for_ever(amina) -> None:
    for days in (0, 367):
        with pytest.raises(PeopleError, match="a life of"):
            actions.create_token(amina, "t", days=days)


def test_anonymous_is_a_viewer_and_costs_nothing(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response, viewer = asks()
        assert viewer == ANONYMOUS
    assert "Cache-Control" not in response
    assert reads.actor_of(ANONYMOUS) == "anonymous"


def test_a_page_for_a_person_stays_out_of_caches(signed_in: Client) -> None:
    assert "no-store" in signed_in.get("/en/people/")["Cache-Control"]


def test_the_actor_is_the_pseudonym(amina) -> None:
    assert reads.actor_of(seen(amina)) == amina.person.pseudonym
    assert "amina" not in amina.person.pseudonym
