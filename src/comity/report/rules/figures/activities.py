"""What was done in the year: by pillar of the GCA, by Sector, by kind; assessments, teams."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from comity.kit.languages import gettext_noop as _
from comity.report.rules.classing import Classed
from comity.report.rules.figures.query import Found, Ground, Query, counted, within
from comity.report.types.figures import Chapter, Count, FigureType, Share

PILLARS = {
    "legal": _("Activities under legal measures"),
    "technical": _("Activities under technical and procedural measures"),
    "organizational": _("Activities under organizational structures"),
    "capacity_building": _("Activities under capacity building"),
    "cooperation": _("Activities under international cooperation"),
}
SECTORS = {
    "itu_sg": _("Activities of the General Secretariat"),
    "itu_r": _("Activities of the Radiocommunication Sector"),
    "itu_t": _("Activities of the Telecommunication Standardization Sector"),
    "itu_d": _("Activities of the Telecommunication Development Sector"),
}
KINDS = {
    "cyberdrill": (_("Cyberdrills held"), Chapter.CAPACITY, "instructs-bdt/2"),
    "training": (_("Trainings and workshops held"), Chapter.CAPACITY, "instructs-bdt/6"),
    "cop": (
        _("Activities on child online protection"),
        Chapter.CAPACITY,
        "further-instructs-tsb-bdt/7",
    ),
    "forum": (_("Forums held"), Chapter.COOPERATION, "instructs-sg-directors/2"),
    "meeting": (_("Meetings of study groups and others"), Chapter.TECHNICAL, "instructs-tsb/1"),
    "recommendation": (_("ITU-T Recommendations approved"), Chapter.TECHNICAL, "instructs-tsb/1/i"),
    "gci": (_("Steps of the Global Cybersecurity Index"), Chapter.ORGANIZATIONAL, "invites-ms/3"),
    "ncs": (
        _("Activities on national cybersecurity strategies"),
        Chapter.ORGANIZATIONAL,
        "instructs-bdt/7",
    ),
    "agreement": (
        _("Conclusions of agreements told as activities"),
        Chapter.COOPERATION,
        "instructs-sg/2",
    ),
    "council": (
        _("Documents and sessions of the Council"),
        Chapter.COOPERATION,
        "instructs-sg-directors/6",
    ),
}
REPORTED = ("instructs-sg-directors/2", "instructs-sg-directors/6", "instructs-bdt/8")
IN_YEAR = _(
    "Activities whose days touch {year}, as far as a source says that they took place; "
    "announcements, totals and what lies outside the core mandate are left out."
)
NUMBER = _("activities")


def _where(test: Callable[[Classed], bool]) -> Callable[[Ground], Found]:
    return lambda ground: counted(entry for entry in ground.activities if test(entry))


def _pillar(key: str) -> Callable[[Ground], Found]:
    return _where(lambda entry: key in entry.pillars)


def _sector(key: str) -> Callable[[Ground], Found]:
    return _where(lambda entry: key in entry.sectors)


def _kind(key: str) -> Callable[[Ground], Found]:
    return _where(lambda entry: entry.told.subtype == key)


def _countries(entries: Iterable[Classed]) -> Found:
    rows = [entry for entry in entries if entry.told.values("country")]
    places = {code for entry in rows for code in entry.told.values("country")}
    names = tuple(entry.told.name for entry in rows)
    return Found(Count(len(places)) if places else None, names)


def _of(kind: str) -> Callable[[Ground], Found]:
    return lambda ground: _countries(e for e in ground.activities if e.told.subtype == kind)


def _least(ground: Ground) -> Found:
    rows = [entry for entry in ground.activities if entry.told.values("country")]
    places = {code for entry in rows for code in entry.told.values("country")}
    if not places:
        return Found(None)
    names = tuple(entry.told.name for entry in rows)
    return Found(Share(len(places & ground.facts.developed_least), len(places)), names)


def _enhanced(ground: Ground) -> Found:
    return _countries(e for e in ground.activities if "enhancement" in e.told.values("phase"))


def _announced(ground: Ground) -> Found:
    return counted(
        entry
        for entry in ground.kind("activity")
        if within(entry, ground.scope) and entry.told.first_of("status") == "announced"
    )


def _outside(ground: Ground) -> Found:
    return counted(
        entry for entry in ground.entries if entry.outside and within(entry, ground.scope)
    )


def _by_place() -> Iterator[Query]:
    for key, label in PILLARS.items():
        yield Query(
            f"activities.pillar.{key}",
            label,
            NUMBER,
            FigureType.COUNT,
            Chapter(key),
            _("Activities of {year} that name this pillar, or whose kind belongs to it."),
            _pillar(key),
            ("instructs-sg-directors/1/i",),
        )
    for key, label in SECTORS.items():
        yield Query(
            f"activities.sector.{key}",
            label,
            NUMBER,
            FigureType.COUNT,
            Chapter.SECTORS,
            _("Activities of {year} that name this Sector, or whose kind belongs to it."),
            _sector(key),
            ("instructs-sg-directors/1/i",),
        )
    for key, (label, chapter, paragraph) in KINDS.items():
        yield Query(
            f"activities.kind.{key}",
            label,
            NUMBER,
            FigureType.COUNT,
            chapter,
            _("Activities of {year} of this kind."),
            _kind(key),
            (paragraph,),
        )


QUERIES = (
    Query(
        "activities.year",
        _("Activities recorded in the year"),
        NUMBER,
        FigureType.COUNT,
        Chapter.OVERVIEW,
        IN_YEAR,
        lambda ground: counted(ground.activities),
        REPORTED,
    ),
    Query(
        "activities.countries",
        _("Countries named by activities of the year"),
        _("countries"),
        FigureType.COUNT,
        Chapter.OVERVIEW,
        _("Different countries that activities of {year} name."),
        lambda ground: _countries(ground.activities),
        ("instructs-sg-directors/2",),
    ),
    Query(
        "activities.ldc_share",
        _("Least developed among the countries named"),
        _("countries"),
        FigureType.SHARE,
        Chapter.OVERVIEW,
        _("Of the countries that activities of {year} name, those that were least developed."),
        _least,
        ("instructs-sg-directors/2", "further-instructs-tsb-bdt/9"),
    ),
    Query(
        "activities.announced",
        _("Activities announced, not told to have taken place"),
        NUMBER,
        FigureType.COUNT,
        Chapter.OVERVIEW,
        _("Activities of {year} of which only an announcement is held."),
        _announced,
        ("instructs-sg-directors/2",),
    ),
    Query(
        "activities.outside_mandate",
        _("Work outside the core mandate"),
        _("entries"),
        FigureType.COUNT,
        Chapter.OUTSIDE,
        _("Entries of {year} that say themselves that they lie outside the core mandate."),
        _outside,
        ("resolves/3",),
    ),
    Query(
        "cirt.assessments",
        _("CIRT assessments recorded in the year"),
        _("assessments"),
        FigureType.COUNT,
        Chapter.ORGANIZATIONAL,
        _(
            "Entries of the kind CIRT assessment whose days touch {year}; one may cover "
            "several countries."
        ),
        _kind("cirt_assessment"),
        ("instructs-bdt/2",),
    ),
    Query(
        "cirt.assessed_countries",
        _("Countries assessed in the year"),
        _("countries"),
        FigureType.COUNT,
        Chapter.ORGANIZATIONAL,
        _("Different countries that the assessments of {year} name."),
        _of("cirt_assessment"),
        ("instructs-bdt/2",),
    ),
    Query(
        "cirt.established_countries",
        _("Countries where a CIRT was set up or was being set up"),
        _("countries"),
        FigureType.COUNT,
        Chapter.ORGANIZATIONAL,
        _(
            "Different countries that entries of the kind CIRT set up name, whose days touch "
            "{year}."
        ),
        _of("cirt_established"),
        ("instructs-bdt/2", "further-instructs-tsb-bdt/1"),
    ),
    Query(
        "cirt.enhanced_countries",
        _("Countries where a CIRT was enhanced"),
        _("countries"),
        FigureType.COUNT,
        Chapter.ORGANIZATIONAL,
        _("Different countries of activities of {year} that name the phase enhancement."),
        _enhanced,
        ("instructs-bdt/2",),
    ),
    *_by_place(),
)
