"""What this room does by the clock."""

from __future__ import annotations

from django.utils import timezone

from comity.ledger import actions


def forget_answers() -> dict[str, int]:
    """Once a day: remove the answers kept for repeated requests that are a month old."""
    return {"deleted": actions.forget_answers(timezone.now())}
