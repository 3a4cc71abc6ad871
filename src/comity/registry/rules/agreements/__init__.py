"""Agreements as event histories: where one stands is worked out, never overwritten.

What a source reported and what is only presumed stay apart, dates that differ are all kept, and
every answer names its rules and the happenings they rest on. Nothing here is a legal finding.
"""

from comity.registry.rules.agreements.history import (
    LASTING,
    RULES,
    AgreementError,
    AgreementEvent,
    Flag,
    Ground,
    Happening,
    Standing,
    State,
)
from comity.registry.rules.agreements.reckoning import standing
from comity.registry.rules.agreements.scope import AREAS, SCOPE, application_level
from comity.registry.rules.agreements.seed import (
    SeedAgreement,
    SeedStatus,
    from_seed_row,
    from_seed_status,
)

__all__ = [
    "AREAS",
    "LASTING",
    "RULES",
    "SCOPE",
    "AgreementError",
    "AgreementEvent",
    "Flag",
    "Ground",
    "Happening",
    "SeedAgreement",
    "SeedStatus",
    "Standing",
    "State",
    "application_level",
    "from_seed_row",
    "from_seed_status",
    "standing",
]
