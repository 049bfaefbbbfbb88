"""What every test stands on: no network beyond loopback, no cache of the user's, and a Hub where one is asked for."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

# The public client reads these when it is imported, so they are set before any test module is.
_HOME = tempfile.TemporaryDirectory(prefix="licensecheck-tests-")
for _name in [name for name in os.environ if name.startswith(("HF_", "HUGGING_FACE_", "HUGGINGFACE_"))]:
    del os.environ[_name]
os.environ["HF_HOME"] = _HOME.name
os.environ["NO_PROXY"] = "127.0.0.1,localhost"

from hub import FailingHub  # noqa: E402


class NetworkUsedError(AssertionError):
    """A test asked for an address beyond this machine."""


def _is_near(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    try:
        return host is None or ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return host in ("localhost", "")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses every connection and name lookup beyond loopback, however the code under test got there."""
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_far(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None) and not _is_near(address[0]):
            raise NetworkUsedError(f"a test connects to {address[0]}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_far(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_far(self, address)
        return connect_ex(self, address)

    def guarded_lookup(host: Any, *rest: Any, **options: Any) -> Any:
        if not _is_near(host):
            raise NetworkUsedError(f"a test looks up {host}")
        return lookup(host, *rest, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_lookup)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test starts with an empty cache of its own."""
    monkeypatch.setenv("LICENSECHECK_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingHub]:
    """An empty Hub on 127.0.0.1, which HF_ENDPOINT names."""
    with FailingHub() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the corpus, the labels and the sample repos, which is kept beside the checkout."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared is not here")
    return folder
