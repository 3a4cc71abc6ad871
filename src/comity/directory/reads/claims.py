"""Every claim that stands, for the one who routes by all of them.

Routing is the house's own act, not an answer to somebody: a network that a team claims under a
marking is theirs all the same. So there is no viewer here. What is routed by it may be shown to the
team itself; to anybody else the claim is named only when its handling lets them see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Max

from comity.directory import models as m
from comity.directory import types as t
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings


class StandingClaim(NamedTuple):
    """A piece of a team's constituency, as `rules.constituency` spells it."""

    kind: t.HoldingKind
    value: str
    team: UUID


class TeamNamed(NamedTuple):
    """A team as other rooms name it."""

    id: UUID
    code: str
    name: str
    country: str
    body: UUID | None


def standing_claims() -> Iterator[StandingClaim]:
    """All claims of all teams, marked or not. For routing alone."""
    rows = m.Holding.objects.filter(ended=None).order_by("kind", "value")
    found = rows.values_list("kind", "value", "team").distinct()
    for kind, value, team in found.iterator(chunk_size=10_000):
        yield StandingClaim(t.HoldingKind(kind), value, team)


def claims_mark() -> str:
    """A text that is another one as soon as a claim was added or ended: rows are never changed."""
    found = m.Holding.objects.aggregate(last=Max("pk"), ended=Max("ended"), every=Count("pk"))
    return f"{found['every']}/{found['last']}/{found['ended']}"


def seen_claims(viewer: Viewer, values: list[str]) -> set[tuple[str, str, UUID]]:
    """Which of these pieces the viewer may hear of, and by whom they are claimed."""
    rows = m.Holding.objects.filter(
        ended=None, value__in=values, handling__in=visible_handlings(viewer)
    )
    return set(rows.values_list("kind", "value", "team"))


def teams_named() -> dict[UUID, TeamNamed]:
    """All teams: that they exist, their name and country are public."""
    rows = m.Team.objects.values_list("id", "code", "name", "country", "body_id")
    return {row[0]: TeamNamed(*row) for row in rows}
