"""Who speaks when something is kept: one string tells two speakers apart, one rule gives each label
its audience. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from comity.kit import tlp
from comity.kit.sayings import Saying, Voice


@dataclass(frozen=True, slots=True)
class Speaker:
    """Whose words a batch is. `name` is printed; evidence stands beside every row of the batch."""

    voice: Voice
    name: str = ""
    body: UUID | None = None
    evidence_title: str = ""
    evidence_url: str = ""
    evidence_date: str = ""
    licence: str = ""

    @property
    def key(self) -> str:
        """ "own", "secretariat" or "source/<name>": the same speaker has the same key tomorrow."""
        return f"source/{self.name}" if self.voice is Voice.SOURCE else self.voice.value

    def saying(self, said: Saying) -> Saying:
        """What a row says of itself, with the speaker's own name and evidence where it is silent.

        Who verified a value is never a speaker's to say: only an answered test writes that.
        """
        return replace(
            said,
            voice=self.voice,
            body=self.body,
            by=self.name,
            evidence_title=said.evidence_title or self.evidence_title,
            evidence_url=said.evidence_url or self.evidence_url,
            evidence_date=said.evidence_date or self.evidence_date,
            licence=said.licence or self.licence,
            verified_on=None,
            verified_by="",
        )


def handling(
    label: tlp.Label, owner: UUID | None, keepers: Iterable[UUID], person: UUID | None
) -> tlp.Handling:
    """Who may see a row with this label: `owner` is the team's own body, where it has one here.

    AMBER and AMBER+STRICT name the owner and the `keepers`, the bodies that brought the row in: a
    list that a community gave to one body is not another's. RED names the one person who wrote it.
    """
    bodies = frozenset(keepers) | ({owner} if owner else frozenset())
    markings = {
        tlp.Label.CLEAR: tlp.Marking(tlp.Label.CLEAR),
        tlp.Label.GREEN: tlp.Marking(tlp.Label.GREEN),
        tlp.Label.AMBER: tlp.Marking(tlp.Label.AMBER, bodies=bodies),
        tlp.Label.AMBER_STRICT: tlp.Marking(tlp.Label.AMBER_STRICT, bodies=bodies),
        tlp.Label.RED: tlp.Marking(
            tlp.Label.RED, persons=frozenset({person}) if person else frozenset()
        ),
    }
    return tlp.Handling((markings[label],), owner)
