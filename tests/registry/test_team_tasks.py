"""Keys and reviews of one's own team stand among one's tasks, and among nobody else's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from comity.directory import actions
from comity.directory import models as m
from comity.directory.reads.tasks import TeamWhat, team_tasks
from comity.directory.types import KeyKind
from tests.directory.conftest import house  # noqa: F401
from tests.directory.test_keys_of_teams import armour

pytestmark = pytest.mark.django_db


def waits(person: Any, now: dt.datetime | None = None) -> list[TeamWhat]:
    return [task.what for task in team_tasks(person.viewer, now or timezone.now())]


def test_a_new_key_waits_for_another_person_of_the_team(house: Any) -> None:  # noqa: F811
    m.TeamKey.objects.all().delete()
    actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    assert TeamWhat.KEY not in waits(house.head) + waits(house.focal)
    second = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("b"))
    assert TeamWhat.KEY not in waits(house.head)  # who added it
    assert TeamWhat.KEY in waits(house.focal)
    assert waits(house.reader) == waits(house.secretariat) == []
    page = house.focal.browser.get("/en/registry/my/tasks/").content.decode()
    assert f"/en/directory/teams/cert-xx/keys/{second.pk}" in page
    assert "not confirmed by a second person" in page


def test_a_key_is_told_of_a_month_before_it_runs_out(house: Any) -> None:  # noqa: F811
    m.TeamKey.objects.all().delete()
    key = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    now = timezone.now()
    for days, told in ((40, False), (29, True), (-5, True)):
        ends = (now + dt.timedelta(days=days)).date()
        m.TeamKey.objects.filter(pk=key.pk).update(expires=ends, encrypts_until=None)
        assert (TeamWhat.ENDS in waits(house.focal)) is told, days
    m.TeamKey.objects.filter(pk=key.pk).update(revoked=now.date())
    assert TeamWhat.ENDS not in waits(house.focal)
    assert waits(house.reader) == []


def test_a_review_that_is_due_waits(house: Any) -> None:  # noqa: F811
    m.TeamKey.objects.all().delete()
    today = timezone.now().date()
    m.Team.objects.update(review_due=today + dt.timedelta(days=1))
    assert waits(house.focal) == []
    m.Team.objects.update(review_due=today)
    assert waits(house.focal) == [TeamWhat.TEAM] and waits(house.reader) == []
