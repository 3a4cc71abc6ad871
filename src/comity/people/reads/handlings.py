"""Which handlings a viewer passes: the rule of `kit.tlp`, said in SQL, once for the whole house.

A room keeps the number of a handling beside each row that may be marked, and asks
`handling_id IN visible_handlings(viewer)`. Handlings are few (one for all that is CLEAR, a handful
a body), so the list is short, and every query that uses it compares numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Exists, OuterRef, Q

from comity.kit import tlp
from comity.people.models import Handling, HandlingId, HandlingMarking

# What was found for a viewer in this request. Rows are only ever added, so within one request the
# answer can lack what another request added meanwhile, and never hold too much.
_kept: ContextVar[dict[tlp.Viewer, tuple[int, ...]] | None] = ContextVar("handlings", default=None)


@contextmanager
def kept_for_a_request() -> Iterator[None]:
    """Ask the database once for each viewer until the end of the block: a page asks ten times."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def forget_kept() -> None:
    """A handling was added: the next question goes to the database."""
    kept = _kept.get()
    if kept is not None:
        kept.clear()


def visible_handlings(viewer: tlp.Viewer) -> tuple[int, ...]:
    """The numbers of all handlings that admit the viewer: one query, in a request one in all."""
    kept = _kept.get()
    if kept is None:
        return _asked(viewer)
    if viewer not in kept:
        kept[viewer] = _asked(viewer)
    return kept[viewer]


def _asked(viewer: tlp.Viewer) -> tuple[int, ...]:
    passing = _passing(tlp.visibility_terms(viewer))
    failing = HandlingMarking.objects.filter(handling=OuterRef("pk")).exclude(passing)
    marked = HandlingMarking.objects.filter(handling=OuterRef("pk"))
    found = Handling.objects.filter(Exists(marked), ~Exists(failing))
    return tuple(found.order_by("pk").values_list("pk", flat=True))


def _passing(terms: tlp.VisibilityTerms) -> Q:
    """One marking lets the viewer through: `VisibilityTerms.passes` in SQL."""
    named = HandlingId.objects.filter(marking=OuterRef("pk"), group=False)
    opened = Q(label__in=[label.value for label in terms.open_labels])
    for label, ids in terms.named.items():
        opened |= Q(label=label.value) & Q(Exists(named.filter(ref__in=ids)))
    limits = HandlingId.objects.filter(marking=OuterRef("pk"), group=True)
    within = Q(grouped=False)
    if terms.groups:
        within |= Q(Exists(limits.filter(ref__in=terms.groups)))
    passing = opened & within
    if terms.owner_bodies:
        passing |= Q(
            label__in=[label.value for label in terms.owner_labels],
            handling__owner__in=terms.owner_bodies,
        )
    return passing


def handlings(numbers: Iterable[int]) -> dict[int, tlp.Handling]:
    """The handlings behind numbers, as the kit's nouns: three queries whatever their count."""
    rows = Handling.objects.filter(pk__in=set(numbers)).prefetch_related("markings__ids")
    return {row.pk: _typed(row) for row in rows}


def handling(number: int) -> tlp.Handling:
    """One of them. Raises `KeyError` when there is none."""
    return handlings([number])[number]


def _typed(row: Handling) -> tlp.Handling:
    markings = sorted(row.markings.all(), key=lambda marking: marking.position)
    return tlp.Handling(tuple(_marking(marking) for marking in markings), row.owner)


def _marking(row: HandlingMarking) -> tlp.Marking:
    label = tlp.Label(row.label)
    audience = frozenset(named.ref for named in row.ids.all() if not named.group)
    groups = frozenset(named.ref for named in row.ids.all() if named.group)
    return tlp.Marking(
        label,
        persons=audience if label is tlp.Label.RED else tlp.NOBODY,
        bodies=audience if tlp.Label.AMBER <= label < tlp.Label.RED else tlp.NOBODY,
        community=next(iter(audience)) if label is tlp.Label.GREEN else None,
        sharing_groups=groups,
        defaulted=row.defaulted,
    )
