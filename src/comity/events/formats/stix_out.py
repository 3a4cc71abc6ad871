"""Events as STIX 2.1: observed-data over network-traffic and addresses, ids that follow from what
they name, so that two exports of one event are one object.

"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from typing import Any

import polars as pl

from comity.kit import tlp

SCO = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""STIX 2.1, 2.9: the namespace of ids of cyber observables."""


def objects(events: pl.DataFrame, identity: dict[str, str]) -> Iterator[str]:
    """STIX objects, a line each, of events as `reads.rows` shows them; `identity` first."""
    yield json.dumps(identity)
    seen: set[str] = set()
    for row in events.iter_rows(named=True):
        for made in _of(row, identity["id"]):
            if made["id"] not in seen:
                seen.add(made["id"])
                yield json.dumps(made, ensure_ascii=False)


def identity(name: str, made: dt.datetime) -> dict[str, str]:
    """Who says so: the gateway."""
    moment = _time(made)
    return {
        "type": "identity",
        "spec_version": "2.1",
        "id": f"identity--{uuid.uuid5(SCO, name)}",
        "created": moment,
        "modified": moment,
        "name": name,
        "identity_class": "organization",
    }


def _time(moment: dt.datetime) -> str:
    return (
        moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        + f"{moment.microsecond // 1000:03d}Z"
    )


def _id(kind: str, said: dict[str, Any]) -> str:
    """The id of an observable from what contributes to it, as canonical JSON (STIX 2.1, 2.9)."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{kind}--{uuid.uuid5(SCO, text)}"


def _sco(kind: str, value: str) -> dict[str, Any]:
    made = {"type": kind, "spec_version": "2.1", "value": value}
    return made | {"id": _id(kind, {"value": value})}


def _address(text: str) -> dict[str, Any]:
    return _sco("ipv6-addr" if ":" in text else "ipv4-addr", text)


def _of(row: dict[str, Any], creator: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    src = row["src_ip"] or (row["src_prefix"] if row["network"] else None)
    ends: dict[str, Any] = {}
    for name, text in (("src_ref", src), ("dst_ref", row["dst_ip"])):
        if text:
            made.append(_address(text))
            ends[name] = made[-1]["id"]
    for text, kind in ((row["fqdn"], "domain-name"), (row["url"], "url")):
        if text:
            made.append(_sco(kind, text))
    if ends and row["transport"]:
        ports = {f"{end}_port": row[f"{end}_port"] for end in ("src", "dst")}
        said = ends | {k: v for k, v in ports.items() if v is not None}
        said["protocols"] = [row["transport"]]
        traffic = {"type": "network-traffic", "spec_version": "2.1", **said}
        made.append(traffic | {"id": _id("network-traffic", said)})
    if not made:
        return []
    moment = _time(row["time_source"])
    label = tlp.parse(row["tlp"])
    observed = {
        "type": "observed-data",
        "spec_version": "2.1",
        "id": f"observed-data--{uuid.uuid5(SCO, row['event_id'])}",
        "created_by_ref": creator,
        "created": _time(row["time_received"]),
        "modified": _time(row["time_received"]),
        "first_observed": moment,
        "last_observed": moment,
        "number_observed": 1 + (row["repeats"] or 0),
        "object_refs": [one["id"] for one in made],
        "object_marking_refs": [tlp.to_stix(label)],
        "labels": [text for text in (row["class_type"], row["class_id"]) if text],
    }
    if not observed["labels"]:
        del observed["labels"]
    return [*made, observed]
