"""Who has the right of reply to an entry, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from comity.kit.tlp import Viewer
from comity.people.reads import Organisation, bodies_named, visible_handlings
from comity.people.rules import may
from comity.registry.models import Entry, Reply, Statement
from comity.registry.reads.entries import NotHeld
from comity.registry.reads.kinds import kinds
from comity.registry.types import EntryState, FieldType


def answering_bodies(viewer: Viewer, entry: Entry) -> list[Organisation]:
    """The viewer's bodies that may reply to an entry: its owner, one that it names, one of a
    country that it is about. Replying is the body's own word, as signing off is."""
    if not viewer.bodies or not may(viewer, "registry.sign_off"):
        return []
    countries, named, names = concerned(viewer, entry)
    return [
        body
        for body in bodies_named(viewer.bodies)
        if body.id == entry.owner_id
        or str(body.id) in named
        or body.name in names
        or (body.country and body.country in countries)
    ]


def concerned(viewer: Viewer, entry: Entry) -> tuple[set[str], set[str], set[str]]:
    """Countries, ids and names of bodies of which the entry speaks, as far as the viewer sees."""
    fields = kinds()[entry.kind].by_key
    rows = Statement.objects.filter(
        entry=entry, ended__isnull=True, handling__in=visible_handlings(viewer)
    )
    countries: set[str] = set()
    named: set[str] = set()
    names: set[str] = set()
    for key, value in rows.values_list("field", "value"):
        kind_of = fields[key].type if key in fields else None
        if kind_of is FieldType.COUNTRY:
            countries.add(value)
        elif kind_of is FieldType.PARTY:
            countries.add(value["country"])
            names.add(value["name"])
        elif kind_of is FieldType.BODY:
            named.add(value["body"])
            names.add(value["name"])
    return countries - {""}, named - {""}, names


def reply(viewer: Viewer, id_: UUID) -> Reply:
    """A reply that stands. Raises `NotHeld`."""
    rows = Reply.objects.filter(
        id=id_, withdrawn__isnull=True, handling__in=visible_handlings(viewer)
    )
    found = rows.select_related("entry", "entry__handling", "entry__owner").first()
    if found is None or found.entry.handling_id not in visible_handlings(viewer):
        raise NotHeld(str(id_))
    return found


def contested(viewer: Viewer, bodies: Collection[UUID]) -> list[Entry]:
    """The entries of these bodies that somebody contests."""
    rows = Entry.objects.filter(
        owner__in=bodies, state=EntryState.CONTESTED, handling__in=visible_handlings(viewer)
    )
    return list(rows.select_related("handling", "owner").order_by("-place")[:50])
