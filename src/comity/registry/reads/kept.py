"""The searches that a person keeps: theirs alone."""

from __future__ import annotations

from comity.kit.tlp import Viewer
from comity.registry.models import SavedSearch


def kept_searches(viewer: Viewer) -> list[SavedSearch]:
    """By name; nobody's for who is not signed in."""
    if viewer.person is None:
        return []
    return list(SavedSearch.objects.filter(person=viewer.person).order_by("name"))
