"""Addresses that no team names: the AS number and the country of the loaded table; and speed."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.reads import networks
from comity.directory.types import DirectoryError
from comity.kit.tlp import ANONYMOUS
from comity.ledger.reads import head
from tests.directory.conftest import OTHER, SOURCE, record

pytestmark = pytest.mark.django_db
TABLE = b"""first,last,country,asn
198.51.100.0,198.51.100.255,KE,AS64500
203.0.113.0,203.0.113.255,UG,AS64501
192.0.2.0,192.0.2.255,KE,
2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,UG,AS64500
8.8.8.0,8.8.8.255,KE,AS64500
9.9.9.0,9.9.9.255,KE,AS64999
2600::,2600:0:ffff:ffff:ffff:ffff:ffff:ffff,UG,AS64500
"""


def holding(kind: str, value: str) -> t.Holding:
    return t.Holding(t.HoldingKind(kind), value)


@pytest.fixture
def table(db, tmp_path, settings) -> m.NetworkTable:  # type: ignore[no-untyped-def]
    settings.HOME = tmp_path
    networks._read.cache_clear()
    row, findings = actions.load_networks(TABLE, name="table.csv", date="2026-11-01")
    assert not findings and row.ranges == 7
    return row


@pytest.fixture
def teams(db) -> None:  # type: ignore[no-untyped-def]
    actions.apply(
        [
            record("near", holdings=(holding("prefix", "8.8.8.0/25"),)),
            record("by-as", holdings=(holding("asn", "AS64500"),)),
            record("by-country", holdings=(holding("country", "KE"),)),
        ],
        SOURCE,
    )


def found(text: str) -> list[tuple[str, str, str]]:
    rows = reads.responsible(ANONYMOUS, text, now=timezone.now()).rows
    return [(row.team.code, row.answer.rule.value, row.via) for row in rows]


def test_nearest_first_then_as_then_country(teams, table) -> None:
    assert found("8.8.8.8") == [
        ("near", "prefix", ""),
        ("by-as", "asn", "asn"),
        ("by-country", "country", "country"),
    ]
    assert found("8.8.8.200") == [("by-as", "asn", "asn"), ("by-country", "country", "country")]
    assert found("9.9.9.9") == [("by-country", "country", "country")]
    assert found("2600::1") == [("by-as", "asn", "asn")]
    assert found("1.1.1.1") == []


def test_an_address_that_nobody_routes_asks_no_table(teams, table) -> None:
    assert found("192.0.2.1") == [] and found("2001:db8::1") == []


def test_without_a_table_only_what_teams_say_counts(teams, tmp_path, settings) -> None:
    settings.HOME = tmp_path
    assert found("8.8.8.8") == [("near", "prefix", "")]
    assert found("AS64500") == [("by-as", "asn", "")]
    assert found("www.example.ke") == [("by-country", "country", "")]


def test_a_table_whose_file_went_away_does_not_stop_the_answer(teams, table) -> None:
    networks.path_of(table.sha256).unlink()
    networks._read.cache_clear()
    assert found("8.8.8.8") == [("near", "prefix", "")]


def test_the_same_table_again_changes_nothing(table) -> None:
    line = head()
    again, _findings = actions.load_networks(TABLE, name="table.csv")
    assert again == table and head() == line


def test_what_is_no_table_is_told_and_nothing_is_kept(tmp_path, settings, db) -> None:
    settings.HOME = tmp_path
    with pytest.raises(DirectoryError, match="No line"):
        actions.load_networks(b"what,is,this\nno,table,at all\n", name="x")
    assert not m.NetworkTable.objects.exists() and not list(tmp_path.rglob("*.npz"))


def test_coverage_counts_prefixes_and_as_numbers_once(teams, table) -> None:
    page = reads.coverage(ANONYMOUS, "KE")
    assert page.found is not None
    # KE has four ranges of 256; AS64500 announces two of them, the /25 lies in one of these.
    assert (page.found.v4_addresses, page.found.v4_covered) == (1024, 512)
    assert page.found.by_team["near"].v4_addresses == 128
    with pytest.raises(reads.NotHeld):
        reads.coverage(ANONYMOUS, "XX")


def test_two_teams_that_claim_one_prefix_both_stand_and_it_is_flagged(client) -> None:
    same = (holding("prefix", "198.51.100.0/24"),)
    actions.apply([record("one", holdings=same)], SOURCE)
    actions.apply([record("two", country="UG", holdings=same)], OTHER)
    rows = reads.responsible(ANONYMOUS, "198.51.100.7", now=timezone.now()).rows
    assert [row.team.code for row in rows] == ["one", "two"]
    assert all(row.answer.contested for row in rows)
    page = client.get("/en/directory/call?q=198.51.100.7").content.decode()
    assert "Another team claims the very same" in page
    page = client.get("/en/directory/teams/one").content.decode()
    assert "claimed too by" in page and "TWO" in page


def test_one_team_that_two_sources_speak_of_is_not_contested() -> None:
    same = (holding("prefix", "198.51.100.0/24"),)
    actions.apply([record("one", holdings=same)], SOURCE)
    actions.apply([record("one", holdings=same)], OTHER)
    (row,) = reads.responsible(ANONYMOUS, "198.51.100.7", now=timezone.now()).rows
    assert not row.answer.contested


@pytest.mark.slow
def test_fifty_thousand_prefixes_are_asked_within_20_ms(django_assert_num_queries) -> None:
    """Processor time, the median of 50: a busy machine is no defect."""
    many = tuple(
        holding("prefix", f"{a}.{b}.{c}.0/24")
        for a in range(1, 6)
        for b in range(100)
        for c in range(100)
    )
    mailbox = (t.Contact(t.ContactPurpose.INCIDENT, t.ContactKind.EMAIL, "cert@t.example"),)
    teams = [record(f"t{n}", holdings=many[n::10], contacts=mailbox) for n in range(10)]
    done = actions.apply(teams, SOURCE)
    assert done.created == 10
    assert m.Holding.objects.count() == 50_000
    now = timezone.now()
    assert found("3.50.50.7")
    spent = []
    for n in range(50):
        began = time.process_time()
        reads.responsible(ANONYMOUS, f"3.{n}.50.7", now=now)
        spent.append(time.process_time() - began)
    assert sorted(spent)[25] <= 0.020
    with django_assert_num_queries(5):  # handlings, table, claims, contacts, values
        reads.responsible(ANONYMOUS, "3.50.50.7", now=now)
    page = reads.profile(ANONYMOUS, "t0", now=now)
    (group,) = [g for g in page.holdings if g.kind is t.HoldingKind.PREFIX]
    assert (len(group.rows), group.more) == (50, 4950)
