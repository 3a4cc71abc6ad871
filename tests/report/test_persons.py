"""What the room holds on a person goes out with their data, and letters go when they are erased."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from comity.mandate.actions import load_shipped
from comity.people.actions import (
    add_body,
    add_person,
    ensure_samples,
    erase_person,
    export_person,
    grant,
    join,
)
from comity.people.reads import today, viewer_for
from comity.people.types import Role
from comity.report import actions
from comity.report.models import Comment, Dispatch

pytestmark = pytest.mark.django_db


def test_letters_and_remarks_are_in_the_export_of_whom_they_concern() -> None:
    load_shipped(now=timezone.now() - dt.timedelta(days=9))
    account = next(a for s, a in ensure_samples() if s.role is Role.SECRETARIAT)
    amina = add_person("Amina", "amina", email="amina@example.org", language="fr")
    grant(amina.person, Role.FOCAL_POINT)
    join(amina.person, add_body("Ministry", country="KE"))
    secretariat = viewer_for(account, on=today(), second_factor=False)
    actions.comment(secretariat, 2014, "Look at Lesotho.", section="doubts")
    actions.freeze(None, 2014)
    actions.publish(None, 2014)
    told, wrote = export_person(amina.person), export_person(account.person)
    (letter,) = told["letters_on_reports"]
    assert (letter["report"], letter["language"]) == ("report/2014/1", "fr")
    assert told["remarks_on_reports"] == []
    (remark,) = wrote["remarks_on_reports"]
    assert (remark["section"], remark["text"]) == ("doubts", "Look at Lesotho.")
    erase_person(amina.person)
    erase_person(account.person)
    assert not Dispatch.objects.filter(person__name="Amina").exists()
    assert Comment.objects.count() == 1, "a remark stays, under a name that leads to nobody"
