"""What a program sends and gets of work under way: records, submissions, files, requests."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict

from comity.kit.errors import BadMarking, UnknownLabel
from comity.kit.tlp import Label, Viewer, parse
from comity.people.reads import today
from comity.registry import reads
from comity.registry.actions import kind_named
from comity.registry.models import Batch, Submission, WaitingRow
from comity.registry.reads import desk, submissions
from comity.registry.reads.duplicates import Likely
from comity.registry.reads.suggesting import suggestions
from comity.registry.reads.teams import PREFIX, helpers
from comity.registry.rules.checking import MOST_VALUES, from_json
from comity.registry.rules.matching import Match
from comity.registry.rules.submissions import Change
from comity.registry.types import BadValue, Problem, Record, RowResult

Tongue = Literal["ar", "en", "es", "fr", "ru", "zh"]


class Strict(Schema):
    """A member that means nothing here is refused, not left out silently."""

    model_config = ConfigDict(extra="forbid")


class ValueIn(Strict):
    """One value of one field; who says it is the body that submits."""

    field: str = Field(max_length=40)
    value: Any
    language: str = Field("", max_length=12, description="of the words; empty: the record's")
    origin: str = Field("", max_length=8, description="original, human or machine translation")
    tlp: str = Field("", max_length=20, description="stricter than the entry; empty: as the entry")
    since: str = Field("", max_length=10)
    url: str = Field("", max_length=2000, description="the address of the evidence")
    title: str = Field("", max_length=400, description="what the evidence is called")
    date: str = Field("", max_length=10, description="of the evidence")


class RecordIn(Strict):
    """An entry as somebody describes it; GET /kinds/{kind} has the JSON Schema of each kind."""

    kind: str = Field(max_length=40)
    key: str = Field("", max_length=80, description="a name of your own; of an entry to change it")
    subtype: str = Field("", max_length=60)
    tlp: str = Field("", max_length=20, description="empty: as the kind has it")
    language: Tongue = Field("en", description="of the words that name none")
    values: list[ValueIn] = Field(max_length=40 * MOST_VALUES)


class SubmissionIn(RecordIn):
    body: UUID | None = Field(None, description="for which of your bodies; none where it is one")
    send: bool = Field(True, description="false: keep it as a draft")


def record_of(given: RecordIn) -> tuple[Record, tuple[Problem, ...]]:
    """The record with its problems, as every door checks it. Raises `RegistryError`."""
    kind = kind_named(given.kind)
    data = given.model_dump(include={"key", "subtype", "values"})
    return from_json(kind, data, reads.vocabularies(), language=given.language)


def label_of(text: str) -> Label | None:
    """Raises `BadValue`."""
    if not text.strip():
        return None
    try:
        return parse(text)
    except (UnknownLabel, BadMarking) as error:
        raise BadValue(error.message, "tlp", error.remedy) from error


# --- out ----------------------------------------------------------------------------------


def entry_data(who: Viewer, kind: str, key: str) -> dict[str, Any]:
    """What GET answers for an entry; for one that is not there, what no tag is of."""
    try:
        return reads.as_data(who, reads.entry(who, kind, key))
    except reads.NotHeld:
        return {}


def submission_row(row: Submission) -> dict[str, Any]:
    """A submission in a list. Its handling, body and entry must be at hand."""
    return {
        "id": row.id,
        "kind": row.kind,
        "title": row.title,
        "state": row.state,
        "tlp": row.handling.label,
        "body": row.body.name if row.body else "",
        "entry": row.entry.name if row.entry else "",
        "batch": row.batch_id and row.batch and row.batch.id,
        "row": row.row,
        "made": row.made,
        "changed": row.changed,
        "seen": row.act,
    }


def submission_data(viewer: Viewer, row: Submission) -> dict[str, Any]:
    """All that a party to it may know: words, differences, steps, what it can do now."""
    return submission_row(row) | {
        "record": row.content,
        "proposed": row.amended,
        "differs": [_change(change) for change in submissions.changes(viewer, row)],
        "differs_proposed": [_change(change) for change in submissions.changes_proposed(row)],
        "stale": submissions.stale(row),
        "parties": sorted(submissions.parties(viewer, row)),
        "acts": submissions.open_acts(viewer, row),
        "steps": [
            {
                "act": step.act_name,
                "before": step.before,
                "after": step.after,
                "party": step.party,
                "reason": step.reason,
                "made": step.made,
            }
            for step in submissions.steps(viewer, row)
        ],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "field": change.field,
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
    }


def likely_data(found: list[Likely]) -> list[dict[str, Any]]:
    """Entries that may be the same work, with reasons."""
    return [
        {
            "kind": one.entry.kind,
            "key": one.entry.key,
            "title": one.entry.title,
            "score": round(one.score, 3),
            "reasons": [{"why": why.why, "values": why.values} for why in one.reasons],
        }
        for one in found
    ]


def batch_data(one: Batch) -> dict[str, Any]:
    """What became of a file: arrived, waiting, dropped and unchanged rows are its rows."""
    tally = submissions.tally(one)
    return {
        "id": one.id,
        "kind": one.kind,
        "name": one.name,
        "sha256": one.sha256,
        "rows": one.rows,
        "arrived": tally.arrived,
        "waiting": tally.waiting,
        "dropped": tally.dropped,
        "unchanged": tally.unchanged,
        "made": one.made,
    }


def waiting_data(row: WaitingRow) -> dict[str, Any]:
    problems = [{k: v for k, v in problem.items() if v} for problem in row.problems]
    return {"row": row.row, "cells": row.raw, "problems": problems}


def result_data(result: RowResult) -> dict[str, Any]:
    problems = [
        {"field": p.field, "message": p.message, "remedy": p.remedy, "value": p.value}
        for p in result.problems
    ]
    shape: dict[str, Any] = {"row": result.row, "id": result.id, "outcome": result.outcome}
    return shape | ({"problems": problems} if problems else {})


def asked_data(row: desk.Asked) -> dict[str, Any]:
    """A request in the queue."""
    return {
        "key": row.entry.key,
        "title": row.entry.title,
        "state": row.state,
        "asked": row.asked,
        "age_days": row.age,
        "unanswered_since": row.waiting,
        "body": row.entry.owner.name if row.entry.owner else "",
        "tlp": row.entry.handling.label,
    }


def request_data(viewer: Viewer, found: desk.Request) -> dict[str, Any]:
    """One request with its history and whom it was matched with, as far as one may see them."""
    return asked_data(found.asked) | {
        "entry": reads.as_data(viewer, found.entry),
        "matches": [
            {"entry": m.offered.name, "title": m.offered.title, "state": m.state}
            if m.offered
            else {"entry": f"{PREFIX}{m.team}", "title": found.teams[m.team].name, "state": m.state}
            for m in found.matches
        ],
        "matched_with_others": found.hidden_match,
        "parties": sorted(found.parties),
        "acts": found.acts,
        "seen": found.seen,
        "steps": [
            {
                "act": getattr(step, "act_name", "") or step.act,
                "party": step.party,
                "reason": step.reason,
                "made": step.at,
            }
            for step in found.steps
        ],
    }


def suggested_data(viewer: Viewer, found: desk.Request, limit: int) -> dict[str, Any]:
    """Which offers on record and which teams may answer it, with reasons for and against."""
    given = suggestions(viewer, found.entry, today=today(), limit=limit)
    teams = helpers(viewer, found.entry, today=today(), limit=limit)
    return {
        "compared": given.compared,
        "sharing": given.sharing,
        "offers": [_offer(one.entry.name, one.entry.title, one.match) for one in given.rows],
        "teams": [_offer(f"{PREFIX}{one.code}", one.name, one.match) for one in teams.rows],
        "more_teams": teams.more,
    }


def _offer(name: str, title: str, match: Match) -> dict[str, Any]:
    return {
        "entry": name,
        "title": title,
        "score": round(match.score, 3),
        "reasons": [{"rule": r.rule, "field": r.field, "value": r.value} for r in match.reasons],
    }
