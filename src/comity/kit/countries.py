"""The 249 countries and territories of ISO 3166-1, with what changes about them dated.

Codes and names are looked up many times a second by feeds and pages, so the table
(`data/countries.csv`, see `data/SOURCE.md` beside it) is read once. It is a constant of the
package; reading it is the only file access of the room.

ITU membership and the list of least developed countries have dates. What was before
`RECORD_FROM` is not in the record and is answered as unknown, never guessed.
"""

from __future__ import annotations

import csv
import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from types import MappingProxyType

from comity.kit.errors import UnknownCountry, shown
from comity.kit.languages import LANGUAGES

RECORD_FROM = dt.date(2014, 1, 1)
"""The record begins with the year of Resolution 130 (Rev. Busan, 2014)."""
RECORD_AS_OF = dt.date(2026, 11, 21)
"""The day the table was built. Dates after it are plans (graduations) that may be moved."""


class ItuStatus(StrEnum):
    MEMBER = "member"
    RES99_OBSERVER = "res99_observer"  # State of Palestine: PP Resolution 99 (Rev. Busan, 2014)
    NONE = "none"
    UNKNOWN = "unknown"  # the day asked for lies before the record


class Group(StrEnum):
    """A group of States that the UN keeps and the ITU's texts name."""

    LDC = "ldc"  # least developed countries
    LLDC = "lldc"  # landlocked developing countries
    SIDS = "sids"  # small island developing States
    UNKNOWN = "unknown"  # the day asked for lies before the record


@dataclass(frozen=True, slots=True)
class Membership:
    """What a country or territory is in the ITU. `since` None: since before the record; `until`
    None: no end known, otherwise the first day it no longer holds. `region` is the region of
    the Development Sector (AFR AMS ARB ASP CIS EUR), empty where there is no status."""

    status: ItuStatus
    since: dt.date | None = None
    until: dt.date | None = None
    region: str = ""

    def on(self, day: dt.date) -> Membership:
        """What held on a day: this, or UNKNOWN before `RECORD_FROM`, or NONE outside the dates."""
        if day < RECORD_FROM:
            return Membership(ItuStatus.UNKNOWN, until=RECORD_FROM)
        if self.since is not None and day < self.since:
            return Membership(ItuStatus.NONE, until=self.since)
        if self.until is not None and day >= self.until:
            return Membership(ItuStatus.NONE, since=self.until)
        return self


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory that has an ISO 3166-1 code. That it has one says nothing about
    its status. Region names are those of UN M49, empty for Antarctica."""

    iso2: str
    iso3: str
    m49: str  # three digits, as text: "050"
    un_region: str
    un_subregion: str
    un_intermediate: str
    names: Mapping[str, str]  # language code to the UN's name; all six are there
    also: tuple[str, ...]  # other spellings, for finding only
    itu: Membership
    ldc: bool  # on the UN list of least developed countries now, or once
    ldc_until: dt.date | None  # first day off that list, or the day fixed for that
    lldc: bool  # landlocked developing country, as of RECORD_AS_OF
    sids: bool  # small island developing State, as of RECORD_AS_OF
    languages: tuple[str, ...]  # ISO 639-1, official or main, the most used first; may be empty
    lat: float  # degrees, a point inside its largest piece: for dots on a map, nothing finer
    lon: float

    def name(self, language: str) -> str:
        """The UN's name in one of the six languages."""
        return self.names[language]

    def __hash__(self) -> int:
        return hash(self.iso2)  # `names` cannot be hashed; the code is unique


@dataclass(frozen=True, slots=True)
class OtherCode:
    """A code met in feeds and databases that is no ISO 3166-1 country code. `stands_for` is the
    ISO code of the same country, or empty."""

    code: str
    name: str
    what: str
    stands_for: str = ""


OTHER_CODES: Mapping[str, OtherCode] = MappingProxyType(
    {
        other.code: other
        for other in (
            OtherCode("EU", "European Union", "exceptionally reserved in ISO 3166-1; no country"),
            OtherCode(
                "AP", "Asia/Pacific", "used by registries and address databases for a region"
            ),
            OtherCode(
                "XK",
                "Kosovo",
                "user-assigned, in use by the EU, CLDR and address databases; in UN documents "
                "understood in the context of Security Council resolution 1244 (1999)",
            ),
            OtherCode("ZZ", "Unknown", "user-assigned, in use by registries for 'not known'"),
            OtherCode(
                "UK", "United Kingdom", "exceptionally reserved; the country-code domain", "GB"
            ),
            OtherCode("EL", "Greece", "in use by the EU's institutions and Eurostat", "GR"),
        )
    }
)


# --- the table ----------------------------------------------------------------------------


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _country(row: dict[str, str]) -> Country:
    return Country(
        iso2=row["iso2"],
        iso3=row["iso3"],
        m49=row["m49"],
        un_region=row["un_region"],
        un_subregion=row["un_subregion"],
        un_intermediate=row["un_intermediate"],
        names=MappingProxyType({code: row[f"name_{code}"] for code in LANGUAGES}),
        also=tuple(name for name in row["also"].split(";") if name),
        itu=Membership(
            ItuStatus(row["itu_status"]),
            _date(row["itu_since"]),
            _date(row["itu_until"]),
            row["itu_region"],
        ),
        ldc=row["ldc"] == "1",
        ldc_until=_date(row["ldc_until"]),
        lldc=row["lldc"] == "1",
        sids=row["sids"] == "1",
        languages=tuple(code for code in row["languages"].split(";") if code),
        lat=float(row["lat"]),
        lon=float(row["lon"]),
    )


@cache
def all_countries() -> tuple[Country, ...]:
    """The 249, in the order of their two-letter codes."""
    # The csv module reads text as text: Namibia stays "NA", where data frames see a gap.
    table = resources.files("comity.kit").joinpath("data/countries.csv").read_text("utf-8")
    return tuple(_country(row) for row in csv.DictReader(table.splitlines(), strict=True))


@cache
def _by_code() -> dict[str, Country]:
    codes = {c: country for country in all_countries() for c in (country.iso2, country.iso3)}
    codes |= {country.m49: country for country in all_countries()}
    codes |= {o.code: codes[o.stands_for] for o in OTHER_CODES.values() if o.stands_for}
    return codes


@cache
def _by_name() -> dict[str, Country]:
    # No two share a name, in any language or spelling: a test holds the table to that.
    return {
        folded(name): country
        for country in all_countries()
        for name in (*country.names.values(), *country.also)
    }


# --- finding ------------------------------------------------------------------------------

_ARABIC = str.maketrans("ٱى", "اي")  # spelled alike by many; the other alefs decompose


def folded(name: str) -> str:
    """A name as it is compared: letters and digits only, without accents, case or width."""
    decomposed = unicodedata.normalize("NFKD", name.translate(_ARABIC).casefold())
    words = decomposed.replace("&", " and ")
    return "".join(character for character in words if character.isalnum())


def by_code(code: str) -> Country:
    """The country or territory of an ISO 3166-1 code: "NA", "nam", M49 "516" or "4"; also "UK".

    Raises `UnknownCountry` for anything else, and says what EU, AP, XK and ZZ are.
    """
    key = code.strip().upper() if len(code) < 10 and code.isascii() else ""
    country = _by_code().get(key.zfill(3) if key.isdigit() else key)
    if country is not None:
        return country
    if (other := OTHER_CODES.get(key)) is not None:
        message = f"{key} ({other.name}) is no ISO 3166-1 country code"
        raise UnknownCountry(message, remedy=f"Keep it apart: {other.what}.")
    remedy = "Use two or three letters of ISO 3166-1, or the three digits of M49."
    raise UnknownCountry(f"{shown(code)} is no country code", remedy=remedy)


def find(name: str) -> Country:
    """The country or territory of a name, in any of the six languages, however spelled.

    The UN's names, CLDR's and some former ones are known; nothing is guessed. Raises
    `UnknownCountry` for any other.
    """
    found = _by_name().get(folded(name)) if len(name) <= 200 else None
    if found is None:
        remedy = "Give the UN's name in one of the six languages, or the code."
        raise UnknownCountry(f"{shown(name)} names no country here", remedy=remedy)
    return found


# --- what has dates -----------------------------------------------------------------------


def membership(code: str, on: dt.date) -> Membership:
    """What a country or territory was in the ITU on a day.

    Outside the dates of its status it is NONE, with the dates the other way round; before
    `RECORD_FROM` UNKNOWN. Raises `UnknownCountry` as `by_code` does.
    """
    return by_code(code).itu.on(on)


def is_ldc(code: str, on: dt.date) -> bool | None:
    """Whether it was on the UN list of least developed countries on a day; None, unknown, before
    `RECORD_FROM`. After `RECORD_AS_OF` the answer is a plan."""
    country = by_code(code)
    if on < RECORD_FROM:
        return None
    return country.ldc and (country.ldc_until is None or on < country.ldc_until)


def groups_on(code: str, day: dt.date) -> frozenset[Group]:
    """The groups it belonged to on a day; only `Group.UNKNOWN` before `RECORD_FROM`.

    Only the least developed countries have dates here; the two other lists are those of
    `RECORD_AS_OF`. After that day the answer is a plan. Raises `UnknownCountry` as `by_code` does.
    """
    country, least_developed = by_code(code), is_ldc(code, day)
    if least_developed is None:
        return frozenset({Group.UNKNOWN})
    held = ((Group.LDC, least_developed), (Group.LLDC, country.lldc), (Group.SIDS, country.sids))
    return frozenset(group for group, belongs in held if belongs)
