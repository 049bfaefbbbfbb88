"""Loads what stands in `rules/`: strict YAML, every error with file and line. Knows no text and matches nothing.

The folder is found beside the package in a checkout, and as `licensecheck/_rules` in an installed wheel.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from licensecheck.errors import RulesError
from licensecheck.types import Effect

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """One id of the taxonomy. `osd` holds criterion ids such as "osd.6"; `params` the names a finding may carry."""

    id: str
    group: str
    effect: Effect
    osd: tuple[str, ...]
    means: str
    params: tuple[str, ...] = ()


@functools.cache
def folder() -> Path:
    """The folder of the rules that this installation uses."""
    package = Path(__file__).resolve().parent
    for place in (package / "_rules", package.parent / "rules"):
        if (place / "taxonomy.yaml").is_file():
            return place
    raise RulesError("the rules folder is missing from this installation", "reinstall hf-licensecheck")


def _strict(loader: Any, node: yaml.MappingNode, deep: bool = True) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise RulesError(
                f"{loader.name}:{line}: the key {key!r} is not a string", "put it in quotes (YAML reads on, off, yes and no as booleans)"
            )
        if key in out:
            raise RulesError(f"{loader.name}:{line}: the key {key!r} stands twice", "remove one of the two")
        out[key] = loader.construct_object(value_node, deep=True)
    return out


class _StrictLoader(_Loader):  # type: ignore[misc, valid-type]
    """YAML's safe subset, with string keys only and no duplicates."""


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _strict)


def parse(text: str, name: str) -> Any:
    """The value of a YAML text; `name` is the file that errors speak of.

    >>> parse("a: [1, 2]", "x.yaml")
    {'a': [1, 2]}
    """
    loader = _StrictLoader(text)
    loader.name = name
    try:
        return loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"{name}:{mark.line + 1}" if mark else name
        raise RulesError(f"{where}: {error.problem or 'not valid YAML'}", "mend the YAML") from error
    finally:
        loader.dispose()


def load(relative: str) -> Any:
    """The value of one YAML file of the rules folder."""
    path = folder() / relative
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulesError(f"{path}: cannot be read: {error}", "reinstall hf-licensecheck, or mend the file") from error
    return parse(text, str(path))


@functools.cache
def digest() -> str:
    """ "sha256:…" over every file of the rules folder, names included: what cached readings depend on."""
    root, total = folder(), hashlib.sha256()
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.name.startswith(".")):
        total.update(f"{path.relative_to(root).as_posix()}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return f"sha256:{total.hexdigest()}"


@functools.cache
def taxonomy() -> Mapping[str, ClauseKind]:
    """Every clause id with its group, effect and criteria, in the file's order."""
    raw = cast(dict[str, Any], load("taxonomy.yaml"))
    kinds = {}
    for entry in raw["clauses"]:
        kinds[entry["id"]] = ClauseKind(
            id=entry["id"],
            group=entry["group"],
            effect=entry["effect"],
            osd=tuple(f"osd.{n}" for n in entry["osd"]),
            means=entry["means"],
            params=tuple(entry.get("params", ())),
        )
    return kinds


@functools.cache
def groups() -> Mapping[str, str]:
    """The groups of the taxonomy and what they are about."""
    return cast(dict[str, str], load("taxonomy.yaml")["groups"])
