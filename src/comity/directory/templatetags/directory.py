"""Small words of the room's templates: who says so, partial dates, ages, names of countries."""

from __future__ import annotations

import datetime as dt
import math
from itertools import groupby
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_percent
from django import template
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from comity.directory import types as t
from comity.directory.pages import wording
from comity.directory.rules.freshness import freshness
from comity.directory.rules.services import framework
from comity.kit import countries
from comity.kit.errors import UnknownCountry
from comity.kit.languages import DEFAULT, by_code
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Label

register = template.Library()
_BARS = {
    t.Freshness.FRESH: ("", 3),
    t.Freshness.AGEING: ("mid", 2),
    t.Freshness.STALE: ("old", 1),
    t.Freshness.NEVER: ("old", 0),
}


def _locale() -> Locale:
    language = (get_language() or "en").replace("-", "_")
    return Locale.parse("en_GB" if language == "en" else language, sep="_")


@register.filter
def word(key: object, table: str) -> str | Promise:
    """The word for a key in one of the tables of `wording`: {{ kind|word:"KINDS" }}."""
    found: Any = getattr(wording, table).get(str(key), str(key))
    return found.word if isinstance(found, wording.Chip) else found


@register.filter
def chip_of(key: object, table: str) -> wording.Chip:
    """The chip for a key in one of the tables of `wording`."""
    found: wording.Chip = getattr(wording, table)[str(key)]
    return found


@register.filter
def country_name(code: str) -> str:
    """The UN's name of a country in the reader's language; the code where there is none."""
    try:
        return countries.by_code(code).name((get_language() or "en")[:2])
    except UnknownCountry:
        return code


@register.filter
def language_name(code: str) -> str:
    """The name of a language in the reader's own; the code where CLDR has none."""
    try:
        return Locale.parse(str(code).replace("-", "_")).get_display_name(_locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


@register.filter
def service_name(code: str) -> str:
    """The framework's English name of a service; the code where it is none."""
    known = framework().get(str(code))
    return known.name if known else str(code)


@register.filter
def percent(share: float) -> str:
    """A share as CLDR writes it, rounded down: 99.97 is not all, and a little is not nothing."""
    if not share:
        return format_percent(0, locale=_locale())
    whole = math.floor(share * 1000) / 1000
    words = format_percent(whole or 0.001, "#,##0.0%", locale=_locale())
    return words if whole else f"< {words}"


@register.filter
def partial(value: str) -> SafeString | str:
    """ "2014", "2014-05" or a day, as exact as it was said."""
    text = str(value)
    shapes = {4: "y", 7: "MMMM y", 10: "long"}
    try:
        whole = dt.date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))
        words = text if len(text) == 4 else format_date(whole, shapes[len(text)], locale=_locale())
    except (ValueError, KeyError):
        return text
    return format_html('<time datetime="{}">{}</time>', text, words)


@register.filter
def ago(value: dt.date | None) -> SafeString | str:
    """ "3 days ago" with the day in `datetime`; "today" for today."""
    if value is None:
        return ""
    age = timezone.now().date() - value
    words = (
        _("today")
        if age.days <= 0
        else format_timedelta(-age, granularity="day", add_direction=True, locale=_locale())
    )
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def clock_there(value: dt.datetime) -> str:
    """The hour at the other end; Django's own filter would turn it into this house's."""
    return value.strftime("%H:%M")


@register.filter
def counted(counts: dict[str, int]) -> str:
    """ "26 facts, 1 key": what of a team was said or is no longer said."""
    said = {
        "values": lambda n: ngettext("{n} fact", "{n} facts", n),
        "contacts": lambda n: ngettext("{n} contact", "{n} contacts", n),
        "keys": lambda n: ngettext("{n} key", "{n} keys", n),
        "holdings": lambda n: ngettext(
            "{n} piece of the constituency", "{n} pieces of the constituency", n
        ),
    }
    words = [said[part](n).format(n=n) for part, n in counts.items() if part in said]
    return by_code(get_language() or DEFAULT).comma.join(words)


@register.filter
def weekday(value: dt.datetime) -> str:
    """ "Saturday" in the reader's language."""
    return format_datetime(value, "EEEE", locale=_locale())


@register.filter
def offset(value: dt.datetime) -> str:
    """ "UTC+2", "UTC-3:30"."""
    seconds = int((value.utcoffset() or dt.timedelta()).total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


@register.filter
def speaker(said: Saying) -> SafeString | str:
    """Who says so, as words: the team, the secretariat, or the name of a source with its link."""
    if said.voice is Voice.OWN:
        return _("the team")
    if said.voice is Voice.SECRETARIAT:
        return _("the secretariat of this gateway")
    if said.evidence_url.startswith(("https://", "http://")):
        return format_html(
            '<a href="{}" rel="external noopener"><bdi lang="en">{}</bdi></a>',
            said.evidence_url,
            said.by,
        )
    return format_html('<bdi lang="en">{}</bdi>', said.by)


@register.filter
def since(said: Saying) -> SafeString | str:
    """Since when it is said; of what is not known, the date of the source."""
    return partial(said.since or said.evidence_date) if said.since or said.evidence_date else ""


@register.filter
def colour(label: str) -> str:
    """The colour of a TLP label's class."""
    return wording.COLOURS[Label(label)]


@register.filter
def fingerprint(text: str) -> str:
    """A fingerprint in groups of four."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def web(address: object) -> str:
    """An address of the web as it may stand in a link; "" for any other, script above all."""
    text = str(address)
    return text if text.startswith(("https://", "http://")) else ""


@register.filter
def part(table: object, name: str) -> object:
    """A part of a record value, "" where it is not there."""
    return table.get(name, "") if isinstance(table, dict) else ""


@register.filter
def by_speaker(rows: list[Any]) -> list[list[Any]]:
    """Values one after the other that one speaker says: who says so stands once, below them."""
    return [list(group) for _said, group in groupby(rows, key=lambda row: row.said)]


@register.filter
def contested(row: Any, found: dict[tuple[str, str], list[Any]]) -> list[Any]:
    """The other teams that claim the same piece of a constituency."""
    return found.get((row.kind, row.value), [])


@register.inclusion_tag("directory/_fresh.html")
def fresh(value: dt.date | None, what: str = "") -> dict[str, object]:
    """Three bars and words: when a contact last answered a test, or that nothing ever did."""
    age = freshness(value, timezone.now().date())
    kind, bars = _BARS[age]
    return {"kind": kind, "bars": bars, "value": value, "age": age.value, "what": what}


@register.inclusion_tag("directory/_contact.html")
def contact(row: Any) -> dict[str, object]:
    """One way to reach a team, as a link where there is one, with its marking."""
    scheme = {"email": "mailto:", "phone": "tel:", "fax": "", "web": "", "post": ""}[row.kind]
    safe_web = row.kind == "web" and row.value.startswith(("https://", "http://"))
    href = f"{scheme}{row.value}" if scheme else (row.value if safe_web else "")
    return {"row": row, "href": href, "label": Label(row.handling.label)}
