"""The two documents of Resolution 130 as Word files: exact in both readings."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path

import pytest
from docx_revisions import RevisionDocument

import comity.mandate
from comity.mandate.formats.docx import comparison_docx, draft_docx
from comity.mandate.formats.docx.draft import is_offered, words_of
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


def test_the_real_draft_accepts_to_its_clean_reading(busan: tuple[Text, Text]) -> None:
    draft, _ = busan
    data = draft_docx(draft)
    assert body(data, accept=True) == whole(draft)
    base = [
        " ".join("".join(r.text for r in words_of(p.runs) if not r.inserted).split())
        for p in draft.passages
        if not is_offered(p)
    ]
    rejected = [words.rpartition("\t")[2] for words in body(data, accept=False)]
    assert [words for words in rejected if words in set(base)] == [words for words in base if words]
    assert len(list(xml(data).iter(W + "ins", W + "del"))) > 200


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
