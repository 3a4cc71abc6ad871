"""Acts of the room: freeze a report, publish it, comment on a draft, ask States for theirs."""

from comity.report.actions.keeping import (
    AlreadyPublished,
    NotFrozen,
    freeze,
    publish,
)
from comity.report.actions.preparing import ask, ask_all, comment, settle

__all__ = [
    "AlreadyPublished",
    "NotFrozen",
    "ask",
    "ask_all",
    "comment",
    "freeze",
    "publish",
    "settle",
]
