"""Bad input to the reader of Akoma Ntoso: refused quickly, in bounded memory, with a remedy."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.mandate.formats.akn import read_akn, write_akn
from comity.mandate.formats.page import parse_page
from comity.mandate.rules.identifiers import with_ids
from comity.mandate.types import MandateError, Text
from tests.mandate.conftest import source
from tests.mandate.test_akn import KEY, document


@pytest.fixture(scope="module")
def adopted() -> Text:
    return with_ids(parse_page(source("2014.json"), name="2014.json"))


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9)
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no well-formed XML"),
        (b"<a><b></a>", "no well-formed XML"),
        (b"\0" * 100, "NUL"),
        (b"<a>caf\xe9</a>", "no well-formed XML"),
        ("<a>x</a>".encode("utf-16"), "NUL"),
        (b"<html><body><p>x</p></body></html>", "no Akoma Ntoso"),
        (b"<akomaNtoso/>", "no Akoma Ntoso"),
        (document(""), "no provisions"),
        (b"<a>" * 45_000, "no well-formed XML"),
        (LAUGHS + b"]><x>&j;</x>", "document type or entities"),
        (
            b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
            "document type or entities",
        ),
        (b'<!DOCTYPE x SYSTEM "http://evil.example/x.dtd"><x/>', "document type or entities"),
        (b" " * 50_000_000, "50,000,000 bytes"),
        (
            document("<section>" + "<p/>" * 200_000 + "</section>"),
            "more than 50,000 tags",
        ),
        (
            document("<section>" + "<p/>" * 45_000 + "</section>"),
            "no provisions",
        ),
        (
            document("<paragraph><content><p>x</p></content></paragraph>" * 6_000),
            "more than 5,000 provisions",
        ),
    ],
)
def test_bad_input_is_refused_quickly_in_bounded_memory(data: bytes, says: str) -> None:
    began = time.process_time()
    with pytest.raises(MandateError, match=says) as caught:
        read_akn(data)
    assert time.process_time() - began < 3
    assert caught.value.remedy
    tracemalloc.start()  # apart from the clock: it slows the reader five times
    with pytest.raises(MandateError):
        read_akn(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 50_000_000


def test_a_truncated_document_names_line_and_column(adopted: Text) -> None:
    data = write_akn(adopted, key=KEY, version="2014")
    with pytest.raises(MandateError, match="no well-formed XML") as caught:
        read_akn(data[:9000])
    assert (caught.value.line, caught.value.column) > (1, 1)


def test_nesting_as_deep_as_the_parser_lets_through_is_read_or_refused() -> None:
    for tag in ("paragraph", "section", "content", "p", "blockList", "list", "container"):
        data = document(f"<{tag}>" * 240 + "x" + f"</{tag}>" * 240)
        try:
            read_akn(data)
        except MandateError as error:
            assert error.remedy


TAG_NAMES = (
    "preamble recitals recital container hcontainer section paragraph num heading intro content "
    "p blockList item list ul li ins del ref authorialNote mainBody body foreign table"
)
TAGS = st.sampled_from(TAG_NAMES.split())
TREES = st.recursive(
    st.sampled_from(["x", "a)", " ", "&amp;", "<eol/>"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>", TAGS, st.lists(inner, max_size=4)
    ),
    max_leaves=20,
)


@given(TREES, TREES)
@settings(max_examples=120, deadline=None)
def test_any_nesting_is_read_or_refused(one: str, two: str) -> None:
    data = document(two, preamble=f"<preamble>{one}</preamble>")
    try:
        text = read_akn(data)
    except MandateError:
        return
    paths = [(p.section, p.path) for p in text.provisions]
    assert len(paths) == len(set(paths))
    assert all(p.text for p in text.provisions)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
@settings(max_examples=100, deadline=None)
def test_junk_never_raises_anything_else(data: bytes) -> None:
    with pytest.raises(MandateError):
        read_akn(data)
