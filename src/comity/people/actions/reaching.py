"""Keep a group that follows from roles: its members are the bodies it is told, no other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from comity.ledger.actions import GATEWAY, record
from comity.people import reads
from comity.people.actions.belonging import join, leave
from comity.people.models import Body, Group, Membership, object_name
from comity.people.types import GroupKind


def keep_group(
    id_: UUID, name: str, bodies: Iterable[UUID], *, kind: GroupKind, actor: str = GATEWAY
) -> UUID:
    """Let just these bodies be in the group, which is made where it is missing.

    Nothing is written, and no act recorded, while the members are right already.
    """
    wanted = set(bodies)
    on = reads.today()
    edges = Membership.objects.filter(group=id_, member_body__isnull=False, since__lte=on)
    held = set(edges.exclude(until__lte=on).values_list("member_body", flat=True))
    if wanted == held and Group.objects.filter(pk=id_).exists():
        return id_
    with transaction.atomic():
        group, made = Group.objects.get_or_create(pk=id_, defaults={"name": name, "kind": kind})
        if made:
            record("add_group", object_name("group", id_), actor=actor, content={"kind": kind})
        for body in Body.objects.filter(pk__in=wanted - held).order_by("pk"):
            join(body, group, actor=actor)
        for body in Body.objects.filter(pk__in=held - wanted).order_by("pk"):
            leave(body, group, actor=actor)
    return id_
