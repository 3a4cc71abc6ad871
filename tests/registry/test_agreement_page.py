"""An agreement's part of its page, the nightly renewal, and which agreements end soon."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry.actions import index, load_sample
from comity.registry.actions.writing import Speaker, store
from comity.registry.models import Entry
from comity.registry.reads import entry
from comity.registry.reads.agreements import agreement, ending
from comity.registry.rules.agreements import AgreementEvent, Flag
from comity.registry.types import Given, Record
from comity.site.schedules import SCHEDULES
from tests.registry.desk_world import event, part, somebody, text_of, written

TODAY = dt.date(2026, 11, 22)
MOU: dict[str, Any] = {
    "title": "Memorandum of A and B",
    "party": [
        {"name": "CIRT of Kenya", "country": "KE", "level": "cirt", "role": ""},
        {"name": "ITU", "country": "", "level": "igo", "role": ""},
    ],
    "union_party": True,
    "event": [event("signed", "2024-05-30"), event("in_force", "2024-06-01")],
    "term_months": {"n": 36, "period": "", "unit": ""},
    "area": ["incident_response"],
}


def mou(**more: Any) -> Entry:
    values = {k: v for k, v in (MOU | more).items() if v is not None}
    return written(
        "agreement", values, key="mou-1", evidence_title="The text", evidence_url="https://e.org/t"
    )


def told(viewer: Any = ANONYMOUS) -> Any:
    return agreement(viewer, entry(viewer, "agreement", "mou-1"), TODAY)


def test_the_part_tells_state_life_flags_and_why(db: None) -> None:
    mou()
    page = text_of(part("_agreement", "agreement", "mou-1"))
    for words in (
        "in force",
        "no approval by the Council on record",
        "A source reports this.",
        "30 May 2024",
        "The text",
        "CIRT of Kenya",
        "No application is on record.",
        "it is no legal finding",
    ):
        assert words in page, words
    events = [row.row.value["event"] for row in told().events]
    assert events == ["in_force", "signed"], "newest first"


def test_a_presumed_state_says_so(db: None) -> None:
    mou(event=[event("in_force", "2020-01-01")])
    found = told()
    assert found.standing.presumed and found.standing.state.value == "expired_presumed"
    page = text_of(part("_agreement", "agreement", "mou-1"))
    assert "presumed expired" in page
    assert "This is presumed; no source reports it." in page
    assert "The term has passed without news of renewal." in page


def test_sources_that_contradict_each_other_stand_side_by_side(db: None) -> None:
    mou(union_party=None, event=[event("signed", "2024-05-30")])
    other = Record("agreement", "mou-1", "", (Given("event", event("signed", "2023-01-15")),))
    store([other], Speaker(Voice.SOURCE, "A newspaper"), act="test_write")
    found = told()
    assert Flag.DATES_DIFFER in found.standing.flags
    page = text_of(part("_agreement", "agreement", "mou-1"))
    assert "dates differ" in page and "A newspaper" in page and "15 January 2023" in page


def test_a_stricter_event_is_in_the_history_of_those_who_may_see_it(db: None) -> None:
    owner = somebody("Owner", "focal_point")
    values = (
        Given("title", "Memorandum", "en"),
        Given("event", event("signed", "2024")),
        Given("event", event("terminated", "2026-01"), label=Label.AMBER),
    )
    speaker = Speaker(Voice.OWN, owner.body.name, owner.body.pk)
    record = Record("agreement", "mou-1", "mou", values)
    store([record], speaker, act="test_write", owner=owner.body.pk, label=Label.CLEAR)
    assert [row.row.value["event"] for row in told().events] == ["signed"]
    seen = told(owner.viewer)
    assert [row.row.value["event"] for row in seen.events] == ["terminated", "signed"]
    assert seen.events[0].number is None, "what not all may see decides no state"
    assert seen.standing == told().standing
    assert "terminated" not in part("_agreement", "agreement", "mou-1")
    html = part("_agreement", "agreement", "mou-1", owner.viewer)
    assert "TLP:AMBER" in html and "ended before" not in html


def test_relations_lead_both_ways(db: None) -> None:
    mou()
    written("agreement", {"title": "Renewal", "renews": "agreement/mou-1"}, key="mou-2")
    hidden = somebody("Hidden", "focal_point")
    written(
        "agreement",
        {"title": "Secret follow-up", "implements": ["agreement/mou-1"]},
        owner=hidden.body,
        label=Label.AMBER,
    )
    assert [(r, e.title) for r, e in told().naming] == [("renews", "Renewal")]
    assert len(told(hidden.viewer).naming) == 2
    second = agreement(ANONYMOUS, entry(ANONYMOUS, "agreement", "mou-2"), TODAY)
    assert [(r, e.key) for r, e in second.related] == [("renews", "mou-1")]
    assert "Secret" not in part("_agreement", "agreement", "mou-1")


DATES = st.sampled_from(["", "2019", "2020-05", "2021-03-04", "2025", "2030-01"])
EVENTS = st.lists(
    st.builds(event, st.sampled_from([e.value for e in AgreementEvent]), DATES), max_size=6,
    unique_by=lambda value: (value["event"], value["date"]),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(EVENTS, st.booleans())
def test_every_history_is_told_as_the_index_has_it(db: None, events: Any, union: bool) -> None:
    from django.db import transaction

    with transaction.atomic():
        row = mou(event=events, union_party=union)
        index([row], today=TODAY)
        found = told()
        assert found.standing.state.value == row.standing
        assert len(found.events) == len(events)
        numbers = {told_.number for told_ in found.events}
        assert numbers == set(range(len(events)))
        for ground in found.why:
            assert all(each.field == "event" for each in ground.events)
        for told_ in found.events:  # the grounds point to the very events they rest on
            assert told_.row.value in events
        part("_agreement", "agreement", "mou-1")
        transaction.set_rollback(True)


@pytest.fixture
def sample(db: None) -> None:
    load_sample()


def test_every_agreement_of_the_sample_can_be_told(sample: None) -> None:
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    request.viewer = ANONYMOUS
    rows = Entry.objects.filter(kind="agreement")
    assert rows.count() > 30
    for row in rows.select_related("handling"):
        context = {"entry": row, "request": request}
        html = render_to_string("registry/_agreement.html", context, request)
        assert "Where does it stand?" in html
        assert not re.search(r"\bNone\b", text_of(html)), row.name


# --- by the clock -------------------------------------------------------------------------


def test_the_night_settles_what_time_has_changed(db: None) -> None:
    row = mou()
    index([row], today=dt.date(2025, 1, 1))
    assert (row.standing, row.standing_until) == ("in_force", dt.date(2027, 6, 2))
    Entry.objects.filter(pk=row.pk).update(standing_until=dt.date(2020, 1, 1))
    from comity.registry import jobs

    (schedule,) = [s for s in SCHEDULES if s.name == "renew_standings"]
    assert schedule.job == f"{jobs.__name__}:renew_standings"
    assert jobs.renew_standings() == {"renewed": 1, "addressed": 0}
    row.refresh_from_db()
    assert row.standing_until != dt.date(2020, 1, 1), "looked at again"
    assert jobs.renew_standings() == {"renewed": 0, "addressed": 0}, "twice is as once"


def test_agreements_that_end_within_a_year_the_first_first(db: None) -> None:
    row = mou()
    index([row], today=TODAY)
    assert ending(ANONYMOUS, TODAY) == [row]
    assert ending(ANONYMOUS, dt.date(2026, 5, 31)) == [], "a year and a day away"
    assert ending(ANONYMOUS, dt.date(2026, 6, 1)) == [row]
    assert ending(ANONYMOUS, dt.date(2027, 6, 1)) == [row], "its last day"
    assert ending(ANONYMOUS, dt.date(2027, 6, 2)) == []
    owner = somebody("Owner", "focal_point")
    early = MOU | {"title": "Sooner", "event": [event("in_force", "2024-01-01")]}
    hidden = written("agreement", early, owner=owner.body, label=Label.AMBER)
    index([hidden], today=TODAY)
    assert ending(ANONYMOUS, TODAY) == [row]
    assert ending(owner.viewer, TODAY) == [hidden, row]
