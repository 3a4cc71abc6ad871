"""What this room does by the clock."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from comity.registry.actions import renew_standings as renew
from comity.registry.actions.desk import readdress


def renew_standings() -> dict[str, int]:
    """Once a night: agreements whose term ran out, and confidential entries whose secretariat
    has other bodies than before."""
    today = timezone.now().astimezone(dt.UTC).date()
    return {"renewed": renew(today), "addressed": readdress()}
