"""From a draft to what was adopted, as tracked changes by the comparison and by nobody else.

A document has one order, a comparison has moves. The heaviest chain of pairs that keep their
order in both texts becomes amended paragraphs; what moved across it is deleted in one place and
inserted in the other, with a comment in both. So both readings stay whole and in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from comity.mandate.formats.docx.paper import compose
from comity.mandate.formats.docx.revisions import DEL, INS, SAME, Line, Note, Piece, merged
from comity.mandate.formats.docx.styles import item_style
from comity.mandate.formats.docx.words import Words
from comity.mandate.rules.words import redline, similarity
from comity.mandate.rules.words import words as words_of
from comity.mandate.types import Change, ChangeKind, Confidence, MandateError, Provision, Text

# Below this a word-level redline of two paragraphs is confetti: both are shown whole instead.
# Looked at on Resolution 130: pairs under it share hardly more than "of the" and "ICTs".
_READABLE = 0.25

# A heading that stands in both texts weighs in the chain like this many kept words.
_HEADING_WORDS = 12.0


def comparison_docx(
    draft: Text,
    adopted: Text,
    changes: Sequence[Change],
    *,
    version: str = "",
    words: Words | None = None,
) -> bytes:
    """`draft.provisions` (its clean reading) to `adopted.provisions` as tracked changes.

    `changes` hold indices into these two. Accepting all gives the adopted text, rejecting all
    the clean draft, paragraph by paragraph. Raises MandateError where an index has no provision.
    """
    words = words or Words()
    _check(draft, adopted, changes)
    counts = Counter(change.confidence for change in changes)
    said = {
        "comparer": words.comparer,
        "count": len(changes),
        **{confidence.value: counts[confidence] for confidence in Confidence},
    }
    head = [
        Line(style, _between(old, new), words.comparer)
        for style, old, new in (
            ("Title", draft.title, adopted.title),
            ("Subtitle", draft.subtitle, adopted.subtitle),
            ("Formula", draft.formula, adopted.formula),
        )
        if old or new
    ]
    return compose(
        adopted,
        [*head, *_body(draft, adopted, changes, words)],
        kind=words.comparison,
        version=version or " – ".join(t.date.isoformat() for t in (draft, adopted) if t.date),
        when=adopted.date or draft.date,
        notices=[s.format(**said) for s in (words.comparison_use, words.comparison_guess)],
        words=words,
    )


def _check(draft: Text, adopted: Text, changes: Sequence[Change]) -> None:
    for change in changes:
        for text, indices in ((draft, change.old), (adopted, change.new)):
            for i in indices:
                if not 0 <= i < len(text.provisions):
                    raise MandateError(
                        f"A change names provision {i} of “{text.title}”, "
                        f"which has {len(text.provisions)}.",
                        remedy="Compare these two texts again and pass on what that gives.",
                    )


# --- what stands where --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Row:
    """A heading (`index` None) or a provision of one of the two texts."""

    section: str
    index: int | None = None


def _rows(provisions: Sequence[Provision]) -> list[_Row]:
    out: list[_Row] = []
    for i, provision in enumerate(provisions):
        if i == 0 or provision.section != provisions[i - 1].section:
            out.append(_Row(provision.section))
        out.append(_Row(provision.section, i))
    return out


def _body(draft: Text, adopted: Text, changes: Sequence[Change], words: Words) -> list[Line]:
    old_rows, new_rows = _rows(draft.provisions), _rows(adopted.provisions)
    pairs = _pairs(draft, adopted, changes)
    chain = _chain(_anchors(old_rows, new_rows, pairs, draft, adopted))
    kept = {(old_rows[a].index, new_rows[b].index) for a, b in chain}
    notes = _Notes(draft, adopted, changes, kept, words)
    out: list[Line] = []
    at_old = at_new = 0
    for a, b in [*chain, (len(old_rows), len(new_rows))]:
        out += [notes.line(row, None) for row in old_rows[at_old:a]]
        out += [notes.line(None, row) for row in new_rows[at_new:b]]
        if a < len(old_rows):
            out.append(notes.line(old_rows[a], new_rows[b]))
        at_old, at_new = a + 1, b + 1
    return out


def _pairs(draft: Text, adopted: Text, changes: Sequence[Change]) -> dict[int, tuple[int, float]]:
    """For each old provision its one partner: of a merge or a split, the nearest in words."""
    found: dict[int, tuple[int, float]] = {}
    for change in changes:
        both = [
            (similarity(draft.provisions[i].text, adopted.provisions[j].text), i, j)
            for i in change.old
            for j in change.new
        ]
        if both:
            degree, i, j = max(both, key=lambda pair: pair[0])
            found[i] = (j, degree)
    return found


def _anchors(
    old_rows: Sequence[_Row],
    new_rows: Sequence[_Row],
    pairs: dict[int, tuple[int, float]],
    draft: Text,
    adopted: Text,
) -> list[tuple[int, int, float]]:
    """Rows that could be one paragraph of the document, with the words such a choice keeps."""
    place = {row.index: b for b, row in enumerate(new_rows) if row.index is not None}
    headings: dict[str, list[int]] = {}
    for b, row in enumerate(new_rows):
        if row.index is None:
            headings.setdefault(row.section.casefold(), []).append(b)
    out: list[tuple[int, int, float]] = []
    for a, row in enumerate(old_rows):
        if row.index is None:
            out += [(a, b, _HEADING_WORDS) for b in headings.get(row.section.casefold(), ())]
        elif row.index in pairs:
            j, degree = pairs[row.index]
            if degree >= _READABLE:
                longer = max(
                    len(words_of(t))
                    for t in (draft.provisions[row.index].text, adopted.provisions[j].text)
                )
                out.append((a, place[j], 1.0 + degree * longer))
    return out


def _chain(anchors: Sequence[tuple[int, int, float]]) -> list[tuple[int, int]]:
    """The heaviest chain that rises in both texts (a Fenwick tree of best prefixes)."""
    size = max((b for _, b, _ in anchors), default=-1) + 2
    tree: list[tuple[float, int]] = [(0.0, -1)] * (size + 1)
    before = [-1] * len(anchors)
    # Of one old row, later new rows first: they cannot then stand on one another.
    for n, (_, b, weight) in sorted(enumerate(anchors), key=lambda item: (item[1][0], -item[1][1])):
        best, at = (0.0, -1), b
        while at > 0:
            best, at = max(best, tree[at]), at & (at - 1)
        before[n] = best[1]
        total, at = (best[0] + weight, n), b + 1
        while at <= size:
            tree[at] = max(tree[at], total)
            at += at & -at
    last = max(tree)[1]
    chain: list[tuple[int, int]] = []
    while last >= 0:
        chain.append(anchors[last][:2])
        last = before[last]
    return chain[::-1]


# --- the paragraphs -----------------------------------------------------------------------


class _Notes:
    """Lines with the comments that the changes ask for."""

    def __init__(
        self,
        draft: Text,
        adopted: Text,
        changes: Sequence[Change],
        kept: set[tuple[int | None, int | None]],
        words: Words,
    ) -> None:
        self.draft, self.adopted, self.words, self.kept = draft, adopted, words, kept
        self.of_old = {i: change for change in changes for i in change.old}
        self.of_new = {j: change for change in changes for j in change.new}

    def line(self, old: _Row | None, new: _Row | None) -> Line:
        """One paragraph: of the old text, of the new one, or of both."""
        by = self.words.comparer
        row = new or old
        if row is None or row.index is None:
            return Line(
                "Heading1", _between(old.section if old else "", new.section if new else ""), by
            )
        before = self.draft.provisions[old.index] if old and old.index is not None else None
        after = self.adopted.provisions[new.index] if new and new.index is not None else None
        said = [*self._remarks(old, new)]
        if after:
            said += [self.words.footnote.format(mark=mark) for mark in after.footnotes]
        there = after or before
        return Line(
            item_style(there.path, there.num) if there else "Normal",
            _paragraph(before, after),
            by,
            tuple(Note(by, text) for text in said),
            was=item_style(before.path, before.num) if before else "",
        )

    def _remarks(self, old: _Row | None, new: _Row | None) -> list[str]:
        """What a reader cannot see from the marks: where words went, and how sure that is."""
        words = self.words
        if old and new:
            change = self.of_new.get(new.index if new.index is not None else -1)
            if change is None:
                return []
            if change.kind is ChangeKind.MOVED:
                return [self._say(words.moved_from, self.draft, change.old, change)]
            if change.confidence is Confidence.CERTAIN:
                return []
            return [self._say(words.became, self.draft, change.old, change)]
        if old and old.index is not None:
            change = self.of_old.get(old.index)
            if change is None or not change.new:
                return []
            into = words.merged if change.kind is ChangeKind.MERGED else words.moved_to
            return [self._say(into, self.adopted, change.new, change)]
        if new and new.index is not None:
            change = self.of_new.get(new.index)
            if change is None or not change.old:
                return []
            out = words.split if change.kind is ChangeKind.SPLIT else words.moved_from
            return [self._say(out, self.draft, change.old, change)]
        return []

    def _say(self, sentence: str, text: Text, indices: Sequence[int], change: Change) -> str:
        places = [
            " ".join(part for part in (p.section, p.path.replace("/", " ")) if part)
            for p in (text.provisions[i] for i in indices)
        ]
        doubt = self.words.doubt.format(
            confidence=change.confidence.value, similarity=f"{change.similarity:.2f}"
        )
        return sentence.format(place="; ".join(places), doubt=doubt)


def _between(old: str, new: str) -> tuple[Piece, ...]:
    return merged(Piece(op.op, op.text) for op in redline(old, new))


def _paragraph(old: Provision | None, new: Provision | None) -> tuple[Piece, ...]:
    """Number, tab and words; the number changes as a whole."""
    if old is None or new is None:
        op, only = (INS, new) if old is None else (DEL, old)
        if only is None:
            return ()
        number = [Piece(op, only.num, only.num[:1].isalpha()), Piece(op, "\t")]
        return merged([*(number if only.num else ()), Piece(op, only.text)])
    number = []
    if old.num == new.num:
        number = [Piece(SAME, new.num, new.num[:1].isalpha())]
    else:
        number = [
            Piece(DEL, old.num, old.num[:1].isalpha()),
            Piece(INS, new.num, new.num[:1].isalpha()),
        ]
    if old.num or new.num:
        number.append(Piece(SAME if old.num and new.num else INS if new.num else DEL, "\t"))
    return merged([*number, *_between(old.text, new.text)])
