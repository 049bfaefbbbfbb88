"""Which files of a code base are read: those that git knows or would take; outside of a checkout, those that no `.gitignore` leaves out."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from pathspec import GitIgnoreSpec

PATIENCE = 120  # seconds for git to list a checkout
_SKIPPED = frozenset({".git", ".hg", ".svn", "node_modules", "__pycache__", ".tox", ".nox", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
_KINDS = {
    "python": {"py", "pyw"},
    "notebook": {"ipynb"},
    "yaml": {"yaml", "yml"},
    "json": {"json", "jsonc", "webmanifest"},
    "calls": {"js", "mjs", "cjs", "ts", "tsx", "jsx"},
    "commands": {
        "sh", "bash", "zsh", "ksh", "fish", "bat", "cmd", "ps1", "toml", "cfg", "ini", "conf", "env", "mk", "service", "sbatch", "slurm",
        "properties", "dockerfile", "containerfile", "nomad", "hcl", "tf", "groovy", "just",
    },
}  # fmt: skip
_KIND = {ending: kind for kind, endings in _KINDS.items() for ending in endings}
_NAMES = (
    "dockerfile",
    "containerfile",
    "makefile",
    "gnumakefile",
    "jenkinsfile",
    "procfile",
    "justfile",
    "earthfile",
    "modelfile",
    "vagrantfile",
    ".env",
    ".envrc",
)


def kind(name: str) -> str | None:
    """How a file of that name is read, or None for one that is not.

    >>> kind("train.py"), kind("Dockerfile.gpu"), kind("notes.md")
    ('python', 'commands', None)
    """
    low = name.lower()
    ending = low.rpartition(".")[2] if "." in low[1:] else ""
    if ending in _KIND:
        return _KIND[ending]
    return "commands" if low.startswith(_NAMES) and ending not in {"md", "txt", "rst"} else None


def listed(root: Path, exclude: Sequence[str] = ()) -> Iterator[Path]:
    """The files below a folder that are read, sorted; `exclude` are patterns as in a `.gitignore`. A file stands for itself."""
    if not root.is_dir():
        yield root
        return
    spec = GitIgnoreSpec.from_lines(exclude)
    names = _from_git(root)
    for name in sorted(names if names else _walked(root)):
        if kind(name.rpartition("/")[2]) and not spec.match_file(name):
            yield root / name


def _from_git(root: Path) -> list[str]:
    """What git lists; nothing outside of a checkout, without git, or in a folder that the checkout ignores."""
    # NOTE: a checkout's configuration may name a program to watch its files; it is not run.
    command = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-C",
        str(root),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--deduplicate",
    ]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    if answer.returncode:
        return []
    names: list[str] = []
    for name in os.fsdecode(answer.stdout).split("\0"):
        if name and (name.endswith("/") or (not kind(name.rpartition("/")[2]) and (root / name).is_dir())):
            inner = name.rstrip("/")  # a checkout within the checkout, or a submodule
            if not (root / inner).is_symlink():
                names += (f"{inner}/{one}" for one in _from_git(root / inner) or _walked(root / inner))
        elif name:
            names.append(name)
    return names


def _walked(root: Path) -> Iterator[str]:
    stack: list[tuple[str, tuple[tuple[int, GitIgnoreSpec], ...]]] = [("", ())]
    while stack:
        folder, specs = stack.pop()
        try:
            entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries) and folder:
            continue  # an environment holds other people's code
        if any(entry.name == ".gitignore" and entry.is_file(follow_symlinks=False) for entry in entries):
            specs = (*specs, (len(folder) + 1 if folder else 0, _spec(root / folder / ".gitignore")))
        for entry in entries:
            name = f"{folder}/{entry.name}" if folder else entry.name
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name in _SKIPPED or _is_ignored(name + "/" * is_folder, specs):
                continue
            if is_folder:
                stack.append((name, specs))
            elif entry.is_file(follow_symlinks=False):
                yield name


def _spec(path: Path) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(path.read_text("utf-8", "replace").splitlines()[:5000])
    except (OSError, ValueError):
        return GitIgnoreSpec.from_lines(())


def _is_ignored(name: str, specs: tuple[tuple[int, GitIgnoreSpec], ...]) -> bool:
    """The innermost file that speaks of a name decides."""
    for start, spec in reversed(specs):
        verdict = spec.check_file(name[start:]).include
        if verdict is not None:
            return verdict
    return False
