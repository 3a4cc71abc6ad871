"""The doors tell each viewer theirs, in page, count, export and API; a pushed report is safe first."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import time
import uuid
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client

from comity.directory import models as dm
from comity.directory.actions import load_sample as load_teams
from comity.events import actions, jobs, reads
from comity.events import models as m
from comity.events.actions import pushing, sample, watching
from comity.events.engine import Inline
from comity.events.reads import handed, news, overview
from comity.events.rules import drawing
from comity.events.types.asking import Question
from comity.kit.tlp import ANONYMOUS, Viewer
from comity.people import rules
from comity.people.actions import add_person, create_token, ensure_samples, grant, join
from comity.people.types import Role
from tests.site.test_admin import signed_in

DAY = dt.date(2026, 11, 20)
NOW = dt.datetime(2026, 11, 21, 6, tzinfo=dt.UTC)
HEADER = "time,ip,port,asn,country,comment\n"
A, B = "192.0.2.7", "198.51.100.9"  # of the sample teams A and B


@pytest.fixture
def home(tmp_path: Path, settings: Any, db: None) -> Path:
    """The sample teams, and an AMBER report with a row of A, one of B, one of nobody, one bad."""
    cache.clear()
    settings.HOME = tmp_path
    settings.EVENTS_INBOX = tmp_path / "events" / "inbox"
    ensure_samples()
    load_teams()
    rows = [f"2026-11-20 08:00:00,{ip},23,,,{ip} told" for ip in (A, B, "203.0.113.200")]
    data = (HEADER + "\n".join([*rows, "2026-11-20 08:01:00,192.0.2.084,23,,,bad"]) + "\n").encode()
    [intake] = list(actions.receive(data, "report.csv", feed="csv", now=NOW))
    actions.run(intake, Inline())
    return tmp_path


def viewer(code: str, *, second_factor: bool = True, role: Role = Role.DUTY_OFFICER) -> Viewer:
    team = dm.Team.objects.get(code=code)
    assert team.body_id
    return Viewer(
        person=uuid.uuid4(),
        bodies=frozenset({team.body_id}),
        roles=frozenset({role}),
        second_factor=second_factor,
    )


def test_a_team_sees_its_own_rows_and_no_other_teams(home: Path) -> None:
    for code, mine, other in (("csirt-sample-a", A, B), ("csirt-sample-b", B, A)):
        who = viewer(code)
        for question in (Question(), Question(own=True), Question(network=other)):
            found = overview.page(who, question).rows["src_ip"].to_list()
            assert other not in found
            assert found == ([] if question.network else [mine])
        assert reads.count(who, Question()) == 1
        assert overview.overview(who, Question()).events == 1
        assert [row["asset"] for row in news.news(who, Question(), DAY).new] == [mine]


def test_without_a_second_factor_nothing_amber_is_told(home: Path) -> None:
    who = viewer("csirt-sample-a", second_factor=False)
    assert reads.count(who, Question()) == 0
    assert news.news(who, Question(), DAY).new_count == 0


PATHS = (
    "/en/events/?day=2026-11-20&whose=all",
    "/en/events/list?whose=all",
    "/en/events/changes?day=2026-11-20&whose=all",
    "/api/v1/events/events?whose=all",
    "/api/v1/events/events.csv?whose=all",
    "/api/v1/events/events.jsonl?whose=all",
    "/api/v1/events/events.stix?whose=all",
    "/api/v1/events/findings?day=2026-11-20&whose=all",
)


def request_as(who: Viewer, path: str) -> Any:
    """A door called with this viewer on the request, as the middleware puts it there."""
    from django.test import RequestFactory
    from django.urls import resolve
    from django.utils import translation

    request = RequestFactory().get(path)
    request.viewer = who  # type: ignore[attr-defined]
    request.user = next(a for s, a in ensure_samples() if s.role is Role.DUTY_OFFICER)
    request._messages = []  # type: ignore[attr-defined]
    with translation.override("en"):
        match = resolve(path.partition("?")[0])
        request.resolver_match = match
        return match.func(request, *match.args, **match.kwargs)


@pytest.mark.parametrize("path", PATHS)
def test_no_door_names_another_teams_address(home: Path, path: str) -> None:
    for code, mine, other in (("csirt-sample-a", A, B), ("csirt-sample-b", B, A)):
        answer = request_as(viewer(code), path)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert mine in text
        assert other not in text


def test_parquet_holds_ones_own_rows_alone(home: Path) -> None:
    path = "/api/v1/events/events.parquet?whose=all"
    for code, mine, other in (("csirt-sample-a", A, B), ("csirt-sample-b", B, A)):
        answer = request_as(viewer(code), path)
        told = str(pl.read_parquet(io.BytesIO(answer.content)).to_dicts())
        assert mine in told and other not in told
        assert other.encode() not in answer.content, "nor in a statistic or a note of the file"
    nobody = pl.read_parquet(io.BytesIO(request_as(ANONYMOUS, path).content))
    assert nobody.is_empty()


def test_another_teams_event_is_not_there(home: Path) -> None:
    from django.http import Http404

    key = overview.page(viewer("csirt-sample-a"), Question()).rows["event_id"][0]
    own = request_as(viewer("csirt-sample-a"), f"/en/events/event/{key}")
    assert A in own.content.decode() and "told" in own.content.decode()
    with pytest.raises(Http404):
        request_as(viewer("csirt-sample-b"), f"/en/events/event/{key}")
    for ending in ("", ".stix"):
        answer = request_as(viewer("csirt-sample-b"), f"/api/v1/events/events/{key}{ending}")
        assert answer.status_code == 404


def test_rows_held_back_are_for_whose_file_it_is(home: Path) -> None:
    body = dm.Team.objects.get(code="csirt-sample-a").body_id
    duty_a, duty_b = viewer("csirt-sample-a"), viewer("csirt-sample-b")
    overseer = Viewer(person=uuid.uuid4(), roles=frozenset({Role.SECRETARIAT}))
    seen = [handed.rejected(who).height for who in (duty_a, duty_b, overseer)]
    assert seen == [0, 0, 1]  # the house's own file
    m.Intake.objects.update(body=body)
    seen = [handed.rejected(who).height for who in (duty_a, duty_b, overseer)]
    assert seen == [1, 0, 1]
    assert handed.files(duty_b).rows == []


def test_pages_by_a_cursor_tell_each_event_once(home: Path) -> None:
    rows = "".join(f"2026-11-20 0{n % 8}:00:00,192.0.2.{n},23,,,x\n" for n in range(1, 31))
    [more] = list(actions.receive((HEADER + rows).encode(), "more.csv", feed="csv", now=NOW))
    actions.run(more, Inline())
    who, told, after = viewer("csirt-sample-a"), [], ""
    while True:
        page = overview.page(who, Question(), after, 7)
        told += page.rows["event_id"].to_list()
        if page.next is None:
            break
        after = page.next
    assert len(told) == len(set(told)) == reads.count(who, Question())


def test_totals_are_in_fives_and_for_the_secretariat(home: Path) -> None:
    with pytest.raises(reads.NotHeld):
        reads.totals(viewer("csirt-sample-a"), Question(), "feed_name")
    overseer = Viewer(person=uuid.uuid4(), roles=frozenset({Role.SECRETARIAT}))
    assert reads.totals(overseer, Question(), "feed_name")["events"].sum() == 0  # three in all
    rows = "".join(f"2026-11-20 09:00:00,192.0.2.{n},23,,,more\n" for n in range(10, 16))
    [more] = list(actions.receive((HEADER + rows).encode(), "more.csv", feed="csv", now=NOW))
    actions.run(more, Inline())
    told = json.loads(request_as(overseer, "/api/v1/events/counts?by=feed_name&total=true").content)
    assert told["counts"] == [{"value": "csv", "events": 5}] and told["rounded_down_to"] == 5
    page = request_as(overseer, "/en/events/totals?by=feed_name").content.decode()
    assert "rounded down to a multiple of five" in page
    assert '<td class="n">5</td>' in page and ">9<" not in page


def test_a_row_is_mended_and_stored(home: Path) -> None:
    from comity.events.actions import mending

    overseer = viewer("csirt-sample-a", role=Role.SECRETARIAT)
    intake = m.Intake.objects.get()
    done = mending.mend(overseer, intake.pk, 4, "2026-11-20 08:01:00,192.0.2.84,23,,,mended")
    assert done == {"tried": 1, "stored": 1, "duplicate": 0, "rejected": 0}
    intake.refresh_from_db()
    assert (intake.rows, intake.stored, intake.rejected) == (4, 4, 0)
    with pytest.raises(reads.NotHeld):
        mending.replay(viewer("csirt-sample-b"), intake.pk)


@pytest.fixture
def keeper(home: Path) -> Client:
    """An administrator who signed in with a second factor."""
    account = add_person("Keeper", "keeper")
    grant(account.person, Role.ADMINISTRATOR)
    return signed_in(account.person)


def test_a_hold_is_placed_and_lifted_on_its_page(keeper: Client) -> None:
    page = "/en/events/holds"
    said = {"first": "2026-11-20", "last": "2026-11-19", "feed": "", "reason": "order 12/26"}
    wrong = keeper.post(page, said)
    assert wrong.status_code == 200 and "before the first" in wrong.content.decode()
    assert keeper.post(page, said | {"last": "2026-11-20"}).status_code == 302
    [hold] = m.Hold.objects.all()
    text = keeper.get(page).content.decode()
    assert "order 12/26" in text and f"/en/events/holds/{hold.pk}/lift" in text
    intake = m.Intake.objects.get()
    assert (intake.received.date(), intake.name) == (DAY + dt.timedelta(1), "report.csv")
    assert "legal hold" not in keeper.get(f"/en/events/files/{intake.pk}").content.decode()
    m.Hold.objects.update(last=intake.received.date())
    assert "legal hold" in keeper.get(f"/en/events/files/{intake.pk}").content.decode()
    assert keeper.post(f"/en/events/holds/{hold.pk}/lift").status_code == 302
    assert m.Hold.objects.get().lifted is not None
    assert keeper.post(f"/en/events/holds/{uuid.uuid4()}/lift").status_code == 404


# --- reports in ---------------------------------------------------------------------------


def report(count: int) -> bytes:
    rows = (f"2026-11-20 09:00:00,192.0.2.{n % 250},{1000 + n},,,n\n" for n in range(count))
    return (HEADER + "".join(rows)).encode()


@pytest.fixture
def token(home: Path) -> dict[str, str]:
    """Of a duty officer of the sample team A: a real person, since sample persons have no tokens."""
    person = add_person("Duty", "duty-of-a")
    grant(person.person, Role.DUTY_OFFICER)
    body = dm.Team.objects.get(code="csirt-sample-a").body
    assert body is not None
    join(person.person, body)
    made = create_token(person, "sensor", days=1, scopes=["events"])
    return {"Authorization": f"Bearer {made.text}"}


def push(token: dict[str, str], data: bytes, query: str = "?feed=csv&name=push.csv") -> Any:
    client = Client(raise_request_exception=False)
    return client.post(
        f"/api/v1/events/reports{query}",
        data,
        content_type="application/octet-stream",
        headers=token,
        CONTENT_LENGTH=str(len(data)),  # the test client says none of an empty body
    )


def test_a_pushed_report_is_safe_then_stored_and_the_same_again_is_the_same(
    token: dict[str, str],
) -> None:
    first = push(token, gzip.compress(report(1000)))
    assert first.status_code == 202, first.content
    told = json.loads(first.content)["files"][0]
    assert told["state"] == "waiting"
    assert first.headers["Location"].endswith(told["id"])
    began = time.perf_counter()
    assert jobs.store(told["id"]) == "done"
    assert time.perf_counter() - began < 2
    again = push(token, report(1000))  # the same content, not packed
    assert again.status_code == 200
    same = json.loads(again.content)["files"][0]
    assert (same["id"], same["rows"], same["stored"]) == (told["id"], 1000, 1000)
    assert not list((reads.house.places().root / "spool").glob("*.partial"))


def test_what_cannot_be_taken_is_refused_and_leaves_nothing(
    token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = m.Intake.objects.count()
    assert push(token, report(3), "?feed=nothing").status_code == 400
    assert push({}, report(3)).status_code == 401
    monkeypatch.setattr(pushing, "LARGEST", 100)
    assert push(token, report(50)).status_code == 413
    assert m.Intake.objects.count() == before
    assert not list((reads.house.places().root / "spool").glob("*.partial"))


def test_a_stream_longer_than_it_said_is_cut_off(home: Path) -> None:
    who = viewer("csirt-sample-a")
    endless = (b"x" * 1000 for _ in range(10**9))
    with pytest.raises(pushing.TooLarge):
        pushing.push(who, endless, "x.csv", feed="csv", largest=10_000)


def test_the_watched_folder_takes_what_is_whole_and_says_why_not(home: Path) -> None:
    folder = watching.inbox()
    (folder / "csv").mkdir()
    (folder / "csv" / "good.csv").write_bytes(report(3))
    (folder / "what-is-this.txt").write_bytes(b"hello")
    (folder / "growing.csv.part").write_bytes(b"x")
    later = time.time() + 60
    assert watching.take(later - 60 - 10) == []  # still being written
    assert [one.name for one in watching.take(later)] == ["good.csv"]
    assert not (folder / "csv" / "good.csv").exists()
    assert (folder / "growing.csv.part").exists()
    assert "feed" in (folder / "refused" / "what-is-this.txt.reason.txt").read_text()
    assert jobs.watch()["done"] == 1


def test_the_sample_leaves_without_a_trace_and_comes_again(home: Path) -> None:
    before = reads.count(None, Question())
    assert sample.load_sample() and sample.load_sample() is None
    loaded = reads.count(None, Question()) - before
    assert loaded > 400
    actions.compact()
    gone = sample.remove_sample()
    assert gone["events"] == loaded and reads.count(None, Question()) == before
    assert sample.load_sample() is None  # it stays away
    assert sample.load_sample(again=True)
    assert reads.count(None, Question()) - before == loaded


def test_a_csv_holds_nothing_that_a_spreadsheet_would_run(home: Path) -> None:
    from comity.events.formats import exported

    rows = overview.page(viewer("csirt-sample-a"), Question()).rows
    import polars as pl

    bad = rows.with_columns(pl.lit("=cmd|' /C calc'!A0").alias("description"))
    assert b"'=cmd" in exported.as_csv(bad)


def test_bars_fill_the_height_and_mark_what_is_unusual() -> None:
    made = drawing.bars([1] * 20 + [50, 1, 1, 1])
    assert len(made) == 24 and made[20].kind == "hi" and made[-1].kind == "now"
    assert made[20].height == 22 and made[20].y == 2
    assert drawing.bars([0, 0])[0].height == 1
    assert [bar.x for bar in drawing.bars([1, 2], mirrored=True)] == [4, 0]


def test_the_rights_are_those_of_the_desk() -> None:
    duty = Viewer(person=uuid.uuid4(), roles=frozenset({Role.DUTY_OFFICER}))
    assert rules.may(duty, "events.watch") and rules.may(duty, "events.ingest")
    assert not rules.may(duty, "events.oversee") and not rules.may(duty, "events.totals")
