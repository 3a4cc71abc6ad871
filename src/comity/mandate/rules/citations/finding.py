"""Walking one provision from left to right: numbers first, then names, then their parts."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace

from comity.mandate.types import Citation

from . import grammar as g
from .tables import Known, conferences, instruments, issuers

# Where nothing says whose "Resolution 45" it is: a stub all the same, so that the place is kept.
UNKNOWN = "unknown"
_KIND_KEY = {"resolution": "res", "decision": "dec", "recommendation": "rec"}
_UNGA_NUMBER = re.compile(r"(?:A/RES/)?[3-9]\d/\d{1,3}")  # 31/… (1976) and later: session/number
_ECOSOC_NUMBER = re.compile(r"(?:19|20)\d\d/\d{1,3}")
_COUNCIL_FIRST = 1000  # resolutions of the Council with four digits; no conference has reached them


@dataclass(frozen=True, slots=True)
class Part:
    """A part as printed: "§ 15", "Objective 3"."""

    text: str
    start: int
    end: int


class Finder:
    """The state of one walk: what was named so far decides what a bare number means."""

    def __init__(self, section: str, path: str, text: str, conference: str) -> None:
        self.section, self.path, self.text, self.conference = section, path, text, conference
        self.folded = g.fold(text)
        self.mentions = g.mentions(self.folded)
        self.mention_at = {m.start: m for m in self.mentions}
        self.mention_to = {m.end: m for m in self.mentions}
        self.mention_ends = [m.end for m in self.mentions]
        self.parts = [Part(m[0], m.start(), m.end()) for m in g.PART.finditer(self.folded)]
        self.part_ends = [p.end for p in self.parts]
        self.used: set[int] = set()  # starts of the parts that belong to a citation
        self.seen: dict[tuple[str, str], str] = {}  # (kind, number) to issuer

    def find(self) -> tuple[Citation, ...]:
        found = self.numbered() + self.known_by_name()
        found = [self.with_parts_before(c) for c in sorted(found, key=lambda c: (c.start, -c.end))]
        found += self.parts_alone()
        kept: list[Citation] = []
        for c in sorted(found, key=lambda c: (c.start, -c.end)):
            if not kept or c.start >= kept[-1].end:
                kept.append(replace(c, as_printed=self.text[c.start : c.end]))
        return tuple(kept)

    def citation(self, kind: str, start: int, end: int) -> Citation:
        return Citation(
            self.section, self.path, "", "", kind, "", "", None, False, "", start=start, end=end
        )

    # --- "Resolutions 45 and 69 (Rev. Dubai, 2014) of WTDC" -----------------------------------

    def numbered(self) -> list[Citation]:
        found: list[Citation] = []
        at = 0
        while head := g.HEAD.search(self.folded, at):
            listed = g.members(self.folded, head.end(), bool(head["plural"]))
            kind = g.KINDS[head["kind"].lower()]
            if kind == "question":
                listed = [m for m in listed if "/" in m.number]
            at = head.end()
            if listed:
                found += self.members_of(head, kind, listed)
                at = listed[-1].end
        return found

    def members_of(self, head: re.Match[str], kind: str, listed: list[g.Member]) -> list[Citation]:
        issuer, how, start = self.named_before(head)
        end, year = listed[-1].end, None
        if not issuer:
            issuer, how, end = self.named_behind(end)
        if session := g.SESSION.match(self.folded, end):
            end, year = session.end(), int(session["year"])
        found = []
        for i, m in enumerate(listed):
            c = self.citation(kind, start if i == 0 else m.start, m.end)
            if i == len(listed) - 1:
                c = replace(c, end=end)
            v = m.version
            c = replace(c, number=m.number.removeprefix("A/RES/"), year=year)
            if v:
                c = replace(c, place=v.place, year=v.year or year, revised=v.revised, flags=v.flags)
            if issuer:
                c = replace(c, issuer=issuer, how=how)
            else:
                c = self.resolved(c, v, listed[-1].end)
            self.seen[kind, c.number] = c.issuer or self.seen.get((kind, c.number), "")
            found.append(checked(c))
        return found

    def named_before(self, head: re.Match[str]) -> tuple[str, str, int]:
        """Issuer in front of "Resolution" or between it and the number; else "" and the head."""
        if head["sector"]:
            return head["sector"].strip(), "named", head.start()
        at = head.start()
        for end in range(at - 1, max(at - 4, -1), -1):
            if not self.folded[end:at].isspace():
                break
            if m := self.mention_to.get(end):
                return m.issuer, "named", m.start
        return "", "", at

    def named_behind(self, end: int) -> tuple[str, str, int]:
        """Issuer in "of the World ... Conference (WTDC)" or "of this conference"."""
        link = g.OF.match(self.folded, end)
        if link and (m := self.mention_at.get(link.end())):
            return m.issuer, "named", m.end
        if link and (this := g.THIS.match(self.folded, link.end())):
            return self.conference, "this conference", this.end()
        return "", "", end

    def resolved(self, c: Citation, v: g.Version | None, end: int) -> Citation:
        """The issuer of a number that stands alone, from what else the text says."""
        if c.kind == "question":
            return self.question(c, end)
        if v and v.issuer:
            return replace(c, issuer=v.issuer, how="named")
        if c.place and c.year:
            return self.by_place_and_year(c)
        if _UNGA_NUMBER.fullmatch(c.number) and not v:
            return replace(c, issuer="UNGA", how="form of the number")
        if _ECOSOC_NUMBER.fullmatch(c.number) and not v:
            return replace(c, issuer="ECOSOC", how="form of the number")
        if c.number.isdigit() and int(c.number) >= _COUNCIL_FIRST and not c.place:
            return replace(c, issuer="ITU Council", how="form of the number")
        if issuer := self.seen.get((c.kind, c.number)):
            return replace(c, issuer=issuer, how="named before")
        return c

    def by_place_and_year(self, c: Citation) -> Citation:
        there = [
            k
            for k in conferences()
            if k.year == c.year and plain(k.place) == plain(c.place)
            if c.number.startswith(k.numbers)
        ]
        longest = max((len(k.numbers) for k in there), default=0)
        there = [k for k in there if len(k.numbers) == longest]
        if len(there) == 1:
            return replace(c, issuer=there[0].issuer, how="place and year")
        return replace(c, flags=(*c.flags, "no single conference known at this place and year"))

    def question(self, c: Citation, end: int) -> Citation:
        """Questions carry no place: a Sector behind the title, an earlier name, a conference."""
        if title := g.TITLE.match(self.folded, end):
            sector, how, _ = self.named_behind(title.end())
            if sector:
                return replace(c, issuer=sector, how=how)
        if issuer := self.seen.get((c.kind, c.number)):
            return replace(c, issuer=issuer, how="named before")
        before = bisect_left(self.mention_ends, c.start)
        for m in reversed(self.mentions[max(0, before - 8) : before]):
            if m.session and (sector := issuers()[m.issuer].questions):
                return replace(c, issuer=sector, how="conference named before")
        for k in instruments().values():
            if (k.kind, k.number) == ("question", c.number):
                return replace(c, issuer=k.issuer, how="known by number")
        return c

    # --- "the Tunis Agenda", "the ITU Convention" ---------------------------------------------

    def known_by_name(self) -> list[Citation]:
        found = []
        for key, start, end in g.names(self.folded):
            k = instruments()[key]
            c = replace(
                self.citation(k.kind, start, end),
                issuer=k.issuer,
                place=k.place,
                year=k.year,
                key=key,
                how="known by name",
            )
            found.append(self.with_parts_behind(self.dated(c)))
        return found

    def dated(self, c: Citation) -> Citation:
        """Take in "adopted by the ... (Dubai, 2012)" or "(Geneva, 2014)" behind a name."""
        end, issuer = c.end, ""
        link = g.ADOPTED.match(self.folded, end)
        if link and (m := self.mention_at.get(link.end())):
            end, issuer = m.end, m.issuer
        v = g.version(self.folded, end)
        if v and v.place:
            c = replace(c, place=v.place, year=v.year, revised=v.revised, flags=v.flags)
            end = v.end
        if issuer:
            c = replace(c, issuer=issuer, how="named")
        return replace(c, end=end)

    def with_parts_behind(self, c: Citation) -> Citation:
        """ "... and its Objective 3, in particular Output 3.1": from the larger to the smaller."""
        taken: list[str] = []
        while link := g.TEXT_TO_PART.match(self.folded, c.end):
            i = bisect_left(self.part_ends, link.end())
            if i >= len(self.parts) or self.parts[i].start != link.end():
                break
            taken.append(self.parts[i].text)
            self.used.add(self.parts[i].start)
            c = replace(c, end=self.parts[i].end)
        return replace(c, subdivision=", ".join(taken))

    # --- "Output 3.1 of Objective 3 of the Dubai Action Plan" ---------------------------------

    def with_parts_before(self, c: Citation) -> Citation:
        taken: list[str] = []
        start = c.start
        i = bisect_left(self.part_ends, c.start) - 1
        pattern = g.PART_TO_TEXT
        while i >= 0 and start - self.parts[i].end <= g.REACH:
            part = self.parts[i]
            between = self.folded[part.end : start]
            if not pattern.fullmatch(between) or part.start in self.used:
                break
            # "Output 3.1 of Objective 3": the larger part first, as in an address
            smaller = pattern is g.PART_TO_PART and between.strip().startswith("of")
            taken = [*taken, part.text] if smaller else [part.text, *taken]
            self.used.add(part.start)
            start, pattern, i = part.start, g.PART_TO_PART, i - 1
        if not taken:
            return c
        return replace(c, start=start, subdivision=", ".join([*taken, c.subdivision]).rstrip(", "))

    def parts_alone(self) -> list[Citation]:
        """ "agreed upon at WTDC-14, including Objective 3": the action plan of that conference."""
        plans = {(k.issuer, k.year): k for k in instruments().values() if k.kind == "action plan"}
        found = []
        for part in self.parts:
            if part.start in self.used or not part.text.startswith(("Objective", "Output")):
                continue
            if re.match(r"\s{1,3}(?:of|in\s{1,3}the)\b", self.folded[part.end : part.end + 12]):
                continue  # of something that the tables do not know
            plan = self.plan_named_before(part.start, plans)
            if plan:
                c = replace(
                    self.citation(plan.kind, part.start, part.end),
                    issuer=plan.issuer,
                    place=plan.place,
                    year=plan.year,
                    subdivision=part.text,
                    key=plan.key,
                    how="conference named before",
                )
                found.append(c)
        return found

    def plan_named_before(
        self, start: int, plans: dict[tuple[str, int | None], Known]
    ) -> Known | None:
        before = bisect_left(self.mention_ends, start)
        for m in reversed(self.mentions[max(0, before - 8) : before]):
            for k in conferences():
                if m.session and (k.issuer, k.session[-2:]) == (m.issuer, m.session[-2:]):
                    return plans.get((k.issuer, k.year))
        return None


def plain(place: str) -> str:
    """A place without case, accents of Florianópolis and Montréal, and doubled blanks."""
    return " ".join(place.lower().replace("ó", "o").replace("é", "e").split())


def checked(c: Citation) -> Citation:
    """Give a numbered citation its key, and flag what the tables show to be a slip."""
    flags = list(c.flags)
    if c.number.count("/") > 1 and "/" not in c.number[:2] and c.kind == "question":
        flags.append("fused number")
    issuer = issuers().get(c.issuer)
    if issuer is None:
        flags.append("issuer not known")
    name = f"{_KIND_KEY.get(c.kind, c.kind)} {c.number}".lower()
    slug = re.sub(r"[^a-z0-9]+", "-", name).strip("-")
    key = f"{issuer.key if issuer else UNKNOWN}/{slug}"
    sessions = [k for k in conferences() if k.issuer == c.issuer]
    met = any(k.year == c.year and plain(k.place) == plain(c.place) for k in sessions)
    if c.place and sessions and not met:
        flags.append("no session of the issuer known at this place and year")
    first = instruments().get(key)
    if first and first.year and c.year and c.place:
        at_first = (plain(first.place), first.year) == (plain(c.place), c.year)
        if at_first and c.revised:
            flags.append('"Rev." though first adopted then')
        if not at_first and not c.revised:
            flags.append('"Rev." missing: first adopted earlier')
    return replace(c, key=key, flags=tuple(flags))
