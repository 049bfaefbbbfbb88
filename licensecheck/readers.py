"""The rules and cues of a family of languages, compiled for its matcher, and looked up by the phrases that may set them off."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from licensecheck import rulebook
from licensecheck.matching import Compiled, Matcher
from licensecheck.patterns import Pattern
from licensecheck.rulebook import Rule

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with its patterns compiled."""

    rule: Rule
    """Without its patterns as written: kept for all rules they took 20 MiB more."""
    any: tuple[Compiled, ...]
    with_: tuple[tuple[Compiled, ...], ...]
    lead: tuple[tuple[Compiled, ...], ...]
    unless: tuple[Compiled, ...]
    unless_lead: tuple[Compiled, ...]
    also: tuple[tuple[str, str, tuple[Compiled, ...]], ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """The rules of one family of languages (English with Chinese and Japanese; German; Spanish; Italian), compiled."""

    matcher: Matcher
    rules: tuple[Ready, ...]
    triggers: Mapping[int, tuple[tuple[int, frozenset[str], Compiled], ...]]
    """By phrase: the numbers of the rules that it may set off, what these need, and the pattern in which it stands."""
    cues: Mapping[int, tuple[tuple[str, str, Compiled], ...]]
    understood: Mapping[int, tuple[Compiled, ...]]


@functools.cache
def reader(family: str) -> Reader:
    """The rules of "en" (with zh and ja), "de", "es" or "it", compiled once a process. Raises `RulesError` for a broken rule file."""
    book = rulebook.load(("en", "zh", "ja") if family == "en" else (family,))
    matcher = Matcher()

    def several(patterns: Iterable[Pattern], lang: str) -> tuple[Compiled, ...]:
        return tuple(matcher.compile(p, lang) for p in patterns)

    compiled: list[Ready] = []
    triggers: dict[int, list[tuple[int, frozenset[str], Compiled]]] = defaultdict(list)
    for rule in book.rules:
        ready = Ready(
            replace(rule, any=(), with_=(), lead=(), unless=(), unless_lead=(), also=()),
            several(rule.any, rule.language),
            tuple(several(g, rule.language) for g in rule.with_),
            tuple(several(g, rule.language) for g in rule.lead),
            several(rule.unless, rule.language),
            several(rule.unless_lead, rule.language),
            tuple((name, value, several(found, rule.language)) for name, value, found in rule.also),
        )
        needs = frozenset(rule.needs)
        for pattern in ready.any:
            for phrase in matcher.phrases[pattern.trigger]:
                triggers[phrase].append((len(compiled), needs, pattern))
        compiled.append(ready)
    cues: dict[int, list[tuple[str, str, Compiled]]] = defaultdict(list)
    understood: dict[int, list[Compiled]] = defaultdict(list)
    for cue in book.cues:
        pattern = matcher.compile(cue.pattern, cue.language)
        for phrase in matcher.phrases[pattern.trigger]:
            if cue.kind == "understood":
                understood[phrase].append(pattern)
            else:
                cues[phrase].append((cue.kind, cue.language, pattern))
    matcher.close()
    return Reader(matcher, tuple(compiled), _frozen(triggers), _frozen(cues), _frozen(understood))


def _frozen(table: Mapping[int, list[_T]]) -> Mapping[int, tuple[_T, ...]]:
    return {key: tuple(row) for key, row in table.items()}
