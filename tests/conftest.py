"""Fixtures every room shares."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


# Files whose tests fill databases, open every page or draw hundreds of examples, more than two
# seconds each on a quiet machine (measured 2026-11-30): `make test` runs them, `make check` does not.
SLOW = {
    "directory": "cli fallbacks keeping own_record pages record_api seen",
    "events": "cli_events doors",
    "house": "translations",
    "kit": "sheets_xlsx",
    "mandate": "actions api bad_input cli docx docx_busan lasting pages settle settling",
    "registry": (
        "agreement_page api api_junk api_writing applying batches desk desk_pages "
        "exports_bundle exports_files exports_tables forms hostile_input keeping loading "
        "new_kind nothing_leaks pages pages_seen replies submitting writing"
    ),
    "report": "beside cli desk document_page dossier formats_together keeping",
    "site": "admin",
}


# What asks pytest-django for the database; without one of these it refuses every query.
DATABASE = {"db", "transactional_db", "live_server", "client", "admin_client"}


def reaches_the_database(item: pytest.Item) -> bool:
    asked = DATABASE.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("COMITY_DATABASE"):  # a second database has nothing new to say to the others
        config.hook.pytest_deselected(items=[i for i in items if not reaches_the_database(i)])
        items[:] = [item for item in items if reaches_the_database(item)]
    slow = {
        ROOT / "tests" / room / f"test_{name}.py"
        for room, names in SLOW.items()
        for name in names.split()
    }
    absent = [str(path) for path in slow if not path.is_file()]
    assert not absent, f"named as slow and not there: {absent}"
    for item in items:
        if item.path in slow:
            item.add_marker(pytest.mark.slow)


def pytest_configure(config: pytest.Config) -> None:
    """Compile the catalogues that changed, as `comity setup` does; keep the request log quiet."""
    from hypothesis import settings

    from comity.site import translations

    # No deadlines: a busy machine is no defect, and tests of speed measure processor time.
    settings.register_profile("whole", deadline=None)
    settings.register_profile("quick", deadline=None, max_examples=15)  # make check
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("whole")
    translations.compile_catalogues()
    logging.getLogger("comity.web").setLevel(logging.ERROR)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared reference data beside a checkout; absent in a clone elsewhere."""
    if not SHARED.is_dir():
        pytest.skip("needs the folder shared/ beside the checkout")
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_ledger() -> None:
    """Emptying the test database between tests must get past the ledger's triggers."""
    from django.core.management.commands import flush

    from comity.ledger import triggers

    plain = flush.Command.handle

    def handle(self, **options):  # type: ignore[no-untyped-def]
        from django.db import connections

        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            return plain(self, **options)
        finally:
            triggers.install(connection)

    flush.Command.handle = handle
