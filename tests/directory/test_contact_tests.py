"""A contact test: opening the link proves nothing, the button does, once; and not too often."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from comity.directory import actions, jobs
from comity.directory import models as m
from comity.directory.types import DirectoryError
from comity.kit.tlp import ANONYMOUS
from comity.ledger.reads import acts_on
from tests.directory.conftest import SOURCE, record

pytestmark = pytest.mark.django_db
CLEAR = "cert-clear@cert-xx.example"


def sent(mail, house, **more) -> str:  # type: ignore[no-untyped-def]
    """Ask the mailbox that is CLEAR, run the job, return the address in the mail."""
    wanted = list(house.team.contacts.filter(value=CLEAR))
    (test,) = actions.ask(house.head.viewer, house.team, wanted, **more)
    assert jobs.send_test(str(test.pk)) == "sent"
    (letter,) = mail.outbox
    assert letter.to == [CLEAR] and letter.subject.startswith("[TLP:CLEAR] ")
    (url,) = re.findall(r"http://localhost:\d+(/en/directory/answer/\S+)", letter.body)
    return str(url)


def verified(house) -> dt.date | None:  # type: ignore[no-untyped-def]
    return house.team.contacts.get(value=CLEAR, ended=None).verified_on


def test_get_does_not_count_and_post_does_once(house, mail) -> None:
    url = sent(mail, house)
    browser = Client()
    for _again in range(3):  # a scanner, a preview, a person
        page = browser.get(url)
        assert page.status_code == 200 and CLEAR in page.content.decode()
        assert browser.head(url).status_code == 200
    assert verified(house) is None
    assert not m.ContactTest.objects.get().answered
    assert browser.post(url).status_code == 200
    assert verified(house) == timezone.now().date()
    assert browser.post(url).status_code == 404
    assert browser.get(url).status_code == 404
    acts = [row.act for row in acts_on("team/cert-xx")]
    assert acts.count("answer_contact") == 1


def test_the_form_is_protected_like_any_other(house, mail) -> None:
    url = sent(mail, house)
    assert Client(enforce_csrf_checks=True).post(url).status_code == 403
    assert verified(house) is None


def test_the_mail_leaves_once(house, mail) -> None:
    sent(mail, house)
    test = m.ContactTest.objects.get()
    assert jobs.send_test(str(test.pk)) == "nothing to send"
    assert len(mail.outbox) == 1


def test_a_link_ends_after_two_weeks_and_cannot_be_made_up(house, mail) -> None:
    url = sent(mail, house)
    token = url.rpartition("/")[2]
    late = timezone.now() + dt.timedelta(days=14, seconds=1)
    assert actions.asked_by_link(token, now=late) is None
    assert actions.answer(token, now=late) is None
    for forged in (token[:-1] + "x", "", ":", "a:b", token.upper(), "ï" * 50):
        assert actions.asked_by_link(forged) is None
    assert actions.asked_by_link(token) is not None


def test_a_mailbox_is_asked_once_a_day(house, mail) -> None:
    url = sent(mail, house)
    with pytest.raises(actions.TooMany, match="24 hours"):
        actions.ask(house.secretariat.viewer, house.team)
    tomorrow = timezone.now() + dt.timedelta(days=1, minutes=1)
    wanted = list(house.team.contacts.filter(value=CLEAR))
    assert actions.ask(house.head.viewer, house.team, wanted, now=tomorrow)
    assert Client().post(url).status_code == 200  # the first link holds beside the second


def test_a_person_asks_so_often_and_no_more(house, mail, monkeypatch) -> None:
    from comity.directory.actions import testing

    monkeypatch.setattr(testing, "A_DAY", 2)
    with pytest.raises(actions.TooMany, match="50 tests"):
        actions.ask(house.head.viewer, house.team)  # four mailboxes
    assert not m.ContactTest.objects.exists()


def test_what_is_marked_is_tested_by_the_team_alone(house, mail) -> None:
    own = {row.value for row in actions.testable(house.head.viewer, house.team)}
    house_of = {row.value for row in actions.testable(house.secretariat.viewer, house.team)}
    assert own == {f"cert-{x}@cert-xx.example" for x in ("clear", "green", "amber", "amber-strict")}
    assert house_of == {CLEAR}  # GREEN reaches the community, and no more
    made = actions.ask(None, house.team)  # the command line
    assert {test.contact.value for test in made} == {CLEAR, "cert-green@cert-xx.example"}
    amber = list(house.team.contacts.filter(value__startswith="cert-amber@"))
    with pytest.raises(DirectoryError, match="no mailbox"):
        actions.ask(house.secretariat.viewer, house.team, amber)


def test_who_may_ask(house, mail) -> None:
    for who in (house.reader.viewer, house.contributor.viewer, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            actions.ask(who, house.team)


def test_nobody_is_asked_where_nobody_is(house, mail, settings) -> None:
    m.Team.objects.filter(pk=house.team.pk).update(sample=True)
    house.team.refresh_from_db()
    with pytest.raises(DirectoryError, match="sample"):
        actions.ask(None, house.team)
    m.Team.objects.filter(pk=house.team.pk).update(sample=False)
    house.team.refresh_from_db()
    settings.MAIL_CONFIGURED = False
    with pytest.raises(DirectoryError, match="sends no mail"):
        actions.ask(None, house.team)


def test_reminders_are_sent_once(house, mail) -> None:
    sent(mail, house)
    assert jobs.remind()["tests"] == 0
    m.ContactTest.objects.update(sent=timezone.now() - dt.timedelta(days=8))
    assert jobs.remind()["tests"] == 1
    assert jobs.remind()["tests"] == 0
    assert len(mail.outbox) == 2 and mail.outbox[0].body == mail.outbox[1].body


def test_a_review_that_is_due_is_told_to_the_team(house, mail) -> None:
    today = timezone.now().date()
    actions.reviewed(house.focal.viewer, house.team)
    assert jobs.remind()["reviews"] == 0
    m.Team.objects.update(review_due=today)
    assert jobs.remind()["reviews"] == 1 and jobs.remind()["reviews"] == 0
    (letter,) = mail.outbox
    assert (
        letter.to[0] in (CLEAR, "cert-green@cert-xx.example") and today.isoformat() in letter.body
    )


def test_the_jobs_queue_is_the_house_s(house, mail) -> None:
    from django_tasks_db.models import DBTaskResult

    actions.ask(None, house.team)
    assert DBTaskResult.objects.count() == 2


def test_the_language_of_the_mail_is_the_teams(house, mail) -> None:
    from comity.directory import types as t

    actions.apply([record(values=(t.Value("language", "sw"), t.Value("language", "fr")))], SOURCE)
    assert jobs.language_of(house.team) == "fr"
