"""What in a history contradicts itself or lacks what the Union's rules ask for.

A doubt is shown to people with what it rests on; it decides nothing by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from comity.registry.rules.agreements.history import (
    BINDS,
    EXCLUDE,
    ONCE,
    PRESUPPOSES,
    REVIVES,
    AgreementEvent,
    Flag,
    Ground,
    Numbered,
)

Doubt = tuple[Flag, Ground]


def doubts_of(past: Sequence[Numbered], *, union_party: bool) -> list[Doubt]:
    """The doubts that can be told without the state, in the order of the rules."""
    return [
        *(_council(past) if union_party else []),
        *_dates_differ(past),
        *_order(past),
        *_disputes(past),
    ]


def _council(past: Sequence[Numbered]) -> list[Doubt]:
    """MoUs of the Union are "subject to the approval of the Council": Resolution 130 (Rev. Busan,
    2014), instructs the Secretary-General 2, after Resolution 100 (Minneapolis, 1998)."""
    binding = [row for row in past if row[1].event in BINDS and not row[1].presumed]
    signed = [row for row in binding if row[1].event is AgreementEvent.SIGNED] or binding
    approved = [row for row in past if row[1].event is AgreementEvent.APPROVED_BY_COUNCIL]
    if not signed:
        return []
    places = tuple(i for i, _ in signed)
    # Each signature is looked at: one that came before every approval lacked it.
    late = tuple(
        i
        for i, h in signed
        if approved
        and h.date is not None
        and all(a.date is not None and h.date.certainly_before(a.date) for _, a in approved)
    )
    if not approved or late:
        rests = late + tuple(i for i, _ in approved) if late else places
        return [(Flag.NO_COUNCIL_APPROVAL, Ground("no_council_approval", rests))]
    unclear = tuple(
        i
        for i, h in signed
        if not any(
            a.date and h.date and (a.date == h.date or a.date.last <= h.date.first)
            for _, a in approved
        )
    )
    if not unclear:
        return []
    rests = (*unclear, *(i for i, _ in approved))
    return [(Flag.COUNCIL_ORDER_UNKNOWN, Ground("council_order_unknown", rests))]


def _dates_differ(past: Sequence[Numbered]) -> list[Doubt]:
    """What happens once in a life has two dates that cannot be the same day."""
    found = []
    dated = [(i, h, h.date) for i, h in past if h.date is not None]
    for (i, one, first), (j, other, second) in combinations(dated, 2):
        if one.event is not other.event or one.event not in ONCE or first.may_overlap(second):
            continue
        early, late = (first, second) if first.certainly_before(second) else (second, first)
        between = any(
            h.event in REVIVES - {one.event}
            and not date.certainly_before(early)
            and not late.certainly_before(date)
            for _, h, date in dated
        ) or any(
            h.event.value in {"lapsed", "terminated", "completed", "denounced"}
            and early.certainly_before(date)
            and date.certainly_before(late)
            for _, h, date in dated
        )
        if not between:
            places = (min(i, j), max(i, j))
            found.append((Flag.DATES_DIFFER, Ground("dates_differ", places)))
    return found


def _order(past: Sequence[Numbered]) -> list[Doubt]:
    """An event lies wholly before all that it presupposes and that is on record with a date."""
    found = []
    for i, happening in past:
        date = happening.date
        for needed in PRESUPPOSES.get(happening.event, ()) if date else ():
            rows = [(j, h.date) for j, h in past if h.event in needed]
            dates = [d for _, d in rows if d is not None]
            known = date is not None and bool(dates) and len(dates) == len(rows)
            if date and known and all(date.certainly_before(d) for d in dates):
                rests = (i, *(j for j, _ in rows))
                found.append((Flag.ORDER_CONTRADICTS, Ground("order_contradicts", rests)))
    return found


def _disputes(past: Sequence[Numbered]) -> list[Doubt]:
    """Two sources tell, of one date, two things that exclude each other."""
    found = []
    for (i, one), (j, other) in combinations(past, 2):
        if one.date is None or one.date != other.date or one.source == other.source:
            continue
        if one.presumed or other.presumed:
            continue
        if any(
            (one.event in a and other.event in b) or (one.event in b and other.event in a)
            for a, b in EXCLUDE
        ):
            places = (min(i, j), max(i, j))
            found.append((Flag.DISPUTED, Ground("disputed", places)))
    return found
