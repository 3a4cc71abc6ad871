"""What can be asked of the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    """Which events. Empty asks for all; days are of `time_source`, both included."""

    since: dt.date | None = None
    until: dt.date | None = None
    feed: str = ""
    report_type: str = ""
    country: str = ""  # the one routing used
    asn: int = 0
    network: str = ""  # a prefix, or one address
    class_type: str = ""
    severity: str = ""
    finding: int = 0
    team: str = ""  # code: whose it is to act
    unrouted: bool = False
    own: bool = False  # of the viewer's own teams alone
    after: int = 0  # cursor: events committed after this file
    limit: int = 1_000


DRILL = ("cc_used", "src_asn", "prefix", "src_ip")
"""From far to near: what one click leads to."""
GROUPS = (
    *("cc_used", "src_asn", "src_as_name", "class_type", "class_id", "report_type", "feed_name"),
    *("severity", "malware_name", "tlp", "route_set", "src_port"),
)
"""What counts can be made by."""
SEVERITIES = ("critical", "high", "medium", "low", "info")
"""From worst to least."""
