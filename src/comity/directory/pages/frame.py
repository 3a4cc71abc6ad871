"""What every page of the room shares: what is not held is not there, who asks, the way back."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from comity.directory import models as m
from comity.directory import reads
from comity.directory.formats.sentences import FILLED
from comity.directory.types import DirectoryError, NotUnderstood
from comity.kit.errors import KitError
from comity.kit.sentences import said_in
from comity.kit.tlp import Viewer
from comity.people.rules import may

View = Callable[..., HttpResponse]


def found(view: View) -> View:
    """What is not held is a page that is not there."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error

    return checked


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def demand(request: HttpRequest, permission: str) -> None:
    """What one may see but not do is 403."""
    if not may(viewer(request), permission):
        raise PermissionDenied(permission)


def trail(team: m.Team | None = None, *more: tuple[str, str]) -> list[tuple[str, str]]:
    begin = [(_("Directory"), reverse("directory:teams"))]
    if team is not None:
        begin.append((team.name, reverse("directory:team", args=[team.code])))
    return [*begin, *more]


def said(error: KitError) -> str:
    """A refusal in the reader's language: what is wrong, where, the way out."""
    place = f" ({error.place})" if error.place else ""
    if isinstance(error, DirectoryError):
        message, remedy = error.said(_, isolate=get_language_bidi())
    else:  # of the kit: its sentences have the words filled in already
        message, remedy = said_in(error.message, _), said_in(error.remedy, _)
    parts = (f"{message}{place}.", remedy if remedy[-1:] in ("", ".", "。") else f"{remedy}.")
    return " ".join(part for part in parts if part)


def told(row: NotUnderstood) -> tuple[str, str]:
    """Why a piece of a file was not understood and what to do, in the reader's language."""
    if row.fault is not None:
        return row.fault.said(_, isolate=get_language_bidi())
    why, remedy = (said_in(words, _, FILLED) for words in (row.why, row.remedy))
    return why, remedy


def refuse(form: forms.BaseForm, error: DirectoryError) -> None:
    """At the field that the error names, where the form has one of this name."""
    form.add_error(error.place if error.place in form.fields else None, said(error))


def machines(code: str) -> list[tuple[str, str]]:
    """The same team for machines."""
    base = f"/api/v1/directory/teams/{code}"
    return [
        ("JSON", base),
        ("CSV", f"{base}.csv"),
        ("XLSX", f"{base}.xlsx"),
        ("FIRST", f"{base}.first.json"),
        ("Trusted Introducer", f"{base}.ti.json"),
        ("Cerebrate", f"{base}.cerebrate.json"),
        ("vCard", f"{base}.vcf"),
        ("RFC 2350", f"{base}/rfc2350.txt"),
    ]
