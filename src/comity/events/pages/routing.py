"""What nobody answers for, and why an address goes where it goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.events.pages.asking import asked, lately
from comity.events.pages.frame import demand, found, said, today, trail, viewer
from comity.events.reads import explaining, news, tables, unanswered
from comity.events.types.asking import Question
from comity.events.types.sources import EventsError
from comity.people.rules import may


@require_safe
@found
def unrouted(request: HttpRequest) -> HttpResponse:
    demand(request, "events.watch")
    who = viewer(request)
    ask = asked(who, request.GET)
    question = lately(ask, news.newest_day(who, Question(), today()))
    rows = unanswered.unanswered(who, question)
    context = {
        "ask": ask,
        "question": question,
        "rows": rows,
        "events": sum(row.events for row in rows),
        "trail": trail(),
        "machines": [("JSON", f"/api/v1/events/unrouted?{ask.query()}")],
    }
    return render(request, "events/unrouted.html", context)


@require_safe
@found
def why(request: HttpRequest) -> HttpResponse:
    """One field: an address or a network, and what each rule says of it, in the order asked."""
    who = viewer(request)
    address = request.GET.get("address", "").strip()[:80]
    domain = request.GET.get("domain", "").strip()[:253]
    context: dict[str, Any] = {"address": address, "domain": domain, "trail": trail()}
    status = 200
    if address:
        try:
            context["told"] = explaining.explain(who, address, domain)
        except EventsError as error:
            context |= {"fault": said(error), "problems": True}
            status = 400
        context["machines"] = [("JSON", f"/api/v1/events/why?address={address}")]
    context["table"] = tables.in_use(timezone.now())
    context["may_inform"] = may(who, "events.inform")
    context["title"] = _("Why does an address go where?")
    return render(request, "events/why.html", context, status=status)
