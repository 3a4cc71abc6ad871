"""The report and the dossiers with many entries: seconds and milliseconds of the processor, since
the machine may be shared. Targets: with 100,000 entries a report takes 20 s a language and format,
with the sample data 5 s; a dossier 100 ms.

    python bench/report.py                      # 20,000 entries: a minute or two
    python bench/report.py --entries 100000     # as the targets say: some minutes to fill
    python bench/report.py --home FOLDER        # a house filled before; it is kept
    python bench/report.py --check              # leaves with 1 above a target
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from parts.serving import environment
from registry_pages import filled

REPORT, SAMPLE, DOSSIER = 20.0, 5.0, 100.0  # s, s, ms
FEW = 1_000  # entries, up to which a house holds little more than the sample
LANGUAGES, FORMS = ("en", "ar"), ("html", "docx", "pdf")
TEXT = "itu-pp/res-130/2014"
PARAGRAPHS = ("instructs-bdt/2", "resolves/1", "further-instructs-tsb-bdt/6", "invites-ms/4")
TIMES = 15


def measure(year: int) -> bool:
    """In a process of the house: print the figures; whether all are within their targets."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "comity.site.settings"
    django.setup()
    from django.utils import timezone

    from comity.report import reads
    from comity.report.reads import files

    held = _entries()
    target = REPORT if held > FEW else SAMPLE
    print(f"report: {held:,} entries held")
    start = time.process_time()
    prepared = reads.prepare(reads.scope_of(year, now=timezone.now()))
    counted = time.process_time() - start
    print(f"report {year}: loaded and counted {len(prepared.ground.entries):,} in {counted:.1f} s")
    good = True
    for language in LANGUAGES:
        for form in FORMS:
            start = time.process_time()
            data = files.rendered(reads.written(prepared, language), form)
            took = counted + time.process_time() - start
            good &= took <= target
            print(
                f"report {year} {language} {form}: {took:.1f} s (target {target:.0f} s), "
                f"{len(data) / 1000:.0f} kB"
            )
    good &= _dossiers()
    return good


def _entries() -> int:
    from comity.registry.models import Entry

    return Entry.objects.count()


def _dossiers() -> bool:
    """The dossier alone, and the page of the paragraph with it."""
    from django.test import Client

    logging.disable(logging.WARNING)
    client, good = Client(HTTP_HOST="localhost"), True
    issuer, name, label = TEXT.split("/")
    for what, address in (
        ("json", f"/api/v1/report/dossier/{issuer}/{name}/{label}?unit={{}}"),
        ("page", f"/en/mandate/{TEXT}/p/{{}}"),
    ):
        for paragraph in PARAGRAPHS:
            times = []
            for _each in range(TIMES):
                start = time.process_time()
                answer = client.get(address.format(paragraph))
                times.append((time.process_time() - start) * 1000)
                if answer.status_code != 200:
                    raise SystemExit(f"{address.format(paragraph)} answers {answer.status_code}")
            median = statistics.median(times)
            good &= median <= DOSSIER
            print(
                f"dossier {what} {paragraph}: median {median:.0f} ms (target {DOSSIER:.0f} ms), "
                f"first {times[0]:.0f} ms"
            )
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--home", default="")
    parser.add_argument("--year", type=int, default=2024)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--measure", action="store_true")
    asked = parser.parse_args()
    if asked.measure:
        return int(not measure(asked.year))
    with tempfile.TemporaryDirectory(prefix="comity-bench-") as folder:
        home = asked.home or folder
        if not (Path(home) / "comity.sqlite3").exists():
            print(
                f"report: {asked.entries:,} entries stored in {filled(home, asked.entries):.0f} s"
            )
        again = [sys.executable, __file__, "--measure", "--year", str(asked.year)]
        done = subprocess.run(again, env=environment(home), check=False)  # noqa: S603
    return done.returncode if asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
