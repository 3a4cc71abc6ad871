"""Acts of the room for machines: load a text, settle a guess, say how a duty stands.

A program shows a token; a browser's session is taken too, with the CSRF token of its page.
Failures are RFC 9457 problems; one of a source carries line and column.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import Field, File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from comity.kit.problems import BAD_INPUT, CONFLICT, MEDIA_TYPE, FieldError, pointer, problem
from comity.kit.tlp import Viewer
from comity.mandate import actions, reads
from comity.mandate import models as m
from comity.mandate.api.reading import held_version, viewer
from comity.mandate.formats.any import LARGEST
from comity.mandate.rules.saying import LINE, LINES
from comity.mandate.types import ChangeKind, DutyStatus, Fate, MandateError, Target
from comity.people.doors import once, who_may

router = Router()
Answer = dict[str, Any]


class Place(Schema):
    """A provision by its place: its heading as printed, its path."""

    section: str
    path: str


class FateDecision(Schema):
    fate: Fate
    targets: list[Place] = Field(default_factory=list, max_length=50)
    reason: str = Field(min_length=1, max_length=500)
    replaces: int = Field(0, ge=0, description="act of the decision it replaces; 0: none stands")


class ChangeDecision(Schema):
    kind: ChangeKind
    sources: list[Place] = Field(default_factory=list, max_length=50)
    reason: str = Field(min_length=1, max_length=500)
    replaces: int = Field(0, ge=0, description="act of the decision it replaces; 0: none stands")


class StateSaid(Schema):
    status: DutyStatus
    evidence: list[Annotated[str, Field(max_length=LINE)]] = Field(
        default_factory=list, max_length=LINES
    )


class DueDay(Schema):
    due: dt.date
    source: str = Field(min_length=1, max_length=300)


def _plain_errors(do: Callable[..., Any]) -> Callable[..., Any]:
    """What cannot be taken is a problem with its place and remedy; what is not held is a 404."""

    @wraps(do)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return do(request, *args, **kwargs)
        except MandateError as error:
            return _refused(request, error)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error

    return checked


def _refused(request: HttpRequest, error: MandateError) -> HttpResponse:
    kind = CONFLICT if isinstance(error, actions.DecidedMeanwhile) else BAD_INPUT
    advice = error.remedy or gettext_noop(
        "See the description of this address in /api/v1/openapi.json."
    )
    errors = (FieldError(pointer(), _(error.message), _(advice)),)
    detail = _(error.message) + (f" {_(error.remedy)}" if error.remedy else "")
    body = problem(kind, detail, instance=request.path, errors=errors).as_json()
    body["title"] = _(kind.title)
    if error.line:
        body |= {"detail": str(error), "line": error.line, "column": error.column}
    if isinstance(error, actions.DecidedMeanwhile):
        body["held"] = _settled(error.held)
    return JsonResponse(body, status=kind.status, content_type=MEDIA_TYPE)


@router.post(
    "/{issuer}/{name}/versions",
    summary="Load a text: a marked-up draft, a page's JSON, or Akoma Ntoso",
    operation_id="load_version",
    auth=who_may("mandate.load"),
    response={200: dict[str, Any], 201: dict[str, Any]},
)
@once
@_plain_errors
def load(
    request: HttpRequest,
    issuer: str,
    name: str,
    file: UploadedFile = File(...),  # noqa: B008 - how ninja declares a part of the form
    label: str = Form(""),
    even_if_other_number: bool = Form(False),
) -> Status[Answer]:
    """201 when it was kept, 200 when the same bytes were held already."""
    now = timezone.now()
    version = actions.load(
        file.read(LARGEST + 1),
        f"{issuer}/{name}",
        name=(file.name or "")[-200:],  # as long as a source's name may be, its ending kept
        label=label or None,
        even_if_other_number=even_if_other_number,
        viewer=viewer(request),
        now=now,
    )
    found_there = [
        {"code": f.code, "message": f.message, "line": f.line, "column": f.column}
        for f in version.findings.all()
    ]
    status = 201 if version.loaded_at == now else 200
    return Status(status, {**reads.loaded(version), "found": found_there})


@router.delete(
    "/{issuer}/{name}/versions/{label}",
    summary="Remove a text that was wrongly loaded; what persons decided stays",
    operation_id="remove_version",
    auth=who_may("mandate.load"),
    response={204: None},
)
@_plain_errors
def remove(request: HttpRequest, issuer: str, name: str, label: str) -> Status[None]:
    """The text in English where there are several of one label, else the one there is."""
    actions.remove_version(held_version(request, issuer, name, label), viewer=viewer(request))
    return Status(204, None)


@router.post(
    "/{issuer}/{name}/versions/{label}/fates/{passage}",
    summary="Settle what became of a proposal; the machine's guess stays beside it",
    operation_id="settle_fate",
    auth=who_may("mandate.settle"),
    response={201: dict[str, Any]},
)
@once
@_plain_errors
def settle_fate(
    request: HttpRequest, issuer: str, name: str, label: str, passage: str, said: FateDecision
) -> Status[Answer]:
    """`passage` is the eId of the proposal's passage in the draft."""
    who, adopted = viewer(request), held_version(request, issuer, name, label)
    for row in reads.proposals(who, adopted, passage=passage):
        made = actions.settle_fate(
            who,
            row.passage.version,
            adopted,
            row.passage,
            said.fate,
            _targets(said.targets),
            said.reason,
            replaces=said.replaces,
        )
        return Status(201, _settled(made))
    raise reads.NotHeld(f"{adopted.instrument.key} {label} knows no proposal {passage}.")


@router.post(
    "/{issuer}/{name}/versions/{label}/changes/{subject}",
    summary="Settle where a provision came from; the machine's guess stays beside it",
    operation_id="settle_change",
    auth=who_may("mandate.settle"),
    response={201: dict[str, Any]},
)
@once
@_plain_errors
def settle_change(
    request: HttpRequest, issuer: str, name: str, label: str, subject: str, said: ChangeDecision
) -> Status[Answer]:
    """`subject` is the provision's eId; of one that is gone, its eId, an @ and the label of the
    version before."""
    who, new = viewer(request), held_version(request, issuer, name, label)
    old = reads.earlier(who, new)
    if old is None or all(c.subject != subject for c in reads.changes(who, old, new)):
        raise reads.NotHeld(f"{new.instrument.key} {label} knows no change {subject}.")
    sources = _targets(said.sources)
    made = actions.settle_change(
        who, old, new, subject, said.kind, sources, said.reason, replaces=said.replaces
    )
    return Status(201, _settled(made))


def _targets(places: list[Place]) -> list[Target]:
    return [Target(place.section, place.path) for place in places]


def _settled(made: m.Settlement) -> Answer:
    return {
        "about": made.about,
        "subject": made.subject,
        "decided": made.decided,
        "targets": made.targets,
        "moment": made.moment,
        "act": made.act,
    }


@router.post(
    "/{issuer}/{name}/versions/{label}/duties/{unit}/states",
    summary="Say how a duty stands, on what evidence",
    operation_id="say_duty_state",
    auth=who_may("mandate.annotate"),
    response={201: dict[str, Any]},
)
@once
@_plain_errors
def say_state(
    request: HttpRequest, issuer: str, name: str, label: str, unit: str, said: StateSaid
) -> Status[Answer]:
    """`unit` is the eId of the provision."""
    who = viewer(request)
    duty = _duty(request, who, issuer, name, label, unit).duty
    made = actions.say_state(who, duty, said.status, said.evidence)
    return Status(
        201, {"wid": made.wid, "status": made.status, "evidence": made.evidence, "act": made.act}
    )


@router.post(
    "/{issuer}/{name}/versions/{label}/duties/{unit}/deadlines",
    summary="Enter the day a duty is due, with the document that says so",
    operation_id="enter_deadline",
    auth=who_may("mandate.annotate"),
    response={201: dict[str, Any]},
)
@once
@_plain_errors
def enter_deadline(
    request: HttpRequest, issuer: str, name: str, label: str, unit: str, said: DueDay
) -> Status[Answer]:
    """`unit` is the eId of the provision."""
    who = viewer(request)
    duty = _duty(request, who, issuer, name, label, unit).duty
    made = actions.enter_deadline(who, duty, said.due, said.source)
    return Status(201, {"wid": made.wid, "due": made.due, "source": made.source, "act": made.act})


@router.delete(
    "/{issuer}/{name}/versions/{label}/duties/{unit}/deadlines/{int:act}",
    summary="Withdraw a deadline that was entered wrongly",
    operation_id="withdraw_deadline",
    auth=who_may("mandate.annotate"),
    response={200: dict[str, Any]},
)
@_plain_errors
def withdraw_deadline(
    request: HttpRequest, issuer: str, name: str, label: str, unit: str, act: int
) -> Status[Answer]:
    """`act` is the act that entered it, as the deadline's own data say."""
    who = viewer(request)
    row = _duty(request, who, issuer, name, label, unit)
    if all(act != deadline.act for deadline in row.deadlines):
        raise reads.NotHeld(f"{unit} has no deadline {act}.")
    made = actions.withdraw_deadline(who, row.duty, act)
    said = {"wid": made.wid, "due": made.due, "source": made.source}
    return Status(200, {**said, "withdrawn": made.withdrawn, "act": made.withdrawn_act})


def _duty(
    request: HttpRequest, who: Viewer, issuer: str, name: str, label: str, unit: str
) -> reads.DutyRow:
    row = reads.duty_of(who, reads.provision(who, held_version(request, issuer, name, label), unit))
    if row is None:
        raise reads.NotHeld(f"{unit} asks nothing of anybody.")
    return row
