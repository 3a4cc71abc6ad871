"""Problem details: one shape of failure, stable addresses, fields with a way out."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.kit import problems
from comity.kit.errors import KitError
from comity.kit.problems import FieldError, Problem, pointer, problem


def test_a_problem_leaves_as_rfc_9457_has_it() -> None:
    fault = FieldError(pointer("rows", 3, "date"), "32 is no day.", "Write 2014-11-07.")
    body = problem(
        problems.BAD_INPUT, "One row is wrong.", instance="/api/rows", errors=(fault,)
    ).as_json()
    assert json.loads(json.dumps(body)) == {
        "type": "/problems/bad-input",
        "title": "The input cannot be used",
        "status": 400,
        "detail": "One row is wrong.",
        "instance": "/api/rows",
        "errors": [
            {
                "pointer": "#/rows/3/date",
                "message": "32 is no day.",
                "remedy": "Write 2014-11-07.",
            }
        ],
    }
    assert problems.MEDIA_TYPE == "application/problem+json"


def test_empty_members_are_left_out() -> None:
    assert set(problem(problems.NOT_FOUND).as_json()) == {"type", "title", "status"}


def test_addresses_and_statuses_of_the_catalogue_are_stable() -> None:
    assert {kind.uri: kind.status for kind in problems.CATALOGUE.values()} == {
        "/problems/bad-input": 400,
        "/problems/not-signed-in": 401,
        "/problems/not-allowed": 403,
        "/problems/not-found": 404,
        "/problems/conflict": 409,
        "/problems/too-large": 413,
        "/problems/too-many": 429,
        "/problems/unavailable": 503,
    }


def test_what_is_no_failure_is_no_problem() -> None:
    for status in (200, 302, 600):
        with pytest.raises(KitError, match="no failure"):
            Problem("/problems/x", "x", status)


@pytest.mark.parametrize(
    ("place", "message", "remedy"), [("/a", "m", "r"), ("#/a", "", "r"), ("#/a", "m", "")]
)
def test_a_field_error_always_says_where_what_and_what_next(
    place: str, message: str, remedy: str
) -> None:
    with pytest.raises(KitError):
        FieldError(place, message, remedy)


def test_pointers_escape_as_rfc_6901_says() -> None:
    # RFC 6901, section 6, but for the letters a URI fragment could also carry unescaped.
    assert pointer() == "#"
    assert pointer("") == "#/"
    assert pointer("foo", 0) == "#/foo/0"
    assert pointer("a/b", "m~n", "c%d", " ") == "#/a~1b/m~0n/c%25d/%20"


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_a_pointer_leads_back_to_its_steps(steps: list[str]) -> None:
    parts = pointer(*steps).split("/")[1:]
    back = [unquote(part).replace("~1", "/").replace("~0", "~") for part in parts]
    assert back == steps
