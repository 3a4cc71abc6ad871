"""Entries as they stood at a moment, for reports: what stood then, who said it, where it stood.

A report must come out the same when it is made again from the same cut-off. So nothing that is
kept beside the statements (dates, standing, card) is believed: all of it is made anew from the
statements that stood at that moment, and time alone moves no agreement past the day reported on.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from comity.kit.sayings import Saying, Voice
from comity.kit.tlp import Viewer
from comity.people.reads import visible_handlings
from comity.registry.models import Entry, Facet, RequestStep, Source, Statement
from comity.registry.reads.kinds import kinds as known
from comity.registry.reads.under import belonging
from comity.registry.rules import made
from comity.registry.types import FieldType, Kind, Told, Word
from comity.registry.types import Statement as Said

_DATED = (
    *(FieldType.DATE, FieldType.PERIOD, FieldType.EVENT),
    *(FieldType.COUNT, FieldType.TOTAL, FieldType.SHARE),
)
_HISTORY = ("party", "union_party", "event", "term_months", "auto_renews")
PIECE = 5_000  # statements fetched at a time
LOOKED_AT = 5  # of the entries that ended last under a provision
SHORT = 64  # characters of a value that is likely said again
RANKS = {voice: voice.rank for voice in Voice}
_Speaker = tuple[Any, ...]
_Place = tuple[int, str, str, str, bool]


def told(
    viewer: Viewer,
    *,
    cutoff: dt.datetime,
    day: dt.date,
    fields: Collection[str],
    year: int | None = None,
    always: Collection[str] = (),
    provision: str = "",
    kinds: Collection[str] = (),
    places: Collection[int] | None = None,
) -> Iterator[Told]:
    """The entries that the viewer may see, as they stood at `cutoff`, in the order of their names.

    With a `year`, those whose days touch it, and all of the kinds `always`. With a `provision`,
    those that name it; with `kinds` or `places`, those of them. `fields` are what to bring; titles
    and what dates an entry come anyway.
    `day` is the one on which the standing of agreements and the end of open periods is asked.
    """
    rows = _entries(viewer, cutoff, year, always, provision)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    rows = rows if places is None else rows.filter(place__in=places)
    found_at = {
        row[0]: row for row in rows.values_list("place", "kind", "key", "subtype", "sample")
    }
    steps = _steps(rows, cutoff)
    telling = frozenset({*_HISTORY, *_dating()})
    wanted = {*fields, "title"} | telling
    found = [
        each
        for place, words in _words(viewer, rows, cutoff, wanted)
        if (each := _told(found_at[place], words, steps.get(place, ()), day, telling)) is not None
    ]
    if year is not None:
        span = dt.date(year, 1, 1), dt.date(year, 12, 31)
        found = [each for each in found if each.kind in always or _touches(each, *span)]
    found.sort(key=lambda each: each.name)
    yield from found


def last_before(
    viewer: Viewer,
    *,
    cutoff: dt.datetime,
    day: dt.date,
    before: dt.date,
    asked: Mapping[str, Collection[tuple[str, str]]],
) -> dict[str, Told]:
    """Of each provision asked ("itu-pp/res-130/2014/resolves/3", with the kinds that belong there)
    the entry under it that ended last before a day, as it stood at `cutoff`; none where none did.

    The entries' own dates only choose a few to look at; told are those that stood then."""
    visible = visible_handlings(viewer)
    chosen: dict[str, list[int]] = {}
    for provision, kinds in asked.items():
        naming = Facet.objects.filter(facet="provision", value=provision, handling__in=visible)
        rows = Entry.objects.filter(
            belonging(naming, kinds, visible), counted__in=visible, created__lte=cutoff
        ).filter(Q(last__lt=before) | Q(changed__gt=cutoff))
        newest = rows.order_by(F("last").desc(nulls_last=True), "place")
        chosen[provision] = list(newest.values_list("place", flat=True)[:LOOKED_AT])
    places = {place for each in chosen.values() for place in each}
    names = {
        f"{kind}/{key}": place
        for place, kind, key in Entry.objects.filter(place__in=places).values_list(
            "place", "kind", "key"
        )
    }
    held: dict[int, Told] = {}
    for each in told(viewer, cutoff=cutoff, day=day, fields=("provision",), places=places):
        if each.last is not None and each.last < before:
            held[names[each.name]] = each
    found = {}
    for provision, its in chosen.items():
        ended = [held[place] for place in its if place in held]
        if ended:
            found[provision] = max(ended, key=lambda each: (each.last, each.name))
    return found


def newest_record(viewer: Viewer) -> dt.datetime | None:
    """When the newest statement that the viewer may see was made or ended."""
    rows = Statement.objects.filter(
        handling__in=visible_handlings(viewer), entry__counted__in=visible_handlings(viewer)
    )
    made_ = rows.order_by("-made").values_list("made", flat=True).first()
    ended = rows.filter(ended__isnull=False).order_by("-ended").values_list("ended", flat=True)
    return max((moment for moment in (made_, ended.first()) if moment), default=None)


def acts_of(viewer: Viewer, names: Collection[str]) -> dict[str, int]:
    """The newest act of each of these entries that the viewer may still see, by its name."""
    visible = visible_handlings(viewer)
    wanted = {tuple(name.split("/", 1)) for name in names if "/" in name}
    rows = Entry.objects.filter(counted__in=visible, kind__in={kind for kind, _key in wanted})
    return {
        f"{kind}/{key}": act
        for kind, key, act in rows.values_list("kind", "key", "act")
        if (kind, key) in wanted
    }


def _entries(
    viewer: Viewer,
    cutoff: dt.datetime,
    year: int | None,
    always: Collection[str],
    provision: str,
) -> QuerySet[Entry]:
    visible = visible_handlings(viewer)
    rows = Entry.objects.filter(counted__in=visible, created__lte=cutoff)
    if provision:
        rows = rows.filter(
            facets__facet="provision", facets__value=provision, facets__handling__in=visible
        )
    if year is None:
        return rows
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    touched = Q(first__lte=end) & (Q(last__gte=start) | Q(last__isnull=True))
    # What was changed since may have spanned other days then: it is looked at again.
    return rows.filter(
        touched | Q(first=None, last__gte=start) | Q(kind__in=always) | Q(changed__gt=cutoff)
    )


def _touches(each: Told, start: dt.date, end: dt.date) -> bool:
    first = each.first or each.last
    if first is None or first > end:
        return False
    return each.last is None or each.last >= start


def _words(
    viewer: Viewer, rows: QuerySet[Entry], cutoff: dt.datetime, fields: Collection[str]
) -> Iterator[tuple[int, list[tuple[str, Word, int, int]]]]:
    """What stood of each entry: (field, word, act, handling), in the order of showing."""
    visible = visible_handlings(viewer)
    said = Statement.objects.filter(
        entry__in=rows.order_by().values("place"),
        field__in=fields,
        made__lte=cutoff,
        handling__in=visible,
    ).filter(Q(ended__isnull=True) | Q(ended__gt=cutoff))
    # The text of the value, made into one here: the same few values stand in many statements.
    columns = (
        said.annotate(raw=Cast("value", TextField()))
        .order_by("entry", "position", "pk")
        .values_list("entry", "field", "raw", "language", "source", "act", "handling")
    )
    sources: dict[int, _Speaker] = {}
    decoded: dict[str, Any] = {}
    place, words = 0, list[tuple[str, Word, int, int]]()
    rows_ = columns.iterator(PIECE)
    while piece := list(islice(rows_, PIECE)):
        sources |= _speakers({row[4] for row in piece} - sources.keys())
        for entry, field, raw, language, source, act, handling in piece:
            if entry != place:
                if words:
                    yield place, words
                place, words = entry, []
            value = decoded.get(raw)
            if value is None:
                value = json.loads(raw)
                if len(raw) <= SHORT and isinstance(value, str):  # what nobody can change
                    decoded[raw] = value
            words.append((field, Word(value, language, *sources[source]), act, handling))
    if words:
        yield place, words


def _speakers(places: Collection[int]) -> dict[int, _Speaker]:
    """Voice, name, and the evidence's title, address and date of each source."""
    rows = Source.objects.filter(pk__in=places).values_list(
        "pk", "voice", "body__name", "by", "evidence_title", "evidence_url", "evidence_date"
    )
    return {pk: (Voice(voice), name or by, *rest) for pk, voice, name, by, *rest in rows}


def _told(
    place: _Place,
    words: Sequence[tuple[str, Word, int, int]],
    steps: tuple[tuple[str, dt.datetime], ...],
    day: dt.date,
    telling: frozenset[str],
) -> Told | None:
    """An entry from its words. `telling` are the fields that its dates and standing come from."""
    _place, kind_key, key, subtype, sample = place
    kind = known().get(kind_key)
    if kind is None:
        return None  # of a kind whose file the operator took away
    by_field: dict[str, list[Word]] = defaultdict(list)
    for field, word, _act, _handling in words:
        by_field[field].append(word)
    for each in by_field.values():
        if len(each) > 1:
            each.sort(key=_rank)
    said = [
        Said(field, word.value, word.language, said=Saying(by=word.by))
        for field, word, _act, _handling in words
        if field in telling
    ]
    first, last = made.dates(kind, said)
    standing, ends, flags = "", "", frozenset[str]()
    if kind.history == "agreement":
        found = made.standing_of(kind, [s for s in said if s.field in _HISTORY], day)
        standing, ends = found.state.value, str(found.ends or "")
        flags = frozenset(flag.value for flag in found.flags)
    return Told(
        f"{kind_key}/{key}",
        kind_key,
        subtype,
        {field: tuple(each) for field, each in by_field.items()},
        max(act for _field, _word, act, _handling in words),
        first,
        last,
        standing,
        ends,
        flags,
        tuple(sorted(_disputed(kind, by_field))),
        steps,
        sample,
    )


def _rank(word: Word) -> int:
    return RANKS[word.voice]


def _disputed(kind: Kind, by_field: dict[str, list[Word]]) -> Iterator[str]:
    """Fields with one value in which several values stand."""
    for field, words in by_field.items():
        if len(words) < 2 or (field in kind.by_key and kind.by_key[field].many):
            continue
        by_language: dict[str, list[Any]] = defaultdict(list)
        for word in words:
            if word.value not in by_language[word.language]:
                by_language[word.language].append(word.value)
        if any(len(values) > 1 for values in by_language.values()):
            yield field


def _steps(
    rows: QuerySet[Entry], cutoff: dt.datetime
) -> dict[int, tuple[tuple[str, dt.datetime], ...]]:
    found: dict[int, list[tuple[str, dt.datetime]]] = defaultdict(list)
    asked = RequestStep.objects.filter(
        request__in=rows.filter(kind="request").order_by().values("place"), at__lte=cutoff
    )
    for place, act, at in asked.order_by("act").values_list("request", "act_name", "at"):
        found[place].append((act, at))
    return {place: tuple(steps) for place, steps in found.items()}


@cache
def _dating_of(keys: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        field.key for key in keys for field in known()[key].fields if field.type in _DATED
    )


def _dating() -> frozenset[str]:
    return _dating_of(tuple(known()))
