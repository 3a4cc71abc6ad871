"""The errors of the kit: each says what is wrong, where, and what to do next."""

from __future__ import annotations


class KitError(Exception):
    """The root of the room's errors. `place` and `remedy` may be empty."""

    def __init__(self, message: str, place: str = "", remedy: str = "") -> None:
        super().__init__(message, place, remedy)  # all three, so that it survives pickling
        self.message, self.place, self.remedy = message, place, remedy

    def __str__(self) -> str:
        place = f" at {self.place}" if self.place else ""
        return f"{self.message}{place}." + (f" {self.remedy}" if self.remedy else "")


class UnknownLabel(KitError, ValueError):
    """A text or an id that names no label of TLP."""


class BadMarking(KitError, ValueError):
    """A marking or a handling that contradicts itself."""


class UnknownCountry(KitError, LookupError):
    """A code or a name that is no country's or territory's, or that could be several."""


class UnknownLanguage(KitError, LookupError):
    """A code that is none of the six languages."""


class NotCanonical(KitError, ValueError):
    """A value that has no single spelling in JSON."""


class BadCursor(KitError, ValueError):
    """A cursor that this house did not issue, or issued for another question."""


class WeakSecret(KitError, ValueError):
    """A secret too short to hide anything behind."""


def shown(value: object, limit: int = 40) -> str:
    """Somebody's input as it may stand in a message: quoted, ASCII, cut."""
    text = ascii(value if not isinstance(value, str) else value[: limit + 1])
    return text if len(text) <= limit + 2 else text[: limit - 1] + "…'"
