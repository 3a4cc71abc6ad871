"""Rows of the collection of instruments (`agreements_seed.csv`) as histories.

Its one status per row becomes an event; what it only presumes stays presumed. Nothing of a cell
that could not be read is lost: it stays in `note`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from comity.kit.dates import BadDate, PartialDate
from comity.kit.errors import shown
from comity.kit.languages import gettext_noop
from comity.registry.rules.agreements.history import AgreementError, AgreementEvent, Happening

_TERM = re.compile(r"\b([0-9]{1,3}) (year|month)s?\b")
_EXPIRED = re.compile(r"expired ([0-9]{4}(?:-[0-9]{2}){0,2})")


@dataclass(frozen=True, slots=True)
class SeedStatus:
    """A status as an event. No event: the source tells no status."""

    event: AgreementEvent | None
    presumed: bool = False


@dataclass(frozen=True, slots=True)
class SeedAgreement:
    """What a row says of the life of its instrument."""

    happenings: tuple[Happening, ...]
    term_months: int | None
    note: str


_E = AgreementEvent
_STATUSES: Mapping[str, SeedStatus] = {
    **{event.value: SeedStatus(event) for event in AgreementEvent},
    "expired": SeedStatus(_E.LAPSED),
    "succeeded_by": SeedStatus(_E.SUCCEEDED),
    "unknown": SeedStatus(None),
    "": SeedStatus(None),
    # A text that its parties publish, or that lies open, is taken to be signed by somebody.
    "published": SeedStatus(_E.SIGNED, presumed=True),
    "open_for_signature": SeedStatus(_E.SIGNED, presumed=True),
}


def from_seed_status(text: str) -> SeedStatus:
    """The event of a status; `…_presumed` is the same event, presumed. Raises `AgreementError`."""
    word = text.strip().lower()
    found = _STATUSES.get(word)
    if found is None and word.endswith("_presumed"):
        found = _STATUSES.get(word.removesuffix("_presumed"))
        found = SeedStatus(found.event, presumed=True) if found and found.event else None
    if found is None:
        raise AgreementError(
            gettext_noop("This is no status of an agreement"),
            shown(text),
            gettext_noop("Use the name of an event, with _presumed where nobody reports it."),
        )
    return found


def from_seed_row(row: Mapping[str, str]) -> SeedAgreement:
    """A row of the collection as a history. Raises `AgreementError` or `BadDate` with the cell."""
    status = from_seed_status(row["status"])
    source = row["source_url"] or row["text_url"]
    precision, term = row["date_precision"], row["expires_or_term"]
    signed, in_force = _date(row, "signed"), _date(row, "in_force")
    ran_out = _EXPIRED.fullmatch(term)
    until = PartialDate.parse(ran_out[1]) if ran_out else None
    found: list[Happening] = []
    if signed is not None:
        # "Adopted" is the text settled (Vienna Convention, Article 9), not a signature.
        event = _E.INITIALLED if "adopted" in precision else _E.SIGNED
        presumed = event is status.event and status.presumed
        kept = until if event is _E.SIGNED else None
        found.append(Happening(event, signed, kept, source, precision, presumed))
    if in_force is not None:
        found.append(Happening(_E.IN_FORCE, in_force, source=source))
    note = "; ".join(filter(None, (row["quality_note"], term)))
    if status.event is not None and status.event not in {h.event for h in found}:
        date = until if status.event is _E.LAPSED else _status_date(row, status.event, signed)
        found.append(
            Happening(status.event, date, None, source, row["status_as_of"], status.presumed)
        )
    months = _TERM.search(term)
    length = int(months[1]) * (12 if months[2] == "year" else 1) if months else None
    return SeedAgreement(tuple(found), length or None, note)


def _status_date(
    row: Mapping[str, str], event: AgreementEvent, signed: PartialDate | None
) -> PartialDate | None:
    """A renewal's row is of the instrument that renews: its signature is the renewal. Of others
    only an approval was seen on the day of its status; elsewhere the day is that of a look."""
    if event is _E.RENEWED:
        return signed
    return _date(row, "status_as_of") if event is _E.APPROVED else None


def _date(row: Mapping[str, str], column: str) -> PartialDate | None:
    if not row[column]:
        return None
    try:
        return PartialDate.parse(row[column])
    except BadDate as error:
        raise BadDate(error.message, f"{column}, {error.place}", error.remedy) from None
