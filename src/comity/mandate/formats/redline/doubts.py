"""Findings as they are met, with their place, and the point where a source is given up."""

from __future__ import annotations

from bisect import bisect_right

from comity.mandate.types import Finding, MandateError

# The draft of Resolution 130 has seven. A source with hundreds is no draft in this shape, and
# reading on would publish guesses.
MOST_FINDINGS = 200


class Doubts:
    """Collects findings by offset; raises MandateError when there are too many to trust."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        start = text.find("\n") + 1
        while start:
            self._starts.append(start)
            start = text.find("\n", start) + 1
        self._found: list[tuple[int, Finding]] = []

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def add(self, code: str, message: str, offset: int, remedy: str) -> None:
        self._found.append((offset, Finding(code, message, *self.place(offset), remedy)))
        if len(self._found) > MOST_FINDINGS:
            first = min(self._found, key=lambda f: f[0])[1]
            raise MandateError(
                f"More than {MOST_FINDINGS} places cannot be understood; the first: "
                f"{first.message}",
                line=first.line,
                column=first.column,
                remedy="Check that this is a draft with ~~ ~~ and [ ] marks, and mend them.",
            )

    def refuse(self, message: str, offset: int, remedy: str) -> MandateError:
        line, column = self.place(offset)
        return MandateError(message, line=line, column=column, remedy=remedy)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(f for _, f in sorted(self._found, key=lambda f: f[0]))
