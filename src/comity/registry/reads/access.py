"""For whom nothing accessible exists, as far as the viewer may see what there is."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kit import countries
from comity.kit.countries import Group, ItuStatus
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Statement
from comity.registry.rules.access import Gap, Reader
from comity.registry.rules.reaching import FIELDS, KINDS, Limited, bare, gaps_within, item_of

Codes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Known:
    """How much is known of the things of one kind: what nobody said counts as not known."""

    total: int
    languages: int  # those of which somebody said in which languages they are
    cost: int
    offline: int
    link: int  # found within the last 400 days, or found dead since


@dataclass(frozen=True, slots=True)
class Access:
    """The gaps by kind, the countries with nothing at all, and what the answer rests on."""

    rows: tuple[Gap, ...]
    bare: Mapping[str, tuple[Codes, Codes]]
    known: Mapping[str, Known]
    readers: int
    ldcs: int


def access(viewer: Viewer, today: dt.date) -> Access:
    """Kind by kind and language by language; the Member States of the ITU and Palestine."""
    things = _things(viewer, today)
    readers = _readers(today)
    rows = tuple(gaps_within(things, readers))
    return Access(
        rows,
        {kind: (frozenset(), frozenset()) for kind in KINDS} | dict(bare(rows)),
        {kind: _known([t for t in things if t.item.kind == kind]) for kind in KINDS},
        len(readers),
        sum(reader.ldc for reader in readers),
    )


def _things(viewer: Viewer, today: dt.date) -> list[Limited]:
    visible = visible_handlings(viewer)
    listed = Entry.objects.filter(kind__in=KINDS, counted__in=visible)
    kinds = dict(listed.values_list("pk", "kind"))
    rows = Statement.objects.filter(
        entry__in=listed.values("pk"),
        field__in=FIELDS,
        ended__isnull=True,
        handling__in=visible,
    )
    said: dict[int, list[tuple[str, object]]] = defaultdict(list)
    for place, field, value in rows.values_list("entry", "field", "value"):
        said[place].append((field, value))
    return [item_of(kind, said[place], today) for place, kind in kinds.items()]


def _readers(today: dt.date) -> list[Reader]:
    found = []
    for country in countries.all_countries():
        if country.itu.on(today).status not in (ItuStatus.MEMBER, ItuStatus.RES99_OBSERVER):
            continue
        groups = countries.groups_on(country.iso2, today)
        found.append(
            Reader(
                country.iso2,
                frozenset(country.languages),
                Group.LDC in groups,
                Group.LLDC in groups,
                Group.SIDS in groups,
            )
        )
    return found


def _known(things: list[Limited]) -> Known:
    items = [thing.item for thing in things]
    return Known(
        len(items),
        sum(bool(item.languages) for item in items),
        sum(item.free is not None for item in items),
        sum(item.offline is not None for item in items),
        sum(item.link_ok is not None for item in items),
    )
