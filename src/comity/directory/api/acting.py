"""What may be done for a team by machine: a dry run, an import, a contact test, keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Router, Schema, Status
from ninja.errors import HttpError
from ninja.files import UploadedFile

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.actions.batches import LARGEST
from comity.directory.api.answering import Answer, plain_errors, viewer
from comity.kit import tlp
from comity.kit.tlp import Viewer
from comity.people.doors import once, who_may

router = Router()


class Source(Schema):
    """Whose words a file is."""

    format: str
    name: str = Field(min_length=1, max_length=200)
    url: str = Field("", max_length=1000)
    date: str = Field("", max_length=10)
    encoding: str = Field("", max_length=40, description="of a CSV that is not UTF-8")
    apply: bool = False


@router.post(
    "/import",
    summary="A file of teams: a dry run, or with apply=true its application",
    operation_id="import_teams",
    auth=who_may("directory.load"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def import_teams(
    request: HttpRequest,
    source: Source = Form(...),  # noqa: B008 - how ninja declares a form
    file: UploadedFile = File(...),  # noqa: B008
) -> Answer:
    """The same file again changes nothing, so it may be sent again after a broken line."""
    who = viewer(request)
    if (file.size or 0) > LARGEST:
        raise HttpError(413, _("20 MB are taken at most."))
    data = file.read(LARGEST + 1)
    speaker = actions.importing(source.name, source.url, source.date)
    given = {"viewer": who, "encoding": source.encoding}
    if source.apply:
        return applied(actions.import_file(data, source.format, speaker, **given))
    return planned(actions.plan(data, source.format, speaker, **given))


def planned(run: actions.DryRun) -> Answer:
    """A dry run as JSON; the command line prints the same rows."""
    return {
        "sha256": run.sha256,
        "teams": len(run.reading.teams),
        "differences": [
            {"team": d.team, "kind": d.kind.value, "what": d.what}
            | {"before": d.before, "after": d.after}
            for d in run.differences
        ],
        "not_understood": [
            {"where": f.where, "what": f.what, "why": f.why, "remedy": f.remedy}
            for f in run.reading.findings
        ],
        "rejected": [_rejected(row) for row in run.rejected],
    }


def applied(done: actions.Applied) -> Answer:
    return {
        "teams": done.teams,
        "created": done.created,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "rejected": [_rejected(row) for row in done.rejected],
        "act": done.act,
    }


def _rejected(row: actions.Rejected) -> Answer:
    return {"team": row.team, "message": row.message, "remedy": row.remedy}


@router.post(
    "/teams/{code}/tests",
    summary="Ask the team's mailboxes to answer",
    operation_id="test_team",
    auth=who_may("directory.test"),
    response={202: dict[str, Any]},
)
@once
@plain_errors
def test_team(request: HttpRequest, code: str) -> Status[Answer]:
    """All that the caller may test. One mail a mailbox and day."""
    who = viewer(request)
    made = actions.ask(who, reads.team(who, code))
    return Status(202, {"tests": [str(test.pk) for test in made]})


class NewKey(Schema):
    kind: t.KeyKind
    text: str = Field(min_length=1, max_length=1_500_000)
    purpose: str = Field("", max_length=120)
    marking: str = "TLP:CLEAR"


class Reason(Schema):
    reason: str = Field("", max_length=500)


@router.post(
    "/teams/{code}/keys",
    summary="Add a public key; beside a standing one it waits for a second person",
    operation_id="add_key",
    auth=who_may("directory.edit"),
    response={201: dict[str, Any]},
)
@once
@plain_errors
def add_key(request: HttpRequest, code: str, given: NewKey) -> Status[Answer]:
    who = viewer(request)
    team = reads.team(who, code)
    label = tlp.parse(given.marking)
    if label is tlp.Label.RED:
        raise t.DirectoryError("A key of a team is not TLP:RED", "marking", "Use TLP:AMBER+STRICT.")
    row = actions.add_key(who, team, given.kind, given.text, purpose=given.purpose, label=label)
    return Status(201, {"id": row.pk, "fingerprint": row.fingerprint, "waits": row.waits})


def _key(who: Viewer, code: str, number: int) -> m.TeamKey:
    """A key that the caller may see: what waits only by the team and the secretariat."""
    page = reads.profile(who, code, now=timezone.now())
    found = next((key.row for key in page.keys if key.row.pk == number), None)
    if found is None:
        raise reads.NotHeld(f"{code} has no key {number}.")
    return found


@router.post(
    "/teams/{code}/keys/{int:number}/confirm",
    summary="A second person lets a key take its place",
    operation_id="confirm_key",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def confirm_key(request: HttpRequest, code: str, number: int, given: Reason) -> Answer:
    who = viewer(request)
    row = _key(who, code, number)
    actions.confirm_key(who, row, reason=given.reason)
    return {"id": row.pk, "fingerprint": row.fingerprint, "confirmed": True}


@router.post(
    "/teams/{code}/keys/{int:number}/revoke",
    summary="Say that a key is no longer to be used",
    operation_id="revoke_key",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def revoke_key(request: HttpRequest, code: str, number: int, given: Reason) -> Answer:
    who = viewer(request)
    made = actions.revoke_key(who, _key(who, code, number), given.reason)
    return {"id": made.pk, "fingerprint": made.fingerprint, "revoked": made.revoked}


@router.post(
    "/teams/{code}/keys/{int:number}/refuse",
    summary="A key that waits is taken back or refused",
    operation_id="refuse_key",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def refuse_key(request: HttpRequest, code: str, number: int) -> Answer:
    who = viewer(request)
    row = _key(who, code, number)
    actions.refuse_key(who, row)
    return {"id": row.pk, "fingerprint": row.fingerprint, "refused": True}


@router.post(
    "/teams/{code}/reviewed",
    summary="Somebody of the team found its record right",
    operation_id="review_team",
    auth=who_may("directory.edit"),
    response={200: dict[str, Any]},
)
@once
@plain_errors
def reviewed(request: HttpRequest, code: str) -> Answer:
    who = viewer(request)
    team = reads.team(who, code)
    return {"team": team.code, "review_due": actions.reviewed(who, team)}
