"""The reference guide from the registry and the directory, as everybody may see them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone, translation

from comity.directory import reads as directory
from comity.kit import countries
from comity.kit.languages import by_code, gettext_noop
from comity.kit.tlp import ANONYMOUS
from comity.registry.reads import reporting
from comity.registry.types import Told
from comity.report.reads import facts as loading
from comity.report.reads.building import RecordPath, base, tongue
from comity.report.rules.document import guide as writing
from comity.report.rules.guiding import KINDS, Helper, Reader
from comity.report.types.figures import ReportError
from comity.report.types.tree import Document

TEAMS = 40  # national teams named: nearest first


@dataclass(frozen=True)
class Asked:
    """What a guide is made from, loaded once for all languages."""

    reader: Reader
    cutoff: dt.datetime
    entries: tuple[Told, ...]
    helpers: tuple[Helper, ...]


def asked(country: str = "", cutoff: dt.datetime | None = None) -> Asked:
    """Load what a guide for this country needs; for all countries without one.

    Raises `UnknownCountry`, or `ReportError` for a cut-off in the future."""
    if cutoff is not None and cutoff > timezone.now():
        raise ReportError(
            gettext_noop("The cut-off lies in the future"),
            cutoff.date().isoformat(),
            gettext_noop("What will be recorded by then is not known; give a moment that is past."),
        )
    moment = cutoff or loading.newest()
    day = moment.date()
    reader = reader_of(country, day)
    entries = reporting.told(ANONYMOUS, cutoff=moment, day=day, fields=loading.FIELDS, kinds=KINDS)
    return Asked(reader, moment, tuple(entries), _helpers(reader, moment))


def reader_of(country: str, day: dt.date) -> Reader:
    if not country:
        return Reader()
    found = countries.by_code(country)
    return Reader(
        found.iso2,
        found.languages,
        countries.is_ldc(found.iso2, day) is True,
        found.itu.on(max(day, countries.RECORD_FROM)).region,
    )


def _helpers(reader: Reader, moment: dt.datetime) -> tuple[Helper, ...]:
    """National teams of the region or of a shared language; without a country none is nearer."""
    if not reader.country:
        return ()
    held = directory.national_teams(ANONYMOUS, moment)
    names = directory.names_of(ANONYMOUS, [code for codes in held.values() for code in codes])
    found = []
    for country, codes in held.items():
        if country == reader.country:
            continue
        other = reader_of(country, moment.date())
        shared = tuple(code for code in reader.languages if code in other.languages)
        near = bool(other.region) and other.region == reader.region
        if near or shared:
            found += [Helper(code, names.get(code, code), country, near, shared) for code in codes]
    found.sort(key=lambda helper: (not helper.same_region, not helper.shared, helper.name))
    return tuple(found[:TEAMS])


def guide(made: Asked, language: str) -> Document:
    """The guide in one language."""
    known = by_code(language)
    with translation.override(known.django):
        return writing.guide(
            writing.Guide(
                tongue(known.code),
                made.reader,
                made.entries,
                made.helpers,
                made.cutoff,
                RecordPath(),
                base(),
                settings.GATEWAY_NAME,
            )
        )
