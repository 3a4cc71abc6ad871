"""Small words of the templates: CLDR dates and numbers, addresses with one thing changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from django import template
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comity.kit.languages import DEFAULT, by_code
from comity.site.languages import direction, short

register = template.Library()


def _locale() -> Locale:
    """The reader's locale; English dates as the ITU writes them: "7 November 2014"."""
    language = (get_language() or "en").replace("-", "_")
    return Locale.parse("en_GB" if language == "en" else language, sep="_")


@register.filter
def listed(values: Iterable[object]) -> str:
    """The pieces of a list as the reader's language writes them: "a, b", "a、b"."""
    return by_code(get_language() or DEFAULT).comma.join(str(value) for value in values)


@register.filter
def number(value: float) -> str:
    """1304 as the language groups it, in western digits as ITU's Arabic texts have them."""
    return format_decimal(value, locale=_locale(), numbering_system="latn")


@register.filter
def share(value: float) -> str:
    """0.61 as "61%" the way the language writes it."""
    return format_percent(value, locale=_locale(), numbering_system="latn")


def _day(value: dt.date) -> str:
    """A date in words. Russian as the ITU writes it, since CLDR's "г." ends in a stop."""
    locale = _locale()
    pattern = "d MMMM y 'года'" if locale.language == "ru" else "long"
    return format_date(value, pattern, locale=locale)


@register.filter
def day(value: dt.date | None) -> SafeString | str:
    """A date in words inside `time`; nothing for None."""
    if value is None:
        return ""
    return format_html('<time datetime="{}">{}</time>', value.strftime("%Y-%m-%d"), _day(value))


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """A date and a time, UTC named, inside `time`; nothing for None."""
    if value is None:
        return ""
    at = value.astimezone(dt.UTC)
    return format_html(
        '<time datetime="{}">{} <bdi class="ltr">{} UTC</bdi></time>',
        at.strftime("%Y-%m-%dT%H:%MZ"),
        _day(at.date()),
        at.strftime("%H:%M"),
    )


@register.filter
def clock(value: dt.datetime | None) -> SafeString | str:
    """Hour and minute in UTC, with the day in front when it is not today."""
    if value is None:
        return ""
    at = value.astimezone(dt.UTC)
    if at.date() != timezone.now().astimezone(dt.UTC).date():
        return moment(value)
    return format_html(
        '<time datetime="{}"><bdi class="ltr">{} UTC</bdi></time>',
        at.strftime("%Y-%m-%dT%H:%MZ"),
        at.strftime("%H:%M"),
    )


@register.filter
def dir_of(language: str) -> str:
    """The direction a language is written in: for `dir` on a passage in another language."""
    return direction(language)


@register.filter
def foreign(language: str) -> SafeString:
    """`lang="en" dir="ltr"` for a passage whose language is not the page's; else nothing."""
    if language == short():
        return SafeString("")
    return format_html('lang="{}" dir="{}"', language, direction(language))


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: object) -> str:
    """This page's query with some parameters changed; None takes one away: "?page=2&q=x"."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path
