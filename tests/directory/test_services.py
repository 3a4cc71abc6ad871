"""Services are those of the FIRST CSIRT Services Framework, and of nothing else."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from comity.directory.formats import rfc2350
from comity.directory.rules.services import canonical_service, framework
from comity.directory.types import DirectoryError


def test_the_codes_are_those_of_the_registry() -> None:
    table = resources.files("comity.registry").joinpath("data/vocabularies/first_services.csv")
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert [(s.code, s.part_of, s.name) for s in framework().values()] == [
        (row["code"], row["parent"], row["label_en"]) for row in rows
    ]
    assert sum(not service.part_of for service in framework().values()) == 21


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("event-analysis", "event-analysis"),
        ("Event  Analysis", "event-analysis"),
        ("EVENT-ANALYSIS.qualification", "event-analysis.qualification"),
        ("Qualification", "event-analysis.qualification"),
        ("Communication", "communication"),  # the service before its function of that name
    ],
)
def test_a_service_is_known_by_code_or_name(text: str, code: str) -> None:
    assert canonical_service(text) == code


def test_every_service_is_found_by_its_own_name() -> None:
    for service in framework().values():
        found = framework()[canonical_service(service.name)]
        assert found.name.casefold() == service.name.casefold()


@pytest.mark.parametrize(
    ("text", "remedy"), [("event-analisys", "event-analysis"), ("bakery", "services"), ("", "s")]
)
def test_another_is_refused_with_the_nearest(text: str, remedy: str) -> None:
    with pytest.raises(DirectoryError, match="no service of the FIRST") as refused:
        canonical_service(text)
    assert remedy in refused.value.remedy


def test_a_document_with_an_unknown_service_keeps_the_known_ones() -> None:
    text = "2.1 Name of the Team\n\n  CERT-XX\n\n5 Services\n\n  Service: event-analysis\n"
    reading = rfc2350.read(f"{text}  Service: bakery\n".encode())
    (team,) = reading.teams
    assert [v.value for v in team.values if v.field == "service"] == ["event-analysis"]
    assert [finding.what for finding in reading.findings] == ["'bakery'"]
