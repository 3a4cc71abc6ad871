"""What every page knows: language, theme, navigation, who runs this gateway."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy

from comity.site import admin, languages, rooms
from comity.site.models import ScheduleRun
from comity.site.theme import theme_of


@dataclass(frozen=True, slots=True)
class Verified:
    """The last walk of the record of acts: when, whether it holds, else the first bad row."""

    moment: dt.datetime
    ok: bool
    row: int


_kept: tuple[float, Verified | None] = (0.0, None)
KEEP = 30.0  # seconds: every page shows it, once a night it changes


def last_verified() -> Verified | None:
    """None while it was never verified, or when the database does not answer."""
    global _kept
    since, held = _kept
    if time.monotonic() - since < KEEP and held:
        return held
    try:
        run = ScheduleRun.objects.filter(name="verify_ledger", ended__isnull=False).first()
    except DatabaseError:
        return None
    if run is None or run.ended is None or "holds" not in run.result:
        return None
    held = Verified(run.ended, bool(run.result["holds"]), int(run.result["row"]))
    _kept = (time.monotonic(), held)
    return held


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
    def languages(self) -> list[languages.Choice]:
        return languages.choices(self.request.get_full_path())

    @cached_property
    def places(self) -> list[tuple[object, str, bool]]:
        match = self.request.resolver_match
        if match is None:
            return list(rooms.navigation("", ""))
        return list(rooms.navigation(match.namespace.split(":")[0], match.url_name or ""))

    @cached_property
    def own(self) -> list[tuple[object, str]]:
        """The pages of who is signed in, the most pressing first; nothing for anybody else."""
        try:
            viewer = getattr(self.request, "viewer", None)
            if viewer is None or viewer.person is None:
                return []
            found: list[tuple[object, str]] = list(rooms.own_doors(viewer))
            if admin.site.has_permission(self.request):
                found.append((gettext_lazy("Administration"), reverse("admin:index")))
        except DatabaseError:
            return []
        return found

    @property
    def verified(self) -> Verified | None:
        return last_verified()

    @property
    def address(self) -> str:
        """The lasting address of this page: no query, the host it is browsed at."""
        return self.request.build_absolute_uri(self.request.path)


def house(request: HttpRequest) -> dict[str, object]:
    """Context processor: `house` in every template."""
    return {"house": House(request), "now": dt.datetime.now(dt.UTC)}
