"""Figures and reports as plain data: the same on the command line, in the API and on pages."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from comity.kit.languages import by_code
from comity.report import models as m
from comity.report.reads.building import Prepared, addresses, tongue
from comity.report.reads.kept import since
from comity.report.rules.figures import as_data
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import Figure, Scope


def figures_as_data(prepared: Prepared, language: str) -> list[dict[str, Any]]:
    """Every figure with label, unit and filter in a language, and its page."""
    known = by_code(language)
    with translation.override(known.django):
        say = tongue(known.code)
        path = addresses(known.code, prepared.scope.year).figure
        return [
            figure_as_data(figure, prepared.scope, say) | {"url": path(figure.id)}
            for figure in prepared.figures
        ]


def figure_as_data(figure: Figure, scope: Scope, say: Tongue) -> dict[str, Any]:
    return as_data(figure) | {
        "label": say.label(figure),
        "unit": say.unit(figure),
        "filter": say.filter(figure, scope.year, scope.day),
        "year": scope.year,
        "cutoff": scope.cutoff.isoformat(),
    }


def report_as_data(report: m.Report) -> dict[str, Any]:
    """A frozen report: its state, hashes, what became of its records, who was told."""
    found = since(report)
    told = list(report.dispatches.values_list("reachable", "sent"))
    return {
        "year": report.year,
        "edition": report.edition,
        "state": report.state,
        "cutoff": report.cutoff.isoformat(),
        "frozen": report.frozen.isoformat(),
        "published": report.published.isoformat() if report.published else None,
        "sha256": report.sha256,
        "languages": {row.language: row.sha256 for row in report.writings.defer("tree")},
        "figures": len(report.figures),
        "records": len(report.records),
        "withdrawn_since": list(found.withdrawn),
        "changed_since": list(found.changed),
        "told": len(told),
        "not_reached": sum(not reachable for reachable, _sent in told),
    }
