"""Acts on what surrounds the teams: communities, the table of networks."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from comity.directory import models as m
from comity.directory import types as t
from comity.directory.actions.batches import require
from comity.directory.formats import ranges
from comity.directory.models.said import saying_columns
from comity.directory.reads import networks
from comity.directory.rules.speakers import Speaker
from comity.kit import countries
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.actions import clear
from comity.people.reads import actor_of

_FACTS = (
    "name",
    "kind",
    "scope",
    "region",
    "established",
    "operator",
    "website",
    "members_stated",
    "members_as_of",
    "note",
    "licence",
)


def keep_communities(
    rows: Sequence[Mapping[str, str]],
    members: Sequence[Mapping[str, str]],
    *,
    now: dt.datetime,
) -> int:
    """Communities and their members as a source lists them; the number of those that changed."""
    with transaction.atomic():
        ledger.hold()
        changed = [row["id"] for row in rows if _keep_community(row)]
        changed += _keep_members(members, now)
        if changed:
            ledger.record(
                "load_communities", "directory/communities", content=sorted(set(changed)), now=now
            )
    return len(changed)


def _keep_community(row: Mapping[str, str]) -> bool:
    wanted: dict[str, Any] = {name: row.get(name, "") for name in _FACTS}
    wanted |= {
        "evidence_title": row.get("source_title", ""),
        "evidence_url": row.get("source_url", ""),
        "evidence_date": row.get("source_date", ""),
    }
    found = m.Community.objects.filter(code=row["id"]).first()
    if found and all(getattr(found, name) == value for name, value in wanted.items()):
        return False
    if found and not found.sample:  # somebody of this house keeps it now
        return False
    m.Community.objects.update_or_create(code=row["id"], defaults=wanted | {"sample": True})
    return True


def _keep_members(rows: Sequence[Mapping[str, str]], now: dt.datetime) -> list[str]:
    held = {
        (row.community.code, row.country, row.level, row.said_since)
        for row in m.CommunityMember.objects.filter(ended=None).select_related("community")
    }
    codes = {row.code: row for row in m.Community.objects.all()}
    made = []
    for row in rows:
        place = (row["community"], row["country"], row["role"], row["as_of"])
        if place in held or row["community"] not in codes:
            continue
        held.add(place)
        speaker = Speaker(
            Voice.SOURCE,
            row["source_title"],
            evidence_title=row["source_title"],
            evidence_url=row["source_url"],
            evidence_date=row["source_date"],
            licence=row["licence"],
        )
        said = speaker.saying(Saying(since=row["as_of"]))
        made.append(
            m.CommunityMember(
                community=codes[row["community"]],
                country=countries.by_code(row["country"]).iso2,
                level=row["role"],
                speaker=speaker.key,
                handling_id=clear(),
                began=now,
                act=0,
                **saying_columns(said),
            )
        )
    m.CommunityMember.objects.bulk_create(made, batch_size=500)
    for code in {row.community.code for row in made}:
        complete = [r["complete"] for r in rows if r["community"] == code]
        m.Community.objects.filter(code=code).update(partial=set(complete) != {"yes"})
    return [row.community.code for row in made]


# --- networks -----------------------------------------------------------------------------


def load_networks(
    data: bytes,
    *,
    name: str,
    date: str = "",
    viewer: Viewer | None = None,
    now: dt.datetime | None = None,
) -> tuple[m.NetworkTable, tuple[t.NotUnderstood, ...]]:
    """Keep a table of networks and use it from now on; what of it was not understood is told.

    The table in use again changes nothing. Raises DirectoryError when no line of it is a range.
    """
    require(viewer, "directory.load")
    sha256 = hashlib.sha256(data).hexdigest()
    moment = now or timezone.now()
    table, findings = ranges.read(data)
    if not len(table):
        raise t.DirectoryError(
            gettext_noop("No line of the table is a range of addresses"),
            name,
            gettext_noop("Write first,last,country,asn or prefix,country,asn."),
        )
    path = networks.path_of(sha256)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(ranges.save(table))
    part.replace(path)
    with transaction.atomic():
        ledger.hold()
        newest = networks.newest()
        if newest and newest.sha256 == sha256:
            return newest, findings
        number = ledger.record(
            "load_networks",
            "directory/networks",
            actor=actor_of(viewer) if viewer else ledger.GATEWAY,
            content={"sha256": sha256, "name": name, "date": date},
            now=moment,
        )
        kept, _new = m.NetworkTable.objects.update_or_create(
            sha256=sha256,
            defaults={
                "name": name[-200:],
                "date": date[:10],
                "ranges": len(table),
                "loaded": moment,
                "act": number,
            },
        )
    return kept, findings
