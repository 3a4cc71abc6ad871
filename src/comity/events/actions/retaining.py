"""What is past its time is deleted for real: files are written anew without it."""

from __future__ import annotations

import datetime as dt

import msgspec
import polars as pl
from django.db import transaction
from django.utils import timezone

from comity.events import models as m
from comity.events.actions import compacting
from comity.events.actions.forgetting import forget_findings
from comity.events.reads.house import places
from comity.events.rules import retention
from comity.events.store import columns, spool
from comity.events.store.places import held
from comity.events.types.sources import BadMapping
from comity.ledger import actions as ledger

EPOCH = dt.date(1970, 1, 1)


def rules() -> retention.Rules:
    """The operator's, from COMITY_HOME/events/retention.yaml; else the house's."""
    path = places().root / "retention.yaml"
    if not path.exists():
        return retention.Rules()
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=retention.Rules)
    except msgspec.MsgspecError as fault:
        remedy = "Write days, raw, feeds (name: days) and labels (TLP label: days)."
        message = f"the rules of retention cannot be read ({fault})"
        raise BadMapping(message, path.name, remedy) from None


def retain(
    *, now: dt.datetime | None = None, actor: str = ledger.GATEWAY, dry: bool = False
) -> dict[str, int]:
    """Delete events, findings that none is left of, rows held back, keys and raw files that are
    past their time."""
    moment = now or timezone.now()
    today, policy = moment.date(), rules()
    holds = [
        retention.Held(hold.feed, hold.first, hold.last)
        for hold in m.Hold.objects.filter(lifted=None)
    ]
    house = places()
    oldest = (today - EPOCH).days - policy.shortest()
    done = {"events": 0, "findings": 0, "files": 0, "raw": 0, "keys": 0, "rejected": 0}
    gone = [pl.DataFrame(schema={"finding_key": pl.UInt64()})]
    with held(house.lock("compact"), shared=False):
        for row in m.DataFile.objects.filter(kind=m.DataFile.EVENTS, first_day__lt=oldest):
            events = columns.scan(house.store(str(row.pk)), row.constants).collect()
            kept = events.filter(~retention.expired(policy, holds, today))
            if kept.height == events.height:
                continue
            done["events"] += events.height - kept.height
            done["files"] += 1
            if not dry:
                past = events.filter(retention.expired(policy, holds, today))
                gone.append(past.select("finding_key"))
                compacting.replace_with(house, [row], kept, at_once=True)
        if not dry:
            done |= _raw(policy, holds, today)
            done["keys"] = _keys(policy, holds, today)
            with transaction.atomic():
                ledger.hold()
                done["findings"] = forget_findings(house, pl.concat(gone))
                ledger.record("retain_events", "events", actor=actor, content=done, now=moment)
    return done


def _raw(policy: retention.Rules, holds: list[retention.Held], today: dt.date) -> dict[str, int]:
    """Raw files and the rows held back of them."""
    house = places()
    before = dt.datetime.combine(today - dt.timedelta(days=policy.raw), dt.time(), dt.UTC)
    raw = rejected = 0
    old = m.RawFile.objects.filter(removed=None, received__lt=before)
    busy = m.Intake.objects.filter(state=m.Intake.WAITING).values("raw")
    for row in old.exclude(pk__in=busy):
        feeds = set(row.intakes.values_list("feed", flat=True))
        day = row.received.date()
        if any(h.first <= day <= h.last and (not h.feed or h.feed in feeds) for h in holds):
            continue
        with transaction.atomic():
            m.RawFile.objects.filter(pk=row.pk).update(removed=timezone.now(), kept=0)
            mine = m.DataFile.objects.filter(kind=m.DataFile.REJECTED, intake__raw=row)
            names = [str(pk) for pk in mine.values_list("pk", flat=True)]
            gone, _ = mine.delete()
        spool.remove(house, row.sha256)
        for name in names:
            house.store(name).unlink(missing_ok=True)
        raw, rejected = raw + 1, rejected + gone
    return {"raw": raw, "rejected": rejected}


def _keys(policy: retention.Rules, holds: list[retention.Held], today: dt.date) -> int:
    """Keys of days none of which any rule keeps."""
    longest = max(policy.days, *policy.feeds.values(), *policy.labels.values())
    edge = (today - EPOCH).days - longest
    if holds:
        edge = min(edge, min((hold.first - EPOCH).days for hold in holds))
    old = m.KeyRun.objects.filter(kind=m.KeyRun.ROWS, day__lt=edge)
    names = [str(pk) for pk in old.values_list("pk", flat=True)]
    old.delete()
    for name in names:
        places().run(name).unlink(missing_ok=True)
    return len(names)
