"""A document as the bytes of a file: HTML, DOCX or PDF, by the room's formats."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from comity.kit.languages import gettext_noop
from comity.report.types.figures import ReportError
from comity.report.types.tree import Document

FORMATS = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def media_type(name: str) -> str:
    return FORMATS[name]


@cache
def sheet() -> str:
    """The house's sheet, which a file of HTML carries with it."""
    path = finders.find("comity.css")
    return Path(path).read_text(encoding="utf-8") if path else ""


def rendered(document: Document, name: str) -> bytes:
    """The file. Raises `ReportError` for a format that there is none of."""
    # Loaded when asked for: typst and its fonts take a second that a page of figures need not wait.
    if name == "html":
        from comity.report.formats.html import write_html

        return write_html(document, sheet=sheet())
    if name == "docx":
        from comity.report.formats.docx import write_docx

        return write_docx(document)
    if name == "pdf":
        from comity.report.formats.pdf import write_pdf

        return write_pdf(document)
    raise ReportError(
        gettext_noop("There is no such format"), name[:20], ", ".join(sorted(FORMATS))
    )


def file_name(stem: str, language: str, name: str) -> str:
    return f"comity-{stem}.{language}.{name}"
