"""Errors say what, where and what next, and survive a process boundary."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.errors import KitError, UnknownCountry, UnknownLabel, shown


def test_an_error_says_what_where_and_what_next() -> None:
    error = KitError("'x' is no label", "row 3", "Use TLP:CLEAR.")
    assert str(error) == "'x' is no label at row 3. Use TLP:CLEAR."
    assert str(KitError("too long")) == "too long."


def test_an_error_survives_a_process_boundary() -> None:
    again = pickle.loads(pickle.dumps(UnknownLabel("no label", "here", "Do this.")))
    assert isinstance(again, UnknownLabel)
    assert (again.message, again.place, again.remedy) == ("no label", "here", "Do this.")


def test_errors_are_also_pythons_own_kind() -> None:
    with pytest.raises(LookupError):
        raise UnknownCountry("none")
    with pytest.raises(ValueError, match="none"):
        raise UnknownLabel("none")


@given(st.text())
def test_somebodys_input_is_shown_short_and_printable(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text, 5)) <= 5 * 10 + 3


def test_input_in_six_scripts_stays_readable_and_direction_marks_do_not() -> None:
    assert shown("Йемен اليمن 也门") == "'Йемен اليمن 也门'"
    assert shown("a\u202eb") == "'a\\u202eb'"
    assert shown("x" * 50) == "'" + "x" * 40 + "…'"
