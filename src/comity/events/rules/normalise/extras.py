"""The columns that have no place of their own, as one JSON object a row, a column at a time.

Polars can encode a struct as JSON, but writes every null, and 70 of 76 columns are empty in a
typical row; so the object is put together from pieces. Text that needs no escaping, nearly all,
is taken as it is; a column in which any does goes through Polars' encoder.
"""

from __future__ import annotations

import json

import polars as pl

from comity.events.rules.constant import constant
from comity.events.rules.normalise.values import few

_ODD = r'["\\\x00-\x1f]'  # what JSON does not take as it stands


def texts(columns: dict[str, pl.Series], *, known_plain: bool = False) -> pl.Series | None:
    """A JSON object a row; null where all are null; None when there is no column at all.

    Each text is copied once: columns that are full throughout are put together in one pass, text
    between them, behind those that have gaps. Only these need a piece of their own, which is null
    where the column is, and so left out.
    """
    if not columns:
        return None
    full = {name: c for name, c in columns.items() if not c.null_count()}
    gaps = {name: c for name, c in columns.items() if c.null_count()}
    if not full:
        return _sparse(gaps, known_plain)
    parts: list[pl.Expr | pl.Series] = [pl.lit("{")]
    parts += [_piece(name, column, known_plain, ",") for name, column in gaps.items()]
    words = ""
    for name, column in full.items():
        key, body, quote = _parts(name, column, known_plain)
        if body.len() and constant(body):
            words += f"{key}:{quote}{body[0]}{quote},"
            continue
        parts += [pl.lit(f"{words}{key}:{quote}"), pl.lit(body)]
        words = quote + ","
    parts.append(pl.lit(words.removesuffix(",") + "}"))
    joined = pl.select(pl.concat_str(parts, ignore_nulls=True)).to_series()
    height = len(next(iter(columns.values())))
    return joined if len(joined) == height else joined.new_from_index(0, height)


def _sparse(columns: dict[str, pl.Series], known_plain: bool) -> pl.Series:
    """The same where no column is full: a row may have nothing to say."""
    pieces = [_piece(name, column, known_plain, "") for name, column in columns.items()]
    joined = pl.select(pl.concat_str(pieces, separator=",", ignore_nulls=True)).to_series()
    void = joined == ""
    if void.any():
        joined = joined.set(void, None)
    return pl.select(pl.concat_str([pl.lit("{"), pl.lit(joined), pl.lit("}")])).to_series()


def _piece(name: str, column: pl.Series, known_plain: bool, end: str) -> pl.Series:
    key, body, quote = _parts(name, column, known_plain)
    parts = [pl.lit(f"{key}:{quote}"), pl.lit(body), pl.lit(quote + end)]
    return pl.select(pl.concat_str(parts)).to_series()


def _parts(name: str, column: pl.Series, known_plain: bool) -> tuple[str, pl.Series, str]:
    """The name as JSON, the texts, and the quote they want."""
    key = json.dumps(name, ensure_ascii=False)
    if known_plain or plain(column):
        return key, column, '"'
    return key, _encoded(column), ""


def _encoded(column: pl.Series) -> pl.Series:
    """Each text as JSON, by Polars' encoder of structs; null stays null."""
    struct = pl.DataFrame({"": column}).to_struct()
    body = struct.struct.json_encode().str.strip_prefix('{"":').str.strip_suffix("}")
    return body.set(column.is_null(), None) if column.null_count() else body


def plain(column: pl.Series) -> bool:
    """Whether no text of the column needs escaping."""
    if few(column):
        column = column.unique()
    return not column.str.contains(_ODD).any()
