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
from tests.events.test_doors import request_as
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


def test_the_last_resort_is_the_national_teams_of_the_country(world: dict[str, Any]) -> None:
    values = (t.Value("kind", "national", Label.AMBER),)
    directory.apply([record("three", values=values, holdings=())], SOURCE)
    rows = "".join(
        f"2026-11-20 12:00:00,203.0.113.{n},{cc}\n" for n, cc in ((201, "KE"), (202, ""))
    )
    ingest(f"time_source,src_ip,country\n{rows}".encode(), "cc.csv", feed="csv", report_type="cc")

    def national(viewer: tlp.Viewer | None) -> list[list[str]]:
        found = reads.rows(viewer, Question(report_type="cc")).sort("src_ip")
        return found["owner_cirt"].to_list()

    assert national(None) == [["one", "three", "two"], []]
    assert national(world["two"]) == [["one", "two"], []]
    shown = reads.rows(world["two"], Question(report_type="cc"))
    event = shown.filter(pl.col("src_ip") == "203.0.113.201")["event_id"][0]
    page = request_as(world["two"], f"/en/events/event/{event}").content.decode()
    assert "the national team" in page and "/directory/teams/one" in page


def test_totals_are_in_fives_and_of_the_secretariat(world: dict[str, Any]) -> None:
    who = world["secretariat"]
    assert reads.rows(who, Question()).height == 3  # of fifteen
    total = reads.totals(who, Question(), "report_type")
    assert total.to_dicts() == [{"report_type": "t", "events": 10}]
    assert not reads.totals(who, Question(), "tlp").height
    with pytest.raises(reads.NotHeld):
        reads.totals(world["one"], Question(), "tlp")


def told(seen: int, unseen: int, *, assets: int = 100) -> int:
    rows = [(n < seen, n % assets, None, None) for n in range(seen + unseen)]
    types = {"seen": pl.Boolean, "src_ip4": pl.UInt32, "src_ip6_hi": pl.UInt64, "fqdn": pl.String}
    frame = pl.DataFrame(rows, schema=types, orient="row")
    return int(frame.select(seeing.total(pl.col("seen"))).item())


counts = st.integers(0, 40)


@given(counts, counts, counts, counts)
def test_two_totals_never_tell_what_is_between_them(
    seen: int, unseen: int, more_seen: int, group: int
) -> None:
    """One question is inside the other: a network less, a day less. Who knows both totals, and how
    many rows of each may be seen, is left with five numbers at least."""
    inner, outer = told(seen, unseen), told(seen + more_seen, unseen + group)
    possible = {
        one
        for hidden in range(0, 50)
        for one in range(0, 50)
        if told_of(seen, hidden) == inner and told_of(seen + more_seen, hidden + one) == outer
    }
    assert group in possible and len(possible) >= 5


def told_of(seen: int, unseen: int) -> int:
    return seen // 5 * 5 + unseen // 5 * 5


def test_many_rows_about_few_addresses_are_not_told() -> None:
    assert [told(0, 60, assets=few) for few in (1, 4, 5)] == [0, 0, 60]
    assert told(60, 0, assets=1) == 60, "what one sees is no secret"


@given(counts, counts)
def test_rows_one_sees_are_no_lever_for_those_one_does_not(seen: int, unseen: int) -> None:
    assert told(seen, unseen) % 5 == 0
    assert told(seen, unseen) - told(seen, 0) == told(0, unseen)


def test_who_hands_in_sees_the_queue_of_the_unrouted(world: dict[str, Any]) -> None:
    queue = reads.unrouted(world["secretariat"], Question())
    assert queue["events"].sum() == 5
    assert reads.unrouted(world["one"], Question()).height == 0
    assert m.Intake.objects.count() == 5 and actions.current_routes()
