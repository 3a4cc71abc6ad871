"""Reports that were frozen, in every language, with what they were made from; and who was told.

A draft is not kept: it is made from the records whenever somebody looks. What is frozen is never
changed: another edition of the year is another row.
"""

from __future__ import annotations

from django.db import models

STATES = [("frozen", "frozen"), ("published", "published")]


class Report(models.Model):
    """One frozen edition of a year."""

    year = models.PositiveSmallIntegerField()
    edition = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=STATES, default="frozen")
    cutoff = models.DateTimeField()
    sha256 = models.CharField(max_length=64)  # of all its texts, figures and versions of records
    figures = models.JSONField()  # as `rules.figures.as_data` gives them, in order
    records = models.JSONField()  # "kind/key" to the newest act of it that was used
    frozen = models.DateTimeField()
    act = models.BigIntegerField()
    published = models.DateTimeField(null=True)
    published_act = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-year", "-edition")
        constraints = (
            models.UniqueConstraint(fields=["year", "edition"], name="report_one_edition"),
        )

    def __str__(self) -> str:
        return f"{self.year} edition {self.edition}"

    @property
    def name(self) -> str:
        """How the ledger and evidence name it: "report/2014/1"."""
        return f"report/{self.year}/{self.edition}"


class Writing(models.Model):
    """The text of an edition in one language: the tree in canonical JSON, and its hash."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="writings")
    language = models.CharField(max_length=2)
    tree = models.TextField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("language",)
        constraints = (
            models.UniqueConstraint(fields=["report", "language"], name="report_one_writing"),
        )

    def __str__(self) -> str:
        return f"{self.report} {self.language}"


class Dispatch(models.Model):
    """One person told of a publication. Gone with the person; the act in the record stays."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="dispatches")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=2)
    made = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    reachable = models.BooleanField()  # an address is known and this house can send mail

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["report", "person"], name="report_told_once"),
        )

    def __str__(self) -> str:
        return f"dispatch of {self.report}"


class Comment(models.Model):
    """A remark on a part of a draft, for those who prepare the report."""

    year = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=100, blank=True)
    text = models.TextField()
    actor = models.CharField(max_length=80)  # pseudonym, as in the ledger
    made = models.DateTimeField()
    act = models.BigIntegerField()
    settled = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-made", "-pk")
        indexes = (models.Index(fields=["year", "section"], name="report_comments_on"),)

    def __str__(self) -> str:
        return f"comment on {self.year} {self.section}"


class Asked(models.Model):
    """A country asked for what it did in a year, with the day and how often."""

    year = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    made = models.DateTimeField()
    sent = models.DateTimeField(null=True)
    persons = models.PositiveSmallIntegerField(default=0)  # focal points that were written to
    act = models.BigIntegerField()

    class Meta:
        ordering = ("-made", "-pk")
        indexes = (models.Index(fields=["year", "country"], name="report_asked_of"),)

    def __str__(self) -> str:
        return f"{self.country} asked for {self.year}"
