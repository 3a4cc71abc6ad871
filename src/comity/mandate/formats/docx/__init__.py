"""Word documents with real tracked changes: a draft, and a draft beside what was adopted.

Delegates settle texts in Word. Both documents can be accepted or rejected as a whole, and then
read, paragraph by paragraph, exactly as the two versions they stand between. What is not words
(brackets, options, tags, doubts of the machine) stands in comments, so that both readings stay
exact. The same input gives the same bytes.
"""

from comity.mandate.formats.docx.comparison import comparison_docx
from comity.mandate.formats.docx.draft import draft_docx
from comity.mandate.formats.docx.words import Words

__all__ = ["Words", "comparison_docx", "draft_docx"]
