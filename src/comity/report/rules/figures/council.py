"""What Member States told, what is proposed to the Council, its effect, how duties stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comity.kit.languages import gettext_noop as _
from comity.kit.sayings import Voice
from comity.mandate.types import DutyStatus
from comity.registry.types import Told
from comity.report.rules.classing import Classed
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
from comity.report.types.figures import Chapter, Count, FigureType, Scope, Share, Total

DUTIES = {
    DutyStatus.COMPLETED: _("Duties completed"),
    DutyStatus.IN_PROGRESS: _("Duties in progress"),
    DutyStatus.NOT_IMPLEMENTED: _("Duties not implemented"),
    DutyStatus.NOT_APPLICABLE: _("Duties that do not apply"),
    DutyStatus.NO_INDICATION: _("Duties without an indication"),
}
EFFECT = ("instructs-sg/1", "instructs-sg-directors/1/ii")
INFORMED = ("invites-ms/4", "instructs-sg-directors/3")


# --- Member States ------------------------------------------------------------------------


def speaks_itself(told: Told) -> bool:
    """Whether something of it is the own word of whom it is about."""
    return any(word.voice is Voice.OWN for words in told.said.values() for word in words)


def _informing(ground: Ground) -> tuple[frozenset[str], tuple[str, ...]]:
    rows = [e for e in ground.entries if within(e, ground.scope) and speaks_itself(e.told)]
    places = frozenset(code for entry in rows for code in entry.told.values("country"))
    return places, tuple(entry.told.name for entry in rows)


def _informed(ground: Ground) -> Found:
    places, names = _informing(ground)
    return Found(Count(len(places)) if places else None, names)


def _informed_share(ground: Ground) -> Found:
    places, names = _informing(ground)
    return shared(places, ground.facts.members, names)


def _situations(ground: Ground) -> Found:
    return counted(
        entry
        for entry in ground.kind("situation")
        if within(entry, ground.scope) and entry.told.first_of("may_be_published") is True
    )


# --- proposals, indicators, WSIS ----------------------------------------------------------


def of_year(entry: Classed, scope: Scope) -> bool:
    """Whether a proposal was made in the year."""
    dates = entry.told.values("date")
    return any(dated(str(day), scope) for day in dates) if dates else within(entry, scope)


def outcome_of(told: Told, scope: Scope) -> str:
    """What became of a proposal by the last day reported on; empty where that is not told."""
    day = str(told.first_of("outcome_date") or "")
    if day and day > scope.day.isoformat():
        return "pending"
    return str(told.first_of("outcome") or "")


def is_carried(entry: Classed, scope: Scope) -> bool:
    """Whether a proposal of an earlier year is told on: it was pending, or its outcome is new."""
    told = entry.told
    if told.first is None or told.first >= scope.start:
        return False
    day = str(told.first_of("outcome_date") or "")
    return outcome_of(told, scope) in ("", "pending", "deferred") or dated(day, scope)


def _proposals(test: Callable[[Classed, Scope], bool]) -> Callable[[Ground], Found]:
    return lambda ground: counted(e for e in ground.kind("proposal") if test(e, ground.scope))


def _outcome(*codes: str) -> Callable[[Classed, Scope], bool]:
    return lambda entry, scope: (
        (of_year(entry, scope) or is_carried(entry, scope))
        and (outcome_of(entry.told, scope) in codes)
    )


def indicators(ground: Ground) -> Iterator[Query]:
    """One query for each indicator of which something was measured or aimed at for the year."""
    for entry in ground.kind("indicator"):
        told = entry.told
        title = next(iter(told.said.get("title", ())), None)
        if title is None:
            continue
        yield Query(
            f"indicators.{told.name.split('/', 1)[1]}",
            str(title.value),
            str(told.first_of("unit") or ""),
            FigureType.SHARE if told.values("actual_share") else FigureType.COUNT,
            Chapter.INDICATORS,
            _("The value that a source gives for {year}."),
            _actual(told),
            EFFECT,
            quoted=title.language or "en",
        )


def _actual(told: Told) -> Callable[[Ground], Found]:
    def find(ground: Ground) -> Found:
        year = str(ground.scope.year)
        for value in told.values("actual"):
            if str(value["period"])[:4] == year:
                return Found(Count(value["n"]), (told.name,), str(value["period"]))
        for value in told.values("actual_share"):
            if str(value["as_of"])[:4] == year:
                return Found(_percent(str(value["n"])), (told.name,), str(value["as_of"]))
        return Found(None, (told.name,))

    return find


def _percent(text: str) -> Share:
    """A share that a source gives in percent: of a hundred, or of enough to hold its decimals."""
    whole, _dot, part = text.partition(".")
    return Share(int(whole + part), 100 * 10 ** len(part))


def _wsis(ground: Ground) -> Found:
    return counted(
        entry
        for entry in ground.entries
        if "C5" in entry.told.values("action_line")
        and within(entry, ground.scope)
        and not entry.outside
    )


# --- duties, doubts -----------------------------------------------------------------------


def _duties(status: DutyStatus) -> Callable[[Ground], Found]:
    def find(ground: Ground) -> Found:
        names = tuple(
            f"duty/{duty.key}"
            for duty in ground.facts.duties
            if (
                stand.status
                if (stand := duty.on(ground.scope.cutoff))
                else DutyStatus.NO_INDICATION
            )
            == status
        )
        if not ground.facts.duties:
            return Found(None)
        as_of = ground.scope.cutoff.date().isoformat()
        return Found(Total(len(names), as_of), names, as_of)

    return find


def _settled(ground: Ground) -> Found:
    duties = ground.facts.duties
    told = [
        d
        for d in duties
        if (stand := d.on(ground.scope.cutoff)) and stand.status != DutyStatus.NO_INDICATION
    ]
    if not duties:
        return Found(None)
    names = tuple(f"duty/{d.key}" for d in told)
    return Found(Share(len(told), len(duties)), names, ground.scope.cutoff.date().isoformat())


def _disputed(ground: Ground) -> Found:
    return totalled(
        (
            entry
            for entry in ground.entries
            if entry.told.disputed or {"dates_differ", "disputed"} & entry.told.flags
        ),
        ground.scope,
    )


def _noted(ground: Ground) -> Found:
    return counted(
        entry
        for entry in ground.entries
        if entry.told.kind == "activity"
        and within(entry, ground.scope)
        and entry.told.values("note")
    )


STATE = (
    Query(
        f"duties.{status.value.replace(' ', '_')}",
        label,
        _("duties"),
        FigureType.TOTAL,
        Chapter.DUTIES,
        _("Duties of the Resolution whose newest state, on evidence, is this."),
        _duties(status),
        ("instructs-sg-directors/1/ii",),
    )
    for status, label in DUTIES.items()
)

QUERIES = (
    Query(
        "states.informed",
        _("Countries that told of their own activities"),
        _("countries"),
        FigureType.COUNT,
        Chapter.STATES,
        _("Countries named by entries of {year} in which the body itself speaks."),
        _informed,
        INFORMED,
    ),
    Query(
        "states.informed_share",
        _("Member States that told of their own activities"),
        _("Member States"),
        FigureType.SHARE,
        Chapter.STATES,
        _(
            "Of the Member States on {day}, those named by entries of {year} in which the body "
            "itself speaks."
        ),
        _informed_share,
        INFORMED,
    ),
    Query(
        "states.situations",
        _("Situations that Member States let be published"),
        _("situations"),
        FigureType.COUNT,
        Chapter.STATES,
        _("Situations of {year} whose State says that they may be published."),
        _situations,
        INFORMED,
    ),
    Query(
        "proposals.made",
        _("Proposals to the Council made in the year"),
        _("proposals"),
        FigureType.COUNT,
        Chapter.PROPOSALS,
        _("Proposals dated {year}."),
        _proposals(of_year),
        ("instructs-sg-directors/6", "instructs-bdt/8"),
    ),
    Query(
        "proposals.carried",
        _("Proposals carried from earlier years"),
        _("proposals"),
        FigureType.COUNT,
        Chapter.PROPOSALS,
        _("Proposals dated before {year} that were pending then or settled in it."),
        _proposals(is_carried),
        ("instructs-sg-directors/6",),
    ),
    Query(
        "proposals.adopted",
        _("Of these, adopted in whole or in part"),
        _("proposals"),
        FigureType.COUNT,
        Chapter.PROPOSALS,
        _("Proposals made or carried, adopted by {day}."),
        _proposals(_outcome("adopted", "adopted_in_part", "amended")),
        ("instructs-sg-directors/6",),
    ),
    Query(
        "proposals.pending",
        _("Of these, pending"),
        _("proposals"),
        FigureType.COUNT,
        Chapter.PROPOSALS,
        _("Proposals made or carried, without an outcome by {day}."),
        _proposals(_outcome("", "pending", "deferred")),
        ("instructs-sg-directors/6",),
    ),
    Query(
        "wsis.c5",
        _("Entries under WSIS action line C5"),
        _("entries"),
        FigureType.COUNT,
        Chapter.WSIS,
        _("Entries of {year} that name action line C5."),
        _wsis,
        ("resolves/4", "instructs-sg-directors/1/ii", "instructs-bdt/4"),
    ),
    *STATE,
    Query(
        "duties.settled_share",
        _("Duties of which a state is told"),
        _("duties"),
        FigureType.SHARE,
        Chapter.DUTIES,
        _("Of the duties of the Resolution, those of which a state is told on evidence."),
        _settled,
        ("instructs-sg-directors/1/ii",),
    ),
    Query(
        "sources.contradictions",
        _("Entries whose sources contradict each other"),
        _("entries"),
        FigureType.TOTAL,
        Chapter.DOUBTS,
        _("Entries considered for {year} in which speakers give different values or dates."),
        _disputed,
        ("instructs-sg-directors/2",),
    ),
    Query(
        "sources.doubts",
        _("Activities of which the source leaves something in doubt"),
        _("activities"),
        FigureType.COUNT,
        Chapter.DOUBTS,
        _("Activities of {year} that carry a note on their source."),
        _noted,
        ("instructs-sg-directors/2",),
    ),
)
