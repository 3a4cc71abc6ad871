"""A form made from a kind: which boxes each field needs, what stands in them, what is wrong.

No script is needed: several values are lines, rows of boxes or a list to choose from, and one row
stays empty for the next value. The page only draws what is decided here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from comity.kit import countries
from comity.kit.languages import LANGUAGES, gettext_noop
from comity.kit.tlp import Label
from comity.registry.rules.filling import (
    CHOSEN,
    PARTS,
    Filled,
    languages_of,
    part_name,
    rows_of,
    tongue_name,
)
from comity.registry.rules.values import PARTY_LEVELS, Vocabularies
from comity.registry.types import Field, FieldType, Kind, Problem

Options = Sequence[tuple[str, str]]

PART_LABELS: Mapping[str, str] = {
    "start": gettext_noop("From"),
    "end": gettext_noop("Until (.. while it goes on)"),
    "n": gettext_noop("Number"),
    "period": gettext_noop("In the period"),
    "as_of": gettext_noop("As of"),
    "unit": gettext_noop("Of what"),
    "amount": gettext_noop("Amount"),
    "currency": gettext_noop("Currency, as in USD"),
    "date": gettext_noop("Date"),
    "until": gettext_noop("Until"),
    "name": gettext_noop("Name"),
    "country": gettext_noop("Country"),
    "level": gettext_noop("Level"),
    "role": gettext_noop("Role"),
    "event": gettext_noop("Event"),
    "note": gettext_noop("Note"),
}
# What to write where the field's own help does not say it.
HINTS: Mapping[FieldType, str] = {
    FieldType.DATE: gettext_noop("Write 2014, 2014-05 or 2014-05-30, as precisely as the source."),
    FieldType.PERIOD: gettext_noop(
        "Write 2014, 2014-05 or 2014-05-30, as precisely as the source."
    ),
    FieldType.ENTRY: gettext_noop("Write kind and key, as in agreement/agr-001."),
    FieldType.COUNT: gettext_noop("Leave empty what is not reported; 0 means none."),
    FieldType.TOTAL: gettext_noop("Leave empty what is not reported; 0 means none."),
}
PARAGRAPH = gettext_noop(
    "Write instrument, version and paragraph, as in itu-pp/res-130/2014/resolves/3."
)
LINES = gettext_noop("Several: one a line.")
FIRST = frozenset({"title", "summary", "country", "area", "provision", "body"})
BOXES = 12  # options shown as boxes to tick; more become a list
NEW_ROWS = 2  # empty rows of a new form where several values may stand


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Control:
    """One box. `shape` is line, area, select, list (several) or ticks (several)."""

    name: str
    id: str
    shape: str
    label: str = ""  # of a part, or the own name of a language
    ours: bool = False  # the label is a sentence of ours, to be translated
    yes_no: bool = False  # and so are the options
    language: str = ""  # of the words in it
    text: str = ""
    options: tuple[Option, ...] = ()
    input: str = "text"
    lines: int = 1
    ltr: bool = False


@dataclass(frozen=True, slots=True)
class FieldBox:
    """All boxes of one field. `id` is where the error summary leads."""

    key: str
    id: str
    label: str
    help: str
    hints: tuple[str, ...]  # sentences of ours, to be translated
    required: bool
    rows: tuple[tuple[Control, ...], ...]
    problems: tuple[Problem, ...] = ()
    more: bool = False  # another row can be asked for
    ours: bool = False  # the label is a sentence of ours, to be translated
    first: bool = False  # asked of everybody; the others are behind "More fields" while empty

    @property
    def shown(self) -> bool:
        """Whether it stands open: asked of everybody, wrong, or with something in it."""
        controls = [control for row in self.rows for control in row]
        chosen = any(o.chosen and o.value for control in controls for o in control.options)
        return self.first or bool(self.problems) or chosen or any(c.text for c in controls)

    @property
    def grouped(self) -> bool:
        """Several controls under one legend."""
        return len(self.rows) > 1 or len(self.rows[0]) > 1 or self.rows[0][0].shape == "ticks"

    @property
    def control(self) -> Control:
        return self.rows[0][0]


def field_boxes(
    kind: Kind,
    filled: Filled,
    vocabularies: Vocabularies,
    *,
    language: str,
    problems: Iterable[Problem] = (),
    provisions: Options = (),
    more: str = "",
) -> tuple[FieldBox, ...]:
    """The boxes of every field of a kind, in its order. `more`: a field that wants another row."""
    wrong = tuple(problems)
    tongues = languages_of(kind, filled, language)
    found = []
    if kind.subtypes:
        found.append(_subtype(kind, filled, vocabularies, language, wrong))
    for field in kind.fields:
        rows = _rows(field, filled, vocabularies, language, tongues, provisions, more)
        hints = [HINTS[field.type]] if field.type in HINTS else []
        if field.many and rows[0][0].shape == "area" and field.type is not FieldType.WORDS:
            hints.append(LINES)
        if field.type is FieldType.PROVISION and rows[0][0].shape == "area":
            hints.append(PARAGRAPH)
        found.append(
            FieldBox(
                field.key,
                rows[0][0].id,
                field.label.get(language, field.key),
                field.help.get(language, ""),
                tuple(hints),
                field.required,
                rows,
                tuple(p for p in wrong if p.field == field.key),
                field.many and field.type in PARTS,
                first=field.required or field.card or field.key in FIRST or field.key == more,
            )
        )
    return tuple(found)


def about_boxes(
    kind: Kind, filled: Filled, labels: Sequence[Label], problems: Iterable[Problem] = ()
) -> tuple[FieldBox, ...]:
    """The boxes that every form ends with: the evidence, and who may see the entry."""
    wrong = tuple(problems)
    rows = (
        ("source_title", gettext_noop("Title of the source"), "text", False),
        ("source_url", gettext_noop("Address of the source"), "url", True),
        ("source_date", gettext_noop("Date of the source"), "text", True),
        ("since", gettext_noop("Since when it holds"), "text", True),
    )
    found = [
        FieldBox(
            name,
            f"f_{name}",
            label,
            "",
            (HINTS[FieldType.DATE],) if name in ("source_date", "since") else (),
            False,
            ((Control(name, f"f_{name}", "line", text=_one(filled, name), input=shape, ltr=ltr),),),
            tuple(p for p in wrong if p.field == name),
            ours=True,
        )
        for name, label, shape, ltr in rows
    ]
    chosen = _one(filled, "tlp")
    options = tuple(
        Option(label.value, f"TLP:{label.value}", label.value == chosen) for label in labels
    )
    control = Control("tlp", "f_tlp", "select", options=options, ltr=True)
    found.append(
        FieldBox(
            "tlp",
            "f_tlp",
            gettext_noop("Who may see the entry"),
            "",
            (gettext_noop("Without a choice it is marked as entries of this kind are."),),
            False,
            ((control,),),
            tuple(p for p in wrong if p.field == "tlp"),
            ours=True,
        )
    )
    return tuple(found)


def labels_of(kind: Kind) -> tuple[Label, ...]:
    """The labels one may choose for an entry: the kind's own and stricter ones, never RED."""
    least = Label.CLEAR if kind.publish_field else Label(kind.default_label)
    return tuple(label for label in Label if least <= label < Label.RED)


# --- rows of controls ---------------------------------------------------------------------


def _one(filled: Filled, name: str) -> str:
    return next(iter(filled.get(name, ())), "")


def _subtype(
    kind: Kind,
    filled: Filled,
    vocabularies: Vocabularies,
    language: str,
    problems: Sequence[Problem],
) -> FieldBox:
    chosen = [_one(filled, "subtype")]
    options = _options(_terms(kind.subtypes, vocabularies, language), chosen)
    control = Control("subtype", "f_subtype", "select", options=options)
    wrong = tuple(p for p in problems if p.field == "subtype")
    return FieldBox(
        "subtype",
        "f_subtype",
        gettext_noop("Type"),
        "",
        (),
        False,
        ((control,),),
        wrong,
        ours=True,
        first=True,
    )


def _rows(
    field: Field,
    filled: Filled,
    vocabularies: Vocabularies,
    language: str,
    tongues: Sequence[str],
    provisions: Options,
    more: str,
) -> tuple[tuple[Control, ...], ...]:
    if field.translatable:
        return tuple((_words(field, filled, code, len(tongues) > 1),) for code in tongues)
    if field.type in PARTS:
        count = rows_of(field, filled)
        wanted = max(count, NEW_ROWS if field.many else 1) + (more == field.key)
        return tuple(
            tuple(
                _part(field, row, part, filled, vocabularies, language)
                for part in PARTS[field.type]
            )
            for row in range(wanted if field.many else 1)
        )
    if field.type in CHOSEN:
        return ((_choice(field, filled, vocabularies, language, provisions),),)
    shape = "area" if field.many else "line"
    text = "\n".join(filled.get(field.key, ())) if field.many else _one(filled, field.key)
    kind_of_input = "url" if field.type is FieldType.URL and not field.many else "text"
    ltr = field.type in (FieldType.URL, FieldType.DATE, FieldType.ENTRY)
    control = Control(
        field.key,
        f"f_{field.key}",
        shape,
        text=text,
        input=kind_of_input,
        lines=max(3, min(8, text.count("\n") + 2)),
        ltr=ltr,
    )
    return ((control,),)


def _words(field: Field, filled: Filled, code: str, named: bool) -> Control:
    name = tongue_name(field.key, code)
    long = field.type is FieldType.WORDS
    texts = filled.get(name, ())
    text = ("\n" if field.many else "").join(texts)
    return Control(
        name,
        f"f_{name}",
        "area" if long or field.many else "line",
        LANGUAGES[code].own_name if named else "",
        language=code,
        text=text,
        lines=5 if long else 3,
    )


def _part(
    field: Field,
    row: int,
    part: str,
    filled: Filled,
    vocabularies: Vocabularies,
    language: str,
) -> Control:
    name = part_name(field.key, row, part)
    text = _one(filled, name)
    options: Options = ()
    if part == "country":
        options = _countries(language)
    elif part == "event":
        options = _terms(field.vocabulary, vocabularies, language)
    elif part == "level" and PARTY_LEVELS in vocabularies:
        options = _terms(PARTY_LEVELS, vocabularies, language)
    dated = part in ("start", "end", "date", "until", "as_of", "period")
    return Control(
        name,
        f"f_{name.replace('.', '_')}",
        "select" if options else "line",
        PART_LABELS[part],
        ours=True,
        text=text,
        options=_options(options, [text]) if options else (),
        ltr=dated or part in ("n", "amount", "currency"),
    )


def _choice(
    field: Field,
    filled: Filled,
    vocabularies: Vocabularies,
    language: str,
    provisions: Options,
) -> Control:
    chosen = [text for text in filled.get(field.key, ()) if text]
    known = _known(field, vocabularies, language, provisions)
    if not known:  # there is no list here to choose from
        return Control(
            field.key, f"f_{field.key}", "area", text="\n".join(chosen), lines=3, ltr=True
        )
    options = _options(known, chosen, empty=not field.many)
    shape = "select"
    if field.many:
        shape = "ticks" if len(known) <= BOXES else "list"
    yes_no = field.type is FieldType.YESNO
    return Control(field.key, f"f_{field.key}", shape, yes_no=yes_no, options=options)


def _known(field: Field, vocabularies: Vocabularies, language: str, provisions: Options) -> Options:
    if field.type is FieldType.COUNTRY:
        return _countries(language)
    if field.type is FieldType.PROVISION:
        return provisions
    if field.type is FieldType.YESNO:
        return (("yes", gettext_noop("yes")), ("no", gettext_noop("no")))
    name = field.vocabulary or ("languages" if field.type is FieldType.LANGUAGE else "")
    return _terms(name, vocabularies, language) if name in vocabularies else ()


def _terms(name: str, vocabularies: Vocabularies, language: str) -> Options:
    return [(term.code, term.name(language)) for term in vocabularies[name].terms.values()]


@cache
def _countries(language: str) -> Options:
    rows = [(country.iso2, country.name(language)) for country in countries.all_countries()]
    return sorted(rows, key=lambda row: row[1])


def _options(known: Options, chosen: Sequence[str], empty: bool = True) -> tuple[Option, ...]:
    """Choices in their order; what stands there already is one of them, known or not."""
    held = set(chosen)
    options = [Option("", "", not any(chosen))] if empty else []
    options += [Option(value, label, value in held) for value, label in known]
    missing = held - {value for value, _label in known} - {""}
    return (*options, *(Option(value, value, True) for value in sorted(missing)))
