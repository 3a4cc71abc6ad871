"""A team's own words, and the secretariat's beside them: the record, its keys, whose body it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.directory import models as m
from comity.directory import reads
from comity.directory import types as t
from comity.directory.actions.batches import Applied, apply, require
from comity.directory.rules import keys
from comity.directory.rules.speakers import Speaker
from comity.kit import tlp
from comity.kit.languages import gettext_noop
from comity.kit.sayings import Voice
from comity.kit.tlp import Label, Viewer
from comity.ledger import actions as ledger
from comity.people.actions import find_body, intern
from comity.people.reads import actor_of, handling, visible_handlings
from comity.people.rules import may
from comity.people.types import Role

REASON = 500  # characters


class ChangedMeanwhile(t.DirectoryError):
    """Somebody else kept another version since the form was opened."""


def voice_of(viewer: Viewer, team: m.Team) -> Voice | None:
    """Whose words the viewer's edits are: the team's own, the secretariat's, or nobody's."""
    if not may(viewer, "directory.edit"):
        return None
    if team.body_id is not None and team.body_id in viewer.bodies:
        return Voice.OWN
    return Voice.SECRETARIAT if Role.SECRETARIAT in viewer.roles else None


def _speaker(viewer: Viewer, team: m.Team) -> Speaker:
    voice = voice_of(viewer, team)
    if voice is None:
        raise PermissionDenied("directory.edit")
    if voice is Voice.OWN:
        return Speaker(voice, team.name, team.body_id)
    return Speaker(voice, "", next(iter(sorted(viewer.bodies)), None))


def seen_of(team: m.Team) -> str:
    """What a form carries to notice that somebody else changed the team meanwhile."""
    return team.changed.isoformat()


def edit(
    viewer: Viewer,
    team: m.Team,
    record: t.TeamRecord,
    *,
    seen: str = "",
    now: dt.datetime | None = None,
) -> Applied:
    """Keep a record as the words of the team (by its own people) or of the secretariat.

    Values, contacts and constituency as the record has them; keys have acts of their own. What the
    writer could not see stays. `seen` from `seen_of`: a form that is out of date is refused.
    """
    speaker = _speaker(viewer, team)
    if speaker.voice is not Voice.OWN:
        _no_red(record)
    visible = visible_handlings(viewer)
    with transaction.atomic():
        ledger.hold()
        held = m.Team.objects.select_for_update().get(pk=team.pk)
        if seen and seen != seen_of(held):
            raise ChangedMeanwhile(
                gettext_noop("Somebody changed this record since the form was opened"),
                team.code,
                gettext_noop("Load the form again and repeat your change."),
            )
        own_keys = reads.own_keys(held, speaker.key, visible)
        whole = replace(record, code=held.code, same_as={}, keys=own_keys)
        done = apply([whole], speaker, viewer=viewer, within=visible, act="edit_team", now=now)
        if done.rejected:
            first = done.rejected[0]
            raise t.DirectoryError(first.message, first.team, first.remedy)
        return done


def _no_red(record: t.TeamRecord) -> None:
    """RED is between persons: the secretariat cannot be the one that decides who they are."""
    pieces = (*record.values, *record.contacts, *record.holdings)
    if any(piece.label is Label.RED for piece in pieces):
        raise t.DirectoryError(
            gettext_noop("TLP:RED is for the team's own people to give"),
            "",
            gettext_noop("Choose another marking: nobody but the team names persons."),
        )


def reviewed(viewer: Viewer, team: m.Team, *, now: dt.datetime | None = None) -> dt.date:
    """Somebody of the team found all of it right; returns the next day it is due."""
    if voice_of(viewer, team) is not Voice.OWN:
        raise PermissionDenied("directory.edit")
    moment = now or timezone.now()
    due = moment.date() + reads.REVIEW_EVERY
    with transaction.atomic():
        m.Team.objects.filter(pk=team.pk).update(
            reviewed_on=moment.date(), review_due=due, reminded_on=None
        )
        ledger.record("review_team", f"team/{team.code}", actor=actor_of(viewer), now=moment)
    return due


# --- keys ---------------------------------------------------------------------------------


def add_key(
    viewer: Viewer,
    team: m.Team,
    kind: t.KeyKind,
    text: str,
    *,
    purpose: str = "",
    label: Label = Label.CLEAR,
    now: dt.datetime | None = None,
) -> m.TeamKey:
    """Parse a key or certificate and keep it; beside a standing one it waits to be confirmed."""
    speaker = _speaker(viewer, team)
    parse = keys.parse_openpgp if kind is t.KeyKind.OPENPGP else keys.parse_certificate
    parsed = parse(text)
    moment = now or timezone.now()
    with transaction.atomic():
        ledger.hold()
        mine = m.TeamKey.objects.filter(
            team=team, speaker=speaker.key, fingerprint=parsed.fingerprint, ended=None
        ).select_related("handling")
        for row in mine:  # a revocation once seen stays seen
            parsed = keys.merge_keys(reads.key_of(row), parsed)
        before = [row.pk for row in mine]
        kept = replace(parsed, purpose=purpose.strip(), label=label)
        record = t.TeamRecord(team.code, team.name, team.country, keys=(kept,))
        done = apply([record], speaker, viewer=viewer, whole=False, act="add_key", now=moment)
        if done.rejected:
            raise t.DirectoryError(done.rejected[0].message, "text", done.rejected[0].remedy)
        newest = mine.order_by("-pk")[0]
        m.TeamKey.objects.filter(pk__in=before).exclude(pk=newest.pk).update(ended=moment)
    return newest


def confirm_key(
    viewer: Viewer, key: m.TeamKey, *, reason: str = "", now: dt.datetime | None = None
) -> None:
    """A second person of the team, or the secretariat with a reason, lets a key take its place.

    Never the person who added it: one stolen session must not be enough to be believed.
    """
    actor = actor_of(viewer)
    ours = key.team.body_id is not None and key.team.body_id in viewer.bodies
    by_team = ours and may(viewer, "directory.confirm")
    by_house = Role.SECRETARIAT in viewer.roles and may(viewer, "directory.edit")
    if not (by_team or by_house):
        raise PermissionDenied("directory.confirm")
    if actor == key.added_by:
        raise t.DirectoryError(
            gettext_noop("Who adds a key does not confirm it"),
            "",
            gettext_noop("Ask a second person of the team, or the secretariat."),
        )
    if not by_team and not reason.strip():
        raise t.DirectoryError(
            gettext_noop("The secretariat confirms with a reason"),
            "reason",
            gettext_noop("Say how you made sure, for example by calling back."),
        )
    moment = now or timezone.now()
    with transaction.atomic():
        # One of two who confirm at once does it.
        taken = m.TeamKey.objects.filter(pk=key.pk, waits=True, ended=None).update(
            waits=False, confirmed=moment, confirmed_by=actor, reason=reason.strip()[:REASON]
        )
        if not taken:
            raise _settled_already()
        old = m.TeamKey.objects.filter(
            team=key.team, kind=key.kind, purpose=key.purpose, waits=False, ended=None
        ).exclude(fingerprint=key.fingerprint)
        old.update(ended=moment, replaced=True)
        _record_key("confirm_key", key, actor, moment, reason)


def refuse_key(viewer: Viewer, key: m.TeamKey, *, now: dt.datetime | None = None) -> None:
    """A key that waits is taken back or refused; the standing one stands."""
    if voice_of(viewer, key.team) is None:
        raise PermissionDenied("directory.edit")
    moment = now or timezone.now()
    with transaction.atomic():
        gone = m.TeamKey.objects.filter(pk=key.pk, waits=True, ended=None).update(ended=moment)
        if not gone:
            raise _settled_already()
        _record_key("refuse_key", key, actor_of(viewer), moment, "")


def revoke_key(
    viewer: Viewer, key: m.TeamKey, reason: str, *, now: dt.datetime | None = None
) -> m.TeamKey:
    """Say that a key is no longer to be used: the old row ends, one that says so begins."""
    if voice_of(viewer, key.team) is None:
        raise PermissionDenied("directory.edit")
    if not reason.strip():
        raise t.DirectoryError(
            gettext_noop("A key is revoked with a reason"),
            "reason",
            gettext_noop("Say what happened: lost, stolen, replaced, no longer used."),
        )
    moment, actor = now or timezone.now(), actor_of(viewer)
    with transaction.atomic():
        gone = m.TeamKey.objects.filter(pk=key.pk, revoked=None, ended=None).update(ended=moment)
        if not gone:
            raise _settled_already()
        number = _record_key("revoke_key", key, actor, moment, reason)
        made = m.TeamKey.objects.get(pk=key.pk)
        made.pk, made.ended, made.waits = None, None, False
        made._state.adding = True
        made.revoked, made.began, made.act = moment.date(), moment, number
        made.reason = reason.strip()[:REASON]
        made.save()
    return made


def _settled_already() -> t.DirectoryError:
    return t.DirectoryError(
        gettext_noop("This was settled already"), "", gettext_noop("Load the page again.")
    )


def _record_key(act: str, key: m.TeamKey, actor: str, now: dt.datetime, reason: str) -> int:
    content = {"fingerprint": key.fingerprint, "kind": key.kind, "reason": reason}
    return ledger.record(act, f"team/{key.team.code}", actor=actor, content=content, now=now)


# --- whose team it is ---------------------------------------------------------------------


def link_body(
    team: m.Team, body: str, *, viewer: Viewer | None = None, now: dt.datetime | None = None
) -> None:
    """Say that a body of this house is the team's own: its people write the team's words from now
    on, and see what is marked for the team."""
    require(viewer, "directory.load")
    found = find_body(body)
    if m.Team.objects.filter(body=found).exclude(pk=team.pk).exists():
        raise t.DirectoryError(
            gettext_noop("This body has a team already"),
            found.name,
            gettext_noop("A body has one team. Make a body for the other."),
        )
    with transaction.atomic():
        m.Team.objects.filter(pk=team.pk).update(body=found)
        team.body = found
        for model in (m.Value, m.Contact, m.TeamKey, m.Holding):
            _mark_anew(model.objects.filter(team=team), found.pk)
        ledger.record(
            "link_body",
            f"team/{team.code}",
            actor=actor_of(viewer) if viewer else ledger.GATEWAY,
            content={"body": str(found.pk)},
            now=now or timezone.now(),
        )


def _mark_anew(rows: object, body: object) -> None:
    """The same labels, with the team's own body as owner and among those who are named."""
    numbers: Sequence[int] = rows.values_list("handling", flat=True).distinct()  # type: ignore[attr-defined]
    for number in list(numbers):
        held = handling(number)
        if held.label is Label.CLEAR:
            continue
        markings = tuple(
            replace(marking, bodies=marking.bodies | {body})  # type: ignore[operator]
            if marking.label in (Label.AMBER, Label.AMBER_STRICT)
            else marking
            for marking in held.markings
        )
        new = intern(tlp.Handling(markings, body))  # type: ignore[arg-type]
        rows.filter(handling=number).update(handling=new)  # type: ignore[attr-defined]
