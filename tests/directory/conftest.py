"""Fixtures of this room: sample data, a team with people of its own, rules about mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from comity.directory import types as t
from comity.directory.rules.speakers import Speaker
from comity.kit.sayings import Voice
from comity.kit.tlp import Label


@dataclass(frozen=True)
class Person:
    """Somebody with an account: who they are to the room, and a browser signed in as them."""

    account: Any
    viewer: Any

    @property
    def browser(self) -> Any:
        from django.conf import settings
        from django.test import Client

        made = Client()
        made.force_login(self.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return made


def person(name: str, *roles: str, body: Any = None, second_factor: bool = True) -> Person:
    """A new person with roles, in a body."""
    from comity.people import reads
    from comity.people.actions import add_person, grant, join
    from comity.people.types import Role

    account = add_person(f"Test {name}", f"test-{name}")
    for role in roles:
        grant(account.person, Role(role))
    if body is not None:
        join(account.person, body)
    viewer = reads.viewer_for(account, on=reads.today(), second_factor=second_factor)
    return Person(account, viewer)


SOURCE = Speaker(Voice.SOURCE, "A list", evidence_url="https://list.example/")
OTHER = Speaker(Voice.SOURCE, "Another list")


def record(code: str = "cert-xx", **parts: Any) -> t.TeamRecord:
    """A team with a mailbox of each label, a network and a country."""
    contacts = tuple(
        t.Contact(
            t.ContactPurpose.INCIDENT,
            t.ContactKind.EMAIL,
            f"cert-{label.name.lower().replace('_', '-')}@{code}.example",
            label,
        )
        for label in Label
    )
    whole: dict[str, Any] = {
        "country": "KE",
        "values": (t.Value("kind", "national"), t.Value("time_zone", "Africa/Nairobi")),
        "contacts": contacts,
        "holdings": (
            t.Holding(t.HoldingKind.PREFIX, "198.51.100.0/24"),
            t.Holding(t.HoldingKind.PREFIX, "203.0.113.0/24", Label.GREEN),
            t.Holding(t.HoldingKind.COUNTRY, "KE"),
        ),
    }
    return t.TeamRecord(code, code.upper(), **(whole | parts))


@dataclass(frozen=True)
class House:
    """One team with its body, three of its people, and people of the house."""

    team: Any
    body: Any
    head: Person
    focal: Person
    contributor: Person
    secretariat: Person
    reader: Person


@pytest.fixture
def house(db: None) -> House:
    from comity.directory import actions
    from comity.directory import models as m
    from comity.people.actions import add_body, default_community, join

    body = add_body("Ministry", country="KE")
    join(body, default_community())
    actions.apply([record()], SOURCE)
    team = m.Team.objects.get(code="cert-xx")
    actions.link_body(team, str(body.pk))
    team.refresh_from_db()
    return House(
        team,
        body,
        person("head", "head", body=body),
        person("focal", "focal_point", body=body),
        person("contributor", "contributor", body=body),
        person("secretariat", "secretariat"),
        person("reader", "reader"),
    )


@pytest.fixture
def mail(settings: Any) -> Any:
    """The gateway can send mail; what it sends lands in a list."""
    from django.core import mail as post

    settings.MAIL_CONFIGURED = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    post.outbox = []
    return post
