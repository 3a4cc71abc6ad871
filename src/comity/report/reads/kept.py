"""Reports that were frozen: found by year and edition, with what became of their records since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from django.utils import translation

from comity.kit.languages import by_code, gettext_noop
from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.registry.reads import reporting
from comity.report import models as m
from comity.report.reads import building
from comity.report.reads.building import Prepared
from comity.report.rules.document.material import Head
from comity.report.rules.document.opening import state_words
from comity.report.rules.kept import from_bytes
from comity.report.types.figures import ReportError, Scope
from comity.report.types.tree import Document


class NotHeld(ReportError, LookupError):
    """No such report is kept."""


def editions(year: int | None = None) -> list[m.Report]:
    """Frozen reports, newest year and edition first."""
    rows = m.Report.objects.all()
    return list(rows.filter(year=year) if year is not None else rows)


def edition(year: int, number: int | None = None) -> m.Report:
    """One frozen report; without a number the newest. Raises `NotHeld`."""
    rows = m.Report.objects.filter(year=year)
    found = (rows.filter(edition=number) if number else rows).order_by("-edition").first()
    if found is None:
        raise NotHeld(
            gettext_noop("No report on this year is frozen"),
            str(year),
            gettext_noop("Look at the draft, or freeze it."),
        )
    return found


def document(report: m.Report, language: str) -> Document:
    """The kept text in a language. Only its state moves: it says "Published" once it is."""
    code = by_code(language).code
    row = report.writings.filter(language=code).first()
    if row is None:
        raise NotHeld(
            gettext_noop("This edition is not kept in this language"),
            code,
            gettext_noop("Choose one of the six languages."),
        )
    kept = from_bytes(row.tree.encode())
    if not report.published:
        return kept
    with translation.override(by_code(code).django):
        head = Head(state=report.state, edition=report.edition)
        return replace(kept, state=state_words(building.tongue(code), head))


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to the records of a frozen report. `withdrawn` are no longer to be seen by
    everybody: withdrawn, removed, or marked otherwise; which of these is not told."""

    withdrawn: tuple[str, ...]
    changed: tuple[str, ...]


def since(report: m.Report) -> Since:
    now = reporting.acts_of(ANONYMOUS, list(report.records))
    used: Mapping[str, int] = report.records
    return Since(
        tuple(name for name in sorted(used) if name not in now),
        tuple(name for name in sorted(used) if name in now and now[name] > used[name]),
    )


# --- drafts, kept for as long as nothing happens -----------------------------------------


def draft(scope: Scope) -> Prepared:
    """A draft; the same one again while no act was recorded, since nothing can differ."""
    head = ledger.head()
    if head is None:
        return building.prepare(scope)
    return _draft(replace(scope), head.hash)


@lru_cache(maxsize=6)
def _draft(scope: Scope, head: str) -> Prepared:
    return building.prepare(scope)


def written_draft(scope: Scope, language: str) -> Document:
    """A draft in a language, for pages; the same one again while no act was recorded."""
    code, head = by_code(language).code, ledger.head()
    if head is None:
        return building.written(building.prepare(scope), code)
    return _written(replace(scope), code, head.hash)


@lru_cache(maxsize=6)
def _written(scope: Scope, code: str, head: str) -> Document:
    return building.written(_draft(scope, head), code)
