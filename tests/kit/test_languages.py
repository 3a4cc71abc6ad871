"""Six languages: their codes, what a reader asks for, and which script a text is in."""

from __future__ import annotations

import babel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.kit.errors import UnknownLanguage
from comity.kit.languages import LANGUAGES, best, by_code, in_script

SENTENCES = {
    "ar": "قرر مؤتمر المندوبين المفوضين للاتحاد الدولي للاتصالات",
    "en": "The Plenipotentiary Conference resolves",
    "es": "La Conferencia de Plenipotenciarios resuelve",
    "fr": "La Conférence de plénipotentiaires décide",
    "ru": "Полномочная конференция решает",
    "zh": "全权代表大会做出决议",
}


def test_the_six_official_languages_and_only_arabic_runs_right_to_left() -> None:
    assert list(LANGUAGES) == ["ar", "en", "es", "fr", "ru", "zh"]
    assert [code for code, language in LANGUAGES.items() if language.dir == "rtl"] == ["ar"]
    assert LANGUAGES["zh"].django == "zh-hans"


@pytest.mark.parametrize("code", LANGUAGES)
def test_names_are_those_of_cldr(code: str) -> None:
    language, locale = LANGUAGES[code], babel.Locale.parse(code)
    assert language.own_name.lower() == str(locale.languages[code]).lower()
    assert language.english_name == babel.Locale.parse("en").languages[code]
    assert (language.dir == "rtl") is (locale.text_direction == "rtl")


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_found_by_each_of_its_codes(code: str) -> None:
    language = LANGUAGES[code]
    for spelling in (code, language.bcp47, language.django, language.iso639_3.upper()):
        assert by_code(spelling) is language


def test_another_language_is_refused_with_the_six_named() -> None:
    with pytest.raises(UnknownLanguage, match="ar, en, es, fr, ru, zh"):
        by_code("de")


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("de, fr;q=0.8, en;q=0.7", "fr"),
        ("en;q=0.3, ar;q=0.9", "ar"),
        ("es, ru", "es"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh"),
        ("ZH-hans-cn", "zh"),
        ("fr;q=0, ru;q=0.1", "ru"),
        ("de, *;q=0.5", "en"),
        ("de", "en"),
        ("fr;q=2, ru;q=0.2", "ru"),
        ("ru ; q=0.5 , es;q=0.4", "ru"),
    ],
)
def test_the_reader_gets_the_language_asked_for(header: str, code: str) -> None:
    assert best(header) == code


def test_the_default_is_the_doors_choice() -> None:
    assert best("de", default="fr") == "fr"
    assert best("*", default="fr") == "fr"


@settings(max_examples=50)
@given(st.text() | st.from_regex(r"(\w{1,3}(-\w+)?(;q=[\d.]+)?,? ?){1,5}", fullmatch=True))
def test_any_header_gives_one_of_the_six(header: str) -> None:
    assert best(header) in LANGUAGES


def test_an_endless_header_is_read_to_a_limit() -> None:
    assert best("x," * 5_000_000 + "fr") == "en"


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_sentence_passes_in_its_own_script_and_fails_in_the_others(code: str) -> None:
    for other, language in LANGUAGES.items():
        same = language.script == LANGUAGES[code].script
        assert in_script(SENTENCES[code], other) is same


def test_names_placeholders_and_addresses_do_not_outweigh_the_sentence() -> None:
    assert in_script("使用 IntelMQ 和 Shadowserver", "zh")
    assert in_script("%(count)s из %(total)s", "ru")
    assert in_script('<a href="https://www.itu.int/">الاتحاد</a>', "ar")
    assert not in_script("Use IntelMQ и Shadowserver", "ru")


def test_a_text_without_words_passes() -> None:
    for text in ("", "2014", "%(n)d – {total}", "&nbsp;"):
        assert all(in_script(text, code) for code in LANGUAGES)


def test_vowel_signs_do_not_cut_arabic_words() -> None:
    assert not in_script("one two مُحَمَّد", "ar")


@given(st.text(), st.sampled_from(sorted(LANGUAGES)))
def test_any_text_is_judged(text: str, code: str) -> None:
    assert in_script(text, code) in (True, False)
