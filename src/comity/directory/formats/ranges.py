"""The operator's table of networks: for each range of addresses its country and AS numbers.

Where no team claims an address by prefix, the AS that announces it and the country it is
registered to still name somebody to call. Registries and routing services publish such tables in
many shapes; an operator brings one as CSV, "first,last,country,asn" or "prefix,country,asn".
"""

from __future__ import annotations

import io
import ipaddress
import re
import socket
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from comity.directory.formats.intervals import LOW, U32, Column, Rows, pick, segments, settled
from comity.directory.rules.constituency import canonical_asn
from comity.directory.types import AddressRange, DirectoryError, NotUnderstood
from comity.kit import countries
from comity.kit.errors import UnknownCountry, shown

LARGEST_FILE = 256 * 2**20  # bytes, packed or not: the longest line has 90
LARGEST_TEXT = 450 * 2**20
LINES = 5_000_000
TOLD = 1_000  # findings one by one; past that they are counted


@dataclass(frozen=True, slots=True, eq=False)
class Ranges:
    """A table of networks, ready to be asked. `v4_first`, `v4_last` are the columns the fast
    question goes to."""

    v4_first: U32
    v4_last: U32
    v4_country: U32
    v4_asns: U32
    v6: Column
    countries: tuple[str, ...]
    asns: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.v4_first) + len(self.v6.country)


# --- reading ------------------------------------------------------------------------------


def read(data: bytes) -> tuple[Ranges, tuple[NotUnderstood, ...]]:
    """The table of a CSV, plain or gzip, and what of it was not understood, by line."""
    text = _unpacked(data)
    lines = text.count(b"\n") + 1
    if lines > LINES:
        remedy = "Leave out what is smaller than /24 and /48, or join neighbours."
        raise DirectoryError(f"The table has {lines:,} lines; {LINES:,} are taken", remedy=remedy)
    return _Reader().read(text)


def _unpacked(data: bytes) -> bytes:
    if len(data) > LARGEST_FILE:
        remedy = "Join neighbouring networks."
        raise DirectoryError(f"The table has {len(data):,} bytes", remedy=remedy)
    if not data.startswith(b"\x1f\x8b"):
        return data
    out: list[bytes] = []
    room = LARGEST_TEXT
    try:
        while data:
            member = zlib.decompressobj(wbits=31)
            out.append(member.decompress(data, room + 1))
            room -= len(out[-1])
            if room < 0:
                remedy = "Join neighbouring networks."
                raise DirectoryError(f"The table unpacks beyond {LARGEST_TEXT:,} bytes", "", remedy)
            if not member.eof:
                raise zlib.error("cut off")
            data = member.unused_data.lstrip(b"\x00")
    except zlib.error:
        remedy = "Pack it again with gzip, or send it unpacked."
        raise DirectoryError("The table is no whole gzip file", remedy=remedy) from None
    return b"".join(out)


_HEADERS = frozenset({"first", "start", "prefix", "network", "from", "start_ip", "ip_from"})


class _Reader:
    """The state of one reading: places of countries and AS numbers, findings, rows."""

    def __init__(self) -> None:
        self.rows = {4: Rows(), 6: Rows()}
        self.countries: dict[str, int] = {"": 0}
        self.seen: dict[str, int] = {"": 0}  # a country as it is written, to its place
        self.asns: dict[tuple[int, ...], int] = {(): 0}
        self.written: dict[str, int] = {"": 0}
        self.findings: list[NotUnderstood] = []
        self.untold = 0
        self.nowhere: Counter[str] = Counter()

    def read(self, text: bytes) -> tuple[Ranges, tuple[NotUnderstood, ...]]:
        for number, raw in enumerate(io.BytesIO(text), 1):
            line = raw.decode("utf-8", "replace").strip().removeprefix("\ufeff")
            if not line or line.startswith("#"):
                continue
            cells = [cell.strip().strip('"') for cell in line.split(",")]
            if number == 1 and cells[0].lower() in _HEADERS:
                continue
            try:
                self._take(cells)
            except (DirectoryError, OSError, ValueError) as fault:
                self._tell(number, line, fault)
        table = self._table()
        for code, count in sorted(self.nowhere.items()):
            why = f"{code} is no country of ISO 3166-1; {count:,} lines have no country here"
            self.findings.append(NotUnderstood("column country", code, why))
        if self.untold:
            why = f"{self.untold:,} more lines were not understood"
            self.findings.append(NotUnderstood("the table", "", why, "Mend those told first."))
        return table, tuple(self.findings)

    def _tell(self, number: int, line: str, fault: Exception) -> None:
        if len(self.findings) >= TOLD:
            self.untold += 1
            return
        remedy = "Write first,last,country,asn or prefix,country,asn."
        why = fault.message if isinstance(fault, DirectoryError) else "no range of addresses"
        self.findings.append(NotUnderstood(f"line {number}", shown(line, 80), why, remedy))

    def _take(self, cells: Sequence[str]) -> None:
        if "/" in cells[0]:
            version, first, last = _prefix(cells[0])
            rest = cells[1:]
        else:
            version, first = _number(cells[0])
            other, last = _number(cells[1] if len(cells) > 1 else "")
            if other != version or last < first:
                raise DirectoryError("the range ends before it begins")
            rest = cells[2:]
        if not rest or len(rest) > 2:
            raise DirectoryError(f"{len(cells)} columns")
        country = self._country(rest[0])
        asns = self._asns(rest[1] if len(rest) == 2 else "")
        rows = self.rows[version]
        rows.first_high.append(first >> 64)
        rows.first_low.append(first & LOW)
        rows.last_high.append(last >> 64)
        rows.last_low.append(last & LOW)
        rows.country.append(country)
        rows.asns.append(asns)

    def _country(self, written: str) -> int:
        place = self.seen.get(written)
        if place is None:
            try:
                code = countries.by_code(written).iso2
            except UnknownCountry as unknown:
                if written.upper() not in countries.OTHER_CODES:
                    raise DirectoryError(unknown.message) from None
                code = ""
            place = self.countries.setdefault(code, len(self.countries))
            if len(self.seen) < 10_000:
                self.seen[written] = place
        if place == 0 and written:
            self.nowhere[written.upper()] += 1
        return place

    def _asns(self, written: str) -> int:
        place = self.written.get(written)
        if place is None:
            words = [word for word in re.split(r"[\s;_{}|]+", written) if word and word != "0"]
            numbers = tuple(sorted({int(canonical_asn(word)[2:]) for word in words}))
            place = self.asns.setdefault(numbers, len(self.asns))
            self.written[written] = place
        return place

    def _table(self) -> Ranges:
        names = list(self.countries)
        sets = list(self.asns)
        disputed: Counter[str] = Counter()
        v4 = settled(self.rows[4], sets, disputed)
        v6 = settled(self.rows[6], sets, disputed)
        if count := disputed.total():
            why = f"{count:,} ranges are given to two countries; the later line holds"
            self.findings.append(NotUnderstood("column country", "", why))
        return Ranges(
            v4_first=v4.first_low.astype(np.uint32),
            v4_last=v4.last_low.astype(np.uint32),
            v4_country=v4.country,
            v4_asns=v4.asns,
            v6=v6,
            countries=tuple(names),
            asns=tuple(sets),
        )


def _number(text: str) -> tuple[int, int]:
    """Version and number of an address. The C library's reading is ten times as fast as
    `ipaddress` and as strict; a test holds the two together."""
    if ":" in text:
        return 6, int.from_bytes(socket.inet_pton(socket.AF_INET6, text))
    return 4, int.from_bytes(socket.inet_pton(socket.AF_INET, text))


def _prefix(text: str) -> tuple[int, int, int]:
    address, _, length = text.partition("/")
    version, first = _number(address)
    bits = 32 if version == 4 else 128
    if not (length.isascii() and length.isdigit()) or int(length) > bits:
        raise DirectoryError(f"{shown(text)} has no length")
    span = (1 << (bits - int(length))) - 1
    if first & span:
        raise DirectoryError(f"{shown(text)} has bits set beyond its length")
    return version, first, first | span


# --- asking -------------------------------------------------------------------------------


def lookup(table: Ranges, address: str) -> tuple[str, tuple[int, ...]]:
    """Country and AS numbers of an address; empty where the table does not say."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        remedy = "Give one address, such as 192.0.2.7."
        raise DirectoryError(f"{shown(address)} is no address", remedy=remedy) from None
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return _lookup_v6(table, int(found))
        found = found.ipv4_mapped
    number = int(found)
    place = int(table.v4_first.searchsorted(np.uint32(number), "right")) - 1
    if place < 0 or number > table.v4_last[place]:
        return "", ()
    return table.countries[table.v4_country[place]], table.asns[table.v4_asns[place]]


def _lookup_v6(table: Ranges, number: int) -> tuple[str, tuple[int, ...]]:
    column = table.v6
    high, low = np.uint64(number >> 64), np.uint64(number & LOW)
    start = int(column.first_high.searchsorted(high, "left"))
    end = int(column.first_high.searchsorted(high, "right"))
    place = start + int(column.first_low[start:end].searchsorted(low, "right")) - 1
    if place < 0 or number > int(column.last_high[place]) << 64 | int(column.last_low[place]):
        return "", ()
    return table.countries[column.country[place]], table.asns[column.asns[place]]


def ranges_of(table: Ranges, country: str) -> tuple[AddressRange, ...]:
    """All ranges registered to a country, by its ISO code."""
    if not country or country not in table.countries:
        return ()
    place = table.countries.index(country)
    return _ranges(table, table.v4_country == place, table.v6.country == place)


def ranges_of_asn(table: Ranges, asn: str | int) -> tuple[AddressRange, ...]:
    """All ranges that an AS announces, alone or with others."""
    number = int(canonical_asn(str(asn))[2:])
    places = np.array([i for i, numbers in enumerate(table.asns) if number in numbers], np.uint32)
    return _ranges(table, np.isin(table.v4_asns, places), np.isin(table.v6.asns, places))


def _ranges(
    table: Ranges, v4: npt.NDArray[np.bool_], v6: npt.NDArray[np.bool_]
) -> tuple[AddressRange, ...]:
    firsts, lasts = table.v4_first[v4].tolist(), table.v4_last[v4].tolist()
    four = [AddressRange(4, first, last) for first, last in zip(firsts, lasts, strict=True)]
    column = pick(table.v6, np.flatnonzero(v6))
    six = [AddressRange(6, first, last) for first, last, _, _ in segments(column)]
    return (*four, *six)


# --- kept ---------------------------------------------------------------------------------

_PARTS = ("first_high", "first_low", "last_high", "last_low", "country", "asns")


_DAMAGED = (
    *(BadZipFile, zlib.error, OSError, EOFError, KeyError, TypeError, ValueError),
    *(AttributeError, NotImplementedError, RuntimeError),  # what zipfile says of odd flags
)


def save(table: Ranges) -> bytes:
    """The table as the bytes of one .npz file."""
    kept = io.BytesIO()
    np.savez_compressed(
        kept,
        allow_pickle=False,
        v4_first=table.v4_first,
        v4_last=table.v4_last,
        v4_country=table.v4_country,
        v4_asns=table.v4_asns,
        **{f"v6_{part}": getattr(table.v6, part) for part in _PARTS},
        countries=np.array(table.countries, dtype="U2"),
        asns_of=np.cumsum([len(numbers) for numbers in table.asns], dtype=np.uint32),
        asns=np.array([n for numbers in table.asns for n in numbers], np.uint32),
    )
    return kept.getvalue()


def load(data: bytes) -> Ranges:
    """The table of `save`. Raises DirectoryError for other bytes."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as kept:
            ends = kept["asns_of"].tolist()
            numbers = kept["asns"].tolist()
            starts = [0, *ends[:-1]]
            table = Ranges(
                v4_first=kept["v4_first"],
                v4_last=kept["v4_last"],
                v4_country=kept["v4_country"],
                v4_asns=kept["v4_asns"],
                v6=Column(*(kept[f"v6_{part}"] for part in _PARTS)),
                countries=tuple(kept["countries"].tolist()),
                asns=tuple(tuple(numbers[a:b]) for a, b in zip(starts, ends, strict=True)),
            )
    except _DAMAGED:
        remedy = "Load the table of networks from its CSV again."
        raise DirectoryError("The kept table of networks is damaged", remedy=remedy) from None
    return table
