"""The fetcher asks the open web only, and just the address that was checked; limits hold."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest

from comity.kit.fetcher import Address, NotFetched, fetch, public


def anywhere(_address: Address, _port: int) -> bool:
    return True


class Web(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        match self.path:
            case "/":
                self._say(200, b"x" * 100)
            case "/moved":
                self._say(302, b"", Location="/")
            case "/inside":
                self._say(302, b"", Location="http://127.0.0.2:1/secret")
            case "/round":
                self._say(302, b"", Location="/round")
            case "/file":
                self._say(302, b"", Location="file:///etc/hostname")
            case "/slow":
                self.send_response(200)
                self.end_headers()
                for _second in range(50):
                    time.sleep(0.05)
                    self.wfile.write(b"x")
            case _:
                self._say(404, b"")

    do_HEAD = do_GET

    def _say(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)

    def log_message(self, *_args: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(OSError):  # who asked went away
            super().handle()


@pytest.fixture(scope="module")
def web() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_with_its_status_type_and_as_much_as_was_asked_for(web: str) -> None:
    got = fetch(f"{web}/", allowed=anywhere)
    assert (got.status, got.type, len(got.data), got.whole) == (200, "text/plain", 100, True)
    cut = fetch(f"{web}/", most=10, allowed=anywhere)
    assert (len(cut.data), cut.whole) == (10, False)
    assert fetch(f"{web}/nothing", method="HEAD", allowed=anywhere).status == 404


def test_a_redirect_is_followed_to_what_is_allowed_only(web: str) -> None:
    port = int(web.rpartition(":")[2])
    assert fetch(f"{web}/moved", allowed=anywhere).url == f"{web}/"
    with pytest.raises(NotFetched, match="inner network"):
        fetch(f"{web}/inside", allowed=lambda _address, asked: asked == port)
    with pytest.raises(NotFetched, match="redirects"):
        fetch(f"{web}/round", allowed=anywhere)
    with pytest.raises(NotFetched, match="no address of a page"):
        fetch(f"{web}/file", allowed=anywhere)


def test_a_slow_answer_ends_at_the_limit_of_the_whole(web: str) -> None:
    begin = time.monotonic()
    with pytest.raises(NotFetched, match="in time"):
        fetch(f"{web}/slow", seconds=0.3, allowed=anywhere)
    assert time.monotonic() - begin < 2


def test_this_machine_is_refused_unless_allowed(web: str) -> None:
    with pytest.raises(NotFetched, match="inner network"):
        fetch(web)
    with pytest.raises(NotFetched, match="no answer"):
        fetch("http://127.0.0.1:1/", allowed=anywhere)


@pytest.mark.parametrize(
    "url",
    ["", "ftp://example.org/", "file:///etc/passwd", "http://", "http://a@example.org/",
     "http://example.org:99999/", "http://example.org/\r\nX: y", "http://exa mple.org/",
     "javascript:alert(1)", "http://[::1"],
)  # fmt: skip
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(NotFetched, match="no address of a page"):
        fetch(url, allowed=anywhere)


@pytest.mark.parametrize(
    ("address", "port", "may"),
    [
        ("8.8.8.8", 443, True),
        ("8.8.8.8", 25, False),
        ("2001:4860:4860::8888", 443, True),
        ("127.0.0.1", 80, False),
        ("10.1.2.3", 80, False),
        ("169.254.169.254", 80, False),
        ("0.0.0.0", 80, False),
        ("224.0.0.1", 80, False),
        ("255.255.255.255", 80, False),
        ("::1", 80, False),
        ("fe80::1", 80, False),
        ("fd00::1", 80, False),
        ("ff02::1", 80, False),
        ("::ffff:127.0.0.1", 80, False),
        ("::ffff:8.8.8.8", 80, True),
        ("64:ff9b::7f00:1", 80, False),
        ("64:ff9b::808:808", 80, True),
        ("2002:7f00:1::", 80, False),
    ],
)
def test_only_the_open_internet_is_asked(address: str, port: int, may: bool) -> None:
    assert public(ip_address(address), port) is may
