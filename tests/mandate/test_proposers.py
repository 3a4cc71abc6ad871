"""A document symbol names who stands behind it; an unknown one is left unknown."""

from __future__ import annotations

import csv
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import comity.mandate
from comity.mandate.rules.proposers import Tag, parse_tag, proposer_of, read_proposers
from comity.mandate.types import MandateError

CSV = (Path(comity.mandate.__file__).parent / "data" / "proposers.csv").read_text()
TABLE = read_proposers(CSV)
HEAD = "symbol,name,kind,country,members,source\n"


@pytest.mark.parametrize(
    ("symbol", "tag"),
    [
        ("ARB/79A2/13", Tag("ARB", 79, 2, 13)),
        ("RCC/73A1/16", Tag("RCC", 73, 1, 16)),
        ("B/75/4", Tag("B", 75, 0, 4)),
        ("INS/82/2", Tag("INS", 82, 0, 2)),
        ("IAP/34R1-A1/4", Tag("IAP", 34, 1, 4, revision=1)),
        ("B/CAN/CLM/USA/61/1", Tag("B/CAN/CLM/USA", 61, 0, 1)),
        ("CUB/70", Tag("CUB", 70)),
    ],
)
def test_symbols_are_taken_apart(symbol, tag):
    assert parse_tag(symbol) == tag


@pytest.mark.parametrize("text", ["", "A/RES", "3/2", "B/75/4 Brazil", "b/75/4", "UNGA 68/198"])
def test_what_is_no_symbol_is_refused(text):
    with pytest.raises(MandateError, match="not the symbol"):
        parse_tag(text)


@given(st.text(max_size=30))
def test_junk_is_a_symbol_or_a_mandate_error(text):
    with suppress(MandateError):
        assert proposer_of(parse_tag(text), TABLE).symbol


@pytest.mark.parametrize(
    ("symbol", "name", "kind", "country"),
    [
        ("ARB/79A2/13", "Arab States", "group", ""),
        ("RCC/73A1/16", "Regional Commonwealth in the field of Communications", "group", ""),
        ("B/75/4", "Brazil", "state", "BR"),
        ("INS/82/2", "Indonesia", "state", "ID"),
        ("CUB/70/2", "Cuba", "state", "CU"),
    ],
)
def test_the_proposers_of_the_draft_are_known(symbol, name, kind, country):
    proposer = proposer_of(parse_tag(symbol), TABLE)
    assert (proposer.name, proposer.kind, proposer.country) == (name, kind, country)
    assert proposer.source


def test_states_that_propose_together_are_named_together():
    joint = proposer_of(parse_tag("B/CAN/61/1"), TABLE)
    assert (joint.name, joint.kind, joint.members) == ("Brazil, Canada", "group", ("BR", "CA"))


@pytest.mark.parametrize("symbol", ["ZZZ/1/1", "B/ZZZ/1/1"])
def test_an_unknown_symbol_is_not_guessed(symbol):
    proposer = proposer_of(parse_tag(symbol), TABLE)
    assert (proposer.name, proposer.kind) == ("", "")


def test_the_table_holds_every_member_state_once_and_each_row_its_source():
    states = [p for p in TABLE.values() if p.kind == "state"]
    assert len({p.country for p in states}) == 194
    assert len(states) == 195  # Myanmar has two symbols, an older and the present one
    assert TABLE["NMB"].country == "NA"  # Namibia, not a blank
    assert all(p.source for p in TABLE.values())


def test_the_symbols_agree_with_the_shared_table(shared):
    path = shared / "data" / "countries" / "upstream_country-codes.csv"
    with path.open(encoding="utf-8", newline="") as rows:
        theirs = {row["ISO3166-1-Alpha-2"]: row["ITU"] for row in csv.DictReader(rows)}
    ours = {p.country: p.symbol for p in TABLE.values() if p.kind == "state" and p.symbol != "BRM"}
    assert all(theirs[country] == symbol for country, symbol in ours.items())


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("name,symbol\n", "other columns"),
        (HEAD + "B,Brazil,state,BR,,x\nB,Brazil,state,BR,,x\n", "stands twice"),
        (HEAD + "b,Brazil,state,BR,,x\n", "one to four capitals"),
        (HEAD + "B,,state,BR,,x\n", "needs a name"),
        (HEAD + "B,Brazil,country,BR,,x\n", "kind"),
        (HEAD + "B,Brazil,state,,,x\n", "alpha-2"),
        (HEAD + "B,Brazil,state,BR,,\n", "needs a source"),
        (HEAD + "B,Brazil,state,BR\n", "few cells"),
        (HEAD + "B,Brazil,state,BR,,x,y\n", "many"),
        (HEAD + 'B,"Brazil,state,BR,,x\n', "cannot be read"),
    ],
)
def test_a_wrong_table_says_where(rows, fault):
    with pytest.raises(MandateError, match=fault) as caught:
        read_proposers(rows)
    assert caught.value.line >= 1
    assert caught.value.remedy


@given(st.text(max_size=80))
def test_junk_tables_are_read_or_refused(text):
    for junk in (text, HEAD + text):
        with suppress(MandateError):
            read_proposers(junk)
