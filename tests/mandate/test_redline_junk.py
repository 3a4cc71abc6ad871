"""Bad input is input: a clear error with its place, or a text whose spans cover the source."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import comity.mandate
from comity.mandate.formats.redline import parse_redline
from comity.mandate.types import MandateError, Text

DRAFT = Path(comity.mandate.__file__).parent / "data" / "itu-pp" / "res-130" / "2014-10-28.txt"
SOURCE = DRAFT.read_text("utf-8")
FAST = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SNIPPETS = [
    "recalling", "resolves", "*instructs the Council*", "~~", "*", "**", "[", "]", "\n", "\n\n",
    "\r\n", " ", "- ", "a) ", "ib) ", "ii) ", "2 ", "12", "B/75/4 Brazil - option 1", "Option 2",
    "that it is so;", "and", ",", "(Hyderabad, 2010", "Rev. Dubai, 2014)", "WTSA-0812", "₇₂", "—",
    "RESOLUTION 5", "The Conference,", "\u2028", "\ufeff", "\x0c", "é", "(", ")", ":", "note: x",
]  # fmt: skip


def assert_covers(text: Text, source: str) -> None:
    spans = [r.span for p in text.passages for r in p.runs]
    spans += [m.span for m in text.marks] + [a.span for a in text.artefacts]
    at = 0
    for span in sorted(spans):
        assert span.start == at < span.end
        at = span.end
    assert at == len(source)
    paths = [(p.section, p.path) for p in text.passages]
    assert len(set(paths)) == len(paths)


def try_to_parse(source: str) -> None:
    try:
        text = parse_redline(source.encode())
    except MandateError as error:
        assert error.message and error.remedy
    else:
        assert_covers(text, source)


@FAST
@given(st.binary(max_size=300))
def test_junk_bytes_never_crash(data: bytes) -> None:
    try:
        text = parse_redline(data)
    except MandateError as error:
        assert error.remedy
    else:
        assert_covers(text, data.decode())


@FAST
@given(st.text(max_size=200))
def test_junk_behind_a_heading_is_covered(junk: str) -> None:
    source = "resolves\n\n1 to do " + junk
    if source.encode("utf-8", "ignore").decode() == source:
        try_to_parse(source)


@settings(parent=FAST, max_examples=200)
@given(st.lists(st.sampled_from(SNIPPETS), max_size=40))
def test_any_heap_of_marks_is_covered(parts: list[str]) -> None:
    try_to_parse("noting\n\n" + "".join(parts))


@pytest.mark.slow
@settings(parent=FAST, max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(SOURCE)), st.integers(0, 60), st.sampled_from([*SNIPPETS, ""])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_mutilated_draft_is_covered(cuts: list[tuple[int, int, str]]) -> None:
    source = SOURCE
    for at, size, instead in cuts:
        source = source[:at] + instead + source[at + size :]
    try_to_parse(source)


@pytest.mark.parametrize(
    ("data", "words", "line", "column"),
    [
        (b"", "No section heading", 1, 1),
        (b"just words\n", "No section heading", 1, 1),
        (b"resolves\n\n", "no paragraph", 1, 1),
        (b"resolves\n1 to\x00do", "control character (U+0000)", 2, 5),
        (b"\x00" * 1000, "control character", 1, 1),
        (b"resolves\n\n1 caf\xe9;", "not UTF-8", 3, 6),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8", 1, 1),
        (b"resolves\n\n1 " + b"[" * 30, "deep", 3, 3),
        (b"resolves\n" * 60_000, "more than 50,000", 1, 1),
        (b"resolves\n\n" + b"1 do];\n\n" * 300, "More than 200 places", 3, 5),
    ],
)
def test_errors_say_what_where_and_what_to_do(
    data: bytes, words: str, line: int, column: int
) -> None:
    with pytest.raises(MandateError) as caught:
        parse_redline(data)
    assert words in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.remedy


def test_size_is_looked_at_first() -> None:
    start = time.process_time()
    with pytest.raises(MandateError, match="5,000,000"):
        parse_redline(b"\x00" * 50_000_000)
    assert time.process_time() - start < 0.2


@pytest.mark.slow
@pytest.mark.parametrize(
    "filler",
    [
        "a) x\n",
        "xyz \n\n",
        "words and more\n",
        "~~",
        "~~a~~ ",
        "*a* [b] ",
        "- ib) ~~x~~ y;\n",
        "B/75/4 x - " * 17 + "\n",
        "to x; - " * 20 + "\n",
        "AaAa",
        "Éé",
        "Hyderabad, 2010",
        "((a) ",
        "; - ",
        "          ",
        "-",
        "1 2 3 4\n",
        "TAG/1/2\n\nb) ~~n~~ \n\n",
    ],
)
def test_reading_time_grows_with_size_only(filler: str) -> None:
    """30 kB of whatever, not much less than the draft, read in bounded time."""
    source = "resolves\n\n1 to do\n" + filler * (30_000 // len(filler.encode()))
    start = time.process_time()
    try_to_parse(source)
    assert time.process_time() - start < 3  # 6,000 paragraphs of four letters are the slowest
