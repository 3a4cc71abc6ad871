"""Small words of the room's templates: states, kinds of problem, countries, markings."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from comity.events.pages import wording
from comity.kit import countries, tlp
from comity.kit.errors import UnknownCountry
from comity.kit.tlp import Label

register = template.Library()
_COLOURS = {
    Label.RED: "red",
    Label.AMBER_STRICT: "amber",
    Label.AMBER: "amber",
    Label.GREEN: "green",
    Label.CLEAR: "clear",
}


@register.filter
def word(key: object, table: str) -> Any:
    """The word for a key in one of the tables of `wording`; the key where there is none."""
    found: Any = getattr(wording, table).get(str(key), str(key))
    return found.word if isinstance(found, wording.Chip) else found


@register.filter
def chip(key: object, table: str) -> SafeString:
    """A state as shape, word and colour."""
    found = getattr(wording, table).get(key, wording.UNRATED)
    return format_html('<span class="chip {}">{}</span>', found.kind, found.word)


@register.filter
def country(code: str | None) -> str:
    """The UN's name of a country in the reader's language; the code where there is none."""
    if not code:
        return ""
    try:
        return countries.by_code(code).name((get_language() or "en")[:2])
    except UnknownCountry:
        return code


@register.filter
def tlp_mark(label: str) -> SafeString:
    """The marking before what it marks: never translated, always left to right."""
    one = tlp.parse(label)
    return format_html('<span class="tlp {}" translate="no">{}</span>', _COLOURS[one], str(one))


@register.filter
def field(form: dict[str, Any], name: str) -> Any:
    return form.get(name, "")


@register.filter
def asn(number: int | None) -> str:
    """64500 as "AS64500", the way registries write it."""
    return f"AS{number}" if number else ""
