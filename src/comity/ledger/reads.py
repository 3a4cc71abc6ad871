"""Questions to the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from comity.ledger import rules
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
