"""What this room does beside the pages: contact tests leave as mail, reviews are reminded of."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.actions import batches, testing
from comity.directory.rules import freshness as ages
from comity.kit import languages
from comity.kit.errors import KitError
from comity.kit.tlp import Label, subject_prefix

AGAIN = dt.timedelta(days=7)  # after which a test without an answer is told of once more


def send_test(number: str) -> str:
    """The mail of one contact test. Run twice it sends once, unless the machine died between the
    sending and the note of it; both mails then carry the same link."""
    test = m.ContactTest.objects.select_related("contact__team", "contact__handling").filter(
        pk=UUID(number)
    )
    row = test.first()
    if row is None or row.sent or row.answered or row.contact.ended:
        return "nothing to send"
    _mail(row)
    test.update(sent=timezone.now())
    return "sent"


def remind() -> dict[str, int]:
    """Once a day: tests without an answer after a week, reviews that are due, old uploads."""
    now = timezone.now()
    gone = batches.forget_uploads(now)
    if not settings.MAIL_CONFIGURED:
        return {"tests": 0, "reviews": 0, "uploads": gone}
    return {"tests": _tests(now), "reviews": _reviews(now.date()), "uploads": gone}


def _tests(now: dt.datetime) -> int:
    waiting = m.ContactTest.objects.filter(
        sent__lt=now - AGAIN, reminded=None, answered=None, expires__gt=now, contact__ended=None
    ).select_related("contact__team", "contact__handling")
    count = 0
    for row in waiting:
        # Noted first: a mailbox that fails must not be written to at every try.
        m.ContactTest.objects.filter(pk=row.pk).update(reminded=now)
        _mail(row)
        count += 1
    return count


def _mail(row: m.ContactTest) -> None:
    """The words of a test. A mailbox that is marked has the marking in the subject (TLP 2.0)."""
    team, label = row.contact.team, Label(row.contact.handling.label)
    with translation.override(languages.by_code(language_of(team)).django):
        path = reverse("directory:answer", args=[testing.token(row.pk)])
        words = {"team": team.name, "mailbox": row.contact.value, "url": f"{address()}{path}"}
        words |= {"expires": row.expires.date().isoformat(), "house": settings.GATEWAY_NAME}
        _send("test", words, row.contact.value, label)


def _reviews(today: dt.date) -> int:
    """To the team's own general mailbox, where it has one that may be written to."""
    count = 0
    for team in m.Team.objects.filter(sample=False, review_due__isnull=False).filter(
        Q(reminded_on=None) | Q(reminded_on__lt=today)
    ):
        assert team.review_due is not None  # noqa: S101 - asked for above
        if ages.reminder_due(team.review_due, today, team.reminded_on) is None:
            continue
        rows = team.contacts.filter(
            kind=t.ContactKind.EMAIL, ended=None, handling__label__in=("CLEAR", "GREEN")
        ).select_related("handling")
        best = min(rows, key=lambda c: (c.purpose != "general", c.precedence, c.pk), default=None)
        m.Team.objects.filter(pk=team.pk).update(reminded_on=today)
        if best is None:
            continue
        with translation.override(languages.by_code(language_of(team)).django):
            url = f"{address()}{reverse('directory:team', args=[team.code])}"
            words = {"team": team.name, "due": team.review_due.isoformat(), "url": url}
            _send("review", words, best.value, Label(best.handling.label))
        count += 1
    return count


def _send(kind: str, words: dict[str, str], to: str, label: Label) -> None:
    subject = render_to_string(f"directory/mail/{kind}_subject.txt", words)
    body = render_to_string(f"directory/mail/{kind}.txt", words)
    one_line = " ".join(subject.split())
    EmailMessage(f"{subject_prefix(label)}{one_line}", body, to=[to]).send()


def language_of(team: m.Team) -> str:
    """The first of the team's languages that this house speaks; English where there is none."""
    rows = team.values.filter(field="language", ended=None, handling__label="CLEAR")
    for row in sorted(rows, key=lambda row: (row.precedence, row.pk)):
        try:
            return languages.by_code(str(row.value)).code
        except KitError:
            continue
    return languages.DEFAULT


def address() -> str:
    """Where this gateway is browsed, for links in mails: a job has no request to ask."""
    host = settings.HOST.split(",")[0]
    if settings.HTTPS:
        return f"https://{host}"
    return f"http://{host}:{settings.PORT}"
