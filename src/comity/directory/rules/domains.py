"""Domain names as one spelling, and the country a top-level domain belongs to.

Two spellings of one name must meet in an equality, so a name is kept as IDNA 2008 writes it in
ASCII (RFC 5891), mapped first as browsers do (UTS 46), lower case, without the root's dot.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import idna

from comity.directory.types import DirectoryError
from comity.kit import countries
from comity.kit.errors import UnknownCountry, shown
from comity.kit.languages import gettext_noop

LONGEST = 253  # characters of a name in presentation form, RFC 1035 with the root's dot off

# Top-level domains of countries in their own scripts: IANA, Root Zone Database, read 2026.
# .ею and .ευ (European Union) stand for no country. The two-letter ones are ISO 3166-1 codes.
IN_OWN_SCRIPT: Mapping[str, str] = MappingProxyType(
    {
        idna.encode(label).decode(): country
        for country, labels in {
            "AE": "امارات",
            "AM": "հայ",
            "BD": "বাংলা",
            "BG": "бг",
            "BH": "البحرين",
            "BY": "бел",
            "CN": "中国 中國",
            "DZ": "الجزائر",
            "EG": "مصر",
            "GE": "გე",
            "GR": "ελ",
            "HK": "香港",
            "IN": "भारत بھارت భారత్ ભારત ভারত இந்தியா ਭਾਰਤ ಭಾರತ",
            "IQ": "عراق",
            "IR": "ایران",
            "JO": "الاردن",
            "KR": "한국",
            "KZ": "қаз",
            "LA": "ລາວ",
            "LK": "இலங்கை",
            "MA": "المغرب",
            "MK": "мкд",
            "MN": "мон",
            "MO": "澳門",
            "MR": "موريتانيا",
            "MY": "مليسيا",
            "OM": "عمان",
            "PK": "پاکستان",
            "PS": "فلسطين",
            "QA": "قطر",
            "RS": "срб",
            "RU": "рф",
            "SA": "السعودية",
            "SD": "سودان",
            "SG": "新加坡 சிங்கப்பூர்",
            "SY": "سورية",
            "TH": "ไทย",
            "TN": "تونس",
            "TW": "台湾 台灣",
            "UA": "укр",
            "YE": "اليمن",
        }.items()
        for label in labels.split()
    }
)


def canonical_domain(text: str) -> str:
    """The one spelling of a domain: "BÜCHER.example." is "xn--bcher-kva.example"."""
    name = text.strip()
    if not name or len(name) > 4 * LONGEST:
        raise _bad(
            text,
            gettext_noop("{text} is no domain name"),
            gettext_noop("Give a name such as example.gov.xx."),
        )
    if "*" in name:
        raise _bad(
            text,
            gettext_noop("{text} is a wildcard"),
            gettext_noop("Give the domain alone: what lies below it belongs to it anyway."),
        )
    # UTS 46 maps the ideographic full stops (U+3002, U+FF0E, U+FF61) to dots by itself.
    try:
        ascii_name = idna.encode(name, uts46=True).decode("ascii").lower().removesuffix(".")
        idna.decode(ascii_name)  # what looks like xn-- must be what it says
    except (idna.IDNAError, UnicodeError, IndexError, ValueError):
        remedy = gettext_noop(
            "Use letters, digits and hyphens, in labels of at most 63 characters."
        )
        raise _bad(text, gettext_noop("{text} is no domain name under IDNA 2008"), remedy) from None
    labels = ascii_name.split(".")
    if len(ascii_name) > LONGEST:
        raise _bad(
            text,
            gettext_noop("{text} is longer than 253 characters"),
            gettext_noop("Give a shorter name."),
        )
    if labels[-1].isdigit():
        remedy = gettext_noop(
            "An IPv4 address has four numbers, 192.0.2.7, a network a length, 192.0.2.0/24."
        )
        raise _bad(
            text, gettext_noop("{text} is an address with a part missing or too many"), remedy
        )
    if len(labels) < 2:
        remedy = gettext_noop(
            "For a whole top-level domain claim the country; else give example.gov.xx."
        )
        raise _bad(text, gettext_noop("{text} is a single label"), remedy)
    return ascii_name


def suffixes(domain: str) -> tuple[str, ...]:
    """The domain and what it lies below, nearest first, without the top level."""
    labels = domain.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


def country_of(domain: str) -> str:
    """ISO 3166-1 code of the country of the top-level domain: "uk" is GB; empty for ".org"."""
    top = domain.rpartition(".")[2]
    if top in IN_OWN_SCRIPT:
        return IN_OWN_SCRIPT[top]
    if len(top) != 2 or not top.isalpha():
        return ""
    try:
        return countries.by_code(top).iso2
    except UnknownCountry:
        return ""  # .eu, .su, .ac: no country of ISO 3166-1 today


def _bad(text: str, sentence: str, remedy: str) -> DirectoryError:
    return DirectoryError(sentence, "", remedy, text=shown(text))
