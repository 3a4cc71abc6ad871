"""What the room shows on the home page of the house: where a visitor may begin."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.events.reads import handed
from comity.kit.tlp import Viewer
from comity.people.rules import may


def figures(viewer: Viewer) -> list[tuple[int, str | Promise, str | Promise, str]]:
    """(number, what it counts, words of the link to what was counted, its address)."""
    if not may(viewer, "events.watch"):
        return []
    stored = handed.stored(viewer)
    if not stored:
        return []
    return [(stored, _("events stored"), _("file by file"), reverse("events:files"))]


def doors(viewer: Viewer) -> list[tuple[str | Promise, str]]:
    """(words, address): the questions people come with."""
    return [(_("See what is new since yesterday"), reverse("events:duty"))]
