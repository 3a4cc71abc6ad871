"""The repository shows nothing of the machine it was made on, and says under which licence it is."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.house.test_shape import tracked

ROOT = Path(__file__).resolve().parents[2]

PLACES = re.compile(r"(?<![\w.])/(?:root|home/\w+|Users/\w+|work|tmp/\w+)/")
INDEXES = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host")
AN_EXAMPLE = re.compile(r"\bGET /|https?://")


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        if path == Path(__file__):
            continue  # it names what it looks for
        data = path.read_bytes()
        if b"\0" in data[:4096] or "data" in path.parts or "examples" in path.parts:
            continue
        found.append((path.relative_to(ROOT), data.decode("utf-8")))
    return found


def test_no_path_of_a_machine() -> None:
    faults = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        if PLACES.search(line) and not AN_EXAMPLE.search(line)
    ]
    assert faults == []


def test_no_index_of_packages_is_named() -> None:
    faults = [str(path) for path, text in texts() if INDEXES.search(text)]
    assert faults == [], "where packages come from is the machine's own business"


def test_the_lock_pins_by_hash() -> None:
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[A-Za-z0-9].*==", text, re.M)
        assert pins and len(re.findall(r"--hash=sha256:", text)) >= len(pins), name
        assert "://" not in text, f"{name} names an address"


def test_the_licence_is_said_once_and_the_same() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text and "Version 2.0, January 2004" in text
