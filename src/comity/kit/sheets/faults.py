"""What can be wrong in a file that can still be read: one table of sentences and remedies.

A fault that `holds` makes its row wait: a value was not understood, and a wrong one would be
published as a State's word. The others are told.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from comity.kit.languages import gettext_noop as _
from comity.kit.sheets.types import Finding, Limits


@dataclass(frozen=True, slots=True)
class Fault:
    """A sentence with named places, the remedy, and whether a row with it is held."""

    message: str
    remedy: str
    holds: bool = True


FAULTS: dict[str, Fault] = {
    # rows of either format
    "too-few-cells": Fault(
        _("the row has %(found)s cells where the header has %(wanted)s"),
        _("Add the missing cells, empty ones too, or put text with the delimiter in quotes."),
    ),
    "too-many-cells": Fault(
        _("the row has text past the last column of the header: %(text)s"),
        _("Give the column a name, or put text that holds the delimiter in quotes."),
    ),
    "unnamed-column": Fault(
        _("the cell has text, but its column has no name: %(text)s"),
        _("Give the column a name in the header, or empty it."),
    ),
    "cell-too-long": Fault(
        _("the cell has %(found)s characters, more than %(wanted)s"),
        _("Shorten the text, or send it as a document of its own."),
    ),
    "nul": Fault(
        _("the row holds the character NUL, shown as ␀"),
        _("Take it out, or export the table again; NUL is no text."),
    ),
    # CSV
    "wrong-encoding": Fault(
        _("the row has bytes that are not UTF-8, while most of the file is; they are shown as \\x"),
        _("Correct the row and save the whole file as UTF-8."),
    ),
    "stray-quote": Fault(
        _("a quotation mark stands where none can"),
        _('Put the whole cell in quotes and write a quote inside it twice ("").'),
    ),
    "open-quote": Fault(
        _("a quotation mark that opens in row %(start)s is never closed"),
        _("Close it, or write it twice if it belongs to the text. All rows from there on wait."),
    ),
    "name-differs": Fault(
        _("the file is called %(name)s but holds %(format)s; it was read as that"),
        _("Nothing, if that is what you meant to send."),
        holds=False,
    ),
    # XLSX
    "formula": Fault(
        _("the cell holds a formula (%(formula)s), which is not computed here"),
        _("Paste the values: copy, then Paste special, Values."),
    ),
    "error-value": Fault(
        _("the cell shows an error (%(text)s)"),
        _("Correct the formula or the source, then paste the value."),
    ),
    "merged": Fault(
        _("the row lies in merged cells, so that it is unclear whose the value is"),
        _("Unmerge the cells and write the value in each row."),
    ),
    "date-range": Fault(
        _("the cell is formatted as a date but holds no date that ever was (%(text)s)"),
        _("Write the date as text, such as 1899-12-31, or correct the number."),
    ),
    "year-as-date": Fault(
        _("the cell is formatted as a date and shows %(text)s, but its number is %(year)s"),
        _("If a year is meant, format the cell as a number or as text and type it again."),
    ),
    "year-not-shown": Fault(
        _("the date's format shows no year; the cell holds %(text)s"),
        _("Check the year, which the spreadsheet added by itself."),
        holds=False,
    ),
    "long-number": Fault(
        _("the number has more digits than a spreadsheet keeps (%(text)s)"),
        _("Format the cell as text and type the number again."),
    ),
    "hidden-rows": Fault(
        _("%(count)s rows are hidden or filtered out, the first is row %(first)s; they were read"),
        _("Delete them if they should not be sent."),
        holds=False,
    ),
    "hidden-columns": Fault(
        _("hidden columns were read: %(text)s"),
        _("Delete them if they should not be sent."),
        holds=False,
    ),
    "other-sheets": Fault(
        _("only the sheet %(sheet)s was read; the file also has %(text)s"),
        _("Send each sheet that is meant by naming it."),
        holds=False,
    ),
    "macros": Fault(
        _("the workbook holds macros; they were not run"),
        _("Save it as an Excel workbook without macros (.xlsx)."),
        holds=False,
    ),
    "external-links": Fault(
        _("the workbook points to other files or data sources; they were not followed"),
        _("Paste the values in place of the links."),
        holds=False,
    ),
    # writing
    "character-replaced": Fault(
        _("a character that the file format cannot hold was replaced by a visible sign"),
        _("Take control characters out of the text."),
        holds=False,
    ),
    "cell-cut": Fault(
        _("the text has %(found)s characters; a cell holds %(wanted)s, so it was cut at […]"),
        _("Use CSV or JSON for the whole text."),
        holds=False,
    ),
    "more": Fault(
        _("%(count)s further findings are not listed"),
        _("Correct those above and send the file again."),
        holds=False,
    ),
}


def finding(code: str, row: int = 0, column: str = "", **facts: str) -> Finding:
    """The finding of a code, its sentence filled in."""
    fault = FAULTS[code]
    message = fault.message % facts
    return Finding(code, message, row, column, fault.remedy, tuple(sorted(facts.items())))


@dataclass(slots=True)
class Findings:
    """Findings of one file, told one by one up to a limit and counted past it."""

    limits: Limits
    told: list[Finding] = field(default_factory=list)
    untold: int = 0

    def tell(self, code: str, row: int = 0, column: str = "", **facts: str) -> None:
        if len(self.told) < self.limits.findings:
            self.told.append(finding(code, row, column, **facts))
        else:
            self.untold += 1

    def all(self) -> tuple[Finding, ...]:
        """Those of the whole file first, then by row; the count of the rest last."""
        rest = [finding("more", count=str(self.untold))] if self.untold else []
        return (*sorted(self.told, key=lambda f: f.row), *rest)
