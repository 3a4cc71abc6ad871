"""The right of reply: whom an entry concerns answers it, or contests it, in writing.

A reply changes no word of the entry. A contest stands beside the entry's name until whoever
contests takes it back, or the owner publishes a change.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.kit.languages import LANGUAGES, gettext_noop
from comity.kit.sayings import Voice
from comity.kit.tlp import Viewer
from comity.ledger.actions import hold, record
from comity.people.reads import actor_of
from comity.people.rules import may
from comity.registry.actions.indexing import index
from comity.registry.models import Entry, Reply, Statement
from comity.registry.reads.answering import answering_bodies
from comity.registry.types import BadValue, EntryState, RegistryError

LONGEST = 5_000  # characters: two pages


def answer(
    viewer: Viewer,
    entry: Entry,
    text: str,
    *,
    body: UUID | None = None,
    contests: bool = False,
    language: str = "en",
) -> Reply:
    """Reply to an entry the viewer sees, or contest it, for a body that it concerns.

    Raises `PermissionDenied` for a body that it does not concern, `BadValue` for the text.
    """
    bodies = [one for one in answering_bodies(viewer, entry) if body in (None, one.id)]
    if not bodies:
        raise PermissionDenied("registry.sign_off")
    text = _checked(text, language)
    if entry.state == EntryState.WITHDRAWN:
        raise RegistryError(
            gettext_noop("The entry was withdrawn"),
            entry.name,
            gettext_noop("Nothing is to be answered."),
        )
    actor, now, speaker = actor_of(viewer), timezone.now(), bodies[0]
    with transaction.atomic():
        hold()
        content = {"body": str(speaker.id), "text": text, "language": language}
        act = "contest_entry" if contests else "reply_to_entry"
        seq = record(act, f"registry/{entry.name}", actor=actor, content=content, now=now)
        row = Reply.objects.create(
            entry=entry,
            body_id=speaker.id,
            by=speaker.name,
            text=text,
            language=language,
            contests=contests,
            handling_id=entry.handling_id,
            act=seq,
            made=now,
        )
        if contests:
            _set(entry, EntryState.CONTESTED, seq, now)
    return row


def _checked(text: str, language: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BadValue(
            gettext_noop("Nothing stands here"), "text", gettext_noop("Write the reply.")
        )
    if len(text) > LONGEST:
        raise BadValue(
            gettext_noop("This is too long"),
            "text",
            gettext_noop("Say it in 5000 characters and give the address of the rest."),
        )
    if any(not (c.isprintable() or c in "\n\t") for c in text):
        raise BadValue(
            gettext_noop("Signs that cannot be seen stand here"),
            "text",
            gettext_noop("Type the text again."),
        )
    if language not in LANGUAGES:
        raise BadValue(
            gettext_noop("This is none of the six languages"), "language", ", ".join(LANGUAGES)
        )
    return text


def withdraw_reply(viewer: Viewer, row: Reply) -> None:
    """Take a reply back; with the last contest the entry is contested no more."""
    if row.body_id not in viewer.bodies or not may(viewer, "registry.sign_off"):
        raise PermissionDenied("registry.sign_off")
    with transaction.atomic():
        hold()
        _withdraw([row], actor_of(viewer))
        _renew(row.entry)


def take_back_contests(entry: Entry, body: UUID, actor: str) -> None:
    """A body says that what it contested is settled."""
    rows = Reply.objects.filter(
        entry=entry, body=body, contests=True, withdrawn__isnull=True, settled__isnull=True
    )
    _withdraw(list(rows), actor)
    _renew(entry)


def settle_by_change(entry: Entry, actor: str) -> None:
    """The owner has changed the entry: what was contested before is settled; it stays to be read,
    and who still disagrees contests anew. In the caller's transaction."""
    rows = Reply.objects.filter(
        entry=entry, contests=True, withdrawn__isnull=True, settled__isnull=True
    )
    if rows.exists():
        now = timezone.now()
        record("settle_contest", f"registry/{entry.name}", actor=actor, now=now)
        rows.update(settled=now)
    _renew(entry)


def _withdraw(rows: list[Reply], actor: str) -> None:
    now = timezone.now()
    for row in rows:
        if row.withdrawn is None:
            record("withdraw_reply", f"registry/reply/{row.id}", actor=actor, now=now)
            row.withdrawn = now
            row.save(update_fields=["withdrawn"])


def _renew(entry: Entry) -> None:
    """Contested while a contest stands, else published; a withdrawn entry stays withdrawn."""
    open_ = Reply.objects.filter(
        entry=entry, contests=True, withdrawn__isnull=True, settled__isnull=True
    )
    wanted = EntryState.CONTESTED if open_.exists() else EntryState.PUBLISHED
    held = Entry.objects.values_list("state", flat=True).get(pk=entry.pk)
    if held not in (wanted, EntryState.WITHDRAWN):
        now = timezone.now()
        seq = record("settle_entry", f"registry/{entry.name}", content={"state": wanted}, now=now)
        _set(entry, wanted, seq, now)


def _set(entry: Entry, state: EntryState, seq: int, now: dt.datetime) -> None:
    entry.state, entry.act, entry.changed = state, seq, now
    entry.save(update_fields=["state", "act", "changed"])
    index([entry], today=now.astimezone(dt.UTC).date())


def confirm_entry(viewer: Viewer, entry: Entry) -> int:
    """The owner says that all its own words still hold: they bear today's date and its name.

    Returns how many statements. Raises `PermissionDenied` for who does not sign for the owner.
    """
    if entry.owner_id not in viewer.bodies or not may(viewer, "registry.sign_off"):
        raise PermissionDenied("registry.sign_off")
    now = timezone.now()
    today = now.astimezone(dt.UTC).date()
    with transaction.atomic():
        hold()
        record("confirm_entry", f"registry/{entry.name}", actor=actor_of(viewer), now=now)
        own = Statement.objects.filter(
            entry=entry, ended__isnull=True, source__voice=Voice.OWN, source__body=entry.owner_id
        )
        return own.update(
            verified_on=today, verified_by=(entry.owner.name if entry.owner else "")[:200]
        )
