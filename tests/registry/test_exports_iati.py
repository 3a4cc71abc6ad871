"""IATI 2.03: valid activities, nothing made more exact than it is, what is held back is named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from lxml import etree

from comity.kit.tlp import Label
from comity.registry.formats import iati
from tests.registry.exports import DAY, FULL, HOSTILE, VOCABULARIES, entry, said, without
from tests.registry.iati_shape import faults, schema

REPORTER = iati.Reporter("The operator", "gateway.example", "XM-TEST-1")
TODAY = dt.date(2026, 11, 22)
OWN = "{urn:comity:iati}"


def file(*entries, held: list | None = None, **more: Any) -> bytes:
    more = {"today": TODAY, "made": DAY, "held": held, **more}
    return b"".join(iati.stream(entries, REPORTER, VOCABULARIES, **more))


def activity(one) -> etree._Element:
    (found,) = etree.fromstring(file(one)).iter("iati-activity")
    return found


def good(data: bytes) -> None:
    assert faults(data) == []
    official = schema()
    if official is not None:
        official.assertValid(etree.fromstring(data))


def test_an_activity_with_everything_is_valid() -> None:
    good(file(entry()))


def test_our_check_finds_what_is_wrong() -> None:
    data = file(entry())
    for tag in ("activity-date", "title", "participating-org", "reporting-org"):
        root = etree.fromstring(data)
        for node in root.findall(f".//iati-activity/{tag}"):
            node.getparent().remove(node)
        assert f"missing {tag}" in faults(etree.tostring(root))
    root = etree.fromstring(data)
    root[0].append(root[0][0])
    assert any(fault.startswith("an extension") for fault in faults(etree.tostring(root)))


def test_dates_roles_money_and_documents_are_where_iati_wants_them() -> None:
    found = activity(entry())
    dates = {(d.get("type"), d.get("iso-date")) for d in found.findall("activity-date")}
    assert dates == {("1", "2014-04-30"), ("2", "2014-05-01"), ("4", "2014-12-31")}
    orgs = {(o.get("role"), o.findtext("narrative")) for o in found.findall("participating-org")}
    assert orgs == {("1", "Fund"), ("2", "Body of the State")}
    assert found.find("budget/value").attrib == {"currency": "USD", "value-date": "2014-05-01"}
    assert found.find("transaction/transaction-type").get("code") == "3"
    formats = {d.get("url"): d.get("format") for d in found.findall("document-link")}
    assert formats["https://example.org/report.pdf"] == "application/pdf"
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {n.get(lang): n.text for n in found.findall("title/narrative")} == {
        None: "Drill of the region", "ar": "تمرين إقليمي",
    }  # fmt: skip


@pytest.mark.parametrize("period", ["2014", "2014/2016", "2014-05/2014-06", "2014-05", "../2014"])
def test_a_year_is_never_made_a_day(period: str) -> None:
    held: list[iati.Held] = []
    data = file(entry([*without("period", "event"), ("period", period, "")]), held=held)
    root = etree.fromstring(data)
    assert not root.findall(".//activity-date")
    assert held[0].missing == ("activity-date",)
    told = root.find(f"{OWN}held")
    assert (told.get("entry"), told.get("period")) == ("project/p-1", period)


def test_one_exact_day_is_enough_and_the_other_is_noted() -> None:
    data = file(entry([*without("period", "event"), ("period", "2014-05-01/2016", "")]))
    good(data)
    found = etree.fromstring(data).find("iati-activity")
    assert [d.get("iso-date") for d in found.findall("activity-date")] == ["2014-05-01"]
    assert "period: 2016 is no exact day" in [n.text for n in found.findall(f"{OWN}left-out")]


def test_a_count_has_its_period_and_a_total_has_none() -> None:
    count, total = activity(entry()).findall("result")
    assert count.find("indicator/period/period-start").get("iso-date") == "2014-01-01"
    assert count.find("indicator/period/period-end").get("iso-date") == "2014-12-31"
    assert count.find("indicator/period/actual").get("value") == "24"
    assert total.find("indicator/period") is None
    assert total.get("aggregation-status") == "0"
    assert "Cumulative" in total.findtext("indicator/description/narrative")


def test_money_without_an_exact_day_is_noted_not_dated() -> None:
    money = {"amount": "5.00", "currency": "EUR", "date": "2014"}
    values = [*without("budget", "disbursed"), ("budget", money, ""), ("disbursed", money, "")]
    data = file(entry(values))
    good(data)
    assert b"<budget" not in data and b"<transaction" not in data
    assert data.count(b"5.00 EUR") == 2


def test_a_status_is_reckoned_only_where_the_dates_leave_no_doubt() -> None:
    def status(period: str) -> str | None:
        found = iati.activity(
            entry([*without("status", "period"), ("period", period, "")]),
            REPORTER,
            VOCABULARIES,
            today=TODAY,
        )
        return None if isinstance(found, iati.Held) else found.find("activity-status").get("code")

    assert status("2014/2016") == "4"
    assert status("2020-01-01/..") == "2"
    assert status("2030/2031") == "1"
    assert status("../2026") is None
    assert status("2026/2027") is None


def test_its_own_identifier_of_iati_is_kept() -> None:
    values = [*without("identifier"), ("identifier", "IATI XM-DAC-47111-1", "en")]
    found = activity(entry(values))
    assert found.findtext("iati-identifier") == "XM-DAC-47111-1"
    assert activity(entry()).findtext("iati-identifier") == "XM-TEST-1-project-p-1"
    assert found.find("reporting-org").get("secondary-reporter") == "1"


def test_an_activity_without_words_or_organisation_is_held() -> None:
    held: list[iati.Held] = []
    data = file(entry([("country", "KE", "")]), held=held)
    assert set(held[0].missing) == {
        "title",
        "description",
        "participating-org",
        "activity-status",
        "activity-date",
    }
    assert b"<iati-activity " not in data


@pytest.mark.parametrize("text", [*HOSTILE, "a\x00b", "\x1b[0m", "\ud800", "--><x>", "\ufffe"])
def test_hostile_words_break_nothing(text: str) -> None:
    values = [*without("title", "summary"), ("title", text, "en"), ("summary", text, "fr")]
    good(
        file(entry(values, more=[said("funder", {"name": text, "body": ""}, title=text, by=text)]))
    )


def test_a_marked_file_begins_with_its_label_and_an_empty_one_is_well_formed() -> None:
    assert file(entry(), label=Label.AMBER).splitlines()[1].startswith(b"<!-- TLP:AMBER. ")
    assert len(etree.fromstring(file())) == 0


def test_the_same_data_are_the_same_bytes_and_a_thousand_are_quick() -> None:
    import time

    many = [entry(FULL, key=f"p-{n}") for n in range(1000)]
    began = time.process_time()
    data = file(*many)
    assert time.process_time() - began < 5
    assert data == file(*many)
    assert data.count(b"<iati-activity ") == 1000
