"""What the room shows on the home page of the house: its counts, and where to begin."""

from __future__ import annotations

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from comity.kit.tlp import Viewer
from comity.mandate import reads
from comity.mandate.models import Version


def _newest(viewer: Viewer) -> Version | None:
    """The newest adopted text held, of the first instrument that has one."""
    for instrument in reads.instruments(viewer):
        return reads.version(viewer, instrument.key)
    return None


def _url(page: str, version: Version) -> str:
    instrument = version.instrument
    args = (instrument.issuer_slug, instrument.short, version.label)
    return reverse(f"mandate:{page}", args=args)


def figures(viewer: Viewer) -> list[tuple[int, str | Promise, str | Promise, str]]:
    """(number, what it counts, words of the link to what was counted, its address)."""
    version = _newest(viewer)
    if version is None:
        return []
    counted = version.instrument.revisions.all()
    held = sum(found for _revision, found in reads.revisions(viewer, version.instrument))
    return [
        (
            version.provisions.count(),
            _("paragraphs of the Resolution"),
            _("each with its history"),
            _url("text", version),
        ),
        (
            len(reads.proposals(viewer, version)),
            _("proposals of the draft"),
            _("each with its fate"),
            _url("proposals", version),
        ),
        (
            len(reads.duties(viewer, version)),
            _("duties"),
            _("and who is asked to do each"),
            _url("duties", version),
        ),
        (
            held,
            _("texts held; known: {known}").format(known=len(counted)),
            _("which are missing"),
            _url("source", version),
        ),
    ]


def doors(viewer: Viewer) -> list[tuple[str | Promise, str]]:
    """(words, address): the questions people come with."""
    version = _newest(viewer)
    if version is None:
        return []
    return [
        (_("Read Resolution 130 paragraph by paragraph"), _url("text", version)),
        (_("See what became of every proposal"), _url("proposals", version)),
        (_("See who is asked to do what"), _url("duties", version)),
        (_("See which instruments it names"), _url("citations", version)),
        (_("Look up a word of the field"), reverse("mandate:terms")),
    ]
