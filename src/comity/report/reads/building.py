"""A report from the records: facts once, figures once, then a document for each language.

Nothing here writes. A draft, a freezing and the pages all go this one way, so that what a reader
sees is what would be frozen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext

from comity.kit.languages import by_code, gettext_noop
from comity.kit.tlp import ANONYMOUS
from comity.registry import reads as registry
from comity.registry.reads import reporting
from comity.report import models as m
from comity.report.reads import facts as loading
from comity.report.rules.document.annual import annual
from comity.report.rules.document.material import Addresses, Head, Material
from comity.report.rules.figures import Ground, figures
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import INSTRUMENT, TEXT, Figure, ReportError, Scope
from comity.report.types.tree import Document

FIRST, LAST = 1865, 2199  # the Union was founded in 1865; later years are slips of typing
VOCABULARIES = (
    *("activity_subtypes", "gca_pillars", "itu_sectors", "regions", "proposal_outcomes", "rsit"),
    *("cirt_phases", "first_services", "sim3", "cost", "areas", "languages"),
)


@dataclass(frozen=True)
class Prepared:
    """A year with everything counted, not yet written in any language."""

    ground: Ground
    figures: tuple[Figure, ...]
    last: Mapping[str, float | int | None] | None
    unserved: tuple[str, ...]
    ended: Mapping[str, str]
    withdrawn: tuple[str, ...] = ()  # used by an edition on this year, no longer for everybody

    @property
    def scope(self) -> Scope:
        return self.ground.scope


def scope_of(year: int, cutoff: dt.datetime | None = None, *, now: dt.datetime) -> Scope:
    """The scope of a year. Without a cut-off it is told up to the newest public record.

    Raises `ReportError` for a year or a cut-off that no report can be about."""
    if not FIRST <= year <= LAST:
        raise ReportError(
            gettext_noop("There is no report on this year"),
            str(year),
            gettext_noop("Give a year with four digits, as 2014."),
        )
    cutoff = cutoff or loading.newest()
    if cutoff > now:
        raise ReportError(
            gettext_noop("The cut-off lies in the future"),
            cutoff.date().isoformat(),
            gettext_noop("What will be recorded by then is not known; give a moment that is past."),
        )
    return Scope(year, cutoff, now.date())


def prepare(scope: Scope) -> Prepared:
    """Load and count. The figures are the same in every language."""
    ground = Ground(loading.facts(scope), loading.classes())
    return Prepared(
        ground,
        figures(ground),
        last_figures(scope.year),
        _unserved(ground),
        loading.ended(ground),
        _withdrawn(scope.year),
    )


def _withdrawn(year: int) -> tuple[str, ...]:
    used = {name for row in m.Report.objects.filter(year=year) for name in row.records}
    return tuple(sorted(used - reporting.acts_of(ANONYMOUS, used).keys())) if used else ()


def last_figures(year: int) -> Mapping[str, float | int | None] | None:
    """The figures of the newest report on the year before that was frozen; None without one."""
    held = m.Report.objects.filter(year=year - 1).order_by("-edition").first()
    return {row["id"]: row["value"] for row in held.figures} if held else None


def written(prepared: Prepared, language: str, head: Head | None = None) -> Document:
    """The report in one language."""
    known = by_code(language)
    with translation.override(known.django):
        return annual(material(prepared, known.code, head))


def material(prepared: Prepared, code: str, head: Head | None = None) -> Material:
    language, notice, rows = loading.paragraphs(code)
    return Material(
        tongue(code),
        prepared.ground,
        prepared.figures,
        addresses(code, prepared.scope.year),
        language,
        notice,
        rows,
        prepared.last,
        head or Head(),
        base(),
        settings.GATEWAY_NAME,
        prepared.unserved,
        prepared.ended,
        prepared.withdrawn,
    )


def tongue(code: str) -> Tongue:
    """The language that is active, with the words of the registry's codes."""
    return Tongue(code, gettext, _terms(code))


@cache
def _terms(code: str) -> Mapping[str, Mapping[str, str]]:
    held = registry.vocabularies()
    found: dict[str, Mapping[str, str]] = {
        name: {key: term.name(code) for key, term in held[name].terms.items()}
        for name in VOCABULARIES
        if name in held
    }
    kinds = registry.kinds()
    found["kinds"] = {key: kind.plural[code] for key, kind in kinds.items()}
    found["fields"] = {
        field.key: field.label[code] for kind in kinds.values() for field in kind.fields
    }
    return found


def _unserved(ground: Ground) -> tuple[str, ...]:
    """Classes of threats for which no practice is on record."""
    table = registry.vocabularies().get("rsit")
    if table is None:
        return ()
    served = {
        str(code).partition(":")[0]
        for entry in ground.kind("practice")
        for code in entry.told.values("rsit")
    }
    spoken = [
        t.code for t in table.terms.values() if not t.parent and t.code not in ("other", "test")
    ]
    return tuple(code for code in spoken if code not in served)


# --- addresses ----------------------------------------------------------------------------


def base() -> str:
    """Where this gateway is browsed, for links in files."""
    host = settings.HOST.split(",")[0]
    return f"https://{host}" if settings.HTTPS else f"http://{host}:{settings.PORT}"


def addresses(code: str, year: int) -> Addresses:
    """Paths in the language of the document; it must be the active one. Reversed once by shape,
    then filled in: a report names thousands of records."""
    figure = reverse("report:figure", kwargs={"year": year, "figure": "0"})[:-1]
    return Addresses(
        RecordPath(),
        paragraph_path,
        lambda key: f"{figure}{key}",
        reverse("report:year", kwargs={"year": year}),
    )


class RecordPath:
    """From the name of a record to its page: "activity/act-041", "duty/…", "team/…"."""

    def __init__(self) -> None:
        self.kinds = {
            key: PurePosixPath(
                reverse("registry:entry", kwargs={"kind": kind.path or key, "key": "0"})
            ).parent
            for key, kind in registry.kinds().items()
        }

    def __call__(self, name: str) -> str:
        kind, _slash, key = name.partition("/")
        if kind == "duty":
            return paragraph_path(key)
        try:
            if kind == "team":
                return reverse("directory:team", kwargs={"code": key})
            if kind == "report":
                year, _slash, _edition = key.partition("/")
                return reverse("report:year", kwargs={"year": int(year)})
        except (NoReverseMatch, ValueError):
            return ""
        return f"{self.kinds[kind]}/{key}" if kind in self.kinds else ""


def paragraph_path(key: str) -> str:
    issuer, name = INSTRUMENT.split("/", 1)
    kwargs = {"issuer": issuer, "name": name, "label": TEXT, "unit": key}
    return reverse("mandate:paragraph", kwargs=kwargs)
