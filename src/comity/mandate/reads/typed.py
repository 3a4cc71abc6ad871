"""Rows back into the nouns of `types`, for formats and commands; one provision as plain data."""

from __future__ import annotations

from typing import Any

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate.formats.export import Bundle
from comity.mandate.models import keeping
from comity.mandate.reads.comparing import changes
from comity.mandate.reads.finding import earlier, later
from comity.mandate.reads.proposing import proposals
from comity.mandate.reads.sayings import citations, citations_of, duties, duty_of
from comity.mandate.types import (
    Change,
    ChangeKind,
    Citation,
    Confidence,
    Duty,
    Passage,
    Proposal,
    Provision,
    Text,
)


def text(viewer: Viewer, version: m.Version) -> Text:
    """The version as the formats take it."""
    return keeping.text_of(version)


def typed_provisions(viewer: Viewer, version: m.Version) -> tuple[Provision, ...]:
    return keeping.text_of(version).provisions


def typed_passages(viewer: Viewer, version: m.Version) -> tuple[Passage, ...]:
    return keeping.text_of(version).passages


def typed_changes(viewer: Viewer, old: m.Version, new: m.Version) -> tuple[Change, ...]:
    """The kept changes, with indices into the units of both texts."""
    rows = m.Change.objects.filter(old=old, new=new).order_by("seq").prefetch_related("ends")
    return tuple(
        Change(
            ChangeKind(row.kind),
            tuple(e.unit for e in row.ends.all() if not e.is_new),
            tuple(e.unit for e in row.ends.all() if e.is_new),
            row.similarity,
            Confidence(row.confidence),
            tuple(row.evidence),
        )
        for row in rows
    )


def typed_proposals(viewer: Viewer, adopted: m.Version) -> tuple[Proposal, ...]:
    """The machine's guesses, as the commands print them."""
    return tuple(
        Proposal(
            row.passage.seq,
            row.passage.tag,
            row.passage.proposer,
            row.passage.section,
            row.text,
            row.fate,
            row.targets,
            row.similarity,
            row.confidence,
            row.evidence,
        )
        for row in proposals(viewer, adopted)
    )


def typed_citations(viewer: Viewer, version: m.Version) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            row.provision.section,
            row.provision.path,
            row.as_printed,
            row.issuer,
            row.kind,
            row.number,
            row.place,
            row.year,
            row.revised,
            row.subdivision,
            row.start,
            row.end,
            row.cited.key,
            row.how,
            tuple(row.flags),
        )
        for row in citations(viewer, version)
    )


def typed_duties(viewer: Viewer, version: m.Version) -> tuple[Duty, ...]:
    return tuple(
        Duty(
            row.duty.provision.section,
            row.duty.provision.path,
            tuple(row.duty.actors),
            row.duty.force,
            row.duty.verb,
            row.duty.object,
            tuple(row.duty.recipients),
            row.duty.frequency,
            row.duty.condition,
            row.duty.is_reporting,
            row.duty.binding,
            tuple(row.duty.parts),
            tuple(row.duty.related),
            tuple(row.duty.further_acts),
        )
        for row in duties(viewer, version)
    )


def loaded(version: m.Version) -> dict[str, Any]:
    """What a load says of its version: the same in the API and on the command line."""
    return {
        "key": version.instrument.key,
        "version": version.label,
        "status": version.status,
        "title": version.title,
        "provisions": version.provisions.count(),
        "passages": version.passages.count(),
        "findings": version.findings.count(),
    }


def bundle(viewer: Viewer, version: m.Version) -> Bundle:
    """All that is known of a version, for `formats.export`."""
    before, after = earlier(viewer, version), later(viewer, version)
    eids: tuple[str, ...] = ()
    if before:
        rows = before.passages if before.status == "draft" else before.provisions
        eids = tuple(rows.values_list("eid", flat=True))
    return Bundle(
        key=version.instrument.key,
        label=version.label,
        text=keeping.text_of(version),
        changes=typed_changes(viewer, before, version) if before else (),
        proposals=typed_proposals(viewer, version),
        fates=typed_proposals(viewer, after) if after else (),
        citations=typed_citations(viewer, version),
        duties=typed_duties(viewer, version),
        earlier=keeping.text_of(before) if before else None,
        earlier_label=(before.date.isoformat() if before and before.date else ""),
        earlier_eids=eids,
    )


def paragraph(viewer: Viewer, row: m.Provision) -> dict[str, Any]:
    """One provision with all that is said of it, as plain data for the API."""
    version = row.version
    before = earlier(viewer, version)
    changed = changes(viewer, before, version, of_new=row.seq) if before else []
    touched = proposals(viewer, version, touching=row.key) if before else []
    duty = duty_of(viewer, row)
    return {
        "instrument": version.instrument.key,
        "version": version.label,
        "section": row.section,
        "path": row.path,
        "num": row.num,
        "text": row.text,
        "footnotes": row.footnotes,
        "eid": row.eid,
        "wid": row.wid,
        "key": row.key,
        "history": [
            {
                "kind": str(c.kind),
                "from": [
                    {"section": u.section, "path": u.path, "text": u.text, "tag": u.tag}
                    for u in c.old
                ],
                "similarity": round(c.similarity, 2),
                "confidence": str(c.confidence),
                "evidence": list(c.evidence),
                "settled": c.settled.decided if c.settled else None,
            }
            for c in changed
        ],
        "proposals": [
            {
                "tag": p.passage.tag,
                "proposer": p.passage.proposer,
                "text": p.text,
                "fate": str(p.fate),
                "similarity": round(p.similarity, 2),
                "confidence": str(p.confidence),
                "settled": p.settled.decided if p.settled else None,
            }
            for p in touched
        ],
        "citations": [
            {"as_printed": c.as_printed, "key": c.cited.key, "subdivision": c.subdivision}
            for c in citations_of(viewer, row)
        ],
        "duty": {
            "actors": duty.duty.actors,
            "force": duty.duty.force,
            "verb": duty.duty.verb,
            "object": duty.duty.object,
            "status": duty.state.status if duty.state else "no indication",
            "deadlines": [{"due": d.due, "source": d.source, "act": d.act} for d in duty.deadlines],
        }
        if duty
        else None,
    }
