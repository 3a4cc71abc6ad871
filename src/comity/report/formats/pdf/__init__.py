"""A document as PDF/UA-1, set by typst: tagged, in its language, with fonts from wheels.

The words go to typst as JSON and are used as strings only, so that no word can be code; the code
is one file, `data/typst/document.typ`. Equal documents give equal bytes: the only time in them
is the document's own moment.
"""

from comity.report.formats.pdf.write import picture_png, write_pdf

__all__ = ["picture_png", "write_pdf"]
