"""One form for each value: what a cell says comes back as it was, and nothing odd gets in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.registry.rules import checking, values
from comity.registry.types import BadValue, Field, FieldType, Kind, Term, Vocabulary

EVENTS = Vocabulary(
    "events", {c: Term(c, "", {"en": c, "fr": f"{c} (fr)"}) for c in ("signed", "in_force")}
)
WORDS = {"events": EVENTS}


def field(kind: FieldType, **more: object) -> Field:
    named = {"vocabulary": "events"} if kind in (FieldType.CHOICE, FieldType.EVENT) else {}
    return Field(key="x", type=kind, label={"en": "X"}, **(named | more))  # type: ignore[arg-type]


def read(kind: FieldType, text: str) -> object:
    return values.from_text(field(kind), text, WORDS)


GOOD = [
    (FieldType.TEXT, "  A   drill ", "A drill"),
    (FieldType.WORDS, "One\r\ntwo", "One\ntwo"),
    (FieldType.DATE, "2014", "2014"),
    (FieldType.PERIOD, "2014-05/..", "2014-05/.."),
    (FieldType.PERIOD, "2014-05-30", "2014-05-30"),
    (FieldType.COUNT, "24 @ 2014 # drills", {"n": 24, "period": "2014", "unit": "drills"}),
    (FieldType.COUNT, "0", {"n": 0, "period": "", "unit": ""}),
    (FieldType.TOTAL, "76 @ 2014-05", {"n": 76, "as_of": "2014-05", "unit": ""}),
    (FieldType.SHARE, "61.5 @ 2014", {"n": "61.5", "as_of": "2014"}),
    (
        FieldType.MONEY,
        "1000.50 USD @ 2014",
        {"amount": "1000.50", "currency": "USD", "date": "2014"},
    ),
    (FieldType.CHOICE, "Signed", "signed"),
    (FieldType.CHOICE, "signed (fr)", "signed"),
    (FieldType.COUNTRY, "NA", "NA"),  # Namibia, not "not available"
    (FieldType.COUNTRY, "ken", "KE"),
    (FieldType.COUNTRY, "Côte d’Ivoire", "CI"),
    (FieldType.LANGUAGE, "zh-Hans", "zh-Hans"),
    (FieldType.BODY, "ITU", {"name": "ITU", "body": ""}),
    (
        FieldType.PARTY,
        "Kenya | KE | state",
        {"name": "Kenya", "country": "KE", "level": "state", "role": ""},
    ),
    (FieldType.URL, "https://example.org/a?b=c", "https://example.org/a?b=c"),
    (FieldType.YESNO, "Yes", True),
    (FieldType.ENTRY, "agreement/agr-001", "agreement/agr-001"),
    (FieldType.PROVISION, "itu-pp/res-130/2014/resolves/3", "itu-pp/res-130/2014/resolves/3"),
    (
        FieldType.EVENT,
        "signed @ 2014-05-30 # in Geneva",
        {"event": "signed", "date": "2014-05-30", "until": "", "note": "in Geneva"},
    ),
    (
        FieldType.EVENT,
        "in_force @ 2014/2019",
        {"event": "in_force", "date": "2014", "until": "2019", "note": ""},
    ),
]


@pytest.mark.parametrize(("kind", "text", "wanted"), GOOD)
def test_a_cell_means(kind: FieldType, text: str, wanted: object) -> None:
    value = read(kind, text)
    assert value == wanted
    assert read(kind, values.to_text(field(kind), value)) == value, "and is written back"


BAD = [
    (FieldType.TEXT, "a\u202eb"),
    (FieldType.TEXT, "x" * 301),
    (FieldType.DATE, "2014-02-30"),
    (FieldType.DATE, "30.05.2014"),
    (FieldType.PERIOD, "2016/2014"),
    (FieldType.COUNT, "1,200"),
    (FieldType.COUNT, "-3"),
    (FieldType.COUNT, "some"),
    (FieldType.COUNT, "1.5"),
    (FieldType.SHARE, "101"),
    (FieldType.MONEY, "1000"),
    (FieldType.MONEY, "NaN USD"),
    (FieldType.MONEY, "1.234 USD"),
    (FieldType.CHOICE, "lost"),
    (FieldType.COUNTRY, "XX"),
    (FieldType.COUNTRY, "Atlantis"),
    (FieldType.LANGUAGE, "English language"),
    (FieldType.PARTY, "a | KE | state | x | y"),
    (FieldType.URL, "javascript:alert(1)"),
    (FieldType.URL, "https://user:pass@example.org/"),
    (FieldType.URL, "https://exa mple.org/"),
    (FieldType.YESNO, "maybe"),
    (FieldType.ENTRY, "agr-001"),
    (FieldType.PROVISION, "resolves 3"),
    (FieldType.EVENT, "signed @ 2019/2014"),
    (FieldType.EVENT, "lost @ 2014"),
]


@pytest.mark.parametrize(("kind", "text"), BAD)
def test_a_bad_cell_is_refused_with_its_field_and_remedy(kind: FieldType, text: str) -> None:
    with pytest.raises(BadValue) as caught:
        read(kind, text)
    assert caught.value.place == "x" and caught.value.message and caught.value.remedy


@given(st.sampled_from(list(FieldType)), st.text(max_size=60))
def test_any_text_is_a_value_or_a_problem_and_a_value_comes_back(
    kind: FieldType, text: str
) -> None:
    try:
        value = read(kind, text)
    except BadValue:
        return
    assert values.from_json(field(kind), value, WORDS) == value, "one form"
    if kind is not FieldType.WORDS:
        assert read(kind, values.to_text(field(kind), value)) == value


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["n", "amount", "currency", "event", "date", "name", "x"]), inner
        )
    ),
    max_leaves=5,
)


@given(st.sampled_from(list(FieldType)), json_values)
def test_any_json_is_a_value_or_a_problem(kind: FieldType, value: object) -> None:
    try:
        taken = values.from_json(field(kind), value, WORDS)
    except BadValue:
        return
    assert values.from_json(field(kind), taken, WORDS) == taken


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FieldType.COUNT, {"n": "9999999999999999"}),
        (FieldType.TOTAL, {"n": "9999999999999999"}),
        (FieldType.MONEY, {"amount": "1_000", "currency": "USD"}),
        (FieldType.MONEY, {"amount": "-0", "currency": "USD"}),
        (FieldType.MONEY, {"amount": "١٢", "currency": "USD"}),
        (FieldType.SHARE, {"n": "1e1"}),
        (FieldType.BODY, {"name": "ITU", "body": "not an id"}),
        (FieldType.BODY, {"name": "ITU", "body": "\x00"}),
        (FieldType.URL, "https://example.org/\ud800"),
        (FieldType.URL, "https://example.org/\u202egpj.exe"),
        (FieldType.PARTY, {"name": "Kenya", "level": ["state"]}),
    ],
)
def test_what_the_house_cannot_keep_or_read_again_is_refused(
    kind: FieldType, value: object
) -> None:
    with pytest.raises(BadValue) as caught:
        values.from_json(field(kind), value, WORDS)
    assert caught.value.place == "x" and caught.value.message and caught.value.remedy


@pytest.mark.parametrize(
    "value",
    [
        {"name": "Kenya", "country": None, "level": None, "role": None},
        {"name": "Kenya", "country": "KE", "level": "", "role": "signs | keeps"},
    ],
)
def test_every_party_is_written_as_a_cell_and_read_back(value: dict[str, object]) -> None:
    party = field(FieldType.PARTY)
    taken = values.from_json(party, value, WORDS)
    assert values.from_text(party, values.to_text(party, taken), WORDS) == taken


def test_an_entry_is_named_as_its_key_is_kept() -> None:
    assert read(FieldType.ENTRY, "agreement/AGR-001") == "agreement/agr-001"


PARTS = st.dictionaries(
    st.sampled_from(["name", "country", "level", "role", "body"]),
    st.none() | st.text(max_size=12) | st.integers() | st.lists(st.none(), max_size=1),
)


@given(st.sampled_from([FieldType.PARTY, FieldType.BODY]), PARTS)
def test_any_party_or_body_is_a_problem_or_comes_back_from_its_cell(
    kind: FieldType, value: object
) -> None:
    try:
        taken = values.from_json(field(kind), value, WORDS)
    except BadValue:
        return
    text = values.to_text(field(kind), taken)
    if kind is FieldType.PARTY:
        assert values.from_text(field(kind), text, WORDS) == taken


# --- rows ---------------------------------------------------------------------------------

SIX = dict.fromkeys(("ar", "en", "es", "fr", "ru", "zh"), "x")
KIND = Kind(
    key="thing",
    label=SIX,
    plural=SIX,
    about=SIX,
    fields=(
        Field("title", FieldType.TEXT, SIX, required=True),
        Field("country", FieldType.COUNTRY, SIX, many=True),
        Field("note", FieldType.TEXT, SIX, many=True),
        Field("figure", FieldType.COUNT, SIX, evidence=True),
    ),
)


def row(**cells: str) -> tuple[object, list[tuple[str, str]]]:
    record, problems = checking.from_cells(KIND, cells, WORDS, row=7)
    assert all(p.row == 7 and p.message for p in problems)
    return record, [(p.field, p.value) for p in problems]


def test_every_problem_of_a_row_is_found_at_once() -> None:
    _record, problems = row(title="", country="KE; XX", figure="24", tlp="pink")
    assert problems == [("tlp", "pink"), ("country", "XX"), ("title", ""), ("figure", "")]


def test_an_empty_cell_says_nothing_and_zero_says_zero() -> None:
    record, problems = row(title="A", country="", figure="0", source_url="https://example.org/")
    assert not problems
    assert [(g.field, g.value) for g in record.values] == [  # type: ignore[attr-defined]
        ("title", "A"),
        ("figure", {"n": 0, "period": "", "unit": ""}),
    ]


def test_words_in_two_languages_and_one_value_twice() -> None:
    record, problems = row(title="A", title_fr="Un")
    assert not problems
    assert {(g.language, g.value) for g in record.values} == {("en", "A"), ("fr", "Un")}  # type: ignore[attr-defined]
    assert row(title="A", title_en="B")[1] == [("title", "B")]


def test_a_column_nobody_knows_is_named() -> None:
    assert checking.unknown_columns(
        KIND, ["title", "tilte", "note_fr", "figure_fr", "title_de"]
    ) == (
        "tilte",
        "figure_fr",
        "title_de",
    )


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), max_size=5))
def test_cells_of_many_values_come_back(texts: list[str]) -> None:
    note = KIND.by_key["note"]
    wanted = []
    for text in texts:
        try:
            wanted.append(values.from_text(note, text, WORDS))
        except BadValue:
            continue
    wanted = [text for text in wanted if not text.endswith("\\")]
    assert checking.cells_of(checking.cell(note, wanted)) == wanted


@pytest.mark.parametrize("title", ["x" * 401, "a\x00b", "a\u202eb", "\ud800"])
def test_a_source_that_cannot_be_kept_as_it_is_is_told(title: str) -> None:
    assert row(title="A", source_title=title)[1] == [("source_title", title[:80])]


def test_no_key_in_a_body_is_no_key() -> None:
    body = {"key": None, "subtype": None, "values": [{"field": "title", "value": "A"}]}
    record, problems = checking.from_json(KIND, body, WORDS)
    assert not problems and (record.key, record.subtype) == ("", "")


def test_a_required_value_that_is_wrong_is_told_once() -> None:
    assert row(title="a\u202eb")[1] == [("title", "a\u202eb")]
