"""The citations as a picture: which sections lean on which instruments.

An SVG made on the server. It has no viewBox: lines run in percent of the width, words are HTML
inside it, so that they keep their size, wrap and end in an ellipsis at 320 px. Only classes, no
style, no script. The table beside it is the real thing; the picture shows the shape.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from comity.mandate.types import Citation

# Pixels. 24 is the least height of a target (WCAG 2.2, 2.5.8); a line of dense text takes 20.
_ROW, _LINE, _EDGE = 24, 20, 8
_MOST_LINES = 3
# Percent of the width, from the side where a line of text starts.
_LEFT, _RIGHT = 38.0, 56.0

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A cited instrument as one node: all its citations, whatever the revision."""

    key: str
    issuer: str
    label: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What the sentence of the picture states. `top` is cited by most provisions, ties by name."""

    citations: int
    sections: int
    instruments: int
    issuers: int
    top: str
    top_citations: int
    top_sections: int
    left_out: int


def figures(
    citations: Sequence[Citation],
    words: Mapping[str, str],
    *,
    most: int = 60,
    rtl: bool = False,
) -> Figures:
    """The numbers for the sentence, so that a door can choose its plural forms."""
    shown, links, left_out = _network(citations, words, most, rtl=rtl)
    by = Counter[Instrument]()
    reach = Counter[Instrument]()
    for (_, instrument), count in links.items():
        by[instrument] += count
        reach[instrument] += 1
    top = min(shown, key=lambda i: (-by[i], -reach[i], i.label, i.key), default=None)
    return Figures(
        citations=len(citations),
        sections=len({c.section for c in citations}),
        instruments=len(shown) + left_out,
        issuers=len({c.issuer for c in citations}),
        top=top.label if top else "",
        top_citations=by[top] if top else 0,
        top_sections=reach[top] if top else 0,
        left_out=left_out,
    )


def citations_svg(
    citations: Sequence[Citation],
    link: Callable[[str], str],
    *,
    words: Mapping[str, str],
    rtl: bool = False,
    most: int = 60,
) -> str:
    """Sections on the side where lines start, instruments by issuer on the other, lines between.

    `link` gives the address for an instrument's key, "" for none. `words` are translated:
    "finding" (what the picture shows; may name the fields of `Figures` in braces), "cites"
    ("{section} cites {instrument}: {count}"), "more" ("{count} more in the table"), and where
    known "section.<heading>", "issuer.<issuer>", "kind.<kind>", "instrument.<key>"; what is
    missing is shown as the data have it. Beyond `most` instruments the least cited are left out
    and their count is shown. "" without citations: an empty page says so better.
    """
    shown, links, left_out = _network(citations, words, most, rtl=rtl)
    if not shown:
        return ""
    facts = figures(citations, words, most=most, rtl=rtl)
    finding = words["finding"].format(**{f: getattr(facts, f) for f in Figures.__slots__})
    sections = list(dict.fromkeys(section for section, _ in links))
    groups = _ordered(shown, links, sections)
    rows = len(shown) + len(groups) + bool(left_out)
    height = max(rows * _ROW, len(sections) * 2 * _ROW) + 2 * _EDGE
    left = _spread(sections, height)
    right: dict[Instrument, float] = {}
    labels: list[str] = [
        _section_label(section, left[section], (height - 2 * _EDGE) / len(sections), words, rtl=rtl)
        for section in sections
    ]
    at = _EDGE + _ROW / 2 + (height - 2 * _EDGE - rows * _ROW) / 2
    for issuer, instruments in groups:
        name = words.get(f"issuer.{issuer}") or issuer
        labels.append(_cell(at, _ROW, f"<bdi>{_xml(name)}</bdi>", "by", rtl=rtl, title=name))
        at += _ROW
        for instrument in instruments:
            right[instrument] = at
            labels.append(_instrument_label(instrument, at, link(instrument.key), rtl=rtl))
            at += _ROW
    if left_out:
        more = words["more"].format(count=left_out)
        labels.append(_cell(at, _ROW, f"<bdi>{_xml(more)}</bdi>", "by", rtl=rtl, title=more))
    drawing = _drawing(links, left, right, words, rtl=rtl)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cites" width="100%" '
        f'height="{height:g}" focusable="false">'
        f'<g role="img" aria-label="{_xml(finding)}">{drawing}</g>{"".join(labels)}</svg>'
    )


# --- what is drawn ------------------------------------------------------------------------

_Links = dict[tuple[str, Instrument], int]


def _network(
    citations: Sequence[Citation], words: Mapping[str, str], most: int, *, rtl: bool
) -> tuple[list[Instrument], _Links, int]:
    """The instruments shown, how often each section cites each, how many are left out."""
    together: dict[tuple[str, ...], list[Citation]] = {}
    for c in citations:
        known = (c.key,) if c.key else ("", c.issuer, c.kind, c.number or c.as_printed)
        together.setdefault(known, []).append(c)
    ranked = sorted(together.items(), key=lambda item: (-len(item[1]), item[0]))
    links: _Links = Counter()
    shown: list[Instrument] = []
    for _, group in ranked[:most]:
        first = group[0]
        instrument = Instrument(first.key, first.issuer, _label(group, words, rtl=rtl))
        if instrument not in shown:  # without keys, two may read alike
            shown.append(instrument)
        for c in group:
            links[c.section, instrument] += 1
    order = {section: n for n, section in enumerate(dict.fromkeys(c.section for c in citations))}
    ordered = sorted(links.items(), key=lambda i: (order[i[0][0]], i[0][1].label, i[0][1].key))
    return shown, dict(ordered), len(ranked) - len(shown)


def _label(group: Sequence[Citation], words: Mapping[str, str], *, rtl: bool) -> str:
    """Short, because the issuer stands above: "Resolution 45 (Dubai, 2014)"."""
    c = group[0]
    name = words.get(f"instrument.{c.key}") if c.key else None
    if not name:
        kind = words.get(f"kind.{c.kind}") or _capital(c.kind)
        tail = c.key.rpartition("/")[2].replace("-", " ")
        # After Arabic letters "22-1/1" would be laid out as "1/1-22": isolated, it keeps its order.
        number = f"\u2066{c.number}\u2069" if rtl else c.number
        name = f"{kind} {number}" if c.number else _capital(tail) or c.as_printed
    versions = {(c.place, c.year) for c in group if c.year}
    if c.number and len(versions) == 1:
        ((place, year),) = versions
        return f"{name} ({place}, {year})" if place else f"{name} ({year})"
    years = sorted({year for _, year in versions if year})
    return f"{name} ({', '.join(map(str, years))})" if years else name


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _ordered(
    shown: Iterable[Instrument], links: _Links, sections: Sequence[str]
) -> list[tuple[str, list[Instrument]]]:
    """Issuers and instruments at the mean height of what cites them: fewer lines cross."""
    place = {section: n for n, section in enumerate(sections)}
    weight = Counter[Instrument]()
    total = Counter[Instrument]()
    for (section, instrument), count in links.items():
        weight[instrument] += count
        total[instrument] += count * place[section]
    issuers: dict[str, list[Instrument]] = {}
    for instrument in shown:
        issuers.setdefault(instrument.issuer, []).append(instrument)
    for group in issuers.values():
        group.sort(key=lambda i: (total[i] / weight[i], i.label, i.key))

    def mean(group: Sequence[Instrument]) -> float:
        return sum(total[i] for i in group) / sum(weight[i] for i in group)

    return sorted(issuers.items(), key=lambda item: (mean(item[1]), item[0]))


def _spread(sections: Sequence[str], height: float) -> dict[str, float]:
    step = (height - 2 * _EDGE) / len(sections)
    return {section: _EDGE + step * (n + 0.5) for n, section in enumerate(sections)}


def _drawing(
    links: _Links,
    left: Mapping[str, float],
    right: Mapping[Instrument, float],
    words: Mapping[str, str],
    *,
    rtl: bool,
) -> str:
    """The lines of each section, thin ones last so that none hides, and a dot at each end."""
    start, end = (_x(_LEFT, rtl), _x(_RIGHT, rtl))
    most = max(links.values())
    out = []
    for section, y in left.items():
        cited = [(i, n) for (s, i), n in links.items() if s == section]
        lines = "".join(
            f'<line x1="{start}" y1="{y:g}" x2="{end}" y2="{right[instrument]:g}" '
            f'stroke-width="{_width(count, most):.3g}"><title>{_xml(said)}</title></line>'
            for instrument, count in sorted(cited, key=lambda pair: -pair[1])
            for said in [_saying(section, instrument, count, words)]
        )
        out.append(f'<g>{lines}<circle cx="{start}" cy="{y:g}" r="4"/></g>')
    out += [f'<circle cx="{end}" cy="{y:g}" r="3"/>' for y in right.values()]
    return "".join(out)


def _width(count: int, most: int) -> float:
    """Pixels, by number: 1.5 for one citation, 7 at most."""
    return 1.5 + (min(most, 6) - 1) * 1.1 * (count - 1) / max(most - 1, 1)


def _saying(section: str, instrument: Instrument, count: int, words: Mapping[str, str]) -> str:
    name = words.get(f"section.{section}") or section
    return words["cites"].format(section=name, instrument=instrument.label, count=count)


# --- words in it --------------------------------------------------------------------------


def _section_label(
    section: str, at: float, room: float, words: Mapping[str, str], *, rtl: bool
) -> str:
    name = words.get(f"section.{section}") or section
    lines = max(1, min(_MOST_LINES, int(room // _LINE)))
    inner = f'<span class="l{lines}" dir="auto">{_xml(name)}</span>'
    return _cell(at, lines * _LINE, inner, "from", rtl=rtl, title=name)


def _instrument_label(instrument: Instrument, at: float, address: str, *, rtl: bool) -> str:
    name = _xml(instrument.label)
    href = f'<a href="{_xml(address)}" dir="auto">{name}</a>' if address else ""
    inner = href or f"<bdi>{name}</bdi>"
    return _cell(at, _ROW, inner, "to", rtl=rtl, title=instrument.label)


def _cell(at: float, height: float, inner: str, role: str, *, rtl: bool, title: str) -> str:
    """HTML at a place of the picture. `role` is its class: "from", "to" or "by" (an issuer).

    Each label has the direction of its own first letter, so that a Latin name on an Arabic
    page is cut at its end, not at its beginning.
    """
    start, width = (0.0, _LEFT) if role == "from" else (_RIGHT, 100 - _RIGHT)
    x = 100 - start - width if rtl else start
    return (
        f'<foreignObject x="{x:g}%" y="{at - height / 2:g}" width="{width:g}%" '
        f'height="{height:g}"><div xmlns="http://www.w3.org/1999/xhtml" class="{role}" '
        f'dir="{"rtl" if rtl else "ltr"}" title="{_xml(title)}">{inner}</div></foreignObject>'
    )


def _x(percent: float, rtl: bool) -> str:
    return f"{100 - percent if rtl else percent:g}%"


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
