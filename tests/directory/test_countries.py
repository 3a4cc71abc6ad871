"""Countries: 249 codes, what each is in the ITU and in the lists of the UN, and what is answered for."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from click.testing import CliRunner

from comity.directory import actions
from comity.directory.cli import directory
from comity.directory.pages.countries import _groups
from comity.directory.templatetags.directory import percent
from comity.kit import countries as world
from comity.kit.languages import LANGUAGES
from tests.directory.conftest import SOURCE, record

pytestmark = pytest.mark.django_db
TABLE = b"198.51.100.0/24,KE,64500\n203.0.113.0/24,KE,64501\n192.0.2.0/24,UG,64502\n"


def test_every_country_is_told_with_names_membership_and_groups(client) -> None:
    rows = client.get("/api/v1/directory/countries").json()
    assert len(rows) == 249
    by_code = {row["country"]: row for row in rows}
    assert all(set(row["names"]) == set(LANGUAGES) for row in rows)
    assert all(all(row["names"].values()) for row in rows)
    assert by_code["NA"]["iso3"] == "NAM"
    zambia = by_code["ZM"]
    assert {group["group"] for group in zambia["groups"]} == {"ldc", "lldc"}
    assert zambia["itu"]["status"] == "member" and zambia["region"] == "AFR"
    assert by_code["BD"]["groups"] == [{"group": "ldc", "until": "2026-11-24"}]
    assert by_code["PS"]["itu"]["status"] == "res99_observer"
    assert sum(row["itu"]["status"] == "member" for row in rows) == 194


def test_the_page_of_a_country_says_who_answers_and_what_it_is(client) -> None:
    actions.apply([record()], SOURCE)
    page = client.get("/en/directory/countries/KE").content.decode()
    for words in ("CERT-XX", "answers for the country", "Member State of the ITU", "Africa", "404"):
        assert words in page, words
    for language in LANGUAGES:
        assert world.by_code("KE").name(language) in page
        there = client.get(f"/{language}/directory/countries/KE").content.decode()
        assert world.by_code("KE").name(language) in there


@pytest.mark.parametrize(
    ("day", "when"), [("2026-11-23", "leaves"), ("2026-11-24", "left"), ("2031-01-01", "left")]
)
def test_a_country_that_leaves_a_list_leaves_it_on_its_day(day: str, when: str) -> None:
    (group,) = _groups(world.by_code("BD"), dt.date.fromisoformat(day))
    assert (group["when"], group["day"]) == (when, dt.date(2026, 11, 24))


def test_the_share_of_routed_addresses_is_told_at_every_door(client, tmp_path, settings) -> None:
    settings.HOME = tmp_path
    empty = client.get("/en/directory/countries/KE/coverage").content.decode()
    assert "No table of networks is loaded" in empty
    actions.apply([record()], SOURCE)  # 198.51.100.0/24; the other network is GREEN
    actions.load_networks(TABLE, name="routes.csv", date="2026-05-30")
    page = client.get("/en/directory/countries/KE/coverage")
    assert page.context["shares"][0] | {"what": ""} == {
        "what": "",
        "all": 512,
        "held": 256,
        "share": 0.5,
    }
    words = page.content.decode()
    assert "50.0%" in words and "CERT-XX" in words and "routes.csv" in words
    machine = client.get("/api/v1/directory/countries/KE/coverage").json()
    assert (machine["ipv4_addresses"], machine["ipv4_answered_for"]) == (512, 256)
    done = CliRunner().invoke(directory, ["coverage", "KE"])
    assert json.loads(done.stdout) == machine
    assert "none routed" in words  # no IPv6 in the table: no share of nothing


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0%"), (1e-9, "< 0.1%"), (0.9999, "99.9%"), (1, "100.0%")]
)
def test_a_share_is_never_rounded_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share) == words


def test_the_command_line_tells_countries_and_communities() -> None:
    actions.load_sample()
    done = CliRunner().invoke(directory, ["countries", "NA", "792"])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["country"] for row in rows] == ["NA", "TR"]
    assert len(CliRunner().invoke(directory, ["countries"]).stdout.splitlines()) == 249
    refused = CliRunner().invoke(directory, ["countries", "XX"])
    assert refused.exit_code == 1 and "no country code" in refused.stderr
    rows = CliRunner().invoke(directory, ["communities"]).stdout.splitlines()
    assert {json.loads(row)["code"] for row in rows} >= {"oic-cert", "africacert"}
    assert len(CliRunner().invoke(directory, ["services"]).stdout.splitlines()) == 97
