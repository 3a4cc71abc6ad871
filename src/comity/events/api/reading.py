"""Events for machines: a question by pages or as a file, one event, findings of a day, counts."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router
from ninja.errors import HttpError

from comity.events import reads
from comity.events.api.asking import Answer, Wanted, event_data, plain_errors, question
from comity.events.formats import exported
from comity.events.reads import news, overview, single
from comity.events.reads.assets import address
from comity.events.rules.seeing import FIVES
from comity.events.types.asking import GROUPS
from comity.kit.tlp import Viewer
from comity.people.doors import fresh, viewer

router = Router()
OK = {200: dict[str, Any]}
MOST = 100_000  # events of one file; `Link: rel=next` leads to the others


@router.get(
    "/events",
    summary="Events that you may see, newest first",
    operation_id="events",
    url_name="events",
    response=OK,
)
@plain_errors
def events(
    request: HttpRequest,
    wanted: Wanted = Query(...),  # noqa: B008 - how ninja declares a query
    after: str = Query("", max_length=60, description="`next` of the page before"),
    limit: int = Query(100, ge=1, le=1000),
) -> HttpResponse:
    """A team's people are answered about their own constituency; `whose=all` asks for all that the
    markings allow them. By a cursor: each event once, whatever arrives meanwhile."""
    page = overview.page(viewer(request), question(request, wanted), after, limit)
    rows = [event_data(row) for row in page.rows.iter_rows(named=True)]
    return fresh(request, {"events": rows, "next": page.next})


@router.get(
    "/events.{form}",
    summary="The same in one file",
    operation_id="events_file",
    url_name="events_file",
)
@plain_errors
def events_file(
    request: HttpRequest,
    form: str,
    wanted: Wanted = Query(...),  # noqa: B008
    after: str = Query("", max_length=60),
    limit: int = Query(MOST, ge=1, le=MOST),
) -> HttpResponse:
    """`form`: csv, jsonl, parquet or stix (a bundle of STIX 2.1)."""
    if form not in exported.MEDIA_TYPES:
        raise HttpError(404, f"Ask for one of {', '.join(exported.MEDIA_TYPES)}.")
    page = overview.page(viewer(request), question(request, wanted), after, limit)
    response = _file(page.rows, form, "events")
    if page.next:
        rest = request.GET.copy()
        rest["after"] = page.next
        response.headers["Link"] = f'<{request.path}?{rest.urlencode()}>; rel="next"'
    return response


def _file(rows: pl.DataFrame, form: str, name: str) -> HttpResponse:
    if form == "csv":
        data = exported.as_csv(rows)
    elif form == "jsonl":
        data = exported.as_jsonl(rows)
    elif form == "parquet":
        data = exported.as_parquet(rows)
    else:
        name_ = settings.GATEWAY_NAME or "Cybersecurity gateway"
        data = exported.as_stix(rows, name_, exported.SINCE)
    response = HttpResponse(data, content_type=exported.MEDIA_TYPES[form])
    file = f"{name}.{exported.ENDINGS[form]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


@router.get(
    "/events/{uuid:key}.stix",
    summary="One event as STIX 2.1",
    operation_id="event_stix",
    url_name="event_stix",
)
@plain_errors
def event_stix(request: HttpRequest, key: UUID) -> HttpResponse:
    return _file(single.frame(viewer(request), key), "stix", str(key))


@router.get(
    "/events/{uuid:key}",
    summary="One event with all that led to it",
    operation_id="event",
    url_name="event",
    response=OK,
)
@plain_errors
def event(request: HttpRequest, key: UUID) -> HttpResponse:
    """Its raw row, the version of mapping and table, the claim that decided, its sightings."""
    one = single.single(viewer(request), key, timezone.now())
    table = one.table
    credit = "AS numbers from https://github.com/sapics/ip-location-db, CC BY 4.0"
    told = event_data(one.event) | {
        "raw": one.raw,
        "raw_withheld": one.withheld,
        "informed": one.informed,
        "informed_reason": one.informed_reason,
        "file": str(one.intake.pk) if one.intake else None,
        "table": {"version": table.version, "made": table.made} if table else None,
        "credit": credit if table and table.credit else "",
        "sightings": {"events": one.sightings, "first": one.first, "last": one.last},
    }
    return fresh(request, told)


@router.get(
    "/findings",
    summary="What is new, reopened and gone on a day, worst first",
    operation_id="findings",
    url_name="findings",
    response=OK,
)
@plain_errors
def findings(
    request: HttpRequest,
    day: dt.date | None = Query(None, description="else the newest"),  # noqa: B008
    wanted: Wanted = Query(...),  # noqa: B008
    limit: int = Query(200, ge=1, le=5000),
) -> HttpResponse:
    """New: never seen before. Reopened: not seen for a week before. Gone: seen the day before, not
    on this."""
    who, asked = viewer(request), question(request, wanted)
    when = day or news.newest_day(who, asked, timezone.now().date())
    told = news.news(who, asked, when, limit)
    return fresh(
        request,
        {
            "day": told.day,
            "new_count": told.new_count,
            "reopened_count": told.reopened_count,
            "gone_count": told.gone_count,
            "new_by_severity": told.by_severity,
            "new": [_finding(row) for row in told.new],
            "reopened": [_finding(row) for row in told.reopened],
            "gone": [_finding(row) for row in told.gone],
        },
    )


def _finding(row: dict[str, Any]) -> Answer:
    names = ("class_type", "class_id", "severity", "tlp", "feed_name", "report_type", "src_port")
    told = {name: row[name] for name in names if row[name] is not None}
    return told | {
        "finding_key": f"{row['finding_key']:016x}",
        "event": row["event_id"],
        "address": address(row) or None,
        "fqdn": row["fqdn"],
        "asn": row["src_asn"],
        "country": row["cc_used"],
        "first_seen": row["first"],
        "last_seen": row["last"],
        "events": row["events"],
        "owners": row["owners"],
    }


@router.get(
    "/counts",
    summary="Counts by day and by one column",
    operation_id="event_counts",
    url_name="event_counts",
    response=OK,
)
@plain_errors
def counts(
    request: HttpRequest,
    wanted: Wanted = Query(...),  # noqa: B008
    by: str = Query("class_type", description=", ".join(GROUPS)),
    total: bool = Query(
        False, description="over all events, rounded down to fives: for a secretariat"
    ),
    limit: int = Query(50, ge=1, le=1000),
) -> HttpResponse:
    who, asked = viewer(request), question(request, wanted)
    if total:
        return fresh(request, _totals(who, asked, by))
    found = reads.top(who, asked, by, limit)
    days = reads.trend(who, asked)
    return fresh(
        request,
        {
            "by": by,
            "counts": [{"value": v, "events": n, "findings": f} for v, n, f in found.iter_rows()],
            "days": [{"day": day, "events": n} for day, n in days.iter_rows()],
        },
    )


def _totals(who: Viewer, asked: Any, by: str) -> Answer:
    found = reads.totals(who, asked, by)
    return {
        "by": by,
        "rounded_down_to": FIVES,
        "counts": [{"value": row[by], "events": row["events"]} for row in found.to_dicts()],
    }
