"""The draft of Resolution 130, read against the truth that was written by eye."""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path
from typing import Any

import pytest

import comity.mandate
from comity.mandate.formats.redline import parse_redline
from comity.mandate.types import ArtefactKind, Passage, State, Text, base_reading

DRAFT = Path(comity.mandate.__file__).parent / "data" / "itu-pp" / "res-130" / "2014-10-28.txt"
EXAMPLES = Path(__file__).parent.parent / "examples" / "mandate"
PROPOSERS = {
    "B": "Brazil",
    "INS": "Indonesia",
    "CUB": "Cuba",
    "ARB": "Arab States",
    "RCC": "Regional Commonwealth in the field of Communications",
}


def truth(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (EXAMPLES / name).read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def draft() -> Text:
    return parse_redline(DRAFT.read_bytes(), name="DL/10-E", proposers=PROPOSERS)


def on_line(draft: Text, line: int) -> Passage:
    return next(p for p in draft.passages if line in p.lines)


def test_every_passage_stands_as_a_reader_sees_it(draft: Text) -> None:
    read = [
        {
            "section": p.section,
            "num_printed": p.num_printed,
            "num": p.num,
            "text": p.text,
            "state": p.state.value,
            "explicit": p.explicit,
            "tag": p.tag,
            "proposer": p.proposer,
            "lines": list(p.lines),
        }
        for p in draft.passages
    ]
    assert read == truth("passages.jsonl")


def test_every_artefact_stands_as_a_reader_sees_it(draft: Text) -> None:
    text = DRAFT.read_text("utf-8")
    hidden = {ArtefactKind.BLANK, ArtefactKind.HEAD, ArtefactKind.TITLE, ArtefactKind.FORMULA}
    read = []
    for a in draft.artefacts:
        first, last = (text.count("\n", 0, at) + 1 for at in (a.span.start, a.span.end))
        if a.kind is ArtefactKind.PAGE_BREAK:
            read.append((a.kind.value, "", (first, last)))
        elif a.kind not in hidden:
            read.append((a.kind.value, a.text, (first,)))
    expected = [
        (a["kind"], a["text"], tuple(a["lines"]))
        for a in truth("artefacts.jsonl")
        if ArtefactKind(a["kind"]) not in hidden
    ]
    assert sorted(read) == sorted(expected)


def test_head_lines_are_named(draft: Text) -> None:
    for kind in (ArtefactKind.HEAD, ArtefactKind.TITLE, ArtefactKind.FORMULA):
        read = "".join(a.text for a in draft.artefacts if a.kind is kind)
        expected = "".join(a["text"] for a in truth("artefacts.jsonl") if a["kind"] == kind)
        assert "".join(read.split()) == "".join(expected.split())


def test_runs_marks_and_artefacts_partition_the_file(draft: Text) -> None:
    text = DRAFT.read_text("utf-8")
    pieces = [(r.span, r.text) for p in draft.passages for r in p.runs]
    assert all("".join(t.split()) == "".join(text[s.start : s.end].split()) for s, t in pieces)
    pieces += [(m.span, m.text) for m in draft.marks] + [(a.span, a.text) for a in draft.artefacts]
    at = 0
    for span, _ in sorted(pieces):
        assert (span.start, span.end > span.start) == (at, True)
        at = span.end
    assert at == len(text)


def test_title_and_formula_are_given_clean(draft: Text) -> None:
    assert draft.title == "RESOLUTION 130 (REV. BUSAN, 2014)"
    assert draft.subtitle == (
        "Strengthening the role of ITU in building confidence and security in the use of "
        "information and communication technologies"
    )
    assert draft.formula == (
        "The Plenipotentiary Conference of the International Telecommunication Union (Busan, 2014),"
    )
    assert (draft.date, draft.status) == (dt.date(2014, 10, 28), "draft")


def test_what_is_not_understood_is_listed_with_its_place(draft: Text) -> None:
    assert [(f.code, f.line, f.column) for f in draft.findings] == [
        ("strike-too-wide", 43, 6),
        ("strike-too-wide", 45, 7),
        ("interrupted-paragraph", 65, 1),
        ("number-struck", 134, 30),
        ("unbalanced-parenthesis", 134, 113),
        ("unbalanced-parenthesis", 140, 229),
        ("unclosed-bracket", 185, 1),
    ]
    assert all(f.remedy for f in draft.findings)


@pytest.mark.parametrize(
    ("line", "clean"),
    [
        (43, "Resolution 130 (Rev. Guadalajara, 2010) of the Plenipotentiary Conference;"),
        (45, "Resolution 69 (Rev. Dubai, 2014) of the World"),
        (99, "that WTDC-14 has adopted the Dubai Action Plan and its Objective 3,"),
        (99, "Resolution 45 (Dubai, 2014), on mechanisms"),
        (99, "and Resolution 69 (Rev. Dubai, 2014), on the creation"),
        (103, "WTDC-14 adopted Resolution 69 (Rev. Dubai, 2014)"),
        (119, "the relevant outcomes of WTSA-12, notably:"),
        (128, "Resolutions 45 (Rev. Dubai, 2014) and 69 (Rev. Dubai, 2014);"),
        (134, "that ITU-D Study Group 2 continues to carry out"),
        (134, "called for in ITU-D Question 3/2 (former question 22-1/1 (Securing information"),
        (174, "agreed upon at WTDC-14, including and in activities under Question 3/2,"),
        (215, "the resolutions of WTSA-12, particularly Resolutions 50 and 52 (Rev. Dubai, 2012)"),
        (
            228,
            "the results of WTDC-14 and pursuant to Resolution 45 (Rev. Dubai, 2014), Resolution",
        ),
        (244, "of both WTSA-12 and WTDC-14, including"),
        (257, "Resolution 58 (Rev. Dubai, 2012);"),
        (264, "to report to the Council, taking"),
    ],
)
def test_clean_reading_tells_old_and_new_apart(draft: Text, line: int, clean: str) -> None:
    assert clean in on_line(draft, line).clean


def test_title_and_formula_keep_their_marks(draft: Text) -> None:
    for runs in (draft.title_runs, draft.formula_runs):
        assert [r.text.upper().strip() for r in runs if r.struck] == ["GUADALAJARA, 2010"]
        assert [r.text.upper().strip() for r in runs if r.inserted] == ["BUSAN, 2014"]
    source = DRAFT.read_text("utf-8")
    for run in (*draft.title_runs, *draft.formula_runs):
        assert source[run.span.start : run.span.end].split() == run.text.split()
    assert base_reading(draft.title_runs) == "RESOLUTION 130 (REV. GUADALAJARA, 2010)"


def test_an_insertion_knows_the_place_it_stands_in(draft: Text) -> None:
    standing = [p for p in draft.passages if p.within is not None]
    assert [(p.lines, p.tag) for p in standing] == [((65,), "CUB/70/2")]
    (cuba,) = standing
    host = draft.passages[cuba.within or 0]
    words = "".join(r.text for r in host.runs)
    assert (host.num, host.lines) == ("b)", (61, 67))
    assert words[: cuba.at].endswith("various sources have emerged,")
    assert words[cuba.at :].startswith(" that have had an impact")


def test_a_struck_pair_of_numbers_is_flagged_and_says_how_it_is_read(draft: Text) -> None:
    (said,) = [f.message for f in draft.findings if f.code == "number-struck"]
    assert 'an old number and the new one, "2"' in said
    assert "former question 22-1/1: it is named because" in on_line(draft, 134).why
    assert "Study Group 21: 1 and 2, of which 2 is new" in on_line(draft, 134).why


def test_struck_passages_leave_the_clean_reading_and_no_other_does(draft: Text) -> None:
    kept = [(p.section, p.path) for p in draft.passages if p.state is not State.STRUCK]
    assert [(v.section, v.path) for v in draft.provisions] == kept
    assert len(kept) == 103


def test_paths_are_unique_and_the_running_text_has_the_plain_one(draft: Text) -> None:
    paths = {(p.section, p.path): p.lines[0] for p in draft.passages}
    assert len(paths) == len(draft.passages)
    bureaux = "instructs the Secretary-General and the Directors of the Bureaux"
    tsb = "instructs the Director of the Telecommunication Standardization Bureau"
    for section, path, line in [
        ("recalling", "a", 27),
        ("considering", "c", 69),
        ("considering", "b-2", 65),
        ("recognizing", "k/ii", 122),
        ("resolves", "2", 164),
        (bureaux, "5", 207),
        (bureaux, "1/iii-3", 189),
        (tsb, "1/iii/b", 222),
        ("instructs the Secretary-General", "chapeau", 262),
        ("bearing in mind", "p", 152),
    ]:
        assert paths[section, path] == line


def test_alternatives_share_a_group(draft: Text) -> None:
    groups: dict[int, list[int]] = {}
    for p in draft.passages:
        if p.group is not None:
            groups.setdefault(p.group, []).append(p.lines[0])
    assert list(groups.values()) == [
        [53, 57],
        [83, 87],
        [111, 113],
        [166, 168, 170, 172],
        [185, 187, 189],
        [203, 205],
        [252, 254],
        [277, 281],
    ]


def test_brackets_are_kept_on_struck_passages(draft: Text) -> None:
    bracketed = [p.lines[0] for p in draft.passages if p.bracketed]
    assert bracketed == [
        25, 113, 160, 162, 166, 168, 170, 172, 185, 187, 189, 203, 205, 228, 252, 254
    ]  # fmt: skip
    assert any(r.bracketed for r in on_line(draft, 195).runs)  # [such as IMPACT, ...]


def test_emphasis_is_kept_on_runs(draft: Text) -> None:
    assert [r.text for r in on_line(draft, 164).runs if r.emphasis] == ["bearing in mind"]


def test_inferred_states_say_why(draft: Text) -> None:
    assert all(p.why for p in draft.passages)
    assert "line 77" in on_line(draft, 89).why
    assert "22-1/13/2" in on_line(draft, 134).why


def test_without_a_table_the_tag_line_names_the_proposer() -> None:
    draft = parse_redline(DRAFT.read_bytes())
    named = {p.tag: p.proposer for p in draft.passages if p.tag}
    assert named == {
        "ARB/79A2/13": "",
        "B/75/4": "Brazil",
        "CUB/70/2": "",
        "INS/82/2": "Indonesia",
        "RCC/73A1/16": "RCC",
    }


def test_the_draft_is_read_in_a_tenth_of_a_second() -> None:
    data = DRAFT.read_bytes()
    best = min(_timed(data) for _ in range(5))
    assert best < 0.1


def _timed(data: bytes) -> float:
    start = time.process_time()
    parse_redline(data)
    return time.process_time() - start


def test_line_ends_and_markup_of_headings_change_no_word(draft: Text) -> None:
    source = DRAFT.read_text("utf-8").replace("\nrecalling\n", "\n*recalling*\n")
    other = parse_redline(source.replace("\n", "\r\n").encode(), proposers=PROPOSERS)
    same = [(p.section, p.path, p.text, p.clean, p.state, p.tag) for p in draft.passages]
    assert [(p.section, p.path, p.text, p.clean, p.state, p.tag) for p in other.passages] == same
    assert other.title == draft.title
    assert [f.line for f in other.findings] == [f.line for f in draft.findings]
