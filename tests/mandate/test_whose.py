"""Whose words a text is said to be, and taking a text out again."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import actions

from .conftest import KEY, Person, Shelf
from .test_actions import UNNAMED, akn_of, changed_page, dump

pytestmark = pytest.mark.django_db
ITU = "International Telecommunication Union (ITU)"


@pytest.mark.slow
def test_only_what_ships_or_says_so_is_called_the_itus(shelf: Shelf) -> None:
    assert shelf.draft.attribution == shelf.adopted.attribution == ITU
    brought = actions.load(UNNAMED, "itu-pp/res-9", name="new.txt", label="2014")
    assert brought.attribution == "as brought by the loader: new.txt"
    again = actions.load(akn_of(brought), "itu-pp/res-9", name="9.xml", label="2015")
    assert again.attribution == "as brought by the loader: 9.xml"
    ours = actions.load(akn_of(shelf.adopted), KEY, name="130.xml", label="2015")
    assert ours.attribution == ITU
    bare = akn_of(shelf.adopted).replace(b"<c:source ", b"<c:sauce ")
    other = actions.load(bare, KEY, name="130.xml", label="2016")
    assert other.attribution == ITU, "its FRBRauthor says so"
    silent = bare.replace(b'showAs="International', b'showAs="Another')
    assert actions.load(silent, KEY, name="s.xml", label="2017").attribution.endswith(": s.xml")


def test_a_removal_needs_its_permission_and_leaves_the_rest_as_if_it_had_never_been(
    shelf: Shelf, reader: Person, secretariat: Person
) -> None:
    before = dump()
    wrong = actions.load(changed_page() + b" ", KEY, name="w.json", label="2015")
    for who in (reader.viewer, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            actions.remove_version(wrong, viewer=who)
    assert wrong.changes_to.exists() and dump() != before
    actions.remove_version(wrong, viewer=secretariat.viewer)
    assert dump() == before
    row = list(ledger.rows())[-1]
    assert (row.act, row.actor) == ("remove_version", secretariat.pseudonym)
