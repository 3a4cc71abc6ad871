"""Who stands behind a document symbol: "ARB/79A2/13" is proposal 13 of the Arab States.

Contributions to an ITU conference are numbered documents, and the letters before the number say
whose they are: the ITU symbol of a State (`B`, `INS`), several of them where States propose
together (`B/CAN/CLM/USA`), or the symbol of a regional group's common proposals (`ARB`, `RCC`).
The table is ours: `data/proposers.csv`, each row with its source.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass

from comity.mandate.types import MandateError, Proposer

# "IAP/34R1-A1/4" is proposal 4 in addendum 1 to revision 1 of document 34. A symbol has one to
# four capitals; documents of one conference stay below 1,000.
_TAG = re.compile(
    r"(?P<symbol>[A-Z]{1,4}(?:/[A-Z]{1,4})*)/(?P<document>\d{1,4})"
    r"(?:R(?P<revision>\d{1,2}))?(?:-?A(?P<addendum>\d{1,3}))?(?:/(?P<proposal>\d{1,4}))?"
)
_COLUMNS = ["symbol", "name", "kind", "country", "members", "source"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A document symbol, taken apart. 0 where a part is absent."""

    symbol: str  # "B"; "B/CAN" for a joint proposal
    document: int
    addendum: int = 0
    proposal: int = 0
    revision: int = 0


def parse_tag(text: str) -> Tag:
    """
    >>> parse_tag("ARB/79A2/13")
    Tag(symbol='ARB', document=79, addendum=2, proposal=13, revision=0)

    Raises MandateError where `text` is no document symbol and nothing but one.
    """
    match = _TAG.fullmatch(text.strip())
    if not match:
        raise MandateError(
            f"“{text[:40]}” is not the symbol of a document.",
            remedy="Write it as in the document: symbol, number, proposal, as in ARB/79A2/13.",
        )
    parts = {name: int(match[name] or 0) for name in ("document", "addendum", "proposal")}
    return Tag(match["symbol"], **parts, revision=int(match["revision"] or 0))


def read_proposers(text: str) -> dict[str, Proposer]:
    """The table by symbol, from CSV with the columns of `data/proposers.csv`.

    Raises MandateError with the line where a column, a symbol, a kind or a source is wrong.
    """
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    table: dict[str, Proposer] = {}
    try:
        if rows.fieldnames != _COLUMNS:
            raise MandateError(
                "The table of proposers has other columns.",
                line=1,
                remedy=f"The first line must be: {','.join(_COLUMNS)}",
            )
        for row in rows:
            proposer = _proposer(row, rows.line_num)
            if proposer.symbol in table:
                raise MandateError(
                    f"{proposer.symbol} stands twice.", line=rows.line_num, remedy="Keep one."
                )
            table[proposer.symbol] = proposer
    except csv.Error as error:
        raise MandateError(
            f"The table of proposers cannot be read: {error}.",
            line=max(rows.line_num, 1),
            remedy="Check the quotation marks and the line ends of this line.",
        ) from error
    return table


def _proposer(row: Mapping[str | None, str | list[str] | None], line: int) -> Proposer:
    """One row; a missing or surplus cell comes from csv as None."""
    cells = [row[name] for name in _COLUMNS]
    symbol, name, kind, country, members, source = (
        cell if isinstance(cell, str) else "" for cell in cells
    )
    wrong = (
        "has too many or too few cells"
        if None in row or None in cells
        else "needs a symbol of one to four capitals"
        if not re.fullmatch(r"[A-Z]{1,4}", symbol)
        else "needs a name"
        if not name
        else "has a kind other than state and group"
        if kind not in ("state", "group")
        else "needs an ISO 3166-1 alpha-2 code for a state, and none for a group"
        if (kind == "state") != bool(re.fullmatch(r"[A-Z]{2}", country))
        else "needs a source"
        if not source
        else ""
    )
    if wrong:
        raise MandateError(
            f"Row {symbol or '?'} {wrong}.",
            line=line,
            remedy="Compare it with the rows around it.",
        )
    return Proposer(symbol, name, kind, country, tuple(members.split()), source)


def proposer_of(tag: Tag, table: Mapping[str, Proposer]) -> Proposer:
    """Who stands behind `tag`. An unknown symbol has no name and no kind: nothing is guessed.

    States that propose together are a group whose members are known: they are in the symbol.
    """
    if tag.symbol in table:
        return table[tag.symbol]
    parts = tag.symbol.split("/")
    states = [table[part] for part in parts if part in table]
    if len(parts) == 1 or len(states) < len(parts):
        return Proposer(tag.symbol, "", "")
    return Proposer(
        tag.symbol,
        ", ".join(state.name for state in states),
        "group",
        members=tuple(state.country for state in states if state.country),
        source="the document symbol itself",
    )
