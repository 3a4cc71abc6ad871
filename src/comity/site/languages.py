"""Language in the URL: /ar/ /en/ /es/ /fr/ /ru/ /zh/, where Django inside says zh-hans.

The URL alone decides, so a link shows everybody the same words and no cookie is needed. Doors
without a language (the API, `/`, an unknown address) answer in the one the browser asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation
from django.utils.cache import patch_vary_headers

RIGHT_TO_LEFT = {"ar"}
SHORT = {code.split("-")[0]: code for code, _ in settings.LANGUAGES}
IN_PATH = re.compile(rf"/({'|'.join(SHORT)})(/|$)")


@dataclass(frozen=True, slots=True)
class Language:
    """One of the six, as the masthead shows it: `url` is this page in that language."""

    code: str
    name: str
    dir: str
    url: str = ""
    current: bool = False


def short(django_code: str | None = None) -> str:
    """The language as users write it: "zh" for "zh-hans". Default: the active one."""
    return (django_code or translation.get_language() or "en").split("-")[0]


def direction(code: str) -> str:
    return "rtl" if code.split("-")[0] in RIGHT_TO_LEFT else "ltr"


def in_language(full_path: str, code: str) -> str:
    """The same address in another language; the home page where the address has none."""
    if IN_PATH.match(full_path):
        return f"/{code}{full_path[3:]}" if len(full_path) > 3 else f"/{code}/"
    return f"/{code}/"


def choices(full_path: str) -> list[Language]:
    """The six languages, ordered by code, each with the address of this page in it."""
    now = short()
    return [
        Language(code, name, direction(code), in_language(full_path, code), code == now)
        for code, name in ((short(c), n) for c, n in settings.LANGUAGES)
    ]


class ShortPrefix(LocalePrefixPattern):
    """The language as users write it: two letters."""

    @property
    def language_prefix(self) -> str:
        return short() + "/"


def in_six_languages(*patterns: URLPattern | URLResolver) -> list[URLResolver]:
    """Put the patterns under a language prefix."""
    return [URLResolver(ShortPrefix(), list(patterns))]


class LanguageOfAddress:
    """Activate the language that the address names; negotiate only where it names none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        named = IN_PATH.match(request.path_info)
        code = SHORT[named[1]] if named else translation.get_language_from_request(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = self.get_response(request)
        if not named:
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", short(code))
        return response
