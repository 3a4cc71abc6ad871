"""Acts: ids that last, any order of loading, all or nothing, and decisions that stay."""

from __future__ import annotations

import datetime as dt
import json
from itertools import permutations
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from comity.kit.tlp import ANONYMOUS
from comity.ledger import reads as ledger
from comity.ledger.models import Act
from comity.mandate import actions, reads
from comity.mandate import models as m
from comity.mandate.types import ChangeKind, Confidence, DutyStatus, Fate, MandateError, Target

from .conftest import ADOPTED, DRAFT, KEY, Person, Shelf, source

pytestmark = pytest.mark.django_db
EXAMPLES = Path(__file__).parent.parent / "examples" / "mandate"
REASON = "The words stand under aware h, with the rapporteur's note."


def dump() -> dict[str, list[tuple]]:  # type: ignore[type-arg]
    """Everything the room holds, without row numbers and moments."""
    left_out = ("id", "loaded_at", "moment", "act")
    held = {}
    for model in apps.get_app_config("mandate").get_models():
        own = [f.name for f in model._meta.fields if not f.is_relation and f.name not in left_out]
        held[model.__name__] = sorted(map(repr, model._default_manager.values_list(*own)))
    return held


def load(name: str, **more: object) -> m.Version:
    return actions.load(source(name), KEY, name=name, **more)  # type: ignore[arg-type]


# --- names that last ----------------------------------------------------------------------


def test_every_eid_wid_and_key_is_unique_in_its_version(shelf: Shelf) -> None:
    for rows in (shelf.adopted.provisions, shelf.draft.passages, shelf.draft.provisions):
        for name in ("eid", "wid", "key"):
            names = list(rows.values_list(name, flat=True))
            assert len(names) == len(set(names)) > 80, name
            assert all(names), name


def test_a_provision_that_came_from_the_draft_keeps_the_drafts_wid(shelf: Shelf) -> None:
    """But a doubtful main source passes on no id: an id once given cannot be taken back."""
    kept = 0
    inherited: set[str] = set()
    for change in reads.changes(ANONYMOUS, shelf.draft, shelf.adopted):
        doubtful = change.confidence is Confidence.DOUBTFUL and len(change.old) == 1
        if not change.old or not change.new or doubtful:
            continue
        if change.kind is ChangeKind.SPLIT:
            continue
        old = shelf.draft.passages.get(eid=change.old[0].eid)
        new = shelf.adopted.provisions.get(eid=change.new[0].eid)
        assert new.wid == old.wid or old.wid in inherited, new.key
        inherited.add(new.wid)
        kept += new.wid == old.wid
    assert kept >= 80


def test_every_provision_with_an_origin_by_eye_keeps_the_wid_of_its_first_source(
    shelf: Shelf,
) -> None:
    """Of a split nobody inherits; *resolves* 4 comes from words of which two readers may judge
    differently (0.22), so it begins an id of its own."""
    lines = (EXAMPLES / "alignment.jsonl").read_text(encoding="utf-8").splitlines()
    passages = {p.lines[0]: p.wid for p in shelf.draft.passages.all()}
    held = {(p.section, p.path): p.wid for p in shelf.adopted.provisions.all()}
    others: list[str] = []
    origins = []
    for row in map(json.loads, lines):
        if row["from"] and "section" in row:  # what is gone has no section
            origins.append(passages[row["from"][0]["line"]])
            if held[row["section"], row["path"]] != origins[-1]:
                others.append(f"{row['kind']}: {row['section']} {row['path']}")
    assert len(origins) == 90
    assert others == [
        "moved: resolves 4",
        "split: instructs the Secretary-General and the Directors of the Bureaux 3",
    ]


def test_a_moved_provision_changes_its_eid_and_keeps_its_wid(shelf: Shelf) -> None:
    """What the Arab States put under "recalling a" was adopted as "aware h"."""
    moved = reads.provision(ANONYMOUS, shelf.adopted, "aware/h")
    assert moved.eid == "recs_aware__rec_h"
    origin = shelf.draft.passages.get(wid=moved.wid)
    assert (origin.section, origin.tag) == ("recalling", "ARB/79A2/13")


def test_a_new_provision_takes_no_wid_that_the_work_has_used(shelf: Shelf) -> None:
    used = set(shelf.draft.passages.values_list("wid", flat=True))
    changes = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    new = [c.new[0].eid for c in changes if c.kind is ChangeKind.NEW]
    wids = set(shelf.adopted.provisions.filter(eid__in=new).values_list("wid", flat=True))
    assert new and not wids & used


def test_short_keys_stay_what_links_in_the_world_say(shelf: Shelf) -> None:
    keys = set(shelf.adopted.provisions.values_list("key", flat=True))
    assert {"recalling/a", "aware/h", "resolves/1", "instructs-tsb/1/iii/a"} <= keys


# --- loading ------------------------------------------------------------------------------


def test_any_order_of_loading_gives_the_same_result() -> None:
    results = []
    for order in permutations(["2014-10-28.txt", "2014.json"]):
        m.Version.objects.all().delete()
        m.Instrument.objects.all().delete()
        for name in order:
            load(name)
        results.append(dump())
    assert len(results[0]["Change"]) > 80 and results[0] == results[1]


def test_loading_twice_is_loading_once(shelf: Shelf) -> None:
    before, acts = dump(), Act.objects.count()
    actions.load_shipped()
    assert (dump(), Act.objects.count()) == (before, acts)


def test_a_load_leaves_one_line_in_the_ledger_with_no_words_of_the_text(shelf: Shelf) -> None:
    rows = [row for row in ledger.rows() if row.act == "load_version"]
    assert [row.object for row in rows] == [f"{KEY}/{DRAFT}/en", f"{KEY}/{ADOPTED}/en"]
    assert all(row.actor == "gateway" and len(row.digest) == 64 for row in rows)


UNNAMED = (
    b"RESOLUTION 9 (GENEVA, 2014)\n\nThe Plenipotentiary Conference (Geneva, 2014),\n\n"
    b"recalling\n\na) Resolution 45, Decision 5 (Geneva, 2014) and Question 3/17;\n\n"
    b"b) Regional Resolution 5 (Nairobi, 2010);\n"
)


def test_an_instrument_whose_issuer_nothing_tells_is_kept_as_a_stub_and_flagged() -> None:
    version = actions.load(UNNAMED, "itu-pp/res-9", name="new.txt", label="2014")
    rows = reads.citations(ANONYMOUS, version)
    assert {row.cited.key for row in rows if not row.issuer} >= {
        "unknown/res-45",
        "unknown/question-3-17",
    }
    assert all("issuer not known" in row.flags for row in rows if not row.issuer)
    stub = reads.instrument(ANONYMOUS, "unknown/res-45")
    assert (stub.name, stub.issuer) == ("resolution 45", "")
    assert b"/un/unknown/" not in akn_of(version), "an address that leads nowhere"


SLIPS = st.lists(
    st.tuples(
        st.integers(0, len(source("2014-10-28.txt"))),
        st.integers(0, 12),
        st.sampled_from(
            [
                " Resolution 45 ", " Decision 5 (Geneva, 2014) ", "~~", "[", "]", "\n\n", "(",
                " Question 3/17 ", " of WTDC ", "*", "Article 5 of ", "é", "\n\nOption 1\n\n",
            ]
        ),
    ),
    max_size=12,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(SLIPS)
@example([(0, 0, "")])
def test_junk_in_a_draft_gives_a_version_or_a_mandate_error(slips: list) -> None:  # type: ignore[type-arg]
    data = source("2014-10-28.txt").decode()
    for at, length, words in sorted(slips, reverse=True):
        data = data[:at] + words + data[at + length :]
    with transaction.atomic():
        try:
            version = actions.load(data.encode(), KEY, name="junk.txt", label="2014-10-28")
        except MandateError as error:
            assert error.remedy
        else:
            assert version.provisions.exists()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (source("2014.json")[:30_000], "2014.json"),
        (source("2014.json").replace(b"<ul>", b"<p>").replace(b"<\\/ul>", b"<\\/p>"), "2014.json"),
        (b"\x00" * 1000, "draft.txt"),
        (b"", "draft.txt"),
    ],
)
def test_a_failing_load_leaves_nothing(shelf: Shelf, data: bytes, name: str) -> None:
    before, acts = dump(), Act.objects.count()
    with pytest.raises(MandateError):
        actions.load(data, KEY, name=name, label=ADOPTED)
    assert (dump(), Act.objects.count()) == (before, acts)


def test_a_fault_halfway_leaves_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are written before the comparison: when that fails, they must go again."""
    before, acts = dump(), Act.objects.count()

    def fails(*args: object, **kwargs: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(actions.keeping, "keep_changes", fails)
    with pytest.raises(RuntimeError):
        actions.load(changed_page(), KEY, name="2014.json")
    assert (dump(), Act.objects.count()) == (before, acts)


def changed_page() -> bytes:
    """The adopted page with one word changed."""
    changed = source("2014.json").replace(b"continue to give this work", b"go on giving this work")
    assert changed != source("2014.json")
    return changed


def test_a_changed_file_replaces_its_version_and_keeps_what_persons_decided(
    shelf: Shelf, secretariat: Person
) -> None:
    row = next(r for r in reads.proposals(ANONYMOUS, shelf.adopted) if r.targets)
    actions.settle_fate(
        secretariat.viewer, shelf.draft, shelf.adopted, row.passage, Fate.DROPPED, [], REASON
    )
    duty = m.Duty.objects.filter(provision__version=shelf.adopted)[0]
    actions.say_state(secretariat.viewer, duty, DutyStatus.IN_PROGRESS, ["https://example.org/r"])
    actions.enter_deadline(secretariat.viewer, duty, dt.date(2015, 6, 1), "Council 2015, C15/1")
    actions.load(changed_page(), KEY, name="2014.json")

    again = reads.version(ANONYMOUS, KEY, ADOPTED)
    assert again.pk != shelf.adopted.pk and again.instrument.versions.count() == 2
    assert again.provisions.filter(text__contains="go on giving this work").count() == 1
    held = next(r for r in reads.proposals(ANONYMOUS, again) if r.passage.eid == row.passage.eid)
    assert (held.final, held.fate) == (Fate.DROPPED, row.fate)
    (kept,) = [
        d for d in reads.duties(ANONYMOUS, again) if d.duty.provision.wid == duty.provision.wid
    ]
    assert kept.state and kept.state.status == DutyStatus.IN_PROGRESS
    assert [d.source for d in kept.deadlines] == ["Council 2015, C15/1"]
    acts = [row.act for row in ledger.rows()]
    assert acts.count("load_version") == 3


def test_a_newer_parser_reads_the_sources_again(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.keeping, "PARSER", actions.keeping.PARSER + 1)
    before = dump()
    actions.load_shipped()
    after = dump()
    assert before.pop("Version") != after.pop("Version")
    assert before == after


@pytest.mark.parametrize(
    "key", ["res-130", "ITU/res-1", "itu-pp/", "a/b/c", "../etc/passwd", "a/" + "b" * 200]
)
def test_a_wrong_key_is_refused_with_an_example(key: str) -> None:
    before = dump()
    with pytest.raises(MandateError, match="itu-pp/res-130"):
        actions.load(source("2014.json"), key, name="2014.json")
    assert dump() == before


def test_a_translation_is_never_compared_with_another_language(shelf: Shelf) -> None:
    """An AKN text in French beside the English one: no change between them is claimed."""
    xml = akn_of(shelf.adopted).replace(b'language="eng"', b'language="fra"')
    french = actions.load(xml, KEY, name="fr.xml", label="2014")
    assert (french.language, french.provisions.count()) == ("fr", 95)
    adopted = reads.version(ANONYMOUS, KEY, ADOPTED)
    assert adopted.language == "en"
    assert reads.earlier(ANONYMOUS, adopted).label == DRAFT  # type: ignore[union-attr]
    assert reads.earlier(ANONYMOUS, french) is None
    assert m.Change.objects.filter(new=french).count() == 0


def akn_of(version: m.Version) -> bytes:
    from comity.mandate.formats.export import export

    return export(reads.bundle(ANONYMOUS, version), "text.xml")


# --- what persons decide ------------------------------------------------------------------


def test_the_guess_stays_beside_the_decision_and_the_newest_decision_holds(
    shelf: Shelf, secretariat: Person
) -> None:
    row = reads.proposals(ANONYMOUS, shelf.adopted)[0]
    guess = (row.fate, row.targets, row.similarity, row.confidence)
    seen = 0
    for fate, targets in (
        (Fate.DROPPED, []),
        (Fate.AMENDED, [Target("aware", "a")]),
    ):
        about = (shelf.draft, shelf.adopted, row.passage, fate, targets, REASON)
        seen = actions.settle_fate(secretariat.viewer, *about, replaces=seen).act
    held = reads.proposals(ANONYMOUS, shelf.adopted)[0]
    assert (held.fate, held.targets, held.similarity, held.confidence) == guess
    assert held.final == Fate.AMENDED and [p.key for p in held.target_rows] == ["aware/a"]
    assert m.Settlement.objects.count() == 2, "the older decision is not lost"
    touched = reads.proposals(ANONYMOUS, shelf.adopted, touching="aware/a")
    assert row.passage.eid in {r.passage.eid for r in touched}


def test_a_change_is_settled_beside_its_guess(shelf: Shelf, secretariat: Person) -> None:
    change = next(
        c
        for c in reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
        if c.kind is ChangeKind.AMENDED
    )
    actions.settle_change(
        secretariat.viewer, shelf.draft, shelf.adopted, change.subject, ChangeKind.NEW, [], REASON
    )
    (held,) = [
        c
        for c in reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
        if c.subject == change.subject
    ]
    assert held.kind is ChangeKind.AMENDED
    assert held.settled and held.settled.decided == ChangeKind.NEW


def test_a_unit_that_is_gone_is_settled_apart_from_the_new_one_with_its_eid(
    shelf: Shelf, secretariat: Person
) -> None:
    """The draft's "recalling h" is gone; the adopted text has a "recalling h" of its own."""
    changes = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    assert len({c.subject for c in changes}) == len(changes)
    new = {u.eid for c in changes for u in c.new}
    lost = next(c for c in changes if c.kind is ChangeKind.GONE and c.old[0].eid in new)
    actions.settle_change(
        secretariat.viewer, shelf.draft, shelf.adopted, lost.subject,
        ChangeKind.MERGED, [Target("aware", "h")], REASON,
    )  # fmt: skip
    again = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    assert [c.subject for c in again if c.settled] == [lost.subject]


def test_a_struck_passage_may_be_named_as_the_source(shelf: Shelf, secretariat: Person) -> None:
    struck = shelf.draft.passages.filter(state="struck").first()
    source_of = Target(struck.section, struck.path)
    assert not shelf.draft.provisions.filter(section=struck.section, path=struck.path).exists()
    made = actions.settle_change(
        secretariat.viewer, shelf.draft, shelf.adopted, "recs_recalling__rec_a",
        ChangeKind.AMENDED, [source_of], REASON,
    )  # fmt: skip
    assert made.targets == [{"section": struck.section, "path": struck.path}]


ACTS = {
    "settle_fate": lambda who, shelf: actions.settle_fate(
        who, shelf.draft, shelf.adopted, shelf.draft.passages.first(), Fate.DROPPED, [], REASON
    ),
    "settle_change": lambda who, shelf: actions.settle_change(
        who, shelf.draft, shelf.adopted, "recs_recalling__rec_a", ChangeKind.NEW, [], REASON
    ),
    "say_duty_state": lambda who, shelf: actions.say_state(
        who, m.Duty.objects.filter(provision__version=shelf.adopted)[0], DutyStatus.COMPLETED,
        ["https://example.org/secret-evidence"],
    ),
    "enter_deadline": lambda who, shelf: actions.enter_deadline(
        who, m.Duty.objects.filter(provision__version=shelf.adopted)[0], dt.date(2015, 1, 1), REASON
    ),
}  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
def test_an_act_has_its_line_with_a_pseudonym_and_without_its_words(
    act: str, shelf: Shelf, secretariat: Person
) -> None:
    made = ACTS[act](secretariat.viewer, shelf)
    row = list(ledger.rows())[-1]
    assert (row.act, row.actor, row.seq) == (act, secretariat.pseudonym, made.act)
    assert row.object.startswith(f"{KEY}/")
    words = repr(row)
    for hidden in ("rapporteur", "secret-evidence", "2015-01-01", secretariat.account.person.name):
        assert hidden not in words
    assert len(row.digest) == 64 and ledger.verify() is None


@pytest.mark.parametrize("act", ACTS)
def test_who_may_only_see_changes_nothing(act: str, shelf: Shelf, reader: Person) -> None:
    before, acts = dump(), Act.objects.count()
    for who in (reader.viewer, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            ACTS[act](who, shelf)
    assert (dump(), Act.objects.count()) == (before, acts)


def test_loading_needs_its_permission(reader: Person) -> None:
    before = dump()
    for who in (reader.viewer, ANONYMOUS):
        with pytest.raises(PermissionDenied):
            actions.load(changed_page(), KEY, name="2014.json", viewer=who)  # type: ignore[arg-type]
    assert dump() == before


def test_a_decision_needs_a_reason_and_ends_that_exist(shelf: Shelf, secretariat: Person) -> None:
    who, passage = secretariat.viewer, shelf.draft.passages.first()
    before, acts = dump(), Act.objects.count()
    ends = (shelf.draft, shelf.adopted)
    for fate, targets, reason in (
        (Fate.DROPPED, [], "  \n"),
        (Fate.DROPPED, [Target("aware", "a")], REASON),
        (Fate.VERBATIM, [], REASON),
        (Fate.VERBATIM, [Target("aware", "zz")], REASON),
    ):
        with pytest.raises(MandateError) as error:
            actions.settle_fate(who, *ends, passage, fate, targets, reason)
        assert error.value.remedy
    for kind, sources in ((ChangeKind.NEW, [Target("aware", "a")]), (ChangeKind.SAME, [])):
        with pytest.raises(MandateError):
            actions.settle_change(who, *ends, "recs_recalling__rec_a", kind, sources, REASON)
    assert (dump(), Act.objects.count()) == (before, acts)


def test_a_state_needs_evidence_and_a_deadline_its_source(
    shelf: Shelf, secretariat: Person
) -> None:
    duty = m.Duty.objects.filter(provision__version=shelf.adopted)[0]
    with pytest.raises(MandateError, match="evidence"):
        actions.say_state(secretariat.viewer, duty, DutyStatus.COMPLETED, [])
    with pytest.raises(MandateError, match="source"):
        actions.enter_deadline(secretariat.viewer, duty, dt.date(2015, 1, 1), " ")
    said = actions.say_state(secretariat.viewer, duty, DutyStatus.NOT_APPLICABLE, [])
    assert said.status == "not applicable"
    assert m.Deadline.objects.count() == 0, "no date is invented"
