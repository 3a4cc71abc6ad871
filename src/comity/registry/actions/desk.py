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
from comity.registry.reads.teams import PREFIX
from comity.registry.reads.teams import held as teams_held
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
    its owner marked GREEN or CLEAR stays as it is, and so does a value marked stricter than the
    rest. Runs in the caller's transaction.
    """
    ours = reviewing_bodies()
    known: dict[tuple[str, int, UUID | None], int | None] = {}
    changed = []
    for row in entries:
        old = row.handling_id
        alike = (row.kind, old, row.owner_id)
        if alike not in known:
            known[alike] = _addressed_to(row, ours)
        new = known[alike]
        if new is None or new == old:
            continue
        content = {"entry": row.name, "handling": [old, new]}
        record("address_entry", f"registry/{row.name}", actor=actor, content=content)
        Statement.objects.filter(entry=row, handling=old).update(handling=new)
        row.handling_id = new
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


def _addressed_to(row: Entry, ours: frozenset[UUID]) -> int | None:
    """The number of the handling it should have; None where that is not ours to say. One with
    several markings, or narrowed to a sharing group, was made by hand and stays."""
    if row.owner_id is None or not _confidential(row.kind):
        return None
    handling = handlings([row.handling_id])[row.handling_id]
    marking = handling.markings[0]
    plain = len(handling.markings) == 1 and not marking.sharing_groups
    if not plain or handling.owner != row.owner_id or marking.label < tlp.Label.AMBER:
        return None
    return intern(addressed(marking.label, row.owner_id, ours))


def addressed(label: tlp.Label, owner: UUID, reviewers: frozenset[UUID]) -> tlp.Handling:
    """What its owner and the secretariat may see, and nobody else."""
    return tlp.Handling((tlp.Marking(label, bodies=reviewers | {owner}),), owner)


# --- the history --------------------------------------------------------------------------


def ask(written: Entry, *, actor: str = GATEWAY, now: dt.datetime | None = None) -> Entry:
    """Begin the history of a request that was just written, in the transaction that wrote it, and
    address it (a situation too). Again it changes nothing. Gives the entry as it is then."""
    with transaction.atomic():
        row = Entry.objects.select_related("owner", "handling").get(pk=written.pk)
        address([row], actor=actor)
        if row.kind == "request" and not RequestStep.objects.filter(request=row).exists():
            moment = now or timezone.now()
            seq = record("ask_request", f"registry/{row.name}", actor=actor, now=moment)
            _keep(row, Event(Act.ASK, Party.ASKING, moment), actor, seq)
            index([row], today=_today(moment))
    return row


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
    ("tool/…", "team/…") for a match; `seen` is the number of the last step that the viewer saw.

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
        chosen, teams = _offers(viewer, offers) if act is Act.MATCH else ([], [])
        actor = actor_of(viewer)
        event = Event(act, party, moment, words)
        content = {
            "party": party.value,
            "reason": words,
            "before": state.value,
            "offers": [*(offer.name for offer in chosen), *teams],
        }
        obj = f"registry/{row.name}"
        seq = record(f"{act.value}_request", obj, actor=actor, content=content, now=moment)
        if not RequestStep.objects.filter(request=row).exists():
            # It came by a file or before the desk was there: its asking is kept first.
            _keep(row, events[0], GATEWAY, min(row.act, seq - 1))
        _keep(row, event, actor, seq)
        _rematch(row, act, chosen, teams, words, seq, moment)
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


def _offers(viewer: Viewer, names: Sequence[str]) -> tuple[list[Entry], list[str]]:
    """The entries chosen, in the order given, and the codes of teams. Raises `RequestError`."""
    wanted = list(dict.fromkeys(name.strip() for name in names if name.strip()))
    if not wanted or len(wanted) > MOST_OFFERS:
        raise RequestError(
            gettext_noop("A match names one to ten offers"),
            Act.MATCH,
            gettext_noop("Choose among those suggested, or give the key of an entry."),
        )
    held = entries_named(viewer, wanted)
    codes = [name.removeprefix(PREFIX) for name in wanted if name.startswith(PREFIX)]
    teams = teams_held(viewer, codes)
    for name in wanted:
        offered = name in held and held[name].kind in OFFERED_KINDS
        if not offered and not (name.startswith(PREFIX) and name.removeprefix(PREFIX) in teams):
            raise RequestError(
                gettext_noop("No offer of this name is here"),
                name[:90],
                gettext_noop("Give the key of a tool, training, project, practice or team."),
            )
    return [held[name] for name in wanted if name in held], [c for c in codes if c in teams]


def _rematch(
    row: Entry,
    act: Act,
    chosen: Sequence[Entry],
    teams: Sequence[str],
    reason: str,
    seq: int,
    moment: dt.datetime,
) -> None:
    if act in _ENDS_MATCH:
        ended = Match.objects.filter(request=row, state=CHOSEN)
        ended.update(state=WITHDRAWN, reason=reason)
    Match.objects.bulk_create(
        Match(request=row, offered=offer, state=CHOSEN, act=seq, made=moment) for offer in chosen
    )
    Match.objects.bulk_create(
        Match(request=row, team=code, state=CHOSEN, act=seq, made=moment) for code in teams
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
