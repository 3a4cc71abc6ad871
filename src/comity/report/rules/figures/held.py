"""What there is on the last day reported on: strategies, teams, tools; and totals that others
reported, each with its own date, never added up."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comity.kit.languages import gettext_noop as _
from comity.report.rules.figures.query import (
    Found,
    Ground,
    Query,
    counted,
    dated,
    shared,
    totalled,
    within,
)
from comity.report.types.figures import Chapter, FigureType, Total


def _by_day(kind: str) -> Callable[[Ground], Found]:
    """Entries of a kind that are dated no later than the day; one without a date is not."""

    def find(ground: Ground) -> Found:
        rows = (
            entry
            for entry in ground.kind(kind)
            if entry.told.first is not None and entry.told.first <= ground.scope.day
        )
        return totalled(rows, ground.scope)

    return find


def _recorded(kind: str) -> Callable[[Ground], Found]:
    """Entries of a kind on record at the cut-off. Tools and trainings seldom have a date, and
    without one nobody can say that they were there in an earlier year."""

    def find(ground: Ground) -> Found:
        names = tuple(entry.told.name for entry in ground.kind(kind))
        as_of = ground.scope.cutoff.date().isoformat()
        return Found(Total(len(names), as_of) if names else None, names, as_of)

    return find


def _in_year(kind: str, field: str) -> Callable[[Ground], Found]:
    def find(ground: Ground) -> Found:
        return counted(
            entry
            for entry in ground.kind(kind)
            if any(dated(str(value), ground.scope) for value in entry.told.values(field))
        )

    return find


def _kind(kind: str) -> Callable[[Ground], Found]:
    return lambda ground: counted(e for e in ground.kind(kind) if within(e, ground.scope))


def _strategies(ground: Ground) -> Found:
    rows = [
        entry
        for entry in ground.kind("strategy")
        if entry.told.first is not None and entry.told.first <= ground.scope.day
    ]
    places = frozenset(code for entry in rows for code in entry.told.values("country"))
    return shared(places, ground.facts.members, (entry.told.name for entry in rows))


def _teams(ground: Ground) -> Found:
    teams = ground.facts.national_teams
    names = tuple(f"team/{code}" for codes in teams.values() for code in codes)
    found = shared(frozenset(teams), ground.facts.members, names)
    return Found(found.value, names, ground.scope.cutoff.date().isoformat())


def reported_totals(ground: Ground) -> Iterator[Query]:
    """One query for each total that a source gives for the year."""
    for entry in ground.entries:
        told = entry.told
        title = next(iter(told.said.get("title", ())), None)
        for place, value in enumerate(told.values("total")):
            if not dated(str(value["as_of"]), ground.scope) or title is None or entry.outside:
                continue
            yield Query(
                f"totals.{told.name.replace('/', '.')}" + (f".{place + 1}" if place else ""),
                str(title.value),
                str(value["unit"]),
                FigureType.TOTAL,
                Chapter.TOTALS,
                _("A total as its source reports it; totals are not added to each other."),
                _one(told.name, value["n"], str(value["as_of"])),
                entry.paragraphs or ("instructs-sg-directors/1/ii",),
                quoted=title.language or "en",
            )


def _one(name: str, number: int, as_of: str) -> Callable[[Ground], Found]:
    return lambda _ground: Found(Total(number, as_of), (name,), as_of)


QUERIES = (
    Query(
        "strategies.adopted",
        _("National cybersecurity strategies adopted in the year"),
        _("strategies"),
        FigureType.COUNT,
        Chapter.ORGANIZATIONAL,
        _("Strategies whose day of adoption lies in {year}."),
        _in_year("strategy", "adopted"),
        ("instructs-bdt/7",),
    ),
    Query(
        "strategies.share",
        _("Member States with a national cybersecurity strategy on record"),
        _("Member States"),
        FigureType.SHARE,
        Chapter.ORGANIZATIONAL,
        _("Of the Member States on {day}, those of which a strategy adopted by then is recorded."),
        _strategies,
        ("instructs-bdt/7",),
    ),
    Query(
        "teams.share",
        _("Member States with a national CIRT in the directory"),
        _("Member States"),
        FigureType.SHARE,
        Chapter.ORGANIZATIONAL,
        _(
            "Of the Member States, those of which the directory names a national team on the day "
            "of the cut-off; the directory keeps no earlier state."
        ),
        _teams,
        ("instructs-bdt/2",),
    ),
    Query(
        "laws.total",
        _("National and regional laws on record"),
        _("laws"),
        FigureType.TOTAL,
        Chapter.LEGAL,
        _("Laws of the registry dated no later than {day}."),
        _by_day("law"),
        ("invites-ms/1",),
    ),
    Query(
        "standards.total",
        _("Standards on record"),
        _("standards"),
        FigureType.TOTAL,
        Chapter.TECHNICAL,
        _("Standards of the registry dated no later than {day}."),
        _by_day("standard"),
        ("instructs-tsb/1/ii",),
    ),
    Query(
        "standards.approved",
        _("Standards on record that were approved in the year"),
        _("standards"),
        FigureType.COUNT,
        Chapter.TECHNICAL,
        _("Standards whose day of approval lies in {year}."),
        _in_year("standard", "approved"),
        ("instructs-tsb/1/ii",),
    ),
    Query(
        "tools.total",
        _("Tools that one can use, on record"),
        _("tools"),
        FigureType.TOTAL,
        Chapter.TECHNICAL,
        _("Tools of the registry on record on the day of the cut-off."),
        _recorded("tool"),
        ("instructs-sg-directors/4",),
    ),
    Query(
        "trainings.total",
        _("Trainings that one can take, on record"),
        _("trainings"),
        FigureType.TOTAL,
        Chapter.CAPACITY,
        _("Trainings of the registry on record on the day of the cut-off."),
        _recorded("training"),
        ("instructs-sg-directors/4", "invites-ms-sm-associates/3"),
    ),
    Query(
        "practices.total",
        _("Practices on record"),
        _("practices"),
        FigureType.TOTAL,
        Chapter.ORGANIZATIONAL,
        _("Practices of the registry dated no later than {day}."),
        _by_day("practice"),
        ("further-instructs-tsb-bdt/3", "further-instructs-tsb-bdt/6"),
    ),
    Query(
        "publications.issued",
        _("Publications on record that were issued in the year"),
        _("publications"),
        FigureType.COUNT,
        Chapter.COOPERATION,
        _("Publications whose day of issue lies in {year}."),
        _in_year("publication", "issued"),
        ("further-instructs-tsb-bdt/2",),
    ),
    Query(
        "initiatives.running",
        _("Initiatives running in the year"),
        _("initiatives"),
        FigureType.COUNT,
        Chapter.COOPERATION,
        _("Initiatives whose days touch {year}."),
        _kind("initiative"),
        ("instructs-sg-directors/5",),
    ),
    Query(
        "projects.running",
        _("Projects running in the year"),
        _("projects"),
        FigureType.COUNT,
        Chapter.CAPACITY,
        _("Projects whose days touch {year}."),
        _kind("project"),
        ("instructs-bdt/1", "instructs-bdt/3"),
    ),
    Query(
        "questions.running",
        _("Questions under study in the year"),
        _("questions"),
        FigureType.COUNT,
        Chapter.TECHNICAL,
        _("Questions of study groups whose days touch {year}."),
        _kind("question"),
        ("further-instructs-tsb-bdt/5", "instructs-sg-directors/7"),
    ),
    Query(
        "contributions.submitted",
        _("Contributions to study groups in the year"),
        _("contributions"),
        FigureType.COUNT,
        Chapter.TECHNICAL,
        _("Contributions that may be shown to everybody and whose days touch {year}."),
        _kind("contribution"),
        ("invites-ms-sm-associates/1", "instructs-tsb/2"),
    ),
)
