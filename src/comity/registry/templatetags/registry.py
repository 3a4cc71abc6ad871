"""Small words of the room's templates: data in the reader's language, partial dates, soft parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django import template
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import get_template
from django.utils.safestring import SafeString

from comity.kit.tlp import Label
from comity.registry.pages import showing, wording

register = template.Library()


@register.filter
def own(words: Mapping[str, str]) -> str:
    """The words of a kind or a field in the reader's language: all six are there."""
    return words.get(wording.language()) or words.get("en", "")


@register.filter
def partial(text: str | dt.date | None) -> SafeString:
    """ "2014", "2014-05" or "2014-05-30" as exactly as it is known."""
    if not text:
        return SafeString("")
    return showing.date(text.isoformat() if isinstance(text, dt.date) else text)


@register.filter
def brief(url: str) -> str:
    """A web address without its scheme, no longer than a line."""
    return showing.address(url)


@register.filter
def tlp_colour(label: Label) -> str:
    """The colour of a label: red, amber, green, clear."""
    return wording.COLOURS[label]


@register.filter
def marked(label: Label) -> bool:
    """Whether the label is to be printed before what it marks: CLEAR is not."""
    return label is not Label.CLEAR


@register.filter
def country_words(code: str) -> str:
    """The name of a country or territory in the reader's language."""
    return wording.country_name(code)


@register.simple_tag(takes_context=True)
def part(context: template.Context, name: str) -> SafeString:
    """A part that another door brings, with this page's context; nothing while it is not there."""
    try:
        held = get_template(name)
    except TemplateDoesNotExist:
        return SafeString("")
    request = context.get("request")
    return SafeString(held.render({**context.flatten()}, request))
