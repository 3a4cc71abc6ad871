"""Legal holds, for who oversees the house or stands at the duty desk."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from comity.events import models as m
from comity.kit.tlp import Viewer
from comity.people.rules import may


def holds(viewer: Viewer | None) -> list[m.Hold]:
    """Those that stand first, the newest first. Their reasons may name a case."""
    if viewer is not None and not may(viewer, "events.oversee"):
        return []
    rows = m.Hold.objects.order_by("-placed", "pk")
    return sorted(rows, key=lambda row: row.lifted is not None)


def over(viewer: Viewer, day: dt.date, feed: str) -> bool:
    """Whether a hold stands over what a feed reported of a day. Told to the duty desk."""
    if not may(viewer, "events.watch"):
        return False
    mine = Q(feed="") | Q(feed=feed)
    return m.Hold.objects.filter(mine, lifted=None, first__lte=day, last__gte=day).exists()
