"""Finds the elements of patterns in many stretches of text at once, with spaCy's PhraseMatcher; stitches gaps in linear time.

The only module that imports spaCy. No spaCy object leaves it: hits are token positions.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from licensecheck.patterns import Element, Pattern
from licensecheck.tokens import Token, stemmer

MOST_HITS = 60
"""Hits of one element kept in one unit: a text of one repeated phrase must not cost memory or time."""
BLOCK = 20_000
_BREAK = "\u241e"

Hit = tuple[int, int]
"""Tokens [start, end) of a unit."""


class Step(NamedTuple):
    element: int
    gap: int
    is_optional: bool


@dataclass(frozen=True, slots=True)
class Compiled:
    """A pattern over element numbers; `trigger` is the element that is looked up first."""

    steps: tuple[Step, ...]
    is_anchored: bool
    trigger: int


Hits = dict[int, list[Hit]]
Captured = Callable[[str], list[Hit]]


class Matcher:
    """All elements of a set of patterns of one language family, numbered; `match` finds them."""

    def __init__(self) -> None:
        self._vocab = spacy.blank("xx").vocab
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        self._elements: dict[Element, int] = {}
        self._phrases: dict[tuple[str, ...], list[tuple[int, tuple[str, ...] | None]]] = defaultdict(list)
        self._by_hash: dict[int, list[tuple[int, tuple[str, ...] | None]]] = {}
        self.captures: dict[int, str] = {}

    def compile(self, pattern: Pattern, language: str) -> Compiled:
        """The pattern over this matcher's element numbers."""
        steps = tuple(Step(self._element(s.element, language), s.gap, s.is_optional) for s in pattern.steps)
        required = [(n, s) for n, s in enumerate(pattern.steps) if not s.is_optional]

        def rarity(item: tuple[int, object]) -> tuple[bool, float]:
            phrases = pattern.steps[item[0]].element.phrases
            return bool(phrases), min((sum(len(word) for word, _ in phrase) for phrase in phrases), default=0) - len(phrases) / 10

        trigger = max(required, key=rarity)[0]
        return Compiled(steps, pattern.is_anchored, steps[trigger].element)

    def _element(self, element: Element, language: str) -> int:
        stem = stemmer(language if language in ("de", "es", "it") else "en")
        number = self._elements.get(element)
        if number is not None:
            return number
        number = self._elements[element] = len(self._elements)
        if element.capture:
            self.captures[number] = element.capture
        for phrase in element.phrases:
            key = tuple(stem(word) if word[0].isalpha() and not _is_cjk(word[0]) else word for word, _ in phrase)
            exact = tuple(word if only else "" for word, only in phrase) if any(only for _, only in phrase) else None
            self._phrases[key].append((number, exact))
        return number

    def close(self) -> None:
        """Hands the phrases to spaCy; to be called once, after the last `compile`."""
        for number, (key, targets) in enumerate(self._phrases.items()):
            name = f"p{number}"
            self._matcher.add(name, [Doc(self._vocab, words=list(key))])
            self._by_hash[self._vocab.strings[name]] = targets
        self._phrases.clear()

    def match(self, units: Sequence[Sequence[Token]]) -> list[Hits]:
        """For each unit, where its elements stand, in order of start."""
        found: list[Hits] = [{} for _ in units]
        with self._vocab.memory_zone() if hasattr(self._vocab, "memory_zone") else _Nothing():
            for block in _blocks(units):
                words: list[str] = []
                offsets: list[int] = []
                for index in block:
                    offsets.append(len(words))
                    words.extend(token.stem for token in units[index])
                    words.append(_BREAK)
                if not words:
                    continue
                for key, start, end in self._matcher(Doc(self._vocab, words=words)):
                    which = bisect.bisect_right(offsets, start) - 1
                    index, offset = block[which], offsets[which]
                    hits = found[index]
                    for element, exact in self._by_hash[key]:
                        if exact and any(form and units[index][start - offset + i].form != form for i, form in enumerate(exact)):
                            continue
                        row = hits.setdefault(element, [])
                        if len(row) < MOST_HITS:
                            row.append((start - offset, end - offset))
        return found


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


def _is_cjk(character: str) -> bool:
    return "\u3040" <= character <= "\u30ff" or "\u3400" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af"


def _blocks(units: Sequence[Sequence[Token]]) -> Iterator[list[int]]:
    block: list[int] = []
    size = 0
    for index, unit in enumerate(units):
        if block and size + len(unit) > BLOCK:
            yield block
            block, size = [], 0
        block.append(index)
        size += len(unit) + 1
    if block:
        yield block


def stitch(pattern: Compiled, hits: Hits, captured: Callable[[int], list[Hit]] | None = None) -> list[Hit]:
    """Where the whole pattern stands, from where its elements stand; ordered by end, at most `MOST_HITS`."""

    def at(element: int) -> list[Hit]:
        row = hits.get(element)
        if row is None and captured is not None:
            return captured(element)
        return row or []

    current: list[Hit] = []
    begun = False
    slack = 0
    for step in pattern.steps:
        row = at(step.element)
        if not begun:
            if not step.is_optional:  # an optional beginning decides nothing
                current, begun = list(row), True
            continue
        gap = step.gap + slack
        following = _follow(current, row, gap)
        if step.is_optional:
            current = sorted({*current, *following}, key=lambda hit: hit[1])[: 2 * MOST_HITS]
            slack = max(slack, step.gap)
        else:
            current, slack = following, 0
        if not current:
            return []
    if pattern.is_anchored:
        current = [hit for hit in current if hit[0] == 0]
    return current


def _follow(before: Iterable[Hit], row: Sequence[Hit], gap: int) -> list[Hit]:
    ordered = sorted(before, key=lambda hit: hit[1])
    ends = [end for _, end in ordered]
    joined = []
    for start, end in row:
        last = bisect.bisect_right(ends, start) - 1
        if last >= 0 and ends[last] >= start - gap:
            joined.append((ordered[last][0], end))
    return joined
