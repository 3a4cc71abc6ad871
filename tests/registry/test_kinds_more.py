"""The kinds of what exists to read, use and learn from: each reads, in six languages, soundly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from pathlib import Path

import pytest

from comity.registry.formats.kinds import ALWAYS, read_kind, read_library, read_vocabulary
from comity.registry.reads.facets import facets_of
from comity.registry.types import SIX, FieldType, Kind, Vocabulary

KINDS = (
    "contribution",
    "law",
    "practice",
    "publication",
    "standard",
    "strategy",
    "term",
    "tool",
    "training",
)
DATA = resources.files("comity.registry") / "data"
SCRIPT = {
    "ar": re.compile(r"[\u0621-\u064a]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "zh": re.compile(r"[\u4e00-\u9fff]"),
    "en": re.compile(r"[A-Za-z]"),
    "es": re.compile(r"[A-Za-z]"),
    "fr": re.compile(r"[A-Za-z]"),
}
FOREIGN_TO_LATIN = re.compile(r"[\u0600-\u06ff\u0400-\u04ff\u4e00-\u9fff]")
GLUED_FRENCH = re.compile("[^\u202f][;?!»]|[^\u202f\\dA-Za-z]:|[a-zé]:\\s|«[^\u202f]")
END = dict.fromkeys(SIX, ".") | {"zh": "。"}


@cache
def library() -> dict:
    return read_library((DATA / "kinds" / "fields.yaml").read_bytes())


@cache
def kind(key: str) -> Kind:
    return read_kind((DATA / "kinds" / f"{key}.yaml").read_bytes(), library(), f"{key}.yaml")


def vocabulary(key: str) -> Vocabulary:
    return read_vocabulary((DATA / "vocabularies" / f"{key}.csv").read_bytes(), key)


def own_vocabularies() -> list[str]:
    """Vocabularies that these kinds name and the shared fields do not."""
    shared = {str(row.get("vocabulary", "")) for row in library().values()}
    named = {field.vocabulary for key in KINDS for field in kind(key).fields}
    return sorted((named | {kind(key).subtypes for key in KINDS}) - shared - {""})


def sentences(key: str) -> Iterator[tuple[str, dict[str, str]]]:
    it = kind(key)
    yield from (("label", it.label), ("plural", it.plural), ("about", it.about))
    for field in it.fields:
        yield f"{field.key}.label", field.label
        yield f"{field.key}.help", field.help


def unscripted(words: dict[str, str]) -> list[str]:
    """The languages whose words are in another script than theirs."""
    return [
        code
        for code in SIX
        if not SCRIPT[code].search(words[code])
        or (code in ("en", "es", "fr") and FOREIGN_TO_LATIN.search(words[code]))
    ]


@pytest.mark.parametrize("key", KINDS)
def test_kind_reads_and_carries_what_every_kind_has(key: str) -> None:
    it = kind(key)
    assert it.key == key
    assert set(ALWAYS) <= set(it.by_key)
    assert any(field.card for field in it.fields if field.key != "title")


# What every entry is found by, as facets are called.
SOUGHT = (
    "provision pillar itu_sector action_line country region group body year language core_mandate"
)


def test_every_kind_is_found_by_every_facet() -> None:
    names = [Path(str(file)).stem for file in (DATA / "kinds").iterdir()]
    keys = [name for name in names if name not in ("fields", "README")]
    assert len(keys) >= 18
    lacking = {
        key: [facet for facet in SOUGHT.split() if facet not in facets_of(kind(key))]
        for key in keys
    }
    assert {key: facets for key, facets in lacking.items() if facets} == {}


@pytest.mark.parametrize("key", KINDS)
def test_every_sentence_is_in_its_script(key: str) -> None:
    faults = [(place, unscripted(words)) for place, words in sentences(key) if unscripted(words)]
    assert faults == []


@pytest.mark.parametrize("key", KINDS)
def test_every_field_explains_itself_in_one_sentence(key: str) -> None:
    faults = []
    for field in kind(key).fields:
        for code in SIX:
            said = field.help.get(code, "")
            if not said.endswith(END[code]) or said.rstrip(END[code]) == field.label[code]:
                faults.append((field.key, code, said))
    assert faults == []


@pytest.mark.parametrize("key", KINDS)
def test_french_marks_stand_off_by_the_narrow_space(key: str) -> None:
    said = [(place, words["fr"]) for place, words in sentences(key)]
    assert [(place, text) for place, text in said if GLUED_FRENCH.search(text)] == []


@pytest.mark.parametrize(
    "text, glued",
    [
        ("Indiquez la date\u202f; rien d'autre.", False),
        ("par exemple 2014 @ SG2:123.", False),
        ("Indiquez la date ; rien d'autre.", True),
        ("« 2 »", True),
        ("par exemple: 2014", True),
    ],
)
def test_the_check_of_french_marks_can_fail(text: str, glued: bool) -> None:
    assert bool(GLUED_FRENCH.search(text)) is glued


@pytest.mark.parametrize("key", KINDS)
def test_names_elsewhere_are_of_vocabularies_that_exports_know(key: str) -> None:
    it = kind(key)
    named = [it.rdf.dct, *(field.rdf.dct for field in it.fields)]
    assert all(re.fullmatch(r"(dct|dcat):[A-Za-z]+", name) for name in named if name)
    assert it.rdf.dct and it.rdf.schema


@pytest.mark.parametrize("name", own_vocabularies())
def test_vocabulary_is_there_in_six_languages(name: str) -> None:
    terms = vocabulary(name).terms
    assert len(terms) > 1
    for code, term in terms.items():
        labels = dict(term.labels)
        # Names such as STIX and Linux are the same everywhere.
        assert len(set(labels.values())) == 1 or unscripted(labels) == [], (code, labels)
        assert re.fullmatch(r"[a-z0-9_]+", code)
        assert not term.parent


def test_no_two_terms_of_a_vocabulary_read_alike() -> None:
    for name in own_vocabularies():
        for language in SIX:
            said = [term.labels[language] for term in vocabulary(name).terms.values()]
            assert len(set(said)) == len(said), (name, language)


def test_a_facet_counts_codes_of_one_vocabulary() -> None:
    """Counts of several kinds stand under one name, so its codes mean the same in all of them."""
    vocabularies: dict[str, set[str]] = {}
    for key in KINDS:
        for field in kind(key).fields:
            if field.facet:
                vocabularies.setdefault(field.facet, set()).add(field.vocabulary)
    assert {facet: names for facet, names in vocabularies.items() if len(names) > 1} == {}


def test_a_contribution_is_public_only_if_its_source_says_so() -> None:
    it = kind("contribution")
    assert it.publish_field == "may_publish"
    assert it.by_key["may_publish"].type is FieldType.YESNO
    assert it.default_label == "GREEN"


@pytest.mark.parametrize(
    "key, fields",
    [
        ("strategy", ("adopted", "status", "action_plan", "budget_stated", "budget")),
        ("law", ("adopted", "in_force", "ended", "status", "designates")),
        ("tool", ("used_by",)),
        ("training", ("trained", "accessible")),
        ("practice", ("result",)),
        ("standard", ("approved", "status")),
        ("contribution", ("outcome",)),
        ("term", ("definition", "status")),
    ],
)
def test_a_claim_needs_its_evidence(key: str, fields: tuple[str, ...]) -> None:
    assert all(kind(key).by_key[name].evidence for name in fields)


@pytest.mark.parametrize(
    "key, fields",
    [
        ("law", {"title", "status"}),
        ("standard", {"title", "identifier", "publisher"}),
        ("contribution", {"title", "identifier", "source"}),
        ("term", {"title", "definition", "source"}),
        ("strategy", {"title"}),
        ("tool", {"title"}),
    ],
)
def test_what_a_kind_insists_on(key: str, fields: set[str]) -> None:
    assert {field.key for field in kind(key).fields if field.required} == fields


def test_a_definition_stands_in_the_languages_of_its_source() -> None:
    it = kind("term")
    assert it.by_key["language"].type is FieldType.LANGUAGE
    assert it.by_key["definition"].translatable
    assert it.by_key["definition"].max >= 2000


def test_access_is_told_of_each_tool_and_training() -> None:
    told = {"language", "cost", "licence", "offline_copy", "link_checked"}
    assert told <= set(kind("tool").by_key)
    assert told <= set(kind("training").by_key)


def test_a_practice_says_where_in_a_team_it_belongs_and_who_applies_it() -> None:
    told = {"rsit", "phase", "service", "sim3", "applied_since"}
    assert told <= set(kind("practice").by_key)
