"""Annex A: the Resolution paragraph by paragraph. Annex B: lists. Annex C: definitions, method."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby

from comity.kit.languages import gettext_noop as _
from comity.report.rules.classing import Classed
from comity.report.rules.document.material import Material, Numbered
from comity.report.rules.document.opening import later
from comity.report.rules.figures.query import entries_under
from comity.report.rules.gaps import Gap, gap_lines, gaps_of
from comity.report.types.figures import DutyFact, Figure, ParagraphFact
from comity.report.types.tree import (
    Align,
    Block,
    Break,
    Code,
    Column,
    Definitions,
    Link,
    ListBlock,
    Notice,
    PageBreak,
    Paragraph,
    Quote,
    QuoteLine,
    Run,
    Runs,
    Section,
    Table,
    Text,
    Tone,
)

# What the sections are called in our own words; the official words are quoted below them.
SECTIONS = {
    "recalling": _("What the Resolution recalls"),
    "considering": _("What it considers"),
    "recognizing": _("What it recognizes"),
    "aware": _("What it is aware of"),
    "noting": _("What it notes"),
    "bearing-in-mind": _("What it bears in mind"),
    "resolves": _("What it resolves"),
    "instructs-sg-directors": _("Instructions to the Secretary-General and the Directors of the "
    "Bureaux"),
    "instructs-tsb": _("Instructions to the Director of TSB"),
    "instructs-bdt": _("Instructions to the Director of BDT"),
    "further-instructs-tsb-bdt": _("Further instructions to the Directors of TSB and BDT"),
    "instructs-sg": _("Instructions to the Secretary-General"),
    "requests-council": _("Request to the Council"),
    "invites-ms": _("Invitations to Member States"),
    "invites-ms-sm-associates": _("Invitations to Member States, Sector Members and Associates"),
}  # fmt: skip
STATUS = {
    "completed": _("completed"),
    "in progress": _("in progress"),
    "not implemented": _("not implemented"),
    "not applicable": _("not applicable"),
    "no indication": _("no indication"),
}
FORCES = {
    "resolves": _("resolves"),
    "instructs": _("instructs"),
    "further instructs": _("further instructs"),
    "requests": _("requests"),
    "invites": _("invites (does not bind)"),
}
STANDINGS = {
    "announced": _("announced"),
    "negotiating": _("being negotiated"),
    "signed": _("signed"),
    "in_force": _("in force"),
    "in_force_presumed": _("presumed in force"),
    "suspended": _("suspended"),
    "lapsed": _("lapsed"),
    "expired": _("expired"),
    "expired_presumed": _("presumed expired"),
    "completed": _("completed"),
    "terminated": _("terminated"),
    "succeeded": _("succeeded by another"),
    "unknown": _("not known"),
}
# Who is asked, as the Resolution names them: the names of organs and officials of the Union.
ACTORS = (
    _("ITU"),
    _("Council"),
    _("Secretary-General"),
    _("Directors of the Bureaux"),
    _("Director of the Telecommunication Standardization Bureau"),
    _("Director of the Telecommunication Development Bureau"),
    _("Member States"),
    _("Sector Members"),
    _("Associates"),
)
NAMED = 10  # entries named under a paragraph; the rest is a number and a link


def annex_a(material: Material) -> Section:
    say = material.tongue
    blocks: list[Block] = []
    if not material.paragraphs:
        blocks.append(
            Notice((Text(say(_("The text of the Resolution is not held here."))),), Tone.BAD)
        )
    for row in later(material):
        words = say(
            _("{revision}, {year}, was in force in the year reported on. What it changed in a "
            "paragraph is not "
              "told below, since its text is not held."),
            revision=row.label, year=row.year,
        )  # fmt: skip
        blocks.append(Notice((Text(words),), Tone.WARN))
    under = entries_under(material.ground)
    duties = {duty.key: duty for duty in material.ground.facts.duties}
    answers = _answers(material)
    for key, rows in groupby(material.paragraphs, lambda row: row.key.split("/", 1)[0]):
        part = list(rows)
        heading = say(SECTIONS[key]) if key in SECTIONS else part[0].section
        inner: list[Block] = (
            [] if any(row.key in duties for row in part) else [_quote(material, part)]
        )
        inner += [
            _paragraph(material, row, duties[row.key], under[row.key], answers[row.key])
            if row.key in duties
            else _quote(material, [row])
            for row in (part if not inner else ())
        ]  # fmt: skip
        blocks.append(Section(f"a-{key}", heading, tuple(inner)))
    return Section(
        "annex-a", say(_("Annex A: the Resolution, paragraph by paragraph")), tuple(blocks)
    )


def _answers(material: Material) -> defaultdict[str, list[Figure]]:
    found: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in material.figures:
        for key in figure.paragraphs:
            found[key].append(figure)
    return found


def _quote(material: Material, rows: Iterable[ParagraphFact]) -> Quote:
    """Official words, never in a translation that is not official."""
    say, notice = material.tongue, ""
    if material.text_language != say.code:
        notice = say(_("The official text in this language is not held; it is shown in English."))
    lines = tuple(QuoteLine(row.text, row.num, row.level) for row in rows)
    return Quote(lines, material.text_language or "en", notice)


def _paragraph(
    material: Material,
    row: ParagraphFact,
    duty: DutyFact,
    entries: list[Classed],
    answers: list[Figure],
) -> Section:
    say = material.tongue
    stand = duty.on(material.ground.scope.cutoff)
    status = stand.status if stand else "no indication"
    asked = [say(actor) if actor in ACTORS else actor for actor in duty.actors]
    items: list[tuple[Runs, Runs]] = [
        ((Text(say(_("Asked of"))),), (Text(say.listed(asked)),)),
        ((Text(say(_("How bindingly"))),), (Text(say(FORCES.get(duty.force, duty.force))),)),
        ((Text(say(_("How it stands"))),), (Text(say(STATUS[status])),)),
    ]  # fmt: skip
    if stand and stand.evidence:
        items.append(((Text(say(_("Evidence"))),), tuple(_evidence(material, stand.evidence))))
    if duty.deadlines:
        dates = [f"{say.day(due)} ({source})" for due, source in duty.deadlines]
        items.append(((Text(say(_("Due"))),), (Text(say.listed(dates)),)))
    items.append(((Text(say(_("Done in the year"))),), _done(material, entries)))
    if answers:
        items.append(((Text(say(_("Figures"))),), tuple(_figures(material, answers))))
    gaps = paragraph_gaps(material, row.key, duty, entries, answers)
    if gaps:
        items.append(((Text(say(_("Missing"))),), tuple(_gaps(material, gaps))))
    name = row.key.split("/", 1)[1].replace("/", " ")
    link = Paragraph(
        (Link(say(_("This paragraph in the gateway")), material.addresses.paragraph(row.key)),)
    )
    return Section(
        "a-" + row.key.replace("/", "-"),
        say(_("Paragraph {number}"), number=name) if name != "p" else say(_("The paragraph")),
        (_quote(material, [row]), Definitions(tuple(items)), link),
    )


def _evidence(material: Material, evidence: Iterable[str]) -> Iterable[Link | Text | Break]:
    for place, item in enumerate(evidence):
        if place:
            yield Break()
        known = item.startswith(("http://", "https://"))
        if known:
            yield Link(item, item)
        elif item.count("/") == 1:
            yield Link(item, material.addresses.record(item))
        else:
            yield Text(item)


def _done(material: Material, entries: list[Classed]) -> Runs:
    say = material.tongue
    if not entries:
        return (Text(say(_("not reported"))),)
    kinds = Counter(entry.told.kind for entry in entries)
    summary = [f"{say.term('kinds', kind)} {say.number(n)}" for kind, n in sorted(kinds.items())]
    runs: list[Run] = [Text(say.listed(summary))]
    for entry in entries[:NAMED]:
        runs += [Break(), material.title(entry.told), Text(" "), material.record(entry.told)]
    if len(entries) > NAMED:
        runs += [
            Break(),
            Text(say(_("and {number} more"), number=say.number(len(entries) - NAMED))),
        ]
    return tuple(runs)


def _figures(material: Material, answers: list[Figure]) -> Iterable[Run]:
    for place, figure in enumerate(answers):
        if place:
            yield Break()
        yield Text(material.tongue.named(material.tongue.label(figure)) + " ")
        yield material.ref(figure)


def paragraph_gaps(
    material: Material,
    key: str,
    duty: DutyFact,
    entries: list[Classed],
    answers: list[Figure],
) -> tuple[Gap, ...]:
    stand = duty.on(material.ground.scope.cutoff)
    newest = max((e.told.last or e.told.first or material.day for e in entries), default=None)
    return gaps_of(
        key,
        entries=len(entries),
        places=(code for entry in entries for code in entry.told.values("country")),
        newest=newest,
        day=material.day,
        figures=answers,
        stated=bool(stand and stand.status != "no indication"),
        threats=material.unserved,
        since=material.ended.get(key, ""),
    )


def _gaps(material: Material, gaps: tuple[Gap, ...]) -> Iterable[Text | Break]:
    labels = {figure.id: material.tongue.label(figure) for figure in material.figures}
    for place, words in enumerate(gap_lines(gaps, material.tongue, labels)):
        if place:
            yield Break()
        yield Text(words)


# --- B and C ------------------------------------------------------------------------------


def annex_b(material: Material) -> Section:
    """All activities of the year by kind, and the agreements by where they stand."""
    say = material.tongue
    blocks: list[Block] = []
    by_kind: dict[str, list[Classed]] = defaultdict(list)
    for entry in material.ground.activities:
        by_kind[entry.told.subtype].append(entry)
    for subtype, rows in sorted(by_kind.items()):
        caption = say.term("activity_subtypes", subtype) if subtype else say(_("activity"))
        table = material.record_table(caption, rows)
        if table:
            blocks.append(table)
    standings = Counter(entry.told.standing for entry in material.ground.kind("agreement"))
    if standings:
        columns = (
            Column(say(_("Where agreements stand")), 3),
            Column(say(_("Agreements")), 1, Align.NUMBER),
        )
        rows_ = tuple(
            ((Text(say(STANDINGS.get(code, code))),), (Text(say.number(n)),))
            for code, n in sorted(standings.items())
        )
        caption = say(_("Agreements by where they stood on {day}"), day=say.day(material.day))
        blocks.append(Table(caption, columns, rows_))
    if not blocks:
        blocks.append(Paragraph((Text(say(_("Nothing is on record."))),)))
    return Section("annex-b", say(_("Annex B: lists")), tuple(blocks))


METHOD = (
    _("The report is made from the records of this gateway as they stood at the cut-off. Made "
    "again from the "
      "same cut-off, it comes out the same."),
    _("Nothing marked above TLP:CLEAR is counted. Totals under five of persons are not told."),
    _("An entry counts in each year that its days touch. A source that gives a year only is "
    "counted in that "
      "year and shown with no day."),
    _("Totals that sources report stand with their own date. They are not added to each other, "
    "and no count "
      "of a year is made from them."),
    _("Where an entry does not name its pillar, Sector or paragraph, its kind decides, by the "
    "table below."),
    _("Agreements stand where the record of their events puts them on the last day of the year. "
    "What no source "
      "reports is told as presumed."),
    _("Where several speakers differ, all are kept. Amounts of money are counted once, by the "
    "first of: whom it "
      "is about, the secretariat, publications; currencies are never added together."),
    _("Official texts are quoted in official translations only; where one is not held this is "
    "said."),
)  # fmt: skip


def annex_c(material: Material) -> Section:
    say = material.tongue
    blocks: list[Block] = [ListBlock(tuple((Text(say(words)),) for words in METHOD))]
    terms = (
        (_("count"), _("So many things that happened in the year.")),
        (_("total"), _("So many things that there were on a day.")),
        (_("share"), _("So many of so many; both numbers are told.")),
        (_("not reported"), _("Nobody has told it. It is not 0.")),
        (_("presumed"), _("Concluded from dates and terms; no source reports it.")),
    )
    blocks.append(
        Definitions(tuple(((Text(say(term)),), (Text(say(words)),)) for term, words in terms))
    )
    assumed = sum(entry.assumed for entry in material.ground.activities)
    if assumed:
        number = Numbered("C")
        words = say(
            _("Of the activities of the year, {number} were put under a pillar or Sector by the "
            "table of kinds."),
            number=say.number(assumed),
        )  # fmt: skip
        blocks.append(number(Text(words)))
    blocks.append(_classes(material))
    return Section("annex-c", say(_("Annex C: definitions and method")), tuple(blocks))


def _classes(material: Material) -> Table:
    """The table of kinds, so that everybody can disagree with it."""
    say = material.tongue
    columns = (
        Column(say(_("Kind")), 2),
        Column(say(_("Pillar")), 2),
        Column(say(_("Sector")), 2),
        Column(say(_("Paragraphs")), 3),
    )
    rows = []
    for (kind, subtype), place in sorted(material.ground.classes.items()):
        name = say.term("kinds", kind)
        if subtype:
            name = f"{name}, {say.term('activity_subtypes', subtype)}"
        rows.append(
            (
                (Text(name),),
                (Text(say.term("gca_pillars", place.pillar) if place.pillar else ""),),
                (Text(say.term("itu_sectors", place.sector) if place.sector else ""),),
                tuple(_codes(place.paragraphs)),
            )
        )
    return Table(say(_("Where an entry belongs that does not say so itself")), columns, tuple(rows))


def _codes(keys: tuple[str, ...]) -> Iterable[Code | Text]:
    for place, key in enumerate(keys):
        if place:
            yield Text(", ")
        yield Code(key)


BREAK = PageBreak()
