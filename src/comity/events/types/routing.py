"""The nouns of routing: a claim to part of the world, and a set of those an event goes to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from comity.directory.types import HoldingKind

UNROUTED = 0
"""The number of the set of events nobody answers for."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A team answers for a piece of the world, in the directory's canonical spelling."""

    kind: HoldingKind
    value: str
    team: UUID


@dataclass(frozen=True, slots=True, order=True)
class RouteSet:
    """Who an event goes to, and why: the piece that matched, the teams that claim it, and those
    around it that chose to be told. Without owners: those of an AS number or a country that chose
    to be told where somebody nearer answers."""

    kind: str  # of HoldingKind
    value: str
    owners: tuple[UUID, ...]
    informed: tuple[UUID, ...] = ()

    @property
    def reason(self) -> str:
        """As it stands on an event: "prefix 203.0.113.0/24"."""
        return f"{self.kind} {self.value}"

    @property
    def key(self) -> str:
        """One text for one set: the same set has the same number for ever."""
        teams = ("+".join(map(str, some)) for some in (self.owners, self.informed))
        return " ".join((self.kind, self.value, *teams))


def informed_reason(reason: str) -> str:
    """Why those around are told: "informed as parent of prefix 203.0.113.0/24"; empty where the
    claim that decided is not known."""
    return f"informed as parent of {reason}" if reason else ""


@dataclass(frozen=True, slots=True)
class Change:
    """What a dry run says of one team: events it would gain and lose, as who must act and as who is
    told beside."""

    team: UUID
    gains: int
    loses: int
    keeps: int
    told_gains: int = 0
    told_loses: int = 0
