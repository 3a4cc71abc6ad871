"""The dossier of a paragraph: deeds, figures, gaps and history beside the text, for each viewer."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label
from comity.mandate import reads as mandate
from comity.mandate.actions import load_shipped
from comity.registry.actions import Speaker, store
from comity.registry.types import Given, Record
from comity.report import reads
from comity.report.actions import freeze
from comity.report.reads.dossier import Dossier, dossier

pytestmark = pytest.mark.django_db
PRESS = Speaker(Voice.SOURCE, "The Herald")
TODAY = dt.date(2026, 11, 30)
PAGE = "/en/mandate/itu-pp/res-130/2014/p"


def activity(key: str, period: str, subtype: str = "cyberdrill", *more: Given) -> Record:
    values = (Given("title", f"Drill {key}", "en"), Given("period", period), *more)
    return Record("activity", key, subtype, values)


def of(key: str) -> Dossier:
    version = mandate.version(ANONYMOUS, "itu-pp/res-130", "2014")
    row = mandate.provision(ANONYMOUS, version, key)
    return dossier(ANONYMOUS, version, row, mandate.duty_of(ANONYMOUS, row), TODAY)


@pytest.fixture(autouse=True)
def world() -> None:
    load_shipped()


def test_entries_stand_under_it_by_kind_and_year_named_or_not() -> None:
    named = Given("provision", "itu-pp/res-130/2014/instructs-bdt/2")
    store(
        [
            activity("a-1", "2014", "cyberdrill", Given("country", "KE")),
            activity("a-2", "2019-05-02", "forum", named),
            activity("a-3", "2019", "recommendation"),
        ],
        PRESS,
        act="load",
    )
    made = of("instructs-bdt/2")
    assert made.under.by_kind == {"activity": {2014: 1, 2019: 1}}
    assert (made.under.total, made.under.named) == (2, 1)
    assert made.years == (2014, 2019)
    told = {gap.sentence.split(" ")[0:2][1]: gap.given for gap in made.gaps}
    assert told["activity"] == {"since": "2019-05-02"}
    assert {"region": "EUR"} in [gap.given for gap in made.gaps]
    assert {"region": "AFR"} not in [gap.given for gap in made.gaps]


def test_what_a_viewer_may_not_see_is_not_under_it() -> None:
    store([activity("a-1", "2014")], PRESS, act="load", label=Label.GREEN)
    assert of("instructs-bdt/2").under.total == 0


def test_a_year_only_date_stays_a_year_in_the_gap() -> None:
    store([activity("a-1", "2014")], PRESS, act="load")
    since = [gap.given["since"] for gap in of("instructs-bdt/2").gaps if "since" in gap.given]
    assert since == ["2014"]


def test_a_paragraph_on_practice_names_threats_without_one() -> None:
    values = (Given("title", "P", "en"), Given("rsit", "fraud:phishing"))
    store([Record("practice", "p-1", "", values)], PRESS, act="load")
    threats = {
        g.given["threat"] for g in of("further-instructs-tsb-bdt/6").gaps if "threat" in g.given
    }
    assert "malicious-code" in threats and "fraud" not in threats


def test_the_page_shows_text_deeds_figures_gaps_and_history(client: Client) -> None:
    store([activity("a-1", "2014")], PRESS, act="load")
    freeze(None, 2014)
    page = client.get(f"{PAGE}/instructs-bdt/2").content.decode()
    for piece in ("upon request, to support ITU Member States", "Where did the words come from?",
                  "What was done under it?", "Drill a-1", "Cyberdrills held",
                  "Nobody has said on evidence", "Rev. Dubai"):  # fmt: skip
        assert piece in page, piece
    assert "1 January" not in page


def test_its_json_is_the_same_dossier(client: Client) -> None:
    store([activity("a-1", "2014")], PRESS, act="load")
    url = "/api/v1/report/dossier/itu-pp/res-130/2014"
    data = client.get(f"{url}?unit=instructs-bdt/2").json()
    assert data["by_kind"] == {"activity": {"2014": 1}}
    assert data["newest"] == ["activity/a-1"] and data["last"] == "2014"
    assert "cirt.assessments" in data["queries"]
    assert {r["year"]: r["held"] for r in data["revisions"]}[2018] is False
    assert client.get(f"{url}?unit=nothing").status_code == 404


def test_queries_do_not_grow_with_entries(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    records = [activity(f"a-{n}", "2014", "cyberdrill", Given("country", "KE")) for n in range(40)]
    store(records, PRESS, act="load")
    client.get(f"{PAGE}/instructs-bdt/2")
    with django_assert_max_num_queries(40):
        client.get(f"{PAGE}/instructs-bdt/2")


@pytest.mark.slow
def test_the_queries_of_a_report_and_of_a_dossier_do_not_grow_with_entries() -> None:
    def asked() -> tuple[int, int]:
        scope = reads.scope_of(2014, now=timezone.now())
        with CaptureQueriesContext(connection) as report:
            reads.written(reads.prepare(scope), "en")
        with CaptureQueriesContext(connection) as dossier_:
            of("instructs-bdt/2")
        return len(report), len(dossier_)

    store([activity("b-0", "2014", "cyberdrill", Given("country", "KE"))], PRESS, act="load")
    few = asked()
    records = [activity(f"b-{n}", "2014", "cyberdrill", Given("country", "KE")) for n in range(300)]
    store(records, PRESS, act="load")
    many = asked()
    assert many[0] <= few[0] and many[1] <= few[1], (few, many)
    assert few[0] <= 100 and few[1] <= 40
