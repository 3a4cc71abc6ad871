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
from comity.events.reads.queue import Ledger, intakes, refused, unrouted

__all__ = [
    "Ledger",
    "Moved",
    "NotHeld",
    "One",
    "count",
    "drill",
    "event",
    "intakes",
    "new_and_gone",
    "refused",
    "rows",
    "top",
    "totals",
    "trend",
    "unrouted",
]
