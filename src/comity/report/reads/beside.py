"""The draft of a year beside last year's report: the frozen one, or its draft where none is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comity.report import models as m
from comity.report.reads import kept
from comity.report.reads.building import Prepared
from comity.report.rules import beside as rules
from comity.report.rules.figures import as_data
from comity.report.types.figures import Scope
from comity.report.types.tree import Document

Rows = Mapping[str, Mapping[str, Any]]  # figures by id, as `as_data` gives them


@dataclass(frozen=True, slots=True)
class Beside:
    report: m.Report | None  # of last year; None: its draft is compared
    now: Document
    before: Document
    figures: tuple[tuple[str, rules.Fate], ...]
    rows: Rows
    rows_before: Rows
    parts: tuple[rules.Part, ...]


def beside(prepared: Prepared, language: str) -> Beside:
    """What differs, in the words of one language."""
    scope = prepared.scope
    last = Scope(scope.year - 1, scope.cutoff, scope.today)
    report = next(iter(kept.editions(last.year)), None)
    now = kept.written_draft(scope, language)
    rows = {figure.id: as_data(figure) for figure in prepared.figures}
    if report is not None:
        before = kept.document(report, language)
        rows_before = {row["id"]: row for row in report.figures}
    else:
        before = kept.written_draft(last, language)
        rows_before = {figure.id: as_data(figure) for figure in kept.draft(last).figures}
    return Beside(
        report,
        now,
        before,
        rules.figures(_values(rows), _values(rows_before)),
        rows,
        rows_before,
        rules.parts(now, scope.year, before, last.year),
    )


def _values(rows: Rows) -> dict[str, object]:
    return {key: row["value"] for key, row in rows.items()}
