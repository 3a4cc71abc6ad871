"""Rows as CSV (RFC 4180), byte for byte as Polars writes it; no cell that a spreadsheet would run.

Of 70 columns of a report 50 say the same in every row, or nothing. What neighbours of that kind
say is put together once, and the cells of the others get their quotes before the writer sees them.
"""

from __future__ import annotations

import io

import polars as pl

from comity.events.rules.constant import constant
from comity.kit.sheets import guard
from comity.kit.sheets.guard import runs

MAYBE = "^['\\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff=+\\-@\uff1d\uff0b\uff0d\uff20]"
"""What each text that `guard` changes begins with. Few do: only those are looked at one by one."""
QUOTED = '[",\\r\\n]|^$'
"""What wants quotes; the empty text does, for nothing at all is null."""


def head(frame: pl.DataFrame) -> bytes:
    return (",".join(frame.columns) + "\n").encode()


def lines(cells: pl.DataFrame) -> bytes:
    """Of what `cells` made."""
    out = io.BytesIO()
    cells.write_csv(out, include_header=False, quote_style="never")
    return out.getvalue()


def cells(frame: pl.DataFrame, order: pl.Series | None = None) -> pl.DataFrame:
    """The cells as they stand in the file, in this order of rows; what neighbouring columns say in
    every row is one cell."""
    made: list[pl.Series] = []
    same: list[str] = []

    def together() -> None:
        if same:
            text = pl.Series([",".join(same)], dtype=pl.String)
            made.append(text.new_from_index(0, frame.height))
            same.clear()

    for column in frame:
        if constant(column):
            same.append(_cell(column))
        else:
            together()
            made.append(_ready(column if order is None else column.gather(order)))
    together()
    return pl.DataFrame([column.alias(f"{n}") for n, column in enumerate(made)])


def _cell(column: pl.Series) -> str:
    """The one thing that a column says."""
    if column.null_count():
        return ""
    if column.dtype == pl.String:
        return _ready(column.head(1)).item()  # type: ignore[no-any-return]
    return column.head(1).to_frame().write_csv(include_header=False).removesuffix("\n")


def _ready(column: pl.Series) -> pl.Series:
    if isinstance(column.dtype, pl.List):
        column = column.list.join(";")
    if column.dtype != pl.String:
        return column
    if not column.str.contains(f"{MAYBE}|{QUOTED}").any():
        return column
    column = _guarded(column)
    text = pl.col(column.name)
    quoted = pl.concat_str(pl.lit('"'), text.str.replace_all('"', '""', literal=True), pl.lit('"'))
    wants = text.str.contains(QUOTED)
    return column.to_frame().select(pl.when(wants).then(quoted).otherwise(text)).to_series()


def _guarded(column: pl.Series) -> pl.Series:
    odd = column.filter(column.str.contains(MAYBE)).unique()
    changed = {text: guard(text) for text in odd.to_list() if runs(text)}
    if not changed:
        return column
    return column.replace(list(changed), list(changed.values()))
