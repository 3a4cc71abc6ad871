"""A team's own record by machine: read it, change it, send it back whole."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja import Field, Router, Schema

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.api.acting import applied
from comity.directory.api.answering import Answer, plain_errors, viewer
from comity.directory.rules import constituency, contacts
from comity.directory.rules.values import canonical_language, canonical_value
from comity.kit import tlp
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Saying
from comity.kit.tlp import Viewer
from comity.people.doors import once, who_may

router = Router()
MARKED = Field(
    "TLP:CLEAR", description="TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT, TLP:RED"
)


class SaidValue(Schema):
    field: str = Field(max_length=40)
    value: str | bool | dict[str, str]
    language: str = Field("", max_length=35)
    since: str = Field("", max_length=10)
    marking: str = MARKED


class SaidContact(Schema):
    purpose: t.ContactPurpose
    kind: t.ContactKind
    value: str = Field(max_length=1000)
    hours: str = Field("", max_length=200)
    note: str = Field("", max_length=500)
    consent: bool = False
    since: str = Field("", max_length=10)
    marking: str = MARKED


class SaidHolding(Schema):
    kind: t.HoldingKind
    value: str = Field(max_length=2000)
    since: str = Field("", max_length=10)
    marking: str = MARKED


class SaidRecord(Schema):
    """All that one speaker says of a team but its keys: what is absent is no longer said."""

    name: str = Field(min_length=1, max_length=200)
    country: str = Field("", max_length=100)
    values: list[SaidValue] = Field(default_factory=list, max_length=2000)
    contacts: list[SaidContact] = Field(default_factory=list, max_length=200)
    holdings: list[SaidHolding] = Field(default_factory=list, max_length=20_000)
    seen: str = Field("", description="as the record was read; a record changed since is refused")


def _speaking(who: Viewer, code: str) -> tuple[m.Team, str]:
    team = reads.team(who, code)
    voice = actions.voice_of(who, team)
    if voice is None:
        raise PermissionDenied("directory.edit")
    return team, voice.value


@router.get(
    "/teams/{code}/record",
    summary="What the caller's team, or the secretariat, says of a team",
    operation_id="own_record",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@plain_errors
def own_record(request: HttpRequest, code: str) -> Answer:
    """In the shape in which it is sent back."""
    who = viewer(request)
    team, speaker = _speaking(who, code)
    record = reads.record(who, team, speaker=speaker)
    return {
        "name": team.name,
        "country": team.country,
        "values": [
            _row(v, field=v.field, value=v.value, language=v.said.language) for v in record.values
        ],
        "contacts": [
            _row(
                c,
                purpose=c.purpose.value,
                kind=c.kind.value,
                value=c.value,
                hours=c.hours,
                note=c.note,
                consent=c.consent,
            )
            for c in record.contacts
        ],
        "holdings": [_row(h, kind=h.kind.value, value=h.value) for h in record.holdings],
        "seen": actions.seen_of(team),
    }


def _row(piece: t.Value | t.Contact | t.Holding, **columns: Any) -> Answer:
    full = columns | {"since": piece.said.since, "marking": str(piece.label)}
    return {name: value for name, value in full.items() if value not in ("", None)}


@router.put(
    "/teams/{code}/record",
    summary="Keep a team's record as its own words, or as the secretariat's beside them",
    operation_id="keep_record",
    url_name="own_record",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def keep_record(request: HttpRequest, code: str, given: SaidRecord) -> Answer:
    """The same record again changes nothing. What the caller cannot see stays."""
    who = viewer(request)
    team, _voice = _speaking(who, code)
    record = t.TeamRecord(
        team.code,
        given.name.strip(),
        constituency.canonical_country(given.country) if given.country else "",
        values=tuple(_value(row) for row in given.values),
        contacts=tuple(_contact(row) for row in given.contacts),
        holdings=tuple(_holding(row) for row in given.holdings),
    )
    return applied(actions.edit(who, team, record, seen=given.seen))


def _value(row: SaidValue) -> t.Value:
    language = canonical_language(row.language) if row.language else ""
    value = canonical_value(row.field, row.value)
    return t.Value(
        row.field, value, tlp.parse(row.marking), Saying(since=row.since, language=language)
    )


def _contact(row: SaidContact) -> t.Contact:
    value = contacts.canonical_contact(row.kind, row.value)
    personal = row.kind is t.ContactKind.EMAIL and not row.consent
    if personal and not contacts.is_role_mailbox(value, purpose_said=True):
        raise t.DirectoryError(
            gettext_noop("This looks like a person's address"),
            "contacts",
            gettext_noop("Give the team's mailbox, or say that the person agreed (consent)."),
        )
    return t.Contact(
        row.purpose,
        row.kind,
        value,
        tlp.parse(row.marking),
        row.hours.strip(),
        row.note.strip(),
        row.consent,
        Saying(since=row.since),
    )


def _holding(row: SaidHolding) -> t.Holding:
    value = constituency.canonical(row.kind, row.value)
    return t.Holding(row.kind, value, tlp.parse(row.marking), Saying(since=row.since))
