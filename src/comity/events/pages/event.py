"""One event: the row as it came, what the tables said, and why it went where it went."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comity.events.pages import wording
from comity.events.pages.frame import found, strictest, viewer
from comity.events.reads import holds, single


@require_safe
@found
def event(request: HttpRequest, key: UUID) -> HttpResponse:
    who = viewer(request)
    one = single.single(who, key, timezone.now())
    row = one.event
    about = str(row["src_ip"] or row["src_prefix"] or row["fqdn"] or row["url"] or _("Event"))
    context = {
        "one": one,
        "row": row,
        "about": about,
        "kept": holds.over(who, row["time_source"].date(), str(row["feed_name"])),
        "flags": wording.flags(int(str(row["flags"] or 0))),
        "trail": [(_("Events"), reverse("events:list"))],
        "machines": [
            ("JSON", f"/api/v1/events/events/{key}"),
            ("STIX 2.1", f"/api/v1/events/events/{key}.stix"),
        ],
        "cite": _("Event {id}").format(id=key),
        **strictest([str(row["tlp"])] if row["tlp"] else []),
    }
    return render(request, "events/event.html", context)
