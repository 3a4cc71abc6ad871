"""Legal holds, for machines."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from comity.events import models as m
from comity.events.actions import holding
from comity.events.api.asking import Answer, plain_errors
from comity.events.reads import holds as held
from comity.people.doors import fresh, once, send, viewer, who_may

router = Router()
OK = {200: dict[str, Any]}


class Days(Schema):
    """What is to be kept."""

    first: dt.date
    last: dt.date
    feed: str = Field("", max_length=120, description="of the catalogue; empty: all feeds")
    reason: str = Field(min_length=1, max_length=300)


@router.get(
    "/holds",
    summary="Legal holds, those that stand first",
    operation_id="event_holds",
    url_name="event_holds",
    auth=who_may("events.oversee"),
    response=OK,
)
def holds(request: HttpRequest) -> HttpResponse:
    return fresh(request, {"holds": [_hold(row) for row in held.holds(viewer(request))]})


def _hold(row: m.Hold) -> Answer:
    names = ("id", "feed", "first", "last", "reason", "placed", "lifted")
    return {name: getattr(row, name) for name in names}


@router.post(
    "/holds",
    summary="Keep what is about these days until the hold is lifted",
    operation_id="place_hold",
    url_name="event_holds",
    auth=who_may("events.keep"),
    response={201: dict[str, Any]},
)
@once
@plain_errors
def place(request: HttpRequest, given: Days) -> HttpResponse:
    row = holding.place(viewer(request), given.first, given.last, given.reason, feed=given.feed)
    return send(_hold(row), 201)


@router.post(
    "/holds/{uuid:key}/lift",
    summary="Lift a hold: retention goes on",
    operation_id="lift_hold",
    url_name="lift_hold",
    auth=who_may("events.keep"),
    response=OK,
)
@once
@plain_errors
def lift(request: HttpRequest, key: UUID) -> HttpResponse:
    return send(_hold(holding.lift(viewer(request), key)))
