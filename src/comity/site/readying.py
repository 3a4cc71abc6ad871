"""What must be done between an install and the first page; each step is quick when it is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from comity.ledger import actions as ledger
from comity.site import rooms, translations

Step = tuple[str, str, Callable[[], str]]
FRESH = "fresh"
NO_SAMPLE = "no-sample"


def pending_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> str:
    waiting = pending_migrations()
    if not waiting:
        return FRESH
    call_command("migrate", verbosity=0, interactive=False)
    return f"{waiting} migrations applied"


def guard() -> str:
    """The triggers of the record of acts: a restore from a dump may have left some out."""
    missing = ledger.put_guards_back()
    return f"put back: {', '.join(missing)}" if missing else FRESH


def compile_words() -> str:
    written = translations.compile_catalogues()
    return f"{written} catalogues" if written else FRESH


def gather_static() -> str:
    """Copy, compress and name the static files by their content, when one of them changed."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            content = Path(storage.path(path)).read_bytes()
            digest.update(path.encode() + hashlib.sha256(content).digest())
    stamp = settings.STATIC_ROOT / ".gathered"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return FRESH
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(digest.hexdigest())
    return "gathered"


def steps() -> Iterator[Step]:
    """(name, words, what to do) in order. What a step returns is said of it."""
    # The keys are made when the settings are read: that they are here is checked by `doctor`.
    yield "database", "Bringing the database up to date", migrate
    yield "guards", "Guarding the record of acts", guard
    yield "words", "Compiling the words of six languages", compile_words
    yield "static", "Gathering static files", gather_static
    for room in rooms.ROOMS:
        load = rooms.lent(room.load)
        if load:
            yield room.name, "Loading the documents", _said(load)
    if sample_wanted():
        for name, load in sample_loads():
            yield f"{name} sample", "Loading sample data", _said(load)


def sample_wanted() -> bool:
    """Whether this house shows sample data. Asked after the migrations ran."""
    from comity.site.models import Mark

    return not Mark.objects.filter(name=NO_SAMPLE).exists()


def sample_loads() -> Iterator[tuple[str, Callable[..., object]]]:
    """The rooms that have sample data, lowest first: what names another comes after it."""
    for room in rooms.ROOMS:
        load = rooms.lent(room.sample)
        if load:
            yield room.name, load


def load_sample() -> dict[str, str]:
    """Bring sample data (back); what each room says."""
    from comity.site.models import Mark

    Mark.objects.filter(name=NO_SAMPLE).delete()
    return {name: str(load(again=True) or FRESH) for name, load in sample_loads()}


def remove_sample() -> dict[str, object]:
    """Remove all sample data of all rooms, highest first, and keep it away: one transaction."""
    from comity.site.models import Mark

    removed: dict[str, object] = {}
    with transaction.atomic():
        for room in reversed(rooms.ROOMS):
            remove = rooms.lent(room.remove_sample)
            if remove:
                removed[room.name] = remove()
        Mark.objects.get_or_create(name=NO_SAMPLE, defaults={"made": timezone.now()})
    return removed


def _said(load: Callable[[], object]) -> Callable[[], str]:
    return lambda: str(load() or FRESH)
