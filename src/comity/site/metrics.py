"""Figures for Prometheus: requests, jobs, the ledger. No label holds a name, an address or a path.

Several processes share one web: each writes its figures to HOME/run/metrics, and a scrape adds
them up (prometheus_client's multiprocess mode, switched on by `comity serve`).
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from comity.ledger import reads as ledger
from comity.site import jobs, worker

REQUESTS = Counter("comity_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram(
    "comity_request_seconds",
    "Time to answer, by route",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class Held(Collector):
    """What the database holds, counted when asked."""

    def collect(self) -> Iterator[Metric]:
        queued = GaugeMetricFamily(
            "comity_jobs", "Jobs by queue and state", labels=["queue", "state"]
        )
        for (queue, state), count in sorted(jobs.counts().items()):
            queued.add_metric([queue, state], count)
        yield queued
        head = ledger.head()
        rows = head.seq if head else 0
        yield GaugeMetricFamily("comity_ledger_rows", "Rows of the record of acts", value=rows)
        yield GaugeMetricFamily("comity_workers", "Workers seen lately", value=len(worker.seen()))


def count(route: str, method: str, status: int, seconds: float) -> None:
    REQUESTS.labels(route, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(route).observe(seconds)


def may_scrape(request: HttpRequest) -> bool:
    """From this machine itself, or with COMITY_METRICS_TOKEN in the header X-Metrics-Token (the
    header Authorization is for the tokens of persons). Behind a proxy all seem local."""
    token = settings.METRICS_TOKEN
    if token:
        given = request.headers.get("X-Metrics-Token", "").encode()
        return secrets.compare_digest(given, token.encode())
    behind_proxy = settings.HTTPS or "X-Forwarded-For" in request.headers
    return not behind_proxy and request.META.get("REMOTE_ADDR") in {"127.0.0.1", "::1", ""}


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures as Prometheus text; a stranger sees no page here at all."""
    if not may_scrape(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(Held())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
        text = generate_latest(registry)
    else:
        text = generate_latest(REGISTRY) + generate_latest(registry)
    return HttpResponse(text, content_type=CONTENT_TYPE_LATEST)
