"""The HTML: well formed, nothing in it but the tree's words and the sheet's classes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from comity.kit.tlp import Label
from comity.report.formats.html import fragment, write_html
from comity.report.types.tree import (
    BoxPart,
    Column,
    Contents,
    Document,
    Link,
    Paragraph,
    Section,
    Table,
    Text,
)

from .reading import figures_of_html, lines, mentions, parse, text_of
from .sample import LANGUAGES, MOMENT, sample

SHEET = Path(__file__).parents[2] / "src" / "comity" / "site" / "static" / "comity.css"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_tree_stands_in_it_once_a_mention(language: str) -> None:
    document = sample(language)
    root = parse(fragment(document))
    hidden = root.xpath(".//span[@class='sr']")
    for each in hidden:
        each.text = ""
    tags = "self::p or self::li or self::td or self::th or self::h1 or self::h2 or self::h3"
    elements = root.xpath(f".//*[{tags} or self::caption or self::figcaption or self::div]")
    found = Counter(text_of(each) for each in elements)
    missing = Counter(lines(document)) - found
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_leads_to_its_query(language: str) -> None:
    document = sample(language)
    html = fragment(document)
    assert figures_of_html(html) == mentions(document)
    for each in parse(html).iterfind(".//span[@class='num']"):
        assert each.getparent().get("href", "").startswith("/f/")


def test_headings_rise_by_one_and_ids_stand_once() -> None:
    root = parse(fragment(sample("en"), level=2))
    levels = [int(each.tag[1]) for each in root.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 2 and all(b <= a + 1 for a, b in pairwise(levels))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in root.xpath("//nav//@href")} <= set(ids)


@pytest.mark.parametrize(
    "levels", [(1, 1), (1, 2, 1), (1, 2, 3, 1), (1, 2, 3, 2, 3, 3, 1, 2), (1, 2, 3)]
)
def test_contents_nest_as_the_sections_do(levels: tuple[int, ...]) -> None:
    def under(level: int, rest: list[tuple[int, str]]) -> tuple[Section, ...]:
        out: list[Section] = []
        while rest and rest[0][0] == level:
            _level, key = rest.pop(0)
            out.append(Section(key, key, under(level + 1, rest)))
        return tuple(out)

    named = [(level, f"s{n}") for n, level in enumerate(levels)]
    document = Document("en", "T", MOMENT, (Contents(9), *under(1, list(named))))
    links = parse(fragment(document)).xpath("//nav//a")
    assert [(len(a.xpath("ancestor::ol")), a.get("href")[1:]) for a in links] == named


def test_tables_have_heads_with_scope_and_say_the_column_in_each_cell() -> None:
    root = parse(fragment(sample("fr")))
    for table in root.iter("table"):
        heads = [text_of(th) for th in table.iterfind("thead/tr/th")]
        assert all(th.get("scope") == "col" for th in table.iterfind("thead/tr/th"))
        for row in table.xpath("tbody/tr | tfoot/tr"):
            assert row[0].tag == "th" and row[0].get("scope") == "row"
            assert [td.get("data-l") for td in row.iterfind("td")] == heads[1:]
    wide = Table("Wide", tuple(Column(str(n)) for n in range(9)), ())
    html = parse(fragment(Document("en", "T", MOMENT, (wide,))))
    region = html.find(".//div[@role='region']")
    assert region.get("tabindex") == "0" and region.get("aria-label") == "Wide"


def test_other_languages_are_marked() -> None:
    root = parse(fragment(sample("ar")))
    assert root.find(".//article").get("dir") == "rtl"
    quote = root.find(".//blockquote[@lang='en']")
    assert quote.get("dir") == "ltr"
    assert {(b.get("lang"), b.get("dir")) for b in root.iter("bdi")} == {
        ("fr", "ltr"),
        ("ar", "rtl"),
        ("zh-Hans", "ltr"),
    }


def test_no_link_runs_anything() -> None:
    bad = ("javascript:alert(1)", "data:text/html,x", "//evil.example", "/\\evil.example", "#ghost")
    bad += ("vbscript:x", " java\tscript:alert(1)", "https:///x", "http://[bad", "mailto:a b@c")
    runs = tuple(Link("words", each) for each in bad)
    document = Document("en", "T", MOMENT, (Paragraph(runs),))
    assert parse(fragment(document)).find(".//a") is None
    good = Document("en", "T", MOMENT, (Paragraph((Link("w", 'https://a.example/?q="<x>'),)),))
    assert parse(fragment(good)).find(".//a").get("href") == "https://a.example/?q=%22%3Cx%3E"


def test_the_file_stands_alone_and_only_knows_classes_of_the_sheet() -> None:
    sheet = SHEET.read_text()
    document = replace(sample("zh"), marking=Label.AMBER_STRICT)
    html = write_html(document, sheet=sheet).decode()
    assert html.startswith('<!DOCTYPE html>\n<html lang="zh-Hans" dir="ltr">')
    assert '<body class="p-strict">' in html and "TLP:AMBER+STRICT" in html
    assert 'href="https://comity.example/f/teams"' in html
    body = html.partition("</style>")[2]
    assert (
        " style=" not in body
        and "<script" not in body
        and " on" not in re.sub(">[^<]*<", "><", body)
    )
    used = {name for each in re.findall(r'class="([^"]+)"', body) for name in each.split()}
    assert {name for name in used if f".{name}" not in sheet} == set()


def test_a_box_without_paragraphs_is_still_a_box() -> None:
    document = Document("en", "T", MOMENT, (), box=(BoxPart("Empty", ()),))
    root = parse(fragment(document))
    assert isinstance(root, etree._Element) and root.find(".//div[@class='answer']") is not None
    assert "Text" not in fragment(replace(document, blocks=(Paragraph((Text(""),)),)))
