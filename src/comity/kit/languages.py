"""The six official languages of the ITU: how each is called, written and coded, and which of
them a reader asks for. One row per language; whoever needs a code asks here.

Codes: BCP 47 (what HTML and HTTP want), Django's own, ISO 639-3 (what Akoma Ntoso wants).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from comity.kit.errors import UnknownLanguage, shown


@dataclass(frozen=True, slots=True)
class Language:
    """One language. `code` is the house's key and stands in URLs."""

    code: str
    own_name: str
    english_name: str
    bcp47: str
    django: str
    iso639_3: str
    script: str  # Latin, Arabic, Cyrillic or Han
    dir: str = "ltr"
    comma: str = ", "  # between the pieces of a list
    stop: str = "."


# Chinese is written in simplified characters at the UN and the ITU, hence Hans.
LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("ar", "العربية", "Arabic", "ar", "ar", "ara", "Arabic", "rtl", "، "),
        Language("en", "English", "English", "en", "en", "eng", "Latin"),
        Language("es", "Español", "Spanish", "es", "es", "spa", "Latin"),
        Language("fr", "Français", "French", "fr", "fr", "fra", "Latin"),
        Language("ru", "Русский", "Russian", "ru", "ru", "rus", "Cyrillic"),
        Language("zh", "中文", "Chinese", "zh-Hans", "zh-hans", "zho", "Han", "ltr", "、", "。"),
    )
}
DEFAULT = "en"

_BY_ANY_CODE = {
    code.lower(): language
    for language in LANGUAGES.values()
    for code in (language.code, language.bcp47, language.django, language.iso639_3)
}


def gettext_noop(sentence: str) -> str:
    """Mark a sentence for the catalogues; a door translates it when it shows it."""
    return sentence


def by_code(code: str) -> Language:
    """The language of any of its codes: "zh", "zh-Hans", "zh-hans", "zho".

    Raises `UnknownLanguage`.
    """
    try:
        return _BY_ANY_CODE[code.lower()]
    except KeyError:
        remedy = f"Use one of {', '.join(LANGUAGES)}."
        raise UnknownLanguage(f"{shown(code)} is none of the languages", remedy=remedy) from None


# --- what a reader asks for ---------------------------------------------------------------

# A longer header is no browser's; browsers send under 100 characters.
_HEADER_LIMIT = 1000
_RANGE = re.compile(
    r"(?P<tag>[a-z]{1,8}(?:-[a-z0-9]{1,8})*|\*)\s*(?:;\s*q=(?P<q>0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?",
    re.ASCII,
)


def best(accept_language: str, default: str = DEFAULT) -> str:
    """The code of the language to answer in, from the header Accept-Language (RFC 9110, 12.5.4).

    The highest weight wins, the first of equals; the main language decides (`zh-TW` is `zh`).
    `*`, a header that names none of the six, and junk give `default`.
    """
    chosen, weight = default, 0.0
    for item in accept_language[:_HEADER_LIMIT].lower().split(","):
        match = _RANGE.fullmatch(item.strip())
        if match is None:
            continue
        code = match["tag"].partition("-")[0]
        code = default if code == "*" else code
        quality = 1.0 if match["q"] is None else float(match["q"])
        if code in LANGUAGES and quality > weight:
            chosen, weight = code, quality
    return chosen


# --- which script a text is in ------------------------------------------------------------

_NOT_WORDS = re.compile(r"%\(\w+\)[a-z]|%[a-z]|\{\w*\}|<[^<>]*>|https?://\S+|&\w+;")


def _script(character: str) -> str:
    """Latin, Arabic, Cyrillic, Han, Other; empty for what is no letter."""
    if not unicodedata.category(character).startswith("L"):
        return ""
    name = unicodedata.name(character, "")
    for prefix, script in (
        ("LATIN", "Latin"),
        ("ARABIC", "Arabic"),
        ("CYRILLIC", "Cyrillic"),
        ("CJK", "Han"),
    ):
        if name.startswith(prefix):
            return script
    return "Other"


def in_script(text: str, language: str) -> bool:
    """Whether at least half of the words of a text are in the language's script.

    A word is a run of letters of one script, in Chinese a single character, so that a foreign
    name does not outweigh the sentence around it. Placeholders, tags and addresses do not
    count, and a text without words passes. It tells scripts apart, not languages: English
    passes as French.
    """
    wanted = by_code(language).script
    right = wrong = 0
    previous = ""
    for character in _NOT_WORDS.sub(" ", text):
        if unicodedata.combining(character):
            continue  # vowel signs and accents stand inside a word
        script = _script(character)
        if script and (script != previous or script == "Han"):
            right, wrong = right + (script == wanted), wrong + (script != wanted)
        previous = script
    return right >= wrong
