"""Conditions of a request: versions by ETag, keys of once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.conditions import BadKey, etag, idempotency_key, matches

UUID = "8e03978e-40d5-43e8-bc93-6894a57f9324"


@given(st.binary(), st.binary())
def test_the_same_bytes_have_the_same_tag(one: bytes, other: bytes) -> None:
    assert (etag(one) == etag(other)) == (one == other)
    assert matches(etag(one), etag(one)) and matches(f"W/{etag(one)}", etag(one))
    assert matches(f'"x", {etag(one)}', etag(one)) and matches("*", etag(one))
    assert matches(etag(one), etag(other)) == (one == other)


@pytest.mark.parametrize("header", ["", "x", '"x"', "abc", '"', 'W/"x", "y"'])
def test_another_tag_does_not_match(header: str) -> None:
    assert not matches(header, etag(b""))


def test_a_key_is_the_same_quoted_or_bare() -> None:
    assert idempotency_key(f'"{UUID}"') == idempotency_key(UUID) == UUID
    assert idempotency_key(f'  "{UUID}" ') == UUID
    assert idempotency_key(r'"a\"b\\c-0123456789"') == r'a"b\c-0123456789'


@pytest.mark.parametrize(
    "header",
    [
        "",
        '""',
        "short",
        '"short"',
        "a b" * 9,
        '"' + "x" * 201 + '"',
        "x" * 201,
        '"' + "x" * 20,
        "ключ" * 9,
    ],
)
def test_a_key_that_cannot_be_used_says_what_to_send(header: str) -> None:
    with pytest.raises(BadKey) as caught:
        idempotency_key(header)
    assert "UUID" in caught.value.remedy


@given(st.text())
def test_any_header_gives_a_key_or_the_one_error(header: str) -> None:
    try:
        assert 16 <= len(idempotency_key(header)) <= 200
    except BadKey as error:
        assert error.remedy
