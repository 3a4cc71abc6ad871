"""Who must act: the nearest claim decides, ties stand together, and the reason is kept."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Any
from uuid import UUID

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from comity.directory.rules import constituency
from comity.directory.types import HoldingKind as Kind
from comity.directory.types import Question
from comity.events.rules import route as r
from comity.events.types.routing import Claim, RouteSet
from tests.events.test_enrich import frame

A, B, C, D = (UUID(int=n) for n in range(1, 5))


def claim(team: UUID, text: str) -> Claim:
    kind = next(
        kind
        for kind, fits in (
            (Kind.PREFIX, "/" in text),
            (Kind.ASN, text.startswith("AS")),
            (Kind.DOMAIN, "." in text),
            (Kind.COUNTRY, True),
        )
        if fits
    )
    return Claim(kind, constituency.canonical(kind, text), team)


def made(
    *claims: Claim, informing: Collection[UUID] = ()
) -> tuple[r.RouteTable, dict[int, RouteSet]]:
    sets = r.route_sets(claims, informing)
    numbers = {one.key: number for number, one in enumerate(sets, 1)}
    table = r.unpack(r.pack(r.build(sets, numbers)), "v")
    return table, {numbers[one.key]: one for one in sets}


def events(*addresses: str, **columns: Any) -> pl.DataFrame:
    whole = frame(*addresses, **columns)
    return whole if "cc_used" in columns else whole.with_columns(cc_used=pl.col("cc_feed"))


def owners(table: r.RouteTable, sets: dict[int, RouteSet], rows: pl.DataFrame) -> list[Any]:
    numbers = r.route(rows, table)["route_set"].to_list()
    return [sets[n].owners if n else () for n in numbers]


def test_the_longest_prefix_then_domain_then_as_then_country() -> None:
    table, sets = made(
        claim(A, "198.51.100.0/24"),
        claim(B, "198.51.100.128/25"),
        claim(B, "example.org"),
        claim(C, "AS64500"),
        claim(C, "AS4200000001"),
        claim(D, "KE"),
    )
    rows = events(
        *("198.51.100.1", "198.51.100.200", "203.0.113.1", "203.0.113.1"),
        *("203.0.113.1", "203.0.113.1", "203.0.113.1"),
        fqdn=[None, None, "www.Example.org.", None, None, None, "notexample.org"],
        url=[None, None, None, "https://u@sub.example.org:8080/x", None, None, None],
        src_asn=[64500] * 4 + [4200000001, 64501, None],
        cc_feed=["KE"] * 6 + [None],
    )
    assert owners(table, sets, rows) == [(A,), (B,), (B,), (B,), (C,), (D,), ()]
    assert sets[r.route(rows, table)["route_set"][1]].reason == "prefix 198.51.100.128/25"


def test_two_teams_with_the_same_claim_both_act() -> None:
    table, sets = made(claim(A, "192.0.2.0/24"), claim(B, "192.0.2.0/24"))
    assert owners(table, sets, events("192.0.2.1")) == [(A, B)]


def test_those_around_are_told_only_if_they_chose_so() -> None:
    claims = (claim(A, "192.0.2.0/24"), claim(B, "192.0.2.128/25"), claim(C, "AS64500"))
    claims += (claim(D, "KE"),)
    rows = events(
        "192.0.2.200", "192.0.2.1", "203.0.113.1", src_asn=[64500] * 3, cc_feed=["KE"] * 3
    )

    table, sets = made(*claims)
    silent = r.route(rows, table)
    assert silent["informed_set"].to_list() == [0, 0, 0]
    assert sets[silent["route_set"][0]].informed == ()

    table, sets = made(*claims, informing={A, D})
    told = r.route(rows, table)
    assert sets[told["route_set"][0]].informed == (A,)
    assert [sets[n].informed for n in told["informed_set"].to_list()] == [(D,)] * 3


def test_of_two_that_claim_a_country_only_who_chose_is_told() -> None:
    claims = (claim(A, "192.0.2.0/24"), claim(C, "KE"), claim(D, "KE"))
    table, sets = made(*claims, informing={D})
    rows = events("192.0.2.1", "203.0.113.1", cc_feed=["KE", "KE"])
    told = r.route(rows, table)
    assert [sets[n].informed if n else () for n in told["informed_set"].to_list()] == [(D,), ()]
    assert owners(table, sets, rows) == [(A,), (C, D)]


def test_a_network_goes_to_who_claims_all_of_it() -> None:
    table, sets = made(claim(A, "192.0.2.0/24"), claim(B, "192.0.2.0/25"))
    rows = events("192.0.2.0", "192.0.2.0", src_prefix=["192.0.2.0/24", "192.0.2.0/26"])
    rows = rows.with_columns(src_ip=pl.lit(None, pl.String))
    assert owners(table, sets, rows) == [(A,), (B,)]


def test_the_ptr_name_chooses_nobody() -> None:
    table, sets = made(claim(A, "example.org"))
    rows = events("192.0.2.1", reverse_dns=["bank.example.org"])
    assert owners(table, sets, rows) == [()]


def test_an_explanation_names_what_every_rule_said() -> None:
    table, sets = made(claim(A, "192.0.2.0/24"), claim(B, "AS64500"), claim(C, "KE"))
    rows = events("192.0.2.1", src_asn=[64500], cc_feed=["KE"])
    found = r.explain(rows, table)
    said = [(kind, asked, sets[n].owners if n else ()) for kind, asked, n in found.steps]
    assert said == [
        ("prefix", "192.0.2.1", (A,)),
        ("domain", "", ()),
        ("asn", "AS64500", (B,)),
        ("country", "KE", (C,)),
    ]
    assert sets[found.number].owners == (A,)


def test_a_dry_run_says_who_gains_and_loses() -> None:
    before, sets = made(claim(A, "192.0.2.0/24"), claim(C, "KE"))
    rows = r.route(events("192.0.2.1", "192.0.2.200", "203.0.113.1", cc_feed=["KE"] * 3), before)
    after = r.route_sets([claim(A, "192.0.2.0/25"), claim(B, "192.0.2.128/25"), claim(C, "KE")])
    numbers = {one.key: number for number, one in enumerate(after, 100)}
    names = sets | {numbers[one.key]: one for one in after}
    found = r.changes(rows, r.build(after, numbers), names)
    assert [(c.team, c.gains, c.loses, c.keeps) for c in found] == [
        (A, 0, 1, 1),
        (B, 1, 0, 0),
        (C, 0, 0, 1),
    ]


networks = st.one_of(
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
        lambda p: str(ipaddress.ip_network((p[0] >> (32 - p[1]) << (32 - p[1]), p[1])))
    ),
    st.tuples(st.integers(0, 1023), st.integers(20, 32)).map(
        lambda p: str(ipaddress.ip_network((3221225984 + p[0] >> (32 - p[1]) << (32 - p[1]), p[1])))
    ),
    st.tuples(st.integers(0, 2**20), st.integers(100, 128)).map(
        lambda p: str(ipaddress.ip_network((p[0] >> (128 - p[1]) << (128 - p[1]) | 2**125, p[1])))
    ),
)


@given(
    st.lists(st.tuples(networks, st.sampled_from([A, B, C])), max_size=12),
    st.lists(networks, min_size=1, max_size=6),
)
def test_the_table_says_what_the_directory_says(
    claims: list[tuple[str, UUID]], asked: list[str]
) -> None:
    """The same answer as "whom to call", which looks every network up by equality."""
    held = [claim(team, text) for text, team in claims]
    table, sets = made(*held)
    addresses = [str(ipaddress.ip_network(text)[0]) for text in asked]
    fast = owners(table, sets, events(*addresses))
    found = [(c.kind, c.value, c.team, str(c.team)) for c in held]
    for address, teams in zip(addresses, fast, strict=True):
        ip = ipaddress.ip_address(address)
        question = Question(Kind.PREFIX, f"{ip}/{ip.max_prefixlen}")
        answers = constituency.choose(question, found)
        nearest = {a.team for a in answers if a.matched == answers[0].matched}
        # A team that also claims something nearer stands there; by equality all claimants count.
        every = {c.team for c in held if answers and c.value == answers[0].matched}
        assert set(teams) == every and nearest <= every
