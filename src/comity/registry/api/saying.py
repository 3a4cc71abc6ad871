"""What a body says of an entry that stands, for machines: it replies, it confirms its own words, it
applies a practice since a day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router

from comity.people.doors import if_unchanged, once, send, viewer, who_may
from comity.registry import reads
from comity.registry.actions import confirm_entry
from comity.registry.actions.applying import say_applied
from comity.registry.actions.replying import answer, withdraw_reply
from comity.registry.actions.submitting import own_body
from comity.registry.api.asking import plain_errors
from comity.registry.api.shapes import Strict, Tongue, entry_data
from comity.registry.reads import answering

router = Router()
OK = {200: dict[str, Any]}
MADE = {201: dict[str, Any]}


class ReplyIn(Strict):
    text: str = Field(min_length=1, max_length=5000)
    language: Tongue = "en"
    contests: bool = Field(False, description="the entry then shows that it is contested")
    body: UUID | None = None


@router.post(
    "/entries/{kind}/{key}/replies",
    summary="The right of reply: answer an entry that concerns your body, or contest it",
    operation_id="reply_to_entry",
    url_name="reply_to_entry",
    auth=who_may("registry.sign_off"),
    response=MADE,
)
@once
@plain_errors
def reply(request: HttpRequest, kind: str, key: str, said: ReplyIn) -> HttpResponse:
    """If-Match: the ETag of the entry that you read."""
    who = viewer(request)
    with if_unchanged(request, lambda: entry_data(who, kind, key)):
        one = reads.entry(who, kind, key)
        made = answer(
            who, one, said.text, body=said.body, contests=said.contests, language=said.language
        )
    return send({"id": made.id, "by": made.by, "contests": made.contests, "made": made.made}, 201)


@router.delete(
    "/replies/{uuid:id}",
    summary="Take a reply of your body back",
    operation_id="withdraw_reply",
    url_name="withdraw_reply",
    auth=who_may("registry.sign_off"),
    response={204: None},
)
@plain_errors
def take_back(request: HttpRequest, id: UUID) -> HttpResponse:
    who = viewer(request)
    withdraw_reply(who, answering.reply(who, id))
    return HttpResponse(status=204)


class AppliedIn(Strict):
    """A body's own word that it applies a practice or a standard."""

    event: str = Field(max_length=60, description="a code of /vocabularies/application_events")
    date: str = Field("", max_length=10, description="since when, as exactly as it is known")
    note: str = Field("", max_length=300)
    evidence_title: str = Field("", max_length=300)
    evidence_url: str = Field("", max_length=2000)
    body: UUID | None = Field(None, description="which of your bodies; none where it is one")


@router.post(
    "/entries/{kind}/{key}/applied",
    summary="We apply this since …: your body's word on a practice or a standard",
    operation_id="say_applied",
    url_name="say_applied",
    auth=who_may("registry.sign_off"),
    response=OK,
)
@once
@plain_errors
def applied(request: HttpRequest, kind: str, key: str, said: AppliedIn) -> HttpResponse:
    """Said again it changes nothing; said otherwise it replaces what your body said of this."""
    who = viewer(request)
    reads.entry(who, kind, key)
    words = said.model_dump(exclude={"body"})
    outcome = say_applied(who, kind, key, body=own_body(who, said.body).id, **words)
    return send({"entry": f"{kind}/{key}", "outcome": outcome.value})


class ConfirmIn(Strict):
    """Nothing is said but that it still holds."""


@router.post(
    "/entries/{kind}/{key}/confirm",
    summary="All that your body says of its own entry still holds today",
    operation_id="confirm_entry",
    url_name="confirm_entry",
    auth=who_may("registry.sign_off"),
    response=OK,
)
@once
@plain_errors
def confirm(request: HttpRequest, kind: str, key: str, said: ConfirmIn) -> HttpResponse:
    """If-Match: the ETag of the entry that you read. 403 for whom it does not belong to."""
    who = viewer(request)
    with if_unchanged(request, lambda: entry_data(who, kind, key)):
        confirmed = confirm_entry(who, reads.entry(who, kind, key))
    return send({"entry": f"{kind}/{key}", "confirmed": confirmed})
