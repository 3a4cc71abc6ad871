"""Whatever is sent to the registry's API, it answers: what it describes and what it does not."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.openapi import from_dict

from comity.kit.tlp import Label
from comity.registry.reads import kinds
from comity.site.api import api

from .api_world import Person, body, person, publish, said

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
DESCRIBED = from_dict(json.loads(json.dumps(api.get_openapi_schema())))
OURS = [
    (path, method)
    for path in DESCRIBED
    for method in DESCRIBED[path]
    if path.startswith("/api/v1/registry")
]


@pytest.fixture
def office(db) -> Person:
    owner = body("Secretariat office", "KE")
    publish(said("tool", "a-tool", title="A tool", country="KE"), Label.CLEAR, owner)
    return person("secretariat", owner)


def _sent(program: Client, case: Any) -> Any:
    path = case.path.format(**{k: quote(str(v), safe="") for k, v in case.path_parameters.items()})
    query = {k: v for k, v in (case.query or {}).items() if not isinstance(v, dict)}
    kept = {"content_type": "application/json"}
    data: Any = json.dumps(case.body, default=str) if isinstance(case.body, dict | list) else "{}"
    address = f"{path}?{urlencode(query, doseq=True, errors='replace')}" if query else path
    if case.method == "GET":
        return program.get(address)
    return program.generic(case.method, address, data, **kept)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "method"), OURS, ids=lambda v: str(v).removeprefix("/api/v1/registry")
)
def test_what_is_described_is_answered(path: str, method: str, office: Person) -> None:
    program = office.program("registry")
    operation = DESCRIBED[path][method]

    @FEW
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        with transaction.atomic():
            got = _sent(program, case)
            transaction.set_rollback(True)
        assert got.status_code < 500
        if got.status_code >= 400:
            assert got["Content-Type"].startswith("application/problem+json")

    ask()


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
FIELDS = sorted({field.key for kind in kinds().values() for field in kind.fields})
RECORDS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(sorted(kinds())),
        "values": st.lists(
            st.fixed_dictionaries(
                {"field": st.sampled_from(FIELDS), "value": JUNK},
                optional={
                    "language": st.sampled_from(["en", "ar", "", "xx"]),
                    "url": st.text(max_size=30),
                },
            ),
            max_size=6,
        ),
    },
    optional={"key": st.text(max_size=12), "tlp": st.sampled_from(["", "AMBER", "RED", "PINK"])},
)


@pytest.mark.slow
def test_any_record_is_taken_or_told(office: Person) -> None:
    program = office.program("registry")

    @settings(FEW, max_examples=200)
    @given(RECORDS)
    def ask(record: dict[str, Any]) -> None:
        with transaction.atomic():
            got = program.post(
                "/api/v1/registry/submissions", json.dumps(record), content_type="application/json"
            )
            transaction.set_rollback(True)
        assert got.status_code in (201, 400, 422)
        if got.status_code != 201:
            assert all(error["message"] and error["remedy"] for error in got.json()["errors"])

    ask()
