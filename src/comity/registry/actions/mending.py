"""Rows of a batch that wait: mended and taken as if they had come so, or dropped with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger.actions import hold, record
from comity.people.reads import actor_of
from comity.people.rules import may
from comity.registry.actions.loading import kind_named
from comity.registry.actions.submitting import own_body, submit_record
from comity.registry.models import Submission, WaitingRow
from comity.registry.reads.kinds import vocabularies
from comity.registry.reads.submissions import waiting_row
from comity.registry.rules.checking import from_cells, unknown_columns
from comity.registry.types import BadSubmission, BadValue, Problem, RegistryError

LONGEST_REASON = 2_000


def mend_row(
    viewer: Viewer,
    batch: UUID,
    number: int,
    cells: Mapping[str, str],
    *,
    language: str = "en",
) -> Submission:
    """Take a waiting row with other cells: it arrives as its batch's other rows did.

    Raises `BadSubmission` with what is still wrong; the row then waits on as it came.
    """
    with transaction.atomic():
        hold()
        row = _waiting(viewer, batch, number)
        kind = kind_named(row.batch.kind)
        given = {name: text for name, text in cells.items() if text.strip()}
        strange = unknown_columns(kind, given)
        item, problems = from_cells(kind, given, vocabularies(), row=number, language=language)
        problems += tuple(
            Problem(
                name,
                gettext_noop("This kind has no such column"),
                gettext_noop("Empty this cell, or put what stands in it under another column."),
                given[name][:80],
                number,
            )
            for name in strange
        )
        if problems:
            raise BadSubmission(problems)
        made = submit_record(viewer, item, body=row.batch.body_id)
        made.batch, made.row = row.batch, number
        made.save(update_fields=["batch", "row"])
        row.act = record(
            "mend_row",
            f"registry/batch/{row.batch.id}",
            actor=actor_of(viewer),
            content={"row": number, "cells": given, "submission": str(made.id)},
        )
        row.state, row.submission = "mended", made
        row.save(update_fields=["state", "submission", "act"])
    return made


def drop_row(viewer: Viewer, batch: UUID, number: int, reason: str) -> None:
    """Leave a waiting row out for good. Raises `BadValue` without a reason."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise BadValue(
            gettext_noop("This needs a reason"),
            "reason",
            gettext_noop("Say in a sentence why the row is left out, in 2000 characters at most."),
        )
    with transaction.atomic():
        hold()
        row = _waiting(viewer, batch, number)
        row.act = record(
            "drop_row",
            f"registry/batch/{row.batch.id}",
            actor=actor_of(viewer),
            content={"row": number, "reason": reason},
        )
        row.state, row.reason = "dropped", reason
        row.save(update_fields=["state", "reason", "act"])


def _waiting(viewer: Viewer, batch: UUID, number: int) -> WaitingRow:
    """A row that still waits, of a batch of the viewer's own body."""
    row = waiting_row(viewer, batch, number)
    if not may(viewer, "registry.submit") or row.batch.body_id is None:
        raise PermissionDenied("registry.submit")
    own_body(viewer, row.batch.body_id)
    if row.state != "waiting":
        raise RegistryError(
            gettext_noop("This row waits no more"),
            f"row {number}",
            gettext_noop("Load the page again: somebody may have acted in the meantime."),
        )
    return row
