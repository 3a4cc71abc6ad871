"""Questions to the room."""

from comity.events.reads.asking import (
    NotHeld,
    One,
    count,
    counts,
    drill,
    event,
    rows,
    top,
    totals,
    trend,
)
from comity.events.reads.queue import Ledger, Quiet, intakes, refused, silent, unrouted

__all__ = [
    "Ledger",
    "NotHeld",
    "One",
    "Quiet",
    "count",
    "counts",
    "drill",
    "event",
    "intakes",
    "refused",
    "rows",
    "silent",
    "top",
    "totals",
    "trend",
    "unrouted",
]
