"""Which lines are headings, and the short names of sections."""

from __future__ import annotations

import pytest

from comity.mandate.rules.sections import is_heading, is_operative, is_preamble, section_key

DIRECTORS = (
    "further instructs the Director of the Telecommunication Standardization Bureau and the "
    "Director of the Telecommunication Development Bureau"
)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("recalling", "recalling"),
        ("bearing in mind", "bearing-in-mind"),
        ("noting with appreciation", "noting-with-appreciation"),
        ("resolves", "resolves"),
        ("resolves to instruct the Director of BDT", "resolves-instruct-bdt"),
        ("instructs the Secretary-General", "instructs-sg"),
        ("instructs the Secretary\u2011General", "instructs-sg"),
        (
            "instructs the Secretary-General and the Directors of the Bureaux",
            "instructs-sg-directors",
        ),
        ("instructs the Director of the Telecommunication Standardization Bureau", "instructs-tsb"),
        ("instructs the Director of the Telecommunication Development Bureau", "instructs-bdt"),
        ("instructs the Director of the Radiocommunication Bureau", "instructs-br"),
        (DIRECTORS, "further-instructs-tsb-bdt"),
        ("further instructs the Directors of TSB and of BDT", "further-instructs-tsb-bdt"),
        ("requests the Council", "requests-council"),
        ("invites Member States", "invites-ms"),
        ("invites Member States, Sector Members and Associates", "invites-ms-sm-associates"),
        ("invites Associates and Academia", "invites-associates-academia"),
        ("calls upon administrations", "calls-upon-administrations"),
        ("having sung", "having-sung"),
    ],
)  # fmt: skip
def test_section_keys_are_short_and_readable(heading: str, key: str) -> None:
    assert section_key(heading) == key


@pytest.mark.parametrize(
    "line",
    [
        "considering further", "recognizing also", "having regard to", "taking into account",
        "in view of", "concerned", "mindful", "emphasizing", "convinced", "noting with concern",
        "further recognizing", "noting further", "considering that", "recalling and noting",
    ],
)  # fmt: skip
def test_recitals_open_with_a_participle(line: str) -> None:
    assert is_heading(line) and is_preamble(line) and not is_operative(line)


@pytest.mark.parametrize(
    "line",
    [
        "resolves", "decides", "authorizes the Council", "recommends", "welcomes",
        "urges Member States", "encourages Sector Members", "calls upon Member States",
        "resolves to instruct the Secretary-General:", "requests the Secretary-General",
        "invites the Council, within its mandate", DIRECTORS,
    ],
)  # fmt: skip
def test_operative_text_opens_with_a_verb_in_the_third_person(line: str) -> None:
    assert is_heading(line) and is_operative(line) and not is_preamble(line)


@pytest.mark.parametrize(
    "line",
    [
        "", "Recalling", "noting that cables age,", "a) recalling", "the Council",
        "recognizing the principles of universal access to ICTs for all nations",
        "each within the scope of his responsibilities:", "resolves the matter for good;",
        "resolve", "considered", "invitesMember States", "instructs " + "x" * 400,
    ],
)  # fmt: skip
def test_sentences_are_no_headings(line: str) -> None:
    assert not is_heading(line)
