"""Entries that may be the same work as one about to be saved, as far as the viewer may see them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from comity.kit.sayings import Saying
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Block, Entry
from comity.registry.reads.entries import LISTED, statements
from comity.registry.reads.kinds import kinds
from comity.registry.rules.duplicates import Reason, Sketch, similar
from comity.registry.rules.sketching import block_keys, sketch_of
from comity.registry.types import Origin, Record, Statement

MOST = 200  # entries compared: those that share the most keys
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Likely:
    """An entry that may be the same work, how likely, and why."""

    entry: Entry
    score: float
    reasons: tuple[Reason, ...]


def likely_same(
    viewer: Viewer, item: Record, *, body_name: str = "", entry: UUID | None = None
) -> list[Likely]:
    """The entries to look at before saving, the likeliest first; never the entry it changes.

    What the viewer may not see is not compared, so neither an entry nor a reason tells of it.
    """
    kind = kinds()[item.kind]
    said = [
        Statement(given.field, given.value, given.language, Origin.ORIGINAL, Saying())
        for given in item.values
    ]
    sketch = sketch_of(kind, said, id_="", subtype=item.subtype, owner=body_name)
    keys = block_keys(sketch)
    if not keys:
        return []
    visible = visible_handlings(viewer)
    having = Block.objects.filter(key__in=keys, entry__handling__in=visible)
    shared = Counter(
        dict(
            having.filter(entry__state__in=LISTED)
            .values_list("entry")
            .annotate(n=Count("id"))
            .order_by("-n", "-entry")[:MOST]
        )
    )
    rows = Entry.objects.filter(pk__in=shared).select_related("handling", "owner")
    entries = {str(row.id): row for row in rows if row.id != entry}
    found = similar(sketch, _sketches(viewer, list(entries.values())))
    return [Likely(entries[one.id], one.score, one.reasons) for one in found[:SHOWN]]


def _sketches(viewer: Viewer, entries: list[Entry]) -> list[Sketch]:
    """As indexing makes them: from what everybody who sees the entry may see."""
    said = statements(viewer, entries)
    return [
        sketch_of(
            kinds()[entry.kind],
            [
                Statement(row.field, row.value, row.language, Origin(row.origin), Saying())
                for row in said[entry.pk]
                if row.handling_id == entry.handling_id
            ],
            id_=str(entry.id),
            subtype=entry.subtype,
            owner=entry.owner.name if entry.owner else "",
        )
        for entry in entries
    ]
