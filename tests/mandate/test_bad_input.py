"""Bad input is input: refused with its place and a way out, quickly, in bounded memory, whole."""

from __future__ import annotations

import json
import time
import tracemalloc
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client

from comity.ledger.models import Act
from comity.mandate import models as m
from comity.mandate.cli import mandate
from comity.mandate.formats.any import LARGEST

from .conftest import Person, source

MB = 1_000_000
LAUGHS = (
    b'<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%s">' % (n, b"&lol%s;" % (str(n - 1).encode() if n > 1 else b"") * 10)
        for n in range(1, 10)
    )
    + b"]>\n<akomaNtoso>&lol9;</akomaNtoso>"
)
PAGE, TEXT = source("2014.json"), source("2014-10-28.txt")
HEAD = TEXT[: TEXT.index(b"recalling")]

BAD = {  # name: bytes, what the error says of the place, words of the remedy
    "truncated JSON": (PAGE[:40_000], "bad:1:", "Fetch the file again"),
    "a page without the list": (
        json.dumps({"content": {"rendered": "<p>Nothing here.</p>"}}).encode(), "", "nested list"),
    "no page at all": (b'{"a": 1}', "", "WordPress"),
    "50 MB": (b"resolves\n\n1 to fill a disk;\n" * (50 * MB // 28), "at most 5,000,000", "text alone"),
    "50 MB of JSON": (b'{"content": "' + b"x" * 50 * MB + b'"}', "", "text alone"),
    "NULs": (b"\x00" * MB, "bad:1:1:", "UTF-8"),
    "a billion laughs": (LAUGHS, "bad:2:1:", "without a document type"),
    "an external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><akomaNtoso>&x;</akomaNtoso>',
        "bad:1:1:", "without a document type"),
    "broken XML": (b"<akomaNtoso><act>", "bad:1:", "Akoma Ntoso 3.0"),
    "other XML": (b"<html><body>x</body></html>", "bad:1:", "Akoma Ntoso 3.0"),
    "an empty file": (b"", "bad:1:1:", "Send the text"),
    "blanks": (b" \n\t\n", "bad:1:1:", "Send the text"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(500), "bad:3:", "UTF-8"),
    "UTF-16": (TEXT.decode().encode("utf-16"), "bad:", "UTF-8"),
    "Latin-1": (HEAD + "recalling\n\na) caf\xe9;\n".encode("latin-1"), "bad:", "UTF-8"),
    "a NUL in a string": (PAGE.replace(b"recalling", b"re\\u0000calling", 1), "bad:1:", "Remove"),
    "half a sign": (PAGE.replace(b"recalling", b"re\\ud800calling", 1), "bad:1:", "Remove"),
    "a deep JSON": (b'{"a":' * 200_000, "", "WordPress"),
    "a text without sections": (HEAD + b"words and words\n" * 100, "", "recalling"),
    "junk": (bytes(range(1, 256)) * 100, "bad:", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_place_and_remedy_quickly_and_leaves_nothing(
    name: str, db: None, tmp_path: Path
) -> None:
    data, place, remedy = BAD[name]
    file = tmp_path / "bad"
    file.write_bytes(data)
    tracemalloc.start()
    began = time.perf_counter()
    result = CliRunner().invoke(
        mandate, ["load", str(file), "--as", "itu-pp/res-9", "--version", "2014"]
    )
    took = time.perf_counter() - began
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (result.exit_code, result.stdout) == (1, "")
    assert place in result.stderr and remedy in result.stderr, result.stderr
    assert "(line" not in result.stderr, "the place is said once"
    assert len(result.stderr) < 600 and "Traceback" not in result.stderr
    assert took < 2 * 3, "2 s on a quiet machine"
    assert peak < 12 * LARGEST, f"{peak / MB:.0f} MB"
    assert not (m.Instrument.objects.exists() or m.Version.objects.exists() or Act.objects.exists())


def test_a_file_of_50_mb_is_never_read_whole(db: None, tmp_path: Path) -> None:
    file = tmp_path / "big.txt"
    with file.open("wb") as sparse:
        sparse.truncate(50 * MB)
    tracemalloc.start()
    result = CliRunner().invoke(mandate, ["load", str(file), "--as", "itu-pp/res-9"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.exit_code == 1 and peak < 2.5 * LARGEST


def test_a_draft_with_unbalanced_marks_is_taken_and_every_mark_is_said(
    db: None, tmp_path: Path
) -> None:
    """The real draft has unbalanced marks itself, so they are findings and no reason to refuse."""
    torn = HEAD + (
        b"recalling\n\n[a) one bracket opens;\n\n~~b) one strike opens;\n\n"
        b"considering\n\nc) a bracket closes];\n\n*d) emphasis opens;\n"
    )
    file = tmp_path / "torn.txt"
    file.write_bytes(torn)
    result = CliRunner().invoke(mandate, ["load", str(file), "--as", "itu-pp/res-130"])
    assert result.exit_code == 0, result.stderr
    said = result.stderr.splitlines()
    codes = set(m.Finding.objects.values_list("code", flat=True))
    assert len(said) >= 3 and len(codes) >= 3
    assert all(line.startswith(f"{file}:") and line.count(":") >= 3 for line in said)
    assert not m.Finding.objects.filter(remedy="").exists()


def test_a_heading_longer_than_any_is_refused_alike_on_both_databases(
    db: None, tmp_path: Path
) -> None:
    """SQLite would keep it, PostgreSQL would fail with an error of its own."""
    items = "<ul><li><div>1   to act.</div></li></ul>"
    long = f"resolves {'at length ' * 60}"
    html = f"<h3>PP RESOLUTION 9 (Busan, 2014)</h3><ul><li><div>{long}</div>{items}</li></ul>"
    file = tmp_path / "long.json"
    file.write_text(json.dumps({"content": {"rendered": html}}))
    result = CliRunner().invoke(mandate, ["load", str(file), "--as", "itu-pp/res-9"])
    assert result.exit_code == 1 and "characters" in result.stderr, result.stderr
    assert not m.Version.objects.exists()


@pytest.mark.parametrize("name", ["truncated JSON", "50 MB", "NULs", "a billion laughs"])
def test_the_api_refuses_with_a_problem_that_names_place_and_remedy(
    name: str, secretariat: Person, tmp_path: Path
) -> None:
    data, _place, remedy = BAD[name]
    file = tmp_path / "bad"
    file.write_bytes(data)
    browser: Client = secretariat.browser  # type: ignore[assignment]
    acts = Act.objects.count()
    with file.open("rb") as upload:
        response = browser.post(
            "/api/v1/mandate/itu-pp/res-9/versions", {"file": upload, "label": "2014"}
        )
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    problem = response.json()
    assert problem["type"] == "/problems/bad-input"
    assert remedy in problem["errors"][0]["remedy"] and problem["errors"][0]["pointer"] == "#"
    if name != "50 MB":
        assert problem["line"] >= 1 and problem["column"] >= 1
    assert not m.Instrument.objects.exists() and Act.objects.count() == acts


def test_a_file_of_any_name_is_taken(db: None, tmp_path: Path) -> None:
    file = tmp_path / ("n" * 210 + ".json")
    file.write_bytes(PAGE)
    result = CliRunner().invoke(mandate, ["load", str(file), "--as", "itu-pp/res-130"])
    assert result.exit_code == 0, result.stderr
    assert m.Version.objects.get().source_name.endswith("n.json")
