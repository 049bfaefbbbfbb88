"""Writes the sample outputs in README.md by running the commands that stand above them; `--check` exits 1 where they are not current.

The repos are served by the demo Hub on 127.0.0.1. The real model's texts are kept in ../shared/repos; without that folder its
block stays as it is. Its words are not ours, so that block ends where it would quote them.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
SHARED = ROOT.parent / "shared" / "repos"
MOST_LINES = 26
# The commit belongs to the Hub that was asked, so it is left out.
_COMMIT = re.compile(r"^  revision \S+, commit [0-9a-f]{40}\n", re.MULTILINE)


def output(repo: str) -> str:
    """What `licensecheck check REPO` shows, cut where it grows longer than a README can bear."""
    from licensecheck.cli import run
    from licensecheck.demo import sample_hub

    hub = sample_hub()
    if (SHARED / repo).is_dir():
        hub.add(repo, SHARED / repo)
    buffer = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with hub.start(), tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(buffer):
        os.environ.update(HF_ENDPOINT=hub.url, HF_HOME=folder, LICENSECHECK_CACHE_DIR=folder, NO_PROXY="127.0.0.1")
        run(["check", repo])
    buffer.flush()
    shown = buffer.buffer.getvalue().decode()  # type: ignore[attr-defined]
    lines = _COMMIT.sub("", shown).rstrip("\n").split("\n")
    if (SHARED / repo).is_dir():
        quoted = next((n for n, line in enumerate(lines) if "“" in line), len(lines))
        return "\n".join([*lines[:quoted], "  ..."])
    return "\n".join(lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "  ..."])


def current(text: str) -> str:
    """The README with fresh output in every block that begins with `$ licensecheck check REPO`."""

    def fresh(match: re.Match[str]) -> str:
        repo = match["repo"]
        if not repo.startswith(("sample-org/", "other-lab/")) and not (SHARED / repo).is_dir():
            return match[0]
        return f"```console\n$ licensecheck check {repo}\n{output(repo)}\n```"

    return re.sub(r"```console\n\$ licensecheck check (?P<repo>\S+)\n.*?\n```", fresh, text, flags=re.DOTALL)


def main() -> int:
    old = README.read_text("utf-8")
    new = current(old)
    if "--check" in sys.argv[1:]:
        if new != old:
            print("README.md shows output that is not current; run tools/readme.py", file=sys.stderr)
        return int(new != old)
    README.write_text(new, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
