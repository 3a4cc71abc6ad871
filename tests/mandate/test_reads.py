"""Questions to the room: what is found, in which order, and that rows give the texts back."""

from __future__ import annotations

import datetime as dt
import doctest

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.kit.tlp import ANONYMOUS
from comity.mandate import reads
from comity.mandate.formats.any import parse
from comity.mandate.models import keeping
from comity.mandate.rules import labels
from comity.mandate.rules.align import align, units
from comity.mandate.rules.citations import citations
from comity.mandate.rules.duties import duties
from comity.mandate.types import ChangeKind

from .conftest import ADOPTED, DRAFT, KEY, Shelf, source


def test_without_a_label_the_newest_adopted_text_is_meant(shelf: Shelf) -> None:
    assert reads.version(ANONYMOUS, KEY).label == ADOPTED
    assert reads.newest_draft(ANONYMOUS, KEY) == DRAFT
    assert reads.earlier(ANONYMOUS, shelf.adopted) == shelf.draft
    assert reads.later(ANONYMOUS, shelf.draft) == shelf.adopted
    assert reads.earlier(ANONYMOUS, shelf.draft) is None is reads.later(ANONYMOUS, shelf.adopted)


def test_neighbours_of_a_version_cost_no_query(shelf: Shelf) -> None:
    with CaptureQueriesContext(connection) as queries:
        held = reads.version(ANONYMOUS, KEY, ADOPTED)
    assert len(queries) == 3
    with CaptureQueriesContext(connection) as queries:
        reads.earlier(ANONYMOUS, held)
        reads.later(ANONYMOUS, held)
        known = reads.revisions(ANONYMOUS, held.instrument)
        reads.later_not_held(ANONYMOUS, held, known)
    assert len(queries) == 0


def test_revisions_after_a_version_are_those_known_and_not_held(shelf: Shelf) -> None:
    known = reads.revisions(ANONYMOUS, shelf.adopted.instrument)
    held = {f"{r.label}, {r.year}": is_held for r, is_held in known}
    assert held["Rev. Busan, 2014"] and not held["Rev. Antalya, 2006"]
    later = [r.label for r in reads.later_not_held(ANONYMOUS, shelf.adopted, known)]
    assert later == ["Rev. Dubai", "Rev. Bucharest"]


@pytest.mark.parametrize("name", ["2014-10-28.txt", "2014.json"])
def test_what_was_kept_is_what_was_parsed(name: str, shelf: Shelf) -> None:
    """Nothing is lost on the way into rows and back, but for places in the source of marks."""
    version = shelf.draft if name.endswith("txt") else shelf.adopted
    kept = reads.text(ANONYMOUS, version)
    proposers = {p.tag: p.proposer for p in kept.passages}
    parsed = parse(source(name), name=name, proposers={"B": "Brazil"})
    for field in ("title", "subtitle", "formula", "language", "status", "findings"):
        assert getattr(kept, field) == getattr(parsed, field), field
    names = ("section", "path", "num", "text", "footnotes", "span")
    for got, want in zip(kept.provisions, parsed.provisions, strict=True):
        assert [getattr(got, n) for n in names] == [getattr(want, n) for n in names]
    names = ("section", "path", "num_printed", "num", "runs", "state", "explicit", "why", "tag")
    for row, passage in zip(kept.passages, parsed.passages, strict=True):
        assert [getattr(row, n) for n in names] == [getattr(passage, n) for n in names]
    assert "Brazil" in proposers.values() or not kept.passages


def test_typed_rows_are_what_the_rules_said(shelf: Shelf) -> None:
    text = reads.text(ANONYMOUS, shelf.adopted)
    draft = reads.text(ANONYMOUS, shelf.draft)
    assert reads.typed_duties(ANONYMOUS, shelf.adopted) == duties(text.provisions, conference="PP")
    cited = [
        c for p in text.provisions for c in citations(p.section, p.path, p.text, conference="PP")
    ]
    assert list(reads.typed_citations(ANONYMOUS, shelf.adopted)) == cited
    changes = align(units(draft.passages), units(text.provisions))
    assert reads.typed_changes(ANONYMOUS, shelf.draft, shelf.adopted) == changes


def test_a_comparison_made_on_the_spot_equals_the_kept_one(shelf: Shelf) -> None:
    kept = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    now = reads.compare_now(ANONYMOUS, shelf.draft, shelf.adopted)
    assert [(c.kind, c.old, c.new, c.similarity) for c in now] == [
        (c.kind, c.old, c.new, c.similarity) for c in kept
    ]


def test_changes_of_one_unit_are_those_of_all_that_touch_it(shelf: Shelf) -> None:
    everything = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    for row in reads.provisions(ANONYMOUS, shelf.adopted)[::13]:
        mine = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted, of_new=row.seq)
        assert mine == [c for c in everything if row.eid in {u.eid for u in c.new}] != []
    for passage in shelf.draft.passages.all()[::17]:
        mine = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted, of_old=passage.seq)
        assert mine == [c for c in everything if passage.eid in {u.eid for u in c.old}] != []


def test_every_provision_is_at_the_new_end_of_exactly_one_change(shelf: Shelf) -> None:
    changes = reads.changes(ANONYMOUS, shelf.draft, shelf.adopted)
    ends = [u.eid for c in changes for u in c.new]
    assert sorted(ends) == sorted(shelf.adopted.provisions.values_list("eid", flat=True))
    olds = {u.eid for c in changes for u in c.old}
    assert olds == set(shelf.draft.passages.values_list("eid", flat=True))
    assert all(not c.new for c in changes if c.kind is ChangeKind.GONE)


def test_a_stub_can_be_referred_to_and_says_where_it_is_named(shelf: Shelf) -> None:
    stub = reads.instrument(ANONYMOUS, "wtdc/res-45")
    assert (stub.kind, stub.number, stub.versions.count()) == ("resolution", "45", 0)
    places = reads.cited_in(ANONYMOUS, "wtdc/res-45")
    assert {c.provision.version.label for c in places} == {DRAFT, ADOPTED}
    with pytest.raises(reads.NotHeld, match="cited here"):
        reads.version(ANONYMOUS, "wtdc/res-45")


def test_an_expression_is_named_by_work_language_and_day(shelf: Shelf) -> None:
    assert reads.expression(ANONYMOUS, KEY, "2014", "en", "2014-10-28") == shelf.draft
    with pytest.raises(reads.NotHeld):
        reads.expression(ANONYMOUS, KEY, "2014", "ar", "2014-10-28")


def test_a_text_whose_day_nobody_names_stands_behind_the_draft_of_its_year() -> None:
    day = dt.date(2014, 11, 3)
    order = sorted(
        [(None, "2014", "adopted"), (day, "2014-11-03", "draft")], key=lambda v: labels.order(*v)
    )
    assert [label for _day, label, _status in order] == ["2014-11-03", "2014"]
    assert doctest.testmod(labels).attempted and not doctest.testmod(labels).failed


def test_no_day_is_invented(shelf: Shelf) -> None:
    instrument = shelf.adopted.instrument
    assert keeping.known_date(instrument, "adopted", "2014") == dt.date(2014, 11, 7)
    assert keeping.known_date(instrument, "adopted", "1999") is None
    assert keeping.known_date(instrument, "draft", "2014-10-01") == dt.date(2014, 10, 1)
