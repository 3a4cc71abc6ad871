"""What the rooms below hold, in the bundle: teams with how to reach them, communities, texts.

All of it is read as somebody who did not sign in. A page says nothing that grows old by itself: no
hour at the other end, no age of an answer, only the day.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from comity.directory import reads as directory
from comity.directory.pages import wording as words
from comity.kit import countries
from comity.kit.tlp import ANONYMOUS, Label
from comity.mandate import reads as mandate
from comity.mandate.pages import wording as mandate_words
from comity.mandate.pages.frame import title as text_title
from comity.mandate.types import Fate
from comity.registry.pages.bundle import render
from comity.registry.pages.bundle.piece import keep
from comity.registry.pages.bundle.render import Site
from comity.registry.types import RegistryError

# Without a day of its own the bundle shows keys as they stood when the Resolution was adopted.
EPOCH = dt.date(2014, 11, 7)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as other pages name it."""

    title: str
    file: str  # from the folder of the bundle
    more: str = ""  # said beside it


@dataclass(slots=True)
class Around:
    """The pages made, for the first page and those of the countries."""

    teams: dict[str, list[Page]] = field(default_factory=lambda: defaultdict(list))  # by country
    communities: list[Page] = field(default_factory=list)
    texts: list[Page] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(map(len, self.teams.values()))


def newest() -> dt.date | None:
    """When anything of a team last changed."""
    return max((row.team.changed.date() for row in _teams(EPOCH)), default=None)


def _teams(today: dt.date) -> Iterator[directory.TeamRow]:
    cursor = None
    while True:
        page = directory.listed(ANONYMOUS, directory.Wanted(), today, cursor=cursor, limit=500)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


def write(folder: Path, site: Site, hashes: dict[str, str]) -> Around:
    """One page for each team, community and text."""
    made = Around()
    day = dt.date.fromisoformat(site.day) if site.day else EPOCH
    for row in _teams(day):
        file = _team(folder, site, row, day, hashes)
        kinds = ", ".join(str(words.KINDS[kind]) for kind in row.kinds if kind in words.KINDS)
        made.teams[row.team.country].append(Page(row.team.name, file, kinds))
    for pages in made.teams.values():
        pages.sort(key=lambda page: (render.sort_key(page.title), page.file))
    for found in directory.communities(ANONYMOUS):
        file = f"community/{render.file_of(found.community.code)}"
        page = directory.community(ANONYMOUS, found.community.code)
        html = render.render("community", site, "../", community=found.community, page=page)
        keep(folder, file, html, hashes)
        made.communities.append(Page(found.community.name, file))
    made.texts += _texts(folder, site, hashes)
    return made


def _team(
    folder: Path, site: Site, row: directory.TeamRow, day: dt.date, hashes: dict[str, str]
) -> str:
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    profile = directory.profile(ANONYMOUS, row.team.code, now=noon)
    for contact in profile.reached.contacts:
        if Label(contact.handling.label) is not Label.CLEAR:
            raise RegistryError(
                f"A contact of {row.team.code} is {contact.handling.label}",
                row.team.code,
                "Nothing of it was published.",
            )
    file = f"team/{render.file_of(row.team.code)}"
    keys = "".join(key.row.text.strip() + "\n" for key in profile.keys if key.row.text)
    if keys:
        keep(folder, f"team/{row.team.code}.asc", keys.encode(), hashes)
    html = render.render(
        "team",
        site,
        "../",
        team=row.team,
        profile=profile,
        kinds=[words.KINDS[kind] for kind in profile.kinds if kind in words.KINDS],
        facts=[
            (name, said, profile.values[name])
            for name, said in words.FACTS.items()
            if name in profile.values
        ],
        keys=f"{row.team.code}.asc" if keys else "",
    )
    keep(folder, file, html, hashes)
    return file


def _texts(folder: Path, site: Site, hashes: dict[str, str]) -> Iterator[Page]:
    """Every adopted text that is held, with who is asked to do what, and what was proposed."""
    for instrument in mandate.instruments(ANONYMOUS):
        for version in mandate.versions(ANONYMOUS, instrument):
            if version.status == "draft":
                continue  # its proposals stand below the text that was adopted
            units = mandate.provisions(ANONYMOUS, version)
            duties = {d.duty.provision_id: d.duty for d in mandate.duties(ANONYMOUS, version)}
            proposals = [
                (
                    row,
                    mandate_words.fate_chip(
                        Fate(row.final), row.confidence, settled=bool(row.settled)
                    ),
                )
                for row in mandate.proposals(ANONYMOUS, version)
            ]
            known = mandate.revisions(ANONYMOUS, instrument)
            stem = "-".join(filter(None, (*instrument.key.split("/"), version.label)))
            file = f"text/{stem}-{version.language}.html"
            html = render.render(
                "text",
                site,
                "../",
                version=version,
                title=text_title(version),
                sections=[
                    (heading, [(unit, *_asked(duties.get(unit.pk))) for unit in rows])
                    for heading, rows in groupby(units, lambda unit: unit.section)
                ],
                proposals=proposals,
                later=mandate.later_not_held(ANONYMOUS, version, known),
            )
            keep(folder, file, html, hashes)
            yield Page(text_title(version), file)


def _asked(duty: Any) -> tuple[Any, Any]:
    """A duty and the words for its force."""
    return duty, mandate_words.FORCES.get(duty.force, duty.force) if duty else ""


def by_country(around: Around, language: str) -> list[tuple[str, list[Page]]]:
    """The teams under the names of their countries; those of none last."""
    named = [
        (countries.by_code(code).name(language) if code else "", pages)
        for code, pages in around.teams.items()
    ]
    return sorted(named, key=lambda row: (not row[0], render.sort_key(row[0])))
