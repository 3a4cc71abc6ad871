"""The tables of addresses in use: how old, from which files, and what their licences want shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from comity.events import models as m

OLD = dt.timedelta(days=45)
"""Registries move about 1 % of ranges a month; the tables on npm are new each day."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, for a page: `credit` where its licence (CC BY 4.0) wants a link beside results."""

    version: str
    made: dt.date
    files: tuple[str, ...]
    credit: bool
    old: bool


def table(version: str, now: dt.datetime) -> Table | None:
    """The table of a version; None where none was in use, or it is forgotten."""
    row = m.TableFile.objects.filter(version=version).first() if version else None
    return _table(row, now) if row else None


def in_use(now: dt.datetime) -> Table | None:
    row = m.TableFile.objects.filter(kind=m.TableFile.ADDRESSES).order_by("-loaded").first()
    return _table(row, now) if row else None


def _table(row: m.TableFile, now: dt.datetime) -> Table:
    sources = row.about.get("sources", [])
    # ip-location-db names its AS tables asn-ipv4.csv and asn-ipv6.csv; those alone are CC BY.
    credit = any(
        one["kind"] == "asn" and one["file"].lower().startswith("asn-ipv") for one in sources
    )
    files = tuple(one["file"] for one in sources)
    return Table(row.version, row.made, files, credit, now.date() - row.made > OLD)
