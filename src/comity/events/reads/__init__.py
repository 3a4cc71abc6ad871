"""Questions to the room."""

from comity.events.reads.asking import (
    Moved,
    NotHeld,
    One,
    count,
    drill,
    event,
    new_and_gone,
    rows,
    top,
    totals,
    trend,
)
from comity.events.reads.queue import Ledger, Quiet, intakes, refused, silent, unrouted

__all__ = [
    "Ledger",
    "Moved",
    "NotHeld",
    "One",
    "Quiet",
    "count",
    "drill",
    "event",
    "intakes",
    "new_and_gone",
    "refused",
    "rows",
    "silent",
    "top",
    "totals",
    "trend",
    "unrouted",
]
