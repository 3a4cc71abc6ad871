"""Ids: new ones sort by time, derived ones are the same everywhere, pseudonyms hide."""

from __future__ import annotations

import re
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit import ids
from comity.kit.errors import KitError, WeakSecret

SECRET = bytes(range(32))


def test_new_ids_are_version_7_of_the_standard_library_and_sort_as_made() -> None:
    made = [ids.new() for _ in range(2000)]
    assert type(made[0]) is UUID
    assert {(i.version, i.variant) for i in made} == {(7, "specified in RFC 4122")}
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_derived_ids_never_change() -> None:
    # Written down once: another value here would orphan what was stored under the old one.
    assert ids.derived("instrument", "itu-pp/res-130") == uuid5(
        UUID("c0311700-0000-8000-8000-000000000000"), "instrument\x1fitu-pp/res-130"
    )
    assert (
        str(ids.derived("instrument", "itu-pp/res-130")) == "c26eed35-3ab6-5b98-a738-e580288a9fa0"
    )


names = st.text(st.characters(codec="utf-8", exclude_characters="\x1f"))


@given(st.lists(names, max_size=3), st.lists(names, max_size=3))
def test_derived_ids_differ_when_any_part_does(one: list[str], two: list[str]) -> None:
    assert (ids.derived("k", *one) == ids.derived("k", *two)) is (one == two)


def test_a_part_that_could_pass_for_two_is_refused() -> None:
    for parts in (("k", "a\x1fb"), ("", "a")):
        with pytest.raises(KitError, match="derived id"):
            ids.derived(*parts)


def test_a_pseudonym_is_steady_short_and_fits_a_url() -> None:
    person = UUID(int=7)
    name = ids.pseudonym(SECRET, person)
    assert name == ids.pseudonym(SECRET, person)
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", name)
    assert name != ids.pseudonym(SECRET, UUID(int=8))
    assert name != ids.pseudonym(SECRET[::-1], person)
    assert str(person) not in name and person.hex not in name


def test_a_weak_secret_is_refused_without_showing_it() -> None:
    with pytest.raises(WeakSecret) as raised:
        ids.pseudonym(b"hunter2", UUID(int=7))
    assert "hunter2" not in str(raised.value)
    assert "32" in raised.value.remedy


def test_the_digest_is_that_of_canonical_json() -> None:
    assert ids.digest({"b": 1, "a": 2}) == ids.digest({"a": 2.0, "b": 1})
