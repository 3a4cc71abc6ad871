"""Doors for machines that watch or visit this one: health, ready, security.txt, robots.txt."""

from __future__ import annotations

import datetime as dt
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comity.site import jobs, worker
from comity.site.models import ScheduleRun

PLAIN = "text/plain; charset=utf-8"


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type=PLAIN)


@cache
def _migrated() -> bool:
    """Whether every migration is applied; asked until it is so, then remembered."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise LookupError("not migrated")  # an exception is not remembered
    return True


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and is up to date, and workers live. 503 with what is missing."""
    found: dict[str, object] = {"database": "no answer", "migrations": "unknown"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found["database"] = "answers"
        found["migrations"] = "applied" if _migrated() else "missing"
        found["failed_jobs"] = sum(n for (_q, s), n in jobs.counts().items() if s == "failed")
        found["schedules"] = {
            run.name: {"ended": run.ended and run.ended.isoformat(), "ok": run.ok}
            for run in ScheduleRun.objects.order_by("name")
        }
    except LookupError:
        found["migrations"] = "missing: run comity setup"
    except DatabaseError:
        pass  # "no answer", or tables that are not there yet
    queues = {name.partition("-")[0] for name in worker.seen()}
    found["workers"] = {queue: queue in queues for queue in (jobs.SHORT, jobs.LONG)}
    good = (
        found["database"] == "answers"
        and found["migrations"] == "applied"
        and queues >= {jobs.SHORT, jobs.LONG}
    )
    return JsonResponse({"ready": good, **found}, status=200 if good else 503)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116, when COMITY_CONTACT is set."""
    if not settings.CONTACT:
        raise Http404
    expires = timezone.now() + dt.timedelta(days=180)
    lines = (
        f"Contact: {settings.CONTACT}",
        f"Expires: {expires:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: ar, en, es, fr, ru, zh",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type=PLAIN)


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """All that is public may be read; accounts hold nothing for a crawler."""
    return HttpResponse("User-agent: *\nDisallow: /*/accounts/\nDisallow: /metrics\n", PLAIN)
