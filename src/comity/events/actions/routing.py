"""The table of routes follows the directory: made anew as soon as a claim was added or ended."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from comity.directory import reads as directory
from comity.events import models as m
from comity.events.reads import informed
from comity.events.reads.house import places
from comity.events.rules import route
from comity.events.store import tables
from comity.events.types.routing import Claim, RouteSet
from comity.ledger import actions as ledger

AT_ONCE = 5_000
LAYOUT = 2  # of the table: one of another layout is made anew


def current_routes() -> str:
    """The version of the table of routes as the directory is now."""
    mark = _mark()
    row = m.TableFile.objects.filter(kind=m.TableFile.ROUTES).order_by("-loaded").first()
    if row is not None and row.about.get("claims") == mark and places().table(row.version).exists():
        return row.version
    return _made(mark)


def _mark() -> str:
    told = hashlib.sha256("".join(sorted(map(str, informed.chosen()))).encode()).hexdigest()[:16]
    return f"{LAYOUT}/{directory.claims_mark()}/{told}"


def standing_sets() -> tuple[RouteSet, ...]:
    """The sets of the directory as it is now."""
    claims = (Claim(*claim) for claim in directory.standing_claims())
    return route.route_sets(claims, informed.chosen())


def _made(mark: str) -> str:
    sets = standing_sets()
    with transaction.atomic():
        ledger.hold()
        numbers = _numbered(sets)
        block = route.pack(route.build(sets, numbers))
        version = tables.put(places(), block)
        now = timezone.now()
        m.TableFile.objects.update_or_create(
            version=version,
            defaults={
                "kind": m.TableFile.ROUTES,
                "loaded": now,
                "made": now.date(),
                "size": len(block),
                "about": {"claims": mark, "sets": len(sets)},
            },
        )
        ledger.record("make_routes", f"events/tables/{version[:16]}", content={"sets": len(sets)})
    return version


def _numbered(sets: Sequence[RouteSet]) -> dict[str, int]:
    """Numbers of the sets, given to those that have none yet."""
    digests = {hashlib.sha256(one.key.encode()).hexdigest(): one for one in sets}
    known = dict(m.RouteSetRow.objects.values_list("digest", "id"))
    fresh = [
        m.RouteSetRow(
            digest=digest,
            kind=one.kind,
            value=one.value,
            owners=[str(team) for team in one.owners],
            informed=[str(team) for team in one.informed],
        )
        for digest, one in digests.items()
        if digest not in known
    ]
    m.RouteSetRow.objects.bulk_create(fresh, batch_size=AT_ONCE)
    if fresh:
        known = dict(m.RouteSetRow.objects.values_list("digest", "id"))
        members = (
            m.RouteMember(route_set_id=known[row.digest], team=team, told=told)
            for row in fresh
            for told, teams in ((False, row.owners), (True, row.informed))
            for team in teams
        )
        m.RouteMember.objects.bulk_create(members, batch_size=AT_ONCE)
    return {one.key: known[digest] for digest, one in digests.items()}
