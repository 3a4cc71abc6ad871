"""The request desk: who sees a request, what is suggested and why, who may do what, how old."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.kit.tlp import ANONYMOUS, Label, Viewer
from comity.registry import reads
from comity.registry.actions.desk import act_on, address, ask, readdress
from comity.registry.models import Entry, Match, RequestStep, Statement
from comity.registry.reads import desk
from comity.registry.reads.reviewers import reviewing_bodies
from comity.registry.reads.suggesting import suggestions
from comity.registry.rules import requests
from comity.registry.rules.requests import (
    NEEDS_REASON,
    TABLE,
    Act,
    Band,
    Party,
    RequestError,
    State,
)
from tests.registry.desk_world import (
    Somebody,
    event,
    request_of,
    somebody,
    text_of,
    titles,
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


# --- who sees a request -------------------------------------------------------------------


def outsiders(world: World) -> list[Viewer]:
    """Everybody but the asking body and the secretariat, and these two without second factor."""
    return [
        ANONYMOUS,
        world.other.viewer,
        world.helper.viewer,
        world.asker.without_factor,
        world.desk.without_factor,
    ]


def test_a_request_is_seen_by_who_asks_and_the_secretariat_alone(world: World) -> None:
    for viewer in (world.asker.viewer, world.desk.viewer):
        assert reads.entry(viewer, "request", world.entry.key) == world.entry
        assert reads.values_of(viewer, world.entry), "its statements too"
        assert desk.desk(viewer, now=NOW()).total == 1
        assert reads.kind_totals(viewer)["request"] == 1
    for viewer in outsiders(world):
        with pytest.raises(reads.NotHeld):
            reads.entry(viewer, "request", world.entry.key)
        assert desk.desk(viewer, now=NOW()).total == 0
        assert "request" not in reads.kind_totals(viewer)
        assert not reads.facet_totals(viewer, "country")
        assert reads.listing(viewer, reads.Question(text="night")).total == 0
        assert not reads.listing(viewer, reads.Question(kind="request")).entries
        assert not list(reads.in_order(viewer, reads.Question()))
        assert not reads.changed_lately(viewer, reads.Question())
        assert reads.newest_change(viewer) is None


def test_a_request_leaves_no_trace_at_any_door(world: World, monkeypatch: Any) -> None:
    """Bodies of answers, whatever their status: neither its title nor its key."""
    row = world.entry
    paths = [
        "/en/registry/",
        "/en/registry/search/?q=night",
        "/en/registry/request/",
        f"/en/registry/request/{row.key}/",
        f"/en/registry/desk/{row.key}/",
        "/en/registry/country/KE/",
        "/en/registry/countries/",
    ]
    for person in (None, world.other, world.helper):
        browser = person.browser(monkeypatch) if person else Client()
        for path in paths:
            answer = browser.get(path)
            body = text_of(answer.content)
            assert row.title not in body and row.key not in body, path
            if row.key in path:
                assert answer.status_code == 404, path
    shown = world.desk.browser(monkeypatch).get(f"/en/registry/desk/{row.key}/")
    assert row.title in text_of(shown.content)


def test_every_statement_of_a_request_moves_with_it(world: World) -> None:
    stricter = request_of(world.asker.body, "Second", label=Label.AMBER_STRICT)
    ask(stricter)
    numbers = set(Statement.objects.filter(entry=stricter).values_list("handling", flat=True))
    stricter.refresh_from_db()
    assert numbers == {stricter.handling_id}
    assert stricter.handling.label == "AMBER+STRICT"
    assert reads.values_of(world.desk.viewer, stricter)


def test_what_its_owner_opens_stays_open(world: World) -> None:
    public = request_of(world.asker.body, "Public", label=Label.CLEAR)
    ask(public)
    assert reads.entry(ANONYMOUS, "request", public.key).handling.label == "CLEAR"


def test_a_situation_is_addressed_and_not_published(world: World) -> None:
    row = written(
        "situation",
        {
            "title": "A new law limits exchange",
            "country": "KE",
            "body": [{"name": "Authority", "body": ""}],
            "may_be_published": False,
            "date": "2026-03",
            "declaration": "Addresses are personal data now.",
        },
        owner=world.asker.body,
    )
    assert desk.situations(world.desk.viewer) == [], "nobody was told yet"
    address([row])
    assert desk.situations(world.desk.viewer) == [row]
    assert all(not desk.situations(viewer) for viewer in outsiders(world))


def test_addressing_follows_the_secretariat_and_is_idempotent(world: World) -> None:
    assert reviewing_bodies() == {world.desk.body.pk}
    assert readdress() == 0
    second = somebody("Second office", "secretariat")
    with pytest.raises(reads.NotHeld):
        reads.entry(second.viewer, "request", world.entry.key)
    assert readdress() == 1
    assert reads.entry(second.viewer, "request", world.entry.key)
    assert reads.kind_totals(world.desk.viewer)["request"] == 1, "counted once"
    assert readdress() == 0


# --- the history --------------------------------------------------------------------------


def test_asking_begins_the_history_once(world: World) -> None:
    ask(world.entry)
    steps = list(RequestStep.objects.filter(request=world.entry))
    assert [(s.act_name, s.party) for s in steps] == [("ask", "asking")]
    assert world.entry.standing == "open"


def test_a_request_without_steps_was_asked_when_it_was_entered(world: World) -> None:
    bare = request_of(world.asker.body, "Bare")
    (row,) = [r for r in desk.desk(world.asker.viewer, now=NOW()).rows if r.entry == bare]
    assert (row.state, row.asked, row.waiting) == (State.OPEN, bare.created, bare.created)
    act_on(world.asker.viewer, bare.key, Act.ADD, reason="It is urgent now.")
    acts = RequestStep.objects.filter(request=bare).values_list("act_name", flat=True)
    assert list(acts) == ["ask", "add"], "its asking is kept before what follows"


def test_a_request_is_helped_from_asking_to_done(world: World) -> None:
    course = offer(owner=world.helper.body)
    key = world.entry.key
    act_on(world.desk.viewer, key, Act.MATCH, offers=[course.name])
    (match,) = Match.objects.all()
    assert (match.offered, match.state) == (course, "chosen")
    act_on(world.desk.viewer, key, Act.BEGIN)
    with pytest.raises(RequestError, match="another party"):
        act_on(world.desk.viewer, key, Act.FINISH)
    done = act_on(world.asker.viewer, key, Act.FINISH, reason="Two nights a week are covered.")
    assert done.standing == "done"
    assert Entry.objects.get(pk=done.pk).standing == "done", "the index follows"
    assert reads.facet_totals(world.desk.viewer, "standing", "request") == {"done": 1}


def test_a_match_is_undone_with_a_reason_and_offers_are_checked(world: World) -> None:
    course, key = offer(), world.entry.key
    hidden = written("tool", {"title": "Hidden"}, owner=world.other.body, label=Label.AMBER)
    for bad in ([], ["tool/none"], ["agreement/agr-001"], [world.entry.name], [hidden.name]):
        with pytest.raises(RequestError):
            act_on(world.desk.viewer, key, Act.MATCH, offers=bad)
    assert not Match.objects.exists() and RequestStep.objects.count() == 1, "nothing half-written"
    act_on(world.desk.viewer, key, Act.MATCH, offers=[course.name])
    with pytest.raises(RequestError, match="reason"):
        act_on(world.asker.viewer, key, Act.UNMATCH)
    act_on(world.asker.viewer, key, Act.UNMATCH, reason="It is given in English only.")
    assert Match.objects.get().state == "withdrawn"
    assert Match.objects.get().reason == "It is given in English only."


def test_who_acts_on_what_changed_in_the_meantime_is_told(world: World) -> None:
    seen = desk.request(world.desk.viewer, world.entry.key, now=NOW()).seen
    act_on(world.asker.viewer, world.entry.key, Act.ADD, reason="We found somebody.")
    with pytest.raises(RequestError, match="meantime"):
        act_on(world.desk.viewer, world.entry.key, Act.DECLINE, reason="No.", seen=seen)


def test_each_step_has_its_line_in_the_ledger(world: World) -> None:
    from comity.ledger.models import Act as Line

    act_on(world.desk.viewer, world.entry.key, Act.ANSWER, reason="We are looking.")
    step = RequestStep.objects.order_by("-act")[0]
    line = Line.objects.get(seq=step.act)
    assert (line.act, line.object) == ("answer_request", f"registry/{world.entry.name}")
    assert line.actor == step.actor == world.desk.account.person.pseudonym


ACTS = st.lists(
    st.tuples(
        st.sampled_from(Act),
        st.sampled_from(["asker", "desk", "helper", "other"]),
        st.booleans(),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(tries=ACTS)
def test_the_desk_does_what_the_table_allows_and_nothing_else(world: World, tries: Any) -> None:
    """Whatever is tried by whom: the state is that of the table, refused acts leave no trace."""
    from django.db import transaction

    with transaction.atomic():
        course = offer(owner=world.helper.body)
        public = request_of(world.asker.body, "Public", label=Label.CLEAR)  # all four see it
        ask(public)
        state, key = State.OPEN, public.key
        named = False
        for act, who, with_reason in tries:
            person = getattr(world, who)
            party = {"asker": Party.ASKING, "desk": Party.SECRETARIAT}.get(who)
            if who == "helper" and named:
                party = Party.HELPER
            before = RequestStep.objects.count()
            allowed = (
                party is not None
                and requests.may_follow(state, act, party)
                and (with_reason or act not in NEEDS_REASON)
            )
            try:
                act_on(
                    person.viewer,
                    key,
                    act,
                    reason="Because." if with_reason else "",
                    offers=[course.name] if act is Act.MATCH else (),
                )
            except (RequestError, reads.NotHeld):
                assert not allowed, (state, act, who)
                assert RequestStep.objects.count() == before
            else:
                assert allowed, (state, act, who)
                (row,) = [r for r in TABLE if (r.source, r.act) == (state, act)]
                state = row.target
                named = act is Act.MATCH or (
                    named and act not in (Act.UNMATCH, Act.STOP, Act.WITHDRAW)
                )
            assert Entry.objects.get(pk=public.pk).standing == state.value
            assert Match.objects.filter(state="chosen").exists() == named
        transaction.set_rollback(True)


def test_a_helper_acts_on_what_it_may_see(world: World) -> None:
    public = request_of(world.asker.body, "Public", label=Label.CLEAR)
    ask(public)
    course = offer(owner=world.helper.body)
    with pytest.raises(RequestError, match="another party"):
        act_on(world.helper.viewer, public.key, Act.ANSWER, reason="We can.")
    act_on(world.desk.viewer, public.key, Act.MATCH, offers=[course.name])
    assert act_on(world.helper.viewer, public.key, Act.BEGIN).standing == "under_way"


# --- ages and counts ----------------------------------------------------------------------


def test_the_queue_is_oldest_first_with_its_ages(world: World) -> None:
    now = NOW()
    for days, title in ((200, "Old"), (100, "Middle"), (40, "Young")):
        row = request_of(world.asker.body, title)
        ask(row, now=now - dt.timedelta(days=days))
    found = desk.desk(world.desk.viewer, now=now)
    assert titles(found.rows) == ["Old", "Middle", "Young", "Analysts for the night"]
    assert [row.age for row in found.rows] == [200, 100, 40, 0]
    assert found.counts[State.OPEN] == dict.fromkeys(Band, 1)
    assert found.unanswered == 4
    old = found.rows[0].entry
    act_on(world.desk.viewer, old.key, Act.DECLINE, reason="It is not ours to give.")
    again = desk.desk(world.desk.viewer, now=now)
    assert titles(again.rows) == ["Middle", "Young", "Analysts for the night"]
    assert again.counts[State.DECLINED][Band.OVER_180] == 1
    closed = desk.desk(world.desk.viewer, now=now, state="declined")
    assert titles(closed.rows) == ["Old"]
    middle = desk.desk(world.desk.viewer, now=now, band="from_90")
    assert titles(middle.rows) == ["Middle"]


# --- suggestions --------------------------------------------------------------------------


def test_offers_are_suggested_with_reasons_and_language_first(world: World) -> None:
    french, english = offer(), offer(title="In English", language=["en"])
    offer(title="Of another subject", area=["terrorism"])
    found = suggestions(world.desk.viewer, world.entry, today=dt.date(2026, 11, 22))
    assert [row.entry for row in found.rows] == [french, english]
    rules = {reason.rule for reason in found.rows[0].match.reasons}
    assert {"same", "speaks"} <= rules
    assert "no_language" in {reason.rule for reason in found.rows[1].match.reasons}
    assert (found.compared, found.sharing) == (2, 2)


def test_what_the_viewer_may_not_see_is_not_suggested_nor_counted(world: World) -> None:
    written(
        "project",
        {"title": "Hidden project", "area": ["incident_response"], "country": ["KE"]},
        owner=world.other.body,
        label=Label.AMBER,
    )
    found = suggestions(world.desk.viewer, world.entry, today=dt.date(2026, 11, 22))
    assert (found.rows, found.sharing) == ((), 0)
    theirs = suggestions(world.other.viewer, world.entry, today=dt.date(2026, 11, 22))
    assert theirs.rows == (), "the need itself is not theirs to read"


def test_a_project_tells_whom_it_has_helped_and_a_practice_who_applies_it(world: World) -> None:
    project = written(
        "project",
        {"title": "Set up in Uganda", "area": ["incident_response"], "country": ["UG"]},
    )
    practice = written(
        "practice",
        {
            "title": "Shifts",
            "area": ["incident_response"],
            "applied_since": [event("applies", "2019")],
        },
        owner=world.asker.body,
        label=Label.CLEAR,
    )
    found = suggestions(world.desk.viewer, world.entry, today=dt.date(2026, 11, 22))
    why = {row.entry: {r.rule: r.value for r in row.match.reasons} for row in found.rows}
    assert why[project]["done_near"] == "UG" and "not_for_country" in why[project]
    assert why[practice]["done_here"] == "KE" and "for_all" in why[practice]
