"""Columns that hold several values: tags, CVEs, addresses. To lists."""

from __future__ import annotations

import json
import re

import polars as pl

from comity.events.rules.normalise.addresses import understood

_CVE = re.compile(r"\bcve[-_ ](\d{4})[-_ ](\d{4,})\b", re.I)
_PARTS = re.compile(r"[;,|]")
TEXTS = pl.List(pl.String)


def tags(column: pl.Series) -> pl.Series:
    """ "ssl;vpn", "a,b" and ["a","b"] to words. Most columns hold few distinct texts."""
    known = column.drop_nulls().unique().to_list()
    if not any(_PARTS.search(text) or text.startswith("[") for text in known):
        return column.reshape((-1, 1)).arr.to_list() if not column.null_count() else _listed(column)
    return _looked_up(column, {text: _words(text) for text in known})


def cves(column: pl.Series) -> pl.Series | None:
    """The CVEs a text names, upper case; None when none does."""
    known = column.drop_nulls().unique().to_list()
    found = {text: _cves(text) for text in known if "cve" in text.lower()}
    return _looked_up(column, found) if any(found.values()) else None


def addresses(column: pl.Series) -> pl.Series:
    """A list of addresses, canonical; what is none is left out."""
    known = column.drop_nulls().unique().to_list()
    return _looked_up(column, {text: _addresses(text) for text in known})


def joined(columns: list[pl.Series]) -> pl.Series:
    """Several lists a row to one, in order, nothing twice."""
    if len(columns) == 1:
        return columns[0]
    empty = [column.fill_null(pl.Series([[]], dtype=TEXTS)[0]) for column in columns]
    whole = pl.select(pl.concat_list(empty).list.unique(maintain_order=True)).to_series()
    return whole.set(whole.list.len() == 0, None)


def _words(text: str) -> list[str]:
    if text.startswith("["):
        try:
            cells = json.loads(text)
            words = [str(cell).strip() for cell in cells if isinstance(cell, str | int)]
            return list(dict.fromkeys(filter(None, words)))
        except (ValueError, RecursionError):
            pass
    return list(dict.fromkeys(filter(None, (part.strip() for part in _PARTS.split(text)))))


def _cves(text: str) -> list[str]:
    found = (f"CVE-{year}-{number}" for year, number in _CVE.findall(text))
    return list(dict.fromkeys(found))


def _addresses(text: str) -> list[str]:
    found = (understood(word) for word in _words(text.replace(" ", ",")))
    return list(dict.fromkeys(address.text for address in found if address))


def _listed(column: pl.Series) -> pl.Series:
    lists = pl.select(pl.concat_list(column)).to_series()
    return lists.set(column.is_null(), None)


def _looked_up(column: pl.Series, found: dict[str, list[str]]) -> pl.Series:
    """Each text by its list: a join over the distinct ones."""
    right = pl.DataFrame(
        {"text": list(found), "list": [words or None for words in found.values()]},
        schema={"text": pl.String, "list": TEXTS},
    )
    left = column.rename("text").to_frame()
    return left.join(right, on="text", how="left", maintain_order="left")["list"]
