"""What watches the house: ready, metrics, the log. None of them says who asked for what."""

from __future__ import annotations

import io
import json
import logging
import time

import pytest
from django.test import Client

from comity.site import logs, probes, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_workers(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path
    for name in ("short-1-1", "long-2-2"):
        (worker._folder() / name).touch()
    return tmp_path


def test_ready_wants_database_migrations_and_both_workers(client, two_workers) -> None:
    body = client.get("/ready")
    assert body.status_code == 200, body.content
    assert body.json()["workers"] == {"short": True, "long": True}
    old = two_workers / "run" / "workers" / "long-2-2"
    import os

    os.utime(old, (time.time() - 600,) * 2)
    body = client.get("/ready")
    assert body.status_code == 503 and body.json()["workers"] == {"short": True, "long": False}


def test_ready_says_when_the_database_is_away(client, two_workers, monkeypatch) -> None:
    from django.db import DatabaseError

    def away() -> None:
        raise DatabaseError("no route")

    monkeypatch.setattr(probes.connection, "cursor", away)
    response = client.get("/ready")
    assert response.status_code == 503
    assert (
        response.json()["database"] == "no answer" and "no route" not in response.content.decode()
    )


def test_metrics_count_routes_not_addresses(client) -> None:
    client.get("/en/about?q=amina@cirt.example")
    client.get("/en/nothing/amina")
    text = client.get("/metrics").content.decode()
    assert 'comity_requests_total{method="GET",route="about",status="200"}' in text
    assert 'route="none",status="404"' in text
    assert "comity_ledger_rows" in text and "comity_workers" in text
    assert "amina" not in text


def test_a_made_up_method_makes_no_new_label(client) -> None:
    client.generic("AMINA", "/en/about")
    text = client.get("/metrics").content.decode()
    assert 'method="other"' in text and "AMINA" not in text


def test_metrics_are_for_this_machine_or_a_token(client, settings) -> None:
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.1").status_code == 404
    assert client.get("/metrics", headers={"x-forwarded-for": "192.0.2.1"}).status_code == 404
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"x-metrics-token": "wrong"}).status_code == 404
    given = {"x-metrics-token": "right"}
    assert client.get("/metrics", headers=given, REMOTE_ADDR="192.0.2.1").status_code == 200


@pytest.fixture
def written():  # type: ignore[no-untyped-def]
    """The log as it would stand on stderr."""
    text = io.StringIO()
    config = logs.configure()
    formatter = config["formatters"]["json"]
    import structlog

    made = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"]
    )
    house, others = logging.StreamHandler(text), logging.StreamHandler(text)
    house.setFormatter(made)
    others.setFormatter(made)
    others.addFilter(logs.Templates())
    ours, django = logging.getLogger("comity"), logging.getLogger("django")
    web, level = logging.getLogger("comity.web"), logging.getLogger("comity.web").level
    web.setLevel(logging.INFO)
    ours.addHandler(house)
    django.addHandler(others)
    yield lambda: [json.loads(line) for line in text.getvalue().splitlines()]
    ours.removeHandler(house)
    django.removeHandler(others)
    web.setLevel(level)


def test_the_log_names_the_route_and_nobody(client, written) -> None:
    client.get("/en/about?q=amina", REMOTE_ADDR="192.0.2.77", headers={"user-agent": "amina"})
    (row,) = [row for row in written() if row["event"] == "request"]
    assert {"method", "route", "status", "ms", "request_id", "timestamp"} <= set(row)
    assert row["route"] == "about" and row["status"] == 200
    assert "amina" not in json.dumps(row) and "192.0.2.77" not in json.dumps(row)


def test_a_fault_is_logged_by_type_and_place_not_by_words(written, monkeypatch) -> None:
    from comity.site import rooms

    def broken(viewer: object) -> None:
        raise ValueError("Key (email)=(amina@cirt.example) exists")

    monkeypatch.setattr(rooms, "home_figures", broken)
    Client(raise_request_exception=False).get("/en/?q=amina")
    text = json.dumps(written())
    assert "ValueError" in text and "pages.py" in text
    assert "amina" not in text


def test_words_of_libraries_are_kept_as_templates(written) -> None:
    logging.getLogger("django.security").error("Invalid host %s from %s", "evil", "192.0.2.1")
    (row,) = written()
    assert row["event"] == "Invalid host %s from %s"
