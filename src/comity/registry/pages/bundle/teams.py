"""Teams in the bundle, when the room that knows them lends its public page data.

The room below is asked by name, so that the bundle is whole without it. What it lends:
`for_bundle(viewer, language)` giving rows of (key, title, country, facts), where facts are
(label, values) of words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from comity.kit.tlp import ANONYMOUS
from comity.registry.pages.bundle import render
from comity.registry.pages.bundle.piece import keep
from comity.registry.pages.bundle.render import Site

LENT = ("comity.directory.reads", "for_bundle")
Row = tuple[str, str, str, Sequence[tuple[str, Sequence[str]]]]


def lent() -> Callable[..., Iterable[Row]] | None:
    """The function, or None while the room does not offer it."""
    try:
        module: Any = import_module(LENT[0])
    except ModuleNotFoundError:
        return None
    found: Callable[..., Iterable[Row]] | None = getattr(module, LENT[1], None)
    return found


def write(folder: Path, site: Site, hashes: dict[str, str]) -> list[tuple[str, str]]:
    """One page a team; (title, file) of each, in the order lent."""
    ask = lent()
    made: list[tuple[str, str]] = []
    for key, title, country, facts in ask(ANONYMOUS, site.here.language) if ask else ():
        file = f"team/{render.file_of(key)}"
        page = render.render("team", site, "../", title=title, country=country, facts=facts)
        keep(folder, file, page, hashes)
        made.append((title, file))
    return made
