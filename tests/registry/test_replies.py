"""The right of reply: who is concerned answers, a contest stands until it is settled."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from comity.kit.tlp import ANONYMOUS
from comity.registry import actions, reads
from comity.registry.models import Entry, Reply, Statement
from comity.registry.reads.answering import answering_bodies
from comity.registry.rules.submissions import Act
from comity.registry.types import BadValue
from tests.registry.submitting import Cast, cast, record, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> Cast:
    return cast()


@pytest.fixture
def entry(world) -> Entry:
    """An entry of Kenya's about Kenya and Uganda."""
    row = actions.submit_record(world.viewer("contributor"), record(country="KE; UG"))
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    found = actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF).entry
    assert found is not None
    return found


def page_of(entry: Entry) -> str:
    return url("reply", kind=entry.kind, key=entry.key)


def test_who_is_concerned_replies_and_nobody_else(world, entry) -> None:
    assert [b.name for b in answering_bodies(world.viewer("other"), entry)] == [world.uganda.name]
    assert [b.name for b in answering_bodies(world.viewer("focal"), entry)] == [world.kenya.name]
    for name in ("contributor", "secretariat", "reader"):
        assert answering_bodies(world.viewer(name), entry) == []
        assert world.client(name).get(page_of(entry)).status_code == 403
        with pytest.raises(PermissionDenied):
            actions.answer(world.viewer(name), entry, "No.")
    alone = actions.submit_record(world.viewer("contributor"), record(country="KE", title="Mine"))
    actions.act_on(world.viewer("secretariat"), alone.id, Act.ACCEPT)
    mine = actions.act_on(world.viewer("focal"), alone.id, Act.SIGN_OFF).entry
    assert world.client("other").get(page_of(mine)).status_code == 403


def test_a_contest_stands_until_it_is_taken_back(world, entry) -> None:
    other, before = world.client("other"), Statement.objects.count()
    done = other.post(
        page_of(entry), {"text": "It was not held here.", "contests": "yes", "language": "en"}
    )
    assert done.status_code == 302
    entry.refresh_from_db()
    assert entry.state == "contested" and Statement.objects.count() == before
    assert [r.text for r in reads.replies(ANONYMOUS, entry)] == ["It was not held here."]
    text = other.get(page_of(entry)).content.decode()
    assert "contests this entry" in text and "Take this reply back" in text
    assert reads.listing(ANONYMOUS, reads.Question()).total == 1
    row = Reply.objects.get()
    taken = url("take_back_reply", id_=row.id)
    assert world.client("focal").post(taken).status_code == 403
    assert other.post(taken).status_code == 302
    entry.refresh_from_db()
    assert entry.state == "published" and reads.replies(ANONYMOUS, entry) == []
    assert other.post(taken).status_code == 404


def test_two_contests_are_two_and_a_reply_is_none(world, entry) -> None:
    rows = [
        actions.answer(world.viewer(name), entry, "No.", contests=True)
        for name in ("other", "focal")
    ]
    actions.answer(world.viewer("other"), entry, "We only say.")
    actions.withdraw_reply(world.viewer("other"), rows[0])
    entry.refresh_from_db()
    assert entry.state == "contested"
    actions.withdraw_reply(world.viewer("head"), rows[1])
    entry.refresh_from_db()
    assert entry.state == "published" and len(reads.replies(ANONYMOUS, entry)) == 1


def test_the_owners_change_settles_what_was_contested(world, entry) -> None:
    actions.answer(world.viewer("other"), entry, "Uganda took no part.", contests=True)
    item = record(key=entry.key, country="KE")
    row = actions.submit_record(world.viewer("contributor"), item)
    entry.refresh_from_db()
    assert entry.state == "contested"
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    entry.refresh_from_db()
    kept = Reply.objects.get()
    assert entry.state == "published" and kept.settled and kept.withdrawn is None
    assert reads.replies(ANONYMOUS, entry) == [kept]  # it stays to be read


@pytest.mark.parametrize("text", ["", "  \n", "x" * 5001, "a\x07b", "a\u202eb"])
def test_a_text_that_cannot_be_taken_is_refused(world, entry, text) -> None:
    with pytest.raises(BadValue) as caught:
        actions.answer(world.viewer("other"), entry, text)
    assert caught.value.remedy and not Reply.objects.exists()
    page = world.client("other").post(page_of(entry), {"text": text, "language": "en"})
    assert page.status_code == 200 and "<title>Error:" in page.content.decode()


def test_what_one_may_not_see_one_does_not_reply_to(world) -> None:
    row = actions.submit_record(world.viewer("contributor"), record(country="UG", tlp="AMBER"))
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    hidden = actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF).entry
    assert world.client("other").get(page_of(hidden)).status_code == 404
    reply = actions.answer(world.viewer("focal"), hidden, "For us.")
    assert world.client("other").post(url("take_back_reply", id_=reply.id)).status_code == 404
    assert reads.replies(world.viewer("other"), hidden) == []


def test_the_owner_confirms_its_own_words_only(world, entry) -> None:
    with pytest.raises(PermissionDenied):
        actions.confirm_entry(world.viewer("other"), entry)
    assert world.client("focal").post(page_of(entry), {"do": "confirm"}).status_code == 302
    said = Statement.objects.filter(entry=entry)
    assert {s.verified_by for s in said} == {world.kenya.name} and all(s.verified_on for s in said)
