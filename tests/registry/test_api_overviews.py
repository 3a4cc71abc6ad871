"""The two overviews for machines say what their pages say, to each what they may see."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from comity.kit.tlp import ANONYMOUS, Label
from comity.people.reads import today
from comity.registry.reads.access import access

from .api_world import get, person
from .desk_world import money, somebody, written

pytestmark = pytest.mark.django_db


def tool(title: str, language: str, **more: Any) -> None:
    values = {"title": title, "language": [language], "cost": "free", "offline_copy": True}
    written("tool", values, **more)


def test_access_names_the_countries_and_counts_as_the_page_does(client: Client) -> None:
    tool("Kit", "fr")
    answer = get(client, "/access").json()
    found = access(ANONYMOUS, today())
    assert (answer["countries"], answer["ldcs"]) == (found.readers, found.ldcs)
    kinds = {row["kind"]: row for row in answer["kinds"]}
    assert set(kinds) == {"tool", "training"}
    tools = kinds["tool"]
    assert tools["entries"] == 1 and tools["reported"]["languages"] == 1
    assert "TD" not in tools["nothing_certain_for"] and "YE" in tools["ldcs_nothing_certain_for"]
    arabic = next(row for row in tools["languages"] if row["language"] == "ar")
    assert "YE" in arabic["ldcs_without"] and "TD" in arabic["elsewhere"]
    assert "TD" in kinds["training"]["nothing_certain_for"], "a tool is no training"


def test_a_hidden_tool_serves_nobody_else(client: Client) -> None:
    owner = somebody("Owner", "focal_point")
    tool("Kit", "fr", owner=owner.body, label=Label.AMBER)
    tools = get(client, "/access").json()["kinds"][0]
    assert tools["entries"] == 0 and "TD" in tools["nothing_certain_for"]


def test_needs_are_summed_by_currency_with_every_source(client: Client) -> None:
    values = {"title": "Centre", "country": ["KE"], "finance_needed": [money("1000.50")],
              "pledged": [money("400", "CHF")], "in_kind": "Two trainers"}  # fmt: skip
    written("project", values, key="prj-1", by="A donor")
    written("project", {"title": "Other", "country": ["UG"], "disbursed": [money("7")]})
    answer = get(client, "/needs?country=ke").json()
    assert answer["entries"] == 1
    assert {
        (r["currency"], r.get("finance_needed"), r.get("pledged")) for r in answer["totals"]
    } == {
        ("USD", "1000.50", None),
        ("CHF", None, "400"),
    }
    (line,) = answer["lines"]
    assert line["entry"] == "project/prj-1" and line["countries"] == ["KE"]
    assert {s["field"] for s in line["statements"]} == {"finance_needed", "pledged", "in_kind"}
    assert {s["said_by"] for s in line["statements"]} == {"A donor"}
    assert get(client, "/needs?currency=usd").json()["entries"] == 2
    assert get(client, "/needs?kind=tool").status_code == 422
    page = client.get("/fr/registry/needs/?country=KE").content.decode()
    assert "/api/v1/registry/needs?country=KE" in page, "the page leads to its twin"
    assert "/api/v1/registry/access" in client.get("/en/registry/access/").content.decode()


def test_a_confidential_need_is_in_no_figure_of_others(client: Client) -> None:
    owner = somebody("Owner", "focal_point", country="KE")
    values = {"title": "Need", "country": ["KE"], "finance_needed": [money("5")]}
    written("project", values, owner=owner.body, label=Label.AMBER)
    assert get(client, "/needs").json()["totals"] == []
    other = person("focal_point").program("registry")
    assert get(other, "/needs").json()["entries"] == 0
