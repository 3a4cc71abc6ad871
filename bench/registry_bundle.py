"""The whole public gateway of 100,000 entries as a static bundle: target 5 minutes on two cores.

    python bench/registry_bundle.py                  # 10,000 entries, a tenth of the target
    python bench/registry_bundle.py --entries 100000 # the whole: filling takes longer than writing
    python bench/registry_bundle.py --check          # the same, and leaves with 1 above the target

The entries are made up, by the same `store` that every door uses, in five kinds and six languages.
The time is that of `comity registry export --static` with two processes, without filling.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src"  # of this checkout, installed or not
TARGET = 300.0  # seconds for 100,000 entries
FULL = 100_000
KINDS = ("activity", "tool", "agreement", "publication", "strategy")
WORDS = (
    "national regional drill workshop strategy incident response team capacity building awareness "
    "network threat sharing framework cooperation memorandum telecommunication regulator training"
).split()
OTHER = {"ar": "التعاون في مجال الأمن السيبراني", "zh": "网络安全合作", "ru": "сотрудничество"}
CODES = ("KE", "UG", "SG", "IN", "FR", "BR", "EG", "CN", "RU", "MX", "FJ", "LA", "TD", "ES")


def records(count: int, seed: int = 130) -> Iterator[Any]:
    """Entries as long as real ones: eight to twelve statements, a summary of forty words."""
    from comity.registry.types import Given, Record

    chance = random.Random(seed)  # noqa: S311 - a benchmark, no secret

    def words(least: int, most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(least, most)))

    for number in range(count):
        url = f"https://example.org/{number % 997}/page"
        evidence = (f"Report {number % 997}", url, f"20{number % 12 + 12}-05-30")
        title = f"{words(4, 9).capitalize()} {number}"
        values = [
            ("title", title, "en"),
            ("summary", words(30, 50), "en"),
            ("url", url, ""),
            ("period", f"20{number % 12 + 12}-03-01/20{number % 12 + 12}-04-30", ""),
            ("note", words(5, 20), "en"),
            ("core_mandate", "in", ""),
        ]
        if number % 3 == 0:
            code = chance.choice(tuple(OTHER))
            values.append(("title", f"{OTHER[code]} {number}", code))
        values += [("country", code, "") for code in chance.sample(CODES, chance.randint(1, 4))]
        given = tuple(Given(f, v, lang, "original", *evidence) for f, v, lang in values)
        yield Record(KINDS[number % len(KINDS)], f"b-{number:06d}", "", given, number)


def fill(count: int) -> float:
    """Store them; how long it took."""
    from comity.kit.sayings import Voice
    from comity.registry.actions import Speaker, store
    from comity.registry.reads.kinds import kinds

    began = time.perf_counter()
    speaker = Speaker(Voice.SOURCE, "Made up", None, "CC0-1.0", True)
    held = kinds()
    batch: list[Any] = []
    for record in records(count):
        fields = held[record.kind].by_key
        fitting = tuple(g for g in record.values if g.field in fields)
        batch.append(type(record)(record.kind, record.key, "", fitting, record.row))
        if len(batch) == 5_000:
            store(batch, speaker, act="load_entries")
            batch = []
    if batch:
        store(batch, speaker, act="load_entries")
    return time.perf_counter() - began


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--entries", type=int, default=FULL // 10)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--keep", help="a home that is filled already or shall stay")
    asked.add_argument("--check", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        home = Path(options.keep or folder)
        home.mkdir(parents=True, exist_ok=True)
        os.environ["COMITY_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "comity.site.settings"
        os.environ["PYTHONPATH"] = f"{SOURCE}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        sys.path.insert(0, str(SOURCE))
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from comity.registry.models import Entry
        from comity.registry.pages.bundle import write_bundle

        missing = options.entries - Entry.objects.count()
        filled = fill(options.entries) if missing > 0 else 0.0
        began = time.perf_counter()
        written = write_bundle(Path(folder) / "bundle", processes=options.processes)
        took = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        busy = used.ru_utime + used.ru_stime  # of the two processes, whatever else the machine does
        size = sum(p.stat().st_size for p in (Path(folder) / "bundle").rglob("*") if p.is_file())
    scaled = took * FULL / written.entries
    print(
        f"static bundle: {written.entries} entries, {written.files} files, {size / 1e6:.0f} MB in "
        f"{took:.1f} s ({written.files / took:.0f} pages/s, {busy:.0f} s of processor time in "
        f"{options.processes} processes); {scaled:.0f} s for {FULL}, target "
        f"{TARGET:.0f} s (filled in {filled:.0f} s)"
    )
    return int(options.check and scaled > TARGET)


if __name__ == "__main__":
    raise SystemExit(main())
