"""Who says so: what stands beside every value that this house repeats.

A value without a speaker is a rumour. The directory and the registry keep each value with one of
these, show it beside the value, and never let one speaker's words replace another's.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Voice(StrEnum):
    """Whose word a value is. The order is that of precedence in showing, first is shown first."""

    OWN = "own"  # whom it is about says so: the team of itself, the State of its own deed
    SECRETARIAT = "secretariat"  # an officer of this gateway says so
    SOURCE = "source"  # a publication, a file, another directory says so

    @property
    def rank(self) -> int:
        """Its place in that order; 0 is shown first."""
        return list(Voice).index(self)


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says a value, since when, on what evidence, in which language, and who verified it.

    `since` is as exact as the source is ("2014", "2014-05", "2014-05-30"); dates without a source
    stay empty, they are not the day of typing.
    """

    voice: Voice = Voice.SOURCE
    body: UUID | None = None  # the body that says so, where it is one of ours
    by: str = ""  # the name to print: of the body, or of the publication
    since: str = ""
    evidence_title: str = ""
    evidence_url: str = ""
    evidence_date: str = ""  # of the publication, or the day it was read
    licence: str = ""  # SPDX or words, where the source states one
    language: str = ""  # of the value, where it is words
    verified_on: dt.date | None = None
    verified_by: str = ""
