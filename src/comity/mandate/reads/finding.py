"""One thing by its name: an instrument, a version, a provision, the versions around it.

A version comes with its instrument, and that with all its versions and known revisions: three
queries, after which the questions about what stands beside it cost none.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from comity.kit.tlp import Viewer
from comity.mandate import models as m
from comity.mandate.models import keeping
from comity.mandate.rules import labels


class NotHeld(LookupError):
    """No such instrument, version or provision here: what was asked for and what there is."""


def instruments(viewer: Viewer) -> list[m.Instrument]:
    """The instruments whose text is held, with versions and known revisions."""
    held = m.Instrument.objects.filter(versions__isnull=False).distinct()
    return list(held.prefetch_related("versions", "revisions"))


def instrument(viewer: Viewer, key: str) -> m.Instrument:
    """An instrument, or the stub of one that is cited, with its versions and known revisions."""
    asked = m.Instrument.objects.filter(key=key)
    if key.isprintable():  # PostgreSQL takes no NUL, not even in a question
        for found in asked.prefetch_related("versions", "revisions"):
            return found
    known = ", ".join(i.key for i in instruments(viewer)) or "none yet: run `comity setup`"
    raise NotHeld(f"No instrument {key} here. Held: {known}.")


def versions(viewer: Viewer, instrument: m.Instrument) -> list[m.Version]:
    """All texts held, in the order they are compared in."""
    return keeping.in_order(instrument.versions.all())


def version(viewer: Viewer, key: str, label: str | None = None, language: str = "en") -> m.Version:
    """A version by label; without one the newest adopted text, else the newest text.

    Where it is not held in `language`, in the one that is.
    """
    held = versions(viewer, instrument(viewer, key))[::-1]
    if not held:
        raise NotHeld(f"{key} is cited here, but no text of it is held.")
    held.sort(key=lambda v: v.language != language)
    if label is None:
        return next((v for v in held if v.status == "adopted"), held[0])
    for found in held:
        if found.label == label:
            return found
    labels = ", ".join(dict.fromkeys(v.label for v in reversed(held)))
    raise NotHeld(f"{key} has no version {label} here. Held: {labels}.")


def newest_draft(viewer: Viewer, key: str) -> str | None:
    """The label of the newest marked-up draft held, or None."""
    drafts = [v for v in versions(viewer, instrument(viewer, key)) if v.status == "draft"]
    return drafts[-1].label if drafts else None


def expression(viewer: Viewer, key: str, work: str, language: str, date: str) -> m.Version:
    """The version that an AKN address names: year of the work, language, day of the version."""
    for found in versions(viewer, instrument(viewer, key)):
        day = found.date.isoformat() if found.date else found.label
        if (found.label[:4], found.language, day) == (work, language, date):
            return found
    raise NotHeld(f"{key} of {work} has no text of {date} in {language!r} here.")


def of_work(viewer: Viewer, key: str, work: str) -> m.Version | None:
    """The newest text held of a work, an adopted one first; None where none of that year is."""
    held = [v for v in versions(viewer, instrument(viewer, key))[::-1] if v.label[:4] == work]
    held.sort(key=lambda v: (v.language != "en", v.status != "adopted"))
    return held[0] if held else None


def provisions(viewer: Viewer, version: m.Version) -> list[m.Provision]:
    """All provisions in order; asked again for the same object, without a query."""
    prefetch_related_objects([version], "provisions")
    return list(version.provisions.all())


def passages(viewer: Viewer, version: m.Version) -> list[m.Passage]:
    """The passages of a marked-up draft; none where the source carries no marks."""
    return list(version.passages.all()) if version.status == "draft" else []


def provision(viewer: Viewer, version: m.Version, name: str) -> m.Provision:
    """By short key, eId or wId."""
    rows = provisions(viewer, version)
    for field in ("key", "eid", "wid"):
        for row in rows:
            if getattr(row, field) == name:
                return row
    raise NotHeld(f"{version.instrument.key} {version.label} has no provision {name}.")


def _beside(viewer: Viewer, version: m.Version, step: int) -> m.Version | None:
    same = [v for v in versions(viewer, version.instrument) if v.language == version.language]
    at = same.index(version) + step
    return same[at] if 0 <= at < len(same) else None


def earlier(viewer: Viewer, version: m.Version) -> m.Version | None:
    """The version that this one was compared with: the one before it in its language."""
    return _beside(viewer, version, -1)


def later(viewer: Viewer, version: m.Version) -> m.Version | None:
    return _beside(viewer, version, 1)


def revisions(viewer: Viewer, instrument: m.Instrument) -> list[tuple[m.Revision, bool]]:
    """Every text known to exist, oldest first, and whether it is held."""
    held = {(v.status, v.label[:4]) for v in instrument.versions.all()}
    return [(r, (r.status, str(r.year)) in held) for r in instrument.revisions.all()]


def later_not_held(
    viewer: Viewer, version: m.Version, known: Iterable[tuple[m.Revision, bool]]
) -> list[m.Revision]:
    """Known adopted revisions after this version that the gateway does not hold."""
    since = labels.by_day(version.date, version.label)
    return [
        r for r, held in known if not held and r.status == "adopted" and r.date and r.date > since
    ]
