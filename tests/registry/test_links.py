"""Links of tools are opened, and what was found is this gateway's own statement."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label
from comity.ledger import reads as ledger
from comity.registry import jobs
from comity.registry.actions import Speaker, store
from comity.registry.actions import links as acting
from comity.registry.models import Statement
from comity.registry.reads.access import access
from comity.registry.rules.links import EVERY, Link, due, joined, judged
from comity.registry.types import Given, Record
from comity.site.cli import comity as command

pytestmark = pytest.mark.django_db
PRESS = Speaker(Voice.SOURCE, "The Herald")
NOW = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)


def tool(key: str, *urls: str, label: Label | None = None) -> None:
    said = tuple(Given("url", url) for url in urls)
    record = Record("tool", key, values=(Given("title", key, "en"), *said))
    store([record], PRESS, act="load", label=label, now=NOW)


def held(key: str) -> dict[str, str]:
    rows = Statement.objects.filter(
        entry__key=key, ended__isnull=True, source__by=acting.CHECKER.by
    )
    return {row.field: row.value for row in rows}


def test_only_its_own_server_can_say_that_a_page_is_gone() -> None:
    told = {200: Link.FOUND, 204: Link.FOUND, 404: Link.GONE, 410: Link.GONE}
    told |= {None: Link.UNKNOWN, 403: Link.UNKNOWN, 429: Link.UNKNOWN, 503: Link.UNKNOWN}
    assert {status: judged(status) for status in told} == told
    assert joined([Link.GONE, Link.FOUND]) is Link.FOUND
    assert joined([Link.GONE, Link.UNKNOWN]) is Link.UNKNOWN
    assert joined([Link.GONE, Link.GONE]) is Link.GONE and joined([]) is Link.UNKNOWN


def test_each_link_has_one_night_in_thirty() -> None:
    nights = [dt.date(2026, 11, 1) + dt.timedelta(days=n) for n in range(EVERY)]
    assert all(sum(due(place, night) for night in nights) == 1 for place in range(100))


def test_what_was_found_is_kept_shown_and_replaced_by_the_next_look() -> None:
    tool("alive", "https://alive.example/")
    tool("dead", "https://dead.example/")
    tool("silent", "https://silent.example/")
    answers: dict[str, int | None] = {
        "https://alive.example/": 200,
        "https://dead.example/": 404,
        "https://silent.example/": None,
    }
    found = acting.check_links(acting.links(), ask=answers.get, now=NOW)
    assert found == {
        "tool/alive": Link.FOUND, "tool/dead": Link.GONE, "tool/silent": Link.UNKNOWN
    }  # fmt: skip
    assert held("alive") == {"link_checked": "2026-11-30"}
    assert held("dead") == {"link_gone": "2026-11-30"} and held("silent") == {}
    known = access(ANONYMOUS, NOW.date()).known["tool"]
    assert known.total == 3 and known.link == 2
    assert [row.act for row in ledger.rows()].count("check_links") == 1

    later = NOW + dt.timedelta(days=30)
    answers |= {"https://alive.example/": None, "https://dead.example/": 200}
    acting.check_links(acting.links(), ask=answers.get, now=later)
    assert held("alive") == {"link_checked": "2026-11-30"}, "silence says nothing"
    assert held("dead") == {"link_checked": "2026-12-30"}
    assert ledger.verify() is None


def test_a_page_found_dead_is_no_access() -> None:
    tool("dead", "https://dead.example/")
    acting.check_links(acting.links(), ask=lambda _url: 404, now=NOW)
    (thing,) = [t for t in access_items() if t.kind == "tool"]
    assert thing.link_ok is False
    acting.check_links(acting.links(), ask=lambda _url: 200, now=NOW + dt.timedelta(days=1))
    (thing,) = [t for t in access_items() if t.kind == "tool"]
    assert thing.link_ok is True


def access_items():  # type: ignore[no-untyped-def]
    from comity.registry.reads.access import _things

    return [thing.item for thing in _things(ANONYMOUS, NOW.date() + dt.timedelta(days=2))]


def test_two_looks_are_no_dispute() -> None:
    tool("alive", "https://alive.example/")
    said = (Given("title", "alive", "en"), Given("link_checked", "2025-01-02"))
    store([Record("tool", "alive", values=said)], Speaker(Voice.SOURCE, "Gazette"), act="load")
    acting.check_links(acting.links(), ask=lambda _url: 200, now=NOW)
    from django.test import Client

    told = Client().get("/api/v1/registry/entries/tool/alive").json()
    rows = [row for row in told["statements"] if row["field"] == "link_checked"]
    assert sorted(row["value"] for row in rows) == ["2025-01-02", "2026-11-30"]
    assert not any(row.get("disputed") for row in rows)


def test_what_not_everybody_may_see_is_not_asked_about() -> None:
    tool("secret", "https://secret.example/", label=Label.GREEN)
    tool("open", "https://open.example/")
    assert acting.links() == {"tool/open": ("https://open.example/",)}


def test_the_night_asks_only_where_the_operator_chose_it(settings, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    tool("open", "https://open.example/")
    asked: list[str] = []
    monkeypatch.setattr(acting, "fetch", lambda url, **_limits: asked.append(url))
    settings.CHECK_LINKS = False
    assert jobs.check_links() == {} and asked == []


def test_the_command_lists_and_refuses_what_it_does_not_know() -> None:
    tool("open", "https://open.example/")
    told = CliRunner().invoke(command, ["registry", "links"])
    assert json.loads(told.stdout) == {"entry": "tool/open", "urls": ["https://open.example/"]}
    strange = CliRunner().invoke(command, ["registry", "links", "tool/none", "--check"])
    assert strange.exit_code == 1 and "tool/none" in strange.stderr


def test_a_server_that_refuses_head_is_asked_as_a_browser_would(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from comity.kit.fetcher import Fetched

    def answer(url: str, *, method: str, most: int) -> Fetched:
        return Fetched(url, 405 if method == "HEAD" else 200, "text/html", b"", True)

    monkeypatch.setattr(acting, "fetch", answer)
    assert acting.ask("https://open.example/") == 200
