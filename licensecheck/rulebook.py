"""The compiled clause rules: `rules/clauses/`, `rules/lexicon.yaml` and `rules/cues.yaml` as patterns ready to be matched.

Holds no text and matches nothing; a broken rule file is a `RulesError` with its place.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from licensecheck import rules
from licensecheck.errors import RulesError
from licensecheck.patterns import Pattern, Phrase, parse
from licensecheck.types import Confidence

LANGUAGES = ("en", "zh", "ja", "de", "es", "it")
NEEDS = ("ban", "own-ban", "limit", "own-limit", "duty", "permit", "exempt", "any", "text")
CUES = (
    "ban",
    "ban-right",
    "limit",
    "permit",
    "permit-right",
    "duty",
    "except",
    "without",
    "turn",
    "neutral",
    "define",
    "disclaim",
    "recital",
    "describe",
    "free",
    "rest",
    "heading",
    "act",
    "term",
    "understood",
)
_RULE_KEYS = {
    "needs",
    "any",
    "with",
    "lead",
    "unless",
    "unless-lead",
    "within",
    "confidence",
    "params",
    "through-terms",
    "name",
    "also",
    "beside",
}
_FILE_KEYS = {"id", "explain", "remedy", "references", "hits", "near", "todo", "follows", *LANGUAGES}


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a clause is said.

    `any` is the topic, of which one pattern must stand in the segment itself; each group of `with` must stand there too,
    each of `lead` in its chain of lead-ins or heading; `unless` cancels. `needs` is what the segment must do at the topic.
    """

    clause: str
    name: str
    language: str
    needs: tuple[str, ...]
    any: tuple[Pattern, ...]
    with_: tuple[tuple[Pattern, ...], ...] = ()
    lead: tuple[tuple[Pattern, ...], ...] = ()
    unless: tuple[Pattern, ...] = ()
    unless_lead: tuple[Pattern, ...] = ()
    within: int = 0
    confidence: Confidence = "high"
    params: Mapping[str, str] | None = None
    also: tuple[tuple[str, str, tuple[Pattern, ...]], ...] = ()
    """Further parameters: name, value, and the patterns of which one must stand in the segment, above it, or in a term it uses."""
    through_terms: bool = False
    beside: tuple[str, ...] = ()
    """Counts only where the text takes a freedom away by a clause of one of these groups, found by other rules."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern that tells what a sentence does: forbids, limits, permits …"""

    kind: str
    language: str
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules and cues."""

    rules: tuple[Rule, ...]
    cues: tuple[Cue, ...]


def _fail(where: str, message: str, hint: str) -> RulesError:
    return RulesError(f"{where}: {message}", hint)


@functools.cache
def lexicon(language: str) -> Mapping[str, frozenset[Phrase]]:
    """The word classes of a language."""
    raw = cast(dict[str, dict[str, list[str]]], rules.load("lexicon.yaml")).get(language, {})
    classes: dict[str, frozenset[Phrase]] = {}
    for name, entries in raw.items():
        phrases: set[Phrase] = set()
        for entry in entries:
            if entry.startswith("@"):
                if entry[1:] not in classes:
                    raise _fail(
                        f"rules/lexicon.yaml: {language}.{name}", f"{entry} is not defined above", "a class may only name classes above it"
                    )
                phrases |= classes[entry[1:]]
                continue
            for step in parse(entry, {}, f"rules/lexicon.yaml: {language}.{name}").steps:
                phrases |= step.element.phrases
        classes[name] = frozenset(phrases)
    return classes


def _patterns(value: Any, language: str, where: str) -> tuple[Pattern, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise _fail(where, "a list of patterns is expected", "write `- pattern` lines")
    return tuple(parse(v, lexicon(language), where, language in ("zh", "ja")) for v in value)


def _groups(value: Any, language: str, where: str) -> tuple[tuple[Pattern, ...], ...]:
    if not isinstance(value, list):
        raise _fail(where, "a list of groups is expected", "write a list of lists")
    if value and isinstance(value[0], str):
        return (_patterns(value, language, where),)
    return tuple(_patterns(group, language, where) for group in value)


def _also(value: Any, language: str, where: str) -> tuple[tuple[str, str, tuple[Pattern, ...]], ...]:
    if not (isinstance(value, dict) and all(isinstance(v, dict) for v in value.values())):
        raise _fail(
            where,
            "`also` maps a parameter to its values, and each value to patterns",
            "for example {measured: {at-release: [release date]}}",
        )
    return tuple((name, word, _patterns(found, language, where)) for name, words in value.items() for word, found in words.items())


def _beside(value: Any, where: str) -> tuple[str, ...]:
    groups = {kind.group for kind in rules.taxonomy().values()}
    if not isinstance(value, list) or not groups.issuperset(value):
        raise _fail(where, "`beside` is a list of clause groups", f"some of {', '.join(sorted(groups))}")
    return tuple(value)


def _rule(clause: str, language: str, number: int, raw: Any, where: str) -> Rule:
    if not isinstance(raw, dict) or "any" not in raw:
        raise _fail(where, "a rule needs a list `any`", "see docs/writing-rules.md")
    unknown = set(raw) - _RULE_KEYS
    if unknown:
        raise _fail(where, f"unknown key {sorted(unknown)[0]!r}", f"one of {', '.join(sorted(_RULE_KEYS))}")
    needs = raw.get("needs", "ban")
    needs = tuple(needs) if isinstance(needs, list) else (needs,)
    for need in needs:
        if need not in NEEDS:
            raise _fail(where, f"needs: {need!r} is not known", f"one of {', '.join(NEEDS)}")
    params = raw.get("params")
    if params is not None and not (isinstance(params, dict) and all(isinstance(v, str) for v in params.values())):
        raise _fail(where, "params maps a name to what is captured", "for example {limit: number, period: period}")
    if raw.get("confidence", "high") not in ("high", "medium", "low"):
        raise _fail(where, f"confidence: {raw['confidence']!r} is not known", "high, medium or low")
    return Rule(
        clause=clause,
        name=raw.get("name", f"{language}.{number}"),
        language=language,
        needs=needs,
        any=_patterns(raw["any"], language, where),
        with_=_groups(raw.get("with", []), language, where),
        lead=_groups(raw.get("lead", []), language, where),
        unless=_patterns(raw.get("unless", []), language, where),
        unless_lead=_patterns(raw.get("unless-lead", []), language, where),
        within=raw.get("within", 0),
        confidence=raw.get("confidence", "high"),
        params=params,
        also=_also(raw.get("also", {}), language, where),
        through_terms=raw.get("through-terms", False),
        beside=_beside(raw.get("beside", []), where),
    )


def clause_files() -> tuple[str, ...]:
    """Names of the clause files, relative to the rules folder, sorted."""
    return tuple(sorted(f"clauses/{p.name}" for p in (rules.folder() / "clauses").glob("*.yaml")))


@functools.cache
def clause_file(relative: str) -> Mapping[str, Any]:
    """One clause file as data, its keys and id checked."""
    raw = rules.load(relative)
    where = f"rules/{relative}"
    if not isinstance(raw, dict) or raw.get("id") not in rules.taxonomy():
        raise _fail(where, "`id` is missing or not in rules/taxonomy.yaml", "name the clause id that the file is about")
    unknown = set(raw) - _FILE_KEYS
    if unknown:
        raise _fail(where, f"unknown key {sorted(unknown)[0]!r}", f"one of {', '.join(sorted(_FILE_KEYS))}")
    if relative != f"clauses/{raw['id']}.yaml":
        raise _fail(where, f"holds the rules of {raw['id']}", f"rename it to clauses/{raw['id']}.yaml")
    return raw


@functools.cache
def followers() -> Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """For a clause id, the ids that are stated with it in a text which takes a freedom away by a clause of one of the groups named."""
    found: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {}
    for relative in clause_files():
        raw, where = clause_file(relative), f"rules/{relative}: follows"
        for entry in raw.get("follows", ()):
            if not isinstance(entry, dict) or set(entry) != {"clause", "beside"} or entry["clause"] not in rules.taxonomy():
                raise _fail(where, "a list of `clause` and `beside` is expected", "for example {clause: sharing.copyleft, beside: [field]}")
            found[entry["clause"]] = (*found.get(entry["clause"], ()), (raw["id"], _beside(entry["beside"], where)))
    return found


@functools.cache
def _cues() -> dict[str, dict[str, Any]]:
    return cast(dict[str, dict[str, Any]], rules.load("cues.yaml"))


def load(languages: Collection[str] = LANGUAGES) -> Rulebook:
    """The rules and cues of some languages; read anew each time: nobody needs patterns as written once they are compiled."""
    found: list[Rule] = []
    for relative in clause_files():
        raw = clause_file(relative)
        for language in languages:
            for number, entry in enumerate(raw.get(language, ()), 1):
                found.append(_rule(raw["id"], language, number, entry, f"rules/{relative}: {language} rule {number}"))
    cues: list[Cue] = []
    for language, kinds in _cues().items():
        for kind, entries in kinds.items() if language in languages else ():
            where = f"rules/cues.yaml: {language}.{kind}"
            if kind not in CUES:
                raise _fail(where, "no such kind of cue", f"one of {', '.join(CUES)}")
            cues.extend(Cue(kind, language, pattern) for pattern in _patterns(entries, language, where))
    return Rulebook(tuple(found), tuple(cues))
