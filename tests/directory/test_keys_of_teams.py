"""A key that would replace a standing one is believed when a second person says so."""

from __future__ import annotations

from importlib.resources import files

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory.rules.keys import parse_openpgp
from comity.directory.types import DirectoryError, KeyKind, KeyState
from comity.kit.tlp import ANONYMOUS
from tests.directory.conftest import SOURCE, record

pytestmark = pytest.mark.django_db


def armour(letter: str) -> str:
    folder = files("comity.directory") / "data" / "sample" / "keys"
    return (folder / f"csirt-{letter}.asc").read_text("ascii")


def states(house) -> dict[str, KeyState]:  # type: ignore[no-untyped-def]
    page = reads.profile(house.head.viewer, "cert-xx", now=timezone.now())
    return {key.row.fingerprint[-4:]: key.state for key in page.keys}


def test_the_first_key_stands_at_once_and_the_second_waits(house) -> None:
    first = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    assert not first.waits
    second = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("b"))
    assert second.waits and second.replaces == first
    assert states(house) == {
        first.fingerprint[-4:]: KeyState.VALID,
        second.fingerprint[-4:]: KeyState.UNCONFIRMED,
    }
    told = reads.record(ANONYMOUS, house.team).keys
    assert [key.fingerprint for key in told] == [first.fingerprint]  # what waits is not given out


def test_who_added_it_never_confirms(house) -> None:
    actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    second = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("b"))
    with pytest.raises(DirectoryError, match="does not confirm"):
        actions.confirm_key(house.head.viewer, second)
    with pytest.raises(PermissionDenied):
        actions.confirm_key(house.contributor.viewer, second)
    with pytest.raises(PermissionDenied):
        actions.confirm_key(house.reader.viewer, second)
    with pytest.raises(DirectoryError, match="reason"):
        actions.confirm_key(house.secretariat.viewer, second)
    assert m.TeamKey.objects.get(pk=second.pk).waits


@pytest.mark.parametrize("by", ["focal", "secretariat"])
def test_a_second_person_lets_it_take_its_place(house, by) -> None:
    first = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    second = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("b"))
    actions.confirm_key(getattr(house, by).viewer, second, reason="Called them back.")
    assert states(house) == {
        first.fingerprint[-4:]: KeyState.REPLACED,
        second.fingerprint[-4:]: KeyState.VALID,
    }
    with pytest.raises(DirectoryError, match="settled"):
        actions.confirm_key(getattr(house, by).viewer, second, reason="Again.")


def test_a_refused_key_is_gone_and_the_old_one_stands(house) -> None:
    first = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    second = actions.add_key(house.contributor.viewer, house.team, KeyKind.OPENPGP, armour("b"))
    actions.refuse_key(house.head.viewer, second)
    assert states(house) == {first.fingerprint[-4:]: KeyState.VALID}


def test_a_file_cannot_replace_a_key_alone(house) -> None:
    """An import that brings another key: the standing one stays until somebody confirms."""
    old, new = (parse_openpgp(armour(letter)) for letter in "ab")
    actions.apply([record(keys=(old,))], SOURCE)
    actions.apply([record(keys=(new,))], SOURCE)
    assert set(states(house).values()) == {KeyState.VALID, KeyState.UNCONFIRMED}
    again = actions.apply([record(keys=(new,))], SOURCE)
    assert again.unchanged == 1
    row = m.TeamKey.objects.get(waits=True)
    actions.confirm_key(house.head.viewer, row)
    assert states(house)[old.fingerprint[-4:]] is KeyState.REPLACED
    assert actions.apply([record(keys=(new,))], SOURCE).unchanged == 1


def test_a_revoked_key_says_so_and_keeps_its_past(house) -> None:
    key = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    with pytest.raises(DirectoryError, match="reason"):
        actions.revoke_key(house.head.viewer, key, " ")
    actions.revoke_key(house.focal.viewer, key, "The token was lost.")
    assert set(states(house).values()) == {KeyState.REVOKED}
    assert m.TeamKey.objects.filter(fingerprint=key.fingerprint).count() == 2
    following = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("b"))
    assert following.waits  # the moment an impostor waits for


def test_the_same_key_again_is_no_other_key(house) -> None:
    actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    again = actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    assert not again.waits
    assert m.TeamKey.objects.filter(ended=None).count() == 1


def test_what_is_no_key_is_told(house) -> None:
    with pytest.raises(DirectoryError) as told:
        actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, "no key")
    assert told.value.remedy
    with pytest.raises(PermissionDenied):
        actions.add_key(house.reader.viewer, house.team, KeyKind.OPENPGP, armour("a"))


def test_the_pages_add_and_confirm(house) -> None:
    actions.add_key(house.head.viewer, house.team, KeyKind.OPENPGP, armour("a"))
    given = {"kind": "openpgp", "label": "CLEAR", "text": armour("b"), "purpose": ""}
    url = "/en/directory/teams/cert-xx/keys"
    assert house.head.browser.post(url, given).status_code == 302
    key = m.TeamKey.objects.get(waits=True)
    page = f"{url}/{key.pk}"
    assert house.reader.browser.get(page).status_code == 404  # what waits is not shown around
    assert house.reader.browser.post(page, {"what": "confirm"}).status_code == 404
    shown = house.reader.browser.get("/en/directory/teams/cert-xx").content.decode()
    assert key.fingerprint[-4:] not in shown and "waits" not in shown
    refused = house.head.browser.post(page, {"what": "confirm"})
    assert refused.status_code == 200 and "does not confirm" in refused.content.decode()
    assert house.focal.browser.post(page, {"what": "confirm"}).status_code == 302
    assert not m.TeamKey.objects.get(pk=key.pk).waits
