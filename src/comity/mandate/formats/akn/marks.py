"""The marks of a draft read back from Akoma Ntoso: struck and inserted words, proposals, options.

What the standard has (`del`, `ins`, `alternativeTo`) is read from any document; state, tag,
proposer and brackets from the `proprietary` block that `remarks` writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from lxml import etree

from comity.mandate.formats.akn.names import own
from comity.mandate.types import Passage, Run, Span, State

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_STATES = {state.value: state for state in State}
_WHY, _OPTION = 300, 10  # characters that are kept of each


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words as they stand in the document, under `del`, `ins` or neither."""

    text: str
    struck: bool = False
    inserted: bool = False


class Marks:
    """Gathers the passages of one document, in document order."""

    def __init__(self, document: etree._Element) -> None:
        self.passages: list[Passage] = []
        self.at: dict[str, int] = {}  # where the passage of an eId stands
        self.said = {e.get("href", "")[1:]: e for e in document.iter(own("passage"))}
        self.struck = sum(1 for _ in document.iter("{*}del"))
        inserted = any(True for _ in document.iter("{*}ins"))
        self.there = bool(self.said or self.struck or inserted)

    def add(
        self,
        element: etree._Element,
        section: str,
        path: str,
        num: str,
        stretches: Iterable[Stretch],
    ) -> None:
        """One passage: what its marks show, and what the document says of it."""
        runs = _runs(stretches)
        if not runs:
            return
        eid = element.get("eId", "")
        said = self.said.get(eid)
        told = {str(k): str(v) for k, v in said.attrib.items()} if said is not None else {}
        state, explicit, why = _seen(runs)
        if told.get("state") in _STATES:
            state = _STATES[told["state"]]
            explicit, why = told.get("explicit") == "true", told.get("why", "")
        self.passages.append(
            Passage(
                section=section,
                path=path,
                num_printed=element.get(own("printed"), num),
                num=num,
                runs=runs,
                state=state,
                explicit=explicit,
                why=why[:_WHY],
                tag=told.get("tag", ""),
                proposer=told.get("proposer", ""),
                option=told.get("option", "")[:_OPTION],
                group=self._group(element.get("alternativeTo", "")),
                lines=(),
                span=Span(0, 0),
                bracketed=told.get("bracketed") == "true",
            )
        )
        self.at.setdefault(eid, len(self.passages) - 1)

    def _group(self, first: str) -> int | None:
        """The group of a passage offered beside the one with this eId, which joins it."""
        at = self.at.get(first, -1) if first else -1
        if at < 0:
            return None
        if self.passages[at].group is None:
            self.passages[at] = replace(self.passages[at], group=at)
        return self.passages[at].group


def _runs(stretches: Iterable[Stretch]) -> tuple[Run, ...]:
    """Stretches of one kind joined, blanks folded, none at the ends."""
    kinds = groupby(stretches, lambda stretch: (stretch.struck, stretch.inserted))
    joined = [("".join(stretch.text for stretch in alike), kind) for kind, alike in kinds]
    texts = [_BLANKS.sub(" ", text) for text, _kind in joined]
    if texts:
        texts[0] = texts[0].lstrip()
        texts[-1] = texts[-1].rstrip()
    runs = tuple(
        Run(text, struck, Span(0, 0), inserted=inserted)
        for text, (_, (struck, inserted)) in zip(texts, joined, strict=True)
        if text
    )
    return runs if any(run.text.strip() for run in runs) else ()


def _seen(runs: tuple[Run, ...]) -> tuple[State, bool, str]:
    """State, whether a mark says so, and why, from the words alone."""
    spoken = [run for run in runs if run.text.strip()]
    if all(run.struck for run in spoken):
        return State.STRUCK, True, ""
    if all(run.struck or run.inserted for run in spoken):
        return State.INSERTED, True, ""
    return State.KEPT, False, "no mark covers it"
