"""What is shipped with the product may be shipped: every licence read, no AGPL, no GPL."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# As SPDX or as the trove classifiers say it. LGPL is taken for psycopg alone: we load it, unchanged.
FINE = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public License|Unlicense|0BSD|"
    r"HPND|Zlib|CC0|Public Domain)\b",
    re.I,
)
NEVER = re.compile(r"\bA?GPL|Affero|General Public License(?! v?3)|SSPL|BUSL|Commons Clause", re.I)
LESSER = {"psycopg", "psycopg-binary"}
# The SIL Open Font License lets fonts travel with software of any licence; it is for fonts alone.
FONTS = re.compile(r"^(fontpkg-|manimgx-fonts-)")


def locked() -> list[str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", text, re.M)


def licence_of(found: Distribution) -> str:
    data = found.metadata
    said = [data.get("License-Expression") or ""]
    said += [c for c in data.get_all("Classifier") or () if c.startswith("License")]
    if not any(said):
        said.append((data.get("License") or "").split("\n")[0])
    return "; ".join(part for part in said if part)


def test_every_run_time_dependency_may_be_shipped() -> None:
    names = locked()
    assert len(names) > 20, "the lock was not read"
    faults = []
    for name in names:
        try:
            licence = licence_of(distribution(name))
        except PackageNotFoundError:
            continue  # for another system or another Python
        lesser = name.lower() in LESSER and "Lesser" in licence + "Lesser" * ("LGPL" in licence)
        font = FONTS.match(name.lower()) and "OFL-1.1" in licence
        if lesser or font:
            continue
        if not FINE.search(licence) or NEVER.search(licence):
            faults.append(f"{name}: {licence or 'says nothing'}")
    assert faults == []


def test_the_reader_refuses_what_must_be_refused() -> None:
    assert NEVER.search("License :: OSI Approved :: GNU Affero General Public License v3")
    assert NEVER.search("AGPL-3.0-only") and NEVER.search("GPL-2.0-or-later")
    assert not FINE.search("Proprietary")
