"""The words of a value on a page of the bundle."""

from __future__ import annotations

from comity.registry.formats.shown import country_codes, facts
from tests.registry.exports import FULL, VOCABULARIES, entry, said

WORDS = {"yes": "oui", "no": "non", "cumulative": "cumulé"}


def texts(language: str = "fr", **more) -> dict[str, list[str]]:
    told, _sources = facts(entry(**more), VOCABULARIES, language, WORDS)
    return {fact.key: [value.text for value in fact.values] for fact in told}


def test_codes_become_words_and_numbers_keep_their_time() -> None:
    found = texts()
    assert found["area"] == ["formation"]
    assert found["country"] == ["Kenya", "Ouganda"]
    assert found["figure"] == ["24 drills · 2014"]
    assert found["total"] == ["76 countries · 2014-05 · cumulé"]
    assert found["open"] == ["oui"]
    assert found["budget"] == ["1000.00 USD · 2014-05-01"]
    assert found["party"] == ["Kenya · Kenya · host"]


def test_every_field_is_shown() -> None:
    assert set(texts()) == {key for key, _value, _language in FULL}


def test_dates_beside_arabic_words_are_isolated() -> None:
    assert texts("ar")["figure"] == ["\u206824 drills\u2069 · \u20682014\u2069"]


def test_a_source_is_listed_once_and_a_difference_is_marked() -> None:
    told, sources = facts(
        entry(more=[said("issued", "2015", by="Another")]), VOCABULARIES, "en", WORDS
    )
    assert [source.number for source in sources] == ["1", "2"]
    issued = next(fact for fact in told if fact.key == "issued")
    assert [(v.text, v.source, v.differs) for v in issued.values] == [
        ("2014", "1", False),
        ("2015", "2", True),
    ]
    title = next(fact for fact in told if fact.key == "title")
    assert not any(v.differs for v in title.values), "two languages are no difference"


def test_countries_of_parties_count() -> None:
    assert country_codes(entry()) == ("KE", "UG")
