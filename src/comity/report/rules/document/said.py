"""Tables of what bodies said: proposals with their outcome, indicators by year, requests by age."""

from __future__ import annotations

from comity.kit.languages import gettext_noop as _
from comity.registry.types import Told
from comity.report.rules.classing import Classed
from comity.report.rules.document.material import Material, Numbered
from comity.report.rules.figures.cooperation import ASKED, is_waiting, when
from comity.report.rules.figures.council import is_carried, of_year, outcome_of
from comity.report.types.tree import Align, Block, Column, Link, Runs, Table, Text


def proposals(material: Material, paragraph: Numbered) -> list[Block]:
    """Those of the year, then those carried from earlier years with what became of them."""
    say, scope = material.tongue, material.ground.scope
    rows = material.ground.kind("proposal")
    fresh = [entry for entry in rows if of_year(entry, scope)]
    carried = [entry for entry in rows if entry not in fresh and is_carried(entry, scope)]
    blocks: list[Block] = []
    for caption, entries in (
        (_("Proposals made in the year"), fresh),
        (_("Proposals carried from earlier years"), carried),
    ):
        if entries:
            blocks.append(_proposal_table(material, say(caption), entries))
    if not blocks:
        blocks.append(
            paragraph(Text(say(_("No proposal to the Council is on record for the year."))))
        )
    return blocks


def _proposal_table(material: Material, caption: str, entries: list[Classed]) -> Table:
    say, scope = material.tongue, material.ground.scope
    columns = (
        Column(say(_("Proposal")), 3),
        Column(say(_("Made")), 1.2),
        Column(say(_("Figures behind it")), 2),
        Column(say(_("Outcome")), 1.6),
        Column(say(_("Record")), 1.3),
    )
    rows = []
    for entry in entries[:200]:
        told = entry.told
        outcome = outcome_of(told, scope)
        decided = say.date(str(told.first_of("outcome_date") or ""))
        words = say.term("proposal_outcomes", outcome) if outcome else say(_("not reported"))
        rows.append(
            (
                (material.title(told),),
                (Text(material.when(told)),),
                _behind(material, told),
                (Text(say.listed([part for part in (words, decided) if part])),),
                (material.record(told),),
            )
        )
    return Table(caption, columns, tuple(rows), source=material.rest(len(entries)))


def _behind(material: Material, told: Told) -> Runs:
    """The numbers a proposal gives and the records it rests on."""
    say = material.tongue
    runs: list[Text | Link] = []
    for value in told.values("figure"):
        runs.append(
            Text(_measure(material, value["n"], str(value["unit"]), str(value["period"])) + " ")
        )
    for value in told.values("total"):
        runs.append(
            Text(_measure(material, value["n"], str(value["unit"]), str(value["as_of"])) + " ")
        )
    runs += [Link(name, material.addresses.record(name)) for name in told.values("rests_on")]
    return tuple(runs) or (Text(say(_("not reported"))),)


def _measure(material: Material, number: int, unit: str, date: str) -> str:
    say = material.tongue
    dated = f" ({say.date(date)})" if date else ""
    return f"{say.number(number)} {unit}".strip() + dated


def indicators(material: Material, paragraph: Numbered) -> list[Block]:
    """Baseline, target and actual, each with its own date; years are never drawn together."""
    say = material.tongue
    rows = material.ground.kind("indicator")
    if not rows:
        return [paragraph(Text(say(_("No indicator is on record."))))]
    columns = (
        Column(say(_("Indicator")), 3),
        Column(say(_("Baseline")), 1.6, Align.NUMBER),
        Column(say(_("Target")), 1.6, Align.NUMBER),
        Column(say(_("Actual")), 2.4, Align.NUMBER),
        Column(say(_("Record")), 1.4),
    )
    made = tuple(
        (
            (material.title(entry.told),),
            _series(material, entry.told, "baseline"),
            _series(material, entry.told, "target"),
            _series(material, entry.told, "actual"),
            (material.record(entry.told),),
        )
        for entry in rows[:200]
    )
    caption = say(_("Baseline, target and actual by year"))
    return [Table(caption, columns, made, source=material.rest(len(rows)))]


def _series(material: Material, told: Told, field: str) -> Runs:
    say, until = material.tongue, str(material.year)
    found = [
        _measure(material, value["n"], str(value["unit"]), str(value["period"]))
        for value in told.values(field)
        if field != "actual" or str(value["period"])[:4] <= until
    ]
    found += [
        f"{value['n']}%" + (f" ({say.date(str(value['as_of']))})" if value["as_of"] else "")
        for value in told.values(f"{field}_share")
        if field != "actual" or str(value["as_of"])[:4] <= until
    ]
    return (Text("; ".join(found) if found else say(_("not reported"))),)


def requests(material: Material, paragraph: Numbered) -> list[Block]:
    """Requests that wait, oldest first, with their age on the last day reported on."""
    say, scope = material.tongue, material.ground.scope
    ages = [
        ((scope.day - asked).days, entry)
        for entry in material.ground.kind("request")
        if is_waiting(entry.told, scope) and (asked := when(entry.told, ASKED, scope))
    ]
    blocks: list[Block] = [
        paragraph(Text(say(
            _("Most requests are confidential. Those that may not be shown to everybody are in "
            "no figure here.")
        )))
    ]  # fmt: skip
    if ages:
        ages.sort(key=lambda row: (-row[0], row[1].told.name))
        columns = (
            Column(say(_("Request")), 4),
            Column(say(_("Countries")), 2),
            Column(say(_("Age in days")), 1, Align.NUMBER),
            Column(say(_("Record")), 1.4),
        )
        rows = tuple(
            (
                (material.title(entry.told),),
                (Text(material.places(entry.told)),),
                (Text(say.number(days)),),
                (material.record(entry.told),),
            )
            for days, entry in ages[:200]
        )
        caption = say(_("Requests that wait for an answer, the oldest first"))
        blocks.append(Table(caption, columns, rows, source=material.rest(len(ages))))
    return blocks
