"""Figures: counts, totals and shares are different things; what is unknown is never 0."""

from __future__ import annotations

import datetime as dt

import pytest

from comity.kit.sayings import Voice
from comity.registry.types import Told
from comity.report.rules.figures import QUERIES, as_data, figures
from comity.report.rules.figures.query import Found, Query, run
from comity.report.types.figures import (
    Chapter,
    Count,
    DutyFact,
    Figure,
    FigureType,
    ReportError,
    Share,
    Stand,
    Total,
)
from tests.report.world import CUTOFF, DUTIES, entry, ground

DRILL = entry("activity/a-1", "cyberdrill", country=["KE", "LS"], status="held")


def by_id(*entries: Told, **more: object) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures(ground(*entries, **more))}  # type: ignore[arg-type]


def test_every_query_has_its_own_name_and_answers_a_paragraph() -> None:
    ids = [query.id for query in QUERIES]
    assert len(set(ids)) == len(ids)
    assert all(query.paragraphs and query.label and query.filter for query in QUERIES)


def test_an_empty_year_is_not_reported_and_never_zero() -> None:
    found = by_id(duties=())
    counts = [f for f in found.values() if f.type is FigureType.COUNT]
    assert counts and all(figure.value is None for figure in counts)
    assert not any(figure.failed for figure in found.values())
    assert found["strategies.share"].value is None


def test_an_activity_counts_under_its_kind_pillar_and_sector() -> None:
    found = by_id(DRILL)
    for key in ("activities.year", "activities.kind.cyberdrill",
                "activities.pillar.capacity_building", "activities.sector.itu_d"):  # fmt: skip
        assert found[key].value == Count(1), key
        assert found[key].records == ("activity/a-1",)
    assert found["activities.countries"].value == Count(2)
    assert found["activities.ldc_share"].value == Share(1, 2)


def test_what_an_entry_says_of_its_pillar_goes_before_the_table_of_kinds() -> None:
    found = by_id(entry("activity/a-1", "cyberdrill", pillar=["legal"], itu_sector=["itu_t"]))
    assert found["activities.pillar.legal"].value == Count(1)
    assert found["activities.pillar.capacity_building"].value is None
    assert found["activities.sector.itu_t"].value == Count(1)


def test_announcements_totals_and_work_outside_the_mandate_are_no_activities() -> None:
    found = by_id(
        entry("activity/a-1", "cyberdrill", status="announced"),
        entry("activity/a-2", "cumulative_figure",
              total={"n": 34, "as_of": "2014", "unit": "drills"}),
        entry("activity/a-3", "training", core_mandate="out"),
    )  # fmt: skip
    assert found["activities.year"].value is None
    assert found["activities.announced"].value == Count(1)
    assert found["activities.outside_mandate"].records == ("activity/a-3",)


def test_a_year_only_date_counts_in_its_year_and_keeps_no_day() -> None:
    total = {"n": 103, "as_of": "2014", "unit": "countries"}
    found = by_id(
        entry("activity/a-1", "cumulative_figure", "2014-01-01", "2014-12-31", total=total)
    )
    figure = found["totals.activity.a-1"]
    assert figure.value == Total(103, "2014")
    assert figure.as_of == "2014"
    assert as_data(figure)["type"] == "total"
    assert "2014-01-01" not in str(as_data(figure))


def test_reported_totals_are_never_summed() -> None:
    rows = [
        entry(f"activity/a-{n}", "cumulative_figure", total={"n": n, "as_of": "2014", "unit": "x"})
        for n in (24, 30)
    ]
    found = by_id(*rows)
    assert [found[f"totals.activity.a-{n}"].value for n in (24, 30)] == [
        Total(24, "2014"),
        Total(30, "2014"),
    ]
    assert not any(f.value in (Count(54), Total(54, "2014")) for f in found.values())


def test_an_undated_strategy_is_not_said_to_have_been_there() -> None:
    dated = entry("strategy/s-1", first="2013-05-01", last="2013-05-01", country="KE")
    found = by_id(dated, entry("strategy/s-2", first="", last="", country="GH"))
    assert found["strategies.share"].value == Share(1, 4)


def test_agreements_by_what_happened_and_where_they_stand() -> None:
    signed = {"event": "signed", "date": "2014-05", "until": "", "note": ""}
    presumed = {"event": "signed", "date": "2014", "until": "", "note": "presumed from an order"}
    found = by_id(
        entry("agreement/m-1", event=signed, standing="signed", ends="2015-05-30"),
        entry("agreement/m-2", event=presumed, standing="expired_presumed"),
        entry("agreement/m-3", standing="in_force", flags=("no_council_approval",)),
    )
    assert found["agreements.signed"].records == ("agreement/m-1",)
    assert found["agreements.ending"].records == ("agreement/m-1",)
    assert found["agreements.expired_presumed"].value == Total(1, "2014-12-31")
    assert found["agreements.in_force"].records == ("agreement/m-3",)
    assert found["agreements.unapproved"].records == ("agreement/m-3",)


def test_requests_and_their_ages() -> None:
    def when(month: int, day: int, year: int = 2014) -> dt.datetime:
        return dt.datetime(year, month, day, 9, tzinfo=dt.UTC)

    found = by_id(
        entry("request/r-1", steps=(("ask", when(12, 1)),)),
        entry("request/r-2", steps=(("ask", when(11, 1)), ("answer", when(11, 11)))),
        entry("request/r-3", steps=(("ask", when(2, 1, 2015)),)),
    )
    assert found["requests.opened"].value == Count(2), "the third came after the year"
    assert found["requests.answered"].value == Count(1)
    assert found["requests.waiting"].records == ("request/r-1",)
    assert found["requests.oldest"].value == Total(30, "2014-12-31")
    assert found["requests.answer_time"].value == Count(10)


def test_money_stays_in_its_currency_and_counts_one_speaker() -> None:
    def money(amount: str, code: str) -> dict[str, str]:
        return {"amount": amount, "currency": code, "date": "2014"}

    found = by_id(
        entry("project/p-1", pledged=[money("100.50", "CHF"), money("7.00", "USD")]),
        entry("project/p-2", pledged=money("100.00", "CHF")),
    )
    assert as_data(found["needs.pledged.chf"])["value"] == 200.5
    assert as_data(found["needs.pledged.usd"])["value"] == 7


def test_only_the_bodys_own_word_is_information_from_a_state() -> None:
    found = by_id(
        entry("activity/a-1", "training", country="KE", voice=Voice.OWN),
        entry("activity/a-2", "training", country="GH"),
    )
    assert found["states.informed"].value == Count(1)
    assert found["states.informed_share"].value == Share(1, 4)


def test_proposals_are_carried_until_they_are_settled() -> None:
    found = by_id(
        entry("proposal/p-1", date="2014-05-01", outcome="adopted", outcome_date="2014-06"),
        entry("proposal/p-2", first="2013-05-01", last="2013-05-01", date="2013-05-01"),
        entry("proposal/p-3", first="2012-05-01", last="2012-05-01", date="2012-05-01",
              outcome="adopted", outcome_date="2013-06"),
        entry("proposal/p-4", date="2014-11-01", outcome="adopted", outcome_date="2015-05-20"),
    )  # fmt: skip
    assert found["proposals.made"].records == ("proposal/p-1", "proposal/p-4")
    assert found["proposals.carried"].records == ("proposal/p-2",)
    assert found["proposals.adopted"].records == ("proposal/p-1",)
    assert found["proposals.pending"].records == ("proposal/p-2", "proposal/p-4")


def test_an_indicator_gives_the_value_of_its_year() -> None:
    actual = [{"n": n, "period": str(year), "unit": "teams"} for n, year in ((5, 2013), (8, 2014))]
    share = {"n": "61.5", "as_of": "2014"}
    found = by_id(entry("indicator/i-1", actual=actual), entry("indicator/i-2", actual_share=share))
    assert found["indicators.i-1"].value == Count(8)
    assert found["indicators.i-2"].value == Share(615, 1000)


def test_duties_by_the_state_that_held_at_the_cutoff() -> None:
    def stand(status: str, day: int) -> Stand:
        return Stand(status, ("report/2013/1",), dt.datetime(2015, 2, day, tzinfo=dt.UTC))

    after = Stand("completed", ("report/2014/1",), CUTOFF + dt.timedelta(days=1))
    told = DutyFact("resolves/1", ("ITU",), "resolves", None, False,
                    (stand("not implemented", 1), stand("in progress", 2), after))  # fmt: skip
    found = by_id(duties=(*DUTIES, told))
    assert found["duties.in_progress"].records == ("duty/resolves/1",)
    assert found["duties.no_indication"].value == Total(2, "2015-03-01")
    assert found["duties.settled_share"].value == Share(1, 3)


def test_a_failing_query_is_named_and_has_no_value() -> None:
    def broken(_ground: object) -> Found:
        raise ZeroDivisionError

    query = Query("x.y", "X", "things", FigureType.COUNT, Chapter.OVERVIEW, "…", broken, ("a/1",))
    figure = run(query, ground(DRILL))
    assert (figure.value, figure.failed) == (None, "ZeroDivisionError")
    assert as_data(figure)["value"] is None and as_data(figure)["failed"] == "ZeroDivisionError"


def test_a_failing_family_is_named_too() -> None:
    bad = entry("activity/a-1", "cumulative_figure", total={"n": 1, "unit": "x"})  # no as_of
    found = by_id(DRILL, bad)
    assert found["reported_totals"].failed == "KeyError"
    assert found["activities.year"].value == Count(1), "the others are counted"


def test_totals_under_five_of_persons_are_not_told() -> None:
    query = Query("p", "People", "people", FigureType.COUNT, Chapter.OVERVIEW, "…",
                  lambda _g: Found(Count(4), ("activity/a-1",)), ("a/1",), personal=True)  # fmt: skip
    figure = run(query, ground())
    assert (figure.value, figure.few, figure.records) == (None, True, ())
    assert as_data(figure)["fewer_than"] == 5


def test_a_share_needs_something_to_be_a_share_of() -> None:
    with pytest.raises(ReportError):
        Share(1, 0)
    with pytest.raises(ReportError):
        Share(3, 2)


def test_a_future_year_counts_nothing_of_it() -> None:
    found = by_id(entry("activity/a-1", "cyberdrill", "2016-01-01", "2016-12-31"), year=2016)
    assert found["activities.year"].value is None
