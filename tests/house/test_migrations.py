"""Migrations match models, in every room of ours."""

from __future__ import annotations

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    from django.apps import apps

    ours = [app.label for app in apps.get_app_configs() if app.name.startswith("comity.")]
    assert "ledger" in ours
    call_command("makemigrations", *ours, check=True, dry_run=True, verbosity=0)
