"""The picture of citations: true to the data, safe, mirrored, and legible when narrow."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from comity.mandate.formats.picture import citations_svg, figures
from comity.mandate.types import Citation

SVG = "{http://www.w3.org/2000/svg}"
HTML = "{http://www.w3.org/1999/xhtml}"
WORDS = {
    "finding": "{citations} citations of {instruments} instruments; most often {top}: "
    "{top_citations} times.",
    "cites": "{section} cites {instrument}: {count}",
    "more": "{count} more in the table",
    "issuer.WTDC": "World Telecommunication Development Conference",
    "instrument.wsis/tunis-agenda": "Tunis Agenda",
}


def cite(section: str, issuer: str, number: str, key: str, kind: str = "resolution") -> Citation:
    named = f"{kind} {number}"
    return Citation(section, "a", named, issuer, kind, number, "Dubai", 2014, True, "", key=key)


SAMPLE = (
    cite("recalling", "WTDC", "45", "wtdc/res-45"),
    cite("recalling", "WTDC", "69", "wtdc/res-69"),
    cite("aware", "WTDC", "45", "wtdc/res-45"),
    cite("aware", "WTDC", "45", "wtdc/res-45"),
    cite("aware", "WTSA", "50", "wtsa/res-50"),
    cite("resolves", "WSIS", "", "wsis/tunis-agenda", "agenda"),
)


def draw(citations: tuple[Citation, ...] = SAMPLE, **more: object) -> etree._Element:
    svg = citations_svg(citations, lambda key: f"/cites/{key}", words=WORDS, **more)  # type: ignore[arg-type]
    return etree.fromstring(svg)


def texts(root: etree._Element, role: str) -> list[str]:
    return ["".join(d.itertext()) for d in root.iter(HTML + "div") if d.get("class") == role]


def test_there_is_one_line_for_each_section_and_instrument_weighted_by_number() -> None:
    lines = list(draw().iter(SVG + "line"))
    titles = ["".join(line.itertext()) for line in lines]
    assert len(lines) == 5
    assert "aware cites Resolution 45 (Dubai, 2014): 2" in titles
    widths = {t: float(line.get("stroke-width", "")) for t, line in zip(titles, lines, strict=True)}
    assert max(widths, key=lambda t: widths[t]) == "aware cites Resolution 45 (Dubai, 2014): 2"


def test_sections_keep_their_order_and_instruments_stand_under_their_issuer() -> None:
    root = draw()
    assert texts(root, "from") == ["recalling", "aware", "resolves"]
    assert texts(root, "by") == ["World Telecommunication Development Conference", "WTSA", "WSIS"]
    assert texts(root, "to") == [
        "Resolution 69 (Dubai, 2014)",
        "Resolution 45 (Dubai, 2014)",
        "Resolution 50 (Dubai, 2014)",
        "Tunis Agenda (2014)",
    ]


def test_the_finding_is_a_sentence_outside_the_links() -> None:
    root = draw()
    (image,) = [e for e in root.iter() if e.get("role") == "img"]
    assert image.get("aria-label") == (
        "6 citations of 4 instruments; most often Resolution 45 (Dubai, 2014): 3 times."
    )
    assert not list(image.iter(HTML + "a"))
    assert next(root.iter(HTML + "a")).get("href") == "/cites/wtdc/res-69"


def test_only_classes_and_no_view_box() -> None:
    for rtl in (False, True):
        svg = citations_svg(SAMPLE, lambda key: key, words=WORDS, rtl=rtl)
        assert not re.search(r"style|<script|\bon\w+=|viewBox|#[0-9a-f]{3}", svg)


def test_right_to_left_is_the_mirror() -> None:
    ltr, rtl = draw(), draw(rtl=True)
    for one, other in zip(ltr.iter(SVG + "line"), rtl.iter(SVG + "line"), strict=True):
        for end in ("x1", "x2"):
            both = [float(line.get(end, "").rstrip("%")) for line in (one, other)]
            assert sum(both) == 100
        assert one.get("y1") == other.get("y1")
    for one, other in zip(
        ltr.iter(SVG + "foreignObject"), rtl.iter(SVG + "foreignObject"), strict=True
    ):
        width = float(one.get("width", "").rstrip("%"))
        assert sum(float(o.get("x", "").rstrip("%")) for o in (one, other)) + width == 100


def test_no_label_stands_on_another() -> None:
    for rows in (SAMPLE, SAMPLE[:1], tuple(cite(f"s{n}", "A", str(n), "a/b") for n in range(30))):
        root = draw(rows)
        columns: dict[str, list[tuple[float, float]]] = {}
        for place in root.iter(SVG + "foreignObject"):
            y, height = float(place.get("y", "")), float(place.get("height", ""))
            columns.setdefault(place.get("x", ""), []).append((y, y + height))
        for column in columns.values():
            column.sort()
            assert column[0][0] >= 0
            assert column[-1][1] <= float(root.get("height", ""))
            assert all(a[1] <= b[0] for a, b in pairwise(column))


def test_what_is_left_out_is_counted() -> None:
    many = tuple(cite("aware", "A", str(n), f"a/{n}") for n in range(9))
    root = draw(many, most=4)
    assert len(texts(root, "to")) == 4
    assert texts(root, "by")[-1] == "5 more in the table"
    facts = figures(many, WORDS, most=4)
    assert (facts.instruments, facts.left_out, facts.citations) == (9, 5, 9)


def test_revisions_of_one_instrument_are_one_node() -> None:
    older = replace(SAMPLE[0], year=2010, place="Hyderabad")
    assert "Resolution 45 (2010, 2014)" in texts(draw((*SAMPLE, older)), "to")


def test_an_instrument_without_a_page_is_not_a_link() -> None:
    svg = citations_svg(SAMPLE, lambda key: "", words=WORDS)
    assert "<a " not in svg


def test_no_citations_draw_nothing() -> None:
    assert citations_svg((), lambda key: key, words=WORDS) == ""
    assert figures((), WORDS).top == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Citation,
            *(st.text(max_size=6) for _ in range(7)),
            st.none() | st.integers(1900, 2100),
            st.booleans(),
            st.text(max_size=3),
            key=st.text(max_size=3),
        ),
        min_size=1,
        max_size=8,
    ),
    st.booleans(),
)
def test_no_words_break_out_of_the_picture(cited: list[Citation], rtl: bool) -> None:
    svg = citations_svg(cited, lambda key: key, words=WORDS, rtl=rtl)
    root = etree.fromstring(svg)
    known = {SVG + t for t in ("svg", "g", "line", "title", "circle", "foreignObject")}
    assert {e.tag for e in root.iter()} <= known | {HTML + t for t in ("div", "span", "a", "bdi")}
    assert svg == citations_svg(cited, lambda key: key, words=WORDS, rtl=rtl)
