"""What the readers of files say of a piece is in the list of sentences, and is said in six languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.utils import translation

import comity.directory.formats
from comity.directory.formats import any as formats
from comity.directory.formats.sentences import FILLED, WHOLE
from comity.directory.pages.frame import told
from comity.kit.languages import LANGUAGES

HERE = Path(comity.directory.formats.__file__).parent
READERS = ("cerebrate", "contacts", "first", "pieces", "rfc2350", "trusted_introducer")


def said_in_code() -> set[str]:
    """Every sentence that is given to a finding: third and fourth of `tell` and `NotUnderstood`, or
    named `why` or `remedy` before. Of an f-string, its words with a hole for what is filled in."""
    found = set()
    for name in READERS:
        for node in ast.walk(ast.parse((HERE / f"{name}.py").read_text())):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if called in ("tell", "NotUnderstood"):
                    found |= {words for arg in node.args[2:4] if (words := _words(arg))}
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "why":
                found |= {words for words in [_words(node.value)] if words}
    return found


def _words(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else "\0" for p in node.values)
        return "".join(map(str, parts))
    return ""


def test_each_sentence_of_the_readers_is_in_the_list() -> None:
    code = said_in_code()
    assert len(code) > 30, "the code was not read"
    whole = {words for words in code if "\0" not in words}
    assert whole - set(WHOLE) == set()
    shapes = [re.compile(re.sub(r"%\\\(\w+\\\)s|%\(\w+\)s", ".+", re.escape(f))) for f in FILLED]
    filled = {words.replace("\0", "Q") for words in code - whole} - {"Q; read as Q"}
    assert [words for words in filled if not any(s.fullmatch(words) for s in shapes)] == []


FILE = (
    "team,purpose,kind,value,country,label,colour\n"
    "A-CERT,dancing,mail,ir@a.example,KE,TLP:MAUVE,red\n"
    ",incident,mail,ir@b.example,KE,TLP:CLEAR,\n"
    "C-CERT,incident,pigeon,x,Atlantis,TLP:CLEAR,\n"
)


@pytest.mark.parametrize("code", sorted(set(LANGUAGES) - {"en"}))
def test_what_was_not_understood_is_said_in_the_readers_language(code: str) -> None:
    findings = formats.READERS["csv"](FILE.encode()).findings
    assert len(findings) >= 6
    with translation.override("en"):
        english = [told(row) for row in findings]
    with translation.override(LANGUAGES[code].django):
        own = [told(row) for row in findings]
    for (why, remedy), (their_why, their_remedy) in zip(english, own, strict=True):
        assert why != their_why and (remedy != their_remedy or not remedy), (why, remedy)
