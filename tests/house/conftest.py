"""Before any test runs: compile the catalogues that changed, as `comity setup` does."""

from __future__ import annotations

import logging

import pytest


def pytest_configure(config: pytest.Config) -> None:
    from comity.site import translations

    translations.compile_catalogues()
    # A line a request would bury what failed.
    logging.getLogger("comity.web").setLevel(logging.ERROR)
