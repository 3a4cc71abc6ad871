"""A request with a key is done once: its answer is kept, sealed, and forgotten after a month."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comity.ledger import actions, jobs, reads, rules
from comity.ledger.actions.repeating import KEPT, LEASE
from comity.ledger.models import Once
from comity.ledger.types import Answer, OtherRequest, UnderWay

WHO, KEY = "person-1", "8e03978e-40d5-43e8-bc93-6894a57f9324"
DONE = Answer(201, (("Content-Type", "application/json"),), b'{"id":1}')
NOW = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)


class Act:
    """Something that leaves a line in the record each time it is done."""

    def __init__(self, answer: Answer = DONE) -> None:
        self.answer, self.times = answer, 0

    def __call__(self) -> Answer:
        self.times += 1
        actions.record("do_something", "thing/1")
        return self.answer


def lines() -> int:
    return len(list(reads.rows()))


@pytest.mark.django_db
def test_the_same_request_is_answered_again_and_not_done_again() -> None:
    act, before = Act(), lines()
    first = actions.once(WHO, KEY, b"ask", act)
    again = actions.once(WHO, KEY, b"ask", act)
    assert first == again == DONE
    assert act.times == 1 and lines() == before + 1


@pytest.mark.django_db
def test_another_person_or_another_key_is_another_request() -> None:
    act = Act()
    actions.once(WHO, KEY, b"ask", act)
    actions.once("person-2", KEY, b"ask", act)
    actions.once(WHO, KEY + "0", b"ask", act)
    assert act.times == 3


@pytest.mark.django_db
def test_a_key_does_not_serve_another_request() -> None:
    act = Act()
    actions.once(WHO, KEY, b"ask", act)
    with pytest.raises(OtherRequest):
        actions.once(WHO, KEY, b"ask otherwise", act)
    assert act.times == 1


@pytest.mark.django_db
def test_while_it_is_under_way_it_is_not_begun_again() -> None:
    def within() -> Answer:
        with pytest.raises(UnderWay):
            actions.once(WHO, KEY, b"ask", Act())
        with pytest.raises(OtherRequest):
            actions.once(WHO, KEY, b"ask otherwise", Act())
        return DONE

    assert actions.once(WHO, KEY, b"ask", within) == DONE


@pytest.mark.django_db
def test_what_was_refused_was_not_done_and_frees_its_key() -> None:
    refused, before = Act(Answer(409, (), b"no")), lines()
    assert actions.once(WHO, KEY, b"ask", refused).status == 409
    assert lines() == before and not Once.objects.exists()
    assert actions.once(WHO, KEY, b"ask, mended", Act()) == DONE


@pytest.mark.django_db
def test_what_failed_was_not_done_and_frees_its_key() -> None:
    def fails() -> Answer:
        actions.record("do_something", "thing/1")
        raise RuntimeError("the disk is full")

    before = lines()
    with pytest.raises(RuntimeError):
        actions.once(WHO, KEY, b"ask", fails)
    assert lines() == before and not Once.objects.exists()


@pytest.mark.django_db
def test_who_died_on_the_way_is_taken_over_and_cannot_finish_any_more() -> None:
    taken_over = Act()

    def slow() -> Answer:
        actions.record("do_something", "thing/slow")
        assert actions.once(WHO, KEY, b"ask", taken_over, now=NOW + LEASE) == DONE
        return Answer(200, (), b"too late")

    # The slow one's work is undone together with what it saw; on a real house the other's stays,
    # because it is another connection (`test_two_at_once`).
    with pytest.raises(UnderWay):
        actions.once(WHO, KEY, b"ask", slow, now=NOW)
    assert "thing/slow" not in {row.object for row in reads.rows()}


@pytest.mark.django_db
def test_a_dead_claim_binds_nobody_to_what_it_asked() -> None:
    name = rules.once_name(_secret(), WHO, KEY)
    Once.objects.create(name=name, request="0" * 64, ticket="t", claimed=NOW - LEASE)
    assert actions.once(WHO, KEY, b"ask otherwise", Act(), now=NOW) == DONE


def _secret() -> bytes:
    from django.conf import settings

    return settings.LEDGER_DIGEST_KEY


@pytest.mark.django_db
def test_what_is_kept_tells_nothing_without_the_key() -> None:
    secret_words = b"TLP:AMBER the helper of Maravia"
    actions.once(
        WHO, KEY, b"Maravia asks", lambda: Answer(201, (("Location", "/x/maravia"),), secret_words)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_once")
        (row,) = cursor.fetchall()
    kept = b"|".join(
        bytes(c) if isinstance(c, bytes | memoryview) else str(c).encode() for c in row
    )
    for told in (WHO, KEY, "Maravia", "maravia", "AMBER"):
        assert told.encode() not in kept
    sealed = bytes(Once.objects.get().answer)
    for who, key in (("person-2", KEY), (WHO, KEY + "0")):
        with pytest.raises(InvalidTag):
            rules.unseal(_secret(), who, key, sealed)
    with pytest.raises(InvalidTag):
        rules.unseal(b"another secret", WHO, KEY, sealed)


@given(
    st.text(),
    st.text(),
    st.binary(),
    st.integers(100, 599),
    st.lists(st.tuples(st.text(), st.text())),
)
def test_what_is_sealed_is_unsealed(who, key, body, status, headers) -> None:  # type: ignore[no-untyped-def]
    answer = Answer(status, tuple(headers), body)
    sealed = rules.seal(b"s" * 32, who, key, answer, b"n" * 12)
    assert rules.unseal(b"s" * 32, who, key, sealed) == answer


@pytest.mark.django_db
def test_answers_are_forgotten_after_a_month() -> None:
    actions.once(WHO, KEY, b"ask", Act(), now=NOW)
    Once.objects.create(name="dead", request="0" * 64, ticket="t", claimed=NOW)
    assert actions.forget_answers(NOW + KEPT) == 0
    assert actions.forget_answers(NOW + KEPT + dt.timedelta(seconds=1)) == 2
    actions.once(WHO, KEY, b"ask", Act(), now=timezone.now() - KEPT * 2)
    assert jobs.forget_answers() == {"deleted": 1}


@pytest.mark.django_db(transaction=True)
def test_what_was_done_and_its_answer_are_one_commit() -> None:
    """Undone together: no act without the answer, no answer without the act."""
    before = lines()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.once(WHO, KEY, b"ask", Act())
        _ = 1 / 0
    assert lines() == before and not Once.objects.exists()
