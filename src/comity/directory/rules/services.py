"""The services a team may name: those of the FIRST CSIRT Services Framework 2.1.

A service that everybody spells in their own way cannot be searched for or compared, so a code that
the framework does not have is refused with the nearest that it has. The table is a constant of the
package (`data/first_services.csv`); reading it is the only file access here.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from comity.directory.types import DirectoryError
from comity.kit.countries import folded
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop

FRAMEWORK = "FIRST CSIRT Services Framework 2.1"


@dataclass(frozen=True, slots=True)
class Service:
    """A service, or a function of one: then `part_of` is the code of the service."""

    code: str
    name: str  # official, in English
    part_of: str = ""


@cache
def framework() -> Mapping[str, Service]:
    """The services and functions by their codes, in the order of the framework."""
    table = resources.files("comity.directory").joinpath("data/first_services.csv")
    rows = csv.DictReader(table.read_text("utf-8").splitlines(), strict=True)
    return MappingProxyType(
        {row["code"]: Service(row["code"], row["name"], row["part_of"]) for row in rows}
    )


@cache
def _by_name() -> Mapping[str, str]:
    """Folded names to codes; of a service and its function with one name, the service."""
    found: dict[str, str] = {}
    for service in framework().values():
        if not service.part_of:
            found[folded(service.name)] = service.code
    for service in framework().values():
        found.setdefault(folded(service.name), service.code)
    return MappingProxyType(found)


def canonical_service(text: str) -> str:
    """The code: "Event analysis" and "Event-Analysis" are event-analysis. Raises DirectoryError."""
    bare = " ".join(text.split())
    code = bare.lower()
    if code in framework():
        return code
    if len(bare) <= 200 and (known := _by_name().get(folded(bare))):
        return known
    near = difflib.get_close_matches(code[:200].replace(" ", "-"), framework(), 3, 0.5)
    raise DirectoryError(
        gettext_noop("This is no service of the FIRST CSIRT Services Framework 2.1"),
        shown(text),
        ", ".join(near) or gettext_noop("The list is at {address}."),
        address="/api/v1/directory/services",
    )
