"""An event of n6 (its REST and stream JSON) as columns.

`address` is a list of objects with ip, cc and asn: the first gives the columns of that name, all
addresses together `addresses`. The names of its other fields are those of its API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from comity.events.formats import jsonlines


def flat(event: Mapping[str, Any]) -> jsonlines.Record:
    """One event of n6 as columns of text."""
    rest = {key: value for key, value in event.items() if key != "address"}
    record = jsonlines.flat(rest)
    addresses = event.get("address") or []
    if isinstance(addresses, Mapping):
        addresses = [addresses]
    if addresses:
        record |= jsonlines.flat(addresses[0])
    if len(addresses) > 1:
        ips = [entry["ip"] for entry in addresses]
        record["addresses"] = jsonlines._encode(ips).decode()
    return record
