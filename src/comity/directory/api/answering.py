"""What the addresses of this room share: who asks, what is not held, errors, who says something."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest
from ninja.errors import HttpError

from comity.directory import actions, reads
from comity.kit.sayings import Saying
from comity.kit.tlp import Viewer

Answer = dict[str, Any]


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


def _as_declared(checked: Callable[..., Any], door: Callable[..., Any]) -> Callable[..., Any]:
    """The names of a door's types are those of its own file: ninja would look for them here."""
    checked.__signature__ = inspect.signature(door, eval_str=True)  # type: ignore[attr-defined]
    return checked


def held(door: Callable[..., Any]) -> Callable[..., Any]:
    """What is not held is an address that is not there."""

    @wraps(door)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return door(*args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error

    return _as_declared(checked, door)


def said(saying: Saying) -> Answer:
    """A saying with what is empty left out."""
    full = {
        "voice": saying.voice.value,
        "by": saying.by,
        "since": saying.since,
        "evidence_title": saying.evidence_title,
        "evidence_url": saying.evidence_url,
        "evidence_date": saying.evidence_date,
        "licence": saying.licence,
        "language": saying.language,
        "verified_on": saying.verified_on,
        "verified_by": saying.verified_by,
    }
    return {name: value for name, value in full.items() if value}


def plain_errors(do: Callable[..., Any]) -> Callable[..., Any]:
    """What is not held is a 404, too often a 429; the rest is a problem by the house's handler."""

    @wraps(do)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return do(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error
        except actions.TooMany as error:
            raise HttpError(429, str(error)) from error
        except actions.ChangedMeanwhile as error:
            raise HttpError(409, str(error)) from error

    return _as_declared(checked, do)
