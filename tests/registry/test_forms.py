"""A form asks for every field of every kind, and what is typed comes back as it was typed."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.kit.canonical import canonical
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.rules.filling import (
    PARTS,
    by_field,
    content_of,
    filled_from,
    record_from,
    record_of,
    with_fields,
)
from comity.registry.rules.forms import field_boxes
from comity.registry.types import SIX, Field, FieldType, Given, Kind, Record
from tests.registry.submitting import Cast, cast, url

EVERY = sorted(kinds())
WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40
).filter(lambda text: text.strip() and "\n" not in text)
DATES = st.sampled_from(["2014", "2014-05", "2014-05-30"])


def value_of(field: Field, kind: Kind) -> st.SearchStrategy[object]:
    """Values of a field in their one form."""
    table = vocabularies().get(field.vocabulary)
    codes = st.sampled_from(sorted(table.terms)) if table else st.just("")
    line = WORDS.map(lambda t: " ".join(unicodedata.normalize("NFC", t).split())).filter(bool)
    short = line.map(lambda text: text[: field.max or 300].strip()).filter(bool)
    return {
        FieldType.TEXT: short,
        FieldType.WORDS: st.lists(short, min_size=1, max_size=3).map("\n".join),
        FieldType.DATE: DATES,
        FieldType.PERIOD: st.sampled_from(["2014", "2014/2016-03", "../2015", "2014/.."]),
        FieldType.COUNT: st.fixed_dictionaries({"n": st.integers(0, 10**9), "period": DATES, "unit": line}),
        FieldType.TOTAL: st.fixed_dictionaries({"n": st.integers(0, 10**9), "as_of": DATES, "unit": line}),
        FieldType.SHARE: st.fixed_dictionaries({"n": st.sampled_from(["0", "61.5"]), "as_of": DATES}),
        FieldType.MONEY: st.fixed_dictionaries(
            {"amount": st.sampled_from(["0", "1200.50"]), "currency": st.just("USD"), "date": DATES}
        ),
        FieldType.CHOICE: codes,
        FieldType.COUNTRY: st.sampled_from(["KE", "NA", "UG"]),
        FieldType.LANGUAGE: st.sampled_from(["en", "sw", "zh-Hans"]),
        FieldType.BODY: st.fixed_dictionaries({"name": line, "body": st.just("")}),
        FieldType.PARTY: st.fixed_dictionaries(
            {
                "name": line.map(lambda t: t.replace("|", "/")),
                "country": st.sampled_from(["", "KE"]),
                "level": st.just(""),
                "role": line.map(lambda t: t[:40].strip()).filter(bool),
            }
        ),
        FieldType.URL: st.sampled_from(["https://example.org/a;b@c", "http://example.org/?q=1#x"]),
        FieldType.YESNO: st.booleans(),
        FieldType.ENTRY: st.sampled_from(["agreement/agr-001", "law/law-1"]),
        FieldType.PROVISION: st.sampled_from(["itu-pp/res-130/2014/resolves/3"]),
        FieldType.EVENT: st.fixed_dictionaries({"event": codes, "date": DATES, "until": st.just(""), "note": line}),
    }[field.type]  # fmt: skip


@st.composite
def records(draw, key: str) -> Record:
    kind = kinds()[key]
    values = []
    free = [field.key for field in kind.fields if not field.required]
    chosen = draw(st.sets(st.sampled_from(free), max_size=4))
    for field in kind.fields:
        if not field.required and field.key not in chosen:
            continue
        one = value_of(field, kind)
        found = draw(st.lists(one, min_size=1, max_size=3 if field.many else 1))
        tongues = (
            draw(st.sets(st.sampled_from(SIX), min_size=1, max_size=2))
            if field.translatable
            else [""]
        )
        seen = []
        for tongue in sorted(tongues):
            for value in found:
                if (value, tongue) not in seen:
                    seen.append((value, tongue))
                    values.append(
                        Given(field.key, value, tongue, evidence_url="https://example.org/e")
                    )
    return Record(key, "", "", tuple(values))


def plain(values: tuple[Given, ...]) -> list[bytes]:
    """Values to compare whatever the order of their parts."""
    return sorted(canonical(content_of(Record("", values=(given,)))["values"]) for given in values)


@settings(max_examples=40)
@given(key=st.sampled_from(EVERY), data=st.data())
def test_what_a_record_says_comes_back_from_its_form(key, data) -> None:
    record = data.draw(records(key))
    kind = kinds()[key]
    filled = filled_from(record, kind)
    again, _label, problems = record_of(kind, filled, vocabularies(), before=record.values)
    assert problems == ()
    assert plain(again.values) == plain(record.values)
    content = content_of(again)
    assert record_from(key, content).values == again.values
    assert with_fields(content, by_field(content))["values"] == content["values"]


@settings(max_examples=40)
@given(key=st.sampled_from(EVERY), data=st.data())
def test_junk_in_every_control_never_breaks_the_form(key, data) -> None:
    kind = kinds()[key]
    names = [control.name for box in field_boxes(kind, {}, vocabularies(), language="en")
             for row in box.rows for control in row]  # fmt: skip
    junk = st.text(max_size=30) | st.sampled_from(["..", "a/b", "1 @ 2", "\x00", "«", "-1", "1e9"])
    filled = data.draw(
        st.dictionaries(st.sampled_from(names), st.lists(junk, max_size=1), max_size=8)
    )
    filled[data.draw(st.text(max_size=12))] = ["x"]
    _record, _label, problems = record_of(kind, filled, vocabularies())
    assert all(problem.message and problem.remedy for problem in problems)
    boxes = field_boxes(kind, filled, vocabularies(), language="ar", problems=problems)
    told = {problem.field for box in boxes for problem in box.problems}
    assert {problem.field for problem in problems} <= told | {"source_url", "tlp"}
    # What was typed stands there again.
    for box in boxes:
        for row in box.rows:
            for control in row:
                if control.shape == "line" and filled.get(control.name):
                    assert control.text == filled[control.name][0]


def test_empty_is_not_zero_and_zero_is_said() -> None:
    kind = kinds()["activity"]
    filled = {"title_en": ["Drill"], "total.0.n": [""], "total.0.as_of": [""]}
    record, _label, problems = record_of(kind, filled, vocabularies())
    assert not problems and {g.field for g in record.values} == {"title"}
    record, _label, problems = record_of(kind, filled | {"total.0.n": ["0"]}, vocabularies())
    assert [g.value["n"] for g in record.values if g.field == "total"] == [0]


# --- at the door ---------------------------------------------------------------------------


class Controls(HTMLParser):
    """The names of controls and their labels, ids that repeat."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.controls: list[str] = []
        self.labelled: set[str] = set()

    def handle_starttag(self, tag, attrs) -> None:
        held = dict(attrs)
        if held.get("id"):
            self.ids.append(held["id"])
        if tag in ("input", "select", "textarea") and held.get("type") != "hidden":
            self.names.add(held["name"])
            self.controls.append(held["id"])
        if tag == "label" and held.get("for"):
            self.labelled.add(held["for"])


@pytest.fixture
def world(db) -> Cast:
    return cast()


@pytest.mark.parametrize("key", EVERY)
def test_the_form_of_every_kind_asks_for_every_field(world, key) -> None:
    text = world.client("contributor").get(url("submit", kind=kinds()[key].path or key)).content
    page = Controls()
    page.feed(text.decode())
    assert len(page.ids) == len(set(page.ids)), [i for i in page.ids if page.ids.count(i) > 1]
    assert set(page.controls) <= page.labelled
    for field in kinds()[key].fields:
        if field.translatable:
            wanted = {f"{field.key}_en"}
        elif field.type in PARTS:
            wanted = {f"{field.key}.0.{part}" for part in PARTS[field.type]}
        else:
            wanted = {field.key}
        assert wanted <= page.names, field.key


def test_a_language_and_a_row_are_added_without_losing_a_word(world) -> None:
    author, page = world.client("contributor"), url("submit", kind="agreement")
    typed = {"title_en": "Memorandum", "party.0.name": "Kenya", "party.0.country": "KE",
             "do": "language", "add_language": "fr"}  # fmt: skip
    text = author.post(page, typed).content.decode()
    assert 'name="title_fr"' in text and 'value="Memorandum"' in text and "Error:" not in text
    many = {**typed, "more": "party", "lang": ["en", "fr"], "title_fr": "Mémorandum",
            "party.1.name": "Ouganda"}  # fmt: skip
    text = author.post(page, many).content.decode()
    assert 'name="party.2.name"' in text and 'value="Ouganda"' in text
    assert 'value="Mémorandum"' in text


def test_the_form_says_who_will_read_it(world) -> None:
    text = world.client("contributor").get(url("submit", kind="situation")).content.decode()
    assert "it will be read by" in text and "Secretariat of the gateway" in text
    assert "second factor" in text  # a test client shows none


def test_the_paragraphs_of_the_resolution_can_be_chosen(world) -> None:
    from comity.mandate.actions import load_shipped

    load_shipped()
    text = world.client("contributor").get(url("submit", kind="activity")).content.decode()
    assert re.search(r'<option value="itu-pp/res-130/2014/resolves/3"', text)
    typed = {"title_en": "D", "provision": ["itu-pp/res-130/2014/resolves/3"], "do": "send"}
    assert (
        world.client("contributor").post(url("submit", kind="activity"), typed).status_code == 302
    )


def test_likely_duplicates_are_shown_before_saving_and_only_those_one_may_see(world) -> None:
    from comity.registry import actions
    from comity.registry.models import Submission
    from comity.registry.rules.submissions import Act
    from tests.registry.submitting import record

    cells = {"country": "KE", "period": "2014-05", "subtype": "cyberdrill"}
    for tlp in ("CLEAR", "AMBER+STRICT"):
        title = f"National CyberDrill of the coast {'open' if tlp == 'CLEAR' else 'closed'}"
        row = actions.submit_record(
            world.viewer("contributor"), record(title=title, tlp=tlp, **cells)
        )
        actions.act_on(world.viewer("secretariat"), row.id, Act.ACCEPT)
        actions.act_on(world.viewer("focal"), row.id, Act.SIGN_OFF)
    typed = {"title_en": "National CyberDrill of the coast", "country": ["KE"], "subtype": "cyberdrill",
             "period.0.start": "2014-05", "do": "send"}  # fmt: skip
    page, other = url("submit", kind="activity"), world.client("other")
    asked = other.post(page, typed)
    text = asked.content.decode()
    assert asked.status_code == 200 and "coast open" in text and "closed" not in text
    assert "the same countries" in text and "Kenya" in text
    assert not Submission.objects.filter(body=world.uganda).exists()
    looked = re.findall(r'name="looked" value="([^"]+)"', text)
    assert len(looked) == 1
    assert other.post(page, {**typed, "looked": looked}).status_code == 302


def test_a_field_called_body_is_not_the_body_that_submits(world) -> None:
    from comity.registry.models import Submission

    typed = {"title_en": "Regional forum", "body": "Regulator of the coast", "do_send": ""}
    answer = world.client("contributor").post(url("submit", kind="activity"), typed)
    assert answer.status_code == 302
    values = {v["field"]: v["value"] for v in Submission.objects.get().content["values"]}
    assert values["body"]["name"] == "Regulator of the coast"
