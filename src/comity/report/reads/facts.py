"""The facts of a report, loaded once, as everybody may see them.

A report is public. So it is never made as the person who asks for it: what is marked above
TLP:CLEAR is not loaded, and nothing after this can count it.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from importlib import resources

from comity.directory import reads as directory
from comity.kit import countries
from comity.kit.languages import gettext_noop
from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import reads as mandate
from comity.registry.reads import reporting
from comity.registry.types import Told
from comity.report.rules.classing import Classes, read_classes
from comity.report.rules.figures.query import Ground, entries_under
from comity.report.types.figures import (
    INSTRUMENT,
    TEXT,
    DutyFact,
    Facts,
    ParagraphFact,
    RevisionFact,
    Scope,
    Stand,
)

# What queries and documents ask of an entry, besides its title and what dates it.
FIELDS = frozenset(
    """summary status body partner provider maker publisher country place region pillar itu_sector
    action_line provision core_mandate phase service sim3 cost language figure total outcome
    outcome_date outcome_words pledged disbursed finance_needed in_kind need wish note url
    may_be_published more_needed declaration adopted approved issued date reason rests_on definition
    unit direction baseline target actual baseline_share target_share actual_share method text
    rsit fellowship low_bandwidth offline_copy""".split()
)
# Told whatever their dates: what was agreed, adopted or offered earlier stands in the year too.
ALWAYS = (
    *("agreement", "strategy", "law", "standard", "tool", "training", "practice"),
    *("proposal", "indicator", "request"),
)
EPOCH = dt.datetime(2014, 1, 1, tzinfo=dt.UTC)  # the cut-off of a house that holds nothing


@cache
def classes() -> Classes:
    table = resources.files("comity.report") / "data" / "classes.csv"
    return read_classes(table.read_text(encoding="utf-8"))


def newest() -> dt.datetime:
    """The cut-off where none is given: the newest public record that a report is made from.
    Asked again before anything new is said, the same report comes out."""
    head = ledger.head()
    return _newest(head.hash) if head else EPOCH


@lru_cache(maxsize=2)
def _newest(head: str) -> dt.datetime:
    """Every page of a report asks; while no act was recorded the answer is the same."""
    moments = (
        reporting.newest_record(ANONYMOUS),
        mandate.newest_state(ANONYMOUS, INSTRUMENT),
        directory.newest_national(ANONYMOUS),
    )
    return max((moment for moment in moments if moment), default=EPOCH)


def facts(scope: Scope) -> Facts:
    """All of it. A dozen queries."""
    day = scope.day
    members = frozenset(
        country.iso2
        for country in countries.all_countries()
        if country.itu.on(day).status is countries.ItuStatus.MEMBER
    )
    entries = reporting.told(
        ANONYMOUS,
        cutoff=scope.cutoff,
        day=day,
        fields=FIELDS,
        year=scope.year,
        always=ALWAYS,
    )
    return Facts(
        scope,
        tuple(entries),
        duties(),
        revisions(),
        members,
        frozenset(code for code in members if countries.is_ldc(code, day)),
        directory.national_teams(ANONYMOUS, scope.cutoff),
        min((row.year for row in revisions()), default=0),
    )


def ended(ground: Ground) -> dict[str, str]:
    """Of each paragraph that asks something and has no entry in the year, when the last one under
    it ended before, as exact as its source."""
    held = entries_under(ground)
    asked = {
        f"{INSTRUMENT}/{TEXT}/{duty.key}": kinds_of(duty.key)
        for duty in ground.facts.duties
        if not held.get(duty.key)
    }
    scope = ground.scope
    found = reporting.last_before(
        ANONYMOUS, cutoff=scope.cutoff, day=scope.day, before=scope.start, asked=asked
    )
    whole = len(f"{INSTRUMENT}/{TEXT}/")
    return {key[whole:]: _end(told) for key, told in found.items()}


def _end(told: Told) -> str:
    for field in ("period", "date", "adopted", "approved", "issued"):
        for value in told.values(field):
            if words := str(value).rpartition("/")[2].replace("..", ""):
                return words
    return told.last.isoformat() if told.last else ""


def kinds_of(key: str) -> tuple[tuple[str, str], ...]:
    """The (kind, subtype) that belong to a paragraph by the table of kinds."""
    return tuple(which for which, place in classes().items() if key in place.paragraphs)


def duties() -> tuple[DutyFact, ...]:
    """The duties of the text that the figures answer, each with all that was said of it."""
    try:
        version = mandate.version(ANONYMOUS, INSTRUMENT, TEXT)
    except mandate.NotHeld:
        return ()
    states = mandate.duty_states(ANONYMOUS, version)
    return tuple(
        DutyFact(
            row.duty.provision.key,
            tuple(row.duty.actors),
            row.duty.force,
            row.duty.frequency,
            row.duty.is_reporting,
            tuple(
                Stand(state.status, tuple(state.evidence), state.moment)
                for state in states.get(row.duty.provision.wid, ())
            ),
            tuple((deadline.due, deadline.source) for deadline in row.deadlines),
        )
        for row in mandate.duties(ANONYMOUS, version)
    )


def revisions() -> tuple[RevisionFact, ...]:
    """The adopted texts known to exist, oldest first."""
    try:
        instrument = mandate.instrument(ANONYMOUS, INSTRUMENT)
    except mandate.NotHeld:
        return ()
    return tuple(
        RevisionFact(row.label, row.year, row.date, held)
        for row, held in mandate.revisions(ANONYMOUS, instrument)
        if row.status == "adopted"
    )


NEWER = gettext_noop(
    "The text held in this language is dated later than the English original of Busan, 2014, and "
    "is not used."
)


def paragraphs(language: str) -> tuple[str, str, tuple[ParagraphFact, ...]]:
    """The text in this language where it is held, else in English: (which, notice, paragraphs).

    A translation that is dated after its original is another text: it is not used, and said."""
    notice = ""
    try:
        version = mandate.version(ANONYMOUS, INSTRUMENT, TEXT, language)
        if version.language != "en":
            original = mandate.version(ANONYMOUS, INSTRUMENT, TEXT)
            dates = version.date, original.date
            if original.language == "en" and dates[0] and dates[1] and dates[0] > dates[1]:
                version, notice = original, NEWER
    except mandate.NotHeld:
        return "", notice, ()
    rows = mandate.provisions(ANONYMOUS, version)
    facts_ = tuple(
        ParagraphFact(row.key, row.eid, row.num, row.section, row.text, row.level) for row in rows
    )
    return version.language, notice, facts_
