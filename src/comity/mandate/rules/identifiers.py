"""Names that last: of a work, of a version, of every provision in it.

A provision has three. Its *eId* follows the number it has in this version; its *wId* is the eId
it had where it first stood, so renumbering changes the eId only; its *key* is short, for URLs.
Forms: Akoma Ntoso Naming Convention 1.0 (OASIS, 2019), with the element aliases recs, rec, para,
subpara, list.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from comity.mandate.rules.sections import is_operative, section_key
from comity.mandate.types import MandateError, Provision, Text

# ISO 639-2 codes of the six languages, as FRBR URIs want them.
LANGUAGES = {"ar": "ara", "en": "eng", "es": "spa", "fr": "fra", "ru": "rus", "zh": "zho"}

_KEY = re.compile(r"(?P<series>[a-z0-9]+(?:-[a-z0-9]+)*)/(?P<number>[a-z0-9]+(?:-[a-z0-9]+)*)")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_OPERATIVE = ("para", "subpara", "point", "indent")
_AGAIN = re.compile(r"(.+)-(\d+)")


# --- works and expressions ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Key:
    """The key of an instrument over its revisions: `itu-pp/res-130`.

    >>> Key.parse("itu-pp/res-130")
    Key(series='itu-pp', number='res-130')
    >>> str(Key("itu-pp", "res-130"))
    'itu-pp/res-130'
    """

    series: str
    number: str

    @classmethod
    def parse(cls, text: str) -> Key:
        match = _KEY.fullmatch(text) if len(text) <= 100 else None
        if not match:
            raise MandateError(
                f"{text[:60]!r} is no key of an instrument.",
                remedy="Write body and number in small letters, as in itu-pp/res-130.",
            )
        return cls(match["series"], match["number"])

    def __str__(self) -> str:
        return f"{self.series}/{self.number}"


def work_uri(key: str, date: str) -> str:
    """The FRBR work of an instrument as one conference gave it; `date` is a year or a day.

    >>> work_uri("itu-pp/res-130", "2014")
    '/akn/un/statement/deliberation/itu-pp/2014/res-130'
    """
    parsed = Key.parse(key)
    return f"/akn/un/statement/deliberation/{parsed.series}/{_dated(date)}/{parsed.number}"


def expression_uri(key: str, date: str, *, version: str, language: str = "en") -> str:
    """The FRBR expression: one version of a work in one language.

    >>> expression_uri("itu-pp/res-130", "2014", version="2014-10-28")
    '/akn/un/statement/deliberation/itu-pp/2014/res-130/eng@2014-10-28'
    """
    code = LANGUAGES.get(language, language)
    return f"{work_uri(key, date)}/{code}@{_dated(version)}"


def _dated(date: str) -> str:
    if not _DATE.fullmatch(date):
        raise MandateError(
            f"{date[:40]!r} is no date of a version.", remedy="Write 2014 or 2014-10-28."
        )
    return date


# --- numbers ------------------------------------------------------------------------------


def ordinals(nums: Sequence[str]) -> list[int | None]:
    """What the numbers of siblings count, None where they do not; letters or roman together.

    `i)` is the ninth letter or the first roman number: the first of the siblings decides.

    >>> ordinals(["h)", "i)"]), ordinals(["i)", "ii)"]), ordinals(["1", "", "3"])
    ([8, 9], [1, 2], [1, None, 3])
    """
    bare = [re.sub(r"[().\s]", "", num).lower() for num in nums]
    first = next((num for num in bare if num.isalpha()), "")
    return [_ordinal(num, roman=first == "i") for num in bare]


def _ordinal(num: str, *, roman: bool) -> int | None:
    if num.isdecimal() and len(num) < 10:
        return int(num)
    if roman and num and len(num) < 10 and not set(num) - set("ivxlc"):
        worth = [{"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}[letter] for letter in num]
        later = [*worth[1:], 0]
        return sum(-a if a < b else a for a, b in zip(worth, later, strict=True))
    if not roman and len(num) == 1 and "a" <= num <= "z":
        return ord(num) - ord("a") + 1
    return None


class Names:
    """Names given out once each; one asked for again gets the suffix -2, -3 ...

    Asking for one name thousands of times, as a hostile file would, costs each time the same.

    >>> names = Names(["b"])
    >>> [names.take(name) for name in "aaab"]
    ['a', 'a-2', 'a-3', 'b-2']
    """

    def __init__(self, used: Collection[str] = ()) -> None:
        self.used = set(used)
        self.counts: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        name, again = wanted, self.counts.get(wanted, 1)
        while name in self.used:
            again += 1
            name = f"{wanted}-{again}"
        self.counts[wanted] = again
        self.used.add(name)
        return name


# --- provisions ---------------------------------------------------------------------------


def eid(section: str, path: str, num: str = "") -> str:
    """The AKN id of the provision at `path` under the heading `section`.

    `num` as printed tells a lone paragraph that is called `p` from one numbered "p)".

    >>> eid("recalling", "a", "a)"), eid("bearing in mind", "p")
    ('recs_recalling__rec_a', 'recs_bearing-in-mind__rec_1')
    >>> eid("recognizing", "i/ii", "ii)")
    'recs_recognizing__rec_i__list_1__item_ii'
    """
    name = section_key(section) or "text"
    return _eid(section_eid(name, operative=is_operative(section)), path, num)


def section_eid(name: str, *, operative: bool) -> str:
    """The id of a section from its short key.

    >>> section_eid("recalling", operative=False), section_eid("resolves", operative=True)
    ('recs_recalling', 'hcontainer_resolves')
    """
    return f"{'hcontainer' if operative else 'recs'}_{name}"


def _eid(above: str, path: str, num: str) -> str:
    operative = above.startswith("hcontainer")
    steps = path.split("/")
    for depth, step in enumerate(steps):
        lone = num == "" or depth < len(steps) - 1
        name = _step(step, lone=lone)
        if name == "chapeau" and lone:
            above += "__intro"
        elif name.startswith("chapeau-") and lone:
            above += f"__intro_{name[8:]}"
        elif operative:
            above += f"__{_OPERATIVE[min(depth, len(_OPERATIVE) - 1)]}_{name}"
        else:
            above += f"__rec_{name}" if depth == 0 else f"__list_1__item_{name}"
    return above


def _step(step: str, *, lone: bool) -> str:
    """One number of a path as an id may hold it; the lone paragraph `p` counts as 1."""
    again = _AGAIN.fullmatch(step)
    if lone and (step == "p" or (again and again[1] == "p")):
        return again[2] if again else "1"
    return re.sub(r"[^\w.-]+", "-", step) or "1"


def with_ids(
    text: Text,
    *,
    first: Mapping[int, str] | None = None,
    taken: Collection[str] = (),
    version: str = "",
) -> Text:
    """Give every provision its eid, wid and key; all three are unique in the version.

    `first` maps the index of a provision to the wid of the one it was aligned with in an
    earlier version. Every other provision begins its own: its eid, or, where `first` or
    `taken` (all wids of the work so far) hold that already, the eid with the version added.
    """
    names = section_names(text.provisions)
    eids, keys = Names(), Names()
    found: list[Provision] = []
    for provision in text.provisions:
        name = names[provision.section]
        above = section_eid(name, operative=is_operative(provision.section))
        own = eids.take(_eid(above, provision.path, provision.num))
        key = keys.take(f"{name}/{_slug_path(provision.path)}")
        found.append(replace(provision, eid=own, key=key))
    wids = _wids([p.eid for p in found], first or {}, set(taken), version)
    provisions = tuple(replace(p, wid=wid) for p, wid in zip(found, wids, strict=True))
    return replace(text, provisions=provisions)


def section_names(provisions: Sequence[Provision]) -> dict[str, str]:
    """A short key for every heading; two headings never share one."""
    names = Names()
    sections = dict.fromkeys(p.section for p in provisions)
    return {section: names.take(section_key(section) or "text") for section in sections}


def _slug_path(path: str) -> str:
    return "/".join(_step(step, lone=False) for step in path.split("/"))


def _wids(
    eids: Sequence[str], first: Mapping[int, str], taken: set[str], version: str
) -> list[str]:
    wids: dict[int, str] = {}
    used: set[str] = set()
    for index in sorted(first):  # two provisions of one ancestor: the first in order inherits
        if 0 <= index < len(eids) and first[index] not in used:
            wids[index] = first[index]
            used.add(first[index])
    names = Names(used | taken)
    for index, own in enumerate(eids):
        if index not in wids:
            wid = own if own not in names.used or not version else f"{own}-v{version}"
            wids[index] = names.take(wid)
    return [wids[index] for index in range(len(eids))]


def resolve(text: Text, name: str) -> Provision | None:
    """The provision that a key, an eid or a wid names in this version, in that order."""
    for attribute in ("key", "eid", "wid"):
        for provision in text.provisions:
            if getattr(provision, attribute) == name:
                return provision
    return None
