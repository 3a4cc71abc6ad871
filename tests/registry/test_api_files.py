"""Files, replies, searches and requests through the API."""

from __future__ import annotations

import io
import json
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from comity.directory.models import Team
from comity.kit.tlp import Label
from comity.ledger import reads as ledger
from comity.registry.models import Batch, Entry, Submission

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


# --- files --------------------------------------------------------------------------------

GOOD = "title,country\nFirst drill kit,KE\nSecond drill kit,UG\n"
MIXED = "title,country\nFirst drill kit,KE\nBad kit,XX\n,UG\n"


def send(program: Client, text: str | bytes, name: str = "tools.csv", mark: str = "", **more: str):  # type: ignore[no-untyped-def]
    file = io.BytesIO(text if isinstance(text, bytes) else text.encode())
    file.name = name
    headers = {"Idempotency-Key": mark} if mark else {}
    return program.post(f"{API}/batches", {"file": file, "kind": "tool", **more}, headers=headers)


def test_good_rows_arrive_and_bad_ones_wait_to_be_mended(focal: Person) -> None:
    program = focal.program("registry")
    made = send(program, MIXED)
    assert made.status_code == 201
    told = made.json()
    assert (told["rows"], told["arrived"], told["waiting"]) == (3, 1, 2)
    assert [row["row"] for row in told["rejected"]] == [3, 4] or len(told["rejected"]) == 2
    assert all(p["remedy"] for row in told["rejected"] for p in row["problems"])
    where = made["Location"].removeprefix(API)
    waiting = get(program, where).json()["rows_waiting"]
    assert {p["field"] for row in waiting for p in row["problems"]} == {"country", "title"}
    first, second = (row["row"] for row in waiting)
    problem(
        post(program, f"{where}/rows/{first}", {"cells": {"title": "Kit", "country": "YY"}}), 400
    )
    mended = post(program, f"{where}/rows/{first}", {"cells": {"title": "Kit", "country": "ZM"}})
    assert mended.status_code == 201
    assert get(program, mended["Location"].removeprefix(API)).json()["row"] == first
    assert post(program, f"{where}/rows/{second}/drop", {"reason": "No tool."}).status_code == 200
    problem(post(program, f"{where}/rows/{second}/drop", {"reason": "No tool."}), 400)
    left = get(program, where).json()
    assert (left["arrived"], left["waiting"], left["dropped"], left["unchanged"]) == (2, 0, 1, 0)
    assert [one["id"] for one in get(program, "/batches").json()["batches"]] == [left["id"]]


def test_a_file_sent_twice_is_one_batch_with_a_key_and_without(focal: Person) -> None:
    program, mark = focal.program("registry"), key()
    first = send(program, GOOD, mark=mark)
    again = send(program, GOOD, mark=mark)  # the form's boundary is another one
    assert (first.status_code, first.content) == (again.status_code, again.content)
    plain = send(program, GOOD)
    assert plain.status_code == 200 and plain.json()["id"] == first.json()["id"]
    assert set(plain.json()["outcomes"]) == {"unchanged"}
    problem(send(program, GOOD + "Third,KE\n", mark=mark), 422)
    assert Batch.objects.count() == 1 and Submission.objects.count() == 2


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"%PDF-1.7", 400),
        (b"PK\x03\x04junk", 400),
        (b"a,b\n1,2\n", 400),
        (b"\xff\xfe\x00", 400),
    ],
)
def test_a_file_that_is_no_table_is_told(data: bytes, status: int, focal: Person) -> None:
    answer = problem(send(focal.program("registry"), data, "x.xlsx"), status)
    assert answer["errors"][0]["remedy"] and not Batch.objects.exists()


def test_a_huge_file_is_refused_before_it_is_read(focal: Person) -> None:
    program = focal.program("registry")
    answer = program.post(
        f"{API}/batches", b"", content_type="multipart/form-data; boundary=x",
        headers={"Content-Length": "200000000"}, CONTENT_LENGTH="200000000",
    )  # fmt: skip
    assert "200" in problem(answer, 413)["detail"] or "MB" in answer.json()["detail"]


# --- the operator, replies, searches, requests --------------------------------------------


def test_the_operator_loads_what_a_source_publishes(
    office: Person, focal: Person, client: Client
) -> None:
    program = office.program("registry")
    load = {
        "said_by": "Example press",
        "licence": "CC0-1.0",
        "records": [said("publication", "pub-1", title="Act on drills")],
    }
    problem(post(focal.program("registry"), "/entries/publication", load), 403)
    assert post(program, "/entries/publication", load).json()["results"][0]["outcome"] == "created"
    assert (
        post(program, "/entries/publication", load).json()["results"][0]["outcome"] == "unchanged"
    )
    one = get(client, "/entries/publication/pub-1").json()
    assert {s["said_by"] for s in one["statements"]} == {"Example press"}
    load["records"].append(said("publication", "pub-2", title="Act", country="XX"))
    errors = problem(post(program, "/entries/publication", load), 400)["errors"]
    assert (
        errors[0]["pointer"] == "#/rows/2/values/country"
        and not Entry.objects.filter(key="pub-2").exists()
    )
    problem(post(program, "/entries/publication", load | {"records": [TOOL]}), 400)
    problem(post(program, "/entries/thing", load), 400)


def test_a_situation_is_loaded_only_where_its_state_lets_it_be_published(
    office: Person, client: Client
) -> None:
    """As with a file: the operator does not publish what a State has not agreed to publish."""
    told = {
        "title": "Cooperation of Kenya",
        "country": "KE",
        "body": {"name": "Ministry", "body": ""},
        "date": "2026",
        "declaration": "We cooperate with our neighbours.",
    }
    ours = office.program("registry")
    for more in ({"may_be_published": False}, {}):
        load = {"said_by": "A report", "records": [said("situation", "sit-1", **told, **more)]}
        problem(post(ours, "/entries/situation", load), 400)
    assert not Entry.objects.exists()
    agreed = said("situation", "sit-1", **told, may_be_published=True)
    done = post(ours, "/entries/situation", {"said_by": "A report", "records": [agreed]})
    assert done.json()["results"][0]["outcome"] == "created"


def test_whom_an_entry_concerns_may_answer_it(
    office: Person, focal: Person, client: Client
) -> None:
    load = {
        "said_by": "Example press",
        "records": [said("publication", "pub-1", title="Act", country="KE")],
    }
    post(office.program("registry"), "/entries/publication", load)
    tag = get(client, "/entries/publication/pub-1")["ETag"]
    program, words = focal.program("registry"), {"text": "It was repealed.", "contests": True}
    made = post(program, "/entries/publication/pub-1/replies", words, If_Match=tag)
    assert made.status_code == 201
    problem(post(program, "/entries/publication/pub-1/replies", words, If_Match=tag), 412)
    one = get(client, "/entries/publication/pub-1").json()
    assert one["state"] == "contested" and one["replies"][0]["text"] == "It was repealed."
    stranger = person("focal_point", body("Zambia administration", "ZM")).program("registry")
    problem(post(stranger, "/entries/publication/pub-1/replies", words), 403)
    path = f"{API}/replies/{made.json()['id']}"
    assert stranger.delete(path).status_code == 403
    assert program.delete(path).status_code == 204
    assert get(client, "/entries/publication/pub-1").json()["state"] == "published"


def test_a_state_says_since_when_it_applies_a_practice(
    office: Person, focal: Person, client: Client
) -> None:
    load = {"said_by": "A guide", "records": [said("practice", "prc-1", title="Publish a contact")]}
    post(office.program("registry"), "/entries/practice", load)
    program, path = focal.program("registry"), "/entries/practice/prc-1/applied"
    words = {"event": "applies", "date": "2019-06", "evidence_url": "https://example.org/decree"}
    assert post(program, path, words).json()["outcome"] == "updated"
    assert post(program, path, words).json()["outcome"] == "unchanged", "again it is the same"
    (told,) = [
        s
        for s in get(client, "/entries/practice/prc-1").json()["statements"]
        if s["field"] == "applied_since"
    ]
    assert (told["said_by"], told["voice"], told["value"]["date"]) == (
        "Maravia administration",
        "own",
        "2019-06",
    )
    wrong = problem(post(program, path, {"event": "dances"}), 400)
    assert "applied_since" in json.dumps(wrong)
    problem(post(program, "/entries/publication/none/applied", words), 404)
    problem(post(office.program("registry"), path, words), 403)
    ahead = problem(post(program, path, words | {"date": "9990"}), 400)
    assert "not come yet" in json.dumps(ahead)


def test_a_body_confirms_its_own_entry_and_no_others(focal: Person, client: Client) -> None:
    publish(said("tool", "kit", title="Kit"), Label.CLEAR, focal.body)
    before = get(client, "/entries/tool/kit")
    program, path = focal.program("registry"), "/entries/tool/kit/confirm"
    assert post(program, path, {}, If_Match=before["ETag"]).json()["confirmed"] == 1
    one = get(client, "/entries/tool/kit").json()["statements"][0]
    assert one["verified_by"] == "Maravia administration" and one["verified_on"]
    problem(post(program, path, {}, If_Match=before["ETag"]), 412)
    stranger = person("focal_point", body("Zambia administration", "ZM")).program("registry")
    problem(post(stranger, path, {}), 403)
    problem(post(stranger, "/entries/tool/none/confirm", {}), 404)


def test_searches_are_kept_for_their_person_alone(focal: Person) -> None:
    program = person("reader").program("registry")
    problem(post(Client(), "/searches", {"name": "Drills", "query": "q=drill"}), 401)
    problem(post(focal.program(), "/searches", {"name": "Drills", "query": "q=drill"}), 403)
    made = post(program, "/searches", {"name": "Drills", "query": "q=drill"}).json()
    (row,) = get(program, "/searches").json()["searches"]
    assert (row["query"], row["total"], row["new"]) == ("q=drill", 0, 0)
    assert get(focal.program(), "/searches").json()["searches"] == []
    path = f"/searches/{made['id']}"
    assert post(program, f"{path}/seen").status_code == 200
    assert focal.program("registry").delete(f"{API}{path}").status_code == 404
    assert program.delete(f"{API}{path}").status_code == 204


@pytest.fixture
def asked(focal: Person, office: Person) -> str:
    """A request for assistance, asked by submission, published by the State's word."""
    record = said(
        "request",
        title="Help with a CIRT",
        need="Staff to be trained.",
        body="Maravia administration",
        country="KE",
        area="capacity_building",
    )
    where = post(focal.program("registry"), "/submissions", record)
    assert where.status_code == 201, where.content
    path = where["Location"].removeprefix(API)
    assert post(office.program("registry"), f"{path}/accept").status_code == 200
    head = person("head", focal.body)
    entry = post(head.program("registry"), f"{path}/sign_off").json()["entry"]
    return str(entry.removeprefix("request/"))


def test_a_request_is_answered_step_by_step(asked: str, focal: Person, office: Person) -> None:
    ours, theirs = office.program("registry"), focal.program("registry")
    publish(
        said("tool", "drill-kit", title="Kit", area="capacity_building"), Label.CLEAR, office.body
    )
    queue = get(ours, "/requests").json()
    assert [row["key"] for row in queue["requests"]] == [asked] and queue["counts"]["open"]
    one = get(ours, f"/requests/{asked}")
    assert "match" in one.json()["acts"]
    offers = get(ours, f"/requests/{asked}/matches").json()["offers"]
    assert [row["entry"] for row in offers] == ["tool/drill-kit"] and offers[0]["reasons"]
    matched = post(
        ours, f"/requests/{asked}/match", {"offers": ["tool/drill-kit"]}, If_Match=one["ETag"]
    )
    assert matched.json()["state"] == "matched"
    problem(post(ours, f"/requests/{asked}/match", {"offers": ["tool/drill-kit"]}), 409)
    problem(post(ours, f"/requests/{asked}/begin", If_Match=one["ETag"]), 412)
    assert post(ours, f"/requests/{asked}/begin").json()["state"] == "under_way"
    assert post(theirs, f"/requests/{asked}/finish").json()["state"] == "done"
    assert get(theirs, f"/requests/{asked}").json()["steps"][0]["act"] == "finish"


def test_a_team_is_suggested_and_named_at_this_door_too(
    asked: str, focal: Person, office: Person
) -> None:
    helper = body("CERT-FR", "FR")
    Team.objects.create(
        seq=1, body=helper, code="cert-fr", name="CERT-FR", country="FR", changed=timezone.now()
    )
    project = said("project", "prj-1", title="Drills in Uganda", area="capacity_building",
                   country="UG", implementer={"name": "CERT-FR", "body": ""})  # fmt: skip
    publish(project, Label.CLEAR, office.body)
    ours = office.program("registry")
    given = get(ours, f"/requests/{asked}/matches").json()
    (team,) = given["teams"]
    assert team["entry"] == "team/cert-fr" and team["reasons"] and not given["more_teams"]
    named = post(ours, f"/requests/{asked}/match", {"offers": ["team/cert-fr"]})
    assert named.json()["state"] == "matched"
    one = get(ours, f"/requests/{asked}").json()
    assert one["matches"] == [{"entry": "team/cert-fr", "title": "CERT-FR", "state": "chosen"}]
    assert not one["matched_with_others"]


def test_a_request_is_not_there_for_others(asked: str, client: Client) -> None:
    stranger = person("focal_point", body("Zambia administration", "ZM")).program("registry")
    for path in (f"/requests/{asked}", f"/requests/{asked}/matches", f"/entries/request/{asked}"):
        problem(get(stranger, path), 404)
    problem(post(stranger, f"/requests/{asked}/withdraw"), 404)
    assert get(stranger, "/requests").json()["total"] == 0
    problem(get(client, "/requests"), 401)
    problem(post(stranger, f"/requests/{asked}/dance"), 422)


def test_answers_are_json_that_says_what_it_says(focal: Person) -> None:
    made = post(focal.program("registry"), "/submissions", TOOL)
    assert json.loads(made.content)["state"] == "submitted"


def test_a_csv_of_another_encoding_is_read_once_it_is_named(focal: Person) -> None:
    program = focal.program("registry")
    data = (GOOD.rstrip("\n") + "\nÉvaluation des équipes,KE\n").encode("cp1252")
    refused = send(program, data)
    assert refused.status_code == 400 and "name the encoding" in refused.content.decode()
    assert send(program, data, encoding="no-such").status_code == 400
    made = send(program, data, encoding="windows-1252")
    assert made.status_code == 201 and made.json()["waiting"] == 0
    assert "Évaluation des équipes" in program.get(f"{API}/submissions").content.decode()
