"""Files handed in, and what came of them: rows = stored + duplicate + rejected, per file."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from comity.events.types.chunks import Span
from comity.kit import ids


class RawFile(models.Model):
    """A file in the spool, by its content. The same content is kept once."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.BigIntegerField()
    kept = models.BigIntegerField()  # bytes on disk
    received = models.DateTimeField()
    removed = models.DateTimeField(null=True)  # by retention; events may outlive it

    def __str__(self) -> str:
        return self.sha256[:12]


class Intake(models.Model):
    """One file handed in once as one feed. It is waiting from the moment it is safe on disk: what
    a dead process left is taken up by the next."""

    WAITING, DONE, FAILED = "waiting", "done", "failed"

    # Right after it was received, not kept: the file itself, or its parts.
    in_hand: bytes | None = None
    cuts: tuple[Span, ...] = ()

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    raw = models.ForeignKey(RawFile, on_delete=models.PROTECT, related_name="intakes")
    name = models.CharField(max_length=300)
    feed = models.CharField(max_length=120)
    report_type = models.CharField(max_length=120, blank=True)
    report_date = models.DateField(null=True)
    received = models.DateTimeField()
    body = models.UUIDField(null=True)  # who handed it in; None: the house itself
    sample = models.BooleanField(default=False)
    ended = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default=WAITING)
    addresses = models.CharField(max_length=64, blank=True)  # version of the table of addresses
    routes = models.CharField(max_length=64, blank=True)  # version of the table of routes
    mapping = models.CharField(max_length=120, blank=True)
    span = models.IntegerField()  # bytes of a part: where a file is cut never changes
    parts = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    stored = models.BigIntegerField(default=0)
    duplicate = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    findings_new = models.BigIntegerField(default=0)
    unrouted = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    told = models.JSONField(default=dict)  # unknown columns, faults: what people should know
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["feed", "received"], name="events_intake_feed"),
            models.Index(fields=["state"], name="events_intake_state"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(rows=F("stored") + F("duplicate") + F("rejected")),
                name="events_intake_adds_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.feed} {self.name}"


class Part(models.Model):
    """A part of a file whose events are stored. That it is there once makes a repeated task do
    nothing."""

    intake = models.ForeignKey(Intake, on_delete=models.CASCADE, related_name="done_parts")
    number = models.IntegerField()
    rows = models.IntegerField()
    stored = models.IntegerField()
    duplicate = models.IntegerField()
    rejected = models.IntegerField()
    findings_new = models.IntegerField()
    unrouted = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["intake", "number"], name="events_part_once"),
            models.CheckConstraint(
                condition=Q(rows=F("stored") + F("duplicate") + F("rejected")),
                name="events_part_adds_up",
            ),
        )

    def __str__(self) -> str:
        return f"{self.intake_id} {self.number}"  # type: ignore[attr-defined]


SUMS: tuple[str, ...] = ("rows", "stored", "duplicate", "rejected", "findings_new", "unrouted")


def added(counts: dict[str, int]) -> dict[str, Any]:
    """The update of an intake by the counts of a part."""
    return {name: F(name) + counts[name] for name in SUMS}
