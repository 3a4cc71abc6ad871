"""The vocabularies of an agreement's scope, and how far it is applied.

Sources: ICCD (areas, the first nine), CISSM 2017 survey of sharing agreements, the cooperation
pillar of the GCI; tabulated in November 2026.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

AREAS: Mapping[str, str | None] = {
    # ICCD's nine have no parent; the others stand under the one they refine.
    "dialogue": None,
    "research": None,
    "confidence_building": None,
    "incident_response": None,
    "crime": None,
    "capacity_building": None,
    "activity_limiting": None,
    "defence": None,
    "terrorism": None,
    "information_sharing": "incident_response",
    "critical_infrastructure": "incident_response",
    "vulnerability_disclosure": "incident_response",
    "cirt_establishment": "capacity_building",
    "exercises": "capacity_building",
    "training": "capacity_building",
    "staff_exchange": "capacity_building",
    "best_practice": "capacity_building",
    "awareness": "capacity_building",
    "child_online_protection": "capacity_building",
    "resource_mobilization": "capacity_building",
    "technology": "research",
    "supply_chain": "research",
    "norms": "activity_limiting",
    "legal": "crime",
    "evidence": "crime",
    "joint_investigation": "crime",
    "data_protection": "crime",
}

SCOPE: Mapping[str, tuple[str, ...]] = {
    "instrument": (
        "treaty",
        "agreement",  # a source calls it that and tells no more of its form
        "executive_agreement",
        "administrative_agreement",
        "mou",
        "moc",  # memorandum of cooperation
        "joint_declaration",
        "letter_of_intent",
        "exchange_of_notes",
        "technical_arrangement",  # team to team
        "mlat",
        "membership",
        "sharing_community",
        "joint_exercise",
        "joint_centre",
        "project_agreement",
        "ppp",
        "mutual_recognition",
        "standing_dialogue",
        "no_formal_instrument",
    ),
    "area": tuple(AREAS),
    "bindingness": ("binding", "non_binding", "contractual", "voluntary"),
    "party_level": ("state", "ministry", "agency", "cirt", "igo", "network", "private"),
    "geography": ("bilateral", "plurilateral", "regional", "global"),
    "information": (
        "indicators",
        "incident_reports",
        "vulnerabilities",
        "best_practice",
        "personal_data",
    ),
    "text": ("public", "summary", "title_only"),
}

_YEAR = dt.timedelta(days=365)


class Dated(Protocol):
    """The first and the last day of something, as its date may be read."""

    @property
    def first(self) -> dt.date: ...

    @property
    def last(self) -> dt.date: ...


def application_level(
    structure_named: bool,
    structure_met: bool,
    activities: Iterable[Dated],
    reviewed: bool,
    today: dt.date,
) -> int:
    """How far an agreement is applied: 0 no evidence, 1 a structure is named, 2 it has met,
    3 there is activity every year, 4 and it is reviewed.

    Every year: one activity in each of the last two years, as their dates may be read, and never
    one activity for both. An activity shows that the sides met, whatever is on record of it.
    """
    past = [date for date in activities if date.first <= today]
    back = today - _YEAR, today - 2 * _YEAR
    latest = {n for n, date in enumerate(past) if date.last > back[0]}
    before = {n for n, date in enumerate(past) if date.last > back[1] and date.first <= back[0]}
    if latest and before and len(latest | before) > 1:
        return 4 if reviewed else 3
    if past or structure_met:
        return 2
    return 1 if structure_named else 0
