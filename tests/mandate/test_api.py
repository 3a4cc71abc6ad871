"""/api/v1/mandate: every table, one shape of failure, and acts by token or by session."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.formats.export import NAMES
from comity.mandate.formats.tables import COLUMNS

from .conftest import ADOPTED, DRAFT, KEY, Person, Shelf, source

API = "/api/v1/mandate"
HELD = f"{API}/{KEY}/versions"


def post(browser: object, path: str, **said: object):  # type: ignore[no-untyped-def]
    return browser.post(path, json.dumps(said), content_type="application/json")  # type: ignore[attr-defined]


def send(browser: object, name: str, data: bytes, key: str = KEY, **more: str):  # type: ignore[no-untyped-def]
    upload = io.BytesIO(data)
    upload.name = name
    return browser.post(f"{API}/{key}/versions", {"file": upload, **more})  # type: ignore[attr-defined]


# --- reading ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_table_as_json_and_as_csv_says_the_same(
    name: str, shelf: Shelf, client: Client
) -> None:
    table, _dot, shape = name.rpartition(".")
    label = DRAFT if table == "passages" else ADOPTED
    response = client.get(f"{HELD}/{label}/{name}")
    assert response.status_code == 200
    rows = client.get(f"{HELD}/{label}/{table}.json").json()["rows"]
    if shape == "json":
        assert {tuple(row) for row in rows} == {COLUMNS[table]}
    else:
        lines = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert len(lines) == len(rows) > 25 and tuple(lines[0]) == COLUMNS[table]


def test_a_table_says_which_text_it_is_of_and_how_similarity_is_counted(
    shelf: Shelf, client: Client
) -> None:
    meta = client.get(f"{HELD}/{ADOPTED}/fates.json").json()["meta"]
    assert meta["instrument"] == KEY and meta["version"] == ADOPTED and meta["date"] == "2014-11-07"
    assert meta["attribution"] and len(meta["source_sha256"]) == 64
    assert "word" in meta["similarity"]


def test_the_instruments_say_which_revisions_are_not_held(shelf: Shelf, client: Client) -> None:
    (row,) = client.get(f"{API}/").json()
    assert [v["version"] for v in row["versions"]] == [DRAFT, ADOPTED]
    missing = {r["label"] for r in row["revisions"] if not r["held"]}
    assert {"Rev. Dubai", "Rev. Bucharest"} <= missing


def test_a_paragraph_by_key_eid_or_wid_is_one_paragraph(shelf: Shelf, client: Client) -> None:
    row = reads.provision(ANONYMOUS, shelf.adopted, "aware/h")
    got = [
        client.get(f"{HELD}/{ADOPTED}/paragraph.json", {"unit": unit}).json()
        for unit in (row.key, row.eid, row.wid)
    ]
    assert got[0] == got[1] == got[2]
    assert got[0]["text"] == row.text and got[0]["history"][0]["from"][0]["tag"] == "ARB/79A2/13"
    assert got[0]["proposals"][0]["fate"] == "adopted amended"
    assert {c["key"] for c in got[0]["citations"]} == {"itu/itr"}


def test_any_two_versions_are_compared(shelf: Shelf, client: Client) -> None:
    there = client.get(f"{API}/{KEY}/compare/{DRAFT}/{ADOPTED}.json").json()["rows"]
    back = client.get(f"{API}/{KEY}/compare/{ADOPTED}/{DRAFT}.csv")
    assert {row["kind"] for row in there} >= {"same", "amended", "moved", "merged", "new", "gone"}
    assert back["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize(
    "path",
    [
        f"{API}/itu-pp/res-1/versions/2014/duties.json",
        f"{HELD}/1998/duties.json",
        f"{HELD}/{ADOPTED}/nothing.json",
        f"{HELD}/{ADOPTED}/passages.json",
        f"{HELD}/{ADOPTED}/paragraph.json?unit=resolves/99",
        f"{API}/{KEY}/compare/{DRAFT}/{ADOPTED}.pdf",
        f"{API}/{KEY}/compare/{DRAFT}/1998.json",
    ],
)
def test_what_is_not_here_is_one_problem(path: str, shelf: Shelf, client: Client) -> None:
    response = client.get(path)
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
    assert response.json()["type"] == "/problems/not-found"


def test_a_table_takes_few_queries(shelf: Shelf, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{HELD}/{ADOPTED}/duties.json")
    assert len(queries) <= 24  # it is cut from a bundle of everything known of the version


# --- loading ------------------------------------------------------------------------------


def test_a_text_is_loaded_once_and_says_what_was_not_understood(
    secretariat: Person, db: None
) -> None:
    m.Version.objects.all().delete()
    first = send(secretariat.browser, "2014.json", source("2014.json"))
    assert first.status_code == 201
    said = first.json()
    assert (said["key"], said["version"], said["provisions"]) == (KEY, ADOPTED, 95)
    assert (said["found"][0]["code"], said["found"][0]["line"]) == ("foreign-content", 1)
    row = list(ledger.rows())[-1]
    assert (row.act, row.actor) == ("load_version", secretariat.pseudonym)
    again = send(secretariat.browser, "2014.json", source("2014.json"))
    assert again.status_code == 200 and list(ledger.rows())[-1] == row


def test_a_silent_text_is_told_its_version(secretariat: Person) -> None:
    silent = b"The Conference,\n\nrecalling\n\na) a thing;\n\nresolves\n\n1 to act.\n"
    refused = send(secretariat.browser, "x.txt", silent, "itu-pp/res-9")
    assert refused.status_code == 400 and "version" in refused.json()["detail"]
    assert (
        send(secretariat.browser, "x.txt", silent, "itu-pp/res-9", label="2010").status_code == 201
    )


# --- settling -----------------------------------------------------------------------------

REASON = "Read side by side in both texts."


def doors(shelf: Shelf) -> dict[str, dict[str, object]]:
    passage = reads.proposals(ANONYMOUS, shelf.adopted)[0].passage.eid
    duty = f"{HELD}/{ADOPTED}/duties/hcontainer_resolves__para_1"
    return {
        f"{HELD}/{ADOPTED}/fates/{passage}": {"fate": "dropped", "reason": REASON},
        f"{HELD}/{ADOPTED}/changes/recs_aware__rec_h": {"kind": "new", "reason": REASON},
        f"{duty}/states": {"status": "in progress", "evidence": ["https://example.org/r"]},
        f"{duty}/deadlines": {"due": "2015-06-01", "source": "Document C15/1"},
    }


def test_acts_are_done_and_shown_beside_the_guess(shelf: Shelf, secretariat: Person) -> None:
    for path, said in doors(shelf).items():
        response = post(secretariat.browser, path, **said)
        assert response.status_code == 201, response.content
        assert response.json()["act"] == list(ledger.rows())[-1].seq
    shown = secretariat.browser.get(f"{HELD}/{ADOPTED}/paragraph.json?unit=aware/h").json()  # type: ignore[attr-defined]
    assert (shown["history"][0]["kind"], shown["history"][0]["settled"]) == ("moved", "new")
    duty = secretariat.browser.get(f"{HELD}/{ADOPTED}/paragraph.json?unit=resolves/1").json()[
        "duty"
    ]  # type: ignore[attr-defined]
    assert duty["status"] == "in progress"
    (deadline,) = duty["deadlines"]
    assert (deadline["due"], deadline["source"]) == ("2015-06-01", "Document C15/1")


def test_a_token_acts_within_its_scopes(shelf: Shelf, secretariat: Person) -> None:
    from comity.people.actions import create_token

    path, said = next(iter(doors(shelf).items()))
    for scopes, status in ((["read"], 403), (["read", "mandate"], 201)):
        token = create_token(secretariat.account, name="test", scopes=scopes, days=1)
        browser = Client(headers={"Authorization": f"Bearer {token.text}"})
        assert post(browser, path, **said).status_code == status
    assert m.Settlement.objects.count() == 1


def test_a_session_without_the_csrf_token_acts_on_nothing(
    shelf: Shelf, secretariat: Person
) -> None:
    """Another site could send the form with the reader's cookie; it does not know the token."""
    path, said = next(iter(doors(shelf).items()))
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = secretariat.browser.cookies  # type: ignore[attr-defined]
    response = post(browser, path, **said)
    assert response.status_code == 403 and "CSRF" in response.json()["detail"]
    assert not m.Settlement.objects.exists()


def test_who_may_not_act_hears_so_before_anything_is_read(shelf: Shelf, reader: Person) -> None:
    for path in (*doors(shelf), HELD):
        for browser, status in ((Client(), 401), (reader.browser, 403)):
            response = browser.post(path, b"{nonsense", content_type="application/json")  # type: ignore[attr-defined]
            assert (response.status_code, response["Content-Type"]) == (
                status, "application/problem+json",
            )  # fmt: skip


@pytest.mark.parametrize(
    ("door", "said", "status"),
    [
        (0, {"fate": "dropped", "reason": ""}, 422),
        (0, {"fate": "dropped", "reason": "  "}, 400),
        (0, {"fate": "lost", "reason": REASON}, 422),
        (0, {"fate": "merged", "reason": REASON}, 400),
        (1, {"kind": "same", "sources": [{"section": "x", "path": "y"}], "reason": REASON}, 400),
        (2, {"status": "completed"}, 400),
        (3, {"due": "soon", "source": "C15/1"}, 422),
        (3, {"due": "2015-06-01", "source": ""}, 422),
    ],
)
def test_what_cannot_be_taken_is_a_problem_with_a_remedy(
    door: int, said: dict[str, object], status: int, shelf: Shelf, secretariat: Person
) -> None:
    response = post(secretariat.browser, list(doors(shelf))[door], **said)
    assert response.status_code == status
    assert response.json()["errors"][0]["remedy"]
    assert not (m.Settlement.objects.exists() or m.DutyState.objects.exists())


def test_what_is_not_held_cannot_be_settled(shelf: Shelf, secretariat: Person) -> None:
    for path, said in doors(shelf).items():
        head, _slash, last = path.rpartition("/")
        gone = path.replace("resolves__para_1", "none") if "duties" in path else f"{head}/none"
        assert gone != path and post(secretariat.browser, gone, **said).status_code == 404, last


# --- signs that PostgreSQL keeps nowhere ---------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/mandate/itu-pp%00/res-130/versions/2014/duties.json",
        "/api/v1/mandate/itu-pp/res-130/versions/2014%00/duties.json",
        "/api/v1/mandate/itu-pp/res-130/versions/2014/paragraph.json?unit=a%00",
        "/en/mandate/itu-pp/res-130/2014/p/a%00",
        "/en/mandate/itu-pp/res-130/2014/proposals/a%00",
        "/en/mandate/itu-pp/res-130/compare/2014-10-28/2014/settle/a%00",
    ],
)
def test_a_nul_in_an_address_is_not_found_on_both_databases(
    path: str, shelf: Shelf, client: Client
) -> None:
    assert client.get(path).status_code == 404


def test_an_address_with_a_nul_in_a_filter_is_not_here(shelf: Shelf, client: Client) -> None:
    for query in ("duties?force=a%00", "duties?actor=%00", "proposals?proposer=%00&fate=%00"):
        assert client.get(f"/en/mandate/itu-pp/res-130/2014/{query}").status_code == 404


@pytest.mark.parametrize("sign", ["\\u0000", "\\ud800"])
def test_words_that_no_database_keeps_are_refused_by_every_act(
    sign: str, shelf: Shelf, secretariat: Person
) -> None:
    held = "/api/v1/mandate/itu-pp/res-130/versions/2014"
    for path, body in (
        ("changes/recs_aware__rec_h", '{"kind": "new", "reason": "a%s"}'),
        (
            "duties/hcontainer_resolves__para_1/states",
            '{"status": "completed", "evidence": ["a%s"]}',
        ),
        ("duties/hcontainer_resolves__para_1/deadlines", '{"due": "2015-01-01", "source": "a%s"}'),
    ):
        response = secretariat.browser.post(  # type: ignore[attr-defined]
            f"{held}/{path}", body % sign, content_type="application/json"
        )
        assert response.status_code in (400, 422), path
        assert response.json()["errors"][0]["remedy"]


def test_a_text_is_removed_by_who_may_load_and_gone_after(
    shelf: Shelf, reader: Person, secretariat: Person
) -> None:
    path = f"{API}/{KEY}/versions/{DRAFT}"
    assert reader.browser.delete(path).status_code == 403  # type: ignore[attr-defined]
    assert secretariat.browser.delete(path).status_code == 204  # type: ignore[attr-defined]
    assert secretariat.browser.delete(path).status_code == 404  # type: ignore[attr-defined]
    (row,) = [row for row in ledger.rows() if row.act == "remove_version"]
    assert (row.actor, row.object) == (secretariat.pseudonym, f"{KEY}/{DRAFT}/en")
