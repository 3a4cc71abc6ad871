"""Needs and offers: sums by currency, never across; one speaker counts; nothing hidden shows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label
from comity.registry.actions.desk import ask
from comity.registry.actions.writing import Speaker, store
from comity.registry.models import Entry
from comity.registry.reads.needs import needs
from comity.registry.rules.needs import FIELDS, KINDS, Figure, by_country, totals, weigh
from comity.registry.types import Given, Record
from tests.registry.desk_world import money, request_of, somebody, text_of, written

D = Decimal

FIGURES = st.lists(
    st.builds(
        Figure,
        entry=st.sampled_from([f"{kind}/a-{n}" for kind in KINDS for n in (1, 2)]),
        field=st.sampled_from(FIELDS),
        amount=st.decimals(0, 10**9, places=2),
        currency=st.sampled_from(["CHF", "USD", "XOF"]),
        voice=st.sampled_from(Voice),
        speaker=st.sampled_from(["a", "b"]),
        ref=st.integers(1, 10**6),
    ),
    max_size=30,
    unique_by=lambda figure: figure.ref,
)


@given(FIGURES)
def test_every_figure_is_counted_or_shown_apart_once(figures: list[Figure]) -> None:
    weighed = weigh(figures)
    parts = (*weighed.counted, *weighed.otherwise, *weighed.repeated)
    assert sorted(f.ref for f in parts) == sorted(f.ref for f in figures)
    for entry, field in {(f.entry, f.field) for f in figures}:
        of = [f for f in weighed.counted if (f.entry, f.field) == (entry, field)]
        assert len({(f.voice, f.speaker) for f in of}) == 1, "one speaker counts"


@given(FIGURES, st.dictionaries(st.sampled_from(["project/a-1", "request/a-1"]), st.just(("KE",))))
def test_countries_sum_to_the_totals_and_currencies_stay_apart(
    figures: list[Figure], places: Any
) -> None:
    counted = weigh(figures).counted
    sums = totals(counted)
    spread = by_country(counted, places)
    for (kind, currency), row in sums.items():
        for field, amount in row.items():
            of = [f for f in counted if (f.kind, f.currency, f.field) == (kind, currency, field)]
            assert amount == sum(f.amount for f in of)
            assert amount == sum(
                r.get(field, D(0)) for (_c, k, c), r in spread.items() if (k, c) == (kind, currency)
            )
    assert {field for row in sums.values() for field in row} == {f.field for f in counted}


@pytest.fixture
def project(db: None) -> Entry:
    return written(
        "project",
        {
            "title": "A national CIRT",
            "country": ["KE"],
            "finance_needed": [money("250000.00"), money("1000.00", "CHF")],
            "pledged": [money("50000.00"), money("20000.00", date="2015")],
            "in_kind": ["two experts for two weeks"],
        },
        key="prj-1",
        evidence_url="https://example.org/project",
        evidence_title="Project paper",
    )


def test_amounts_of_one_currency_are_added_and_others_are_not(project: Entry) -> None:
    found = needs(ANONYMOUS)
    assert found.totals == {
        ("project", "CHF"): {"finance_needed": D(1000)},
        ("project", "USD"): {"finance_needed": D(250000), "pledged": D(70000)},
    }
    assert set(found.countries) == {("KE", "project", "CHF"), ("KE", "project", "USD")}


def test_another_speaker_is_shown_and_not_counted(project: Entry) -> None:
    said = Record("project", "prj-1", "", (Given("pledged", money("90000.00")),))
    store([said], Speaker(Voice.OWN, "The donor"), act="test_write")
    found = needs(ANONYMOUS)
    assert found.totals["project", "USD"]["pledged"] == D(90000), "whom it is about counts"
    assert found.uncounted == 2
    page = text_of(Client().get("/en/registry/needs/").content)
    assert "another speaker, not counted" in page and "2 amounts are shown and not counted" in page


def test_what_is_for_several_countries_is_not_split(project: Entry) -> None:
    written(
        "activity",
        {"title": "Drill", "country": ["KE", "UG"], "disbursed": [money("10.00")]},
    )
    found = needs(ANONYMOUS)
    assert found.countries["several", "activity", "USD"] == {"disbursed": D(10)}
    only = needs(ANONYMOUS, country="UG")
    assert [line.entry.title for line in only.lines] == ["Drill"]
    assert only.totals == {("activity", "USD"): {"disbursed": D(10)}}
    assert needs(ANONYMOUS, currency="CHF").totals == {
        ("project", "CHF"): {"finance_needed": D(1000)}
    }
    assert [line.entry.kind for line in needs(ANONYMOUS, kind="activity").lines] == ["activity"]


def test_a_confidential_need_is_in_no_figure_of_others(db: None) -> None:
    asker, officer = somebody("Focal", "focal_point"), somebody("Officer", "secretariat")
    other = somebody("Other", "focal_point")
    row = request_of(asker.body, "Analysts", finance_needed=[money("77777.00")])
    ask(row)
    for viewer in (ANONYMOUS, other.viewer, asker.without_factor):
        assert needs(viewer) == needs(ANONYMOUS)
        assert not needs(viewer).totals and not needs(viewer).lines
        assert not needs(viewer).currencies
    for viewer in (asker.viewer, officer.viewer):
        assert needs(viewer).totals == {("request", "USD"): {"finance_needed": D(77777)}}
    page = text_of(Client().get("/en/registry/needs/").content)
    assert "77,777" not in page and "Analysts" not in page and "Kenya" not in page


def test_a_stricter_figure_of_a_public_entry_is_not_added(db: None) -> None:
    owner = somebody("Owner", "focal_point")
    record = Record(
        "project",
        "p",
        "",
        (
            Given("title", "Public project", "en"),
            Given("pledged", money("5.00")),
            Given("disbursed", money("3.00"), label=Label.AMBER),
        ),
    )
    store(
        [record],
        Speaker(Voice.OWN, owner.body.name, owner.body.pk),
        act="test_write",
        owner=owner.body.pk,
        label=Label.CLEAR,
    )
    assert needs(ANONYMOUS).totals == {("project", "USD"): {"pledged": D(5)}}
    assert needs(owner.viewer).totals["project", "USD"] == {"pledged": D(5), "disbursed": D(3)}


def test_the_page_tells_each_figure_with_its_source(project: Entry) -> None:
    html = Client().get("/en/registry/needs/").content.decode()
    page = text_of(html)
    for words in ("250,000", "70,000", "not reported", "Project paper", "two experts"):
        assert words in page
    assert 'href="/en/registry/project/prj-1/#values"' in html
    assert 'href="https://example.org/project"' in html
    assert "0.00 CHF" not in page, "what nobody reported is a word"


def test_strange_questions_are_answered_with_everything(project: Entry) -> None:
    for query in ("country=XX", "kind=agreement", "page=99", "currency=€"):
        answer = Client().get(f"/ar/registry/needs/?{query}")
        assert answer.status_code == 200, query


def test_the_list_goes_on_page_by_page(db: None) -> None:
    for n in range(53):
        written("activity", {"title": f"Drill {n}", "disbursed": [money("1.00")]})
    first, last = needs(ANONYMOUS), needs(ANONYMOUS, start=50)
    assert (len(first.lines), len(last.lines), first.total) == (50, 3, 53)
    assert first.totals == last.totals == {("activity", "USD"): {"disbursed": D(53)}}
    page = Client().get("/en/registry/needs/?page=99")
    assert "51 to 53 of 53" in text_of(page.content)
