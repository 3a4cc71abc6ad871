"""Entries of one kind as rows of a table, in the columns that `comity registry load` takes.

A row is one entry. Where several speak of a field that has one value, the row holds the words of
the first by precedence, and what it does not hold is told: a table has no room for who says what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from comity.kit.sheets import write_csv, write_xlsx_to
from comity.registry.formats.exported import Exported
from comity.registry.rules import checking
from comity.registry.types import Field, Kind, Statement

BASE = "en"  # the language of a column that names none, as `load` reads it


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a row could not hold: the other's value of a field, or the evidence of one."""

    entry: str
    field: str
    what: str  # "value" or "evidence"


def columns(kind: Kind, languages: Iterable[str]) -> tuple[str, ...]:
    """The columns of a table of this kind, with those of the languages that occur in it."""
    return checking.columns(kind, sorted(set(languages) - {"", BASE}))


def row(
    entry: Exported, names: Sequence[str], left_out: list[LeftOut] | None = None
) -> tuple[str, ...]:
    """One entry under these columns."""
    cells: dict[str, str] = {}
    held: list[Statement] = []
    for key, said in entry.by_field().items():
        field = entry.kind.by_key[key]
        for column, group in _by_column(field, said).items():
            kept = group if field.many else group[:1]
            cells[column] = checking.cell(field, _once(kept))
            held += kept
            if left_out is not None:
                other = [s for s in group[len(kept) :] if s.value != kept[0].value]
                left_out += [LeftOut(entry.name, key, "value") for _s in other]
    source, since = _evidence(held), _since(held)
    if left_out is not None:
        left_out += [LeftOut(entry.name, s.field, "evidence") for s in held if _said(s) != source]
    cells |= {
        "key": entry.key,
        "subtype": entry.subtype,
        "tlp": str(entry.strictest),
        "source_title": source[0],
        "source_url": source[1],
        "source_date": source[2],
        "since": since,
    }
    return tuple(cells.get(name, "") for name in names)


def _by_column(field: Field, said: Iterable[Statement]) -> dict[str, list[Statement]]:
    found: dict[str, list[Statement]] = {}
    for statement in said:
        plain = not field.translatable or statement.language in ("", BASE)
        column = field.key if plain else f"{field.key}_{statement.language}"
        found.setdefault(column, []).append(statement)
    return found


def _once(said: Iterable[Statement]) -> list[object]:
    """Values without those that another speaker repeats."""
    found: list[object] = []
    for statement in said:
        if statement.value not in found:
            found.append(statement.value)
    return found


def _said(statement: Statement) -> tuple[str, str, str]:
    said = statement.said
    return said.evidence_title, said.evidence_url, said.evidence_date


def _evidence(held: Iterable[Statement]) -> tuple[str, str, str]:
    """The evidence that most of the row stands on."""
    counted = Counter(_said(s) for s in held)
    return counted.most_common(1)[0][0] if counted else ("", "", "")


def _since(held: Iterable[Statement]) -> str:
    counted = Counter(s.said.since for s in held)
    return counted.most_common(1)[0][0] if counted else ""


def to_csv(
    entries: Iterable[Exported], names: Sequence[str], left_out: list[LeftOut] | None = None
) -> Iterator[bytes]:
    """The table as CSV in pieces. The label is in its column: a line before the names would make
    them data to every reader."""
    return write_csv(names, (row(entry, names, left_out) for entry in entries))


def to_xlsx(
    file: IO[bytes],
    entries: Iterable[Exported],
    names: Sequence[str],
    *,
    title: str,
    notes: Sequence[str],
    notes_title: str,
    rtl: bool = False,
    left_out: list[LeftOut] | None = None,
) -> None:
    """The table as a workbook, with a second sheet that says what it is."""
    rows = (row(entry, names, left_out) for entry in entries)
    write_xlsx_to(file, names, rows, title=title, notes=notes, notes_title=notes_title, rtl=rtl)
