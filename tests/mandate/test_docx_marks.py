"""Marks inside a paragraph of the draft's Word document: seams, title, insertions in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from comity.mandate.formats.docx import draft_docx
from comity.mandate.types import Run, State
from tests.mandate.docx_reader import W, authors, body, notes, xml
from tests.mandate.test_docx import DRAFT, HEAD, RUNS, passage, run


def test_the_blank_between_old_and_new_words_is_in_neither() -> None:
    blank = replace(run(" ", struck=True), stood="")
    seam = (run("(2010", struck=True), blank, run("(2014", inserted=True), run(")"))
    data = draft_docx(replace(DRAFT, passages=(passage("s", "1", "1", *seam),)))
    assert body(data, accept=True)[-1] == "1\t(2014)"
    assert body(data, accept=False)[-1] == "1\t(2010)"


def test_a_hyphen_between_old_and_new_words_is_in_neither() -> None:
    hyphens = (
        *(run("(Rev."), replace(run("-", struck=True), stood=" "), run("Doha, 2006", struck=True)),
        *(run(" Dubai, 2014", inserted=True), run(") to ")),
        *(run("propose", struck=True), replace(run("-", struck=True), stood="")),
        run("report", inserted=True),
    )
    data = draft_docx(replace(DRAFT, passages=(passage("s", "1", "1", *hyphens),)))
    assert body(data, accept=True)[-1] == "1\t(Rev. Dubai, 2014) to report"
    assert body(data, accept=False)[-1] == "1\t(Rev. Doha, 2006) to propose"


def test_words_inserted_and_struck_again_are_a_change_of_both_kinds() -> None:
    words = (
        *(run("as in Doha, 2006", struck=True), run("Dubai, 2014", struck=True, inserted=True)),
        run("; to go", struck=True),
    )
    data = draft_docx(replace(DRAFT, passages=(passage("s", "1", "1", *words),)))
    assert body(data, accept=True) == HEAD
    assert body(data, accept=False)[-1] == "1\tas in Doha, 2006; to go"
    (passed,) = xml(data).iterfind(f".//{W}ins/{W}del")
    assert "".join(passed.itertext()) == "Dubai, 2014"


def test_title_and_formula_can_be_rejected_too() -> None:
    title = (run("RESOLUTION 1 (REV. "), run("DOHA, 2006", struck=True))
    title += (run("BUSAN, 2014", inserted=True), run(")"))
    formula = (run("The Conference ("), run("Doha, 2006", struck=True))
    formula += (run("Busan, 2014", inserted=True), run("),"))
    data = draft_docx(replace(DRAFT, title_runs=title, formula_runs=formula), drafter="The group")
    assert body(data, accept=True)[0] == "RESOLUTION 1 (REV. BUSAN, 2014)"
    assert body(data, accept=True)[2] == "The Conference (Busan, 2014),"
    assert body(data, accept=False)[0] == "RESOLUTION 1 (REV. DOHA, 2006)"
    assert body(data, accept=False)[2] == "The Conference (Doha, 2006),"
    assert authors(data, "del")[0] == "The group"


def test_an_insertion_stands_at_its_place_by_its_author() -> None:
    host = passage(
        "s", "b", "b)", run("that threats "), run("came,", struck=True), run(" that cost")
    )
    inside = passage("s", "b-2", "", run("such as  worms,"))
    inside = replace(
        inside, tag="CUB/70/2", proposer="Cuba", within=0, at=len("that threats came,")
    )
    data = draft_docx(replace(DRAFT, passages=(host, inside, passage("s", "c", "c)", run("more")))))
    assert body(data, accept=True)[-2:] == ["b)\tthat threats such as worms, that cost", "c)\tmore"]
    assert body(data, accept=False)[-2:] == ["b)\tthat threats came, that cost", "c)\tmore"]
    assert set(authors(data, "ins")) == {"Cuba"}
    assert set(authors(data, "del")) == {"Not named"}
    assert ("Cuba", "Tabled as CUB/70/2.") in notes(data)


def test_two_insertions_in_one_place_keep_their_order() -> None:
    host = passage("s", "b", "b)", run("threats came, that cost"))
    first, second, third = (
        replace(passage("s", "b-2", "", run(words)), tag=f"{words}/1/1", within=0, at=at)
        for words, at in (("worms,", 13), ("bots,", 13), ("all", 7))
    )
    data = draft_docx(replace(DRAFT, passages=(host, first, second, third)))
    assert body(data, accept=True)[-1] == "b)\tthreats all came, worms, bots, that cost"
    assert body(data, accept=False)[-1] == "b)\tthreats came, that cost"


def test_what_stands_in_a_struck_paragraph_stands_beside_it() -> None:
    host = passage("s", "b", "b)", run("all gone,", struck=True), state=State.STRUCK)
    inside = replace(passage("s", "b-2", "", run("but this")), tag="CUB/70/2", within=0, at=4)
    data = draft_docx(replace(DRAFT, passages=(host, inside)))
    assert body(data, accept=True)[-1] == "but this"
    assert body(data, accept=False)[-1] == "b)\tall gone,"


@settings(max_examples=25, deadline=None)
@given(RUNS, st.lists(st.tuples(RUNS, st.integers(0, 20)), min_size=1, max_size=3))
def test_insertions_at_any_place_leave_no_word_out(
    runs: tuple[Run, ...], inserted: list[tuple[tuple[Run, ...], int]]
) -> None:
    host = passage("s", "b", "b)", *runs)
    inside = [
        replace(passage("s", f"b-{n}", "", *words), within=0, at=min(at, len(all_of(runs))))
        for n, (words, at) in enumerate(inserted, 2)
    ]
    data = draft_docx(replace(DRAFT, passages=(host, *inside)))
    for accept, words in ((True, "clean"), (False, "base")):
        whole = [getattr(p, words) for p in (host, *inside)]
        read = " ".join(body(data, accept=accept)[len(HEAD) + 1 :]).removeprefix("b)\t")
        assert sorted(read.replace(" ", "")) == sorted("".join(whole).replace(" ", ""))


def all_of(runs: Sequence[Run]) -> str:
    return "".join(r.text for r in runs)
