"""Links of tools and trainings, opened by this gateway: what was found is its own statement.

Only what everybody may see is looked at, since the one asked learns that somebody asked. Each look
replaces the statement of the last, and a look that says nothing leaves it as it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor

from django.utils import timezone

from comity.kit.fetcher import NotFetched, fetch
from comity.kit.sayings import Voice
from comity.kit.tlp import ANONYMOUS
from comity.people.reads import visible_handlings
from comity.registry.actions.writing import Speaker, store
from comity.registry.models import Entry, Statement
from comity.registry.rules.links import Link, due, joined, judged
from comity.registry.rules.reaching import KINDS
from comity.registry.types import Given, Record

CHECKER = Speaker(Voice.SOURCE, "Link check of this gateway")
FIELDS = {Link.FOUND: "link_checked", Link.GONE: "link_gone"}
AT_ONCE = 4
Ask = Callable[[str], int | None]


def ask(url: str) -> int | None:
    """The status of the answer at an address; None where none came or it may not be asked. A
    server that refuses HEAD is asked again as a browser would."""
    status = None
    for method in ("HEAD", "GET"):
        try:
            status = fetch(url, method=method, most=1024).status
        except NotFetched:
            continue
        if judged(status) is Link.FOUND:
            break
    return status


def links(night: dt.date | None = None, names: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """Addresses by entry, as everybody may see them: of one night, of those named, or of all."""
    visible = visible_handlings(ANONYMOUS)
    rows = Statement.objects.filter(
        entry__kind__in=KINDS,
        entry__counted__in=visible,
        field="url",
        ended__isnull=True,
        handling__in=visible,
    ).order_by("entry", "pk")
    found: dict[str, list[str]] = defaultdict(list)
    for place, kind, key, url in rows.values_list("entry", "entry__kind", "entry__key", "value"):
        name = f"{kind}/{key}"
        if (not names or name in names) and (night is None or due(place, night)):
            found[name] = list(dict.fromkeys([*found[name], str(url)]))
    return {name: tuple(urls) for name, urls in found.items()}


def check_links(
    todo: Mapping[str, tuple[str, ...]], *, ask: Ask = ask, now: dt.datetime | None = None
) -> dict[str, Link]:
    """Open each address and keep what was found, under one act. What each entry's links are."""
    moment = now or timezone.now()
    urls = sorted({url for each in todo.values() for url in each})
    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = dict(zip(urls, pool.map(ask, urls), strict=True))
    found = {name: joined([judged(statuses[u]) for u in each]) for name, each in todo.items()}
    day = moment.astimezone(dt.UTC).date().isoformat()
    records = [
        Record(kind, key, values=(Given(FIELDS[link], day, evidence_url=todo[name][0]),))
        for name, link in found.items()
        if link in FIELDS
        for kind, key in [name.split("/", 1)]
        if Entry.objects.filter(kind=kind, key=key).exists()  # it may have gone meanwhile
    ]
    store(records, CHECKER, act="check_links", now=moment)
    return found
