"""A translation of the Resolution is used where it is held, unless it is dated after the original."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import translation
from django.utils.translation import gettext

from comity.kit.tlp import ANONYMOUS
from comity.mandate import reads as mandate
from comity.mandate.actions import load_shipped
from comity.report import reads
from comity.report.reads.facts import NEWER, paragraphs
from comity.report.rules.kept import to_bytes
from comity.report.types.figures import INSTRUMENT, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world() -> None:
    load_shipped()


def french(days: int | None) -> None:
    """The text in French, dated so many days after the English original; None: with no date."""
    version = mandate.version(ANONYMOUS, INSTRUMENT, TEXT)
    rows = list(mandate.provisions(ANONYMOUS, version))
    assert version.date
    version.pk, version.language = None, "fr"
    version.date = None if days is None else version.date + dt.timedelta(days=days)
    version.save(force_insert=True)
    for row in rows:
        row.pk, row.version, row.text = None, version, f"En français : {row.num}"
        row.save(force_insert=True)


@pytest.mark.parametrize("days", [-1, 0, None])
def test_a_translation_that_is_not_newer_is_used(days: int | None) -> None:
    french(days)
    language, notice, rows = paragraphs("fr")
    assert (language, notice) == ("fr", "")
    assert rows[0].text.startswith("En français")


def test_a_newer_translation_is_not_used_and_the_report_says_so() -> None:
    french(1)
    language, notice, rows = paragraphs("fr")
    assert (language, notice) == ("en", NEWER)
    assert not rows[0].text.startswith("En français")
    assert paragraphs("en")[:2] == ("en", "")
    scope = reads.scope_of(2014, now=dt.datetime.now(dt.UTC))
    document = reads.written(reads.prepare(scope), "fr")
    text = to_bytes(document).decode()
    with translation.override("fr"):
        assert gettext(NEWER) in text and gettext(NEWER) != NEWER
    assert "En français" not in text


def test_without_a_translation_the_original_stands_in_and_nothing_is_newer() -> None:
    assert paragraphs("ar")[:2] == ("en", "")
