"""The words of `rules/prose.yaml`, compiled: how cards speak about licensing. Matches nothing by itself."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from licensecheck import rules
from licensecheck.errors import RulesError
from licensecheck.types import Scope


@dataclass(frozen=True, slots=True)
class Rule:
    """A form of sentence that states terms. `where` is own, outside, section or any; `scope` what it is about in every case."""

    id: str
    form: re.Pattern[str]
    clauses: tuple[str, ...]
    where: str
    needs_name: bool
    scope: Scope | None
    on_names: bool
    """The form holds {name}: it is searched where each license's name is replaced by NAME."""


NAME = "\x01"


@functools.cache
def _raw() -> Mapping[str, Any]:
    return cast(Mapping[str, Any], rules.load("prose.yaml"))


def _compiled(form: str) -> re.Pattern[str]:
    classes = _raw()["classes"]
    return re.compile(re.sub(r"\{([a-z_]+)\}", lambda match: NAME if match[1] == "name" else classes[match[1]], form), re.IGNORECASE)


@functools.cache
def form(key: str) -> re.Pattern[str]:
    """The form of that name in the file, or the word class of that name; letter case does not matter."""
    return _compiled(_raw()["classes"][key] if key in _raw()["classes"] else _raw()[key])


@functools.cache
def scopes() -> Mapping[str, re.Pattern[str]]:
    """The words that tell what a sentence is about, by scope."""
    return {scope: _compiled(form) for scope, form in _raw()["scopes"].items()}


@functools.cache
def sentences() -> tuple[Rule, ...]:
    """The forms of sentences that state terms, in the file's order. Raises `RulesError` for a clause id that does not exist."""
    known = rules.taxonomy()
    found = []
    for entry in _raw()["rules"]:
        clauses = tuple(entry.get("clauses") or ())
        if wrong := next((clause for clause in clauses if clause not in known), None):
            raise RulesError(f"prose.yaml: {entry['id']}: no clause {wrong} in the taxonomy", "use an id of rules/taxonomy.yaml")
        needs_name, on_names = entry.get("needs") == "name", "{name}" in entry["form"]
        found.append(Rule(entry["id"], _compiled(entry["form"]), clauses, entry["where"], needs_name, entry.get("scope"), on_names))
    return tuple(found)


@functools.cache
def legal() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    """The sentences of whole license texts that are told one by one, with their clauses."""
    return tuple((_compiled(entry["form"]), tuple(entry["clauses"])) for entry in _raw()["legal"])
