"""What the two documents say in the house's own voice, in English unless a door translates it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences of the documents. Names in braces are filled in and must stay.

    A door that speaks another language gives its own; the text of the instrument is never
    translated.
    """

    unnamed: str = "Not named"  # author of a change whose proposer the draft does not name
    comparer: str = "Comparison by Comity"
    source: str = "Source: {attribution}. Not an official document."
    page: str = "Page"
    draft: str = "Draft with tracked changes"
    comparison: str = "From the draft to the adopted text"

    draft_use: str = (
        "Accept all changes to read the text that the draft proposes. Reject all to read the text "
        "it started from, as far as the marks of the draft show it. The author of a change is "
        "who proposed it; “{unnamed}” where the draft does not say."
    )
    draft_notes: str = (
        "Square brackets, options and document numbers of the draft stand in comments. Text in "
        "brackets, offered as an option or tabled under a document number is shown as an insertion."
    )
    draft_guess: str = (
        "Machine reading, to be checked: of {count} paragraphs, {explicit} carry marks that say "
        "what they are; {inferred} were read from their place. A comment names the reason where "
        "such a reading makes a paragraph an insertion or a deletion."
    )
    comparison_use: str = (
        "Accept all changes to read the adopted text. Reject all to read the draft, struck words "
        "left out. Every change is by “{comparer}”: no delegation made it."
    )
    comparison_guess: str = (
        "Machine reading, to be checked: which paragraph became which was found by comparing "
        "words. Of {count} changes {certain} are certain, {likely} likely, {doubtful} doubtful. "
        "Comments name moves, merges, splits and doubts; similarity runs from 0 to 1."
    )
    end: str = "End of the text."

    tabled: str = "Tabled as {tag}."
    option: str = "Option {option}."
    alternative: str = "One of several alternatives under this number."
    bracketed: str = "In square brackets in the draft: not agreed."
    bracketed_part: str = "These words stand in square brackets in the draft: not agreed."
    inferred: str = "Read by machine as {state}: {why}."
    footnote: str = "Footnote mark {mark} in the source; the text of the footnote is not held."

    moved_to: str = "Moved to “{place}”. {doubt}"
    moved_from: str = "Moved here from “{place}”. {doubt}"
    merged: str = "Merged with other text into “{place}”. {doubt}"
    split: str = "Split off from “{place}”. {doubt}"
    became: str = "Read as what became of “{place}”. {doubt}"
    doubt: str = "Machine reading: {confidence}, similarity {similarity}."
