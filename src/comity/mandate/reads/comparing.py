"""What changed between two versions, kept or made on the spot, with what persons decided."""

from __future__ import annotations

from dataclasses import dataclass

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate.models import keeping
from comity.mandate.reads.finding import provisions
from comity.mandate.rules.align import align, units
from comity.mandate.rules.labels import gone
from comity.mandate.types import Change, ChangeKind, Confidence, Text, Unit


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
    lines: tuple[int, ...] = ()  # of the source, for a passage


@dataclass(frozen=True, slots=True)
class ChangeRow:
    seq: int
    kind: ChangeKind
    old: tuple[UnitRow, ...]
    new: tuple[UnitRow, ...]
    similarity: float
    confidence: Confidence
    evidence: tuple[str, ...]
    subject: str = ""  # what a person's decision is filed under, see `models.Settlement`
    settled: m.Settlement | None = None


def passage_text(passage: m.Passage) -> str:
    """All words of a passage, marks off, struck words in (as `types.Passage.text`)."""
    return " ".join("".join(run["text"] for run in passage.runs).split())


def passage_clean(passage: m.Passage) -> str:
    """Its words without the struck ones."""
    return " ".join("".join(r["text"] for r in passage.runs if not r["struck"]).split())


def _unit_rows(
    viewer: Viewer, version: m.Version, only: set[int] | None = None
) -> dict[int, UnitRow]:
    """Units of a version by place: passages where it has any, else provisions."""
    if version.status == "draft":
        passages = version.passages.all() if only is None else version.passages.filter(seq__in=only)
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
                tuple(p.lines),
            )
            for p in passages
        }
        if rows:
            return rows
    return {
        p.seq: UnitRow(p.section, p.path, p.num, p.text, p.key, p.eid)
        for p in provisions(viewer, version)
        if only is None or p.seq in only
    }


def unit_rows(viewer: Viewer, version: m.Version) -> list[UnitRow]:
    """All that a comparison sees of a version, in order; struck passages too."""
    rows = _unit_rows(viewer, version)
    return [rows[seq] for seq in sorted(rows)]


def settlements(old: m.Version, new: m.Version, about: str) -> dict[str, m.Settlement]:
    """The newest decision on each subject."""
    rows = m.Settlement.objects.filter(
        instrument_id=old.instrument_id, old_label=old.label, new_label=new.label, about=about
    ).order_by("moment", "pk")
    return {row.subject: row for row in rows}


def changes(
    viewer: Viewer,
    old: m.Version,
    new: m.Version,
    *,
    of_new: int | None = None,
    of_old: int | None = None,
) -> list[ChangeRow]:
    """All changes between two versions that were compared, or those that touch one unit."""
    found = m.Change.objects.filter(old=old, new=new)
    if of_new is not None:
        found = found.filter(ends__is_new=True, ends__unit=of_new)
    if of_old is not None:
        found = found.filter(ends__is_new=False, ends__unit=of_old)
    rows = list(found.order_by("seq").prefetch_related("ends"))
    ends: dict[bool, set[int]] = {False: set(), True: set()}
    for row in rows:
        for end in row.ends.all():
            ends[end.is_new].add(end.unit)
    some = of_new is not None or of_old is not None
    olds = _unit_rows(viewer, old, ends[False] if some else None)
    news = _unit_rows(viewer, new, ends[True] if some else None)
    settled = settlements(old, new, "change")
    made = []
    for row in rows:
        sides: dict[bool, list[UnitRow]] = {False: [], True: []}
        for end in row.ends.all():
            sides[end.is_new].append((news if end.is_new else olds)[end.unit])
        subject = sides[True][0].eid if sides[True] else gone(sides[False][0].eid, old.label)
        made.append(
            ChangeRow(
                row.seq,
                ChangeKind(row.kind),
                tuple(sides[False]),
                tuple(sides[True]),
                row.similarity,
                Confidence(row.confidence),
                tuple(row.evidence),
                subject,
                settled.get(subject),
            )
        )
    return made


def compared(viewer: Viewer, old: m.Version, new: m.Version) -> tuple[Text, Text]:
    """Both texts, for a comparison that is not kept (any two versions)."""
    return keeping.text_of(old), keeping.text_of(new)


def compare_now(viewer: Viewer, old: m.Version, new: m.Version) -> list[ChangeRow]:
    """A comparison that is not kept: versions that do not follow each other."""
    before, after = unit_rows(viewer, old), unit_rows(viewer, new)
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
        for seq, change in enumerate(align(_units(before), _units(after)))
    ]


def _units(rows: list[UnitRow]) -> list[Unit]:
    return [Unit(row.section, row.path, row.num, row.text) for row in rows]


def changes_between(old: Text, new: Text) -> tuple[Change, ...]:
    return align(units(old.passages or old.provisions), units(new.passages or new.provisions))
