"""An agreement's part of its page, the nightly renewal, and which agreements end soon."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from click.testing import CliRunner
from django.template.loader import render_to_string
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry.actions import index, load_sample
from comity.registry.actions.writing import Speaker, store
from comity.registry.cli import registry
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


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are asked on the day of these tests."""
    monkeypatch.setattr("comity.registry.pages.parts_desk.today", lambda: TODAY)


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


def test_the_state_is_the_indexs_whoever_spoke_first(db: None) -> None:
    """Whom it is about stands first, though a source was here before: page and list agree."""
    owner = somebody("Owner", "focal_point")
    term = {"n": 12, "period": "", "unit": ""}
    source = Record(
        "agreement",
        "mou-1",
        "mou",
        (
            Given("title", "Memorandum", "en"),
            Given("event", event("signed", "2024-05-30")),
            Given("term_months", term),
        ),
    )
    store([source], Speaker(Voice.SOURCE, "A newspaper"), act="test_write")
    own = Record(
        "agreement",
        "mou-1",
        "mou",
        (
            Given("title", "Memorandum", "en"),
            Given("event", event("in_force", "2024-06-01")),
            Given("term_months", term | {"n": 60}),
        ),
    )
    speaker = Speaker(Voice.OWN, owner.body.name, owner.body.pk)
    store([own], speaker, act="test_write")
    row = entry(ANONYMOUS, "agreement", "mou-1")
    index([row], today=TODAY)
    assert (row.standing, told().standing.state.value) == ("in_force", "in_force")
    assert str(told().standing.ends) == "2029-06-01"
    assert [each.number for each in told().events] == [0, 1], "places as the grounds have them"


def test_an_agreement_of_the_union_without_the_council_is_flagged_wherever_it_stands(
    db: None,
) -> None:
    """Its page, lists, the filter, the API and the command line's JSON."""
    mou()
    asked = ("submitted_to_council", "2024-01-10"), ("approved_by_council", "2024-05-08")
    written("agreement", MOU | {"title": "With approval", "event": [*MOU["event"],
            *(event(*each) for each in asked)]}, key="mou-2")  # fmt: skip
    written("agreement", MOU | {"title": "Of others", "union_party": False}, key="mou-3")
    browser = Client()
    listed = text_of(browser.get("/en/registry/agreement/").content)
    assert listed.count("no approval by the Council on record") == 2, "the row and the filter"
    narrowed = text_of(browser.get("/en/registry/agreement/?flag=no_council_approval").content)
    assert "Memorandum of A and B" in narrowed
    assert "With approval" not in narrowed and "Of others" not in narrowed
    found = browser.get("/api/v1/registry/entries?kind=agreement&flag=no_council_approval").json()
    assert [(row["key"], row["flags"]) for row in found["entries"]] == [
        ("mou-1", ["no_council_approval"])
    ]
    one = browser.get("/api/v1/registry/entries/agreement/mou-1").json()
    assert "no_council_approval" in one["standing_told"]["flags"]
    assert (one["standing_told"]["state"], one["application"]["level"]) == (one["standing"], 0)
    assert one["standing_told"]["ends"] == "2027-06-01"
    shown = CliRunner().invoke(registry, ["list", "agreement", "--where", "flag=dates_differ"])
    assert (shown.exit_code, shown.stdout) == (0, "")
    shown = CliRunner().invoke(
        registry, ["list", "agreement", "--where", "flag=no_council_approval"]
    )
    assert '"key": "mou-1"' in shown.stdout and "mou-2" not in shown.stdout
    assert "standing_told" not in browser.get("/api/v1/registry/entries/tool/none").json()


def test_of_many_that_end_the_first_are_told_and_few_are_read(
    db: None, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("comity.registry.reads.agreements.PIECE", 3)
    rows = [
        written(
            "agreement", MOU | {"title": f"A {n}", "event": [event("in_force", f"2024-01-{n:02}")]}
        )
        for n in range(1, 9)
    ]
    index(rows, today=TODAY)
    with django_assert_max_num_queries(7):
        assert [row.title for row in ending(ANONYMOUS, TODAY, limit=4)] == [
            f"A {n}" for n in range(1, 5)
        ]
    assert len(ending(ANONYMOUS, TODAY)) == 8


# --- application --------------------------------------------------------------------------


def drill(title: str, period: str, **more: Any) -> Entry:
    values = {"title": title, "period": period} | more.pop("values", {})
    return written("activity", values, **more)


def applied(viewer: Any = ANONYMOUS) -> Any:
    found = told(viewer).application
    return found.level, [row.title for row in found.done], str(found.heard or "")


def test_how_far_it_is_applied_follows_from_the_records(db: None) -> None:
    mou()
    assert applied() == (0, [], "")
    under = {"under": ["agreement/mou-1"]}
    drill("First", "2025-03-02/2025-03-04", values=under)
    assert applied() == (2, ["First"], "2025-03-04"), "they met, once"
    drill("Second", "2026-05", values=under)
    assert applied() == (3, ["Second", "First"], "2026-05-31"), "each year"
    drill("Planned", "2027-05", values=under)
    assert applied()[2] == "2026-05-31", "what is still to come is no evidence"
    page = text_of(part("_agreement", "agreement", "mou-1"))
    assert "What the records show activities every year" in page
    assert "Newest evidence 175 days ago" in page and "Second · May 2026" in page
    assert "No application is on record" not in page


@pytest.mark.parametrize(
    ("said", "level", "heard"),
    [
        ({"governing_body": "Joint committee"}, 1, ""),
        ({"focal_point": [{"name": "Desk of KE-CIRT", "body": ""}]}, 1, ""),
        ({"focal_points_named": False}, 0, ""),
        ({"last_meeting": "2024-09"}, 2, "2024-09-30"),
        ({"last_meeting": "2027-02"}, 0, ""),
        ({"figure": [{"n": 12, "period": "2025", "unit": "exchanges"}]}, 0, "2025-12-31"),
    ],
)
def test_what_is_said_of_its_structure_counts(said: Any, level: int, heard: str, db: None) -> None:
    mou(**said)
    assert applied() == (level, [], heard)


def test_what_it_names_as_done_counts_too_and_a_review_is_the_last_step(db: None) -> None:
    for key, period in (("d-1", "2025-06-01/2025-06-02"), ("d-2", "2026-06")):
        drill(key, period, key=key)
    done = ["activity/d-1", "activity/d-2", "activity/nowhere"]
    mou(activities_done=done, last_review="2026-09")
    assert applied() == (4, ["d-2", "d-1"], "2026-09-30")


def test_what_one_may_not_see_tells_nothing_of_its_application(db: None) -> None:
    owner = somebody("Owner", "focal_point")
    mou()
    drill(
        "Secret drill",
        "2026-05",
        values={"under": ["agreement/mou-1"]},
        owner=owner.body,
        label=Label.AMBER,
    )
    assert applied() == (0, [], "")
    assert applied(owner.viewer) == (2, ["Secret drill"], "2026-05-31")
    html = part("_agreement", "agreement", "mou-1", owner.viewer)
    assert html.index("TLP:AMBER") < html.index("Secret drill")


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


def test_what_is_announced_to_begin_does_not_end(db: None) -> None:
    """A turn that is not an end: it is signed for five years and comes into force in spring."""
    row = mou(
        event=[event("signed", "2026-10-01"), event("in_force", "2027-03-01")],
        term_months={"n": 60, "period": "", "unit": ""},
    )
    index([row], today=TODAY)
    assert row.standing_until == dt.date(2027, 3, 1)
    assert ending(ANONYMOUS, TODAY) == []
    row = mou(event=[event("in_force", "2024-06-01"), event("amended", "2026-12-01")])
    index([row], today=TODAY)
    assert row.standing_until == dt.date(2026, 12, 1)
    assert ending(ANONYMOUS, TODAY) == [row], "it turns before, and ends in time"
