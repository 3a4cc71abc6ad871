"""Decisions at the page's door: a form, its reason, the guess beside it, and who may not."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from comity.kit.tlp import ANONYMOUS
from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.types import ChangeKind

from .conftest import ADOPTED, DRAFT, KEY, Person, Shelf
from .test_pages import BASE, page, words


def proposal_path(shelf: Shelf) -> str:
    row = reads.proposals(ANONYMOUS, shelf.adopted)[0]
    return f"{BASE}/{ADOPTED}/proposals/{row.passage.eid}"


def test_a_decision_is_shown_beside_the_guess_on_page_and_api(
    shelf: Shelf, secretariat: Person
) -> None:
    path, browser = proposal_path(shelf), secretariat.browser
    reason = "Its words stand nowhere in the Final Acts."
    response = browser.post(path, {"decided": "dropped", "reason": reason})
    assert (response.status_code, response["Location"]) == (302, path)
    shown = words(page(browser, path))
    assert "not adopted" in shown and reason in shown
    assert "adopted, reworded" in shown, "the machine's guess stays"
    listed = words(page(browser, f"/{ADOPTED}/proposals"))
    assert "settled by a person" in listed
    row = browser.get(f"/api/v1/mandate/{KEY}/versions/{ADOPTED}/fates.json").json()["rows"][0]
    assert row["fate"] == "adopted amended", "the machine's field keeps the machine's word"


def test_a_form_without_a_reason_says_so_and_keeps_nothing(
    shelf: Shelf, secretariat: Person
) -> None:
    response = secretariat.browser.post(proposal_path(shelf), {"decided": "dropped", "reason": " "})
    assert response.status_code == 200 and b"required" in response.content
    assert not m.Settlement.objects.exists()


def test_a_change_is_settled_from_its_page(shelf: Shelf, secretariat: Person) -> None:
    path = f"{BASE}/compare/{DRAFT}/{ADOPTED}/settle/recs_aware__rec_h"
    browser = secretariat.browser
    assert browser.get(path).status_code == 200
    data = {"decided": "amended", "targets": ["recalling|a-2"], "reason": "Read side by side."}
    first = shelf.draft.passages.get(wid=reads.provision(ANONYMOUS, shelf.adopted, "aware/h").wid)
    data["targets"] = [f"{first.section}|{first.path}"]
    response = browser.post(path, data)
    assert response.status_code == 302, words(response.content.decode())
    assert "a person decided" in words(page(browser, f"/{ADOPTED}/p/aware/h"))


def test_a_gone_passage_is_settled_from_its_page_with_the_adopted_text_to_choose_from(
    shelf: Shelf, secretariat: Person
) -> None:
    gone = next(
        c for c in reads.changes(ANONYMOUS, shelf.draft, shelf.adopted) if c.kind is ChangeKind.GONE
    )
    path = f"{BASE}/compare/{DRAFT}/{ADOPTED}/settle/{gone.subject}"
    data = {"decided": "merged", "targets": ["aware|h"], "reason": "Its words stand there."}
    response = secretariat.browser.post(path, data)
    assert response.status_code == 302, words(response.content.decode())
    assert m.Settlement.objects.get().subject == gone.subject


@pytest.mark.slow
def test_every_change_of_a_kept_comparison_can_be_settled_and_no_other(
    shelf: Shelf, secretariat: Person
) -> None:
    for base, wanted in (
        (f"/compare/{DRAFT}/{ADOPTED}?page=3", 200),
        (f"/compare/{ADOPTED}/{DRAFT}", None),
    ):
        links = re.findall(r'href="([^"]+/settle/[^"]+)"', page(secretariat.browser, base))
        statuses = {secretariat.browser.get(link).status_code for link in links[:10]}
        assert statuses == ({wanted} if wanted else set())


def test_a_duty_gets_its_state_and_its_deadline_from_its_page(
    shelf: Shelf, secretariat: Person
) -> None:
    path, browser = f"{BASE}/{ADOPTED}/duties/resolves/1", secretariat.browser
    refused = browser.post(path, {"what": "state", "status": "completed", "evidence": ""})
    assert refused.status_code == 200 and b"evidence" in refused.content
    said = {"what": "state", "status": "completed", "evidence": "https://example.org/c15-1"}
    assert browser.post(path, said).status_code == 302
    due = {"what": "due", "due": "2015-06-01", "source": "Document C15/1"}
    assert browser.post(path, due).status_code == 302
    shown = words(page(browser, f"/{ADOPTED}/p/resolves/1"))
    for expected in ("completed", "https://example.org/c15-1", "1 June 2015", "Document C15/1"):
        assert expected in shown


@pytest.mark.parametrize("who", ["anonymous", "reader"])
def test_who_may_see_but_not_do_is_told_so(who: str, shelf: Shelf, reader: Person) -> None:
    browser = Client() if who == "anonymous" else reader.browser
    change = f"{BASE}/compare/{DRAFT}/{ADOPTED}/settle/recs_aware__rec_h"
    duty = f"{BASE}/{ADOPTED}/duties/resolves/1"
    assert browser.get(proposal_path(shelf)).status_code == 200, "a proposal is public"
    assert "<textarea" not in browser.get(proposal_path(shelf)).content.decode()
    for path in (change, duty):
        assert browser.get(path).status_code == 403
    for path in (change, duty, proposal_path(shelf)):
        assert browser.post(path, {"decided": "dropped", "reason": "x"}).status_code == 403
    assert not (m.Settlement.objects.exists() or m.DutyState.objects.exists())
