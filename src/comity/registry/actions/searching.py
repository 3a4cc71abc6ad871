"""Searches that a person keeps, so as to be told what is new in them."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger.actions import hold, record
from comity.people.reads import actor_of
from comity.registry.models import SavedSearch
from comity.registry.reads.entries import NotHeld
from comity.registry.types import BadValue

LONGEST_NAME, LONGEST_QUERY, MOST = 120, 1000, 100
_PAGES = frozenset({"after", "before", "sort", "theme", "name", "csrfmiddlewaretoken"})


def clean_query(query: str) -> str:
    """The query string of a search page without what only turns its pages."""
    pairs = parse_qsl(query.removeprefix("?"), max_num_fields=60)
    return urlencode([(key, value) for key, value in pairs if key not in _PAGES])


def save_search(viewer: Viewer, name: str, query: str) -> SavedSearch:
    """Keep a search under a name; the same name again takes the new question."""
    person = _person(viewer)
    name = " ".join(name.split())
    try:
        kept = clean_query(query)
    except ValueError:
        kept = ""
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadValue(
            gettext_noop("The search needs a name"), "name", gettext_noop("Use 1 to 120 letters.")
        )
    # A NUL is written "%00" here. PostgreSQL takes none, so that each later visit would fail.
    if not kept or len(kept) > LONGEST_QUERY or "%00" in kept:
        raise BadValue(
            gettext_noop("There is no question to keep"),
            "query",
            gettext_noop("Search for something first, then keep it."),
        )
    with transaction.atomic():
        hold()
        rows = SavedSearch.objects.filter(person=person)
        if rows.count() >= MOST and not rows.filter(name=name).exists():
            raise BadValue(
                gettext_noop("You keep as many searches as can be kept"),
                "name",
                gettext_noop("Delete one that you need no more."),
            )
        now = timezone.now()
        found, _made = SavedSearch.objects.update_or_create(
            person=person, name=name, defaults={"query": kept, "made": now, "seen": now}
        )
        # What somebody looks for is theirs: the ledger gets a keyed digest of it and no name.
        record(
            "save_search",
            f"registry/search/{found.id}",
            actor=actor_of(viewer),
            content={"query": kept},
        )
    return found


def see_search(viewer: Viewer, id_: UUID) -> SavedSearch:
    """Note that the person looked: what changes from now on is new. Not an act, only a mark."""
    row = _own(viewer, id_)
    row.seen = timezone.now()
    row.save(update_fields=["seen"])
    return row


def delete_search(viewer: Viewer, id_: UUID) -> None:
    row = _own(viewer, id_)
    with transaction.atomic():
        record("delete_search", f"registry/search/{row.id}", actor=actor_of(viewer))
        row.delete()


def _person(viewer: Viewer) -> UUID:
    if viewer.person is None or not viewer.in_scope("registry"):
        raise PermissionDenied("registry")
    return viewer.person


def _own(viewer: Viewer, id_: UUID) -> SavedSearch:
    found = SavedSearch.objects.filter(id=id_, person=_person(viewer)).first()
    if found is None:
        raise NotHeld(str(id_))
    return found
