"""What waits for whom, what a body holds, searches that are kept; a walk of three persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.registry import actions, reads
from comity.registry.actions.audience import keep_reviewers
from comity.registry.actions.writing import Clash
from comity.registry.models import Entry, SavedSearch, Statement, Submission
from comity.registry.reads.mine import What, question_of, review_due, searches, tasks
from comity.registry.reads.submissions import open_acts, queues, submissions
from comity.registry.rules import submissions as rules
from comity.registry.rules.submissions import Act, Party, State, SubmissionError
from comity.registry.types import BadSubmission
from tests.registry.submitting import Cast, cast, record, url


@pytest.fixture
def world(db) -> Cast:
    return cast()


def waits(world: Cast, name: str) -> list[What]:
    return [task.what for task in tasks(world.viewer(name), timezone.now())]


@pytest.mark.django_db
def test_each_step_waits_for_who_can_take_it(world) -> None:
    keep_reviewers("gateway")
    author, reviewer, state = (world.viewer(n) for n in ("contributor", "secretariat", "focal"))
    row = actions.submit_record(author, record(), send=False)
    assert waits(world, "contributor") == [What.FINISH] and waits(world, "secretariat") == []
    actions.act_on(author, row.id, Act.SUBMIT)
    assert waits(world, "contributor") == [] and waits(world, "secretariat") == [What.REVIEW]
    actions.act_on(reviewer, row.id, Act.ASK_BACK, reason="Which coast?")
    assert waits(world, "contributor") == [What.MEND]
    actions.act_on(author, row.id, Act.SUBMIT)
    actions.act_on(reviewer, row.id, Act.ACCEPT)
    assert waits(world, "focal") == [What.SIGN] and waits(world, "contributor") == []
    assert waits(world, "other") == waits(world, "reader") == []
    entry = actions.act_on(state, row.id, Act.SIGN_OFF).entry
    assert waits(world, "focal") == []
    later = timezone.now() + dt.timedelta(days=400)
    assert [task.what for task in tasks(state, later)] == [What.CONFIRM]
    assert review_due(state, [world.kenya.id], later) == [entry]
    actions.submit_file(author, "activity", b"title,country\nA,XX\n", "a.csv")
    assert waits(world, "contributor") == [What.ROWS]


@pytest.mark.django_db
def test_the_pages_of_ones_own_show_it_and_nothing_of_others(world) -> None:
    row = actions.submit_record(world.viewer("contributor"), record(title="Our own drill"))
    for page in ("my_tasks", "my_body", "my_searches", "submissions"):
        assert world.client("reader").get(url(page)).status_code == 200
        assert "Our own drill" not in world.client("other").get(url(page)).content.decode()
        from django.test import Client

        assert Client().get(url(page)).status_code == 302
    mine = world.client("contributor").get(url("my_body")).content.decode()
    assert "Our own drill" in mine and "Focal" in mine and "Focal point" in mine
    assert "Our own drill" in world.client("secretariat").get(url("my_tasks")).content.decode()
    assert str(row.id) not in world.client("other").get(url("my_body")).content.decode()


@pytest.mark.django_db
def test_a_saved_search_counts_what_is_new_and_visible(world) -> None:
    browser, viewer = world.client("other"), world.viewer("other")
    asked = {"kind": "activity", "country": "KE", "after": "x"}
    assert browser.post(url("my_searches"), asked).status_code == 302
    (kept,) = searches(viewer)
    assert (kept.row.query, kept.new, kept.total) == ("kind=activity&country=KE", 0, 0)
    for tlp in ("CLEAR", "AMBER"):
        row = actions.submit_record(world.viewer("contributor"), record(country="KE", tlp=tlp))
        actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
        actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    (kept,) = searches(viewer)
    assert (kept.new, kept.total) == (1, 1)
    assert searches(world.viewer("focal")) == []
    feed = f"/en/registry/saved/{kept.row.id}.atom"
    assert feed in browser.get(url("my_searches")).content.decode()
    assert browser.get(feed).status_code == 200
    assert world.client("focal").get(feed).status_code == 404
    one = url("my_search", id_=kept.row.id)
    assert world.client("focal").post(one).status_code == 404
    assert browser.post(one, {"do": "open"}).status_code == 302
    assert searches(viewer)[0].new == 0
    assert browser.post(one, {"do": "delete"}).status_code == 302
    assert not SavedSearch.objects.exists()


@pytest.mark.django_db
def test_a_search_without_a_question_is_not_kept(world) -> None:
    page = world.client("other").post(url("my_searches"), {"name": "Nothing"})
    assert page.status_code == 200 and "<title>Error:" in page.content.decode()
    with pytest.raises(PermissionDenied):
        actions.save_search(ANONYMOUS, "Mine", "q=drill")


@pytest.mark.parametrize("query", ["", "q=%00", "a=" + "b" * 900, "kind=x&q=1&q=2", "=&==&"])
def test_any_query_is_a_question(query) -> None:
    assert isinstance(question_of(query), reads.Question)


# --- three persons, any acts ---------------------------------------------------------------

NAMES = ("contributor", "focal", "secretariat")
REFUSALS = (PermissionDenied, SubmissionError, BadSubmission, Clash, reads.NotHeld)


class Office(RuleBasedStateMachine):
    """A contributor, a focal point and a reviewer do whatever comes to their minds."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.world = cast()
        keep_reviewers("gateway")  # as the first submission would: viewers are made after it
        self.viewers = {name: self.world.viewer(name) for name in NAMES}
        self.accepted: set[object] = set()  # submissions, with the words that were accepted
        self.words = 0

    def teardown(self) -> None:
        assert ledger.verify() is None
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @rule(name=st.sampled_from(NAMES[:2]), send=st.booleans(), of=st.booleans())
    def write(self, name: str, send: bool, of: bool) -> None:
        entry = Entry.objects.order_by("place").first()
        self.words += 1
        item = record(key=entry.key if of and entry else "", title=f"Drill {self.words}")
        actions.submit_record(self.viewers[name], item, send=send)

    @precondition(lambda self: Submission.objects.exists())
    @rule(
        name=st.sampled_from(NAMES),
        act=st.sampled_from([act for act in Act if act is not Act.BEGIN]),
        n=st.integers(0, 30),
        reason=st.sampled_from(["", "Because."]),
    )
    def act(self, name: str, act: Act, n: int, reason: str) -> None:
        self._act(name, act, n, reason)

    @precondition(lambda self: Submission.objects.exists())
    @rule(n=st.integers(0, 30), data=st.data())
    def go_on(self, n: int, data: st.DataObject) -> None:
        """An act that is offered to somebody."""
        row = self._rows()[n % Submission.objects.count()]
        offered = [
            (name, act)
            for name in NAMES
            for act in open_acts(self.viewers[name], row)
            if act is not Act.WITHDRAW
        ]
        if offered:
            name, act = data.draw(st.sampled_from(offered))
            self._act(name, act, n, "Because.", must=act is not Act.ACCEPT)

    def _rows(self) -> list[Submission]:
        return list(Submission.objects.order_by("place"))

    def _act(self, name: str, act: Act, n: int, reason: str, must: bool = False) -> None:
        row = self._rows()[n % Submission.objects.count()]
        self.words += 1
        words = actions.Words(record(title=f"Drill {self.words}"))
        before = row.content
        try:
            with transaction.atomic():
                done = actions.act_on(self.viewers[name], row.id, act, reason=reason, words=words)
        except REFUSALS as error:
            assert not (must and isinstance(error, PermissionDenied))
            row.refresh_from_db()
            assert row.content == before, "what was refused changed something"
            return
        if done.content != before:
            assert act in (Act.EDIT, Act.AGREE) and name != "secretariat"
        if act is Act.ACCEPT:
            assert name == "secretariat"
            self.accepted.add((row.id, repr(before)))
        if act is Act.SIGN_OFF:
            assert name == "focal" and (row.id, repr(before)) in self.accepted

    @invariant()
    def what_is_published_was_accepted_and_signed(self) -> None:
        for row in Submission.objects.filter(state__in=[State.PUBLISHED, State.CONTESTED]):
            acts = list(row.steps.values_list("act_name", "party"))
            assert (Act.ACCEPT, Party.REVIEWER) in acts and (Act.SIGN_OFF, Party.STATE) in acts
        signed = Submission.objects.filter(steps__act_name=Act.SIGN_OFF).values("entry")
        assert not Entry.objects.exclude(pk__in=signed).exists()
        titles = {words for _id, words in self.accepted}
        for said in Statement.objects.filter(field="title").values_list("value", flat=True):
            assert any(repr(said) in words for words in titles)

    @invariant()
    def drafts_are_for_the_body_alone(self) -> None:
        drafts = Submission.objects.filter(state=State.DRAFT).count()
        assert State.DRAFT not in queues(self.viewers["secretariat"])
        assert submissions(self.viewers["focal"], states=[State.DRAFT]).total == drafts
        assert submissions(ANONYMOUS).total == 0


@pytest.mark.slow
@pytest.mark.django_db
def test_three_persons_publish_nothing_without_review_and_sign_off() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Office,
        settings=settings(
            max_examples=6,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_walk_can_do_every_act_that_the_table_has() -> None:
    held: Iterable[Party] = {Party.AUTHOR, Party.STATE, Party.REVIEWER}
    assert {row.act for row in rules.TABLE if row.who & set(held)} == set(Act)
