"""Which lines of a resolution are section headings, and what each section is called in short.

Headings of ITU resolutions carry no reliable markup: the drafts print them as bare lines. What
marks them out is their wording: a participle ("recalling", "having regard to") opens a recital,
a verb in the third person ("instructs the Director of ...") opens operative text, and neither
ends with a stop. The word lists follow the usage of the Plenipotentiary Conference, WTDC and
WTSA resolutions.
"""

from __future__ import annotations

import re

_PARTICIPLES = """acknowledging affirming anticipating appreciating aware bearing_in_mind believing
cognizant commending concerned confident conscious considering convinced deeply_concerned
desirous desiring determined emphasizing emphasising encouraged endorsing expressing
fully_aware guided_by having_adopted having_analysed having_considered having_examined
having_noted having_regard_to having_reviewed having_studied highlighting in_accordance_with
in_view_of keeping_in_mind mindful noting observing realizing reaffirming recalling
recognizing recognising referring_to regretting reiterating stressing taking_account_of
taking_into_account taking_into_consideration taking_note underlining understanding
underscoring viewing_with_concern welcoming"""
_TAILS = (
    r"also|further|furthermore|moreover|again|in particular|in addition|likewise|of|that|"
    r"with (?:appreciation|concern|satisfaction|interest|regret|gratitude|approval)|"
    r"with (?:deep|great|grave|serious) (?:appreciation|concern|satisfaction|interest|regret)"
)
_PREAMBLE = re.compile(
    r"(?:(?:further|also) )?(?P<word>"
    + "|".join(w.replace("_", " ") for w in sorted(_PARTICIPLES.split(), key=len, reverse=True))
    + rf")(?:,? (?:{_TAILS}))*(?: and (?P<more>[a-z]+ing))?"
)
# Third person singular: no paragraph of a resolution starts with one, its headings do.
_VERBS = """acknowledges adopts agrees appeals appoints appreciates approves asks assigns authorizes
authorises calls calls_for calls_on calls_upon charges commends confirms considers declares
decides directs draws_the_attention_of emphasizes empowers encourages endorses entrusts expresses
instructs invites mandates notes proposes reaffirms recognizes recommends reiterates reminds
requests requires resolves stresses strongly_encourages supports thanks underlines urges
welcomes"""
_OPERATIVE = re.compile(
    r"(?P<verb>(?:(?:further|also) )?(?:"
    + "|".join(w.replace("_", " ") for w in sorted(_VERBS.split(), key=len, reverse=True))
    + r")(?: (?:further|also|moreover|in addition))?)(?P<rest>[ ,].*)?"
)
LONGEST_HEADING = 300  # characters; the longest of Resolution 130 has 138

# Longest first: "Sector Members" before "Members". Values are the words of section keys.
_ADDRESSEES: tuple[tuple[str, str], ...] = (
    (r"Directors? of the (?:three )?(?:ITU )?Bureaux", "directors"),
    (r"Directors of all (?:three )?Bureaux", "directors"),
    (r"(?:Directors? of (?:the )?)?(?:Telecommunication Standardization Bureau|TSB)", "tsb"),
    (r"(?:Directors? of (?:the )?)?(?:Telecommunication Development Bureau|BDT)", "bdt"),
    (r"(?:Directors? of (?:the )?)?(?:Radiocommunication Bureau|BR)", "br"),
    (r"Telecommunication Standardization Advisory Group", "tsag"),
    (r"Telecommunication Development Advisory Group", "tdag"),
    (r"Radiocommunication Advisory Group", "rag"),
    (r"World Telecommunication Standardization Assembl(?:y|ies)", "wtsa"),
    (r"World Telecommunication Development Conferences?", "wtdc"),
    (r"World Radiocommunication Conferences?", "wrc"),
    (r"Radiocommunication Assembl(?:y|ies)", "ra"),
    (r"(?:next )?Plenipotentiary Conference", "pp"),
    (r"Telecommunication Standardization Sector", "itu-t"),
    (r"Telecommunication Development Sector", "itu-d"),
    (r"Radiocommunication Sector", "itu-r"),
    (r"Deputy Secretary[- \u2011]General", "dsg"),
    (r"Secretary[- \u2011]General", "sg"),
    (r"(?:ITU )?Council", "council"),
    (r"Member States?", "ms"),
    (r"Sector Members?", "sm"),
    (r"Associates", "associates"),
    (r"Academia", "academia"),
    (r"study groups?", "sgs"),
)
_ADDRESSEE = [(re.compile(rf"\b{p}(?![\w-])", re.I), short) for p, short in _ADDRESSEES]
_STOPWORDS = frozenset(
    {"the", "a", "an", "and", "or", "of", "in", "to", "its", "with", "by", "on", "for"}
)


def fold_heading(heading: str) -> str:
    """One blank between words, no stop or colon at the end."""
    return " ".join(heading.split()).rstrip(":").rstrip()


def is_preamble(heading: str) -> bool:
    """True when the whole line is the heading of a recital.

    >>> is_preamble("noting with appreciation"), is_preamble("noting that cables age,")
    (True, False)
    """
    found = _PREAMBLE.fullmatch(fold_heading(heading))
    return found is not None and (not found["more"] or found["more"] in _PARTICIPLES.split())


def is_operative(heading: str) -> bool:
    """True when the heading opens operative text ("resolves", "instructs the Council").

    >>> is_operative("instructs the Secretary-General"), is_operative("recalling")
    (True, False)
    """
    text = fold_heading(heading)
    return bool(_OPERATIVE.fullmatch(text)) and not text.endswith((",", ";", "."))


def is_heading(line: str) -> bool:
    """True when a line, marks off, is wholly one section heading in lower case."""
    if not line or len(line) > LONGEST_HEADING or not line.lstrip()[:1].islower():
        return False
    return is_preamble(line) or is_operative(line)


def section_key(heading: str) -> str:
    """A short name for a section, fit for URLs: lower case ASCII words joined by hyphens.

    >>> section_key("further instructs the Director of TSB and the Director of BDT")
    'further-instructs-tsb-bdt'
    """
    text = fold_heading(heading)
    found = _OPERATIVE.fullmatch(text)
    if not found:
        return _slug(text) or "section"
    verb, rest = found["verb"], found["rest"] or ""
    for pattern, short in _ADDRESSEE:
        rest = pattern.sub(f" {short} ", rest)
    words = [w for w in _slug(rest).split("-") if w and w not in _STOPWORDS]
    return "-".join([_slug(verb), *words])[:80].strip("-")


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
