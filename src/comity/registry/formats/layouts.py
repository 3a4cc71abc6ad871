"""Files that come in columns of their own: a table says which column means what.

A layout turns a row of such a file into the cells of our own columns (`rules/checking.py`), so
that one check serves all. A column that a layout does not name is refused, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import yaml

from comity.registry.types import BadKind


class Figure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number and its unit in two columns; a total where another column says so."""

    n: str
    unit: str
    date: str = ""  # the column of the day or period it is of
    total_where: str = ""  # a column …
    total_is: tuple[str, ...] = ()  # … and the words in it that make the figure a total


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The columns of one kind of file."""

    kind: str
    columns: dict[str, str]  # theirs to ours: "countries" to "country"
    period: tuple[str, ...] = ()  # start and end, to our `period`
    figure: Figure | None = None
    language: str = ""  # the column that names the language of the words
    known: tuple[str, ...] = ()  # columns that say again what others say: "date_precision"
    notes: tuple[str, ...] = ()  # columns that our note takes, each with its name before it
    always: dict[str, str] = msgspec.field(default_factory=dict)  # ours, the same in every row
    entries: dict[str, str] = msgspec.field(default_factory=dict)  # columns of ids, to their kind
    words: dict[str, dict[str, str]] = msgspec.field(default_factory=dict)  # their codes to ours

    @property
    def all_columns(self) -> frozenset[str]:
        named = {*self.columns, *self.period, *self.known, *self.notes, self.language}
        if self.figure:
            named |= {self.figure.n, self.figure.unit, self.figure.date, self.figure.total_where}
        return frozenset(named - {""})


def read_layouts(data: bytes, name: str = "layouts.yaml") -> dict[str, Layout]:
    """All layouts by name. Raises `BadKind`."""
    try:
        return msgspec.convert(yaml.load(data, Loader=yaml.CSafeLoader), dict[str, Layout])
    except (yaml.YAMLError, msgspec.ValidationError) as error:
        raise BadKind(str(error), name, "Correct this part of the file.") from error


def layout_of(kind: str, columns: Iterable[str], layouts: Mapping[str, Layout]) -> Layout | None:
    """The layout of this kind that knows all these columns, its names among them; None: the file
    is in our own."""
    found = frozenset(columns)
    for layout in layouts.values():
        named = {theirs for theirs, ours in layout.columns.items() if ours in ("key", "title")}
        if layout.kind == kind and named <= found <= layout.all_columns:
            return layout
    return None


def arrange(layout: Layout, cells: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """A row in our columns, and the language of its words ("" where it does not say)."""
    found: dict[str, str] = dict(layout.always)
    for theirs, ours in layout.columns.items():
        text = cells.get(theirs, "").strip()
        swap = layout.words.get(theirs, {})
        text = swap.get(text, text)
        if theirs in layout.entries:
            names = [part.strip().lower() for part in text.split(";") if part.strip()]
            text = "; ".join(f"{layout.entries[theirs]}/{name}" for name in names)
        if text:
            found[ours] = f"{found[ours]}; {text}" if ours in found else text
    if layout.period:
        dates = [cells.get(column, "").strip() for column in layout.period]
        start, end = dates[0], dates[1] if len(dates) > 1 else ""
        if start or end:
            found["period"] = start if start == end or not end else f"{start or '..'}/{end}"
    if layout.figure and cells.get(layout.figure.n, "").strip():
        found |= _figure(layout.figure, cells)
    said = [found.pop("note", "")]
    for column in layout.notes:
        if cells.get(column, "").strip():
            said.append(f"{column.replace('_', ' ').capitalize()}: {cells[column].strip()}")
    if any(said):
        found["note"] = "\n".join(part for part in said if part)
    return found, cells.get(layout.language, "").strip() if layout.language else ""


def _figure(figure: Figure, cells: Mapping[str, str]) -> dict[str, str]:
    text = cells[figure.n].strip()
    date = cells.get(figure.date, "").strip() if figure.date else ""
    if date:
        text += f" @ {date}"
    if cells.get(figure.unit, "").strip():
        text += f" # {cells[figure.unit].strip()}"
    total = figure.total_where and cells.get(figure.total_where, "").strip() in figure.total_is
    return {"total" if total else "figure": text}
