"""A second Hub that was not written here: olah, which serves local git repos through the Hub's API, offline."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from licensecheck import refs
from licensecheck.errors import HubError
from licensecheck.hub import Hub
from licensecheck.types import BaseModel

pytestmark = pytest.mark.skipif(importlib.util.find_spec("olah") is None, reason="olah is not installed (pip install olah)")

STARTUP = 30.0  # seconds; olah imports much
CARD = "---\nlicense: other\nlicense_name: heron\nbase_model: org/base\n---\n# Heron\n"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("olah") / "mirrors" / "models" / "org" / "heron"
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "README.md").write_text(CARD, encoding="utf-8")
    (folder / "LICENSE-MODEL").write_text("You may use the weights for research.\n", encoding="utf-8")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture(scope="module")
def olah(repo: Path) -> Iterator[str]:
    """The address of a running olah that serves the folder and asks nobody."""
    home = repo.parents[3]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    lines = ["[basic]", 'host = "127.0.0.1"', f"port = {port}", f'repos-path = "{home}/repos"', f'mirrors-path = ["{home}/mirrors"]']
    (home / "olah.toml").write_text("\n".join([*lines, "[accessibility]", "offline = true", ""]), encoding="utf-8")
    command = [
        sys.executable,
        "-c",
        "from olah.server import cli; cli()",
        "--config",
        str(home / "olah.toml"),
        "--log-path",
        str(home / "logs"),
    ]
    with (
        open(home / "log", "wb") as log,
        subprocess.Popen(command, cwd=home, stdout=log, stderr=log, env={**os.environ, "HOME": str(home)}) as server,
    ):
        try:
            wait_for(port, server, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + STARTUP
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"olah did not start: {log.read_text(errors='replace')[-2000:]}")


def test_a_repo_is_looked_at_and_read_at_its_commit(olah: str, repo: Path) -> None:
    ours = Hub(endpoint=olah)
    found = ours.snapshot(refs.parse("org/heron"))
    assert (found.id, found.commit) == ("org/heron", git(repo, "rev-parse", "HEAD"))
    assert (found.card.license, found.card.license_name, found.card.base_models) == (("other",), "heron", (BaseModel("org/base"),))
    assert [file.path for file in found.files] == ["LICENSE-MODEL", "README.md"]
    assert ours.read(found, "LICENSE-MODEL").decode() == "You may use the weights for research.\n"
    assert ours.read(found, "README.md").decode() == CARD


def test_what_it_lacks_is_not_found(olah: str) -> None:
    with pytest.raises(HubError) as caught:
        Hub(endpoint=olah).snapshot(refs.parse("org/nothing"))
    assert caught.value.kind == "not-found"
