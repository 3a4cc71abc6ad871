"""Requests for assistance and searches that a person keeps, for machines."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router

from comity.kit.problems import CONFLICT
from comity.people.doors import (
    fresh,
    if_unchanged,
    once,
    remark,
    send,
    viewer,
    who_is_known,
    who_signed_in,
)
from comity.registry.actions import desk as actions
from comity.registry.actions.searching import delete_search, save_search, see_search
from comity.registry.api.asking import plain_errors
from comity.registry.api.shapes import Strict, asked_data, request_data, suggested_data
from comity.registry.models import SavedSearch
from comity.registry.reads import desk
from comity.registry.reads.mine import searches as kept_searches
from comity.registry.rules.requests import Act, Band, RequestError, State, may_follow

router = Router()
OK = {200: dict[str, Any]}
# A request is made by submitting a record of the kind `request`; these follow.
Following = Literal[tuple(act.value for act in Act if act is not Act.ASK)]  # type: ignore[valid-type]


@router.get(
    "/requests",
    summary="Requests for assistance that you may see, the oldest first, with their ages",
    operation_id="registry_requests",
    url_name="registry_requests",
    auth=who_is_known,
    response=OK,
)
@plain_errors
def queue(
    request: HttpRequest,
    state: State | None = Query(None, description="none: what is not closed"),  # noqa: B008
    band: Band | None = Query(None, description="of age"),  # noqa: B008
    own: bool = Query(False, description="of your own bodies only"),
) -> HttpResponse:
    found = desk.desk(
        viewer(request), now=timezone.now(), state=state or "", band=band or "", own=own
    )
    return fresh(
        request,
        {
            "requests": [asked_data(row) for row in found.rows],
            "counts": found.counts,
            "total": found.total,
            "unanswered": found.unanswered,
        },
    )


@router.get(
    "/requests/{key}",
    summary="One request: what is asked, its history, matches, and what you can do",
    operation_id="registry_request",
    url_name="registry_request",
    auth=who_is_known,
    response=OK,
)
@plain_errors
def one(request: HttpRequest, key: str) -> HttpResponse:
    return fresh(request, _request(request, key))


def _request(request: HttpRequest, key: str) -> dict[str, Any]:
    who = viewer(request)
    return request_data(who, desk.request(who, key, now=timezone.now()))


@router.get(
    "/requests/{key}/matches",
    summary="Offers on record that may answer a request, with reasons",
    operation_id="registry_request_matches",
    url_name="registry_request_matches",
    auth=who_is_known,
    response=OK,
)
@plain_errors
def matches(request: HttpRequest, key: str, limit: int = Query(10, ge=1, le=50)) -> HttpResponse:
    who = viewer(request)
    found = desk.request(who, key, now=timezone.now())
    return fresh(request, {"key": key, **suggested_data(who, found, limit)})


class RequestStepIn(Strict):
    """A step. `offers` are the entries and teams of a match, as "tool/key" and "team/code"."""

    reason: str = Field("", max_length=2000)
    offers: list[str] = Field(default_factory=list, max_length=10)
    seen: int | None = Field(None, description="`seen` of what you read; or send If-Match")


@router.post(
    "/requests/{key}/{act}",
    summary="One step: add, answer, match, unmatch, begin, stop, finish, decline, …",
    operation_id="act_on_request",
    url_name="act_on_request",
    auth=who_signed_in("registry"),
    response=OK,
)
@once
@plain_errors
def step(request: HttpRequest, key: str, act: Following, said: RequestStepIn) -> HttpResponse:
    """If-Match: the ETag of the request that you read. 403 for whom it is no party to, 409 for
    what cannot follow now."""
    who, asked = viewer(request), Act(act)
    found = desk.request(who, key, now=timezone.now())
    if not found.parties:
        raise PermissionDenied("registry.desk")
    try:
        with if_unchanged(request, lambda: _request(request, key)):
            row = actions.act_on(
                who, key, asked, reason=said.reason, offers=said.offers, seen=said.seen
            )
    except RequestError as error:
        state = desk.request(who, key, now=timezone.now()).asked.state
        late = not any(may_follow(state, asked, party) for party in found.parties)
        stale = said.seen is not None and said.seen != desk.seen_of(found.entry)
        if late or stale:
            return remark(request, error, CONFLICT)
        raise
    after = desk.request(who, row.key, now=timezone.now())
    return send({"key": row.key, "state": after.asked.state, "seen": after.seen})


# --- searches -----------------------------------------------------------------------------


@router.get(
    "/searches",
    summary="The searches that you keep, how much answers each and how much of it is new",
    operation_id="registry_searches",
    url_name="registry_searches",
    auth=who_is_known,
    response=OK,
)
def searches(request: HttpRequest) -> HttpResponse:
    found = kept_searches(viewer(request))
    rows = [_kept(one.row) | {"total": one.total, "new": one.new} for one in found]
    return fresh(request, {"searches": rows})


def _kept(row: SavedSearch) -> dict[str, Any]:
    return {"id": row.id, "name": row.name, "query": row.query, "made": row.made, "seen": row.seen}


class SearchIn(Strict):
    name: str = Field(min_length=1, max_length=120)
    query: str = Field(min_length=1, max_length=1000, description="as of GET /entries: q=drill")


@router.post(
    "/searches",
    summary="Keep a search; the same name takes the new question",
    operation_id="save_search",
    url_name="registry_searches",
    auth=who_signed_in("registry"),
    response={201: dict[str, Any]},
)
@once
@plain_errors
def keep(request: HttpRequest, said: SearchIn) -> HttpResponse:
    return send(_kept(save_search(viewer(request), said.name, said.query)), 201)


@router.post(
    "/searches/{uuid:id}/seen",
    summary="What changes from now on is new",
    operation_id="see_search",
    url_name="see_search",
    auth=who_signed_in("registry"),
    response=OK,
)
@once
@plain_errors
def seen(request: HttpRequest, id: UUID) -> HttpResponse:
    return send(_kept(see_search(viewer(request), id)))


@router.delete(
    "/searches/{uuid:id}",
    summary="Keep a search no more",
    operation_id="delete_search",
    url_name="delete_search",
    auth=who_signed_in("registry"),
    response={204: None},
)
@plain_errors
def forget(request: HttpRequest, id: UUID) -> HttpResponse:
    delete_search(viewer(request), id)
    return HttpResponse(status=204)
