"""What is under way: submissions and their steps, batches, replies, matches, saved searches."""

from __future__ import annotations

from django.db import models

from comity.kit import ids
from comity.registry.models.entries import Entry, new_place


class Batch(models.Model):
    """A file that somebody uploaded. The same bytes from the same body are the same batch."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    body = models.ForeignKey("people.Body", on_delete=models.SET_NULL, null=True, related_name="+")
    speaker = models.CharField(max_length=40)  # the body's id, or "operator": what makes it unique
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)  # rows that say what is said already
    handling = models.ForeignKey("people.Handling", on_delete=models.PROTECT, related_name="+")
    act = models.BigIntegerField()
    made = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["speaker", "kind", "sha256"], name="registry_batch_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:8]}"


class Submission(models.Model):
    """What a body proposes: a new entry, or other statements for one of its own."""

    place = models.BigIntegerField(primary_key=True, default=new_place, editable=False)
    id = models.UUIDField(unique=True, default=ids.new, editable=False)
    body = models.ForeignKey("people.Body", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    entry = models.ForeignKey(
        Entry, on_delete=models.SET_NULL, null=True, related_name="submissions"
    )
    batch = models.ForeignKey(Batch, on_delete=models.SET_NULL, null=True, related_name="arrived")
    row = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    content = models.JSONField()  # a Record: subtype, key, values as given
    typed = models.JSONField(null=True)  # a draft as it was typed, with what cannot be read yet
    amended = models.JSONField(null=True)  # a reviewer's other words, until the State agrees
    state = models.CharField(max_length=12)
    author = models.UUIDField(null=True)  # a person
    reviewer = models.UUIDField(null=True)
    base_act = models.BigIntegerField(default=0)  # the entry's act when it was written
    handling = models.ForeignKey("people.Handling", on_delete=models.PROTECT, related_name="+")
    sample = models.BooleanField(default=False)
    act = models.BigIntegerField()
    made = models.DateTimeField()
    changed = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["state", "handling", "-place"], name="registry_queue"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.id}"


class Step(models.Model):
    """One act on a submission or an entry: who did what, why."""

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="steps")
    act_name = models.CharField(max_length=40)
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    party = models.CharField(max_length=20)  # author, reviewer, state, gateway
    actor = models.CharField(max_length=40)  # pseudonym
    reason = models.TextField(blank=True)
    act = models.BigIntegerField()
    made = models.DateTimeField()

    class Meta:
        ordering = ("act",)

    def __str__(self) -> str:
        return f"{self.act_name} {self.before} to {self.after}"


class WaitingRow(models.Model):
    """A row of a batch that could not be taken: held until somebody mends or drops it."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="waiting")
    row = models.PositiveIntegerField()
    raw = models.JSONField()  # column to text
    problems = models.JSONField()  # `types.Problem` as mappings
    state = models.CharField(max_length=8, default="waiting")  # waiting, mended, dropped
    submission = models.ForeignKey(Submission, on_delete=models.SET_NULL, null=True)
    entry = models.ForeignKey(Entry, on_delete=models.SET_NULL, null=True)
    reason = models.TextField(blank=True)  # why it was dropped
    act = models.BigIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "row"], name="registry_row_once"),)

    def __str__(self) -> str:
        return f"row {self.row} of {self.batch_id}"


class Reply(models.Model):
    """The right of reply: what a State or a body answers to an entry that concerns it."""

    place = models.BigIntegerField(primary_key=True, default=new_place, editable=False)
    id = models.UUIDField(unique=True, default=ids.new, editable=False)
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="replies")
    body = models.ForeignKey("people.Body", on_delete=models.SET_NULL, null=True, related_name="+")
    by = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=12)
    contests = models.BooleanField(default=False)
    handling = models.ForeignKey("people.Handling", on_delete=models.PROTECT, related_name="+")
    act = models.BigIntegerField()
    made = models.DateTimeField()
    withdrawn = models.DateTimeField(null=True)
    settled = models.DateTimeField(null=True)  # the owner changed the entry after it was contested

    def __str__(self) -> str:
        return f"reply of {self.by}"


class RequestStep(models.Model):
    """One act of the history of a request for assistance (`rules/requests.py`)."""

    request = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="request_steps")
    act_name = models.CharField(max_length=20)
    party = models.CharField(max_length=20)  # asking, secretariat, helper
    actor = models.CharField(max_length=40)  # pseudonym
    reason = models.TextField(blank=True)
    act = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("act",)

    def __str__(self) -> str:
        return f"{self.act_name} {self.request_id}"


class Match(models.Model):
    """An offer set against a request for assistance: suggested by rule, chosen by a person."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    request = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="matches")
    offered = models.ForeignKey(Entry, on_delete=models.CASCADE, null=True, related_name="+")
    team = models.CharField(max_length=80, blank=True)  # a team's code, of the directory
    state = models.CharField(max_length=12)  # chosen, withdrawn
    reason = models.TextField(blank=True)
    act = models.BigIntegerField()
    made = models.DateTimeField()

    def __str__(self) -> str:
        return f"match for {self.request_id}"


class SavedSearch(models.Model):
    """A question that a person keeps asking."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)
    person = models.UUIDField(db_index=True)
    name = models.CharField(max_length=120)
    query = models.CharField(max_length=1000)  # the query string of the search page
    made = models.DateTimeField()
    seen = models.DateTimeField()  # what changed after is new to them

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "name"], name="registry_search_name"),
        )

    def __str__(self) -> str:
        return self.name
