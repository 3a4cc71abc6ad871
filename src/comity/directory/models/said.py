"""A row that somebody said: the columns of `kit.sayings.Saying`, who may see it, and until when it
stood. What was said is kept: a row is ended, never overwritten.
"""

from __future__ import annotations

from django.db import models

from comity.kit.sayings import Saying, Voice

VOICES = [(voice.value, voice.value) for voice in Voice]
# A dot of precedence: the team's own words before the secretariat's before those of others.
PRECEDENCE = {voice: place for place, voice in enumerate(Voice)}


class Said(models.Model):
    """`speaker` is the one string that tells two speakers apart; `said` gives the whole noun."""

    voice = models.CharField(max_length=12, choices=VOICES)
    speaker = models.CharField(max_length=240)  # "own", "secretariat", "source/<name>"
    said_body = models.UUIDField(null=True)
    said_by = models.CharField(max_length=200, blank=True)
    said_since = models.CharField(max_length=10, blank=True)
    evidence_title = models.CharField(max_length=300, blank=True)
    evidence_url = models.CharField(max_length=1000, blank=True)
    evidence_date = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35, blank=True)
    verified_on = models.DateField(null=True)
    verified_by = models.CharField(max_length=200, blank=True)
    # No index: handlings are few, and a planner that took it would read half of the table.
    handling = models.ForeignKey(
        "people.Handling", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    began = models.DateTimeField()  # when this house first kept it
    ended = models.DateTimeField(null=True)
    act = models.BigIntegerField()  # of the record, that began it

    class Meta:
        abstract = True

    @property
    def said(self) -> Saying:
        return Saying(
            voice=Voice(self.voice),
            body=self.said_body,
            by=self.said_by,
            since=self.said_since,
            evidence_title=self.evidence_title,
            evidence_url=self.evidence_url,
            evidence_date=self.evidence_date,
            licence=self.licence,
            language=self.language,
            verified_on=self.verified_on,
            verified_by=self.verified_by,
        )

    @property
    def precedence(self) -> int:
        return PRECEDENCE[Voice(self.voice)]


def saying_columns(said: Saying) -> dict[str, object]:
    """The columns of a saying, for a new row."""
    return {
        "voice": said.voice.value,
        "said_body": said.body,
        "said_by": said.by,
        "said_since": said.since,
        "evidence_title": said.evidence_title,
        "evidence_url": said.evidence_url,
        "evidence_date": said.evidence_date,
        "licence": said.licence,
        "language": said.language,
        "verified_on": said.verified_on,
        "verified_by": said.verified_by,
    }
