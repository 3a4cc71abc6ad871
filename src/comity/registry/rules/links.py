"""What an answer at an address says of the page there. Only a page's own server can say that it is
gone; silence, a refusal and a fault of the line say nothing."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

GONE_STATUS = frozenset({404, 410})
EVERY = 30  # days: each link is looked at once in so many nights


class Link(StrEnum):
    FOUND = "found"
    GONE = "gone"
    UNKNOWN = "unknown"


def judged(status: int | None) -> Link:
    """A page's state from the status of its answer; None is no answer."""
    if status is not None and 200 <= status < 300:
        return Link.FOUND
    return Link.GONE if status in GONE_STATUS else Link.UNKNOWN


def joined(links: list[Link]) -> Link:
    """One entry with several addresses: found where any is, gone only where all are."""
    if Link.FOUND in links:
        return Link.FOUND
    return Link.GONE if links and set(links) == {Link.GONE} else Link.UNKNOWN


def due(place: int, day: dt.date) -> bool:
    """Whether the link of an entry is looked at in this night: a thirtieth of them is."""
    return place % EVERY == day.toordinal() % EVERY
