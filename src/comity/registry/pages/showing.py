"""Values as HTML in the reader's language: one function a type, in a table.

What a source wrote stays in its own language and is marked so; codes, countries, dates and
numbers are said in the reader's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comity.kit.dates import PartialDate, Period, Precision
from comity.kit.errors import UnknownLanguage
from comity.kit.languages import by_code
from comity.registry.models import Entry
from comity.registry.pages import wording
from comity.registry.rules.made import titles_of
from comity.registry.types import Field, FieldType

LONGEST_ADDRESS = 60  # characters of a web address as it is shown; the link holds all of it
LONGEST_WORDS = 160  # characters of a source's words in a list
EMPTY = SafeString("")


@dataclass(frozen=True, slots=True)
class Around:
    """What the values of a page point to, asked for once."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    held: frozenset[str] = frozenset()  # texts of the room mandate: "itu-pp/res-130/2014"


NOTHING = Around()


# --- words --------------------------------------------------------------------------------


def foreign(language: str) -> SafeString:
    """` lang="en" dir="ltr"` for words that are not in the reader's language; else nothing."""
    if not language or language == wording.language():
        return EMPTY
    try:
        direction = by_code(language).dir
    except UnknownLanguage:
        direction = "auto"
    return format_html(' lang="{}" dir="{}"', language, direction)


def words(text: str, language: str) -> SafeString:
    """Words of a source, in whichever language they are."""
    return format_html("<span{}>{}</span>", foreign(language), text)


def name(text: str, language: str = "") -> SafeString:
    """A name among other words: its direction is its own."""
    return format_html("<bdi{}>{}</bdi>", foreign(language), text)


def titled(entry: Entry) -> SafeString:
    """The title of an entry in the reader's language, else in one that is held, marked so."""
    text, language = titles_of(entry.titles, wording.language())
    return name(text or entry.title, language)


# --- dates --------------------------------------------------------------------------------


def _locale() -> Locale:
    """English dates as the ITU writes them: "7 November 2014"."""
    code = by_code(wording.language()).bcp47
    return Locale.parse("en_GB" if code == "en" else code, sep="-" if "-" in code else "_")


@lru_cache(maxsize=4096)
def _said(text: str, language: str) -> str:
    """A partial date in words; `language` is the reader's, for the cache."""
    when, locale = PartialDate.parse(text), _locale()
    if when.precision is Precision.DAY:
        pattern = "d MMMM y 'года'" if language == "ru" else "long"
    elif when.precision is Precision.MONTH:
        # CLDR's Russian "г." would end in a stop; the ITU writes the word.
        russian = "LLLL y 'года'"
        pattern = russian if language == "ru" else locale.datetime_skeletons["yMMMM"].pattern
    else:
        pattern = "y年" if language == "zh" else "y"
    return format_date(when.first, pattern, locale=locale)


def date(text: str) -> SafeString:
    """A year, a month or a day, as exact as it is known; never filled up."""
    if not text:
        return EMPTY
    return format_html('<time datetime="{}">{}</time>', text, _said(text, wording.language()))


def period(text: str) -> SafeString:
    """From when to when; open ends are said in words."""
    if "/" not in text:
        return date(text)
    span = Period.parse(text)
    start, end = date(str(span.start or "")), date(str(span.end or ""))
    if start and end:
        return format_html(_("{start} to {end}"), start=start, end=end)
    if start:
        return format_html(_("since {start}"), start=start)
    return (
        format_html(_("until {end}"), end=end) if end else SafeString(escape(_("without bounds")))
    )


# --- numbers ------------------------------------------------------------------------------


def number(value: Any) -> SafeString:
    """A number as the language groups it, in western digits as ITU's Arabic texts have them."""
    shown = format_decimal(Decimal(str(value)), locale=_locale(), numbering_system="latn")
    return format_html('<bdi class="num">{}</bdi>', shown)


def _unit(value: Mapping[str, Any]) -> SafeString:
    unit = value.get("unit", "")
    return format_html(" {}", name(unit, "en")) if unit else EMPTY


def _count(value: Any, _f: Field, _a: Around) -> SafeString:
    when = period(value["period"]) if value["period"] else EMPTY
    told = format_html(_("in the period {period}"), period=when) if when else _("period not told")
    return format_html(
        '<strong>{}{}</strong> <span class="sub-l">{}</span>',
        number(value["n"]),
        _unit(value),
        told,
    )


def _total(value: Any, _f: Field, _a: Around) -> SafeString:
    when = date(value["as_of"])
    told = format_html(_("total as of {date}"), date=when) if when else _("total, date not told")
    return format_html(
        '<strong>{}{}</strong> <span class="sub-l">{}</span>',
        number(value["n"]),
        _unit(value),
        told,
    )


def _share(value: Any, _f: Field, _a: Around) -> SafeString:
    percent = format_decimal(Decimal(value["n"]), locale=_locale(), numbering_system="latn")
    shown = format_html('<bdi class="num">{}%</bdi>', percent)
    if not value["as_of"]:
        return shown
    when = format_html(_("as of {date}"), date=date(value["as_of"]))
    return format_html('<strong>{}</strong> <span class="sub-l">{}</span>', shown, when)


def _money(value: Any, _f: Field, _a: Around) -> SafeString:
    amount = format_currency(
        Decimal(value["amount"]), value["currency"], locale=_locale(), numbering_system="latn"
    )
    shown = format_html('<bdi class="num">{}</bdi>', amount)
    if not value["date"]:
        return shown
    return format_html('{} <span class="sub-l">{}</span>', shown, date(value["date"]))


# --- codes and names ----------------------------------------------------------------------


def _choice(value: Any, each: Field, _a: Around) -> SafeString:
    text, language = wording.term(each.vocabulary, value)
    if each.key == "status" and value in wording.SHAPE_OF:
        return format_html(
            '<span class="chip {}"{}>{}</span>', wording.SHAPE_OF[value], foreign(language), text
        )
    return name(text, language) if language != wording.language() else SafeString(escape(text))


def country(code: str) -> SafeString:
    """A country or territory, with the way to its profile."""
    return format_html(
        '<a href="{}">{}</a>',
        reverse("registry:country", kwargs={"code": code}),
        wording.country_name(code),
    )


def _country(value: Any, _f: Field, _a: Around) -> SafeString:
    return country(value)


def _language(value: Any, _f: Field, _a: Around) -> SafeString:
    text, language = wording.term("languages", value)
    return name(text, language) if language else format_html("<code>{}</code>", value)


def _body(value: Any, _f: Field, _a: Around) -> SafeString:
    return format_html(
        '<a href="{}?body={}">{}</a>',
        reverse("registry:search"),
        quote(value["name"], safe=""),
        name(value["name"]),
    )


def _party(value: Any, _f: Field, _a: Around) -> SafeString:
    more = [country(value["country"])] if value["country"] else []
    for part, table in (("level", "party_levels"), ("role", "")):
        if value.get(part):
            text, language = wording.term(table, value[part]) if table else (value[part], "en")
            more.append(name(text, language))
    told = format_html_join(SafeString(" · "), "{}", ((each,) for each in more))
    if not more:
        return name(value["name"])
    return format_html('{} <span class="sub-l">{}</span>', name(value["name"]), told)


def _yesno(value: Any, _f: Field, _a: Around) -> SafeString:
    return SafeString(escape(wording.YES[bool(value)]))


def address(url: str) -> str:
    """A web address as it is read: without its scheme, and not longer than a line."""
    text = url.split("://", 1)[-1].rstrip("/")
    return text if len(text) <= LONGEST_ADDRESS else text[: LONGEST_ADDRESS - 1] + "…"


def _url(value: Any, _f: Field, _a: Around) -> SafeString:
    return format_html(
        '<a href="{}" rel="external"><bdi class="ltr">{}</bdi></a>', value, address(value)
    )


def entry_url(kind: str, key: str) -> str:
    """The address of an entry's page."""
    return reverse("registry:entry", kwargs={"kind": wording.path_of(kind), "key": key})


def _entry(value: Any, _f: Field, around: Around) -> SafeString:
    row = around.entries.get(value)
    if row is None:  # not here, or not for this reader: the two read the same
        return format_html("<code>{}</code>", value)
    return format_html('<a href="{}">{}</a>', entry_url(row.kind, row.key), titled(row))


def _provision(value: Any, _f: Field, around: Around) -> SafeString:
    parts = value.split("/", 3)
    shown = format_html("<code>{}</code>", value)
    if len(parts) < 4 or "/".join(parts[:3]) not in around.held:
        return shown
    args = dict(zip(("issuer", "name", "label", "unit"), parts, strict=True))
    return format_html('<a href="{}">{}</a>', reverse("mandate:paragraph", kwargs=args), shown)


def _event(value: Any, each: Field, _a: Around) -> SafeString:
    text, language = wording.term(each.vocabulary, value["event"])
    when = date(value["date"]) or _("date not reported")
    until = format_html(_("until {end}"), end=date(value["until"])) if value["until"] else EMPTY
    note = words(value["note"], "en") if value["note"] else EMPTY
    told = [part for part in (until, note) if part]
    more = format_html_join(SafeString(" · "), "{}", ((part,) for part in told))
    return format_html(
        "{} · {}{}",
        name(text, language),
        when,
        format_html(' <span class="sub-l">{}</span>', more) if told else EMPTY,
    )


def _text(value: Any, _f: Field, _a: Around) -> SafeString:
    return SafeString(escape(value))


_SHOWN: dict[FieldType, Callable[[Any, Field, Around], SafeString]] = {
    FieldType.TEXT: _text,
    FieldType.WORDS: _text,
    FieldType.DATE: lambda value, _f, _a: date(value),
    FieldType.PERIOD: lambda value, _f, _a: period(value),
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
    FieldType.ENTRY: _entry,
    FieldType.PROVISION: _provision,
    FieldType.EVENT: _event,
}
SHORT = frozenset(  # several of one source stand in one line
    {FieldType.CHOICE, FieldType.COUNTRY, FieldType.LANGUAGE, FieldType.YESNO, FieldType.BODY}
)


# In a row of a list: names without their ways, since the row has one way already.
_BRIEF: dict[FieldType, Callable[[Any], SafeString]] = {
    FieldType.COUNTRY: lambda value: SafeString(escape(wording.country_name(value))),
    FieldType.BODY: lambda value: name(value["name"]),
    FieldType.PARTY: lambda value: name(value["name"]),
}


def brief(each: Field, value: Any) -> SafeString:
    """One value as a list shows it. A card holds no language beside its values, so a source's
    words are set apart, and no language is claimed for them."""
    said = _BRIEF.get(each.type)
    if said:
        return said(value)
    if each.translatable:
        return name(value if len(value) <= LONGEST_WORDS else value[: LONGEST_WORDS - 1] + "…")
    return shown(each, value)


def shown(each: Field, value: Any, language: str = "", around: Around = NOTHING) -> SafeString:
    """One value. `language` is that of words that a source wrote."""
    html = _SHOWN[each.type](value, each, around)
    if each.type is FieldType.WORDS:
        lines = [line for line in str(value).splitlines() if line.strip()]
        html = format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines))
    if each.translatable:
        return format_html("<span{}>{}</span>", foreign(language), html)
    return html
