"""From the text of a file to events: read, plan, normalise, chunk by chunk. What a task runs, and
what `comity events parse` shows.

A file of JSON says its columns row by row, so each of its chunks has a plan of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from comity.events.formats import mappings, meaning, reading
from comity.events.rules.normalise import normalise, plan
from comity.events.types import schema
from comity.events.types.chunks import FLAGS, ROW, RawChunk, Span, Text
from comity.events.types.sources import MappingTable, Plan, Source


@dataclass(frozen=True, slots=True)
class Parsed:
    """A chunk, its events and all its rows held back: `chunk.rows` is the sum of both."""

    chunk: RawChunk
    plan: Plan
    events: pl.DataFrame
    rejected: pl.DataFrame


def taxonomies() -> Mapping[str, str]:
    """Type of incident: its taxonomy."""
    return {kind: taxonomy for kind, (taxonomy, _) in mappings.rsit().items()}


def planned(
    source: Source, header: tuple[str, ...], *, report_type: str = "",
    mapping: MappingTable | None = None, demand: bool = True,
) -> Plan:  # fmt: skip
    """The plan of a file of a feed of the catalogue."""
    table = mapping or meaning.of(source)
    return plan(source, header, table, taxonomies(), report_type=report_type, demand=demand)


def parse(
    text: Text,
    source: Source,
    *,
    now: dt.datetime,
    report_type: str = "",
    report_date: dt.date | None = None,
    mapping: MappingTable | None = None,
    span: Span | None = None,
    rows: int = reading.ROWS,
) -> Iterator[Parsed]:
    """The events of a file, or of a span of it, in file order. `text` is what `as_utf8` gave."""
    header = reading.header(text, source)
    whole = planned(source, header, report_type=report_type, mapping=mapping) if header else None
    for chunk in reading.chunks(text, source, rows=rows, span=span):
        names = tuple(name for name in chunk.frame.columns if name not in (ROW, FLAGS))
        made = whole or planned(
            source, names, report_type=report_type, mapping=mapping, demand=False
        )
        if not chunk.frame.height:
            yield Parsed(chunk, made, schema.empty(schema.Stage.PARSE), chunk.rejected)
            continue
        found = normalise(chunk.frame, made, report_date=report_date, now=now, plain=chunk.plain)
        held = chunk.rejected
        if found.rejected.height:
            held = pl.concat([held, chunk.place(found.rejected)]).sort("row")
        yield Parsed(chunk, made, found.events, held)
