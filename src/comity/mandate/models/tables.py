"""How the nouns of `types` are kept: instruments, versions, and what was said and found in them.

The bytes of a source are not kept: the adopted page carries foreign scripts, and nothing of them
may reach storage. Its name and SHA-256 say which file was read. Everything below `Version` is
made anew when the version is loaded again; what persons decide (`Settlement`, `DutyState`,
`Deadline`) is keyed by instrument, version and eId, and stays.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from comity.mandate.types import ChangeKind, Confidence, DutyStatus, Fate, State


def choices(enum: type) -> list[tuple[str, str]]:
    return [(str(m.value), str(m.value)) for m in enum]  # type: ignore[attr-defined]


class Placed:
    """What pages say of a provision or a passage: its level, its place in words, its start."""

    section: str
    path: str
    num: str

    @property
    def level(self) -> int:
        """0 for a paragraph, 1 and more for items below it."""
        return self.path.count("/")

    @property
    def place(self) -> str:
        """ "invites Member States, 2": a place as a reader would name it."""
        return f"{self.section}, {self.dotted}" if self.num else self.section

    @property
    def dotted(self) -> str:
        """ "1 iii a" for the path "1/iii/a"."""
        return self.path.replace("/", " ")

    @property
    def start_of_text(self) -> str:
        words = str(getattr(self, "text", "")).split() or [
            w for run in getattr(self, "runs", ()) for w in run["text"].split()
        ]
        return " ".join(words[:4])


class Instrument(models.Model):
    """A resolution, or a stub for an instrument that others cite."""

    key = models.CharField(max_length=120, unique=True)  # "itu-pp/res-130", "wtdc/res-45"
    issuer = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key

    @property
    def issuer_slug(self) -> str:
        """The first half of the key, for addresses."""
        return self.key.split("/", 1)[0]

    @property
    def short(self) -> str:
        """The second half of the key."""
        return self.key.split("/", 1)[1]

    @property
    def name(self) -> str:
        """ "WTDC resolution 45", or the title where it has no number."""
        if self.number:
            return f"{self.issuer} {self.kind} {self.number}".strip()
        return self.title or f"{self.issuer} {self.kind}".strip()


class Revision(models.Model):
    """A text of an instrument that is known to exist, whether we hold it or not."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="revisions")
    label = models.CharField(max_length=80)  # "Rev. Dubai"
    status = models.CharField(max_length=10)  # draft | adopted
    place = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField()
    date = models.DateField(null=True)
    known_from = models.CharField(max_length=300)

    class Meta:
        ordering = ("date", "year")
        constraints = (
            models.UniqueConstraint(
                fields=["instrument", "status", "label", "year"], name="mandate_revision_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} ({self.label}, {self.year})"


class Version(models.Model):
    """One text of an instrument in one language that we hold."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="versions")
    label = models.CharField(max_length=40)  # "2014-10-28", "2014"
    language = models.CharField(max_length=8, default="en")
    status = models.CharField(max_length=10)
    date = models.DateField(null=True)
    title = models.CharField(max_length=300)
    subtitle = models.CharField(max_length=500, blank=True)
    formula = models.CharField(max_length=500, blank=True)
    title_runs = models.JSONField(default=list)  # of a draft: with the marks they stand under
    formula_runs = models.JSONField(default=list)
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    source_type = models.CharField(max_length=60)
    attribution = models.CharField(max_length=200)
    parser = models.PositiveIntegerField()  # keeping.PARSER when it was read
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("instrument_id", "date", "label")
        constraints = (
            models.UniqueConstraint(
                fields=["instrument", "label", "language"], name="mandate_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.instrument} {self.label} {self.language}"


class Provision(Placed, models.Model):
    """One addressable piece of a version."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="provisions")
    seq = models.PositiveIntegerField()
    section = models.CharField(max_length=300)
    path = models.CharField(max_length=60)
    num = models.CharField(max_length=20, blank=True)
    text = models.TextField()
    footnotes = models.JSONField(default=list)
    marks_at = models.JSONField(default=list)
    eid = models.CharField(max_length=200)
    wid = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("version_id", "seq")
        constraints = (
            models.UniqueConstraint(fields=["version", "seq"], name="mandate_provision_seq"),
            models.UniqueConstraint(fields=["version", "eid"], name="mandate_provision_eid"),
            models.UniqueConstraint(fields=["version", "key"], name="mandate_provision_key"),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.key}"

    @property
    def marked(self) -> list[tuple[str, str]]:
        """The text cut at its footnote marks: (words, mark after them or "")."""
        cuts = [
            (len(self.text) if at < 0 else at, mark)
            for mark, at in zip(self.footnotes, self.marks_at or [-1] * 9, strict=False)
        ]
        pieces, start = [], 0
        for at, mark in sorted(cuts):
            pieces.append((self.text[start:at], mark))
            start = at
        return [*pieces, (self.text[start:], "")]

    @property
    def url(self) -> str:
        """Its page. Needs `version__instrument`."""
        instrument = self.version.instrument
        args = (instrument.issuer_slug, instrument.short, self.version.label, self.key)
        return reverse("mandate:paragraph", args=args)


class Passage(Placed, models.Model):
    """One paragraph of a marked-up draft; `eid` names it in its version."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="passages")
    seq = models.PositiveIntegerField()
    section = models.CharField(max_length=300)
    path = models.CharField(max_length=60)
    num_printed = models.CharField(max_length=20, blank=True)
    num = models.CharField(max_length=20, blank=True)
    eid = models.CharField(max_length=200)
    wid = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=200)
    runs = models.JSONField()
    state = models.CharField(max_length=12, choices=choices(State))
    explicit = models.BooleanField()
    why = models.CharField(max_length=300, blank=True)
    tag = models.CharField(max_length=40, blank=True)
    proposer = models.CharField(max_length=120, blank=True)
    option = models.CharField(max_length=10, blank=True)
    group = models.PositiveIntegerField(null=True)
    bracketed = models.BooleanField(default=False)
    within = models.PositiveIntegerField(null=True)  # seq of the passage that this one cuts in two
    at = models.PositiveIntegerField(null=True)  # characters of that passage's runs before it
    lines = models.JSONField(default=list)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("version_id", "seq")
        constraints = (
            models.UniqueConstraint(fields=["version", "seq"], name="mandate_passage_seq"),
            models.UniqueConstraint(fields=["version", "eid"], name="mandate_passage_eid"),
        )

    def __str__(self) -> str:
        return f"{self.version} {self.key}"


class Finding(models.Model):
    """Something a parser did not understand in a version's source."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="findings")
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=500)
    line = models.PositiveIntegerField()
    column = models.PositiveIntegerField()
    remedy = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("version_id", "line", "column")

    def __str__(self) -> str:
        return f"{self.code} at {self.line}:{self.column}"


class Change(models.Model):
    """What the machine thinks became of one or more units of `old` in `new`."""

    old = models.ForeignKey(Version, models.CASCADE, related_name="changes_from")
    new = models.ForeignKey(Version, models.CASCADE, related_name="changes_to")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=choices(ChangeKind))
    similarity = models.FloatField()
    confidence = models.CharField(max_length=10, choices=choices(Confidence))
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ("old_id", "new_id", "seq")
        constraints = (
            models.UniqueConstraint(fields=["old", "new", "seq"], name="mandate_change_seq"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.old} to {self.new}"


class ChangeEnd(models.Model):
    """One unit at one end of a change: a passage or a provision, by its place in the version."""

    change = models.ForeignKey(Change, models.CASCADE, related_name="ends")
    is_new = models.BooleanField()
    unit = models.PositiveIntegerField()  # seq of the passage (draft) or provision
    rank = models.PositiveSmallIntegerField()  # 0 is the main source

    class Meta:
        ordering = ("change_id", "is_new", "rank")
        indexes = (models.Index(fields=["is_new", "unit"], name="mandate_change_end_unit"),)

    def __str__(self) -> str:
        return f"{'new' if self.is_new else 'old'} {self.unit}"


class Proposal(models.Model):
    """A tagged, bracketed or optional passage and the machine's view of its fate."""

    passage = models.ForeignKey(Passage, models.CASCADE, related_name="proposals")
    adopted = models.ForeignKey(Version, models.CASCADE, related_name="proposals")
    seq = models.PositiveIntegerField()
    fate = models.CharField(max_length=20, choices=choices(Fate))
    targets = models.JSONField(default=list)  # [{"section", "path"}]
    similarity = models.FloatField()
    confidence = models.CharField(max_length=10, choices=choices(Confidence))
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ("adopted_id", "seq")

    def __str__(self) -> str:
        return f"{self.passage} {self.fate}"


class Settlement(models.Model):
    """A person's decision on a guess, kept apart from the machine's; the newest holds.

    On a fate: `subject` is the passage's eId in the draft, `decided` a Fate, `targets` where it
    went. On a change: `subject` is the eId in the newer version, `decided` a ChangeKind, `targets`
    where it came from; of a unit that is gone, its `labels.gone`, and `targets` where it went.
    """

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="settlements")
    old_label = models.CharField(max_length=40)
    new_label = models.CharField(max_length=40)
    about = models.CharField(max_length=10, choices=[("fate", "fate"), ("change", "change")])
    subject = models.CharField(max_length=200)
    decided = models.CharField(max_length=20)
    targets = models.JSONField(default=list)  # [{"section", "path"}]
    reason = models.CharField(max_length=500)
    actor = models.CharField(max_length=80)  # pseudonym, as in the ledger
    moment = models.DateTimeField()
    act = models.BigIntegerField()  # its row in the ledger

    class Meta:
        ordering = ("-moment", "-pk")
        indexes = (models.Index(fields=["instrument", "subject"], name="mandate_settled"),)

    def __str__(self) -> str:
        return f"{self.subject} {self.decided}"


class Citation(models.Model):
    """One instrument named by a provision."""

    provision = models.ForeignKey(Provision, models.CASCADE, related_name="citations")
    cited = models.ForeignKey(Instrument, models.PROTECT, related_name="cited_by")
    seq = models.PositiveIntegerField()
    as_printed = models.CharField(max_length=400)
    issuer = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40, blank=True)
    place = models.CharField(max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    revised = models.BooleanField()
    subdivision = models.CharField(max_length=120, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    how = models.CharField(max_length=80, blank=True)
    flags = models.JSONField(default=list)

    class Meta:
        ordering = ("provision_id", "seq")

    def __str__(self) -> str:
        return self.as_printed


class Duty(models.Model):
    """What a provision asks of whom."""

    provision = models.OneToOneField(Provision, models.CASCADE, related_name="duty")
    actors = models.JSONField()  # as printed
    meant = models.JSONField()  # keys of data/actors.csv, collective actors taken apart
    force = models.CharField(max_length=40)
    binding = models.BooleanField()
    verb = models.CharField(max_length=120)
    object = models.TextField(blank=True)
    recipients = models.JSONField(default=list)
    frequency = models.CharField(max_length=12, null=True)  # null: the text names none
    condition = models.TextField(null=True)
    is_reporting = models.BooleanField()
    parts = models.JSONField(default=list)
    related = models.JSONField(default=list)  # keys of the instruments it is to be consistent with
    further_acts = models.JSONField(default=list)  # "to make proposals as appropriate"

    class Meta:
        ordering = ("provision_id",)

    def __str__(self) -> str:
        return f"{self.provision} {self.verb}"


class DutyState(models.Model):
    """What is said of a duty's state, on what evidence; the newest holds."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="duty_states")
    wid = models.CharField(max_length=200)
    status = models.CharField(max_length=20, choices=choices(DutyStatus))
    evidence = models.JSONField(default=list)  # URLs or object ids of other rooms
    actor = models.CharField(max_length=80)
    moment = models.DateTimeField()
    act = models.BigIntegerField()

    class Meta:
        ordering = ("-moment", "-pk")

    def __str__(self) -> str:
        return f"{self.wid} {self.status}"


class Deadline(models.Model):
    """A date by which a duty is due, entered with its source, never invented."""

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="deadlines")
    wid = models.CharField(max_length=200)
    due = models.DateField()
    source = models.CharField(max_length=300)
    actor = models.CharField(max_length=80)
    moment = models.DateTimeField()
    act = models.BigIntegerField()
    withdrawn = models.DateTimeField(null=True)  # since then it holds no more
    withdrawn_act = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("due",)

    def __str__(self) -> str:
        return f"{self.wid} {self.due}"
