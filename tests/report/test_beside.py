"""The draft beside last year's report: what is new, changed and gone, line by line."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from comity.kit.sayings import Voice
from comity.mandate.actions import load_shipped
from comity.registry.actions import Speaker, store
from comity.registry.types import Given, Record
from comity.report import actions
from comity.report.rules.beside import Fate, figures, parts
from comity.report.types.tree import (
    Block,
    Column,
    Document,
    FigureNote,
    FigureRef,
    Paragraph,
    Section,
    Table,
    Text,
)
from tests import walk

MOMENT = dt.datetime(2015, 3, 1, tzinfo=dt.UTC)


def document(**sections: tuple[Block, ...]) -> Document:
    notes = (FigureNote("drills", "Drills", "", ""),)
    blocks = tuple(Section(key, f"Section {key}", held) for key, held in sections.items())
    return Document("en", "Report", MOMENT, blocks, figures=notes)


def line(words: str, value: str = "", number: str = "") -> Paragraph:
    runs = (Text(words), FigureRef(value, "drills")) if value else (Text(words),)
    return Paragraph(runs, number)


def told(now: Document, before: Document) -> dict[str, list[tuple[str, str, str]]]:
    return {
        part.id: [(d.fate.value, d.before, d.now) for d in part.differences]
        for part in parts(now, 2014, before, 2013)
    }


def test_a_line_in_which_only_the_year_or_its_number_moved_is_the_same() -> None:
    now = document(a=(line("In 2014, as in 2013, nothing was said."), line("Kept.", number="2.2")))
    before = document(
        a=(line("Kept.", number="2.1"), line("In 2013, as in 2012, nothing was said."))
    )
    assert told(now, before) == {}


def test_a_line_whose_figure_moved_changed_and_others_are_new_or_gone() -> None:
    now = document(a=(line("Drills of 2014: ", "3"), line("A line."), line("Another.")))
    before = document(a=(line("Drills of 2013: ", "1"), line("A line."), line("A line.")))
    assert told(now, before) == {
        "a": [
            ("changed", "Drills of 2013: 1", "Drills of 2014: 3"),
            ("new", "", "Another."),
            ("gone", "A line.", ""),
        ]
    }


def test_a_year_inside_a_longer_number_is_no_year() -> None:
    assert told(document(a=(line("No. 12014"),)), document(a=(line("No. 12013"),)))["a"]


def test_sections_and_rows_of_tables_are_told_too() -> None:
    columns = (Column("Title"), Column("Place"))
    rows = (((Text("Drill A"),), (Text("Lima"),)), ((Text("Drill B"),), (Text("Accra"),)))
    now = document(a=(Table("T", columns, rows),), fresh=(line("Here."),))
    before = document(a=(Table("T", columns, rows[:1]),), old=(line("There."),))
    found = {part.id: part.fate for part in parts(now, 2014, before, 2013)}
    assert found == {"a": Fate.CHANGED, "fresh": Fate.NEW, "old": Fate.GONE}
    assert told(now, before)["a"] == [("new", "", "Drill B · Accra")]


def test_figures_are_new_changed_or_gone_and_not_reported_is_no_zero() -> None:
    now = {"same": 1, "moved": 3, "told": 0, "added": None}
    before = {"same": 1, "moved": 2, "told": None, "left": 5}
    assert dict(figures(now, before)) == {
        "moved": Fate.CHANGED,
        "told": Fate.CHANGED,
        "added": Fate.NEW,
        "left": Fate.GONE,
    }


@pytest.mark.django_db
def test_the_page_compares_with_the_frozen_report_else_with_the_draft() -> None:
    press = Speaker(Voice.SOURCE, "The Herald")

    def drill(key: str, year: str) -> Record:
        values = (Given("title", f"Drill {key}", "en"), Given("period", year))
        return Record("activity", key, "cyberdrill", values)

    load_shipped(now=MOMENT)
    store([drill("a-1", "2013"), drill("b-1", "2014"), drill("b-2", "2014")], press, act="load")
    browser = walk.client("secretariat", walk.sample_accounts())
    page = browser.get("/en/report/2014/beside").content.decode()
    assert "no report on 2013 is frozen" in page
    assert "Drill a-1" in page and "Drill b-2" in page
    assert page.index("figures/activities.kind.cyberdrill") < page.index("Drill b-2")
    actions.freeze(None, 2013)
    store([drill("a-2", "2013")], press, act="load")
    page = browser.get("/en/report/2014/beside").content.decode()
    assert "edition 1 of 2013" in page and "Drill a-2" not in page
    assert "/en/report/2014/beside" in browser.get("/en/report/2014/desk").content.decode()
    assert Client().get("/en/report/2014/beside").status_code == 403


def test_a_date_that_is_next_years_to_one_report_only_is_no_difference() -> None:
    now, before = (document(a=(line(f"It tells of {y} up to 2 May 2015."),)) for y in (2014, 2013))
    assert told(now, before) == {}
