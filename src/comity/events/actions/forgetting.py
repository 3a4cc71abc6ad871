"""Keys and findings taken out of the store, when the events that they are of are deleted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
from django.db import transaction

from comity.events import models as m
from comity.events.actions import merging
from comity.events.rules import dedup
from comity.events.store import columns, runs
from comity.events.store.places import Places


def forget_keys(house: Places, taken: pl.DataFrame) -> None:
    """So that the same rows can come in again."""
    days = set(taken["time_source"].dt.epoch("d").to_list())
    lost = dedup.ordered(taken["row_key"].to_numpy(), taken["row_check"].to_numpy())
    for row in m.KeyRun.objects.filter(kind=m.KeyRun.ROWS, day__in=days):
        run_ = runs.Run(str(row.pk), row.day, row.count)
        keys = runs.opened(house.run(run_.name), run_)
        _rewritten(house, row, keys, ~dedup.among(lost, keys.key, keys.check), checked=True)


def forget_findings(house: Places, taken: pl.DataFrame) -> int:
    """Findings of these events that no event is left of, and their keys; how many. Those that some
    are left of say no more than these do. What is replaced leaves the disk as the transaction
    commits, not at the next sweep."""
    mine = np.unique(taken["finding_key"].to_numpy())
    left = [
        columns.scan(house.store(str(row.pk)), row.constants)
        .select("finding_key")
        .unique()
        .collect()["finding_key"]
        .to_numpy()
        for row in m.DataFile.objects.filter(kind=m.DataFile.EVENTS)
    ]
    lost = np.setdiff1d(mine, np.concatenate(left)) if left else mine
    for row in m.KeyRun.objects.filter(kind=m.KeyRun.FINDINGS):
        keys = runs.opened(
            house.run(str(row.pk)), runs.Run(str(row.pk), 0, row.count, checked=False)
        )
        _rewritten(house, row, keys, ~np.isin(keys.key, lost), checked=False)
    merging.remake(house, pl.Series(mine, dtype=pl.UInt64))
    return len(lost)


def _rewritten(
    house: Places, row: m.KeyRun, keys: dedup.Keys, kept: dedup.Array, *, checked: bool
) -> None:
    if kept.all():
        return
    if kept.any():
        made = m.KeyRun(kind=row.kind, day=row.day, count=int(kept.sum()), seq=row.seq)
        rest = dedup.Keys(np.array(keys.key[kept]), np.array(keys.check[kept]))
        runs.write(house, str(made.pk), rest, checked=checked)
        made.save(force_insert=True)
    _unlink(house.run(str(row.pk)))
    row.delete()


def _unlink(path: Path) -> None:
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
