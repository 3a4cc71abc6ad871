"""Parts of an entry's page: an agreement's life, what access needs, who applies a practice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from comity.kit.tlp import Label, Viewer
from comity.people.rules import may
from comity.registry.models import Entry, Statement
from comity.registry.pages import showing, wording
from comity.registry.pages import wording_desk as words
from comity.registry.pages.entry import said_of
from comity.registry.pages.frame import today
from comity.registry.reads import FieldValues, kinds, statements, values_of
from comity.registry.reads.agreements import Agreement, agreement
from comity.registry.reads.application import Application
from comity.registry.rules.agreements import Flag

Part = dict[str, Any] | None
APPLIED_KINDS = ("practice", "standard")
APPLIED = "applied_since"
ACCESS_KINDS = ("tool", "training")
ACCESS_FIELDS = ("language", "subtitle_language", "cost", "licence", "offline_copy", "link_checked")


# --- agreements ---------------------------------------------------------------------------


def agreement_part(who: Viewer, one: Entry, values: Sequence[FieldValues] | None = None) -> Part:
    """Where it stands and why, its life, parties, scope, application, relations."""
    kind = kinds().get(one.kind)
    if kind is None or kind.history != "agreement":
        return None
    told = agreement(who, one, today(), values)
    standing = told.standing
    field = kind.by_key["event"]
    return {
        "chip": wording.AGREEMENTS[standing.state],
        "presumed": standing.presumed,
        "since": _date(standing.since),
        "ends": _date(standing.ends),
        "silent": standing.days_since_evidence,
        "flags": [wording.FLAGS[flag] for flag in Flag if flag in standing.flags],
        "why": [
            {
                "words": words.ground(ground.rule),
                "events": [showing.shown(field, row.value, row.language) for row in ground.events],
            }
            for ground in told.why
        ],
        "events": [
            {
                "date": showing.date(row.row.value["date"]),
                "html": _event(field.vocabulary, row.row),
                "presumed": row.presumed,
                "said": said_of(row.row),
                "label": Label(row.row.handling.label),
            }
            for row in told.events
        ],
        "parties": _fields(told.fields, ("party",)),
        "scope": _fields(told.fields, words.SCOPE),
        "application": _fields(told.fields, words.APPLICATION),
        "applied": _applied(told.application, today()),
        "relations": _relations(told),
        "own": Label(one.handling.label),
    }


def _applied(found: Application, day: dt.date) -> dict[str, Any]:
    """What the records tell of its application, beside what sources say of it."""
    return {
        "level": wording.term("application_levels", str(found.level))[0],
        "age": None if found.heard is None else (day - found.heard).days,
        "done": [
            {
                "url": showing.entry_url(row.kind, row.key),
                "title": showing.titled(row),
                "label": Label(row.handling.label),
                "dates": [
                    showing.shown(kinds()[row.kind].by_key[field], value, "")
                    for field in ("period", "date")
                    for value in row.card.get(field, ())
                ],
            }
            for row in found.done
        ],
    }


def _date(value: Any) -> SafeString | None:
    return showing.date(str(value)) if value else None


def _event(vocabulary: str, row: Statement) -> dict[str, Any]:
    text, language = wording.term(vocabulary, row.value["event"])
    return {
        "name": showing.name(text, language) if language != wording.language() else text,
        "until": showing.date(row.value["until"]),
        "note": row.value["note"],
    }


def _fields(fields: dict[str, FieldValues], names: Iterable[str]) -> list[dict[str, Any]]:
    """Fields with their values, each with its source; what nobody reported is left out."""
    return [
        {
            "label": each.field.label[wording.language()],
            "disputed": each.disputed,
            "values": _runs(each),
        }
        for name in names
        if (each := fields.get(name)) is not None
    ]


def _runs(each: FieldValues) -> list[dict[str, Any]]:
    """The values of a field; a source stands once, behind the last of those it gives in a row."""
    sources = [said_of(value.row) for value in each.values]
    following = [*sources[1:], None]
    return [
        {
            "html": showing.shown(each.field, value.row.value, value.row.language),
            "said": None if source == after else source,
            "label": value.label,
        }
        for value, source, after in zip(each.values, sources, following, strict=True)
    ]


def _relations(told: Agreement) -> list[dict[str, Any]]:
    by_key = kinds()[told.entry.kind].by_key
    rows = [(relation, other, True) for relation, other in told.related]
    rows += [(relation, other, False) for relation, other in told.naming]
    return [
        {
            "words": by_key[relation].label[wording.language()],
            "out": out,
            "title": showing.titled(other),
            "url": showing.entry_url(other.kind, other.key),
        }
        for relation, other, out in rows
        if relation in by_key
    ]


# --- access -------------------------------------------------------------------------------


def access_part(who: Viewer, one: Entry) -> Part:
    """Languages, cost, licence, offline copy, link: each with its source, or not reported."""
    if one.kind not in ACCESS_KINDS:
        return None
    fields = {each.field.key: each for each in values_of(who, one)}
    kind = kinds()[one.kind]
    rows = []
    for name in ACCESS_FIELDS:
        if name not in kind.by_key:
            continue
        label = kind.by_key[name].label[wording.language()]
        found = _fields(fields, (name,))
        rows.append(found[0] if found else {"label": label, "values": [], "disputed": False})
    return {"rows": rows, "own": Label(one.handling.label), "url": reverse("registry:access")}


# --- who applies it -----------------------------------------------------------------------


def applied_part(who: Viewer, one: Entry) -> Part:
    """Who says since when it applies this, by country; and whether the viewer may say so."""
    if one.kind not in APPLIED_KINDS or APPLIED not in kinds()[one.kind].by_key:
        return None
    field = kinds()[one.kind].by_key[APPLIED]
    rows = [row for row in statements(who, [one])[one.pk] if row.field == APPLIED]
    told = []
    for row in rows:
        body = row.source.body
        country = body.country if body else ""
        told.append(
            {
                "country": wording.country_name(country) if country else "",
                "code": country,
                "by": body.name if body else row.source.by,
                "event": _event(field.vocabulary, row),
                "date": showing.date(row.value["date"]),
                "said": said_of(row),
                "label": Label(row.handling.label),
            }
        )
    told.sort(key=lambda row: (not row["code"], row["country"], row["by"]))
    return {
        "rows": told,
        "own": Label(one.handling.label),
        "url": reverse("registry:apply", kwargs={"kind": one.kind, "key": one.key})
        if may_apply(who)
        else "",
    }


def may_apply(who: Viewer) -> bool:
    """Whether somebody speaks for a body of this gateway."""
    return bool(who.bodies) and may(who, "registry.sign_off")
