"""The room keeps its word: its README runs, and it stays pure."""

from __future__ import annotations

import ast
import doctest
from importlib import resources
from pathlib import Path

import comity.kit

ROOM = Path(str(resources.files(comity.kit)))
IMPURE = {
    "django",
    "sqlite3",
    "psycopg",
    "socket",
    "urllib.request",
    "http",
    "time",
    "random",
    "os",
}


def test_the_walk_in_the_readme_runs() -> None:
    result = doctest.testfile(str(ROOM / "README.md"), module_relative=False)
    assert result.attempted >= 6
    assert result.failed == 0


def test_the_readme_names_every_module() -> None:
    text = (ROOM / "README.md").read_text("utf-8")
    modules = {path.stem for path in ROOM.glob("*.py")} - {"__init__"}
    assert {name for name in modules if f"`{name}`" not in text} == set()


def test_no_module_reaches_for_clock_network_database_or_another_room() -> None:
    for path in ROOM.glob("*.py"):
        if path.name == "fetcher.py":  # the house's one way to the web; rules may not import it
            continue
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                assert not name.startswith("comity.") or name.startswith("comity.kit"), path.name
                assert not {name, name.split(".")[0]} & IMPURE, (path.name, name)
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"now", "today", "utcnow"}, path.name
