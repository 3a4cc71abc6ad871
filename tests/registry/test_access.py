"""Who has nothing accessible is told, and what nobody checked is told apart."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.registry.rules.access import Access, Gap, Item, Reader, access, gaps

LANGUAGES = st.frozensets(st.sampled_from(["ar", "en", "fr", "pt", "zh"]), max_size=3)
MAYBE = st.none() | st.booleans()
ITEMS = st.builds(Item, st.sampled_from(["tool", "training"]), LANGUAGES, MAYBE, MAYBE, MAYBE)
READERS = st.lists(
    st.builds(
        Reader,
        st.sampled_from(["CD", "FR", "KI", "NA", "NP", "TL"]),
        LANGUAGES,
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    unique_by=lambda reader: reader.country,
)
KINDS = ("tool", "training", "law")

CHAD = Reader("TD", frozenset({"fr", "ar"}), ldc=True, lldc=True)
FRANCE = Reader("FR", frozenset({"fr"}))
FREE = Item("tool", frozenset({"fr"}), free=True, offline=None, link_ok=True)


@pytest.mark.parametrize(
    ("changes", "chad", "france"),
    [
        ({}, Access.YES, Access.YES),
        ({"free": None}, Access.UNKNOWN, Access.YES),  # unknown is not free
        ({"free": False}, Access.NO, Access.YES),
        ({"link_ok": None}, Access.UNKNOWN, Access.UNKNOWN),
        ({"link_ok": False}, Access.UNKNOWN, Access.UNKNOWN),  # there may be an offline copy
        ({"link_ok": False, "offline": False}, Access.NO, Access.NO),
        ({"link_ok": False, "offline": True}, Access.YES, Access.YES),
        ({"languages": frozenset()}, Access.UNKNOWN, Access.UNKNOWN),
        ({"languages": frozenset({"en"})}, Access.NO, Access.NO),
        ({"languages": frozenset({"fr-CA"})}, Access.YES, Access.YES),
        ({"languages": frozenset(), "free": False}, Access.NO, Access.UNKNOWN),
    ],
)
def test_what_is_accessible(changes: dict[str, object], chad: Access, france: Access) -> None:
    item = dataclasses.replace(FREE, **changes)
    assert access(item, CHAD, "fr") is chad
    assert access(item, FRANCE, "fr") is france


def test_the_rows_of_a_kind() -> None:
    angola = Reader("AO", frozenset({"pt"}), ldc=True)
    brazil = Reader("BR", frozenset({"pt"}))
    unsaid = Reader("XX", frozenset())
    paid = Item("tool", frozenset({"pt"}), free=False, offline=False, link_ok=True)
    rows = gaps([FREE, paid], [FRANCE, CHAD, brazil, angola, unsaid], ["tool", "law"])
    assert rows[:3] == [
        Gap("tool", "", (), (), ("XX",), (), ()),
        Gap("tool", "ar", (), (), (), (), ("TD",)),
        Gap("tool", "pt", ("AO",), ("AO",), (), (), ()),
    ]
    assert [(row.kind, row.language, row.without) for row in rows[3:]] == [
        ("law", "", ("XX",)),
        ("law", "ar", ("TD",)),
        ("law", "fr", ("FR", "TD")),
        ("law", "pt", ("AO", "BR")),
    ]


@given(st.lists(ITEMS, max_size=6), READERS)
def test_each_country_has_one_place_in_a_row(items, readers) -> None:
    ldcs = {reader.country for reader in readers if reader.ldc}
    for row in gaps(items, readers, KINDS):
        places = [*row.without, *row.unclear, *row.elsewhere]
        assert places
        assert len(places) == len(set(places))
        assert set(row.ldcs_without) == set(row.without) & ldcs
        assert set(row.ldcs_unclear) == set(row.unclear) & ldcs
    told = {code for row in gaps(items, readers, ["law"]) for code in row.without}
    assert told == {reader.country for reader in readers}


@given(st.lists(ITEMS, max_size=5), READERS, ITEMS)
def test_one_item_more_never_makes_a_gap(items, readers, more) -> None:
    def missing(offered: list[Item]) -> set[tuple[str, str]]:
        return {(row.kind, code) for row in gaps(offered, readers, KINDS) for code in row.without}

    assert missing([*items, more]) <= missing(items)


@given(st.lists(ITEMS, max_size=5), READERS)
def test_what_is_not_known_could_turn_out_either_way(items, readers) -> None:
    """Fill every unknown with the best, then with the worst: unclear is what differs."""

    def filled(best: bool) -> list[Item]:
        every = frozenset({"ar", "en", "fr", "pt", "zh"})
        return [
            Item(
                item.kind,
                item.languages or (every if best else frozenset({"und"})),
                best if item.free is None else item.free,
                best if item.offline is None else item.offline,
                best if item.link_ok is None else item.link_ok,
            )
            for item in items
        ]

    def without(offered: list[Item]) -> set[tuple[str, str]]:
        known = [reader for reader in readers if reader.languages]
        return {(row.kind, code) for row in gaps(offered, known, KINDS) for code in row.without}

    known = [reader for reader in readers if reader.languages]
    rows = gaps(items, known, KINDS)
    assert without(filled(best=True)) == without(items)
    unclear = {(row.kind, code) for row in rows for code in row.unclear}
    assert unclear == without(filled(best=False)) - without(items)
