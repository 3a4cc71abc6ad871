"""Unchanged since: a change that names the version it was written for is refused for another."""

from __future__ import annotations

from django.http import HttpRequest

from comity.kit import conditions
from comity.kit.languages import gettext_noop
from comity.kit.problems import ProblemType
from comity.people.doors.answers import as_json

CHANGED = ProblemType("changed", gettext_noop("It was changed in the meantime"), 412)


class Changed(Exception):
    """What somebody wants to change is not what they have seen."""


def must_match(request: HttpRequest, data: object) -> None:
    """Raises `Changed` when the request names versions with If-Match and `data`, what a GET would
    answer this viewer now, is none of them. Call it in the transaction of the change.

    The tag is of what the viewer sees: a change that is hidden from them neither shows nor hinders.
    """
    header = request.headers.get("If-Match", "")
    if header and not conditions.matches(header, conditions.etag(as_json(data))):
        raise Changed
