"""One entry: the answer first, then every value with who says so; and all that was ever said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from comity.kit.languages import by_code
from comity.kit.sayings import Voice
from comity.kit.tlp import Label, Viewer
from comity.mandate import reads as mandate
from comity.people.rules import may
from comity.registry import reads
from comity.registry.models import Entry, Source, Statement
from comity.registry.pages import wording
from comity.registry.pages.frame import found, kind_called, kind_url, soft, strictest, trail, viewer
from comity.registry.pages.lists import Row, chips_of, row_of, subtype_of
from comity.registry.pages.showing import SHORT, Around, foreign, shown
from comity.registry.reads.choices import related
from comity.registry.rules.made import titles_of
from comity.registry.types import EntryState, Field, FieldType, Kind, Origin

VALUES = 60  # of one speaker in one field: the rest is folded away
HEADED = ("title", "summary")  # stand in the head of the page; their sources in the table


# --- values with their speakers -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """Who says something, on what evidence, as it stands beside a value."""

    by: str
    voice: wording.Words
    title: str
    url: str
    date: str
    since: str
    verified_on: dt.date | None
    verified_by: str
    licence: str


@dataclass(frozen=True, slots=True)
class Group:
    """The values of one field that one speaker gives on one evidence, under one label."""

    label: Label
    said: Said
    also: tuple[Said, ...]  # who says just the same, or the same speaker on other evidence
    values: tuple[SafeString, ...]
    others: tuple[SafeString, ...]  # the same in other languages
    folded: tuple[SafeString, ...]  # past VALUES
    inline: bool
    machine: bool  # some of the words were translated by a machine


@dataclass(frozen=True, slots=True)
class Told:
    """One field with all its groups."""

    key: str
    label: str
    groups: tuple[Group, ...]
    disputed: bool


_NOBODY = Said("", "", "", "", "", "", None, "", "")


def said_of(row: Statement) -> Said:
    source: Source = row.source
    return Said(
        source.body.name if source.body_id and source.body else source.by,
        wording.VOICES.get(source.voice, ""),
        source.evidence_title,
        source.evidence_url,
        source.evidence_date,
        row.since,
        row.verified_on,
        row.verified_by,
        source.licence,
    )


def told(fields: Iterable[reads.FieldValues], around: Around) -> list[Told]:
    """What is said, field by field, in the kind's order."""
    return [
        Told(
            each.field.key,
            each.field.label[wording.language()],
            _agreed(_groups(each, around)),
            each.disputed,
        )
        for each in fields
    ]


def _groups(each: reads.FieldValues, around: Around) -> Iterable[Group]:
    rows: dict[tuple[Any, ...], list[Statement]] = {}
    labels: dict[tuple[Any, ...], Label] = {}
    for value in each.values:
        row = value.row
        key = (row.source_id, row.since, row.verified_on, row.verified_by, value.label)
        rows.setdefault(key, []).append(row)
        labels[key] = value.label
    # Whom it is about speaks first, then the secretariat, then others.
    order = list(Voice)
    for key in sorted(rows, key=lambda key: order.index(Voice(rows[key][0].source.voice))):
        yield _group(each.field, rows[key], labels[key], around)


def _agreed(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Who say the same under one label stand beside it once, each with its evidence."""
    found: dict[Group, list[Said]] = {}
    for group in groups:
        words = replace(group, said=_NOBODY)
        found.setdefault(words, []).append(group.said)
    return tuple(
        replace(words, said=said[0], also=tuple(dict.fromkeys(said[1:])))
        for words, said in found.items()
    )


def _group(field: Field, rows: Sequence[Statement], label: Label, around: Around) -> Group:
    kept, others = list(rows), []
    if field.translatable and len({row.language for row in rows}) > 1:
        best = titles_of({row.language: "" for row in rows}, wording.language())[1]
        kept = [row for row in rows if row.language == best]
        others = [row for row in rows if row.language != best]

    def html(some: Sequence[Statement]) -> tuple[SafeString, ...]:
        return tuple(shown(field, row.value, row.language, around) for row in some)

    return Group(
        label,
        said_of(rows[0]),
        (),
        html(kept[:VALUES]),
        html(others),
        html(kept[VALUES:]),
        field.type in SHORT,
        any(row.origin == Origin.MACHINE for row in rows),
    )


def _around(who: Viewer, fields: Sequence[reads.FieldValues]) -> Around:
    """Entries and paragraphs that the values name, those that there are."""
    named, provisions = set(), set()
    for each in fields:
        values = [value.row.value for value in each.values]
        if each.field.type is FieldType.ENTRY:
            named.update(values)
        elif each.field.type is FieldType.PROVISION:
            provisions.update(values)
    entries = reads.entries_named(who, named) if named else {}
    held: set[str] = set()
    for key in {"/".join(value.split("/")[:2]) for value in provisions}:
        try:
            instrument = mandate.instrument(who, key)
        except mandate.NotHeld:
            continue
        held |= {f"{key}/{version.label}" for version in mandate.versions(who, instrument)}
    return Around(entries, frozenset(held))


def missing(kind: Kind, fields: Iterable[reads.FieldValues]) -> tuple[list[str], list[str]]:
    """The labels of fields that nobody has filled: those that matter, and the others."""
    held = {each.field.key for each in fields}
    empty = [field for field in kind.fields if field.key not in held]
    weighty = [field for field in empty if field.required or field.card]
    label = wording.language()
    return (
        [field.label[label] for field in weighty],
        [field.label[label] for field in empty if field not in weighty],
    )


# --- pages --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Head:
    """The title in the reader's language, or in one that is held."""

    text: str
    lang: SafeString
    missing: str  # the name of the reader's language, where no title in it is held
    language: str  # of the title, by its own name


def head_of(entry: Entry) -> Head:
    text, language = titles_of(entry.titles, wording.language())
    fits = not text or language == wording.language()
    own = by_code(wording.language()).own_name
    return Head(
        text or entry.title,
        foreign(language),
        "" if fits else own,
        wording.term("languages", language)[0] if language else "",
    )


def changed(entry: Entry, fields: Iterable[reads.FieldValues]) -> dt.datetime:
    """When what the reader sees last changed: the entry's own moment would tell of the rest."""
    return max((value.row.made for each in fields for value in each.values), default=entry.created)


def cite(entry: Entry, kind: Kind, when: dt.datetime) -> str:
    """A citation in English: what, whose, which, as of when."""
    words = titles_of(entry.titles, "en")[0] or entry.title
    owner = f" {entry.owner.name}." if entry.owner else ""
    return (
        f"{words}.{owner} {kind.label['en']} {entry.key}, "
        f"as of {when.strftime('%d %B %Y').lstrip('0')}."
    )


def twins(kind: Kind, entry: Entry) -> list[tuple[str, str]]:
    """The same entry for machines, in those forms that there are."""
    args = {"kind": kind.key, "key": entry.key}
    forms = (("JSON", "registry:entry_json"), ("JSON-LD", "registry:entry_jsonld"))
    return [(name, reverse(route, kwargs=args)) for name, route in forms]


@require_safe
@found
def entry(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """What is it, where does it stand, and who says so?"""
    who, what = viewer(request), kind_called(kind)
    one = reads.entry(who, what.key, key)
    fields = reads.values_of(who, one)
    values = told(fields, _around(who, fields))
    by_key = {each.key: each for each in values}
    speakers = {
        said.by for each in values for group in each.groups for said in (group.said, *group.also)
    }
    weighty, empty = missing(what, fields)
    labels = [group.label for each in values for group in each.groups]
    labels.append(Label(one.handling.label))
    here = reads.pointing_here(who, one, limit=20)
    context = {
        "kind": what,
        "entry": one,
        "head": head_of(one),
        "label": Label(one.handling.label),
        "chips": chips_of(what, one),
        "subtype": subtype_of(what, one),
        "summary": by_key.get("summary"),
        "values": values,
        "fields": fields,
        "one_speaker": next(iter(speakers)) if len(speakers) == 1 else "",
        "not_reported": weighty,
        "empty": empty,
        "here": [row_of(row) for row in here],
        "near": _near(who, one, here),
        "edit": soft("registry:edit", kind=wording.path_of(what.key), key=one.key)
        if _may_edit(who, one)
        else "",
        "gone": one.state == EntryState.WITHDRAWN,
        "trail": trail((what.plural[wording.language()], kind_url(what.key))),
        "machines": twins(what, one),
        "cite": cite(one, what, changed(one, fields)),
        "changed": changed(one, fields),
        **strictest(labels),
    }
    return render(request, "registry/entry.html", context)


def _near(who: Viewer, one: Entry, here: Sequence[Entry]) -> list[Row]:
    named = {row.pk for row in here}
    return [row_of(row) for row in related(who, one) if row.pk not in named]


def _may_edit(who: Viewer, one: Entry) -> bool:
    """Whether the link is worth showing: the page that it leads to decides."""
    return one.owner_id in who.bodies and may(who, "registry.submit")


@require_safe
@found
def history(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Everything that was ever said of it, what no longer stands included."""
    who, what = viewer(request), kind_called(kind)
    one = reads.entry(who, what.key, key)
    limit = 200
    rows = reads.history(who, one, limit=limit + 1)
    prefetch_related_objects(rows, "source__body")
    by_key = what.by_key
    steps = [
        {
            "label": by_key[row.field].label[wording.language()]
            if row.field in by_key
            else row.field,
            "value": shown(by_key[row.field], row.value, row.language)
            if row.field in by_key
            else str(row.value),
            "tlp": Label(row.handling.label),
            "said": said_of(row),
            "made": row.made,
            "ended": row.ended,
        }
        for row in rows[:limit]
    ]
    context = {
        "kind": what,
        "entry": one,
        "head": head_of(one),
        "steps": steps,
        "more": len(rows) > limit,
        "any_label": any(step["tlp"] is not Label.CLEAR for step in steps),
        "trail": trail(
            (what.plural[wording.language()], kind_url(what.key)),
            (head_of(one).text, _url(one)),
        ),
        **strictest([Label(one.handling.label), *(step["tlp"] for step in steps)]),
    }
    return render(request, "registry/history.html", context)


def _url(one: Entry) -> str:
    return soft("registry:entry", kind=wording.path_of(one.kind), key=one.key)


urls = [
    path("<slug:kind>/<str:key>/history/", history, name="history"),
    path("<slug:kind>/<str:key>/", entry, name="entry"),
]
