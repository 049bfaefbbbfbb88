"""The terms of repos as they were at a commit: written to a lock file, read back, and compared clause by clause.

The file is TOML, sorted, one fact a line, so that a change of terms shows in review. Knows no Hub and asks no policy.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from licensecheck.errors import HubError, UsageError
from licensecheck.types import SUBJECT, Clause, Report

_T = TypeVar("_T")

FILE = "licensecheck.lock"
VERSION = 1
LARGEST = 16 << 20  # bytes: some ten thousand repos
_HEAD = "# Written by `licensecheck lock`; `licensecheck verify` compares it with what stands upstream. Review changes, edit nothing.\n"


@dataclass(frozen=True, slots=True)
class Locked:
    """The terms of one repo at one commit. `documents` maps a path to its digest; `clauses` are ids with their parameters and whom they
    come from; `lineage` maps an ancestor to its commit and license."""

    id: str
    type: str
    revision: str
    commit: str
    licenses: tuple[str, ...]
    openness: str
    clauses: tuple[str, ...]
    documents: Mapping[str, str]
    lineage: Mapping[str, str]
    rules: str = ""

    @property
    def ref(self) -> str:
        """How to ask for this repo at its revision."""
        return f"{'' if self.type == 'model' else self.type + 's/'}{self.id}@{self.revision}"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two states of a repo's terms. `is_of_terms` is false where only the commit or the rules moved on."""

    message: str
    is_of_terms: bool = True


def locked(report: Report) -> Locked:
    """The terms of a report. Raises HubError for a repo that could not be looked at, UsageError for a folder that is at no commit."""
    snapshot = report.snapshot
    if not snapshot.commit and report.problems and snapshot.ref.folder is None:
        first = report.problems[0]
        raise HubError(f"{snapshot.id} cannot be locked: {first.sentence}", first.hint, first.kind)
    if not snapshot.commit:
        raise UsageError(f"{snapshot.id} cannot be locked: it has no commit", "lock repos on the Hub, or git clones")
    scopes = (SUBJECT[snapshot.type], "all", "unclear")
    return Locked(
        id=snapshot.id,
        type=snapshot.type,
        revision=snapshot.revision or "main",
        commit=snapshot.commit,
        licenses=tuple(sorted({g.license or g.name or "unknown terms" for g in report.governing if g.scope in scopes})),
        openness=report.verdict.openness,
        clauses=tuple(sorted({_clause(c) for c in report.clauses})),
        documents={d.document.path: d.document.digest for d in sorted(report.documents, key=lambda d: d.document.path)},
        lineage={a.id: " ".join(filter(None, (a.commit, a.license))) for a in sorted(report.lineage, key=lambda a: a.id)},
        rules=report.rules_digest,
    )


def _clause(clause: Clause) -> str:
    """A clause as one line.

    >>> _clause(Clause("threshold.users", "LICENSE", "q", 1, 1, "rule", "high", {"limit": 700, "period": "month"}))
    'threshold.users limit=700 period=month'
    """
    params = (f"{name}={','.join(value) if isinstance(value, tuple) else value}" for name, value in sorted(clause.params.items()))
    return " ".join((clause.id, *params, *((f"from {clause.inherited_from}",) if clause.inherited_from else ())))


def changes(old: Locked, new: Locked) -> Iterator[Change]:
    """What differs between two states, terms first."""
    if old.openness != new.openness:
        yield Change(f"license terms: {old.openness} -> {new.openness}".replace("not-open", "not open"))
    yield from _set("license", old.licenses, new.licenses)
    yield from _set("clause", old.clauses, new.clauses)
    yield from _map("text", old.documents, new.documents)
    yield from _map("ancestor", _licenses(old.lineage), _licenses(new.lineage))
    if old.commit != new.commit:
        yield Change(f"commit {old.commit[:12]} -> {new.commit[:12]}", is_of_terms=False)
    if old.rules != new.rules and old.rules:
        yield Change("the rules of this installation are not those that the lock was written with", is_of_terms=False)


def _licenses(lineage: Mapping[str, str]) -> Mapping[str, str]:
    """An ancestor's commit moves on by itself; its license is what counts."""
    return {name: re.sub(r"^[0-9a-f]{40}\s*", "", value) for name, value in lineage.items()}


def _set(what: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    yield from (Change(f"- {what} {value}") for value in sorted(set(old) - set(new)))
    yield from (Change(f"+ {what} {value}") for value in sorted(set(new) - set(old)))


def _map(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*old, *new}):
        if name not in new:
            yield Change(f"- {what} {name}")
        elif name not in old:
            yield Change(f"+ {what} {name}")
        elif old[name] != new[name]:
            yield Change(f"~ {what} {name}: {_shown(old[name])} -> {_shown(new[name])}")


def _shown(value: str) -> str:
    return f"{value[:19]}…" if value.startswith("sha256:") else value or "no license"


# The file


def written(entries: Iterable[Locked]) -> str:
    """The lock file of some repos: equal entries give equal bytes."""
    parts = [_HEAD, f"version = {VERSION}\n"]
    for entry in sorted(set_of(entries), key=lambda e: (e.type, e.id.lower(), e.id, e.revision)):
        lines = [f"{name} = {_text(getattr(entry, name))}" for name in ("id", "type", "revision", "commit", "openness", "rules")]
        lines += [f"{name} = {_list(getattr(entry, name))}" for name in ("licenses", "clauses")]
        for name in ("documents", "lineage"):
            lines.append(f"\n[repo.{name}]")
            lines += [f"{_text(key)} = {_text(value)}" for key, value in sorted(getattr(entry, name).items())]
        parts.append("\n[[repo]]\n" + "\n".join(lines) + "\n")
    return "".join(parts)


def set_of(entries: Iterable[Locked]) -> list[Locked]:
    """One entry a repo and revision: the last."""
    return list({(e.type, e.id, e.revision): e for e in entries}.values())


def _text(value: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON; lone surrogates, which TOML cannot hold, are replaced."""
    plain = value.encode("utf-8", "replace").decode()
    return json.dumps(plain, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(values: Iterable[str]) -> str:
    lines = [f"  {_text(value)},\n" for value in values]
    return f"[\n{''.join(lines)}]" if lines else "[]"


def read(path: Path) -> tuple[Locked, ...]:
    """The entries of a lock file. Raises UsageError with the file's name for one that is absent or not a lock."""
    again = "write it anew: licensecheck lock REF..."
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        raw = tomllib.loads(data.decode("utf-8")) if len(data) <= LARGEST else {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}", again) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path} is no lock file: {' '.join(str(error).split())[:200]}", again) from error
    if raw.get("version") != VERSION or not isinstance(raw.get("repo", []), list):
        raise UsageError(f"{path} is no lock file of version {VERSION}", again)
    try:
        return tuple(_entry(entry) for entry in raw.get("repo", []))
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} is no whole lock file: {str(error)[:200]}", again) from error


def _entry(raw: Mapping[str, Any]) -> Locked:
    def text(name: str) -> str:
        return _is(raw[name], str, name)

    def texts(name: str) -> tuple[str, ...]:
        return tuple(_is(value, str, name) for value in _is(raw[name], list, name))

    def pairs(name: str) -> dict[str, str]:
        return {key: _is(value, str, name) for key, value in _is(raw.get(name, {}), dict, name).items()}

    if text("type") not in SUBJECT:
        raise TypeError(f"there is no type {raw['type']!r} of repos")
    return Locked(
        id=text("id"),
        type=text("type"),
        revision=text("revision"),
        commit=text("commit"),
        licenses=texts("licenses"),
        openness=text("openness"),
        clauses=texts("clauses"),
        documents=pairs("documents"),
        lineage=pairs("lineage"),
        rules=text("rules"),
    )


def _is(value: Any, kind: type[_T], name: str) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"{name} is not what it must be")
    return value
