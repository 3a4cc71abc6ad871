"""The JSON API: one shape for success, one for failure, and a description of itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled

from comity.kit.errors import BadCursor
from comity.site.api import api

pytestmark = pytest.mark.django_db


def problem(response: HttpResponse, status: int) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"].startswith("application/problem+json")
    body: dict[str, Any] = json.loads(response.content)
    assert body["status"] == status and body["title"] and body["type"].startswith("/problems/")
    return body


def test_the_house_describes_its_api(client) -> None:
    body = client.get("/api/v1/openapi.json").json()
    assert body["openapi"].startswith("3.") and "/api/v1/" in body["paths"]


def test_ninjas_page_that_loads_from_elsewhere_is_off(client) -> None:
    problem(client.get("/api/v1/docs"), 404)


def test_absence_is_a_problem_in_the_language_asked_for(client) -> None:
    body = problem(client.get("/api/v1/nothing"), 404)
    assert body["title"] == "There is nothing here"
    arabic = client.get("/api/v1/nothing", headers={"accept-language": "ar"})
    assert problem(arabic, 404)["title"] != body["title"]


def test_a_wrong_method_is_a_problem_and_names_the_right_one(client) -> None:
    response = client.delete("/api/v1/")
    problem(response, 405)
    assert set(response["Allow"].split(", ")) == {"GET", "HEAD"}


def test_head_is_the_head_of_get(client) -> None:
    for path in ("/api/v1/", "/api/v1/openapi.json", "/api/v1/nothing"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == got.status_code and head.content == b""
        assert head["Content-Type"] == got["Content-Type"]
        assert head["Content-Length"] == got["Content-Length"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (AuthenticationError(), 401),
        (PermissionDenied("inner"), 403),
        (Http404("inner"), 404),
        (Throttled(wait=30), 429),
        (HttpError(409, "changed"), 409),
        (BadCursor("the cursor is not ours", "after", "Ask without it."), 400),
    ],
)
def test_every_refusal_has_the_one_shape(error: Exception, status: int) -> None:
    response = api.on_exception(RequestFactory().get("/api/v1/x"), error)
    body = problem(response, status)
    assert "inner" not in json.dumps(body)
    if status == 429:
        assert response["Retry-After"] == "31"
    if status == 401:
        assert response["WWW-Authenticate"].startswith("Bearer")


def test_unfit_input_names_each_field() -> None:
    from ninja.errors import ValidationError

    error = ValidationError([{"loc": ("query", "after"), "msg": "not a number"}])
    body = problem(api.on_exception(RequestFactory().get("/api/v1/x"), error), 422)
    assert body["errors"][0]["pointer"] == "#/query/after"
    assert body["errors"][0]["remedy"]


def test_the_api_is_one() -> None:
    assert isinstance(api, NinjaAPI) and api.docs_url is None
