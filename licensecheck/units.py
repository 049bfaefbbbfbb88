"""Stretches of text, each looked at once: its tokens, the phrases that stand in it, what it does, and its figures and places."""

from __future__ import annotations

import bisect
import itertools
import operator
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from licensecheck import captures, language, parties
from licensecheck.captures import Capture
from licensecheck.matching import Hit, Hits, stitch
from licensecheck.polarity import Event, Polarity, polarity
from licensecheck.readers import Reader, reader
from licensecheck.tokens import Token, tokenize
from licensecheck.types import Segment

MOST_KEPT = 3_000
"""Stretches and places remembered for the texts to come."""
_START = operator.attrgetter("start")
_BRACKET = re.compile(r"\([^()]{4,300}\)")
MOST_BRACKETS = 20
_TURNS = frozenset(("ban", "permit", "duty", "except", "free", "disclaim", "describe"))
_SEMICOLON = re.compile(r"&#?\w{1,8};|[;；]")
_FAMILY = {"de": "de", "es": "es", "it": "it"}


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """One stretch of text with what was found in it; `captures` with the tokens they cover. Where it stands is not its matter.

    Each stretch is looked at once, so two units are the same only if they are one object.
    """

    text: str
    family: str
    languages: frozenset[str]
    tokens: Sequence[Token]
    hits: Hits
    polarity: Polarity
    captures: tuple[tuple[Capture, Hit], ...]


def units(text: str, segments: Sequence[Segment]) -> dict[tuple[int, int], Unit]:
    """All stretches that `segments` name (themselves, lead-ins, headings), by the characters [start, end) of `text` at which they stand."""
    spans = {(s.start, s.end) for s in segments}
    for segment in segments:
        spans.update((lead.start, lead.end) for lead in segment.leads)
        if segment.heading:
            spans.add((segment.heading.start, segment.heading.end))
    document = language.languages(text)
    latin = tuple(code for code in document if code in _FAMILY)
    names = parties.named(text)
    by_family: dict[str, list[tuple[tuple[int, int], _Stretch]]] = defaultdict(list)
    for start, end in sorted(spans):
        stretch = text[start:end]
        family, spoken = _language(stretch, latin, document)
        by_family[family].append(((start, end), (stretch, family, spoken, names if names and names.search(stretch) else None)))
    found: dict[tuple[int, int], Unit] = {}
    for family, rows in by_family.items():
        _look(dict.fromkeys(key for _, key in rows), family)
        for place, key in rows:
            found[place] = _LOOKED[key] = _LOOKED.pop(key)
    while len(_LOOKED) > MOST_KEPT:
        _LOOKED.pop(next(iter(_LOOKED)))
    return found


_Stretch = tuple[str, str, frozenset[str], re.Pattern[str] | None]
"""The words, the family of languages, the languages, and what finds the licensor's names where they stand in them."""
_LOOKED: dict[_Stretch, Unit] = {}
"""Stretches looked at lately, oldest first: licenses repeat each other's sentences."""


def _look(stretches: Iterable[_Stretch], family: str) -> None:
    """Looks at the stretches that are not in `_LOOKED`, all in one go."""
    book = reader(family)
    fresh = [stretch for stretch in stretches if stretch not in _LOOKED]
    tokens = [parties.called(tokenize(words, family), words, names) if names else tokenize(words, family) for words, _, _, names in fresh]
    for key, words, hits in zip(fresh, tokens, book.matcher.match(tokens), strict=True):
        stretch, _, spoken, _ = key
        captured = _captured(stretch, words)
        hits.add_captures((capture.kind, hit) for capture, hit in captured)
        events = _events(hits, spoken, book)
        cues = polarity(sorted((*events, *_semicolons(stretch, words), *_after_brackets(stretch, words, events))), len(words))
        _LOOKED[key] = Unit(stretch, family, spoken, words, hits, cues, captured)


def _captured(stretch: str, tokens: Sequence[Token]) -> tuple[tuple[Capture, Hit], ...]:
    if not captures.might_have(stretch):
        return ()
    return tuple((c, (token_at(tokens, c.start), first_from(tokens, c.end))) for c in captures.captures(stretch))


def token_at(tokens: Sequence[Token], character: int) -> int:
    """The number of the token in which a character stands, or of the last one before it."""
    return max(0, bisect.bisect_right(tokens, character, key=_START) - 1)


def first_from(tokens: Sequence[Token], character: int) -> int:
    """The number of the first token that begins at a character or behind it."""
    return bisect.bisect_left(tokens, character, key=_START)


def _language(stretch: str, latin: tuple[str, ...], document: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    if re.search(r"[\u3040-\u30ff]", stretch):
        return "en", frozenset(("ja", "en"))
    if re.search(r"[\u3400-\u9fff]", stretch):
        return "en", frozenset(("ja", "zh", "en")) if "ja" in document else frozenset(("zh", "en"))
    if latin:
        code = latin[0] if document == latin[:1] else language.language(stretch)
        if code in _FAMILY and code in document:
            return _FAMILY[code], frozenset((code,))
        if code not in document and "en" not in document:  # too short to tell, or told wrong
            return latin[0], frozenset((latin[0],))
    return "en", frozenset(("en",))


def _events(hits: Hits, spoken: frozenset[str], book: Reader) -> set[Event]:
    found = {
        (pattern, kind) for phrase in hits.phrases.keys() & book.cues.keys() for kind, lang, pattern in book.cues[phrase] if lang in spoken
    }
    return {Event(start, end, kind) for pattern, kind in found for start, end in stitch(pattern, hits)}


def _after_brackets(stretch: str, tokens: Sequence[Token], events: Iterable[Event]) -> Iterator[Event]:
    """Where a bracket that holds an exception ends, the ban before it goes on: "may not copy (except for backup), lease or sell"."""
    if "(" not in stretch or not any(event.kind == "except" for event in events):
        return
    for found in itertools.islice(_BRACKET.finditer(stretch), MOST_BRACKETS):
        first, last = first_from(tokens, found.start()), first_from(tokens, found.end())
        before = max((e for e in events if e.end <= first and e.kind in _TURNS), default=None)
        if before and before.kind == "ban" and any(first <= e.start < last and e.kind == "except" for e in events):
            yield Event(last, last, "ban")


def _semicolons(stretch: str, tokens: Sequence[Token]) -> list[Event]:
    """A semicolon ends what a "… is prohibited" reaches back to."""
    if ";" not in stretch and "；" not in stretch:
        return []
    places = (bisect.bisect_right(tokens, found.start(), key=_START) for found in _SEMICOLON.finditer(stretch) if found[0][0] != "&")
    return [Event(place, place, "turn") for place in places]
