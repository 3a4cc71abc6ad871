"""Asking a record for the words that an outside format has a place for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from comity.directory.types import (
    Contact,
    ContactKind,
    ContactPurpose,
    HoldingKind,
    TeamRecord,
)


def words(team: TeamRecord, name: str) -> str:
    """The first words a team has under a field: those of precedence come first in a record."""
    return next((v.value for v in team.values if v.field == name and isinstance(v.value, str)), "")


def all_words(team: TeamRecord, name: str) -> list[str]:
    """All words under a field, each once."""
    found = [v.value for v in team.values if v.field == name and isinstance(v.value, str)]
    return list(dict.fromkeys(found))


def records(team: TeamRecord, name: str) -> list[Mapping[str, str]]:
    """All records under a field: memberships, protocols."""
    return [v.value for v in team.values if v.field == name and isinstance(v.value, Mapping)]


def reached(team: TeamRecord, kind: ContactKind, *purposes: ContactPurpose) -> list[Contact]:
    """The contacts of a kind, of these purposes or of all."""
    return [c for c in team.contacts if c.kind is kind and (not purposes or c.purpose in purposes)]


def held(team: TeamRecord, kind: HoldingKind) -> list[str]:
    """The pieces of a constituency of one kind, each once."""
    return list(dict.fromkeys(h.value for h in team.holdings if h.kind is kind))


def without_empty(pairs: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in pairs.items() if value not in ("", None, [], {})}


def json_bytes(value: object) -> bytes:
    """JSON as our files are: UTF-8, two blanks a level, a line feed at the end."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def in_order(teams: Iterable[TeamRecord]) -> list[TeamRecord]:
    """The teams by code, so that one set of teams is one file."""
    return sorted(teams, key=lambda team: team.code)
