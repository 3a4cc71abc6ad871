"""What is made from an entry's statements: its names, its card for lists, dates, facets, words.

Only what everybody who sees the entry may see goes into names, card and dates. A facet and a
word carry the handling of the statement they come from, so that a stricter value is neither
counted nor found by those who may not see it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comity.kit import countries
from comity.kit.dates import OPEN, PartialDate, Period
from comity.kit.languages import LANGUAGES
from comity.kit.tlp import Label
from comity.registry.rules import agreements, values
from comity.registry.rules.values import Vocabularies
from comity.registry.rules.words import index_words
from comity.registry.types import Field, FieldType, Kind, Statement

CARD_VALUES = 12  # of one field: more are counted
SUMMARY = 280  # characters of the summary in lists and feeds
SPAN = 40  # years an entry is found under
YEAR_FACET = "year"
FLAG_FACET = "flag"  # what is doubted of an agreement
_NUMBERED = (FieldType.COUNT, FieldType.TOTAL, FieldType.SHARE, FieldType.MONEY)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One (facet, value) with the handling that decides who counts it."""

    facet: str
    value: str
    handling: int


@dataclass(frozen=True, slots=True)
class Words:
    """The folded words that one handling lets out."""

    handling: int
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Made:
    """All that is made from the statements of one entry."""

    title: str
    titles: dict[str, str]
    card: dict[str, Any]
    first: dt.date | None
    last: dt.date | None
    standing: str
    standing_until: dt.date | None
    facets: tuple[FacetValue, ...]
    words: tuple[Words, ...]


def made_of(
    kind: Kind,
    statements: Iterable[Statement],
    vocabularies: Vocabularies,
    *,
    handling: int,
    today: dt.date,
    subtype: str = "",
    key: str = "",
    owner: str = "",
    request_state: str = "",
) -> Made:
    """Everything at once. `statements` are those that stand; `handling` is the entry's."""
    said = tuple(s for s in statements if s.ended is None)
    common = tuple(s for s in said if s.handling == handling)
    titles = {s.language or "en": s.value for s in reversed(common) if s.field == "title"}
    title = titles.get("en") or next(iter(titles.values()), key)
    first, last = dates(kind, common)
    standing, until, flags = _standing(kind, common, today, request_state)
    card = _card(kind, common)
    if flags:
        card["_flags"] = list(flags)
    return Made(
        title,
        titles,
        card,
        first,
        last,
        standing,
        until,
        _facets(
            kind,
            said,
            handling,
            (first, last),
            today,
            (
                ("subtype", subtype),
                ("standing", standing),
                ("body", owner),
                *((FLAG_FACET, flag) for flag in flags),
            ),
        ),
        _words(kind, said, vocabularies, handling, key=key, subtype=subtype),
    )


# --- dates --------------------------------------------------------------------------------


def dates(kind: Kind, said: Iterable[Statement]) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day that the statements can mean. An open end stays None.

    A date or period of the entry itself decides; only without one do its events and figures.
    """
    own: list[str] = []
    other: list[str] = []
    fields = kind.by_key
    for statement in said:
        field = fields.get(statement.field)
        if field is None:
            continue
        if field.type in (FieldType.DATE, FieldType.PERIOD):
            if field.card or field.key in ("date", "period"):
                own.append(statement.value)
        elif field.type is FieldType.EVENT:
            other += [statement.value["date"], statement.value["until"]]
        elif field.type is FieldType.COUNT:
            other.append(statement.value["period"])
        elif field.type in (FieldType.TOTAL, FieldType.SHARE):
            other.append(statement.value["as_of"])
    bounds = [bound for text in own or other if text for bound in (_bounds(text),)]
    starts = [start for start, _end in bounds if start]
    ends = [end for _start, end in bounds]
    open_ended = any(end is None for end in ends)
    known = [end for end in ends if end]
    return (min(starts) if starts else None, None if open_ended or not known else max(known))


def _bounds(text: str) -> tuple[dt.date | None, dt.date | None]:
    if "/" not in text:
        date = PartialDate.parse(text)
        return date.first, date.last
    period = Period.parse(text)
    return (
        period.start.first if period.start else None,
        period.end.last if period.end else None,
    )


def years(first: dt.date | None, last: dt.date | None, today: dt.date) -> range:
    """The years an entry is found under; an open end reaches to this year. Of a long time the
    latest count, and "until 9999" is not taken at its word."""
    start, end = first or last, last or (max(first, today) if first else None)
    if start is None or end is None:
        return range(0)
    until = min(end.year, max(start.year, today.year) + SPAN // 2)
    return range(max(start.year, until - SPAN + 1), until + 1)


# --- standing -----------------------------------------------------------------------------


def happenings(kind: Kind, said: Iterable[Statement]) -> list[agreements.Happening]:
    """The events of an agreement's history, as its rules read them."""
    events = [field.key for field in kind.fields if field.type is FieldType.EVENT]
    return [
        agreements.Happening(
            agreements.AgreementEvent(s.value["event"]),
            PartialDate.parse(s.value["date"]) if s.value["date"] else None,
            PartialDate.parse(s.value["until"]) if s.value["until"] else None,
            source=s.said.by,
            note=s.value["note"],
            presumed=s.value["note"].startswith(PRESUMED),
        )
        for s in said
        if s.field in events
    ]


PRESUMED = "presumed"  # how the note of an event begins that no source reports


def standing_of(kind: Kind, said: Sequence[Statement], today: dt.date) -> agreements.Standing:
    """Where an agreement stands, by its events, its term and whether the Union is a party."""
    by_field = {s.field: s.value for s in reversed(said)}  # the first speaker counts
    term = by_field.get("term_months")
    months = str(term.get("n") if isinstance(term, dict) else term or "")
    return agreements.standing(
        happenings(kind, said),
        today=today,
        term_months=int(months) if months.isdigit() and int(months) > 0 else None,
        auto_renews=by_field.get("auto_renews") is True,
        union_party=_union_is_party(said, by_field.get("union_party")),
    )


# The Union as people write it as a party, in its six languages; "ITU-D" and "ITU BDT" are it too.
_UNION = re.compile(
    r"(itu|uit|мсэ|国际电联)(?!\w)|(the )?international telecommunication union|国际电信联盟"
    r"|union internationale des télécommunications|unión internacional de telecomunicaciones"
    r"|международный союз электросвязи|الاتحاد الدولي للاتصالات"
)


def _union_is_party(said: Sequence[Statement], stated: Any) -> bool:
    """What is said of it decides; where nothing is, a party of that name and level does, so that
    leaving a field empty does not hide that the Council was not asked."""
    if isinstance(stated, bool):
        return stated
    return any(
        s.field == "party"
        and s.value["level"] in ("igo", "")  # "ITU, network" is a university of Istanbul
        and _UNION.match(s.value["name"].casefold())
        for s in said
    )


def _standing(
    kind: Kind, said: Sequence[Statement], today: dt.date, request_state: str
) -> tuple[str, dt.date | None, tuple[str, ...]]:
    """Where it stands, the day on which time alone may change that, and what is doubted of it."""
    if kind.history == "request":
        return request_state or "open", None, ()
    if kind.history != "agreement":
        return "", None, ()
    found = standing_of(kind, said, today)
    history = happenings(kind, said)
    ends = [found.ends, *(h.until for h in history)]
    turns = [h.date.first for h in history if h.date]  # what is announced happens on its day
    turns += [e.last + dt.timedelta(days=1) for e in ends if e and e.last < dt.date.max]
    flags = tuple(flag.value for flag in agreements.LASTING if flag in found.flags)
    return found.state.value, min((turn for turn in turns if turn > today), default=None), flags


# --- card ---------------------------------------------------------------------------------


def _card(kind: Kind, said: Sequence[Statement]) -> dict[str, Any]:
    card: dict[str, Any] = {}
    for field in kind.fields:
        if field.key == "title" or not field.card:
            continue
        found = [s.value for s in said if s.field == field.key]
        unique = [value for i, value in enumerate(found) if value not in found[:i]]
        if unique:
            card[field.key] = unique[:CARD_VALUES]
        if len(unique) > CARD_VALUES:
            card.setdefault("_more", {})[field.key] = len(unique) - CARD_VALUES
    summaries = {s.language: s.value for s in reversed(said) if s.field == "summary"}
    if summaries:
        card["_summary"] = {code: text[:SUMMARY] for code, text in summaries.items()}
    if said:
        source = said[0].said
        card["_source"] = {
            "by": source.by,
            "title": source.evidence_title,
            "url": source.evidence_url,
            "date": source.evidence_date,
        }
    return card


# --- facets -------------------------------------------------------------------------------


def _facets(
    kind: Kind,
    said: Sequence[Statement],
    handling: int,
    span: tuple[dt.date | None, dt.date | None],
    today: dt.date,
    besides: Iterable[tuple[str, str]],
) -> tuple[FacetValue, ...]:
    """Each (facet, value) once, with those that no field tells (`besides`); where several
    statements say it, the entry's own handling wins, then the least strict: whoever may read one of
    them must find the entry by it."""
    found: dict[tuple[str, str], tuple[int, int]] = {}  # how strict, under which handling

    def add(facet: str, value: str, under: int, label: Label = Label.CLEAR) -> None:
        key = (facet, value[:200])
        mark = (-1 if under == handling else label.rank, under)
        if value and (key not in found or mark[0] < found[key][0]):
            found[key] = mark

    day = span[0] or today
    fields = kind.by_key
    for statement in said:
        field = fields.get(statement.field)
        if field is None:
            continue
        for facet, value in _values(field, statement.value, day):
            add(facet, value, statement.handling, statement.label)
    for year in years(*span, today):
        add(YEAR_FACET, str(year), handling)
    for facet, value in besides:
        add(facet, value, handling)
    return tuple(
        FacetValue(facet, value, under) for (facet, value), (_strict, under) in found.items()
    )


def facet_names(kind: Kind) -> tuple[str, ...]:
    """The facets that entries of this kind can be found by: `_values` and `_facets` fill them."""
    found = ["subtype", "standing", YEAR_FACET, "body"]
    found += [FLAG_FACET] if kind.history == "agreement" else []
    for field in kind.fields:
        if field.type is FieldType.PARTY or (field.type is FieldType.COUNTRY and field.facet):
            found += ["country", "region", "group"]
        elif field.type is FieldType.PROVISION and field.facet:
            found += [field.facet, "instrument"]
        elif field.type is FieldType.ENTRY:
            found.append("entry")
        elif field.facet:
            found.append(field.facet)
    return tuple(sorted(set(found)))


def _values(field: Field, value: Any, day: dt.date) -> Iterable[tuple[str, str]]:
    if field.type is FieldType.COUNTRY and field.facet:
        yield from _country(value, day)
    elif field.type is FieldType.PARTY:
        yield "body", value["name"]
        if value["country"]:
            yield from _country(value["country"], day)
    elif field.type is FieldType.PROVISION and field.facet:
        yield field.facet, value
        yield "instrument", "/".join(value.split("/")[:2])
    elif field.type is FieldType.BODY and field.facet:
        yield field.facet, value["name"]
    elif field.type is FieldType.ENTRY:
        yield "entry", value
    elif field.type is FieldType.YESNO and field.facet:
        yield field.facet, "yes" if value else "no"
    elif field.facet and isinstance(value, str):
        yield field.facet, value


def _country(code: str, day: dt.date) -> Iterable[tuple[str, str]]:
    yield "country", code
    region = countries.membership(code, max(day, countries.RECORD_FROM)).region
    if region:
        yield "region", region
    for group in sorted(countries.groups_on(code, max(day, countries.RECORD_FROM))):
        yield "group", group.value


# --- words --------------------------------------------------------------------------------


def _words(
    kind: Kind,
    said: Sequence[Statement],
    vocabularies: Vocabularies,
    handling: int,
    *,
    key: str,
    subtype: str,
) -> tuple[Words, ...]:
    title: dict[int, list[str]] = {handling: []}
    text: dict[int, list[str]] = {handling: [key]}
    if subtype and kind.subtypes:
        text[handling] += _names(vocabularies, kind.subtypes, subtype)
    fields = kind.by_key
    for statement in said:
        field = fields.get(statement.field)
        if field is None or not field.search:
            continue
        into = title if field.key in ("title", "short_title") else text
        into.setdefault(statement.handling, []).extend(
            _spoken(field, statement.value, vocabularies)
        )
    return tuple(
        Words(
            number,
            index_words(" \n ".join(title.get(number, ()))),
            index_words(" \n ".join(dict.fromkeys(text.get(number, ())))),
        )
        for number in {**title, **text}
    )


def _spoken(field: Field, value: Any, vocabularies: Vocabularies) -> list[str]:
    """The words of a value, in every language where they are ours to say."""
    if field.type is FieldType.COUNTRY:
        return _country_names(value)
    if field.type is FieldType.PARTY:
        return [value["name"], *(_country_names(value["country"]) if value["country"] else ())]
    if field.type is FieldType.CHOICE:
        return _names(vocabularies, field.vocabulary, value)
    if field.type is FieldType.EVENT:
        return [value["note"]] if value["note"] else []
    if field.type is FieldType.BODY:
        return [value["name"]]
    if field.type in _NUMBERED:
        return [value["unit"]] if value.get("unit") else []
    if field.type in (FieldType.YESNO, FieldType.LANGUAGE):
        return []
    return [values.to_text(field, value).replace(OPEN, " ")]


def _names(vocabularies: Vocabularies, name: str, code: str) -> list[str]:
    vocabulary = vocabularies.get(name)
    term = vocabulary.terms.get(code) if vocabulary else None
    return [label for label in term.labels.values() if label] if term else [code]


def _country_names(code: str) -> list[str]:
    country = countries.by_code(code)
    return [code, country.iso3, *(country.name(language) for language in LANGUAGES)]


def titles_of(titles: Mapping[str, str], language: str) -> tuple[str, str]:
    """The title to show in a language, and the language it is in."""
    for code in (language, "en", *titles):
        if code in titles:
            return titles[code], code
    return "", ""
