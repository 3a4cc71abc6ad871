"""What of an entry follows from whose it is: its name, its label."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from uuid import UUID

from comity.kit.languages import gettext_noop
from comity.kit.tlp import Label
from comity.registry.types import BadValue, Kind, Record

LONGEST_KEY = 80
MARK = 6  # hexadecimal digits of the body's mark: one in 16 million names meets another's


def own_key(key: str, body: UUID) -> str:
    """The name an entry of this body gets for the key that the body gave: the same each time, and
    never the name of what others hold, so that no answer tells whether a name is taken."""
    if not key:
        return ""
    mark = "-" + hashlib.blake2b(body.bytes, digest_size=8).hexdigest()[:MARK]
    return key if key.endswith(mark) else key[: LONGEST_KEY - len(mark)] + mark


def says_publish(kind: Kind, record: Record) -> bool:
    """Whether the field without whose yes nothing is published says yes."""
    return any(given.field == kind.publish_field and given.value is True for given in record.values)


def chosen_label(
    kind: Kind, record: Record, chosen: Label | None, held: Label | None
) -> Label | None:
    """The label that was meant: as chosen; else a change leaves the entry under the label `held`
    that it has, unless the field that allows publication now says yes."""
    if chosen or held is None or _common(given.label for given in record.values):
        return chosen
    if kind.publish_field and held == Label(kind.default_label):
        return None
    return held


def label_of(kind: Kind, record: Record, chosen: Label | None = None) -> Label:
    """The label of the entry: as chosen, as the whole row says, or as the kind has it.

    Raises `BadValue` for one that lets out more than the kind, or its publish field, allows.
    """
    least = Label(kind.default_label)
    if kind.publish_field and says_publish(kind, record):
        least = Label.CLEAR
    wanted = chosen or _common(given.label for given in record.values) or least
    if wanted is Label.RED:
        raise BadValue(
            gettext_noop("An entry is never TLP:RED: RED is for persons it names"),
            "tlp",
            gettext_noop("Send it to the persons, or mark it AMBER+STRICT."),
        )
    if wanted < least:
        raise BadValue(
            gettext_noop("This would let out more than entries of this kind may"),
            "tlp",
            gettext_noop("Choose the kind's own label or a stricter one."),
        )
    return wanted


def strictest_of(record: Record, label: Label) -> Label:
    """The strictest label in it: what the submission as a whole is kept under."""
    return max([label, *(given.label for given in record.values if given.label)])


def _common(labels: Iterable[Label | None]) -> Label | None:
    """The one label that all values bear; None where some bear none, or another."""
    found = set(labels)
    return found.pop() if len(found) == 1 else None
