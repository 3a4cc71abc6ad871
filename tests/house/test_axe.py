"""Every page in a real browser: no axe violation, no sideways scroll, light, and alone.

English and Arabic in light, in dark and at 320 px; the other languages in light. First views are
measured as they cross the wire, compressed, with an empty cache.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.house.browser import FLAGS, Page, Server, executable, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FULLY = ("en", "ar")
BUDGET = 100_000  # bytes of a first view, compressed
THREADS = 2  # two cores; each drives a browser of its own
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    executable()
    with served(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def findings(server: Server) -> dict[str, list[str]]:
    """Open every page once and note all that is wrong, by kind."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    found: dict[str, list[str]] = {
        "axe": [],
        "scroll": [],
        "hosts": [],
        "weight": [],
        "errors": [],
        "seen": [],
    }
    todo = [(page, code) for page in server.pages for code in page.urls]
    lock, where = threading.Lock(), executable()

    def work() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=where, args=FLAGS)
            try:
                while True:
                    with lock:
                        if not todo:
                            return
                        page, code = todo.pop()
                    faults = look(browser, Axe(), server, page, code)
                    with lock:
                        for kind, text in faults:
                            found[kind].append(f"{page.urls[code]} ({page.viewer}): {text}")
            finally:
                browser.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work) for _thread in range(THREADS)]:
            done.result()
    return found


def look(browser: Any, axe: Any, server: Server, page: Page, code: str) -> list[tuple[str, str]]:
    """One page in one language: (kind of fault, words) for each."""
    faults: list[tuple[str, str]] = []
    context = browser.new_context(viewport=WIDE, color_scheme="light")
    try:
        context.add_cookies(server.cookies(page.viewer))
        tab = context.new_page()
        host, weight = urlsplit(server.url).netloc, [0.0]
        wire = context.new_cdp_session(tab)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda e: weight.append(e["encodedDataLength"]))
        tab.on(
            "request",
            lambda r: (
                None
                if urlsplit(r.url).netloc == host or r.url.startswith("data:")
                else faults.append(("hosts", r.url))
            ),
        )
        tab.on(
            "console",
            lambda m: faults.append(("errors", m.text)) if m.type == "error" else None,
        )
        answer = tab.goto(server.url + page.urls[code], wait_until="load")
        if answer is None or answer.status != 200:
            return [*faults, ("errors", f"status {answer and answer.status}")]
        faults.append(("seen", page.route))
        if sum(weight) > BUDGET:
            faults.append(("weight", f"{sum(weight):.0f} bytes"))
        modes = [("light", WIDE)]
        if code in FULLY:
            modes += [("dark", WIDE), ("light", NARROW)]
        for scheme, size in modes:
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size(size)
            if size is NARROW:
                wide = tab.evaluate("document.documentElement.scrollWidth")
                if wide > size["width"]:
                    faults.append(("scroll", f"{wide} px wide at 320"))
            result = axe.run(tab, options=AXE)
            for violation in result.response["violations"]:
                node = violation["nodes"][0]
                where = f"{scheme} {size['width']}: {violation['id']}: {node['html'][:200]}"
                faults.append(("axe", where))
    finally:
        context.close()
    return faults


def test_every_page_was_opened(server: Server, findings: dict[str, list[str]]) -> None:
    assert len(server.pages) > 2
    assert findings["errors"] == []
    assert len(findings["seen"]) == sum(len(page.urls) for page in server.pages)


def test_no_axe_violation(findings: dict[str, list[str]]) -> None:
    assert findings["axe"] == []


def test_no_sideways_scroll_at_320_pixels(findings: dict[str, list[str]]) -> None:
    assert findings["scroll"] == []


def test_nothing_is_asked_of_another_host(findings: dict[str, list[str]]) -> None:
    assert findings["hosts"] == []


def test_first_view_is_within_100_kilobytes(findings: dict[str, list[str]]) -> None:
    assert findings["weight"] == []


def test_axe_is_not_blind(server: Server) -> None:
    """A page with known faults is found out: else a broken axe would pass everything."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        try:
            tab = browser.new_page()
            tab.set_content("<html><body><img src='/x.png'><input><p>no language</p></body></html>")
            ids = {v["id"] for v in Axe().run(tab, options=AXE).response["violations"]}
        finally:
            browser.close()
    assert {"html-has-lang", "image-alt", "label"} <= ids
