"""Who is in a community: what its source lists, and what teams say of themselves.

A team writes "FIRST" or "first"; the community here is called by its code or its name. The two meet
in the folded words, never in a guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from comity.directory import models as m
from comity.kit.countries import folded

FIELD = "membership"


def communities_called(names: Iterable[str]) -> dict[str, m.Community]:
    """Folded names or codes to the communities held here. No query where nothing is asked."""
    asked = {folded(name) for name in names if name}
    if not asked:
        return {}
    found: dict[str, m.Community] = {}
    for row in m.Community.objects.order_by("-name"):
        found |= {key: row for key in (folded(row.name), folded(row.code)) if key in asked}
    return found


def told_by_teams(seen: Collection[int]) -> dict[str, list[m.Value]]:
    """What stands of memberships said of teams, by the folded name of the community."""
    rows = m.Value.objects.filter(field=FIELD, ended=None, handling__in=seen, team__isnull=False)
    found: dict[str, list[m.Value]] = defaultdict(list)
    for row in rows.select_related("team").order_by("team__name", "pk"):
        if isinstance(row.value, dict) and row.value.get("community"):
            found[folded(str(row.value["community"]))].append(row)
    return found


def of_community(told: dict[str, list[m.Value]], community: m.Community) -> list[m.Value]:
    """Those of one community, by its name or code."""
    keys = {folded(community.name), folded(community.code)}
    return [row for key in sorted(keys) for row in told.get(key, ())]


def teams_in(told: dict[str, list[m.Value]], community: m.Community) -> set[UUID]:
    return {row.team_id for row in of_community(told, community)}
