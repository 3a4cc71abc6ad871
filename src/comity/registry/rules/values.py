"""One value of one field: from text or JSON to its one form, and back to text.

The form, the CSV column and the API all come through here, so a value that one door takes the
others take too. Errors are `BadValue`: what is wrong and what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from comity.kit import countries
from comity.kit.dates import BadDate, PartialDate, Period
from comity.kit.errors import UnknownCountry
from comity.kit.languages import gettext_noop
from comity.registry.rules.spelling import FROM_TEXT, TO_TEXT
from comity.registry.rules.spelling import PARTY_PARTS as PARTY_PARTS  # others read it here
from comity.registry.types import BadValue, Field, FieldType, Vocabulary

Vocabularies = Mapping[str, Vocabulary]

LONGEST_LINE, LONGEST_WORDS, LONGEST_URL = 300, 10_000, 2_000
LARGEST_COUNT = 10**15
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
_ENTRY = re.compile(r"[a-z][a-z0-9_]{0,39}/[a-z0-9][a-z0-9._-]{0,79}")
_PROVISION = re.compile(
    r"[a-z0-9-]{1,40}/[a-z0-9-]{1,40}/[A-Za-z0-9-]{1,40}(?:/[a-z0-9-]{1,40}){1,6}"
)
_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = re.compile(r"[0-9]{1,16}")
_AMOUNT = re.compile(r"[0-9]{1,16}(?:\.[0-9]{1,20})?")
_YES = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
PARTY_LEVELS = "party_levels"  # the vocabulary of `level`, where it is held


def from_text(field: Field, text: str, vocabularies: Vocabularies) -> Any:
    """The value that a cell or a form's line means. Raises `BadValue`."""
    try:
        value = FROM_TEXT.get(field.type, str)(text.strip())
    except BadValue as error:
        raise BadValue(error.message, field.key, error.remedy) from None
    return from_json(field, value, vocabularies)


def from_json(field: Field, value: Any, vocabularies: Vocabularies) -> Any:
    """The one form of a value that came as JSON. Raises `BadValue` with the field's key."""
    try:
        return _CHECKS[field.type](field, value, vocabularies)
    except BadValue as error:
        raise BadValue(error.message, field.key, error.remedy) from None


def to_text(field: Field, value: Any) -> str:
    """The value as a cell holds it; `from_text` reads it back."""
    return TO_TEXT.get(field.type, str)(value)


# --- what a value must be -----------------------------------------------------------------


def line(value: Any, longest: int) -> str:
    """One line of words: NFC, blanks folded. Raises `BadValue`."""
    return _clean(" ".join(_string(value).split()), longest)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise BadValue(gettext_noop("This is no text"), "", gettext_noop("Give text in quotes."))
    return value


def _clean(text: str, longest: int) -> str:
    text = unicodedata.normalize("NFC", text)
    if not text:
        raise BadValue(gettext_noop("Nothing stands here"), "", gettext_noop("Enter a value."))
    if len(text) > longest:
        raise BadValue(
            gettext_noop("This is too long"),
            "",
            gettext_noop("Shorten it; put the rest into the note."),
        )
    if _deceives(text):
        raise BadValue(
            gettext_noop("Signs that cannot be seen stand here"),
            "",
            gettext_noop("Type the text again."),
        )
    return text


def _deceives(text: str) -> bool:
    """Cc without line breaks, bidi overrides, surrogates: nobody means them."""
    return any(
        (unicodedata.category(c) in ("Cc", "Cs", "Co") and c not in "\n\t")
        or c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
        for c in text
    )


def _text(field: Field, value: Any, _v: Vocabularies) -> str:
    return line(value, field.max or LONGEST_LINE)


def _words(field: Field, value: Any, _v: Vocabularies) -> str:
    text = _string(value).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _clean(text, field.max or LONGEST_WORDS)


def partial(value: Any) -> str:
    """A partial date, the same text back. Raises `BadValue`."""
    try:
        return str(PartialDate.parse(_string(value)))
    except BadDate as error:
        raise BadValue(error.message, "", error.remedy) from None


def _date(_f: Field, value: Any, _v: Vocabularies) -> str:
    return partial(value)


def period(value: Any) -> str:
    """A period, or one date that is its own period. Raises `BadValue`."""
    try:
        text = _string(value)
        return str(Period.parse(text)) if "/" in text else str(PartialDate.parse(text))
    except BadDate as error:
        raise BadValue(error.message, "", error.remedy) from None


def _period(_f: Field, value: Any, _v: Vocabularies) -> str:
    return period(value)


def _mapping(value: Any, parts: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict) or not set(value) <= set(parts):
        raise BadValue(gettext_noop("This value has other parts"), "", f"{{{', '.join(parts)}}}")
    return {part: value.get(part, "") for part in parts}


def _whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT:
        return value
    if isinstance(value, str) and _WHOLE.fullmatch(value) and int(value) <= LARGEST_COUNT:
        return int(value)
    raise BadValue(
        gettext_noop("This is no whole number"),
        "",
        gettext_noop("Write digits only, as in 1200; leave empty what is not reported."),
    )


def _count(field: Field, value: Any, _v: Vocabularies) -> dict[str, Any]:
    parts = _mapping(value, ("n", "period", "unit"))
    return {
        "n": _whole(parts["n"]),
        "period": period(parts["period"]) if parts["period"] else "",
        "unit": line(parts["unit"], 80) if parts["unit"] else "",
    }


def _total(field: Field, value: Any, _v: Vocabularies) -> dict[str, Any]:
    parts = _mapping(value, ("n", "as_of", "unit"))
    return {
        "n": _whole(parts["n"]),
        "as_of": partial(parts["as_of"]) if parts["as_of"] else "",
        "unit": line(parts["unit"], 80) if parts["unit"] else "",
    }


def _decimal(value: Any, places: int) -> str:
    text = str(value) if type(value) is int and abs(value) <= LARGEST_COUNT else value
    number = Decimal(text) if _AMOUNT.fullmatch(_string(text)) else None
    if number is None or number > LARGEST_COUNT:
        raise BadValue(
            gettext_noop("This is no amount"),
            "",
            gettext_noop("Write digits with a point, as in 1200.50."),
        )
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise BadValue(
            gettext_noop("This has too many decimals"),
            "",
            gettext_noop("Round it as its source does."),
        )
    return format(number, "f")


def _share(_f: Field, value: Any, _v: Vocabularies) -> dict[str, Any]:
    parts = _mapping(value, ("n", "as_of"))
    number = _decimal(parts["n"], 4)
    if Decimal(number) > 100:
        raise BadValue(
            gettext_noop("A share is at most 100 percent"),
            "",
            gettext_noop("Write 61.5 for 61.5 percent."),
        )
    return {"n": number, "as_of": partial(parts["as_of"]) if parts["as_of"] else ""}


def _money(_f: Field, value: Any, _v: Vocabularies) -> dict[str, Any]:
    parts = _mapping(value, ("amount", "currency", "date"))
    currency = _string(parts["currency"])
    if not _CURRENCY.fullmatch(currency):
        raise BadValue(
            gettext_noop("A sum needs its currency"),
            "",
            gettext_noop("Write 1200.50 USD, by ISO 4217."),
        )
    date = partial(parts["date"]) if parts["date"] else ""
    return {"amount": _decimal(parts["amount"], 2), "currency": currency, "date": date}


def code(name: str, value: Any, vocabularies: Vocabularies) -> str:
    """A code of a vocabulary; its English name is taken too. Raises `BadValue`."""
    text = _string(value).strip()
    terms = vocabularies[name].terms
    if text in terms:
        return text
    folded = text.casefold()
    for term in terms.values():
        if folded in (
            term.code.casefold(),
            *(label.casefold() for label in term.labels.values() if label),
        ):
            return term.code
    some = ", ".join(list(terms)[:8]) + (" …" if len(terms) > 8 else "")
    raise BadValue(gettext_noop("This word is not in the list"), "", f"{name}: {some}")


def _choice(field: Field, value: Any, vocabularies: Vocabularies) -> str:
    return code(field.vocabulary, value, vocabularies)


def country(value: Any) -> str:
    """The two letters of a country or territory, from a code of two or three, or a name."""
    text = _string(value).strip()
    try:
        if len(text) in (2, 3):
            return countries.by_code(text.upper()).iso2
        return countries.find(text).iso2
    except UnknownCountry as error:
        raise BadValue(error.message, "", error.remedy or "ISO 3166-1") from None


def _country(_f: Field, value: Any, _v: Vocabularies) -> str:
    return country(value)


def _language(_f: Field, value: Any, _v: Vocabularies) -> str:
    text = _string(value).strip()
    if not _LANGUAGE.fullmatch(text):
        raise BadValue(
            gettext_noop("This is no code of a language"),
            "",
            gettext_noop("Write en, pt or zh-Hans (BCP 47)."),
        )
    head, dash, tail = text.partition("-")
    return head.lower() + dash + tail


def _body(_f: Field, value: Any, _v: Vocabularies) -> dict[str, str]:
    parts = _mapping({"name": value} if isinstance(value, str) else value, ("name", "body"))
    try:
        body = str(UUID(_string(parts["body"]))) if parts["body"] else ""
    except ValueError:
        raise BadValue(
            gettext_noop("This is no body of this gateway"), "", gettext_noop("Give its name only.")
        ) from None
    return {"name": line(parts["name"], LONGEST_LINE), "body": body}


def _party(_f: Field, value: Any, vocabularies: Vocabularies) -> dict[str, str]:
    parts = _mapping({"name": value} if isinstance(value, str) else value, PARTY_PARTS)
    given = {part: _string(parts[part] or "").replace("|", "/") for part in PARTY_PARTS}
    level = line(given["level"], 80) if given["level"].strip() else ""
    if level and PARTY_LEVELS in vocabularies:
        level = code(PARTY_LEVELS, level, vocabularies)
    return {
        "name": line(given["name"], LONGEST_LINE),
        "country": country(given["country"]) if given["country"].strip() else "",
        "level": level,
        "role": line(given["role"], 80) if given["role"].strip() else "",
    }


def url(value: Any) -> str:
    """An address of the web. Raises `BadValue`."""
    text = _string(value).strip()
    try:
        parts = urlsplit(text)
        sound = parts.scheme in ("https", "http") and parts.hostname and not parts.username
    except ValueError:
        sound = False
    odd = re.search(r"[\s\x00-\x1f\"<>\\^`{|}]", text) or _deceives(text)
    if not sound or odd or len(text) > LONGEST_URL:
        raise BadValue(
            gettext_noop("This is no address of the web"),
            "",
            gettext_noop("Copy it from the browser; it begins with https://"),
        )
    return text


def _url(_f: Field, value: Any, _v: Vocabularies) -> str:
    return url(value)


def _yesno(_f: Field, value: Any, _v: Vocabularies) -> bool:
    if isinstance(value, bool):
        return value
    found = _YES.get(str(value).strip().lower())
    if found is None:
        raise BadValue(
            gettext_noop("This is neither yes nor no"), "", gettext_noop("Write yes or no.")
        )
    return found


def _matched(pattern: re.Pattern[str], message: str, remedy: str) -> Callable[..., str]:
    def check(_f: Field, value: Any, _v: Vocabularies) -> str:
        text = _string(value).strip()
        text = text.lower() if pattern is _ENTRY else text  # as keys are kept
        if not pattern.fullmatch(text):
            raise BadValue(message, "", remedy)
        return text

    return check


def _event(field: Field, value: Any, vocabularies: Vocabularies) -> dict[str, str]:
    parts = _mapping(value, ("event", "date", "until", "note"))
    date = partial(parts["date"]) if parts["date"] else ""
    until = partial(parts["until"]) if parts["until"] else ""
    if date and until:
        period(f"{date}/{until}")
    return {
        "event": code(field.vocabulary, parts["event"], vocabularies),
        "date": date,
        "until": until,
        "note": line(parts["note"], LONGEST_LINE) if parts["note"] else "",
    }


_CHECKS: dict[FieldType, Callable[[Field, Any, Vocabularies], Any]] = {
    FieldType.TEXT: _text,
    FieldType.WORDS: _words,
    FieldType.DATE: _date,
    FieldType.PERIOD: _period,
    FieldType.COUNT: _count,
    FieldType.TOTAL: _total,
    FieldType.SHARE: _share,
    FieldType.MONEY: _money,
    FieldType.CHOICE: _choice,
    FieldType.COUNTRY: _country,
    FieldType.LANGUAGE: _language,
    FieldType.BODY: _body,
    FieldType.PARTY: _party,
    FieldType.URL: _url,
    FieldType.YESNO: _yesno,
    FieldType.ENTRY: _matched(
        _ENTRY,
        gettext_noop("This is no name of an entry"),
        gettext_noop("Write kind and key, as in agreement/agr-001."),
    ),
    FieldType.PROVISION: _matched(
        _PROVISION,
        gettext_noop("This is no paragraph"),
        gettext_noop(
            "Write instrument, version and paragraph, as in itu-pp/res-130/2014/resolves/3."
        ),
    ),
    FieldType.EVENT: _event,
}
