"""Words of a body for machines: one record or a file, each step to publication."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router
from ninja.errors import HttpError
from ninja.files import UploadedFile

from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.kit.sheets import LIMITS, Unreadable, refuse_size
from comity.kit.tlp import Label, Viewer
from comity.people.doors import (
    fresh,
    if_unchanged,
    once,
    send,
    viewer,
    who_is_known,
    who_may,
    who_signed_in,
)
from comity.people.reads import actor_of
from comity.registry.actions import Speaker, kind_named, store
from comity.registry.actions.batching import submit_file
from comity.registry.actions.loading import not_public
from comity.registry.actions.mending import drop_row, mend_row
from comity.registry.actions.reviewing import Words, act_on
from comity.registry.actions.submitting import own_body, submit_record
from comity.registry.api.asking import plain_errors
from comity.registry.api.shapes import (
    RecordIn,
    Strict,
    SubmissionIn,
    Tongue,
    batch_data,
    entry_data,
    label_of,
    likely_data,
    record_of,
    result_data,
    submission_data,
    submission_row,
    waiting_data,
)
from comity.registry.reads import submissions
from comity.registry.reads.duplicates import likely_same
from comity.registry.rules.submissions import Act, State
from comity.registry.types import BadSubmission, Outcome, Problem, RegistryError

router = Router()
OK = {200: dict[str, Any]}
MADE = {201: dict[str, Any]}
PLACE = "/api/v1/registry"
SHOWN = 500  # rows with problems in one answer; GET /batches/{id} has them too
FORM = 64 * 1024  # what a form has around its file


def _who_uploads(request: HttpRequest) -> Viewer:
    """As `who_may`, and refused by its size alone before the file is read."""
    who = who_may("registry.submit")(request)
    try:
        refuse_size(int(request.META.get("CONTENT_LENGTH") or 0) - FORM, LIMITS)
    except Unreadable as error:
        raise HttpError(413, str(error)) from error
    return who


# --- submissions --------------------------------------------------------------------------


@router.get(
    "/submissions",
    summary="Submissions that you may see, newest first",
    operation_id="registry_submissions",
    url_name="registry_submissions",
    auth=who_is_known,
    response=OK,
)
@plain_errors
def listed(
    request: HttpRequest,
    state: list[State] = Query([]),  # noqa: B008
    kind: str = Query("", max_length=40),
    own: bool = Query(False, description="of your own bodies only"),
    batch: UUID | None = Query(None),  # noqa: B008
    after: str = Query("", description="`next` of the page before"),
    limit: int = Query(50, ge=1, le=500),
) -> HttpResponse:
    who = viewer(request)
    page = submissions.submissions(
        who,
        states=state,
        kind=kind_named(kind).key if kind else "",
        bodies=who.bodies if own else None,
        batch=batch,
        after=after,
        limit=limit,
    )
    rows = [submission_row(row) for row in page.rows]
    return fresh(request, {"submissions": rows, "next": page.next, "total": page.total})


@router.post(
    "/submissions",
    summary="Submit a record for review; an entry of yours named by its key is changed by it",
    operation_id="submit_record",
    url_name="registry_submissions",
    auth=who_may("registry.submit"),
    response=MADE,
)
@once
@plain_errors
def submit(request: HttpRequest, said: SubmissionIn) -> HttpResponse:
    """If-Match: the ETag of the entry that it changes. `likely_same` are entries to look at."""
    who = viewer(request)
    item, problems = record_of(said)
    label = label_of(said.tlp)
    if problems:
        raise BadSubmission(problems)
    speaker = own_body(who, said.body)
    with if_unchanged(request, lambda: entry_data(who, item.kind, item.key)):
        row = submit_record(who, item, body=speaker.id, label=label, send=said.send)
    entry = row.entry.id if row.entry else None
    likely = likely_same(who, item, body_name=speaker.name, entry=entry)
    made = {
        "id": row.id,
        "state": row.state,
        "entry": row.entry.name if row.entry else "",
        "likely_same": likely_data(likely),
    }
    return send(made, 201, Location=f"{PLACE}/submissions/{row.id}")


@router.post(
    "/submissions/check",
    summary="Check a record as a submission is checked, and keep nothing",
    operation_id="check_record",
    url_name="check_record",
    auth=who_may("registry.submit"),
    response=OK,
)
@once
@plain_errors
def check(request: HttpRequest, said: SubmissionIn) -> HttpResponse:
    who = viewer(request)
    item, problems = record_of(said)
    label_of(said.tlp)
    if problems:
        raise BadSubmission(problems)
    speaker = own_body(who, said.body)
    return send({"likely_same": likely_data(likely_same(who, item, body_name=speaker.name))})


@router.get(
    "/submissions/{uuid:id}",
    summary="One submission: its words, differences, steps, and what you can do to it",
    operation_id="registry_submission",
    url_name="registry_submission",
    auth=who_is_known,
    response=OK,
)
@plain_errors
def submission(request: HttpRequest, id: UUID) -> HttpResponse:
    who = viewer(request)
    return fresh(request, submission_data(who, submissions.submission(who, id)))


class StepIn(Strict):
    """A step. `record` are the words of the acts edit and amend."""

    reason: str = Field("", max_length=2000)
    record: RecordIn | None = None
    seen: int | None = Field(None, description="`seen` of what you read; or send If-Match")


@router.post(
    "/submissions/{uuid:id}/{act}",
    summary="One step: submit, ask_back, amend, agree, accept, reject, sign_off, withdraw, …",
    operation_id="act_on_submission",
    url_name="act_on_submission",
    auth=who_signed_in("registry"),
    response=OK,
)
@once
@plain_errors
def step(request: HttpRequest, id: UUID, act: Act, said: StepIn) -> HttpResponse:
    """If-Match: the ETag of the submission that you read."""
    who = viewer(request)
    words = _words(who, id, said.record) if said.record else None
    with if_unchanged(request, lambda: submission_data(who, submissions.submission(who, id))):
        row = act_on(who, id, act, reason=said.reason, seen=said.seen, words=words)
    return send(
        {
            "id": row.id,
            "state": row.state,
            "seen": row.act,
            "entry": row.entry.name if row.entry else "",
        }
    )


def _words(who: Viewer, id: UUID, given: RecordIn) -> Words:
    """Raises `BadSubmission` for words with problems, `RegistryError` for those of another kind."""
    row = submissions.submission(who, id)
    if given.kind != row.kind:
        raise RegistryError(gettext_noop("The submission is of another kind"), "kind", row.kind)
    item, problems = record_of(given)
    if problems:
        raise BadSubmission(problems)
    return Words(item, label_of(given.tlp))


# --- files --------------------------------------------------------------------------------


@router.post(
    "/batches",
    summary="Submit a file, CSV or XLSX: good rows go to review, bad ones wait to be mended",
    operation_id="submit_batch",
    url_name="registry_batches",
    auth=_who_uploads,
    response={200: dict[str, Any], 201: dict[str, Any]},
)
@once
@plain_errors
def upload(
    request: HttpRequest,
    file: UploadedFile = File(...),  # noqa: B008 - how ninja declares a form
    kind: str = Form(..., max_length=40),
    language: Tongue = Form("en"),  # noqa: B008
    body: UUID | None = Form(None),  # noqa: B008
    encoding: str = Form("", max_length=40, description="of a CSV that is not UTF-8"),
) -> HttpResponse:
    """201 when rows arrived or wait, 200 when the same file was held already. `rejected` has the
    first 500 rows that wait."""
    loaded = submit_file(
        viewer(request),
        kind_named(kind).key,
        file.read(LIMITS.upload + 1),
        (file.name or "")[-200:],
        body=body,
        language=language,
        encoding=encoding,
    )
    assert loaded.batch is not None  # noqa: S101 - a file of a body is a batch
    outcomes = [result.outcome for result in loaded.results]
    rejected = [r for r in loaded.results if r.outcome is Outcome.REJECTED]
    made = batch_data(loaded.batch) | {
        "outcomes": {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)},
        "rejected": [result_data(result) for result in rejected[:SHOWN]],
        "noticed": [
            {"row": f.row, "column": f.column, "message": f.message, "remedy": f.remedy}
            for f in loaded.findings[:SHOWN]
        ],
    }
    status = 201 if loaded.fresh else 200
    return send(made, status, Location=f"{PLACE}/batches/{loaded.batch.id}")


@router.get(
    "/batches",
    summary="The newest files of your bodies",
    operation_id="registry_batches",
    url_name="registry_batches",
    auth=who_is_known,
    response=OK,
)
def batches(request: HttpRequest, limit: int = Query(50, ge=1, le=500)) -> HttpResponse:
    who = viewer(request)
    found = submissions.batches(who, who.bodies, limit)
    return fresh(request, {"batches": [batch_data(one) for one in found]})


@router.get(
    "/batches/{uuid:id}",
    summary="What became of a file, and the rows that wait with what is wrong",
    operation_id="registry_batch",
    url_name="registry_batch",
    auth=who_is_known,
    response=OK,
)
@plain_errors
def batch(request: HttpRequest, id: UUID) -> HttpResponse:
    one = submissions.batch(viewer(request), id)
    rows = [waiting_data(row) for row in submissions.waiting_rows(one, SHOWN)]
    return fresh(request, batch_data(one) | {"rows_waiting": rows})


class CellsIn(Strict):
    """A waiting row as it should have been: column to text, the whole row."""

    cells: dict[str, str] = Field(max_length=500)
    language: Tongue = "en"


@router.post(
    "/batches/{uuid:id}/rows/{int:row}",
    summary="Mend a row that waits: it goes to review as the file's other rows did",
    operation_id="mend_row",
    url_name="mend_row",
    auth=who_may("registry.submit"),
    response=MADE,
)
@once
@plain_errors
def mend(request: HttpRequest, id: UUID, row: int, said: CellsIn) -> HttpResponse:
    made = mend_row(viewer(request), id, row, said.cells, language=said.language)
    place = f"{PLACE}/submissions/{made.id}"
    return send({"id": made.id, "state": made.state, "row": row}, 201, Location=place)


class ReasonIn(Strict):
    reason: str = Field(min_length=1, max_length=2000)


@router.post(
    "/batches/{uuid:id}/rows/{int:row}/drop",
    summary="Leave a waiting row out for good, with the reason",
    operation_id="drop_row",
    url_name="drop_row",
    auth=who_may("registry.submit"),
    response=OK,
)
@once
@plain_errors
def drop(request: HttpRequest, id: UUID, row: int, said: ReasonIn) -> HttpResponse:
    drop_row(viewer(request), id, row, said.reason)
    return send({"row": row, "state": "dropped"})


# --- the operator's own -------------------------------------------------------------------


class RecordsIn(Strict):
    """Records of one kind as words of a source, published at once; all of them or none."""

    said_by: str = Field(min_length=1, max_length=300, description="who says so: a publisher")
    licence: str = Field("", max_length=80, description="as SPDX or in words")
    records: list[RecordIn] = Field(min_length=1, max_length=1000)


@router.post(
    "/entries/{kind}",
    summary="Load records that a source publishes; nobody owns them",
    operation_id="load_records",
    url_name="load_records",
    auth=who_may("registry.load"),
    response=OK,
)
@once
@plain_errors
def load(request: HttpRequest, kind: str, said: RecordsIn) -> HttpResponse:
    """If-Match: the ETag of the entry, where one record changes one."""
    who, asked = viewer(request), kind_named(kind)
    items, problems = [], []
    for number, given in enumerate(said.records, start=1):
        if given.kind != kind:
            where = f"records/{number}/kind"
            raise RegistryError(gettext_noop("The record is of another kind"), where, kind)
        item, found = record_of(given)
        items.append(item)
        found = (*found, *not_public(asked, item))
        problems += [Problem(p.field, p.message, p.remedy, p.value, number) for p in found]
    if problems:
        raise BadSubmission(tuple(problems))
    # What nobody owns cannot be AMBER: a confidential kind comes in GREEN.
    label = Label.GREEN if Label(asked.default_label) >= Label.AMBER else None
    speaker = Speaker(Voice.SOURCE, said.said_by, None, said.licence)
    with if_unchanged(request, lambda: entry_data(who, kind, items[0].key)):
        results = store(items, speaker, act="load_entries", actor=actor_of(who), label=label)
    rejected = [p for result in results for p in result.problems]
    if rejected:
        raise BadSubmission(tuple(rejected))
    return send({"results": [{"key": r.key, "id": r.entry, "outcome": r.outcome} for r in results]})
