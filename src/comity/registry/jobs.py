"""What this room does by the clock."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from comity.registry.actions import renew_standings as renew
from comity.registry.actions.desk import readdress
from comity.registry.actions.links import check_links as look
from comity.registry.actions.links import links
from comity.registry.rules.links import Link


def renew_standings() -> dict[str, int]:
    """Once a night: agreements whose term ran out, and confidential entries whose secretariat
    has other bodies than before."""
    today = timezone.now().astimezone(dt.UTC).date()
    return {"renewed": renew(today), "addressed": readdress()}


def check_links() -> dict[str, int]:
    """Once a night, where the operator chose it: a thirtieth of what has a link."""
    if not settings.CHECK_LINKS:
        return {}
    found = look(links(timezone.now().astimezone(dt.UTC).date()))
    return {link.value: sum(each is link for each in found.values()) for link in Link}
