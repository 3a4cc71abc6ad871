"""What the strikes of a passage were meant to cover, where their edges are certainly wrong.

Each step takes the runs of one passage and gives them back with old words struck and new words
marked as inserted. All words stay, in order: only what a run says of itself changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from comity.mandate.formats.redline.fusions import PLACE_YEAR, REVISED, Part, unfuse
from comity.mandate.types import Run, Span


def repair(runs: Sequence[Run]) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """Runs of one passage with old and new told apart, and the evidence for each repair."""
    evidence: list[str] = []
    done = list(runs)
    for step in (
        _strike_opens_early,
        _strike_covers_both,
        _struck_twice,
        _no_mark,
        _replaced,
        _study_group,
        _former_question,
        _blanks,
    ):
        done = step(done, evidence)
    return tuple(done), tuple(evidence)


def repair_struck(runs: Sequence[Run]) -> tuple[tuple[Run, ...], tuple[str, ...]]:
    """Runs that are struck as a whole: new words that went with the old ones are told apart."""
    evidence: list[str] = []
    return tuple(_struck_twice(list(runs), evidence)), tuple(evidence)


def join_blanks(runs: Iterable[Run]) -> list[Run]:
    """A blank that stands for a line end, and so covers nothing, joins the run behind it."""
    joined: list[Run] = []
    blank = ""
    for run in runs:
        if run.span.start == run.span.end:
            blank = run.text
        else:
            stood = run.stood if run.stood is None else blank + run.stood
            joined.append(replace(run, text=blank + run.text, stood=stood) if blank else run)
            blank = ""
    return joined


def _slice(
    run: Run,
    start: int,
    end: int,
    *,
    struck: bool,
    inserted: bool = False,
    stood: str | None = None,
) -> Run:
    blank = len(run.text) - (run.span.end - run.span.start)  # 1 where it stands for a line end
    first = run.span.start - blank
    span = Span(max(first + start, run.span.start), max(first + end, run.span.start))
    text = run.text[start:end]
    return replace(run, text=text, span=span, struck=struck, inserted=inserted, stood=stood)


def _divide(run: Run, parts: Iterable[Part], *, all_struck: bool = False) -> Iterator[Run]:
    """Cut a run into its parts; what no part covers stays as the run is, old and new alike.

    `all_struck`: the strike is meant for the new words too.
    """
    parts, at = list(parts), 0
    if not parts:
        yield run
        return
    for part in parts:
        if part.start > at:
            yield _slice(run, at, part.start, struck=all_struck)
        struck = all_struck or not part.new
        yield _slice(run, part.start, part.end, struck=struck, inserted=part.new, stood=part.stood)
        at = part.end
    if at < len(run.text):
        yield _slice(run, at, len(run.text), struck=all_struck)


_EARLY = re.compile(rf"(?P<kept>[^()]*\({REVISED})(?P<old>{PLACE_YEAR})")
_NEW_PLACE_YEAR = re.compile(rf"\s*{REVISED}{PLACE_YEAR}(?=\))")


def _strike_opens_early(runs: list[Run], evidence: list[str]) -> list[Run]:
    """`~~ib) Resolution 69 (Hyderabad, 2010~~ Rev. Dubai, 2014)`: a strike from the number into a
    reference whose place and year follow anew can only have meant the old place and year."""
    if len(runs) < 2 or not runs[0].struck or runs[1].struck:
        return runs
    old, new = _EARLY.fullmatch(runs[0].text), _NEW_PLACE_YEAR.match(runs[1].text)
    if not old or not new:
        return runs
    evidence.append(f"{old['old']}: the strike opens too early, before the reference")
    cut = old.start("old")
    kept = _slice(runs[0], 0, cut, struck=False)
    return [kept, _slice(runs[0], cut, len(runs[0].text), struck=True), *runs[1:]]


def _strike_covers_both(runs: list[Run], evidence: list[str]) -> list[Run]:
    """`WTSA-~~0812~~`: the strike holds nothing but an old and a new part."""
    done: list[Run] = []
    for i, run in enumerate(runs):
        before = runs[i - 1].text[-5:] if i and not runs[i - 1].struck else ""
        glued = i + 1 < len(runs) and runs[i + 1].text[:1].isdigit()
        parts: tuple[Part, ...] = ()
        if run.struck and before and not glued and len(run.text) <= 60:
            for unfused in unfuse(before + run.text):
                moved = tuple(
                    replace(p, start=p.start - len(before), end=p.end - len(before))
                    for p in unfused.parts
                )
                if moved[0].start == 0 and moved[-1].end == len(run.text):
                    parts = moved
                    evidence.append(unfused.evidence)
        done += _divide(run, parts)
    return done


def _struck_twice(runs: list[Run], evidence: list[str]) -> list[Run]:
    """`~~Resolution 45 (Rev. Hyderabad, 2010Dubai, 2014) to work~~`: new words that were struck
    together with what they stood in are in neither reading."""
    done: list[Run] = []
    for run in runs:
        found = unfuse(run.text) if run.struck else []
        evidence += [u.evidence for u in found]
        done += _divide(run, [p for u in found for p in u.parts], all_struck=True)
    return done


def _no_mark(runs: list[Run], evidence: list[str]) -> list[Run]:
    done: list[Run] = []
    for run in runs:
        found = [] if run.struck or run.inserted else unfuse(run.text)
        evidence += [u.evidence for u in found]
        done += _divide(run, [p for u in found for p in u.parts])
    return done


_DIGITS_FIRST = re.compile(r"\d+")
_OLD_PLACE_YEAR = re.compile(rf"{PLACE_YEAR}\s*$")
_NEW_FIRST = re.compile(rf"\s*{REVISED}{PLACE_YEAR}")


def _replaced(runs: list[Run], evidence: list[str]) -> list[Run]:
    """Behind a struck place and year, or struck digits, the new one is an insertion; a hyphen
    left at the edge of the strike ("Rev.-~~Hyderabad, 2010~~") stands for the blank there."""
    done: list[Run] = []
    for i, run in enumerate(runs):
        before = runs[i - 1] if i else None
        if run.struck or run.inserted:
            done.append(run)
            continue
        new = None
        if before and before.struck and _OLD_PLACE_YEAR.search(before.text):
            new = _NEW_FIRST.match(run.text)
        elif before and before.struck and before.text[-1:].isdigit():
            new = _DIGITS_FIRST.match(run.text)
        parts = [Part(0, new.end(), True)] if new else []
        follows_strike = i + 1 < len(runs) and runs[i + 1].struck
        if follows_strike and run.text.endswith(".-") and not (new and new.end() == len(run.text)):
            parts.append(Part(len(run.text) - 1, len(run.text), False, " "))
            evidence.append(f"{run.text[-5:]}: a hyphen left before the strike")
        done += _divide(run, parts)
    return done


_BEFORE_GROUP = re.compile(r"\bITU.D Study Group\s$")
_NEW_QUESTION = re.compile(r"\d{1,2}(?:-\d)?/(?P<group>[12])")


def _study_group(runs: list[Run], evidence: list[str]) -> list[Run]:
    """`ITU-D Study Group ~~21~~`: ITU-D has Study Groups 1 and 2 only, so these are an old and a
    new one. The new one is the group of the one new Question that the passage names ("3/2")."""
    named = {str(m["group"]) for r in runs if r.inserted and (m := _NEW_QUESTION.fullmatch(r.text))}
    done: list[Run] = []
    for i, run in enumerate(runs):
        pair = run.struck and run.text in ("12", "21") and i and not runs[i - 1].struck
        if pair and len(named) == 1 and _BEFORE_GROUP.search(runs[i - 1].text):
            new = run.text.index(next(iter(named)))
            evidence.append(f"Study Group {run.text}: 1 and 2, of which {run.text[new]} is new")
            done += _divide(run, (Part(0, 1, new == 0), Part(1, 2, new == 1)))
        else:
            done.append(run)
    return done


_FORMER = re.compile(r"\s*\(former [Qq]uestion\s$")


def _former_question(runs: list[Run], evidence: list[str]) -> list[Run]:
    """`Question ~~22-1/1~~3/2 (former question ~~22-1/1~~`: what was replaced by the new number is
    the former one, and the words that say so came with the new number."""
    done = list(runs)
    for i in range(3, len(runs)):
        old, new, words, number = runs[i - 3 : i + 1]
        said = new.inserted and not words.struck and _FORMER.fullmatch(words.text)
        if said and old.struck and number.struck and number.text == old.text:
            evidence.append(f"former question {number.text}: it is named because it was replaced")
            done[i - 1] = replace(words, inserted=True)
            done[i] = replace(number, struck=False, inserted=True)
    return done


def _blanks(runs: list[Run], evidence: list[str]) -> list[Run]:
    """Blanks that only the strike left behind go with it: "(~~Hyderabad, 2010~~ Rev. Dubai"."""
    done: list[Run] = []
    kept = ""  # the words before, struck ones left out
    for i, run in enumerate(runs):
        lead = len(run.text) - len(run.text.lstrip())
        trail = len(run.text.rstrip())
        parts: list[Part] = []
        if not run.struck and lead and kept.endswith("(") and runs[i - 1].struck:
            parts.append(Part(0, lead, False, "" if run.inserted else None))
        later = runs[i + 2].text[:1] if i + 2 < len(runs) else ""
        glued = later in {",", ";", ".", ")"} and not runs[i + 2].struck
        if not run.struck and glued and runs[i + 1].struck and lead <= trail < len(run.text):
            parts.append(Part(trail, len(run.text), False))
        kept = kept if run.struck else run.text
        if not parts:
            done.append(run)
            continue
        at = 0
        for part in [*parts, Part(len(run.text), len(run.text), True)]:
            if part.start > at:
                done.append(_slice(run, at, part.start, struck=False, inserted=run.inserted))
            if part.end > part.start:
                done.append(_slice(run, part.start, part.end, struck=True, stood=part.stood))
            at = part.end
    return done
