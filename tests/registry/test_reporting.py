"""Entries as they stood: the same moment gives the same answer, whatever was said since."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry.actions import Speaker, store
from comity.registry.reads.reporting import acts_of, newest_record, told
from comity.registry.types import Given, Record, Told

PRESS = Speaker(Voice.SOURCE, "The Herald")
UNION = Speaker(Voice.SOURCE, "Council report")
pytestmark = pytest.mark.django_db


def at(day: int) -> dt.datetime:
    return dt.datetime(2015, 3, day, 12, tzinfo=dt.UTC)


def activity(key: str, period: str, *more: Given, subtype: str = "cyberdrill") -> Record:
    values = (Given("title", f"Drill {key}", "en"), Given("period", period), *more)
    return Record("activity", key, subtype, values)


def asked(cutoff: dt.datetime, year: int | None = 2014, **more: object) -> list[Told]:
    day = dt.date(2014, 12, 31)
    fields = {"country", "status"}
    return list(told(ANONYMOUS, cutoff=cutoff, day=day, fields=fields, year=year, **more))  # type: ignore[arg-type]


def test_what_was_said_after_the_cutoff_is_not_told() -> None:
    store([activity("a-1", "2014", Given("country", "KE"))], PRESS, act="load", now=at(1))
    store([activity("a-1", "2015", Given("country", "GH"))], PRESS, act="load", now=at(3))
    store([activity("a-2", "2014")], PRESS, act="load", now=at(3))
    (then,) = asked(at(2))
    assert (then.name, then.values("country")) == ("activity/a-1", ("KE",))
    assert (then.first, then.last) == (dt.date(2014, 1, 1), dt.date(2014, 12, 31))
    (now,) = asked(at(4))
    assert now.name == "activity/a-2", "the other moved to 2015"


def test_only_what_everybody_may_see_is_told() -> None:
    secret = Given("country", "KE", label=Label.GREEN)
    store([activity("a-1", "2014", secret)], PRESS, act="load", now=at(1))
    store([activity("a-2", "2014")], PRESS, act="load", label=Label.GREEN, now=at(1))
    (one,) = asked(at(2))
    assert one.name == "activity/a-1"
    assert one.values("country") == ()


def test_speakers_that_differ_are_named_with_the_field() -> None:
    store([activity("a-1", "2014")], PRESS, act="load", now=at(1))
    store([activity("a-1", "2014-09/2014-10")], UNION, act="load", now=at(1))
    (one,) = asked(at(2))
    assert one.disputed == ("period",)


def test_time_moves_no_agreement_past_the_day() -> None:
    signed = {"event": "signed", "date": "2014-05-30", "until": "2016-05-30", "note": ""}
    values = (
        Given("title", "MoU", "en"),
        Given("event", signed, evidence_url="https://example.org/"),
    )
    store([Record("agreement", "m-1", "", values)], PRESS, act="load", now=at(1))
    (one,) = asked(at(2), always=("agreement",))
    assert (one.standing, one.ends) == ("signed", "2016-05-30")


def test_the_newest_moment_and_the_newest_acts() -> None:
    assert newest_record(ANONYMOUS) is None
    store([activity("a-1", "2014")], PRESS, act="load", now=at(1))
    store([activity("a-2", "2014")], PRESS, act="load", now=at(2))
    assert newest_record(ANONYMOUS) == at(2)
    acts = acts_of(ANONYMOUS, ["activity/a-1", "activity/a-2", "activity/none"])
    assert set(acts) == {"activity/a-1", "activity/a-2"}
    assert acts["activity/a-2"] == acts["activity/a-1"] + 1


def test_queries_do_not_grow_with_entries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    records = [activity(f"a-{n}", "2014", Given("country", "KE")) for n in range(30)]
    store(records, PRESS, act="load", now=at(1))
    with django_assert_max_num_queries(8):
        assert len(asked(at(2))) == 30
