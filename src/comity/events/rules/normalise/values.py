"""One column of text to one of ours, a function a kind of value.

Each gives the values, what is odd (a sum of flags a row), and what it could not use: that text
stays in `extra` under its own name. A function looks at the whole column; where few distinct texts
stand in it, at those alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from comity.events.rules.normalise.addresses import MISSING
from comity.events.types.schema import CELL_LIMIT, Flag
from comity.kit import tlp
from comity.kit.errors import UnknownLabel

UNREAL = frozenset({"EU", "AP", "ZZ", "XX", "A1", "A2", "O1", "T1", "AA", "UK"}) - {"UK"}
"""Two letters that name no country: regions of registries, and the ways of saying "unknown"."""
SEVERITIES = ("critical", "high", "medium", "low", "info")
_SAID = {"informational": "info", "information": "info", "moderate": "medium", "severe": "critical"}
AS_TRANS = 23456
FEW, SAMPLE = 64, 1_000  # distinct texts in the first rows, up to which a column holds few


@dataclass(slots=True)
class Read:
    """A column, understood. `unused`: what stays in `extra`; null where all was used."""

    values: pl.Series
    flags: pl.Series | None = None
    unused: pl.Series | None = None


Reader = Callable[[pl.Series], Read]


def lengths(frame: pl.DataFrame, names: list[str]) -> dict[str, tuple[int, int]]:
    """Shortest and longest text of the columns that hold any, in bytes; all in one query, for a
    query a column costs more than its work."""
    longest = _bytes(frame, names, pl.Expr.max)
    filled = [name for name in names if longest[name]]
    shortest = _bytes(frame, filled, pl.Expr.min)
    return {name: (shortest[name] or 0, longest[name] or 0) for name in filled}


def _bytes(
    frame: pl.DataFrame, names: list[str], which: Callable[[pl.Expr], pl.Expr]
) -> dict[str, int | None]:
    if not names:
        return {}
    sizes = frame.select(which(pl.col(name).str.len_bytes()) for name in names)
    return dict(zip(names, sizes.row(0), strict=True))


def cut(column: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """A column with cells no longer than `CELL_LIMIT`, and flags for those that were."""
    long = (column.str.len_chars() > CELL_LIMIT).fill_null(False)
    if not long.any():
        return column, None
    return column.str.slice(0, CELL_LIMIT), flagged(long, Flag.TEXT_CUT)


def flagged(mask: pl.Series, flag: Flag) -> pl.Series:
    """A flag where the mask is true."""
    return mask.cast(pl.UInt32) * int(flag)


def text(column: pl.Series) -> Read:
    return Read(column)


def lower(column: pl.Series) -> Read:
    return Read(distinct(column, lambda text: text.strip().lower() or None))


TRANSPORTS = frozenset("tcp udp icmp icmpv6 ipv6-icmp sctp dccp udp-lite gre esp ah igmp".split())


def transport(column: pl.Series) -> Read:
    """tcp, udp…; a protocol above these (smtp, http) is not one, and stays over for `app_proto`."""
    return _or_unused(column, lambda text: t if (t := text.strip().lower()) in TRANSPORTS else None)


def distinct(column: pl.Series, change: Callable[[str], str | None]) -> pl.Series:
    """A column of few distinct texts, each changed; the column itself when none changes."""
    known = column.drop_nulls().unique().to_list()
    changed = {text: change(text) for text in known}
    different = {old: new for old, new in changed.items() if old != new}
    if not different:
        return column
    return column.replace(list(different), list(different.values()))


def port(column: pl.Series) -> Read:
    return _number(column, pl.UInt16(), Flag.PORT_DROPPED)


def count(column: pl.Series) -> Read:
    return _number(column, pl.UInt32(), None)


def _number(column: pl.Series, dtype: pl.DataType, flag: Flag | None) -> Read:
    """A positive whole number; 0 and what does not fit is null, and flagged."""
    values = column.cast(dtype, strict=False)
    if values.null_count() == column.null_count() and values.min() != 0:
        return Read(values)
    if values.null_count() > column.null_count():
        values = column.str.strip_chars().cast(dtype, strict=False)
    values = values.set(values == 0, None)
    dropped = values.is_null() & column.is_not_null() & ~_missing(column)
    if not dropped.any():
        return Read(values)
    return Read(values, flagged(dropped, flag) if flag else None, column.set(~dropped, None))


def _missing(column: pl.Series) -> pl.Series:
    return column.str.strip_chars().str.to_lowercase().is_in(list(MISSING)).fill_null(False)


def asn(column: pl.Series) -> Read:
    """AS8262, 8262, "AS 8262" and 1.10 (RFC 5396) are numbers; 0 is none; 23456 stands for any."""
    values = column.cast(pl.UInt32, strict=False)
    lost = values.is_null() & column.is_not_null()
    unused = None
    odd: pl.Series | None = None
    if lost.any():
        at = lost.arg_true()
        texts = column.gather(at).to_list()
        numbers = [_asn(text) for text in texts]
        values = values.scatter(at, pl.Series(numbers, dtype=pl.UInt32))
        dropped = values.is_null() & column.is_not_null() & ~_missing(column)
        if dropped.any():
            odd, unused = flagged(dropped, Flag.ASN_DROPPED), column.set(~dropped, None)
    void = ((values == 0) | (values == AS_TRANS)).fill_null(False)
    if void.any():
        trans = (values == AS_TRANS).fill_null(False)
        values = values.set(void, None)
        more = flagged(trans, Flag.ASN_TRANS)
        odd = more if odd is None else odd + more
    return Read(values, odd, unused)


def _asn(text: str) -> int | None:
    bare = text.strip().upper().removeprefix("ASN").removeprefix("AS").strip()
    if not bare.isascii():
        return None
    high, dot, low = bare.partition(".")
    if dot and high.isdigit() and low.isdigit() and len(high) < 6 and len(low) < 6:
        number = int(high) << 16 | int(low) if int(high) < 1 << 16 and int(low) < 1 << 16 else -1
    else:
        number = int(bare) if bare.isdigit() and len(bare) < 11 else -1
    return number if 0 <= number < 1 << 32 else None


def country(column: pl.Series) -> Read:
    """Two letters. "NA" is Namibia; EU, AP and ZZ are kept as said and flagged."""
    known = column.drop_nulls().unique().to_list()
    codes = {text: _country(text) for text in known}
    values = column
    if any(old != new for old, new in codes.items()):
        values = column.replace(list(codes), list(codes.values()))
    flags: pl.Series | None = None
    unused = None
    unreal = [text for text, code in codes.items() if code in UNREAL]
    if unreal:
        flags = flagged(column.is_in(unreal).fill_null(False), Flag.COUNTRY_UNREAL)
    lost = [text for text, code in codes.items() if code is None and text.lower() not in _NOWHERE]
    if lost:
        dropped = column.is_in(lost).fill_null(False)
        more = flagged(dropped, Flag.COUNTRY_DROPPED)
        flags = more if flags is None else flags + more
        unused = column.set(~dropped, None)
    return Read(values, flags, unused)


_NOWHERE = MISSING - {"na"}


def _country(text: str) -> str | None:
    code = text.strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalnum() else None


def few(column: pl.Series) -> bool:
    """Whether a look at its first rows says that a column holds few distinct texts."""
    return column.head(SAMPLE).n_unique() <= FEW


def severity(column: pl.Series) -> Read:
    def change(text: str) -> str | None:
        word = text.strip().lower()
        word = _SAID.get(word, word)
        return word if word in SEVERITIES else None

    return _or_unused(column, change)


def marking(column: pl.Series) -> Read:
    def change(text: str) -> str | None:
        try:
            return tlp.parse(text).value
        except UnknownLabel:
            return None

    return _or_unused(column, change)


def _or_unused(column: pl.Series, change: Callable[[str], str | None]) -> Read:
    values = distinct(column, change)
    if values is column:
        return Read(column)
    lost = values.is_null() & column.is_not_null()
    return Read(values, None, column.set(~lost, None) if lost.any() else None)


def confidence(column: pl.Series) -> Read:
    """0 to 100; shares of one and other words stay in `extra`."""
    values = column.str.strip_chars().cast(pl.Float64, strict=False)
    values = values.set(((values < 0) | (values > 100)).fill_null(False), None)
    lost = values.is_null() & column.is_not_null()
    whole = values.round(0).cast(pl.UInt8, strict=False)
    return Read(whole, None, column.set(~lost, None) if lost.any() else None)


def digest(length: int) -> Reader:
    """A hash of so many hexadecimal digits, colons between them or not."""

    def read(column: pl.Series) -> Read:
        values = column.str.replace_all(":", "", literal=True).str.strip_chars()
        values = values.str.to_lowercase()
        fits = values.str.contains(rf"^[0-9a-f]{{{length}}}$").fill_null(False)
        lost = ~fits & column.is_not_null()
        return Read(values.set(~fits, None), None, column.set(~lost, None) if lost.any() else None)

    return read


def name(column: pl.Series) -> Read:
    """A domain name: lower case, without its last dot; an address or a sentence is none."""
    if few(column):
        known = column.drop_nulls().unique()
        found = _names(known)
        if found.unused is None and found.values.equals(known):
            return Read(column)
    return _names(column)


def _names(column: pl.Series) -> Read:
    values = column.str.to_lowercase().str.strip_chars().str.strip_suffix(".")
    fits = values.str.contains(r"^[^\s/@:,;?#]+\.[^\s/@:,;?#.]*[^\s/@:,;?#.0-9][^\s/@:,;?#.]*$")
    lost = ~fits.fill_null(False) & column.is_not_null()
    if not lost.any():
        return Read(values)
    return Read(values.set(lost, None), None, column.set(~lost, None))


def pointer(column: pl.Series) -> Read:
    """A PTR name as DNS compares it: whatever a resolver answered, in lower case."""
    values = column.str.to_lowercase()
    if values.str.ends_with(".").any():
        values = values.str.strip_suffix(".")
    return Read(values)
