"""Two wordings are compared by one formula that anyone can count again."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from comity.mandate.rules.words import FORMULA, explain, fold, redline, similarity, words

DRAFT = (
    "to strengthen regional and international cooperation, taking into account Resolution 45 "
    "(Rev. Dubai, 2014), through the conclusion of agreements and implementation of measures to "
    "facilitate the reduction of risks and threats to confidence and security in the use of ICTs;"
)
ADOPTED = (
    "to closely collaborate in strengthening regional and international cooperation, taking into "
    "account Resolution 45 (Rev. Dubai, 2014), with a view to enhancing confidence and security "
    "in the use of ICTs, in order to mitigate risks and threats;"
)
# Texts of few words, so that equal stretches are common, beside text of any sign.
PHRASES = st.lists(
    st.sampled_from(["the ", "of ", "ITU", "ITU\u2011T", ", ", "security ", "\n", "网络", "«x» "])
).map("".join)
ANY = st.text(max_size=60) | PHRASES


def test_the_printed_figure_is_the_formula():
    assert explain(DRAFT, ADOPTED) == (27, 40)
    assert similarity(DRAFT, ADOPTED) == 1 - 27 / 40
    assert "changes / words" in FORMULA


def test_signs_of_another_hand_are_the_same_words():
    assert fold("ITU\u2011T\u2019s  “Best\u00a0Practices”") == 'itu-t\'s "best practices"'
    assert similarity("the ITU‑T’s (Rev. Dubai , 2014)", "The ITU-T's (Rev. Dubai, 2014);") == 1.0


def test_numbers_of_resolutions_and_questions_stay_whole():
    assert words("Question 22-1/1, § 3.2 of A/70/174; 3/2.") == (
        "question", "22-1/1", "3.2", "of", "a/70/174", "3/2",
    )  # fmt: skip


def test_chinese_counts_by_character_and_arabic_by_word():
    assert words("网络安全 ITU") == ("网", "络", "安", "全", "itu")
    assert words("الأمن السيبراني") == ("الأمن", "السيبراني")


def test_empty_texts():
    assert similarity("", "") == 1.0
    assert similarity("", "a b") == 0.0
    assert redline("", "") == ()
    assert [(op.op, op.text) for op in redline("", "a b")] == [("ins", "a b")]


def test_a_redline_reads_as_a_person_would_write_it():
    marked = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    read = "".join(marked[op.op].format(op.text) for op in redline(DRAFT, ADOPTED))
    assert read == (
        "to [-strengthen-][+closely collaborate in strengthening+] regional and international "
        "cooperation, taking into account Resolution 45 (Rev. Dubai, 2014), [-through the "
        "conclusion of agreements and implementation of measures to facilitate the reduction of "
        "risks and threats to-][+with a view to enhancing+] confidence and security in the use of "
        "ICTs[+, in order to mitigate risks and threats+];"
    )


def test_no_lone_article_stays_between_long_changes():
    old = "reviewing annually the established frameworks"
    new = "publishing quarterly the consolidated indicators"
    assert [op.op for op in redline(old, new)] == ["del", "ins"]


@given(ANY, ANY)
def test_a_redline_gives_both_texts_back_to_the_character(old, new):
    ops = redline(old, new)
    assert "".join(op.text for op in ops if op.op in ("same", "del")) == old
    assert "".join(op.text for op in ops if op.op in ("same", "ins")) == new
    assert all(op.text for op in ops)


def test_a_long_text_of_one_word_takes_no_minutes():
    old, new = "no " * 6000, "no " * 5999 + "yes"
    assert "".join(op.text for op in redline(old, new) if op.op != "ins") == old


def test_signs_of_another_hand_need_not_show():
    old, new = 'the ITU-T\'s "work" and', "the ITU\u2011T\u2019s “work” or"
    assert [(op.op, op.text) for op in redline(old, new, signs=False)] == [
        ("same", "the ITU\u2011T\u2019s “work” "), ("del", "and"), ("ins", "or"),
    ]  # fmt: skip
    assert redline(old, new) != redline(old, new, signs=False)


@given(ANY, ANY)
def test_with_signs_off_the_new_text_still_comes_back(old, new):
    ops = redline(old, new, signs=False)
    assert "".join(op.text for op in ops if op.op in ("same", "ins")) == new
    before = "".join(op.text for op in ops if op.op in ("same", "del"))
    assert similarity(before, old) == 1.0


@given(ANY, ANY)
def test_a_redline_never_keeps_two_neighbours_of_one_kind(old, new):
    kinds = [op.op for op in redline(old, new)]
    assert all(a != b for a, b in pairwise(kinds))


@given(ANY, ANY)
def test_similarity_is_symmetric_and_one_only_for_the_same_words(a, b):
    assert 0.0 <= similarity(a, b) == similarity(b, a) <= 1.0
    assert (similarity(a, b) == 1.0) == (words(a) == words(b))


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)
