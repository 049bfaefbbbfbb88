"""Segments -> Clauses: which taxonomy ids a text states, each with the words that state it.

Every rule asks two things of a segment: its topic (a few words), and what the segment does at that topic (forbids, limits,
obliges …), by its own words or by the chain of lead-ins above it. What forbids and no rule understands is a `Problem`.
"""

from __future__ import annotations

import bisect
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from licensecheck import captures, rulebook, rules
from licensecheck.annexes import forbidding
from licensecheck.captures import Capture
from licensecheck.context import Place, Terms, chain, governing
from licensecheck.matching import Compiled, Hit, stitch
from licensecheck.polarity import State
from licensecheck.readers import Ready, reader
from licensecheck.types import Clause, Confidence, Param, Problem, Segment, Span
from licensecheck.units import MOST_KEPT, Unit, units

QUOTE_WORDS = 45
"""A longer segment is quoted by its part around the words that decided."""
MOST_PROBLEMS = 20
_BANS = frozenset(("ban", "own-ban"))
_FIGURES = frozenset(("number", "money"))


def find(text: str, segments: Sequence[Segment], path: str = "") -> tuple[tuple[Clause, ...], tuple[Problem, ...]]:
    """The clauses that the segments of `text` state, in order of place, and the prohibitions that no rule understands.

    Lines count from 1 in `text`; `path` is put on what is found.
    """
    looked = units(text, segments)
    lines = [0, *(m.end() for m in re.finditer("\n", text))]
    terms = Terms(text, segments, looked)
    above = {(lead.start, lead.end) for segment in segments for lead in segment.leads}
    parents = {Span(s.start, s.end): s.heading for s in segments if s.kind == "heading"}
    annexes, read = forbidding(segments, looked)
    found: list[Clause] = []
    waiting: list[tuple[Clause, tuple[str, ...]]] = []  # what counts only beside a clause of these groups
    problems: list[Problem] = []
    for segment in segments:
        unit = looked[(segment.start, segment.end)]
        is_heading = segment.kind == "heading"
        if is_heading and unit.polarity.final[0] != "ban":
            continue  # "No Commercial Use" states something, "Use" does not
        leads = tuple(looked[(s.start, s.end)] for s in reversed(segment.leads) if (s.start, s.end) in looked)
        heading, is_annex = governing(segment.heading, parents, looked, annexes) if segment.kind == "item" else (None, False)
        place = Place(segment.start, unit, leads, heading, terms.used(unit), chain(leads, heading, is_annex))
        matches = [(ready, hits) for ready, hits in _matches(place) if not is_heading or not _BANS.isdisjoint(ready.rule.needs)]
        clauses = [(_clauses(ready, hits, place, text, lines, path), ready.rule.beside) for ready, hits in matches]
        found.extend(_strongest(stated for stated, beside in clauses if not beside))
        waiting.extend((clause, beside) for stated, beside in clauses for clause in stated if beside)
        is_lead = is_heading or (segment.start, segment.end) in above  # what stands below says what it forbids
        is_lead = is_lead or Span(segment.start, segment.end) in read
        if not clauses and not is_lead and len(problems) < MOST_PROBLEMS and place.is_unread_ban():
            start, end = segment.start, segment.end
            problems.append(
                Problem(
                    stage="clauses",
                    subject=path,
                    message="a prohibition that no rule understands",
                    hint="read these words",
                    hides=("unclear",),
                    kind="unread-prohibition",
                    quote=_fold(text[start : min(end, start + 400)]),
                    start_line=bisect.bisect_right(lines, start),
                )
            )
    for clause in found:
        waiting.extend((replace(clause, id=other, params={}), beside) for other, beside in rulebook.followers().get(clause.id, ()))
    return _beside(found, waiting), tuple(problems)


def _beside(found: Sequence[Clause], waiting: Iterable[tuple[Clause, tuple[str, ...]]]) -> tuple[Clause, ...]:
    """What was found, and of what waits that beside which a clause of its groups takes a freedom away; in order of place."""
    groups = {rules.taxonomy()[c.id].group for c in found if rules.taxonomy()[c.id].effect == "violation"}
    known = {(c.id, c.start_line) for c in found}
    kept = [c for c, beside in waiting if not groups.isdisjoint(beside) and (c.id, c.start_line) not in known]
    return tuple(sorted((*found, *kept), key=lambda c: c.start_line or 0)) if kept else tuple(found)


@dataclass(frozen=True, slots=True)
class _Match:
    """Where a rule's topic stands: tokens of the segment, all tokens that took part, and the units that gave figures."""

    topic: Hit
    extent: Hit
    through: tuple[Unit, ...] = ()
    is_from_heading: bool = False


def _matches(place: Place) -> tuple[tuple[Ready, list[_Match]], ...]:
    """The rules that hold in a segment; remembered, as licenses repeat each other's sections, too."""
    key = (place.unit, place.leads, place.heading, place.terms, place.chain)
    found = _MATCHED.pop(key, None)
    _MATCHED[key] = found = tuple(_matching(place)) if found is None else found
    while len(_MATCHED) > MOST_KEPT:
        _MATCHED.pop(next(iter(_MATCHED)))
    return found


_Context = tuple[Unit, tuple[Unit, ...], Unit | None, tuple[tuple[Hit, tuple[Unit, ...]], ...], tuple[State, bool, bool]]
_MATCHED: dict[_Context, tuple[tuple[Ready, list[_Match]], ...]] = {}


def _matching(place: Place) -> Iterator[tuple[Ready, list[_Match]]]:
    unit = place.unit
    book = reader(unit.family)
    may = place.may_do()
    candidates: dict[int, set[Compiled]] = defaultdict(set)
    for phrase in unit.hits.phrases.keys() & book.triggers.keys():
        for number, needs, pattern in book.triggers[phrase]:
            if not may.isdisjoint(needs) and unit.hits.may_hold(pattern):
                candidates[number].add(pattern)
    through: dict[int, list[tuple[Hit, Unit]]] = defaultdict(list)
    for hit, definitions in place.terms:
        for definition in definitions:
            if definition.family != unit.family:
                continue
            for phrase in definition.hits.phrases.keys() & book.triggers.keys():
                for number, _, pattern in book.triggers[phrase]:
                    if book.rules[number].rule.through_terms and stitch(pattern, definition.hits):
                        through[number].append((hit, definition))
    for number in sorted(candidates.keys() | through.keys()):
        ready = book.rules[number]
        if ready.rule.language not in unit.languages:
            continue
        matches = _match(ready, candidates.get(number, frozenset()), through.get(number, ()), place)
        if matches:
            yield ready, matches


def _match(ready: Ready, patterns: Collection[Compiled], through: Sequence[tuple[Hit, Unit]], place: Place) -> list[_Match]:
    """The first place at which the rule finds its topic; all of them for a rule that reads a figure, as there may be several."""
    rule, unit = ready.rule, place.unit
    topics: list[tuple[Hit, Unit | None]] = [
        (hit, None) for hit in sorted({hit for p in patterns for hit in stitch(p, unit.hits)}, key=_from_left)
    ]
    topics += through
    done = [(topic, d, is_heading) for topic, d in topics for good, is_heading in (place.does(rule.needs, topic, d is not None),) if good]
    if not done:
        return []
    beside: list[list[Hit]] = []
    for group in ready.with_:
        hits = [hit for p in group for hit in stitch(p, unit.hits)]
        if not hits and rule.through_terms:
            hits = [at for at, definitions in place.terms for d in definitions if any(stitch(p, d.hits) for p in group)]
        if not hits:
            return []
        beside.append(hits)
    if any(stitch(p, unit.hits) for p in ready.unless):
        return []
    if ready.lead or ready.unless_lead:
        above = [u for u in (*place.leads, *([place.heading] if place.heading else [])) if u.family == unit.family]
        if any(stitch(p, u.hits) for p in ready.unless_lead for u in above):
            return []
        if not all(any(stitch(p, u.hits) for p in group for u in above) for group in ready.lead):
            return []
    found: list[_Match] = []
    for topic, definition, is_heading in done:
        chosen = []
        for hits in beside:
            nearest = min(hits, key=lambda h: max(h[0] - topic[1], topic[0] - h[1], 0))
            if rule.within and max(nearest[0] - topic[1], topic[0] - nearest[1]) > rule.within:
                break
            chosen.append(nearest)
        else:
            extent = (min(h[0] for h in (topic, *chosen)), max(h[1] for h in (topic, *chosen)))
            definitions = tuple(d for at, ds in place.terms for d in ds) if rule.through_terms else ()
            found.append(_Match(topic, extent, (definition, *definitions) if definition else definitions, is_heading))
            if not _FIGURES.intersection((rule.params or {}).values()):
                break
    return found


def _from_left(hit: Hit) -> Hit:
    return hit[0], -hit[1]


def _clauses(ready: Ready, matches: Sequence[_Match], place: Place, text: str, lines: Sequence[int], path: str) -> tuple[Clause, ...]:
    """What one rule found in a segment: one clause, or one for each of the ceilings named there."""
    by_figure: dict[tuple[Param | None, ...], Clause] = {}
    for match in matches:
        clause = _clause(ready, match, place, text, lines, path)
        by_figure.setdefault((clause.params.get("limit"), clause.params.get("amount"), clause.params.get("currency")), clause)
    return tuple(by_figure.values())


def _clause(ready: Ready, match: _Match, place: Place, text: str, lines: Sequence[int], path: str) -> Clause:
    rule = ready.rule
    unit = place.unit
    start, end = _quoted(unit, match.extent)
    first, last = place.start + start, place.start + end
    confidence: Confidence = "medium" if match.is_from_heading and rule.confidence == "high" else rule.confidence
    return Clause(
        id=rule.clause,
        path=path,
        quote=_fold(text[first:last]),
        start_line=bisect.bisect_right(lines, first),
        end_line=bisect.bisect_right(lines, max(first, last - 1)),
        source="rule",
        confidence=confidence,
        params=_params(ready, match, place),
    )


def _quoted(unit: Unit, extent: Hit) -> Hit:
    """Characters of the unit to quote: all of it when short, else the part around the words that decided."""
    tokens = unit.tokens
    if len(tokens) <= QUOTE_WORDS or not tokens:
        return _trim(unit.text, 0, len(unit.text))
    first, last = extent
    spare = max(0, QUOTE_WORDS - (last - first))
    left, right = max(0, first - spare * 2 // 3), min(len(tokens), last + spare // 3)
    if last - first > QUOTE_WORDS:
        right = min(right, left + QUOTE_WORDS + 15)
    start = 0 if left == 0 else tokens[left].start
    end = len(unit.text) if right == len(tokens) else tokens[right - 1].end
    cut = max((m.end() for m in re.finditer(r"[,;:.(，；：。]\s*", unit.text[start : tokens[first].start])), default=0)
    if cut and left > 0 and tokens[first].start - (start + cut) > 25:
        start += cut
    return _trim(unit.text, start, end)


def _trim(text: str, start: int, end: int) -> Hit:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _fold(text: str) -> str:
    return " ".join(text.split())


def _params(ready: Ready, match: _Match, place: Place) -> dict[str, Param]:
    rule = ready.rule
    if not rule.params and not ready.also:
        return {}
    sources = [place.unit, *match.through, *place.leads, *([place.heading] if place.heading else [])]
    params: dict[str, Param] = {}
    for name, what in (rule.params or {}).items():
        if what.startswith("="):
            params[name] = what[1:]
        elif what == "places":
            codes = {code for c, _ in place.unit.captures if c.kind == "place" for code in _codes(c)}
            for source in sources[1:]:
                if codes:
                    break
                codes = {code for c, _ in source.captures if c.kind == "place" for code in _codes(c)}
            if codes:
                params[name] = tuple(sorted(codes))
        elif what == "jurisdiction":
            named = captures.jurisdiction(place.unit.text)
            if named:
                params[name] = named
        else:
            capture = _nearest(what.removesuffix("-currency"), match, sources)
            if capture is not None:
                value = capture.currency if what.endswith("-currency") else capture.value
                if isinstance(value, (int, float, str)):
                    params[name] = int(value) if isinstance(value, float) and value.is_integer() else value
    for name, word, patterns in ready.also:
        if any(stitch(p, source.hits) for source in sources if source.family == place.unit.family for p in patterns):
            params.setdefault(name, word)
    return params


def _codes(capture: Capture) -> tuple[str, ...]:
    value = capture.value
    return tuple(str(v) for v in value) if isinstance(value, tuple) else (str(value),)


def _nearest(kind: str, match: _Match, sources: Sequence[Unit]) -> Capture | None:
    own = [(c, hit) for c, hit in sources[0].captures if c.kind == kind]
    if own:
        return min(own, key=lambda item: max(item[1][0] - match.topic[1], match.topic[0] - item[1][1], 0))[0]
    for source in sources[1:]:
        for capture, _ in source.captures:
            if capture.kind == kind:
                return capture
    return None


def _strongest(found: Iterable[tuple[Clause, ...]]) -> list[Clause]:
    """Of the rules for an id that hold in a segment only the surest counts, then the one with the most parameters."""
    rank = {"high": 0, "medium": 1, "low": 2}
    best: dict[str, tuple[Clause, ...]] = {}
    for clauses in found:
        clause, other = clauses[0], best.get(clauses[0].id)
        if other is None or (rank[clause.confidence], -len(clause.params)) < (rank[other[0].confidence], -len(other[0].params)):
            best[clause.id] = clauses
    return [clause for key in sorted(best) for clause in best[key]]
