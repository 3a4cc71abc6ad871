"""A State's word that it applies a practice or a standard: a statement of its own on any entry.

It stands beside what others say and replaces only what the same body said of this before.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from comity.kit import tlp
from comity.kit.dates import PartialDate
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.kit.tlp import Viewer
from comity.ledger.actions import hold
from comity.people.reads import actor_of
from comity.people.reads.bodies import bodies_named
from comity.people.rules import may
from comity.registry.actions.writing import Speaker, store
from comity.registry.models import Entry, Statement
from comity.registry.reads import NotHeld, entry
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.rules.values import from_json
from comity.registry.types import (
    BadValue,
    EntryState,
    Field,
    FieldType,
    Given,
    Origin,
    Outcome,
    Record,
    RegistryError,
)

FIELD = "applied_since"
PLANNED = "planned"


def say_applied(
    viewer: Viewer,
    kind: str,
    key: str,
    *,
    body: UUID,
    event: str,
    date: str = "",
    note: str = "",
    evidence_title: str = "",
    evidence_url: str = "",
    now: dt.datetime | None = None,
) -> Outcome:
    """One of the viewer's bodies says since when it applies an entry, or that it no longer does.

    Raises `NotHeld` for what the viewer may not see or what nobody can apply, `RegistryError` for
    a body they do not speak for, `BadValue` with the field for what was typed.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        hold()
        row = entry(viewer, kind, key)
        field = applied_field(kind)
        if field is None or row.state == EntryState.WITHDRAWN:
            raise NotHeld(f"{kind}/{key}")
        ours = next(iter(bodies_named(viewer.bodies & {body})), None)
        if ours is None or not may(viewer, "registry.sign_off"):
            raise RegistryError(
                gettext_noop("You do not speak for this body"),
                "body",
                gettext_noop("Ask its focal point or its head to say so."),
            )
        value = _value(field, event, date, note, moment.astimezone(dt.UTC).date())
        said = Given(
            FIELD,
            value,
            evidence_title=_line("evidence_title", evidence_title, 300),
            evidence_url=_address(evidence_url),
        )
        held = _standing(row, body)
        speaker = Speaker(Voice.OWN, held[0].source.by if held else ours.name, body)
        record = Record(kind, key, row.subtype, (*_kept(row, held), said))
        (result,) = store(
            [record],
            speaker,
            act="say_applied",
            actor=actor_of(viewer),
            owner=body,
            now=moment,
        )
    return result.outcome


def applied_field(kind: str) -> Field | None:
    """The field of a kind that says who applies it, where it has one."""
    found = kinds().get(kind)
    field = found.by_key.get(FIELD) if found else None
    return field if field and field.type is FieldType.EVENT else None


def _standing(row: Entry, body: UUID) -> list[Statement]:
    """What this body says of the entry now, as itself."""
    rows = Statement.objects.filter(
        entry=row, ended__isnull=True, source__voice=Voice.OWN, source__body=body
    )
    return list(rows.select_related("source", "handling").order_by("position", "pk"))


def _kept(row: Entry, held: list[Statement]) -> list[Given]:
    """Its other statements: a record replaces all that its speaker said, so they are said again."""
    return [
        Given(
            each.field,
            each.value,
            each.language,
            Origin(each.origin),
            each.source.evidence_title,
            each.source.evidence_url,
            each.source.evidence_date,
            each.since,
            None if each.handling_id == row.handling_id else tlp.Label(each.handling.label),
        )
        for each in held
        if each.field != FIELD and each.source.by == held[0].source.by
    ]


def _value(field: Field, event: str, date: str, note: str, today: dt.date) -> object:
    value = from_json(
        field, {"event": event, "date": date, "until": "", "note": note}, vocabularies()
    )
    if value["date"] and event != PLANNED and PartialDate.parse(value["date"]).first > today:
        raise BadValue(
            gettext_noop("This day has not come yet"),
            "date",
            gettext_noop("Give a day that has passed, or say that it is to be applied."),
        )
    return value


def _line(place: str, text: str, longest: int) -> str:
    line = " ".join(text.split())
    if len(line) > longest or not line.isprintable():
        raise BadValue(
            gettext_noop("This is too long or holds signs that cannot be shown"),
            place,
            gettext_noop("Use one line of at most 300 characters."),
        )
    return line


def _address(text: str) -> str:
    """A web address, or nothing."""
    if not text.strip():
        return ""
    field = Field("evidence_url", FieldType.URL, {})
    return str(from_json(field, text.strip(), {}))
