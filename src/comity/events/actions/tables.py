"""Tables of addresses: refreshed by the operator, built once, used from then on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.reads.house import places
from comity.events.rules import enrich
from comity.events.store import tables
from comity.ledger import actions as ledger

OLD = dt.timedelta(days=45)
"""Registries move about 1 % of ranges a month; the tables on npm are new each day."""
LEAST = 0.8
"""Of the ranges of the file that it replaces: one with fewer was not written whole."""


def current_addresses() -> str:
    """The version in use; empty where none is loaded."""
    return _newest(m.TableFile.ADDRESSES)


def _newest(kind: str) -> str:
    found = m.TableFile.objects.filter(kind=kind).order_by("-loaded").values_list("version")
    row = found.first()
    return str(row[0]) if row else ""


def update_tables(
    files: Sequence[tuple[str, bytes]],
    *,
    geo: Sequence[str] = (),
    made: dt.date | None = None,
    smaller: bool = False,
    actor: str = ledger.GATEWAY,
    now: dt.datetime | None = None,
) -> tuple[m.TableFile, list[dict[str, Any]]]:
    """One table of these files. `geo` names those that say where an address is, not to whom it is
    registered. Raises `BadTable`, also for a file far `smaller` than the one of its name in use;
    lines that say nothing are told."""
    moment = now or timezone.now()
    layers = {name: enrich.read(data, name) for name, data in files}
    said = [
        {
            "file": Path(name).name,
            "sha256": hashlib.sha256(data).hexdigest(),
            "kind": "geo" if name in geo else layers[name].kind,
            "ranges": len(layers[name]),
            "refused": layers[name].refused_count,
        }
        for name, data in files
    ]
    if not smaller:
        _whole(said)
    by: dict[str, list[enrich.Layer]] = {"country": [], "geo": [], "asn": []}
    for row, (name, _) in zip(said, files, strict=True):
        by[str(row["kind"])].append(layers[name])
    day = made or moment.date()
    built = enrich.build(by["country"], by["geo"], by["asn"], made=day.isoformat(), sources=said)
    block = enrich.pack(built)
    version = tables.put(places(), block)
    with transaction.atomic():
        row, _new = m.TableFile.objects.update_or_create(
            version=version,
            defaults={
                "kind": m.TableFile.ADDRESSES,
                "loaded": moment,
                "made": day,
                "size": len(block),
                "about": {"sources": said},
            },
        )
        ledger.record(
            "load_tables", f"events/tables/{version[:16]}", actor=actor, content=said, now=moment
        )
    told = [
        {"file": Path(name).name, "line": line, "text": text[:120]}
        for name, layer in layers.items()
        for line, text in layer.refused
    ]
    return row, told


def _whole(said: Sequence[dict[str, Any]]) -> None:
    """Raises `BadTable` where a file has far fewer ranges than the one of its name in use."""
    row = m.TableFile.objects.filter(version=current_addresses()).first()
    before = {one["file"]: one["ranges"] for one in row.about["sources"]} if row else {}
    for one in said:
        had = before.get(one["file"], 0)
        if one["ranges"] < had * LEAST:
            raise enrich.BadTable(
                f"the table has {one['ranges']} ranges, the one in use has {had}",
                one["file"],
                "Fetch it again, whole. If it is right as it is: --smaller.",
            )


def age(now: dt.datetime) -> dt.timedelta | None:
    """How old the table in use is; None where there is none."""
    version = current_addresses()
    row = m.TableFile.objects.filter(version=version).first()
    return None if row is None else now.date() - row.made
