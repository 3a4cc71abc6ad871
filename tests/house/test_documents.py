"""What the documents tell to type exists: commands, their options, make targets, settings."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from comity.site.cli import comity, commands

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    {
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("src/comity/*/README.md"),
    }
)
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.S)
SETTING = re.compile(r"\bCOMITY_[A-Z_]+\b")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.M)


def typed(text: str) -> list[str]:
    """Lines of code in a document that start with a command of ours."""
    lines = [line for m in CODE.finditer(text) for line in (m[1] or m[2]).splitlines()]
    found = []
    for line in lines:
        for part in re.split(r"\s(?:\||&&|;)\s", line):
            part = re.sub(r"^\s*(?:\$ |%\s)?(?:\w+=\S+\s+)*", "", part).split(" #")[0].strip()
            if re.match(r"(?:\S*/)?comity(\s|$)|make(\s|$)", part):
                found.append(part)
    return found


def fault_of(line: str) -> str:
    """Why this line would not work; empty when it would."""
    words = shlex.split(line.split("<")[0].replace("…", " "))  # <room> stands for any
    if words[0] == "make":
        targets = set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
        asked = [w for w in words[1:] if "=" not in w and not w.startswith("-")]
        return next((f"make has no {w}" for w in asked if w not in targets), "")
    command: click.Command = comity
    rest = words[1:]
    path = "comity"
    while isinstance(command, click.Group) and rest and re.fullmatch(r"[a-z][a-z-]*", rest[0]):
        inner = command.get_command(click.Context(command), rest[0])
        if inner is None:
            return f"{path} has no command {rest[0]}"
        path, command, rest = f"{path} {rest[0]}", inner, rest[1:]
    options = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
    options |= {"--version"} if command is comity else set()
    for word in rest:
        if word.startswith("--") and word.split("=")[0] not in options:
            return f"{path} has no option {word}"
    return ""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_documented_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    faults = [f"{line}: {fault}" for line in typed(text) if (fault := fault_of(line))]
    assert faults == []


def test_the_reader_of_commands_is_not_blind() -> None:
    text = "`comity nothing`\n```sh\n$ make nothing\ncomity serve --nothing 1\ncomity setup | head\n```"
    assert [bool(fault_of(line)) for line in typed(text)] == [True, True, True, False]


def test_every_command_has_help_and_an_example() -> None:
    def leaves(command: click.Command, path: str) -> list[tuple[str, click.Command]]:
        if not isinstance(command, click.Group):
            return [(path, command)]
        context = click.Context(command)
        inner = (
            (name, command.get_command(context, name)) for name in command.list_commands(context)
        )
        return [leaf for name, found in inner if found for leaf in leaves(found, f"{path} {name}")]

    every = leaves(comity, "comity")
    assert len(every) > len(commands())
    assert [path for path, command in every if not command.help] == []
    bare = [path for path, c in every if c.params and "Example:" not in (c.help or "")]
    assert bare == [], "say how it is typed"


def settings_read() -> set[str]:
    """Every COMITY_ name that the product reads from the environment."""
    read = re.compile(r"""environ(?:\.get\(|\[)\s*["'](COMITY_[A-Z_]+)""")
    sources = (ROOT / "src").rglob("*.py")
    return {name for path in sources for name in read.findall(path.read_text(encoding="utf-8"))}


def test_settings_are_documented() -> None:
    text = (ROOT / "src/comity/site/settings.py").read_text(encoding="utf-8")
    told = set(re.findall(r"^(?:# )?(COMITY_[A-Z_]+) ", text, re.M))
    assert settings_read(), "found none"
    assert settings_read() - told == set()
    of_tests = {"COMITY_NEEDS_BROWSER"}
    for path in DOCUMENTS:
        named = set(SETTING.findall(path.read_text(encoding="utf-8")))
        assert named <= settings_read() | told | of_tests, path
