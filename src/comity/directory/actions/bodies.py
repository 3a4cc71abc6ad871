"""What a body is like, said by its own people or by the secretariat beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.directory import models as m
from comity.directory import reads
from comity.directory import types as t
from comity.directory.actions.editing import ChangedMeanwhile
from comity.directory.models.said import saying_columns
from comity.directory.rules.contacts import canonical_url
from comity.directory.rules.speakers import Speaker
from comity.kit.errors import shown
from comity.kit.languages import LANGUAGES, gettext_noop
from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.ledger import actions as ledger
from comity.people.actions import clear
from comity.people.reads import actor_of
from comity.people.rules import may
from comity.people.types import Role

MOST = 60  # areas, or fields of expertise
LONGEST = 200  # characters of one
NAME = 300


def voice_for(viewer: Viewer, body: UUID) -> Voice | None:
    """Whose words the viewer's would be: the body's own, the secretariat's, or nobody's."""
    if not may(viewer, "directory.edit"):
        return None
    if body in viewer.bodies:
        return Voice.OWN
    return Voice.SECRETARIAT if Role.SECRETARIAT in viewer.roles else None


def face_of(row: reads.BodyRow, voice: Voice) -> m.BodyFace | None:
    """What one of the two has said of the body and stands."""
    return next((face for face in row.faces if face.speaker == voice.value), None)


def describe_body(
    viewer: Viewer,
    body: UUID,
    *,
    kind: str = "",
    names: Mapping[str, str] | None = None,
    mandate_areas: Sequence[str] = (),
    expertise: Sequence[str] = (),
    website: str = "",
    seen: str | None = None,
    now: dt.datetime | None = None,
) -> m.BodyFace | None:
    """What the same speaker said before is ended; nothing at all takes it back, and gives None.

    `seen`: the number of the description that the form began with, "" for none; one that is out of
    date is refused. Raises NotHeld, PermissionDenied, DirectoryError.
    """
    held = reads.body(viewer, body)
    voice = voice_for(viewer, body)
    if voice is None:
        raise PermissionDenied("directory.edit")
    wanted = _checked(kind, names or {}, mandate_areas, expertise, website)
    own = voice is Voice.OWN
    speaker = Speaker(voice, held.name if own else "", body if own else None)
    moment = now or timezone.now()
    with transaction.atomic():
        ledger.hold()
        standing = m.BodyFace.objects.filter(body=body, speaker=speaker.key, ended=None).first()
        if seen is not None and seen != (str(standing.pk) if standing else ""):
            raise ChangedMeanwhile(
                gettext_noop("Somebody changed this description since the form was opened"),
                "",
                gettext_noop("Load the form again and repeat your change."),
            )
        if standing and all(getattr(standing, name) == value for name, value in wanted.items()):
            return standing
        if not standing and not any(wanted.values()):
            return None
        if standing:
            m.BodyFace.objects.filter(pk=standing.pk).update(ended=moment)
        number = ledger.record(
            "describe_body",
            f"body/{body}",
            actor=actor_of(viewer),
            content=wanted,
            now=moment,
        )
        if not any(wanted.values()):
            return None
        return m.BodyFace.objects.create(
            body_id=body,
            speaker=speaker.key,
            handling_id=clear(),
            began=moment,
            act=number,
            **saying_columns(speaker.saying(Saying())),
            **wanted,
        )


def _checked(
    kind: str,
    names: Mapping[str, str],
    mandate_areas: Sequence[str],
    expertise: Sequence[str],
    website: str,
) -> dict[str, Any]:
    if kind and kind not in t.BODY_KINDS:
        raise _fault(gettext_noop("This is no kind of body"), "kind", ", ".join(t.BODY_KINDS))
    for language, name in names.items():
        if language not in LANGUAGES:
            remedy = gettext_noop("Give names in the six languages of this gateway only.")
            raise _fault(gettext_noop("A name in another language"), "names", remedy)
        if len(name) > NAME or "\x00" in name:
            raise _long("names", name)
    lists = {"mandate_areas": mandate_areas, "expertise": expertise}
    made: dict[str, Any] = {}
    for place, given in lists.items():
        kept = list(dict.fromkeys(" ".join(word.split()) for word in given if word.strip()))
        if len(kept) > MOST:
            remedy = gettext_noop("Name 60 at most: a longer list tells nobody anything.")
            raise _fault(gettext_noop("These are too many"), place, remedy)
        for word in kept:
            if len(word) > LONGEST or "\x00" in word:
                raise _long(place, word)
        made[place] = kept
    named = {language: " ".join(name.split()) for language, name in names.items()}
    return {
        "kind": kind,
        "names": {language: name for language, name in sorted(named.items()) if name},
        **made,
        "website": canonical_url(website) if website.strip() else "",
    }


def _fault(message: str, place: str, remedy: str) -> t.DirectoryError:
    return t.DirectoryError(message, place, remedy)


def _long(place: str, value: str) -> t.DirectoryError:
    return t.DirectoryError(
        gettext_noop("{text} is too long or cannot be kept"),
        place,
        gettext_noop("Shorten it."),
        text=shown(value),
    )
