"""Words of the static bundle's templates: what a mapping holds for a key, the file of a code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from comity.registry.pages.bundle.render import file_of

register = template.Library()


@register.filter
def at(mapping: Mapping[str, Any], key: str) -> Any:
    """The value, or None."""
    return mapping.get(key)


@register.filter
def file(code: str) -> str:
    """The name of the page of a team or community: some systems keep a few names for themselves."""
    return file_of(code)
