"""The desk: what is missing is seen, States are asked, comments kept, what changed is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import actions as mandate_actions
from comity.mandate import reads as mandate
from comity.mandate.types import DutyStatus
from comity.people.actions import add_body, add_person, ensure_samples, grant, join
from comity.people.reads import today, viewer_for
from comity.people.types import Role
from comity.registry.actions import Speaker, store
from comity.registry.types import Given, Record
from comity.report import actions, jobs, reads
from comity.report.models import Asked
from comity.report.reads.desk import Desk, desk
from comity.report.reads.facts import duties
from comity.report.rules.progress import progress, standing
from comity.report.types.figures import ReportError
from tests import walk

pytestmark = pytest.mark.django_db
YEAR = 2014


@pytest.fixture
def secretariat():  # type: ignore[no-untyped-def]
    account = next(a for s, a in ensure_samples() if s.role is Role.SECRETARIAT)
    return viewer_for(account, on=today(), second_factor=False)


@pytest.fixture(autouse=True)
def world() -> None:
    mandate_actions.load_shipped(now=timezone.now() - dt.timedelta(days=9))


def told(key: str, country: str, voice: Voice, days_ago: int = 5) -> None:
    values = (Given("title", key, "en"), Given("period", "2014"), Given("country", country))
    body = add_body(f"Body of {key}", country=country)
    speaker = Speaker(voice, body.name, body.pk if voice is Voice.OWN else None)
    moment = timezone.now() - dt.timedelta(days=days_ago)
    store([Record("activity", key, "cyberdrill", values)], speaker, act="load", now=moment)


def seen() -> Desk:
    now = timezone.now()
    return desk(reads.draft(reads.scope_of(YEAR, now=now)), now)


def test_states_that_told_nothing_of_their_own_are_silent() -> None:
    told("a-1", "KE", Voice.OWN)
    told("a-2", "GH", Voice.SOURCE)
    silent = {row.country for row in seen().silent}
    assert "KE" not in silent and "GH" in silent
    assert seen().members == len(silent) + 1


def test_a_silent_state_is_asked_once_a_week(secretariat, settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    account = add_person("Amina", "amina", email="amina@example.org", language="es")
    grant(account.person, Role.FOCAL_POINT)
    join(account.person, add_body("Ministry", country="GH"))
    row = actions.ask(secretariat, YEAR, "gh")
    assert row.persons == 1
    assert (jobs.ask(row.pk), jobs.ask(row.pk)) == (1, 0), "twice is once"
    assert mail.outbox[0].to == ["amina@example.org"] and "2014" in mail.outbox[0].subject
    with pytest.raises(ReportError, match="last week"):
        actions.ask(secretariat, YEAR, "GH")
    asked = {s.country: s.asked for s in seen().silent if s.asked}
    assert set(asked) == {"GH"}
    assert [r.act for r in ledger.acts_on(f"report/{YEAR}")] == ["ask_state"]
    assert Asked.objects.get().country == "GH"


def test_unsettled_duties_and_missing_translations_are_seen(secretariat) -> None:  # type: ignore[no-untyped-def]
    told("a-1", "KE", Voice.OWN)
    assert len(seen().unsettled) == 46
    assert set(seen().untranslated) == {"ar", "es", "fr", "ru", "zh"}
    version = mandate.version(ANONYMOUS, "itu-pp/res-130", "2014")
    found = mandate.duty_of(ANONYMOUS, mandate.provision(ANONYMOUS, version, "resolves/1"))
    assert found
    mandate_actions.say_state(secretariat, found.duty, DutyStatus.IN_PROGRESS, ["activity/a-1"])
    assert len(seen().unsettled) == 45


def test_what_changed_since_yesterday_and_since_last_years_report() -> None:
    told("a-1", "KE", Voice.OWN)
    assert seen().since_yesterday == ()
    actions.freeze(None, 2013)
    told("a-2", "KE", Voice.OWN, days_ago=0)
    changes = {c.figure.id: c.was for c in seen().since_yesterday}
    assert changes["activities.year"] == 1
    last = {c.figure.id: c.was for c in seen().since_last_report}
    assert last["activities.year"] is None


def test_comments_are_kept_and_settled(secretariat) -> None:  # type: ignore[no-untyped-def]
    row = actions.comment(secretariat, YEAR, "Look at Lesotho.", section="doubts")
    assert [c.text for c in seen().comments] == ["Look at Lesotho."]
    actions.settle(secretariat, YEAR, row.act)
    actions.settle(secretariat, YEAR, row.act)
    assert seen().comments[0].settled is not None
    for words in ("", "   ", "x" * 2001):
        with pytest.raises(ReportError):
            actions.comment(secretariat, YEAR, words)
    with pytest.raises(ReportError):
        actions.settle(secretariat, YEAR, 99_999)


def test_the_page_is_for_the_secretariat_and_acts() -> None:
    told("a-1", "KE", Voice.OWN)
    accounts = walk.sample_accounts()
    url = f"/en/report/{YEAR}/desk"
    assert Client().get(url).status_code == 403
    browser = walk.client("secretariat", accounts)
    page = browser.get(url).content.decode()
    assert "Ask its focal points" in page and "instructs-bdt/2" in page
    for data, said in (
        ({"what": "ask", "country": "GH"}, "no focal point here"),
        ({"what": "ask", "country": "ZZ"}, "ZZ"),
        ({"what": "ask_all"}, "asked"),
        ({"what": "publish"}, "No report on this year is frozen"),
        ({"what": "freeze", "number": "18"}, "frozen in six languages"),
        ({"what": "publish"}, "is published"),
        ({"what": "comment", "text": ""}, "has words"),
    ):
        answer = browser.post(url, data, follow=True).content.decode()
        assert said in answer, (data, said)


def test_progress_is_made_from_what_was_said_when(secretariat, client: Client) -> None:  # type: ignore[no-untyped-def]
    version = mandate.version(ANONYMOUS, "itu-pp/res-130", "2014")
    found = mandate.duty_of(ANONYMOUS, mandate.provision(ANONYMOUS, version, "resolves/1"))
    assert found

    def say(status: DutyStatus, year: int) -> None:
        moment = dt.datetime(year, 6, 1, tzinfo=dt.UTC)
        mandate_actions.say_state(secretariat, found.duty, status, ["x"], now=moment)

    say(DutyStatus.IN_PROGRESS, 2020)
    say(DutyStatus.COMPLETED, 2022)
    moments = progress(duties(), dt.datetime(2023, 3, 1, tzinfo=dt.UTC), 2014)
    assert [m.label for m in moments] == ["2019", "2020", "2021", "2022", "2023-03-01"]
    assert [m.counts["in progress"] for m in moments] == [0, 1, 1, 0, 0]
    assert [m.counts["completed"] for m in moments] == [0, 0, 0, 1, 1]
    assert all(sum(m.counts.values()) == 46 for m in moments)
    assert standing((), dt.datetime(2023, 3, 1, tzinfo=dt.UTC))["completed"] == 0
    page = client.get("/en/report/progress").content.decode()
    assert "of 1; completed are 1" in page
    data = client.get("/api/v1/report/progress").json()
    assert data["moments"][-1]["duties"]["completed"] == 1


def test_all_silent_states_with_a_focal_point_are_asked_at_once(secretariat) -> None:  # type: ignore[no-untyped-def]
    for name, country in (("Amina", "GH"), ("Boris", "FR"), ("Chen", "KE")):
        account = add_person(name, name.lower(), email=f"{name}@example.org")
        grant(account.person, Role.FOCAL_POINT)
        join(account.person, add_body(f"Ministry of {name}", country=country))
    told("a-1", "KE", Voice.OWN)
    before = {row.country for row in seen().silent if row.focal_points}
    actions.ask(secretariat, YEAR, "FR")
    browser = walk.client("secretariat", walk.sample_accounts())
    page = browser.get(f"/en/report/{YEAR}/desk").content.decode()
    assert "Ask all that have a focal point" in page and "nothing yet" in page
    assert actions.ask_all(secretariat, YEAR) == len(before) - 1, "who was asked is left in peace"
    assert actions.ask_all(secretariat, YEAR) == 0
    assert set(Asked.objects.values_list("country", flat=True)) == before
    assert {"GH", "FR"} <= before and "KE" not in before


def test_who_was_asked_stays_in_sight_once_it_has_told(secretariat) -> None:  # type: ignore[no-untyped-def]
    actions.ask(secretariat, YEAR, "GH")
    actions.ask(secretariat, YEAR, "FR")
    told("a-1", "GH", Voice.OWN)
    assert [(row.country, has_told) for row, has_told in seen().asked] == [
        ("FR", False),
        ("GH", True),
    ]
