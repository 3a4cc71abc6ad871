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
from comity.kit.tlp import Label
from comity.people.actions import ensure_samples
from comity.registry import actions, reads
from comity.registry.cli import registry
from comity.registry.models import Batch, Submission

from .api_world import body, person, post, publish, said
from .submitting import cast

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
KEPT = "kind=lesson&weather=wet"
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


def test_what_its_form_takes_goes_the_way_of_a_submission_to_publication(lesson: str) -> None:
    world = cast()
    author, reviewer, state = (world.client(n) for n in ("contributor", "secretariat", "focal"))
    typed = {"title_en": "Keep the log", "country": ["KE"], "weather": "dry", "do": "send"}
    answer = author.post("/en/registry/submit/lesson/", typed)
    assert answer.status_code == 302, answer.content.decode()[:400]
    row = Submission.objects.get()
    for who, act in ((reviewer, "accept"), (state, "sign_off")):
        row.refresh_from_db()
        done = who.post(answer["Location"], {"do": act, "seen": row.act})
        assert done.status_code == 302, act
    assert "Keep the log" in get("/en/registry/lesson/?weather=dry")
    wrong = author.post("/en/registry/submit/lesson/", typed | {"weather": "snow"})
    assert wrong.status_code == 200 and 'role="alert"' in wrong.content.decode()


def test_the_api_takes_and_refuses_it_and_finds_likely_duplicates(lesson: str) -> None:
    focal = person("focal_point", body("Maravia administration", "KE"))
    program = focal.program("registry")
    one = said("lesson", title="Keep the log of the pump", country="KE", period="2024",
               weather="wet")  # fmt: skip
    publish({**one, "key": "log"}, Label.CLEAR, body("Zambia administration", "ZM"))
    checked = post(program, "/submissions/check", one).json()
    assert [row["key"] for row in checked["likely_same"]] == ["log"]
    assert post(program, "/submissions", one).status_code == 201
    snow = said("lesson", title="Snow", weather="snow")
    refused = post(program, "/submissions", snow)
    assert refused.status_code == 400 and "weather" in refused.content.decode()


def test_its_words_are_found_in_the_languages_that_it_speaks(loaded: str) -> None:
    for word, code in (("潮湿", "zh"), ("潮", "zh"), ("رطب", "ar"), ("húm", "es"), ("мокр", "ru")):
        found = get(f"/{code}/registry/search/?q={word}")
        assert "Test the pump" in found and "Back up the ledger" not in found, word
        assert reads.kinds()[loaded].plural[code] in found


def test_its_rows_go_out_and_in_by_every_file_and_command(loaded: str, tmp_path: Path) -> None:
    run = CliRunner().invoke
    listed = run(registry, ["list", loaded, "--where", "weather=wet"])
    assert [json.loads(line)["key"] for line in listed.stdout.splitlines()] == ["l-2"]
    shown = json.loads(run(registry, ["show", "lesson/l-1"]).stdout)
    assert {s["value"] for s in shown["statements"] if s["field"] == "weather"} == {"dry"}
    for shape in ("csv", "xlsx"):
        out = tmp_path / f"lessons.{shape}"
        assert run(registry, ["export", loaded, "--format", shape, "-o", str(out)]).exit_code == 0
        again = run(registry, ["load", loaded, str(out)])
        outcomes = {json.loads(line)["outcome"] for line in again.stdout.splitlines()}
        assert again.exit_code == 0 and outcomes <= {"unchanged", "updated"}, again.output
    linked = json.loads(run(registry, ["export", loaded, "--format", "jsonld"]).stdout)
    assert "CreativeWork" in json.dumps(linked)
    iati = run(registry, ["export", loaded, "--format", "iati"])
    assert iati.exit_code == 1 and "IATI takes" in iati.output, "refused with what it takes"
    catalogue = json.loads(get("/en/registry/catalogue.jsonld"))
    assert "lesson" in json.dumps(catalogue)
    whole = run(registry, ["export", "--static", str(tmp_path / "all"), "--lang", "zh"])
    assert whole.exit_code == 0, whole.output
    pages = [p.read_text("utf-8") for p in (tmp_path / "all").rglob("*.html")]
    assert any("经验教训" in page and "干燥" in page for page in pages)


def test_a_search_for_it_is_kept_and_its_history_told(loaded: str) -> None:
    world = cast()
    browser = world.client("focal")
    kept = browser.post("/en/registry/my/searches/", {"name": "Wet", "query": KEPT})
    assert kept.status_code == 302
    assert "Wet" in get("/en/registry/my/searches/", browser)
    assert "Back up the ledger" in get("/en/registry/lesson/l-1/history/")


def test_its_words_and_values_are_checked_like_any(lesson: str) -> None:
    loaded = actions.load_file(lesson, b"title,weather\nA,snow\n,dry\n", "rows.csv")
    assert [(p.row, p.field) for r in loaded.results for p in r.problems] == [
        (2, "weather"),
        (3, "title"),
    ]
