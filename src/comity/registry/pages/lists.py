"""Lists to search and to narrow: one kind, and everything at once. All a GET form, no script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comity.kit.errors import KitError
from comity.kit.languages import LANGUAGES
from comity.kit.tlp import Label
from comity.people.rules import may
from comity.registry import reads
from comity.registry.models import Entry
from comity.registry.pages import wording
from comity.registry.pages.frame import files, found, kind_called, soft, strictest, trail, viewer
from comity.registry.pages.showing import SHORT, brief, date, foreign, period, shown, titled
from comity.registry.reads.choices import kinds_found, other_values
from comity.registry.rules.agreements import Flag
from comity.registry.types import Field, FieldType, Kind, Term, Vocabulary

PAGE = 50
CHOICES = 120  # of one facet in a form: the most frequent; the rest is found by words
ALL = ("country", "year", "language")  # closed lists: all of them are offered
IN_CELL = 4  # values of one field in a row of a list
COLUMNS = 5  # card fields of a row; a table of more is read by nobody
ORDERED = ("region", "group", "pillar", "itu_sector", "action_line", "phase")
IN_LISTS = (Flag.NO_COUNCIL_APPROVAL,)  # other doubts are for the page of the entry
NAMED = 3  # countries of one entry that a line names; more are counted
MANY = 8  # values of one facet that an address may ask for
TEXT = 400  # characters of a question that are kept in addresses
EVERYWHERE = ("country", "region", "area", "year")  # what a search over all kinds narrows by
# and by these, of which no number is told: counting eleven facets of each search costs too much.
BESIDES = "group provision pillar itu_sector action_line language core_mandate".split()


# --- the question -------------------------------------------------------------------------


def facets_of(kind: Kind) -> tuple[str, ...]:
    """What a kind is narrowed by: what all kinds have, then its own, in the order of its file."""
    own = [field.facet for field in kind.fields if field.facet]
    return tuple(dict.fromkeys([*wording.FACETS, *own]))


def question_of(query: QueryDict, kind: str, facets: Iterable[str]) -> reads.Question:
    """What an address asks for. What no facet is called is left alone."""
    chosen = {}
    for name in facets:
        values = tuple(dict.fromkeys(value for value in query.getlist(name) if value))
        if values:
            chosen[name] = values[:MANY]
    return reads.Question(kind, query.get("q", "").strip()[:TEXT], chosen)


def as_query(question: reads.Question, **more: str) -> str:
    """The question as an address holds it, without the place in the list."""
    pairs = [("q", question.text)] if question.text else []
    pairs += [(name, value) for name, values in question.facets.items() for value in values]
    return urlencode([*pairs, *more.items()])


# --- the form -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str
    lang: SafeString  # of the words, where it is not the reader's
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """One facet in the form."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    many: bool  # several are chosen: the form must not lose them
    left: int  # values that the form leaves out

    @property
    def chosen(self) -> bool:
        return any(choice.chosen for choice in self.choices)


def filters_of(
    names: Iterable[str],
    question: reads.Question,
    counted: Mapping[str, Sequence[tuple[str, int | None]]],
    others: Mapping[str, Sequence[str]],
    kind: Kind | None,
) -> list[Filter]:
    """The form's facets: those with something to choose."""
    made = []
    for name in names:
        picked = question.facets.get(name, ())
        counts = dict(counted.get(name, ()))
        values = list(dict.fromkeys([*picked, *counts, *others.get(name, ())]))
        kept = values if name in ALL else values[:CHOICES]
        if not kept:
            continue
        choices = [_choice(name, value, counts, picked, kind) for value in kept]
        made.append(
            Filter(
                name,
                wording.facet_name(name, kind),
                tuple(_in_order(name, choices, kind, chosen_first=len(picked) > 1)),
                len(picked) > 1,
                len(values) - len(kept),
            )
        )
    return made


def _choice(
    name: str,
    value: str,
    counts: Mapping[str, int | None],
    picked: Sequence[str],
    kind: Kind | None,
) -> Choice:
    try:
        words, language = wording.facet_value(name, value, kind)
    except KitError:  # an address that asks for a country that is none
        words, language = value, ""
    return Choice(value, words, foreign(language), counts.get(value), value in picked)


def _in_order(
    name: str, choices: list[Choice], kind: Kind | None, *, chosen_first: bool
) -> list[Choice]:
    """Years newest first; what stands in a vocabulary in its order; the rest by its words. A list
    of which several are chosen shows a few lines only: those come first."""
    if name == "year":
        choices = sorted(choices, key=lambda choice: choice.value, reverse=True)
    elif name in ORDERED:
        order = {code: n for n, code in enumerate(_terms(name, kind))}
        choices = sorted(choices, key=lambda choice: order.get(choice.value, len(order)))
    else:
        choices = sorted(choices, key=lambda choice: choice.words.casefold())
    return sorted(choices, key=lambda choice: not choice.chosen) if chosen_first else choices


def _terms(name: str, kind: Kind | None) -> Mapping[str, Term]:
    held = {field.facet: field.vocabulary for field in kind.fields} if kind else {}
    key = held.get(name) or wording.TABLES.get(name, "")
    return reads.vocabularies().get(key, Vocabulary(key, {})).terms


# --- rows ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    label: str
    html: SafeString
    more: int


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as a list shows it."""

    entry: Entry
    url: str
    title: SafeString
    subtype: tuple[str, SafeString] | None
    kind: Kind
    cells: tuple[Cell, ...]
    chips: tuple[wording.Chip, ...]
    label: Label
    summary: SafeString
    facts: tuple[SafeString, ...]
    source: Mapping[str, str]  # of the first thing said: by, title, url, date


def columns_of(kind: Kind, rows: Iterable[Entry]) -> list[Field]:
    """The card's fields that some row has: at most COLUMNS, in the order of the kind's file."""
    used = {key for row in rows for key in row.card}
    fields = [field for field in kind.fields if field.card and field.key in used]
    # The state of a history says more than its list of events.
    events = kind.history and FieldType.EVENT
    return [field for field in fields if field.key != "title" and field.type != events][:COLUMNS]


def row_of(entry: Entry, columns: Sequence[Field] = (), *, summary: bool = False) -> Row:
    """A row; its cells are those of the columns."""
    kind = reads.kinds()[entry.kind]
    return Row(
        entry,
        reverse("registry:entry", kwargs={"kind": wording.path_of(entry.kind), "key": entry.key}),
        titled(entry),
        subtype_of(kind, entry),
        kind,
        tuple(_cell(field, entry) for field in columns),
        chips_of(kind, entry),
        Label(entry.handling.label),
        _summary(entry) if summary else SafeString(""),
        _facts(entry),
        entry.card.get("_source", {}),
    )


def subtype_of(kind: Kind, entry: Entry) -> tuple[str, SafeString] | None:
    """The subtype in words, with the language of the words."""
    if not entry.subtype:
        return None
    words, language = wording.term(kind.subtypes, entry.subtype)
    return words, foreign(language)


def chips_of(kind: Kind, entry: Entry) -> tuple[wording.Chip, ...]:
    """Where it stands by its history, whether somebody contests it, and of an agreement of the
    Union whether the Council's approval is missing."""
    found = (
        wording.standing(kind, entry.standing),
        wording.STATES.get(entry.state),  # type: ignore[call-overload]
        *(wording.FLAGS[flag] for flag in IN_LISTS if flag in entry.card.get("_flags", ())),
    )
    return tuple(chip for chip in found if chip)


def _cell(field: Field, entry: Entry) -> Cell:
    values = entry.card.get(field.key, [])
    kept = [brief(field, value) for value in values[:IN_CELL]]
    more = len(values) - len(kept) + entry.card.get("_more", {}).get(field.key, 0)
    if field.type in SHORT:
        html = SafeString(escape(_(", ")).join(kept))
    elif len(kept) == 1:
        html = kept[0]
    else:
        html = format_html_join("", '<span class="block">{}</span>', ((one,) for one in kept))
    return Cell(field.label[wording.language()], html, more)


def _facts(entry: Entry) -> tuple[SafeString, ...]:
    """Which country and when: what tells "First national cybersecurity strategy" from 134 others,
    where a list has no columns."""
    card = entry.card
    codes = card.get("country", [])
    total = len(codes) + card.get("_more", {}).get("country", 0)
    if total > NAMED:
        counted = ngettext("{n} country", "{n} countries", total).format(n=total)
        found = [SafeString(escape(counted))]
    else:
        found = [brief(_COUNTRY, code) for code in codes]
    for key, said in (("period", period), ("adopted", date), ("date", date), ("issued", date)):
        if card.get(key):
            found.append(said(card[key][0]))
            break
    return tuple(found)


def _summary(entry: Entry) -> SafeString:
    texts = entry.card.get("_summary", {})
    for code in (wording.language(), "en", *texts):
        if code in texts:
            return SafeString(shown(_WORDS, texts[code], code))
    return SafeString("")


_WORDS = Field("summary", FieldType.WORDS, dict.fromkeys(LANGUAGES, "summary"))
_COUNTRY = Field("country", FieldType.COUNTRY, dict.fromkeys(LANGUAGES, "country"))


# --- pages --------------------------------------------------------------------------------


def _page(request: HttpRequest, listing: reads.Listing) -> dict[str, Any]:
    """What `_pages.html` needs. A cursor knows what follows; how far one has come is told by the
    address, so that "51 to 100" can be said without counting what stands before."""
    after = request.GET.get("after", "")
    before = request.GET.get("from", "")
    told = before.isdigit() and len(before) < 9
    start = int(before) if after and told else 0
    return {
        "counted": told or not after,
        "first": start + 1 if listing.entries else 0,
        "last": start + len(listing.entries),
        "total": listing.total,
        "more_than": listing.more_than,
        "next": listing.next,
        "next_from": start + len(listing.entries),
        "not_first": bool(after),
    }


@require_safe
@found
def kind(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything of one kind that the reader may see."""
    who, what = viewer(request), kind_called(kind)
    names = facets_of(what)
    question = question_of(request.GET, what.key, names)
    listing = reads.listing(
        who, question, after=request.GET.get("after", ""), limit=PAGE, facets=names
    )
    others = other_values(who, what.key, tuple(question.facets))
    filters = filters_of(names, question, listing.facets, others, what)
    columns = columns_of(what, listing.entries)
    rows = [row_of(entry, columns) for entry in listing.entries]
    context = {
        "kind": what,
        "question": question,
        "filters": [f for f in filters if f.name in wording.FIRST],
        "more_filters": [f for f in filters if f.name not in wording.FIRST],
        "more_open": any(f.chosen for f in filters if f.name not in wording.FIRST),
        "narrowed": bool(question.facets or question.text),
        "columns": columns,
        "rows": rows,
        "any_chip": any(row.chips for row in rows),
        "any_label": any(row.label is not Label.CLEAR for row in rows),
        "cut": listing.cut,
        "machines": files(what, as_query(question)),
        "submit": soft("registry:submit", kind=wording.path_of(what.key))
        if may(who, "registry.submit")
        else "",
        "upload": soft("registry:upload") if may(who, "registry.submit") else "",
        "saved": soft("registry:my_searches") if request.user.is_authenticated else "",
        "trail": trail(),
        **strictest(row.label for row in rows),
        **_page(request, listing),
    }
    return render(request, "registry/kind.html", context)


@require_safe
@found
def search(request: HttpRequest) -> HttpResponse:
    """Everything, by words; the kinds with how many of each were found."""
    who = viewer(request)
    asked = request.GET.get("kind", "")
    chosen = kind_called(asked) if asked else None
    names = (*EVERYWHERE, *BESIDES, "body")
    everywhere = question_of(request.GET, "", names)
    question = reads.Question(chosen.key if chosen else "", everywhere.text, everywhere.facets)
    listing = reads.listing(
        who, question, after=request.GET.get("after", ""), limit=PAGE, facets=EVERYWHERE
    )
    offered = (*(name for name in question.facets if name != "body"), *BESIDES)
    others = other_values(who, question.kind, tuple(dict.fromkeys(offered)))
    asked_for = [*EVERYWHERE, *BESIDES, *(["body"] if "body" in question.facets else [])]
    filters = filters_of(asked_for, question, listing.facets, others, chosen)
    more = [each for each in filters if each.name in BESIDES]
    narrowed = bool(everywhere.text or everywhere.facets)
    totals = kinds_found(who, everywhere) if narrowed else reads.kind_totals(who)
    rows = [row_of(entry, summary=True) for entry in listing.entries]
    context = {
        "chosen": chosen,
        "question": question,
        "filters": [each for each in filters if each not in more],
        "more_filters": more,
        "more_open": any(each.chosen for each in more),
        "narrowed": narrowed,
        "kinds": [
            (each, (totals or {}).get(each.key))
            for each in reads.kinds().values()
            if totals is None or totals.get(each.key)
        ],
        "all_total": sum(totals.values()) if totals else None,
        "kind_base": as_query(everywhere),
        "rows": rows,
        "any_label": any(row.label is not Label.CLEAR for row in rows),
        "cut": listing.cut,
        "saved": soft("registry:my_searches") if request.user.is_authenticated else "",
        "trail": trail(),
        **strictest(row.label for row in rows),
        **_page(request, listing),
    }
    return render(request, "registry/search.html", context)


urls = [path("search/", search, name="search")]
last = [path("<slug:kind>/", kind, name="kind")]  # behind every fixed word

__all__ = ["chips_of", "columns_of", "kind", "last", "row_of", "search", "subtype_of", "urls"]
