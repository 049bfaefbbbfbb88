"""The core of `licensecheck rules check`: every id has rules, every hit hits, no near miss does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from licensecheck import clauses, patterns, rulebook, rules
from licensecheck.patterns import Pattern
from licensecheck.segment import segment
from licensecheck.tokens import pattern_stemmer

IN_FULL = ("en", "zh")
"""Languages in which every clause id needs rules."""


def said(text: str) -> frozenset[str]:
    """The clause ids that a short text states."""
    found, _ = clauses.find(text, segment(text))
    return frozenset(clause.id for clause in found)


def faults() -> tuple[str, ...]:
    """What is wrong with the clause files, a line each, with the file's name. Raises `RulesError` for one that cannot be loaded."""
    book = rulebook.load()
    files = {relative: rulebook.clause_file(relative) for relative in rulebook.clause_files()}
    missing = set(rules.taxonomy()) - {raw["id"] for raw in files.values()}
    found = [f"rules/clauses/{clause}.yaml: missing" for clause in sorted(missing)]
    for relative, raw in files.items():
        found.extend(f"rules/{relative}: {fault}" for fault in (*_form(raw), *_moot(book, raw["id"]), *_cases(raw)))
    found.extend(f"rules/cues.yaml: {fault}" for fault in _moot_cues(book))
    return tuple(found)


def _form(raw: Mapping[str, Any]) -> Iterator[str]:
    for key in ("explain", "remedy"):
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            yield f"`{key}` is missing"
    if not isinstance(raw.get("references"), list):
        yield "`references` is missing"
    hits = raw.get("hits", {})
    if not isinstance(hits, dict):
        yield "`hits` maps a language to sentences"
        return
    for language in IN_FULL:
        if not raw.get(language):
            yield f"no rules in {language}"
    for language in rulebook.LANGUAGES:
        if raw.get(language) and not hits.get(language):
            yield f"rules in {language} without a hit"
        if hits.get(language) and not raw.get(language):
            yield f"hits in {language} without a rule"
    if not raw.get("near"):
        yield "no near miss"
    for entry in raw.get("near", ()):
        if not (isinstance(entry, dict) and entry.get("text") and entry.get("why")):
            yield f"a near miss needs `text` and `why`: {entry!r}"


def _moot(book: rulebook.Rulebook, clause: str) -> Iterator[str]:
    for rule in book.rules:
        if rule.clause == clause:
            for pattern in (*rule.any, *rule.unless, *rule.unless_lead, *itertools.chain(*rule.with_, *rule.lead)):
                yield from _moot_alternatives(pattern, rule.language)


def _moot_cues(book: rulebook.Rulebook) -> Iterator[str]:
    for cue in book.cues:
        yield from _moot_alternatives(cue.pattern, cue.language)


def _moot_alternatives(pattern: Pattern, language: str) -> Iterator[str]:
    """Alternatives that match nothing beyond what another one of their group matches: another form of its words."""
    stem = pattern_stemmer(language)
    for group in patterns.groups(pattern.source):
        seen: dict[tuple[str, ...], str] = {}
        for phrase in sorted(group, key=lambda phrase: any(is_exact for _, is_exact in phrase)):  # exact forms last
            words, stems = " ".join(word for word, _ in phrase), tuple(stem(word) for word, _ in phrase)
            if stems in seen:
                yield f"{words!r} is read as {seen[stems]!r}, which stands beside it in {pattern.source!r}: remove it"
            elif not any(is_exact for _, is_exact in phrase):
                seen[stems] = words


def _cases(raw: Mapping[str, Any]) -> Iterator[str]:
    clause = raw["id"]
    for language, sentences in sorted(raw.get("hits", {}).items()):
        for sentence in sentences:
            if clause not in said(sentence):
                yield f"does not find its hit ({language}): {sentence!r}"
    for entry in raw.get("near", ()):
        if clause in said(entry["text"]):
            yield f"finds its near miss ({entry['why']}): {entry['text']!r}"
    for entry in raw.get("todo", ()):
        if clause in said(entry):
            yield f"a todo works now, move it to hits: {entry!r}"
