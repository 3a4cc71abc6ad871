"""Which rooms stand in this house, and where each joins it. One row a room; later rooms add theirs.

A room's doors are found by their modules: `pages` (a `urlpatterns` list and an `app_name`) under
/<language>/<room>/, `api` (a ninja `router`) under /api/v1/<room>/, both only when the file is
there. Everything else a room lends to the house is a row below: a place in the navigation, the
figures of the home page, what `comity setup` must load.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the main navigation: words, URL name, and the namespace it stands for."""

    title: str | Promise
    url_name: str
    namespace: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What one room lends to the house. Strings name "module:function", imported when needed."""

    name: str
    places: tuple[Place, ...] = ()
    figures: str = ""  # (viewer) -> rows of `Figure`'s fields, for the home page
    doors: str = ""  # (viewer) -> (words, address): where a visitor may begin
    own: str = ""  # (viewer) -> (words, address): the pages of somebody who is signed in
    load: str = ""  # () -> str | None, idempotent and quick when nothing changed, for `setup`
    sample: str = ""  # (again=False) -> str | None: sample data, also after it was removed
    remove_sample: str = ""  # () -> int or counts by name: what went


@dataclass(frozen=True, slots=True)
class Figure:
    """One real count with the page that shows what was counted."""

    number: int
    counts: str | Promise  # "paragraphs of Resolution 130"
    source: str | Promise  # the words of the link below it
    url: str


HOME = Place(_("Home"), "home")

ROOMS = (
    Room("ledger"),
    Room("people", remove_sample="comity.people.actions:remove_samples"),
    Room(
        "directory",
        places=(
            Place(_("Whom to call"), "directory:responsible", "directory"),
            Place(_("Directory"), "directory:teams", "directory"),
        ),
        figures="comity.directory.pages.home:figures",
        doors="comity.directory.pages.home:doors",
        sample="comity.directory.actions:load_sample",
        remove_sample="comity.directory.actions:remove_sample",
    ),
    Room(
        "mandate",
        places=(Place(_("Resolution 130"), "mandate:instruments", "mandate"),),
        figures="comity.mandate.pages.home:figures",
        doors="comity.mandate.pages.home:doors",
        load="comity.mandate.actions:load_documents",
    ),
    Room(
        "registry",
        places=(Place(_("Registry"), "registry:home", "registry"),),
        figures="comity.registry.pages.home:figures",
        doors="comity.registry.pages.home:doors",
        own="comity.registry.pages.home:own",
        sample="comity.registry.actions:load_sample",
        remove_sample="comity.registry.actions:remove_sample",
    ),
    Room(
        "events",
        places=(
            Place(_("Duty"), "events:duty", "events"),
            Place(_("Events"), "events:list", "events"),
        ),
        figures="comity.events.pages.home:figures",
        doors="comity.events.pages.home:doors",
        sample="comity.events.actions.sample:load_sample",
        remove_sample="comity.events.actions.sample:remove_sample",
    ),
    Room("report", places=(Place(_("Reports"), "report:home", "report"),)),
)


@cache
def has(module: str) -> bool:
    """Whether the house holds this module."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def lent(name: str) -> Callable[..., Any] | None:
    """The function behind "module:function", or None while the room does not offer it."""
    module, _colon, attribute = name.partition(":")
    if not attribute or not has(module):
        return None
    return getattr(import_module(module), attribute, None)


def with_door(door: str) -> list[Room]:
    """The rooms that have this door: "pages", "api"."""
    return [room for room in ROOMS if has(f"comity.{room.name}.{door}")]


def navigation(namespace: str, url_name: str) -> Iterable[tuple[str | Promise, str, bool]]:
    """(words, address, whether the reader is there) for each place that exists.

    A room may have several places: on the page of one of them only that one is here, on all its
    other pages the last.
    """
    places = (HOME, *(place for room in ROOMS for place in room.places))
    here = _here(places, namespace, url_name)
    for place in places:
        try:
            url = reverse(place.url_name)
        except NoReverseMatch:
            continue  # the room has no pages yet
        yield place.title, url, place is here


def _here(places: Iterable[Place], namespace: str, url_name: str) -> Place | None:
    full = f"{namespace}:{url_name}" if namespace else url_name
    mine = [place for place in places if place.namespace == namespace]
    exact = [place for place in mine if place.url_name == full]
    return (exact or (mine if namespace else []) or [None])[-1]


def home_figures(viewer: object) -> list[Figure]:
    """Four at most: a figure that nobody reads is noise. Each room has its first before any has
    its second."""
    lending = [count for room in ROOMS if (count := lent(room.figures))]
    told = [[Figure(*row) for row in count(viewer)] for count in lending]
    found = [figures[at] for at in range(4) for figures in told if at < len(figures)][:4]
    order = [figure for figures in told for figure in figures]
    return sorted(found, key=order.index)


def home_doors(viewer: object) -> list[tuple[str | Promise, str]]:
    """Where a visitor may begin, as the rooms say."""
    return _led(viewer, "doors")


def own_doors(viewer: object) -> list[tuple[str | Promise, str]]:
    """The pages of somebody who is signed in: what waits, what is their body's."""
    return _led(viewer, "own")


def _led(viewer: object, which: str) -> list[tuple[str | Promise, str]]:
    found: list[tuple[str | Promise, str]] = []
    for room in ROOMS:
        lead = lent(getattr(room, which))
        if lead:
            found.extend(lead(viewer))
    return found
