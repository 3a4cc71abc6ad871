"""A team's own record by machine: what was read can be sent back, and changes nothing."""

from __future__ import annotations

import json

import pytest

from comity.directory import actions, reads
from comity.directory import models as m
from comity.directory import types as t
from comity.directory.rules.values import canonical_value
from comity.directory.types import DirectoryError
from comity.kit.tlp import ANONYMOUS
from tests.directory.conftest import record
from tests.directory.records import records

pytestmark = pytest.mark.django_db
HERE = "/api/v1/directory/teams/cert-xx/record"


def put(who, body, **headers):  # type: ignore[no-untyped-def]
    return who.browser.put(HERE, json.dumps(body), content_type="application/json", headers=headers)


def whole() -> dict[str, object]:
    return {
        "name": "CERT-XX",
        "country": "Kenya",
        "values": [
            {"field": "official_name", "value": "Équipe", "language": "fr"},
            {"field": "former_name", "value": "Old CERT"},
            {"field": "service", "value": "Event analysis"},
            {"field": "time_zone", "value": "africa/nairobi", "marking": "TLP:GREEN"},
            {"field": "cna", "value": True},
            {"field": "protocol", "value": {"name": "misp", "since": "2020"}},
            {"field": "membership", "value": {"community": "FIRST", "level": "full"}},
        ],
        "contacts": [
            {"purpose": "incident", "kind": "email", "value": "cert@cert-xx.example"},
            {"purpose": "emergency", "kind": "phone", "value": "+254 20 1234567",
             "marking": "TLP:AMBER", "hours": "24x7"},
        ],
        "holdings": [{"kind": "asn", "value": "64500"}, {"kind": "prefix", "value": "192.0.2.0/24"}],
    }  # fmt: skip


def test_what_was_read_can_be_sent_back_and_changes_nothing(house) -> None:
    done = put(house.focal, whole())
    assert done.status_code == 200, done.content
    assert done.json()["changed"] == 1
    read = house.focal.browser.get(HERE).json()
    assert {row["value"] for row in read["holdings"]} == {"AS64500", "192.0.2.0/24"}
    assert {"event-analysis", "Africa/Nairobi"} <= {
        row["value"] for row in read["values"] if isinstance(row["value"], str)
    }
    again = put(house.focal, read)
    assert (again.status_code, again.json().get("act")) == (200, 0), again.content


def test_it_is_the_teams_word_and_everybody_s_answer(house, client) -> None:
    put(house.focal, whole())
    own = reads.record(house.head.viewer, house.team, speaker="own")
    assert {v.field for v in own.values} >= {"former_name", "cna", "membership"}
    answer = client.get("/api/v1/directory/responsible?q=AS64500").json()["answers"][0]
    assert answer["team"] == "cert-xx" and answer["said"]["voice"] == "own"
    assert "+254201234567" not in json.dumps(answer)  # AMBER


def test_a_record_that_changed_meanwhile_is_refused(house) -> None:
    read = house.focal.browser.get(HERE).json()
    actions.edit(house.head.viewer, house.team, record(values=(t.Value("hours", "24x7"),)))
    assert put(house.focal, read).status_code == 409
    put(house.focal, whole())
    assert put(house.focal, whole() | {"seen": "yesterday"}).status_code == 409


def test_who_may_not_write_reads_nothing_here(house, client) -> None:
    assert client.get(HERE).status_code == 401
    assert house.reader.browser.get(HERE).status_code == 403
    assert put(house.reader, whole()).status_code == 403
    assert put(house.secretariat, whole()).status_code == 200
    assert m.Value.objects.filter(speaker="secretariat", field="cna").exists()
    assert not m.Value.objects.filter(speaker="own").exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"values": [{"field": "shoe_size", "value": "44"}]},
        {"values": [{"field": "service", "value": "bakery"}]},
        {"values": [{"field": "established", "value": "30 February"}]},
        {"values": [{"field": "cna", "value": "maybe"}]},
        {"values": [{"field": "protocol", "value": {"name": "smoke signals"}}]},
        {"values": [{"field": "protocol", "value": {"since": "2020"}}]},
        {"values": [{"field": "rfc2350", "value": {"url": "https://x.example/", "colour": "red"}}]},
        {"values": [{"field": "rfc2350", "value": {"sha256": "abc"}}]},
        {"values": [{"field": "kind", "value": "circus"}]},
        {"values": [{"field": "hours", "value": " "}]},
        {"values": [{"field": "hours", "value": "24x7", "marking": "TLP:PINK"}]},
        {"contacts": [{"purpose": "incident", "kind": "email", "value": "jane.doe@x.example"}]},
        {"contacts": [{"purpose": "incident", "kind": "phone", "value": "call us"}]},
        {"holdings": [{"kind": "prefix", "value": "192.0.2.7/24"}]},
        {"country": "Atlantis"},
        {"name": ""},
    ],
)
def test_what_does_not_fit_is_a_problem_and_nothing_is_kept(house, bad) -> None:
    done = put(house.focal, whole() | bad)
    assert 400 <= done.status_code < 500
    assert done.headers["Content-Type"].startswith("application/problem+json")
    assert not m.Value.objects.filter(speaker="own").exists()


def test_sent_twice_with_one_key_it_is_done_once(house) -> None:
    first = put(house.focal, whole(), **{"Idempotency-Key": "01a22e97-d86b-718e-8017-d0c1f43f00be"})
    second = put(
        house.focal, whole(), **{"Idempotency-Key": "01a22e97-d86b-718e-8017-d0c1f43f00be"}
    )
    assert first.status_code == 200, first.content
    assert first.json() == second.json() and first.json()["changed"] == 1


def test_red_is_not_the_secretariats_to_give(house) -> None:
    red = whole() | {"values": [{"field": "hours", "value": "24x7", "marking": "TLP:RED"}]}
    assert put(house.secretariat, red).status_code == 400
    assert put(house.focal, red).status_code == 200
    assert "24x7" not in str(reads.record(ANONYMOUS, house.team).values)


def test_every_value_of_a_record_is_its_own_spelling() -> None:
    """What the formats make, the rule of a single value takes and leaves as it is."""
    from hypothesis import given, settings

    @given(records())
    @settings(max_examples=30, deadline=None)
    def holds(team: t.TeamRecord) -> None:
        for value in team.values:
            if not isinstance(value.value, dict):
                assert canonical_value(value.field, value.value) == value.value

    holds()
    with pytest.raises(DirectoryError, match="hours"):
        canonical_value("hours", "")
