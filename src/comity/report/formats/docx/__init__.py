"""A document as DOCX: what delegates edit, and what secretariats send on.

Headings, tables with headings that repeat, contents, endnotes, bookmarks and languages are Word's
own, so that they work in Word as such. The dozen parts are written here and not through
python-docx: it knows no endnotes, brings a template with a theme and a picture of its own, and
takes seconds for what is a join of strings. It reads our files back in the tests.
"""

from comity.report.formats.docx.write import write_docx

__all__ = ["write_docx"]
