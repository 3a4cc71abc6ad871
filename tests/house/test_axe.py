"""Every page in a real browser: no axe violation, no sideways scroll, light, and alone.

English and Arabic in light, in dark and at 320 px; the other languages in light. First views are
measured as they cross the wire, compressed, with an empty cache.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import axe_playwright_python
import pytest

from tests.house.browser import FLAGS, Page, Server, executable, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE_SCRIPT = Path(axe_playwright_python.__file__).parent / "axe.min.js"
FULLY = ("en", "ar")
BUDGET = 100_000  # bytes of a first view, compressed
THREADS = 2  # two cores; each drives a browser of its own
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
LOOK = (Path(__file__).parent / "look.js").read_text()
AXE = {
    "resultTypes": ["violations"],
    "preload": False,  # styles are of this host: nothing to fetch a second time
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    executable()
    with served(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def findings(server: Server) -> dict[str, list[str]]:
    """Open every page once and note all that is wrong, by kind."""
    from playwright.sync_api import sync_playwright

    kinds = ("axe", "scroll", "hosts", "weight", "errors", "seen")
    found: dict[str, list[str]] = {kind: [] for kind in kinds}
    todo = [(page, code) for page in server.pages for code in page.urls]
    todo.sort(key=lambda item: item[0].viewer)  # a viewer's pages one after another
    lock, where = threading.Lock(), executable()

    def work() -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=where, args=FLAGS)
            try:
                tabs: dict[str, Tab] = {}
                while True:
                    with lock:
                        if not todo:
                            return
                        page, code = todo.pop()
                    if page.viewer not in tabs:
                        tabs[page.viewer] = Tab(browser, server, page.viewer)
                    faults = tabs[page.viewer].look(page, code)
                    with lock:
                        for kind, text in faults:
                            found[kind].append(f"{page.urls[code]} ({page.viewer}): {text}")
            finally:
                browser.close()

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work) for _thread in range(THREADS)]:
            done.result()
    return found


class Tab:
    """One tab of one viewer, used again for page after page with its cache switched off."""

    def __init__(self, browser: Any, server: Server, viewer: str) -> None:
        self.server, self.host = server, urlsplit(server.url).netloc
        self.faults: list[tuple[str, str]] = []
        self.weight = 0.0
        context = browser.new_context(viewport=WIDE, color_scheme="light")
        context.add_cookies(server.cookies(viewer))
        context.add_init_script(path=AXE_SCRIPT)  # once a page, not once a look
        self.tab = context.new_page()
        wire = context.new_cdp_session(self.tab)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})
        wire.on("Network.loadingFinished", self._arrived)
        self.tab.on("request", self._asked)
        self.tab.on("console", self._said)

    def _arrived(self, event: dict[str, Any]) -> None:
        self.weight += event["encodedDataLength"]

    def _asked(self, request: Any) -> None:
        if urlsplit(request.url).netloc != self.host and not request.url.startswith("data:"):
            self.faults.append(("hosts", request.url))

    def _said(self, message: Any) -> None:
        if message.type in ("error", "warning"):  # an unknown header is a warning
            self.faults.append(("errors", message.text))

    def look(self, page: Page, code: str) -> list[tuple[str, str]]:
        """One page in one language: (kind of fault, words) for each."""
        tab, self.faults, self.weight = self.tab, [], 0.0
        modes = [("light", WIDE)]
        if code in FULLY:
            modes += [("dark", WIDE), ("light", NARROW)]
        for number, (scheme, size) in enumerate(modes):
            tab.emulate_media(color_scheme=scheme)
            tab.set_viewport_size(size)
            if number == 0:
                answer = tab.goto(self.server.url + page.urls[code], wait_until="load")
                if answer is None or answer.status != 200:
                    return [*self.faults, ("errors", f"status {answer and answer.status}")]
                self.faults.append(("seen", page.route))
                if not 1000 < self.weight < BUDGET:  # less: it was not measured
                    self.faults.append(("weight", f"{self.weight:.0f} bytes"))
            if size is NARROW:
                wide = tab.evaluate("document.documentElement.scrollWidth")
                if wide > size["width"]:
                    self.faults.append(("scroll", f"{wide} px wide at 320"))
            wanted = {"options": AXE, "colours": scheme == "dark"}
            for violation in tab.evaluate(LOOK, wanted):
                for html in violation["html"][:5]:
                    where = f"{scheme} {size['width']}: {violation['id']}: {html[:200]}"
                    self.faults.append(("axe", where))
        return self.faults


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


ROWS = "<tr><td>dark enough</td></tr>" * 20
FAULTY = f"""<html><style>.pale {{ color: #ccc }}</style><body><img src='/x.png'><input>
<p>no language</p><table>{ROWS}<tr><td class='pale'>too pale</td></tr>{ROWS}</table></body></html>"""


def test_axe_is_not_blind(server: Server) -> None:
    """A page with known faults is found out: else a broken axe would pass everything."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        try:
            tab = browser.new_page()
            tab.add_init_script(path=AXE_SCRIPT)
            tab.goto("about:blank")
            tab.set_content(FAULTY)
            wanted = {"options": AXE, "colours": False}
            found = {fault["id"]: fault["html"] for fault in tab.evaluate(LOOK, wanted)}
            dark = {f["id"] for f in tab.evaluate(LOOK, wanted | {"colours": True})}
        finally:
            browser.close()
    assert {"html-has-lang", "image-alt", "label"} <= set(found)
    assert found["color-contrast"] == ['<td class="pale">too pale</td>']
    assert dark == {"color-contrast"}
