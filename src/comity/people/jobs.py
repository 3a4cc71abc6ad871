"""What this room does by the clock."""

from __future__ import annotations

from django.utils import timezone

from comity.people import actions


def forget() -> dict[str, int]:
    """Once a day: remove links, notes of sessions and counts that have served."""
    return actions.forget_old(timezone.now())
