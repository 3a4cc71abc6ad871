"""The columns that have no place of their own, as one JSON object a row, a column at a time.

Polars can encode a struct as JSON, but writes every null, and 70 of 76 columns are empty in a
typical row; so the object is put together from pieces. Text that needs no escaping, nearly all,
is taken as it is; a column in which any does goes through Polars' encoder.
"""

from __future__ import annotations

import json

import polars as pl

_ODD = r'["\\\x00-\x1f]'  # what JSON does not take as it stands
FEW = 64  # distinct values in a sample, up to which a column is checked by its distinct values
SAMPLE = 1_000


def texts(columns: dict[str, pl.Series]) -> pl.Series | None:
    """A JSON object a row; null where all are null; None when there is no column at all.

    Columns that are full throughout are put together in one pass, text between them; only one that
    has gaps needs its own piece, which is null where the column is.
    """
    if not columns:
        return None
    full = [(n, c) for n, c in columns.items() if not c.null_count()]
    gaps = [_piece(name, c) for name, c in columns.items() if c.null_count()]
    parts: list[pl.Expr] = []
    words = ""
    for name, column in full:
        key = json.dumps(name, ensure_ascii=False)
        body, quote = (column, '"') if plain(column) else (_encoded(column), "")
        if body.len() and (body[0] == body[-1]) and body.n_unique() == 1:
            words += f"{key}:{quote}{body[0]}{quote},"
            continue
        parts += [pl.lit(words + key + ":" + quote), pl.lit(body)]
        words = quote + ","
    words = words.removesuffix(",")
    height = len(next(iter(columns.values())))
    if not gaps:
        return _put_together([pl.lit("{"), *parts, pl.lit(words + "}")], height)
    if full:
        gaps.insert(0, _put_together([*parts, pl.lit(words)], height))
    joined = pl.select(pl.concat_str(gaps, separator=",", ignore_nulls=True)).to_series()
    if not full and (void := joined.str.len_bytes() == 0).any():
        joined = joined.set(void, None)
    return pl.select(pl.concat_str([pl.lit("{"), pl.lit(joined), pl.lit("}")])).to_series()


def _put_together(parts: list[pl.Expr], height: int) -> pl.Series:
    joined = pl.select(pl.concat_str(parts)).to_series()
    return joined if len(joined) == height else joined.new_from_index(0, height)


def _piece(name: str, column: pl.Series) -> pl.Series:
    key = json.dumps(name, ensure_ascii=False)
    body, quote = (column, '"') if plain(column) else (_encoded(column), "")
    parts = [pl.lit(f"{key}:{quote}"), pl.lit(body), pl.lit(quote)]
    return pl.select(pl.concat_str(parts)).to_series()


def _encoded(column: pl.Series) -> pl.Series:
    """Each text as JSON, by Polars' encoder of structs; null stays null."""
    struct = pl.DataFrame({"": column}).to_struct()
    body = struct.struct.json_encode().str.strip_prefix('{"":').str.strip_suffix("}")
    return body.set(column.is_null(), None) if column.null_count() else body


def plain(column: pl.Series) -> bool:
    """Whether no text of the column needs escaping."""
    if column.head(SAMPLE).n_unique() <= FEW:
        column = column.unique()
    return not column.str.contains(_ODD).any()
