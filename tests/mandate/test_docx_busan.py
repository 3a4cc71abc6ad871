"""The two documents of Resolution 130 as Word files: exact in both readings."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from docx_revisions import RevisionDocument

import comity.mandate
from comity.mandate.formats.docx import comparison_docx, draft_docx
from comity.mandate.formats.docx.draft import is_offered
from comity.mandate.formats.page import parse_page
from comity.mandate.formats.redline import parse_redline
from comity.mandate.rules.align import align, units
from comity.mandate.types import Text
from tests.mandate.docx_reader import W, body, read, whole, xml

HELD = Path(comity.mandate.__file__).parent / "data" / "itu-pp" / "res-130"


@pytest.fixture(scope="module")
def busan() -> tuple[Text, Text]:
    return (
        parse_redline((HELD / "2014-10-28.txt").read_bytes()),
        parse_page((HELD / "2014.json").read_bytes()),
    )


def in_place(draft: Text) -> Text:
    """The clean reading with every insertion inside the paragraph that it cuts in two."""
    cut: dict[tuple[str, str], str] = {}
    loose = set()
    for p in draft.passages:
        if p.within is None:
            continue
        host = draft.passages[p.within]
        words = "".join(run.text for run in host.runs)
        assert not any(run.struck for run in host.runs)  # so that the place is one in `clean`
        parts = (words[: p.at], p.clean, words[p.at :])
        cut[host.section, host.path] = " ".join(" ".join(parts).split())
        loose.add((p.section, p.path))
    return replace(
        draft,
        provisions=tuple(
            replace(p, text=cut.get((p.section, p.path), p.text))
            for p in draft.provisions
            if (p.section, p.path) not in loose
        ),
    )


def test_the_real_draft_accepts_to_its_clean_reading_with_insertions_in_place(
    busan: tuple[Text, Text],
) -> None:
    draft, _ = busan
    data = draft_docx(draft)
    assert body(data, accept=True) == whole(in_place(draft))
    assert len(draft.provisions) - len(in_place(draft).provisions) == 1  # Cuba's, on line 65
    base = [p.base for p in draft.passages if not is_offered(p)]
    rejected = [words.rpartition("\t")[2] for words in body(data, accept=False)]
    assert [words for words in rejected if words in set(base)] == [words for words in base if words]
    assert len(list(xml(data).iter(W + "ins", W + "del"))) > 200


def test_cuba_stands_in_the_middle_of_considering_b(busan: tuple[Text, Text]) -> None:
    """Lines 61 to 67 of the draft: one sentence of the base, cut in two by CUB/70/2."""
    draft = parse_redline((HELD / "2014-10-28.txt").read_bytes(), proposers={"CUB": "Cuba"})
    data = draft_docx(draft)
    (accepted,) = [words for words in body(data, accept=True) if "phishing" in words]
    assert accepted.startswith("b)\tthat, with the application")
    assert "have emerged, such as phishing, botnets," in accepted
    assert "to attack third countries – that have had an impact" in accepted
    (rejected,) = [words for words in body(data, accept=False) if "have emerged" in words]
    assert "new threats from various sources have emerged, that have had an impact" in rejected
    cuba = [e for e in xml(data).iter(W + "ins") if e.get(W + "author") == "Cuba"]
    assert "such as phishing" in "".join("".join(e.itertext()) for e in cuba)


def test_rejecting_the_real_draft_gives_the_title_of_guadalajara(busan: tuple[Text, Text]) -> None:
    draft, _ = busan
    rejected = body(draft_docx(draft), accept=False)
    assert rejected[0] == "RESOLUTION 130 (REV. GUADALAJARA, 2010)"
    assert rejected[2] == (
        "The Plenipotentiary Conference of the International Telecommunication Union "
        "(Guadalajara, 2010),"
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "that WTDC-10 has adopted the Hyderabad Action Plan and its",
        "has also adopted Resolution 45 (Hyderabad, 2010), on mechanisms",
        "consistent with Resolution 45 (Rev. Hyderabad, 2010) to work towards the preparation",
        "Programme Objective 3.2 in the Hyderabad Action Plan",
        "pursuant to Resolution 45 (Rev. Hyderabad, 2010), Resolution 69 (Hyderabad, 2010)",
        "1\tto propose to the Council, taking into account",
        "that ITU-D Study Group 1 continues to carry out the studies",
        "called for in ITU-D Question 22-1/1 (Securing information",
    ],
)
def test_nothing_of_the_fusion_stays_in_the_base_reading(
    busan: tuple[Text, Text], sentence: str
) -> None:
    """What the draft calls WTDC-10-14, HyderabadDubai, propose-report, as it was before."""
    draft, _ = busan
    rejected = body(draft_docx(draft), accept=False)
    assert any(sentence in words for words in rejected)


def test_no_change_of_words_touches_a_changed_paragraph(busan: tuple[Text, Text]) -> None:
    """LibreOffice would join the two and lose the paragraph between."""
    draft, adopted = busan
    changes = align(units(draft.provisions), units(adopted.provisions))
    touching = 0
    for data in (draft_docx(draft), comparison_docx(draft, adopted, changes)):
        for p, after in pairwise(xml(data).iter(W + "p")):
            if p.find(f"{W}pPr/{W}rPr") is None:
                marks = [m.tag for m in after.iterfind(f"{W}pPr/{W}rPr/*")]
                touching += p[-1].tag in marks
    assert touching == 0


def test_the_real_comparison_gives_both_texts(busan: tuple[Text, Text]) -> None:
    draft, adopted = busan
    changes = align(units(draft.provisions), units(adopted.provisions))
    data = comparison_docx(draft, adopted, changes)
    assert body(data, accept=True) == whole(adopted)
    assert body(data, accept=False) == whole(draft)
    # As an independent reader has it, without tabs and marks of paragraphs.
    theirs = [p.accepted_text for p in RevisionDocument(io.BytesIO(data)).paragraphs]
    ours = [words.replace("\t", "") for _, words in read(data, accept=True)]
    assert [words for words in theirs if words] == ours
