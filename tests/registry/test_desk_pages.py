"""The pages of the desk, and teams as helpers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from comity.kit.tlp import ANONYMOUS, Label
from comity.registry import reads
from comity.registry.actions.desk import act_on, ask
from comity.registry.models import Entry, RequestStep
from comity.registry.reads import desk
from comity.registry.reads.teams import helpers
from comity.registry.rules.requests import (
    Act,
    RequestError,
)
from tests.registry.desk_world import (
    Somebody,
    request_of,
    somebody,
    text_of,
    written,
)

NOW = timezone.now


@dataclass(frozen=True)
class World:
    asker: Somebody
    desk: Somebody
    other: Somebody  # another State's focal point
    helper: Somebody
    entry: Entry


@pytest.fixture
def world(db: None) -> World:
    asker = somebody("Focal Kenya", "focal_point", country="KE")
    officer = somebody("Officer", "secretariat")
    other = somebody("Focal Chad", "focal_point", country="TD")
    helper = somebody("Helper", "contributor", country="FR")
    row = request_of(asker.body)
    ask(row)
    return World(asker, officer, other, helper, Entry.objects.get(pk=row.pk))


def offer(owner: Any = None, **values: Any) -> Entry:
    first = {"title": "Night watch course", "area": ["incident_response"], "language": ["fr"]}
    return written("training", first | values, owner=owner, label=Label.CLEAR)


# --- the pages ----------------------------------------------------------------------------


def post(browser: Client, key: str, **data: Any) -> Any:
    return browser.post(f"/en/registry/desk/{key}/", data)


def test_the_desk_page_lists_counts_and_links(world: World, monkeypatch: Any) -> None:
    page = world.desk.browser(monkeypatch).get("/en/registry/desk/").content.decode()
    assert f"/en/registry/desk/{world.entry.key}/" in page
    assert "1 request that you may see." in text_of(page)
    assert 'href="?state=open&amp;band=under_30"' in page
    assert "TLP:AMBER" in page


@pytest.mark.parametrize(("who", "status"), [("asker", 200), ("other", 200), ("desk", 200)])
def test_each_sees_the_desk_of_their_own(
    who: str, status: int, world: World, monkeypatch: Any
) -> None:
    page = getattr(world, who).browser(monkeypatch).get("/en/registry/desk/")
    assert page.status_code == status
    assert (world.entry.title in text_of(page.content)) == (who != "other")


def test_the_desk_is_not_for_readers(world: World) -> None:
    assert Client().get("/en/registry/desk/").status_code == 403
    assert Client().get(f"/en/registry/desk/{world.entry.key}/").status_code == 404
    public = request_of(world.asker.body, "Public", label=Label.CLEAR)
    ask(public)
    assert Client().get(f"/en/registry/desk/{public.key}/").status_code == 403, "seen, not done"
    assert post(Client(), public.key, act="withdraw").status_code == 403


def test_a_request_is_matched_and_finished_from_its_page(world: World, monkeypatch: Any) -> None:
    course, key = offer(owner=world.helper.body), world.entry.key
    officer, asker = world.desk.browser(monkeypatch), world.asker.browser(monkeypatch)
    page = text_of(officer.get(f"/en/registry/desk/{key}/").content)
    assert "Night watch course" in page
    assert "The request asks for it, and the offer has it." in page
    assert "It is offered in a language of the request. French" in page
    seen = desk.seen_of(world.entry)
    answer = post(officer, key, act="match", offers=[course.name, ""], seen=seen)
    assert answer.status_code == 302, text_of(answer.content)
    late = post(officer, key, act="answer", reason="Late.", seen=seen)
    assert late.status_code == 200 and "meantime" in text_of(late.content)
    assert post(officer, key, act="begin").status_code == 302
    assert post(officer, key, act="finish").status_code == 403, "only who asks may"
    assert post(asker, key, act="finish", reason="All nights are covered.").status_code == 302
    shown = text_of(asker.get(f"/en/registry/desk/{key}/").content)
    for words in ("done", "All nights are covered.", "Help began", "Ask again"):
        assert words in shown


def test_a_refused_act_keeps_what_was_typed(world: World, monkeypatch: Any) -> None:
    officer = world.desk.browser(monkeypatch)
    answer = post(officer, world.entry.key, act="decline", reason="   ")
    page = answer.content.decode()
    assert answer.status_code == 200 and 'aria-invalid="true"' in page and "Error:" in page
    long = post(officer, world.entry.key, act="decline", reason="x" * 2001)
    assert long.status_code == 200 and "x" * 2001 in long.content.decode()
    assert post(officer, world.entry.key, act="rule_the_world").status_code == 403
    assert RequestStep.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_the_pages_stand_in_other_languages(language: str, world: World, monkeypatch: Any) -> None:
    offer()
    browser = world.desk.browser(monkeypatch)
    for path in ("desk/", f"desk/{world.entry.key}/"):
        answer = browser.get(f"/{language}/registry/{path}")
        assert answer.status_code == 200
        assert " style=" not in answer.content.decode()


def test_the_export_of_a_request_is_for_those_who_see_it(world: World) -> None:
    """The shapes that API, command line and feeds give."""
    assert reads.as_data(world.desk.viewer, world.entry)["statements"]
    assert reads.as_data(ANONYMOUS, world.entry)["statements"] == []


# --- teams --------------------------------------------------------------------------------


@pytest.fixture
def team(world: World) -> Any:
    """A team of the directory that says what it can, and has done something."""
    from comity.directory.models import Team

    made = Team.objects.create(
        seq=1, body=world.helper.body, code="cert-fr", name="CERT-FR", country="FR", changed=NOW()
    )
    written(
        "project",
        {
            "title": "Nights in Uganda",
            "area": ["incident_response"],
            "country": ["UG"],
            "implementer": [{"name": "CERT-FR", "body": ""}],
        },
    )
    return made


def test_a_team_that_has_done_it_is_suggested(world: World, team: Any) -> None:
    (row,) = helpers(world.desk.viewer, world.entry, today=dt.date(2026, 11, 22)).rows
    assert row.code == "cert-fr"
    why = {reason.rule: reason.value for reason in row.match.reasons}
    assert why["same"] == "incident_response" and why["done_near"] == "UG"
    assert "for_all" not in why
    assert not helpers(world.other.viewer, world.entry, today=dt.date(2026, 11, 22)).rows


def test_what_a_team_did_in_confidence_is_no_reason_for_others(world: World, team: Any) -> None:
    Entry.objects.filter(title="Nights in Uganda").delete()
    values = {"title": "Hidden", "area": ["incident_response"]}
    named = values | {"implementer": [{"name": "CERT-FR", "body": ""}]}
    written("project", named, owner=world.other.body, label=Label.AMBER)
    assert not helpers(world.desk.viewer, world.entry, today=dt.date(2026, 11, 22)).rows


def test_a_team_is_matched_helps_and_is_known_to_have_done_it(world: World, team: Any) -> None:
    public = request_of(world.asker.body, "Public", label=Label.CLEAR)
    ask(public)
    with pytest.raises(RequestError):
        act_on(world.desk.viewer, public.key, Act.MATCH, offers=["team/none"])
    act_on(world.desk.viewer, public.key, Act.MATCH, offers=["team/cert-fr"])
    assert desk.request(world.desk.viewer, public.key, now=NOW()).matches[0].team == "cert-fr"
    act_on(world.helper.viewer, public.key, Act.BEGIN)
    act_on(world.asker.viewer, public.key, Act.FINISH)
    (row,) = helpers(world.desk.viewer, world.entry, today=dt.date(2026, 11, 22)).rows
    assert ("done_here", "KE") in {(r.rule, r.value) for r in row.match.reasons}


def test_a_team_stands_on_the_page(world: World, team: Any, monkeypatch: Any) -> None:
    officer, key = world.desk.browser(monkeypatch), world.entry.key
    page = officer.get(f"/en/registry/desk/{key}/").content.decode()
    assert 'value="team/cert-fr"' in page and "Team · France" in text_of(page)
    assert post(officer, key, act="match", offers=["team/cert-fr"]).status_code == 302
    shown = text_of(officer.get(f"/en/registry/desk/{key}/").content)
    assert "CERT-FR · Team · chosen" in shown
