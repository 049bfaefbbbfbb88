"""What `rules/scan.yaml` says, as tables that are looked up by a name."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

from licensecheck import rules
from licensecheck.errors import RulesError
from licensecheck.types import RepoType

# What a name without an organization is. "none": no repo; "canonical": one of the Hub's old names; "any": a repo; else the one it lacks.
Bare = Literal["none", "canonical", "any"] | str
_CALL = frozenset({"names", "first", "keywords", "from", "type", "bare"})
_COMMAND = frozenset({"run", "first", "hosts"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Call:
    """A call that loads a repo: which arguments name it, by place from 0 and by keyword."""

    positions: tuple[int, ...]
    keywords: frozenset[str]
    packages: frozenset[str]
    type: RepoType
    bare: Bare


@dataclass(frozen=True, slots=True)
class Command:
    """Words that stand side by side on a command line. `is_first`: the first free word behind them names a repo;
    `needs_host`: only where it is written with the Hub's address."""

    words: tuple[str, ...]
    is_first: bool
    needs_host: bool


@dataclass(frozen=True, slots=True)
class Tables:
    """All of `rules/scan.yaml`."""

    calls: Mapping[str, tuple[Call, ...]]
    not_uses: frozenset[str]
    other_hubs: frozenset[str]
    commands: tuple[Command, ...]
    flags: Mapping[str, RepoType]
    revision_flags: frozenset[str]
    type_flags: frozenset[str]
    keys: Mapping[str, RepoType]
    dataset_signs: frozenset[str]
    general_keys: frozenset[str]
    not_keys: frozenset[str]
    command_keys: frozenset[str]
    canonical: frozenset[str]
    builders: frozenset[str]
    not_organizations: frozenset[str]
    placeholders: frozenset[str]
    endings: frozenset[str]
    elsewhere: tuple[str, ...]

    def key(self, name: str) -> RepoType | None:
        """What a setting or variable of that name holds, if it is one that holds repos.

        >>> [tables().key(name) for name in ("EMBEDDING_MODEL_NAME", "embeddingModel", "hub_model_id", "remodel_names")]
        ['model', 'model', None, None]
        """
        words = re.split(r"[_.\-]+", _CAMEL.sub("_", name).lower().strip("_-."))
        if "_".join(words) in self.not_keys:
            return None
        tails = ("_".join(words[start:]) for start in range(max(0, len(words) - 5), len(words)))
        return next((self.keys[tail] for tail in tails if tail in self.keys), None)


@functools.cache
def tables() -> Tables:
    """The tables of this installation. Raises RulesError where the file says what nobody understands."""
    raw = cast(dict[str, Any], rules.load("scan.yaml"))
    calls: dict[str, tuple[Call, ...]] = {}
    for entry in raw["calls"]:
        _known(entry, _CALL)
        call = Call(
            positions=tuple(entry.get("first", ())),
            keywords=frozenset(entry.get("keywords", ())),
            packages=frozenset(entry.get("from", ())),
            type=entry.get("type", "model"),
            bare=entry.get("bare", "canonical"),
        )
        for name in entry["names"]:
            calls[name] = (*calls.get(name, ()), call)
    return Tables(
        calls=calls,
        not_uses=frozenset(raw["not-uses"]),
        other_hubs=frozenset(raw["other-hubs"]),
        commands=tuple(_command(entry) for entry in raw["commands"]),
        flags={flag: kind for kind, flags in raw["flags"].items() for flag in flags},
        revision_flags=frozenset(raw["revision-flags"]),
        type_flags=frozenset(raw["type-flags"]),
        keys={key: kind for kind, keys in raw["keys"].items() for key in keys},
        dataset_signs=frozenset(raw["dataset-signs"]),
        general_keys=frozenset(raw["general-keys"]),
        not_keys=frozenset(raw["not-keys"]),
        command_keys=frozenset(raw["command-keys"]),
        canonical=frozenset(raw["canonical"]),
        builders=frozenset(raw["builders"]),
        not_organizations=frozenset(raw["not-organizations"]),
        placeholders=frozenset(raw["placeholders"]),
        endings=frozenset(raw["endings"]),
        elsewhere=tuple(raw["elsewhere"]),
    )


def _command(entry: dict[str, Any]) -> Command:
    _known(entry, _COMMAND)
    return Command(tuple(entry["run"]), bool(entry.get("first")), bool(entry.get("hosts")))


def _known(entry: Iterable[str], keys: frozenset[str]) -> None:
    if strange := set(entry) - keys:
        raise RulesError(f"scan.yaml: {', '.join(sorted(strange))} means nothing here", f"known are {', '.join(sorted(keys))}")
