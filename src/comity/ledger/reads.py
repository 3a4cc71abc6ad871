"""Questions to the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from comity.ledger import rules, triggers
from comity.ledger.models import Act
from comity.ledger.types import Checkpoint, Fault, Row


def rows(after: int = 0) -> Iterator[Row]:
    """All rows after a sequence number, oldest first, without holding them all in memory."""
    for act in Act.objects.filter(seq__gt=after).order_by("seq").iterator(chunk_size=2000):
        yield act.row()


def head() -> Row | None:
    last = Act.objects.order_by("-seq").first()
    return last.row() if last else None


def acts_on(obj: str) -> list[Row]:
    """What was done to one object, oldest first."""
    return [act.row() for act in Act.objects.filter(object=obj).order_by("seq")]


def verify(checkpoint: Checkpoint | None = None) -> Fault | None:
    """Walk the whole chain; None when every row holds (and the checkpoint, if given, too)."""
    if checkpoint and not rules.signature_holds(checkpoint):
        return Fault(checkpoint.seq, "the checkpoint's signature does not hold")
    return rules.first_fault(rows(), checkpoint)


def guards_missing() -> list[str]:
    """The triggers that are not in the database as they should be. Empty when the past is guarded.

    Without them rows can be added and changed in a way that `verify` finds only later, or, after
    the chain was made anew, only with a checkpoint.
    """
    return triggers.missing(connection)
