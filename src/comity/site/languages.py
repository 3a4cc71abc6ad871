"""Language in the URL: /ar/ /en/ /es/ /fr/ /ru/ /zh/, where Django inside says zh-hans.

The URL alone decides, so a link shows everybody the same words and no cookie is needed. Doors
without a language (the API, `/`, an unknown address) answer in the one the browser asks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils import translation
from django.utils.cache import patch_vary_headers

from comity.kit.errors import UnknownLanguage
from comity.kit.languages import LANGUAGES, best, by_code

IN_PATH = re.compile(rf"/({'|'.join(LANGUAGES)})(/|$)")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the six, as the masthead shows it: `url` is this page in that language."""

    code: str
    name: str
    dir: str
    url: str = ""
    current: bool = False


def short(django_code: str | None = None) -> str:
    """The language as users write it: "zh" for "zh-hans". Default: the active one."""
    return by_code(django_code or translation.get_language() or "en").code


def direction(code: str) -> str:
    """ "rtl" or "ltr", of any of a language's codes; of one that is not ours "ltr"."""
    try:
        return by_code(code).dir
    except UnknownLanguage:
        return "ltr"


def in_language(full_path: str, code: str) -> str:
    """The same address in another language; the home page where the address has none."""
    if IN_PATH.match(full_path):
        return f"/{code}{full_path[3:]}" if len(full_path) > 3 else f"/{code}/"
    return f"/{code}/"


def choices(full_path: str) -> list[Choice]:
    """The six languages, ordered by code, each with the address of this page in it."""
    now = short()
    return [
        Choice(code, known.own_name, known.dir, in_language(full_path, code), code == now)
        for code, known in LANGUAGES.items()
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
        code = named[1] if named else best(request.headers.get("Accept-Language", ""))
        with translation.override(LANGUAGES[code].django):
            request.LANGUAGE_CODE = LANGUAGES[code].django
            response = self.get_response(request)
        if not named:
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", LANGUAGES[code].bcp47)
        return response
