"""Every format of teams by its name: who imports and exports goes through these tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from comity.directory.formats import (
    cerebrate,
    contacts,
    first,
    rfc2350,
    trusted_introducer,
    vcard,
)
from comity.directory.types import Reading, TeamRecord

READERS: Mapping[str, Callable[[bytes], Reading]] = MappingProxyType(
    {
        "first": first.read,
        "ti": trusted_introducer.read,
        "cerebrate": cerebrate.read,
        "rfc2350": rfc2350.read,
        "csv": contacts.read,
        "xlsx": contacts.read,
    }
)

WRITERS: Mapping[str, Callable[[Iterable[TeamRecord]], bytes]] = MappingProxyType(
    {
        "first": first.write,
        "ti": trusted_introducer.write,
        "cerebrate": cerebrate.write,
        "rfc2350": rfc2350.write,  # of one team
        "csv": contacts.write_csv,
        "xlsx": contacts.write_xlsx,
        "vcard": vcard.write,
    }
)

HOLDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "first": first.HOLDS,
        "ti": trusted_introducer.HOLDS,
        "cerebrate": cerebrate.HOLDS,
        "rfc2350": rfc2350.HOLDS,
        "csv": contacts.HOLDS,
        "xlsx": contacts.HOLDS,
    }
)
"""What a format can say at all, for `rules.differences`: its silence on the rest withdraws
nothing."""

MEDIA_TYPES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "first": ("application/json", ".json"),
        "ti": ("application/json", ".json"),
        "cerebrate": ("application/json", ".json"),
        "rfc2350": ("text/plain; charset=utf-8", ".txt"),
        "csv": ("text/csv; charset=utf-8", ".csv"),
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
        "vcard": ("text/vcard; charset=utf-8", ".vcf"),
    }
)
"""Media type and ending of a file of each format."""
