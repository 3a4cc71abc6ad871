"""How the work stands, for machines: feeds, files, rows held back, the unrouted, why."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from comity.events import models as m
from comity.events.api.asking import Answer, Wanted, plain_errors, question
from comity.events.reads import explaining, handed, unanswered
from comity.people.doors import fresh, viewer, who_may

router = Router()
OK = {200: dict[str, Any]}


@router.get(
    "/feeds",
    summary="What this gateway can read, and what came when",
    operation_id="event_feeds",
    url_name="event_feeds",
    response=OK,
)
def feeds(request: HttpRequest) -> HttpResponse:
    """When a feed arrived last is told to the duty desk."""
    rows = handed.feed_list(viewer(request), timezone.now())
    return fresh(
        request,
        {
            "feeds": [
                {
                    "name": row.name,
                    "provider": row.provider,
                    "schedule": row.schedule,
                    "licence": row.licence,
                    "terms": row.terms,
                    "marking": f"TLP:{row.tlp}",
                    "silent_after_hours": row.silent_after,
                    "last": row.last,
                    "last_rows": row.rows if row.last else None,
                    "files": row.files,
                    "alarm": row.alarm,
                    "came_empty": row.empty_types,
                }
                for row in rows
            ]
        },
    )


@router.get(
    "/files",
    summary="Files handed in, newest first, with what came of each",
    operation_id="event_files",
    url_name="event_files",
    auth=who_may("events.watch"),
    response=OK,
)
def files(
    request: HttpRequest,
    feed: str = Query("", max_length=120),
    state: str = Query("", max_length=10, description="waiting, done, failed, rejected"),
    after: str = Query("", max_length=40, description="`next` of the page before"),
) -> HttpResponse:
    page = handed.files(viewer(request), feed=feed, state=state, after=after)
    rows = [_ledger(row) for row in page.rows]
    return fresh(request, {"files": rows, "next": page.next or None})


COUNTS = ("rows", "stored", "duplicate", "rejected", "findings_new", "unrouted")


def _ledger(row: Any) -> Answer:
    """rows = stored + duplicate + rejected."""
    return {
        "id": row.id,
        "name": row.name,
        "feed": row.feed,
        "report_type": row.report_type,
        "received": row.received,
        "state": row.state,
        **{name: getattr(row, name) for name in COUNTS},
        "error": row.error,
    }


@router.get(
    "/files/{uuid:key}",
    summary="One file and its counts",
    operation_id="event_file",
    url_name="event_file",
    auth=who_may("events.watch"),
    response=OK,
)
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    row = handed.file(viewer(request), key)
    if row is None:
        raise Http404(str(key))
    return fresh(request, file_data(row))


def file_data(row: m.Intake) -> Answer:
    return _ledger(row) | {
        "sha256": row.raw_id,
        "mapping": row.mapping,
        "unknown_columns": row.told.get("unknown_columns", []),
        "seconds": row.seconds,
        "ended": row.ended,
    }


@router.get(
    "/rejected",
    summary="Rows held back, with file, line, field, reason and raw text",
    operation_id="event_rejected",
    url_name="event_rejected",
    auth=who_may("events.ingest"),
    response=OK,
)
def rejected(
    request: HttpRequest,
    file: UUID | None = Query(None),  # noqa: B008
    limit: int = Query(200, ge=1, le=10_000),
) -> HttpResponse:
    """Of files of your own body; who oversees the house sees all."""
    rows = handed.rejected(viewer(request), intake=file, most=limit)
    return fresh(request, {"rejected": rows.to_dicts()})


@router.get(
    "/unrouted",
    summary="What nobody answers for, by country and AS",
    operation_id="event_unrouted",
    url_name="event_unrouted",
    auth=who_may("events.watch"),
    response=OK,
)
@plain_errors
def unrouted(request: HttpRequest, wanted: Wanted = Query(...)) -> HttpResponse:  # noqa: B008
    rows = unanswered.unanswered(viewer(request), question(request, wanted))
    return fresh(
        request,
        {
            "unrouted": [
                {
                    "country": row.country or None,
                    "asn": row.asn or None,
                    "as_name": row.as_name or None,
                    "events": row.events,
                    "findings": row.findings,
                }
                for row in rows
            ]
        },
    )


@router.get(
    "/why",
    summary="Why an address goes where it goes, rule by rule",
    operation_id="event_why",
    url_name="event_why",
    response=OK,
)
@plain_errors
def why(
    request: HttpRequest,
    address: str = Query(..., max_length=80),
    domain: str = Query("", max_length=253),
) -> HttpResponse:
    return fresh(request, explaining.explain(viewer(request), address, domain))
