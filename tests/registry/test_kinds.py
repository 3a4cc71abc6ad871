"""The kinds of what is done, agreed, asked and counted, the library of fields, and their reader."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from comity.kit.languages import in_script
from comity.registry.formats.kinds import (
    ALWAYS,
    LARGEST,
    TAKEN,
    check_vocabularies,
    read_kind,
    read_library,
    read_vocabulary,
)
from comity.registry.types import SIX, BadKind, FieldType, Kind, Vocabulary

DATA = resources.files("comity.registry") / "data"
FILES = sorted(
    item.name
    for item in (DATA / "kinds").iterdir()
    if item.name.endswith(".yaml") and item.name != "fields.yaml"
)
OURS = (
    "activity",
    "agreement",
    "indicator",
    "initiative",
    "project",
    "proposal",
    "question",
    "request",
    "situation",
)
# What the shared fields are called: other kinds, forms and files of rows rely on these names.
LIBRARY = """
title short_title summary url country provision core_mandate note identifier period date body
partner language area pillar itu_sector action_line region sector phase service sim3 rsit cost
licence offline_copy link_checked link_gone figure total document finance_needed pledged disbursed in_kind
applied_since contact_url
""".split()
# Labels that another language writes as English does.
SAME = {
    ("fr", "Budget"),
    ("fr", "Date"),
    ("fr", "Initiative"),
    ("fr", "Initiatives"),
    ("fr", "Obstacles"),
    ("fr", "Parties"),
}
OUR_VOCABULARIES = (
    "application_events",
    "application_levels",
    "assistance_forms",
    "channels",
    "geographies",
    "handling_rules",
    "indicator_directions",
    "information_kinds",
    "proposal_outcomes",
    "question_states",
    "text_confidentiality",
)
NARROW = "\u202f"  # narrow no-break space, before : ; ? ! » and after « in French


@cache
def library() -> Mapping[str, Mapping[str, Any]]:
    return read_library((DATA / "kinds" / "fields.yaml").read_bytes())


@cache
def kind(key: str) -> Kind:
    return read_kind((DATA / "kinds" / f"{key}.yaml").read_bytes(), library(), f"{key}.yaml")


@cache
def vocabulary(key: str) -> Vocabulary:
    return read_vocabulary((DATA / "vocabularies" / f"{key}.csv").read_bytes(), key)


def words(key: str) -> Iterator[tuple[str, str, str]]:
    """(place, language, text) of every sentence of a kind."""
    found = kind(key)
    parts = [("label", found.label), ("plural", found.plural), ("about", found.about)]
    for field in found.fields:
        parts += [(f"{field.key}.label", field.label), (f"{field.key}.help", field.help)]
    for place, texts in parts:
        for language, text in texts.items():
            yield place, language, text


# --- what the files hold ------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_every_file_reads_and_is_named_after_its_kind(name: str) -> None:
    assert read_kind((DATA / "kinds" / name).read_bytes(), library(), name).key == name[:-5]


def test_our_kinds_are_there() -> None:
    assert {f"{key}.yaml" for key in OURS} <= set(FILES)


def test_the_library_has_the_names_that_others_use() -> None:
    assert sorted(library()) == sorted(LIBRARY)
    assert set(ALWAYS) <= set(library())


def test_every_vocabulary_that_a_kind_names_exists() -> None:
    tables = DATA / "vocabularies"
    if not (tables / "SOURCE.md").is_file():
        pytest.skip("the common vocabularies are not in this tree")
    found = {i.name[:-4]: vocabulary(i.name[:-4]) for i in tables.iterdir() if ".csv" in i.name}
    check_vocabularies((kind(name[:-5]) for name in FILES), found)


def test_a_facet_counts_codes_of_one_vocabulary() -> None:
    found: dict[str, set[str]] = {}
    for name in FILES:
        for field in kind(name[:-5]).fields:
            if field.facet:
                found.setdefault(field.facet, set()).add(field.vocabulary)
    assert {facet: names for facet, names in found.items() if len(names) > 1} == {}


@pytest.mark.parametrize("key", OURS)
def test_every_field_has_its_help_in_six_languages(key: str) -> None:
    for field in kind(key).fields:
        assert set(field.label) == set(SIX), field.key
        assert set(field.help) == set(SIX), field.key


@pytest.mark.parametrize("key", OURS)
def test_words_are_in_the_script_of_their_language(key: str) -> None:
    assert [(place, code) for place, code, text in words(key) if not in_script(text, code)] == []


@pytest.mark.parametrize("key", OURS)
def test_no_label_was_left_in_english(key: str) -> None:
    found = kind(key)
    labels = [found.label, found.plural, found.about, *(field.label for field in found.fields)]
    others = [code for code in SIX if code != "en"]
    left = {(code, said["en"]) for said in labels for code in others if said[code] == said["en"]}
    assert left <= SAME


@pytest.mark.parametrize("key", OURS)
def test_help_is_one_finished_sentence(key: str) -> None:
    for place, code, text in words(key):
        assert text == text.strip() and "\n" not in text, place
        if place.endswith(".help") or place == "about":
            assert text.endswith("。" if code == "zh" else "."), (place, code)
        else:
            assert not text.endswith((".", "。")), (place, code)


@pytest.mark.parametrize("key", OURS)
def test_french_has_its_narrow_spaces(key: str) -> None:
    glued = re.compile(rf"[^{NARROW}][;?!»]|«[^{NARROW}]|[a-zéè]:\s")
    assert [p for p, code, text in words(key) if code == "fr" and glued.search(text)] == []


@pytest.mark.parametrize("key", OURS)
def test_no_field_takes_a_word_of_the_house(key: str) -> None:
    assert not {field.key for field in kind(key).fields} & TAKEN


@pytest.mark.parametrize("key", OUR_VOCABULARIES)
def test_a_vocabulary_names_each_code_in_six_languages(key: str) -> None:
    for term in vocabulary(key).terms.values():
        assert all(term.labels[code] for code in SIX), term.code
        assert all(in_script(term.labels[code], code) for code in SIX), term.code
        assert not term.parent or term.parent in vocabulary(key).terms


# --- what a kind promises to the rules ----------------------------------------------------


def test_figures_mandates_and_the_life_of_an_agreement_need_evidence() -> None:
    for key, names in {
        "activity": ("figure", "total"),
        "agreement": ("event", "figure", "application_level"),
        "indicator": ("baseline", "target", "actual", "actual_share"),
        "initiative": ("mandate", "figure", "total"),
        "proposal": ("figure", "total", "outcome"),
    }.items():
        fields = kind(key).by_key
        assert all(fields[name].evidence for name in names), key


def test_an_agreement_has_one_history() -> None:
    agreement = kind("agreement")
    # The rules read every event of an agreement as one of its life.
    events = [field for field in agreement.fields if field.type is FieldType.EVENT]
    assert [(field.key, field.vocabulary) for field in events] == [("event", "agreement_events")]
    assert (agreement.history, agreement.subtypes) == ("agreement", "instruments")
    types = {
        "party": FieldType.PARTY,
        "term_months": FieldType.COUNT,
        "auto_renews": FieldType.YESNO,
        "union_party": FieldType.YESNO,
    }
    assert {name: agreement.by_key[name].type for name in types} == types
    relations = ("amends", "renews", "implements", "succeeds")
    assert {agreement.by_key[name].type for name in relations} == {FieldType.ENTRY}


def test_what_a_state_tells_is_confidential_at_first() -> None:
    assert kind("request").default_label == kind("situation").default_label == "AMBER"
    assert kind("request").history == "request"
    situation = kind("situation")
    assert situation.publish_field == "may_be_published"
    assert situation.by_key["may_be_published"].type is FieldType.YESNO
    assert situation.by_key["may_be_published"].required
    assert not situation.by_key["country"].many  # of itself and of no other
    assert {kind(key).default_label for key in OURS if key not in ("request", "situation")} == {
        "CLEAR"
    }


def test_yearly_counts_and_totals_stay_different_types() -> None:
    for key in ("activity", "initiative", "project", "proposal"):
        fields = kind(key).by_key
        assert fields["figure"].type is FieldType.COUNT
        assert fields["total"].type is FieldType.TOTAL


def test_a_project_is_an_activity_of_iati() -> None:
    project = kind("project")
    named = {field.rdf.iati for field in project.fields}
    assert named >= set(
        "iati-identifier title description activity-status activity-date participating-org "
        "recipient-country recipient-region sector budget transaction document-link "
        "related-activity result contact-info".split()
    )
    assert project.by_key["status"].vocabulary == "iati_activity_status"


def test_codes_are_those_of_the_rules() -> None:
    scope = pytest.importorskip("comity.registry.rules.agreements.scope").SCOPE
    assert tuple(vocabulary("geographies").terms) == scope["geography"]
    assert tuple(vocabulary("text_confidentiality").terms) == scope["text"]
    assert set(vocabulary("information_kinds").terms) >= set(scope["information"])
    assert list(vocabulary("application_levels").terms) == ["0", "1", "2", "3", "4"]


# --- one more file ------------------------------------------------------------------------

SIX_WORDS = "{ar: قارب, en: Boat, es: Barco, fr: Bateau, ru: Лодка, zh: 船}"
HEAD = f"key: boat\nlabel: {SIX_WORDS}\nplural: {SIX_WORDS}\nabout: {SIX_WORDS}\n"
BOAT = (
    HEAD
    + f"""
default_label: GREEN
path: boats
rdf: {{dct: "dcat:Resource", schema: Vehicle}}
fields:
  - use: title
  - use: country
    many: false
    required: true
  - use: phase
    key: stage
  - key: length
    type: count
    label: {SIX_WORDS}
"""
)


def boat(text: str = BOAT) -> Kind:
    return read_kind(text.encode(), library(), "boat.yaml")


def test_a_kind_added_as_one_more_file_is_read() -> None:
    found = boat()
    assert (found.key, found.path, found.default_label) == ("boat", "boats", "GREEN")
    assert [field.key for field in found.fields[:4]] == ["title", "country", "stage", "length"]
    assert {field.key for field in found.fields} >= set(ALWAYS)  # without asking
    assert found.by_key["country"].required and not found.by_key["country"].many
    assert found.by_key["country"].label == library()["country"]["label"]
    assert found.rdf.schema == "Vehicle"
    names = ("core_mandate", "cirt_phases", "gca_pillars", "itu_sectors", "wsis_action_lines")
    empty = {name: Vocabulary(name, {}) for name in names}
    check_vocabularies([found], empty)


def test_a_changed_part_does_not_change_the_library() -> None:
    boat()
    assert library()["country"]["many"] is True
    assert kind("activity").by_key["country"].many


def test_a_vocabulary_that_is_not_there_is_named() -> None:
    names = ("core_mandate", "gca_pillars", "itu_sectors", "wsis_action_lines")
    there = {name: Vocabulary(name, {}) for name in names}
    with pytest.raises(BadKind, match="cirt_phases") as caught:
        check_vocabularies([boat()], there)
    assert caught.value.place == "boat"
    assert "cirt_phases.csv" in caught.value.remedy


# --- broken files -------------------------------------------------------------------------


def bomb(depth: int = 9) -> str:
    """Nine aliases to nine aliases: 400 bytes that stand for 9 to the power of `depth` words."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, depth)]
    return "\n".join(lines) + "\n"


# What stands in the file: what the error says, and where.
BROKEN: dict[str, tuple[str, str, str]] = {
    "an unknown part": (BOAT.replace("path:", "paths:"), "paths", "boat.yaml"),
    "an unknown part of a field": (BOAT + "    colour: red\n", "colour", "boat.yaml"),
    "an unknown type": (BOAT.replace("type: count", "type: float"), "float", "boat.yaml"),
    "a wrong type": (BOAT.replace("many: false", "many: 'no'"), "bool", "boat.yaml"),
    "a field that is not shared": (BOAT.replace("use: country", "use: contry"), "contry", "boat"),
    "a field that is a word": (BOAT + "  - title\n", "mapping", "boat.yaml"),
    "no field": (HEAD, "list of fields", "boat.yaml"),
    "fields that are no list": (HEAD + "fields: all\n", "list of fields", "boat.yaml"),
    "a list": ("- key: boat\n", "list of fields", "boat.yaml"),
    "nothing": ("", "list of fields", "boat.yaml"),
    "a language missing": (
        BOAT.replace(", zh: 船}\nplural", "}\nplural"),
        "zh",
        "boat.yaml, label",
    ),
    "an empty word": (BOAT.replace("ru: Лодка", "ru: ' '", 1), "ru", "boat.yaml, label"),
    "a language missing in a field": (
        BOAT + "    help: {ar: قارب, en: Boat, es: Barco, fr: Bateau, zh: 船}\n",
        "ru",
        "boat.yaml, length.help",
    ),
    "a key with a capital": (BOAT.replace("key: boat", "key: Boat"), "Boat", "boat.yaml, key"),
    "a key of the house": (BOAT.replace("key: length", "key: state"), "state", "boat.yaml, state"),
    "two fields of one key": (BOAT + "  - use: title\n", "share a key", "boat.yaml, title"),
    "a choice of nothing": (
        BOAT.replace("type: count", "type: choice"),
        "vocabulary",
        "boat.yaml, length",
    ),
    "a history that nobody knows": (HEAD + "history: life\nfields: []\n", "life", "history"),
    "a label that is none": (BOAT.replace("GREEN", "PUBLIC"), "CLEAR", "default_label"),
    "a publish_field that is none": (
        HEAD + "publish_field: said\nfields: []\n",
        "publish_field",
        "boat.yaml, publish_field",
    ),
    "no YAML": (BOAT + "  - {key: [\n", "YAML", "boat.yaml line"),
    "two documents": (BOAT + "---\nkey: ship\n", "YAML", "boat.yaml line"),
    "a date that is none": (BOAT.replace("key: boat", "key: 2014-13-45"), "YAML", "boat.yaml"),
    "an object of Python": (
        HEAD + 'fields: !!python/object/apply:os.system ["exit 1"]\n',
        "Tags",
        "boat.yaml line 5",
    ),
    "a name of Python": (HEAD + "fields: !!python/name:os.system\n", "Tags", "boat.yaml line 5"),
    "a bomb": (bomb() + BOAT, "aliases", "boat.yaml line 1"),
    "a bomb for a shared field": (
        bomb() + HEAD + "fields: [{use: *a8}]\n",
        "aliases",
        "boat.yaml line 1",
    ),
    "an anchor": (BOAT.replace("key: boat", "key: &b boat"), "Anchors", "boat.yaml line 1"),
    "a tag": (BOAT.replace("key: boat", "key: !!str boat"), "Tags", "boat.yaml line 1"),
    "a key twice": (BOAT + "    type: total\n", "'type' stands twice", "boat.yaml line"),
    "a word twice": (
        BOAT.replace("ar: قارب,", "ar: قارب, ar: سفينة,", 1),
        "'ar' stands twice",
        "boat.yaml line 2",
    ),
    "brackets without end": (HEAD + "fields: " + "[" * 99_000, "deeply", "boat.yaml line 5"),
    "itself": ("&a {key: *a, fields: [*a]}\n", "Anchors", "boat.yaml line 1"),
    "a word of addresses": (BOAT.replace("key: boat", "key: submissions"), "address", "key"),
    "a date that publishes": (
        BOAT.replace("key: boat", "key: boat\npublish_field: title"),
        "yes/no",
        "publish_field",
    ),
    "300 KB": (BOAT + "#" * 300 * 1024, "too large", "boat.yaml"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_refused_with_its_place(case: str) -> None:
    text, message, place = BROKEN[case]
    with pytest.raises(BadKind) as caught:
        boat(text)
    assert message in caught.value.message
    assert place in caught.value.place
    assert caught.value.remedy


def test_bytes_that_are_no_text_are_refused() -> None:
    for data in ("key: é".encode("latin-1"), b"\0\0\0", b"\xff" * 99):
        with pytest.raises(BadKind):
            read_kind(data, library(), "boat.yaml")


def test_the_size_is_looked_at_first() -> None:
    with pytest.raises(BadKind, match="too large"):
        read_kind(b"\0" * (LARGEST + 1), library(), "boat.yaml")


def test_a_broken_library_is_refused() -> None:
    for text in ("key: title\n", "- title\n", "- {key: a}\n- {key: a}\n", "- [\n"):
        with pytest.raises(BadKind) as caught:
            read_library(text.encode())
        assert "fields.yaml" in caught.value.place


def test_a_broken_vocabulary_is_refused() -> None:
    head = "code,parent,label_ar,label_en,label_es,label_fr,label_ru,label_zh\n"
    for rows in ("a,,,,,,,\n", ",,,Boat,,,,\n", "a,,,Boat,,,,\na,,,Ship,,,,\n", "é,,,Bateau,,,,\n"):
        with pytest.raises(BadKind) as caught:
            read_vocabulary((head + rows).encode("latin-1"), "boats")
        assert "boats.csv" in caught.value.place and caught.value.remedy


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["key", "label", "use", "type", "en", "x"]), inner)
    ),
    max_leaves=12,
)


@given(part=st.sampled_from(["key", "label", "fields", "subtypes", "rdf", "history"]), value=junk)
def test_junk_is_a_bad_kind_or_a_kind(part: str, value: Any) -> None:
    raw = {**yaml.safe_load(BOAT), part: value}
    try:
        assert isinstance(boat(yaml.safe_dump(raw, allow_unicode=True)), Kind)
    except BadKind as error:
        assert "boat.yaml" in error.place
