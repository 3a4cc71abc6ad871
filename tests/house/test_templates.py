"""Templates: every sentence through gettext, nothing inline that the policy would refuse."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

ROOMS = Path(__file__).resolve().parents[2] / "src" / "comity"
TEMPLATES = sorted(ROOMS.glob("*/templates/**/*.html"))

# Names, the same in every language.
BRANDS = {
    "Comity",
    "JSON",
    "CSV",
    "HTML",
    "DOCX",
    "XML",
    "Akoma",
    "Ntoso",
    "UTC",
    "ITU",
    "TLP",
    "ID",
}
SPOKEN = {"alt", "title", "aria-label", "aria-description", "placeholder", "summary", "label"}
BUTTONS = {"submit", "button", "reset"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"""\w+=(?!_\()(["'])[^"']*[^\W\d_]+\s+[^\W\d_]+[^"']*\1""")


def bare(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of what is not a template tag: translated blocks and comments taken out."""
    inside = ""
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            if word in {"blocktranslate", "blocktrans", "comment"}:
                inside = word
            elif word == f"end{inside}":
                inside = ""
            yield token.lineno, ""
        elif token.token_type == TokenType.TEXT and not inside:
            yield token.lineno, token.contents


class Reader(HTMLParser):
    """Collects words a person would see or hear, and what a strict policy would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.inline: list[str] = []
        self.mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in {"code", "style", "script"}:
            self.mute += 1
        data = held.get("type") == "application/json"  # never run, and the policy lets it be
        if tag == "style" or (tag == "script" and "src" not in held and not data):
            self.inline.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or re.fullmatch(r"on[a-z]+", name):
                self.inline.append(f"{name}= on <{tag}>")
            if (value or "").strip().lower().startswith("javascript:"):
                self.inline.append(f"{name}=javascript: on <{tag}>")
            spoken = name in SPOKEN or (
                name == "value" and (tag == "button" or held.get("type") in BUTTONS)
            )
            if spoken and value:
                self.words.append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"code", "style", "script"}:
            self.mute = max(0, self.mute - 1)

    def handle_data(self, data: str) -> None:
        if not self.mute:
            self.words.append(data)


def read(source: str) -> Reader:
    reader = Reader()
    reader.feed("".join(text for _line, text in bare(source)))
    reader.close()
    return reader


def literal(source: str) -> list[str]:
    """Words that would be shown without going through gettext."""
    found = [w for text in read(source).words for w in LETTERS.findall(text) if w not in BRANDS]
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK and token.contents.startswith(("include", "with")):
            found += [m[0] for m in SENTENCE.finditer(token.contents)]
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOMS).as_posix())
def test_no_literal_string(path: Path) -> None:
    assert literal(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(ROOMS).as_posix())
def test_nothing_inline(path: Path) -> None:
    assert read(path.read_text(encoding="utf-8")).inline == []


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello there</p>", ["Hello", "there"]),
        ('<img alt="A map">', ["map"]),
        ('<p aria-label="{% translate "All" %}">{% translate "x" %}</p>', []),
        ("{% blocktranslate %}Hello{% endblocktranslate %}{{ name }}", []),
        ("{% comment %}Hello{% endcomment %}<code>GET /x</code>", []),
        ('<input type="submit" value="Send it">', ["Send", "it"]),
        ('<input type="hidden" value="machine">', []),
        ('{% include "parts/empty.html" with words="None so far" %}', ['words="None so far"']),
        ('{% include "parts/empty.html" with words=_("None so far") %}', []),
    ],
)
def test_the_reader_sees_literals(source: str, words: list[str]) -> None:
    assert literal(source) == words


def test_the_reader_sees_what_is_inline() -> None:
    source = '<p style="x" onclick="y">a</p><script>b</script><a href="javascript:c">d</a>'
    assert len(read(source).inline) == 4
    assert read('<script src="/static/x.js" defer></script>').inline == []
