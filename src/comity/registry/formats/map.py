"""The world as dots: where the entries lie, without a border, so without a disputed one.

An SVG made on the server: one path of land, a mark for every ITU Member State whatever its size,
and a count for each region. The table beside it is the real thing; the map shows the shape.
Size comes from attributes and colour from the sheet, so it needs no style and no script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from html import escape
from importlib import resources

from comity.kit.countries import Country, ItuStatus, all_countries, by_code
from comity.registry.formats.projection import HEIGHT, STEP, WIDTH, point

DISCLAIMER = (
    "The designations employed and the presentation of material on this map do not imply the "
    "expression of any opinion whatsoever on the part of ITU or of the secretariat of ITU "
    "concerning the legal status of any country, territory, city or area or of its authorities, "
    "or concerning the delimitation of its frontiers or boundaries."
)
"""For the page beside the map, through gettext. The wording that UN publications use."""

CLASSES = (1, 3, 10, 30)
"""The least count of each class. Fixed, so that one size means the same on every page."""

# Diameters in units of the picture, which is 600 wide: 5 is 2.4 px on a phone of 320 px.
_NONE, _HOLE = 5, 2.6
_SIZES = (6.5, 8.5, 11, 14)
_TARGET = 52  # 25 px on that phone; 24 is the least (WCAG 2.2, 2.5.8)

# Where the count of a region stands: on water, or on land where no State's own mark lies.
_SPOTS: Mapping[str, tuple[int, int]] = {
    "AFR": (277, 165),
    "AMS": (121, 176),
    "ARB": (383, 122),
    "ASP": (423, 174),
    "CIS": (448, 24),
    "EUR": (247, 52),
}
UNPLACED = frozenset({"AQ"})
"""Codes that the map has no room for: it ends at 57 degrees south."""


def class_of(count: int) -> int:
    """The class of a count: 0 for none, up to `len(CLASSES)`."""
    return sum(count >= least for least in CLASSES)


def world_map(
    values: Mapping[str, int],
    *,
    words: Mapping[str, str],
    link: Callable[[str], str],
    rtl: bool = False,
) -> str:
    """Where the entries lie; `values` by ISO 3166-1 alpha-2 code.

    Every Member State and the State of Palestine is marked, hollow where `values` has nothing;
    other territories only where it has. `words` are translated: "finding" (what the map shows; may
    name `entries`, `countries` and `regions` in braces), "region" ("{region}: {count}") and
    "region.AFR" to "region.EUR". `link` gives the address for a region's code, "" for none. Maps
    are not mirrored; `rtl` is for the words on them. Raises `UnknownCountry` for a code that is
    none, and `ValueError` for a count below 0.
    """
    counts = _counted(values)
    marks: dict[int, list[str]] = {}
    for country in all_countries():
        count = counts.get(country.iso2, 0)
        if country.iso2 not in UNPLACED and (count or country.itu.status is not ItuStatus.NONE):
            marks.setdefault(class_of(count), []).append(_at(country))
    regions = Counter[str]()
    for iso2, count in counts.items():
        regions[by_code(iso2).itu.region] += count
    regions.pop("", None)  # territories belong to no region of the ITU
    finding = words["finding"].format(
        entries=sum(counts.values()), countries=len(counts), regions=len(regions)
    )
    drawn = [f'<path class="land" stroke-dasharray="0 {STEP}" d="{_land()}"/>']
    for number in sorted(marks, reverse=True):  # the small ones last, on top
        drawn += _dots(number, "".join(marks[number]))
    direction = ' direction="rtl"' if rtl else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f'{direction} focusable="false"><g role="img" aria-label="{escape(finding)}">'
        f"{''.join(drawn)}</g>"
        f"{''.join(_spot(code, regions[code], words, link(code)) for code in _SPOTS)}</svg>"
    )


def map_key(words: Mapping[str, str]) -> str:
    """The key to the marks, as a list. `words`: "none", "range" ("{low} to {high}"), "more"
    ("{low} or more"); the page gives them in its language."""
    rows = [(0, words["none"])]
    for number, low in enumerate(CLASSES, 1):
        if number == len(CLASSES):
            text = words["more"].format(low=low)
        else:
            text = words["range"].format(low=low, high=CLASSES[number] - 1)
        rows.append((number, text))
    return (
        '<ul class="map-key">'
        + "".join(
            f'<li><svg class="map" viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">'
            f"{''.join(_dots(number, 'M11 11h0'))}</svg> {escape(text)}</li>"
            for number, text in rows
        )
        + "</ul>"
    )


# --- pieces -------------------------------------------------------------------------------


def _counted(values: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for code, count in values.items():
        if count < 0:
            raise ValueError(f"a count below 0 for {code!r}: give 0 or leave the country out")
        if count:
            iso2 = by_code(code).iso2
            counts[iso2] = counts.get(iso2, 0) + count
    return counts


@cache
def _land() -> str:
    """Rows of dots as one path: a line of no length has a round end, which is the dot."""
    folder = resources.files("comity.registry").joinpath("data/map")
    runs = []
    for number, line in enumerate(folder.joinpath("land.txt").read_text("ascii").split()):
        y, start = number * STEP + STEP // 2, -1
        for column, sign in enumerate(line + "."):
            if sign == "#" and start < 0:
                start = column
            elif sign == "." and start >= 0:
                length = (column - 1 - start) * STEP
                # A tenth more than the last gap, or the last dot is lost to rounding.
                runs.append(f"M{start * STEP + STEP // 2} {y}h{length or ''}.1")
                start = -1
    return "".join(runs)


@cache
def _at(country: Country) -> str:
    x, y = point(country.lat, country.lon)
    return f"M{x:.0f} {y:.0f}h0"


def _dots(number: int, path: str) -> list[str]:
    size = _SIZES[number - 1] if number else _NONE
    dots = [f'<path class="c{number}" stroke-width="{size}" {_ROUND} d="{path}"/>']
    if not number:  # hollow: nothing is recorded, which is not the same as nothing
        dots.append(f'<path class="hole" stroke-width="{_HOLE}" {_ROUND} d="{path}"/>')
    return dots


_ROUND = 'fill="none" stroke="currentColor" stroke-linecap="round"'


def _spot(code: str, count: int, words: Mapping[str, str], address: str) -> str:
    x, y = _SPOTS[code]
    said = escape(words["region"].format(region=words[f"region.{code}"], count=count))
    half = _TARGET // 2
    mark = (
        f"<title>{said}</title>"
        f'<rect x="{x - half}" y="{y - half}" width="{_TARGET}" height="{_TARGET}" '
        f'fill="none" pointer-events="all"/><circle cx="{x}" cy="{y}" r="14"/>'
        f'<text x="{x}" y="{y + 5}" text-anchor="middle" direction="ltr">{_short(count)}</text>'
    )
    if address:
        return f'<a href="{escape(address)}" aria-label="{said}">{mark}</a>'
    return f'<g role="img" aria-label="{said}">{mark}</g>'


def _short(count: int) -> str:
    """What fits into the mark: 5 digits do not. The exact count is in its name and in the table."""
    if count < 1000:
        return str(count)
    return f"{count / 1000:.0f}k" if count < 999_500 else f"{count / 1_000_000:.0f}M"
