"""A report of X-ARF v4 as columns; v3 as far as it says the same.

https://xarf.org: a report is one JSON object whose `category` and `type` say the problem and whose
`source_identifier` is what it is about, an address or a name. Evidence is content of others and
may be large: its kinds are kept, its payload stays in the raw file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from comity.events.formats import jsonlines

_ADDRESS = re.compile(r"^[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(/\d+)?$")
DEMANDED = ("report_id", "timestamp", "source_identifier", "category", "type")


def flat(report: Mapping[str, Any]) -> jsonlines.Record:
    """One report as columns of text. Raises `KeyError` for one that lacks what v4 demands."""
    if "ReporterInfo" in report or str(report.get("Version", "")) == "3":
        return _v3(report)
    for name in DEMANDED:
        report[name]
    rest = {key: value for key, value in report.items() if key not in ("evidence", "_internal")}
    record = jsonlines.flat(rest)
    kinds = [str(e.get("content_type", "")) for e in report.get("evidence") or () if e]
    if kinds:
        record["evidence"] = ", ".join(kinds)
    record["problem"] = f"{report['category']}/{report['type']}"
    _identify(record, str(report["source_identifier"]))
    record.pop("source_identifier", None)
    return record


def _identify(record: jsonlines.Record, identifier: str) -> None:
    if _ADDRESS.match(identifier):
        record["source_ip"] = identifier
    elif "://" in identifier:
        record.setdefault("url", identifier)
    elif "@" in identifier:
        record["source_account"] = identifier
    elif identifier:
        record["source_fqdn"] = identifier


def _v3(report: Mapping[str, Any]) -> jsonlines.Record:
    inner = report["Report"]
    record = jsonlines.flat({k: v for k, v in inner.items() if k not in ("Samples", "Attachment")})
    about = inner.get("Source") or {}
    names = {
        "Date": "timestamp",
        "SourcePort": "source_port",
        "DestinationIp": "destination_ip",
        "DestinationPort": "destination_port",
        "Protocol": "protocol",
        "SourceUrl": "url",
        "Source.Port": "source_port",
        "Source.URL": "url",
    }
    for old, new in names.items():
        if old in record:
            record[new] = record.pop(old)
    record["problem"] = f"{inner['ReportClass']}/{inner['ReportType']}".lower()
    _identify(record, str(record.pop("SourceIp", "") or about.get("IP") or about.get("URL", "")))
    return record
