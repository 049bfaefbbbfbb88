"""Fetches the text behind an address that is no Hub's: https only, public addresses only, bounded in time and size.

The name is looked up once, every address that it has is checked, and the connection goes to a checked address, so that a name that
changes its mind leads nowhere else. Redirects are followed on the same host alone. What the text means is left to others.
"""

from __future__ import annotations

import functools
import http.client
import ipaddress
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from urllib.parse import quote, urljoin, urlsplit

from licensecheck import transport
from licensecheck.errors import HubError

MAX_BYTES = 1 << 20
PATIENCE = 20.0  # seconds for one page in all, from the look-up of the name to the last byte
_SILENCE = 8.0  # seconds for one answer of the server
_MOST_REDIRECTS = 3
_TEXT = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/x-rst", "application/octet-stream", ""})
_HTML = frozenset({"text/html", "application/xhtml+xml"})
_GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:blob|raw)/(.+)")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_BLOCK = re.compile(r"<(/?(?:p|li|div|section|h[1-6]|br|tr|pre|blockquote|dt|dd|table|ul|ol)\b)", re.IGNORECASE)
# Elements that nest: those without an end tag, or with one that may be left out, are not counted.
_TAG = re.compile(
    r"<(/?)(?!(?:p|li|t[dhr]|dt|dd|br|hr|img|input|meta|link|option|col|source|wbr|area|base|embed|track)\b)[a-z]", re.IGNORECASE
)
_DEEPEST = 1000  # NOTE: the reader's time grows with the square of the depth
_BY_HAND = "read it by hand"

Resolve = Callable[[str], Sequence[str]]
"""All addresses of a host's name."""
Connect = Callable[[str, str, float], http.client.HTTPConnection]
"""A connection to (address, for the name), with so many seconds for each answer."""


def is_public(address: str) -> bool:
    """Is it an address of the public internet? Private, loopback, link-local and reserved ones are not, however they are wrapped.

    >>> is_public("9.9.9.9"), is_public("169.254.169.254"), is_public("::ffff:127.0.0.1")
    (True, False, False)
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def resolved(host: str) -> tuple[str, ...]:
    """All addresses of a host's name, as the system knows them. Raises OSError."""
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)))


class _Pinned(http.client.HTTPSConnection):
    """TLS for a host's name, over a connection to one given address."""

    def __init__(self, address: str, host: str, timeout: float) -> None:
        super().__init__(host, timeout=timeout)
        self._address = address

    def connect(self) -> None:
        raw = socket.create_connection((self._address, 443), self.timeout)
        try:
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)
        except BaseException:
            raw.close()
            raise


def fetch(url: str, *, resolve: Resolve = resolved, is_allowed: Callable[[str], bool] = is_public, connect: Connect = _Pinned) -> bytes:
    """The text at an https address as UTF-8, HTML reduced to what is read of it; at most 1 MiB.

    Raises HubError (kinds `link-refused`, `link-failed`, `link-not-text`, `too-large`) with the reason. A view of a file on GitHub is
    asked for as the file itself.
    """
    get = functools.partial(_page, url, resolve, is_allowed, connect)
    try:
        kind, charset, body = transport.within(PATIENCE, get)
    except TimeoutError as error:
        raise HubError(f"{_shown(url)} gave no answer in time", f"try again later, or {_BY_HAND}", "link-failed") from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise HubError(f"{_shown(url)} could not be fetched: {reason}", f"try again later, or {_BY_HAND}", "link-failed") from error
    if len(body) > MAX_BYTES:
        raise HubError(f"{_shown(url)} is larger than 1 MiB and was not read", _BY_HAND, "too-large")
    if kind in _HTML or (kind == "" and body.lstrip()[:1] == b"<"):
        return _readable(body, charset).encode("utf-8")
    if kind not in _TEXT or b"\0" in body[:1024] or body.startswith(b"%PDF"):
        raise HubError(f"{_shown(url)} is no text ({kind or 'of no stated type'}), so it was not read", _BY_HAND, "link-not-text")
    return body


def _page(url: str, resolve: Resolve, is_allowed: Callable[[str], bool], connect: Connect) -> tuple[str, str | None, bytes]:
    """Media type, charset and at most one byte more than the bound."""
    if file := _GITHUB.fullmatch(url.partition("#")[0].partition("?")[0]):
        url = f"https://raw.githubusercontent.com/{file[1]}/{file[2]}"
    home = None
    for _ in range(_MOST_REDIRECTS + 1):
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" or not host or parts.username or parts.port not in (None, 443):
            raise HubError(f"{_shown(url)} is not followed: only plain https addresses are", _BY_HAND, "link-refused")
        if home not in (None, host):
            raise HubError(f"{home} leads on to another host, {host[:100]!a}, which is not followed", _BY_HAND, "link-refused")
        home = host
        addresses = resolve(host)
        if not addresses or not all(map(is_allowed, addresses)):
            raise HubError(f"{host[:100]!a} is not followed: it has an address that is not public", _BY_HAND, "link-refused")
        connection = connect(addresses[0], host, _SILENCE)
        try:
            target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (
                f"?{quote(parts.query, safe='/%:@!$&()*+,;=~?')}" if parts.query else ""
            )
            connection.request("GET", target, headers={"User-Agent": "licensecheck", "Accept": "text/*", "Accept-Encoding": "identity"})
            answer = connection.getresponse()
            location = answer.headers.get("Location")
            if answer.status in (301, 302, 303, 307, 308) and location:
                url = urljoin(url, location)
                continue
            if answer.status != 200:
                raise HubError(f"{_shown(url)} answers with status {answer.status}", _BY_HAND, "link-failed")
            kind = answer.headers.get_content_type() if answer.headers.get("Content-Type") else ""
            return kind, answer.headers.get_content_charset(), answer.read(MAX_BYTES + 1)
        finally:
            connection.close()
    raise HubError(f"{_shown(url)} leads in circles", _BY_HAND, "link-failed")


def _readable(body: bytes, charset: str | None) -> str:
    """The words of a page, a block a line: without scripts, styles, navigation, headers and footers."""
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError as error:
        hint = "install the reader of pages: pip install 'hf-licensecheck[links]'"
        raise HubError("the page is HTML, and its reader is not installed", hint, "link-not-text") from error
    try:
        source = body.decode(charset or "utf-8", "replace")
    except LookupError:
        source = body.decode("utf-8", "replace")
    if _depth(source) > _DEEPEST:
        raise HubError("the page is nested too deep to be read", _BY_HAND, "link-not-text")
    tree = LexborHTMLParser(_BLOCK.sub(r"\n\n<\1", source))
    tree.strip_tags(["script", "style", "noscript", "template", "nav", "header", "footer", "svg", "iframe", "form"])
    root = tree.css_first("main") or tree.css_first("article") or tree.body
    text = root.text().replace("\xa0", " ").strip() if root else ""
    if not text:
        raise HubError("the page holds no words without a browser", _BY_HAND, "link-not-text")
    return re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "\n\n", text) + "\n"


def _depth(source: str) -> int:
    """How deep elements stand in each other at most, as far as their tags tell."""
    depth = deepest = 0
    for match in _TAG.finditer(source):
        depth = max(0, depth - 1) if match[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _shown(url: str) -> str:
    return url[:200].encode("ascii", "backslashreplace").decode()
