"""The walk's rows of the desk by themselves: statuses for each kind of viewer, two languages."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from tests.registry import routes_desk
from tests.walk import KINDS, sample_accounts


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_door_answers_each_viewer_as_its_row_says(language: str, db: None) -> None:
    from django.conf import settings

    world = routes_desk.prepare()
    accounts = sample_accounts()
    for kind in KINDS:
        browser = Client(HTTP_HOST="localhost")
        if kind != "anonymous":
            browser.force_login(accounts[kind], backend=settings.AUTHENTICATION_BACKENDS[0])
        for row in routes_desk.ROWS:
            with translation.override(language):
                url = row.url(world)
            send = browser.post if row.method == "POST" else browser.get
            answer = send(url, row.data or {})
            assert answer.status_code == row.expected(kind), (kind, row.method, url)
            assert f"Analysts ({routes_desk.HIDDEN})" not in answer.content.decode()
