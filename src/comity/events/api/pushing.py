"""Reports in by machine, and rows held back tried again."""

from __future__ import annotations

import datetime as dt
import errno
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError

from comity.events import models as m
from comity.events.actions import mending, pushing
from comity.events.api.asking import plain_errors
from comity.events.api.watching import file_data
from comity.kit.tlp import Viewer
from comity.people.doors import once, send, viewer, who_may

router = Router()
OK = {200: dict[str, Any]}
CHUNK = 1 << 20
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BY_CONTENT = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "maxLength": 202},
    "description": "Not needed here: the same content for the same feed and type is the same file, "
    "however often it is sent and under whatever key.",
}


def _who_pushes(request: HttpRequest) -> Viewer:
    """Known, allowed, and refused by its size alone before the first byte is read."""
    who = who_may("events.ingest")(request)
    try:
        size = int(request.META.get("CONTENT_LENGTH") or "")
    except ValueError:
        raise HttpError(411, "Say the length of the report in Content-Length.") from None
    if size > pushing.LARGEST:
        raise HttpError(413, str(pushing.too_large()))
    return who


@router.post(
    "/reports",
    summary="Hand a report in: the file itself is the body of the request",
    operation_id="push_report",
    url_name="push_report",
    auth=_who_pushes,
    response={202: dict[str, Any], 200: dict[str, Any]},
    openapi_extra={
        "parameters": [BY_CONTENT],
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        },
    },
)
@plain_errors
def push(
    request: HttpRequest,
    feed: str = Query("", max_length=120, description="of the catalogue; else the name says it"),
    report_type: str = Query("", max_length=120),
    report_date: dt.date | None = Query(None),  # noqa: B008
    name: str = Query("report", max_length=300, description="name of the file"),
) -> HttpResponse:
    """CSV, JSON lines, X-ARF, plain or packed with gzip or zip. 202: it is safe on disk and will be
    stored within seconds; ask for it at `Location`. 200: it was handed in before."""
    try:
        taken = pushing.push(
            viewer(request),
            _chunks(request),
            name,
            feed=feed,
            report_type=report_type,
            report_date=report_date,
        )
    except OSError as error:
        if error.errno not in FULL:
            raise
        full = "The disk of this gateway is full: nothing was kept. Send it again later."
        raise HttpError(507, full) from error
    waiting = any(intake.state == m.Intake.WAITING for intake in taken)
    headers = {"Location": f"/api/v1/events/files/{taken[0].pk}"} if taken else {}
    files = [file_data(intake) for intake in taken]
    return send({"files": files}, 202 if waiting else 200, **headers)


def _chunks(request: HttpRequest) -> Iterator[bytes]:
    while chunk := request.read(CHUNK):
        yield chunk


@router.post(
    "/files/{uuid:key}/replay",
    summary="Try the rows held back of a file again",
    operation_id="replay_file",
    url_name="replay_file",
    auth=who_may("events.ingest"),
    response=OK,
)
@once
@plain_errors
def replay(request: HttpRequest, key: UUID) -> HttpResponse:
    return send(mending.replay(viewer(request), key))


class Mended(Schema):
    """The text of a row, in the form of the file, to be taken instead of what came."""

    raw: str = Field(min_length=1, max_length=8192)


@router.post(
    "/files/{uuid:key}/rows/{int:row}",
    summary="Take this text instead of a row held back",
    operation_id="mend_event_row",
    url_name="mend_event_row",
    auth=who_may("events.ingest"),
    response=OK,
)
@once
@plain_errors
def mend(request: HttpRequest, key: UUID, row: int, given: Mended) -> HttpResponse:
    return send(mending.mend(viewer(request), key, row, given.raw))
