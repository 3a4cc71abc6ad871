"""The annual report as a tree: every part, every figure with its note, every bad year named."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from comity.kit.languages import LANGUAGES
from comity.registry.types import Told
from comity.report.rules.document.annual import annual
from comity.report.rules.document.material import Addresses, Head, Material
from comity.report.rules.figures import figures, plain
from comity.report.rules.figures.query import Found, Query
from comity.report.rules.kept import from_bytes, to_bytes
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import Chapter, Count, FigureType, ParagraphFact, Share
from comity.report.types.tree import BadTree, Document, FigureRef, Notice, Quote
from tests.report.world import CUTOFF, entry, ground

PARAGRAPHS = (
    ParagraphFact("recalling/a", "e1", "a)", "recalling", "Resolution 45"),
    ParagraphFact("instructs-sg-directors/6", "e2", "6", "instructs …", "to report annually"),
    ParagraphFact("instructs-bdt/2", "e3", "2", "instructs …", "upon request, to support"),
)
DRILL = entry("activity/a-1", "cyberdrill", country="KE", note="two papers differ", period="2014")


def material(*entries: Told, language: str = "en", year: int = 2014, **more: object) -> Material:
    made = ground(*entries, year=year)
    paths = Addresses(
        lambda name: f"/en/r/{name}",
        lambda key: f"/en/p/{key}",
        lambda key: f"/en/f/{key}",
    )
    say = Tongue(language, lambda words: words)
    return replace(
        Material(say, made, figures(made), paths, "en", "", PARAGRAPHS),
        **more,  # type: ignore[arg-type]
    )


def words(document: Document) -> str:
    return to_bytes(document).decode()


def notices(document: Document) -> list[str]:
    return [
        "".join(getattr(run, "words", "") for run in block.runs)
        for block in document.blocks
        if isinstance(block, Notice)
    ]


def test_the_report_has_every_part_in_order() -> None:
    document = annual(material(DRILL))
    ids = [section.id for level, section in document.sections() if level == 1]
    assert ids == [
        "introduction", "legal", "technical", "organizational", "capacity-building", "cooperation",
        "sectors", "states", "requests", "proposals", "indicators", "wsis", "outside", "doubts",
        "annex-a", "annex-b", "annex-c",
    ]  # fmt: skip
    assert document.masthead and document.masthead.meeting == "Council 2015"
    assert [part.heading for part in document.box] == ["Summary", "Action required", "References"]


def test_every_figure_in_the_text_has_its_note_with_filter_and_date() -> None:
    document = annual(material(DRILL))
    noted = {note.id: note for note in document.figures}
    used = set(_refs(document))
    assert used and used <= set(noted)
    note = noted["activities.kind.cyberdrill"]
    assert "2014" in note.filter and note.as_of == "As of 2014."
    assert note.address == "/en/f/activities.kind.cyberdrill"


def _refs(part: object) -> list[str]:
    if isinstance(part, FigureRef):
        return [part.figure]
    if isinstance(part, tuple):
        return [ref for item in part for ref in _refs(item)]
    if hasattr(part, "__dataclass_fields__") and not isinstance(part, type):
        return [r for name in part.__dataclass_fields__ for r in _refs(getattr(part, name))]
    return []


def test_annex_a_tells_text_duty_deeds_figures_and_gaps_of_a_paragraph() -> None:
    document = annual(material(DRILL))
    (section,) = [s for _level, s in document.sections() if s.id == "a-instructs-bdt-2"]
    assert isinstance(section.blocks[0], Quote)
    assert section.blocks[0].lines[0].words == "upon request, to support"
    told = words(replace(document, blocks=(section,), box=(), figures=()))
    for piece in ("Asked of", "How it stands", "no indication", "activity/a-1", "Cyberdrills held",
                  "Nobody has said on evidence", "No country of the region"):  # fmt: skip
        assert piece in told, piece


def test_official_words_are_marked_where_the_translation_is_not_held() -> None:
    document = annual(material(DRILL, language="fr"))
    (section,) = [s for _level, s in document.sections() if s.id == "a-instructs-bdt-2"]
    quote = section.blocks[0]
    assert isinstance(quote, Quote)
    assert quote.language == "en" and "not held" in quote.notice


def test_a_translation_newer_than_its_original_is_named() -> None:
    document = annual(material(DRILL, language="fr", text_notice="It is newer and not used."))
    assert "It is newer and not used." in words(document)


def test_a_later_revision_is_told_on_the_first_page_and_in_annex_a() -> None:
    document = annual(material(year=2019))
    assert any("Rev. Dubai, 2018" in notice for notice in notices(document))
    (annex,) = [s for _level, s in document.sections() if s.id == "annex-a"]
    assert any(isinstance(b, Notice) and "Rev. Dubai" in str(b) for b in annex.blocks)
    assert not any("Dubai" in notice for notice in notices(annual(material(DRILL))))


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (2013, "the text of Rev. Antalya, 2006 was in force"),
        (2001, "there was no Resolution 130"),
        (2016, "lies after the cut-off"),
        (2015, "2015 is not over"),
        (2014, "No activity of 2014 is on record"),
    ],
)
def test_a_bad_year_is_named_on_the_first_page(year: int, told: str) -> None:
    assert any(told in notice for notice in notices(annual(material(year=year))))


def test_a_failing_figure_is_named_on_the_first_page_and_in_its_note() -> None:
    def broken(_ground: object) -> Found:
        raise KeyError("as_of")

    made = ground(DRILL)
    query = Query("x.y", "X", "", FigureType.COUNT, Chapter.OVERVIEW, "All.", broken, ("a/1",))
    document = annual(material(DRILL, figures=figures(made, (query,), ())))
    assert any("could not be counted" in notice for notice in notices(document))
    assert "The query failed (KeyError)." in document.figures[0].remark
    assert "could not be counted" in words(document)


def test_a_figure_that_differs_from_last_years_report_is_marked() -> None:
    first = material(DRILL)
    last = {figure.id: plain(figure.value) for figure in first.figures}
    last["activities.year"] = 5
    document = annual(replace(first, last=last))
    marked = [note.id for note in document.figures if "In last year’s report: 5." in note.remark]
    assert marked == ["activities.year"]
    assert '"changed":true' in words(document)


def test_a_year_only_date_is_never_shown_as_the_first_of_january() -> None:
    row = entry("activity/a-2", "cyberdrill", "2014-01-01", "2014-12-31", period="2014")
    total = {"n": 103, "as_of": "2014", "unit": "countries"}
    document = annual(material(row, entry("activity/a-3", "cumulative_figure", total=total)))
    assert "1 January" not in words(document)


def test_titles_in_another_language_carry_it() -> None:
    row = entry("activity/a-1", "forum", language="es", title="Foro")
    assert '"is":"Foreign","language":"es","words":"Foro"' in words(annual(material(row)))


def test_the_same_material_gives_the_same_bytes_and_comes_back() -> None:
    one, two = (to_bytes(annual(material(DRILL))) for _ in range(2))
    assert one == two
    assert from_bytes(one) == annual(material(DRILL))


@pytest.mark.parametrize(
    "junk", [b"", b"[]", b'{"is": "Nothing"}', b'{"is": "Text", "words": "x"}']
)
def test_what_is_no_kept_document_is_refused(junk: bytes) -> None:
    with pytest.raises(BadTree):
        from_bytes(junk)


def test_a_long_list_says_what_print_leaves_out() -> None:
    rows = [entry(f"activity/a-{n:03d}", "cyberdrill", country="KE") for n in range(230)]
    document = annual(material(*rows))
    assert "200 of 230 are listed here" in words(document)


def test_the_state_and_the_number_stand_on_the_document() -> None:
    document = annual(material(DRILL, head=Head("18", "PL 1.2", "frozen", 2)))
    assert document.identifier == "C15/18-E"
    assert document.state == "Frozen, edition 2"


@pytest.mark.parametrize("code", LANGUAGES)
def test_numbers_and_dates_are_the_languages(code: str) -> None:
    say = Tongue(code, lambda words_: words_)
    assert say.date("2014") == "2014"
    assert "30" in say.date("2014-05-30") and "2014" in say.date("2014-05-30")
    assert not set("٠١٢٣٤٥٦٧٨٩") & set(say.date("2014-05-30") + say.number(1234))
    assert "28" in say.percent(Share(54, 193))
    assert say.date("last spring") == "last spring"


def test_counts_of_money_keep_their_decimals() -> None:
    from decimal import Decimal

    assert Tongue("en", str).number(Count(Decimal("200.5")).n) == "200.5"
    assert dt.date(2015, 3, 1) == CUTOFF.date()


def test_a_paragraph_without_an_entry_in_the_year_says_since_when() -> None:
    duty = "instructs-bdt/2"
    silent = words(annual(material(ended={duty: "2012"})))
    assert "No activity since 2012." in silent and "1 January" not in silent
    assert "No activity since" not in words(annual(material()))
    busy = words(annual(material(DRILL, ended={})))
    assert "No activity since" not in busy


def test_the_masthead_says_where_and_when_the_council_meets() -> None:
    head = Head("18", "PL 1.2", meeting="Geneva, 12 to 22 May 2015")
    made = annual(material(DRILL, head=head)).masthead
    assert made and made.place == "Geneva, 12 to 22 May 2015"
    assert [(row.name, row.value) for row in made.start] == [("Agenda item:", "PL 1.2")]
    assert ("Original:", "English") in [(row.name, row.value) for row in made.end]


def test_the_council_is_asked_to_consider_proposals_only_where_there_are_some() -> None:
    def asked(*entries: Told) -> str:
        return str(annual(material(*entries)).box[1].paragraphs)

    assert "proposals" not in asked(DRILL)
    assert "proposals in section 10" in asked(entry("proposal/p-1", date="2014-05"))


def test_the_year_of_busan_says_which_text_was_the_newest_before() -> None:
    told = [notice for notice in notices(annual(material(DRILL))) if "adopted on" in notice]
    assert len(told) == 1
    assert "7 November 2014" in told[0] and "Rev. Antalya, 2006" in told[0]
    assert not any("adopted on" in notice for notice in notices(annual(material(year=2019))))


def test_what_is_missing_several_times_is_told_in_one_line() -> None:
    told = words(annual(material(DRILL)))
    assert "No country of the regions AMS, ARB, ASP, CIS, EUR." in told
    assert told.count("These figures are not reported:") == 2, "one line for each duty"
    assert "is not reported." not in told


def test_records_withdrawn_since_an_earlier_edition_are_named_on_the_first_page() -> None:
    document = annual(material(DRILL, withdrawn=("activity/a-9",)))
    told = [block for block in document.blocks if isinstance(block, Notice)]
    assert any("an earlier edition" in str(b) and "activity/a-9" in str(b) for b in told)
    assert "an earlier edition" not in words(annual(material(DRILL)))


def test_a_translation_that_is_not_used_is_named_on_the_first_page() -> None:
    made = material(DRILL, language="fr", text_notice="It is newer and not used.")
    assert "It is newer and not used." in notices(annual(made))


def test_strategies_needs_and_offers_are_listed_and_not_only_counted() -> None:
    need = {"amount": "100.00", "currency": "CHF", "date": "2014"}
    document = annual(
        material(
            entry("strategy/s-1", adopted="2014-05"),
            entry("request/r-1", needed=[need]),
            entry("project/p-1", pledged=[need]),
        )
    )
    held = {s.id: str(s.blocks) for _level, s in document.sections()}
    assert "Strategies adopted in the year" in held["organizational"]
    assert "strategy/s-1" in held["organizational"]
    assert "Offers stated" in held["requests"] and "project/p-1" in held["requests"]


def test_a_list_of_doubts_says_what_it_leaves_out() -> None:
    many = [entry(f"activity/a-{n}", "training", note="two papers differ") for n in range(203)]
    (section,) = [s for _level, s in annual(material(*many)).sections() if s.id == "doubts"]
    assert "200 of 203 are listed here" in str(section.blocks)
