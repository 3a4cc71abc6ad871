"""How acts are kept: append-only. The triggers in `triggers.py` refuse everything else."""

from __future__ import annotations

from django.db import models

from comity.ledger.types import Row


class Act(models.Model):
    """One change, as `types.Row`."""

    seq = models.BigIntegerField(primary_key=True)
    moment = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    object = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, blank=True)
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("seq",)
        indexes = (models.Index(fields=["object", "seq"], name="ledger_act_object"),)

    def __str__(self) -> str:
        return f"{self.seq} {self.act} {self.object}"

    def row(self) -> Row:
        return Row(
            self.seq,
            self.moment,
            self.act,
            self.actor,
            self.object,
            self.digest,
            self.previous,
            self.hash,
        )


class Once(models.Model):
    """A request that is done once, and its answer, for whoever sends the same key again (ADR 14).

    Nothing here can be read without the sender's key, which is not kept: `name` and `request` are
    keyed digests, `answer` is sealed. An empty answer: the request is under way.
    """

    name = models.CharField(max_length=64, primary_key=True)  # of who asks and their key
    request = models.CharField(max_length=64)  # of what was asked
    ticket = models.CharField(max_length=32)  # of the attempt that may finish it
    claimed = models.DateTimeField()
    answer = models.BinaryField(default=b"")
    made = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.name[:12]
