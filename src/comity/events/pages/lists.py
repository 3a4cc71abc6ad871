"""Events to search and to narrow, from far to near; what is new and gone; totals: GET alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.events import reads
from comity.events.pages import wording
from comity.events.pages.asking import Asked, asked, lately
from comity.events.pages.frame import found, strictest, today, trail, viewer
from comity.events.reads import news, overview
from comity.events.reads.house import feeds
from comity.events.rules import drawing
from comity.events.types.asking import SEVERITIES, Question
from comity.kit.tlp import Viewer

PAGE = 50
CHANGES = 200
LEAST = 24  # bars of the plot by day, so that two days are not two towers
FORMS = (("CSV", "csv"), ("JSON Lines", "jsonl"), ("Parquet", "parquet"), ("STIX 2.1", "stix"))


@dataclass(frozen=True, slots=True)
class Line:
    """A count with the address of what was counted."""

    value: str
    words: str
    query: str
    events: int
    findings: int = 0


@require_safe
@found
def events(request: HttpRequest) -> HttpResponse:
    """The question's answer in four steps: how many, when, what, and the rows."""
    who = viewer(request)
    ask = asked(who, request.GET)
    newest = news.newest_day(who, Question(own=ask.own), today())
    question = lately(ask, newest)
    whole = overview.overview(who, question)
    listed = overview.page(who, question, request.GET.get("after", "")[:60], PAGE)
    rows = listed.rows.to_dicts()
    counts = [n for _day, n in whole.trend]
    counts = [0] * (LEAST - len(counts)) + counts
    context: dict[str, Any] = {
        "ask": ask,
        "question": question,
        "own_query": ask.query(whose=""),
        "all_query": ask.query(whose="all"),
        "whole": whole,
        "rows": rows,
        "next": listed.next,
        "bars": drawing.bars(counts, mirrored=get_language_bidi()),
        "width": len(counts) * drawing.STEP,
        "level": wording.LEVELS.get(whole.level, ""),
        "steps": steps(ask, whole),
        "tops": tops(ask, whole),
        "feeds": sorted(feeds()),
        "types": wording.TYPES.items(),
        "severities": SEVERITIES,
        "trail": _path(ask),
        "machines": machines(who, ask, question),
        **strictest(row["tlp"] for row in rows if row["tlp"]),
    }
    return render(request, "events/list.html", context)


def steps(ask: Asked, whole: overview.Overview) -> list[Line]:
    """The next step from far to near, each line one click."""
    names = {"cc_used": "country", "src_asn": "asn", "prefix": "network", "src_ip": "network"}
    name = names.get(whole.level, "")
    return [
        Line(
            step.value,
            step.words,
            ask.query(q="", **{name: step.value}) if step.value else "",
            step.events,
            step.findings,
        )
        for step in whole.steps
    ]


def tops(ask: Asked, whole: overview.Overview) -> list[tuple[Any, str, list[Line]]]:
    names = {"feed_name": "feed"}
    return [
        (
            wording.TOPS[column],
            column,
            [
                Line(value, "", ask.query(**{names.get(column, column): value}), n)
                for value, n in top
            ],
        )
        for column, top in whole.tops.items()
        if top
    ]


def _path(ask: Asked) -> list[tuple[str, str]]:
    """The steps taken so far: each link goes back to one."""
    question = ask.question
    made = [(_("Events"), f"?{ask.query(country='', asn='', network='', q='')}")]
    if question.country:
        made.append((question.country, f"?{ask.query(asn='', network='', q='')}"))
    if question.asn:
        made.append((f"AS{question.asn}", f"?{ask.query(network='', q='', asn=question.asn)}"))
    if question.network:
        made.append((question.network, ""))
    return made


def machines(who: Viewer, ask: Asked, question: Question) -> list[tuple[str, str]]:
    """The same question for machines, with its days."""
    days = {"since": question.since or "", "until": question.until or ""}
    query = ask.query(**days)
    made = [("JSON", f"/api/v1/events/events?{query}")]
    return made + [(name, f"/api/v1/events/events.{form}?{query}") for name, form in FORMS]


@require_safe
@found
def changes(request: HttpRequest) -> HttpResponse:
    """All that is new and all that is gone of a day."""
    who = viewer(request)
    ask = asked(who, request.GET)
    question = ask.question
    day = _day(request.GET.get("day", "")) or news.newest_day(who, question, today())
    told = news.news(who, question, day, CHANGES)
    rows: Sequence[dict[str, Any]] = (*told.new, *told.reopened, *told.gone)
    context = {
        "ask": ask,
        "day": day,
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1) if day < today() else None,
        "news": told,
        "most": CHANGES,
        "own_query": f"day={day}",
        "all_query": f"day={day}&whose=all",
        "trail": trail(),
        "machines": [("JSON", f"/api/v1/events/findings?day={day}")],
        **strictest(row["tlp"] for row in rows if row["tlp"]),
    }
    return render(request, "events/changes.html", context)


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


@require_safe
@found
def totals(request: HttpRequest) -> HttpResponse:
    """For a secretariat: counts over everything, in fives."""
    who = viewer(request)
    ask = asked(who, request.GET)
    newest = news.newest_day(who, Question(), today())
    question = lately(ask, newest)
    by = request.GET.get("by", "class_type")
    by = by if by in wording.COUNTED_BY else "class_type"
    counted = reads.totals(who, question, by)
    context = {
        "ask": ask,
        "question": question,
        "by": by,
        "choices": wording.COUNTED_BY.items(),
        "rows": [(row[by], row["events"]) for row in counted.to_dicts()],
        "trail": trail(),
        "machines": [("JSON", f"/api/v1/events/counts?by={by}&total=true&{ask.query()}")],
    }
    return render(request, "events/totals.html", context)
