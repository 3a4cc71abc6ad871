"""Words that a spreadsheet would run as a formula, made harmless in CSV and made whole again.

The list is OWASP's ("CSV Injection", read 2026): = + - @, tab, carriage return and line feed,
with the full-width forms that East Asian editions accept. Blanks, invisible marks and other
control characters in front count too, since several programs trim them before they look.
"""

from __future__ import annotations

import re

# The apostrophes make it reversible: what already looks guarded is guarded once more.
_RUNS = re.compile("'*[\\s\x00-\x1f\x7f\u200b-\u200f\u2060\ufeff]*[=+\\-@\t\r\n＝＋－＠]")


def runs(cell: str) -> bool:
    """Whether a spreadsheet might run the words, or they look like words guarded by us."""
    return _RUNS.match(cell) is not None


def guard(cell: str) -> str:
    """Put an apostrophe before words that a spreadsheet would run as a formula."""
    return f"'{cell}" if _RUNS.match(cell) else cell


def unguard(cell: str) -> str:
    """The words as they were before `guard`: unguard(guard(x)) == x for every x."""
    return cell[1:] if cell.startswith("'") and _RUNS.match(cell) else cell
