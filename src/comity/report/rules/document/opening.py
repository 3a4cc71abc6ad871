"""The first page: masthead, summary, action required, references, and which text was in force."""

from __future__ import annotations

from comity.kit.languages import gettext_noop as _
from comity.report.rules.document.material import Head, Material
from comity.report.rules.tongue import Tongue
from comity.report.types.figures import RevisionFact
from comity.report.types.tree import (
    Block,
    BoxPart,
    Code,
    FigureRef,
    Masthead,
    Notice,
    Row,
    Runs,
    Text,
    Tone,
)

LETTERS = {"ar": "A", "en": "E", "es": "S", "fr": "F", "ru": "R", "zh": "C"}
TITLE = _(
    "ITU activities on strengthening the role of ITU in building confidence and security in the "
    "use of information and communication technologies"
)
BUSAN = 2014
STATES = {"draft": _("Draft"), "frozen": _("Frozen"), "published": _("Published")}


def identifier(material: Material) -> str:
    """ "C15/18-E": the Council that meets the year after, the number, the language's letter."""
    number = material.head.number or "…"
    return f"C{(material.year + 1) % 100:02d}/{number}-{LETTERS[material.tongue.code]}"


def masthead(material: Material) -> Masthead:
    say, head = material.tongue, material.head
    document = say(_("Document {symbol}"), symbol=identifier(material))
    return Masthead(
        say(_("Council {year}"), year=material.year + 1),
        head.meeting,
        (Row(say.named(say(_("Agenda item"))), head.agenda or say(_("not assigned"))),),
        (
            Row("", document),
            Row(say.named(say(_("Date"))), say.day(material.ground.scope.cutoff.date())),
            Row(say.named(say(_("Original"))), say(_("English"))),
        ),
    )


def state(material: Material) -> str:
    return state_words(material.tongue, material.head)


def state_words(say: Tongue, head: Head) -> str:
    """ "Frozen", "Published, edition 2"."""
    word = say(STATES[head.state])
    return (
        say(_("{state}, edition {edition}"), state=word, edition=head.edition)
        if head.edition > 1
        else word
    )


def box(material: Material) -> tuple[BoxPart, ...]:
    say = material.tongue
    references = [say(_("Resolution 130 (Rev. Busan, 2014) of the Plenipotentiary Conference"))]
    references += [
        say(_("Resolution 130 ({revision}, {year}) of the Plenipotentiary Conference"),
            revision=row.label, year=row.year)
        for row in later(material)
    ]  # fmt: skip
    references.append(
        say(_("Council Resolution 1305; Council Resolution 1336; WSIS action line C5"))
    )
    return (
        BoxPart(say(_("Summary")), _summary(material)),
        BoxPart(
            say(_("Action required")),
            ((Text(say(_asked(material))),),),
        ),
        BoxPart(say(_("References")), tuple((Text(words),) for words in references)),
    )  # fmt: skip


def _asked(material: Material) -> str:
    """What the Council is asked to do: to consider proposals only where there are some."""
    held = (material.by_id.get(key) for key in ("proposals.made", "proposals.carried"))
    if any(figure is not None and figure.value is not None for figure in held):
        return _(
            "The Council is invited to note this report and to consider the proposals in section "
            "10."
        )
    return _("The Council is invited to note this report.")


def _summary(material: Material) -> tuple[Runs, ...]:
    say = material.tongue
    opening = say(
        _("This report answers Resolution 130 (Rev. Busan, 2014), which instructs the "
        "Secretary-General and "
          "the Directors of the Bureaux to report annually to the Council on ITU’s activities in "
          "building "
          "confidence and security in the use of ICTs, and ITU’s part as sole facilitator of "
          "WSIS action "
          "line C5. It tells of {year} from what was recorded up to {day}; each figure can be "
          "followed to "
          "the records behind it."),
        year=material.year, day=say.day(material.ground.scope.cutoff.date()),
    )  # fmt: skip
    return ((Text(opening),), *_leading(material))


LEADING = ("activities.year", "cirt.assessed_countries", "strategies.share", "duties.settled_share")


def _leading(material: Material) -> tuple[Runs, ...]:
    """The few figures that everybody asks for first."""
    rows: list[Runs] = []
    for key in LEADING:
        figure = material.by_id.get(key)
        if figure is not None:
            label = Text(material.tongue.named(material.tongue.label(figure)) + " ")
            reference: FigureRef = material.ref(figure)
            rows.append((label, reference))
    return tuple(rows)


def later(material: Material) -> tuple[RevisionFact, ...]:
    """Revisions adopted after Busan that were in force on a day of the year reported on."""
    return tuple(
        row
        for row in material.ground.facts.revisions
        if row.year > BUSAN and row.year <= material.year
    )


def notices(material: Material) -> tuple[Block, ...]:
    """What must be known before a figure is read. Nothing of it is left to the annexes."""
    return (
        *_text_in_force(material),
        *_translation(material),
        *_year(material),
        *_broken(material),
        *_withdrawn(material),
    )


def _translation(material: Material) -> tuple[Block, ...]:
    if not material.text_notice:
        return ()
    return (Notice((Text(material.tongue(material.text_notice)),), Tone.WARN),)


def _withdrawn(material: Material) -> tuple[Block, ...]:
    """What an earlier edition on this year told and this one no longer can."""
    if not material.withdrawn:
        return ()
    say = material.tongue
    words = say(
        _("Records that an earlier edition on this year used are no longer to be seen by "
        "everybody and are in no figure here:")
    )  # fmt: skip
    runs: list[Text | Code] = [Text(words + " ")]
    for place, name in enumerate(material.withdrawn):
        runs += ([Text(", ")] if place else []) + [Code(name)]
    return (Notice(tuple(runs), Tone.WARN),)


def _text_in_force(material: Material) -> tuple[Block, ...]:
    say, year = material.tongue, material.year
    newer = later(material)
    if newer:
        names = [f"{row.label}, {row.year}" for row in newer]
        words = say(
            _("A later revision of the Resolution was in force in {year}: {revisions}. Its text "
            "is not held "
              "here; the paragraphs of this report are those of Busan, 2014."),
            year=year, revisions=say.listed(names),
        )  # fmt: skip
        return (Notice((Text(words),), Tone.WARN, say(_("Which text was in force?"))),)
    if year == BUSAN:
        return _before_busan(material)
    if year < BUSAN and material.ground.facts.revisions:
        held = [row for row in material.ground.facts.revisions if row.year <= year]
        if held:
            words = say(
                _("In {year} the text of {revision} was in force, not that of Busan, 2014, whose "
                "paragraphs "
                  "this report follows."),
                year=year, revision=f"{held[-1].label}, {held[-1].year}",
            )  # fmt: skip
            return (Notice((Text(words),), Tone.WARN, say(_("Which text was in force?"))),)
    return ()


def _before_busan(material: Material) -> tuple[Block, ...]:
    """The year of Busan itself had two texts: until the day of its adoption the one before."""
    rows = material.ground.facts.revisions
    before = [row for row in rows if row.year < BUSAN]
    adopted = [row.date for row in rows if row.year == BUSAN and row.date]
    if not before or not adopted:
        return ()
    say = material.tongue
    words = say(
        _("The text of Busan, whose paragraphs this report follows, was adopted on {day}. Before "
        "that day the text of {revision} was the newest."),
        day=say.day(adopted[0]), revision=f"{before[-1].label}, {before[-1].year}",
    )  # fmt: skip
    return (Notice((Text(words),), Tone.PLAIN, say(_("Which text was in force?"))),)


def _year(material: Material) -> tuple[Block, ...]:
    """A year of which nothing can or could be told is named."""
    say, scope = material.tongue, material.ground.scope
    first = material.ground.facts.first_year
    found: list[Block] = []

    def bad(sentence: str) -> None:
        words = say(sentence, year=scope.year, day=say.day(scope.cutoff.date()))
        found.append(Notice((Text(words),), Tone.BAD))

    if first and scope.year < first:
        bad(
            _(
                "In {year} there was no Resolution 130: it asked nothing of anybody, and nothing "
                "is reported on it."
            )
        )
    if scope.year > scope.cutoff.year:
        bad(_("{year} lies after the cut-off, {day}: nothing of it can be told yet."))
    elif scope.year == scope.cutoff.year and scope.day.strftime("%m%d") != "1231":
        bad(_("{year} is not over: figures are those up to {day}."))
    if not material.ground.activities:
        bad(
            _(
                "No activity of {year} is on record. That nothing is recorded does not say that "
                "nothing was done."
            )
        )
    return tuple(found)


def _broken(material: Material) -> tuple[Block, ...]:
    failing = [figure for figure in material.figures if figure.failed]
    if not failing:
        return ()
    say = material.tongue
    runs: list[Text | Code] = [
        Text(say(_("These figures could not be counted and are left open:")) + " ")
    ]
    for place, figure in enumerate(failing):
        runs += ([Text(", ")] if place else []) + [Code(figure.id)]
    return (Notice(tuple(runs), Tone.BAD),)
