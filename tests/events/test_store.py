"""What lies on disk: written past the cache and read back in parts; nothing that nobody names."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comity.events import actions
from comity.events.actions import receiving
from comity.events.reads.house import places
from comity.events.rules import dedup
from comity.events.store import direct, runs, spool
from comity.events.store.places import Places
from comity.events.types.chunks import Span, Stretch

SIZES = [0, 1, 4095, 4096, direct.SMALL - 1, direct.SMALL, direct.SMALL + 1, 3 * direct.BLOCK + 77]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_is_what_was_written(tmp_path: Path, size: int) -> None:
    data = np.random.default_rng(size).bytes(size)
    path = tmp_path / "file"
    path.write_bytes(b"longer than before" * 9)
    direct.write(path, data)
    assert path.read_bytes() == data


def test_where_the_disk_knows_no_direct_way_it_is_written_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refusing(path: object, flags: int, *rest: int) -> int:
        if flags & os.O_DIRECT:
            raise OSError(22, "Invalid argument")
        return real(path, flags, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(direct.os, "open", refusing)
    data = bytes(range(256)) * 9_001
    direct.write(tmp_path / "file", data)
    assert bytes(direct.Window().read(tmp_path / "file", 5, len(data))) == data[5:]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30_000), st.integers(0, 30_000), st.integers(0, 30_000))
def test_a_window_shows_a_stretch(
    tmp_path_factory: pytest.TempPathFactory, size: int, one: int, two: int
) -> None:
    data = np.random.default_rng(size).bytes(size)
    path = tmp_path_factory.getbasetemp() / "windowed"
    path.write_bytes(data)
    start, end = sorted((one, two))
    window = direct.Window()
    window.read(path, 0, 10)
    assert bytes(window.read(path, start, end)) == data[start:end]


@given(st.binary(max_size=200), st.integers(0, 200), st.integers(0, 200), st.data())
def test_a_stretch_answers_as_the_whole_file(
    text: bytes, one: int, two: int, data: st.DataObject
) -> None:
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    part = Stretch(text[:start], text[start:end], start, len(text))
    first, last = sorted(data.draw(st.lists(st.integers(start, end), min_size=2, max_size=2)))
    assert len(part) == len(text)
    assert part[first:last] == text[first:last] and part[: start // 2] == text[: start // 2]
    assert part.find(b"\n", first, last) == text.find(b"\n", first, last)
    assert part.find(b"\n", 0, start) == text.find(b"\n", 0, start)


def test_a_stretch_says_when_it_is_asked_for_more_than_it_has() -> None:
    with pytest.raises(IndexError):
        Stretch(b"head", b"part", 10, 100)[10:50]


def test_a_packed_file_comes_as_a_whole(tmp_path: Path) -> None:
    house = Places(tmp_path).ready()
    name, _size = spool.put(house, b"a,b\n" * 9)
    part = spool.stretch(house, name, Span(8, 16))
    assert part[8:16] == b"a,b\na,b\n" and part[0:4] == b"a,b\n"
    spool.pack(house, name)
    assert spool.stretch(house, name, Span(8, 16)) == b"a,b\n" * 9


def test_runs_without_a_sieve_are_read_as_they_were_written(tmp_path: Path) -> None:
    house = Places(tmp_path).ready()
    key = np.arange(5_000, dtype=np.uint64) << np.uint64(40)
    for sieved in (False, True):
        runs.write(house, "some", dedup.Keys(key, key), sieved=sieved)
        found = runs.opened(house.run("some"), runs.Run("some", 1, 5_000))
        assert (found.sieve is not None) is sieved
        assert dedup.among(found, key, key).all()
    with house.run("some").open("ab") as out:
        out.write(b"x")
    with pytest.raises(runs.DamagedRun):
        runs.opened(house.run("some"), runs.Run("some", 1, 5_000))


@pytest.mark.django_db
def test_a_raw_file_that_nobody_named_is_swept_once_it_is_old() -> None:
    """A command died between the spool and the manifest."""
    name, _size = spool.put(places(), b"nobody named me\n")
    actions.compact()
    assert places().spool(name).exists(), "somebody may be about to name it"
    os.utime(places().spool(name), (0, 0))
    spool.put(places(), b"nobody named me\n")  # handed in again: it is as if new
    actions.compact()
    assert places().spool(name).exists()
    os.utime(places().spool(name), (0, 0))
    actions.compact()
    assert not places().spool(name).exists()


@pytest.mark.django_db
def test_the_next_file_lies_in_the_spool_while_one_is_worked_on() -> None:
    read: list[str] = []

    def contents(name: str) -> bytes:
        read.append(name)
        if name == "gone":
            raise FileNotFoundError(name)
        return b"ip\n192.0.2.1\n" + name.encode()

    names = ["one.csv", "gone", "2026-11-20-scan_telnet-two.csv", "three"]
    found = {}
    for name, coming in actions.ahead(names, contents):
        if name == "gone":
            with pytest.raises(FileNotFoundError):
                coming()
            continue
        found[name] = coming()
    assert read == names
    assert [file.kept is not None for file in found.values()] == [False, True, False]
    kept = found["2026-11-20-scan_telnet-two.csv"].kept
    assert kept is not None and spool.get(places(), kept[0]).endswith(b"two.csv")


@pytest.mark.parametrize("size", [1, 33 << 20, 100 << 20, 1 << 30])
def test_the_parts_of_a_file_are_alike_and_not_too_large(size: int) -> None:
    part = receiving.even_span(size, 32 << 20)
    count = -(-size // part)
    assert part <= 32 << 20
    assert count == 1 or count % (os.cpu_count() or 1) == 0 or part == 32 << 20
