"""Language in the URL: /ar/ /en/ /es/ /fr/ /ru/ /zh/, where Django inside says zh-hans."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import get_language


class ShortPrefix(LocalePrefixPattern):
    """The language as users write it: two letters."""

    @property
    def language_prefix(self) -> str:
        return (get_language() or "en").split("-")[0] + "/"


def in_six_languages(*patterns: URLPattern | URLResolver) -> list[URLResolver]:
    """Put the patterns under a language prefix."""
    return [URLResolver(ShortPrefix(), list(patterns))]
