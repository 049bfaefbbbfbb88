"""Finds the elements of patterns in many stretches of text at once, with spaCy's PhraseMatcher; stitches gaps in linear time.

The only module that imports spaCy. No spaCy object leaves it: hits are token positions.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from licensecheck.patterns import Element, Pattern
from licensecheck.tokens import Token, pattern_stemmer

MOST_HITS = 60
"""Hits of one element kept in one unit: a text of one repeated phrase must not cost memory or time."""
BLOCK = 20_000
_BREAK = "\u241e"

Hit = tuple[int, int]
"""Tokens [start, end) of a unit."""
Forms = tuple[tuple[str, ...], ...] | None
"""The forms of a phrase that count, "" for a word in any form; None: all do."""


class Step(NamedTuple):
    element: int
    gap: int
    is_optional: bool


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A pattern over element numbers; `trigger` is the element that is looked up first, `needed` are the others that must stand there."""

    steps: tuple[Step, ...]
    is_anchored: bool
    trigger: int
    needed: tuple[int, ...]


class Hits:
    """What stands in one unit: where each phrase does, and from that, when asked, where each element does."""

    __slots__ = ("_elements", "_matcher", "_tokens", "phrases")

    def __init__(self, matcher: Matcher, tokens: Sequence[Token]) -> None:
        self.phrases: dict[int, list[Hit]] = {}
        self._matcher = matcher
        self._tokens = tokens
        self._elements: dict[int, list[Hit]] = {}

    def may_hold(self, pattern: Compiled) -> bool:
        """Whether all that the pattern needs beside its trigger stands somewhere in the unit: most patterns are told off by that."""
        return all(map(self.at, pattern.needed))

    def at(self, element: int) -> list[Hit]:
        """Where an element stands, by start; at most `MOST_HITS` places of each of its phrases."""
        row = self._elements.get(element)
        if row is None:
            wanted = self._matcher.phrases[element]
            if self.phrases.keys().isdisjoint(wanted):
                self._elements[element] = []
                return []
            found = [
                hit for phrase in self.phrases.keys() & wanted.keys() for hit in self.phrases[phrase] if self._is_form(hit, wanted[phrase])
            ]
            row = self._elements[element] = sorted(set(found)) if len(found) > 1 else found
        return row

    def add_captures(self, kinds: Iterable[tuple[str, Hit]]) -> None:
        """Makes captures ({number}, {place} …) found by the caller stand as elements."""
        rows: dict[str, list[Hit]] = defaultdict(list)
        for kind, hit in kinds:
            rows[kind].append(hit)
        for element, kind in self._matcher.captures.items():
            self._elements[element] = rows[kind]

    def _is_form(self, hit: Hit, forms: Forms) -> bool:
        return forms is None or any(all(not word or self._tokens[hit[0] + i].form == word for i, word in enumerate(form)) for form in forms)


class Matcher:
    """All elements of a set of patterns of one language family, numbered; `match` finds their phrases."""

    def __init__(self) -> None:
        self._vocab = Vocab()  # bare: nothing but the words themselves is compared
        self._matcher = PhraseMatcher(self._vocab, attr="ORTH")
        self._elements: dict[Element, int] = {}
        self._numbers: dict[tuple[str, ...], int] = {}
        self._stems: dict[str, str] = {}
        self.phrases: list[dict[int, Forms]] = []
        """For each element, its phrases, and the forms they must have (None: any)."""
        self.captures: dict[int, str] = {}

    def compile(self, pattern: Pattern, language: str) -> Compiled:
        """The pattern over this matcher's element numbers."""
        steps = tuple(Step(self._element(s.element, language), s.gap, s.is_optional) for s in pattern.steps)

        def rarity(number: int) -> tuple[bool, float]:
            phrases = pattern.steps[number].element.phrases
            return bool(phrases), min((sum([len(word) for word, _ in phrase]) for phrase in phrases), default=0) - len(phrases) / 10

        required = [n for n, step in enumerate(pattern.steps) if not step.is_optional]
        trigger = max(required, key=rarity) if len(required) > 1 else required[0]
        lookup = steps[trigger].element
        needed = tuple(s.element for s in steps if not s.is_optional and s.element not in (lookup, *self.captures))
        return Compiled(steps, pattern.is_anchored, lookup, needed)

    def _element(self, element: Element, language: str) -> int:
        number = self._elements.get(element)
        if number is not None:
            return number
        number = self._elements[element] = len(self._elements)
        if element.capture:
            self.captures[number] = element.capture
        phrases: dict[int, Forms] = {}
        for phrase in element.phrases:
            key = tuple([self._stems.get(word) or self._stem(word, language) for word, _ in phrase])
            known = self._numbers.setdefault(key, len(self._numbers))
            others = phrases.get(known, ())
            forms = tuple([word if only else "" for word, only in phrase])
            phrases[known] = None if others is None or not any(forms) else (*others, forms)
        self.phrases.append(phrases)
        return number

    def _stem(self, word: str, language: str) -> str:
        return self._stems.setdefault(word, pattern_stemmer(language)(word))

    def close(self) -> None:
        """Hands the phrases to spaCy; to be called once, after the last `compile`.

        As rows of hashes under one key, as spaCy's own unpickling does: 20,000 `Doc`s would take four times as long.
        """
        hashed = self._vocab.strings.add
        rows = [[hashed(word) for word in key] for key in self._numbers]
        self._matcher.add("phrase", cast(list[Doc], rows))
        self._elements.clear()
        self._stems.clear()

    def match(self, units: Sequence[Sequence[Token]]) -> list[Hits]:
        """For each unit, where its phrases stand."""
        found = [Hits(self, unit) for unit in units]
        with self._vocab.memory_zone() if hasattr(self._vocab, "memory_zone") else _Nothing():
            for block in _blocks(units):
                words: list[str] = []
                offsets: list[int] = []
                for index in block:
                    offsets.append(len(words))
                    words.extend([token.stem for token in units[index]])
                    words.append(_BREAK)
                if not words:
                    continue
                for _, start, end in self._matcher(Doc(self._vocab, words=words)):
                    which = bisect.bisect_right(offsets, start) - 1
                    offset = offsets[which]
                    row = found[block[which]].phrases.setdefault(self._numbers[tuple(words[start:end])], [])
                    if len(row) < MOST_HITS:
                        row.append((start - offset, end - offset))
        return found


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


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


def stitch(pattern: Compiled, hits: Hits) -> list[Hit]:
    """Where the whole pattern stands, from where its elements stand; ordered by end."""
    if len(pattern.steps) == 1:
        row = hits.at(pattern.steps[0].element)
        return [hit for hit in row if hit[0] == 0] if pattern.is_anchored else row
    if not hits.may_hold(pattern):
        return []
    current: list[Hit] = []
    opening: list[Hit] = []
    begun = False
    slack = 0
    for step in pattern.steps:
        if not begun:
            if not step.is_optional:
                current, begun = [*_follow(opening, hits.at(step.element), step.gap), *hits.at(step.element)], True
            elif pattern.is_anchored:  # elsewhere an optional beginning decides nothing
                opening = [hit for hit in hits.at(step.element) if hit[0] == 0]
        elif step.is_optional:
            current = sorted({*current, *_follow(current, hits.at(step.element), step.gap + slack)}, key=lambda hit: hit[1])[
                : 2 * MOST_HITS
            ]
            slack = max(slack, step.gap)
        else:
            current, slack = _follow(current, hits.at(step.element), step.gap + slack), 0
        if begun and not current:
            return []
    return [hit for hit in current if hit[0] == 0] if pattern.is_anchored else current


def _follow(before: Iterable[Hit], row: Sequence[Hit], gap: int) -> list[Hit]:
    ordered = sorted(before, key=lambda hit: (hit[1], -hit[0]))  # of equal ends the longest counts
    ends = [end for _, end in ordered]
    joined = []
    for start, end in row:
        last = bisect.bisect_right(ends, start) - 1
        if last >= 0 and ends[last] >= start - gap:
            joined.append((ordered[last][0], end))
    return joined
