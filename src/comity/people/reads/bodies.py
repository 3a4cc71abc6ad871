"""Questions about bodies: which ones are a viewer's, which ones do a certain work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from comity.kit.tlp import Viewer
from comity.people.models import Body, Grant, Membership
from comity.people.reads import _held


@dataclass(frozen=True, slots=True)
class Named:
    """A body as other rooms print it. `country` is ISO 3166-1 alpha-2, or empty."""

    id: UUID
    name: str
    country: str = ""


def bodies_of(viewer: Viewer) -> list[Named]:
    """The viewer's own bodies, by name."""
    if not viewer.bodies:
        return []
    rows = Body.objects.filter(pk__in=viewer.bodies).order_by("name", "pk")
    return [Named(*row) for row in rows.values_list("pk", "name", "country")]


def bodies_with_role(roles: Collection[str], on: dt.date) -> frozenset[UUID]:
    """The bodies to which somebody belongs who holds one of these roles on that day."""
    holders = Grant.objects.filter(_held(on), role__in=[str(role) for role in roles])
    rows = Membership.objects.filter(
        _held(on), body__isnull=False, person__in=holders.values("person")
    )
    return frozenset(rows.values_list("body", flat=True))
