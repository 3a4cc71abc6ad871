"""What a row is about, in words: its address or network, its name, its teams."""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any

from comity.events.reads.showing import reasons
from comity.kit.tlp import Viewer


def address(row: dict[str, Any]) -> str:
    """The address or network of a stored row; empty where it has none."""
    if row.get("src_ip4") is not None:
        first: ipaddress.IPv4Address | ipaddress.IPv6Address
        first = ipaddress.IPv4Address(row["src_ip4"])
    elif row.get("src_ip6_hi") is not None:
        first = ipaddress.IPv6Address(row["src_ip6_hi"] << 64 | (row.get("src_ip6_lo") or 0))
    else:
        return ""
    if row.get("network") and row.get("src_prefix_len") is not None:
        return str(ipaddress.ip_network(f"{first}/{row['src_prefix_len']}", strict=False))
    return str(first)


def prefix(row: dict[str, Any]) -> str:
    """The network that `drill` grouped by; empty where the tables know none."""
    length = row["src_prefix_len"]
    if length is None:
        return ""
    if row["src_net4"] is not None:
        return f"{ipaddress.IPv4Address(row['src_net4'])}/{length}"
    if row["src_net6"] is not None:
        return f"{ipaddress.IPv6Address(row['src_net6'] << 64)}/{length}"
    return ""


def owned(viewer: Viewer | None, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with `event_id`, `asset` and `owners`: codes of the teams that must act, as far as the
    viewer may hear of them."""
    said = reasons(viewer, {row["route_set"] for row in rows})
    return [
        row
        | {
            "asset": address(row) or row.get("fqdn") or "",
            "owners": said[row["route_set"]][0],
            "routed": row["route_set"] != 0,
            "event_id": uuid.UUID(int=row["row_key"] << 64 | row["row_check"]),
        }
        for row in rows
    ]
