"""The synthetic reports that ship, taken in as any others; and taken out again without a trace.

They name documentation addresses and private AS numbers alone, so that nobody is blamed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

import polars as pl
from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.actions import compacting
from comity.events.actions.forgetting import forget_findings, forget_keys
from comity.events.actions.receiving import receive
from comity.events.actions.running import run
from comity.events.engine import Inline
from comity.events.reads.house import places
from comity.events.store import columns, spool
from comity.events.store.places import Places, held
from comity.ledger import actions as ledger
from comity.ledger.reads import acts_on

OBJECT = "events/sample"
FEEDS = {"defects.csv": "csv"}  # a file whose name says no feed
DAY = dt.date(2026, 11, 20)  # of files whose name says no day


def removed() -> bool:
    """Whether somebody took the sample out, and did not load it again since."""
    acts = [row.act for row in acts_on(OBJECT)]
    return bool(acts) and acts[-1] == "remove_sample"


def load_sample(*, again: bool = False) -> str | None:
    """Take the reports in; None when they are in. Removed data stays away unless asked for
    `again`."""
    if removed() and not again:
        return None
    waiting = m.Intake.objects.filter(sample=True, state=m.Intake.WAITING)
    if not waiting.exists() and m.Intake.objects.filter(sample=True).exists():
        return None
    if not m.Intake.objects.filter(sample=True).exists():
        with transaction.atomic():
            for path in _reports():
                feed = FEEDS.get(path.name, "")
                day = None if path.name[:2] == "20" else DAY
                list(receive(path.read_bytes(), path.name, feed=feed, report_date=day, sample=True))
            if again and removed():
                ledger.record("load_sample", OBJECT)
    engine = Inline()
    done = [run(intake, engine) for intake in waiting.order_by("pk")]
    return f"{len(done)} sample reports, {sum(one.stored for one in done)} events"


def _reports() -> Iterable[Path]:
    folder = Path(str(resources.files("comity.events").joinpath("data/sample")))
    return sorted(path for path in folder.iterdir() if path.is_file())


def remove_sample() -> dict[str, int]:
    """Remove the sample's events, rows held back, keys, findings and raw files."""
    house = places()
    with held(house.lock("compact"), shared=False), transaction.atomic():
        ledger.hold()
        intakes = m.Intake.objects.filter(sample=True)
        raws = set(intakes.values_list("raw", flat=True))
        ours = raws - set(m.Intake.objects.filter(sample=False).values_list("raw", flat=True))
        gone = {"reports": intakes.count(), "events": 0}
        taken = _without(house, ours)
        gone["events"] = taken.height
        forget_keys(house, taken)
        forget_findings(house, taken)
        m.DataFile.objects.filter(kind=m.DataFile.EVENTS, intake__in=intakes).update(intake=None)
        m.DataFile.objects.filter(intake__in=intakes).delete()
        if any(gone.values()) or not removed():
            ledger.record("remove_sample", OBJECT, content=gone, now=timezone.now())
        intakes.delete()
        m.RawFile.objects.filter(pk__in=ours).delete()
        transaction.on_commit(lambda: [spool.remove(house, sha256) for sha256 in ours])
    return gone


_KEYS = ("row_key", "row_check", "finding_key", "time_source")


def _without(house: Places, ours: set[str]) -> pl.DataFrame:
    """Take the rows of these raw files out of the store; returns their keys."""
    empty = pl.DataFrame(schema={name: columns.STORED[name] for name in _KEYS})
    taken = [empty]
    for row in m.DataFile.objects.filter(kind=m.DataFile.EVENTS) if ours else ():
        events = columns.scan(house.store(str(row.pk)), row.constants).collect()
        mine = pl.col("feed_file").is_in(sorted(ours))
        some = events.filter(mine)
        if some.height:
            taken.append(some.select(_KEYS))
            rest = events.filter(~mine).sort("route_set", "src_ip4", "src_ip6_hi")
            compacting.replace_with(house, [row], rest)
    return pl.concat(taken)
