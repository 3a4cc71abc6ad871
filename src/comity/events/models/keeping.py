"""The files that hold events, keys and findings. A file not named here is no part of the store."""

from __future__ import annotations

from django.db import models

from comity.events.models.intake import Intake
from comity.kit import ids


class DataFile(models.Model):
    """A Parquet file of the store. Never changed: the compactor puts others in its place."""

    EVENTS, REJECTED, FINDINGS = "events", "rejected", "findings"
    FINDINGS_LAYOUT = 3  # level of a file of findings: another one is of an earlier version

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.CharField(max_length=8)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, null=True, related_name="files")
    part = models.IntegerField(default=0)
    level = models.IntegerField(default=0)  # 0 as it came, 1 sorted by the compactor
    committed = models.DateTimeField()
    seq = models.BigIntegerField(unique=True)  # strictly increasing: pages and findings follow it
    rows = models.BigIntegerField()
    size = models.BigIntegerField()
    first_day = models.IntegerField(default=0)
    last_day = models.IntegerField(default=0)
    route_min = models.BigIntegerField(default=0)
    route_max = models.BigIntegerField(default=0)
    ip4_min = models.BigIntegerField(default=0)
    ip4_max = models.BigIntegerField(default=0)
    wide = models.BooleanField(default=False)
    unrouted = models.BigIntegerField(default=0)
    merged = models.BooleanField(default=False)  # its findings are in the file of findings
    constants = models.JSONField(default=dict)  # columns that say the same in every row

    class Meta:
        indexes = (models.Index(fields=["kind", "first_day", "last_day"], name="events_file_days"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class KeyRun(models.Model):
    """A file of keys in order: of the rows of a day, or of findings."""

    ROWS, FINDINGS = "rows", "findings"

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    kind = models.CharField(max_length=8)
    day = models.IntegerField(default=0)
    count = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        indexes = (models.Index(fields=["kind", "day", "seq"], name="events_run_day"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.day} {self.count}"


class Snapshot(models.Model):
    """What a list of all that holds said last, and what had changed since the time before."""

    feed = models.CharField(max_length=120)
    report_type = models.CharField(max_length=120, blank=True)
    intake = models.OneToOneField(Intake, on_delete=models.CASCADE)
    file = models.UUIDField()
    listed = models.BigIntegerField()
    new = models.BigIntegerField()
    changed = models.BigIntegerField()
    gone = models.BigIntegerField()
    taken = models.DateTimeField()

    class Meta:
        indexes = (
            models.Index(fields=["feed", "report_type", "taken"], name="events_snapshot_last"),
        )

    def __str__(self) -> str:
        return f"{self.feed} {self.taken:%Y-%m-%d}"


class Hold(models.Model):
    """A legal hold: what was reported in these days (and by this feed, if one is named) is not
    deleted while it stands."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    feed = models.CharField(max_length=120, blank=True)
    first = models.DateField()
    last = models.DateField()
    reason = models.CharField(max_length=300)
    placed = models.DateTimeField()
    lifted = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reason
