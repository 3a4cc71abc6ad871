"""Twice is once: keys of rows and findings, runs in order, what is new among them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events.rules import dedup as d
from comity.events.rules.dedup import mixing
from comity.events.rules.dedup import runs as runs_of_keys
from comity.events.types import schema
from comity.events.types.chunks import ROW, RawChunk
from comity.events.types.schema import Flag
from tests.events.test_enrich import frame

SECRET = b"a secret of the house, thirty-two"


def mixed(parts: list[bytes], gap: bytes = b"\n") -> list[tuple[int, int]]:
    data = gap.join(parts) + gap
    lengths = np.array([len(part) for part in parts], np.int64)
    starts = np.concatenate([[0], np.cumsum(lengths + len(gap))[:-1]]).astype(np.int64)
    one, two = mixing.mix(data, starts, lengths, SECRET)
    return list(zip(one.tolist(), two.tolist(), strict=True))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=20), st.binary(min_size=1, max_size=9))
def test_the_same_bytes_have_the_same_key_wherever_they_stand(
    parts: list[bytes], gap: bytes
) -> None:
    alone = {part: mixed([part])[0] for part in parts}
    assert mixed(parts, gap) == [alone[part] for part in parts]
    assert len(set(alone.values())) == len(alone)


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 63, 64, 8191, 8192, 8200, 20_000])
def test_every_byte_counts(length: int) -> None:
    row = bytes(range(1, 256)) * (length // 255 + 1)
    row = row[:length]
    found = {mixed([row])[0], mixed([row + b"\0"])[0]}
    spots = sorted({0, 1, length // 2, length - 9, length - 8, length - 1} & set(range(length)))
    found |= {mixed([row[:at] + bytes([row[at] ^ 1]) + row[at + 1 :]])[0] for at in spots}
    swapped = row[:8][::-1] + row[8:]
    found |= {mixed([swapped])[0]}
    assert len(found) == len({row, swapped}) + 1 + len(spots)


def test_keys_are_as_they_were() -> None:
    """They are kept on disk: a change here makes every row new."""
    assert mixed([b"192.0.2.1,23,2026-11-20"])[0] == KEPT


KEPT = (2741227659563564830, 2063969109940614210)


def chunk(text: bytes, first: int = 1, rows: list[int] | None = None) -> RawChunk:
    lines = len(text.splitlines())
    numbers = rows or list(range(first, first + lines))
    cells = pl.DataFrame(
        {"a": ["x"] * len(numbers), ROW: numbers}, schema_overrides={ROW: pl.UInt32}
    )
    return RawChunk(first, cells, schema.no_rejects(), 0, 1, text)


def keys(
    text: bytes, *, feed: str = "f", kind: str = "k", first: int = 1, **columns: object
) -> list[int]:
    some = chunk(text, first)
    count = some.frame.height
    rows = frame(*["192.0.2.1"] * count, feed_row=some.frame[ROW].to_list(), **columns)
    one, _two, _content = d.row_keys(some, rows, SECRET, feed=feed, kind=kind)
    return one.tolist()


def test_a_row_is_its_bytes_its_feed_and_its_kind() -> None:
    same = keys(b"a,b\nc,d\n")
    assert keys(b"c,d\r\na,b", first=7) == same[::-1]
    assert set(keys(b"a,b\nc,d\n", feed="g")).isdisjoint(same)
    assert set(keys(b"a,b\nc,d\n", kind="l")).isdisjoint(same)


def test_a_row_without_a_time_of_its_own_is_another_the_next_day() -> None:
    undated = [int(Flag.TIME_MISSING)]
    days = [
        keys(b"a\n", flags=undated, time_source=pl.Series([day * 86400 * 10**6], dtype=schema.TIME))
        for day in (1, 1, 2)
    ]
    assert days[0] == days[1] != days[2]


def test_a_finding_is_the_problem_on_the_address() -> None:
    rows = frame(
        *["192.0.2.1"] * 5,
        class_taxonomy=[
            "malicious-code",
            "malicious-code",
            "vulnerable",
            "vulnerable",
            "vulnerable",
        ],
        class_type=[
            "infected-system",
            "infected-system",
            "vulnerable-system",
            "vulnerable-system",
            "vulnerable-system",
        ],
        class_id=["andromeda", "andromeda", "redis", "redis", "redis"],
        src_port=[50000, 51111, 6379, 6380, 6379],
        feed_name=["a", "b", "a", "a", "b"],
    )
    found = d.finding_keys(rows, SECRET).tolist()
    assert found[0] == found[1], "the source port of an infected machine is no part of it"
    assert found[2] != found[3] and found[2] == found[4], "the port of an open service is"
    other = d.finding_keys(rows.with_columns(src_ip4=rows["src_ip4"] + 1), SECRET).tolist()
    assert set(other).isdisjoint(found)


numbers = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), max_size=30)


def arrays(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    both = np.array(pairs, np.uint64).reshape(-1, 2)
    return both[:, 0].copy(), both[:, 1].copy()


@given(numbers, numbers, numbers)
def test_a_hit_is_one_of_all_128_bits(
    held: list[tuple[int, int]], more: list[tuple[int, int]], asked: list[tuple[int, int]]
) -> None:
    run = d.merged(d.ordered(*arrays(held)), d.ordered(*arrays(more)))
    assert sorted(zip(run.key.tolist(), run.check.tolist(), strict=True)) == sorted(held + more)
    assert run.key.tolist() == sorted(run.key.tolist())
    assert d.among(run, *arrays(asked)).tolist() == [pair in held + more for pair in asked]


@given(numbers)
def test_the_first_of_a_kind_is_kept_and_the_others_are_counted(
    pairs: list[tuple[int, int]],
) -> None:
    key, check = arrays(pairs)
    kept, again = d.first_of(key, check, np.argsort(key)[::-1])
    assert d.distinct(key).tolist() == sorted({one for one, _ in pairs})
    firsts = [pair not in pairs[:at] for at, pair in enumerate(pairs)]
    assert kept.tolist() == firsts
    assert again[kept].tolist() == [
        pairs.count(p) - 1 for p, first in zip(pairs, firsts, strict=True) if first
    ]


@given(
    st.integers(300, 3_000),
    st.lists(st.integers(0, (1 << 64) - 1), max_size=40),
    st.integers(0, 60),
)
def test_a_sieve_hides_no_key(count: int, odd: list[int], shift: int) -> None:
    """Keys that lie close together too, and those at both ends."""
    chance = np.random.default_rng(count)
    some = chance.integers(0, 1 << 64, count, np.uint64) >> np.uint64(shift)
    key = np.sort(np.concatenate([some, np.array([0, (1 << 64) - 1, *odd], np.uint64)]))
    run = d.Keys(key, key, d.sieve(key))
    assert len(d.sieve(key)) == d.sieve_size(len(key)) <= 2 * len(key)
    asked = np.sort(np.concatenate([key, key + np.uint64(1), some ^ np.uint64(1 << 63)]))
    assert d.among(run, asked, asked).tolist() == np.isin(asked, key).tolist()


def test_most_keys_that_are_not_there_are_not_looked_for() -> None:
    chance = np.random.default_rng(3)
    for count in (300, 70_000, 1_200_000):
        key = np.sort(chance.integers(0, 1 << 64, count, np.uint64))
        run = d.Keys(key, key, d.sieve(key))
        asked = np.sort(chance.integers(0, 1 << 64, 50_000, np.uint64))
        assert len(runs_of_keys._may_be(run, asked)) < 50_000 / 7


@given(st.lists(st.integers(1, 200_000), max_size=300))
def test_runs_stay_few_and_a_key_is_copied_a_few_times(lengths: list[int]) -> None:
    held: list[int] = []
    copied = 0
    for fresh in lengths:
        count = d.joins(held, fresh)
        size = fresh + sum(held[len(held) - count :])
        held[len(held) - count :] = [size]
        copied += size
    assert sum(held) == sum(lengths)
    assert len(held) <= 7 * 8, "seven of each of eight lengths"
    assert copied <= 8 * sum(lengths)
