"""Canonical JSON: the RFC's own vectors, the house's values, and errors with their place."""

from __future__ import annotations

import datetime as dt
import json
import math
import struct
from dataclasses import dataclass
from enum import Enum, StrEnum
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.canonical import MAX_INT, canonical, digest
from comity.kit.errors import NotCanonical


class Colour(StrEnum):
    RED = "red"


class Place(Enum):
    FIRST = 1


@dataclass(frozen=True)
class Pair:
    right: object
    left: object


# RFC 8785, appendix B: IEEE 754 bits and their spelling.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "spelling"), NUMBERS)
def test_numbers_are_spelled_as_in_the_rfc(bits: str, spelling: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical(number) == spelling.encode()


def test_the_rfcs_example_object() -> None:
    # RFC 8785, 3.2.2 (input) and 3.2.4 (output).
    value = json.loads(
        r'{"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],'
        r'"string": "\u20ac$\u000F\u000aA\u0027\u0042\u0022\u005c\\\"\/",'
        r'"literals": [null, true, false]}'
    )
    assert canonical(value).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        r'"string":"€$\u000f\nA' + "'" + r'B\"\\\\\"/"}'
    )


def test_the_rfcs_order_of_keys_is_that_of_utf_16() -> None:
    # RFC 8785, 3.2.3: the smiling face, a surrogate pair, comes before U+FB33.
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    in_order = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonical(dict.fromkeys(keys)))) == in_order


def test_the_houses_values_have_one_spelling() -> None:
    noon = dt.datetime(2014, 11, 7, 12, tzinfo=dt.timezone(dt.timedelta(hours=9)))
    value = {
        Colour.RED: Place.FIRST,
        "at": noon,
        "day": dt.date(2014, 11, 7),
        "id": UUID(int=10),
        "pair": Pair(right=(1, 2.0), left=None),
        "set": frozenset({"b", "a"}),
        UUID(int=1): True,
    }
    assert canonical(value).decode() == (
        '{"00000000-0000-0000-0000-000000000001":true,"at":"2014-11-07T03:00:00.000000Z",'
        '"day":"2014-11-07","id":"00000000-0000-0000-0000-00000000000a",'
        '"pair":{"left":null,"right":[1,2]},"red":1,"set":["a","b"]}'
    )


def test_one_moment_has_one_spelling_in_every_zone() -> None:
    utc = dt.datetime(2014, 11, 7, 3, tzinfo=dt.UTC)
    assert canonical(utc) == canonical(utc.astimezone(dt.timezone(dt.timedelta(hours=-5))))


CYCLE: list[object] = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("value", "place", "says"),
    [
        ({"rows": [0, {"score": math.nan}]}, "$.rows[1].score", "nan is no number"),
        ([math.inf], "$[0]", "inf is no number"),
        ({"n": MAX_INT + 1}, "$.n", "beyond"),
        (["\ud800"], "$[0]", "surrogate"),
        ({"\ud800": 1}, "$ (key)", "surrogate"),
        ({"when": dt.datetime(2014, 11, 7)}, "$.when", "zone"),  # noqa: DTZ001
        ({"raw": b"x"}, "$.raw", "bytes has no form"),
        ({1: "x"}, "$", "key of type int"),
        ({Colour.RED: 1, UUID(int=0): 2, str(UUID(int=0)): 3}, "$.0000", "two keys"),
        ({"set": {b"x"}}, "$.set{}", "bytes"),
        (Pair, "$", "type has no form"),
        (CYCLE, "$[0][0]", "too deep"),
    ],
)
def test_what_has_no_single_spelling_is_refused_with_its_place(
    value: object, place: str, says: str
) -> None:
    with pytest.raises(NotCanonical) as raised:
        canonical(value)
    assert raised.value.place.startswith(place)
    assert says in raised.value.message
    assert raised.value.remedy


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INT, MAX_INT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values)
def test_reading_back_gives_the_same_value_and_the_same_bytes(value: object) -> None:
    spelled = canonical(value)
    read = json.loads(spelled, parse_int=float)
    assert canonical(read) == spelled
    assert read == value


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert digest(value) == digest(dict(reversed(value.items())))


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=3) | st.integers(0, 99), unique=True)
)
def test_a_set_has_one_spelling_however_it_was_filled(members: list[object]) -> None:
    assert canonical(set(members)) == canonical({*members[::-1]})
    assert sorted(json.loads(canonical(set(members))), key=repr) == sorted(members, key=repr)


def test_the_digest_is_sha256_of_the_bytes() -> None:
    # echo -n '{}' | sha256sum
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
