"""A word of the static bundle's templates: what a mapping holds for a key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """The value, or None."""
    return mapping.get(key)
