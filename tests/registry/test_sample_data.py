"""What ships is honest: it parses, its codes exist, every row has a source, and none is borrowed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import ipaddress
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pysequoia
import pytest

import comity
from comity.kit.countries import by_code, folded
from comity.kit.languages import LANGUAGES, in_script

HOUSE = Path(comity.__file__).parent
REGISTRY = HOUSE / "registry" / "data" / "sample"
DIRECTORY = HOUSE / "directory" / "data" / "sample"
VOCABULARIES = HOUSE / "registry" / "data" / "vocabularies"
TABLES = sorted([*REGISTRY.glob("*.csv"), *DIRECTORY.glob("*.csv")])
LISTS = sorted(VOCABULARIES.glob("*.csv"))
OFFICIAL = {"first_services", "sim3"} | {p.stem for p in LISTS if p.stem.startswith("iati_")}
SOURCE = {"source_title", "source_url", "source_date", "licence"}
TODAY = dt.date(2026, 11, 22)

Row = dict[str, str]


@cache
def read(path: Path) -> list[Row]:
    raw = path.read_bytes()
    assert b"\r" not in raw and raw.endswith(b"\n") and not raw.startswith(b"\xef\xbb\xbf")
    reader = csv.DictReader(io.StringIO(raw.decode("utf-8")), strict=True)
    rows = list(reader)
    assert rows and reader.fieldnames
    assert len(set(reader.fieldnames)) == len(reader.fieldnames)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", name) for name in reader.fieldnames)
    for row in rows:
        assert None not in row and None not in row.values(), f"{path.name}: {row}"
        assert all(value == value.strip() for value in row.values()), f"{path.name}: {row}"
    return rows


def parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(";") if part.strip()]


@cache
def codes(vocabulary: str) -> frozenset[str]:
    return frozenset(row["code"] for row in read(VOCABULARIES / f"{vocabulary}.csv"))


def is_partial(text: str) -> bool:
    if not re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return False
    year, month, day = [int(n) for n in text.split("-")] + [1] * (2 - text.count("-"))
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def named(path: Path) -> str:
    return path.stem


# --- every table --------------------------------------------------------------------------


def test_the_shipped_tables_are_these() -> None:
    counts = {path.stem: len(read(path)) for path in TABLES}
    assert counts == {
        "activities": 53,
        "agreements": 45,
        "agreement_events": 54,
        "strategies": 135,
        "tools": 30,
        "trainings": 15,
        "practices": 20,
        "standards": 17,
        "publications": 10,
        "laws": 8,
        "initiatives": 6,
        "terms": 8,
        "teams": 64,
        "communities": 10,
        "memberships": 100,
        "cirt_assessments": 69,
        "sample_teams": 3,
        "sample_contacts": 12,
        "sample_keys": 3,
        "sample_constituencies": 18,
    }
    for folder in (REGISTRY, DIRECTORY, VOCABULARIES):
        said = (folder / "SOURCE.md").read_text("utf-8")
        for path in folder.glob("*.csv"):
            name = "iati_*" if path.stem.startswith("iati_") else path.stem
            assert f"`{name}" in said, f"SOURCE.md does not tell of {path.name}"


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_every_row_has_a_source(path: Path) -> None:
    for row in read(path):
        assert row.keys() >= SOURCE
        assert row["source_title"] and row["licence"] in {"CC0-1.0", "facts"}
        titles, urls = parts(row["source_title"]), parts(row["source_url"])
        assert urls and (len(urls) == 1 or len(titles) == len(urls)), row
        assert not row["source_date"] or is_partial(row["source_date"]), row


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_ids_are_unique_and_last(path: Path) -> None:
    rows = read(path)
    if "id" not in rows[0]:
        return
    ids = [row["id"] for row in rows]
    assert [i for i, n in Counter(ids).items() if n > 1] == []
    assert all(re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", i) for i in ids)


ADDRESSES = {"website", "text_url", "code_repository", "source_url"}
DATES = {"adopted", "issued", "started", "ended", "date", "date_start", "date_end"}
DATES |= {"established", "as_of", "members_as_of", "status_as_of", "in_force", "created"}
DATES |= {"expires", "source_date"}


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_addresses_are_addresses(path: Path) -> None:
    for row in read(path):
        for name, value in row.items():
            if name in ADDRESSES or name.endswith("_url"):
                for url in parts(value) if name == "source_url" else [value] * bool(value):
                    split = urlsplit(url)
                    assert split.scheme in {"http", "https"} and "." in (split.hostname or ""), row
                    assert " " not in url and "&amp;" not in url


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_dates_are_as_precise_as_they_say(path: Path) -> None:
    length = {"year": 4, "month": 7, "day": 10, "unknown": 0, "": 0}
    for row in read(path):
        for name in DATES & row.keys():
            assert not row[name] or is_partial(row[name]), (name, row)
        if "date_precision" in row:
            dated = ("date_start", "date", "adopted", "issued", "started", "established")
            value = next(row[name] for name in dated if name in row)
            assert len(value) == length[row["date_precision"]], row


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_countries_exist(path: Path) -> None:
    for row in read(path):
        for name in {"country", "countries"} & row.keys():
            for code in parts(row[name]):
                assert by_code(code).iso2 == code, row


CODED = {
    "areas": "areas",
    "cirt_phases": "cirt_phases",
    "phase": "cirt_phases",
    "first_services": "first_services",
    "services": "first_services",
    "sim3": "sim3",
    "rsit": "rsit",
    "languages": "languages",
    "title_language": "languages",
    "gca_pillars": "gca_pillars",
    "itu_sectors": "itu_sectors",
    "instrument": "instruments",
    "bindingness": "bindingness",
    "status_reported": "agreement_states",
    "event": "agreement_events",
    "party_levels": "party_levels",
    "cost": "cost",
    "level": "training_levels",
    "kinds": "team_kinds",
    "purpose": "contact_purposes",
    "protocols": "protocols",
}
CODED_IN = {
    ("activities", "kind"): "activity_subtypes",
    ("activities", "status"): "activity_states",
    ("activities", "region"): "regions",
    ("initiatives", "region"): "regions",
    ("communities", "kind"): "community_kinds",
    ("laws", "form"): "law_types",
}


@pytest.mark.parametrize("path", TABLES, ids=named)
def test_codes_are_in_their_vocabulary(path: Path) -> None:
    for row in read(path):
        for name, value in row.items():
            vocabulary = CODED_IN.get((path.stem, name)) or CODED.get(name)
            if vocabulary:
                assert set(parts(value)) <= codes(vocabulary), (name, row)


def test_rows_point_to_rows() -> None:
    agreements = {row["id"] for row in read(REGISTRY / "agreements.csv")}
    assert {row["succeeds"] for row in read(REGISTRY / "agreements.csv")} <= agreements | {""}
    for event in read(REGISTRY / "agreement_events.csv"):
        assert event["agreement_id"] in agreements and event["other_id"] in agreements | {""}
        assert bool(event["other_id"]) == (event["event"] == "succeeded")
    communities = {row["id"] for row in read(DIRECTORY / "communities.csv")}
    assert {row["community"] for row in read(DIRECTORY / "memberships.csv")} <= communities
    assert {
        c for row in read(DIRECTORY / "teams.csv") for c in parts(row["listed_by"])
    } <= communities
    teams = {row["id"] for row in read(DIRECTORY / "sample_teams.csv")}
    for name in ("contacts", "keys", "constituencies"):
        assert {row["team_id"] for row in read(DIRECTORY / f"sample_{name}.csv")} == teams


def test_what_nobody_checked_is_not_called_verified() -> None:
    for path in TABLES:
        for row in read(path):
            assert row.get("verified", "") == ""
    own = "tools trainings practices standards publications laws initiatives terms"
    for name in own.split():
        for row in read(REGISTRY / f"{name}.csv"):
            assert row["note"].startswith(
                "written from general knowledge on 2026-11-22; link not checked"
            )


def test_real_teams_ship_without_contacts() -> None:
    for path in TABLES:
        if path.stem.startswith("sample_"):
            continue
        for row in read(path):
            for name, value in row.items():
                assert not re.search(r"[\w.+-]+@[\w-]+\.\w", value), (path.name, name, value)
                assert not re.search(r"\+\d[\d ()-]{6,}", value), (path.name, name, value)


# --- the made-up teams --------------------------------------------------------------------


def test_made_up_teams_live_in_ranges_for_documentation() -> None:
    networks = [ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24")]
    networks += [ipaddress.ip_network(n) for n in ("203.0.113.0/24", "2001:db8::/32")]
    for row in read(DIRECTORY / "sample_constituencies.csv"):
        if row["kind"] == "prefix":
            prefix = ipaddress.ip_network(row["value"])
            assert any(prefix.version == n.version and prefix.subnet_of(n) for n in networks)  # type: ignore[arg-type]
        elif row["kind"] == "asn":
            assert 64496 <= int(row["value"].removeprefix("AS")) <= 64511
        elif row["kind"] == "domain":
            assert row["value"].endswith(".example")
        else:
            assert row["kind"] == "sector" and row["value"] in codes("economic_sectors")


def test_made_up_contacts_reach_nobody() -> None:
    for row in read(DIRECTORY / "sample_contacts.csv"):
        value = row["value"]
        if row["channel"] == "email":
            assert re.fullmatch(r"[a-z]+@csirt-[abc]\.example", value)
        elif row["channel"] == "phone":
            assert re.fullmatch(r"\+44 20 7946 0\d{3}", value)  # kept by Ofcom for drama
        else:
            assert row["channel"] == "form" and (urlsplit(value).hostname or "").endswith(
                ".example"
            )
        assert row["tlp"] in {"CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"}


def test_made_up_teams_are_named_so_and_keep_real_hours() -> None:
    for row in read(DIRECTORY / "sample_teams.csv"):
        assert row["short_name"].startswith("Sample CSIRT ") and "made up" in row["note"]
        assert ZoneInfo(row["time_zone"]).key == row["time_zone"]  # raises for no zone
        assert (urlsplit(row["website"]).hostname or "").endswith(".example")


def test_keys_are_what_the_table_says_and_hold_no_secret() -> None:
    rows = read(DIRECTORY / "sample_keys.csv")
    for row in rows:
        raw = (DIRECTORY / row["file"]).read_bytes()
        assert b"PRIVATE" not in raw
        key = pysequoia.Cert.from_bytes(raw)
        assert key.fingerprint.upper() == row["fingerprint"]
        assert f"<{row['mailbox']}>" in str(key.user_ids[0])
        assert key.expiration is not None and key.expiration.date().isoformat() == row["expires"]
    assert {p.name for p in (DIRECTORY / "keys").iterdir()} == {Path(r["file"]).name for r in rows}


# --- vocabularies -------------------------------------------------------------------------


@pytest.mark.parametrize("path", LISTS, ids=named)
def test_a_vocabulary_is_whole(path: Path) -> None:
    rows = read(path)
    columns = ["code", "parent", *(f"label_{language}" for language in LANGUAGES)]
    assert list(rows[0])[:8] == columns
    assert [c for c, n in Counter(row["code"] for row in rows).items() if n > 1] == []
    for row in rows:
        assert row["code"] and row["label_en"]
        assert row["parent"] in codes(path.stem) | {""} and row["parent"] != row["code"]


# Names of protocols, systems and formats are the same everywhere, and so are single acronyms.
SAME = {"protocols", "platforms", "exchange_formats", "file_formats"}


@pytest.mark.parametrize("path", LISTS, ids=named)
def test_labels_are_there_in_six_languages_save_for_official_names(path: Path) -> None:
    for row in read(path):
        labels = {language: row[f"label_{language}"] for language in LANGUAGES}
        official = path.stem in OFFICIAL and not (path.stem == "sim3" and not row["parent"])
        if official:
            held = {language for language, label in labels.items() if label}
            assert held == ({"en", "fr"} if path.stem.startswith("iati_") else {"en"}), row
            continue
        assert all(labels.values()), row
        if path.stem not in SAME and len(set(labels.values())) > 1:
            assert all(in_script(label, language) for language, label in labels.items()), row
        assert "'" not in labels["fr"], f"a French apostrophe is curved: {row}"


def test_siblings_have_different_labels() -> None:
    for path in LISTS:
        for language in LANGUAGES:
            seen = Counter((r["parent"], folded(r[f"label_{language}"])) for r in read(path))
            twice = [key for key, n in seen.items() if n > 1 and key[1]]
            assert twice == [], f"{path.name} {language}: {twice}"


def test_the_vocabularies_that_others_count_on() -> None:
    sizes = {"first_services": 97, "sim3": 48, "rsit": 50, "wsis_action_lines": 11}
    sizes |= {"gca_pillars": 5, "itu_sectors": 4, "activity_subtypes": 13, "core_mandate": 3}
    for name, size in sizes.items():
        assert len(codes(name)) == size
    assert {c for c in codes("sim3") if "-" in c} >= {"O-1", "H-7", "T-10", "P-17"}
    assert "O-6" not in codes("sim3")


# --- against the reference data -----------------------------------------------------------


def reference(shared: Path, path: str) -> list[Row]:
    with (shared / "data" / path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shipped_words() -> str:
    files = [p for p in HOUSE.rglob("*") if p.suffix in {".csv", ".json", ".yaml", ".py", ".po"}]
    return "\n".join(p.read_text("utf-8") for p in files)


def test_nothing_of_agpl_origin_is_in_the_product(shared: Path) -> None:
    words = shipped_words()
    communities = reference(shared, "communities/communities.csv")
    borrowed = [row for row in communities if row["id"].startswith("misp-")]
    assert len(borrowed) == 15
    for row in borrowed:
        assert row["id"] not in words and row["name"] not in words, row["name"]
    teams = reference(shared, "csirts/ti_teams_2012_historic.csv")
    assert len(teams) == 66
    cells = {value for path in TABLES for row in read(path) for value in row.values()}
    for row in teams:
        assert not row["team_email"] or row["team_email"] not in words, row["team"]
        assert not row["website"] or row["website"] not in cells, row["team"]


def test_lists_without_a_licence_are_not_in_the_product(shared: Path) -> None:
    ours = [row for path in REGISTRY.glob("*.csv") for row in read(path)]
    collected = reference(shared, "resources/cnw_resources.csv")
    assert len(collected) == 184
    titles = {row.get("title", row.get("name", "")) for row in ours}
    assert titles & {row["title"] for row in collected} == set()
    shipped = {row.get("website", "") for row in ours}
    # The publisher's own address of a well-known training; nothing else is in both.
    assert shipped & {row["url"] for row in collected} <= {"https://github.com/MISP/misp-training"}
    tools = {row["name"] for row in reference(shared, "resources/csirt_tools.csv")}
    both = tools & {row["name"] for row in read(REGISTRY / "tools.csv")}
    assert len(both) < len(tools) / 2, both  # some tools everybody names


def test_what_ships_says_what_the_reference_says(shared: Path) -> None:
    activities = reference(shared, "activities/activities.csv")
    shipped = read(REGISTRY / "activities.csv")
    assert [{k: row[k] for k in activities[0]} for row in shipped] == activities
    strategies = {
        by_code(row["iso3"]).iso2: row["first_strategy_date"]
        for row in reference(shared, "strategies/national_strategies_first.csv")
        if row["first_strategy_date"]
    }
    assert {r["country"]: r["adopted"] for r in read(REGISTRY / "strategies.csv")} == strategies
    agreements = reference(shared, "agreements/agreements_seed.csv")
    for row, ours in zip(agreements, read(REGISTRY / "agreements.csv"), strict=True):
        assert (row["id"], row["title"], row["status"]) == (
            ours["id"],
            ours["title"],
            ours["status_reported"],
        )
        assert [by_code(c).iso2 for c in parts(row["parties_iso3"])] == parts(ours["countries"])
        assert parts(row["areas"]) == parts(ours["areas"])
    signed = {e["date"] for e in read(REGISTRY / "agreement_events.csv")}
    lost = (
        {r["signed"] for r in agreements} - signed - {"", "2021-12"}
    )  # AGR-002: published instead
    assert lost == set()
    seed = reference(shared, "csirts/national_csirts_seed.csv")
    assert Counter((by_code(r["iso3"]).iso2, r["short_name"]) for r in seed) == Counter(
        (r["country"], r["short_name"]) for r in read(DIRECTORY / "teams.csv")
    )
    assert {
        by_code(r["iso3"]).iso2 for r in reference(shared, "csirts/itu_cirt_assessments.csv")
    } == {r["country"] for r in read(DIRECTORY / "cirt_assessments.csv")}
    partial = reference(shared, "communities/memberships_partial.csv")
    assert {(r["community"], by_code(r["iso3"]).iso2) for r in partial} == {
        (r["community"], r["country"]) for r in read(DIRECTORY / "memberships.csv")
    }


def test_vocabularies_say_what_the_reference_says(shared: Path) -> None:
    rsit = json.loads((shared / "data/rsit/machinev1.json").read_text("utf-8"))
    names = {p["value"]: p["expanded"] for p in rsit["predicates"]}
    for group in rsit["values"]:
        names |= {f"{group['predicate']}:{e['value']}": e["expanded"] for e in group["entry"]}
    assert {r["code"]: r["label_en"] for r in read(VOCABULARIES / "rsit.csv")} == names
    sim3 = {r["code"]: r["name"] for r in reference(shared, "frameworks/sim3_v1_parameters.csv")}
    held = {r["code"]: r["label_en"] for r in read(VOCABULARIES / "sim3.csv") if r["parent"]}
    assert held == sim3
    first = {
        r["uuid"]: r["name"] for r in reference(shared, "frameworks/first_csirt_services_v2_1.csv")
    }
    assert {r["uuid"]: r["label_en"] for r in read(VOCABULARIES / "first_services.csv")} == first
