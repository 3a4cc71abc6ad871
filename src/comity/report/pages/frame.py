"""What every page of the room shares: the scope of a year, what is not held, who asks."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from comity.kit.errors import UnknownCountry, UnknownLanguage
from comity.kit.languages import by_code
from comity.kit.tlp import Viewer
from comity.report import reads
from comity.report.reads.building import tongue
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import ReportError, Scope

View = Callable[..., HttpResponse]


def found(view: View) -> View:
    """What there is no report on is a page that is not there."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (ReportError, UnknownCountry, UnknownLanguage) as error:
            raise Http404(str(error)) from error

    return checked


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def language() -> str:
    return by_code(get_language() or "en").code


def say() -> Tongue:
    """The reader's language."""
    return tongue(language())


def scope(year: int) -> Scope:
    """A year told from all that is recorded now. Raises `ReportError` for what is no year."""
    return reads.scope_of(year, now=timezone.now())


def draft(year: int) -> reads.Prepared:
    """The draft of a year as it stands now. Raises `ReportError` for what is no year."""
    return reads.draft(scope(year))


def trail(year: int | None = None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    found_ = [(_("Reports"), reverse("report:home"))]
    if year is not None:
        found_.append((str(year), reverse("report:year", kwargs={"year": year})))
    return [*found_, *more]
