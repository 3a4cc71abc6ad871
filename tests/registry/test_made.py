"""What is made from statements: years, standing and what time alone changes."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS
from comity.people.actions import add_body
from comity.registry import actions, reads
from comity.registry.actions import Speaker, store
from comity.registry.models import Entry
from comity.registry.rules.agreements import Flag
from comity.registry.rules.made import standing_of, years
from comity.registry.types import Given, Record, Statement

PRESS = Speaker(Voice.SOURCE, "The Herald")
TODAY = dt.date(2026, 11, 22)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("first", "last", "held", "not_held"),
    [
        ("1975-01-01", None, (2026, 2000), (1975, 2027)),  # still open: found under this year
        ("1900-01-01", "1990-12-31", (1990, 1960), (1991,)),
        ("2014-01-01", "9999-12-31", (2014, 2026), (9999,)),  # how some say "without end"
        ("2014-01-01", "2016-12-31", (2014, 2016), (2017,)),
        (None, "2016-12-31", (2016,), (2015,)),
        ("2030-01-01", None, (2030,), (2026,)),
    ],
)
def test_years(
    first: str | None, last: str | None, held: tuple[int, ...], not_held: tuple[int, ...]
) -> None:
    found = years(day(first) if first else None, day(last) if last else None, TODAY)
    assert all(year in found for year in held) and not any(year in found for year in not_held)
    assert len(found) <= 40


def agreement(*events: tuple[str, str, str], months: int = 0) -> Entry:
    said = [Given("title", "A memorandum", "en")]
    said += [
        Given("event", {"event": e, "date": date, "until": until, "note": ""})
        for e, date, until in events
    ]
    if months:
        said.append(Given("term_months", {"n": months, "period": "", "unit": ""}))
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    store([Record("agreement", "agr-1", "", tuple(said))], PRESS, act="load", now=now)
    return Entry.objects.get()


@pytest.mark.parametrize(
    ("name", "level", "stated", "flagged"),
    [
        ("ITU", "igo", None, True),
        ("ITU", "", None, True),  # of a party whose level nobody gave
        ("ITU-D, Telecommunication Development Bureau", "igo", None, True),
        ("الاتحاد الدولي للاتصالات", "igo", None, True),
        ("国际电信联盟", "igo", None, True),
        ("UIT", "igo", False, False),  # who enters it may say that the Union is not bound
        ("ITU", "network", None, False),  # Istanbul Technical University
        ("Itunes", "igo", None, False),
        ("UNODC", "igo", None, False),
        ("UNODC", "igo", True, True),
    ],
)
def test_an_agreement_that_names_the_union_is_asked_for_the_council(
    name: str, level: str, stated: bool | None, flagged: bool
) -> None:
    signed = {"event": "signed", "date": "2011", "until": "", "note": ""}
    party = {"name": name, "country": "", "level": level, "role": ""}
    values: list[tuple[str, object]] = [("event", signed), ("party", party)]
    values += [("union_party", stated)] if stated is not None else []
    said = [Statement(field, value) for field, value in values]
    found = standing_of(reads.kinds()["agreement"], said, TODAY)
    assert (Flag.NO_COUNCIL_APPROVAL in found.flags) is flagged


@pytest.mark.django_db
def test_an_agreement_without_end_can_be_kept() -> None:
    assert agreement(("in_force", "2014", "9999")).standing == "in_force"


@pytest.mark.django_db
def test_a_term_beyond_the_calendar_is_no_end() -> None:
    one = agreement(("in_force", "2014", ""), months=1_000_000)
    assert one.standing == "in_force" and one.standing_until is None


@pytest.mark.django_db
def test_what_is_announced_happens_on_its_day() -> None:
    one = agreement(("signed", "2026-01", ""), ("in_force", "2027-01-01", ""))
    assert one.standing == "signed"
    assert actions.renew_standings(day("2026-12-31")) == 0
    assert actions.renew_standings(day("2027-01-01")) == 1
    assert Entry.objects.get().standing == "in_force"
    question = reads.Question("agreement", facets={"standing": ("in_force",)})
    assert reads.listing(ANONYMOUS, question).total == 1


@pytest.mark.django_db
def test_what_is_still_open_is_found_under_the_new_year() -> None:
    said = (Given("title", "A project", "en"), Given("period", "2020/.."))
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    store([Record("activity", "a-1", "", said)], PRESS, act="load", now=now)
    of_2027 = reads.Question("activity", facets={"year": ("2027",)})
    assert reads.listing(ANONYMOUS, of_2027).total == 0
    assert actions.renew_standings(day("2027-01-01")) == 1
    assert reads.listing(ANONYMOUS, of_2027).total == 1
    assert actions.renew_standings(day("2027-01-02")) == 0


@pytest.mark.django_db
def test_a_question_that_finds_nothing_counts_nothing() -> None:
    said = (Given("title", "A project", "en"), Given("country", "KE"))
    store([Record("activity", "a-1", "", said)], PRESS, act="load")
    for question in (
        reads.Question("activity", "?!"),
        reads.Question("activity", facets={"country": ()}),
    ):
        found = reads.listing(ANONYMOUS, question, facets=("country",))
        assert (found.entries, found.total, dict(found.facets)) == ((), 0, {})


@pytest.mark.django_db
def test_entries_of_a_body_are_indexed_without_asking_for_it_each_time() -> None:
    body = add_body("Ministry")
    own = Speaker(Voice.OWN, "Ministry", body.pk)
    rows = [Record("tool", f"t-{n}", "", (Given("title", "A tool", "en"),)) for n in range(30)]
    with CaptureQueriesContext(connection) as asked:
        store(rows, own, act="load", owner=body.pk)
    of_bodies = [q for q in asked if 'FROM "people_body"' in q["sql"]]
    assert len(of_bodies) <= 2
    assert reads.facet_totals(ANONYMOUS, "body") == {"Ministry": 30}
