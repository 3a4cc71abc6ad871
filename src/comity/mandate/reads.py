"""Questions to the room. The first argument is the viewer.

Resolutions, and what this room computes of them, are public documents: their handling is
TLP:CLEAR, so every viewer sees the same. The viewer is asked for all the same, because one rule
decides (`kit.tlp`) and because a later instrument may not be public.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate.formats.export import Bundle
from comity.mandate.models import keeping
from comity.mandate.rules.align import align, units
from comity.mandate.types import (
    Change,
    ChangeKind,
    Citation,
    Confidence,
    Duty,
    Fate,
    Passage,
    Proposal,
    Provision,
    Target,
    Text,
)


class NotHeld(LookupError):
    """No such instrument, version or provision here: what was asked for and what there is."""


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One end of a change as pages show it."""

    section: str
    path: str
    num: str
    text: str
    key: str  # of its provision or passage
    eid: str
    tag: str = ""
    proposer: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    seq: int
    kind: ChangeKind
    old: tuple[UnitRow, ...]
    new: tuple[UnitRow, ...]
    similarity: float
    confidence: Confidence
    evidence: tuple[str, ...]
    settled: m.Settlement | None = None

    @property
    def subject(self) -> str:
        """The eId a person's decision is filed under."""
        return (self.new or self.old)[0].eid


@dataclass(frozen=True, slots=True)
class ProposalRow:
    seq: int
    passage: m.Passage
    fate: Fate
    targets: tuple[Target, ...]
    target_rows: tuple[m.Provision, ...]
    similarity: float
    confidence: Confidence
    evidence: tuple[str, ...]
    target_version: m.Version
    settled: m.Settlement | None = None

    @property
    def text(self) -> str:
        return passage_text(self.passage)

    @property
    def final(self) -> str:
        """The fate that holds: a person's decision, else the machine's guess."""
        return self.settled.decided if self.settled else str(self.fate)


def passage_text(passage: m.Passage) -> str:
    """All words of a passage, marks off, struck words in (as `types.Passage.text`)."""
    return " ".join("".join(run["text"] for run in passage.runs).split())


def passage_clean(passage: m.Passage) -> str:
    """Its words without the struck ones."""
    return " ".join("".join(r["text"] for r in passage.runs if not r["struck"]).split())


# --- finding one thing --------------------------------------------------------------------


def instruments(viewer: Viewer) -> list[m.Instrument]:
    """The instruments whose text is held, with versions and known revisions."""
    held = m.Instrument.objects.filter(versions__isnull=False).distinct()
    return list(held.prefetch_related("versions", "revisions"))


def instrument(viewer: Viewer, key: str) -> m.Instrument:
    found = m.Instrument.objects.filter(key=key).first()
    if not found:
        known = ", ".join(i.key for i in instruments(viewer)) or "none yet: run `comity setup`"
        raise NotHeld(f"No instrument {key} here. Held: {known}.")
    return found


def version(viewer: Viewer, key: str, label: str | None = None, language: str = "en") -> m.Version:
    """A version by label; without one the newest adopted text, else the newest text."""
    rows = m.Version.objects.filter(instrument__key=key).select_related("instrument")
    held = list(rows.order_by("-date", "-label"))
    if not held:
        instrument(viewer, key)
        raise NotHeld(f"{key} is cited here, but no text of it is held.")
    if label is None:
        return next((v for v in held if v.status == "adopted"), held[0])
    for found in held:
        if found.label == label and found.language == language:
            return found
    labels = ", ".join(v.label for v in reversed(held))
    raise NotHeld(f"{key} has no version {label} here. Held: {labels}.")


def newest_draft(viewer: Viewer, key: str) -> str | None:
    """The label of the newest marked-up draft held, or None."""
    drafts = m.Version.objects.filter(instrument__key=key, status="draft")
    return drafts.order_by("-date").values_list("label", flat=True).first()


def provision(viewer: Viewer, version: m.Version, name: str) -> m.Provision:
    """By short key, eId or wId."""
    for field in ("key", "eid", "wid"):
        found = version.provisions.filter(**{field: name}).first()
        if found:
            return found
    raise NotHeld(f"{version.instrument.key} {version.label} has no provision {name}.")


def earlier(viewer: Viewer, version: m.Version) -> m.Version | None:
    """The version that this one was compared with."""
    change = m.Change.objects.filter(new=version).select_related("old__instrument").first()
    return change.old if change else None


def later(viewer: Viewer, version: m.Version) -> m.Version | None:
    change = m.Change.objects.filter(old=version).select_related("new__instrument").first()
    return change.new if change else None


def revisions(viewer: Viewer, instrument: m.Instrument) -> list[tuple[m.Revision, bool]]:
    """Every text known to exist, oldest first, and whether it is held."""
    held = {(v.status, v.label[:4]) for v in instrument.versions.all()}
    return [(r, (r.status, str(r.year)) in held) for r in instrument.revisions.all()]


def later_not_held(
    viewer: Viewer, version: m.Version, known: Iterable[tuple[m.Revision, bool]]
) -> list[m.Revision]:
    """Known adopted revisions after this version that the gateway does not hold."""
    since = version.date or dt.date.min
    return [
        r for r, held in known if not held and r.status == "adopted" and r.date and r.date > since
    ]


# --- comparing ----------------------------------------------------------------------------


def _unit_rows(version: m.Version, only: set[int] | None = None) -> dict[int, UnitRow]:
    """Units of a version by place: passages where it has any, else provisions."""
    keep = {} if only is None else {"seq__in": only}
    passages = version.passages.filter(**keep) if version.status == "draft" else ()
    rows = {
        p.seq: UnitRow(
            p.section,
            p.path,
            p.num,
            passage_clean(p) or passage_text(p),
            p.key,
            p.eid,
            p.tag,
            p.proposer,
            p.state,
        )
        for p in passages
    }
    return rows or {
        p.seq: UnitRow(p.section, p.path, p.num, p.text, p.key, p.eid)
        for p in version.provisions.filter(**keep)
    }


def _settlements(old: m.Version, new: m.Version, about: str) -> dict[str, m.Settlement]:
    """The newest decision on each subject."""
    rows = m.Settlement.objects.filter(
        instrument_id=old.instrument_id, old_label=old.label, new_label=new.label, about=about
    ).order_by("moment", "pk")
    return {row.subject: row for row in rows}


def changes(
    viewer: Viewer, old: m.Version, new: m.Version, *, of_new: int | None = None
) -> list[ChangeRow]:
    """All changes between two versions that were compared, or those that touch one provision."""
    found = m.Change.objects.filter(old=old, new=new)
    if of_new is not None:
        found = found.filter(ends__is_new=True, ends__unit=of_new)
    rows = list(found.order_by("seq").prefetch_related("ends"))
    ends: dict[bool, set[int]] = {False: set(), True: set()}
    for row in rows:
        for end in row.ends.all():
            ends[end.is_new].add(end.unit)
    some = of_new is not None
    olds = _unit_rows(old, ends[False] if some else None)
    news = _unit_rows(new, ends[True] if some else None)
    settled = _settlements(old, new, "change")
    made = []
    for row in rows:
        sides: dict[bool, list[UnitRow]] = {False: [], True: []}
        for end in row.ends.all():
            sides[end.is_new].append((news if end.is_new else olds)[end.unit])
        subject = (sides[True] or sides[False])[0].eid
        made.append(
            ChangeRow(
                row.seq,
                ChangeKind(row.kind),
                tuple(sides[False]),
                tuple(sides[True]),
                row.similarity,
                Confidence(row.confidence),
                tuple(row.evidence),
                settled.get(subject),
            )
        )
    return made


def compared(viewer: Viewer, old: m.Version, new: m.Version) -> tuple[Text, Text]:
    """Both texts, for a comparison that is not kept (any two versions)."""
    return keeping.text_of(old), keeping.text_of(new)


def proposals(
    viewer: Viewer, adopted: m.Version, *, proposer: str = "", fate: str = "", touching: str = ""
) -> list[ProposalRow]:
    """Proposals of the draft before, filtered by proposer, by the fate that holds, or by target.

    `touching` is the key of a provision: proposals that went there, by guess or by decision.
    """
    rows = list(
        m.Proposal.objects.filter(adopted=adopted)
        .select_related("passage__version__instrument")
        .order_by("seq")
    )
    if not rows:
        return []
    settled = _settlements(rows[0].passage.version, adopted, "fate")
    places = {(p.section, p.path): p for p in adopted.provisions.all()}
    made = [_proposal_row(row, adopted, places, settled.get(row.passage.eid)) for row in rows]
    return [
        row
        for row in made
        if (not proposer or row.passage.proposer == proposer or row.passage.tag == proposer)
        and (not fate or row.final == fate)
        and (not touching or any(p.key == touching for p in row.target_rows))
    ]


def _proposal_row(
    row: m.Proposal,
    adopted: m.Version,
    places: dict[tuple[str, str], m.Provision],
    settled: m.Settlement | None,
) -> ProposalRow:
    held = settled.targets if settled else row.targets
    return ProposalRow(
        row.seq,
        row.passage,
        Fate(row.fate),
        tuple(Target(**target) for target in row.targets),
        tuple(places[t["section"], t["path"]] for t in held if (t["section"], t["path"]) in places),
        row.similarity,
        Confidence(row.confidence),
        tuple(row.evidence),
        adopted,
        settled,
    )


def versions(viewer: Viewer, instrument: m.Instrument) -> list[m.Version]:
    return list(instrument.versions.order_by("date", "label"))


def compare_now(viewer: Viewer, old: m.Version, new: m.Version) -> list[ChangeRow]:
    """A comparison that is not kept: versions that do not follow each other."""
    before, after = _unit_rows(old), _unit_rows(new)
    return [
        ChangeRow(
            seq,
            change.kind,
            tuple(before[i] for i in change.old),
            tuple(after[i] for i in change.new),
            change.similarity,
            change.confidence,
            change.evidence,
        )
        for seq, change in enumerate(changes_between(keeping.text_of(old), keeping.text_of(new)))
    ]


def changes_between(old: Text, new: Text) -> tuple[Change, ...]:
    return align(units(old.passages or old.provisions), units(new.passages or new.provisions))


# --- what provisions say ------------------------------------------------------------------


def citations(viewer: Viewer, version: m.Version) -> list[m.Citation]:
    return list(
        m.Citation.objects.filter(provision__version=version)
        .select_related("provision", "cited")
        .order_by("provision__seq", "start")
    )


def cited_in(viewer: Viewer, key: str) -> list[m.Citation]:
    """Where a stub is cited: every place in every version held."""
    return list(
        m.Citation.objects.filter(cited__key=key)
        .select_related("provision__version__instrument", "cited")
        .order_by("provision__version__date", "provision__seq", "start")
    )


@dataclass(frozen=True, slots=True)
class DutyRow:
    duty: m.Duty
    state: m.DutyState | None
    deadlines: tuple[m.Deadline, ...]


def duties(
    viewer: Viewer, version: m.Version, *, actor: str = "", force: str = "", reporting: bool = False
) -> list[DutyRow]:
    """Duties with their newest state and their deadlines. `actor` is a key of data/actors.csv."""
    rows = m.Duty.objects.filter(provision__version=version)
    if force:
        rows = rows.filter(force=force)
    if reporting:
        rows = rows.filter(is_reporting=True)
    found = list(rows.select_related("provision").order_by("provision__seq"))
    return _with_states(version, [duty for duty in found if not actor or actor in duty.meant])


def duty_of(viewer: Viewer, provision: m.Provision) -> DutyRow | None:
    duty = m.Duty.objects.filter(provision=provision).select_related("provision").first()
    return _with_states(provision.version, [duty])[0] if duty else None


def _with_states(version: m.Version, found: Sequence[m.Duty]) -> list[DutyRow]:
    wids = {duty.provision.wid for duty in found}
    mine = {"instrument_id": version.instrument_id, "wid__in": wids}
    states = {s.wid: s for s in m.DutyState.objects.filter(**mine).order_by("moment", "pk")}
    deadlines: dict[str, list[m.Deadline]] = defaultdict(list)
    for deadline in m.Deadline.objects.filter(**mine):
        deadlines[deadline.wid].append(deadline)
    return [
        DutyRow(d, states.get(d.provision.wid), tuple(deadlines[d.provision.wid])) for d in found
    ]


# --- rows back into types, for the formats --------------------------------------------------


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
        )
        for row in duties(viewer, version)
    )


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
            for c in row.citations.select_related("cited")
        ],
        "duty": {
            "actors": duty.duty.actors,
            "force": duty.duty.force,
            "verb": duty.duty.verb,
            "object": duty.duty.object,
            "status": duty.state.status if duty.state else "no indication",
            "deadlines": [{"due": d.due, "source": d.source} for d in duty.deadlines],
        }
        if duty
        else None,
    }
