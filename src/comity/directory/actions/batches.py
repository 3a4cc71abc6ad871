"""Files of teams: what applying one would change, then the application, one act for the batch.

Applying the same file again changes nothing and leaves no line in the record.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DataError, transaction
from django.utils import timezone

from comity.directory import models as m
from comity.directory import reads
from comity.directory import types as t
from comity.directory.actions import keeping
from comity.directory.formats import any as formats
from comity.directory.formats import contacts
from comity.directory.rules.differences import EVERYTHING, differences
from comity.directory.rules.speakers import Speaker
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Viewer
from comity.ledger import actions as ledger
from comity.people.reads import actor_of
from comity.people.rules import may

LARGEST = 20 * 1024 * 1024  # a directory of a thousand teams has 2 MB
UPLOAD_HOURS = 24  # how long a file waits between its dry run and its application


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that was not kept, and why; the others were."""

    team: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a batch. `act` is 0 when nothing changed."""

    teams: int
    created: int
    changed: int
    unchanged: int
    rejected: tuple[Rejected, ...]
    act: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a file says, what of it was not understood, what applying it would change."""

    sha256: str
    reading: t.Reading
    differences: tuple[t.Difference, ...]
    rejected: tuple[Rejected, ...]


def require(viewer: Viewer | None, permission: str) -> None:
    """`None` is the gateway itself: the command line, a schedule, the first load."""
    if viewer is not None and not may(viewer, permission):
        raise PermissionDenied(permission)


def read(data: bytes, form: str, encoding: str = "") -> t.Reading:
    """The reading of a file; `encoding` of a CSV that is not UTF-8. Raises DirectoryError."""
    if form not in formats.READERS:
        raise t.DirectoryError(
            gettext_noop("This format is not known"), form, ", ".join(sorted(formats.READERS))
        )
    if len(data) > LARGEST:
        raise t.DirectoryError(
            gettext_noop("The file is larger than any directory of teams"),
            f"{len(data) // 1_000_000} MB",
            gettext_noop("Split it. 20 MB are taken at most."),
        )
    if encoding and form == "csv":
        return contacts.read(data, encoding=encoding)
    return formats.READERS[form](data)


def plan(
    data: bytes,
    form: str,
    speaker: Speaker,
    *,
    viewer: Viewer | None = None,
    encoding: str = "",
) -> DryRun:
    """What applying a file would change; nothing is kept."""
    require(viewer, "directory.load")
    reading = read(data, form, encoding)
    who = viewer or ANONYMOUS
    fit, rejected = _checked(reading.teams)
    with transaction.atomic():
        finder = keeping.Finder()
        held: list[m.Team] = []
        said: list[tuple[m.Team, bool, t.TeamRecord]] = []
        now = timezone.now()
        for record in fit:
            try:
                team, new = finder.find(record, now)
            except t.DirectoryError as error:
                rejected.append(_rejected(record, error))
                continue
            said.append((team, new, reads.renamed(record, team.code)))
            held += [] if new else [team]
        known = {record.code: record for record in reads.records(who, held)}
    found: list[t.Difference] = []
    for team, new, record in said:
        before = None if new else known[team.code]
        holds = formats.HOLDS.get(form, EVERYTHING)
        found += differences(before, record, source=speaker.name, holds=holds)
    sha256 = hashlib.sha256(data).hexdigest()
    if form != "rfc2350":  # which is of one team
        reading = replace(reading, findings=reading.findings + _unnamed(speaker, held))
    return DryRun(sha256, reading, tuple(found), tuple(rejected))


def _unnamed(speaker: Speaker, named: Sequence[m.Team]) -> tuple[t.NotUnderstood, ...]:
    """Teams of which this source spoke before and the file does not: a file may be a part of a
    list, so nothing ends, and somebody is told."""
    here = {team.pk for team in named}
    spoken: dict[str, object] = {}
    for model in (m.Value, m.Contact, m.Holding):
        rows = model.objects.filter(speaker=speaker.key, ended=None)
        spoken |= dict(rows.order_by().values_list("team__code", "team").distinct())
    codes = [code for code, team in spoken.items() if team not in here]
    return tuple(
        t.NotUnderstood(
            "teams",
            code,
            "the source named this team before, the file does not; what it said stays.",
            "If the team is gone, ask the source, then write its state beside it.",
        )
        for code in sorted(codes)
    )


def import_file(
    data: bytes,
    form: str,
    speaker: Speaker,
    *,
    viewer: Viewer | None = None,
    sample: bool = False,
    encoding: str = "",
    now: dt.datetime | None = None,
) -> Applied:
    """Apply a file as the words of its source. Permission `directory.load`."""
    require(viewer, "directory.load")
    sha256 = hashlib.sha256(data).hexdigest()
    reading = read(data, form, encoding)
    return apply(
        reading.teams,
        speaker,
        viewer=viewer,
        sha256=sha256,
        sample=sample,
        holds=formats.HOLDS.get(form, EVERYTHING),
        now=now,
    )


def apply(
    records: Sequence[t.TeamRecord],
    speaker: Speaker,
    *,
    viewer: Viewer | None = None,
    sha256: str = "",
    sample: bool = False,
    whole: bool = True,
    within: Collection[int] | None = None,
    holds: Collection[str] = EVERYTHING,
    act: str = "",
    now: dt.datetime | None = None,
) -> Applied:
    """Keep what one speaker says of teams: all of the batch that fits, in one transaction.

    The caller has asked for the permission. A record that does not fit is told and left out; with
    `whole` what the speaker said before and does not say now is ended, never removed.
    """
    fit, rejected = _checked(records)
    moment = now or timezone.now()
    try:
        with transaction.atomic():
            ledger.hold()  # two clients with one batch: the second finds it done
            finder = keeping.Finder()
            pairs = []
            taken: set[object] = set()
            for record in fit:
                try:
                    team, new = finder.find(record, moment)
                    _once(team, taken, record)
                except t.DirectoryError as error:
                    rejected.append(_rejected(record, error))
                    continue
                team.sample = team.sample or (new and sample)
                pairs.append((team, new, record))
            found = keeping.changes(pairs, speaker, whole=whole, within=within, holds=holds)
            number = _kept(found, speaker, viewer, sha256, act, moment)
    except DataError as error:  # PostgreSQL: a value that no column takes
        raise t.DirectoryError(
            gettext_noop("A value of the file cannot be kept"),
            "",
            gettext_noop("Look for control characters and very long values."),
        ) from error
    created = sum(change.new for change in found)
    changed = sum(change.any and not change.new for change in found)
    return Applied(
        len(found), created, changed, len(found) - created - changed, tuple(rejected), number
    )


def _kept(
    found: Sequence[keeping.Change],
    speaker: Speaker,
    viewer: Viewer | None,
    sha256: str,
    act: str,
    now: dt.datetime,
) -> int:
    busy = [change for change in found if change.any]
    if not busy:
        return 0
    batch = keeping.Batch(
        speaker,
        now,
        actor_of(viewer) if viewer else ledger.GATEWAY,
        viewer.bodies if viewer else frozenset(),
        viewer.person if viewer else None,
    )
    only = busy[0].team.code if len(busy) == 1 else ""
    batch.act = ledger.record(
        act or ("say_of_team" if only else "apply_teams"),
        f"team/{only}" if only else f"teams/{speaker.key}"[:200],
        actor=batch.actor,
        content={
            "speaker": speaker.key,
            "sha256": sha256,
            "teams": {
                change.team.code: [len(change.begin), len(change.end), change.columns]
                for change in busy
            },
            "said": [
                [change.team.code, table.part, table.columns(said)]
                for change in busy
                for table, said in change.begin
            ],
        },
        now=now,
    )
    keeping.keep(batch, busy)
    return batch.act


def _checked(
    records: Sequence[t.TeamRecord],
) -> tuple[list[t.TeamRecord], list[Rejected]]:
    fit: list[t.TeamRecord] = []
    rejected: list[Rejected] = []
    for record in records:
        try:
            keeping.check(record)
            fit.append(record)
        except t.DirectoryError as error:
            rejected.append(_rejected(record, error))
    return fit, rejected


def _once(team: m.Team, taken: set[object], record: t.TeamRecord) -> None:
    if team.pk in taken:
        raise t.DirectoryError(
            gettext_noop("The file names this team twice"),
            record.code,
            gettext_noop("Make one entry of the two."),
        )
    taken.add(team.pk)


def _rejected(record: t.TeamRecord, error: t.DirectoryError) -> Rejected:
    place = f" ({error.place})" if error.place and error.place != record.code else ""
    return Rejected(record.code or record.name, f"{error.message}{place}", error.remedy)


# --- between the dry run and its application ----------------------------------------------


def put_aside(data: bytes) -> str:
    """Keep an upload until it is applied; returns its SHA-256, by which it is asked for."""
    sha256 = hashlib.sha256(data).hexdigest()
    folder = settings.HOME / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sha256).write_bytes(data)
    return sha256


def take_up(sha256: str) -> bytes:
    """The upload of this SHA-256. Raises DirectoryError when it waits no longer."""
    known = len(sha256) == 64 and set(sha256) <= set("0123456789abcdef")
    path = settings.HOME / "uploads" / sha256
    if not known or not path.is_file():
        raise t.DirectoryError(
            gettext_noop("The file of this dry run is here no longer"),
            "",
            gettext_noop("Upload it again."),
        )
    return bytes(path.read_bytes())


def forget_uploads(now: dt.datetime) -> int:
    """Remove uploads that nobody applied within a day."""
    folder, gone = settings.HOME / "uploads", 0
    for path in folder.glob("*") if folder.is_dir() else ():
        if now.timestamp() - path.stat().st_mtime > UPLOAD_HOURS * 3600:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def importing(name: str, url: str = "", date: str = "") -> Speaker:
    """The speaker of an outside file. Its name is printed beside each value, so it has one."""
    if not name.strip():
        raise t.DirectoryError(
            gettext_noop("Who says this is not stated"), "source", gettext_noop("Name the source.")
        )
    title = name.strip()[:200]
    return Speaker(
        Voice.SOURCE, title, evidence_title=title, evidence_url=url[:1000], evidence_date=date
    )
