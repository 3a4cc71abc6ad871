"""/api/v1/registry, written: records and files, each step, requests, replies; once and unchanged."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from comity.kit.tlp import Label
from comity.ledger import reads as ledger
from comity.people.types import Role
from comity.registry.models import Submission

from .api_world import API, Person, body, get, person, post, publish, said

pytestmark = pytest.mark.django_db

TOOL = said("tool", title="A tool for drills", country="KE", area="capacity_building")


def problem(response, status: int) -> dict:  # type: ignore[no-untyped-def]
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    return dict(response.json())


@pytest.fixture
def focal(db) -> Person:
    return person("focal_point", body("Maravia administration", "KE"))


@pytest.fixture
def office(db) -> Person:
    return person("secretariat", body("Secretariat office"))


def acts() -> int:
    return len(list(ledger.rows()))


def key() -> str:
    return f'"{uuid4()}"'


# --- who may ------------------------------------------------------------------------------


def test_who_may_not_submit_is_told_why(focal: Person, client: Client) -> None:
    problem(post(client, "/submissions", TOOL), 401)
    problem(post(person("reader").program("registry"), "/submissions", TOOL), 403)
    problem(post(focal.program("mandate"), "/submissions", TOOL), 403)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = focal.browser.cookies
    assert "CSRF" in problem(post(strict, "/submissions", TOOL), 403)["detail"]
    assert post(focal.program("registry"), "/submissions", TOOL).status_code == 201
    assert Submission.objects.count() == 1


def test_for_another_body_nobody_speaks(focal: Person) -> None:
    other = body("Other administration")
    problem(post(focal.program("registry"), "/submissions", TOOL | {"body": str(other.pk)}), 403)


# --- one record ---------------------------------------------------------------------------


def test_a_record_goes_to_review_and_is_published_by_the_states_word(
    focal: Person, office: Person, client: Client
) -> None:
    theirs, ours = focal.program("registry"), office.program("registry")
    made = post(theirs, "/submissions", TOOL)
    where = made["Location"].removeprefix(API)
    one = get(ours, where).json()
    assert one["state"] == "submitted" and one["acts"] and one["body"] == "Maravia administration"
    assert get(client, where).status_code == 401
    assert get(person("reader").program(), where).status_code == 404
    accepted = post(ours, f"{where}/accept", {"seen": one["seen"]})
    assert accepted.json()["state"] == "accepted"
    signer = person("head", focal.body)
    published = post(signer.program("registry"), f"{where}/sign_off")
    assert published.json()["state"] == "published"
    assert (
        get(client, f"/entries/{published.json()['entry']}").json()["title"] == "A tool for drills"
    )
    steps = get(theirs, where).json()["steps"]
    assert [step["act"] for step in steps] == ["begin", "submit", "accept", "sign_off"]


def test_every_problem_of_a_record_has_field_and_remedy(focal: Person) -> None:
    bad = said("tool", country=["XX", "KE"], url="ftp://example.org")
    bad["values"].append({"field": "colour", "value": "red"})
    errors = problem(post(focal.program("registry"), "/submissions", bad), 400)["errors"]
    assert {e["pointer"] for e in errors} == {
        "#/values/country", "#/values/url", "#/values/colour", "#/values/title"
    }  # fmt: skip
    assert all(e["message"] and e["remedy"] for e in errors)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "tool"},
        {"kind": "tool", "values": "x"},
        {"kind": "tool", "values": [], "colour": 1},
        {"kind": "tool", "values": [{"field": "title", "value": "x", "colour": 1}]},
        {"kind": "tool", "values": [], "language": "de"},
        [],
    ],
)
def test_a_member_that_means_nothing_is_refused(bad: object, focal: Person) -> None:
    assert problem(post(focal.program("registry"), "/submissions", bad), 422)["errors"]


def test_an_unknown_kind_is_told_with_the_known_ones(focal: Person) -> None:
    answer = problem(post(focal.program("registry"), "/submissions", TOOL | {"kind": "thing"}), 400)
    assert "agreement" in answer["errors"][0]["remedy"]


def test_a_check_keeps_nothing_and_names_what_may_be_the_same(
    focal: Person, office: Person
) -> None:
    publish(said("tool", "same", title="A tool for drills", country="KE"), Label.CLEAR, office.body)
    program = focal.program("registry")
    before = acts()
    answer = post(program, "/submissions/check", TOOL).json()
    assert [row["key"] for row in answer["likely_same"]] == ["same"]
    assert (
        answer["likely_same"][0]["reasons"] and acts() == before and not Submission.objects.exists()
    )


def test_a_draft_is_the_bodys_own_until_it_is_sent(focal: Person, office: Person) -> None:
    theirs = focal.program("registry")
    where = post(theirs, "/submissions", TOOL | {"send": False})["Location"].removeprefix(API)
    assert get(office.program(), where).status_code == 404
    words = said("tool", title="Another tool")
    assert post(theirs, f"{where}/edit", {"record": words}).status_code == 200
    assert post(theirs, f"{where}/submit").json()["state"] == "submitted"
    assert get(office.program(), where).json()["title"] == "Another tool"


def test_lists_of_submissions_are_of_what_one_sees(focal: Person, office: Person) -> None:
    theirs = focal.program("registry")
    for n in range(5):
        post(theirs, "/submissions", said("tool", title=f"Tool {n}"))
    seen, after = [], ""
    while True:
        page = get(office.program(), f"/submissions?state=submitted&limit=2&after={after}").json()
        seen += [row["title"] for row in page["submissions"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == [f"Tool {n}" for n in reversed(range(5))] and page["total"] == 5
    assert get(person("reader").program(), "/submissions").json()["total"] == 0
    assert get(theirs, "/submissions?own=1&kind=publication").json()["total"] == 0
    problem(get(theirs, "/submissions?state=nowhere"), 422)


# --- unchanged since ----------------------------------------------------------------------


def test_a_step_on_what_was_changed_since_is_refused(focal: Person, office: Person) -> None:
    theirs, ours = focal.program("registry"), office.program("registry")
    other = person("secretariat", body("Second office"))
    where = post(theirs, "/submissions", TOOL)["Location"].removeprefix(API)
    tag = get(ours, where)["ETag"]
    assert (
        post(other.program("registry"), f"{where}/ask_back", {"reason": "Which year?"}).status_code
        == 200
    )
    problem(post(ours, f"{where}/accept", If_Match=tag), 412)
    problem(post(ours, f"{where}/accept", {"seen": 1}), 409)
    post(theirs, f"{where}/submit")
    now = get(ours, where)["ETag"]
    assert post(ours, f"{where}/accept", If_Match=f"W/{now}").status_code == 200


def test_a_change_of_an_entry_that_was_changed_since_is_refused(focal: Person) -> None:
    publish(said("tool", "ours", title="First words"), Label.CLEAR, focal.body)
    program = focal.program("registry")
    tag = get(program, "/entries/tool/ours")["ETag"]
    change = said("tool", "ours", title="Third words")
    publish(said("tool", "ours", title="Second words"), Label.CLEAR, focal.body)
    problem(post(program, "/submissions", change, If_Match=tag), 412)
    assert not Submission.objects.exists()
    tag = get(program, "/entries/tool/ours")["ETag"]
    made = post(program, "/submissions", change, If_Match=tag)
    assert made.status_code == 201 and made.json()["entry"] == "tool/ours"


# --- once ---------------------------------------------------------------------------------


def test_sent_again_with_its_key_it_is_answered_and_not_done_again(focal: Person) -> None:
    program, mark = focal.program("registry"), key()
    first = post(program, "/submissions", TOOL, Idempotency_Key=mark)
    before = acts()
    again = post(program, "/submissions", TOOL, Idempotency_Key=mark)
    assert (
        (again.status_code, again.content)
        == (first.status_code, first.content)
        == (201, again.content)
    )
    assert again["Location"] == first["Location"] and again["Content-Type"] == first["Content-Type"]
    assert Submission.objects.count() == 1 and acts() == before
    # From another program of the same person, bare instead of quoted: still the same request.
    bare = post(focal.program("registry"), "/submissions", TOOL, Idempotency_Key=mark.strip('"'))
    assert bare.content == first.content


def test_a_key_does_not_serve_another_request(focal: Person) -> None:
    program, mark = focal.program("registry"), key()
    post(program, "/submissions", TOOL, Idempotency_Key=mark)
    answer = problem(
        post(program, "/submissions", TOOL | {"send": False}, Idempotency_Key=mark), 422
    )
    assert answer["type"] == "/problems/key-reused"
    problem(post(program, "/submissions/check", TOOL, Idempotency_Key=mark), 422)
    assert Submission.objects.count() == 1


def test_another_person_with_the_same_key_asks_for_themselves(focal: Person) -> None:
    mark = key()
    post(focal.program("registry"), "/submissions", TOOL, Idempotency_Key=mark)
    other = person("contributor", focal.body)
    post(other.program("registry"), "/submissions", TOOL, Idempotency_Key=mark)
    assert Submission.objects.count() == 2


def test_what_was_refused_may_be_mended_under_the_same_key(focal: Person) -> None:
    program, mark = focal.program("registry"), key()
    problem(post(program, "/submissions", said("tool"), Idempotency_Key=mark), 400)
    assert post(program, "/submissions", TOOL, Idempotency_Key=mark).status_code == 201


def test_who_lost_the_right_does_not_get_the_kept_answer(focal: Person) -> None:
    from comity.people.actions import withdraw

    program, mark = focal.program("registry"), key()
    assert post(program, "/submissions", TOOL, Idempotency_Key=mark).status_code == 201
    problem(post(focal.program("mandate"), "/submissions", TOOL, Idempotency_Key=mark), 403)
    withdraw(focal.account.person, Role.FOCAL_POINT)
    problem(post(program, "/submissions", TOOL, Idempotency_Key=mark), 403)


def test_a_key_that_can_be_guessed_is_refused(focal: Person) -> None:
    answer = problem(
        post(focal.program("registry"), "/submissions", TOOL, Idempotency_Key="1"), 400
    )
    assert "UUID" in answer["errors"][0]["remedy"] and not Submission.objects.exists()


def test_while_it_is_under_way_it_is_a_conflict(focal: Person, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    from comity.registry.api import writing

    program, mark, met = focal.program("registry"), key(), []
    done = writing.submit_record

    def meanwhile(*args, **kwargs):  # type: ignore[no-untyped-def]
        met.append(post(program, "/submissions", TOOL, Idempotency_Key=mark))
        return done(*args, **kwargs)

    monkeypatch.setattr(writing, "submit_record", meanwhile)
    assert post(program, "/submissions", TOOL, Idempotency_Key=mark).status_code == 201
    assert problem(met[0], 409)["type"] == "/problems/conflict" and met[0]["Retry-After"] == "1"
    assert Submission.objects.count() == 1
