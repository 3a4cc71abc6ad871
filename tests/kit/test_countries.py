"""Countries and territories: every code found, traps avoided, membership on its dates."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.countries import (
    OTHER_CODES,
    RECORD_FROM,
    Country,
    Group,
    ItuStatus,
    Membership,
    all_countries,
    by_code,
    find,
    folded,
    groups_on,
    is_ldc,
    membership,
)
from comity.kit.errors import UnknownCountry
from comity.kit.languages import LANGUAGES, in_script

TODAY = dt.date(2026, 11, 21)
BUSAN = dt.date(2014, 11, 7)


def test_249_codes_each_unique_and_found_in_any_case() -> None:
    countries = all_countries()
    assert len(countries) == 249
    for key in ("iso2", "iso3", "m49"):
        assert len({getattr(country, key) for country in countries}) == 249
    for country in countries:
        numbers = (f" {country.m49} ", str(int(country.m49)))
        for code in (country.iso2, country.iso3.lower(), *numbers):
            assert by_code(code) is country


def test_namibia_is_the_text_na() -> None:
    assert by_code("NA").name("en") == "Namibia"
    assert by_code("na").iso3 == "NAM"


def test_other_codes_of_feeds_are_named_and_are_no_countries() -> None:
    for code in ("EU", "AP", "XK", "ZZ"):
        with pytest.raises(UnknownCountry, match=OTHER_CODES[code].name) as raised:
            by_code(code.lower())
        assert raised.value.remedy
    assert by_code("UK") is by_code("GB")
    assert by_code("EL") is by_code("GR")
    assert not {country.iso2 for country in all_countries()} & set(OTHER_CODES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_country_has_a_name_in_its_script_and_is_found_by_it(language: str) -> None:
    for country in all_countries():
        name = country.name(language)
        assert name == name.strip() != ""
        assert in_script(name, language)
        assert find(name) is country


def test_no_two_countries_share_a_name_in_any_spelling() -> None:
    names = {
        (folded(name), country.iso2)
        for country in all_countries()
        for name in (*country.names.values(), *country.also)
    }
    shared = [name for name, n in Counter(name for name, _ in names).items() if n > 1]
    assert shared == []


@pytest.mark.parametrize(
    ("name", "iso2"),
    [
        ("COTE D'IVOIRE", "CI"),
        ("Ivory Coast", "CI"),
        ("Turkey", "TR"),
        ("Russia", "RU"),
        ("united kingdom", "GB"),
        ("Trinidad and Tobago", "TT"),
        ("São Tomé & Príncipe", "ST"),
        ("الأردن", "JO"),
        ("الاردن", "JO"),
        ("ВЬЕТ-НАМ", "VN"),
        ("ＪＡＰＡＮ", "JP"),
    ],
)
def test_names_are_found_however_spelled(name: str, iso2: str) -> None:
    assert find(name).iso2 == iso2


@given(st.text())
def test_junk_is_no_country_and_says_so(text: str) -> None:
    for look in (by_code, find):
        try:
            assert isinstance(look(text), Country)
        except UnknownCountry as error:
            assert error.remedy and len(str(error)) < 400


def test_an_endless_name_is_refused() -> None:
    for look in (by_code, find):
        with pytest.raises(UnknownCountry):
            look("France" * 1_000_000)


# --- membership ---------------------------------------------------------------------------


def test_194_members_by_region_and_one_observer() -> None:
    now = {c.iso2: membership(c.iso2, TODAY) for c in all_countries()}
    counts = Counter(m.status for m in now.values())
    assert counts == {ItuStatus.MEMBER: 194, ItuStatus.RES99_OBSERVER: 1, ItuStatus.NONE: 54}
    assert now["PS"].status is ItuStatus.RES99_OBSERVER
    assert now["VA"].status is ItuStatus.MEMBER
    regions = Counter(m.region for m in now.values() if m.status is ItuStatus.MEMBER)
    assert regions == {"AFR": 44, "AMS": 35, "ARB": 21, "ASP": 39, "CIS": 9, "EUR": 46}
    assert {m.region for m in now.values() if m.status is ItuStatus.NONE} == {""}


def test_palau_is_a_member_from_its_day_on() -> None:
    day = dt.date(2024, 9, 19)
    before = membership("PW", day - dt.timedelta(days=1))
    assert (before.status, before.until) == (ItuStatus.NONE, day)
    assert membership("PW", day).status is ItuStatus.MEMBER
    at_busan = [c for c in all_countries() if membership(c.iso2, BUSAN).status == "member"]
    assert len(at_busan) == 193


def test_a_status_ends_on_the_first_day_it_no_longer_holds() -> None:
    day = dt.date(2030, 1, 1)
    record = Membership(ItuStatus.MEMBER, until=day, region="EUR")
    assert record.on(day - dt.timedelta(days=1)) is record
    assert record.on(day) == Membership(ItuStatus.NONE, since=day)


def test_what_lies_before_the_record_is_unknown() -> None:
    day = RECORD_FROM - dt.timedelta(days=1)
    assert membership("FR", day).status is ItuStatus.UNKNOWN
    assert is_ldc("BD", day) is None
    assert membership("FR", RECORD_FROM).status is ItuStatus.MEMBER


def test_least_developed_until_the_day_of_graduation() -> None:
    assert is_ldc("ST", dt.date(2024, 12, 12)) is True
    assert is_ldc("ST", dt.date(2024, 12, 13)) is False
    for code in ("BD", "LA", "NP"):
        assert is_ldc(code, dt.date(2026, 11, 23)) is True
        assert is_ldc(code, dt.date(2026, 11, 24)) is False
    assert is_ldc("FR", TODAY) is False
    assert sum(is_ldc(c.iso2, TODAY) is True for c in all_countries()) == 44


def test_landlocked_and_island_states_as_the_un_lists_them() -> None:
    assert sum(c.lldc for c in all_countries()) == 32
    members = [c for c in all_countries() if c.itu.status is ItuStatus.MEMBER]
    assert sum(c.sids for c in members) == 37
    assert not any(c.lldc and c.sids for c in all_countries())


def test_groups_change_on_their_day() -> None:
    assert groups_on("NP", dt.date(2026, 11, 23)) == {Group.LDC, Group.LLDC}
    assert groups_on("NP", dt.date(2026, 11, 24)) == {Group.LLDC}
    assert groups_on("TV", TODAY) == {Group.LDC, Group.SIDS}
    assert groups_on("FR", TODAY) == frozenset()
    assert groups_on("NP", RECORD_FROM - dt.timedelta(days=1)) == {Group.UNKNOWN}
    with pytest.raises(UnknownCountry):
        groups_on("ZZ", TODAY)


def test_every_country_has_its_languages() -> None:
    without = {c.iso2 for c in all_countries() if not c.languages}
    assert without == {"AQ", "BV", "HM"}
    for country in all_countries():
        assert len(set(country.languages)) == len(country.languages)
        for code in country.languages:
            assert len(code) == 2 and Locale.parse("en").languages[code]
    assert by_code("CH").languages == ("de", "fr", "it", "rm")
    assert by_code("KE").languages == ("en", "sw")
    assert {code for c in all_countries() for code in c.languages} >= set(LANGUAGES)


@pytest.mark.parametrize(
    ("iso2", "lat", "lon"),  # a town inside each, from general knowledge
    [
        ("NA", -22.6, 17.1),
        ("FJ", -18.1, 178.4),
        ("NZ", -43.5, 172.6),
        ("KI", 1.3, 173.0),
        ("TV", -8.5, 179.2),
        ("VA", 41.9, 12.45),
        ("PW", 7.5, 134.6),
        ("WS", -13.8, -171.8),
    ],
)
def test_points_lie_where_the_country_lies(iso2: str, lat: float, lon: float) -> None:
    country = by_code(iso2)
    assert abs(country.lat - lat) < 2.5 and abs(country.lon - lon) < 2.5


def test_points_are_places_on_earth_and_apart() -> None:
    places = Counter((c.lat, c.lon) for c in all_countries())
    assert max(places.values()) == 1
    assert all(-90 <= lat <= 90 and -180 <= lon <= 180 for lat, lon in places)


def test_countries_go_into_sets() -> None:
    assert len(set(all_countries())) == 249


def test_the_table_says_what_its_sources_say(shared: Path) -> None:
    folder = shared / "data" / "countries"
    with (folder / "upstream_country-codes.csv").open(encoding="utf-8-sig") as file:
        upstream = {row["ISO3166-1-Alpha-2"]: row for row in csv.DictReader(file)}
    assert set(upstream) == {c.iso2 for c in all_countries()}
    different = set()
    for country in all_countries():
        row = upstream[country.iso2]
        assert (country.iso3, int(country.m49)) == (row["ISO3166-1-Alpha-3"], int(row["M49"]))
        assert country.un_region == row["Region Name"]
        for code in LANGUAGES:
            if country.name(code) != row[f"official_name_{'cn' if code == 'zh' else code}"]:
                different.add((country.iso2, code))
    assert different == {("CI", "en"), ("NL", "en"), *(("TW", code) for code in LANGUAGES)}
    with (folder / "countries.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            country = by_code(row["iso2"])
            assert (country.itu.status, country.itu.region) == (
                row["itu_status"],
                row["itu_region"],
            )
            assert str(country.ldc_until or "") == row["ldc_graduation"]
            assert is_ldc(country.iso2, TODAY) is (row["ldc"] == "1")
