"""Which kinds there are: those of the package and those the operator put beside the database.

Read once a process. A kind is one file in `data/kinds/`, or in the folder `kinds` of COMITY_HOME.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from django.conf import settings

from comity.registry.formats.kinds import (
    check_vocabularies,
    read_kind,
    read_library,
    read_vocabulary,
)
from comity.registry.types import BadKind, Kind, Vocabulary


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds by key, in the order of pages, and the vocabularies they use."""

    kinds: Mapping[str, Kind]
    vocabularies: Mapping[str, Vocabulary]


# The order of lists and menus: what is done, what is agreed, what is asked, what helps, what is
# written. A kind of the operator's comes after these, by its key.
ORDER = (
    "initiative",
    "activity",
    "project",
    "agreement",
    "request",
    "situation",
    "tool",
    "training",
    "practice",
    "strategy",
    "law",
    "standard",
    "publication",
    "proposal",
    "indicator",
    "question",
    "contribution",
    "term",
)


def load(folder: Path | None) -> Kinds:
    """Read every file. Raises `BadKind` with file and place."""
    ours = resources.files("comity.registry") / "data"
    library = read_library((ours / "kinds" / "fields.yaml").read_bytes())
    vocabularies = {
        Path(item.name).stem: read_vocabulary(item.read_bytes(), Path(item.name).stem)
        for item in (ours / "vocabularies").iterdir()
        if item.name.endswith(".csv")
    }
    files = [
        (item.name, item.read_bytes())
        for item in (ours / "kinds").iterdir()
        if item.name.endswith(".yaml") and item.name != "fields.yaml"
    ]
    theirs = folder if folder and folder.is_dir() else None
    for path in sorted(theirs.glob("*.csv")) if theirs else ():
        vocabularies[path.stem] = read_vocabulary(path.read_bytes(), path.stem)
    files += [(p.name, p.read_bytes()) for p in sorted(theirs.glob("*.yaml"))] if theirs else []
    found: dict[str, Kind] = {}
    for name, data in files:
        kind = read_kind(data, library, name)
        if kind.key in found:
            raise BadKind(f"Two files describe {kind.key!r}", name, "Give each kind its own key.")
        found[kind.key] = kind
    check_vocabularies(found.values(), vocabularies)
    place = {key: n for n, key in enumerate(ORDER)}
    ordered = sorted(found.values(), key=lambda kind: (place.get(kind.key, len(ORDER)), kind.key))
    return Kinds(
        MappingProxyType({kind.key: kind for kind in ordered}), MappingProxyType(vocabularies)
    )


@cache
def _loaded(folder: str) -> Kinds:
    return load(Path(folder) if folder else None)


def all_kinds() -> Kinds:
    """The kinds of this gateway. Raises `BadKind` when a file of the operator's cannot be used."""
    return _loaded(str(getattr(settings, "REGISTRY_KINDS", "")))


def kinds() -> Mapping[str, Kind]:
    """By key, in the order of pages."""
    return all_kinds().kinds


def vocabularies() -> Mapping[str, Vocabulary]:
    """By key."""
    return all_kinds().vocabularies
