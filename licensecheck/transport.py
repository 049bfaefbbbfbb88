"""One GET with bounds on its time, its size and where it may be led, by whatever HTTP client `huggingface_hub` brings.

Clients before 1.0 are built on requests, later ones on httpx and httpx2; only what all three share is used here.
"""

from __future__ import annotations

import ipaddress
import queue
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

from licensecheck.errors import HubError

_MOST_REDIRECTS = 5
_CLIENTS = frozenset({"requests", "httpx", "httpx2"})
_T = TypeVar("_T")
THREAD = "licensecheck-hub"  # the name of the threads that ask; the guard of a process lets them pass


def fetch(
    session: Any, url: str, headers: Mapping[str, str], timeout: float, limit: int, endpoint: str
) -> tuple[int, Mapping[str, str], bytes]:
    """Status, headers and at most `limit` + 1 bytes of the answer behind at most five redirects.

    The token never leaves the Hub's own address, and a redirect never leads to plain HTTP elsewhere.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        at_home = _origin(url) == _origin(endpoint)
        sent = {key: value for key, value in headers.items() if at_home or key.lower() != "authorization"}
        with _stream(session, url, sent, timeout) as (status, answer, chunks):
            location = answer.get("location")
            if status not in (301, 302, 303, 307, 308) or not location:
                return status, answer, _bounded(chunks, limit)
        url = _joined(url, location)
        if not _is_safe(url, endpoint):
            raise HubError(
                f"The Hub at {endpoint} sends its client to {url[:200]!a}, which is not followed.", "Check HF_ENDPOINT.", "unsafe-redirect"
            )
    raise HubError(f"The Hub at {endpoint} redirects its client in circles.", "Check HF_ENDPOINT.", "unsafe-redirect")


@contextmanager
def _stream(session: Any, url: str, headers: Mapping[str, str], timeout: float) -> Iterator[tuple[int, Mapping[str, str], Iterator[bytes]]]:
    """One GET, with its body still to come. Clients before huggingface_hub 1.0 are built on requests, later ones on httpx."""
    if callable(getattr(session, "stream", None)):  # of requests, `stream` is a setting
        with session.stream("GET", url, headers=headers, timeout=timeout, follow_redirects=False) as answer:
            yield answer.status_code, answer.headers, answer.iter_bytes(1 << 16)
        return
    with session.get(url, headers=headers, timeout=timeout, allow_redirects=False, stream=True) as answer:
        yield answer.status_code, answer.headers, answer.iter_content(1 << 16)


def _bounded(chunks: Iterator[bytes], limit: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            break
    return bytes(body[: limit + 1])


def within(seconds: float, work: Callable[[], _T]) -> _T:
    """What `work` gives, or `TimeoutError`: socket timeouts bound neither name lookup, nor many addresses, nor a dripping server."""
    done: queue.SimpleQueue[tuple[_T | None, BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put((work(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=run, name=THREAD, daemon=True).start()
    try:
        value, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return value  # type: ignore[return-value]


def client_errors(session: Any) -> tuple[tuple[type[Exception], ...], tuple[type[Exception], ...]]:
    """The failures and the timeouts of the client's HTTP library, which differs with the version of huggingface_hub."""
    name = next((base.__module__.partition(".")[0] for base in type(session).__mro__ if base.__module__.partition(".")[0] in _CLIENTS), "")
    library = sys.modules.get(name)
    if library is None:
        return (OSError,), (TimeoutError,)
    if name == "requests":
        return (OSError, ValueError, library.RequestException), (TimeoutError, library.Timeout)
    return (OSError, ValueError, library.HTTPError, library.InvalidURL), (TimeoutError, library.TimeoutException)


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        return location


def _origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port; empty for what is no URL, which is then nobody's home and safe for nothing."""
    try:
        parts = urlsplit(url)
        scheme = parts.scheme.lower()
        return scheme, (parts.hostname or "").lower(), parts.port or {"http": 80, "https": 443}.get(scheme)
    except ValueError:
        return "", "", None


def _is_safe(url: str, endpoint: str) -> bool:
    scheme, host, _ = _origin(url)
    if _origin(url) == _origin(endpoint) or scheme == "https":
        return True
    return scheme == "http" and _is_loopback(host) and _is_loopback(_origin(endpoint)[1])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
