"""The files a question must open, and of their rows those the viewer may see."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

import polars as pl
from django.db.models import QuerySet

from comity.directory import reads as directory
from comity.events import models as m
from comity.events.reads.house import places
from comity.events.rules import seeing
from comity.events.store import columns
from comity.events.types.asking import Question
from comity.events.types.stored import STORED
from comity.kit.tlp import Label, Viewer

EPOCH = dt.date(1970, 1, 1)
Term = pl.Expr | bool
"""A condition on rows; or what holds of all of them."""
Known = Mapping[str, Any]
"""Columns that say the same in every row of a file; its `first_day` and `last_day`."""
NOTHING: Known = {}
Parts = list[tuple[m.DataFile, pl.LazyFrame]]
"""Files with those of their rows that answer a question and may be seen."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A viewer's scope in numbers of route sets."""

    everywhere: frozenset[Label]
    sets: dict[Label, frozenset[int]]
    own: frozenset[int]  # sets of the viewer's own teams, whatever the label


NOBODY = Seen(frozenset(), {}, frozenset())


def seen(viewer: Viewer) -> Seen:
    """What the viewer may see. Two queries, however many sets there are."""
    scope = seeing.scope(viewer)
    bodies = frozenset(viewer.bodies).union(*scope.by_body.values())
    of_body: dict[UUID, list[UUID]] = {}
    if bodies:
        for team in directory.teams_named().values():
            if team.body in bodies:
                of_body.setdefault(team.body, []).append(team.id)
    teams = [team for some in of_body.values() for team in some]
    by_team: dict[UUID, set[int]] = {}
    members = m.RouteMember.objects.filter(team__in=teams) if teams else ()
    for member in members:
        by_team.setdefault(member.team, set()).add(member.route_set_id)

    def sets(some: frozenset[UUID]) -> frozenset[int]:
        found = (by_team.get(t, set()) for body in some for t in of_body.get(body, ()))
        return frozenset[int]().union(*found)

    by_label = {label: sets(some) for label, some in scope.by_body.items()}
    return Seen(scope.everywhere, by_label, sets(viewer.bodies))


def predicate(what: Seen, known: Known = NOTHING) -> Term:
    """The rows a viewer may see, in the columns of STORED."""
    if "tlp" in known:
        one = Label(known["tlp"] or Label.RED.value)
        return one in what.everywhere or _routed(what.sets.get(one, frozenset()))
    label = pl.col("tlp")
    allowed = [label.is_in([one.value for one in what.everywhere])]
    for one, numbers in what.sets.items():
        if numbers:
            allowed.append((label == one.value) & _routed(numbers))
    return reduce(or_, allowed)


def _routed(numbers: frozenset[int]) -> Term:
    if not numbers:
        return False
    return _among("route_set", numbers) | _among("informed_set", numbers)


def _among(name: str, numbers: frozenset[int]) -> pl.Expr:
    """Membership, with the edges first: Parquet skips what lies outside of them."""
    column = pl.col(name)
    if len(numbers) == 1:
        return column == next(iter(numbers))
    edges = (column >= min(numbers)) & (column <= max(numbers))
    return edges & column.is_in(sorted(numbers))


def files(question: Question) -> QuerySet[m.DataFile]:
    """Files that can hold an answer, oldest commit first."""
    found = m.DataFile.objects.filter(kind=m.DataFile.EVENTS, seq__gt=question.after)
    if question.since:
        found = found.filter(last_day__gte=(question.since - EPOCH).days)
    if question.until:
        found = found.filter(first_day__lte=(question.until - EPOCH).days)
    if question.unrouted:
        found = found.filter(unrouted__gt=0)
    if question.network:
        net = ipaddress.ip_network(question.network)
        if net.version == 4:
            low, high = int(net[0]), int(net[-1])
            found = found.filter(ip4_max__gte=low, ip4_min__lte=high)
        else:
            found = found.filter(wide=True)
    return found.order_by("seq")


def narrowed(question: Question, what: Seen, known: Known = NOTHING) -> Term:
    """The question itself, as a condition on rows."""
    terms: list[Term] = []
    day = pl.col("time_source").dt.date()
    first, last = known.get("first_day"), known.get("last_day")
    if question.since:
        inside = first is not None and first >= (question.since - EPOCH).days
        terms.append(inside or day >= question.since)
    if question.until:
        inside = last is not None and last <= (question.until - EPOCH).days
        terms.append(inside or day <= question.until)
    for name, value in (
        ("feed_name", question.feed),
        ("report_type", question.report_type),
        ("cc_used", question.country),
        ("class_type", question.class_type),
        ("severity", question.severity),
        ("src_asn", question.asn),
    ):
        if value:
            terms.append(known[name] == value if name in known else pl.col(name) == value)
    if question.finding:
        terms.append(pl.col("finding_key") == pl.lit(question.finding, pl.UInt64))
    if question.unrouted:
        terms.append(pl.col("route_set") == 0)
    if question.network:
        terms.append(_inside(question.network))
    if question.team:
        mine = _sets_of(question.team)
        terms.append(_among("route_set", mine) if mine else False)
    if question.own:
        terms.append(_among("route_set", what.own) if what.own else False)
    return every(*terms)


def every(*terms: Term) -> Term:
    """All of them; what is settled already is not asked of each row."""
    if any(term is False for term in terms):
        return False
    asked = [term for term in terms if isinstance(term, pl.Expr)]
    return pl.all_horizontal(asked) if asked else True


def _sets_of(code: str) -> frozenset[int]:
    team = next((t for t in directory.teams_named().values() if t.code == code), None)
    if team is None:
        return frozenset()
    rows = m.RouteMember.objects.filter(team=team.id, told=False)
    return frozenset(rows.values_list("route_set_id", flat=True))


def _inside(network: str) -> pl.Expr:
    net = ipaddress.ip_network(network)
    low, high = int(net[0]), int(net[-1])
    if net.version == 4:
        return (pl.col("src_ip4") >= low) & (pl.col("src_ip4") <= high)
    upper, lower = pl.col("src_ip6_hi"), pl.col("src_ip6_lo")
    first, last = (pl.lit(edge >> 64, pl.UInt64) for edge in (low, high))
    tail = 2**64 - 1
    above = (upper > first) | ((upper == first) & (lower >= pl.lit(low & tail, pl.UInt64)))
    below = (upper < last) | ((upper == last) & (lower <= pl.lit(high & tail, pl.UInt64)))
    return above & below


def events(viewer: Viewer | None, question: Question) -> pl.LazyFrame:
    """The events asked for that the viewer may see. No viewer is the gateway itself: who types on
    its machine can read its files."""
    return one(parts(viewer, question))


def parts(viewer: Viewer | None, question: Question) -> Parts:
    """The same file by file. What a file says of all its rows is settled for all at once."""
    what = seen(viewer) if viewer else None
    found = []
    for row, rows in _near(question):
        days = {"first_day": row.first_day, "last_day": row.last_day}
        mine = _admitted(what, question, row.constants | days)
        if mine is not False:
            found.append((row, rows.filter(mine) if isinstance(mine, pl.Expr) else rows))
    return found


def _near(question: Question) -> Parts:
    """Files, of which those groups of rows are read that hold an address asked for: of all others
    the addresses alone are."""
    rows = [(row, _scan(row)) for row in files(question)]
    if not question.network:
        return rows
    inside, size = _inside(question.network), columns.ROW_GROUP
    group = (pl.col("at") // size).unique().sort()
    asked = [
        part.select("src_ip4", "src_ip6_hi", "src_ip6_lo").with_row_index("at").filter(inside)
        for _, part in rows
    ]
    found: Parts = []
    hits = pl.collect_all([part.select(group) for part in asked])
    for (row, part), hit in zip(rows, hits, strict=True):
        few = hit.height * size * 4 <= row.rows
        if few and hit.height:
            part = pl.concat([part.slice(n * size, size) for n in hit["at"].to_list()])
        if hit.height:
            found.append((row, part))
    return found


def admitted(viewer: Viewer | None, question: Question) -> Term:
    """The rows of any frame with the columns of a question that answer it and may be seen."""
    return _admitted(seen(viewer) if viewer else None, question, NOTHING)


def _admitted(what: Seen | None, question: Question, known: Known) -> Term:
    if what is None:
        return narrowed(question, NOBODY, known)
    return every(narrowed(question, what, known), predicate(what, known))


def scanned(question: Question) -> pl.LazyFrame:
    """The rows of every file that can hold an answer, as they are stored. For this room alone."""
    return one([(row, _scan(row)) for row in files(question)])


def _scan(row: m.DataFile) -> pl.LazyFrame:
    frame = columns.scan(places().store(str(row.pk)), row.constants)
    return frame.with_columns(pl.lit(row.seq, pl.Int64).alias("seq"))


def one(parts: Parts) -> pl.LazyFrame:
    """All of them in one frame."""
    if not parts:
        return pl.LazyFrame(schema={**STORED, "seq": pl.Int64()})
    return pl.concat([rows for _, rows in parts], how="vertical")
