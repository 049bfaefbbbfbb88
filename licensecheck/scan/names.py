"""Tells the name of a repo from everything else that is written with a slash: paths, media types, placeholders, other services' models."""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

from licensecheck import refs
from licensecheck.errors import UsageError
from licensecheck.scan.tables import Bare, tables
from licensecheck.types import RepoRef, RepoType

LONGEST = 250
TYPES: dict[str, RepoType] = {"model": "model", "dataset": "dataset", "space": "space"}
HOSTED = re.compile(r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/|hf://|(?:huggingface\.co|hf\.co)/|hf[-_]hub:)", re.IGNORECASE)
# An address that is fetched, wherever it stands: a file of a repo, or a repo by the Hub's own scheme.
FETCHED = re.compile(
    r"(?:https?://(?:www\.)?(?:huggingface\.co|hf\.co)/(?:datasets/|spaces/)?[\w.-]+/[\w.-]+/(?:resolve|raw)/|hf://(?!buckets/))[\w./@%~+-]*",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\W_]+")
_SAID = re.compile(r"your|[<>{}$%*\[\]|\\ ]|\.\.\.|replace[-_ ]?me|change[-_ ]?me|placeholder|username", re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.\d+)*")


def repo(text: str, kind: RepoType = "model", bare: Bare = "none", places: tuple[Path, ...] = ()) -> RepoRef | None:
    """The repo that a word names, or None. `bare` says what a name without an organization means; a folder of that name in one of
    `places` is a folder.

    >>> repo("acme-labs/writer-7b@v1").id
    'acme-labs/writer-7b'
    >>> repo("your-org/your-model"), repo("data/train.csv"), repo("text/plain"), repo("./out"), repo("openai/gpt-4o")
    (None, None, None, None, None)
    """
    word = text.strip()
    if not 3 <= len(word) <= LONGEST or _SAID.search(word) or word.startswith((".", "/", "~", "-", "@")):
        return None
    hosted = HOSTED.match(word)
    if hosted is None and ("://" in word or any((place / word).exists() for place in places)):
        return None
    if hosted and hosted.group().lower().startswith(("hf-hub:", "hf_hub:")):
        word = word[hosted.end() :]
    try:
        ref = refs.parse(word)
    except UsageError:
        return None
    if ref.folder is not None:
        return None
    ref = replace(ref, given=word, type=kind if ref.type == "model" else ref.type)
    if "/" in ref.id:
        return ref if _is_repo(ref.id) else None
    return _bare(ref, bare)


def _is_repo(id: str) -> bool:
    table, (organization, name) = tables(), id.lower().split("/")
    if organization in table.not_organizations or {organization, name} & table.placeholders:
        return False
    if (
        min(len(organization), len(name)) < 2
        or organization.isdigit()
        or name.isdigit()
        or _VERSION.fullmatch(organization)
        or _is_stand_in(organization)
    ):
        return False
    if _is_stand_in(name) or (name.rpartition(".")[2] in table.endings and "." in name):
        return False
    return not any(fnmatchcase(id.lower(), pattern) for pattern in table.elsewhere)


def _is_stand_in(part: str) -> bool:
    """Whether a part is made of words that stand for what a reader should write: my-model, some_user."""
    words = [word for word in _WORDS.split(part) if word]
    return bool(words) and words[0] in tables().placeholders and len(words) <= 3 and not any(c.isdigit() for c in part)


def _bare(ref: RepoRef, bare: Bare) -> RepoRef | None:
    name, table = ref.id, tables()
    if bare == "none" or ("." in name and name.rpartition(".")[2].lower() in table.endings):
        return None
    if name in table.canonical:
        return ref
    if bare == "canonical" or _is_stand_in(name) or name.lower() in table.not_organizations or name.lower() in table.builders:
        return None
    if bare == "any":
        return ref if re.search(r"[A-Za-z]", name) else None
    return replace(ref, id=f"{bare}/{name}") if "-" in name else None
