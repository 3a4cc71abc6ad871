"""Six languages: every sentence there, none fuzzy, none left in English, each in its script."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from comity.kit.languages import LANGUAGES
from comity.site import translations


def test_every_sentence_is_translated() -> None:
    faults = [f"{f.room} {f.language}: {f.fault}: {f.sentence}" for f in translations.check()]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:60])


def test_catalogues_hold_nothing_that_is_gone() -> None:
    gone = []
    for room in translations.rooms():
        wanted = {(m.id, m.context) for m in translations.sentences(room) if m.id}
        for language in translations.FOLDERS:
            held = translations.read(translations.catalogue_path(room, language), language)
            gone += [
                (room.name, language, m.id)
                for m in held
                if m.id and (m.id, m.context) not in wanted
            ]
    assert gone == [], "run: comity translations extract"


@pytest.fixture
def small_room(tmp_path: Path, monkeypatch) -> Path:
    room = tmp_path / "comity" / "shed"
    (room / "templates").mkdir(parents=True)
    (room / "__init__.py").touch()
    (room / "words.py").write_text(
        'A = _("One tool")\nB = ngettext("%(n)d tool", "%(n)d tools", n)\nC = gettext(variable)\n'
    )
    (room / "templates" / "shed.html").write_text(
        '<div>\n  {% if x %}\n      {% translate "Open the shed" %}\n{% endif %}\n'
        '    {{ x|default:_("nobody") }} {% blocktranslate with n=x %}It is {{ n }} long{% endblocktranslate %}'
    )
    monkeypatch.setattr(translations, "ROOMS", tmp_path / "comity")
    return room


def test_sentences_of_code_and_templates_are_gathered(small_room: Path) -> None:
    found = {m.id if isinstance(m.id, str) else m.id[0] for m in translations.sentences(small_room)}
    assert found - {""} == {
        "One tool",
        "%(n)d tool",
        "Open the shed",
        "nobody",
        "It is %(n)s long",
    }


def test_extract_keeps_what_was_translated_and_forgets_what_is_gone(small_room: Path) -> None:
    list(translations.extract())
    path = translations.catalogue_path(small_room, "ar")
    text = path.read_text().replace(
        'msgid "One tool"\nmsgstr ""', 'msgid "One tool"\nmsgstr "أداة"'
    )
    path.write_text(text)
    (small_room / "words.py").write_text('A = _("One tool")\nD = _("One tool more")\n')
    list(translations.extract())
    held = translations.read(path, "ar")
    assert held["One tool"].string == "أداة"
    assert held["One tool more"].string == "", "nothing fuzzy is kept"
    assert "%(n)d tool" not in held
    before = path.read_bytes()
    list(translations.extract())
    assert path.read_bytes() == before, "a second run changes nothing"


def test_plural_forms_are_those_of_the_language(small_room: Path) -> None:
    list(translations.extract())
    forms = {
        code: translations.read(translations.catalogue_path(small_room, code), code).num_plurals
        for code in translations.FOLDERS
    }
    assert forms == {"ar": 6, "es": 2, "fr": 2, "ru": 3, "zh": 1}


def test_check_names_each_kind_of_fault(small_room: Path) -> None:
    list(translations.extract())
    path = translations.catalogue_path(small_room, "ru")
    text = path.read_text()
    for sentence, said in {
        "One tool": "One tool",
        "Open the shed": "Abrir el cobertizo",
        "It is %(n)s long": "Длина",
    }.items():
        text = text.replace(
            f'msgid "{sentence}"\nmsgstr ""', f'msgid "{sentence}"\nmsgstr "{said}"'
        )
    path.write_text(text)
    faults = {f.sentence: f.fault for f in translations.check() if f.language == "ru"}
    assert faults["One tool"] == "reads as in English"
    assert "script" in faults["Open the shed"]
    assert "placeholders differ" in faults["It is %(n)s long"]
    assert faults["nobody"] == "missing"


def test_compiled_words_are_shown(client) -> None:
    for code, language in LANGUAGES.items():
        with translation.override(language.django):
            said = translation.gettext("Skip to the content")
        assert (said == "Skip to the content") == (code == "en"), code
