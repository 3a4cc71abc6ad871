"""What is kept stays whole: nothing doubled, nothing lost, nobody's words under another's hand."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, Label, Viewer
from comity.people.actions import add_body
from comity.registry import actions, reads
from comity.registry.actions import Speaker, index, store
from comity.registry.models import Entry, FacetCount, Statement, WaitingRow
from comity.registry.types import Given, Outcome, Record

pytestmark = pytest.mark.django_db
PRESS = Speaker(Voice.SOURCE, "The Herald")
HEAD = "key,title,country,period\n"


def tool(key: str = "t-1", *more: Given, title: str = "A tool", subtype: str = "") -> Record:
    return Record("tool", key, subtype, (Given("title", title, "en"), *more))


def load(text: str, kind: str = "activity", name: str = "rows.csv") -> actions.Loaded:
    return actions.load_file(kind, text.encode(), name)


def standing_titles() -> list[str]:
    rows = Statement.objects.filter(field="title", ended__isnull=True)
    return sorted(rows.values_list("value", flat=True))


@pytest.mark.parametrize("second", ["Again", "New name", "A tool"])
def test_two_rows_of_one_key_are_told_for_an_entry_that_is_held_too(second: str) -> None:
    store([tool()], PRESS, act="load")
    results = store([tool(title="New name"), tool(title=second)], PRESS, act="load")
    assert [r.outcome for r in results] == [Outcome.UPDATED, Outcome.REJECTED]
    assert standing_titles() == ["New name"], "one speaker says one title"


def test_rows_of_one_key_far_apart_in_a_file_are_told() -> None:
    rows = [tool(f"t-{n}") for n in range(600)] + [tool("t-0", title="Again")]
    assert store(rows, PRESS, act="load")[-1].outcome is Outcome.REJECTED
    assert Entry.objects.count() == 600


def test_a_long_file_asks_of_each_part_only_what_it_names() -> None:
    rows = [tool(f"t-{n}") for n in range(1100)]
    with CaptureQueriesContext(connection) as asked:
        store(rows, PRESS, act="load")
    of_statements = [q["sql"] for q in asked if 'FROM "registry_statement"' in q["sql"]]
    longest = max(sql.count(",") for sql in of_statements)
    assert longest < 700, "a list that grows with the file ends at the database's limit"


# --- writers at once ----------------------------------------------------------------------


def test_every_writer_holds_the_others_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read before the lock may be changed by another before it is written."""
    asked: list[str] = []

    def told() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 'held'")

    for module in ("writing", "indexing", "sample", "loading"):
        monkeypatch.setattr(f"comity.registry.actions.{module}.hold", told, raising=False)
    today = dt.date(2026, 11, 22)
    for act in (
        lambda: store([tool()], PRESS, act="load"),
        lambda: actions.renew_standings(today),
        actions.load_sample,
        actions.remove_sample,
    ):
        with CaptureQueriesContext(connection) as queries:
            act()
        of_rows = [q["sql"] for q in queries if "'held'" in q["sql"] or '"registry_' in q["sql"]]
        # Whether this sample was loaded before may be asked without the lock, and is asked again.
        quick = act is actions.load_sample
        asked.append("held" if "'held'" in of_rows[quick] else of_rows[quick])
    assert asked == ["held"] * 4


def test_an_entry_that_was_read_too_early_does_not_upset_the_counts() -> None:
    store([tool("t-1", Given("country", "KE"))], PRESS, act="load")
    stale = Entry.objects.get()
    gone = Entry.objects.get()
    gone.state = "withdrawn"
    gone.save(update_fields=["state"])
    index([gone], today=dt.date(2026, 11, 22))
    index([stale], today=dt.date(2026, 11, 22))
    index([Entry.objects.get()], today=dt.date(2026, 11, 22))
    assert not FacetCount.objects.filter(n__lt=0).exists()
    assert reads.listing(ANONYMOUS, reads.Question("tool")).total == 0
    gone.state = "published"
    gone.save(update_fields=["state"])
    index([gone], today=dt.date(2026, 11, 22))
    gone.counted = None  # as another process, which read it while it was withdrawn, has it
    index([gone], today=dt.date(2026, 11, 22))
    assert reads.listing(ANONYMOUS, reads.Question("tool")).total == 1
    assert reads.facet_totals(ANONYMOUS, "country") == {"KE": 1}


# --- whose words --------------------------------------------------------------------------


def member_of(*bodies: object) -> Viewer:
    return Viewer(bodies=frozenset(bodies), second_factor=True)  # type: ignore[arg-type]


def test_one_value_that_is_marked_open_does_not_open_a_confidential_entry() -> None:
    body = add_body("Ministry")
    said = (
        Given("title", "Need a CIRT", "en", label=Label.CLEAR),
        Given("summary", "After an incident", "en"),
    )
    speaker = Speaker(Voice.OWN, "Ministry", body.pk)
    store([Record("request", "r-1", "", said)], speaker, act="ask", owner=body.pk)
    with pytest.raises(reads.NotHeld):
        reads.entry(ANONYMOUS, "request", "r-1")


def test_one_stricter_value_does_not_close_an_open_entry() -> None:
    body = add_body("Ministry")
    speaker = Speaker(Voice.OWN, "Ministry", body.pk)
    record = tool("t-1", Given("summary", "Not for all", "en", label=Label.AMBER))
    store([record], speaker, act="load", owner=body.pk)
    entry = reads.entry(ANONYMOUS, "tool", "t-1")
    assert entry.title == "A tool"
    shown = [v.field.key for v in reads.values_of(ANONYMOUS, entry)]
    assert shown == ["title"]
    assert len(reads.values_of(member_of(body.pk), entry)) == 2


def test_what_its_owner_says_stands_first_whoever_spoke_first() -> None:
    body = add_body("Ministry")
    own = Speaker(Voice.OWN, "Ministry", body.pk)
    store([tool(title="Their first name")], own, act="load", owner=body.pk)
    store([tool(title="What a file says")], PRESS, act="load")
    store([tool(title="Their new name")], own, act="load", owner=body.pk)
    entry = reads.entry(ANONYMOUS, "tool", "t-1")
    assert entry.title == "Their new name" and entry.card["_source"]["by"] == "Ministry"
    titles = reads.values_of(ANONYMOUS, entry)[0]
    assert [v.row.value for v in titles.values] == ["Their new name", "What a file says"]


def test_a_source_does_not_change_what_an_owner_says_it_is() -> None:
    body = add_body("Ministry")
    own = Speaker(Voice.OWN, "Ministry", body.pk)
    first, second = Record("activity", "a-1", "training"), Record("activity", "a-1", "cyberdrill")
    said = (Given("title", "A week", "en"),)
    store([Record("activity", "a-1", "training", said)], own, act="load", owner=body.pk)
    store([Record("activity", "a-1", "cyberdrill", said)], PRESS, act="load")
    assert Entry.objects.get().subtype == first.subtype
    store([Record("activity", "a-1", "cyberdrill", said)], own, act="load", owner=body.pk)
    assert Entry.objects.get().subtype == second.subtype


def test_a_change_of_what_is_hidden_shows_no_trace_to_others() -> None:
    body = add_body("Ministry")
    own = Speaker(Voice.OWN, "Ministry", body.pk)
    before = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    store([tool()], own, act="load", owner=body.pk, label=Label.CLEAR, now=before)
    hidden = tool("t-1", Given("summary", "Not for all", "en", label=Label.AMBER))
    later = before + dt.timedelta(days=2)
    store([hidden], own, act="load", owner=body.pk, now=later)
    assert reads.newest_change(ANONYMOUS) == before
    store([tool(title="Other")], own, act="load", owner=body.pk, now=later)
    assert reads.newest_change(ANONYMOUS) == later


# --- files of the operator, and the sample ------------------------------------------------


def test_removing_the_sample_keeps_what_others_said_of_its_entries() -> None:
    actions.load_sample()
    sample = Entry.objects.filter(kind="activity", sample=True).order_by("place")[0]
    load(HEAD + f"{sample.key},Our own word,KE,2014\n")
    removed = actions.remove_sample()
    kept = reads.entry(ANONYMOUS, "activity", sample.key)
    assert kept.title == "Our own word" and not kept.sample and removed == 346
    assert not Statement.objects.filter(source__sample=True).exists()
    assert reads.listing(ANONYMOUS, reads.Question()).total == 1
    assert reads.facet_totals(ANONYMOUS, "country") == {"KE": 1}


def test_removing_the_sample_takes_its_words_off_the_entries_of_others() -> None:
    load(HEAD + "act-002,Our own word,KE,2014\n")
    actions.load_sample()
    assert Statement.objects.filter(source__sample=True, entry__key="act-002").exists()
    assert actions.remove_sample() == 346
    assert not Statement.objects.filter(source__sample=True).exists()
    kept = reads.entry(ANONYMOUS, "activity", "act-002")
    shown = {f.field.key for f in reads.values_of(ANONYMOUS, kept)}
    assert shown == {"title", "country", "period"}


def test_the_same_bytes_under_another_name_change_nothing() -> None:
    rows = HEAD + "a-1,A drill,KE,2014\n"
    load(rows, name="first.csv")
    assert load(rows, name="copy of first.csv").results[0].outcome is Outcome.UNCHANGED
    assert Statement.objects.count() == 3


@pytest.mark.parametrize("label", ["AMBER", "AMBER+STRICT", "RED"])
def test_a_row_that_nobody_may_own_waits_and_the_others_arrive(label: str) -> None:
    loaded = load(f"key,title,tlp\na-1,One,\na-2,Two,{label}\na-3,Three,GREEN\n")
    assert [r.outcome for r in loaded.results] == ["created", "rejected", "created"]
    problem = loaded.results[1].problems[0]
    assert (problem.row, problem.field, problem.value) == (3, "tlp", label) and problem.remedy
    assert WaitingRow.objects.get().row == 3


def test_what_a_state_has_not_agreed_to_publish_is_not_published_by_a_file() -> None:
    head = "key,title,country,body,date,declaration,tlp,may_be_published\n"
    rest = "One,KE,Ministry,2014,We declare,CLEAR"
    loaded = load(head + f"s-1,{rest},no\ns-2,{rest},\ns-3,{rest},yes\n", "situation")
    problems = {r.row: [p.field for p in r.problems] for r in loaded.results}
    assert problems == {2: ["may_be_published"], 3: ["may_be_published"], 4: []}
    assert [e.key for e in Entry.objects.all()] == ["s-3"]


@pytest.mark.parametrize(
    ("said", "kept"), [("FR", "fr"), ("fil", "fil"), ("pt-BR", "pt"), ("zh-Hans", "zh")]
)
def test_the_language_of_a_file_is_kept_as_one_code(said: str, kept: str) -> None:
    loaded = actions.load_file("tool", b"key,title\nt-1,Un outil\n", "t.csv", language=said)
    assert loaded.results[0].outcome is Outcome.CREATED
    assert Statement.objects.get().language == kept


def test_words_in_no_language_are_told() -> None:
    loaded = actions.load_file("tool", b"key,title\nt-1,Un outil\n", "t.csv", language="français")
    problem = loaded.results[0].problems[0]
    assert problem.value == "français" and problem.remedy


def test_names_too_long_for_the_database_are_told_before_it_is_asked() -> None:
    for named in ({"said_by": "x" * 301}, {"licence": "x" * 81}, {"said_by": "a\x00b"}):
        with pytest.raises(actions.RegistryError) as caught:
            actions.load_file("tool", b"key,title\nt-1,A\n", "t.csv", **named)
        assert caught.value.place in named and caught.value.remedy


# --- really at once -----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_neither_double_nor_fail() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the tests' SQLite is one connection, and writes one transaction at a time")
    store([tool("t-0")], PRESS, act="load")
    barrier, failed = threading.Barrier(4), []

    def write() -> None:
        try:
            barrier.wait(timeout=20)
            for n in range(5):
                store(
                    [tool("t-0", Given("country", "KE"), title=f"Name {n}"), tool(f"t-{n}")][
                        n == 0 :
                    ],
                    PRESS,
                    act="load",
                )
                actions.load_file("activity", b"title,country\nA drill,KE\n", "rows.csv")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed
    said = Statement.objects.filter(entry__key="t-0", field="title", ended__isnull=True)
    assert [row.value for row in said] == ["Name 4"]
    assert reads.kind_totals(ANONYMOUS) == {"activity": 1, "tool": 5}
    assert reads.facet_totals(ANONYMOUS, "country", "tool") == {"KE": 1}
    assert not FacetCount.objects.filter(n__lt=0).exists()
