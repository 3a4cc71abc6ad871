"""What pages show of marks and acts: title, formula, insertions in a paragraph, further acts."""

from __future__ import annotations

import re

from django.test import Client

from comity.kit.tlp import ANONYMOUS
from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.formats.redline import parse_redline
from comity.mandate.templatetags.mandate import in_place
from comity.mandate.types import base_reading

from .conftest import DRAFT, KEY, Shelf, source

HERE = f"/en/mandate/{KEY}/{DRAFT}"


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_marks_and_places_come_back_from_the_database(shelf: Shelf) -> None:
    read, kept = parse_redline(source(f"{DRAFT}.txt")), reads.text(ANONYMOUS, shelf.draft)  # type: ignore[arg-type]
    assert base_reading(kept.title_runs) == "RESOLUTION 130 (REV. GUADALAJARA, 2010)"
    assert (kept.title_runs, kept.formula_runs) == (read.title_runs, read.formula_runs)
    assert [(p.within, p.at, p.base) for p in kept.passages] == [
        (p.within, p.at, p.base) for p in read.passages
    ]


def test_the_draft_shows_the_marks_of_its_title_and_formula(shelf: Shelf) -> None:
    page = Client().get(f"{HERE}/").content.decode()
    assert "removed: GUADALAJARA, 2010 end of removal added: BUSAN, 2014 end" in plain(page)
    assert "removed: Guadalajara, 2010 end of removal added: Busan, 2014 end" in plain(page)


def test_a_paragraph_and_what_stands_inside_it_lead_to_each_other(shelf: Shelf) -> None:
    cuba = m.Passage.objects.get(version=shelf.draft, within__isnull=False)
    host = m.Passage.objects.get(version=shelf.draft, seq=cuba.within)
    whole, outer, inner = (
        Client().get(path).content.decode()
        for path in (f"{HERE}/", f"{HERE}/p/{host.key}", f"{HERE}/p/{cuba.key}")
    )
    for page in (whole, outer):
        assert (
            "various sources have emerged, Insertion proposed here: CUB/70/2 Cuba "
            "that have had an impact on confidence"
        ) in plain(page)
        assert f'href="{HERE}/p/{cuba.key}"' in page
    assert "Stands inside: considering b)" in plain(inner)
    assert f'href="{HERE}/p/{host.key}"' in inner
    assert f'Stands inside: <a href="#{host.eid}">' in whole
    assert "such as phishing" in plain(inner)


def test_signs_of_insertions_stand_in_order_and_lose_no_word() -> None:
    runs = [{"text": "one ", "struck": True}, {"text": "two three", "struck": False}]
    host = m.Passage(seq=0, runs=runs)
    inside = [m.Passage(seq=n, runs=[], within=0, at=at) for n, at in ((1, 13), (2, 8), (3, 0))]
    ((_, cut, none), (_, _, outer), *_) = in_place([host, *inside])
    assert (none, outer) == (None, host)
    assert [run["insertion"].seq if "insertion" in run else run["text"] for run in cut] == [
        *(3, "one ", "two ", 2, "three", 1),
    ]


def test_the_page_of_a_duty_names_its_further_acts(shelf: Shelf) -> None:
    page = plain(Client().get(f"/en/mandate/{KEY}/2014/p/instructs-bdt/2").content.decode())
    assert "Further acts supporting ITU Member States" in page
    assert "; establishing organizational structures, such as CIRTs, to identify" in page
