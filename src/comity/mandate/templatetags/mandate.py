"""Small words of the room's templates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from django import template
from django.utils.translation import get_language

from comity.mandate.models import Passage
from comity.mandate.pages.wording import CHANGES, STATES, Words
from comity.mandate.types import ChangeKind, State

register = template.Library()


@register.filter
def get(table: Mapping[str, object], key: str) -> object:
    """The entry of a table; nothing when there is none."""
    return table.get(key, "")


@register.filter
def two(value: float) -> str:
    """A similarity with two decimals as the language writes them, western digits."""
    locale = Locale.parse((get_language() or "en").replace("-", "_"), sep="_")
    return format_decimal(round(value, 2), "0.00", locale=locale, numbering_system="latn")


@register.filter
def change_word(kind: str) -> Words:
    """The word for a change's kind."""
    return CHANGES[ChangeKind(kind)].word


@register.filter
def state_word(state: str) -> Words:
    """The word for a passage's state."""
    return STATES[State(state)].word


Runs = list[dict[str, Any]]


@register.filter
def in_place(rows: Sequence[Passage]) -> list[tuple[Passage, Runs, Passage | None]]:
    """Each passage with its runs, cut where an insertion stands, and the passage it stands in."""
    by_seq = {row.seq: row for row in rows}
    inside: dict[int, list[Passage]] = {}
    for row in rows:
        if row.within in by_seq:
            inside.setdefault(row.within, []).append(row)
    return [(row, _cut(row.runs, inside.get(row.seq, ())), by_seq.get(row.within)) for row in rows]


@register.filter
def placed(
    row: Passage, contents: Iterable[tuple[str, str, Sequence[Passage]]]
) -> tuple[Runs, Passage | None]:
    """The runs of one passage and what it stands in; `contents` holds its whole section."""
    rows = [other for _, _, inside in contents for other in inside]
    return next((runs, host) for one, runs, host in in_place(rows) if one.seq == row.seq)


def _cut(runs: Runs, insertions: Iterable[Passage]) -> Runs:
    """Runs with a sign for each insertion, so many characters in as it says."""
    made, at = [], 0
    waiting = sorted(insertions, key=lambda passage: passage.at or 0)
    for run in runs:
        while waiting and (waiting[0].at or 0) < at + len(run["text"]):
            head = (waiting[0].at or 0) - at
            made += [{**run, "text": run["text"][:head]}, {"insertion": waiting.pop(0)}]
            run = {**run, "text": run["text"][head:]}
            at += head
        made.append(run)
        at += len(run["text"])
    made += [{"insertion": passage} for passage in waiting]
    return [run for run in made if run.get("text") or "insertion" in run]
