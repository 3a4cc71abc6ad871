"""The cast of the tests about submissions: two States, their persons, the secretariat."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.test import Client
from django.urls import reverse

from comity.kit.tlp import Viewer
from comity.people import actions as people
from comity.people.models import Account, Body
from comity.people.reads import today, viewer_for
from comity.people.types import Role
from comity.registry import reads
from comity.registry.rules.checking import from_cells
from comity.registry.types import Record

BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Cast:
    """Kenya's ministry with three persons, Uganda's regulator with one, the secretariat with two."""

    kenya: Body
    uganda: Body
    office: Body
    accounts: dict[str, Account]

    def viewer(self, name: str, *, second_factor: bool = True) -> Viewer:
        return viewer_for(self.accounts[name], on=today(), second_factor=second_factor)

    def client(self, name: str) -> Client:
        from django.conf import settings

        browser = Client()
        browser.force_login(self.accounts[name], backend=settings.AUTHENTICATION_BACKENDS[0])
        return browser


def cast() -> Cast:
    kenya = people.add_body("Ministry of ICT, Kenya", country="KE")
    uganda = people.add_body("Communications Commission, Uganda", country="UG")
    office = people.add_body("Secretariat of the gateway")
    rows = (
        ("contributor", Role.CONTRIBUTOR, kenya),
        ("focal", Role.FOCAL_POINT, kenya),
        ("head", Role.HEAD, kenya),
        ("other", Role.FOCAL_POINT, uganda),
        ("secretariat", Role.SECRETARIAT, office),
        ("colleague", Role.SECRETARIAT, office),
        ("reader", Role.READER, None),
    )
    accounts = {}
    for name, role, body in rows:
        account = people.add_person(name.title(), name)
        people.grant(account.person, role)
        if body is not None:
            people.join(account.person, body)
        accounts[name] = account
    return Cast(kenya, uganda, office, accounts)


def record(kind: str = "activity", *, row: int = 0, **cells: str) -> Record:
    """A record of good cells; problems fail the test."""
    cells = {"title": "National CyberDrill of the coast", **cells}
    item, problems = from_cells(reads.kinds()[kind], cells, reads.vocabularies(), row=row)
    assert not problems, problems
    return replace(item, raw={})


def url(name: str, **kwargs: Any) -> str:
    return reverse(f"registry:{name}", kwargs=kwargs)
