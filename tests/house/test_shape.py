"""Who has read one room has read them all: the same files in each, and each of them short."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ROOT / "src" / "comity"

CODE = {"types", "rules", "models", "reads", "actions", "api", "pages", "admin", "cli", "jobs"}
FOLDERS = {"formats", "data", "templates", "locale", "static", "templatetags", "migrations"}
LONGEST = 450  # lines: past that nobody holds a file in mind

# What a room may have besides, and why. A new name here needs a reason as good as these.
BESIDES = {
    "ledger": {"triggers.py": "the SQL that refuses to change the past"},
    "events": {
        "store": "files of columns, keys, tables and raw reports, and how they are written to stay",
        "engine": "what runs tasks: the seam that a cluster fills too",
    },
    "people": {
        "accounts.py": "what allauth asks of a house: its adapters and backend",
        "account_pages.py": "the pages of allauth, at addresses of ours",
        "forms.py": "the forms of allauth, in our words and look",
        "doors": "what every room's API asks of a request, and how it answers (ADR 14)",
        "middleware.py": "builds the viewer of each request",
        "words.py": "the words of roles, scopes and kinds, said the same everywhere",
    },
}
FREE = {"kit", "site"}  # the kit is one module a topic; the site is the house itself


def rooms() -> list[str]:
    return sorted(p.parent.name for p in ROOMS.glob("*/__init__.py"))


@pytest.mark.parametrize("room", [room for room in rooms() if room not in FREE])
def test_a_room_has_only_the_files_of_the_table(room: str) -> None:
    allowed = {f"{name}.py" for name in CODE} | CODE | FOLDERS | set(BESIDES.get(room, {}))
    allowed |= {"__init__.py", "README.md", "__pycache__"}
    found = {path.name for path in (ROOMS / room).iterdir()}
    assert found <= allowed, f"not in the table of STYLE.md: {sorted(found - allowed)}"
    both = {name for name in CODE if f"{name}.py" in found and name in found}
    assert not both, f"a file and a folder of one name: {both}"


@pytest.mark.parametrize("room", rooms())
def test_a_room_says_what_it_is_for(room: str) -> None:
    readme = ROOMS / room / "README.md"
    assert readme.exists(), f"write src/comity/{room}/README.md: one screen, purpose and words"
    assert len(readme.read_text(encoding="utf-8").splitlines()) < 120, "one screen, not a book"


def tracked() -> list[Path]:
    """Files git would commit: what is ignored is nobody's business."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    paths = (ROOT / name.decode() for name in listed.split(b"\0") if name)
    return [path for path in paths if path.is_file()]


def test_every_file_can_be_held_in_mind() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in tracked()
        if path.suffix in {".py", ".html"}
        and "migrations" not in path.parts
        and (lines := path.read_text(encoding="utf-8").count("\n")) > LONGEST
    }
    assert not long, f"longer than {LONGEST} lines: {long}"


def test_every_module_says_why_it_exists() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix == ".py"
        and "migrations" not in path.parts
        and (text := path.read_text(encoding="utf-8").strip())
        and not re.match(r'(#!.*\n)?[rR]?"""', text)
    ]
    assert silent == []


def test_no_names_that_say_nothing() -> None:
    empty = {"utils", "helpers", "common", "manager", "processor", "base"}
    found = [p for p in ROOMS.rglob("*.py") if p.stem in empty]
    assert found == []
