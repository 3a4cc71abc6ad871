"""Questions to the room. Reports are public: all are asked as everybody (TLP:CLEAR)."""

from comity.report.reads.building import Prepared, prepare, scope_of, written
from comity.report.reads.kept import (
    NotHeld,
    Since,
    document,
    draft,
    edition,
    editions,
    since,
    written_draft,
)

__all__ = [
    "NotHeld",
    "Prepared",
    "Since",
    "document",
    "draft",
    "edition",
    "editions",
    "prepare",
    "scope_of",
    "since",
    "written",
    "written_draft",
]
