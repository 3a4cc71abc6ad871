"""From the form to publication: three persons, nothing published without review and sign-off."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.ledger.models import Act as LedgerAct
from comity.registry import actions, reads
from comity.registry.actions.writing import Clash
from comity.registry.models import Entry, Reply, Statement, Submission
from comity.registry.reads.submissions import open_acts, submission
from comity.registry.rules.submissions import Act, State, SubmissionError
from comity.registry.types import BadSubmission, RegistryError
from tests.registry.submitting import Cast, cast, record, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db) -> Cast:
    return cast()


def published(world: Cast, kind: str = "activity", **cells: str) -> Entry:
    """An entry of Kenya's, by the whole way."""
    row = actions.submit_record(world.viewer("contributor"), record(kind, **cells))
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    row = actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    assert row.entry is not None
    return row.entry


def test_the_whole_way_through_the_doors(world) -> None:
    author, reviewer, state = (world.client(n) for n in ("contributor", "secretariat", "focal"))
    typed = {"title_en": "Drill of the coast", "country": ["KE", "UG"], "do": "send"}
    answer = author.post(url("submit", kind="activity"), typed)
    assert answer.status_code == 302, answer.content.decode()
    page = answer["Location"]
    row = Submission.objects.get()
    assert row.state == State.SUBMITTED and not Entry.objects.exists()
    assert "in review" in reviewer.get(url("submissions")).content.decode()
    assert world.client("other").get(page).status_code == 404
    done = reviewer.post(page, {"do": "accept", "seen": row.act})
    assert done.status_code == 302 and not Entry.objects.exists()
    row.refresh_from_db()
    assert reviewer.post(page, {"do": "sign_off", "seen": row.act}).status_code == 403
    assert author.post(page, {"do": "sign_off", "seen": row.act}).status_code == 403
    assert not Entry.objects.exists()
    assert state.post(page, {"do": "sign_off", "seen": row.act}).status_code == 302
    entry = Entry.objects.get()
    assert (entry.owner, entry.title) == (world.kenya, "Drill of the coast")
    assert reads.entry(ANONYMOUS, "activity", entry.key) == entry
    said = Statement.objects.filter(entry=entry).select_related("source")
    assert {(s.source.voice, s.source.by) for s in said} == {("own", "Ministry of ICT, Kenya")}
    assert ledger.verify() is None
    acts = list(LedgerAct.objects.filter(act__endswith="_submission").values_list("act", flat=True))
    assert acts == [
        "begin_submission",
        "submit_submission",
        "accept_submission",
        "publish_submission",
        "sign_off_submission",
    ]
    assert "signed off and published" in state.get(page).content.decode()


def test_a_form_with_faults_keeps_what_was_typed_and_leads_to_each(world) -> None:
    author = world.client("contributor")
    typed = {"title_en": "", "url": "no address", "period.0.start": "2014-02-30", "do": "send"}
    page = author.post(url("submit", kind="activity"), typed)
    text = page.content.decode()
    assert page.status_code == 200 and not Submission.objects.exists()
    assert "<title>Error:" in text and 'role="alert"' in text
    for field in ("f_title_en", "f_url", "f_period_0_start"):
        assert f'href="#{field}"' in text and f'id="{field}"' in text, field
    for value in ("no address", "2014-02-30"):
        assert f'value="{value}"' in text


def test_a_draft_is_kept_with_what_cannot_be_read_and_is_not_sent_so(world) -> None:
    author = world.client("contributor")
    typed = {"title_en": "Half", "url": "no address", "do": "draft"}
    answer = author.post(url("submit", kind="activity"), typed)
    row = Submission.objects.get()
    assert answer.status_code == 302 and row.state == State.DRAFT
    for name in ("secretariat", "other", "reader"):
        with pytest.raises(reads.NotHeld):
            submission(world.viewer(name), row.id)
    with pytest.raises(BadSubmission):
        actions.act_on(world.viewer("contributor"), row.id, Act.SUBMIT)
    form = author.get(url("rewrite", id_=row.id)).content.decode()
    assert 'value="no address"' in form and 'value="Half"' in form
    again = {"title_en": "Whole", "url": "https://example.org/", "do": "send", "seen": row.act}
    assert author.post(url("rewrite", id_=row.id), again).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.title, row.typed) == (State.SUBMITTED, "Whole", None)


def test_who_may_not_submit_is_refused_and_a_stranger_sees_nothing(world) -> None:
    assert world.client("reader").get(url("submit", kind="activity")).status_code == 403
    with pytest.raises(PermissionDenied):
        actions.submit_record(world.viewer("reader"), record())
    with pytest.raises(PermissionDenied):
        actions.submit_record(world.viewer("contributor"), record(), body=world.uganda.id)
    assert world.client("focal").get(url("submit", kind="nothing")).status_code == 404


def test_other_words_count_only_when_the_state_agrees(world) -> None:
    row = actions.submit_record(world.viewer("contributor"), record(title="Drill"))
    words = actions.Words(record(title="Cyberdrill"))
    with pytest.raises(SubmissionError):  # without a reason
        actions.act_on(world.viewer("secretariat"), row.id, Act.AMEND, words=words)
    done = actions.act_on(
        world.viewer("secretariat"), row.id, Act.AMEND, reason="One word.", words=words
    )
    assert done.title == "Drill" and done.state == State.AMENDED
    text = world.client("focal").get(url("submission", id_=row.id)).content.decode()
    assert "<del>" in text and "Cyberdrill" in text
    with pytest.raises(PermissionDenied):
        actions.act_on(world.viewer("contributor"), row.id, Act.AGREE)
    agreed = actions.act_on(world.viewer("focal"), row.id, Act.AGREE)
    assert (agreed.title, agreed.amended, agreed.state) == ("Cyberdrill", None, State.SUBMITTED)


def test_what_the_state_does_not_agree_to_changes_nothing(world) -> None:
    row = actions.submit_record(world.viewer("contributor"), record(title="Drill"))
    before = row.content
    words = actions.Words(record(title="Something else"))
    actions.act_on(world.viewer("secretariat"), row.id, Act.AMEND, reason="Why.", words=words)
    kept = actions.act_on(world.viewer("focal"), row.id, Act.KEEP_WORDS)
    assert kept.content == before and kept.amended is None


def test_a_change_of_an_own_entry_starts_from_all_that_it_says(world) -> None:
    entry = published(
        world, country="KE; UG", url="https://example.org/a", source_url="https://example.org/s"
    )
    page = url("edit", kind="activity", key=entry.key)
    form = world.client("contributor").get(page).content.decode()
    assert 'value="National CyberDrill of the coast"' in form
    assert 'value="https://example.org/a"' in form
    assert '<option value="KE" selected>' in form
    assert world.client("other").get(page).status_code == 403
    typed = {
        "title_en": "National CyberDrill of the coast",
        "country": ["KE"],
        "url": "https://example.org/a",
        "seen": entry.act,
        "tlp": "CLEAR",
        "do": "send",
    }
    assert world.client("contributor").post(page, typed).status_code == 302
    row = Submission.objects.get(state=State.SUBMITTED)
    assert row.entry == entry
    kept = {v["field"]: v["url"] for v in row.content["values"]}
    assert set(kept.values()) == {"https://example.org/s"}  # what stays keeps its evidence
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    said = Statement.objects.filter(entry=entry, field="country", ended__isnull=True)
    assert [s.value for s in said] == ["KE"]
    assert Entry.objects.count() == 1


def test_a_stale_base_is_a_conflict_with_its_difference(world) -> None:
    entry = published(world)
    first, second = (
        actions.submit_record(world.viewer("contributor"), record(key=entry.key, title=title))
        for title in ("First change", "Second change")
    )
    for row in (first, second):
        actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    actions.act_on(world.viewer("focal"), first.id, Act.SIGN_OFF)
    with pytest.raises(Clash) as caught:
        actions.act_on(world.viewer("focal"), second.id, Act.SIGN_OFF)
    assert caught.value.remedy
    text = world.client("focal").get(url("submission", id_=second.id)).content.decode()
    assert "was changed after this was written" in text and "First" in text
    actions.act_on(world.viewer("focal"), second.id, Act.HOLD_BACK, reason="Write it anew.")
    words = actions.Words(record(title="Both changes"))
    actions.act_on(world.viewer("contributor"), second.id, Act.EDIT, words=words)
    actions.act_on(world.viewer("contributor"), second.id, Act.SUBMIT)
    actions.act_on(world.viewer("secretariat"), second.id, Act.ACCEPT)
    actions.act_on(world.viewer("focal"), second.id, Act.SIGN_OFF)
    entry.refresh_from_db()
    assert entry.title == "Both changes"


def test_an_act_on_what_changed_meanwhile_is_told(world) -> None:
    row = actions.submit_record(world.viewer("contributor"), record())
    actions.act_on(world.viewer("contributor"), row.id, Act.TAKE_BACK)
    page = world.client("focal").post(
        url("submission", id_=row.id), {"do": "withdraw", "seen": row.act}
    )
    assert "in the meantime" in page.content.decode()
    row.refresh_from_db()
    assert row.state == State.DRAFT


def test_the_reviewer_who_belongs_to_the_body_does_not_accept(world) -> None:
    from comity.people import actions as people

    people.join(world.accounts["colleague"].person, world.kenya)
    row = actions.submit_record(world.viewer("contributor"), record())
    assert Act.ACCEPT not in open_acts(world.viewer("colleague"), row)
    with pytest.raises(SubmissionError):
        actions.act_on(world.viewer("colleague"), row.id, Act.ACCEPT)


# --- who may see ---------------------------------------------------------------------------


def test_a_situation_is_published_only_by_its_own_yes(world) -> None:
    cells = {
        "title": "New law on logs",
        "country": "KE",
        "body": "Ministry",
        "date": "2026",
        "declaration": "Addresses are not exchanged.",
    }
    hidden = published(world, "situation", may_be_published="no", **cells)
    with pytest.raises(reads.NotHeld):
        reads.entry(ANONYMOUS, "situation", hidden.key)
    with pytest.raises(reads.NotHeld):
        reads.entry(world.viewer("other"), "situation", hidden.key)
    for name in ("contributor", "secretariat"):
        assert reads.entry(world.viewer(name), "situation", hidden.key) == hidden
    open_ = published(world, "situation", may_be_published="yes", **cells)
    assert reads.entry(ANONYMOUS, "situation", open_.key) == open_
    assert reads.kind_totals(ANONYMOUS)["situation"] == 1
    # Saying no again takes it back from everybody else.
    row = actions.submit_record(
        world.viewer("contributor"),
        record("situation", key=open_.key, may_be_published="no", tlp="AMBER", **cells),
    )
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    with pytest.raises(reads.NotHeld):
        reads.entry(ANONYMOUS, "situation", open_.key)
    assert "situation" not in reads.kind_totals(ANONYMOUS)


def test_what_a_change_leaves_unsaid_keeps_its_label(world) -> None:
    entry = published(world, tlp="AMBER+STRICT")
    row = actions.submit_record(
        world.viewer("contributor"), record(key=entry.key, title="Other words")
    )
    actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
    actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    with pytest.raises(reads.NotHeld):
        reads.entry(ANONYMOUS, "activity", entry.key)
    with pytest.raises(reads.NotHeld):
        reads.entry(world.viewer("secretariat"), "activity", entry.key)
    assert reads.entry(world.viewer("focal"), "activity", entry.key).title == "Other words"


def test_amber_is_neither_written_nor_read_without_a_second_factor(world) -> None:
    bare = world.viewer("contributor", second_factor=False)
    with pytest.raises(BadSubmission):
        actions.submit_record(bare, record(tlp="AMBER"))
    row = actions.submit_record(world.viewer("contributor"), record(tlp="AMBER"))
    for name in ("contributor", "secretariat"):
        with pytest.raises(reads.NotHeld):
            submission(world.viewer(name, second_factor=False), row.id)
        assert submission(world.viewer(name), row.id)


def test_a_label_less_strict_than_the_kind_is_refused(world) -> None:
    cells = {"country": "KE", "body": "CIRT", "need": "Night shift", "area": "incident_response"}
    with pytest.raises(BadSubmission) as caught:
        actions.submit_record(world.viewer("contributor"), record("request", tlp="GREEN", **cells))
    assert caught.value.problems[0].field == "tlp"
    row = actions.submit_record(world.viewer("contributor"), record("request", **cells))
    assert submission(world.viewer("secretariat"), row.id).handling.label == "AMBER+STRICT"


def test_anothers_key_is_neither_told_nor_touched(world) -> None:
    """A body that gives the name of an entry it may not see gets an entry of its own, as it does
    for a name that nobody has."""
    secret = published(world, key="drill", tlp="AMBER+STRICT")
    keys = []
    for key in (secret.key, "free-name", "drill"):
        row = actions.submit_record(world.viewer("other"), record(key=key))
        keys.append(row.content["key"])
        assert row.entry is None
        actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
        actions.act_on(world.viewer("other"), row.id, Act.SIGN_OFF)
    tail = keys[1].removeprefix("free-name")
    assert keys == [secret.key + tail, "free-name" + tail, "drill" + tail]
    assert not Statement.objects.filter(entry=secret, source__body=world.uganda).exists()


# --- withdrawal ----------------------------------------------------------------------------


def test_withdrawing_what_is_published_takes_it_from_every_list(world) -> None:
    entry = published(world)
    row = Submission.objects.get()
    with pytest.raises(PermissionDenied):
        actions.act_on(world.viewer("secretariat"), row.id, Act.WITHDRAW)
    with pytest.raises(SubmissionError):
        actions.act_on(world.viewer("contributor"), row.id, Act.WITHDRAW)
    actions.act_on(world.viewer("focal"), row.id, Act.WITHDRAW, reason="It was not held.")
    entry.refresh_from_db()
    assert entry.state == "withdrawn" and reads.kind_totals(ANONYMOUS) == {}
    with pytest.raises(reads.NotHeld):
        submission(world.viewer("other"), row.id)


def test_contesting_ones_own_entry_is_settled_by_who_contests(world) -> None:
    entry = published(world)
    row = Submission.objects.get()
    actions.act_on(world.viewer("focal"), row.id, Act.CONTEST, reason="The figure is wrong.")
    entry.refresh_from_db()
    assert entry.state == "contested" and Reply.objects.get().contests
    actions.act_on(world.viewer("head"), row.id, Act.SETTLE)
    entry.refresh_from_db()
    assert entry.state == "published"


def test_somebody_in_two_bodies_says_for_which(world) -> None:
    from comity.people import actions as people

    people.join(world.accounts["contributor"].person, world.uganda)
    with pytest.raises(RegistryError, match="which body"):
        actions.submit_record(world.viewer("contributor"), record())
    row = actions.submit_record(world.viewer("contributor"), record(), body=world.uganda.id)
    assert row.body_id == world.uganda.id
    form = world.client("contributor").get(url("submit", kind="activity")).content.decode()
    assert 'name="for_body"' in form
