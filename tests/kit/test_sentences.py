"""A sentence with somebody's input in it is said in the reader's language."""

from __future__ import annotations

import re

import pytest

from comity.kit import countries, languages, tlp
from comity.kit.errors import KitError
from comity.kit.sentences import FILLED, WHOLE, said_in
from comity.kit.sheets import Unreadable, read, refuse_size
from comity.kit.sheets.faults import FAULTS, finding

PLACE = re.compile(r"%\((\w+)\)s")


def shouted(sentence: str) -> str:
    """A language of its own: capitals, the places kept. It knows what is in the catalogues."""
    held = {*FILLED, *WHOLE, *(f.message for f in FAULTS.values())}
    held |= {f.remedy for f in FAULTS.values()}
    if sentence not in held:
        return sentence
    return "".join(
        part if at % 2 else part.upper()
        for at, part in enumerate(re.split(r"(%\(\w+\)s)", sentence))
    )


@pytest.mark.parametrize("code", FAULTS)
def test_every_fault_of_a_file_is_said_with_its_places_filled(code: str) -> None:
    facts = {name: f"<{name} 1 of ours>" for name in PLACE.findall(FAULTS[code].message)}
    told = finding(code, 2, "B", **facts)
    words = said_in(told.message, shouted)
    assert words == shouted(FAULTS[code].message) % facts
    assert said_in(told.remedy, shouted) == told.remedy.upper()


def _country(text: str) -> None:
    countries.by_code(text)


def _language(text: str) -> None:
    languages.by_code(text)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (_country, "QQ"),
        (_country, "XK"),
        (countries.find, "Atlantis"),
        (tlp.parse, "TLP:MAUVE"),
        (_language, "tlh"),
    ],
)
def test_what_the_kit_says_is_wrong_is_said_in_the_readers_words(wrong, text: str) -> None:
    with pytest.raises(KitError) as error:
        wrong(text)
    words = said_in(error.value.message, shouted)
    assert words != error.value.message and text in words
    if not error.value.remedy.startswith("Keep it apart"):
        assert said_in(error.value.remedy, shouted) != error.value.remedy


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"\x89PNG....", b"<html>", b"a\x00b\x00c\x00", b"PK\x03\x04 cut off"],
)
def test_a_file_that_is_no_table_is_refused_in_the_readers_words(data: bytes) -> None:
    with pytest.raises(Unreadable) as error:
        read(data, name="x.xlsx")
    assert said_in(error.value.message, shouted) == error.value.message.upper()
    with pytest.raises(Unreadable) as large:
        refuse_size(200_000_000)
    assert said_in(large.value.message, shouted).startswith("THE FILE HAS 190.7 MB")


def test_what_nobody_knows_stays_as_it_is() -> None:
    for text in ("", "Kenya", "%", "%(text)s", "the file is", "a\nb"):
        assert said_in(text, str) == text


def test_input_that_looks_like_a_place_breaks_nothing() -> None:
    told = finding("formula", 2, "B", formula="'=%(x)s %s %'")
    assert "'=%(x)s %s %'" in said_in(told.message, shouted)
