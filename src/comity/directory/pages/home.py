"""What the room shows on the home page of the house: its counts, and where to begin."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.directory import reads
from comity.kit.tlp import Viewer


def figures(viewer: Viewer) -> list[tuple[int, str | Promise, str | Promise, str]]:
    """(number, what it counts, words of the link to what was counted, its address)."""
    teams, served = reads.counts(viewer)
    if not teams:
        return []
    return [
        (teams, _("teams"), _("each with its sources"), reverse("directory:teams")),
        (
            served,
            _("countries with a national team"),
            _("and those without"),
            reverse("directory:countries"),
        ),
    ]


def doors(viewer: Viewer) -> list[tuple[str | Promise, str]]:
    """(words, address): the questions people come with."""
    return [
        (_("Find whom to call about an address"), reverse("directory:responsible")),
        (_("See every team, and when it last answered"), reverse("directory:teams")),
    ]
