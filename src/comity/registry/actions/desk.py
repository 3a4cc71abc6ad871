"""Acts of the request desk: a request is addressed, then asked, matched, answered and closed.

The table of `rules/requests.py` decides what may follow; each step is kept with its party, its
reason and its line in the ledger, and the entry's standing follows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from comity.kit import tlp
from comity.kit.languages import gettext_noop
from comity.kit.tlp import Viewer
from comity.ledger.actions import GATEWAY, hold, record
from comity.people.actions import intern
from comity.people.reads import actor_of, handlings
from comity.registry.actions.indexing import index
from comity.registry.models import Entry, Match, RequestStep, Statement
from comity.registry.reads import entries_named
from comity.registry.reads.desk import (
    CHOSEN,
    OFFERED_KINDS,
    events_of,
    parties_of,
    request_entry,
    seen_of,
)
from comity.registry.reads.kinds import kinds
from comity.registry.reads.reviewers import reviewing_bodies
from comity.registry.rules import requests
from comity.registry.rules.requests import Act, Event, Party, RequestError

LONGEST_REASON = 2_000
MOST_OFFERS = 10
WITHDRAWN = "withdrawn"
_ENDS_MATCH = frozenset({Act.UNMATCH, Act.STOP, Act.WITHDRAW})


# --- to whom it is addressed --------------------------------------------------------------


def address(entries: Iterable[Entry], *, actor: str = GATEWAY) -> list[Entry]:
    """Open confidential entries of confidential kinds to whom they are addressed, and to nobody
    else: the body they belong to and the bodies of the secretariat. Gives those that changed.

    A request and a situation are made to be read by the secretariat, so making one shares it. What
    its owner marked GREEN or CLEAR stays as it is. Runs in the caller's transaction.
    """
    ours = reviewing_bodies()
    changed = []
    for row in entries:
        if row.owner_id is None or not _confidential(row.kind):
            continue
        wanted = _wanted(row, ours)
        moved = {old: intern(new) for old, new in wanted.items()}
        moved = {old: new for old, new in moved.items() if old != new}
        if not moved:
            continue
        content = {"entry": row.name, "handlings": sorted(moved.items())}
        record("address_entry", f"registry/{row.name}", actor=actor, content=content)
        for old, new in moved.items():
            Statement.objects.filter(entry=row, handling=old).update(handling=new)
        row.handling_id = moved.get(row.handling_id, row.handling_id)
        row.save(update_fields=["handling"])
        changed.append(row)
    index(changed, today=_today())
    return changed


def readdress(*, actor: str = GATEWAY) -> int:
    """Address all confidential entries anew, after the secretariat's bodies changed; how many."""
    confidential = [key for key in kinds() if _confidential(key)]
    with transaction.atomic():
        hold()
        rows = Entry.objects.filter(kind__in=confidential, owner__isnull=False)
        return len(address(rows.select_related("owner").order_by("place"), actor=actor))


def _confidential(kind: str) -> bool:
    found = kinds().get(kind)
    return found is not None and tlp.Label(found.default_label) >= tlp.Label.AMBER


def _wanted(row: Entry, ours: frozenset[UUID]) -> dict[int, tlp.Handling]:
    """The handling that each one in use on this entry becomes. Only those that name the owner and
    bodies beside it are ours to make; one with other markings was made by hand and stays."""
    used = set(Statement.objects.filter(entry=row).values_list("handling", flat=True))
    found = {}
    for number, handling in handlings({row.handling_id, *used}).items():
        marking = handling.markings[0]
        plain = len(handling.markings) == 1 and not marking.sharing_groups
        if plain and handling.owner == row.owner_id and marking.label >= tlp.Label.AMBER:
            found[number] = addressed(marking.label, handling.owner, ours)
    return found


def addressed(label: tlp.Label, owner: UUID, reviewers: frozenset[UUID]) -> tlp.Handling:
    """What its owner and the secretariat may see, and nobody else."""
    return tlp.Handling((tlp.Marking(label, bodies=reviewers | {owner}),), owner)


# --- the history --------------------------------------------------------------------------


def ask(row: Entry, *, actor: str = GATEWAY, now: dt.datetime | None = None) -> None:
    """Begin the history of a request that was just written, in the transaction that wrote it, and
    address it. Again it changes nothing."""
    with transaction.atomic():
        address([row], actor=actor)
        if row.kind != "request" or RequestStep.objects.filter(request=row).exists():
            return
        moment = now or timezone.now()
        seq = record("ask_request", f"registry/{row.name}", actor=actor, now=moment)
        _keep(row, Event(Act.ASK, Party.ASKING, moment), actor, seq)
        index([row], today=_today(moment))


def act_on(
    viewer: Viewer,
    key: str,
    act: Act,
    *,
    reason: str = "",
    offers: Sequence[str] = (),
    seen: int | None = None,
    now: dt.datetime | None = None,
) -> Entry:
    """One act on a request, as the party that the viewer is. `offers` are names of entries
    ("tool/…") for a match; `seen` is the number of the last step that the viewer saw.

    Raises `NotHeld` for a request that the viewer may not see, `RequestError` with the remedy for
    what cannot be done.
    """
    with transaction.atomic():
        hold()
        row = request_entry(viewer, key)
        events = list(events_of([row])[row.pk])
        if seen is not None and seen != seen_of(row):
            raise _overtaken(act)
        moment = max(now or timezone.now(), events[-1].at)
        state = requests.state_of(events)
        party = _party(viewer, row, state, act)
        words = reason.strip()
        if len(words) > LONGEST_REASON:
            raise RequestError(
                gettext_noop("The reason is longer than a page takes"),
                str(len(words)),
                gettext_noop("Say it in 2000 characters."),
            )
        requests.next_state(state, act, party, words)
        chosen = _offers(viewer, offers) if act is Act.MATCH else []
        actor = actor_of(viewer)
        event = Event(act, party, moment, words)
        content = {
            "party": party.value,
            "reason": words,
            "before": state.value,
            "offers": [offer.name for offer in chosen],
        }
        obj = f"registry/{row.name}"
        seq = record(f"{act.value}_request", obj, actor=actor, content=content, now=moment)
        if not RequestStep.objects.filter(request=row).exists():
            # It came by a file or before the desk was there: its asking is kept first.
            _keep(row, events[0], GATEWAY, min(row.act, seq - 1))
        _keep(row, event, actor, seq)
        _rematch(row, act, chosen, words, seq, moment)
        row.changed = moment
        row.save(update_fields=["changed"])
        index([row], today=_today(moment))
    return row


def _party(viewer: Viewer, row: Entry, state: requests.State, act: Act) -> Party:
    """As whom the viewer does this: the first party they are that may. Raises `RequestError`
    for who is none; for a party that may not, the table refuses."""
    parties = [party for party in Party if party in parties_of(viewer, row)]
    if not parties:
        raise RequestError(
            gettext_noop("This is for another party to do"),
            act,
            gettext_noop("Ask the body that needs help, the secretariat or the helper."),
        )
    able = [party for party in parties if requests.may_follow(state, act, party)]
    return (able or parties)[0]


def _overtaken(act: Act) -> RequestError:
    return RequestError(
        gettext_noop("Somebody has acted on this request in the meantime"),
        act,
        gettext_noop("Read what happened, then decide again."),
    )


def _offers(viewer: Viewer, names: Sequence[str]) -> list[Entry]:
    """The entries chosen, in the order given. Raises `RequestError`."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted or len(wanted) > MOST_OFFERS:
        raise RequestError(
            gettext_noop("A match names one to ten offers"),
            Act.MATCH,
            gettext_noop("Choose among those suggested, or give the key of an entry."),
        )
    held = entries_named(viewer, wanted)
    for name in wanted:
        if name not in held or held[name].kind not in OFFERED_KINDS:
            raise RequestError(
                gettext_noop("No offer of this name is here"),
                name[:90],
                gettext_noop("Give the key of a tool, training, project or practice."),
            )
    return [held[name] for name in wanted]


def _rematch(
    row: Entry, act: Act, chosen: Sequence[Entry], reason: str, seq: int, moment: dt.datetime
) -> None:
    if act in _ENDS_MATCH:
        ended = Match.objects.filter(request=row, state=CHOSEN)
        ended.update(state=WITHDRAWN, reason=reason)
    Match.objects.bulk_create(
        Match(request=row, offered=offer, state=CHOSEN, act=seq, made=moment) for offer in chosen
    )


def _keep(row: Entry, event: Event, actor: str, seq: int) -> None:
    RequestStep.objects.create(
        request=row,
        act_name=event.act.value,
        party=event.party.value,
        actor=actor,
        reason=event.reason,
        act=seq,
        at=event.at,
    )


def _today(moment: dt.datetime | None = None) -> dt.date:
    return (moment or timezone.now()).astimezone(dt.UTC).date()
