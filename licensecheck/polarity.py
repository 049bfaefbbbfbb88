"""What a sentence does at a given word: forbids, permits, obliges, limits, or none of these. Pure, over the cues that stand in it.

A left cue ("may not", "you must") governs what follows; a right cue ("… is prohibited") what stands before it; an exception
turns a ban into an exemption and a permission into a ban; "without consent" changes neither; a lead-in hands its last state to its
items. What it frees of ("you are not obliged to …") is no clause, whatever words follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

State = Literal["ban", "permit", "duty", "exempt", "disclaim", "describe", "free", "none"]
REACH = 15
"""How many tokens a limit ("only", "solely") reaches to either side."""
NEAR = 6
"""An act that a ban is about follows it within so many tokens, or stands before it within twice as many."""
MOST_EVENTS = 200
DEFINED_BY = 20
"""A definition says so within its first tokens."""


class Event(NamedTuple):
    """A cue at tokens [start, end)."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Polarity:
    """The cues of one unit, in order, the overlapped ones gone."""

    events: tuple[Event, ...]
    is_definition: bool
    is_recital: bool
    is_ban_heading: bool = False
    terms: tuple[Event, ...] = ()
    final: tuple[State, bool] = ("none", False)
    """What the unit, as a lead-in, does to its items: its last state, and whether it limits."""

    def at(self, start: int, end: int) -> State:
        """What the unit does at tokens [start, end) by its own words."""
        state: State = "none"
        is_weak = False
        for event in self.events:
            if event.start >= end:
                break
            state, is_weak = _step(state, is_weak, event)
        for event in self.events:
            if event.start < start or (event.start < end and event.kind not in ("ban-right", "permit-right")):
                continue
            match event.kind:
                case "ban-right":
                    return "ban"
                case "permit-right" if state == "none" or is_weak:
                    return "permit"
                case "turn" | "ban" | "permit" | "duty" | "free" | "except":
                    break
        return state

    def limits(self, start: int, end: int, reach: int = REACH) -> bool:
        """Does an "only", "solely", "limited to" stand near tokens [start, end)?"""
        return any(e.kind == "limit" and e.start - reach <= end and e.end + reach >= start for e in self.events)

    def bans_an_act(self) -> bool:
        """Does it forbid doing something with the material (an `act` cue close to the ban), by its own words?"""
        acts = [e for e in self.events if e.kind == "act"]
        for ban in self.events:
            if ban.kind == "ban":
                near = [act for act in acts if ban.start <= act.start <= ban.end + NEAR]
            elif ban.kind == "ban-right":
                near = [act for act in acts if ban.start - 2 * NEAR <= act.start <= ban.end]
            else:
                continue
            if any(self.at(act.start, act.end) == "ban" for act in near):
                return True
        return False

    def has(self, kind: str) -> bool:
        """Does a cue of this kind stand anywhere in the unit?"""
        return any(event.kind == kind for event in self.events)


def polarity(events: Sequence[Event], length: int = 0) -> Polarity:
    """The polarity of a unit of `length` tokens from its raw cues: where two overlap, the longer one counts."""
    kept: list[Event] = []
    for event in sorted(
        (e for e in events[:MOST_EVENTS] if e.kind != "term"), key=lambda e: (e.start - e.end, e.kind != "neutral", e.start, e.kind)
    ):
        if not any(k.start < event.end and event.start < k.end and _outweighs(k, event) for k in kept):
            kept.append(event)
    # Of two readings of the same words ("war: not allowed"), the one that looks back counts where nothing follows.
    kept.sort(key=lambda e: (e.start, e.end, e.end < length or not e.kind.endswith("-right"), e.kind))
    counted = tuple(e for e in kept if e.kind not in ("neutral", "define", "recital", "heading", "term"))
    return Polarity(
        events=counted,
        is_definition=any(e.kind == "define" and e.start < DEFINED_BY for e in kept),
        is_recital=any(e.kind == "recital" for e in kept),
        is_ban_heading=any(e.kind == "heading" for e in kept),
        terms=tuple(e for e in events[:MOST_EVENTS] if e.kind == "term"),
        final=_final(counted),
    )


def _final(events: Sequence[Event]) -> tuple[State, bool]:
    if any(event.kind == "rest" for event in events):  # "any other use is prohibited": what it stands beside is all there is
        return "none", any(event.kind in ("ban", "ban-right") for event in events)
    state: State = "none"
    is_weak = False
    for event in events:
        state, is_weak = _step(state, is_weak, event)
    return state, any(event.kind == "limit" for event in events)


def _outweighs(longer: Event, event: Event) -> bool:
    if longer.kind in ("neutral", event.kind):
        return True
    return not {"limit", "act", "heading"} & {longer.kind, event.kind} and longer.end - longer.start > event.end - event.start


def _step(state: State, is_weak: bool, event: Event) -> tuple[State, bool]:
    match event.kind:
        case "ban":
            return "ban", False
        case "ban-right":
            return "ban", True
        case "permit":
            return "permit", False
        case "permit-right":
            return "permit", True
        case "duty":
            return "duty", False
        case "disclaim":
            return "disclaim", False
        case "describe":
            return "describe", False
        case "free":
            return "free", False
        case "except":
            return ("exempt", False) if state in ("ban", "duty") else ("ban", False) if state == "permit" else (state, is_weak)
        case _:
            return state, is_weak
