"""Segments -> Clauses: which taxonomy ids a text states, each with the words that state it.

Every rule asks two things of a segment: its topic (a few words), and what the segment does at that topic (forbids, limits,
obliges …), by its own words or by the chain of lead-ins above it. What forbids and no rule understands is a `Problem`.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from licensecheck import captures, language, rulebook
from licensecheck.captures import Capture
from licensecheck.matching import Compiled, Hit, Hits, Matcher, stitch
from licensecheck.patterns import Pattern
from licensecheck.polarity import Event, Polarity, State, polarity
from licensecheck.rulebook import Rule
from licensecheck.tokens import Token, tokenize
from licensecheck.types import Clause, Confidence, Param, Problem, Segment

QUOTE_WORDS = 45
"""A longer segment is quoted by its part around the words that decided."""
MOST_TERMS = 60
MOST_KEPT = 3_000
MOST_PROBLEMS = 20
_FIGURES = frozenset(("number", "money"))
_TERM = re.compile(r"[\"“”„«'‘「『《]((?:non-|[A-Z\u3040-\u30ff\u3400-\u9fff])[^\"“”»'’「」『』《》\n]{1,60})[\"“”»'’」』》]")
_T = TypeVar("_T")
_LIMITED = {("none", "permit"), ("none", "none"), ("none", "duty"), ("permit", "none")}
"""What an item may do itself, and its lead-ins, for a limit of the lead-in to count for it."""
_FAMILY = {"de": "de", "es": "es", "it": "it"}


@dataclass(frozen=True, slots=True)
class _Rule:
    rule: Rule
    any: tuple[Compiled, ...]
    with_: tuple[tuple[Compiled, ...], ...]
    lead: tuple[tuple[Compiled, ...], ...]
    unless: tuple[Compiled, ...]
    unless_lead: tuple[Compiled, ...]
    also: tuple[tuple[str, str, tuple[Compiled, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Reader:
    """The rules of one family of languages (English with Chinese and Japanese; German; Spanish; Italian), compiled."""

    matcher: Matcher
    rules: tuple[_Rule, ...]
    triggers: Mapping[int, tuple[tuple[int, Compiled], ...]]
    cues: Mapping[int, tuple[tuple[str, str, Compiled], ...]]
    understood: Mapping[int, tuple[Compiled, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class _Unit:
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


@functools.cache
def _reader(family: str) -> _Reader:
    book = rulebook.load()
    mine = ("en", "zh", "ja") if family == "en" else (family,)
    matcher = Matcher()

    def several(patterns: Iterable[Pattern], lang: str) -> tuple[Compiled, ...]:
        return tuple(matcher.compile(p, lang) for p in patterns)

    compiled: list[_Rule] = []
    triggers: dict[int, list[tuple[int, Compiled]]] = defaultdict(list)
    for rule in book.rules:
        if rule.language not in mine:
            continue
        ready = _Rule(
            rule,
            several(rule.any, rule.language),
            tuple(several(g, rule.language) for g in rule.with_),
            tuple(several(g, rule.language) for g in rule.lead),
            several(rule.unless, rule.language),
            several(rule.unless_lead, rule.language),
            tuple((name, value, several(found, rule.language)) for name, value, found in rule.also),
        )
        for pattern in ready.any:
            for phrase in matcher.phrases[pattern.trigger]:
                triggers[phrase].append((len(compiled), pattern))
        compiled.append(ready)
    cues: dict[int, list[tuple[str, str, Compiled]]] = defaultdict(list)
    understood: dict[int, list[Compiled]] = defaultdict(list)
    for cue in book.cues:
        if cue.language in mine:
            pattern = matcher.compile(cue.pattern, cue.language)
            for phrase in matcher.phrases[pattern.trigger]:
                if cue.kind == "understood":
                    understood[phrase].append(pattern)
                else:
                    cues[phrase].append((cue.kind, cue.language, pattern))
    matcher.close()
    return _Reader(matcher, tuple(compiled), _frozen(triggers), _frozen(cues), _frozen(understood))


def _frozen(table: Mapping[int, list[_T]]) -> Mapping[int, tuple[_T, ...]]:
    return {key: tuple(row) for key, row in table.items()}


def find(text: str, segments: Sequence[Segment], path: str = "") -> tuple[tuple[Clause, ...], tuple[Problem, ...]]:
    """The clauses that the segments of `text` state, in order of place, and the prohibitions that no rule understands.

    Lines count from 1 in `text`; `path` is put on what is found.
    """
    units = _units(text, segments)
    lines = [0, *(m.end() for m in re.finditer("\n", text))]
    terms = _Terms(text, segments, units)
    above = {(lead.start, lead.end) for segment in segments for lead in segment.leads}
    found: list[Clause] = []
    problems: list[Problem] = []
    for segment in segments:
        if segment.kind == "heading":
            continue
        unit = units[(segment.start, segment.end)]
        leads = tuple(units[(s.start, s.end)] for s in reversed(segment.leads) if (s.start, s.end) in units)
        heading = units.get((segment.heading.start, segment.heading.end)) if segment.heading and segment.kind == "item" else None
        place = _Place(segment.start, unit, leads, heading, terms.used(unit), _chain(leads, heading))
        clauses = [_clauses(ready, hits, place, text, lines, path) for ready, hits in _matches(place)]
        found.extend(_strongest(clauses))
        is_lead = (segment.start, segment.end) in above  # its items say what it forbids
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
    return tuple(found), tuple(problems)


def _units(text: str, segments: Sequence[Segment]) -> dict[tuple[int, int], _Unit]:
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
    units: dict[tuple[int, int], _Unit] = {}
    for family, rows in by_family.items():
        _look(dict.fromkeys((text[start:end], spoken) for start, end, spoken in rows), family)
        for start, end, spoken in rows:
            key = (text[start:end], family, spoken)
            units[(start, end)] = _LOOKED[key] = _LOOKED.pop(key)
    while len(_LOOKED) > MOST_KEPT:
        _LOOKED.pop(next(iter(_LOOKED)))
    return units


_LOOKED: dict[tuple[str, str, frozenset[str]], _Unit] = {}
"""Stretches looked at lately, oldest first: licenses repeat each other's sentences."""


def _look(stretches: Iterable[tuple[str, frozenset[str]]], family: str) -> None:
    """Looks at the stretches that are not in `_LOOKED`, all in one go."""
    reader = _reader(family)
    fresh = [(stretch, spoken) for stretch, spoken in stretches if (stretch, family, spoken) not in _LOOKED]
    tokens = [tokenize(stretch, family) for stretch, _ in fresh]
    for (stretch, spoken), words, hits in zip(fresh, tokens, reader.matcher.match(tokens), strict=True):
        captured = _captured(stretch, words)
        hits.add_captures((capture.kind, hit) for capture, hit in captured)
        cues = polarity(_events(hits, spoken, reader), len(words))
        _LOOKED[(stretch, family, spoken)] = _Unit(stretch, family, spoken, words, hits, cues, captured)


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


def _events(hits: Hits, spoken: frozenset[str], reader: _Reader) -> list[Event]:
    found = {
        (pattern, kind)
        for phrase in hits.phrases.keys() & reader.cues.keys()
        for kind, lang, pattern in reader.cues[phrase]
        if lang in spoken
    }
    return sorted({Event(start, end, kind) for pattern, kind in found for start, end in stitch(pattern, hits)}, key=_place_of)


def _place_of(event: Event) -> tuple[int, int, str]:
    return event.start, event.end, event.kind


class _Terms:
    """Defined terms ("Permitted Purpose" means …) and where sentences use them."""

    def __init__(self, text: str, segments: Sequence[Segment], units: Mapping[tuple[int, int], _Unit]) -> None:
        self._defined: dict[str, list[_Unit]] = {}
        for segment in segments:
            unit = units[(segment.start, segment.end)]
            if unit.polarity.is_definition and len(self._defined) < MOST_TERMS:
                match = _TERM.search(unit.text[:200])
                if match and any(_is_within(unit, event, match) for event in unit.polarity.terms):
                    self._defined.setdefault(match.group(1).strip(), []).append(unit)
            for lead in segment.leads[-1:]:
                above = units.get((lead.start, lead.end))
                if above and above.polarity.is_definition:
                    match = _TERM.search(above.text[:200])
                    if match and match.group(1).strip() in self._defined:
                        self._defined[match.group(1).strip()].append(unit)
        names = sorted(self._defined, key=len, reverse=True)
        self._pattern = re.compile("|".join(_term_pattern(name) for name in names)) if names else None
        self._defined = {_plain(name): units for name, units in self._defined.items()}

    def used(self, unit: _Unit) -> tuple[tuple[Hit, tuple[_Unit, ...]], ...]:
        """The defined terms that a sentence uses: where it stands, and the units that define it."""
        if self._pattern is None or unit.polarity.is_definition:
            return ()
        out = []
        starts = [t.start for t in unit.tokens]
        for match in self._pattern.finditer(unit.text):
            units = self._defined.get(_plain(match.group()))
            if units:
                hit = (max(0, bisect.bisect_right(starts, match.start()) - 1), bisect.bisect_left(starts, match.end()))
                out.append((hit, tuple(units)))
        return tuple(out[:10])


def _plain(term: str) -> str:
    return " ".join(term.lower().split())


def _term_pattern(term: str) -> str:
    """Long terms are also read in capitals or lower case; a short one ("Use") only as it was defined."""
    words = r"\s+".join(re.escape(word) for word in term.split())
    return f"(?i:{words})" if len(term) > 8 else rf"\b{words}\b"


def _is_within(unit: _Unit, event: Event, match: re.Match[str]) -> bool:
    return match.start(1) <= unit.tokens[event.start].start and unit.tokens[event.end - 1].end <= match.end(1)


@dataclass(frozen=True, slots=True)
class _Match:
    """Where a rule's topic stands: tokens of the segment, all tokens that took part, and the units that gave figures."""

    topic: Hit
    extent: Hit
    through: tuple[_Unit, ...] = ()
    is_from_heading: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A segment with what stands above it (nearest lead-in first) and the defined terms it uses; `start` is its place in the text."""

    start: int
    unit: _Unit
    leads: tuple[_Unit, ...]
    heading: _Unit | None
    terms: tuple[tuple[Hit, tuple[_Unit, ...]], ...]
    chain: tuple[State, bool, bool]
    """What the lead-ins do to this item: state, whether they limit, and whether only a heading says so."""

    def does(self, needs: tuple[str, ...], topic: Hit, through_term: bool = False) -> tuple[bool, bool]:
        """Does the segment do at `topic` one of what the rule needs? And is it only a heading that makes it so?"""
        if "text" in needs:
            return True, False
        own = self.unit.polarity
        if own.is_definition or own.is_recital:
            return False, False
        state = own.at(*topic)
        if "any" in needs:
            return state != "free", False
        above, limits_above, is_heading = self.chain
        for need in needs:
            match need:
                case "own-ban" if state == "ban":
                    return True, False
                case "ban" if state == "ban":
                    return True, False
                case "ban" if above == "ban" and state in ("none", "duty"):
                    return True, is_heading
                case "own-limit" | "limit" if state not in ("ban", "disclaim", "describe", "free") and own.limits(*topic):
                    return True, False
                case "limit" if through_term and state == "permit":
                    return True, False
                case "limit" if limits_above and (state, above) in _LIMITED:
                    return True, False
                case "duty" if state == "duty" or (state == "none" and above == "duty"):
                    return True, False
                case "permit" if state == "permit" or (state == "none" and above == "permit"):
                    return True, False
                case "exempt" if state == "exempt" or (state == "none" and above == "exempt"):
                    return True, False
        return False, False

    def is_unread_ban(self) -> bool:
        """Does it forbid, by its own words or a lead-in's, and is not boilerplate that we know to be harmless?"""
        own = self.unit.polarity
        if own.is_definition or own.is_recital or len(self.unit.tokens) < 4:
            return False
        final, _ = own.final
        above, _, is_heading = self.chain
        bans = own.bans_an_act() and final not in ("disclaim", "describe")
        if not bans and not (above == "ban" and not is_heading and final == "none" and self.leads):
            return False
        hits, known = self.unit.hits, _reader(self.unit.family).understood
        return not any(stitch(p, hits) for phrase in hits.phrases.keys() & known.keys() for p in known[phrase])

    def may_do(self) -> frozenset[str]:
        """What the segment can do at all, wherever its topic stands: a rule that needs nothing of it need not be looked at."""
        own = self.unit.polarity
        if own.is_definition or own.is_recital:
            return frozenset(("text",))
        kinds = {event.kind for event in own.events}
        above, limits_above, _ = self.chain
        may = {"text", "any"}
        if kinds & {"ban", "ban-right", "except"}:
            may |= {"ban", "own-ban"}
        if "limit" in kinds:
            may |= {"limit", "own-limit"}
        if limits_above or (self.terms and kinds & {"permit", "permit-right"}):
            may.add("limit")
        for need, own_kinds in (("ban", set()), ("duty", {"duty"}), ("permit", {"permit", "permit-right"}), ("exempt", {"except"})):
            if above == need or kinds & own_kinds:
                may.add(need)
        return frozenset(may)


def _chain(leads: Sequence[_Unit], heading: _Unit | None) -> tuple[State, bool, bool]:
    for lead in leads:
        state, limits = lead.polarity.final
        if state == "none" and lead.polarity.is_ban_heading and not lead.polarity.has("rest"):
            state = "ban"
        if state != "none" or limits:
            return state, limits, False
    if heading is not None:
        state, limits = heading.polarity.final
        if state == "ban" or heading.polarity.is_ban_heading:
            return "ban", limits, True
    return "none", False, False


def _matches(place: _Place) -> tuple[tuple[_Rule, list[_Match]], ...]:
    """The rules that hold in a segment; remembered, as licenses repeat each other's sections, too."""
    key = (place.unit, place.leads, place.heading, place.terms)
    found = _MATCHED.pop(key, None)
    _MATCHED[key] = found = tuple(_matching(place)) if found is None else found
    while len(_MATCHED) > MOST_KEPT:
        _MATCHED.pop(next(iter(_MATCHED)))
    return found


_Context = tuple[_Unit, tuple[_Unit, ...], _Unit | None, tuple[tuple[Hit, tuple[_Unit, ...]], ...]]
_MATCHED: dict[_Context, tuple[tuple[_Rule, list[_Match]], ...]] = {}


def _matching(place: _Place) -> Iterator[tuple[_Rule, list[_Match]]]:
    unit = place.unit
    reader = _reader(unit.family)
    may = place.may_do()
    candidates: dict[int, list[Compiled]] = defaultdict(list)
    for phrase in unit.hits.phrases.keys() & reader.triggers.keys():
        for number, pattern in reader.triggers[phrase]:
            if not may.isdisjoint(reader.rules[number].rule.needs):
                candidates[number].append(pattern)
    through: dict[int, list[tuple[Hit, _Unit]]] = defaultdict(list)
    for hit, definitions in place.terms:
        for definition in definitions:
            if definition.family != unit.family:
                continue
            for phrase in definition.hits.phrases.keys() & reader.triggers.keys():
                for number, pattern in reader.triggers[phrase]:
                    if reader.rules[number].rule.through_terms and stitch(pattern, definition.hits):
                        through[number].append((hit, definition))
    for number in sorted(candidates.keys() | through.keys()):
        ready = reader.rules[number]
        if ready.rule.language not in unit.languages:
            continue
        matches = _match(ready, candidates.get(number, ()), through.get(number, ()), place)
        if matches:
            yield ready, matches


def _match(ready: _Rule, patterns: Sequence[Compiled], through: Sequence[tuple[Hit, _Unit]], place: _Place) -> list[_Match]:
    """The first place at which the rule finds its topic; all of them for a rule that reads a figure, as there may be several."""
    rule, unit = ready.rule, place.unit
    topics: list[tuple[Hit, _Unit | None]] = [
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


def _clauses(ready: _Rule, matches: Sequence[_Match], place: _Place, text: str, lines: Sequence[int], path: str) -> tuple[Clause, ...]:
    """What one rule found in a segment: one clause, or one for each of the ceilings named there."""
    by_figure: dict[tuple[Param | None, ...], Clause] = {}
    for match in matches:
        clause = _clause(ready, match, place, text, lines, path)
        by_figure.setdefault((clause.params.get("limit"), clause.params.get("amount"), clause.params.get("currency")), clause)
    return tuple(by_figure.values())


def _clause(ready: _Rule, match: _Match, place: _Place, text: str, lines: Sequence[int], path: str) -> Clause:
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


def _quoted(unit: _Unit, extent: Hit) -> Hit:
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


def _params(ready: _Rule, match: _Match, place: _Place) -> dict[str, Param]:
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


def _nearest(kind: str, match: _Match, sources: Sequence[_Unit]) -> Capture | None:
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
