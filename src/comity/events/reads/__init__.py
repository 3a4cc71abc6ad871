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
from comity.events.reads.queue import Ledger, intakes, refused, unrouted

__all__ = [
    "Ledger",
    "NotHeld",
    "One",
    "count",
    "counts",
    "drill",
    "event",
    "intakes",
    "refused",
    "rows",
    "top",
    "totals",
    "trend",
    "unrouted",
]
