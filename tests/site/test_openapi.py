"""The API describes itself: a valid document, one name an operation, every POST done once."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest
from schemathesis.openapi import from_dict

from comity.site.api import api

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    import json

    return dict(json.loads(json.dumps(api.get_openapi_schema())))


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, one)
        for path, ways in described["paths"].items()
        for method, one in ways.items()
        if method in METHODS
    ]


def test_the_document_is_valid(described: dict[str, Any]) -> None:
    schema = from_dict(described)
    schema.validate()
    assert schema.statistic.operations.total == len(operations(described)) > 40


def test_every_operation_has_a_name_of_its_own_and_a_sentence(described: dict[str, Any]) -> None:
    names = [one["operationId"] for _path, _method, one in operations(described)]
    assert len(names) == len(set(names))
    for path, method, one in operations(described):
        assert one["summary"] and one["responses"], (path, method)
        given = {p["name"] for p in one["parameters"] if p["in"] == "path"}
        assert given == set(re.findall(r"{(\w+)}", path)), path
        for parameter in one["parameters"]:
            jsonschema_rs.meta.validate(parameter["schema"])


def test_every_post_is_done_once_and_says_so(described: dict[str, Any]) -> None:
    posts = [one for _path, method, one in operations(described) if method == "post"]
    assert len(posts) > 15
    for one in posts:
        keys = [p for p in one["parameters"] if p["name"] == "Idempotency-Key"]
        assert len(keys) == 1, one["operationId"]


def test_every_way_to_act_is_guarded() -> None:
    """An act without a guard would be open to all; what is somebody's own is not asked in vain."""
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                if set(operation.methods) - {"GET"}:
                    assert operation.auth_callbacks, operation.operation_id
