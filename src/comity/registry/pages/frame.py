"""What every page of the room shares: who asks, which kind, machine twins, what others lend."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from comity.kit.errors import BadCursor
from comity.kit.tlp import Label, Viewer
from comity.registry import reads
from comity.registry.formats import iati
from comity.registry.pages import wording
from comity.registry.types import Kind

View = Callable[..., HttpResponse]
FILES = {"csv": "CSV", "xlsx": "XLSX", "jsonld": "JSON-LD", "iati": "IATI XML", "kind_feed": "Atom"}


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


def today() -> dt.date:
    """UTC, the same for everybody."""
    return timezone.now().astimezone(dt.UTC).date()


def kind_called(word: str) -> Kind:
    """A kind by its word in addresses, or its key. Raises `NotHeld`."""
    for kind in reads.kinds().values():
        if word in (kind.path or kind.key, kind.key):
            return kind
    raise reads.NotHeld(word)


def soft(name: str, **kwargs: Any) -> str:
    """The address of a page, or "" while nobody has built it."""
    try:
        return reverse(name, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def kind_url(kind: str, **query: str) -> str:
    """The list of a kind, filtered."""
    base = reverse("registry:kind", kwargs={"kind": wording.path_of(kind)})
    return f"{base}?{urlencode(query)}" if query else base


def files(kind: Kind, query: str = "") -> list[tuple[str, str]]:
    """The same list for machines, those forms that there are."""
    made = []
    for form, name in FILES.items():
        if form == "iati" and not iati.can_be_told(kind):
            continue
        url = reverse(f"registry:{form}", kwargs={"kind": kind.key})
        made.append((name, url + (f"?{query}" if query else "")))
    return made


def trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    """The crumbs of a page of this room."""
    return [(_("Registry"), reverse("registry:home")), *more]


def strictest(labels: Iterable[Label]) -> dict[str, Any]:
    """The marking of a page: the strictest label that it shows, for the sheets when printed."""
    label = max(labels, default=Label.CLEAR)
    return {"body_attributes": format_html(' class="{}"', wording.PRINT[label])}
