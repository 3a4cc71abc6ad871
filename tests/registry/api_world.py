"""A small registry behind real doors: sample entries, a few that are marked, persons with tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import Client

from comity.kit.sayings import Voice
from comity.kit.tlp import Label
from comity.people import reads as people
from comity.people.actions import add_body, add_person, create_token, default_community, grant, join
from comity.people.types import Role
from comity.registry.actions import Speaker, store
from comity.registry.reads import kinds, vocabularies
from comity.registry.rules.checking import from_json
from comity.registry.types import Record

API = "/api/v1/registry"


@dataclass(frozen=True)
class Person:
    """Somebody with an account, a browser signed in and programs with tokens."""

    account: Any
    body: Any = None

    @property
    def browser(self) -> Client:
        made = Client()
        made.force_login(self.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return made

    def program(self, *scopes: str, second_factor: bool = True) -> Client:
        token = create_token(
            self.account, "test", days=1, scopes=scopes, second_factor=second_factor
        )
        return Client(headers={"Authorization": f"Bearer {token.text}"})

    @property
    def viewer(self) -> Any:
        return people.viewer_for(self.account, on=people.today(), second_factor=True)


def person(role: str, body: Any = None) -> Person:
    account = add_person(f"Test {role}", f"test-{role}-{body.name.split()[0] if body else ''}")
    grant(account.person, Role(role))
    if body:
        join(account.person, body)
    return Person(account, body)


def body(name: str, country: str = "") -> Any:
    made = add_body(name, country=country)
    join(made, default_community())
    return made


def said(kind: str, key: str = "", **values: Any) -> dict[str, Any]:
    """A record as a program sends it; a list is several values."""
    rows = []
    for field, given in values.items():
        for value in given if isinstance(given, list) else [given]:
            rows.append({"field": field, "value": value, "url": "https://example.org/source"})
    return {"kind": kind, "key": key, "values": rows}


def record(data: dict[str, Any]) -> Record:
    made, problems = from_json(kinds()[data["kind"]], data, vocabularies())
    assert not problems, problems
    return made


def publish(data: dict[str, Any], label: Label, owner: Any) -> None:
    speaker = Speaker(Voice.OWN, owner.name, owner.pk)
    store([record(data)], speaker, act="load_entries", owner=owner.pk, label=label)


def post(client: Client, path: str, data: Any = None, **headers: str) -> Any:
    """A POST with JSON; `Idempotency_Key=…` is a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post(
        f"{API}{path}", json.dumps(data or {}), content_type="application/json", headers=named
    )


def get(client: Client, path: str, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"{API}{path}", headers=named)
