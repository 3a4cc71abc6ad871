"""Acts of the room: load a text, settle a guess, say how a duty stands. One transaction each."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DataError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.mandate import models as m
from comity.mandate.formats.any import parse
from comity.mandate.models import keeping
from comity.mandate.rules import labels, saying
from comity.mandate.rules.analysis import Analysis, analyse
from comity.mandate.rules.identifiers import Key
from comity.mandate.rules.proposers import read_proposers
from comity.mandate.types import ITU, ChangeKind, DutyStatus, Fate, MandateError, Target, Text
from comity.people.reads import actor_of
from comity.people.rules import may

DATA = Path(__file__).parent / "data"
NAME = 160  # characters of a file's name that are kept: its end tells more than its start


class DecidedMeanwhile(MandateError):
    """Another decision stands than the one that this one was to replace."""

    def __init__(self, held: m.Settlement) -> None:
        super().__init__(
            gettext_noop("Somebody decided this in the meantime."),
            remedy=gettext_noop("Look at that decision, then decide again."),
        )
        self.held = held


def _require(viewer: Viewer, permission: str) -> None:
    if not may(viewer, permission):
        raise PermissionDenied(permission)


def load(
    data: bytes,
    key: str,
    *,
    name: str,
    label: str | None = None,
    attribution: str = "",
    even_if_other_number: bool = False,
    viewer: Viewer | None = None,
    now: dt.datetime | None = None,
) -> m.Version:
    """Parse a source, give its pieces ids, compare it with the versions held, keep all of it.

    `viewer` None is the gateway itself, at setup or from the command line. Loading the same bytes
    again changes nothing and leaves no line; other bytes under the same label replace that
    version, and what persons decided stays. A text whose title has another number than the key is
    refused, unless `even_if_other_number`. Raises MandateError, with nothing half-loaded.
    """
    if viewer is not None:
        _require(viewer, "mandate.load")
    asked = Key.parse(key)
    name = name.encode("utf-8", "replace").decode()[-NAME:]  # file names are any bytes
    table = read_proposers((DATA / "proposers.csv").read_text(encoding="utf-8"))
    text = parse(
        data,
        name=name,
        proposers={p.symbol: p.name for p in table.values()},
        attribution=attribution,
    )
    if not even_if_other_number and labels.is_numbered_otherwise(text.title, asked.number):
        raise MandateError(
            f"The title, {text.title[:80]!r}, has another number than {key}.",
            remedy="Name the instrument that the title names, or load it all the same: "
            "--even-if-other-number (API: even_if_other_number=true).",
        )
    label = label or labels.label_of(text)
    if not label or not labels.is_label(label):
        raise MandateError(
            "The text does not say which version it is.",
            remedy="Name it: --version 2014, or --version 2014-10-28 for a draft.",
        )
    try:
        with transaction.atomic():
            return _keep(text, key, label, viewer, now or timezone.now())
    except DataError as error:  # PostgreSQL: a value longer than its column
        raise MandateError(
            "A number, a name or a citation of the text is longer than any instrument has.",
            remedy="Put headings and numbers on lines of their own, apart from text.",
        ) from error


def _keep(text: Text, key: str, label: str, viewer: Viewer | None, now: dt.datetime) -> m.Version:
    instrument = keeping.instrument(key, title=text.subtitle or text.title)
    m.Instrument.objects.select_for_update().get(pk=instrument.pk)  # one load of it at a time
    held = instrument.versions.filter(label=label, language=text.language).first()
    sha256 = text.source.sha256 if text.source else ""
    if held and held.source_sha256 == sha256 and held.parser == keeping.PARSER:
        return held
    if held:
        held.delete()
    date = labels.date_of(text) or keeping.known_date(instrument, text.status, label)
    version = keeping.keep_version(instrument, label, date, text, now)
    _compare_all(instrument)
    ledger.record(
        "load_version",
        f"{key}/{label}/{text.language}",
        actor=actor_of(viewer) if viewer else ledger.GATEWAY,
        content={"sha256": sha256, "provisions": len(text.provisions)},
        now=now,
    )
    return version


def _compare_all(instrument: m.Instrument) -> None:
    """Ids, changes, fates, citations and duties of every version held, in order of date.

    An instrument has a handful of versions of a hundred units: making all of it anew takes
    less than a second and leaves no order of loading that gives another result.
    """
    keeping.forget_changes(instrument)
    rows = keeping.in_order(instrument.versions.all())
    for language in dict.fromkeys(version.language for version in rows):
        _compare_each([v for v in rows if v.language == language], instrument)


def _compare_each(rows: Sequence[m.Version], instrument: m.Instrument) -> None:
    """The versions of one language, oldest first: words are compared with words of their own."""
    earlier: Analysis | None = None
    before: m.Version | None = None
    taken: set[str] = set()
    conference = keeping.conference_of(instrument)
    for version in rows:
        text = keeping.text_of(version)
        found = analyse(
            text, label=version.label, conference=conference, earlier=earlier, taken=taken
        )
        keeping.keep_ids(version, found.text, found.passages)
        keeping.keep_sayings(version, found.citations, found.duties, found.meant)
        if before:
            keeping.keep_changes(before, version, found.changes, found.proposals)
        earlier, before = found, version
        taken |= set(found.wids)


def remove_version(
    version: m.Version, *, viewer: Viewer | None = None, now: dt.datetime | None = None
) -> None:
    """Take a text out again, wrongly loaded or not wanted: its pieces go, decisions stay.

    The versions left are compared anew. One line in the ledger; `viewer` as for `load`.
    """
    if viewer is not None:
        _require(viewer, "mandate.load")
    with transaction.atomic():
        instrument = m.Instrument.objects.get(pk=version.instrument_id)  # nothing prefetched
        ledger.record(
            "remove_version",
            f"{instrument.key}/{version.label}/{version.language}",
            actor=actor_of(viewer) if viewer else ledger.GATEWAY,
            content={"sha256": version.source_sha256},
            now=now or timezone.now(),
        )
        version.delete()
        _compare_all(instrument)
        keeping.forget_unnamed()


def load_documents() -> str:
    """What `comity setup` loads: the revisions known and the documents that ship."""
    held = load_shipped()
    return ", ".join(f"{v.instrument.key} {v.label}" for v in held)


def load_shipped(now: dt.datetime | None = None) -> list[m.Version]:
    """The revisions we know of and the two documents that come with the product. Idempotent."""
    with (DATA / "revisions.csv").open(encoding="utf-8", newline="") as rows:
        known = list(csv.DictReader(rows))
    with transaction.atomic():
        for row in known:
            keeping.keep_revision(row)
    return [
        load(
            (DATA / row["key"] / row["file"]).read_bytes(),
            row["key"],
            name=row["file"],
            attribution=ITU,
            now=now,
        )
        for row in known
        if row["file"]
    ]


def settle_fate(
    viewer: Viewer,
    draft: m.Version,
    adopted: m.Version,
    passage: m.Passage,
    fate: Fate,
    targets: Sequence[Target],
    reason: str,
    *,
    replaces: int = 0,
    now: dt.datetime | None = None,
) -> m.Settlement:
    """A person says what became of a proposal. The machine's guess stays beside it.

    `replaces` is the act of the decision that the person saw, 0 where none stood: another that
    was made since is not overridden unseen (DecidedMeanwhile). The same said twice is once.
    """
    if (fate is Fate.DROPPED) == bool(targets):
        raise MandateError(
            gettext_noop("What was not adopted has no target, and every other fate has one."),
            remedy=gettext_noop("Choose the paragraphs where the words went, or that fate."),
        )
    said = (fate, targets, reason, replaces)
    return _settle(viewer, draft, adopted, "fate", passage.eid, *said, now)


def settle_change(
    viewer: Viewer,
    old: m.Version,
    new: m.Version,
    subject: str,
    kind: ChangeKind,
    sources: Sequence[Target],
    reason: str,
    *,
    replaces: int = 0,
    now: dt.datetime | None = None,
) -> m.Settlement:
    """A person says where a provision came from, or where one that is gone went.

    `subject` as `reads.ChangeRow` has it, see `models.Settlement`; `sources` is the other end.
    `replaces` as in `settle_fate`.
    """
    if (kind in (ChangeKind.NEW, ChangeKind.GONE)) == bool(sources):
        raise MandateError(
            gettext_noop("What is new or gone has no other end, and every other change has one."),
            remedy=gettext_noop("Choose the paragraphs at the other end, or new, or gone."),
        )
    return _settle(viewer, old, new, "change", subject, kind, sources, reason, replaces, now)


def _settle(
    viewer: Viewer,
    old: m.Version,
    new: m.Version,
    about: str,
    subject: str,
    decided: str,
    targets: Sequence[Target],
    reason: str,
    replaces: int,
    now: dt.datetime | None,
) -> m.Settlement:
    _require(viewer, "mandate.settle")
    reason = saying.words(
        reason,
        saying.REASON,
        gettext_noop("A decision needs its reason."),
        gettext_noop("Say in a sentence why."),
    )
    went = about == "fate" or subject.endswith(labels.gone("", old.label))
    other = new if went else old
    places = set(keeping.places(other))
    targets = saying.once(targets)
    for target in targets:
        if (target.section, target.path) not in places:
            raise MandateError(
                f"{other.label} has no provision {target.section} {target.path}.",
                remedy="Choose a provision from the list.",
            )
    rows = [asdict(target) for target in targets]
    actor, now = actor_of(viewer), now or timezone.now()
    said = {"decided": str(decided), "targets": rows, "reason": reason}
    key = {"instrument": old.instrument, "old_label": old.label, "new_label": new.label}
    key |= {"about": about, "subject": subject}
    with transaction.atomic():
        ledger.hold()
        held = m.Settlement.objects.filter(**key).order_by("moment", "pk").last()
        if held and held.actor == actor and said == {n: getattr(held, n) for n in said}:
            return held
        if held and held.act != replaces:
            raise DecidedMeanwhile(held)
        name = f"{old.instrument.key}/{subject}"
        act = ledger.record(f"settle_{about}", name, actor=actor, content=said, now=now)
        return m.Settlement.objects.create(**key, **said, actor=actor, moment=now, act=act)


def say_state(
    viewer: Viewer | None,
    duty: m.Duty,
    status: DutyStatus,
    evidence: Sequence[str],
    *,
    now: dt.datetime | None = None,
) -> m.DutyState:
    """Say how a duty stands, on what evidence (addresses, or ids of records in other rooms).

    `viewer` None is the gateway itself: an act of another room that fulfils the duty.
    """
    if viewer is not None:
        _require(viewer, "mandate.annotate")
    shown = saying.evidence(evidence)
    silent = (DutyStatus.NO_INDICATION, DutyStatus.NOT_APPLICABLE)
    if status not in silent and not shown:
        raise MandateError(
            gettext_noop("This state needs evidence."),
            remedy=gettext_noop("Name a record or an address that shows it."),
        )
    said = {"status": str(status), "evidence": shown}
    with transaction.atomic():
        rest = _recorded("say_duty_state", viewer, duty, said, now)
        return m.DutyState.objects.create(**said, **rest)


def enter_deadline(
    viewer: Viewer, duty: m.Duty, due: dt.date, source: str, *, now: dt.datetime | None = None
) -> m.Deadline:
    """Enter the day a duty is due, with the document that says so. Twice is once."""
    _require(viewer, "mandate.annotate")
    source = saying.words(
        source,
        saying.LINE,
        gettext_noop("A deadline needs its source."),
        gettext_noop("Name the document that sets the day."),
    )
    now = now or timezone.now()
    saying.due_day(due, duty.provision.version.date, now.date())
    with transaction.atomic():
        ledger.hold()
        for held in _deadlines(duty).filter(due=due, source=source):
            return held
        content = {"due": due.isoformat(), "source": source}
        rest = _recorded("enter_deadline", viewer, duty, content, now)
        return m.Deadline.objects.create(due=due, source=source, **rest)


def withdraw_deadline(
    viewer: Viewer, duty: m.Duty, act: int, *, now: dt.datetime | None = None
) -> m.Deadline:
    """Take a deadline back that was entered wrongly, by the act that entered it.

    The row stays, with the moment and the act that withdrew it; no page shows it any more.
    """
    _require(viewer, "mandate.annotate")
    now = now or timezone.now()
    with transaction.atomic():
        ledger.hold()
        held = _deadlines(duty).filter(act=act).first()
        if held is None:
            raise MandateError(
                gettext_noop("This duty has no such deadline."),
                remedy=gettext_noop("Load the page again: it may have been withdrawn already."),
            )
        content = {"withdrawn": act, "due": held.due.isoformat(), "source": held.source}
        held.withdrawn = now
        held.withdrawn_act = _recorded("withdraw_deadline", viewer, duty, content, now)["act"]
        held.save(update_fields=["withdrawn", "withdrawn_act"])
        return held


def _deadlines(duty: m.Duty) -> QuerySet[m.Deadline]:
    """The deadlines of a duty that hold."""
    provision = duty.provision
    return m.Deadline.objects.filter(
        instrument=provision.version.instrument, wid=provision.wid, withdrawn=None
    )


def _recorded(
    act: str, viewer: Viewer | None, duty: m.Duty, content: object, now: dt.datetime | None
) -> dict[str, Any]:
    """Write the line of an act on a duty; returns what the row it goes with keeps of it."""
    provision, now = duty.provision, now or timezone.now()
    actor = actor_of(viewer) if viewer else ledger.GATEWAY
    name = f"{provision.version.instrument.key}/{provision.wid}"
    seq = ledger.record(act, name, actor=actor, content=content, now=now)
    about = {"instrument": provision.version.instrument, "wid": provision.wid}
    return {**about, "actor": actor, "moment": now, "act": seq}
