"""A small annual report with every part a tree can have, in six languages. No real data."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path

from comity.report.types.tree import (
    Align,
    BoxPart,
    Break,
    Code,
    Column,
    Contents,
    Definitions,
    Document,
    Emphasis,
    FigureNote,
    FigureRef,
    Foreign,
    Link,
    ListBlock,
    Masthead,
    Moment,
    Notice,
    PageBreak,
    Paragraph,
    Picture,
    Quote,
    QuoteLine,
    Row,
    Runs,
    Section,
    Series,
    Strong,
    Table,
    Text,
    Timeline,
    Tone,
    Words,
)

EXAMPLES = Path(__file__).parents[1] / "examples" / "report"
WORDS: dict[str, dict[str, str]] = json.loads((EXAMPLES / "words.json").read_text())
LANGUAGES = tuple(WORDS)
MOMENT = dt.datetime(2015, 4, 9, 12, 30, tzinfo=dt.UTC)
PERCENT = {"fr": "41 %", "ru": "41 %", "es": "41 %"}


def sample(language: str) -> Document:
    """The example in one language."""
    w = WORDS[language]
    teams, last = FigureRef("79", "teams", changed=True), FigureRef("62", "teams-2013")
    share = FigureRef(PERCENT.get(language, "41%"), "share")
    unknown = FigureRef(w["unknown"], "people")
    return Document(
        language,
        w["title"],
        MOMENT,
        (Contents(), *_body(w, language, teams, last, share, unknown)),
        author=w["author"],
        masthead=Masthead(
            w["meeting"],
            w["place"],
            (Row(w["agenda"], "PL 1.3"),),
            (
                Row(w["document"], f"C15/18-{language[0].upper()}"),
                Row("", w["date"]),
                Row(w["original"], w["original_v"]),
            ),
        ),
        box=(
            BoxPart(w["summary"], ((Text(w["summary_p"] + " "), teams),)),
            BoxPart(w["action"], ((Text(w["action_p"]),),)),
            BoxPart(w["refs"], ((Link(w["refs_p"], "/en/mandate/itu-pp/res-130"),),)),
        ),
        figures=(
            FigureNote("teams", w["f1"], w["f1f"], w["f1d"], "/f/teams", w["f1r"]),
            FigureNote("teams-2013", w["f1"], w["f1f"], "2013-12-31", "/f/teams-2013"),
            FigureNote("share", w["f2"], "", w["f2d"], "/f/share"),
            FigureNote("people", w["unknown"], w["bul3"], w["f2d"], "/f/people"),
            FigureNote("region-1", w["africa"], w["f1f"], w["f1d"], "/f/region-1"),
            FigureNote("never-used", "–", "", "", "/f/never"),
        ),
        identifier=f"C15/18-{language[0].upper()}",
        state=w["state"],
        subject=w["refs_p"],
        base="https://comity.example",
        words=Words(w["contents"], w["notes"], w["changed"], w["page"], w["unknown"]),
    )


def _body(
    w: dict[str, str],
    language: str,
    teams: FigureRef,
    last: FigureRef,
    share: FigureRef,
    unknown: FigureRef,
) -> tuple[Section | PageBreak, ...]:
    first: Runs = (
        Text(w["p1"]),
        teams,
        Text(w["p1b"]),
        share,
        Text(w["p1c"]),
        last,
        Text(w["p1d"]),
        Link(w["annex"], "#annex-a"),
        Text(w["p1e"]),
        Link(w["registry"], "https://comity.example/registry?kind=team&state=in force"),
        Text("."),
    )
    return (
        Section(
            "introduction",
            w["h1"],
            (
                Paragraph(first, "1.1"),
                Paragraph((Text(w["p2"]), unknown, Text(". "), Strong(w["strong"])), "1.2"),
                Paragraph((Emphasis(w["emph"]), Text(" 3 – "), Text(w["refs_p"])), "1.3"),
                Quote((QuoteLine(w["quote"], "3"),), language, source=(Text(w["source"]),)),
                Quote(
                    (
                        QuoteLine("to continue to review its current work:", "1"),
                        QuoteLine("in particular with developing countries", "a)", 1),
                    ),
                    "en",
                    notice=w["notice"] if language != "en" else "",
                ),
                Quote((), language, notice=w["missing"]),
            ),
            "1",
        ),
        Section("technical", w["h2"], _technical(w, teams), "2"),
        PageBreak(),
        Section("annex-a", w["annex"], _annex(w, teams), "A"),
    )


def _technical(w: dict[str, str], teams: FigureRef) -> tuple[Section | Paragraph | ListBlock, ...]:
    africa = FigureRef("12", "region-1")
    bare: Runs = ()
    return (
        Paragraph(
            (
                Text(w["code"] + " "),
                Code("AS64500"),
                Text(" ("),
                Code("2001:db8::/32"),
                Text("), "),
                Foreign("Équipe d’intervention", "fr"),
                Text(" / "),
                Foreign("فريق الاستجابة", "ar"),
                Text(" / "),
                Foreign("应急响应小组", "zh"),
                Text("."),
            ),
            "2.1",
        ),
        ListBlock(
            (
                (Text(w["bul1"]), africa, Text(w["bul1b"])),
                (Text(w["bul2"]),),
                (Text(w["bul3"]),),
            )
        ),
        ListBlock(((Text(w["bul2"]),), (Text(w["bul3"]),)), ordered=True),
        Section(
            "readiness",
            w["h21"],
            (
                Table(
                    w["cap"],
                    (
                        Column(w["region"], 3),
                        Column(w["teams"], 1, Align.NUMBER),
                        Column(w["sharec"], 1, Align.NUMBER),
                        Column(w["note"], 3),
                    ),
                    (
                        ((Text(w["africa"]),), (africa,), (Text("22%"),), bare),
                        ((Text(w["arab"]),), (Text("14"),), (Text("64%"),), bare),
                        ((Text(w["asia"]),), (Text("9"),), (Text("—"),), (Text(w["gap"]),)),
                        ((Text(w["total"]),), (teams,), (Text("41%"),), bare),
                    ),
                    keep=True,
                    total=True,
                    source=(Text(w["source"]),),
                ),
                Definitions(
                    (
                        ((Text(w["term"]),), (Text(w["term_d"]),)),
                        ((Text(w["term2"]),), (Text(w["term2_d"]),)),
                    )
                ),
                Notice((Text(w["warn"]),), Tone.WARN, w["warnh"]),
                Notice((Text(w["p2"]), FigureRef(w["unknown"], "people"))),
                Timeline(
                    (
                        Moment(w["tl1"], (Text(w["tl1w"]),), (Text(w["tls"]),)),
                        Moment(w["tl2"], (Text(w["tl2w"]),)),
                    )
                ),
                picture(w),
            ),
            "2.1",
        ),
    )


def picture(w: dict[str, str]) -> Picture:
    """Duties by status over four years, one of them not reported."""
    return Picture(
        w["pic"],
        w["alt"],
        w["year"],
        ("2011", "2012", "2013", "2014"),
        (
            Series(w["settled"], (None, 4, 11, 19), Tone.GOOD),
            Series(w["open"], (None, 10, 9, Decimal(8)), Tone.WARN),
            Series(w["silent"], (None, 17, 11, 4), Tone.PALE),
        ),
        (Text(w["source"]),),
    )


def _annex(w: dict[str, str], teams: FigureRef) -> tuple[Table, ...]:
    rows: list[tuple[Runs, ...]] = [
        (
            (Text(f"{w['para']} {n}"),),
            (Text(w["quote"]),),
            (Text(w["tl1w"]), Break(), Text(w["tl2w"] + " "), teams),
            (Strong(w["settled"] if n % 3 else w["silent"]),),
        )
        for n in range(1, 25)
    ]
    columns = (
        Column(w["para"], 2),
        Column(w["asked"], 4),
        Column(w["done"], 4),
        Column(w["status"], 2),
    )
    return (Table(w["annex"], columns, tuple(rows)),)
