"""Files of a body: good rows arrive, bad ones wait, nothing is lost, doubled or half-written."""

from __future__ import annotations

import threading
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from comity.kit.sheets import read
from comity.kit.tlp import ANONYMOUS
from comity.ledger.models import Act as LedgerAct
from comity.registry import actions, reads
from comity.registry.models import Batch, Entry, Step, Submission, WaitingRow
from comity.registry.reads.submissions import batch as batch_of
from comity.registry.reads.submissions import submissions, tally
from comity.registry.rules.submissions import Act, State
from comity.registry.types import BadSubmission, BadValue, Outcome, RegistryError
from tests.registry.submitting import Cast, cast, url

FILE = """title,country,period,url
Drill of the coast,KE,2014,https://example.org/a
No such country,XX,2014,
Thirtieth of February,KE,2014-02-30,
Namibia is no gap,NA,2015,
,KE,2014,
"""


@pytest.fixture
def world(db) -> Cast:
    return cast()


def send(world: Cast, text: str = FILE, who: str = "contributor", kind: str = "activity"):
    return actions.submit_file(world.viewer(who), kind, text.encode(), "drills.csv")


def test_good_rows_arrive_and_bad_ones_wait_with_their_remedy(world) -> None:
    loaded = send(world)
    assert [r.outcome for r in loaded.results] == [
        Outcome.CREATED,
        Outcome.REJECTED,
        Outcome.REJECTED,
        Outcome.CREATED,
        Outcome.REJECTED,
    ]
    assert all(p.message and p.remedy for r in loaded.results for p in r.problems)
    rows = Submission.objects.order_by("row")
    assert [(r.row, r.state, r.title) for r in rows] == [
        (2, State.SUBMITTED, "Drill of the coast"),
        (5, State.SUBMITTED, "Namibia is no gap"),
    ]
    assert {v["field"]: v["value"] for v in rows[1].content["values"]}["country"] == "NA"
    found = tally(loaded.batch)
    assert (found.arrived, found.waiting, loaded.batch.rows) == (2, 3, 5)
    assert not Entry.objects.exists()
    assert LedgerAct.objects.filter(act="submit_batch").count() == 1
    assert Step.objects.filter(act_name=Act.SUBMIT).count() == 2
    assert submissions(world.viewer("secretariat")).total == 2
    assert submissions(world.viewer("other")).total == submissions(ANONYMOUS).total == 0
    for name in ("other", "secretariat"):  # what waits is the body's own
        with pytest.raises(reads.NotHeld):
            batch_of(world.viewer(name), loaded.batch.id)


def test_the_same_file_again_adds_nothing(world) -> None:
    first = send(world)
    acts = LedgerAct.objects.count()
    for who in ("contributor", "focal"):
        again = send(world, who=who)
        assert again.batch.id == first.batch.id
        assert {r.outcome for r in again.results} == {Outcome.UNCHANGED, Outcome.REJECTED}
    assert (Submission.objects.count(), WaitingRow.objects.count()) == (2, 3)
    assert LedgerAct.objects.count() == acts
    assert send(world, who="other").batch.id != first.batch.id  # another body says it too


def test_a_row_is_mended_and_replayed_and_another_dropped_with_a_reason(world) -> None:
    found = send(world).batch
    author = world.viewer("contributor")
    with pytest.raises(BadSubmission):
        actions.mend_row(author, found.id, 3, {"title": "No such country", "country": "YY"})
    made = actions.mend_row(author, found.id, 3, {"title": "Such a country", "country": "KE"})
    assert (made.batch_id, made.row, made.state) == (found.id, 3, State.SUBMITTED)
    with pytest.raises(BadValue):
        actions.drop_row(author, found.id, 4, " ")
    actions.drop_row(author, found.id, 4, "It was a slip.")
    for number in (3, 4):
        with pytest.raises(RegistryError):
            actions.mend_row(author, found.id, number, {"title": "Again"})
    kept = tally(found)
    assert (kept.arrived, kept.waiting, kept.dropped) == (3, 1, 1)
    send(world)  # the same file again puts neither back
    assert tally(found) == kept
    assert WaitingRow.objects.get(row=3).raw["country"] == "XX"  # what came stays


def test_the_doors_of_a_file(world) -> None:
    author = world.client("contributor")
    file = SimpleUploadedFile("drills.csv", FILE.encode())
    answer = author.post(url("upload"), {"kind": "activity", "language": "en", "file": file})
    assert answer.status_code == 302, answer.content.decode()
    page = answer["Location"]
    text = author.get(page).content.decode()
    assert "Mend row 3" in text and "Mend row 2" not in text
    mend = page + "rows/3/"
    form = author.get(mend).content.decode()
    assert 'value="XX"' in form and 'name="c_country"' in form
    wrong = author.post(mend, {"c_title": "A", "c_country": "ZY", "do": "mend"})
    assert wrong.status_code == 200 and "<title>Error:" in wrong.content.decode()
    assert author.post(mend, {"c_title": "A", "c_country": "KE", "do": "mend"}).status_code == 302
    assert author.post(page + "rows/4/", {"do": "drop"}).status_code == 200
    dropped = author.post(page + "rows/4/", {"do": "drop", "reason": "A slip."})
    assert dropped.status_code == 302
    for name in ("other", "secretariat", "reader"):
        assert world.client(name).get(page).status_code == 404
        assert world.client(name).get(mend).status_code == 404
    assert world.client("reader").get(url("upload")).status_code == 403


def test_a_file_that_is_not_utf_8_is_read_as_the_page_is_told(world) -> None:
    author = world.client("contributor")

    def sent(**more: str):  # type: ignore[no-untyped-def]
        file = SimpleUploadedFile("drills.csv", FILE.encode() + "Évaluation,KE\n".encode("cp1252"))
        given = {"kind": "activity", "language": "fr", "file": file, **more}
        return author.post(url("upload"), given)

    refused = sent().content.decode()
    assert "windows-1252" in refused and '<select id="f_encoding"' in refused
    assert sent(encoding="windows-1252").status_code == 302


def test_what_is_wrong_is_said_in_the_readers_language(world) -> None:
    author = world.client("contributor")

    def sent(text: str, language: str = "fr") -> str:
        file = SimpleUploadedFile("drills.csv", text.encode())
        where = url("upload").replace("/en/", f"/{language}/")
        answer = author.post(where, {"kind": "activity", "file": file}, follow=True)
        return answer.content.decode()

    assert "Colonnes que ce type n&#x27;a pas : cuntry" in sent("title,cuntry\nA,KE\n")
    shown = sent(FILE + "Trop,de,cellules,ici,et,encore\n")
    for words in (
        "&#x27;XX&#x27; n&#x27;est pas un code de pays",
        "Utilisez deux ou trois lettres",
        "la ligne a du texte après la dernière colonne",
    ):
        assert words in shown, words
    assert "is no country code" not in shown and "the row has" not in shown
    assert "ليس رمز بلد" in sent(FILE + "Autre,ZZ,2014,\n", "ar")


def test_too_large_is_refused_before_it_is_read(world, monkeypatch) -> None:
    author = world.client("contributor")

    def never(*_args, **_kwargs):
        raise AssertionError("the body was read")

    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", never)
    answer = author.post(url("upload"), b"x", content_type="multipart/form-data; boundary=b",
                         CONTENT_LENGTH=200 * 2**20)  # fmt: skip
    assert answer.status_code == 413 and "MB" in answer.content.decode()


def test_an_upload_needs_its_token(world) -> None:
    from django.conf import settings
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    account = world.accounts["contributor"]
    strict.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
    file = SimpleUploadedFile("drills.csv", FILE.encode())
    assert strict.post(url("upload"), {"kind": "activity", "file": file}).status_code == 403
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"colour,weight\nred,3\n"),
        ("a.xlsx", b"%PDF-1.7"),
        ("a.xlsx", b"PK\x03\x04 not a workbook"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_remedy(world, name, data) -> None:
    author = world.client("contributor")
    given = {"kind": "activity", "file": SimpleUploadedFile(name, data or b" ")}
    answer = author.post(url("upload"), given)
    assert answer.status_code == 200 and "<title>Error:" in answer.content.decode()
    assert not Batch.objects.exists() and not Submission.objects.exists()


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["activity", "situation"])
def test_the_template_has_the_columns_that_are_taken(db, client, form, kind) -> None:
    answer = client.get(url("template", kind=kind, form=form))
    data = b"".join(answer) if answer.streaming else answer.content
    sheet = read(data, name=f"{kind}.{form}")
    assert "title" in sheet.columns and "title_en" in sheet.columns and not sheet.rows
    from comity.registry.rules.checking import unknown_columns

    assert unknown_columns(reads.kinds()[kind], sheet.columns) == ()


def test_rows_that_say_what_is_said_already_change_nothing(world) -> None:
    first = send(world, "key,title,country\ndrill-1,Drill of the coast,KE\n")
    row = Submission.objects.get()
    again = send(world, "key,title,country\ndrill-1,Drill of the coast,KE\n,Other,KE\n")
    assert tally(again.batch).unchanged == 1 and tally(again.batch).arrived == 1
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    entry = actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF).entry
    third = send(world, "key,title,country\ndrill-1,Drill of the coast,UG\n\n")
    change = Submission.objects.get(batch=third.batch)
    assert change.entry == entry and change.base_act == entry.act
    same = send(world, f"key,title,country\n{entry.key},Drill of the coast,KE\n")
    assert tally(same.batch).unchanged == 1 and first.batch.id != same.batch.id


def test_what_is_amber_waits_where_only_a_second_factor_reads(world) -> None:
    found = send(world, "title,country,tlp\nOpen,KE,\nSecret,XX,AMBER\n").batch
    bare = world.viewer("contributor", second_factor=False)
    with pytest.raises(reads.NotHeld):
        batch_of(bare, found.id)
    assert batch_of(world.viewer("contributor"), found.id)


CELLS = st.sampled_from(
    ["KE", "NA", "XX", "", "2014", "2014-02-30", "=1+1", "Drill", "a; b", "«é»"]
)
ROWS = st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8)


class RowsInAreRowsOut(TestCase):
    @settings(max_examples=25)
    @given(ROWS)
    def test_rows_in_equal_arrived_and_waiting(self, rows) -> None:
        from comity.kit.sheets import write_csv

        world = cast()
        data = b"".join(write_csv(["title", "country", "period"], rows))
        for _time in range(2):
            try:
                loaded = actions.submit_file(world.viewer("contributor"), "activity", data, "f.csv")
            except Exception as error:
                assert not any(any(row) for row in rows), error
                return
            found = tally(loaded.batch)
            assert found.arrived + found.waiting + found.unchanged == loaded.batch.rows
            assert len(loaded.results) == loaded.batch.rows
        assert Batch.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clients_with_one_file_make_one_batch() -> None:
    world = cast()
    barrier, faults, made = threading.Barrier(4), [], []

    def client(who: str) -> None:
        barrier.wait()
        try:
            for _turn in range(200):
                try:
                    made.append(send(world, who=who).batch.id)
                    return
                except OperationalError:  # the database is busy: as a client does, try again
                    time.sleep(0.01)
            faults.append("never got through")
        except Exception as error:
            faults.append(repr(error))
        finally:
            connection.close()

    names = ("contributor", "focal", "head", "contributor")
    threads = [threading.Thread(target=client, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [] and len(set(made)) == 1 and len(made) == 4
    assert (Batch.objects.count(), Submission.objects.count()) == (1, 2)
    assert (WaitingRow.objects.count(), Step.objects.count()) == (3, 4)
