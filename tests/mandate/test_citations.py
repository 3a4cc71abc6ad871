"""What a provision cites: measured on the adopted Resolution, then by the grammar's cases."""

from __future__ import annotations

import json
import time
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.mandate.rules.citations import citations
from comity.mandate.rules.citations.tables import conferences, instruments, issuers

from .reading import adopted

EXAMPLES = Path(__file__).parent.parent / "examples" / "mandate" / "citations.jsonl"
FIELDS = ("section", "path", "as_printed", "issuer", "kind", "number", "place", "year")
FIELDS += ("revised", "subdivision", "key")


def truth() -> list[dict[str, object]]:
    return [json.loads(line) for line in EXAMPLES.read_text(encoding="utf-8").splitlines()]


def found() -> list[dict[str, object]]:
    return [
        {f: getattr(c, f) for f in FIELDS} | {"flags": list(c.flags)}
        for p in adopted()
        for c in citations(p.section, p.path, p.text, conference="PP")
    ]


def cite(text: str) -> list[tuple[str, str, str, str, int | None, bool]]:
    return [
        (c.as_printed, c.issuer, c.number, c.subdivision, c.year, c.revised)
        for c in citations("recalling", "a", text, conference="PP")
    ]


def test_adopted_resolution_is_read_as_by_hand() -> None:
    want, got = truth(), found()
    right = sum(g in want for g in got)
    assert len(got) == len(want) == 68
    assert right / len(got) >= 0.98, [g for g in got if g not in want]
    assert sum(w in got for w in want) / len(want) >= 0.95, [w for w in want if w not in got]


def test_two_resolutions_in_one_breath_are_two_citations() -> None:
    text = "Resolutions 50, 52 and 58 (Rev. Dubai, 2012); Resolutions 45 and 69 (Rev. Dubai , 2014)"
    assert cite(text) == [
        ("Resolutions 50", "WTSA", "50", "", 2012, True),
        ("52", "WTSA", "52", "", 2012, True),
        ("58 (Rev. Dubai, 2012)", "WTSA", "58", "", 2012, True),
        ("Resolutions 45", "WTDC", "45", "", 2014, True),
        ("69 (Rev. Dubai , 2014)", "WTDC", "69", "", 2014, True),
    ]


def test_numbers_with_versions_of_their_own_do_not_share() -> None:
    text = "Resolutions 45 (Rev. Hyderabad, 2010) and 69 (Hyderabad, 2010)"
    assert [c[5] for c in cite(text)] == [True, False]


@pytest.mark.parametrize(
    ("text", "issuer", "how"),
    [
        ("UNGA Resolution 68/198", "UNGA", "named"),
        ("Resolution 56/183 of the United Nations General Assembly", "UNGA", "named"),
        ("resolution A/RES/70/125", "UNGA", "form of the number"),
        ("resolution 2006/46", "ECOSOC", "form of the number"),
        ("Security Council resolution 1325 (2000)", "UNSC", "named"),
        ("Resolution 174 (Rev. Busan, 2014) of this conference", "PP", "this conference"),
        ("Resolution 174 (Rev. Busan, 2014)", "PP", "place and year"),
        ("Resolution 45 (Doha, 2006) of the World telecommunication Development Conference", "WTDC",
         "named"),
        ("Resolution 2 (Rev. New Delhi, 2024)", "WTSA", "place and year"),
        ("Resolution 75 (Florianopolis, 2004)", "WTSA", "place and year"),
        ("Resolution PLEN/3 (Dubai, 2012)", "WCIT", "place and year"),
        ("Resolution 646 (Rev. WRC-12)", "WRC", "named"),
        ("Council Resolution 1305, adopted at its 2009 session,", "ITU Council", "named"),
        ("Resolution 1305 (2009)", "ITU Council", "form of the number"),
        ("Opinion 4 (Lisbon, 2009)", "WTPF", "place and year"),
        ("Decision 5 (Rev. Busan, 2014)", "PP", "place and year"),
        ("Recommendation ITU-T X.1205", "ITU-T", "named"),
        ("Question 22‑1/1 (Best practices) of the ITU Telecommunication Development Sector",
         "ITU-D", "named"),
        ("agreed upon at WTSA-12, under Question 9/99", "ITU-T", "conference named before"),
        ("Question 3/2", "ITU-D", "known by number"),
        ("RESOLUTION 130 (REV. BUSAN, 2014)", "PP", "place and year"),
        ("Resolution 45 (Rev.- Dubai, 2014)", "WTDC", "place and year"),
        ("Resolution 9", "", ""),
    ],
)  # fmt: skip
def test_issuer_and_what_told_it(text: str, issuer: str, how: str) -> None:
    (c,) = citations("recalling", "a", text, conference="PP")
    assert (c.issuer, c.how) == (issuer, how)


@pytest.mark.parametrize(
    ("text", "key", "subdivision"),
    [
        ("§§ 35 and 36 of the Geneva Declaration of Principles", "wsis/geneva-declaration",
         "§§ 35 and 36"),
        ("Output 3.1 of Objective 3 of the Dubai Action Plan", "wtdc/dubai-action-plan",
         "Objective 3, Output 3.1"),
        ("the Dubai Action Plan and its Objective 3, in particular Output 3.1",
         "wtdc/dubai-action-plan", "Objective 3, Output 3.1"),
        ("Action Line C5 of the Geneva Plan of Action", "wsis/geneva-plan-of-action",
         "Action Line C5"),
        ("Nos. 12 and 13 of the Constitution", "itu/constitution", "Nos. 12 and 13"),
        ("Article 6, on a, and Article 7, on b, of the International Telecommunication Regulations",
         "itu/itr", "Article 6, Article 7"),
        ("considering a) of Resolution 181 (Guadalajara, 2010)", "itu-pp/res-181",
         "considering a)"),
        ("Annex 1 to Resolution 71 (Rev. Busan, 2014)", "itu-pp/res-71", "Annex 1"),
        ("Programme 2 in the Hyderabad Action Plan", "wtdc/hyderabad-action-plan", "Programme 2"),
        ("agreed upon at WTDC-14, including Objective 3", "wtdc/dubai-action-plan", "Objective 3"),
    ],
)  # fmt: skip
def test_parts_belong_to_their_instrument(text: str, key: str, subdivision: str) -> None:
    (c,) = citations("recalling", "a", text, conference="PP")
    assert (c.key, c.subdivision) == (key, subdivision)


@pytest.mark.parametrize(
    "text",
    [
        "the implementation of this resolution",
        "the relevant outcomes of WTSA-12 and WTDC-14",
        "the relevant ITU‑T Questions on technical aspects",
        "work to begin before a Question is approved",
        "the Convention on the Rights of the Child",
        "Objective 3 of the strategic plan",
        "ITU‑T Study Group 17, Study Groups 1 and 2 of ITU‑D",
        "Resolution of the Plenİpotentiary Conference",
        "around 300 standards; WSIS Action Line C5; the Global Cybersecurity Agenda (GCA)",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert citations("aware", "a", text, conference="PP") == ()


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Resolution 45 (Rev. Dubai 2014)", "comma missing before the year"),
        ("Resolution 69 (Rev. Dubai , 2014)", "blank before the comma"),
        ("Resolution 140 ( Rev. Busan, 2014)", "blank after the bracket"),
        ("Resolution 181 (Rev. Guadalajara, 2010)", '"Rev." though first adopted then'),
        ("Resolution 45 (Dubai, 2014)", '"Rev." missing: first adopted earlier'),
        ("Resolution 58 (Johannesburg, 2008Rev. Dubai, 2012)", "old and new words fused"),
        ("Resolution 45 (HyderabadDubai, 20102014)", "old and new words fused"),
        ("ITU-D Question 22-1/13/2", "fused number"),
        ("Resolution 45 (Rev. Dubai, 2012) of WTDC",
         "no session of the issuer known at this place and year"),
        ("Resolution 45 (Rev. Paris, 2013)", "no single conference known at this place and year"),
    ],
)  # fmt: skip
def test_slip_is_kept_and_flagged(text: str, flag: str) -> None:
    (c,) = citations("recalling", "a", text, conference="PP")
    assert flag in c.flags
    assert text.startswith(c.as_printed)


WORDS = st.sampled_from(
    ["Resolution ", "Resolutions ", "45", "69/", " and ", ", ", "(Rev. ", "Dubai", ", 2014)",
     "(2009)", " of ", "the ", "WTDC", "-14", "this conference", "Question ", "3/2", "§ ", "§§ ",
     "15", "PLEN/", "Tunis Agenda", "Objective ", "Article ", ", on ", "ITU Council ", "(", ")",
     " and its ", "Geneva Plan of Action", ", in particular ", "\u2011", "\u00a0",
     "adopted at its 2009 session"]
)  # fmt: skip


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=40).map("".join)))
@settings(max_examples=150, deadline=None)
def test_offsets_lie_inside_and_in_order(text: str) -> None:
    end = 0
    for c in citations("noting", "a", text, conference="PP"):
        assert end <= c.start < c.end <= len(text)
        assert c.as_printed == text[c.start : c.end]
        end = c.end


def test_every_line_of_the_draft_is_taken() -> None:
    draft = files("comity.mandate") / "data" / "itu-pp" / "res-130" / "2014-10-28.txt"
    lines = draft.read_text(encoding="utf-8").splitlines()
    numbers = [c.number for line in lines for c in citations("x", "p", line, conference="PP")]
    assert numbers.count("45") >= 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "junk",
    ["Resolution 1 ", "§ 1 and ", "(Rev. Dubai ", "Question 3/2 (", " ",
     "Tunis Agenda and its Objective 3, in particular "],
)  # fmt: skip
def test_time_grows_with_length_only(junk: str) -> None:
    text = (junk * 100_000)[:100_000]
    started = time.perf_counter()
    citations("noting", "a", text, conference="PP")
    assert time.perf_counter() - started < 2  # 0.5 s alone on the machine of 2026; others run too


def test_tables_agree_with_each_other() -> None:
    assert {c.issuer for c in conferences()} <= set(issuers())
    known = {k.issuer for k in instruments().values()}
    assert known - set(issuers()) == {"ITU"}  # the Union's basic texts
