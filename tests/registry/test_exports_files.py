"""What leaves through a door: nothing that its reader may not see, tags that hold, labels in front."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import random
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import transaction
from django.http import Http404
from django.test import RequestFactory

from comity.kit import tlp
from comity.kit.sayings import Voice
from comity.kit.sheets import read
from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Label, Viewer
from comity.people.actions import add_body
from comity.registry import actions, reads
from comity.registry.models import Entry, SavedSearch
from comity.registry.pages import exports
from comity.registry.pages.bundle import write_bundle
from comity.registry.reads import Question, exporting, files
from comity.registry.types import Given, Record

pytestmark = pytest.mark.django_db
PERSON = UUID("c0311700-0000-8000-8000-0000000000aa")
LABELS = (Label.CLEAR, Label.GREEN, Label.AMBER, Label.AMBER_STRICT)
KIND = "activity"
_words = itertools.count(1)


def word() -> str:
    """A word that stands nowhere else."""
    return f"zq{next(_words):05d}x"


def store(values, key="", *, owner=None, label=None, kind=KIND, by="A source", body=None) -> Entry:
    given = tuple(
        Given(f, v, lang, evidence_title="Report", evidence_url="https://example.org/r", evidence_date="2014-05-30", label=mark)
        for f, v, lang, mark in values
    )  # fmt: skip
    speaker = actions.Speaker(Voice.OWN if body else Voice.SOURCE, by, body)
    (result,) = actions.store(
        [Record(kind, key, "", given)], speaker, act="load_entries", owner=owner, label=label
    )
    return Entry.objects.get(id=result.entry)


def asked(viewer: Viewer, path: str = "/", **headers: str):
    request = RequestFactory().get(path, headers=headers)
    request.viewer = viewer
    return request


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def everything(viewer: Viewer, folder=None) -> dict[str, bytes]:
    """Every file and feed that this viewer can take, as one text each."""
    found: dict[str, bytes] = {}
    for shape in files.SHAPES:
        data = body_of(exports.table(asked(viewer), KIND, shape))
        if shape == "xlsx":
            sheet = read(data, name="x.xlsx")
            data = repr([row.cells for row in sheet.rows]).encode()
        found[shape] = data
    found["atom"] = body_of(exports.feed(asked(viewer), KIND))
    for entry in Entry.objects.filter(kind=KIND):
        for shape in ("json", "jsonld"):
            try:
                answer = exports.entry(asked(viewer), KIND, entry.key, shape)
            except Http404:
                continue
            found[f"{entry.key}.{shape}"] = body_of(answer)
    found["catalogue"] = body_of(exports.catalogue(asked(viewer)))
    return found


def world(seed: int) -> tuple[dict[str, tuple[tlp.Handling, tlp.Handling]], tuple[UUID, UUID]]:
    """Entries and values under random handlings: word to the handlings that guard it."""
    chance = random.Random(seed)
    bodies = (add_body("First body").pk, add_body("Second body").pk)
    guarded: dict[str, tuple[tlp.Handling, tlp.Handling]] = {}
    for _ in range(8):
        owner = chance.choice((None, *bodies))
        allowed = LABELS[:2] if owner is None else LABELS
        own = chance.choice(allowed)
        values = [("title", word(), "en", None), ("period", "2014-05-01/2014-06-30", "", None), ("body", {"name": word(), "body": ""}, "", None)]  # fmt: skip
        for field in ("summary", "note", "place", "outcome"):
            mark = chance.choice((None, *(label for label in allowed if label >= own)))
            values.append((field, word(), chance.choice(("en", "fr")), mark))
        store(values, owner=owner, label=own)
        handling = actions.handling_of(own, owner)
        for _field, value, _lang, mark in values[:1] + values[2:]:
            stricter = mark if mark and mark > own else own
            text = value["name"] if isinstance(value, dict) else value
            guarded[text] = (handling, actions.handling_of(stricter, owner))
    return guarded, bodies


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_no_file_holds_what_its_reader_may_not_see(seed: int, tmp_path) -> None:
    guarded, (first, second) = world(seed)
    groups = frozenset({DEFAULT_COMMUNITY})
    viewers = {
        "anonymous": ANONYMOUS,
        "team": Viewer(PERSON, groups=groups),
        "first": Viewer(PERSON, bodies=frozenset({first}), groups=groups, second_factor=True),
        "first without second factor": Viewer(PERSON, bodies=frozenset({first}), groups=groups),
        "second": Viewer(PERSON, bodies=frozenset({second}), second_factor=True),
    }
    for name, viewer in viewers.items():
        may = {w for w, both in guarded.items() if all(tlp.may_see(viewer, h) for h in both)}
        taken = everything(viewer)
        public = {w for w, both in guarded.items() if all(tlp.may_see(ANONYMOUS, h) for h in both)}
        for shape, data in taken.items():
            seen = {w for w in guarded if w.encode() in data}
            assert seen <= (public if shape == "catalogue" else may), (name, shape)
        # and nothing is missing where everything is meant to be
        for shape in ("csv", "xlsx", "jsonld"):
            assert {w for w in guarded if w.encode() in taken[shape]} == may, (name, shape)
    written = write_bundle(tmp_path / "b", processes=1)
    whole = b"".join(p.read_bytes() for p in sorted((tmp_path / "b").rglob("*")) if p.is_file())
    public = {w for w, both in guarded.items() if all(tlp.may_see(ANONYMOUS, h) for h in both)}
    assert {w for w in guarded if w.encode() in whole} == public
    assert written.entries == Entry.objects.filter(handling__label="CLEAR").count()


def test_a_change_in_something_hidden_leaves_no_trace() -> None:
    """Neither moment nor tag of what a stranger gets tells of it."""
    body = add_body("A body").pk
    plain = [("title", "Public", "en", None), ("period", "2014", "", None)]
    entry = store(plain, "one", owner=body, label=Label.CLEAR)
    later = entry.changed + dt.timedelta(days=40)
    hidden = Record(KIND, "one", "", (Given("note", "hidden", "en", label=Label.AMBER),))
    before = {k: v for k, v in everything(ANONYMOUS).items() if not k.endswith(".json")}
    tag = exporting.outline(ANONYMOUS, Question(KIND))
    speaker = actions.Speaker(Voice.SECRETARIAT, "Secretariat")
    actions.store([hidden], speaker, act="load_entries", owner=body, now=later)
    entry.refresh_from_db()
    assert entry.changed < later, "nor does the entry itself"
    assert exporting.outline(ANONYMOUS, Question(KIND)) == tag
    assert {k: v for k, v in everything(ANONYMOUS).items() if not k.endswith(".json")} == before


def test_what_is_not_for_everybody_says_so_in_file_and_name() -> None:
    store([("title", "For teams", "en", None)], "g", label=Label.GREEN)
    store([("title", "For all", "en", None)], "c")
    team = Viewer(PERSON, groups=frozenset({DEFAULT_COMMUNITY}))
    names = {}
    for shape in files.SHAPES:
        answer = exports.table(asked(team), KIND, shape)
        names[shape] = answer.headers["Content-Disposition"]
        data = body_of(answer)
        if shape == "xlsx":
            import openpyxl

            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
            assert next(book.worksheets[1].iter_rows(values_only=True))[0] == "TLP:GREEN"
            book.close()
        else:
            assert b"TLP:GREEN" in data, shape
    assert all('filename="TLP-GREEN_comity-activity.' in name for name in names.values())
    assert "TLP-" not in exports.table(asked(ANONYMOUS), KIND, "csv").headers["Content-Disposition"]
    alone = exports.entry(asked(team), KIND, "g", "jsonld")
    assert "TLP-GREEN_" in alone.headers["Content-Disposition"]


def test_asking_again_costs_no_body_until_something_changes() -> None:
    store([("title", "One", "en", None)], "one")
    for view in (
        lambda r: exports.table(r, KIND, "csv"),
        lambda r: exports.feed(r, KIND),
        exports.catalogue,
    ):
        first = view(asked(ANONYMOUS))
        again = view(asked(ANONYMOUS, **{"If-None-Match": first.headers["ETag"]}))
        assert again.status_code == 304
        assert not body_of(again)
    tag = exports.table(asked(ANONYMOUS), KIND, "csv").headers["ETag"]
    store([("title", "Two", "en", None)], "one")
    changed = exports.table(asked(ANONYMOUS, **{"If-None-Match": tag}), KIND, "csv")
    assert changed.status_code == 200
    Entry.objects.filter(key="one").update(state="withdrawn")
    gone = exports.table(
        asked(ANONYMOUS, **{"If-None-Match": changed.headers["ETag"]}), KIND, "csv"
    )
    assert gone.status_code == 200


def test_a_question_narrows_every_file() -> None:
    store([("title", "Nairobi drill", "en", None), ("country", "KE", "", None)], "ke")
    store([("title", "Kampala drill", "en", None), ("country", "UG", "", None)], "ug")
    for query in ("?country=KE", "?q=nairobi"):
        for shape in files.SHAPES:
            if shape != "xlsx":
                data = body_of(exports.table(asked(ANONYMOUS, "/" + query), KIND, shape))
                assert b"Nairobi" in data and b"Kampala" not in data, (query, shape)
        assert b"Kampala" not in body_of(exports.feed(asked(ANONYMOUS, "/" + query), KIND))


def test_a_saved_search_is_its_keepers_alone() -> None:
    store([("title", "Nairobi drill", "en", None), ("country", "KE", "", None)], "ke")
    store([("title", "Kampala drill", "en", None), ("country", "UG", "", None)], "ug")
    now = dt.datetime.now(dt.UTC)
    kept = SavedSearch.objects.create(
        person=PERSON, name="Kenya", query=f"kind={KIND}&country=KE", made=now, seen=now
    )
    data = body_of(exports.saved_feed(asked(Viewer(PERSON)), kept.pk))
    assert b"Nairobi" in data and b"Kampala" not in data
    # A reader of the feed comes to the same question, not to the whole kind.
    assert f'href="http://testserver/en/registry/{KIND}/?country=KE"'.encode() in data
    for stranger in (ANONYMOUS, Viewer(UUID(int=7))):
        with pytest.raises(Http404):
            exports.saved_feed(asked(stranger), kept.pk)


@pytest.mark.parametrize("query", ["?country=%00", "?q=%00", "?q=" + "x" * 5000, "?country=" + "&country=".join(["KE"] * 50), "?after=zz&nonsense=1", "?kind=nothing"])  # fmt: skip
def test_bad_questions_are_answered(query: str) -> None:
    store([("title", "One", "en", None)], "one")
    assert exports.table(asked(ANONYMOUS, "/" + query), KIND, "csv").status_code == 200
    assert exports.feed(asked(ANONYMOUS, "/" + query), KIND).status_code == 200


def test_what_is_not_there_is_not_there() -> None:
    store([("title", "For teams", "en", None)], "g", label=Label.GREEN)
    views: tuple[Callable, ...] = (
        lambda r: exports.table(r, "nothing", "csv"),
        lambda r: exports.table(r, "tool", "iati"),
        lambda r: exports.feed(r, "nothing"),
        lambda r: exports.entry(r, KIND, "g", "json"),
        lambda r: exports.entry(r, KIND, "g\0", "jsonld"),
        lambda r: exports.saved_feed(r, UUID(int=1)),
    )
    for view in views:
        with pytest.raises(Http404):
            view(asked(ANONYMOUS))


@pytest.mark.parametrize("kind", sorted(reads.kinds()))
def test_an_empty_kind_is_a_file_in_every_shape(kind: str) -> None:
    for shape in files.SHAPES:
        try:
            answer = exports.table(asked(ANONYMOUS), kind, shape)
        except Http404:
            assert shape == "iati"
            continue
        assert body_of(answer)
    assert body_of(exports.feed(asked(ANONYMOUS), kind))


def test_too_many_rows_for_a_workbook_are_refused_with_the_way_out(monkeypatch) -> None:
    store([("title", "One", "en", None)], "one")
    store([("title", "Two", "en", None)], "two")
    monkeypatch.setattr(files, "XLSX_MOST", 1)
    answer = exports.table(asked(ANONYMOUS), KIND, "xlsx")
    assert answer.status_code == 413
    assert b"CSV" in answer.content


def test_a_walk_takes_every_entry_once_across_pieces(monkeypatch) -> None:
    monkeypatch.setattr(exporting, "PIECE", 3)
    keys = [store([("title", f"T {n}", "en", None)], f"k-{n}").key for n in range(10)]
    assert [entry.key for entry in exporting.walk(ANONYMOUS, Question(KIND))] == keys
    halves = exporting.places(ANONYMOUS, Question(KIND))
    parts = [
        *exporting.walk(ANONYMOUS, Question(KIND), until=halves[4]),
        *exporting.walk(ANONYMOUS, Question(KIND), after=halves[4]),
    ]
    assert [entry.key for entry in parts] == keys


def test_a_piece_costs_the_same_queries_however_many_entries(django_assert_max_num_queries) -> None:
    with transaction.atomic():
        records = [
            Record(KIND, f"n-{n}", "", (Given("title", f"T {n}", "en"),)) for n in range(400)
        ]
        actions.store(records, actions.Speaker(Voice.SOURCE, "S"), act="load_entries")
    with django_assert_max_num_queries(14):
        assert len(body_of(exports.table(asked(ANONYMOUS), KIND, "csv")).splitlines()) == 401
