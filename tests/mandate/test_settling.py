"""What persons say is checked alike at page and API, is said once, and overrides nobody unseen."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.mandate import actions, reads
from comity.mandate import models as m
from comity.mandate.rules import saying
from comity.mandate.types import ChangeKind, DutyStatus, Fate, MandateError, Target

from .conftest import ADOPTED, DRAFT, KEY, Person, Shelf

REASON = "Read side by side in both texts."
HELD = f"/api/v1/mandate/{KEY}/versions/{ADOPTED}"
PAGES = f"/en/mandate/{KEY}"
DUTY = "hcontainer_resolves__para_1"


def post(browser: Client, path: str, **said: object):  # type: ignore[no-untyped-def]
    return browser.post(path, json.dumps(said), content_type="application/json")


def doors(shelf: Shelf) -> dict[str, tuple[str, dict[str, object], str]]:
    """Every POST of the room that takes words: path, what is said, the field of the words."""
    passage = reads.proposals(ANONYMOUS, shelf.adopted)[0].passage.eid
    duty = f"{HELD}/duties/{DUTY}"
    fate, change = {"fate": "dropped"}, {"kind": "new"}
    return {
        "fate": (f"{HELD}/fates/{passage}", fate, "reason"),
        "change": (f"{HELD}/changes/recs_aware__rec_h", change, "reason"),
        "state": (f"{duty}/states", {"status": "completed"}, "evidence"),
        "deadline": (f"{duty}/deadlines", {"due": "2015-06-01"}, "source"),
    }


# --- what can be kept ---------------------------------------------------------------------


@given(st.text() | st.text("\0\x1b\x7f\x9f\ud800 a\n"))
def test_words_are_kept_whole_or_refused(text: str) -> None:
    try:
        said = saying.words(text, 20, "Nothing.", "Say it.")
    except MandateError as error:
        assert error.remedy
        return
    assert said.split() == text.split() and 0 < len(said) <= 20
    assert said.isprintable() or not any(ord(sign) < 32 for sign in said)
    said.encode()


@pytest.mark.parametrize("door", ["fate", "change", "state", "deadline"])
@pytest.mark.parametrize("words", ["a\0b", "a\x1bb", "x" * 501, " \n\t ", "\ud800"])
def test_what_cannot_be_kept_is_a_problem_at_every_door(
    door: str, words: str, shelf: Shelf, secretariat: Person
) -> None:
    path, said, field = doors(shelf)[door]
    value: object = [words] if field == "evidence" else words
    response = post(secretariat.browser, path, **said, **{field: value})  # type: ignore[arg-type]
    assert response.status_code in (400, 422), response.content
    assert response.json()["errors"][0]["remedy"]
    assert not (m.Settlement.objects.exists() or m.DutyState.objects.exists())
    assert not m.Deadline.objects.exists()


def test_evidence_is_fifty_lines_of_three_hundred(shelf: Shelf, secretariat: Person) -> None:
    duty = m.Duty.objects.filter(provision__version=shelf.adopted)[0]
    many = [f"https://example.org/{n}" for n in range(51)]
    for evidence in (many, ["x" * 301], [""], ["   "], ["a\0b"]):
        with pytest.raises(MandateError):
            actions.say_state(secretariat.viewer, duty, DutyStatus.COMPLETED, evidence)
    lines = [" a ", "", "a", *many[:49]]
    said = actions.say_state(secretariat.viewer, duty, DutyStatus.COMPLETED, lines)
    assert said.evidence == ["a", *many[:49]]


def test_evidence_is_checked_on_the_page_as_at_the_api(shelf: Shelf, secretariat: Person) -> None:
    path = f"{PAGES}/{ADOPTED}/duties/resolves/1"
    for evidence in ("\n".join(map(str, range(51))), "x" * 301, " \n ", "x" * 20_000):
        data = {"what": "state", "status": "completed", "evidence": evidence}
        assert secretariat.browser.post(path, data).status_code == 200  # type: ignore[attr-defined]
    assert not m.DutyState.objects.exists()


def test_a_refusal_is_in_the_readers_language(shelf: Shelf, secretariat: Person) -> None:
    path = f"{PAGES}/{ADOPTED}/duties/resolves/1".replace("/en/", "/fr/")
    data = {"what": "state", "status": "completed", "evidence": ""}
    html = secretariat.browser.post(path, data).content.decode()  # type: ignore[attr-defined]
    assert "This state needs evidence" not in html and "Cet état" in html


# --- once, and not over another -----------------------------------------------------------


def test_a_target_named_forty_times_is_one(shelf: Shelf, secretariat: Person) -> None:
    path, _said, _field = doors(shelf)["fate"]
    target = {"section": "aware", "path": "a"}
    response = post(secretariat.browser, path, fate="merged", targets=[target] * 40, reason=REASON)  # type: ignore[arg-type]
    assert response.status_code == 201 and response.json()["targets"] == [target]


def test_the_same_decision_sent_twice_is_one_act(shelf: Shelf, secretariat: Person) -> None:
    for door in ("fate", "change", "deadline"):
        path, said, field = doors(shelf)[door]
        both = [post(secretariat.browser, path, **said, **{field: REASON}) for _ in range(2)]  # type: ignore[arg-type]
        assert [r.status_code for r in both] == [201, 201]
        assert both[0].json()["act"] == both[1].json()["act"] == list(ledger.rows())[-1].seq


def test_a_decision_made_meanwhile_is_not_overridden_unseen(
    shelf: Shelf, secretariat: Person
) -> None:
    path, _said, _field = doors(shelf)["fate"]
    first = post(secretariat.browser, path, fate="dropped", reason=REASON).json()  # type: ignore[arg-type]
    said = {
        "fate": "adopted amended",
        "targets": [{"section": "aware", "path": "a"}],
        "reason": REASON,
    }
    late = post(secretariat.browser, path, **said)  # type: ignore[arg-type]
    assert (late.status_code, late["Content-Type"]) == (409, "application/problem+json")
    body = late.json()
    assert body["type"] == "/problems/conflict" and body["errors"][0]["remedy"]
    assert (body["held"]["decided"], body["held"]["act"]) == ("dropped", first["act"])
    assert m.Settlement.objects.count() == 1
    seen = post(secretariat.browser, path, **said, replaces=first["act"])  # type: ignore[arg-type]
    assert seen.status_code == 201
    assert reads.proposals(ANONYMOUS, shelf.adopted)[0].final == Fate.AMENDED


@pytest.mark.parametrize("about", ["fate", "change"])
def test_a_page_shows_what_was_decided_meanwhile_before_it_takes_another(
    about: str, shelf: Shelf, secretariat: Person
) -> None:
    browser: Client = secretariat.browser  # type: ignore[assignment]
    if about == "fate":
        passage = reads.proposals(ANONYMOUS, shelf.adopted)[0].passage
        path, decided = f"{PAGES}/{ADOPTED}/proposals/{passage.eid}", "dropped"
        there = [Target("aware", "a")]
        ends = (shelf.draft, shelf.adopted, passage, Fate.MERGED, there, "Other words.")
        made = actions.settle_fate(secretariat.viewer, *ends)  # type: ignore[arg-type]
    else:
        path, decided = f"{PAGES}/compare/{DRAFT}/{ADOPTED}/settle/recs_aware__rec_h", "new"
        first = shelf.draft.passages.first()  # type: ignore[attr-defined]
        place = [Target(first.section, first.path)]
        ends = (
            shelf.draft,
            shelf.adopted,
            "recs_aware__rec_h",
            ChangeKind.MOVED,
            place,
            "Other words.",
        )  # type: ignore[assignment]
        made = actions.settle_change(secretariat.viewer, *ends)  # type: ignore[arg-type]
    data = {"decided": decided, "reason": REASON, "seen": "0"}
    html = (refused := browser.post(path, data)).content.decode()
    assert refused.status_code == 200 and "in the meantime" in html and "Other words." in html
    assert m.Settlement.objects.count() == 1
    seen = re.search(r'name="seen" value="(\d+)"', html)
    assert seen and int(seen[1]) == made.act
    assert browser.post(path, data | {"seen": seen[1]}).status_code == 302
    assert m.Settlement.objects.count() == 2


# --- deadlines ----------------------------------------------------------------------------


@pytest.mark.parametrize("due", ["0001-01-01", "1999-12-31", "2014-11-06", "9999-12-31"])
def test_a_day_that_no_duty_can_be_due_on_is_refused(
    due: str, shelf: Shelf, secretariat: Person
) -> None:
    path, _said, _field = doors(shelf)["deadline"]
    response = post(secretariat.browser, path, due=due, source="C15/1")  # type: ignore[arg-type]
    assert response.status_code == 400 and "year" in response.json()["errors"][0]["remedy"]
    assert not m.Deadline.objects.exists()


def test_a_duty_can_be_due_from_the_day_of_its_text_for_fifty_years() -> None:
    text, today = dt.date(2014, 11, 7), dt.date(2026, 1, 1)
    for day in (text, dt.date(2076, 12, 31)):
        assert saying.due_day(day, text, today) == day
    with pytest.raises(MandateError):
        saying.due_day(dt.date(1865, 5, 16), None, today)


def test_a_wrong_deadline_is_withdrawn_and_stays_in_the_record(
    shelf: Shelf, secretariat: Person, reader: Person
) -> None:
    path, said, _field = doors(shelf)["deadline"]
    made = post(secretariat.browser, path, **said, source="C15/1").json()  # type: ignore[arg-type]
    one = f"{path}/{made['act']}"
    for browser, status in ((Client(), 401), (reader.browser, 403)):
        assert browser.delete(one).status_code == status  # type: ignore[attr-defined]
    gone = secretariat.browser.delete(one)  # type: ignore[attr-defined]
    assert gone.status_code == 200 and gone.json()["act"] == list(ledger.rows())[-1].seq
    assert list(ledger.rows())[-1].act == "withdraw_deadline"
    (row,) = reads.duties(ANONYMOUS, shelf.adopted)[:1]
    assert row.deadlines == () and m.Deadline.objects.get().withdrawn
    assert secretariat.browser.delete(one).status_code == 404, "once"  # type: ignore[attr-defined]
    again = post(secretariat.browser, path, **said, source="C15/1")  # type: ignore[arg-type]
    assert again.status_code == 201 and again.json()["act"] > made["act"]


def test_a_wrong_deadline_is_withdrawn_from_its_page(shelf: Shelf, secretariat: Person) -> None:
    browser: Client = secretariat.browser  # type: ignore[assignment]
    path = f"{PAGES}/{ADOPTED}/duties/resolves/1"
    browser.post(path, {"what": "due", "due": "2015-06-01", "source": "Document C15/1"})
    html = browser.get(path).content.decode()
    act = re.search(r'name="act" value="(\d+)"', html)
    assert act and "Withdraw the date 1 June 2015" in html
    for wrong in ("", "x", "9" * 30, "0"):
        assert browser.post(path, {"what": "withdraw", "act": wrong}).status_code == 302
        assert m.Deadline.objects.get().withdrawn is None
    assert "no such deadline" in browser.get(path).content.decode()
    assert browser.post(path, {"what": "withdraw", "act": act[1]}).status_code == 302
    assert m.Deadline.objects.get().withdrawn
    assert "Document C15/1" not in browser.get(path).content.decode()


# --- who may not --------------------------------------------------------------------------


def test_who_may_not_settle_hears_why_in_their_language(shelf: Shelf, reader: Person) -> None:
    path = f"/fr/mandate/{KEY}/compare/{DRAFT}/{ADOPTED}/settle/recs_aware__rec_h"
    shown = [browser.get(path) for browser in (reader.browser, Client())]  # type: ignore[attr-defined]
    assert [response.status_code for response in shown] == [403, 403]
    for response, words in zip(shown, ("Votre compte", "Connectez-vous"), strict=True):
        html = response.content.decode()
        assert '<html lang="fr"' in html and words in html.partition('class="lead"')[2]
