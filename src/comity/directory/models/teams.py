"""A team and the typed tables of what is said of it: values, contacts, keys, holdings.

That a team exists, its name and its country are public; everything else hangs on rows that carry
a handling of their own.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from comity.directory import types as t
from comity.directory.models.said import Said
from comity.kit import ids


def choices(enum: type) -> list[tuple[str, str]]:
    return [(str(m.value), str(m.value)) for m in enum]  # type: ignore[attr-defined]


class Team(models.Model):
    """Who answers. `code` is its lasting name in addresses, `seq` its place in machines' lists."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    seq = models.BigIntegerField(unique=True)
    body = models.OneToOneField(
        "people.Body", on_delete=models.SET_NULL, null=True, related_name="team"
    )
    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2, blank=True)
    same_as = models.JSONField(default=dict)  # directory's name to the id it has there
    sample = models.BooleanField(default=False)
    review_due = models.DateField(null=True)
    reviewed_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    changed = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["country", "name", "code"], name="directory_team_order"),)

    def __str__(self) -> str:
        return self.name


class Value(Said):
    """One value of one field of `types.FIELDS`."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="values")
    field = models.CharField(max_length=40)
    value = models.JSONField()

    class Meta:
        indexes = (models.Index(fields=["field", "ended"], name="directory_value_field"),)

    def __str__(self) -> str:
        return f"{self.field} {self.value}"


class Contact(Said):
    """One way to reach a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="contacts")
    purpose = models.CharField(max_length=14, choices=choices(t.ContactPurpose))
    kind = models.CharField(max_length=6, choices=choices(t.ContactKind))
    value = models.CharField(max_length=1000)
    hours = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    consent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.purpose} {self.kind}"


class TeamKey(Said):
    """A public key. One that would replace a standing one `waits` for a second person."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=8, choices=choices(t.KeyKind))
    fingerprint = models.CharField(max_length=128)
    text = models.TextField(blank=True)
    algorithm = models.CharField(max_length=60, blank=True)
    bits = models.PositiveIntegerField(default=0)
    user_ids = models.JSONField(default=list)
    created = models.DateField(null=True)
    expires = models.DateField(null=True)
    revoked = models.DateField(null=True)
    encrypts_until = models.DateField(null=True)
    faults = models.JSONField(default=list)
    purpose = models.CharField(max_length=120, blank=True)
    waits = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")
    replaced = models.BooleanField(default=False)
    added_by = models.CharField(max_length=60)  # a pseudonym of the record of acts
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmed = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = (models.Index(fields=["fingerprint"], name="directory_key_fingerprint"),)

    def __str__(self) -> str:
        return self.fingerprint


class Holding(Said):
    """One piece of a constituency. Two teams may claim the same: both stand, and it is flagged."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="holdings")
    kind = models.CharField(max_length=8, choices=choices(t.HoldingKind))
    value = models.CharField(max_length=253)

    class Meta:
        indexes = (
            models.Index(
                fields=["kind", "value"], name="directory_holding_now", condition=Q(ended=None)
            ),
            models.Index(fields=["team", "kind", "id"], name="directory_holding_team"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class ContactTest(models.Model):
    """One mail that asks a mailbox to answer. Of the link only the SHA-256 is kept, of who answered
    only the moment."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="tests")
    asked = models.DateTimeField()
    asked_by = models.CharField(max_length=60)  # a pseudonym
    expires = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    sent = models.DateTimeField(null=True)
    reminded = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"test {self.id}"
