"""Agreements by what happened to them and where they stand; requests, needs and offers."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from decimal import Decimal
from statistics import median

from comity.kit.dates import BadDate, PartialDate
from comity.kit.languages import gettext_noop as _
from comity.registry.types import Told, Word
from comity.report.rules.classing import Classed
from comity.report.rules.figures.query import Found, Ground, Query, counted, dated, totalled, within
from comity.report.types.figures import Chapter, Count, FigureType, Scope, Total

NUMBER = _("agreements")
MONEY = {
    "finance_needed": _("Money needed, as stated in the year"),
    "pledged": _("Money pledged, as stated in the year"),
    "disbursed": _("Money disbursed, as stated in the year"),
}
ASKED, ANSWERED = ("ask", "ask_again"), ("answer", "match", "begin", "finish", "decline")
CLOSING = ("finish", "decline", "withdraw")
AHEAD = dt.timedelta(days=365)


def _signed(ground: Ground) -> Found:
    return counted(
        entry
        for entry in ground.kind("agreement")
        if any(
            event["event"] == "signed"
            and dated(str(event["date"]), ground.scope)
            and not str(event["note"]).startswith("presumed")
            for event in entry.told.values("event")
        )
    )


def _standing(*states: str) -> Callable[[Ground], Found]:
    return lambda ground: totalled(
        (entry for entry in ground.kind("agreement") if entry.told.standing in states),
        ground.scope,
    )


def is_ending(told: Told, day: dt.date) -> bool:
    """Whether its term ends in the year after this day, as far as its dates tell."""
    if told.standing not in ("signed", "in_force", "in_force_presumed", "suspended"):
        return False
    try:
        end = PartialDate.parse(told.ends).last if told.ends else None
    except BadDate:
        return False
    return end is not None and day < end <= day + AHEAD


def _ending(ground: Ground) -> Found:
    rows = (e for e in ground.kind("agreement") if is_ending(e.told, ground.scope.day))
    return totalled(rows, ground.scope)


def _unapproved(ground: Ground) -> Found:
    rows = (e for e in ground.kind("agreement") if "no_council_approval" in e.told.flags)
    return totalled(rows, ground.scope)


# --- requests -----------------------------------------------------------------------------


def when(told: Told, acts: tuple[str, ...], scope: Scope) -> dt.date | None:
    """The first day on which one of these was done, up to the last day reported on."""
    days = [at.date() for act, at in told.steps if act in acts and at.date() <= scope.day]
    return min(days, default=None)


def is_waiting(told: Told, scope: Scope) -> bool:
    """Asked, and nobody has answered or closed it by the last day reported on."""
    return when(told, ASKED, scope) is not None and when(told, (*ANSWERED, *CLOSING), scope) is None


def _requests(test: Callable[[Told, Scope], bool]) -> Callable[[Ground], Found]:
    return lambda ground: counted(
        entry for entry in ground.kind("request") if test(entry.told, ground.scope)
    )


def _in_year(acts: tuple[str, ...]) -> Callable[[Told, Scope], bool]:
    return lambda told, scope: (day := when(told, acts, scope)) is not None and day >= scope.start


def _waiting(ground: Ground) -> Found:
    rows = (e for e in ground.kind("request") if is_waiting(e.told, ground.scope))
    return totalled(rows, ground.scope)


def _oldest(ground: Ground) -> Found:
    ages = {
        entry.told.name: (ground.scope.day - day).days
        for entry in ground.kind("request")
        if is_waiting(entry.told, ground.scope)
        and (day := when(entry.told, ASKED, ground.scope)) is not None
    }
    if not ages:
        return Found(None)
    return Found(Total(max(ages.values()), ground.scope.day.isoformat()), tuple(ages))


def _answer_time(ground: Ground) -> Found:
    days: dict[str, int] = {}
    for entry in ground.kind("request"):
        asked = when(entry.told, ASKED, ground.scope)
        answered = when(entry.told, ANSWERED, ground.scope)
        if asked and answered and answered >= ground.scope.start:
            days[entry.told.name] = (answered - asked).days
    return Found(Count(round(median(days.values()))) if days else None, tuple(days))


# --- needs and offers ---------------------------------------------------------------------


def _stated(*fields: str) -> Callable[[Ground], Found]:
    return lambda ground: counted(
        entry
        for entry in ground.entries
        if within(entry, ground.scope) and any(entry.told.values(field) for field in fields)
    )


def _leading(words: tuple[Word, ...]) -> Iterator[Word]:
    """Of several who speak of one matter, the first alone counts: amounts are not told twice."""
    for word in words:
        if (word.voice, word.by) == (words[0].voice, words[0].by):
            yield word


def _amounts(entry: Classed, field: str, scope: Scope) -> Iterator[tuple[str, Decimal]]:
    for word in _leading(entry.told.said.get(field, ())):
        if dated(str(word.value["date"]), scope):
            yield str(word.value["currency"]), Decimal(str(word.value["amount"]))


def _sum(field: str, currency: str) -> Callable[[Ground], Found]:
    def find(ground: Ground) -> Found:
        names, total = [], Decimal(0)
        for entry in ground.entries:
            amounts = [a for c, a in _amounts(entry, field, ground.scope) if c == currency]
            if amounts and not entry.outside:
                names.append(entry.told.name)
                total += sum(amounts, Decimal(0))
        return Found(Count(total) if names else None, tuple(names))

    return find


def money(ground: Ground) -> Iterator[Query]:
    """One query for each of what is needed, pledged, disbursed, in each currency by itself."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in ground.entries:
        for field in MONEY:
            found[field] |= {code for code, _amount in _amounts(entry, field, ground.scope)}
    for field, label in MONEY.items():
        for currency in sorted(found[field]):
            yield Query(
                f"needs.{field}.{currency.lower()}",
                label,
                currency,
                FigureType.COUNT,
                Chapter.REQUESTS,
                _(
                    "Amounts dated {year} in this currency; of several speakers on one matter the "
                    "first counts."
                ),
                _sum(field, currency),
                ("instructs-bdt/3", "further-instructs-tsb-bdt/9"),
            )


MOUS = ("instructs-sg-directors/3",)
UPON_REQUEST = ("instructs-bdt/2",)
QUERIES = (
    Query(
        "agreements.signed",
        _("Agreements signed in the year"),
        NUMBER,
        FigureType.COUNT,
        Chapter.COOPERATION,
        _("Agreements of which a source reports a signature dated {year}."),
        _signed,
        (*MOUS, "invites-ms/2"),
    ),
    Query(
        "agreements.in_force",
        _("Agreements in force"),
        NUMBER,
        FigureType.TOTAL,
        Chapter.COOPERATION,
        _("Agreements that sources report to be in force on {day}."),
        _standing("in_force"),
        MOUS,
    ),
    Query(
        "agreements.in_force_presumed",
        _("Agreements presumed to be in force"),
        NUMBER,
        FigureType.TOTAL,
        Chapter.COOPERATION,
        _("Agreements that are presumed to be in force on {day}: no source reports it."),
        _standing("in_force_presumed"),
        MOUS,
    ),
    Query(
        "agreements.ending",
        _("Agreements whose term ends within a year"),
        NUMBER,
        FigureType.TOTAL,
        Chapter.COOPERATION,
        _("Live agreements whose term ends within 365 days after {day}."),
        _ending,
        MOUS,
    ),
    Query(
        "agreements.expired_presumed",
        _("Agreements presumed expired"),
        NUMBER,
        FigureType.TOTAL,
        Chapter.COOPERATION,
        _("Agreements whose term had passed on {day} without news of renewal."),
        _standing("expired_presumed"),
        MOUS,
    ),
    Query(
        "agreements.unknown",
        _("Agreements of which it is not known where they stand"),
        NUMBER,
        FigureType.TOTAL,
        Chapter.COOPERATION,
        _("Agreements of which the record does not tell where they stood on {day}."),
        _standing("unknown"),
        MOUS,
    ),
    Query(
        "agreements.unapproved",
        _("Agreements of the Union without a recorded approval of the Council"),
        NUMBER,
        FigureType.TOTAL,
        Chapter.COOPERATION,
        _(
            "Agreements to which the Union is a party and before which no approval by the "
            "Council is on record."
        ),
        _unapproved,
        ("instructs-sg/2",),
    ),
    Query(
        "requests.opened",
        _("Requests for assistance made in the year"),
        _("requests"),
        FigureType.COUNT,
        Chapter.REQUESTS,
        _("Requests that may be shown to everybody, made in {year}."),
        _requests(_in_year(ASKED)),
        UPON_REQUEST,
    ),
    Query(
        "requests.answered",
        _("Requests for assistance answered in the year"),
        _("requests"),
        FigureType.COUNT,
        Chapter.REQUESTS,
        _("Requests that may be shown to everybody, first answered in {year}."),
        _requests(_in_year(ANSWERED)),
        UPON_REQUEST,
    ),
    Query(
        "requests.waiting",
        _("Requests for assistance waiting for an answer"),
        _("requests"),
        FigureType.TOTAL,
        Chapter.REQUESTS,
        _("Requests that may be shown to everybody, without an answer on {day}."),
        _waiting,
        UPON_REQUEST,
    ),
    Query(
        "requests.oldest",
        _("Age of the oldest request that waits"),
        _("days"),
        FigureType.TOTAL,
        Chapter.REQUESTS,
        _("Days from the request to {day}."),
        _oldest,
        UPON_REQUEST,
    ),
    Query(
        "requests.answer_time",
        _("Median time to the first answer"),
        _("days"),
        FigureType.COUNT,
        Chapter.REQUESTS,
        _("Requests first answered in {year}, days from the request."),
        _answer_time,
        UPON_REQUEST,
    ),
    Query(
        "needs.stated",
        _("Entries that state a need"),
        _("entries"),
        FigureType.COUNT,
        Chapter.REQUESTS,
        _("Entries of {year} that state money needed or what is wished for."),
        _stated("finance_needed", "need", "wish"),
        ("instructs-bdt/3",),
    ),
    Query(
        "offers.stated",
        _("Entries that state an offer"),
        _("entries"),
        FigureType.COUNT,
        Chapter.REQUESTS,
        _("Entries of {year} that state money pledged or disbursed, or help in kind."),
        _stated("pledged", "disbursed", "in_kind"),
        ("further-instructs-tsb-bdt/9",),
    ),
)
