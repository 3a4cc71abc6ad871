"""What every page of the room shares: finding the version, its trail, and its machine twins."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate import reads
from comity.mandate.types import ITU

View = Callable[..., HttpResponse]
NAMES = {"json": "JSON", "csv": "CSV", "html": "HTML", "xml": "Akoma Ntoso", "docx": "DOCX"}


def found(view: View) -> View:
    """What is not held is a page that is not there."""

    @functools.wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except reads.NotHeld as error:
            raise Http404(str(error)) from error

    return checked


def viewer(request: HttpRequest) -> Viewer:
    who: Viewer = request.viewer  # type: ignore[attr-defined]
    return who


@dataclass(frozen=True, slots=True)
class Frame:
    """One version and the addresses around it."""

    version: m.Version
    issuer: str
    name: str
    later: list[m.Revision]

    @property
    def label(self) -> str:
        return self.version.label

    @property
    def key(self) -> str:
        return self.version.instrument.key

    @property
    def short(self) -> str:
        """ "Resolution 130 (Rev. Busan, 2014)" as the text's own title has it."""
        return title(self.version)

    @property
    def args(self) -> dict[str, str]:
        return {"issuer": self.issuer, "name": self.name, "label": self.label}

    def url(self, page: str, **more: str) -> str:
        return reverse(f"mandate:{page}", kwargs=self.args | more)

    def paragraph_url(self, unit: str) -> str:
        return self.url("paragraph", unit=unit)

    def trail(self, *more: tuple[str, str]) -> list[tuple[str, str]]:
        return [
            (_("Resolutions"), reverse("mandate:instruments")),
            (self.short, self.url("text")),
            *more,
        ]

    def machines(self, *kinds: str, unit: str = "") -> list[tuple[str, str]]:
        """Links to the same data for machines: "json", "csv" of a table, "akn", "docx"."""
        base = f"/api/v1/mandate/{self.key}/versions/{self.label}"
        made = []
        for kind in kinds:
            table, _dot, shape = kind.rpartition(".")
            name = NAMES[shape]
            if table == "compared":
                name = _("DOCX against the draft")
            made.append((name, f"{base}/{table}.{shape}" + (f"?unit={unit}" if unit else "")))
        return made


def title(version: m.Version) -> str:
    """The title with ordinary capitals: a draft prints "RESOLUTION 130 (REV. BUSAN, 2014)".

    It is the text's own, so it stays in the language of the text; one without has its key."""
    words = version.title.removeprefix("PP ").strip() or version.instrument.key
    if not any(c.islower() for c in words.replace("Rev.", "")):
        words = words.title()
    words = words.replace("RESOLUTION", "Resolution").replace("REV.", "Rev.")
    return f"{words} – draft" if version.status == "draft" else words


def frame(request: HttpRequest, issuer: str, name: str, label: str | None = None) -> Frame:
    version = reads.version(viewer(request), f"{issuer}/{name}", label)
    known = reads.revisions(viewer(request), version.instrument)
    return Frame(version, issuer, name, reads.later_not_held(viewer(request), version, known))


def cite(frame: Frame, what: str = "") -> str:
    """A citation of a page: whose text, which one, where in it."""
    whose = frame.version.attribution
    start = "ITU, " if whose == ITU else ""
    parts = [start + title(frame.version) + (f", {what}" if what else ""), frame.version.subtitle]
    if not start:
        parts.append(whose[:1].upper() + whose[1:])
    return " ".join(f"{part}." for part in parts if part)
