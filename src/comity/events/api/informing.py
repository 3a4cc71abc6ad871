"""Who is told of what others, nearer, answer for, for machines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from comity.events.actions import informing
from comity.events.api.asking import plain_errors
from comity.events.reads import informed as read
from comity.people.doors import fresh, once, send, viewer, who_may

router = Router()
OK = {200: dict[str, Any]}


class Chosen(Schema):
    """A team, and whether it is told."""

    team: str = Field(min_length=1, max_length=60, description="its code")
    wanted: bool


@router.get(
    "/informed",
    summary="Teams for which you may choose whether they are told beside others",
    operation_id="informed_teams",
    url_name="informed_teams",
    auth=who_may("events.inform"),
    response=OK,
)
def informed(request: HttpRequest) -> HttpResponse:
    """Your own, told or not; for who oversees the house, all that are told."""
    rows = read.choices(viewer(request))
    return fresh(request, {"teams": [{"team": r.team.code, "since": r.since} for r in rows]})


@router.post(
    "/informed",
    summary="Tell a team of what others, nearer, answer for; or no longer",
    operation_id="inform_team",
    url_name="informed_teams",
    auth=who_may("events.inform"),
    response=OK,
)
@once
@plain_errors
def inform(request: HttpRequest, given: Chosen) -> HttpResponse:
    team = informing.inform(viewer(request), given.team, given.wanted)
    return send({"team": team.code, "wanted": given.wanted})
