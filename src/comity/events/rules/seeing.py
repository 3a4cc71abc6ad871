"""Who may see an event: its label, and for AMBER the bodies it was routed to. Pure.

An event that a report marks AMBER was sent to this house for those who must act; its audience are
the bodies of the teams it was routed to, and of those around that chose to be told. GREEN is the
community, CLEAR everybody. RED names persons, and a report of machines names none: it is in
nobody's answer, and counted in totals alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import polars as pl

from comity.kit import tlp
from comity.kit.tlp import Label, Marking, Viewer

FIVES = 5
"""Totals are told in steps of this to who may not see the rows: one more or less points at them."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a viewer may see: labels whoever it went to, and labels by whom it went to."""

    everywhere: frozenset[Label]
    by_body: Mapping[Label, frozenset[UUID]]  # of the bodies routed to, one is enough

    def admits(self, label: Label, bodies: frozenset[UUID]) -> bool:
        return label in self.everywhere or not bodies.isdisjoint(self.by_body.get(label, ()))


def handling(label: Label, bodies: frozenset[UUID]) -> tlp.Handling | None:
    """The handling of an event; None where nobody is named."""
    if label is Label.RED or (label >= Label.AMBER and not bodies):
        return None
    named = bodies if label >= Label.AMBER else tlp.NOBODY
    return tlp.Handling((Marking(label, bodies=named),))


def scope(viewer: Viewer) -> Scope:
    """The rule of `kit.tlp` for events, once for many rows. A test holds the two together."""
    terms = tlp.visibility_terms(viewer)
    everywhere = set(terms.open_labels)
    if tlp.DEFAULT_COMMUNITY in terms.named.get(Label.GREEN, frozenset()):
        everywhere.add(Label.GREEN)
    by_body = {
        label: terms.named[label]
        for label in (Label.AMBER, Label.AMBER_STRICT)
        if label in terms.named
    }
    return Scope(frozenset(everywhere), by_body)


ASSET = pl.coalesce(pl.col("src_ip4").cast(pl.UInt64), pl.col("src_ip6_hi"), pl.col("fqdn").hash())
"""What a row is about, for counting alone: an address, IPv6 by /64, else a name."""


def total(seen: pl.Expr) -> pl.Expr:
    """How many rows a group has, as a total tells it: rounded down to fives, by its own rows alone,
    so that between any two totals there is room for five answers. What the viewer sees is rounded
    apart: else rows one knows could be added one by one until the others show. Those others count
    where they are about five assets or more: a hundred rows about one point at it too."""
    mine = seen.fill_null(False)
    several = ASSET.filter(~mine).n_unique() >= FIVES
    others = pl.when(several).then((~mine).sum()).otherwise(0)
    return (mine.sum() // FIVES + others // FIVES) * FIVES
