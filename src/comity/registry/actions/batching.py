"""A file of a body: its good rows become submissions in review, its bad ones wait.

The same bytes from one body are one batch, however often and by how many clients they come. Rows
in the file are rows that arrived, wait, were dropped, or say what is said already.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from comity.kit.errors import UnknownLabel
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Label, Viewer, parse
from comity.ledger.actions import record
from comity.people.actions import intern
from comity.people.reads import actor_of
from comity.registry.actions.audience import handling_in, of_draft
from comity.registry.actions.loading import Loaded, kind_named, take_file
from comity.registry.actions.submitting import (
    NEEDS_SECOND_FACTOR,
    demand_second_factor,
    own_body,
    write_words,
)
from comity.registry.models import Batch, Entry, Step, Submission
from comity.registry.reads.submissions import OPEN, own_words
from comity.registry.rules.filling import content_of
from comity.registry.rules.own import chosen_label, label_of, own_key, strictest_of
from comity.registry.rules.submissions import Act, Party, State, take
from comity.registry.types import (
    BadValue,
    EntryState,
    Kind,
    Outcome,
    Problem,
    Record,
    RowResult,
)


def submit_file(
    viewer: Viewer,
    kind_key: str,
    data: bytes,
    name: str,
    *,
    body: UUID | None = None,
    language: str = "en",
    encoding: str = "",
) -> Loaded:
    """Take a file for a body: good rows arrive as submissions in review, bad ones wait. The same
    file again, or by two clients at once, is the same batch and adds nothing.

    Raises `RegistryError` and `kit.sheets.Unreadable` for a file that is no table of this kind.
    """
    speaker = own_body(viewer, body)
    kind = kind_named(kind_key)
    label = Label(kind.default_label)
    demand_second_factor(viewer, label)
    actor = actor_of(viewer)

    def take_rows(items: Sequence[Record], batch: Batch) -> list[RowResult]:
        return _Rows(viewer, kind, speaker.id, actor, batch).take(items)

    with transaction.atomic():
        loaded = take_file(
            kind,
            data,
            name,
            take_rows,
            speaker=str(speaker.id),
            handling=intern(of_draft(label, speaker.id)),
            body=speaker.id,
            actor=actor,
            language=language,
            encoding=encoding,
        )
        if loaded.batch is not None:
            _mark_strictly(loaded.batch, label, speaker.id)
    return loaded


def _mark_strictly(batch: Batch, label: Label, body: UUID) -> None:
    """A batch is as strict as the strictest row that waits in it."""
    for raw in batch.waiting.values_list("raw", flat=True):
        try:
            label = max(label, parse(raw.get("tlp", "")))
        except UnknownLabel:  # empty, or what the row waits for
            continue
    number = intern(of_draft(min(label, Label.AMBER_STRICT), body))
    if batch.handling_id != number:
        batch.handling_id = number
        batch.save(update_fields=["handling"])


class _Rows:
    """The good rows of one file, as submissions under one act."""

    def __init__(self, viewer: Viewer, kind: Kind, body: UUID, actor: str, batch: Batch) -> None:
        self.viewer, self.kind, self.body, self.actor, self.batch = viewer, kind, body, actor, batch
        self.new: list[tuple[Submission, Label]] = []
        self.unchanged = 0

    def take(self, items: Sequence[Record]) -> list[RowResult]:
        arrived = {row: (id_, key) for row, id_, key in self._arrived()}
        again = bool(arrived) or self.batch.waiting.exists() or bool(self.batch.unchanged)
        if again:  # this file was taken before: nothing of it is taken twice
            return [self._again(item, arrived) for item in items]
        entries, pending = self._entries(items), self._pending(items)
        seen: set[str] = set()
        results = [self._one(item, entries, pending, seen) for item in items]
        self._write()
        return results

    def _arrived(self) -> list[tuple[int, UUID, str]]:
        rows = self.batch.arrived.values_list("row", "id", "content__key")
        return [(row, id_, key or "") for row, id_, key in rows]

    def _again(self, item: Record, arrived: Mapping[int, tuple[UUID, str]]) -> RowResult:
        id_, key = arrived.get(item.row, ("", item.key))
        return RowResult(item.row, str(id_), Outcome.UNCHANGED, (), key)

    def _entries(self, items: Sequence[Record]) -> dict[str, Entry]:
        keys = {
            key for item in items if item.key for key in (item.key, own_key(item.key, self.body))
        }
        found: dict[str, Entry] = {}
        for part in _parts(sorted(keys)):
            rows = Entry.objects.filter(kind=self.kind.key, key__in=part, owner=self.body)
            rows = rows.exclude(state=EntryState.WITHDRAWN).select_related("handling")
            found |= {entry.key: entry for entry in rows}
        return found

    def _pending(self, items: Sequence[Record]) -> dict[str, Submission]:
        """What of the same names is under way already, newest last."""
        if not any(item.key for item in items):
            return {}
        rows = Submission.objects.filter(kind=self.kind.key, body=self.body, state__in=OPEN)
        return {row.content["key"]: row for row in rows.order_by("place") if row.content["key"]}

    def _one(
        self,
        item: Record,
        entries: Mapping[str, Entry],
        pending: Mapping[str, Submission],
        seen: set[str],
    ) -> RowResult:
        given = item.key
        key = own_key(given, self.body) if given else ""
        entry = (entries.get(given) or entries.get(key)) if given else None
        item = replace(item, key=entry.key if entry else key)
        held = Label(entry.handling.label) if entry else None
        chosen = chosen_label(self.kind, item, None, held)
        problem = self._problem(item, chosen, seen)
        if problem:
            return RowResult(item.row, given, Outcome.REJECTED, (problem,), given)
        label = label_of(self.kind, item, chosen)
        content = content_of(item)
        waits = pending.get(item.key)
        same = waits is not None and waits.content["values"] == content["values"]
        if same or (entry is not None and _says_already(entry, item, self.body)):
            self.unchanged += 1
            id_ = str(waits.id) if same and waits else given
            return RowResult(item.row, id_, Outcome.UNCHANGED, (), item.key)
        row = Submission(
            body_id=self.body,
            kind=self.kind.key,
            entry=entry,
            batch=self.batch,
            row=item.row,
            author=self.viewer.person,
            base_act=entry.act if entry else 0,
            state=State.SUBMITTED,
        )
        write_words(row, item, chosen, None)
        self.new.append((row, strictest_of(item, label)))
        return RowResult(item.row, str(row.id), Outcome.CREATED, (), item.key)

    def _problem(self, item: Record, chosen: Label | None, seen: set[str]) -> Problem | None:
        try:
            strict = strictest_of(item, label_of(self.kind, item, chosen))
        except BadValue as error:
            return Problem("tlp", error.message, error.remedy, "", item.row)
        if strict.needs_second_factor and not self.viewer.second_factor:
            return replace(NEEDS_SECOND_FACTOR, row=item.row)
        if item.key and item.key in seen:
            return Problem(
                "key",
                gettext_noop("Two rows have this key"),
                gettext_noop("Give each row its own, or join them."),
                item.key,
                item.row,
            )
        seen.add(item.key)
        return None

    def _write(self) -> None:
        if self.unchanged:
            self.batch.unchanged = self.unchanged
            self.batch.save(update_fields=["unchanged"])
        if not self.new:
            return
        now = timezone.now()
        content: Any = [[row.row, str(row.id), row.content] for row, _label in self.new]
        seq = record(
            "submit_batch", f"registry/batch/{self.batch.id}", actor=self.actor, content=content
        )
        numbers: dict[Label, int] = {}
        for row, label in self.new:
            if label not in numbers:
                numbers[label] = handling_in(State.SUBMITTED, label, self.body, self.actor)
            row.handling_id, row.act, row.made, row.changed = numbers[label], seq, now, now
        Submission.objects.bulk_create([row for row, _label in self.new], batch_size=500)
        shape = {"actor": self.actor, "act": seq, "made": now}
        begun, party = take(None, Act.BEGIN, {Party.GATEWAY})
        sent, author = take(begun, Act.SUBMIT, {Party.AUTHOR})
        Step.objects.bulk_create(
            (
                step
                for row, _label in self.new
                for step in (
                    Step(
                        submission=row,
                        act_name=Act.BEGIN,
                        before="",
                        after=begun,
                        party=party,
                        **shape,
                    ),
                    Step(
                        submission=row,
                        act_name=Act.SUBMIT,
                        before=begun,
                        after=sent,
                        party=author,
                        **shape,
                    ),
                )
            ),
            batch_size=500,
        )


def _says_already(entry: Entry, item: Record, body: UUID) -> bool:
    """Whether the body says just this of the entry now."""
    now = content_of(own_words(entry, body))["values"]
    wanted = content_of(item)["values"]

    def key(said: Mapping[str, Any]) -> str:
        return repr(sorted((k, repr(v)) for k, v in said.items() if k != "tlp"))

    same_subtype = not item.subtype or item.subtype == entry.subtype
    return same_subtype and sorted(map(key, now)) == sorted(map(key, wanted))


def _parts(keys: Sequence[str], size: int = 400) -> list[Sequence[str]]:
    return [keys[start : start + size] for start in range(0, len(keys), size)]
