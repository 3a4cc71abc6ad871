"""Range tables as CSV, in the layout of @ip-location-db: `start,end,country` and
`start,end,asn,name`, IPv4 and IPv6 in files of their own or in one.
"""

from __future__ import annotations

import io
import socket
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_iptools as iptools

from comity.events.types.sources import EventsError
from comity.kit.errors import shown

Array = npt.NDArray[Any]
SIX = "S16"  # 16 bytes, most significant first: they sort as the 128 bits they are
TOLD = 100
LAST_AS = 2**32 - 1


class BadTable(EventsError):
    """A file that is no range table."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """What one kind of table says. `after` is the first address behind a range; for IPv6 the range
    that reaches the very end has none, and `after` is empty.

    `value` counts from 1 into `values`; a value is a country, or an AS number and a name.
    """

    kind: str  # "country", "asn"
    four: tuple[Array, Array, Array]  # first and after (int64), value (uint32)
    six: tuple[Array, Array, Array]  # first and after (S16), value (uint32)
    values: tuple[tuple[str, ...], ...]
    refused: tuple[tuple[int, str], ...]  # line and text, at most TOLD of them
    refused_count: int

    def __len__(self) -> int:
        return len(self.four[0]) + len(self.six[0])


def read(data: bytes, name: str = "") -> Layer:
    """The ranges of a CSV; lines that say nothing are told in `refused`. Raises `BadTable`."""
    rows = _rows(data, name)
    kind = "asn" if "c3" in rows.columns else "country"
    if kind == "asn":
        number = rows["c2"].str.strip_prefix("AS").cast(pl.UInt32, strict=False)
        said = pl.struct(pl.Series("n", number).cast(pl.String), rows["c3"].fill_null(""))
        rows = rows.with_columns(said=rows.select(said).to_series())
        known = number.is_not_null() & (number != 0)
    else:
        code = rows["c2"].str.to_uppercase()
        rows = rows.with_columns(said=pl.Series("said", code))
        known = code.str.contains(r"^[A-Z]{2}$").fill_null(False)
    distinct = rows["said"].filter(known).unique(maintain_order=True)
    values = _values(distinct, kind)
    places = pl.DataFrame({"said": distinct}).with_row_index("value", offset=1)
    rows = rows.with_columns(known=known).join(places, on="said", how="left", maintain_order="left")
    wide = rows["c0"].str.contains(":", literal=True).fill_null(False)
    four, bad4 = _four(rows.filter(~wide))
    six, bad6 = _six(rows.filter(wide))
    bad = sorted(bad4 + bad6)
    if bad and bad[-1][0] == rows.height and not data.endswith((b"\n", b"\r")):
        raise BadTable(
            "the table ends in the middle of a line", shown(name, 120), "Fetch it again, whole."
        )
    if not len(four[0]) + len(six[0]):
        raise BadTable(
            "no line of the table is a range",
            shown(name, 120),
            "Give CSV lines such as 192.0.2.0,192.0.2.255,KE or 192.0.2.0,192.0.2.255,64500,Name.",
        )
    return Layer(kind, four, six, values, tuple(bad[:TOLD]), len(bad))


def _rows(data: bytes, name: str) -> pl.DataFrame:
    try:
        frame = pl.read_csv(
            io.BytesIO(data), has_header=False, infer_schema=False, truncate_ragged_lines=True
        )
    except pl.exceptions.PolarsError as fault:
        message = str(fault).splitlines()[0]
        raise BadTable(
            f"the table is no CSV ({message})", shown(name, 120), "Fetch it again."
        ) from None
    if frame.width < 3:
        raise BadTable(
            f"the table has {frame.width} columns",
            shown(name, 120),
            "A range table has first address, last address, and a country or an AS number.",
        )
    frame = frame.select(frame.columns[:4])
    frame.columns = [f"c{number}" for number in range(frame.width)]
    return frame.with_columns(pl.all().str.strip_chars()).with_row_index("line", offset=1)


def _values(distinct: pl.Series, kind: str) -> tuple[tuple[str, ...], ...]:
    if kind == "country":
        return tuple((code,) for code in distinct.to_list())
    return tuple((row["n"], row["c3"]) for row in distinct.to_list())


def _four(rows: pl.DataFrame) -> tuple[tuple[Array, Array, Array], list[tuple[int, str]]]:
    ends = rows.with_columns(
        first=iptools.ipv4_to_numeric(pl.col("c0")), last=iptools.ipv4_to_numeric(pl.col("c1"))
    )
    fit = ends["known"] & (ends["first"] <= ends["last"]).fill_null(False)
    good = ends.filter(fit)
    first = good["first"].to_numpy().astype(np.int64)
    after = good["last"].to_numpy().astype(np.int64) + 1
    return (first, after, good["value"].to_numpy()), _told(ends.filter(~fit))


def _six(rows: pl.DataFrame) -> tuple[tuple[Array, Array, Array], list[tuple[int, str]]]:
    firsts: list[bytes] = []
    afters: list[bytes] = []
    fit: list[bool] = []
    for first, last, known in rows.select("c0", "c1", "known").iter_rows():
        try:
            low, high = socket.inet_pton(socket.AF_INET6, first), _pton(last)
            good = bool(known) and low <= high
        except (OSError, ValueError):
            good = False
        fit.append(good)
        if good:
            firsts.append(low)
            after = int.from_bytes(high, "big") + 1
            afters.append(after.to_bytes(16, "big") if after < 1 << 128 else b"")
    mask = pl.Series("fit", fit, pl.Boolean)
    value = rows.filter(mask)["value"].to_numpy()
    ranges = (np.array(firsts, SIX), np.array(afters, SIX), value)
    return ranges, _told(rows.filter(~mask))


def _pton(text: str | None) -> bytes:
    if text is None:
        raise ValueError("no end")
    return socket.inet_pton(socket.AF_INET6, text)


def _told(rows: pl.DataFrame) -> list[tuple[int, str]]:
    columns = [column for column in ("c0", "c1", "c2", "c3") if column in rows.columns]
    return [
        (line, ",".join(cell or "" for cell in cells))
        for line, *cells in rows.select("line", *columns).iter_rows()
    ]
