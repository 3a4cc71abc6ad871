"""How the nouns of the registry are kept."""

from comity.registry.models.entries import (
    Entry,
    Facet,
    FacetCount,
    SearchRow,
    Source,
    Statement,
    new_place,
)
from comity.registry.models.work import (
    Batch,
    Match,
    Reply,
    RequestStep,
    SavedSearch,
    Step,
    Submission,
    WaitingRow,
)

__all__ = [
    "Batch",
    "Entry",
    "Facet",
    "FacetCount",
    "Match",
    "Reply",
    "RequestStep",
    "SavedSearch",
    "SearchRow",
    "Source",
    "Statement",
    "Step",
    "Submission",
    "WaitingRow",
    "new_place",
]
