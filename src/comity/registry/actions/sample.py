"""The dated sample data that comes with the product: loaded at setup, removed by one command."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources

from django.db import transaction
from django.utils import timezone

from comity.kit import countries
from comity.kit.canonical import digest
from comity.kit.sayings import Voice
from comity.ledger.actions import hold, record
from comity.people.actions import clear
from comity.registry.actions.loading import SAMPLE_SPEAKER, checked, kind_named, sheet_of
from comity.registry.actions.writing import Speaker, store
from comity.registry.models import Batch
from comity.registry.types import Given, Outcome, Problem, Record, RegistryError, RowResult

SAID_BY = "Sample data, compiled 2026-11-21 to 2026-11-22"
LICENCE = "CC0-1.0"  # of the compilation; each fact's source is beside it
FILES = {  # file in data/sample/ to kind, in the order of what names what
    "initiatives": "initiative",
    "activities": "activity",
    "agreements": "agreement",
    "strategies": "strategy",
    "laws": "law",
    "tools": "tool",
    "trainings": "training",
    "practices": "practice",
    "standards": "standard",
    "publications": "publication",
    "terms": "term",
}


def _data(name: str) -> bytes:
    return (resources.files("comity.registry") / "data" / "sample" / f"{name}.csv").read_bytes()


@cache
def _fingerprint() -> str:
    """What the files say; one more row, one other word, and it differs."""
    return digest({name: _data(name).decode() for name in (*FILES, "agreement_events")})[:32]


def load_sample(*, again: bool = False) -> str | None:
    """Load every file; a sentence when something was new, None when all was here already. It makes
    no difference whether it was removed before (`again`): the house remembers that.

    Quick when nothing changed: a batch with the fingerprint of the files says so.
    """
    mark = {"speaker": SAMPLE_SPEAKER, "kind": "", "sha256": _fingerprint()}
    if Batch.objects.filter(**mark).exists():
        return None
    made = 0
    with transaction.atomic():
        hold()
        if Batch.objects.filter(**mark).exists():  # another process was quicker
            return None
        for name, kind in FILES.items():
            results = _load(name, kind)
            made += sum(result.outcome in (Outcome.CREATED, Outcome.UPDATED) for result in results)
        Batch.objects.filter(speaker=SAMPLE_SPEAKER).delete()
        seq = record("load_sample", "registry/entries", content={"files": _fingerprint()})
        Batch.objects.create(
            **mark, name="sample", handling_id=clear(), act=seq, made=timezone.now()
        )
    return f"{made} entries of sample data" if made else None


def _load(name: str, kind_key: str) -> list[RowResult]:
    kind = kind_named(kind_key)
    sheet = sheet_of(kind, _data(name), f"{name}.csv")
    records: list[Record] = []
    wrong: list[Problem] = []
    for item, problems in checked(kind, sheet):
        wrong += problems
        records.append(item)
    if wrong:  # our own file: nothing of it may be left out in silence
        first = wrong[0]
        raise RegistryError(
            f"{len(wrong)} problems, first: {first.message} {first.value!r}",
            f"{name}.csv row {first.row} {first.field}",
            first.remedy,
        )
    if kind_key == "agreement":
        records = _with_events(records)
    speaker = Speaker(Voice.SOURCE, SAID_BY, None, LICENCE, sample=True)
    return store(records, speaker, act="load_sample")


def _with_events(records: Sequence[Record]) -> list[Record]:
    """Agreements with their parties and the events of the second file, each with its source."""
    events: dict[str, list[Given]] = defaultdict(list)
    for row in _rows("agreement_events"):
        events[row["agreement_id"].lower()].append(_event(row))
    parties = {row["id"].lower(): _parties(row) for row in _rows("agreements")}
    return [
        replace(item, values=(*item.values, *parties[item.key], *events[item.key]))
        for item in records
    ]


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_data(name).decode(), newline="")))


def _event(row: dict[str, str]) -> Given:
    other = f"agreement/{row['other_id'].lower()}" if row["other_id"] else ""
    note = "; ".join(part for part in (other, row["note"]) if part)
    value = {"event": row["event"], "date": row["date"], "until": "", "note": note}
    return Given(
        "event",
        value,
        evidence_title=row["source_title"],
        evidence_url=row["source_url"],
        evidence_date=row["source_date"],
    )


def _parties(row: dict[str, str]) -> list[Given]:
    """States and bodies as the source names them; they pair up where as many are given."""
    source = (row["source_title"], row["source_url"], row["source_date"])
    states = [code.strip() for code in row["countries"].split(";") if code.strip()]
    bodies = [name.strip() for name in row["party_bodies"].split(";") if name.strip()]
    levels = [level.strip() for level in row["party_levels"].split(";") if level.strip()]
    names = bodies or [countries.by_code(code).name("en") for code in states]
    paired = len(names) == len(states)
    found = []
    for n, name in enumerate(names):
        value = {
            "name": name,
            "country": states[n] if paired else "",
            "level": levels[n] if n < len(levels) and len(levels) == len(names) else "",
            "role": "",
        }
        found.append(
            Given(
                "party",
                value,
                "",
                evidence_title=source[0],
                evidence_url=source[1],
                evidence_date=source[2],
            )
        )
    return found
