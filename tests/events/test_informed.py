"""A parent is told of what others answer for by choice alone: by page, API and command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from comity.directory import actions as directory
from comity.directory import types as t
from comity.directory.models import Team
from comity.events import actions, reads
from comity.events import models as m
from comity.events.reads import explaining, informed
from comity.events.types.asking import Question
from comity.events.types.sources import EventsError
from comity.ledger.models import Act
from comity.people.actions import add_body, create_token
from tests.directory.conftest import SOURCE, person, record
from tests.events.test_cli_events import lines, run
from tests.events.test_ingest import home, ingest
from tests.site.test_admin import signed_in

__all__ = ["home"]


def came(number: int) -> None:
    """An AMBER row about the sector's network, registered in the nation's country."""
    data = f"time_source,tlp,src_ip,country\n2026-11-20 12:00:00,AMBER,198.51.100.{number},KE\n"
    assert ingest(data.encode(), f"{number}.csv", feed="csv", report_type="t").stored == 1


@pytest.fixture
def world(home: Path, db: None) -> dict[str, Any]:
    """A nation, another team that answers for the same country, and a sector inside of it."""
    found: dict[str, Any] = {}
    for code, holding in (
        ("nation", t.Holding(t.HoldingKind.COUNTRY, "KE")),
        ("other", t.Holding(t.HoldingKind.COUNTRY, "KE")),
        ("sector", t.Holding(t.HoldingKind.PREFIX, "198.51.100.0/24")),
    ):
        body = add_body(code, country="KE")
        directory.apply([record(code, holdings=(holding,))], SOURCE)
        directory.link_body(Team.objects.get(code=code), str(body.pk))
        found[code] = person(code, "head", body=body)
    found["administrator"] = person("administrator", "administrator")
    came(1)
    return found


def seen(world: dict[str, Any], code: str) -> list[str]:
    shown = reads.rows(world[code].viewer, Question())["src_ip"]
    return sorted(shown.to_list())


def test_by_command_tried_chosen_and_ended(world: dict[str, Any]) -> None:
    tried = lines(run("route", "--dry-run", "--day", "2026-11-20", "--inform", "nation"))
    nation = next(row for row in tried if row["team"] == "nation")
    assert (nation["gains"], nation["told_gains"], nation["told_loses"]) == (0, 1, 0)
    assert not m.Informed.objects.exists()
    assert lines(run("route", "--inform", "nation")) == [{"team": "nation", "informed": True}]
    assert [row["team"] for row in lines(run("route", "--informed"))] == ["nation"]
    [told] = lines(run("route", "--explain", "198.51.100.2"))
    assert told["owners"] == ["sector"] and told["informed"] == []  # no table knows its country
    came(2)
    assert seen(world, "nation") == ["198.51.100.2"]  # from then on
    assert seen(world, "sector") == ["198.51.100.1", "198.51.100.2"]
    assert seen(world, "other") == []
    run("route", "--no-inform", "nation")
    came(3)
    assert seen(world, "nation") == ["198.51.100.2"]
    unknown = run("route", "--inform", "nobody")
    assert unknown.exit_code == 1 and "No team has this code" in unknown.stderr


def test_on_the_page_by_who_heads_the_team(world: dict[str, Any]) -> None:
    head, page = signed_in(world["nation"]), "/en/events/informed"
    assert page in head.get("/en/events/why").content.decode()
    assert "not told" in head.get(page).content.decode()
    assert head.post(page, {"team": "nation", "wanted": "yes"}).status_code == 302
    assert "told since" in head.get(page).content.decode()
    assert head.post(page, {"team": "other", "wanted": "yes"}).status_code == 403
    assert informed.chosen() == {Team.objects.get(code="nation").pk}
    came(2)
    [key] = reads.rows(world["nation"].viewer, Question())["event_id"].to_list()
    text = head.get(f"/en/events/event/{key}").content.decode()
    assert "informed as parent of prefix 198.51.100.0/24" in text
    told = head.get(f"/api/v1/events/events/{key}").json()
    assert told["informed"] == ["nation"] and told["owner_org"] == ["sector"]
    assert told["informed_reason"] == "informed as parent of prefix 198.51.100.0/24"
    beside = reads.event(world["sector"].viewer, key)
    assert beside.informed == []  # whom else it goes to is theirs to say
    keeper = signed_in(world["administrator"])
    assert "nation" in keeper.get(page).content.decode()
    wrong = keeper.post(page, {"team": "nobody", "wanted": "yes"})
    assert wrong.status_code == 200 and "No team has this code" in wrong.content.decode()
    assert keeper.post(page, {"team": "nation", "wanted": "no"}).status_code == 302
    assert not informed.chosen()


def test_by_the_api(world: dict[str, Any]) -> None:
    def header(**said: Any) -> dict[str, str]:
        token = create_token(world["nation"].account, "desk", days=1, scopes=["events"], **said)
        return {"Authorization": f"Bearer {token.text}"}

    client, path = Client(), "/api/v1/events/informed"

    def post(team: str, **said: Any) -> Any:
        data = json.dumps({"team": team, "wanted": True})
        return client.post(path, data, content_type="application/json", headers=header(**said))

    assert post("nation").status_code == 403  # without a second factor
    assert post("other", second_factor=True).status_code == 403
    assert post("nobody", second_factor=True).status_code == 400
    assert post("nation", second_factor=True).json() == {"team": "nation", "wanted": True}
    [told] = client.get(path, headers=header(second_factor=True)).json()["teams"]
    assert told["team"] == "nation" and told["since"]


def test_a_choice_is_an_act_once(world: dict[str, Any]) -> None:
    who = world["nation"].viewer
    for wanted in (True, True, False, False):
        actions.inform(who, "nation", wanted)
    acts = Act.objects.filter(act="inform_team")
    assert acts.count() == 2
    with pytest.raises(PermissionDenied):
        actions.inform(world["sector"].viewer, "nation", True)
    with pytest.raises(EventsError):
        actions.inform(None, "nobody", True)


def test_the_reason_is_told_with_the_rules(world: dict[str, Any]) -> None:
    directory.apply(
        [record("nation", holdings=(t.Holding(t.HoldingKind.PREFIX, "198.51.0.0/16"),))], SOURCE
    )
    actions.inform(None, "nation", True)
    told = explaining.explain(world["nation"].viewer, "198.51.100.9")
    assert told["informed"] == ["nation"]
    assert told["informed_reason"] == "informed as parent of prefix 198.51.100.0/24"
    assert explaining.explain(world["other"].viewer, "198.51.100.9")["informed"] == []
    page = signed_in(world["nation"]).get("/en/events/why?address=198.51.100.9")
    assert "informed as parent of" in page.content.decode()
