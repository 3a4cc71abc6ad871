"""What is kept stays whole: nothing doubled, nothing lost, nobody's words under another's hand."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS, DEFAULT_COMMUNITY, Label, Viewer
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
