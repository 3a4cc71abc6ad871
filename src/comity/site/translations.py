"""The catalogues: gather the house's sentences, check them, compile them. No gettext tools needed.

Each room keeps its own: `<room>/locale/<language>/LC_MESSAGES/django.po`. English needs none, the
sentences in the code are English. Nothing fuzzy is kept: a near translation of a changed sentence
is a wrong one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from comity.kit.languages import LANGUAGES, in_script

ROOMS = Path(__file__).resolve().parent.parent
SAME = Path(__file__).resolve().parent / "data" / "same_words.txt"
# Django's folder names: zh_Hans for zh-hans.
FOLDERS = {code: "zh_Hans" if code == "zh" else code for code in LANGUAGES if code != "en"}
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
MARKS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")
PASSING = re.compile(
    rb'"(Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|'
    rb"Language-Team|Generated-By): "
)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one sentence of one catalogue."""

    room: str
    language: str
    sentence: str
    fault: str


def rooms() -> list[Path]:
    """The folders of the rooms, by name."""
    return sorted(p.parent for p in ROOMS.glob("*/__init__.py"))


def catalogue_path(room: Path, language: str) -> Path:
    return room / "locale" / FOLDERS[language] / "LC_MESSAGES" / "django.po"


def sentences(room: Path) -> Catalog:
    """Every sentence marked for translation in a room's code and templates."""
    found = Catalog()
    for path in sorted((*room.rglob("*.py"), *room.rglob("*.html"), *room.rglob("*.txt"))):
        if path.suffix == ".txt" and "templates" not in path.parts:
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # What templatize makes has the template's indentation, which Python refuses.
            source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
        place = path.relative_to(ROOMS.parent).as_posix()
        for _line, function, messages, _comments in extract_python(
            io.BytesIO(source.encode()), list(KEYWORDS), [], {"encoding": "utf-8"}
        ):
            _add(found, function or "", messages, place)
    return found


def _add(found: Catalog, function: str, messages: object, place: str) -> None:
    parts = messages if isinstance(messages, tuple) else (messages,)
    spec = KEYWORDS[function] or (1,)
    context, words = None, []
    for item in spec:
        index = item[0] if isinstance(item, tuple) else item
        text = parts[index - 1] if index <= len(parts) else None
        if not isinstance(text, str) or not text:
            return  # a variable: nothing to gather
        if isinstance(item, tuple):
            context = text
        else:
            words.append(text)
    key = words[0] if len(words) == 1 else tuple(words)
    found.add(key, locations=[(place, None)], context=context)


def read(path: Path, language: str) -> Catalog:
    """A catalogue from disk; an empty one when there is none. Its plural rule is CLDR's."""
    fresh = Catalog(locale=FOLDERS[language], domain="django")
    if not path.exists():
        return fresh
    with path.open("rb") as file:
        held = read_po(file, locale=FOLDERS[language], domain="django", abort_invalid=True)
    held._num_plurals, held._plural_expr = fresh.num_plurals, fresh.plural_expr
    return held


def write(path: Path, catalogue: Catalog) -> None:
    """A catalogue to disk, when it changed; without the lines that only say when and by what."""
    catalogue.header_comment = f"# The words of the room {path.parents[3].name}."
    catalogue.fuzzy = False
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, include_lineno=False, width=100)
    lines = out.getvalue().splitlines(keepends=True)
    text = b"".join(line for line in lines if not PASSING.match(line))
    if not path.exists() or path.read_bytes() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)


def extract() -> Iterator[tuple[str, str, int, int]]:
    """Bring every catalogue up to date; yields (room, language, sentences, missing)."""
    for room in rooms():
        found = sentences(room)
        if not len(found):
            continue
        for language in FOLDERS:
            path = catalogue_path(room, language)
            merged = read(path, language)
            merged.update(found, no_fuzzy_matching=True)
            merged.obsolete.clear()
            write(path, merged)
            missing = sum(1 for m in merged if m.id and not all(_strings(m)))
            yield room.name, language, len(found), missing


def compile_catalogues() -> int:
    """Write each .mo that is missing or older than its .po; returns how many were written."""
    written = 0
    for room in rooms():
        for language in FOLDERS:
            source = catalogue_path(room, language)
            target = source.with_suffix(".mo")
            if not source.exists():
                continue
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            draft = target.with_suffix(".mo.draft")
            with draft.open("wb") as out:
                write_mo(out, read(source, language))
            draft.chmod(0o644)  # words are no secret: another user may run what root installed
            draft.replace(target)
            written += 1
    return written


def stale() -> list[Path]:
    """Catalogues that are not compiled."""
    sources = [catalogue_path(r, c) for r in rooms() for c in FOLDERS]
    return [
        p
        for p in sources
        if p.exists()
        and not (
            p.with_suffix(".mo").exists()
            and p.with_suffix(".mo").stat().st_mtime >= p.stat().st_mtime
        )
    ]


def check() -> Iterator[Fault]:
    """Everything wrong in every catalogue."""
    same = allowed_same()
    for room in rooms():
        wanted = sentences(room)
        for language in FOLDERS if len(wanted) else ():
            held = read(catalogue_path(room, language), language)
            for message in wanted:
                if not message.id:
                    continue
                words = message.id if isinstance(message.id, str) else message.id[0]
                kept = held.get(message.id, message.context)
                for fault in _faults(message, kept, language, same, held.num_plurals):
                    yield Fault(room.name, language, words, fault)


def allowed_same() -> set[tuple[str, str]]:
    """(language, sentence) that may read as in English: "fr<tab>Menu" a line."""
    lines = SAME.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return {(language, words) for language, _tab, words in pairs}


def _strings(message: Message) -> list[str]:
    strings = message.string
    return [strings] if isinstance(strings, str) else list(strings or ("",))


def _faults(
    wanted: Message, kept: Message | None, language: str, same: set[tuple[str, str]], plurals: int
) -> Iterator[str]:
    if kept is None or not all(_strings(kept)):
        yield "missing"
        return
    if kept.fuzzy:
        yield "fuzzy"
    ids = [wanted.id] if isinstance(wanted.id, str) else list(wanted.id)
    if len(ids) > 1 and len(_strings(kept)) != plurals:
        yield f"has {len(_strings(kept))} plural forms, the language has {plurals}"
    marks = sorted(set(MARKS.findall(" ".join(ids))))
    for text in _strings(kept):
        found = sorted(set(MARKS.findall(text)))
        # A plural form may leave the number out ("one page"), nothing else.
        if found != marks and not (len(ids) > 1 and set(found) < set(marks)):
            yield f"placeholders differ: {' '.join(found) or 'none'}, not {' '.join(marks)}"
        if text in ids and (language, text) not in same and re.search(r"[^\W\d_]", text):
            yield "reads as in English"
        elif not in_script(text, language) and (language, ids[0]) not in same:
            yield f"is not in the script of the language: {text}"
