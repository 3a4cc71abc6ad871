"""Contact tests: a mail with a signed link that opens a page; only that page's button is an answer.

Mail scanners open links, so a GET proves nothing. The link works once, for 14 days.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from comity.directory import models as m
from comity.directory import types as t
from comity.kit import ids
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Label, Viewer
from comity.ledger import actions as ledger
from comity.people.reads import actor_of, visible_handlings
from comity.people.rules import may

SALT = "comity.directory.contact-test"
LASTS = dt.timedelta(days=14)
PAUSE = dt.timedelta(days=1)  # between two tests of one mailbox
A_DAY = 50  # tests that one person may ask for in a day
ANSWERED = "contact test"  # what `verified_by` says; words are the door's

SEND = "comity.directory.jobs:send_test"


class TooMany(t.DirectoryError):
    """The mailbox, or the person, has had its tests for now."""


def token(test: UUID) -> str:
    """The link's secret: signed by this house, the same each time it is made."""
    return signing.Signer(salt=SALT).sign_object(str(test))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(label: str) -> bool:
    return Label(label) < Label.AMBER


def testable(viewer: Viewer, team: m.Team) -> list[m.Contact]:
    """The mailboxes of a team that the viewer may ask to answer: RED and AMBER only by the team."""
    if not may(viewer, "directory.test"):
        return []
    ours = team.body_id is not None and team.body_id in viewer.bodies
    rows = team.contacts.filter(
        kind=t.ContactKind.EMAIL, ended=None, handling__in=visible_handlings(viewer)
    ).select_related("handling")
    once: dict[str, m.Contact] = {}
    for row in sorted(rows, key=lambda row: (row.precedence, row.pk)):
        if ours or _plain(row.handling.label):
            once.setdefault(row.value, row)
    return list(once.values())


def ask(
    viewer: Viewer | None,
    team: m.Team,
    contacts: Sequence[m.Contact] | None = None,
    *,
    now: dt.datetime | None = None,
) -> list[m.ContactTest]:
    """Ask mailboxes of a team to answer; the mails leave by a job. `viewer` None is the command
    line: what is CLEAR or GREEN."""
    if viewer is not None and not may(viewer, "directory.test"):
        raise PermissionDenied("directory.test")
    _able(team)
    if viewer is None:
        rows = team.contacts.filter(kind=t.ContactKind.EMAIL, ended=None)
        allowed = [r for r in rows.select_related("handling") if _plain(r.handling.label)]
    else:
        allowed = testable(viewer, team)
    wanted = {row.pk for row in contacts} if contacts is not None else None
    chosen = [row for row in allowed if wanted is None or row.pk in wanted]
    if not chosen:
        raise t.DirectoryError(
            gettext_noop("There is no mailbox here that you may test"),
            team.code,
            gettext_noop("What is marked AMBER or RED is tested by the team itself."),
        )
    moment = now or timezone.now()
    actor = actor_of(viewer) if viewer else ledger.GATEWAY
    with transaction.atomic():
        ledger.hold()
        _within_limits(team, chosen, actor, moment)
        made = [_made(row, actor, moment) for row in chosen]
        ledger.record(
            "ask_contact",
            f"team/{team.code}",
            actor=actor,
            content=[str(test.pk) for test in made],
            now=moment,
        )
        for test in made:
            import_string(settings.LATER)(SEND, str(test.pk))
    return made


def _able(team: m.Team) -> None:
    if team.sample:
        raise t.DirectoryError(
            gettext_noop("This team is sample data"),
            team.code,
            gettext_noop("Nobody is behind it, so nothing is sent."),
        )
    if not settings.MAIL_CONFIGURED:
        raise t.DirectoryError(
            gettext_noop("This gateway sends no mail"),
            "COMITY_MAIL",
            gettext_noop("Who runs it sets COMITY_MAIL."),
        )


def _within_limits(team: m.Team, chosen: Sequence[m.Contact], actor: str, now: dt.datetime) -> None:
    recent = m.ContactTest.objects.filter(asked__gt=now - PAUSE)
    mailboxes = [row.value for row in chosen]
    if recent.filter(contact__value__in=mailboxes).exists():
        raise TooMany(
            gettext_noop("This mailbox was asked in the last 24 hours"),
            team.code,
            gettext_noop("Wait a day; who is asked too often answers no more."),
        )
    if recent.filter(asked_by=actor).count() + len(chosen) > A_DAY:
        raise TooMany(
            gettext_noop("You have asked for 50 tests in the last 24 hours"),
            team.code,
            gettext_noop("Go on tomorrow."),
        )


def _made(contact: m.Contact, actor: str, now: dt.datetime) -> m.ContactTest:
    number = ids.new()
    return m.ContactTest.objects.create(
        pk=number,
        contact=contact,
        asked=now,
        asked_by=actor,
        expires=now + LASTS,
        token_hash=_hash(token(number)),
    )


def asked_by_link(text: str, *, now: dt.datetime | None = None) -> m.ContactTest | None:
    """The test of a link while it can be answered; None for one that is wrong, old or used."""
    try:
        number = UUID(signing.Signer(salt=SALT).unsign_object(text))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    return (
        m.ContactTest.objects.filter(
            pk=number, token_hash=_hash(text), answered=None, expires__gt=now or timezone.now()
        )
        .select_related("contact__team")
        .first()
    )


def answer(text: str, *, now: dt.datetime | None = None) -> m.ContactTest | None:
    """The one thing that verifies a contact: the button on the page of the link. Works once."""
    moment = now or timezone.now()
    test = asked_by_link(text, now=moment)
    if test is None:
        return None
    with transaction.atomic():
        taken = m.ContactTest.objects.filter(pk=test.pk, answered=None).update(answered=moment)
        if not taken:
            return None
        # The mailbox answered, whoever named it: all rows of the team with this value are true.
        m.Contact.objects.filter(
            team=test.contact.team, kind=test.contact.kind, value=test.contact.value, ended=None
        ).update(verified_on=moment.date(), verified_by=ANSWERED)
        ledger.record(
            "answer_contact",
            f"team/{test.contact.team.code}",
            content=str(test.pk),
            now=moment,
        )
    return test
