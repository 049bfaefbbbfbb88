"""Stretches of text, each looked at once: its tokens, the phrases that stand in it, what it does, and its figures and places."""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from licensecheck import captures, language
from licensecheck.captures import Capture
from licensecheck.matching import Hit, Hits, stitch
from licensecheck.polarity import Event, Polarity, polarity
from licensecheck.readers import Reader, reader
from licensecheck.tokens import Token, tokenize
from licensecheck.types import Segment

MOST_KEPT = 3_000
"""Stretches and places remembered for the texts to come."""
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
    by_family: dict[str, list[tuple[int, int, frozenset[str]]]] = defaultdict(list)
    for start, end in sorted(spans):
        family, spoken = _language(text[start:end], latin, document)
        by_family[family].append((start, end, spoken))
    found: dict[tuple[int, int], Unit] = {}
    for family, rows in by_family.items():
        _look(dict.fromkeys((text[start:end], spoken) for start, end, spoken in rows), family)
        for start, end, spoken in rows:
            key = (text[start:end], family, spoken)
            found[(start, end)] = _LOOKED[key] = _LOOKED.pop(key)
    while len(_LOOKED) > MOST_KEPT:
        _LOOKED.pop(next(iter(_LOOKED)))
    return found


_LOOKED: dict[tuple[str, str, frozenset[str]], Unit] = {}
"""Stretches looked at lately, oldest first: licenses repeat each other's sentences."""


def _look(stretches: Iterable[tuple[str, frozenset[str]]], family: str) -> None:
    """Looks at the stretches that are not in `_LOOKED`, all in one go."""
    book = reader(family)
    fresh = [(stretch, spoken) for stretch, spoken in stretches if (stretch, family, spoken) not in _LOOKED]
    tokens = [tokenize(stretch, family) for stretch, _ in fresh]
    for (stretch, spoken), words, hits in zip(fresh, tokens, book.matcher.match(tokens), strict=True):
        captured = _captured(stretch, words)
        hits.add_captures((capture.kind, hit) for capture, hit in captured)
        cues = polarity(sorted((*_events(hits, spoken, book), *_semicolons(stretch, words))), len(words))
        _LOOKED[(stretch, family, spoken)] = Unit(stretch, family, spoken, words, hits, cues, captured)


def _captured(stretch: str, tokens: Sequence[Token]) -> tuple[tuple[Capture, Hit], ...]:
    if not captures.might_have(stretch):
        return ()
    starts = [token.start for token in tokens]
    return tuple(
        (c, (max(0, bisect.bisect_right(starts, c.start) - 1), bisect.bisect_left(starts, c.end))) for c in captures.captures(stretch)
    )


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


def _semicolons(stretch: str, tokens: Sequence[Token]) -> list[Event]:
    """A semicolon ends what a "… is prohibited" reaches back to."""
    if ";" not in stretch and "；" not in stretch:
        return []
    starts = [token.start for token in tokens]
    places = (bisect.bisect_right(starts, found.start()) for found in _SEMICOLON.finditer(stretch) if found[0][0] != "&")
    return [Event(place, place, "turn") for place in places]
