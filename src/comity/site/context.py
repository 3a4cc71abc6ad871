"""What every page knows: language, theme, navigation, who runs this gateway."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext

from comity.site import languages, rooms
from comity.site.theme import theme_of


class House:
    """Reads nothing until a template asks: an error page must not fail on a dead database."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.language = languages.short()
        self.dir = languages.direction(self.language)
        self.theme = theme_of(request)
        self.operator = settings.OPERATOR
        self.contact = settings.CONTACT

    @property
    def name(self) -> str:
        return settings.GATEWAY_NAME or gettext("Cybersecurity gateway")

    @cached_property
    def languages(self) -> list[languages.Language]:
        return languages.choices(self.request.get_full_path())

    @cached_property
    def places(self) -> list[tuple[object, str, bool]]:
        match = self.request.resolver_match
        if match is None:
            return list(rooms.navigation("", ""))
        return list(rooms.navigation(match.namespace.split(":")[0], match.url_name or ""))

    @property
    def address(self) -> str:
        """The lasting address of this page: no query, the host it is browsed at."""
        return self.request.build_absolute_uri(self.request.path)


def house(request: HttpRequest) -> dict[str, object]:
    """Context processor: `house` in every template."""
    return {"house": House(request), "now": dt.datetime.now(dt.UTC)}
