"""The sixty labelled pairs through what is kept: entries as the registry stores and blocks them, not
sketches made by hand, and the question as every door asks it before saving."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS
from comity.registry import reads
from comity.registry.actions import load_sample
from comity.registry.actions.writing import Speaker, store
from comity.registry.reads.duplicates import likely_same
from comity.registry.rules.checking import from_json
from comity.registry.types import FieldType, Record

from .test_duplicates import PAIRS

SUBTYPES = reads.vocabularies()["activity_subtypes"].terms
ALIAS = {"recommendation": "standard"}
# Where a kind keeps the days that a pair tells.
DAYS = {"publication": "issued", "tool": "released", "standard": "approved"}


def pairs() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def record(row: dict[str, str], side: str) -> Record:
    """One side of a pair as a form of its kind would say it."""
    of = {key.removeprefix(f"{side}_"): value for key, value in row.items()}
    subtype = of["kind"] if of["kind"] in SUBTYPES and of["kind"] != "agreement" else ""
    kind = "activity" if subtype else ALIAS.get(of["kind"], of["kind"])
    fields = reads.kinds()[kind].by_key
    body = next((f.key for f in fields.values() if f.type is FieldType.BODY), "")
    said: list[tuple[str, Any]] = [("title", of["titles"]), ("summary", of["text"])]
    said += [(body, {"name": of["body"], "body": ""})] if body else []
    for name, given in (("country", "countries"), ("region", "regions"), ("area", "areas")):
        said += [(name, code) for code in of[given].split(";") if code and name in fields]
    said += when(kind, of["since"], of["until"])
    values = [
        {"field": field, "value": value, "url": "https://example.org/"}
        for field, value in said
        if value and field in fields
    ]
    key = f"{row['pair']}{side}".lower()
    made, problems = from_json(
        reads.kinds()[kind],
        {"key": key, "subtype": subtype, "values": values},
        reads.vocabularies(),
    )
    assert not [p for p in problems if p.value], (key, problems)  # a law says its state; not here
    return made


def when(kind: str, since: str, until: str) -> list[tuple[str, Any]]:
    if not since and not until:
        return []
    if kind == "agreement":
        return [("event", {"event": "signed", "date": since, "until": "", "note": ""})]
    if kind in DAYS:
        return [(DAYS[kind], since)]
    return [("period", f"{since or '..'}/{until or '..'}")]


@pytest.fixture
def kept(db: None) -> Iterator[list[dict[str, str]]]:
    rows = pairs()
    with transaction.atomic():
        store([record(row, "a") for row in rows], Speaker(Voice.SOURCE, "The pairs"), act="test")
    yield rows


def asked(rows: list[dict[str, str]]) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """What each save of a second side finds: duplicates missed, and saves that a false alarm
    disturbs."""
    missed, disturbed = [], []
    for row in rows:
        likely = likely_same(ANONYMOUS, record(row, "b"), body_name=row["b_body"])
        found, first = {one.entry.key for one in likely}, f"{row['pair']}a".lower()
        same = row["label"] == "duplicate"
        if same and first not in found:
            missed.append(row["pair"])
        if others := found - ({first} if same else set()):
            disturbed.append((row["pair"], sorted(others)))
    return missed, disturbed


def test_nine_of_ten_are_found_and_one_save_in_ten_is_disturbed(kept: list[dict[str, str]]) -> None:
    """Measured on 30 November 2026: 29 of 30 found, 1 of 60 saves disturbed."""
    missed, disturbed = asked(kept)
    assert len(missed) / 30 <= 0.1, missed
    assert len(disturbed) / 60 <= 0.1, disturbed


@pytest.mark.slow
def test_among_all_sample_entries_no_more_saves_are_disturbed(kept: list[dict[str, str]]) -> None:
    """The pairs' own public fact is in the sample too: X.1500."""
    load_sample()
    missed, disturbed = asked(kept)
    false = [(pair, others) for pair, others in disturbed if pair != "D24"]
    assert len(missed) / 30 <= 0.1, missed
    assert len(false) / 60 <= 0.1, false
