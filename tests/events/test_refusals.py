"""Why a file was refused is said in the reader's language, whatever the code can say."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

import comity.events
from comity.events.pages import refusals
from comity.events.types.sources import BadFile

ROOM = Path(comity.events.__file__).parent
ASKED = (*(f"formats/{name}.py" for name in ("delimited", "jsonlines", "reading", "encoding")),
         "rules/normalise/planning.py", "store/spool.py")  # fmt: skip


def text(node: ast.expr) -> str:
    """A sentence of the source, with something in the places that are filled."""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "filled" for part in node.values
        )
    assert isinstance(node, ast.Constant)
    return str(node.value)


def sentences() -> Iterator[str]:
    for name in ASKED:
        for node in ast.walk(ast.parse((ROOM / name).read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (
                "BadFile",
                "GoneFile",
            ):
                message, _place, remedy = node.args
                yield str(BadFile(text(message), "'a, at b'", text(remedy)))
                yield str(BadFile(text(message), "", text(remedy)))


@pytest.mark.parametrize("code", ["ar", "es", "fr", "ru", "zh-hans"])
def test_every_refusal_of_a_file_is_said_in_the_language(code: str) -> None:
    said = list(sentences())
    assert len(said) >= 20
    with translation.override(code):
        for sentence in said:
            found = refusals.told(sentence)
            assert found and not found.english, sentence
            assert found.words != sentence and ("'a, at b'" in found.words) == ("at b" in sentence)
            assert ("filled" in found.words) == ("filled" in sentence)


def test_another_sentence_stays_as_it_is_and_says_that_it_is_english() -> None:
    assert refusals.told("") is None
    assert refusals.told("disk on fire.") == refusals.Refusal("disk on fire.", english=True)
