"""Paging: everything once, whatever is added meanwhile; a foreign cursor is a clean error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.errors import BadCursor, KitError
from comity.kit.paging import (
    MAX_SEQUENCE,
    Page,
    clamp_limit,
    cut,
    decode_cursor,
    encode_cursor,
)

sequences = st.integers(0, MAX_SEQUENCE)
questions = st.none() | st.dictionaries(st.sampled_from("abc"), st.integers(0, 3))


@given(sequences, questions)
def test_a_cursor_comes_back_as_it_went(sequence: int, question: object) -> None:
    cursor = encode_cursor(sequence, question)
    assert decode_cursor(cursor, question) == sequence
    assert len(cursor) == 23 and cursor.isascii()


@given(sequences, questions, questions)
def test_a_cursor_of_another_question_is_refused(sequence: int, one: object, two: object) -> None:
    cursor = encode_cursor(sequence, one)
    if one == two:
        assert decode_cursor(cursor, two) == sequence
    else:
        with pytest.raises(BadCursor, match="another question"):
            decode_cursor(cursor, two)


@given(sequences, st.integers(0, 22), st.characters(codec="ascii"))
def test_one_changed_character_is_noticed(sequence: int, at: int, character: str) -> None:
    cursor = encode_cursor(sequence)
    changed = cursor[:at] + character + cursor[at + 1 :]
    if changed != cursor:
        with pytest.raises(BadCursor, match="first page"):
            decode_cursor(changed)


@given(st.text())
def test_junk_is_no_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(text)


def test_an_endless_cursor_is_refused() -> None:
    with pytest.raises(BadCursor) as raised:
        decode_cursor("A" * 10_000_000)
    assert len(str(raised.value)) < 200


def test_the_limit_is_held_between_1_and_500() -> None:
    given_limits = [None, -3, 0, 1, 50, 500, 501, 10**9]
    assert [clamp_limit(limit) for limit in given_limits] == [50, 1, 1, 1, 50, 500, 500, 500]


def read(table: list[int], cursor: str | None, limit: int) -> Page[int]:
    """What a reads layer does: everything after the cursor, one row more than the limit."""
    after = decode_cursor(cursor, "all") if cursor else -1
    rows = [number for number in table if number > after][: limit + 1]
    return cut(rows, limit, lambda number: number, "all")


@given(st.sets(st.integers(0, 99)), st.integers(1, 7), st.sets(st.integers(100, 120)))
def test_pages_hold_everything_once_even_what_came_meanwhile(
    numbers: set[int], limit: int, later: set[int]
) -> None:
    table, seen = sorted(numbers), []
    page = read(table, None, limit)
    seen.extend(page.items)
    table = sorted(numbers | later) if page.next else table
    while page.next:
        page = read(table, page.next, limit)
        assert 1 <= len(page.items) <= limit
        seen.extend(page.items)
    assert seen == table


def test_the_last_page_says_so_even_when_it_is_full() -> None:
    assert read([1, 2], None, 2).next is None
    assert read([1, 2, 3], None, 2).next is not None
    assert read([], None, 2) == Page((), None, 2)


@pytest.mark.parametrize("rows", [[2, 1], [1, 1]])
def test_rows_out_of_sequence_are_refused(rows: list[int]) -> None:
    with pytest.raises(KitError, match="increasing"):
        cut(rows, 5, lambda number: number)


@pytest.mark.parametrize("sequence", [-1, MAX_SEQUENCE + 1])
def test_a_sequence_out_of_range_has_no_cursor(sequence: int) -> None:
    with pytest.raises(KitError, match="out of range"):
        encode_cursor(sequence)
