"""The body: five pillars, Sectors, Member States, requests, proposals, indicators, doubts."""

from __future__ import annotations

from collections.abc import Iterable

from comity.kit.languages import gettext_noop as _
from comity.report.rules.classing import Classed
from comity.report.rules.document.material import ROWS, Material, Numbered
from comity.report.rules.document.said import indicators, proposals, requests
from comity.report.rules.figures.cooperation import is_ending
from comity.report.rules.figures.council import speaks_itself
from comity.report.rules.figures.query import within
from comity.report.types.figures import Chapter
from comity.report.types.tree import (
    Block,
    Break,
    ListBlock,
    Notice,
    Paragraph,
    Runs,
    Section,
    Table,
    Text,
)

PILLARS = (
    (Chapter.LEGAL, _("Legal measures"), _("Support to national legislation and the laws on "
    "record.")),
    (Chapter.TECHNICAL, _("Technical and procedural measures"),
     _("Recommendations, the work of the study groups, standards and tools.")),
    (Chapter.ORGANIZATIONAL, _("Organizational structures"),
     _("National teams from assessment to enhancement, strategies, and measures of commitment.")),
    (Chapter.CAPACITY, _("Capacity building"),
     _("Drills, trainings, projects and the protection of children online.")),
    (Chapter.COOPERATION, _("International cooperation"),
     _("Agreements, forums and partners; what is presumed is told as presumed.")),
)  # fmt: skip
LISTS = {
    Chapter.TECHNICAL: ("question", _("Questions under study")),
    Chapter.CAPACITY: ("project", _("Projects running in the year")),
    Chapter.COOPERATION: ("initiative", _("Initiatives running in the year")),
}
OTHERS = {
    Chapter.SECTORS: _("Work of the Sectors and the General Secretariat"),
    Chapter.STATES: _("Information from Member States and their situations"),
    Chapter.REQUESTS: _("Requests for assistance, needs and offers"),
    Chapter.PROPOSALS: _("Proposals to the Council"),
    Chapter.INDICATORS: _("Indicators of effectiveness"),
    Chapter.WSIS: _("WSIS action line C5"),
    Chapter.OUTSIDE: _("Work outside the core mandate"),
    Chapter.DOUBTS: _("Difficulties, and contradictions in the sources"),
}


def introduction(material: Material) -> Section:
    say, number = material.tongue, Numbered("1")
    cutoff = material.ground.scope.cutoff.date()
    blocks: list[Block] = [
        number(Text(say(
            _("Resolution 130 instructs to report to the Council each year. This report is made "
            "from the records "
              "of this gateway, as they stood on {day}; nothing in it was typed in for the "
              "report."),
            day=say.day(cutoff),
        ))),
        number(Text(say(
            _("Only what everybody may see (TLP:CLEAR) is counted. What nobody reported is “not "
            "reported”; it is "
              "never told as 0. A figure is a count of the year, a total at a date, or a share "
              "of so many.")
        ))),
    ]  # fmt: skip
    table = material.figure_table(say(_("The year at a glance")), material.of(Chapter.OVERVIEW))
    duties = material.figure_table(say(_("How the duties stand")), material.of(Chapter.DUTIES))
    totals = material.figure_table(
        say(_("Totals that sources report for the year")), material.of(Chapter.TOTALS)
    )
    blocks += [block for block in (table, duties, totals) if block]
    return Section("introduction", say(_("Introduction and mandate")), tuple(blocks), "1")


def pillars(material: Material) -> tuple[Section, ...]:
    return tuple(
        _pillar(material, chapter, heading, lead, str(number))
        for number, (chapter, heading, lead) in enumerate(PILLARS, 2)
    )


def _pillar(material: Material, chapter: Chapter, heading: str, lead: str, number: str) -> Section:
    say, paragraph = material.tongue, Numbered(number)
    blocks: list[Block] = [paragraph(Text(say(lead)))]
    _add(blocks, material.figure_table(say(_("Figures")), material.of(chapter)))
    rows = [entry for entry in material.ground.activities if chapter.value in entry.pillars]
    _list(material, blocks, paragraph, _("Activities of the year"), rows)
    if chapter in LISTS:
        kind, caption = LISTS[chapter]
        running = [e for e in material.ground.kind(kind) if within(e, material.ground.scope)]
        _add(blocks, material.record_table(say(caption), running))
    if chapter is Chapter.ORGANIZATIONAL:
        adopted = _behind(material, "strategies.adopted")
        _add(blocks, material.record_table(say(_("Strategies adopted in the year")), adopted))
    if chapter is Chapter.COOPERATION:
        blocks += _agreements(material)
    return Section(chapter.value.replace("_", "-"), say(heading), tuple(blocks), number)


def _list(
    material: Material,
    blocks: list[Block],
    paragraph: Numbered,
    caption: str,
    rows: list[Classed],
) -> None:
    """A table of entries, or the sentence that none is on record."""
    table = material.record_table(material.tongue(caption), rows)
    if table:
        blocks.append(table)
    else:
        blocks.append(
            paragraph(Text(material.tongue(_("No activity of the year is on record here."))))
        )


def _add(blocks: list[Block], block: Block | None) -> None:
    if block is not None:
        blocks.append(block)


def _agreements(material: Material) -> list[Block]:
    say, day = material.tongue, material.day
    told = (*_behind(material, "agreements.signed"), *_behind(material, "agreements.in_force"))
    ids = {entry.told.name for entry in told}
    listed = [
        entry
        for entry in material.ground.kind("agreement")
        if entry.told.name in ids or is_ending(entry.told, day)
    ]
    table = material.record_table(
        say(_("Agreements signed in the year, in force, or ending within a year")), listed
    )
    return [table] if table else []


def others(material: Material) -> tuple[Section, ...]:
    """Sections 7 to 14."""
    say = material.tongue
    made = []
    for number, (chapter, heading) in enumerate(OTHERS.items(), 7):
        paragraph = Numbered(str(number))
        blocks: list[Block] = []
        _add(blocks, material.figure_table(say(_("Figures")), material.of(chapter)))
        blocks += _more(material, chapter, paragraph)
        if not blocks:
            blocks.append(paragraph(Text(say(_("Nothing is on record.")))))
        made.append(Section(chapter.value, say(heading), tuple(blocks), str(number)))
    return tuple(made)


def _more(material: Material, chapter: Chapter, paragraph: Numbered) -> list[Block]:
    say, ground = material.tongue, material.ground
    within_year = [entry for entry in ground.entries if within(entry, ground.scope)]
    if chapter is Chapter.PROPOSALS:
        return proposals(material, paragraph)
    if chapter is Chapter.INDICATORS:
        return indicators(material, paragraph)
    if chapter is Chapter.REQUESTS:
        needs, offers = _behind(material, "needs.stated"), _behind(material, "offers.stated")
        return [
            *requests(material, paragraph),
            *_some(material.record_table(say(_("Needs stated")), needs)),
            *_some(material.record_table(say(_("Offers stated")), offers)),
        ]
    if chapter is Chapter.OUTSIDE:
        return _outside(material, [entry for entry in within_year if entry.outside], paragraph)
    if chapter is Chapter.DOUBTS:
        return _doubts(material, within_year, paragraph)
    if chapter is Chapter.STATES:
        own = [entry for entry in within_year if speaks_itself(entry.told)]
        return _some(
            material.record_table(say(_("What Member States and bodies told themselves")), own)
        )
    if chapter is Chapter.WSIS:
        c5 = [entry for entry in within_year if "C5" in entry.told.values("action_line")]
        return _some(material.record_table(say(_("Entries under action line C5")), c5))
    return []


def _behind(material: Material, key: str) -> list[Classed]:
    """The entries that a figure counts."""
    figure = material.by_id.get(key)
    names = set(figure.records) if figure else set()
    return [entry for entry in material.ground.entries if entry.told.name in names]


def _some(table: Table | None) -> list[Block]:
    return [table] if table else []


def _outside(material: Material, rows: list[Classed], paragraph: Numbered) -> list[Block]:
    say = material.tongue
    blocks: list[Block] = [paragraph(Text(say(
        _("Resolves 3 keeps ITU to its core mandate and leaves out national defence, national "
        "security, content "
          "and cybercrime. Entries that say themselves that they lie outside it stand here and "
          "in no other figure.")
    )))]  # fmt: skip
    return blocks + _some(material.record_table(say(_("Entries outside the core mandate")), rows))


def _listed(material: Material, items: list[Runs], number: int) -> list[Block]:
    """The first of a list, and how many there are where it is cut."""
    rest = material.rest(number)
    return [ListBlock(tuple(items[:ROWS])), *([Paragraph(rest)] if rest else [])]


def _doubts(material: Material, rows: Iterable[Classed], paragraph: Numbered) -> list[Block]:
    say = material.tongue
    blocks: list[Block] = []
    disputed = [e for e in material.ground.entries if e.told.disputed]
    if disputed:
        items: list[Runs] = [
            (
                material.title(entry.told),
                Text(f" – {say.listed([say.term('fields', k) for k in entry.told.disputed])} – "),
                material.record(entry.told),
            )
            for entry in disputed[:ROWS]
        ]  # fmt: skip
        blocks.append(
            paragraph(
                Text(
                    say(
                        _(
                            "Sources give different values in these fields. All are kept, none "
                            "is taken back:"
                        )
                    )
                )
            )
        )
        blocks += _listed(material, items, len(disputed))
    noted: list[Runs] = [
        (
            material.title(entry.told),
            Break(),
            material.note(entry.told),
            Text(" "),
            material.record(entry.told),
        )
        for entry in rows
        if entry.told.kind == "activity" and entry.told.values("note")
    ]
    if noted:
        blocks.append(
            paragraph(
                Text(
                    say(
                        _(
                            "Notes on the sources of activities of the year, in the words of who "
                            "entered them:"
                        )
                    )
                )
            )
        )
        blocks += _listed(material, noted, len(noted))
    if material.ground.scope.year < 2014:
        words = say(
            _(
                "Who was a Member State or least developed before 2014 is not in the record: "
                "shares are not reported."
            )
        )
        blocks.append(Notice((Text(words),)))
    return blocks
