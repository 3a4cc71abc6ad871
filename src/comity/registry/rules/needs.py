"""Needs and offers in figures: what is needed, pledged, disbursed, in each currency by itself.

Currencies are never added together, kinds neither (a project may stand under the initiative whose
money it spends), and of two speakers on one matter one is counted and the other shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from comity.kit.sayings import Voice

FIELDS = ("finance_needed", "pledged", "disbursed")
KINDS = ("request", "project", "activity", "initiative")
SEVERAL, UNTOLD = "several", "untold"  # of the table by country

_PRECEDENCE = {voice: rank for rank, voice in enumerate(Voice)}


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount that one speaker states of one entry. `ref` is the number of its statement."""

    entry: str  # "project/prj-001"
    field: str
    amount: Decimal
    currency: str
    voice: Voice
    speaker: str
    ref: int

    @property
    def kind(self) -> str:
        return self.entry.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The figures that count, and those of others who speak of the same."""

    counted: tuple[Figure, ...]
    otherwise: tuple[Figure, ...]  # another speaker, other amounts
    repeated: tuple[Figure, ...]  # another speaker, the same amounts


def weigh(figures: Iterable[Figure]) -> Weighed:
    """Of each field of each entry the amounts of one speaker count: whom it is about before the
    secretariat, this before publications, and who spoke first before who came later."""
    groups: dict[tuple[str, str], dict[tuple[Voice, str], list[Figure]]] = defaultdict(dict)
    for figure in figures:
        speakers = groups[figure.entry, figure.field]
        speakers.setdefault((figure.voice, figure.speaker), []).append(figure)
    counted: list[Figure] = []
    otherwise: list[Figure] = []
    repeated: list[Figure] = []
    for speakers in groups.values():
        ordered = sorted(speakers.values(), key=_first)
        counted += ordered[0]
        for others in ordered[1:]:
            (repeated if _amounts(others) == _amounts(ordered[0]) else otherwise).extend(others)
    return Weighed(tuple(counted), tuple(otherwise), tuple(repeated))


def _first(figures: Sequence[Figure]) -> tuple[int, int]:
    return _PRECEDENCE[figures[0].voice], min(figure.ref for figure in figures)


def _amounts(figures: Iterable[Figure]) -> list[tuple[str, Decimal]]:
    return sorted((figure.currency, figure.amount) for figure in figures)


Row = Mapping[str, Decimal]  # field to sum; a field that nobody reported is absent


def totals(counted: Iterable[Figure]) -> dict[tuple[str, str], Row]:
    """(kind, currency) to the sums of its fields, in the order of kinds and currencies."""
    found: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for figure in counted:
        row = found[figure.kind, figure.currency]
        row[figure.field] = row.get(figure.field, Decimal(0)) + figure.amount
    return {key: found[key] for key in sorted(found, key=lambda k: (KINDS.index(k[0]), k[1]))}


def by_country(
    counted: Iterable[Figure], countries: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str, str], Row]:
    """(country, kind, currency) to sums. What is for several countries is not split: nobody said
    how; it has rows of its own, and so has what names none."""
    found: dict[tuple[str, str, str], dict[str, Decimal]] = defaultdict(dict)
    for figure in counted:
        codes = countries.get(figure.entry, ())
        place = codes[0] if len(codes) == 1 else SEVERAL if codes else UNTOLD
        row = found[place, figure.kind, figure.currency]
        row[figure.field] = row.get(figure.field, Decimal(0)) + figure.amount
    last = {SEVERAL: 1, UNTOLD: 2}
    ordered = sorted(found, key=lambda k: (last.get(k[0], 0), k[0], KINDS.index(k[1]), k[2]))
    return {key: found[key] for key in ordered}
