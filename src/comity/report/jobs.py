"""Letters of the room: a report is published, a State is asked for what it did."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from comity.kit import languages
from comity.kit.tlp import Label, subject_prefix
from comity.people.reads import holders_of
from comity.people.types import Role
from comity.report import models as m
from comity.report.reads.building import base


def send(number: int) -> str:
    """The letter of one dispatch. Run twice it sends once, unless the machine died between the
    sending and the note of it."""
    found = m.Dispatch.objects.select_related("report").filter(pk=number)
    row = found.first()
    if row is None or row.sent:
        return "nothing to send"
    email = {p.person: p.email for p in holders_of(Role.FOCAL_POINT, timezone.now().date())}
    to = email.get(row.person_id, "")
    if not to:
        found.update(reachable=False)
        return "no address"
    _letter("published", row.language, row.report.year, [to])
    found.update(sent=timezone.now())
    return "sent"


def ask(number: int) -> int:
    """The letters to the focal points of one State, each in the language of who reads it."""
    row = m.Asked.objects.filter(pk=number, sent=None).first()
    if row is None:
        return 0
    now, count = timezone.now(), 0
    m.Asked.objects.filter(pk=row.pk).update(sent=now)  # first: a failing mailbox is not pestered
    for person in holders_of(Role.FOCAL_POINT, now.date()):
        if row.country in person.countries and person.email:
            _letter("asked", person.language, row.year, [person.email])
            count += 1
    return count


def _letter(kind: str, language: str, year: int, to: list[str]) -> None:
    code = language if language in languages.LANGUAGES else languages.DEFAULT
    with translation.override(languages.by_code(code).django):
        report = reverse("report:year", kwargs={"year": year})
        path = report if kind == "published" else reverse("registry:home")
        words = {"year": year, "url": f"{base()}{path}", "house": settings.GATEWAY_NAME}
        subject = " ".join(render_to_string(f"report/mail/{kind}_subject.txt", words).split())
        body = render_to_string(f"report/mail/{kind}.txt", words)
    EmailMessage(f"{subject_prefix(Label.CLEAR)}{subject}", body, to=to).send()
