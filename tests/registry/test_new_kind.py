"""A kind is one file: put there, it is at every door, in six languages, without a line of code."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comity.kit.languages import LANGUAGES
from comity.people.actions import ensure_samples
from comity.registry import actions, reads
from comity.registry.cli import registry
from comity.registry.models import Batch, Submission

KIND = """
key: lesson
label: {ar: درس مستفاد, en: Lesson, es: Lección, fr: Leçon, ru: Урок, zh: 经验教训}
plural: {ar: دروس مستفادة, en: Lessons, es: Lecciones, fr: Leçons, ru: Уроки, zh: 经验教训}
about:
  ar: ما تعلمه فريق من حادث.
  en: What a team learnt from an incident.
  es: Lo que un equipo aprendió de un incidente.
  fr: Ce qu'une équipe a appris d'un incident.
  ru: Чему группа научилась на инциденте.
  zh: 团队从事件中学到的内容。
rdf: {schema: CreativeWork}
fields:
  - use: title
  - use: period
  - use: area
  - key: weather
    type: choice
    vocabulary: weather
    facet: weather
    card: true
    label: {ar: الطقس, en: Weather, es: Tiempo, fr: Temps, ru: Погода, zh: 天气}
    help:
      ar: اختر من القائمة.
      en: Choose one of the list.
      es: Elija uno de la lista.
      fr: Choisissez dans la liste.
      ru: Выберите из списка.
      zh: 请从列表中选择。
"""
WEATHER = (
    "code,parent,label_ar,label_en,label_es,label_fr,label_ru,label_zh\n"
    "dry,,جاف,dry,seco,sec,сухо,干燥\nwet,,رطب,wet,húmedo,humide,мокро,潮湿\n"
)
ROWS = (
    "key,title,title_fr,country,period,weather,source_title,source_url\n"
    "l-1,Back up the ledger,Sauvegarder le registre,KE,2024,dry,A paper,https://example.org/1\n"
    "l-2,Test the pump,,TV,2025,wet,A paper,https://example.org/2\n"
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def lesson(tmp_path: Path, settings) -> str:
    (tmp_path / "lesson.yaml").write_text(KIND, "utf-8")
    (tmp_path / "weather.csv").write_text(WEATHER, "utf-8")
    settings.REGISTRY_KINDS = tmp_path
    return "lesson"


@pytest.fixture
def loaded(lesson: str) -> str:
    assert len(actions.load_file(lesson, ROWS.encode(), "lessons.csv").results) == 2
    return lesson


def get(path: str, browser: Client | None = None) -> str:
    answer = (browser or Client()).get(path)
    assert answer.status_code == 200, f"{path} {answer.status_code}"
    return (b"".join(answer) if answer.streaming else answer.content).decode()


def test_pages_list_entry_filter_search_and_country_in_six_languages(loaded: str) -> None:
    kind = reads.kinds()[loaded]
    for code in LANGUAGES:
        html = get(f"/{code}/registry/lesson/")
        assert kind.plural[code] in html and kind.by_key["weather"].label[code] in html
        assert ("Sauvegarder le registre" in html) is (code == "fr")
        assert kind.plural[code] in get(f"/{code}/registry/")
    wet = get("/en/registry/lesson/?weather=wet")
    assert "Test the pump" in wet and "Back up the ledger" not in wet
    assert "Back up the ledger" in get("/en/registry/search/?q=ledger")
    assert "مستفاد" in get("/ar/registry/lesson/l-1/")
    assert "dry" in get("/en/registry/lesson/l-1/") and "干燥" in get("/zh/registry/lesson/l-1/")
    assert "Test the pump" in get("/en/registry/country/TV/")


def test_files_feed_and_api(loaded: str) -> None:
    rows = list(csv.DictReader(io.StringIO(get("/en/registry/lesson.csv").lstrip("\ufeff"))))
    assert {row["weather"] for row in rows} == {"dry", "wet"}
    assert {row["title_fr"] for row in rows} == {"Sauvegarder le registre", ""}
    assert "CreativeWork" in get("/en/registry/lesson/l-1.jsonld")
    assert "Test the pump" in get("/en/registry/lesson.atom")
    listed = json.loads(get("/api/v1/registry/entries?kind=lesson&weather=dry"))
    assert [row["key"] for row in listed["entries"]] == ["l-1"], listed
    one = json.loads(get("/api/v1/registry/entries/lesson/l-2"))
    assert {s["field"] for s in one["statements"]} >= {"title", "weather", "country"}
    schema = json.loads(get("/api/v1/registry/kinds/lesson"))
    assert "weather" in json.dumps(schema)


def test_an_export_comes_back_as_it_was(loaded: str, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run = CliRunner().invoke(registry, ["export", "lesson", "-o", str(out)])
    assert run.exit_code == 0, run.output
    again = actions.load_file(loaded, out.read_bytes(), "lessons.csv", said_by="lessons.csv")
    assert {r.outcome.value for r in again.results} <= {"unchanged", "updated"}
    assert not [p for r in again.results for p in r.problems]


def test_its_form_and_upload_take_it(lesson: str) -> None:
    accounts = {str(sample.role): account for sample, account in ensure_samples()}
    browser = Client()
    browser.force_login(accounts["focal_point"], "comity.people.accounts.Backend")
    for code in LANGUAGES:
        label = reads.kinds()[lesson].by_key["weather"].label[code]
        assert label in get(f"/{code}/registry/submit/lesson/", browser)
    file = SimpleUploadedFile("lessons.csv", ROWS.encode())
    answer = browser.post("/en/registry/upload/", {"kind": "lesson", "file": file})
    assert answer.status_code == 302, answer.content.decode()[:400]
    assert Batch.objects.get().kind == "lesson" and Submission.objects.count() == 2


def test_its_words_and_values_are_checked_like_any(lesson: str) -> None:
    loaded = actions.load_file(lesson, b"title,weather\nA,snow\n,dry\n", "rows.csv")
    assert [(p.row, p.field) for r in loaded.results for p in r.problems] == [
        (2, "weather"),
        (3, "title"),
    ]
