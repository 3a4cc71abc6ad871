"""A source changes and withdraws only its own words."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from comity.directory.formats.any import HOLDS
from comity.directory.rules.differences import applied, differences
from comity.directory.types import (
    Contact,
    ContactKind,
    ContactPurpose,
    DifferenceKind,
    Holding,
    HoldingKind,
    KeyKind,
    TeamKey,
    TeamRecord,
    Value,
)
from comity.kit.sayings import Saying, Voice
from tests.directory.records import records

FIRST, OWN = "FIRST directory", "CERT-XX"
TEAM = TeamRecord("cert-xx", "CERT-XX")
MAIL = Contact(ContactPurpose.INCIDENT, ContactKind.EMAIL, "cert@cert.example")


def said_by(source: str) -> Saying:
    return Saying(voice=Voice.OWN, by=source)


def kinds(held: TeamRecord | None, said: TeamRecord, source: str = FIRST) -> list[tuple[str, str]]:
    return [(d.kind.value, d.what) for d in differences(held, said, source=source)]


def test_a_new_team_is_new_with_all_it_says() -> None:
    said = replace(TEAM, contacts=(MAIL,), values=(Value("hours", "24x7"),))
    found = differences(None, said, source=FIRST)
    assert [(d.kind, d.what, d.after) for d in found] == [
        (DifferenceKind.NEW, "team", "CERT-XX"),
        (DifferenceKind.ADDED, "contact incident email", "cert@cert.example (TLP:CLEAR)"),
        (DifferenceKind.ADDED, "field hours", "24x7"),
    ]


def test_another_speakers_words_stand() -> None:
    own = Value("hours", "24x7", said=said_by(OWN))
    held = replace(TEAM, values=(own,))
    said = replace(TEAM, values=(Value("hours", "8 to 5"),))
    (found,) = differences(held, said, source=FIRST)
    assert (found.kind, found.before, found.after) == (DifferenceKind.OTHERWISE, "24x7", "8 to 5")
    after = applied(held, said, source=FIRST)
    assert own in after.values and len(after.values) == 2
    assert differences(after, said, source=FIRST) == ()
    # Nor does the source's silence withdraw what the team said.
    assert differences(held, TEAM, source=FIRST) == ()
    assert applied(held, TEAM, source=FIRST) == held


def test_own_words_are_changed_and_withdrawn() -> None:
    held = applied(
        None, replace(TEAM, values=(Value("hours", "24x7"),), contacts=(MAIL,)), source=FIRST
    )
    other = replace(MAIL, value="soc@cert.example")
    said = replace(TEAM, contacts=(other,))
    assert kinds(held, said) == [
        ("changed", "contact incident email"),
        ("removed", "field hours"),
    ]
    after = applied(held, said, source=FIRST)
    assert [c.value for c in after.contacts] == ["soc@cert.example"] and not after.values


def test_what_a_format_cannot_say_it_does_not_withdraw() -> None:
    whole = replace(
        TEAM,
        contacts=(MAIL,),
        keys=(TeamKey(KeyKind.OPENPGP, "A" * 40),),
        holdings=(Holding(HoldingKind.ASN, "AS64500"),),
    )
    held = applied(None, whole, source="upload")
    said = replace(TEAM, contacts=(MAIL,))
    assert differences(held, said, source="upload", holds=HOLDS["csv"]) == ()
    assert applied(held, said, source="upload", holds=HOLDS["csv"]) == held
    assert len(differences(held, said, source="upload")) == 2


def test_a_name_in_another_language_is_added() -> None:
    english = Value("official_name", "National CERT", said=Saying(by=FIRST, language="en"))
    french = Value("official_name", "CERT national", said=Saying(language="fr"))
    held = replace(TEAM, values=(english,))
    assert kinds(held, replace(TEAM, values=(english, french))) == [
        ("added", "field official_name fr")
    ]


def test_a_changed_label_and_a_revoked_key_are_changes() -> None:
    key = TeamKey(KeyKind.OPENPGP, "A" * 40, expires=dt.date(2027, 1, 1))
    held = applied(None, replace(TEAM, keys=(key,)), source=FIRST)
    said = replace(TEAM, keys=(replace(key, revoked=dt.date(2026, 1, 1)),))
    assert kinds(held, said) == [("changed", "key openpgp")]


def test_what_is_repeated_keeps_its_verification() -> None:
    verified = Saying(by=FIRST, verified_on=dt.date(2026, 1, 1), verified_by="a person")
    held = replace(TEAM, contacts=(replace(MAIL, said=verified),))
    assert applied(held, replace(TEAM, contacts=(MAIL,)), source=FIRST) == held


def test_ids_of_the_other_directory_are_its_own() -> None:
    said = replace(TEAM, same_as={"first": "42"})
    assert kinds(TEAM, said) == [("added", "id first")]
    assert kinds(applied(TEAM, said, source=FIRST), replace(TEAM, same_as={"first": "7"})) == [
        ("changed", "id first")
    ]


@given(records(), records(), st.sampled_from([FIRST, OWN]))
def test_a_file_applied_twice_changes_nothing(held: TeamRecord, said: TeamRecord, by: str) -> None:
    before = applied(None, held, source=OWN)
    once = applied(before, said, source=by)
    assert differences(once, said, source=by) == ()
    assert applied(once, said, source=by) == once


@given(records(), records(), st.randoms(use_true_random=False))
def test_order_does_not_matter(held: TeamRecord, said: TeamRecord, rng: random.Random) -> None:
    def mixed(record: TeamRecord) -> TeamRecord:
        names = ("values", "contacts", "keys", "holdings")
        lists = {name: list(getattr(record, name)) for name in names}
        for items in lists.values():
            rng.shuffle(items)
        return replace(record, **{name: tuple(items) for name, items in lists.items()})

    before = applied(None, held, source=FIRST)
    assert differences(before, said, source=FIRST) == differences(
        mixed(before), mixed(said), source=FIRST
    )


@given(records(), records())
def test_no_word_of_another_speaker_is_lost(held: TeamRecord, said: TeamRecord) -> None:
    before = applied(None, held, source=OWN)
    after = applied(before, said, source=FIRST)
    for name in ("values", "contacts", "keys", "holdings"):
        own = [piece for piece in getattr(after, name) if piece.said.by == OWN]
        assert own == list(getattr(before, name))
    # and back: withdrawing all that the source said gives the record as it was
    assert replace(applied(after, TEAM, source=FIRST), same_as=before.same_as) == before


@given(records(), records())
def test_a_difference_is_told_exactly_when_something_changes(
    held: TeamRecord, said: TeamRecord
) -> None:
    before = applied(None, held, source=FIRST)
    after = applied(before, said, source=FIRST)

    def content(record: TeamRecord) -> tuple[frozenset[str], ...]:
        names = ("values", "contacts", "keys", "holdings")
        return tuple(frozenset(map(repr, getattr(record, name))) for name in names)

    assert bool(differences(before, said, source=FIRST)) == (content(before) != content(after))
