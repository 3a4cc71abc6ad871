"""How the nouns of the room are kept: `tables` are the rows, `keeping` turns types into rows."""

from comity.mandate.models.tables import (
    Change,
    ChangeEnd,
    Citation,
    Deadline,
    Duty,
    DutyState,
    Finding,
    Instrument,
    Passage,
    Proposal,
    Provision,
    Revision,
    Settlement,
    Version,
)

__all__ = [
    "Change",
    "ChangeEnd",
    "Citation",
    "Deadline",
    "Duty",
    "DutyState",
    "Finding",
    "Instrument",
    "Passage",
    "Proposal",
    "Provision",
    "Revision",
    "Settlement",
    "Version",
]
