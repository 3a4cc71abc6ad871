"""Pages of the static bundle: templates without a request, addresses relative to the page."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template.loader import get_template
from django.utils.translation import gettext as _

from comity.kit.languages import LANGUAGES
from comity.registry.formats.exported import Exported
from comity.registry.formats.shown import country_codes, facts
from comity.registry.reads.files import Here
from comity.registry.reads.kinds import kinds, vocabularies
from comity.registry.types import EntryState, Kind

# File names that Windows keeps for devices, whatever stands behind their point.
_DEVICES = {"con", "prn", "aux", "nul"} | {f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10)}
# What `Entry.standing` is a code of, by the history of its kind.
_STANDINGS = {"agreement": "agreement_states", "request": "request_states"}
HAN, OTHER = "一", "#"  # the letters under which titles without one of their own stand


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says: the gateway, the language, how old the data are."""

    here: Here
    day: str  # of the newest change, "" where there is none

    @property
    def context(self) -> dict[str, Any]:
        language = LANGUAGES[self.here.language]
        return {
            "here": self.here,
            "day": self.day,
            "language": language.code,
            "lang": language.bcp47,
            "dir": language.dir,
        }


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in a list."""

    title: str
    language: str  # of the title where it is not the page's
    kind: str
    file: str
    countries: tuple[str, ...] = ()
    period: str = ""


def render(template: str, site: Site, root: str, **context: Any) -> bytes:
    """A page; `root` leads from it to the folder of the bundle: "../../"."""
    text: str = _template(template).render({**site.context, "root": root, **context})
    return text.encode()


@cache
def _template(name: str) -> Any:
    return get_template(f"registry/static/{name}.html")


def file_of(key: str) -> str:
    """The name of an entry's page."""
    stem = key.partition(".")[0]
    return f"{key}_.html" if stem in _DEVICES else f"{key}.html"


def line(entry: Exported, language: str) -> Line:
    title, spoken = entry.title(language)
    period = next((str(s.value) for s in entry.of("period") or entry.of("date")), "")
    foreign = spoken if spoken != language else ""
    return Line(title, foreign, entry.kind.key, file_of(entry.key), country_codes(entry), period)


def entry_page(entry: Exported, site: Site, linked: Mapping[str, str]) -> bytes:
    """One entry. `linked` are the titles of the entries it names and that are in the bundle."""
    language = site.here.language
    words = {"yes": _("yes"), "no": _("no"), "cumulative": _("cumulative")}
    told, sources = facts(entry, vocabularies(), language, words)
    title, spoken = entry.title(language)
    links = {name: (linked[name], *_link(name)) for fact in told for name in _names(fact)
             if name in linked}  # fmt: skip
    standing = _standing(entry, language)
    return render(
        "entry",
        site,
        "../../",
        entry=entry,
        title=title,
        foreign=spoken if spoken != language else "",
        facts=[fact for fact in told if fact.key != "title" or len(fact.values) > 1],
        sources=sources,
        links=links,
        kind_words=words_of(entry.kind, language),
        standing=standing,
        subtype=_term(entry.kind.subtypes, entry.subtype, language),
        contested=entry.state is EntryState.CONTESTED,
        changed=entry.changed.date(),
    )


def _names(fact: Any) -> Iterable[str]:
    return (value.entry for value in fact.values if value.entry)


def _link(name: str) -> tuple[str, str]:
    kind, _slash, key = name.partition("/")
    return kind, file_of(key)


def _standing(entry: Exported, language: str) -> str:
    return _term(_STANDINGS.get(entry.kind.history, ""), entry.standing, language)


def _term(vocabulary: str, code: str, language: str) -> str:
    if not code:
        return ""
    held = vocabularies().get(vocabulary)
    term = held.terms.get(code) if held else None
    return term.name(language) if term else code


def words_of(kind: Kind, language: str) -> tuple[str, str]:
    """(one, many) of a kind."""
    one = kind.label.get(language) or kind.label["en"]
    return one, kind.plural.get(language) or kind.plural["en"]


def list_page(
    site: Site,
    root: str,
    *,
    heading: str,
    lines: Sequence[Line],
    number: int,
    pages: int,
    stem: str = "",
    lead: str = "",
    downloads: Sequence[tuple[str, str]] = (),
    with_kind: bool = False,
    teams: Sequence[Any] = (),
) -> bytes:
    """One page of a list that is cut into pages; `stem` begins the names of the others."""
    names = {key: words_of(kind, site.here.language)[0] for key, kind in kinds().items()}
    return render(
        "list",
        site,
        root,
        heading=heading,
        lead=lead,
        lines=lines,
        number=number,
        pages=pages,
        before=page_file(stem, number - 1) if number > 1 else "",
        after=page_file(stem, number + 1) if number < pages else "",
        downloads=downloads,
        with_kind=with_kind,
        teams=teams,
        kind_names=names,
    )


def page_file(stem: str, number: int) -> str:
    """ "index.html", "2.html"; with a stem "ke.html", "ke-2.html"."""
    if not stem:
        return "index.html" if number == 1 else f"{number}.html"
    return f"{stem}.html" if number == 1 else f"{stem}-{number}.html"


def letter(title: str) -> str:
    """The letter under which a title stands: folded; one for all Chinese, one for the rest."""
    first = next((c for c in unicodedata.normalize("NFKD", title) if c.isalnum()), OTHER)
    if "CJK" in unicodedata.name(first, ""):
        return HAN
    return first.upper()[:1] if first.isalpha() else OTHER


def sort_key(title: str) -> str:
    """The order of titles: without case and accents."""
    folded = unicodedata.normalize("NFKD", title.casefold())
    return "".join(c for c in folded if not unicodedata.combining(c))
