"""Cuts a text into lines and pieces, so that the words of its clauses can be marked where they stand. Knows no output format."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from licensecheck.render import clean, words
from licensecheck.types import Effect

_WORD = re.compile(r"\S+")
_WEIGHT: tuple[Effect, ...] = ("violation", "concern", "info")


@dataclass(frozen=True, slots=True)
class Mark:
    """A clause to be marked: its number in the report, its effect, its words and its lines (from 1)."""

    number: int
    effect: Effect
    quote: str
    start_line: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line. `effect` is that of the heaviest clause over it, "" for none; `starts` are the clauses that begin here."""

    text: str
    effect: Effect | str = ""
    starts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the text, numbered from 1. `skipped` counts the lines left out before it."""

    number: int
    pieces: tuple[Piece, ...]
    skipped: int = 0


def lines(text: str, marks: Iterable[Mark], *, around: int | None = None) -> tuple[Line, ...]:
    """The lines of a text with its clauses marked; with `around`, only the lines so near to a mark.

    Time is linear in the text; each mark costs at most its own lines.

    A quote that doesn't stand in its lines letter by letter marks these lines as a whole.
    """
    shown = words.visible(text)
    starts = [0, *(m.end() for m in re.finditer("\n", shown))]
    spans = _spans(shown, starts, tuple(marks))
    wanted = _near(spans, starts, around)
    out: list[Line] = []
    previous = 0
    for number, pieces in _pieces(shown, starts, spans):
        if wanted is None or number in wanted:
            out.append(Line(number, pieces, number - previous - 1))
            previous = number
    return tuple(out)


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    mark: Mark


def _spans(text: str, starts: Sequence[int], marks: Sequence[Mark]) -> list[_Span]:
    """Where each mark's words stand, in characters of the text."""
    if not marks:
        return []
    # The quote has its white space folded, so it is looked for in the folded text; `origin` leads back.
    found = list(_WORD.finditer(text))
    origin = [m.start() for m in found]
    folded = " ".join(m.group() for m in found)
    places, at = [], 0
    for m in found:
        places.append(at)
        at += len(m.group()) + 1
    spans = []
    for mark in marks:
        first = starts[min(max(mark.start_line, 1), len(starts)) - 1]
        last = starts[mark.end_line] if mark.end_line < len(starts) else len(text)
        low, high = bisect_left(origin, first), bisect_left(origin, last)
        if low >= high:
            continue
        quote = clean.line(mark.quote)
        begin = folded.find(quote, places[low], places[high - 1] + len(found[high - 1].group())) if quote else -1
        if begin < 0:
            spans.append(_Span(origin[low], found[high - 1].end(), mark))
            continue
        head, tail = (_unfolded(i, places, origin) for i in (begin, begin + len(quote) - 1))
        spans.append(_Span(head, tail + 1, mark))
    return spans


def _unfolded(index: int, places: Sequence[int], origin: Sequence[int]) -> int:
    word = bisect_right(places, index) - 1
    return origin[word] + index - places[word]


def _near(spans: Sequence[_Span], starts: Sequence[int], around: int | None) -> set[int] | None:
    if around is None:
        return None
    wanted: set[int] = set()
    for span in spans:
        first, last = bisect_right(starts, span.start), bisect_right(starts, max(span.start, span.end - 1))
        wanted.update(range(max(1, first - around), min(len(starts), last + around) + 1))
    return wanted


def _pieces(text: str, starts: Sequence[int], spans: Sequence[_Span]) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    """Each line's number and pieces: the text is cut where a line, a mark or its end begins."""
    opening: dict[int, list[_Span]] = {}
    closing: dict[int, list[_Span]] = {}
    for span in spans:
        opening.setdefault(span.start, []).append(span)
        closing.setdefault(span.end, []).append(span)
    cuts = sorted({*opening, *closing})
    active: Counter[Effect] = Counter()
    next_cut = 0
    for number, start in enumerate(starts, 1):
        end = starts[number] - 1 if number < len(starts) else len(text)
        row, at = [], start
        pending: tuple[int, ...] = ()
        indent = start + len(text[start:end]) - len(text[start:end].lstrip())
        if indent > start and (next_cut == len(cuts) or cuts[next_cut] >= indent):
            # Words that go on in the next line go on behind its indent.
            row.append(Piece(text[start:indent]))
            at = indent
        while next_cut < len(cuts) and cuts[next_cut] <= end:
            cut = cuts[next_cut]
            if cut > at:
                row.append(Piece(text[at:cut], _heaviest(active), pending))
                pending, at = (), cut
            active.subtract(s.mark.effect for s in closing.get(cut, ()))
            active.update(s.mark.effect for s in opening.get(cut, ()))
            pending += tuple(s.mark.number for s in opening.get(cut, ()))
            next_cut += 1
        if at < end or pending:
            row.append(Piece(text[at:end], _heaviest(active), pending))
        yield number, tuple(row)


def _heaviest(active: Counter[Effect]) -> Effect | str:
    return next((effect for effect in _WEIGHT if active[effect] > 0), "")
