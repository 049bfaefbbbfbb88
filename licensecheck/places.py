"""Says which files of a repo speak about licensing, in which role, and for what, by their names and folders alone.

The words are data: `rules/places.yaml`. Nothing is read here; `words_scope` judges a text that somebody else has read.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from licensecheck import rules
from licensecheck.types import File, Role, Scope

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_README = re.compile(r"readme(?:\.(?:md|markdown|txt|rst))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A file that speaks about licensing. `scope` is None where its name does not tell; a PDF has `is_text` False."""

    file: File
    role: Role
    scope: Scope | None
    is_text: bool
    is_foreign: bool

    @property
    def path(self) -> str:
        return self.file.path


@functools.cache
def _table() -> Mapping[str, frozenset[str]]:
    raw = cast(dict[str, list[str]], rules.load("places.yaml"))
    return {key: frozenset(map(str, value)) for key, value in raw.items() if isinstance(value, list)}


@functools.cache
def _company() -> Mapping[str, frozenset[str]]:
    return {word: frozenset(near) for word, near in rules.load("places.yaml")["needs_company"].items()}


@functools.cache
def _text_words() -> Mapping[str, re.Pattern[str]]:
    # NOTE: no IGNORECASE: "the Model" and "Software" are defined terms, "the model" is anything.
    return {scope: re.compile("|".join(forms)) for scope, forms in rules.load("places.yaml")["text_words"].items()}


@functools.cache
def _third_party() -> re.Pattern[str]:
    return re.compile(rules.load("places.yaml")["third_party"])


def words(name: str) -> tuple[str, ...]:
    """The lower-case words of a file name.

    >>> words("MiniModel_LICENSE-2.md")
    ('mini', 'model', 'license', '2', 'md')
    """
    return tuple(word.lower() for word in _WORD.findall(name))


def _split(path: str) -> tuple[tuple[str, ...], str, str]:
    """Folders, stem and ending. The ending is one only when it looks like one: `LICENSE.model-v1` has none."""
    *folders, name = path.split("/")
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not re.fullmatch(r"[A-Za-z0-9]{1,11}", ending):
        return tuple(folders), name, ""
    return tuple(folders), stem, ending.lower()


def _has(name: str, found: Iterable[str], kind: str) -> bool:
    table = _table()
    lower = name.lower()
    return any(word in table[f"{kind}_words"] for word in found) or any(part in lower for part in table.get(f"{kind}_parts", frozenset()))


def _names(stem: str, kind: str) -> bool:
    """Does this name say that the file is of that kind? Words that need company count only beside one."""
    found = words(stem)
    parts = _table().get(f"{kind}_parts", frozenset())
    if any(part in stem.lower() for part in parts):
        return True
    for word in found:
        if word in _table()[f"{kind}_words"]:
            company = _company().get(word)
            if company is None or len(found) == 1 or company & set(found):
                return True
    return False


def name_scope(path: str) -> Scope | None:
    """What the name of a license file, or of its folders, says it is for; None where they say nothing.

    >>> name_scope("LICENSE-CODE"), name_scope("model_licenses/LICENSE-dev"), name_scope("LICENSE")
    ('code', 'weights', None)
    """
    folders, stem, _ = _split(path)
    for name in (stem, *reversed(folders)):
        found = words(name)
        scopes: list[Scope] = [scope for scope in ("weights", "code", "data") if _has(name, found, scope)]
        if len(scopes) == 1:
            return scopes[0]
        if scopes:
            return "all" if "weights" in scopes else scopes[0]
    return None


def place(file: File) -> Place | None:
    """What a file is, when it speaks about licensing; None for every other file (weights and code always)."""
    folders, stem, ending = _split(file.path)
    table = _table()
    lower = [folder.lower() for folder in folders]
    if not folders and _README.fullmatch(file.path):
        return Place(file, "card", None, True, False)
    if any(part.startswith(".") for part in folders):
        return None
    in_license_folder = any(folder in table["license_folders"] or _names(folder, "license") for folder in lower)
    role = _role(stem, in_license_folder)
    if role is None or ending in table["never_endings"]:
        return None
    is_text = ending in table["text_endings"]
    is_unreadable = ending in table["unreadable_endings"]
    if ending and not is_text and not is_unreadable:
        # "LICENSE.apache", "COPYING.LESSER": any ending, but only after the word itself.
        if not in_license_folder and words(stem)[:1] not in (("license",), ("licence",), ("copying",), ("notice",)):
            return None
        is_text = True
    is_foreign = any(folder in table["foreign_folders"] for folder in lower)
    scope = "code" if is_foreign else name_scope(file.path)
    if scope is None and any(folder in table["code_folders"] for folder in lower):
        scope = "code"
    if scope is None and any(folder in table["data_folders"] for folder in lower):
        scope = "data"
    return Place(file, role, scope, is_text and not is_unreadable, is_foreign)


def _role(stem: str, in_license_folder: bool) -> Role | None:
    if _names(stem, "policy"):
        return "use-policy"
    if _names(stem, "notice"):
        return "notice"
    if _names(stem, "license"):
        return "license"
    if in_license_folder and not _README.match(stem):
        return "license"
    return None


def places(files: Iterable[File]) -> tuple[Place, ...]:
    """Every place, the ones that matter most first: the card, files for the weights, the root, then by depth and name."""
    order = {"weights": 0, "all": 1, None: 1, "unclear": 1, "code": 2, "data": 3}
    found = (spot for spot in map(place, files) if spot is not None)
    return tuple(
        sorted(
            found,
            key=lambda spot: (
                spot.role != "card",
                spot.is_foreign,
                spot.path.count("/"),
                order[spot.scope],
                spot.role == "notice",
                spot.path,
            ),
        )
    )


def words_scope(text: str) -> Scope | None:
    """What a license text says it licenses, by the terms it uses: weights, code, or None where it does not tell."""
    counts = {scope: sum(1 for _ in form.finditer(text)) for scope, form in _text_words().items()}
    weights, code = counts["weights"], counts["code"]
    if weights >= 3 and weights > code:
        return "weights"
    if code >= 2 and weights <= 1:
        return "code"
    return None


def is_third_party(text: str) -> bool:
    """Does a notice list other people's parts?"""
    return len(_third_party().findall(text[:200_000])) >= 1
