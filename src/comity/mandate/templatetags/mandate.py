"""Small words of the room's templates."""

from __future__ import annotations

from collections.abc import Mapping

from babel import Locale
from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language

from comity.mandate.pages.wording import CHANGES, STATES, Words
from comity.mandate.types import ChangeKind, State

register = template.Library()


@register.filter
def get(table: Mapping[str, object], key: str) -> object:
    """The entry of a table; nothing when there is none."""
    return table.get(key, "")


@register.filter
def two(value: float) -> str:
    """A similarity with two decimals as the language writes them, western digits."""
    locale = Locale.parse((get_language() or "en").replace("-", "_"), sep="_")
    return format_decimal(round(value, 2), "0.00", locale=locale, numbering_system="latn")


@register.filter
def change_word(kind: str) -> Words:
    """The word for a change's kind."""
    return CHANGES[ChangeKind(kind)].word


@register.filter
def state_word(state: str) -> Words:
    """The word for a passage's state."""
    return STATES[State(state)].word
