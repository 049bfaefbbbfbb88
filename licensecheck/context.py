"""What a segment does at a topic, with all that has a say in it: its own words, the lead-ins above it, the defined terms it uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from licensecheck.matching import Hit, stitch
from licensecheck.polarity import Event, State
from licensecheck.readers import reader
from licensecheck.types import Segment, Span
from licensecheck.units import Unit, first_from, token_at

MOST_TERMS = 60
HEADINGS = 4
"""Headings within headings that are looked at."""
_PERMITS = re.compile(r"permit|allow|grant|licen[sc]e|right|accept|except|may\b|\bcan\b|许可|許可|允许|授权|权利", re.I)
_TERM = re.compile(r"[\"“”„«'‘「『《]((?:non-|[A-Z\u3040-\u30ff\u3400-\u9fff])[^\"“”»'’「」『』《》\n]{1,60})[\"“”»'’」』》]")
_LIMITED = {("none", "permit"), ("none", "none"), ("none", "duty"), ("permit", "none")}
"""What an item may do itself, and its lead-ins, for a limit of the lead-in to count for it."""


class Terms:
    """Defined terms ("Permitted Purpose" means …) and where sentences use them."""

    def __init__(self, text: str, segments: Sequence[Segment], units: Mapping[tuple[int, int], Unit]) -> None:
        self._defined: dict[str, list[Unit]] = {}
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

    def used(self, unit: Unit) -> tuple[tuple[Hit, tuple[Unit, ...]], ...]:
        """The defined terms that a sentence uses: where it stands, and the units that define it."""
        if self._pattern is None or unit.polarity.is_definition:
            return ()
        out = []
        for match in self._pattern.finditer(unit.text):
            units = self._defined.get(_plain(match.group()))
            if units:
                hit = (token_at(unit.tokens, match.start()), first_from(unit.tokens, match.end()))
                out.append((hit, tuple(units)))
        return tuple(out[:10])


def _plain(term: str) -> str:
    return " ".join(term.lower().split())


def _term_pattern(term: str) -> str:
    """Long terms are also read in capitals or lower case; a short one ("Use") only as it was defined."""
    words = r"\s+".join(re.escape(word) for word in term.split())
    if len(term) > 8 or not term[0].isascii():
        return f"(?i:{words})"
    return rf"\b{words}\b"


def _is_within(unit: Unit, event: Event, match: re.Match[str]) -> bool:
    return match.start(1) <= unit.tokens[event.start].start and unit.tokens[event.end - 1].end <= match.end(1)


@dataclass(frozen=True, slots=True)
class Place:
    """A segment with what stands above it (nearest lead-in first) and the defined terms it uses; `start` is its place in the text."""

    start: int
    unit: Unit
    leads: tuple[Unit, ...]
    heading: Unit | None
    terms: tuple[tuple[Hit, tuple[Unit, ...]], ...]
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
                case "own-ban" | "ban" if state == "ban":
                    return True, False
                case "ban" if above == "ban" and (state in ("none", "duty") or (state == "permit" and self.is_question)):
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

    @property
    def is_question(self) -> bool:
        """Whether the segment asks: then it is the answer above it that forbids or permits."""
        return self.unit.text.rstrip("*_\"'”’ ").endswith(("?", "？"))

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
        hits, known = self.unit.hits, reader(self.unit.family).understood
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


def governing(
    heading: Span | None, parents: Mapping[Span, Span | None], looked: Mapping[tuple[int, int], Unit], annexes: Collection[Span]
) -> tuple[Unit | None, bool]:
    """The heading that counts for the items below `heading`: the nearest one above that forbids, as long as none before it permits.

    And whether it is one of `annexes`, which forbid because a sentence elsewhere says so.
    """
    nearest = looked.get((heading.start, heading.end)) if heading else None
    for _ in range(HEADINGS):
        unit = looked.get((heading.start, heading.end)) if heading else None
        if heading is None or unit is None or (_PERMITS.search(unit.text) and heading not in annexes):
            break
        if heading in annexes or unit.polarity.is_ban_heading or unit.polarity.final[0] != "none":
            return unit, heading in annexes
        heading = parents.get(heading)
    return nearest, False


def chain(leads: Sequence[Unit], heading: Unit | None, is_annex: bool) -> tuple[State, bool, bool]:
    """What lead-ins (nearest first) and heading do to the item below them, as `Place.chain` has it; an annex of bans forbids."""
    for lead in leads:
        state, limits = lead.polarity.final
        if state == "none" and lead.polarity.is_ban_heading and not lead.polarity.has("rest"):
            state = "ban"
        if state != "none" or limits:
            return state, limits, False
    if heading is not None:
        state, limits = heading.polarity.final
        if state == "ban" or heading.polarity.is_ban_heading or is_annex:
            return "ban", limits, True
    return "none", False, False
