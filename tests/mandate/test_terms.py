"""The glossary: definitions with sources, the Resolution quoted exactly, terms found in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.mandate.rules.terms import find_terms, terms

from .reading import adopted

LANGUAGES = {"ar", "en", "es", "fr", "ru", "zh"}


def test_every_definition_has_a_source_and_every_term_an_english_name() -> None:
    assert len({t.key for t in terms()}) == len(terms()) == 9
    for term in terms():
        assert term.names["en"] and set(term.names) <= LANGUAGES
        assert "no universally agreed" in term.note
        assert term.definitions
        for d in term.definitions:
            assert d.text and d.source and d.year
            assert d.language in LANGUAGES


def test_words_of_the_resolution_are_quoted_exactly() -> None:
    noting = next(p.text for p in adopted() if (p.section, p.path) == ("noting", "c"))
    spam = next(t for t in terms() if t.key == "spam")
    assert spam.definitions[0].text in noting
    teams = next(p.text for p in adopted() if (p.section, p.path) == ("recalling", "j"))
    cirt = next(t for t in terms() if t.key == "cirt")
    assert cirt.definitions[0].text in teams


def test_terms_are_found_in_the_resolution() -> None:
    found = {key for p in adopted() for key, _, _ in find_terms(p.text)}
    assert found >= {"cybersecurity", "spam", "cirt", "threat", "vulnerability"}
    assert "developing-countries" in found


def test_the_longest_spelling_wins_and_words_are_whole() -> None:
    text = "A computer security incident response team; Vulnerabilities; spamming; anti-spam; cirt"
    assert [key for key, _, _ in find_terms(text)] == ["cirt", "vulnerability"]


def test_letters_that_only_fold_to_ascii_are_not_terms() -> None:
    assert find_terms("ſpam, vulnerabİlity") == []


@given(st.text(max_size=200))
def test_offsets_lie_inside_and_in_order(text: str) -> None:
    end = 0
    for _, start, stop in find_terms(f"{text} spam {text}"):
        assert end <= start < stop <= 2 * len(text) + 6
        end = stop
