"""Small reports to parse, and one call that parses them."""

from __future__ import annotations

import datetime as dt

import polars as pl

from comity.events.formats import mappings, parsing, reading
from comity.events.types import schema

NOW = dt.datetime(2026, 11, 21, 6, 0, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)
TELNET = (
    '"timestamp","ip","protocol","port","hostname","tag","asn","geo","region","city","naics",'
    '"hostname_source","sector","banner","severity"\n'
)


def row(ip: str = "203.0.113.7", port: str = "23", **cells: str) -> str:
    """One row of the telnet report, every cell quoted."""
    given = {
        "timestamp": "2026-11-20 08:00:00", "ip": ip, "protocol": "tcp", "port": port,
        "hostname": "host.example.net", "tag": "telnet", "asn": "64500", "geo": "NA",
        "region": "KHOMAS", "city": "WINDHOEK", "naics": "0", "hostname_source": "ptr",
        "sector": "", "banner": "login:", "severity": "medium",
    } | cells  # fmt: skip
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in given.values()) + "\n"


def parse(
    data: bytes | str,
    feed: str = "shadowserver",
    kind: str = "scan_telnet",
    *,
    rows: int = reading.ROWS,
    day: dt.date | None = DAY,
    **more: object,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Events and rows held back; that they add up to the rows seen is asserted here, always."""
    text = reading.as_utf8(data.encode() if isinstance(data, str) else data, "report.csv")
    events, held = [schema.empty(schema.Stage.PARSE)], [schema.no_rejects()]
    seen = 0
    source = mappings.catalogue()[feed]
    for part in parsing.parse(
        text, source, now=NOW, report_type=kind, report_date=day, rows=rows, **more
    ):  # type: ignore[arg-type]
        seen += part.chunk.rows
        if part.events.width:
            assert part.events.schema == pl.Schema(schema.PARSED)
            events.append(part.events)
        assert part.rejected.schema == pl.Schema(schema.REJECTED)
        held.append(part.rejected)
    stored, back = pl.concat(events), pl.concat(held)
    assert seen == stored.height + back.height
    return stored, back


def one(
    data: bytes | str, feed: str = "shadowserver", kind: str = "scan_telnet", **more: object
) -> dict:  # type: ignore[type-arg]
    """The only event of a report."""
    events, held = parse(data, feed, kind, **more)  # type: ignore[arg-type]
    assert held.is_empty(), held.rows()
    assert events.height == 1
    return events.row(0, named=True)


def flags(event: dict) -> schema.Flag:  # type: ignore[type-arg]
    return schema.Flag(event["flags"])
