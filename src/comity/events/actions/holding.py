"""A legal hold: what was reported in some days is not deleted while it stands.

Who places one answers for it; the record keeps that it was placed and lifted, and over which days.
The reason stays here: it may name a case.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.reads import NotHeld
from comity.events.reads.house import feed as feed_named
from comity.events.types.sources import EventsError
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.reads import actor_of
from comity.people.rules import may


def _actor(viewer: Viewer | None) -> str:
    """Who does it: None is the operator at the machine itself."""
    if viewer is None:
        return ledger.GATEWAY
    if not may(viewer, "events.keep"):
        raise PermissionDenied("events.keep")
    return actor_of(viewer)


def place(
    viewer: Viewer | None,
    first: dt.date,
    last: dt.date,
    reason: str,
    *,
    feed: str = "",
    now: dt.datetime | None = None,
) -> m.Hold:
    """Keep what is about these days: of a feed, or of all. Raises `EventsError`, `UnknownFeed`."""
    actor, moment = _actor(viewer), now or timezone.now()
    if first > last:
        raise EventsError(
            gettext_noop("The last day is before the first"),
            "last",
            gettext_noop("Write the earlier day first."),
        )
    if not reason.strip():
        raise EventsError(
            gettext_noop("A hold needs its reason"),
            "reason",
            gettext_noop("Say who asked for it, and under which reference."),
        )
    if feed:
        feed_named(feed)
    with transaction.atomic():
        hold = m.Hold.objects.create(
            feed=feed, first=first, last=last, reason=reason.strip()[:300], placed=moment
        )
        _recorded("place_hold", hold, actor, moment)
    return hold


def lift(viewer: Viewer | None, key: UUID, *, now: dt.datetime | None = None) -> m.Hold:
    """Let retention go on. Twice is once. Raises `NotHeld`."""
    actor, moment = _actor(viewer), now or timezone.now()
    with transaction.atomic():
        hold = m.Hold.objects.filter(pk=key).first()
        if hold is None:
            raise NotHeld(f"no hold {key}")
        if hold.lifted is None:
            hold.lifted = moment
            hold.save(update_fields=["lifted"])
            _recorded("lift_hold", hold, actor, moment)
    return hold


def _recorded(act: str, hold: m.Hold, actor: str, moment: dt.datetime) -> None:
    content = {"feed": hold.feed, "first": str(hold.first), "last": str(hold.last)}
    ledger.record(act, f"events/holds/{hold.pk}", actor=actor, content=content, now=moment)
