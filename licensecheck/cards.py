"""Reads what a card's front matter claims, from any YAML that people write there. Judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from licensecheck.types import BaseModel, Card

_MOST = 1000  # values of one list: a merge names a few dozen parents, a hostile card a million
_LICENSE_KEYS = ("license", "licence", "licenses", "licences")
_ABSENT = frozenset({"", "~", "null", "Null", "NULL"})
_SALVAGED = re.compile(
    r"^(license|licence|licenses|license_name|license_link|license_details|base_model|base_model_relation|datasets|library_name|extra_gated_prompt)"
    r"[ \t]*:[ \t]*(.*)$"
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_ITEM = re.compile(r"^[ \t]*-[ \t]+(.*)$")
_LOOK_FOR_START = 200  # lines of a card in which misplaced front matter is looked for
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # plain strings only: `license: no` stays "no"


def card(metadata: Mapping[str, Any]) -> Card:
    """The claims of a card's metadata, verbatim; values of a wrong type count as absent, scalars as their text.

    >>> card({"license": ["mit", "other"], "base_model": "https://huggingface.co/org/base"}).base_models[0].id
    'org/base'
    """
    if not isinstance(metadata, Mapping):
        return Card()
    licenses = [text for key in _LICENSE_KEYS for text in _texts(metadata.get(key))]
    relation = _text(metadata.get("base_model_relation")) or ""
    parents = dict.fromkeys(_repo_id(text) for value in _bases(metadata) for text in _texts(value))
    return Card(
        license=tuple(dict.fromkeys(licenses)),
        license_name=_text(metadata.get("license_name")) or _text(metadata.get("license_details")),
        license_link=_text(metadata.get("license_link")),
        base_models=tuple(BaseModel(parent, relation) for parent in parents if parent),
        datasets=tuple(dict.fromkeys(_repo_id(text) for text in _texts(metadata.get("datasets")))),
        gate_prompt=_text(metadata.get("extra_gated_prompt"), is_prose=True),
        gate_fields=_gate_fields(metadata.get("extra_gated_fields")),
        library=_text(metadata.get("library_name")),
        tags=tuple(dict.fromkeys(_texts(metadata.get("tags")))),
    )


def _bases(metadata: Mapping[str, Any]) -> Iterator[object]:
    """Where a card names its base models: at the top, and in entries of its model index."""
    yield metadata.get("base_model")
    index = metadata.get("model-index")
    for entry in index[:_MOST] if isinstance(index, list) else ():
        if isinstance(entry, Mapping):
            yield entry.get("base_model")


def front_matter(text: str) -> tuple[dict[str, Any], int, str | None]:
    """The metadata at the head of a card, the number of lines it takes (so the body starts on the next), and what is wrong with it.

    Broken YAML is not thrown away: the lines that speak about licensing are read one by one, and the third value says so.
    Front matter that is misplaced or never ends takes 0 lines, since the Hub shows it as text.
    """
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    start = next((i for i, line in enumerate(lines) if line.strip()), None)
    if start is None:
        return {}, 0, None
    if not _is_fence(lines[start]):
        return _misplaced(lines)
    end = _closing(lines, start)
    if end is None:
        head = _until_prose(lines[start + 1 :])
        return _salvage(head), 0, "The front matter of the card never ends (no second line `---`); only its plain lines were read."
    metadata, problem = _loaded(lines[start + 1 : end])
    return metadata, end + 1, problem


def _loaded(lines: list[str]) -> tuple[dict[str, Any], str | None]:
    if not any(line.strip() for line in lines):
        return {}, None
    try:
        found = yaml.load("\n".join(lines), Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(getattr(error, "problem_mark", None), "line", None)
        at = f" (line {where + 2})" if isinstance(where, int) else ""
        return _salvage(lines), f"The front matter of the card is broken YAML{at}; only its plain lines about licensing were read."
    if not isinstance(found, dict):
        return _salvage(lines), "The front matter of the card is no list of `key: value` lines; only its plain lines were read."
    salvaged = _salvage(lines)
    twice = [key for key in _LICENSE_KEYS if sum(line.startswith((f"{key}:", f"{key} :")) for line in lines) > 1]
    if twice:
        found.update({key: salvaged[key] for key in twice if key in salvaged})
        return found, f"The front matter of the card says `{twice[0]}:` more than once; all its values count."
    return found, None


def _salvage(lines: list[str]) -> dict[str, Any]:
    """Top-level `key: value` lines about licensing, each with the list items below it; a key that comes twice keeps both."""
    found: dict[str, list[str]] = {}
    key = None
    for line in lines:
        if match := _SALVAGED.match(line):
            key = match.group(1)
            found.setdefault(key, []).extend(_plain(match.group(2)))
        elif key and (item := _ITEM.match(line)):
            found[key].extend(_plain(item.group(1)))
        elif line.strip() and not line.startswith((" ", "\t")):
            key = None
    return {key: values[0] if len(values) == 1 else values for key, values in found.items() if values}


UNREADABLE = "(unreadable rest)"
"""Stands for what follows in a broken list: it may name further licenses."""


def _plain(value: str) -> list[str]:
    value = re.sub(r"(^|\s)#.*$", "", value).strip()
    if value in {"|", ">", "|-", ">-", "[]"}:
        return []
    if value.startswith("["):
        rest = [] if value.endswith("]") else [UNREADABLE]
        return [part.strip().strip("'\"") for part in value.strip("[]").split(",") if part.strip()] + rest
    return [value.strip("'\"")] if value.strip("'\"") else []


def _misplaced(lines: list[str]) -> tuple[dict[str, Any], int, str | None]:
    for i, line in enumerate(lines[:_LOOK_FOR_START]):
        is_start = _is_fence(line) and i + 1 < len(lines) and any(_SALVAGED.match(follower) for follower in lines[i + 1 : i + 40])
        if is_start and (end := _closing(lines, i)) is not None:
            metadata = _salvage(lines[i + 1 : end])
            if metadata:
                return metadata, 0, f"The front matter of the card stands on line {i + 1}, not at its head, so the Hub does not read it."
    return {}, 0, None


def _is_fence(line: str) -> bool:
    return line.rstrip() == "---"


def _closing(lines: list[str], start: int) -> int | None:
    return next((i for i in range(start + 1, len(lines)) if _is_fence(lines[i])), None)


def _until_prose(lines: list[str]) -> list[str]:
    end = next((i for i, line in enumerate(lines) if not line.strip() or line.startswith("#")), len(lines))
    return lines[:end]


def _texts(value: object) -> Iterator[str]:
    """The scalars of a value or of a flat list; deeper nesting is no claim, and walking it could take for ever (aliases)."""
    values = value[:_MOST] if isinstance(value, list | tuple) else [value]
    for item in values:
        if isinstance(item, Mapping):
            item = item.get("name") or item.get("id")
        if text := _text(item):
            yield text


def _text(value: object, *, is_prose: bool = False) -> str | None:
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool | int | float):
        value = str(value)
    if not isinstance(value, str) or value.strip() in _ABSENT:
        return None
    return value if is_prose else value.strip()


def _gate_fields(value: object) -> tuple[str, ...]:
    """The names of the fields that a gate asks for, in the card's order."""
    if isinstance(value, Mapping):
        return tuple(str(key) for key in list(value)[:_MOST])
    return tuple(_texts(value))


def _repo_id(text: str) -> str:
    """`org/name` out of a Hub URL; anything else as written (a path, a free name): whoever follows it says what is wrong."""
    if not text.startswith(("http://", "https://", "hf.co/", "huggingface.co/")):
        return text.rstrip("/")
    try:
        url = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return text
    parts = [unquote(part) for part in url.path.split("/") if part]
    if (url.hostname or "").lower() not in {"huggingface.co", "www.huggingface.co", "hf.co"} or not parts:
        return text
    if parts[0] in {"datasets", "spaces"}:
        return "/".join(parts[:3])
    return "/".join(parts[: 1 if parts[1:2] in (["tree"], ["blob"]) else 2])
