"""How a document speaks: sentences, numbers and dates of one language, without asking a clock.

Numbers and dates are CLDR's, with western digits as ITU's Arabic texts have them. A year that a
source gives stays a year: no date is ever written more exactly than it was given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from comity.kit import countries
from comity.kit.dates import BadDate, PartialDate, Period, Precision
from comity.kit.errors import UnknownCountry
from comity.kit.languages import by_code
from comity.kit.languages import gettext_noop as _
from comity.report.types.figures import Count, Figure, Share, Total

Say = Callable[[str], str]
UNKNOWN = _("not reported")
FAILED = _("could not be counted")
FEWER = _("fewer than five")
_COLONS = {"fr": "\u00a0:"}


@dataclass(frozen=True)
class Tongue:
    """One language. `say` is its gettext; `terms` are the words of the registry's codes, by
    vocabulary, and of its kinds under "kinds"."""

    code: str
    say: Say
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def locale(self) -> Locale:
        if self.code == "en":
            return Locale.parse("en_GB")  # "7 November 2014", as the ITU writes
        return Locale.parse("zh_Hans" if self.code == "zh" else self.code)

    def __call__(self, sentence: str, /, **given: object) -> str:
        """A sentence in this language, its places filled in."""
        said = self.say(sentence)
        return said.format(**given) if given else said

    def listed(self, values: list[str] | tuple[str, ...]) -> str:
        return by_code(self.code).comma.join(values)

    def named(self, label: str) -> str:
        """A label and the colon that this language puts after it: "Original:", "Original :"."""
        return f"{label}{_COLONS.get(self.code, ':')}"

    def number(self, value: int | float | Decimal) -> str:
        return format_decimal(value, locale=self.locale, numbering_system="latn")

    def percent(self, share: Share) -> str:
        part = Decimal(round(1000 * share.numerator / share.denominator)) / 1000
        return format_percent(
            part, locale=self.locale, numbering_system="latn", decimal_quantization=False
        )

    def day(self, day: dt.date) -> str:
        # Russian as the ITU writes it: CLDR's "г." ends in a stop.
        pattern = "d MMMM y 'года'" if self.code == "ru" else "long"
        return self._western(format_date(day, pattern, locale=self.locale))

    def date(self, text: str) -> str:
        """A date as exact as it was given: "2014", "May 2014", "30 May 2014"; a period as its two
        ends; nothing for nothing. What is no date stays as it stands."""
        if not text:
            return ""
        try:
            if "/" in text:
                period = Period.parse(text)
                ends = [self._partial(end) if end else "…" for end in (period.start, period.end)]
                return ends[0] if period.start == period.end else " – ".join(ends)
            return self._partial(PartialDate.parse(text))
        except BadDate:
            return text

    def _partial(self, date: PartialDate) -> str:
        if date.precision is Precision.YEAR:
            return f"{date.year:04d}"
        if date.precision is Precision.MONTH:
            if self.code == "ru":
                return format_date(date.first, "LLLL y 'года'", locale=self.locale)
            return self._western(format_skeleton("yMMMM", date.first, locale=self.locale))
        return self.day(date.first)

    def _western(self, text: str) -> str:
        return text.translate({0x660 + n: str(n) for n in range(10)})

    def country(self, code: str) -> str:
        try:
            return countries.by_code(code).name(self.code)
        except UnknownCountry:
            return code

    def term(self, vocabulary: str, code: str) -> str:
        return self.terms.get(vocabulary, {}).get(code, code)

    def value(self, figure: Figure) -> str:
        """The value as the text has it; a word where there is none."""
        if figure.failed:
            return self(FAILED)
        if figure.few:
            return self(FEWER)
        if isinstance(figure.value, Share):
            return self(
                _("{percent} ({part} of {whole})"),
                percent=self.percent(figure.value),
                part=self.number(figure.value.numerator),
                whole=self.number(figure.value.denominator),
            )
        if isinstance(figure.value, Count | Total):
            return self.number(figure.value.n)
        return self(UNKNOWN)

    def label(self, figure: Figure) -> str:
        """What is counted. A label that quotes an entry is not ours to translate."""
        return figure.label if figure.quoted else self(figure.label)

    def unit(self, figure: Figure) -> str:
        return figure.unit if figure.quoted or not figure.unit else self(figure.unit)

    def filter(self, figure: Figure, year: int, day: dt.date) -> str:
        if not figure.filter:
            return ""
        return self(figure.filter, year=year, day=self.day(day), **figure.given)
