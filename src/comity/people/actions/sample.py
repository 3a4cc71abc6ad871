"""Made-up persons who show a newcomer the house from its sides, and their removal.

They have no password. The only way in as one of them is a one-time link, from this machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from comity.ledger.actions import record
from comity.people.actions.access import NEWCOMER_MINUTES, one_time_link
from comity.people.actions.belonging import (
    add_body,
    add_person,
    default_community,
    grant,
    join,
)
from comity.people.models import Account, Body, Person, object_name
from comity.people.types import NewLink, Purpose, Role


@dataclass(frozen=True, slots=True)
class Sample:
    """One side of the house."""

    username: str
    name: str
    role: Role
    body: str = ""


TEAM = "Sample team"
SECRETARIAT = "Sample secretariat"
ADMINISTRATION = "Sample administration"
SAMPLES = (
    Sample("sample-reader", "Sample reader", Role.READER),
    Sample("sample-duty-officer", "Sample duty officer", Role.DUTY_OFFICER, TEAM),
    Sample("sample-focal-point", "Sample focal point", Role.FOCAL_POINT, ADMINISTRATION),
    Sample("sample-secretariat", "Sample secretariat officer", Role.SECRETARIAT, SECRETARIAT),
)


def ensure_samples() -> list[tuple[Sample, Account]]:
    """Their accounts, made where they are missing."""
    made = []
    with transaction.atomic():
        for sample in SAMPLES:
            account = Account.objects.filter(username=sample.username, person__sample=True).first()
            if account is None:
                account = add_person(sample.name, sample.username, sample=True)
                grant(account.person, sample.role)
                if sample.body:
                    join(account.person, _sample_body(sample.body))
            made.append((sample, account))
    return made


def _sample_body(name: str) -> Body:
    """A sample body, made and put into the default community where it is missing."""
    body = Body.objects.filter(name=name, sample=True).first()
    if body is None:
        body = add_body(name, sample=True)
        join(body, default_community())
    return body


def newcomer_links(minutes: int = NEWCOMER_MINUTES) -> list[tuple[Sample, NewLink]]:
    """A fresh one-time link for each sample person; older ones stop working."""
    return [
        (sample, one_time_link(account, minutes=minutes, purpose=Purpose.NEWCOMER))
        for sample, account in ensure_samples()
    ]


def remove_samples() -> int:
    """Remove the sample persons and bodies and all that hangs on them; the number of persons."""
    with transaction.atomic():
        persons = list(Person.objects.filter(sample=True).values_list("pk", flat=True))
        bodies = list(Body.objects.filter(sample=True).values_list("pk", flat=True))
        for person in persons:
            record("remove_sample", object_name("person", person))
        for body in bodies:
            record("remove_sample", object_name("body", body))
        Person.objects.filter(pk__in=persons).delete()
        Body.objects.filter(pk__in=bodies).delete()
    return len(persons)
