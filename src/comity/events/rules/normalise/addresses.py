"""Addresses of a whole column: text to canonical text and numbers.

IPv4 goes through `polars-iptools`, a small plugin; `plain_ipv4` says the same in Polars alone and
a test holds both, and `ipaddress`, equal over hostile strings. What is not plain IPv4 (IPv6,
`::ffff:`, networks, blanks, nonsense) is looked at one distinct text at a time.

Leading zeros are refused, not repaired: 010.1.1.1 is 8.1.1.1 to some resolvers and 10.1.1.1 to
others, so it names no one.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
import polars_iptools as iptools

from comity.events.types.schema import Flag

MISSING = frozenset({"", "-", "--", "?", "unknown", "null", "none", "n/a", "na", "nan"})
"""Ways to write nothing (in lower case) where a number or an address is expected."""

_SPECIAL = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
        "192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3 "
        "::/127 100::/64 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 ff00::/8"
    ).split()
]
"""IANA's special-purpose registries (2024-10), of them what is never a customer's address."""
_V4 = np.array(
    [(int(n.network_address), int(n.broadcast_address)) for n in _SPECIAL if n.version == 4],
    np.uint32,
)
_V6 = [
    (128 - n.prefixlen, int(n.network_address) >> (128 - n.prefixlen))
    for n in _SPECIAL
    if n.version == 6
]
_OCTETS = np.zeros(256, np.bool_)  # first octets in which something special lies
for _low, _high in _V4.tolist():
    _OCTETS[_low >> 24 : (_high >> 24) + 1] = True


class Address(NamedTuple):
    """One text, understood. `length` is that of the network it names, if it names one."""

    text: str
    number: int
    version: int
    length: int | None = None
    flags: int = 0


@dataclass(slots=True)
class Addresses:
    """A column, understood. Fields but `text` and `ip4` are None when nothing is in them."""

    text: pl.Series
    ip4: pl.Series
    hi: pl.Series | None = None
    lo: pl.Series | None = None
    prefix: pl.Series | None = None
    length: pl.Series | None = None
    flags: pl.Series | None = None
    bad: pl.Series | None = None  # said, and no address


def plain_ipv4(column: pl.Series) -> pl.Series:
    """What `iptools.ipv4_to_numeric` gives, in Polars alone: for machines it has no wheel for."""
    octet = r"(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])"
    parts = column.str.extract_groups(rf"^{octet}\.{octet}\.{octet}\.{octet}$")
    numbers = [part.cast(pl.UInt32) for part in parts.struct.unnest().get_columns()]
    whole = numbers[0] * 2**24 + numbers[1] * 2**16 + numbers[2] * 2**8 + numbers[3]
    return whole.cast(pl.UInt32).alias(column.name)


def understood(text: str) -> Address | None:
    """One text that is not plain IPv4; None when it is no address and no network."""
    text = text.strip()
    if "/" in text:
        return _network(text)
    try:
        packed = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
    except (OSError, ValueError):
        return None
    return _folded(packed)


def _folded(packed: bytes) -> Address:
    number = int.from_bytes(packed)
    if len(packed) == 4:
        return Address(socket.inet_ntop(socket.AF_INET, packed), number, 4)
    if number >> 32 == 0xFFFF:
        text = socket.inet_ntop(socket.AF_INET, packed[12:])
        return Address(text, number & 0xFFFFFFFF, 4, flags=int(Flag.ADDRESS_FOLDED))
    text = socket.inet_ntop(socket.AF_INET6, packed)
    if "." in text:  # ::1.2.3.4 is an old spelling that RFC 5952 does not use
        text = str(ipaddress.IPv6Address(number))
    special = False
    for shift, prefix in _V6:
        if number >> shift == prefix:
            special = True
            break
    return Address(text, number, 6, flags=int(Flag.ADDRESS_SPECIAL) if special else 0)


def _network(text: str) -> Address | None:
    base, _, length = text.partition("/")
    if not length.isascii() or not length.isdigit() or len(length) > 3:
        return None
    found = understood(base) if "/" not in base else None
    if found is None:
        return None
    wide = 32 if found.version == 4 else 128
    bits = int(length) - (96 if found.flags & Flag.ADDRESS_FOLDED else 0)
    if not 0 <= bits <= wide:
        return None
    if bits == wide:
        return found
    number = found.number >> (wide - bits) << (wide - bits)
    base = str(ipaddress.IPv4Address(number) if wide == 32 else ipaddress.IPv6Address(number))
    return Address(f"{base}/{bits}", number, found.version, bits, found.flags)


def read(column: pl.Series) -> Addresses:
    """A column of text (empty is null), understood."""
    ip4 = pl.select(iptools.ipv4_to_numeric(column)).to_series()
    rest = ip4.is_null() & column.is_not_null()
    if not rest.any():
        return Addresses(column, ip4)
    at = rest.arg_true()
    texts = column.gather(at).to_list()
    known = {text: understood(text) for text in set(texts)}
    found = [known[text] for text in texts]
    bad = [
        f is None and t.strip().lower() not in MISSING for f, t in zip(found, texts, strict=True)
    ]
    result = Addresses(
        text=_put(column, at, [f.text if f and f.length is None else None for f in found]),
        ip4=_put(ip4, at, [f.number if f and f.version == 4 else None for f in found]),
    )
    height = len(column)
    wide = [f.number if f and f.version == 6 else None for f in found]
    if any(n is not None for n in wide):
        mask = (1 << 64) - 1
        result.hi = _sparse(height, at, [None if n is None else n >> 64 for n in wide], pl.UInt64())
        result.lo = _sparse(
            height, at, [None if n is None else n & mask for n in wide], pl.UInt64()
        )
    if any(f and f.length is not None for f in found):
        nets = [f if f and f.length is not None else None for f in found]
        result.prefix = _sparse(height, at, [n and n.text for n in nets], pl.String())
        result.length = _sparse(height, at, [n and n.length for n in nets], pl.UInt8())
    if any(f and f.flags for f in found):
        flags = [f.flags if f else 0 for f in found]
        result.flags = _sparse(height, at, flags, pl.UInt32()).fill_null(0)
    if any(bad):
        result.bad = _sparse(height, at, bad, pl.Boolean()).fill_null(False)
    return result


def _put(column: pl.Series, at: pl.Series, values: Sequence[object]) -> pl.Series:
    return column.clone().scatter(at, pl.Series(values, dtype=column.dtype))  # in place


def _sparse(height: int, at: pl.Series, values: Sequence[object], dtype: pl.DataType) -> pl.Series:
    return (
        pl.Series([None], dtype=dtype)
        .new_from_index(0, height)
        .scatter(at, pl.Series(values, dtype=dtype))
    )


def special(ip4: pl.Series) -> pl.Series | None:
    """Which IPv4 addresses nobody can answer for; None when there is none."""
    numbers = ip4.fill_null(0x08080808).to_numpy()
    maybe = _OCTETS[numbers >> 24]
    if not maybe.any():
        return None
    at = np.flatnonzero(maybe)
    some = numbers[at]
    hit = np.zeros(len(at), np.bool_)
    for low, high in _V4:
        hit |= (some >= low) & (some <= high)
    if not hit.any():
        return None
    result = np.zeros(len(numbers), np.bool_)
    result[at[hit]] = True
    return pl.Series(result)
