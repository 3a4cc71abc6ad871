"""Files as they come: what is read, and that all the rest is named with its place."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from comity.directory.formats import first
from comity.directory.formats.any import READERS
from comity.directory.rules.constituency import understand
from comity.directory.rules.contacts import canonical_phone, canonical_url, is_role_mailbox
from comity.directory.rules.times import canonical_date, canonical_zone
from comity.directory.types import (
    ContactKind,
    ContactPurpose,
    DirectoryError,
    HoldingKind,
    Reading,
    TeamRecord,
)
from comity.kit.tlp import Label

EXAMPLES = Path(__file__).parent.parent / "examples" / "directory"


def reading(format_: str, name: str) -> Reading:
    return READERS[format_]((EXAMPLES / name).read_bytes())


def values(team: TeamRecord) -> dict[str, object]:
    return {value.field: value.value for value in team.values}


def ways(team: TeamRecord) -> set[tuple[str, str, str]]:
    return {(c.purpose.value, c.kind.value, c.value) for c in team.contacts}


def held(team: TeamRecord, kind: HoldingKind) -> list[str]:
    return [h.value for h in team.holdings if h.kind is kind]


def test_first() -> None:
    found = reading("first", "first.json")
    (team,) = found.teams
    assert (team.code, team.country, team.same_as) == ("cert-xx", "NA", {"first": "4711"})
    assert values(team) == {
        "short_name": "CERT-XX",
        "official_name": "Computer Emergency Response Team of Xanadu",
        "host_organisation": "Ministry of Networks",
        "country": "NA",
        "established": "2014-05",
        "website": "https://www.cert.example/",
        "hours": "24x7",
    }
    assert ways(team) == {
        ("incident", "email", "cert@cert.example"),
        ("incident", "phone", "+264611234567"),
    }
    assert held(team, HoldingKind.SECTOR) == ["energy", "drinking-water"]
    assert {finding.where for finding in found.findings} == {
        "data[0].email",
        "data[0].phone-emergency",
        "data[0].timezone",
        "data[0].member-since",
        "data[0].representative",
        "data[0].shoe-size",
        "data[1].team",
        "data[2]",
    }


@pytest.mark.parametrize(
    ("format_", "name"),
    [
        ("first", "first.json"),
        ("ti", "teams.json"),
        ("cerebrate", "cerebrate.json"),
        ("rfc2350", "rfc2350.txt"),
        ("csv", "contacts.csv"),
    ],
)
def test_persons_are_neither_kept_nor_repeated(format_: str, name: str) -> None:
    found = reading(format_, name)
    for who in ("jane", "Jane", "first.last"):
        assert who not in repr(found), "a person's name or mailbox is told of without being said"
    assert any("consent" in finding.why for finding in found.findings)


def test_trusted_introducer() -> None:
    found = reading("ti", "teams.json")
    (team,) = found.teams
    assert values(team)["kind"] == "national"
    assert values(team)["membership"] == {
        "community": "TF-CSIRT",
        "level": "accredited",
        "since": "2009-05-15",
    }
    assert held(team, HoldingKind.SECTOR) == ["research-and-education"]
    assert held(team, HoldingKind.ASN) == ["AS64500", "AS65546"]
    assert held(team, HoldingKind.PREFIX) == ["192.0.2.0/25", "192.0.2.128/26", "2001:db8::/32"]
    assert held(team, HoldingKind.COUNTRY) == ["NA"]
    assert [key.fingerprint for key in team.keys] == ["0123456789ABCDEF" * 2 + "01234567"]
    assert ways(team) == {
        ("incident", "phone", "+264611234567"),
        ("general", "fax", "+264611234568"),
        ("incident", "email", "cert@cert.example"),
        ("press", "email", "press@cert.example"),
    }
    assert [finding.where for finding in found.findings] == [
        "teams[0].constituency.asns",
        "teams[0].constituency.domains",
        "teams[0].constituency.countries",
        "teams[0].constituency.ipranges",
        "teams[0].emails[0].address",
        "teams[0].pgp_keys[1].fingerprint",
        "teams[0].representative",
    ]


def test_cerebrate_in_both_shapes() -> None:
    found = reading("cerebrate", "cerebrate.json")
    one, two = found.teams
    assert one.same_as == {"cerebrate": "a89c80d0-7019-422a-b45b-fe59532886c8"}
    assert (one.country, values(one)["kind"]) == ("NA", "national")
    assert held(one, HoldingKind.PREFIX) == ["192.0.2.0/24"]
    assert values(one)["host_organisation"] == "Ministry of Networks"
    assert ways(one) == {("general", "email", "cert@cert.example")}
    assert held(two, HoldingKind.COUNTRY) == ["NA"]
    assert ways(two) == {("incident", "email", "csirt@cert.example")}
    told = {finding.where for finding in found.findings}
    assert "teams[0].meta_fields[IT infrastructure].Proxy" in told
    assert "teams[0].meta_fields[FIRST Directory].timezone-dst" in told
    assert {"teams[0].contacts", "teams[0].alignments", "teams[1].Organisation.uuid"} <= told


def test_rfc2350() -> None:
    found = reading("rfc2350", "rfc2350.txt")
    (team,) = found.teams
    assert (team.code, team.name) == ("cert-xx", "Computer Emergency Response Team of Xanadu")
    assert values(team)["time_zone"] == "Africa/Windhoek"
    assert values(team)["hours"] == "24x7"
    assert values(team)["mission"] == (
        "To help, in this order:\n1. those who are hurt;\n2. those who might be."
    )
    document = values(team)["rfc2350"]
    assert document["url"] == "https://www.cert.example/rfc2350.txt"
    assert len(document["sha256"]) == 64
    assert {value.said.evidence_date for value in team.values} == {"2026-05-30"}
    assert ways(team) == {
        ("general", "post", "CERT-XX\n1 Long Road\nWindhoek"),
        ("incident", "phone", "+264611234567"),
        ("emergency", "phone", "+264619999999"),
        ("incident", "email", "cert@cert.example"),
    }
    assert len(team.keys) == 1
    sections = [finding.where.partition(", ")[2].split(" ")[0] for finding in found.findings]
    assert sorted(sections) == ["", "2.11", "2.6", "2.7", "2.9", "6"]


def test_contacts() -> None:
    found = reading("csv", "contacts.csv")
    (team,) = found.teams
    assert [(c.purpose, c.kind, c.value, c.label, c.consent) for c in team.contacts] == [
        (ContactPurpose.INCIDENT, ContactKind.EMAIL, "cert@cert.example", Label.CLEAR, False),
        (ContactPurpose.PRESS, ContactKind.EMAIL, "john.doe@cert.example", Label.AMBER, True),
        (ContactPurpose.GENERAL, ContactKind.PHONE, "+264611234567", Label.RED, False),
    ]
    assert [finding.where for finding in found.findings] == [
        "row 3.value",
        "row 5.value",
        "row 6.label",
        "row 6.purpose",
        "row 7.team",
    ]


def test_an_unknown_field_does_not_carry_an_address_along() -> None:
    found = first.read(b'{"team": "CERT-XX", "manager": "Jo <jo.x@cert.example>"}')
    assert "jo.x" not in repr(found) and found.findings[0].where == "teams[0].manager"


def test_a_list_without_labels_is_not_public() -> None:
    found = READERS["csv"](b"team,email\r\nCERT-XX,cert@cert.example\r\n")
    assert [c.label for c in found.teams[0].contacts] == [Label.AMBER]
    assert any("TLP:AMBER" in finding.why for finding in found.findings)


def test_two_teams_of_one_name_are_told_apart() -> None:
    rows = [{"team": "CERT", "country": c} for c in ("NA", "KE", "KE")]
    found = first.read(json.dumps(rows).encode())
    assert [team.code for team in found.teams] == ["cert", "cert-ke", "cert-2"]
    assert len(found.findings) == 2


def test_the_historic_list_is_read(shared: Path) -> None:
    """66 teams of 2012: real names, types and mailboxes; AGPL, so from outside the product."""
    path = shared / "data" / "csirts" / "ti_teams_2012_historic.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 66
    levels = {"Accredited": "a", "Listed": "l", "Certified": "c"}
    teams = [
        {
            "short_name": row["team"],
            "official_name": row["official_name"],
            "country": row["iso3"],
            "established": row["established"],
            "classification": {"code": levels.get(row["ti_level"], "")},
            "constituency": {
                "types": [row["constituency_type"]],
                "countries": [c for c in row["constituency_countries"].split(";") if c],
            },
            "emails": [{"address": row["team_email"], "usage": "main"}],
            "website": row["website"],
        }
        for row in rows
    ]
    found = READERS["ti"](json.dumps(teams).encode())
    assert len(found.teams) == 66
    mailboxes = sum(len(team.contacts) for team in found.teams)
    refused = [f for f in found.findings if f.where.endswith(".address") and "person" in f.why]
    assert mailboxes >= 60 and not refused, "all of them are mailboxes of teams"
    assert understand(found.teams[0].contacts[0].value).kind is HoldingKind.DOMAIN


@pytest.mark.parametrize(
    ("address", "said", "role"),
    [
        ("cert@x.example", False, True),
        ("btcertcc@x.example", False, True),
        ("incident-reports@x.example", False, True),
        ("noc24@x.example", False, True),
        ("coris@x.example", False, True),  # the team's own name
        ("jane.doe@x.example", True, False),
        ("j_doe@x.example", True, False),
        ("jdoe@x.example", False, False),
        ("trinity@x.example", True, True),  # one word, and the file says what it is for
        ("socrates@x.example", False, False),
        ("first.team@x.example", False, True),
    ],
)
def test_roles_and_persons(address: str, said: bool, role: bool) -> None:
    assert is_role_mailbox(address, purpose_said=said, names=["CoRIS"]) is role


def test_spellings() -> None:
    assert canonical_phone("00 41 (0)44 268-1540") == "+41442681540"
    assert canonical_url("HTTPS://WWW.Bücher.example/Ä") == "https://www.xn--bcher-kva.example/Ä"
    assert canonical_zone("europe/vienna") == "Europe/Vienna"
    assert canonical_zone("UTC+3") == "Etc/GMT-3" and canonical_zone("GMT") == "Etc/UTC"
    assert canonical_date("2014-05-30T12:00:00Z") == "2014-05-30"
    for rule, bad in (
        (canonical_phone, "061 123"),
        (canonical_url, "javascript:alert(1)"),
        (canonical_url, "https://user:pw@x.example/"),
        (canonical_url, "//x.example"),
        (canonical_zone, "Middle-earth/Shire"),
        (canonical_zone, "UTC+15"),
        (canonical_date, "2026-02-30"),
        (canonical_date, "30.05.2026"),
    ):
        with pytest.raises(DirectoryError) as refused:
            rule(bad)
        assert refused.value.remedy
