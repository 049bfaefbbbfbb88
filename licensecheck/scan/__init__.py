"""A code base -> the repos of the Hub that it uses, with file and line. Reads files, runs none of them, and asks nobody."""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from licensecheck.scan import commands, files, notebook, python, settings
from licensecheck.scan.tables import tables
from licensecheck.types import Problem, RepoRef, Untold, Use

# Bytes; a longer file is data. A notebook carries its pictures.
LARGEST = {"python": 2 << 20, "notebook": 32 << 20, "yaml": 1 << 20, "json": 1 << 20, "calls": 1 << 20, "commands": 1 << 20}
_AT_ONCE = 64  # files that one process takes
_ALONE = 1500  # files below which a second process costs more than it brings
_WAIVER = re.compile(r"licensecheck:\s*ignore(?:\[(?P<reason>[^\]\n]{0,300})\])?")
_COMMENT_ONLY = re.compile(r'^\s*"?(?:#|//|--|;|/?\*|<!--|REM\s)')
_OPEN = re.compile(r"[(\[{\\]\s*(?:#|//)")


# A setting that may hold a repo: every key of the tables has one of these words in it (a test says so).
_SETTING = re.compile(rb"(?:model|repo|tokenizer|dataset|hf_|adapter|embed)[\w-]*[\"']?\s*[:=][^\n]{0,160}[\w.-]/\w")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a code base uses: each use by file and line, the calls that name nothing, and what could not be read."""

    uses: tuple[Use, ...]
    untold: tuple[Untold, ...]
    problems: tuple[Problem, ...]
    files: int

    @property
    def repos(self) -> tuple[RepoRef, ...]:
        """Every repo that is used and not waived, once for each revision, sorted."""
        found = {(use.ref.type, use.ref.id, use.ref.revision or ""): use.ref for use in self.uses if use.waiver is None}
        return tuple(found[key] for key in sorted(found))


def scan(
    paths: Sequence[Path],
    *,
    exclude: Sequence[str] = (),
    begin: Callable[[int], None] = lambda total: None,
    step: Callable[[int], None] = lambda done: None,
) -> Scan:
    """What the files below `paths` use. `begin` is told how many files there are, `step` how many more were read."""
    named = [(path, root) for root in paths for path in files.listed(root, exclude)]
    unique = list({os.path.abspath(path): (str(path), root) for path, root in named}.values())
    begin(len(unique))
    chunks = [unique[start : start + _AT_ONCE] for start in range(0, len(unique), _AT_ONCE)]
    found: list[Scan] = []
    workers = min(os.cpu_count() or 1, 8)
    pool: Executor | nullcontext[None] = ProcessPoolExecutor(workers) if len(unique) > _ALONE and workers > 1 else nullcontext()
    with pool as executor:
        for part in (executor.map if executor else map)(_read_all, chunks):
            found.append(part)
            step(part.files)
    return Scan(
        uses=tuple(sorted((use for part in found for use in part.uses), key=lambda use: (use.path, use.line, use.ref.id))),
        untold=tuple(sorted((one for part in found for one in part.untold), key=lambda one: (one.path, one.line))),
        problems=tuple(sorted((problem for part in found for problem in part.problems), key=lambda problem: problem.subject)),
        files=len(unique),
    )


def _read_all(chunk: Sequence[tuple[str, Path]]) -> Scan:
    parts = [read(Path(path), root) for path, root in chunk]
    return Scan(
        tuple(use for part in parts for use in part.uses),
        tuple(one for part in parts for one in part.untold),
        tuple(problem for part in parts for problem in part.problems),
        len(chunk),
    )


def read(path: Path, root: Path) -> Scan:
    """What one file uses. `root` is the code base it belongs to: paths in the file may be meant from there."""
    shown = path.as_posix()
    try:
        data, kind = _data(path), files.kind(path.name) or "commands"
    except OSError as error:
        return Scan((), (), (Problem("scan", shown, f"cannot be read: {error.strerror}", "make it readable, or exclude it"),), 1)
    if data is None or not may_use(data, kind):
        return Scan((), (), (), 1)
    if len(data) > LARGEST[kind]:
        # NOTE: large settings are data; large code is an odd place to hide a model in, and is told.
        told = (
            (Problem("scan", shown, "is too large to be read", "exclude it, or split it"),)
            if kind in ("python", "notebook", "commands")
            else ()
        )
        return Scan((), (), told, 1)
    text = data.decode("utf-8", "replace")
    places = (path.parent, root if root.is_dir() else Path())
    untold: tuple[Untold, ...] = ()
    try:
        match kind:
            case "python":
                found, untold = python.uses(text, shown, places)
            case "notebook":
                found, untold = notebook.uses(text, shown, places)
            case _:
                found = _READERS[kind](text, shown, places)
    except (ValueError, RecursionError) as error:
        return Scan((), (), (Problem("scan", shown, f"cannot be read: {error}", "mend it, or exclude it"),), 1)
    return Scan(*_waived(found, text, shown), 1) if not untold else replace(Scan(*_waived(found, text, shown), 1), untold=untold)


_READERS: dict[str, Callable[[str, str, tuple[Path, ...]], tuple[Use, ...]]] = {
    "yaml": settings.in_yaml,
    "json": settings.in_json,
    "calls": commands.in_calls,
    "commands": commands.uses,
}


def _data(path: Path) -> bytes | None:
    """The file's bytes up to the largest that is read; None for what is no regular file."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return file.read(max(LARGEST.values()) + 1)


def may_use(data: bytes, kind: str) -> bool:
    """Whether a file holds one of the words without which it uses nothing: most files are put aside unread."""
    words, flags, programs, imports, limited = _triggers()
    for word in words:  # NOTE: a plain loop, run for every file, is three times as fast as any()
        if word in data:
            return True
    if flags.search(data) or _SETTING.search(data.lower()) or (kind != "python" and programs.search(data)):
        return True
    return bool(imports.search(data) and limited.search(data))


@cache
def _triggers() -> tuple[tuple[bytes, ...], re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes], re.Pattern[bytes]]:
    """Words that suffice; flags; programs, which Python does not run by name; imports, and calls that count only behind such an import."""
    table = tables()
    free = [name for name, calls in table.calls.items() if any(not call.packages for call in calls)]
    packages = {package for calls in table.calls.values() for call in calls for package in call.packages}
    programs = {command.words[0] for command in table.commands} - {"git", "-m"}
    words = tuple(word.encode() for word in (*free, "/resolve/", "/raw/", "hf://", "hf-hub:", "hf_hub:"))
    patterns = (
        rf"(?:{_either(table.flags)})[\s=\"',]",
        rf"\b(?:{_either(programs)}|huggingface\.co|hf\.co)\b",
        rf"(?:from|import)\s+(?:{_either(packages)})\b",
        rf"\b(?:{_either(table.calls)})\s*\(",
    )
    flags, running, imports, limited = (re.compile(pattern.encode()) for pattern in patterns)
    return words, flags, running, imports, limited


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _waived(found: Sequence[Use], text: str, path: str) -> tuple[tuple[Use, ...], tuple[Untold, ...], tuple[Problem, ...]]:
    """The uses, each with the waiver that stands in its line, or in the line above where that is a comment or opens the call."""
    if "licensecheck:" not in text:
        return tuple(found), (), ()
    lines = text.split("\n")
    waivers = {number: match["reason"] for number, line in enumerate(lines, 1) if (match := _WAIVER.search(line))}
    out, used = [], Counter[int]()
    for use in found:
        above = lines[use.line - 2] if use.line > 1 else ""
        at = next((n for n in (use.line, use.line - 1 if _COMMENT_ONLY.match(above) or _OPEN.search(above) else 0) if n in waivers), 0)
        used[at] += 1
        out.append(replace(use, waiver=(waivers[at] or "").strip() or None) if at else use)
    told = [
        Problem(
            "scan",
            f"{path}:{number}",
            *(("a waiver gives no reason and does not count", "write # licensecheck: ignore[reason]")),
            (),
            "waiver",
        )
        for number, reason in waivers.items()
        if used[number] and not (reason or "").strip()
    ]
    return tuple(out), (), tuple(told)
