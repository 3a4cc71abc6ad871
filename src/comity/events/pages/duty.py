"""The start of a shift: what is new, worst first; what nobody answers for; which feed is silent."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.views.decorators.http import require_safe

from comity.events.pages.asking import asked
from comity.events.pages.frame import found, strictest, today, viewer
from comity.events.reads import handed, news, tables, unanswered
from comity.events.rules import drawing
from comity.events.types.asking import Question
from comity.kit.tlp import Viewer
from comity.people.rules import may

SHOWN = 25  # findings on the page; the count says how many there are
FEW = 8  # lines of a queue on this page
DAY = dt.timedelta(days=1)


@require_safe
@found
def duty(request: HttpRequest) -> HttpResponse:
    who, now = viewer(request), timezone.now()
    ask = asked(who, request.GET)
    mine = Question(own=ask.own)
    chosen = _day(request.GET.get("day", ""))
    day = chosen or news.newest_day(who, mine, today())
    found_ = news.news(who, mine, day, SHOWN)
    labels = [row["tlp"] for row in (*found_.new, *found_.reopened, *found_.gone)]
    context: dict[str, Any] = {
        "ask": ask,
        "now": now,
        "day": day,
        "before": day - DAY,
        "after": day + DAY if day < today() else None,
        "old": (today() - day).days > 1,
        "news": found_,
        "worst": found_.by_severity["critical"],
        "hours": [
            (row, drawing.bars(row.hours, mirrored=get_language_bidi()))
            for row in news.by_hour(who, mine, day)
        ],
        "own_query": f"day={day}",
        "all_query": f"day={day}&whose=all",
        "machines": [("JSON", f"/api/v1/events/findings?day={day}")],
        **strictest(label for label in labels if label),
    }
    if may(who, "events.watch"):
        context |= _desk(who, now, day)
    return render(request, "events/duty.html", context)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _desk(who: Viewer, now: dt.datetime, day: dt.date) -> dict[str, Any]:
    """What only the duty desk is told: files, feeds, the queue."""
    lately = Question(since=day - DAY, until=day)
    queue = unanswered.unanswered(who, lately)
    feeds = handed.feed_list(who, now)
    work = handed.work(who, now - DAY)
    page = handed.files(who)
    return {
        "desk": True,
        "queue": queue[:FEW],
        "queue_more": len(queue) - FEW,
        "queue_events": sum(row.events for row in queue),
        "silent": handed.silent(feeds),
        "arrived": [row for row in feeds if row.last],
        "work": work,
        "last": page.rows[:FEW] if page.rows else [],
        "table": tables.in_use(now),
        "may_open": may(who, "events.ingest"),
    }
