"""One-time links: once, in time, and for newcomers only from this machine."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from comity.people import actions
from comity.people.models import Account, OneTimeLink
from comity.people.types import PeopleError, Purpose
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "another four words entirely"


def here() -> Client:
    return Client(SERVER_NAME="localhost", REMOTE_ADDR="127.0.0.1")


@pytest.fixture
def newcomer() -> str:
    """The address of a duty officer's link."""
    links = {str(sample.role): link for sample, link in actions.newcomer_links()}
    assert set(links) == {"reader", "duty_officer", "focal_point", "secretariat"}
    return f"/en/people/link/{links['duty_officer'].secret}/"


@pytest.fixture
def invitation(amina) -> str:
    link = actions.one_time_link(amina, minutes=60, purpose=Purpose.INVITE)
    return f"/en/people/link/{link.secret}/"


def signed_in_as(client: Client) -> str:
    response = client.get("/en/people/")
    return response.context["request"].user.username if response.status_code == 200 else ""


def test_looking_does_not_use_it_up_signing_in_does(newcomer) -> None:
    for _preview in range(3):
        looked = here().get(newcomer)
        assert looked.status_code == 200 and looked["Referrer-Policy"] == "same-origin"
        assert "no-store" in looked["Cache-Control"]
    client = here()
    assert client.post(newcomer).status_code == 302
    assert signed_in_as(client) == "sample-duty-officer"
    for again in (here().get(newcomer), here().post(newcomer)):
        assert again.status_code == 404
        assert "does not work" in again.content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"REMOTE_ADDR": "192.0.2.1"},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.1"},
        {"HTTP_FORWARDED": "for=192.0.2.1"},
        {"SERVER_NAME": "testserver"},
    ],
)
def test_a_newcomers_link_works_on_this_machine_only(newcomer, elsewhere) -> None:
    for method in ("get", "post"):
        assert getattr(here(), method)(newcomer, **elsewhere).status_code == 404
    assert here().post(newcomer).status_code == 302, "and was not used up by that"


def test_an_old_link_does_not_work(newcomer, invitation) -> None:
    OneTimeLink.objects.update(expires=timezone.now())
    for address in (newcomer, invitation, "/en/people/link/unknown/"):
        assert here().get(address).status_code == here().post(address).status_code == 404


def test_a_new_link_ends_the_older_one(newcomer) -> None:
    actions.newcomer_links()
    assert here().get(newcomer).status_code == 404


def test_two_at_once_only_one_gets_in(newcomer) -> None:
    secret = newcomer.split("/")[-2]
    now = timezone.now()
    first, second = actions.living_link(secret, now), actions.living_link(secret, now)
    actions.use_link(first, now)
    with pytest.raises(PeopleError, match="used already"):
        actions.use_link(second, now)


def test_the_secret_of_a_link_is_not_kept(newcomer) -> None:
    assert newcomer.split("/")[-2] not in str(list(OneTimeLink.objects.values()))


def test_an_invited_person_chooses_a_password(invitation, amina) -> None:
    remote = Client(REMOTE_ADDR="192.0.2.1")
    assert remote.get(invitation).status_code == 200, "an invitation works from anywhere"
    for password, again in (("short", "short"), ("password1234", "password1234"), (NEW, "other")):
        refused = remote.post(invitation, {"password": password, "again": again})
        assert refused.status_code == 422 and 'role="alert"' in refused.content.decode()
    assert remote.post(invitation, {"password": NEW, "again": NEW}).status_code == 302
    amina.refresh_from_db()
    assert amina.check_password(NEW)
    assert remote.get(invitation).status_code == 404
    assert signed_in_as(remote) == "", "the person signs in with the new password"


def test_an_invitation_ends_open_sessions(signed_in, invitation) -> None:
    here().post(invitation, {"password": NEW, "again": NEW})
    assert signed_in_as(signed_in) == ""


def test_a_closed_account_has_no_working_link(invitation, amina) -> None:
    actions.close_account(amina)
    assert here().get(invitation).status_code == 404


def test_samples_are_marked_and_leave_nothing_behind(newcomer) -> None:
    accounts = Account.objects.select_related("person")
    assert all(a.person.sample and not a.has_usable_password() for a in accounts)
    client = here()
    client.post(newcomer)
    assert "sample" in client.get("/en/people/").content.decode()
    assert actions.remove_samples() == 4
    assert not Account.objects.exists() and signed_in_as(client) == ""
    assert len(actions.newcomer_links()) == 4, "and can be made again"


def test_a_real_account_with_a_samples_name_is_never_taken_for_one(db) -> None:
    actions.add_person("Real", "sample-reader")
    with pytest.raises(PeopleError, match="taken"):
        actions.newcomer_links()


def test_a_link_lives_as_long_as_it_says(amina) -> None:
    now = timezone.now()
    link = actions.one_time_link(amina, minutes=5, purpose=Purpose.INVITE, now=now)
    assert link.expires == now + dt.timedelta(minutes=5)
    assert actions.living_link(link.secret, link.expires - dt.timedelta(seconds=1))
    assert actions.living_link(link.secret, link.expires) is None


def test_signing_in_by_link_leaves_who_was_signed_in(newcomer, amina) -> None:
    client = here()
    client.post("/en/account/sign-in/", {"login": "amina", "password": PASSWORD})
    client.post(newcomer)
    assert signed_in_as(client) == "sample-duty-officer"


def test_a_sample_person_gets_in_from_elsewhere_by_no_way_at_all(newcomer) -> None:
    client = here()
    client.post(newcomer)
    client.post("/en/account/password/first/", {"password1": NEW, "password2": NEW})
    form = {"login": "sample-duty-officer", "password": NEW}
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    assert elsewhere.post("/en/account/sign-in/", form).status_code == 404
    assert signed_in_as(elsewhere) == ""
    local = here()
    local.post("/en/account/sign-in/", form)
    assert signed_in_as(local) == "sample-duty-officer"
    account = Account.objects.get(username="sample-duty-officer")
    token = actions.create_token(account, "t", days=1)
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {token.text}"}
    assert elsewhere.get("/en/about", **bearer).status_code == 401
    assert here().get("/en/about", **bearer).status_code == 200
