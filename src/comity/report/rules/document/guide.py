"""The reference guide to setting up a national CIRT (further instructs TSB and BDT, 3).

By phase, by FIRST service, by SIM3 parameter: the practices on record, with the tools, trainings
and teams that can help, for one country or for all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comity.kit.languages import gettext_noop as _
from comity.registry.types import Told
from comity.report.rules.document.material import ROWS, Numbered, cut, source_of, words_of
from comity.report.rules.guiding import (
    KINDS,
    PHASES,
    Choice,
    Helper,
    Reader,
    Unfit,
    by_code,
    chosen,
)
from comity.report.rules.tongue import Tongue
from comity.report.types.tree import (
    Block,
    BoxPart,
    Code,
    Column,
    Contents,
    Document,
    Link,
    ListBlock,
    Paragraph,
    Run,
    Runs,
    Section,
    Table,
    Text,
    Words,
)

TITLE = _("Reference guide to setting up a national CIRT")
LEADS = {
    "assessment": _("Find out what there is: whom the team would serve, who answers today, "
                    "what the law says."),
    "design": _("Decide on mandate, services, place, staff and money, and write them down."),
    "establishment": _("Open: take reports, answer them, and let others know how to reach the "
                       "team."),
    "enhancement": _("Grow: more services, measured maturity, drills, and help to others."),
}  # fmt: skip
HEADINGS = {
    "practice": _("Practices"),
    "tool": _("Tools"),
    "training": _("Trainings"),
}
LEFT = {
    Unfit.LANGUAGE: _("{number} more are in other languages only and are left out."),
    Unfit.COST: _("{number} more are paid, without a fellowship on record, and are left out."),
}


@dataclass(frozen=True)
class Guide:
    """All that a guide is written from."""

    tongue: Tongue
    reader: Reader
    entries: tuple[Told, ...]
    helpers: tuple[Helper, ...]
    cutoff: dt.datetime
    record: Callable[[str], str]
    base: str = ""
    publisher: str = "Comity"


def guide(made: Guide) -> Document:
    """The guide in one language."""
    say, reader = made.tongue, made.reader
    title = say(TITLE)
    if reader.country:
        title = f"{title} – {say.country(reader.country)}"
    return Document(
        say.code,
        title,
        made.cutoff,
        (
            Contents(2),
            _introduction(made),
            *(_phase(made, phase, str(n)) for n, phase in enumerate(PHASES, 2)),
            _by(made, "service", "first_services", "6", _("By service of the FIRST framework")),
            _by(made, "sim3", "sim3", "7", _("By parameter of SIM3")),
            _helpers(made),
        ),
        box=(BoxPart(say(_("Summary")), ((Text(_summary(made)),),)),),
        state=say(_("As of {date}."), date=say.day(made.cutoff.date())),
        subject=say(TITLE),
        publisher=made.publisher,
        base=made.base,
        words=Words.translated(say.say),
    )


def _summary(made: Guide) -> str:
    say, reader = made.tongue, made.reader
    opening = say(
        _("Resolution 130 (Rev. Busan, 2014) instructs to identify best practices in establishing "
          "CIRTs and to prepare a reference guide for the Member States. This guide is made from "
          "the registry as it stood on {day}."),
        day=say.day(made.cutoff.date()),
    )  # fmt: skip
    if not reader.country:
        return opening
    spoken = [say.term("languages", code) for code in reader.languages]
    kept = say(
        _("It is made for {country}: what is in {languages}, or states no language."),
        country=say.country(reader.country),
        languages=say.listed(spoken) or say(_("any language")),
    )
    least = (
        say(_("{country} is a least developed country: what is paid is left out unless a "
              "fellowship is on record."),
            country=say.country(reader.country))
        if reader.least_developed
        else ""
    )  # fmt: skip
    return " ".join(part for part in (opening, kept, least) if part)


def _introduction(made: Guide) -> Section:
    say, number = made.tongue, Numbered("1")
    blocks: list[Block] = [
        number(Text(say(_("A national CIRT is set up in four phases. For each, this guide "
                          "names practices that "
                          "others have found good, and what helps to follow them.")))),
        number(Text(say(_("The guide recommends nobody: an entry stands here because it is on "
                          "record, with who "
                          "says so. What nobody has verified says so on its own page.")))),
    ]  # fmt: skip
    for kind in KINDS:
        left = chosen(made.entries, kind, made.reader).left
        for why, count in left.items():
            heading = say(HEADINGS[kind])
            words = say(LEFT[why], number=say.number(count))
            blocks.append(number(Text(f"{heading}: {words}")))
    return Section("introduction", say(_("How to use this guide")), tuple(blocks), "1")


def _phase(made: Guide, phase: str, number: str) -> Section:
    say, paragraph = made.tongue, Numbered(number)
    blocks: list[Block] = [paragraph(Text(say(LEADS[phase])))]
    for kind in KINDS:
        choice = chosen(made.entries, kind, made.reader)
        rows = [told for told in choice.fitting if phase in told.values("phase")]
        if rows:
            blocks.append(_table(made, say(HEADINGS[kind]), kind, rows))
        else:
            missing = say(_("{kind}: none is on record for this phase."), kind=say(HEADINGS[kind]))
            blocks.append(paragraph(Text(missing)))
    return Section(phase, say.term("cirt_phases", phase).capitalize(), tuple(blocks), number)


def _table(made: Guide, caption: str, kind: str, rows: list[Told]) -> Table:
    say = made.tongue
    columns = (
        Column(caption, 2.4),
        Column(say(_("What it says")), 4),
        Column(say(_("Languages and cost")), 1.8),
        Column(say(_("Source")), 1.8),
        Column(say(_("Record")), 1.3),
    )
    made_rows = tuple(
        (
            (_words(made, told, "title"),),
            (_words(made, told, "summary"),),
            (Text(_terms(made, told)),),
            _source(told),
            (Link(told.name, made.record(told.name)),),
        )
        for told in rows[:ROWS]
    )
    return Table(caption, columns, made_rows, source=cut(say, len(rows)))


def _words(made: Guide, told: Told, field: str) -> Run:
    """A text in the guide's language where there is one, else as it stands."""
    words = told.said.get(field, ())
    for code in (made.tongue.code, "en"):
        for word in words:
            if (word.language or "en") == code:
                return words_of(str(word.value), code, made.tongue.code)
    if words:
        return words_of(str(words[0].value), words[0].language, made.tongue.code)
    return Text(made.tongue(_("not reported")))


def _terms(made: Guide, told: Told) -> str:
    say = made.tongue
    spoken = [say.term("languages", str(code)) for code in told.values("language")]
    parts = [say.listed(spoken) or say(_("language not stated"))]
    cost = told.first_of("cost")
    if cost:
        parts.append(say.term("cost", str(cost)))
    if told.first_of("fellowship") is True:
        parts.append(say(_("fellowships")))
    return "; ".join(parts)


def _source(told: Told) -> Runs:
    words = told.said.get("url", ())
    titles = told.said.get("title", ())
    if words:
        value = str(words[0].value)
        return (Link(value.split("//", 1)[-1].split("/", 1)[0], value),)
    return source_of(titles[0]) if titles else ()


def _by(made: Guide, field: str, vocabulary: str, number: str, heading: str) -> Section:
    """One table: a code, and the practices, tools and trainings that name it."""
    say = made.tongue
    found: dict[str, dict[str, tuple[Told, ...]]] = {}
    for kind in KINDS:
        choice: Choice = chosen(made.entries, kind, made.reader)
        for code, rows in by_code(choice.fitting, field).items():
            found.setdefault(code, {})[kind] = rows
    if not found:
        empty = Numbered(number)(Text(say(_("Nothing is on record."))))
        return Section(f"by-{field}", say(heading), (empty,), number)
    columns = (Column(say(heading), 2), *(Column(say(HEADINGS[kind]), 2) for kind in KINDS))
    rows_ = tuple(
        (
            (Code(code), Text(f" {say.term(vocabulary, code)}")) if field == "sim3"
            else (Text(say.term(vocabulary, code)),),
            *(tuple(_links(made, found[code].get(kind, ()))) for kind in KINDS),
        )
        for code in sorted(found, key=_natural)
    )  # fmt: skip
    return Section(f"by-{field}", say(heading), (Table(say(heading), columns, rows_),), number)


def _natural(code: str) -> tuple[str, int, str]:
    """ "O-2" before "O-10"."""
    head, _dash, tail = code.partition("-")
    return (head, int(tail), "") if tail.isdigit() else (code, 0, code)


def _links(made: Guide, rows: Iterable[Told]) -> Iterable[Run]:
    held = list(rows)
    for place, told in enumerate(held[:ROWS]):
        if place:
            yield Text(", ")
        yield Link(told.name.split("/", 1)[1], made.record(told.name))
    if len(held) > ROWS:
        yield Text(" ")
        yield from cut(made.tongue, len(held))


def _helpers(made: Guide) -> Section:
    say, reader = made.tongue, made.reader
    if not reader.country:
        words = say(
            _(
                "Which teams are near depends on the country: a guide made for one names "
                "the national teams of its region and of its languages."
            )
        )
        return Section("teams", say(_("Teams that can help")), (Paragraph((Text(words),)),), "8")
    if not made.helpers:
        words = say(_("No national team of the same region or language is in the directory."))
        return Section("teams", say(_("Teams that can help")), (Paragraph((Text(words),)),), "8")
    items: list[Runs] = []
    for helper in made.helpers[:ROWS]:
        why = [say(_("same region"))] if helper.same_region else []
        if helper.shared:
            spoken = say.listed([say.term("languages", code) for code in helper.shared])
            why.append(say(_("shared language: {languages}"), languages=spoken))
        tail = f" ({say.listed(why)})" if why else ""
        items.append(
            (
                Link(helper.name, made.record(f"team/{helper.code}")),
                Text(f", {say.country(helper.country)}{tail}"),
            )
        )
    lead = Paragraph(
        (
            Text(
                say(_("National teams in the directory. That one is listed is no promise of help."))
            ),
        )
    )
    return Section("teams", say(_("Teams that can help")), (lead, ListBlock(tuple(items))), "8")
