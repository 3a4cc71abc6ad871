"""What an address of the API asks, checked; errors of the room as problems with their remedy."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import Http404, HttpRequest
from ninja import Field, Schema

from comity.events import reads
from comity.events.actions.pushing import TooLarge
from comity.events.formats.exported import INSIDE
from comity.events.pages.asking import asked
from comity.events.types.asking import Question
from comity.events.types.sources import EventsError
from comity.kit.errors import KitError
from comity.kit.problems import BAD_INPUT, TOO_LARGE
from comity.people.doors import remark, viewer

Answer = dict[str, Any]


class Wanted(Schema):
    """Filters of a question; days are of when it was seen, both included."""

    q: str = Field("", max_length=100, description="an address, a network or an AS number")
    since: str = Field("", max_length=10, description="first day, 2026-11-20")
    until: str = Field("", max_length=10, description="last day")
    feed: str = Field("", max_length=100)
    report_type: str = Field("", max_length=100)
    class_type: str = Field("", max_length=100, description="type of the RSIT")
    severity: str = Field("", max_length=10)
    country: str = Field("", max_length=2, description="the one routing used")
    asn: str = Field("", max_length=12)
    network: str = Field("", max_length=60)
    team: str = Field("", max_length=60, description="code of who must act")
    unrouted: str = Field("", max_length=1, description="1: nobody answers for it")
    whose: str = Field("", max_length=3, description="all: also outside of your constituency")


def question(request: HttpRequest, wanted: Wanted) -> Question:
    """The question, as the pages read it. Raises `EventsError` for what cannot be read."""
    del wanted  # describes the address; what was sent is read once, in one place
    ask = asked(viewer(request), request.GET)
    for place, words in ask.faults.items():
        raise EventsError(words.rstrip("."), place, words)
    return ask.question


def plain_errors(do: Callable[..., Any]) -> Callable[..., Any]:
    """What cannot be taken is a problem with place and remedy; what is not held is a 404."""

    @wraps(do)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return do(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error
        except TooLarge as error:
            return remark(request, error, TOO_LARGE)
        except KitError as error:
            return remark(request, error, BAD_INPUT)

    # The form of the request is read from here; the names in it are those of the door's module.
    checked.__signature__ = inspect.signature(do, eval_str=True)  # type: ignore[attr-defined]
    return checked


def event_data(row: dict[str, Any]) -> Answer:
    """An event with what is empty left out; `extra` as an object, 64-bit keys as text."""
    made = {
        name: value
        for name, value in row.items()
        if value not in (None, [], "") and name not in INSIDE
    }
    if "extra" in made:
        made["extra"] = msgspec.json.decode(made["extra"])
    made["finding_key"] = f"{row['finding_key']:016x}"
    return made
