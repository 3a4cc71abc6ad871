"""Small drafts of other shapes, and the rules one by one."""

from __future__ import annotations

import pytest

from comity.mandate.formats.redline import parse_redline
from comity.mandate.formats.redline.fusions import unfuse
from comity.mandate.formats.redline.labels import proposer, read_label, submitters
from comity.mandate.formats.redline.numbers import letter, read_start, rising, roman
from comity.mandate.types import State, Text

K, I, S, B, O = State.KEPT, State.INSERTED, State.STRUCK, State.BRACKETED, State.OPTION  # noqa: E741


def parsed(*lines: str) -> Text:
    return parse_redline("\n\n".join(lines).encode())


def outline(text: Text) -> list[tuple[str, str, State, str]]:
    return [(p.path, p.num, p.state, p.tag) for p in text.passages]


def test_a_draft_without_marks_is_plain_text() -> None:
    text = parsed(
        "RESOLUTION 45 (Rev. Dubai, 2014)",
        "Mechanisms for cooperation",
        "The World Telecommunication Development Conference (Dubai, 2014),",
        "recalling",
        "a) Resolution 1;",
        "b) Resolution 2,",
        "noting with appreciation",
        "the work done,",
        "resolves to invite Member States",
        "1 to share;",
        "2 to learn.",
    )
    assert text.title == "RESOLUTION 45 (Rev. Dubai, 2014)"
    assert text.formula.startswith("The World")
    assert outline(text) == [
        ("a", "a)", K, ""),
        ("b", "b)", K, ""),
        ("p", "", K, ""),
        ("1", "1", K, ""),
        ("2", "2", K, ""),
    ]
    assert [p.section for p in text.provisions][-1] == "resolves to invite Member States"
    assert not text.findings


def test_nested_lists_are_told_by_their_siblings() -> None:
    text = parsed(
        "considering",
        "g) seven;",
        "h) eight;",
        "i) nine:",
        "- i) one;",
        "- ii) two:",
        " - a) deep;",
        " - b) deeper;",
        "- iii) three;",
        "j) ten:",
        "- i) again;",
        "k) eleven,",
    )
    assert [p.path for p in text.passages] == [
        "g", "h", "i", "i/i", "i/ii", "i/ii/a", "i/ii/b", "i/iii", "j", "j/i", "k"
    ]  # fmt: skip


def test_options_close_after_the_last_one() -> None:
    text = parsed(
        "resolves",
        "1 base;",
        "EUR/80A1/12 – Option 1",
        "2 to do:",
        "- i) this;",
        "EUR/80A1/12 – Option 2",
        "2 to do that;",
        "3 base again,",
    )
    tag = "EUR/80A1/12"
    assert outline(text) == [
        ("1", "1", K, ""),
        ("2", "2", O, tag),
        ("2/i", "i)", O, tag),
        ("2-2", "2", O, tag),
        ("3", "3", K, ""),
    ]
    assert [p.option for p in text.passages] == ["", "1", "1", "2", ""]


def test_a_bracket_closes_the_scope_of_its_tag() -> None:
    text = parsed(
        "resolves",
        "AFCP/69A1/3",
        "[1 first;",
        "2 second;]",
        "3 third,",
        "invites the Council",
        "to act.",
    )
    assert [(p.state, p.tag) for p in text.passages] == [
        (B, "AFCP/69A1/3"),
        (B, "AFCP/69A1/3"),
        (K, ""),
        (K, ""),
    ]


def test_a_tag_without_bracket_covers_numbers_that_run_on() -> None:
    text = parsed(
        "resolves", "1 base;", "IAP/34R1/10", "2 new:", "- i) a;", "3 new;", "3 old;", "4 old,"
    )
    assert [p.tag != "" for p in text.passages] == [False, True, True, True, False, False]
    assert [p.state for p in text.passages] == [K, I, I, I, K, K]


def test_tags_do_not_reach_over_a_heading() -> None:
    text = parsed("noting", "USA/1/2", "a) one;", "recognizing", "b) two,")
    assert [p.tag for p in text.passages] == ["USA/1/2", ""]


def test_paragraphs_go_on_behind_a_page_break_and_a_page_number() -> None:
    text = parsed("resolves", "1 to cooperate in the", "7", "field of CIRTs and", "12 others;")
    (passage,) = text.passages
    assert passage.text == "to cooperate in the field of CIRTs and 12 others;"
    assert passage.lines == (3, 7, 9)
    assert [a.text for a in text.artefacts if a.kind.value == "page-mark"] == ["7"]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = parse_redline(b"resolves\n1 to do\nthis and that;\n2 to rest,\n")
    assert [p.text for p in text.passages] == ["to do this and that;", "to rest,"]


def test_a_strike_that_never_closes_ends_with_its_paragraph() -> None:
    text = parsed("resolves", "1 ~~to do;", "2 to rest,")
    assert [p.state for p in text.passages] == [S, K]
    assert [(f.code, f.line, f.column) for f in text.findings] == [("unclosed-strike", 3, 3)]


def test_a_strike_may_run_over_paragraphs() -> None:
    text = parsed("resolves", "1 ~~to do;", "2 to rest~~", "3 to sleep,")
    assert [p.state for p in text.passages] == [S, S, K]
    assert not text.findings


def test_an_unclosed_bracket_ends_before_the_next_known_number() -> None:
    text = parsed("resolves", "[1 to do;", "or to rest;", "1 or to sleep;", "2 to wake,")
    assert [p.state for p in text.passages] == [B, B, B, K]
    assert [f.code for f in text.findings] == ["unclosed-bracket"]


def test_a_bracket_that_was_never_opened_is_a_finding() -> None:
    text = parsed("resolves", "1 to do];")
    assert [(p.state, p.text) for p in text.passages] == [(K, "to do;")]
    assert [(f.code, f.line, f.column) for f in text.findings] == [("unopened-bracket", 3, 8)]


def test_a_bracket_inside_a_paragraph_makes_no_bracketed_passage() -> None:
    text = parsed("resolves", "1 to do [this] [or that];")
    (passage,) = text.passages
    assert (passage.state, passage.bracketed) == (K, False)
    assert [r.text for r in passage.runs if r.bracketed] == ["this", "or that"]


def test_a_heading_inside_a_line_opens_its_section() -> None:
    text = parsed("resolves", "1 to do, *instructs the Director*", "2 as said in *resolves*")
    assert [p.section for p in text.passages] == ["resolves", "instructs the Director"]
    assert text.passages[1].text == "as said in resolves"


def test_fused_letters_are_read_from_their_place() -> None:
    text = parsed("aware", "a) old;", "b) new;", "cb) old;", "cd) old;", "~~d) gone;~~", "fg) old,")
    assert [p.num for p in text.passages] == ["a)", "b)", "c)", "d)", "d)", "f)"]
    assert [p.state for p in text.passages] == [K, I, K, K, S, K]


def test_sections_of_one_name_share_no_path() -> None:
    text = parsed("noting", "a) one,", "resolves", "1 two;", "noting", "a) three,")
    assert [p.path for p in text.passages] == ["a", "1", "a-2"]


def test_stray_signs_are_no_words() -> None:
    text = parsed("noting", "a) the network₇₂;-", "[b) more;]-", "c) a dash –")
    assert [p.text for p in text.passages] == ["the network;", "more;", "a dash –"]


def test_a_byte_order_mark_is_a_blank() -> None:
    text = parse_redline("\ufeffresolves\n\n1 to do;".encode())
    assert [p.text for p in text.passages] == ["to do;"]
    assert text.artefacts[0].text == "\ufeff"


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("(HyderabadDubai, 20102014)", "Hyderabad2010", "Dubai2014"),
        ("(Hyderabad, 2010Rev. Dubai, 2014)", "Hyderabad, 2010", "Rev. Dubai, 2014"),
        ("WTSA-0812", "08", "12"),
        ("WTDC-140", "0", "4"),
        ("WTDC-10-14 has", "10-", "14"),
        ("Question 22-1/13/2", "22-1/1", "3/2"),
        ("to propose-report to the Council", "propose-", "report"),
        ("the Hyderabad-Dubai Action Plan", "Hyderabad-", "Dubai"),
    ],
)
def test_fused_words_are_told_apart(text: str, old: str, new: str) -> None:
    (found,) = unfuse(text)
    assert "".join(text[p.start : p.end] for p in found.parts if not p.new) == old
    assert "".join(text[p.start : p.end] for p in found.parts if p.new) == new
    assert found.evidence


@pytest.mark.parametrize(
    ("words", "base", "clean"),
    [
        ("Resolution 45 (HyderabadDubai, 20102014),", "(Hyderabad, 2010)", "(Dubai, 2014)"),
        ("that WTDC-10-14 has met;", "WTDC-10 has", "WTDC-14 has"),
        ("the Hyderabad-Dubai Action Plan;", "the Hyderabad Action", "the Dubai Action"),
        ("to propose-report to all;", "to propose to", "to report to"),
        ("(Rev.-~~Doha, 2006~~ Dubai, 2014);", "(Rev. Doha, 2006)", "(Rev. Dubai, 2014)"),
        ("(~~Doha, 2006~~ Rev. Dubai, 2014);", "(Doha, 2006)", "(Rev. Dubai, 2014)"),
        ("(REV. ~~DOHA, 2006~~DUBAI, 2014);", "(REV. DOHA, 2006)", "(REV. DUBAI, 2014)"),
        ("~~Resolution 45 (Doha, 2006Dubai, 2014);~~", "(Doha, 2006);", ""),
        ("as ~~in 45 (Doha, 2006Dubai, 2014)~~ here;", "as in 45 (Doha, 2006) here;", "as here;"),
        ("ITU-D Study Group ~~21~~ on Question ~~22-1/13/2~~;", "Group 1 on", "Group 2 on"),
        ("ITU-D Study Group ~~12~~ on Question ~~22-1/13/2~~;", "Group 1 on", "Group 2 on"),
        ("ITU-D Study Group ~~21~~ meets;", "Group 21 meets", "Group meets"),
        ("ITU-T Study Group ~~21~~ on Question ~~22-1/13/2~~;", "Group 21 on", "Group on"),
    ],
)
def test_base_and_clean_reading_part_where_old_and_new_meet(
    words: str, base: str, clean: str
) -> None:
    (passage,) = parsed("resolves", f"1 {words}").passages
    assert base in passage.base
    assert clean in passage.clean
    assert passage.text == words.replace("~~", "")


@pytest.mark.parametrize(
    "text",
    [
        "WTSA-12 and WTDC-14",
        "WTSA-1208",  # no old year behind a new one
        "WTDC-135",
        "Question 22-1/1 and Question 3/2",
        "Resolution 64/211 and A/68/243",
        "the Geneva-Tunis process, 2003-2005",
        "(Dubai, 2014) (Busan, 2014)",
        "to follow-up",
        "Sharm el-Sheikh, 2012",
    ],
)
def test_what_is_not_certain_stays_as_printed(text: str) -> None:
    assert unfuse(text) == []


@pytest.mark.parametrize(
    ("line", "tag", "name", "option"),
    [
        ("ARB/79A2/13", "ARB/79A2/13", "", ""),
        ("RCC/73A1/16 – RCC", "RCC/73A1/16", "RCC", ""),
        ("INS/82/2 - Indonesia", "INS/82/2", "Indonesia", ""),
        ("B/75/4 Brazil - option 1", "B/75/4", "Brazil", "1"),
        ("MOD B/MEX/75/4 - Option 2", "B/MEX/75/4", "", "2"),
        ("see WTSA Res 50 - CUB/70/2", "CUB/70/2", "", ""),
        ("option 3:", "", "", "3"),
    ],
)
def test_labels_are_read_in_every_spelling(line: str, tag: str, name: str, option: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.tag, label.name, label.option) == (tag, name, option)


@pytest.mark.parametrize(
    "line",
    [
        "a) UNGA Resolution 68/198, on ICTs;",
        "as proposed in B/75/4 and elsewhere",
        "with option 1 preferred",
        "2 to consider ITU/1/2 measures - all of them",
    ],
)
def test_words_are_no_labels(line: str) -> None:
    assert read_label(line) is None


def test_joint_proposals_name_all_their_submitters() -> None:
    assert submitters("B/MEX/75/4") == ("B", "MEX")
    table = {"B": "Brazil", "MEX": "Mexico"}
    assert proposer("B/MEX/75/4", "", table) == "Brazil, Mexico"
    assert proposer("B/XYZ/75/4", "Brazil and another", table) == "Brazil and another"


def test_numbers_are_read_with_or_without_dash() -> None:
    for line, number in [
        ("- ii) Resolution", "ii)"),
        (" - a) deep", "a)"),
        ("e)", "e)"),
        ("f) — that", "f)"),
        ("2 to", "2"),
        ("1.2 to", "1.2"),
        ("(a) of", "(a)"),
        ("and) not a number", ""),
        ("2014 was", ""),
        ("a dog", ""),
        ("- a dash", ""),
    ]:
        assert read_start(line).text == number


def test_roman_numbers() -> None:
    assert [roman(r) for r in ("i", "iv", "ix", "xiv", "xxxix")] == [1, 4, 9, 14, 39]
    assert [roman(r) for r in ("", "a", "iiii", "vx", "ic")] == [0] * 5


def test_letters_rise_with_the_fewest_gaps() -> None:
    fused = [(2,), (5, 4), (5, 4), (5, 6), (7,), (8, 6), (9, 7), (11, 8)]
    assert "".join(letter(v) for v in rising(fused)) == "bdefghik"


def test_an_insertion_in_an_insertion_stands_in_the_outermost_paragraph() -> None:
    text = parsed(
        "noting", "a) that threats", "CUB/1/2", "such as", "B/1/2", "all worms", "b) end,"
    )
    assert [(p.within, p.at) for p in text.passages] == [
        (None, None), (0, len("that threats")), (0, len("that threats")), (None, None)
    ]  # fmt: skip
