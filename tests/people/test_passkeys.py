"""A passkey from its making to signing in with it, in a real browser with a virtual key.

The key is Chromium's own (DevTools protocol, domain WebAuthn), so the browser's and the server's
side of the ceremony are both real. The strict policy is on: an inline script would fail here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.house.browser import FLAGS, Server, executable, served

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    executable()
    with served(tmp_path_factory.mktemp("home")) as running:
        yield running


def test_a_passkey_is_made_and_then_signs_in_alone(server: Server) -> None:
    from playwright.sync_api import sync_playwright

    url = server.url.replace("127.0.0.1", "localhost")  # passkeys refuse an address
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        context = browser.new_context()
        context.add_cookies([{"name": "sessionid", "value": server.sessions["reader"], "url": url}])
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
        devtools = context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        key = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})

        page.goto(f"{url}/en/account/security/keys/add/")
        page.fill("#id_name", "Laptop")
        page.check("#id_passwordless")
        page.click("#mfa_webauthn_add")
        # The first factor brings recovery codes; showing them takes a proof, here by the key.
        page.wait_for_url("**/security/confirm/?next=**")
        page.click("text=Use a passkey or security key")
        page.click("#mfa_webauthn_reauthenticate")
        page.wait_for_url("**/security/codes/")
        assert page.locator("li code").count() == 10

        page.goto(f"{url}/en/account/sign-out/")
        page.click("main button[type=submit]")
        page.wait_for_url(f"{url}/en/")
        page.goto(f"{url}/en/people/")
        assert "/account/sign-in/" in page.url

        page.click("#passkey_login")
        page.wait_for_url("**/people/")
        assert page.locator(".chip.good").inner_text() == "used in this session"

        page.goto(f"{url}/en/account/security/keys/")
        assert "Laptop" in page.locator("table").inner_text()
        assert faults == []
        browser.close()
