"""A large file goes by once: it is kept and cut as if it had been read whole."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.events import actions
from comity.events import models as m
from comity.events.engine import Inline
from comity.events.formats import mappings, reading
from comity.events.formats.cutting import Cutter
from comity.events.store import direct, places, spool
from tests.events.test_ingest import counts, home, report, stored

__all__ = ["home"]
SOURCE = mappings.catalogue()["shadowserver"]
CELLS = st.sampled_from(['"a"', "a", '""', '"a""b"', '"a,b"', '"two\nlines"', '"', "é", "\r"])
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=4).map(",".join), min_size=1, max_size=30)


def cut(data: bytes, size: int, block: int) -> Any:
    cutter = Cutter(SOURCE, len(data), size)
    for at in range(0, len(data), block):
        cutter.feed(memoryview(data)[at : at + block])
    return cutter.spans()


@given(ROWS, st.integers(1, 60), st.integers(8, 200), st.booleans())
def test_parts_are_those_of_the_whole_text(
    rows: list[str], size: int, block: int, end: bool
) -> None:
    data = ("timestamp,ip\n" + "\n".join(rows) + "\n" * end).encode()
    found = cut(data, size, max(block, 16))
    if found is not None:
        assert list(found) == list(reading.spans(data, SOURCE, size=size))
    elif "\n" not in "".join(rows) and '"' not in "".join(rows):
        raise AssertionError("nothing was out of the ordinary")


@pytest.mark.parametrize(
    "head", [b"\xef\xbb\xbftimestamp,ip\n", b"a,b\n", b"<!doctype html>\n", b"\x1f\x8b\n", b"# x\n"]
)
def test_what_is_out_of_the_ordinary_is_left_to_who_reads_it_whole(head: bytes) -> None:
    assert cut(head + b"1,2\n" * 50, 40, 64) is None


@pytest.mark.parametrize("size", [0, 5, direct.BLOCK - 1, direct.BLOCK, 2 * direct.BLOCK + 4_097])
def test_what_is_poured_is_what_is_put(tmp_path: Path, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    one, two = (places.Places(tmp_path / name).ready() for name in "ab")
    seen: list[bytes] = []
    assert spool.pour(one, io.BytesIO(data), lambda block: seen.append(bytes(block))) == spool.put(
        two, data
    )
    name = spool.digest(data)
    assert spool.get(one, name) == spool.get(two, name) == data == b"".join(seen)
    assert spool.pour(one, io.BytesIO(data), lambda block: None) == (name, size)
    assert list(one.root.rglob("*.partial")) == []


@pytest.mark.parametrize("quoted", [False, True])
def test_a_large_file_is_never_in_memory_and_all_of_it_is_stored(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quoted: bool
) -> None:
    monkeypatch.setattr(actions.receiving, "SPAN", 2_000)  # type: ignore[attr-defined]
    data = report(*range(200))
    if quoted:  # cells of so many lines that the first cut is inside one
        data = data.replace(b'"login:"', b'"' + b"or not\n" * 50 + b'"')
    path = tmp_path / "2026-11-20-scan_telnet-xx-geo.csv"
    path.write_bytes(data)

    def contents(name: str) -> bytes:
        raise AssertionError("it was read whole")

    [(name, coming)] = list(actions.ahead([str(path)], contents))
    file = coming()
    assert bool(file.parts) != quoted and file.data == (data if quoted else b"")
    [intake] = list(actions.receive(file, Path(name).name))
    assert intake.raw.size == len(data)
    done = actions.run(intake, Inline())
    assert counts(done) == (200, 200, 0, 0) and done.state == m.Intake.DONE
    first = stored(home).sort("feed_row")["feed_row"].to_list()
    assert len(set(first)) == 200 and (quoted or first == list(range(1, 201)))
