"""The house's one way to ask the web: resolve, check the address really used, connect to just that.

A name may resolve to another address at a second look, so there is none: the socket is opened to
the address that was checked. A redirect is another address and is checked as one. No cookies, no
credentials, no proxy of the environment.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urljoin, urlsplit

from comity.kit.errors import KitError, shown

Address = IPv4Address | IPv6Address
AGENT = "Comity (cybersecurity gateway; link check)"
PORTS = frozenset({80, 443, 8080, 8443})
_NAT64 = ip_network("64:ff9b::/96")
_MOVED = frozenset({301, 302, 303, 307, 308})


class NotFetched(KitError, OSError):
    """An address that may not be asked, or that gave no answer within its limits."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `data` is at most what was asked for: `whole` tells whether it is all."""

    url: str  # after the redirects
    status: int
    type: str
    data: bytes
    whole: bool


def public(address: Address, port: int) -> bool:
    """Whether an address, and what it wraps, is of the open internet, at a port of the web."""
    inner: Address | None = None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address.teredo:
            inner = address.teredo[1]
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
    held = [address] if inner is None or address in _NAT64 else []
    held += [inner] if inner is not None else []
    return port in PORTS and all(each.is_global and not each.is_multicast for each in held)


def fetch(
    url: str,
    *,
    method: str = "GET",
    most: int = 65_536,
    seconds: float = 10.0,
    redirects: int = 5,
    allowed: Callable[[Address, int], bool] = public,
) -> Fetched:
    """The answer at an address, after redirects. `most` bytes are read, `seconds` is for all of it.

    Raises `NotFetched`, which says why: no http or https, an address that is not allowed, no such
    host, a fault of TLS, no answer in time, too many redirects.
    """
    sockets: list[socket.socket] = []
    over = threading.Event()

    def end() -> None:
        over.set()
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        for _hop in range(redirects + 1):
            got, moved = _ask(url, method, most, seconds, allowed, sockets)
            if over.is_set():  # cut off: what was read may look whole
                raise TimeoutError
            if moved is None:
                return got
            url = urljoin(url, moved)
        raise NotFetched(f"more than {redirects} redirects", url, "Give the last address.")
    except (OSError, http.client.HTTPException, UnicodeError) as fault:
        if isinstance(fault, NotFetched):
            raise
        why = (
            "no answer in time" if over.is_set() or isinstance(fault, TimeoutError) else _why(fault)
        )
        raise NotFetched(why, url, "Try again later, or open it in a browser.") from None
    finally:
        timer.cancel()
        for each in sockets:
            each.close()


def _why(fault: Exception) -> str:
    if isinstance(fault, socket.gaierror):
        return "no such host"
    if isinstance(fault, ssl.SSLError):
        return "TLS failed"
    return f"no answer ({type(fault).__name__})"


def _ask(
    url: str,
    method: str,
    most: int,
    seconds: float,
    allowed: Callable[[Address, int], bool],
    sockets: list[socket.socket],
) -> tuple[Fetched, str | None]:
    parts, host, port = _parts(url)
    address = _resolved(host, port, allowed, url)
    opened = socket.create_connection((str(address), port), timeout=seconds)
    sockets.append(opened)
    if parts.scheme == "https":
        opened = ssl.create_default_context().wrap_socket(opened, server_hostname=host)
        sockets.append(opened)
    connection = http.client.HTTPConnection(host, port, timeout=seconds)
    connection.sock = opened
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    given = {"Host": parts.netloc, "User-Agent": AGENT, "Accept": "*/*", "Connection": "close"}
    connection.request(method, path, headers=given)
    answer = connection.getresponse()
    moved = answer.headers.get("Location") if answer.status in _MOVED else None
    data = b"" if moved is not None else answer.read(most + 1)
    kind = answer.headers.get_content_type()
    return Fetched(url, answer.status, kind, data[:most], len(data) <= most), moved


def _parts(url: str) -> tuple[SplitResult, str, int]:
    bad = NotFetched(f"{shown(url)} is no address of a page", "", "Give its https address.")
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise bad from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or not plain:
        raise bad
    return parts, host, port


def _resolved(host: str, port: int, allowed: Callable[[Address, int], bool], url: str) -> Address:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(row[4][0]).partition("%")[0]) for row in found]
    for address in addresses:
        if allowed(address, port):
            return address
    raise NotFetched("an address of an inner network, or a port that is none of the web", url,
                     "Give an address of the open internet.")  # fmt: skip
