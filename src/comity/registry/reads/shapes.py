"""Entries as JSON: the one shape that API, command line and feeds give."""

from __future__ import annotations

from typing import Any

from comity.kit.tlp import Viewer
from comity.people.reads import today
from comity.registry.models import Entry, Statement
from comity.registry.reads.agreements import agreement
from comity.registry.reads.entries import FieldValues, replies, values_of
from comity.registry.reads.kinds import kinds


def as_row(entry: Entry) -> dict[str, Any]:
    """An entry in a list. The handling must be at hand."""
    return {
        "kind": entry.kind,
        "key": entry.key,
        "id": str(entry.id),
        "title": entry.title,
        "titles": entry.titles,
        "subtype": entry.subtype,
        "state": entry.state,
        "standing": entry.standing,
        "flags": entry.card.get("_flags", []),
        "tlp": entry.handling.label,
        "owner": entry.owner.name if entry.owner else "",
        "sample": entry.sample,
        "changed": entry.changed.isoformat(),
        "values": {key: value for key, value in entry.card.items() if not key.startswith("_")},
        "source": entry.card.get("_source", {}),
    }


def as_data(viewer: Viewer, entry: Entry) -> dict[str, Any]:
    """All that the viewer may see of one entry, each value with who says so."""
    values = values_of(viewer, entry)
    return as_row(entry) | {
        "created": entry.created.isoformat(),
        "statements": [
            statement_as_data(value.row) | ({"disputed": True} if value.differs else {})
            for field in values
            for value in field.values
        ],
        "replies": [
            {
                "by": reply.by,
                "text": reply.text,
                "language": reply.language,
                "contests": reply.contests,
                "made": reply.made.isoformat(),
            }
            for reply in replies(viewer, entry)
        ],
        **_life(viewer, entry, values),
    }


def _life(viewer: Viewer, entry: Entry, values: tuple[FieldValues, ...]) -> dict[str, Any]:
    """Of an agreement: where it stands, what is doubted of it and why, and how far it is applied.
    Days, not ages: what has not changed reads the same tomorrow."""
    kind = kinds().get(entry.kind)
    if kind is None or kind.history != "agreement":
        return {}
    told = agreement(viewer, entry, today(), values)
    standing, applied = told.standing, told.application
    return {
        "standing_told": {
            "state": standing.state,
            "presumed": standing.presumed,
            "since": str(standing.since or ""),
            "ends": str(standing.ends or ""),
            "flags": sorted(standing.flags),
            "why": [
                {"rule": ground.rule, "events": [row.value for row in ground.events]}
                for ground in told.why
            ],
        },
        "application": {
            "level": applied.level,
            "newest_evidence": applied.heard.isoformat() if applied.heard else "",
            "done": [
                {
                    "entry": row.name,
                    "title": row.title,
                    "first": row.first.isoformat() if row.first else "",
                    "last": row.last.isoformat() if row.last else "",
                }
                for row in applied.done
            ],
        },
    }


def statement_as_data(row: Statement) -> dict[str, Any]:
    """One statement; what is empty is left out."""
    source = row.source
    said = {
        "field": row.field,
        "value": row.value,
        "language": row.language,
        "origin": row.origin if row.language else "",
        "tlp": row.handling.label,
        "since": row.since,
        "said_by": source.body.name if source.body else source.by,
        "voice": source.voice,
        "evidence_title": source.evidence_title,
        "evidence_url": source.evidence_url,
        "evidence_date": source.evidence_date,
        "licence": source.licence,
        "verified_on": row.verified_on.isoformat() if row.verified_on else "",
        "verified_by": row.verified_by,
    }
    return {key: value for key, value in said.items() if value != ""}
