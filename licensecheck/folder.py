"""Looks at a local folder as `hub.py` looks at a repo: a snapshot, a git clone, or a place in the HF cache. No network.

A folder may be hostile: links out of it, FIFOs and devices in place of a license, trees without end. Nothing outside it is read.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from licensecheck import texts
from licensecheck.errors import HubError
from licensecheck.types import Card, File, Problem, RepoRef, RepoType, Scope, Snapshot

MOST_ENTRIES = 50_000  # files and folders looked at; the largest repos of the Hub that hold one model have some thousands
MOST_DEPTH = 12  # folders below folders

_CACHE_NAME = re.compile(r"(models|datasets|spaces)--(.+)")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TYPES: dict[str, RepoType] = {"models": "model", "datasets": "dataset", "spaces": "space"}
_SKIPPED = frozenset({".git", ".cache", ".hg", ".svn"})
_LICENSE_FOLDER = re.compile(r"(LICEN[SC]E|COPYING|NOTICE)(\.(md|txt))?", re.IGNORECASE)
_SPEAKS = re.compile(r"licen[sc]e|copying|terms|policy", re.IGNORECASE)
_REMOTE = re.compile(r"^\s*url\s*=\s*\S*(?:huggingface\.co|hf\.co)[:/](datasets/|spaces/)?([\w.-]+/[\w.-]+?)(?:\.git)?/?\s*$", re.MULTILINE)


def snapshot(ref: RepoRef) -> Snapshot:
    """The folder that `ref` names, with its file names sorted; what could not be seen stands in `problems`.

    Its card is empty: what the README says is read with the other texts.
    A place in the HF cache knows its repo id and commit. A git clone knows the id of its remote on the Hub, but no commit:
    its files may have been changed since. Raises `HubError` where the folder cannot be looked at at all.
    """
    root, kind, name, commit = _place(ref)
    files, problems = _listing(root)
    if _is_cached(root) and not any(_SPEAKS.search(file.path) for file in files):
        problems = (*problems, _partial(root, name))
    return Snapshot(
        ref=RepoRef(given=ref.given, id=name, type=kind, revision=ref.revision, folder=root),
        id=name,
        type=kind,
        revision=ref.revision,
        commit=commit,
        url=None,
        gated=False,
        card=Card(),
        files=files,
        problems=problems,
    )


def read(snapshot: Snapshot, path: str) -> bytes:
    """The bytes of one file of the folder, at most `texts.LIMIT`.

    Raises `HubError` with a `kind`: `unsafe-path`, `link-outside`, `not-a-file`, `no-file`, `unreadable`, `too-large`.
    """
    root = snapshot.ref.folder
    if root is None:
        raise ValueError(f"{snapshot.id} is no folder")
    return _read(root, path)


def _read(root: Path, path: str) -> bytes:
    parts = PurePosixPath(path).parts
    if not parts or "\x00" in path or ".." in parts or PurePosixPath(path).is_absolute():
        raise HubError(f"{path!r} is not the path of a file inside {root}.", "", "unsafe-path")
    try:
        real = (root / path).resolve(strict=True)
        if not any(real.is_relative_to(home) for home in _homes(root)):
            raise HubError(
                f"{path} in {root} is a link that leaves the folder; it was not followed.", "Copy the text into the folder.", "link-outside"
            )
        if not stat.S_ISREG(real.stat().st_mode):
            raise _not_a_file(root, path)
        # NOTE: opened without blocking and looked at again, since a FIFO may take the file's place in between.
        with open(os.open(real, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise _not_a_file(root, path)
            data = file.read(texts.LIMIT + 1)
    except FileNotFoundError:
        raise HubError(f"There is no file {path} in {root}, or it is a link to nothing.", "", "no-file") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise HubError(f"{path} in {root} cannot be read: {error}.", "Check the file and its permissions.", "unreadable") from None
    if len(data) > texts.LIMIT:
        raise HubError(f"{path} in {root} is larger than {texts.LIMIT >> 20} MiB and was not read.", "Read it by hand.", "too-large")
    return data


def _not_a_file(root: Path, path: str) -> HubError:
    return HubError(
        f"{path} in {root} is no regular file (a folder, a FIFO or a device); it was not read.", "Put the text in its place.", "not-a-file"
    )


def _homes(root: Path) -> tuple[Path, ...]:
    """Where a file of this folder may really lie: in it, or where the HF cache keeps the contents of its snapshots."""
    real = root.resolve()
    if _is_cached(real):
        repo = real.parent.parent
        return real, repo / "blobs", repo.parent / "blobs"
    return (real,)


def _is_cached(root: Path) -> bool:
    return root.parent.name == "snapshots" and _CACHE_NAME.fullmatch(root.parent.parent.name) is not None


def _place(ref: RepoRef) -> tuple[Path, RepoType, str, str | None]:
    """The folder with the files, and the type, id and commit that its place tells."""
    if ref.folder is None:
        raise ValueError(f"{ref.given} is no folder")
    root = Path(os.path.abspath(ref.folder))
    if _CACHE_NAME.fullmatch(root.name) and (root / "snapshots").is_dir():
        root = root / "snapshots" / _cached_commit(root, ref)
    repo = root.parent.parent
    if root.parent.name == "snapshots" and (match := _CACHE_NAME.fullmatch(repo.name)):
        commit = root.name if _COMMIT.fullmatch(root.name) else None
        return root, _TYPES[match.group(1)], match.group(2).replace("--", "/", 1), commit
    if ref.revision:
        raise HubError(f"{ref.given} is a folder; no revision can be chosen in it.", "Check the revision out first.", "no-revision")
    kind, name = _remote(root) or (ref.type, ref.id)
    return root, kind, name, None


def _cached_commit(repo: Path, ref: RepoRef) -> str:
    revision = ref.revision or "main"
    if _COMMIT.fullmatch(revision) and (repo / "snapshots" / revision).is_dir():
        return revision
    if ".." not in revision and not revision.startswith("/"):
        try:
            commit = (repo / "refs" / revision).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            commit = ""
        if _COMMIT.fullmatch(commit) and (repo / "snapshots" / commit).is_dir():
            return commit
    message = f"The HF cache holds {repo.name}, but not its revision {revision}."
    raise HubError(message, "Check it once without --offline, or name a snapshot.", "not-cached")


def _remote(root: Path) -> tuple[RepoType, str] | None:
    """Type and id of the Hub repo that a git clone came from."""
    try:
        config = _read(root, ".git/config").decode(errors="replace")
    except HubError:
        return None
    match = _REMOTE.search(config)
    return (_TYPES[(match.group(1) or "models/")[:-1]], match.group(2)) if match else None


def _listing(root: Path) -> tuple[tuple[File, ...], tuple[Problem, ...]]:
    problems: list[Problem] = []
    files = sorted(_walk(root, problems), key=lambda file: file.path)
    return tuple(files), tuple(problems)


def _walk(root: Path, problems: list[Problem]) -> Iterator[File]:
    """All entries that are no folders, breadth first, so that the license at the top is seen before any bound is met."""
    level, seen = [""], 0
    for depth in range(MOST_DEPTH + 1):
        below: list[str] = []
        for folder in level:
            for entry in _entries(root, folder, problems):
                seen += 1
                if seen > MOST_ENTRIES:
                    problems.append(_cut(root, f"has more than {MOST_ENTRIES:,} files; the rest was not looked at"))
                    return
                path = f"{folder}{entry.name}"
                if not _is_folder(entry):
                    yield File(path=path, size=_size(entry))
                elif entry.is_symlink():
                    problems.append(_linked_folder(root, path))
                elif entry.name not in _SKIPPED:
                    below.append(f"{path}/")
                    if depth == 0 and _LICENSE_FOLDER.fullmatch(entry.name):
                        problems.append(_license_folder(root, entry))
        level = below
    if level:
        problems.append(_cut(root, f"is nested deeper than {MOST_DEPTH} folders; what lies below was not looked at"))


def _entries(root: Path, folder: str, problems: list[Problem]) -> list[os.DirEntry[str]]:
    """The entries of one folder, at most one more than are ever looked at, sorted so that equal folders give equal answers."""
    try:
        with os.scandir(root / folder) as entries:
            found = [entry for entry, _ in zip(entries, range(MOST_ENTRIES + 1), strict=False)]
    except OSError as error:
        if not folder:
            raise HubError(f"The folder {root} cannot be listed: {error.strerror}.", "Check its permissions.", "unreadable") from None
        problems.append(
            Problem("folder", folder, f"{folder} cannot be listed: {error.strerror}.", "Check its permissions.", ("all",), "unreadable")
        )
        return []
    return sorted(found, key=lambda entry: entry.name)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _size(entry: os.DirEntry[str]) -> int | None:
    """In bytes; None for what is no regular file, which `read` then explains."""
    try:
        found = entry.stat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _cut(root: Path, what: str) -> Problem:
    return Problem(
        "folder",
        str(root),
        f"The folder {root} {what}.",
        "Check the repo's own folder, not one that holds many.",
        ("all",),
        "too-many-files",
    )


def _partial(root: Path, name: str) -> Problem:
    """The HF cache holds what was asked for, often the weights alone, and does not tell what else the repo has."""
    message = f"The HF cache holds no license text of {name}; the repo itself may have one."
    hint = f"Check {name} at the Hub, or load the repo's license files into the cache."
    return Problem("folder", str(root), message, hint, ("weights", "code", "data"), "partial-cache")


def _linked_folder(root: Path, path: str) -> Problem:
    hides: tuple[Scope, ...] = ("all",) if _SPEAKS.search(path) else ()
    message = f"{path} in {root} is a link to a folder; it was not followed."
    return Problem("folder", path, message, "Copy the folder in its place.", hides, "linked-folder")


def _license_folder(root: Path, entry: os.DirEntry[str]) -> Problem:
    try:
        with os.scandir(entry.path) as below:
            is_empty = next(below, None) is None
    except OSError:
        is_empty = True
    what = "nothing can be read in it" if is_empty else "the files in it are read instead"
    message = f"{entry.name} in {root} is a folder, not a file; {what}."
    return Problem("folder", entry.name, message, "Look into it by hand.", ("all",) if is_empty else (), "license-folder")
