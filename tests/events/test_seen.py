"""Nothing leaks: rows and counts a viewer may see are those `kit.tlp` says, in any question."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.directory import actions as directory
from comity.directory import types as t
from comity.directory.models import Team
from comity.events import actions, reads
from comity.events import models as m
from comity.events.reads import news
from comity.events.rules import seeing
from comity.events.types.asking import Question
from comity.kit import tlp
from comity.kit.tlp import Label
from tests.directory.conftest import SOURCE, person, record
from tests.events.test_ingest import home, ingest

__all__ = ["home"]
IDS = [UUID(int=n) for n in range(1, 5)]
some = st.frozensets(st.sampled_from(IDS), max_size=3)


@given(
    st.builds(
        tlp.Viewer,
        person=st.none() | st.sampled_from(IDS),
        bodies=some,
        clients_of=some,
        groups=some | st.just(frozenset({tlp.DEFAULT_COMMUNITY})),
        second_factor=st.booleans(),
    ),
    st.sampled_from(Label),
    some,
)
def test_the_scope_is_the_rule_of_the_kit(
    viewer: tlp.Viewer, label: Label, bodies: frozenset[UUID]
) -> None:
    held = seeing.handling(label, bodies)
    allowed = held is not None and tlp.may_see(viewer, held)
    assert seeing.scope(viewer).admits(label, bodies) == allowed


@pytest.fixture
def world(home: Path, db: None) -> dict[str, Any]:
    """Two teams with bodies and people, and reports of every label about both."""
    from comity.people.actions import add_body, default_community, join

    found: dict[str, Any] = {}
    for code, prefix in (("one", "198.51.100.0/24"), ("two", "203.0.113.0/24")):
        body = add_body(code, country="KE")
        join(body, default_community())
        holdings = (t.Holding(t.HoldingKind.PREFIX, prefix, Label.AMBER),)
        directory.apply([record(code, holdings=holdings)], SOURCE)
        team = Team.objects.get(code=code)
        directory.link_body(team, str(body.pk))
        found[code] = person(code, "head", body=body).viewer
    found["secretariat"] = person("secretariat", "secretariat").viewer
    found["anonymous"] = tlp.ANONYMOUS
    number = 0
    for label in Label:
        rows = [
            f"2026-11-20 12:00:00,{label.value},{net}.{number + place},23"
            for place, net in enumerate(("198.51.100", "203.0.113", "192.0.2"))
        ]
        number += 3
        data = "time_source,tlp,src_ip,src_port\n" + "\n".join(rows) + "\n"
        done = ingest(data.encode(), f"{label.name}.csv", feed="csv", report_type="t")
        assert done.stored == 3, done.error
    return found


def labels(viewer: tlp.Viewer | None, **asked: Any) -> set[tuple[str, str]]:
    shown = reads.rows(viewer, Question(**asked))
    nets = [ip.rpartition(".")[0] for ip in shown["src_ip"].to_list()]
    return set(zip(shown["tlp"].to_list(), nets, strict=True))


def test_a_team_sees_its_own_and_what_markings_allow(world: dict[str, Any]) -> None:
    everywhere = {
        (one, net) for one in ("CLEAR", "GREEN") for net in ("198.51.100", "203.0.113", "192.0.2")
    }
    assert labels(world["one"]) == everywhere | {
        (a, "198.51.100") for a in ("AMBER", "AMBER+STRICT")
    }
    assert labels(world["two"]) == everywhere | {
        (a, "203.0.113") for a in ("AMBER", "AMBER+STRICT")
    }
    assert labels(world["anonymous"]) == {pair for pair in everywhere if pair[0] == "CLEAR"}
    assert len(labels(None)) == 15
    assert {net for _, net in labels(world["one"], own=True)} == {"198.51.100"}


@pytest.mark.parametrize("who", ["one", "two", "anonymous"])
def test_counts_tell_no_more_than_rows(world: dict[str, Any], who: str) -> None:
    viewer = world[who]
    rows = reads.rows(viewer, Question()).height
    assert reads.count(viewer, Question()) == rows
    assert reads.trend(viewer, Question())["events"].sum() == rows
    for by in ("cc_used", "tlp", "route_set"):
        assert reads.top(viewer, Question(), by)["events"].sum() == rows
    for level in ("cc_used", "src_asn", "prefix", "src_ip"):
        assert reads.drill(viewer, Question(), level)["events"].sum() == rows
    told = news.news(viewer, Question(), dt.date(2026, 11, 20))
    assert sum(row["events"] for row in told.new) == rows


def test_an_event_one_may_not_see_is_absent(world: dict[str, Any]) -> None:
    theirs = reads.rows(None, Question(team="two")).filter(pl.col("tlp") == "AMBER")["event_id"][0]
    assert reads.event(world["two"], theirs).reason == ["prefix 203.0.113.0/24"]
    with pytest.raises(reads.NotHeld):
        reads.event(world["one"], theirs)


def test_the_reason_of_a_marked_claim_is_told_to_its_team_alone(world: dict[str, Any]) -> None:
    def reasons(viewer: tlp.Viewer) -> set[str]:
        shown = reads.rows(viewer, Question(network="203.0.113.0/24"))
        return {why for some in shown["owner_reason"].to_list() for why in some}

    assert reasons(world["two"]) == {"prefix 203.0.113.0/24"}
    assert reasons(world["one"]) == set()


def test_totals_are_of_five_or_more_and_of_the_secretariat(world: dict[str, Any]) -> None:
    total = reads.totals(world["secretariat"], Question(), "route_set")
    assert total["events"].to_list() == [5, 5, 5]
    assert reads.totals(world["secretariat"], Question(), "tlp")["events"].to_list() == [15]
    with pytest.raises(reads.NotHeld):
        reads.totals(world["one"], Question(), "tlp")


def test_small_counts_cannot_be_told_by_subtraction() -> None:
    from comity.events.reads.asking import hidden

    counts = pl.DataFrame(
        {"cc_used": ["A", "B", "C"], "events": [9, 7, 2]}, schema_overrides={"events": pl.UInt32}
    )
    folded = hidden(counts, "cc_used")
    assert folded["events"].to_list() == [9, 9] and folded["folded"].to_list() == [False, True]


def test_who_hands_in_sees_the_queue_of_the_unrouted(world: dict[str, Any]) -> None:
    queue = reads.unrouted(world["secretariat"], Question())
    assert queue["events"].sum() == 5
    assert reads.unrouted(world["one"], Question()).height == 0
    assert m.Intake.objects.count() == 5 and actions.current_routes()
