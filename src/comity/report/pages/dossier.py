"""What the page of a paragraph shows beside its text: the rest of the paragraph's dossier.

The page is the room mandate's; it asks the function named in `settings.DOSSIER`, because mandate
does not know who stands above it.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from comity.kit.tlp import Viewer
from comity.people.reads import today
from comity.report.pages.frame import say
from comity.report.reads.building import RecordPath
from comity.report.reads.dossier import Dossier, dossier
from comity.report.rules.figures import QUERIES
from comity.report.rules.gaps import gap_lines
from comity.report.rules.tongue import UNKNOWN, Tongue

LABELS = {query.id: query.label for query in QUERIES}
TEMPLATE = "report/_dossier.html"


def beside(viewer: Viewer, version: Any, row: Any, duty: Any) -> dict[str, Any]:
    """The context of the part, under one name, with its machine twin."""
    made = dossier(viewer, version, row, duty, today())
    words, path = say(), RecordPath()
    return {
        "dossier": {
            "template": TEMPLATE,
            "made": made,
            "years": made.years,
            "rows": [(words.term("kinds", kind), *rest) for kind, *rest in made.rows],
            "newest": [_entry(entry, words, path) for entry in made.under.newest],
            "figures": _figures(made, words),
            "queries": _queries(made, words),
            "gaps": gap_lines(made.gaps, words, {label: words(label) for label in LABELS.values()}),
            "revisions": made.revisions,
            "json": reverse(
                "api:report_dossier",
                kwargs=dict(
                    zip(("issuer", "name"), version.instrument.key.split("/", 1), strict=True)
                )
                | {"label": version.label},
            )
            + f"?unit={row.key}",
        }
    }


def _entry(entry: Any, words: Tongue, path: RecordPath) -> tuple[str, str, str, str]:
    """Title with its language, address, date."""
    for code in (words.code, "en", *entry.titles):
        if code in entry.titles:
            return entry.titles[code], code, path(entry.name), _when(entry, words)
    return entry.name, "", path(entry.name), _when(entry, words)


def _when(entry: Any, words: Tongue) -> str:
    """Its dates as its card gives them: never more exact than the source."""
    for key in ("period", "date", "adopted", "approved", "issued"):
        for value in entry.card.get(key, ()):
            return words.date(str(value))
    return ""


def _figures(made: Dossier, words: Tongue) -> list[tuple[str, str, str, str]]:
    """Label, value, date, address: of the newest frozen report."""
    if made.report is None:
        return []
    found = []
    for figure in made.figures:
        key = str(figure["id"])
        label = words(LABELS[key]) if key in LABELS else str(figure["label"])
        url = reverse("report:figure", kwargs={"year": made.report.year, "figure": key})
        found.append((label, value_words(figure, words), words.date(str(figure["as_of"])), url))
    return found


def value_words(figure: Any, words: Tongue) -> str:
    if figure["value"] is None:
        return words(UNKNOWN)
    if "denominator" in figure:
        return _("{percent}% ({part} of {whole})").format(
            percent=words.number(figure["value"]),
            part=words.number(figure["numerator"]),
            whole=words.number(figure["denominator"]),
        )
    return words.number(figure["value"])


def _queries(made: Dossier, words: Tongue) -> list[tuple[str, str]]:
    """The named queries that answer this paragraph, in the last year that is over."""
    year = today().year - 1
    return [
        (words(LABELS[key]), reverse("report:figure", kwargs={"year": year, "figure": key}))
        for key in made.queries
    ]
