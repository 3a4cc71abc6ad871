"""What happens to an agreement, what may be said of it, and the tables both are read by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from comity.kit.dates import PartialDate, Period
from comity.kit.errors import KitError
from comity.kit.languages import gettext_noop


class AgreementError(KitError, ValueError):
    """A history or a row that cannot be read as one."""


class AgreementEvent(StrEnum):
    ANNOUNCED = "announced"
    NEGOTIATING = "negotiating"
    INITIALLED = "initialled"  # or adopted: the text is settled
    SUBMITTED_TO_COUNCIL = "submitted_to_council"
    APPROVED_BY_COUNCIL = "approved_by_council"
    APPROVED = "approved"  # by a cabinet, a parliament, a board
    SIGNED = "signed"
    RATIFIED = "ratified"
    REGISTERED = "registered"  # UN Treaty Series: Charter, Article 102
    PROVISIONALLY_APPLIED = "provisionally_applied"
    IN_FORCE = "in_force"
    AMENDED = "amended"
    RENEWED = "renewed"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    LAPSED = "lapsed"
    DENOUNCED = "denounced"
    TERMINATED = "terminated"
    COMPLETED = "completed"
    SUCCEEDED = "succeeded"


class State(StrEnum):
    ANNOUNCED = "announced"
    NEGOTIATING = "negotiating"
    SIGNED = "signed"
    IN_FORCE = "in_force"
    IN_FORCE_PRESUMED = "in_force_presumed"
    SUSPENDED = "suspended"
    LAPSED = "lapsed"  # reported, and no term is on record that had run out
    EXPIRED = "expired"  # reported, and its term had run out
    EXPIRED_PRESUMED = "expired_presumed"  # a term passed without news of renewal
    COMPLETED = "completed"
    TERMINATED = "terminated"
    SUCCEEDED = "succeeded"
    UNKNOWN = "unknown"


class Flag(StrEnum):
    NO_COUNCIL_APPROVAL = "no_council_approval"
    COUNCIL_ORDER_UNKNOWN = "council_order_unknown"  # approved; whether before, no date tells
    NO_DATE = "no_date"
    DATES_DIFFER = "dates_differ"
    ORDER_CONTRADICTS = "order_contradicts"
    ENDS_SOON = "ends_soon"
    STALE = "stale"
    DISPUTED = "disputed"


# Those that hold until somebody says otherwise: by these an agreement is found. The others come and
# go with the day.
LASTING = (
    Flag.NO_COUNCIL_APPROVAL,
    Flag.COUNCIL_ORDER_UNKNOWN,
    Flag.NO_DATE,
    Flag.DATES_DIFFER,
    Flag.ORDER_CONTRADICTS,
    Flag.DISPUTED,
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, as one source tells it. `until`: to when the source says that its effect lasts.
    `presumed`: the source, or whoever entered it, concludes it and does not report it."""

    event: AgreementEvent
    date: PartialDate | None
    until: PartialDate | None = None
    source: str = ""
    note: str = ""
    presumed: bool = False

    def __post_init__(self) -> None:
        Period(self.date, self.until)  # BadDate for an effect that ends before it begins


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule (a key of `RULES`) and the happenings that it rests on, by their place given."""

    rule: str
    rests_on: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an agreement stands on a day. `since` is None when not known or when sources differ
    on it; `ends` is the latest end that they allow. `why` names the happenings of each rule."""

    state: State
    presumed: bool
    since: PartialDate | None
    ends: PartialDate | None
    days_since_evidence: int | None
    flags: frozenset[Flag]
    why: tuple[Ground, ...]


RULES: Mapping[str, str] = {
    "nothing": gettext_noop("Nothing that has happened is on record."),
    "reported": gettext_noop("A source reports this."),
    "presumed": gettext_noop("This is presumed; no source reports it."),
    "ahead": gettext_noop("This is announced for a later day and does not count yet."),
    "denounced": gettext_noop("Notice was given; that it took effect is presumed."),
    "provisional": gettext_noop("It is signed and applied provisionally."),
    "renewed": gettext_noop("It was renewed; that it is in force is presumed."),
    "renews_itself": gettext_noop("The term has passed; it renews itself unless ended."),
    "news_after_term": gettext_noop("The term has passed, and later news shows it alive."),
    "term_passed": gettext_noop("The term has passed without news of renewal."),
    "term_ran_out": gettext_noop("A source reports the end, and the term had run out."),
    "suspension_over": gettext_noop("The suspension was to end; that it did is presumed."),
    "no_council_approval": gettext_noop(
        "The Union is a party, and no approval by the Council before this is on record."
    ),
    "council_order_unknown": gettext_noop("The dates do not tell whether the Council was first."),
    "no_date": gettext_noop("What decides the state has no date."),
    "dates_differ": gettext_noop("Sources give different dates; all are kept."),
    "order_contradicts": gettext_noop("This is dated before what it presupposes."),
    "ends_soon": gettext_noop("It ends within 180 days."),
    "stale": gettext_noop("Nothing was heard of it for three years."),
    "disputed": gettext_noop("Two sources say things that cannot both hold on that date."),
}

SOON = dt.timedelta(days=180)
STALE_AFTER = dt.timedelta(days=3 * 365 + 1)  # three years have at least one leap day in four

E, S = AgreementEvent, State
# Events in the order of a life: the order of what has the same date, or none. And the state each
# brings; None leaves the state as it is.
BRINGS: Mapping[AgreementEvent, State | None] = {
    E.ANNOUNCED: S.ANNOUNCED,
    E.NEGOTIATING: S.NEGOTIATING,
    E.INITIALLED: S.NEGOTIATING,
    E.SUBMITTED_TO_COUNCIL: S.NEGOTIATING,
    E.APPROVED_BY_COUNCIL: S.NEGOTIATING,
    E.APPROVED: S.NEGOTIATING,
    E.SIGNED: S.SIGNED,
    E.RATIFIED: S.SIGNED,
    E.PROVISIONALLY_APPLIED: S.SIGNED,
    E.IN_FORCE: S.IN_FORCE,
    E.REGISTERED: S.SIGNED,
    E.AMENDED: None,
    E.SUSPENDED: S.SUSPENDED,
    E.RESUMED: S.IN_FORCE,
    E.RENEWED: S.IN_FORCE,
    E.LAPSED: S.LAPSED,
    E.DENOUNCED: S.TERMINATED,
    E.TERMINATED: S.TERMINATED,
    E.COMPLETED: S.COMPLETED,
    E.SUCCEEDED: S.SUCCEEDED,
}
RANK = {event: rank for rank, event in enumerate(BRINGS)}
# An event of the way to force never takes a state back; after an end only a new life does.
STAGE = {
    S.UNKNOWN: 0,
    S.ANNOUNCED: 1,
    S.NEGOTIATING: 2,
    S.SIGNED: 3,
    S.IN_FORCE: 4,
    S.IN_FORCE_PRESUMED: 4,
}
ENDS = frozenset({E.LAPSED, E.DENOUNCED, E.TERMINATED, E.COMPLETED, E.SUCCEEDED})
LIVES = frozenset({E.PROVISIONALLY_APPLIED, E.IN_FORCE, E.RENEWED, E.RESUMED})
RESTORES = frozenset({E.IN_FORCE, E.RENEWED, E.RESUMED})
REVIVES = RESTORES | {E.SIGNED}
TERM_FROM = (E.IN_FORCE, E.PROVISIONALLY_APPLIED, E.SIGNED)  # the first that is on record
RUNS = frozenset({S.SIGNED, S.IN_FORCE, S.IN_FORCE_PRESUMED, S.SUSPENDED})
ENDED = frozenset({S.LAPSED, S.EXPIRED, S.COMPLETED, S.TERMINATED, S.SUCCEEDED})
ONCE = frozenset({E.INITIALLED, E.APPROVED_BY_COUNCIL, E.SIGNED, E.IN_FORCE} | ENDS)
BINDS = frozenset({E.SIGNED, E.RATIFIED, E.REGISTERED, E.AMENDED} | LIVES)

# What must not lie wholly after the event. Negotiations and announcements may follow anything.
PRESUPPOSES: Mapping[AgreementEvent, tuple[frozenset[AgreementEvent], ...]] = {
    E.APPROVED_BY_COUNCIL: (frozenset({E.SUBMITTED_TO_COUNCIL}),),
    E.SIGNED: (frozenset({E.INITIALLED}),),
    E.RATIFIED: (frozenset({E.SIGNED}),),
    E.PROVISIONALLY_APPLIED: (frozenset({E.SIGNED}),),
    E.IN_FORCE: (frozenset({E.SIGNED}),),
    E.REGISTERED: (frozenset({E.SIGNED}), frozenset({E.IN_FORCE})),
    E.RESUMED: (frozenset({E.SUSPENDED}),),
} | {
    later: (frozenset({E.SIGNED, E.IN_FORCE, E.PROVISIONALLY_APPLIED}),)
    for later in (E.AMENDED, E.RENEWED, E.SUSPENDED, *sorted(ENDS))
}

# Events that cannot both hold on one date.
EXCLUDE: tuple[tuple[frozenset[AgreementEvent], frozenset[AgreementEvent]], ...] = (
    (LIVES, ENDS),
    (LIVES, frozenset({E.SUSPENDED})),
    (frozenset({E.SUSPENDED}), ENDS),
    (frozenset({E.LAPSED}), frozenset({E.DENOUNCED, E.TERMINATED})),
)

Numbered = tuple[int, Happening]
"""A happening and its place among those given."""
