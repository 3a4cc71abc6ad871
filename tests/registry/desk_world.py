"""Persons, bodies and entries for the tests of desk, needs, access and agreements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.test import Client

from comity.kit.sayings import Voice
from comity.kit.tlp import Label, Viewer
from comity.people import reads
from comity.people.actions import add_body, add_person, default_community, grant, join
from comity.people.types import Role
from comity.registry.actions.writing import Speaker, store
from comity.registry.models import Entry
from comity.registry.types import Given, Record


@dataclass(frozen=True)
class Somebody:
    """A person with a body and a role, as the rooms see them and as a browser does."""

    account: Any
    body: Any
    viewer: Viewer  # with a second factor

    @property
    def without_factor(self) -> Viewer:
        return reads.viewer_for(self.account, on=reads.today(), second_factor=False)

    def browser(self, monkeypatch: Any) -> Client:
        """Signed in, a second factor shown."""
        monkeypatch.setattr("comity.people.reads.has_second_factor", lambda request: True)
        made = Client()
        made.force_login(self.account, backend=settings.AUTHENTICATION_BACKENDS[0])
        return made


def somebody(name: str, role: str, body: Any = None, country: str = "") -> Somebody:
    account = add_person(name, name.lower().replace(" ", "-"))
    grant(account.person, Role(role))
    home = body or add_body(f"Body of {name}", country=country)
    if body is None:
        join(home, default_community())
    join(account.person, home)
    return Somebody(account, home, reads.viewer_for(account, on=reads.today(), second_factor=True))


def written(
    kind: str,
    values: Mapping[str, Any],
    *,
    owner: Any = None,
    key: str = "",
    label: Label | None = None,
    subtype: str = "",
    by: str = "",
    **given: Any,
) -> Entry:
    """An entry as `store` writes it. A list is several values; words are English."""
    many = [
        Given(field, each, "en" if isinstance(each, str) and field in WORDS else "", **given)
        for field, value in values.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    if owner is not None:
        speaker = Speaker(Voice.OWN, by or owner.name, owner.pk)
    else:
        speaker = Speaker(Voice.SOURCE, by or "A publication")
    record = Record(kind, key, subtype, tuple(many))
    owner_id: UUID | None = owner.pk if owner is not None else None
    (result,) = store([record], speaker, act="test_write", owner=owner_id, label=label)
    return Entry.objects.select_related("owner", "handling").get(id=result.entry)


WORDS = ("title", "need", "summary", "declaration", "in_kind", "note")


def request_of(asker: Any, title: str = "Analysts for the night", **more: Any) -> Entry:
    """A request as its body writes it; its history begins elsewhere."""
    values: dict[str, Any] = {
        "title": title,
        "country": ["KE"],
        "body": [{"name": asker.name, "body": str(asker.pk)}],
        "need": "Nobody handles incidents at night.",
        "area": ["incident_response"],
        "language": ["fr"],
    }
    label = more.pop("label", None)
    return written("request", values | more, owner=asker, label=label)


def money(amount: str, currency: str = "USD", date: str = "2014") -> dict[str, str]:
    return {"amount": amount, "currency": currency, "date": date}


def event(name: str, date: str = "", until: str = "", note: str = "") -> dict[str, str]:
    return {"event": name, "date": date, "until": until, "note": note}


def text_of(html: bytes | str) -> str:
    """The words of a page, without tags."""
    import html as entities
    import re

    raw = html.decode() if isinstance(html, bytes) else html
    return " ".join(entities.unescape(re.sub(r"<[^>]+>", " ", raw)).split())


def titles(rows: Sequence[Any]) -> list[str]:
    return [row.entry.title for row in rows]
