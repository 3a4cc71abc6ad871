"""Matching is explained, steady, and never punishes a fit."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from comity.registry.rules import matching as m
from comity.registry.rules.matching import Cost, Match, Need, Offer, match


def some(*values: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=3)


AREAS = some("training", "exercises", "crime", "legal")
PHASES = ["", "assessment", "design"]
LANGUAGES = some("fr", "en", "zh-Hans", "ar")
CODES = ["TD", "NA", "FR", "NP"]
REGIONS = ["", "AFR", "EUR", "ASP"]
GROUPS = some("LDC", "LLDC", "SIDS")
SERVICES = some("incident-management", "awareness")
WORDS = some("phishing", "网络安全", "DDoS")
NEEDS = st.builds(
    Need, AREAS, st.sampled_from(PHASES), LANGUAGES, st.sampled_from(["", *CODES]),
    st.sampled_from(REGIONS), GROUPS, SERVICES, some("energy", "health"), WORDS,
)  # fmt: skip
OFFERS = st.builds(
    Offer, st.uuids().map(str), st.sampled_from(["tool", "team"]), AREAS, some(*PHASES[1:]),
    LANGUAGES, st.sampled_from(Cost), some(*CODES), some(*REGIONS[1:]), GROUPS, SERVICES, WORDS,
    some(*CODES, "YU"), st.none() | st.dates(), some("energy", "health"),
)  # fmt: skip
LISTS = st.lists(OFFERS, max_size=6, unique_by=lambda offer: offer.id)

NEED = Need(
    areas=frozenset({"training"}), languages=frozenset({"fr"}), country="TD", region="AFR",
    groups=frozenset({"LDC", "LLDC"}),
)  # fmt: skip
OFFER = Offer("a", "training", areas=frozenset({"training"}), languages=frozenset({"fr"}))


def score(need: Need, offer: Offer) -> float:
    """The score, or below all scores when the offer is not shown."""
    found = match(need, [offer], 1)
    return found[0].score if found else -1.0


def order(need: Need, *offers: Offer) -> list[str]:
    return [found.id for found in match(need, offers, 99)]


def rules(found: Match) -> dict[str, str]:
    return {reason.rule: reason.value for reason in found.reasons}


PAIRS = {  # a field of the need and that of the offer
    "areas": "areas", "services": "services", "sectors": "sectors", "words": "words",
    "languages": "languages", "groups": "groups", "country": "countries", "region": "regions",
    "phase": "phases",
}  # fmt: skip


@given(NEEDS, OFFERS, st.sampled_from(sorted(PAIRS)), st.data())
def test_a_fitting_value_more_in_the_offer_never_lowers_its_score(need, offer, name, data) -> None:
    wanted = getattr(need, name)
    wanted = frozenset({wanted} - {""}) if isinstance(wanted, str) else wanted
    assume(wanted)
    value = data.draw(st.sampled_from(sorted(wanted)))
    had = getattr(offer, PAIRS[name])
    better = dataclasses.replace(offer, **{PAIRS[name]: had | {value}})
    assert score(need, better) >= score(need, offer)


@given(NEEDS, OFFERS, st.sampled_from(["areas", "services", "sectors", "words"]), st.data())
def test_a_fitting_value_more_in_the_need_never_lowers_a_score(need, offer, name, data) -> None:
    had = getattr(offer, name)
    assume(had)
    value = data.draw(st.sampled_from(sorted(had)))
    more = dataclasses.replace(need, **{name: getattr(need, name) | {value}})
    assert score(more, offer) >= score(need, offer)


@given(NEEDS, OFFERS, st.sampled_from(CODES))
def test_experience_never_lowers_a_score(need, offer, code) -> None:
    done = dataclasses.replace(offer, done_for=offer.done_for | {code})
    assert score(need, done) >= score(need, offer)


@given(NEEDS, LISTS, st.randoms(), st.integers(1, 7))
def test_the_order_of_offers_does_not_matter(need, offers, random, limit) -> None:
    found = match(need, offers, limit)
    mixed = list(offers)
    random.shuffle(mixed)
    assert match(need, mixed, limit) == found
    assert len(found) <= limit
    assert found == match(need, offers, 99)[:limit]


@given(NEEDS, LISTS)
def test_offers_that_are_not_passed_leave_no_trace(need, offers) -> None:
    every = match(need, offers, 99)
    seen = offers[::2]
    ids = {offer.id for offer in seen}
    assert match(need, seen, 99) == [found for found in every if found.id in ids]


@given(NEEDS, LISTS)
def test_every_match_is_explained_and_no_language_comes_last(need, offers) -> None:
    by_id = {offer.id: offer for offer in offers}
    strangers = []
    for found in match(need, offers, 99):
        assert 0 <= found.score <= 1
        assert {reason.rule for reason in found.reasons} <= set(m.REASONS)
        assert all(hasattr(by_id[found.id], reason.field) for reason in found.reasons)
        for reason in found.reasons:
            if reason.rule in {"same", "for_country", "for_region", "for_group", "done_here"}:
                assert reason.value in getattr(by_id[found.id], reason.field)
        strangers.append("no_language" in rules(found))
        assert found.score == 0 or found.reasons
    assert strangers == sorted(strangers)


def test_a_need_is_not_answered_by_another_subject() -> None:
    other = dataclasses.replace(OFFER, areas=frozenset({"crime"}), cost=Cost.FREE)
    assert match(NEED, [other], 9) == []
    assert order(dataclasses.replace(NEED, areas=frozenset()), other) == ["a"]


def test_language_comes_before_all_else_and_is_told() -> None:
    perfect = dataclasses.replace(
        OFFER,
        id="z",
        languages=frozenset({"zh"}),
        cost=Cost.FREE,
        countries=frozenset({"TD"}),
        done_for=frozenset({"TD"}),
    )
    unsaid = dataclasses.replace(perfect, id="y", languages=frozenset())
    assert order(NEED, perfect, unsaid, OFFER) == ["a", "y", "z"]
    assert rules(match(NEED, [perfect], 1)[0])["no_language"] == "zh"
    assert "language_unknown" in rules(match(NEED, [unsaid], 1)[0])
    chinese = dataclasses.replace(NEED, languages=frozenset({"zh-Hans"}))
    assert rules(match(chinese, [perfect], 1)[0])["speaks"] == "zh"


def test_free_comes_before_paid_for_a_least_developed_country() -> None:
    offers = [dataclasses.replace(OFFER, id=cost.value, cost=cost) for cost in Cost]
    assert order(NEED, *offers) == ["free", "shared", "unknown", "paid"]
    assert rules(match(NEED, offers, 9)[2])["cost_unknown"] == "unknown"
    richer = dataclasses.replace(NEED, groups=frozenset())
    assert len({found.score for found in match(richer, offers, 9)}) == 1


def test_who_has_done_it_before_ranks_higher_and_nearer_is_better() -> None:
    offers = [
        dataclasses.replace(OFFER, id=name, done_for=frozenset(codes))
        for name, codes in (("none", ()), ("far", {"FR"}), ("near", {"NA"}), ("here", {"TD", "FR"}))
    ]
    assert order(NEED, *offers) == ["here", "near", "far", "none"]
    assert rules(match(NEED, offers, 9)[1])["done_near"] == "NA"


def test_equal_offers_stand_by_last_check_then_by_id() -> None:
    checked = dataclasses.replace(OFFER, id="c", checked=dt.date(2026, 5, 1))
    later = dataclasses.replace(OFFER, id="d", checked=dt.date(2026, 6, 1))
    second = dataclasses.replace(OFFER, id="b")
    assert order(NEED, second, checked, later, OFFER) == ["d", "c", "a", "b"]
    assert rules(match(NEED, [later], 1)[0])["checked"] == "2026-06-01"


def test_an_offer_to_others_says_so() -> None:
    others = dataclasses.replace(OFFER, countries=frozenset({"FR"}))
    assert rules(match(NEED, [others], 1)[0])["not_for_country"] == "TD"
    assert score(NEED, others) < score(NEED, OFFER)


def test_words_are_compared_without_case_and_width() -> None:
    need = Need(words=frozenset({"ddos", "ＰＨＩＳＨＩＮＧ", "legal"}))
    offer = Offer("a", "tool", words=frozenset({"DDoS", "phishing"}))
    assert {reason.value for reason in match(need, [offer], 1)[0].reasons} == {
        "ddos",
        "ＰＨＩＳＨＩＮＧ",
    }


def test_what_cannot_be_ranked_is_refused() -> None:
    with pytest.raises(m.MatchingError, match="limit"):
        match(NEED, [OFFER], 0)
    with pytest.raises(m.MatchingError, match="one id"):
        match(NEED, [OFFER, OFFER], 1)
    assert match(NEED, [], 5) == []
