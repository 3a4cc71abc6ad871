"""Entries, their statements, and what is made from these to find them fast.

A statement is the truth; `Entry.titles`, `Entry.card`, `Facet`, `FacetCount` and `SearchRow` are
made from the statements (`actions/indexing.py`) and can be made again.
"""

from __future__ import annotations

import itertools
import secrets
import time

from django.db import models
from django.db.models import Q

from comity.kit import ids
from comity.kit.sayings import Voice
from comity.registry.types import EntryState, Origin

_counter = itertools.count(secrets.randbits(12))


def new_place() -> int:
    """Where a new row stands in lists: milliseconds and 20 bits that tell nothing.

    It grows with time, fits 63 bits until 2248, and unlike a counter shows no gap where a row is
    hidden. The low bits count within one process, so that a batch keeps its order.
    """
    return (
        (time.time_ns() // 1_000_000 << 20) | (next(_counter) << 6 & 0xFFFFF) | secrets.randbits(6)
    )


def _choices(enum: type) -> list[tuple[str, str]]:
    return [(str(m.value), str(m.value)) for m in enum]  # type: ignore[attr-defined]


class Entry(models.Model):
    """One thing in the registry. What is known of it are its statements."""

    place = models.BigIntegerField(primary_key=True, default=new_place, editable=False)
    id = models.UUIDField(unique=True, default=ids.new, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)  # lasting, in addresses: "act-001"
    subtype = models.CharField(max_length=60, blank=True)
    owner = models.ForeignKey(
        "people.Body", on_delete=models.SET_NULL, null=True, related_name="+"
    )  # whose entry it is; null: nobody's, it is public knowledge
    handling = models.ForeignKey(
        "people.Handling", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    state = models.CharField(
        max_length=12, choices=_choices(EntryState), default=EntryState.PUBLISHED
    )
    sample = models.BooleanField(default=False)
    act = models.BigIntegerField()  # of the last change
    created = models.DateTimeField()
    changed = models.DateTimeField()  # what all who see it see

    # Made from the statements that everybody who sees the entry may see:
    title = models.CharField(max_length=300)
    titles = models.JSONField(default=dict)  # language to title
    card = models.JSONField(default=dict)  # field to values, for lists
    first = models.DateField(null=True)  # the days it spans, as far as known
    last = models.DateField(null=True)
    standing = models.CharField(max_length=30, blank=True)  # of its history: "in_force", "open"
    standing_until = models.DateField(null=True)  # the day on which time alone may change it
    counted = models.BigIntegerField(null=True)  # the handling under which `FacetCount` counts it

    class Meta:
        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="registry_one_key"),)
        indexes = (
            models.Index(fields=["kind", "-place"], name="registry_list"),
            # Answers alone, without the entries: how many of a kind in a year, and the newest.
            models.Index(fields=["kind", "-first", "-place", "counted"], name="registry_newest"),
            models.Index(fields=["-changed"], name="registry_changed"),
            models.Index(
                fields=["standing_until"],
                condition=Q(standing_until__isnull=False),
                name="registry_standing_until",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"

    @property
    def name(self) -> str:
        """How statements and the ledger name it: "agreement/agr-001"."""
        return f"{self.kind}/{self.key}"


class Source(models.Model):
    """Who says something, on what evidence. Equal ones are one row."""

    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the rest
    voice = models.CharField(max_length=12, choices=_choices(Voice))
    body = models.ForeignKey("people.Body", on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=300, blank=True)
    evidence_title = models.CharField(max_length=400, blank=True)
    evidence_url = models.CharField(max_length=2000, blank=True)
    evidence_date = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    sample = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.by or self.evidence_title or self.digest[:8]


class Statement(models.Model):
    """One value of one field of one entry, said by one source. Ended, never overwritten."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="statements", db_index=False
    )
    field = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    value = models.JSONField()
    language = models.CharField(max_length=12, blank=True)
    origin = models.CharField(max_length=8, choices=_choices(Origin), default=Origin.ORIGINAL)
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="statements")
    since = models.CharField(max_length=10, blank=True)  # partial date
    handling = models.ForeignKey(
        "people.Handling", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    act = models.BigIntegerField()
    made = models.DateTimeField()
    ended = models.DateTimeField(null=True)
    ended_act = models.BigIntegerField(null=True)
    verified_on = models.DateField(null=True)
    verified_by = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = (models.Index(fields=["entry", "ended"], name="registry_said_of"),)

    def __str__(self) -> str:
        return f"{self.field} of {self.entry_id}"


class Facet(models.Model):
    """A value that an entry is found by. `handling` is that of the statement it comes from.

    No table of this file has an index on its handling: nearly all rows are CLEAR, and a planner
    that finds such an index reads the whole table by it (150 ms in place of 5).
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="facets", db_index=False
    )
    kind = models.CharField(max_length=40)
    facet = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    handling = models.ForeignKey(
        "people.Handling", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "facet", "value"], name="registry_facet_once"),
        )
        indexes = (
            models.Index(fields=["facet", "value", "kind", "entry"], name="registry_found_by"),
        )

    def __str__(self) -> str:
        return f"{self.facet}={self.value}"


class FacetCount(models.Model):
    """How many published entries have a value, by the two handlings that decide who counts them.

    A viewer's count is the sum over the pairs of handlings that both admit them: exact, and a few
    rows instead of a hundred thousand. The facet "" counts the entries of a kind.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    facet = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)
    entry_handling = models.BigIntegerField()
    value_handling = models.BigIntegerField()
    n = models.BigIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "facet", "value", "entry_handling", "value_handling"],
                name="registry_count_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}={self.value}: {self.n}"


class Block(models.Model):
    """A key that likely duplicates share (`rules/duplicates.py`), from what an entry says to all
    who see it: by it the few entries to compare are found among a hundred thousand."""

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="blocks")
    key = models.BigIntegerField(db_index=True)  # 63 bits of BLAKE2b: a chance hit costs a look

    def __str__(self) -> str:
        return f"{self.key:x}"


class SearchRow(models.Model):
    """The words of an entry that one handling lets out, folded (`rules/words.py`).

    SQLite indexes them in an FTS5 table, PostgreSQL in a tsvector; both are kept by triggers
    (`migrations/0002_search.py`).
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="searches", db_index=False
    )
    kind = models.CharField(max_length=40)
    handling = models.ForeignKey(
        "people.Handling", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    title = models.TextField(blank=True)
    words = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["entry", "handling"], name="registry_words_once"),
        )

    def __str__(self) -> str:
        return f"words of {self.entry_id}"
