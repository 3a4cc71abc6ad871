"""The annual report to the Council, put together: first page, body, annexes."""

from __future__ import annotations

from comity.kit.languages import gettext_noop as _
from comity.report.rules.document.annexes import BREAK, annex_a, annex_b, annex_c
from comity.report.rules.document.body import introduction, others, pillars
from comity.report.rules.document.material import Material
from comity.report.rules.document.opening import (
    TITLE,
    box,
    identifier,
    masthead,
    notices,
    state,
)
from comity.report.types.tree import Contents, Document, Words


def annual(material: Material) -> Document:
    """The whole report in one language. Equal material gives equal documents."""
    say = material.tongue
    return Document(
        say.code,
        say(TITLE),
        material.ground.scope.cutoff,
        (
            *notices(material),
            Contents(2),
            introduction(material),
            *pillars(material),
            *others(material),
            BREAK,
            annex_a(material),
            BREAK,
            annex_b(material),
            BREAK,
            annex_c(material),
        ),
        author=say(_("Report by the Secretary-General")),
        masthead=masthead(material),
        box=box(material),
        figures=material.notes(),
        identifier=identifier(material),
        state=state(material),
        subject=say(_("Annual report on Resolution 130, {year}"), year=material.year),
        publisher=material.publisher,
        base=material.base,
        words=Words.translated(say.say),
    )
