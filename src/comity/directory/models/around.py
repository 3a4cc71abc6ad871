"""What surrounds the teams: communities and members, what bodies are like, tables of networks."""

from __future__ import annotations

from django.db import models

from comity.directory.models.said import Said
from comity.directory.models.teams import Team
from comity.kit import ids


class Community(models.Model):
    """A network of teams: one of this house (`group`), or one outside that a source describes."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    group = models.OneToOneField(
        "people.Group", on_delete=models.SET_NULL, null=True, related_name="community"
    )
    kind = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=40, blank=True)
    region = models.CharField(max_length=200, blank=True)
    established = models.CharField(max_length=10, blank=True)  # partial: "2003-02"
    operator = models.CharField(max_length=200, blank=True)
    website = models.CharField(max_length=1000, blank=True)
    members_stated = models.CharField(max_length=300, blank=True)  # in the source's own words
    members_as_of = models.CharField(max_length=10, blank=True)
    partial = models.BooleanField(default=True)  # the members held here are not all
    note = models.CharField(max_length=1000, blank=True)
    evidence_title = models.CharField(max_length=300, blank=True)
    evidence_url = models.CharField(max_length=1000, blank=True)
    evidence_date = models.CharField(max_length=10, blank=True)
    licence = models.CharField(max_length=200, blank=True)
    sample = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class CommunityMember(Said):
    """A country or a team in a community, as a source says; `until` is the first day it is not."""

    community = models.ForeignKey(Community, on_delete=models.CASCADE, related_name="members")
    country = models.CharField(max_length=2, blank=True)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, related_name="memberships")
    level = models.CharField(max_length=120, blank=True)
    since = models.CharField(max_length=10, blank=True)
    until = models.CharField(max_length=10, blank=True)

    class Meta:
        indexes = (models.Index(fields=["country"], name="directory_member_country"),)

    def __str__(self) -> str:
        return f"{self.community_id} {self.country}"


class BodyFace(Said):
    """What a body is like, as one speaker says. Its name and who belongs to it are people's."""

    body = models.ForeignKey("people.Body", on_delete=models.CASCADE, related_name="faces")
    kind = models.CharField(max_length=40, blank=True)
    names = models.JSONField(default=dict)  # language to name
    mandate_areas = models.JSONField(default=list)
    expertise = models.JSONField(default=list)
    website = models.CharField(max_length=1000, blank=True)

    def __str__(self) -> str:
        return str(self.body)


class NetworkTable(models.Model):
    """A table of which networks are whose: AS number and country where it is registered. The file
    is kept under COMITY_HOME/tables by its SHA-256; the newest row is the one in use."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=200)
    date = models.CharField(max_length=10, blank=True)  # of the data, as far as its source says
    sha256 = models.CharField(max_length=64, unique=True)
    ranges = models.PositiveIntegerField()
    loaded = models.DateTimeField()
    act = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} {self.date}"
