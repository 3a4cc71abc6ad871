"""The dossier of a paragraph: what was done under it, by kind and year; figures; what is missing.

Asked as the viewer, unlike a report: who may see more sees more. Figures are those of the newest
frozen report, which is public, so that the page need not count a year anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.kit.languages import gettext_noop as _
from comity.kit.tlp import Viewer
from comity.mandate import reads as mandate
from comity.registry import reads as registry
from comity.registry.reads.under import Under, under
from comity.report import models as m
from comity.report.reads.facts import kinds_of
from comity.report.rules.figures import QUERIES
from comity.report.rules.gaps import PRACTICE, REGIONS, STALE, Gap
from comity.report.types.figures import INSTRUMENT, TEXT

YEARS = 6  # of the table: the newest, and what came before in one column


@dataclass(frozen=True, slots=True)
class Stand:
    """A revision of the instrument, and where this paragraph stands in it."""

    label: str
    year: int
    held: bool
    key: str  # of the paragraph with the same wId there; empty where none is known
    version: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known under one paragraph, as one viewer may see it."""

    key: str
    under: Under
    years: tuple[int, ...]  # columns, oldest first
    rows: tuple[tuple[str, tuple[int, ...], int, int], ...]  # kind, by year, earlier, undated
    figures: tuple[Mapping[str, Any], ...]  # of the newest frozen report
    report: m.Report | None
    queries: tuple[str, ...]  # ids of all queries that answer this paragraph
    gaps: tuple[Gap, ...]
    revisions: tuple[Stand, ...]
    stated: bool | None = None


def dossier(viewer: Viewer, version: Any, row: Any, duty: Any, today: dt.date) -> Dossier:
    """The dossier of a provision that `mandate` gave. About ten queries, whatever there is."""
    instrument = version.instrument.key
    ours = instrument == INSTRUMENT and version.label == TEXT
    provision = f"{instrument}/{version.label}/{row.key}"
    held = under(viewer, provision, kinds_of(row.key) if ours else (), today)
    newest = m.Report.objects.order_by("-year", "-edition").defer("records")
    report = newest.first() if ours else None
    figures = tuple(
        figure for figure in (report.figures if report else ()) if row.key in figure["paragraphs"]
    )
    queries = tuple(q.id for q in QUERIES if row.key in q.paragraphs) if ours else ()
    state = duty.state if duty is not None else None
    stated = None if duty is None else bool(state and state.status != "no indication")
    years, rows = table(held, today)
    return Dossier(
        row.key,
        held,
        years,
        rows,
        figures,
        report,
        queries,
        tuple(_gaps(row.key, held, figures, stated, today)),
        _revisions(viewer, version, row),
        stated,
    )


def table(held: Under, today: dt.date) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """Kinds by year: the newest years that hold anything, what came before, what has no date."""
    found = {year for years in held.by_kind.values() for year in years if year is not None}
    recent = tuple(sorted(year for year in found if year <= today.year)[-YEARS:])
    rows = []
    for kind in registry.kinds():
        years = held.by_kind.get(kind)
        if not years:
            continue
        earlier = sum(n for year, n in years.items() if year and recent and year < recent[0])
        rows.append((kind, tuple(years.get(y, 0) for y in recent), earlier, years.get(None, 0)))
    return recent, tuple(rows)


def _gaps(
    key: str,
    held: Under,
    figures: tuple[Mapping[str, Any], ...],
    stated: bool | None,
    today: dt.date,
) -> list[Gap]:
    found: list[Gap] = []
    if not held.total:
        found.append(Gap(_("No entry is on record under this paragraph.")))
    elif held.last is not None and held.last < today - STALE and held.since:
        found.append(Gap(_("No activity since {since}."), {"since": held.since}))
    if held.regions:
        missing = [region for region in REGIONS if region not in held.regions]
        found += [Gap(_("No country of the region {region}."), {"region": r}) for r in missing]
    elif held.total:
        found.append(Gap(_("The entries under it name no country.")))
    if stated is False:
        found.append(Gap(_("Nobody has said on evidence how this duty stands.")))
    found += [
        Gap(_("The figure “{figure}” is not reported."), {"figure": figure["label"]})
        for figure in figures
        if figure["value"] is None and "fewer_than" not in figure
    ]
    if key in PRACTICE:
        spoken = registry.vocabularies()["rsit"].terms.values()
        served = {code.partition(":")[0] for code in held.threats}
        wanted = [t.code for t in spoken if not t.parent and t.code not in ("other", "test")]
        found += [
            Gap(_("No practice for the threat type “{threat}”."), {"threat": code})
            for code in wanted
            if code not in served
        ]
    return found


def _revisions(viewer: Viewer, version: Any, row: Any) -> tuple[Stand, ...]:
    """The texts known to exist, oldest first, and the paragraph of the same wId in those held."""
    texts = {
        (v.status, v.label[:4]): v
        for v in mandate.versions(viewer, version.instrument)
        if v.language == version.language
    }
    found = []
    for revision, held in mandate.revisions(viewer, version.instrument):
        text = texts.get((revision.status, str(revision.year))) if held else None
        key = ""
        if text is not None and revision.status == "adopted":
            same = [p for p in mandate.provisions(viewer, text) if p.wid == row.wid]
            key = same[0].key if same else ""
        label = text.label if text is not None else ""
        found.append(Stand(revision.label, revision.year, held, key, label))
    return tuple(found)


def as_data(made: Dossier) -> dict[str, Any]:
    """The dossier for machines."""
    return {
        "paragraph": made.key,
        "entries": made.under.total,
        "naming_it": made.under.named,
        "by_kind": {
            kind: {str(year) if year else "undated": n for year, n in sorted(
                years.items(), key=lambda item: item[0] or 0)}
            for kind, years in made.under.by_kind.items()
        },
        "newest": [entry.name for entry in made.under.newest],
        "last": made.under.since,
        "regions": sorted(made.under.regions),
        "report": made.report.name if made.report else None,
        "figures": list(made.figures),
        "queries": list(made.queries),
        "gaps": [{"gap": gap.sentence, **gap.given} for gap in made.gaps],
        "revisions": [
            {"label": r.label, "year": r.year, "held": r.held, "paragraph": r.key}
            for r in made.revisions
        ],
    }  # fmt: skip
