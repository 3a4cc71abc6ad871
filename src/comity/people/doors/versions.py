"""Unchanged since: a change that names the version it was written for is refused for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest

from comity.kit import conditions
from comity.kit.languages import gettext_noop
from comity.kit.problems import ProblemType
from comity.ledger.actions import hold
from comity.people.doors.answers import as_json

CHANGED = ProblemType("changed", gettext_noop("It was changed in the meantime"), 412)


class Changed(Exception):
    """What somebody wants to change is not what they have seen."""


@contextmanager
def if_unchanged(request: HttpRequest, now: Callable[[], object]) -> Iterator[None]:
    """Around a change: refused with `Changed` when the request names versions with If-Match and
    `now()`, what a GET would answer this viewer, is none of them. Until the change is made, no
    other act happens.

    The tag is of what the viewer sees: a change that is hidden from them neither shows nor hinders.
    """
    header = request.headers.get("If-Match", "")
    if not header:
        yield
        return
    with transaction.atomic():
        hold()
        if not conditions.matches(header, conditions.etag(as_json(now()))):
            raise Changed
        yield
