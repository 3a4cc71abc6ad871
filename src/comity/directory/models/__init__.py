"""How the directory is kept: teams, what is said of them and by whom, and what surrounds them."""

from comity.directory.models.around import (
    BodyFace,
    Community,
    CommunityMember,
    NetworkTable,
)
from comity.directory.models.said import Said
from comity.directory.models.teams import (
    Contact,
    ContactTest,
    Holding,
    Team,
    TeamKey,
    Value,
)

__all__ = [
    "BodyFace",
    "Community",
    "CommunityMember",
    "Contact",
    "ContactTest",
    "Holding",
    "NetworkTable",
    "Said",
    "Team",
    "TeamKey",
    "Value",
]
