"""Reads what the user named: every written form of a repo on the Hub, or a local folder. No network and no Hub client."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from licensecheck.errors import UsageError
from licensecheck.types import RepoRef, RepoType

_TYPES: dict[str, RepoType] = {"models": "model", "datasets": "dataset", "spaces": "space"}
_HUB_HOSTS = frozenset({"huggingface.co", "www.huggingface.co", "hf.co", "www.hf.co"})
_REVISION_ROUTES = frozenset({"tree", "blob", "resolve", "raw", "commit", "commits", "blame", "edit"})
_ROUTES = _REVISION_ROUTES | {"discussions", "settings", "community", "viewer"}
# The Hub's own rule for a name: letters, digits, "_", "-" and ".", at most 96, a word character at both ends.
_PART = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?")
# Branch names of git: what could leave the path or end the URL is refused; the Hub says whether the revision exists.
_REVISION = re.compile(r"[^\s\x00-\x1f\x7f~^:?*\[\\]{1,255}")
_SPECIAL_REFS = re.compile(r"refs/(?:pr|convert)/[^/]+")
_FORMS = "Write org/name, org/name@revision, a Hub URL, datasets/org/name, spaces/org/name, pkg:huggingface/org/name, or ./folder."


def parse(given: str, revision: str | None = None) -> RepoRef:
    """The repo or folder that `given` names, at `revision` where one is asked for.

    Raises `UsageError` for what can't be a ref, and where `given` and `revision` name two different revisions.

    >>> parse("https://huggingface.co/datasets/org/name/tree/v1.0").revision
    'v1.0'
    >>> parse("hf.co/org/name:Q4_K_M").id
    'org/name'
    """
    text = given.strip()
    if not text:
        raise UsageError("An empty name of a repo.", _FORMS)
    if not text.isprintable():
        raise UsageError(f"{text!r} holds characters that no name of a repo has.", _FORMS)
    if _is_folder(text):
        return _folder(given, text, revision)
    kind, name, found = _split(text)
    named, asked = _revision(text, found), _revision(text, revision)
    if named and asked and named != asked:
        raise UsageError(f"{text} names the revision {named}, but {asked} was asked for.", "Name the revision once.")
    return RepoRef(given=given, id=_repo_id(text, name), type=kind, revision=named or asked)


def _is_folder(text: str) -> bool:
    return text in {".", "..", "~"} or text.startswith(("./", "../", "~/", ".\\", "..\\")) or Path(text).is_absolute()


def _folder(given: str, text: str, revision: str | None) -> RepoRef:
    folder = Path(text).expanduser()
    if os.path.isfile(folder):
        raise UsageError(f"{text} is a file, not a folder.", f"To read one license text: licensecheck text {text}")
    if not os.path.isdir(folder):
        raise UsageError(f"There is no folder {text}.", "A repo on the Hub is written org/name, without a leading ./ or /.")
    return RepoRef(given=given, id=given, type="model", revision=revision, folder=folder)


def _split(text: str) -> tuple[RepoType, str, str | None]:
    """Type, id and revision of a ref that is no folder; the id is not yet checked."""
    if text.lower().startswith("pkg:"):
        return _purl(text)
    if text.lower().startswith("hf://"):
        return _path(text[5:], is_url=True)
    if (url := _hub_url(text)) is not None:
        return _path(url, is_url=True)
    return _path(text, is_url=False)


def _purl(text: str) -> tuple[RepoType, str, str | None]:
    body = re.split(r"[?#]", text[4:].lstrip("/"), maxsplit=1)[0]
    kind, _, rest = body.partition("/")
    if kind.lower() != "huggingface" or not rest:
        raise UsageError(f"{text} is a package URL, but not of a Hugging Face model.", "Write pkg:huggingface/org/name@revision.")
    name, _, version = rest.strip("/").partition("@")
    return "model", unquote(name), unquote(version) or None


def _hub_url(text: str) -> str | None:
    """The path of a Hub URL (also of a mirror named in HF_ENDPOINT), or None for what is no URL at all."""
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/")
    if endpoint and (text + "/").startswith(endpoint + "/"):
        return _without_query(text[len(endpoint) :])
    has_scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) is not None
    try:
        url = urlsplit(text if has_scheme else f"https://{text}")
        host = (url.hostname or "").lower()
    except ValueError:
        raise UsageError(f"{text} is not a URL that can be read.", _FORMS) from None
    if host in _HUB_HOSTS and (not has_scheme or url.scheme.lower() in {"http", "https"}):
        return url.path
    if has_scheme:
        raise UsageError(f"{text} is not on the Hugging Face Hub.", "For a mirror, set HF_ENDPOINT to its address first.")
    return None


def _without_query(path: str) -> str:
    return re.split(r"[?#]", path, maxsplit=1)[0]


def _path(path: str, *, is_url: bool) -> tuple[RepoType, str, str | None]:
    """Takes `[type/]org/name[:tag][@revision][/path]` or a URL's `…/tree/REV/…` apart.

    Outside URLs everything after "@" is the revision, since a branch may be named `feature/x`.
    """
    if not is_url:
        path, at_sign, after = path.partition("@")
        kind, parts = _typed(path.split("/"))  # NOTE: "name/" is more likely a folder than a repo, and is refused below
        return kind, _untagged("/".join(parts)), after if at_sign else None
    kind, parts = _typed([part for part in path.split("/") if part])
    at = next((i for i, part in enumerate(parts[:2]) if "@" in part), None)
    if at is not None:
        last, _, first = parts[at].partition("@")
        return kind, "/".join([*parts[:at], last]), _first_revision([first, *parts[at + 1 :]])
    size = 1 if len(parts) > 1 and parts[1] in _ROUTES else 2
    name, rest = "/".join(parts[:size]), parts[size:]
    revision = _first_revision(rest[1:]) if rest and rest[0] in _REVISION_ROUTES else None
    return kind, _untagged(name), revision


def _typed(parts: list[str]) -> tuple[RepoType, list[str]]:
    if parts[:1] == ["api"]:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in _TYPES:
        return _TYPES[parts[0]], parts[1:]
    return "model", parts


def _untagged(name: str) -> str:
    """Without the quantization that llama.cpp and Ollama write behind a colon: it picks a file, not another repo."""
    return name.partition(":")[0]


def _first_revision(parts: list[str]) -> str | None:
    """The revision that a path begins with; the rest names a file. `refs/pr/1` is one revision, also where it is written in full."""
    if not parts:
        return None
    special = _SPECIAL_REFS.match("/".join(parts))
    return special.group() if special else unquote(parts[0])


def _repo_id(text: str, name: str) -> str:
    parts = name.split("/")
    is_sound = 1 <= len(parts) <= 2 and all(_PART.fullmatch(part) for part in parts)
    if is_sound and name not in _TYPES and "--" not in name and ".." not in name and not name.endswith(".git"):
        return name
    if os.path.isdir(text):  # unlike Path, it takes a name that is too long for none
        raise UsageError(f"{text} is not the name of a repo on the Hub.", f"A folder of that name is here: write ./{text}")
    raise UsageError(f"{text} is not the name of a repo on the Hub.", _FORMS)


def _revision(text: str, revision: str | None) -> str | None:
    if revision is None:
        return None
    if not _REVISION.fullmatch(revision) or ".." in revision or revision.startswith(("/", "-")) or revision.endswith("/"):
        raise UsageError(f"{text}: {revision!r} cannot be a branch, a tag or a commit.", "Write a branch, a tag or a commit's 40 digits.")
    return revision
