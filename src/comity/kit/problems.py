"""RFC 9457 problem details: the one shape of a failure at every door that speaks JSON.

Titles are the same for all problems of a type and are marked for translation; the detail is of
this one occurrence. Inner details never leave: a door writes the detail, not an exception.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from comity.kit.errors import KitError
from comity.kit.languages import gettext_noop

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its place (see `pointer`), the fault, the way out."""

    pointer: str
    message: str
    remedy: str

    def __post_init__(self) -> None:
        if not self.pointer.startswith("#") or not self.message or not self.remedy:
            raise KitError(
                "a field error needs a pointer, a message and a remedy",
                self.pointer,
                "Make the pointer with problems.pointer and say what to do.",
            )


def pointer(*steps: str | int) -> str:
    """A JSON pointer in a fragment (RFC 6901, 6), as RFC 9457 writes it.

    pointer("rows", 3, "a/b") is "#/rows/3/a~1b"; without steps "#", the whole.
    """
    escaped = (str(step).replace("~", "~0").replace("/", "~1") for step in steps)
    return "#" + "".join(f"/{quote(step, safe='')}" for step in escaped)


@dataclass(frozen=True, slots=True)
class ProblemType:
    """A kind of failure. Its URI, relative to the house, is stable and leads to a page."""

    slug: str
    title: str
    status: int

    @property
    def uri(self) -> str:
        return f"/problems/{self.slug}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One failure, as it leaves the house. `instance` is the request's id or path, or empty."""

    type: str
    title: str
    status: int
    detail: str = ""
    instance: str = ""
    errors: tuple[FieldError, ...] = ()

    def __post_init__(self) -> None:
        if not 400 <= self.status <= 599:
            raise KitError(f"status {self.status} is no failure", "status", "Use 400 to 599.")

    def as_json(self) -> dict[str, object]:
        """The body, ready for any JSON writer; empty members are left out."""
        body: dict[str, object] = {
            "type": self.type,
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.instance:
            body["instance"] = self.instance
        if self.errors:
            body["errors"] = [
                {"pointer": e.pointer, "message": e.message, "remedy": e.remedy}
                for e in self.errors
            ]
        return body


BAD_INPUT = ProblemType("bad-input", gettext_noop("The input cannot be used"), 400)
NOT_SIGNED_IN = ProblemType("not-signed-in", gettext_noop("Sign in first"), 401)
# Only for what the viewer may see; what the viewer may not see is NOT_FOUND.
NOT_ALLOWED = ProblemType("not-allowed", gettext_noop("You may see this but not do that"), 403)
NOT_FOUND = ProblemType("not-found", gettext_noop("There is nothing here"), 404)
CONFLICT = ProblemType("conflict", gettext_noop("It was changed in the meantime"), 409)
TOO_LARGE = ProblemType("too-large", gettext_noop("It is too large"), 413)
TOO_MANY = ProblemType("too-many", gettext_noop("Too many requests"), 429)
UNAVAILABLE = ProblemType("unavailable", gettext_noop("Not available at the moment"), 503)

CATALOGUE: dict[str, ProblemType] = {
    kind.slug: kind
    for kind in (
        BAD_INPUT,
        NOT_SIGNED_IN,
        NOT_ALLOWED,
        NOT_FOUND,
        CONFLICT,
        TOO_LARGE,
        TOO_MANY,
        UNAVAILABLE,
    )
}


def problem(
    kind: ProblemType,
    detail: str = "",
    *,
    instance: str = "",
    errors: tuple[FieldError, ...] = (),
) -> Problem:
    """A problem of a type of the catalogue."""
    return Problem(kind.uri, kind.title, kind.status, detail, instance, errors)
