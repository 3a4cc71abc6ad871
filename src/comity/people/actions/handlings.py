"""Intern a handling: give the number that stands for it, made where it is new."""

from __future__ import annotations

import hashlib

from django.db import transaction

from comity.kit import tlp
from comity.kit.canonical import canonical
from comity.people.models import Handling, HandlingId, HandlingMarking
from comity.people.reads.handlings import forget_kept


def intern(handling: tlp.Handling) -> int:
    """The number of this handling. Not an act: it limits nothing until a row names it.

    The owner of what everybody may see changes nothing about who sees it, so all that is CLEAR
    has one number, whoever owns it.
    """
    plain = all(m.label is tlp.Label.CLEAR and not m.sharing_groups for m in handling.markings)
    owner = None if plain else handling.owner
    said = {
        "owner": str(owner) if owner else "",
        "markings": [
            {
                "label": m.label.value,
                "audience": sorted(map(str, m.audience)),
                "groups": sorted(map(str, m.sharing_groups)),
                "defaulted": m.defaulted,
            }
            for m in handling.markings
        ],
    }
    key = hashlib.sha256(canonical(said)).hexdigest()
    found = Handling.objects.filter(key=key).values_list("pk", flat=True).first()
    return found if found is not None else _kept(handling, key, owner)


def _kept(handling: tlp.Handling, key: str, owner: object) -> int:
    with transaction.atomic():
        # Two writers may meet here; the unique key lets one of them in, the other finds it.
        row, made = Handling.objects.get_or_create(
            key=key, defaults={"label": handling.label.value, "owner": owner}
        )
        if made:
            forget_kept()
        for position, marking in enumerate(handling.markings) if made else ():
            kept = HandlingMarking.objects.create(
                handling=row,
                position=position,
                label=marking.label.value,
                defaulted=marking.defaulted,
                grouped=bool(marking.sharing_groups),
            )
            ids = [HandlingId(marking=kept, group=False, ref=ref) for ref in marking.audience]
            ids += [HandlingId(marking=kept, group=True, ref=ref) for ref in marking.sharing_groups]
            HandlingId.objects.bulk_create(ids)
    return row.pk


CLEAR = tlp.Handling((tlp.Marking(tlp.Label.CLEAR),))


def clear() -> int:
    """The number of what everybody may see."""
    return intern(CLEAR)
