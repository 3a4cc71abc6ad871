"""The Word documents: both readings exact, by our own reader and by an independent one."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

import pytest
from docx_revisions import RevisionDocument
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.mandate.formats.docx import Words, comparison_docx, draft_docx
from comity.mandate.formats.docx.draft import base_number
from comity.mandate.types import (
    Change,
    ChangeKind,
    Confidence,
    MandateError,
    Passage,
    Provision,
    Run,
    Span,
    State,
    Text,
)
from tests.mandate.docx_reader import W, authors, body, notes, read, whole, xml

DAY = dt.date(2014, 10, 28)
WORDS = Words()


# --- samples ------------------------------------------------------------------------------


def run(text: str, *, struck: bool = False, inserted: bool = False, bracketed: bool = False) -> Run:
    return Run(text, struck, Span(0, 0), bracketed=bracketed, inserted=inserted)


def passage(section: str, path: str, num: str, *runs: Run, **more: object) -> Passage:
    plain = Passage(
        *(section, path, num, num, runs, State.KEPT, True, "", "", "", "", None, (1,), Span(0, 0)),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


DRAFT = Text(
    "RESOLUTION 130 (REV. BUSAN, 2014)",
    "Strengthening the role of ITU",
    "The Plenipotentiary Conference (Busan, 2014),",
    (),
    (
        passage("recalling", "a", "a)", run("all of this;", struck=True), state=State.STRUCK),
        passage(
            *("recalling", "a-2", "a)", run("Article 6;")),
            state=State.BRACKETED,
            bracketed=True,
            tag="ARB/79A2/13",
            proposer="Arab States",
        ),
        passage(
            *("recalling", "b", "b)", run("Resolution 69 (Hyderabad, 2010", struck=True)),
            *(run(" Rev. Dubai, 2014)", inserted=True), run("  of the  Conference;")),
            num_printed="ba)",
        ),
        passage(
            *("considering", "c", "c)", run("option two;")),
            state=State.OPTION,
            tag="B/75/4",
            proposer="Brazil",
            option="2",
            group=1,
        ),
        passage(
            *("considering", "d", "d)", run("the agenda")),
            run("[such as IMPACT] ", bracketed=True, inserted=True),
            run("of the Union;"),
        ),
        passage("bearing in mind", "p", "", run("its basic texts,", struck=True)),
        passage("resolves", "1", "1", run("to go on")),
        passage(
            *("resolves", "1/i", "i)", run("with care")),
            state=State.INSERTED,
            explicit=False,
            why="a number that the base cannot have",
        ),
    ),
    status="draft",
    date=DAY,
)


def provisions(*rows: tuple[str, str, str, str]) -> tuple[Provision, ...]:
    return tuple(Provision(section, path, num, text) for section, path, num, text in rows)


CLEAN = Text(
    *("RESOLUTION 130", "Strengthening the role", "The Conference (Guadalajara, 2010),"),
    provisions(
        ("recalling", "a", "a)", "the first thing that was always here;"),
        ("recalling", "b", "b)", "the second thing, which moves to another section altogether;"),
        ("bearing in mind", "p", "", "the work of the Union,"),
        ("resolves", "1", "1", "to go on with the work as before;"),
        ("resolves", "2", "2", "to drop this"),
    ),
    status="draft",
    date=DAY,
)
ADOPTED = Text(
    *("RESOLUTION 130 (REV.)", "Strengthening the role", "The Conference (Busan, 2014),"),
    (
        *provisions(
            ("recalling", "a", "a)", "a thing that nobody had thought of;"),
            ("recalling", "b", "b)", "the first thing that was always here and stays;"),
        ),
        *provisions(
            ("resolves", "chapeau", "", "to go on with the work as before:"),
            ("resolves", "1/i", "i)", "new below"),
        ),
        Provision("noting", "p", "", "the second thing, which moves to another section;", ("1",)),
    ),
    date=dt.date(2014, 11, 7),
)
CHANGES = (
    Change(ChangeKind.AMENDED, (0,), (1,), 0.8, Confidence.CERTAIN),
    Change(ChangeKind.MOVED, (1,), (4,), 0.9, Confidence.LIKELY),
    Change(ChangeKind.GONE, (2,), (), 0.0, Confidence.CERTAIN),
    Change(ChangeKind.RENUMBERED, (3,), (2,), 0.95, Confidence.DOUBTFUL),
    Change(ChangeKind.GONE, (4,), (), 0.0, Confidence.CERTAIN),
    Change(ChangeKind.NEW, (), (0,), 0.0, Confidence.CERTAIN),
    Change(ChangeKind.NEW, (), (3,), 0.0, Confidence.CERTAIN),
)


# --- the draft ----------------------------------------------------------------------------

HEAD = [DRAFT.title, DRAFT.subtitle, DRAFT.formula]


def test_accepting_the_draft_gives_its_clean_reading() -> None:
    assert body(draft_docx(DRAFT), accept=True) == [
        *HEAD,
        "recalling",
        "a)\tArticle 6;",
        "b)\tRev. Dubai, 2014) of the Conference;",
        "considering",
        "c)\toption two;",
        "d)\tthe agenda[such as IMPACT] of the Union;",
        "resolves",
        "1\tto go on",
        "i)\twith care",
    ]


def test_rejecting_the_draft_gives_its_base_reading() -> None:
    assert body(draft_docx(DRAFT), accept=False) == [
        *HEAD,
        "recalling",
        "a)\tall of this;",
        "a)\tResolution 69 (Hyderabad, 2010 of the Conference;",
        "considering",
        "d)\tthe agendaof the Union;",
        "bearing in mind",
        "its basic texts,",
        "resolves",
        "1\tto go on",
    ]


def test_a_change_is_by_who_proposed_it() -> None:
    data = draft_docx(DRAFT, drafter="WGPL Ad Hoc Group")
    assert set(authors(data, "ins")) == {"Arab States", "Brazil", "WGPL Ad Hoc Group"}
    assert set(authors(data, "del")) == {"WGPL Ad Hoc Group"}
    assert "Not named" in authors(draft_docx(DRAFT), "del")
    assert all(
        e.get(W + "date") == "2014-10-28T00:00:00Z" for e in xml(data).iter(W + "ins", W + "del")
    )


def test_brackets_options_tags_and_guesses_stand_in_comments() -> None:
    said = notes(draft_docx(DRAFT))
    assert ("Brazil", "Tabled as B/75/4. Option 2.") in said
    assert ("Arab States", f"Tabled as ARB/79A2/13. {WORDS.bracketed}") in said
    assert ("Not named", WORDS.bracketed_part) in said
    assert any("a number that the base cannot have" in text for _, text in said)


def test_every_comment_has_one_place_and_every_change_its_own_id() -> None:
    for data in (draft_docx(DRAFT), comparison_docx(CLEAN, ADOPTED, CHANGES)):
        root = xml(data)
        held = [c.get(W + "id") for c in xml(data, "word/comments.xml").iter(W + "comment")]
        for tag in ("commentRangeStart", "commentRangeEnd", "commentReference"):
            assert sorted(e.get(W + "id") for e in root.iter(W + tag)) == sorted(held)
        ids = [e.get(W + "id") for e in root.iter(W + "ins", W + "del", W + "pPrChange")]
        assert len(ids) == len(set(ids)) > 0


@pytest.mark.parametrize(
    ("printed", "read", "base"),
    [
        ("je)", "j)", "e)"),
        ("ed)", "d)", "e)"),
        ("ib)", "i)", "b)"),
        ("a)", "a)", "a)"),
        ("ed)", "f)", "ed)"),
        ("2", "3", "2"),
        ("", "", ""),
        ("ii)", "i)", "i)"),
    ],
)
def test_the_number_before_the_draft_comes_out_of_a_fusion(
    printed: str, read: str, base: str
) -> None:
    assert base_number(printed, read) == base


WORDS_OF_RUNS = st.text(st.sampled_from("ab \t\n,\x0b\u00a0"), max_size=8)
RUNS = st.lists(
    st.builds(
        lambda text, struck, inserted, bracketed, slant, stood: Run(
            text, struck, Span(0, 0), slant, bracketed, inserted, stood if struck else None
        ),
        WORDS_OF_RUNS,
        *(st.booleans() for _ in range(4)),
        st.sampled_from([None, None, "", " "]),
    ),
    min_size=1,
    max_size=6,
).map(tuple)


@settings(max_examples=25, deadline=None)
@given(st.lists(RUNS, min_size=1, max_size=8))
def test_any_marks_give_both_readings_to_the_character(marked: list[tuple[Run, ...]]) -> None:
    passages = tuple(passage("s", str(i), str(i), *runs) for i, runs in enumerate(marked, 1))
    data = draft_docx(replace(DRAFT, passages=passages))
    clean, base = body(data, accept=True), body(data, accept=False)
    for p in passages:
        if p.clean:
            assert f"{p.num}\t{p.clean}" in clean
        if p.base:
            assert f"{p.num}\t{p.base}" in base


# --- the comparison -----------------------------------------------------------------------


def test_accepting_the_comparison_gives_the_adopted_text() -> None:
    assert body(comparison_docx(CLEAN, ADOPTED, CHANGES), accept=True) == whole(ADOPTED)


def test_rejecting_the_comparison_gives_the_clean_draft() -> None:
    assert body(comparison_docx(CLEAN, ADOPTED, CHANGES), accept=False) == whole(CLEAN)


def test_an_amended_paragraph_is_marked_by_words_and_by_the_comparison() -> None:
    data = comparison_docx(CLEAN, ADOPTED, CHANGES)
    inserted = ["".join(t.text for t in e.iter(W + "t")) for e in xml(data).iter(W + "ins")]
    assert " and stays" in inserted
    assert set(authors(data, "ins") + authors(data, "del")) == {"Comparison by Comity"}


def test_a_move_says_in_both_places_where_it_went() -> None:
    said = [text for _, text in notes(comparison_docx(CLEAN, ADOPTED, CHANGES))]
    assert any(text.startswith("Moved to “noting p”.") for text in said)
    assert any(text.startswith("Moved here from “recalling b”.") for text in said)
    assert any("likely, similarity 0.90" in text for text in said)
    assert any(text.startswith("Footnote mark 1") for text in said)


def test_a_move_that_crosses_nothing_still_says_where_it_came_from() -> None:
    moved = Change(ChangeKind.MOVED, (0,), (0,), 1.0, Confidence.CERTAIN)
    old, new = (
        replace(CLEAN, provisions=provisions((section, "a", "a)", "the same words")))
        for section in ("noting", "aware")
    )
    (said,) = [text for _, text in notes(comparison_docx(old, new, [moved]))]
    assert said.startswith("Moved here from “noting a”.")


def test_a_paragraph_that_changes_its_level_gets_its_old_one_back() -> None:
    data = comparison_docx(CLEAN, ADOPTED, CHANGES)
    styles = {
        accept: {words: style for style, words in read(data, accept=accept)}
        for accept in (True, False)
    }
    assert styles[True]["to go on with the work as before:"] == "Text1"
    assert styles[False]["1\tto go on with the work as before;"] == "Item1"


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_whatever_the_alignment_both_texts_stay_whole(data: st.DataObject) -> None:
    word = st.sampled_from(["to", "go", "on", "ITU", "the", "work;"])
    text = st.lists(word, min_size=1, max_size=6).map(" ".join)
    row = st.tuples(
        st.sampled_from(["recalling", "resolves", "noting"]),
        st.sampled_from(["1", "1/i", "p"]),
        st.sampled_from(["", "1", "a)"]),
        text,
    )
    old, new = (
        replace(version, provisions=provisions(*data.draw(st.lists(row, max_size=7))))
        for version in (CLEAN, ADOPTED)
    )
    changes = data.draw(
        st.lists(
            st.builds(
                Change,
                st.sampled_from(ChangeKind),
                *(
                    st.lists(st.integers(0, len(v.provisions) - 1), max_size=2).map(tuple)
                    if v.provisions
                    else st.just(())
                    for v in (old, new)
                ),
                st.floats(0, 1),
                st.sampled_from(Confidence),
            ),
            max_size=9,
        )
    )
    made = comparison_docx(old, new, changes)
    assert body(made, accept=True) == whole(new)
    assert body(made, accept=False) == whole(old)


def test_a_change_that_names_no_provision_is_refused_with_its_text() -> None:
    wrong = Change(ChangeKind.SAME, (9,), (0,), 1.0, Confidence.CERTAIN)
    with pytest.raises(MandateError, match="provision 9 of “RESOLUTION 130”, which has 5"):
        comparison_docx(CLEAN, ADOPTED, [wrong])


# --- both ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [draft_docx(DRAFT), comparison_docx(CLEAN, ADOPTED, CHANGES)], ids=["draft", "both"]
)
def test_an_independent_reader_sees_the_same_two_readings(data: bytes) -> None:
    paragraphs = RevisionDocument(io.BytesIO(data)).paragraphs
    for accept in (True, False):
        theirs = [p.accepted_text if accept else p.original_text for p in paragraphs]
        # It reads neither tabs nor the marks of paragraphs.
        ours = [words.replace("\t", "") for _, words in read(data, accept=accept)]
        assert [words for words in theirs if words] == ours


def test_the_same_input_gives_the_same_bytes() -> None:
    assert draft_docx(DRAFT) == draft_docx(DRAFT)
    assert comparison_docx(CLEAN, ADOPTED, CHANGES) == comparison_docx(CLEAN, ADOPTED, CHANGES)
    with zipfile.ZipFile(io.BytesIO(draft_docx(DRAFT))) as z:
        assert {i.date_time for i in z.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert z.namelist()[0] == "[Content_Types].xml"
        assert not any("thumbnail" in name for name in z.namelist())


def test_header_footer_language_and_properties_say_what_this_is() -> None:
    data = draft_docx(DRAFT, version="28 October 2014")
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        parts = {name: z.read(name).decode() for name in z.namelist() if name.endswith(".xml")}
    assert "RESOLUTION 130 (REV. BUSAN, 2014)" in parts["word/header1.xml"]
    assert "28 October 2014" in parts["word/header1.xml"]
    assert "Draft with tracked changes. 28 October 2014" in parts["word/document.xml"]
    assert "Not an official document" in parts["word/footer1.xml"]
    assert "NUMPAGES" in parts["word/footer1.xml"]
    assert 'w:val="en-GB"' in parts["word/styles.xml"]
    assert "RESOLUTION 130 (REV. BUSAN, 2014)" in parts["docProps/core.xml"]
    assert "2014-10-28T00:00:00Z" in parts["docProps/core.xml"]
    assert "Machine reading, to be checked: of 8 paragraphs, 7 carry" in parts["word/document.xml"]
    assert "trackRevisions" in parts["word/settings.xml"]


def test_arabic_runs_from_right_to_left() -> None:
    data = draft_docx(replace(DRAFT, language="ar"))
    assert xml(data, "word/styles.xml").find(f".//{W}pPrDefault/{W}pPr/{W}bidi") is not None
    assert xml(data).find(f".//{W}sectPr/{W}bidi") is not None


def test_signs_that_xml_cannot_hold_stay_visible() -> None:
    odd = replace(DRAFT, passages=(passage("s", "1", "1", run("a\x00b\ud800c")),))
    assert "1\ta\ufffdb\ufffdc" in body(draft_docx(odd), accept=True)


def test_an_empty_text_is_a_document_too() -> None:
    nothing: Sequence[Change] = ()
    empty = Text("", "", "", ())
    assert body(draft_docx(empty), accept=True) == []
    assert body(comparison_docx(empty, empty, nothing), accept=False) == []
