"""Write statements: the one way by which an entry comes to say something else.

A speaker's record replaces what the same speaker said of the entry before, and nothing of what
others said. What no longer stands is ended, not deleted. One call is one act in the ledger.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from comity.kit import ids, tlp
from comity.kit.canonical import canonical
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.ledger.actions import GATEWAY, hold, record
from comity.people.actions import intern
from comity.registry.actions.indexing import index
from comity.registry.models import Entry, Source, Statement, new_place
from comity.registry.reads.kinds import kinds
from comity.registry.types import (
    EntryState,
    Given,
    Outcome,
    Problem,
    Record,
    RegistryError,
    RowResult,
)

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says what a record says. `by` is the name to print: a body's, a file's, a publisher's."""

    voice: Voice
    by: str
    body: UUID | None = None
    licence: str = ""
    sample: bool = False

    @property
    def identity(self) -> tuple[str, str, str]:
        return self.voice.value, str(self.body or ""), self.by


Said = tuple[str, bytes, str, str, str, int, str]  # what makes two statements the same


class Clash(RegistryError):
    """Somebody changed the entry after the record was written."""


def store(
    records: Sequence[Record],
    speaker: Speaker,
    *,
    act: str,
    actor: str = GATEWAY,
    owner: UUID | None = None,
    label: tlp.Label | None = None,
    now: dt.datetime | None = None,
) -> list[RowResult]:
    """Create or change the entries that these records name; all of them or none.

    `owner` is the body whose entries new ones are. `label` marks them; None takes the least strict
    label of the record where each of its values has one, else the kind's. Records without a key
    get one. The records must have passed `rules.checking`.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        hold()  # before what is held is read: another writer may be changing the same entry
        batch = _Batch(speaker, owner, moment, act)
        results: list[RowResult] = []
        for start in range(0, len(records), CHUNK):
            results += batch.take(records[start : start + CHUNK], label)
        if batch.changed:
            name = next(iter(batch.changed.values())).name if len(batch.changed) == 1 else "entries"
            seq = record(act, f"registry/{name}", actor=actor, content=batch.content, now=moment)
            batch.write(seq)
            index(batch.changed.values(), today=moment.astimezone(dt.UTC).date())
    return results


class _Batch:
    """The work of one call of `store`: collected first, written under one act."""

    def __init__(self, speaker: Speaker, owner: UUID | None, moment: dt.datetime, act: str) -> None:
        self.speaker, self.owner, self.moment, self.act = speaker, owner, moment, act
        self.changed: dict[int, Entry] = {}
        self.content: list[Any] = []
        self._new: list[Entry] = []
        self._begin: list[Statement] = []
        self._end: list[int] = []
        self._sources: dict[tuple[str, str, str], Source] = {}
        self._handlings: dict[tuple[str, UUID | None], int] = {}
        self._labels: dict[int, tlp.Label] = {}
        self._met: dict[tuple[str, str], Entry] = {}
        self._made_here: set[int] = set()
        self._seen: set[int] = set()  # entries that a row of this call has named

    # --- collect --------------------------------------------------------------------------

    def take(self, records: Sequence[Record], label: tlp.Label | None) -> list[RowResult]:
        held = self._held(records)
        named = (held.get((item.kind, item.key)) for item in records)
        stands = self._stands([e for e in named if e is not None and e.pk not in self._made_here])
        return [self._one(item, held, stands, label) for item in records]

    def _held(self, records: Iterable[Record]) -> dict[tuple[str, str], Entry]:
        keys: dict[str, set[str]] = defaultdict(set)
        for item in records:
            if item.key:
                keys[item.kind].add(item.key)
        found = dict(self._met)
        for kind, names in keys.items():
            rows = Entry.objects.select_related("owner", "handling")
            rows = rows.filter(kind=kind, key__in=names)
            found |= {(e.kind, e.key): self.changed.get(e.pk, e) for e in rows}
        return found

    def _stands(self, entries: Iterable[Entry]) -> dict[int, dict[Said, Statement]]:
        """What this speaker says of each entry now."""
        voice, body, by = self.speaker.identity
        rows = Statement.objects.filter(
            entry__in=[e.pk for e in entries],
            ended__isnull=True,
            source__voice=voice,
            source__body=body or None,
            source__by=by,
        ).select_related("source")
        found: dict[int, dict[Said, Statement]] = defaultdict(dict)
        for row in rows:
            found[row.entry_id][_said(row)] = row
        return found

    def _one(
        self,
        item: Record,
        held: dict[tuple[str, str], Entry],
        stands: dict[int, dict[Said, Statement]],
        label: tlp.Label | None,
    ) -> RowResult:
        kind = kinds()[item.kind]
        entry = held.get((item.kind, item.key)) if item.key else None
        outcome = Outcome.UPDATED
        if entry is None:
            asked = label or _label_of(item) or tlp.Label(kind.default_label)
            entry = self._made(item, asked)
            held[(entry.kind, entry.key)] = self._met[(entry.kind, entry.key)] = entry
            outcome = Outcome.CREATED
        elif entry.pk in self._seen:
            problem = Problem(
                "key",
                gettext_noop("Two rows have this key"),
                gettext_noop("Give each row its own, or join them."),
                item.key,
                item.row,
            )
            return RowResult(item.row, _id(item, entry), Outcome.REJECTED, (problem,), item.key)
        self._seen.add(entry.pk)
        before = stands.get(entry.pk, {})
        wanted = self._wanted(entry, item)
        begun = [row for said, row in wanted.items() if said not in before]
        ended = [row.pk for said, row in before.items() if said not in wanted]
        renamed = item.subtype not in ("", entry.subtype) and self._may_rename(entry)
        if outcome is Outcome.UPDATED and not begun and not ended and not renamed:
            return RowResult(item.row, _id(item, entry), Outcome.UNCHANGED, (), entry.key, entry.id)
        if renamed:
            entry.subtype = item.subtype
        # When it changed is read by all who see it, so only what they all see moves it.
        touched = [*begun, *(row for said, row in before.items() if said not in wanted)]
        if renamed or any(row.handling_id == entry.handling_id for row in touched):
            entry.changed = self.moment
        self._begin += begun
        self._end += ended
        self.changed[entry.pk] = entry
        self.content.append(
            {
                "entry": entry.name,
                "id": str(entry.id),
                "subtype": entry.subtype,
                "ended": sorted(ended),
                "begun": [[s.field, s.value, s.language, s.source.digest] for s in begun],
            }
        )
        return RowResult(item.row, _id(item, entry), outcome, (), entry.key, entry.id)

    def _may_rename(self, entry: Entry) -> bool:
        """The subtype is no statement but one word for all: of an owned entry its owner gives it,
        or an officer."""
        return (
            entry.owner_id in (None, self.speaker.body)
            or self.speaker.voice is Voice.SECRETARIAT
            or entry.pk in self._made_here
        )

    def _made(self, item: Record, label: tlp.Label) -> Entry:
        id_ = ids.new()
        entry = Entry(
            place=new_place(),
            id=id_,
            kind=item.kind,
            key=item.key or f"{item.kind[:20]}-{id_.hex[-10:]}",
            subtype=item.subtype,
            owner_id=self.owner,
            handling_id=self._handling(label),
            state=EntryState.PUBLISHED,
            sample=self.speaker.sample,
            created=self.moment,
            changed=self.moment,
        )
        self._new.append(entry)
        self._made_here.add(entry.pk)
        return entry

    def _handling(self, label: tlp.Label) -> int:
        """The number of what the owner's members (and GREEN's community, or all) may see."""
        key = (label.value, self.owner)
        if key not in self._handlings:
            self._handlings[key] = intern(handling_of(label, self.owner))
            self._labels[self._handlings[key]] = label
        return self._handlings[key]

    def _wanted(self, entry: Entry, item: Record) -> dict[Said, Statement]:
        found: dict[Said, Statement] = {}
        entry_label = self._labels.get(entry.handling_id) or tlp.Label(entry.handling.label)
        for position, given in enumerate(item.values):
            stricter = given.label is not None and given.label > entry_label
            row = Statement(
                entry=entry,
                field=given.field,
                position=min(position, 32767),
                value=given.value,
                language=given.language,
                origin=given.origin,
                source=self._source(given),
                since=given.since,
                handling_id=self._handling(given.label)  # type: ignore[arg-type]
                if stricter
                else entry.handling_id,
                made=self.moment,
            )
            found[_said(row)] = row
        return found

    def _source(self, given: Given) -> Source:
        """The source of a value, one object for equal ones; kept when all is written."""
        evidence = (given.evidence_title, given.evidence_url, given.evidence_date)
        if evidence not in self._sources:
            says = self.speaker
            parts = (says.voice.value, str(says.body or ""), says.by, *evidence, says.licence)
            self._sources[evidence] = Source(
                digest=hashlib.sha256(canonical(parts)).hexdigest(),
                voice=says.voice,
                body_id=says.body,
                by=says.by,
                evidence_title=given.evidence_title,
                evidence_url=given.evidence_url,
                evidence_date=given.evidence_date,
                licence=says.licence,
                sample=says.sample,
            )
        return self._sources[evidence]

    def _keep_sources(self) -> None:
        needed = {row.source.digest: row.source for row in self._begin}
        Source.objects.bulk_create(needed.values(), batch_size=500, ignore_conflicts=True)
        digests = list(needed)
        for start in range(0, len(digests), CHUNK):
            held = Source.objects.filter(digest__in=digests[start : start + CHUNK])
            for digest, pk in held.values_list("digest", "pk"):
                needed[digest].pk = pk
        for row in self._begin:
            row.source_id = needed[row.source.digest].pk

    # --- write ----------------------------------------------------------------------------

    def write(self, seq: int) -> None:
        for entry in self.changed.values():
            entry.act = seq
        Entry.objects.bulk_create(self._new, batch_size=200)
        older = [e for e in self.changed.values() if e.pk not in self._made_here]
        Entry.objects.bulk_update(older, ["act", "changed", "subtype"], batch_size=200)
        ended = {"ended": self.moment, "ended_act": seq}
        for start in range(0, len(self._end), CHUNK):
            Statement.objects.filter(pk__in=self._end[start : start + CHUNK]).update(**ended)
        self._keep_sources()
        for row in self._begin:
            row.act = seq
        Statement.objects.bulk_create(self._begin, batch_size=1000)


def handling_of(label: tlp.Label, owner: UUID | None) -> tlp.Handling:
    """What a label means for an entry: GREEN the teams registered here, AMBER and AMBER+STRICT the
    body that owns it. RED names persons, which no entry does, and what nobody owns cannot be AMBER:
    `RegistryError`."""
    if label is tlp.Label.RED:
        raise RegistryError(
            gettext_noop("An entry is never TLP:RED: RED is for persons it names"),
            "tlp",
            gettext_noop("Send it to the persons, or mark it AMBER+STRICT."),
        )
    named = label >= tlp.Label.AMBER
    if named and owner is None:
        raise RegistryError(
            gettext_noop("What no body owns cannot be limited to a body"),
            "tlp",
            gettext_noop("Load it for a body, or mark it CLEAR or GREEN."),
        )
    bodies = frozenset({owner}) if named and owner else tlp.NOBODY
    return tlp.Handling((tlp.Marking(label, bodies=bodies),), owner)


def _label_of(item: Record) -> tlp.Label | None:
    """The label of the whole record: what has none is marked as the entry, so that one open value
    must not open the rest, nor one strict value hide it."""
    labels = [given.label for given in item.values if given.label is not None]
    return min(labels) if labels and len(labels) == len(item.values) else None


def _id(item: Record, entry: Entry) -> str:
    """The row's own name for it, as it was written; else the key it got."""
    return item.raw.get("key") or item.key or entry.key


def _said(row: Statement) -> Said:
    return (
        row.field,
        canonical(row.value),
        row.language,
        row.origin,
        row.source.digest,
        row.handling_id,
        row.since,
    )
