"""What every page of the room shares: who asks, what is not held, the way back, its mark."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from comity.events import reads
from comity.kit import tlp
from comity.kit.errors import BadCursor, KitError
from comity.kit.tlp import Label, Viewer
from comity.people.rules import may

View = Callable[..., HttpResponse]
PRINT = {
    Label.RED: "p-red",
    Label.AMBER_STRICT: "p-strict",
    Label.AMBER: "p-amber",
    Label.GREEN: "p-green",
    Label.CLEAR: "p-clear",
}


def found(view: View) -> View:
    """What is not held, or not for this reader, is a page that is not there. A cursor of another
    list begins its list anew: that is the remedy the error names."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error
        except BadCursor:
            rest = request.GET.copy()
            rest.pop("after", None)
            return redirect(request.path + (f"?{rest.urlencode()}" if rest else ""))

    return checked


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def demand(request: HttpRequest, permission: str) -> None:
    """What one may see but not do is 403."""
    if not may(viewer(request), permission):
        raise PermissionDenied(permission)


def today() -> dt.date:
    """UTC, the same for everybody."""
    return timezone.now().astimezone(dt.UTC).date()


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Duty"), reverse("events:duty")), *more]


def said(error: KitError) -> str:
    """A refusal in the reader's language: what is wrong, where, the way out."""
    place = f" ({error.place})" if error.place else ""
    parts = (f"{_(error.message)}{place}.", _(error.remedy) if error.remedy else "")
    return " ".join(part for part in parts if part)


def strictest(labels: Iterable[str]) -> dict[str, Any]:
    """The marking of a page: the strictest label that it shows, for the sheets when printed."""
    label = max((tlp.parse(text) for text in labels), default=Label.CLEAR)
    return {"body_attributes": format_html(' class="{}"', PRINT[label])}
