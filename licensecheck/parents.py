"""Says what one repo names as its parents: declared in the card, the Hub's tags, adapter and merge files; or only hinted at.

Reads nothing by itself: `read` is handed in. Files are parsed as JSON or plain YAML within bounds, and nothing in them is executed.
Who the parents are, and under which terms they stand, is left to `lineage`. The words are data: `rules/lineage.yaml`.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml

from licensecheck import refs, rules
from licensecheck.errors import LicenseCheckError, UsageError
from licensecheck.types import SUBJECT, Confidence, File, Problem, RepoRef, Scope, Snapshot

Read = Callable[[str], bytes]

MOST_BYTES = 1 << 20  # of one configuration; what is larger is no configuration
MOST_YAML = 1 << 17  # bytes of a merge configuration: YAML takes a hundred times as long as JSON
MOST_FILES = 5  # adapter or merge files of one repo that are read, the shallowest first
MOST_NODES = 20_000  # values of one configuration that are looked at: aliases let a small file stand for a huge one
MOST_NAME = 200  # characters of a name of a parent
_RELATIONS = ("finetune", "adapter", "quantized", "merge")
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_CHECKPOINT = re.compile(r"(?:^|/)checkpoint-\d+/")
_PATH = re.compile(r"[./~\\]|[A-Za-z]:[\\/]|file:")


@dataclass(frozen=True, slots=True)
class Parent:
    """A declared parent: the repo that is meant, how the child came from it, and the place that names it."""

    ref: RepoRef
    relation: str
    place: str


@dataclass(frozen=True, slots=True)
class Named:
    """The declared parents in the order of their places, and what names no repo that could be looked at."""

    parents: tuple[Parent, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Hint:
    """Undeclared ancestry that is only guessed: a repo, or (then `ref` is None) a known family by its name and usual license."""

    name: str
    ref: RepoRef | None
    license: str | None
    confidence: Confidence
    because: str


@dataclass(frozen=True, slots=True)
class _Claim:
    name: str
    relation: str
    place: str
    revision: str | None = None


def named(snapshot: Snapshot, read: Read) -> Named:
    """Everything that the repo declares to be made from, each repo once, without the repo itself.

    A path on somebody's disk in a configuration counts only where nothing else names a parent.
    """
    scope = SUBJECT[snapshot.type]
    claims = [_Claim(b.id, b.relation, "README.md") for b in snapshot.card.base_models]
    claims += _tagged(snapshot.tags)
    problems: list[Problem] = []
    for relation, kind, load in (("adapter", "adapter", _adapter), ("merge", "merge", _merge)):
        for file in _files(snapshot, kind, problems, scope):
            found = _loaded(file, read, load)
            if isinstance(found, str):
                problems.append(_problem(file.path, found, scope, "parents-unread"))
            else:
                claims += [_Claim(name, relation, file.path, revision) for name, revision in found]
    parents, strays = _told_apart(claims, snapshot)
    is_told = any(p.place in ("README.md", "tags") for p in parents)
    for stray in strays:
        if stray.place == "README.md" or not parents:
            problems.append(_stray(stray, scope))
    # What a file would have named, the card names.
    kept = (p for p in problems if not (is_told and p.kind == "parents-unread"))
    return Named(parents, tuple(kept))


def hints(snapshot: Snapshot, read: Read, named: Named) -> tuple[Hint, ...]:
    """What the repo may be made from without saying so in a field: its `config.json`, its card's prose, its name. At most ten."""
    known = {p.ref.id.lower() for p in named.parents} | {snapshot.id.lower()}
    owner, _, name = snapshot.id.rpartition("/")
    found = [*_configured(snapshot, read), *_told(snapshot, read), *_by_name(name, "the name of the repo", "low", owner=owner)]
    out: dict[str, Hint] = {}
    for hint in found:
        if hint.name.lower() not in known:
            out.setdefault(hint.name.lower(), hint)
    return tuple(out.values())[:10]


# Declared


def _tagged(tags: tuple[str, ...]) -> Iterator[_Claim]:
    """The Hub's own tags: `base_model:org/name`, and with the relation that it worked out `base_model:finetune:org/name`."""
    for tag in tags:
        if tag.startswith("base_model:"):
            rest = tag.removeprefix("base_model:")
            relation, _, name = rest.partition(":")
            yield _Claim(name, relation, "tags") if relation in _RELATIONS else _Claim(rest, "", "tags")


def _told_apart(claims: list[_Claim], snapshot: Snapshot) -> tuple[tuple[Parent, ...], list[_Claim]]:
    """Repos, each once with everything its places tell of it, and names that are no repo's."""
    found: dict[tuple[str, str], Parent] = {}
    strays = []
    for claim in claims:
        name = " ".join(claim.name.split())[:MOST_NAME]
        if not name or name.lower() in _words("none"):
            continue
        ref = repo(name, claim.revision)
        if ref is None or ref.type == "space":
            strays.append(claim)
            continue
        if ref.id.lower() in (snapshot.id.lower(), snapshot.ref.id.lower()) and ref.type == snapshot.type:
            continue
        relation = claim.relation if claim.relation in _RELATIONS else ""
        first = found.get((ref.type, ref.id.lower()))
        if first is None:
            found[ref.type, ref.id.lower()] = Parent(ref, relation, claim.place)
        else:
            known = first.ref if first.ref.revision else RepoRef(first.ref.given, first.ref.id, first.ref.type, ref.revision)
            found[ref.type, ref.id.lower()] = Parent(known, first.relation or relation, first.place)
    return tuple(found.values()), strays


def repo(name: str, revision: str | None = None) -> RepoRef | None:
    """The repo on the Hub that a name means; None for a path, free words, or anything else. The disk is never looked at.

    >>> repo("org/base").id, repo("./results"), repo("C:\\\\models\\\\base")
    ('org/base', None, None)
    """
    if _PATH.match(name):
        return None
    try:
        ref = refs.parse(name, revision)
    except UsageError:
        return repo(name) if revision else None
    return None if ref.folder is not None else ref


def _files(snapshot: Snapshot, kind: str, problems: list[Problem], scope: Scope) -> list[File]:
    wanted = _words(f"{kind}_files")
    listed = [f for f in snapshot.files if f.path.rpartition("/")[2] in wanted]
    # Checkpoints of the training repeat what the repo itself says.
    final = [f for f in listed if not _CHECKPOINT.search(f.path)] or listed
    distinct = {f.blob or f.path: f for f in reversed(final)}
    found = sorted(distinct.values(), key=lambda f: (f.path.count("/"), f.path))
    for file in found[MOST_FILES:]:
        problems.append(_problem(file.path, f"more than {MOST_FILES} {kind} configurations: not read", scope, "parents-unread"))
    return found[:MOST_FILES]


def _loaded(file: File, read: Read, load: Callable[[bytes], list[tuple[str, str | None]]]) -> list[tuple[str, str | None]] | str:
    """What a configuration names, with revisions; or a sentence that says why it could not be read."""
    if (file.size or 0) > MOST_BYTES:
        return f"{file.path} is larger than {MOST_BYTES >> 20} MiB and was not read"
    try:
        data = read(file.path)
    except LicenseCheckError as error:
        return error.message
    if len(data) > MOST_BYTES:
        return f"{file.path} is larger than {MOST_BYTES >> 20} MiB and was not read"
    try:
        return load(data)
    except (ValueError, RecursionError, yaml.YAMLError):
        return f"{file.path} cannot be read: its syntax is broken, or it is far larger than such files are"


def _adapter(data: bytes) -> list[tuple[str, str | None]]:
    config = json.loads(data)
    if not isinstance(config, dict):
        raise ValueError("no object")
    revision = config.get("revision")
    pinned = revision if isinstance(revision, str) and revision not in ("", "main") else None
    return [(name, pinned) for key in _words("adapter_keys") if isinstance(name := config.get(key), str)]


def _merge(data: bytes) -> list[tuple[str, str | None]]:
    if len(data) > MOST_YAML:
        raise ValueError("too large")
    parts = list(yaml.load_all(data.decode("utf-8", "replace"), Loader=_LOADER))
    # The steps of a merge in several steps have names of their own, which later steps use.
    steps = {part["name"] for part in parts if isinstance(part, dict) and isinstance(part.get("name"), str)}
    found: dict[str, None] = {}
    for value in _values(parts, frozenset(_words("merge_keys"))):
        for piece in value.split("+"):  # base+adapter
            if piece.strip() not in steps:
                found.setdefault(piece.strip())
    return [(name, None) for name in found]


def _values(root: object, keys: frozenset[str]) -> Iterator[str]:
    """The strings under any of the keys, wherever they stand. Raises ValueError where there is too much to look at."""
    waiting: list[object] = [root]
    seen = 0
    while waiting:
        node = waiting.pop()
        seen += 1
        if seen > MOST_NODES:
            raise ValueError("too many values")
        if isinstance(node, dict):
            for key, value in node.items():
                if key in keys and isinstance(value, str):
                    yield value
                elif key in keys and isinstance(value, dict):
                    waiting += [value, {"model": value.get("path")}]
                elif isinstance(value, dict | list):
                    waiting.append(value)
        elif isinstance(node, list):
            waiting += [value for value in reversed(node) if isinstance(value, dict | list)]


def _stray(stray: _Claim, scope: Scope) -> Problem:
    shown = stray.name.strip()[:MOST_NAME]
    kind = "a path on somebody's disk" if _PATH.match(shown) else "no repo on the Hub"
    return _problem(stray.place, f"the declared base model {shown!r} is {kind}, so its terms are not known", scope, "parent-no-repo")


def _problem(subject: str, message: str, scope: Scope, kind: str) -> Problem:
    hint = "ask the author what the model was made from, or check that model too; --lineage none leaves base models out"
    return Problem("lineage", subject, message, hint, (scope,), kind)


# Hinted


def _configured(snapshot: Snapshot, read: Read) -> Iterator[Hint]:
    rule = _rules()["hints"]
    path = rule["config_file"]
    if not any(f.path == path and (f.size or 0) <= MOST_BYTES for f in snapshot.files):
        return
    try:
        config = json.loads(read(path))
    except (LicenseCheckError, ValueError, RecursionError):
        return
    for key in rule["config_keys"] if isinstance(config, dict) else ():
        name = config.get(key)
        if isinstance(name, str) and name.strip():
            ref = repo(name.strip()) if "/" in name else None
            if ref:
                yield Hint(ref.id, ref, None, "medium", f"{path} names it as {key}")
            else:
                yield from _by_name(name, f"{key} in {path}", "medium")


# A repo as prose writes it: behind an address of the Hub, or marked off by brackets, quotes or stars.
_REPO = re.compile(
    r"(?<![\w.-])(?:huggingface\.co|hf\.co)/(?P<link>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})"
    r"|[`\[*\"'](?P<bare>[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})[`\]*\"']"
)
_BLOCK = re.compile(r"^```ya?ml[ \t]*\r?\n(.{1,20000}?)\n```", re.DOTALL | re.MULTILINE)
_WINDOW = 160  # characters behind the words in which the name is looked for


def _told(snapshot: Snapshot, read: Read) -> Iterator[Hint]:
    """What the card tells in prose, and in a merge configuration that it shows."""
    path = next((f.path for f in snapshot.files if f.path.lower() == "readme.md"), None)
    if path is None:
        return
    try:
        text = read(path)[:MOST_BYTES].decode("utf-8", "replace")
    except LicenseCheckError:
        return
    for block in itertools.islice(_BLOCK.finditer(text), 5):
        with contextlib.suppress(ValueError, RecursionError, yaml.YAMLError):
            names = [name for name, _ in _merge(block.group(1).encode()) if "/" in name]
            yield from (Hint(ref.id, ref, None, "medium", f"{path} shows it in a merge") for name in names if (ref := repo(name)))
    for match in itertools.islice(_verbs().finditer(text), 200):
        yield from _prose(text[match.end() : match.end() + _WINDOW].split("\n", 1)[0], f"{path} says “{match.group().lower()}”")


def _prose(line: str, because: str) -> Iterator[Hint]:
    """The parent that stands behind such words: a repo, surer where it is linked; else a known model by its name."""
    found = _REPO.search(line)
    name = (found["link"] or found["bare"]).rstrip(".") if found else ""
    is_model = name.partition("/")[0].lower() not in _rules()["hints"]["no_owners"] and f"datasets/{name}" not in line
    ref = repo(name) if name and is_model else None
    if ref:
        yield Hint(ref.id, ref, None, "medium" if f"/{name}" in line else "low", because)
    else:
        yield from _by_name(line[:60], because, "low")


def _by_name(name: str, because: str, confidence: Confidence, *, owner: str = "") -> Iterator[Hint]:
    """The first known model that a name speaks of; none where the owner is its maker."""
    bare = _sounds_like().sub(" ", name[:MOST_NAME].lower())
    for known in _known():
        if known.pattern.search(bare):
            if owner.lower() not in known.makers:
                yield Hint(known.name, None, known.license, confidence, because)
            return


@functools.cache
def _rules() -> Mapping[str, Any]:
    return cast(Mapping[str, Any], rules.load("lineage.yaml"))


def _words(key: str) -> list[str]:
    return cast(list[str], _rules()["declared"][key])


@functools.cache
def _verbs() -> re.Pattern[str]:
    forms = sorted(_rules()["hints"]["prose"], key=len, reverse=True)
    return re.compile("|".join(re.escape(form).replace(r"\ ", r"[ \t]") for form in forms), re.IGNORECASE)


@functools.cache
def _sounds_like() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{form})" for form in _rules()["sounds_like"]))


@dataclass(frozen=True, slots=True)
class _Known:
    """A model that is known by its name."""

    pattern: re.Pattern[str]
    name: str
    license: str
    makers: frozenset[str]


@functools.cache
def _known() -> tuple[_Known, ...]:
    found = _rules()["names"]
    return tuple(_Known(re.compile(e["pattern"]), e["name"], e["license"], frozenset(e["makers"])) for e in found)
