"""What each operative provision asks of whom, how often, on what condition, told to whom.

One duty for each provision that states an act. An opening line ("1 to continue to review:") has a
duty and names its items as `parts`; items that are acts, or objects of its verb, have their own;
items that only spell out an object ("in particular: a) Resolution 50") belong to that object. A
chapeau is no duty: its words are the first condition of every duty of its section.

Force: "resolves", "instructs" and "requests" bind. The conference requests, not instructs, the
Council, an organ of Member States; but the Council acts on the conference's behalf between
conferences (Constitution, Article 10), so that a request to it is taken as binding here.
"invites", "encourages", "urges" and "calls upon" do not bind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from comity.mandate.types import Duty, Provision

from ..citations import citations
from .actors import Actor, actors, actors_meant, listed, meant
from .clauses import Clause, clause, object_of

__all__ = ["Actor", "actors", "actors_meant", "duties", "force_of", "meant"]

BINDING = {
    "resolves": True,
    "decides": True,
    "instructs": True,
    "requests": True,
    "invites": False,
    "encourages": False,
    "urges": False,
    "calls upon": False,
    "appeals to": False,
}
_OPERATIVE = re.compile(
    r"(?:(?:resolves|decides)\s+(?:further\s+)?to\s+(?P<bare>instruct|request|invite|encourage|urge)\b"
    r"|(?P<also>further\s+|also\s+)?(?P<verb>" + "|".join(BINDING) + r")\b(?P<late>\s+further\b)?)",
    re.IGNORECASE | re.ASCII,
)
_CONDITION = re.compile(
    r"(?:up)?on\s+request\b|(?:as|where|when|if)\s+(?:appropriate|necessary)\b"
    r"|within\s+(?:the\s+)?(?:existing|available)\s+(?:budgetary\s+|financial\s+)?(?:resources|budget)"
    r"|within\s+the\s+constraints\s+of\s+(?:existing\s+)?(?:budgetary\s+|financial\s+)?resources"
    r"|outside\s+the\s+regular\s+budget\s+of\s+the\s+Union|(?<!this\s)(?<!the\s)subject\s+to\s+[^,;.:]{1,120}"
    r"|without\s+duplicating\s+[^,;:]{1,120}"
    r"|in\s+accordance\s+with\s+its\s+compet[a-z]+\s+and\s+(?:areas\s+of\s+)?expertise"
    r"|within\s+its\s+(?:core\s+)?mandate(?:\s+and\s+[a-z]+)?",
    re.IGNORECASE,
)
_ANNUAL = re.compile(r"\b(?:annually|(?:every|each)\s+year|annual\s+reports?)\b")
_ONCE = re.compile(
    r"\b(?:at\s+its\s+(?:next|20\d\d)\s+session|to\s+the\s+next\s+[a-z]+\s+conference)"
)
_CONTINUOUS = re.compile(r"\s*(?:ongoing|(?:on\s+an\s+ongoing\s+basis|continuously)\b)")
_TELLS = re.compile(r"(?:to\s+)?(?:report|inform|notify)(?:ing)?\b")
_REPORT_MADE = re.compile(r"\s*(?:an?|the|its|his)\s+(?:annual\s+|progress\s+)?reports?\b")
_MAKES = re.compile(r"(?:to\s+)?(?:submit|present|transmit|include|provide|prepare|publish)\b")
_TOLD = re.compile(r"\s*,?\s*(?:annually|regularly|back)?\s*(?:to\s+)?(?:the\s+)?")
_ABOUT = re.compile(r"\s*(?:,\s*taking\s+into\s+account\s[^,;]{1,120},)?\s*(?:on|of|about)\s+")
_SENT = re.compile(
    r"\b(?:sent|circulated|submitted|transmitted|distributed|attention\s+of)\s+(?:to\s+)?"
    r"|\b(?:guide|guidelines|handbook|information)\b[^;.:]{0,160}?\sfor\s+(?=(?:the\s+|all\s+)?[MSA])"
)
_TO = re.compile(r"\bto\s+(?=(?:the\s+|all\s+)?[MSACPD])")  # a report made "to the Council"


def force_of(heading: str) -> str:
    """ "instructs", "further instructs", "invites" ...; "" for a heading that is not operative."""
    m = _OPERATIVE.match(heading.strip())
    if m is None:
        return ""
    if m["bare"]:
        return f"{m['bare'].lower()}s"
    further = "further " if m["also"] or m["late"] else ""
    return further + m["verb"].lower()


def duties(provisions: Sequence[Provision], *, conference: str = "") -> tuple[Duty, ...]:
    """The duties of a text in its order; recitals and chapeaus give none.

    `conference` is the issuer of the text ("PP"), for `related`: the keys of what a duty cites.
    """
    found: list[Duty] = []
    sections: dict[str, list[Provision]] = {}
    for p in provisions:
        sections.setdefault(p.section, []).append(p)
    for heading, inside in sections.items():
        if force_of(heading):
            found += _Section(heading, inside, conference).duties()
    return tuple(found)


class _Section:
    """One operative section: its force, its actors, and the words of its chapeau."""

    def __init__(self, heading: str, inside: Sequence[Provision], conference: str) -> None:
        self.conference = conference
        self.paths = {p.path for p in inside}
        self.top: list[Provision] = []
        self.items: dict[str, list[Provision]] = {}
        for p in inside:
            above = p.path.rpartition("/")[0]
            if above in self.paths:
                self.items.setdefault(above, []).append(p)
            elif p.path != "chapeau":
                self.top.append(p)
        self.force = force_of(heading)
        m = _OPERATIVE.match(heading.strip())
        self.actors = listed(heading.strip()[m.end() :].strip()) if m else ()
        self.actors = self.actors or ("ITU",)
        chapeau = next((p.text for p in inside if p.path == "chapeau"), "")
        self.says_to = chapeau.rstrip(" :").endswith(" to") or chapeau.strip() == "to:"
        self.chapeau = "" if self.says_to else chapeau.strip(" :,")

    def duties(self) -> list[Duty]:
        return [d for p in self.top for d in self.under(p, bare=self.says_to, inherited=None)]

    def under(self, p: Provision, *, bare: bool, inherited: Duty | None) -> list[Duty]:
        """The duty of one provision and those of its items."""
        parts = self.items.get(p.path, [])
        act = clause(p.text, bare=bare)
        is_item = p.path.rpartition("/")[0] in self.paths
        if act is None and inherited is None and is_item:
            return []  # an item that only spells out the object of its opening line
        act = act or Clause(inherited.verb if inherited else "", p.text.rstrip(" ;,."))
        duty = self.duty(p, act, inherited, parts)
        opens = p.text.rstrip().endswith(":")
        says_to = opens and p.text.rstrip(" :").endswith(" to")
        lends = duty if opens and not duty.object else None
        found = [duty]
        for c in parts:
            found += self.under(c, bare=says_to, inherited=lends)
        return found

    def duty(
        self, p: Provision, act: Clause, inherited: Duty | None, parts: Sequence[Provision]
    ) -> Duty:
        tells = bool(_TELLS.match(act.verb))
        told, rest = self.told(act.rest) if tells else ((), act.rest)
        thing = object_of(rest)
        spelt_out = p.text.rstrip().endswith("particular:") or p.text.rstrip().endswith("notably:")
        if spelt_out and parts:
            thing += ": " + "; ".join(c.text.rstrip(" ;,.") for c in parts)
        said = f"{act.verb}{act.rest}"
        frequency = inherited.frequency if inherited else frequency_of(act, said)
        made = bool(_MAKES.match(act.verb)) and bool(_REPORT_MADE.match(act.rest))
        conditions = dict.fromkeys(" ".join(m[0].split()) for m in _CONDITION.finditer(p.text))
        subject = listed(act.subject, known_only=True) if self.force == "resolves" else ()
        cited = citations(p.section, p.path, p.text, conference=self.conference)
        return Duty(
            section=p.section,
            path=p.path,
            actors=subject or self.actors,
            force=self.force,
            verb=act.verb,
            object=thing,
            recipients=tuple(dict.fromkeys((*told, *self.sent(act.rest, _TO if made else _SENT)))),
            frequency=frequency,
            condition="; ".join(c for c in (self.chapeau, *conditions) if c) or None,
            is_reporting=tells or made or any(_TELLS.match(f) for f in act.further),
            binding=BINDING[self.force.removeprefix("further ")],
            parts=tuple(c.path for c in parts),
            related=tuple(dict.fromkeys(c.key for c in cited if c.key)),
            further_acts=act.further,
        )

    def told(self, rest: str) -> tuple[tuple[str, ...], str]:
        """Who is told after "report" or "inform", and the words about what."""
        m = _TOLD.match(rest)
        at = m.end() if m else 0
        names = listed(rest[at : at + 200], known_only=True)
        if names:
            last = max(rest.find(n, at) + len(n) for n in (*spelled(names),) if n in rest)
            rest = rest[last:]
        about = _ABOUT.match(rest)
        return names, rest[about.end() :] if about else rest

    def sent(self, text: str, way: re.Pattern[str]) -> tuple[str, ...]:
        """Who gets what is sent or made, by the words of the act itself: for whom a further act
        is, as in "to prepare a guide for Member States", stands in its own words."""
        return tuple(
            name
            for m in way.finditer(text)
            for name in listed(text[m.end() : m.end() + 200], known_only=True)
        )


def spelled(names: Sequence[str]) -> tuple[str, ...]:
    """The names with every spelling of the table."""
    return tuple(s for a in actors().values() if a.name in names for s in (a.name, *a.names))


def frequency_of(act: Clause, said: str) -> str | None:
    """ "annual", "continuous", "once" or None, by the words of the act itself."""
    if _ANNUAL.search(said):
        return "annual"
    acts = (act.verb, *(f.removeprefix("to ") for f in act.further))
    if any(a.startswith("continue") for a in acts) or _CONTINUOUS.match(act.rest):
        return "continuous"
    return "once" if _ONCE.search(said) else None
