"""Finds whole license texts that stand in a card, between its other sections, and cuts them out."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from licensecheck import wording


def terms(text: str, *, skip_lines: int = 0) -> str:
    """The stretches of a card that are license terms themselves, every other line blank; "" where there are none.

    Lines and positions stay those of the card.
    """
    found = stretches(text, skip_lines)
    if not found:
        return ""
    kept, at = [], 0
    for start, end in found:
        kept += [re.sub(r"[^\n]", "", text[at:start]), text[start:end]]
        at = end
    return "".join(kept)


_NEXT_HEADING = re.compile(r"^#{1,6}[ \t]+\S[^\n]*", re.MULTILINE)


def stretches(text: str, skip_lines: int) -> list[tuple[int, int]]:
    """Where license texts stand in a card: character ranges, whole lines, without overlaps."""
    body = sum(map(len, text.splitlines(keepends=True)[:skip_lines]))
    edges = [body, *(match.start() for match in _NEXT_HEADING.finditer(text, body)), len(text)]
    found: list[tuple[int, int]] = []
    for start, end in itertools.pairwise(edges):
        cues = [(match.start(), match.group().lower()[:12]) for match in wording.form("legal_cues").finditer(text, start, end)]
        if len({words for _, words in cues}) >= 2:
            found.append((_title_above(text, start, cues[0][0]), end))
    return found


_FENCED = re.compile(r"^([ \t>]*(```|~~~)[^\n]*)\n(.*?)(^[ \t>]*\2[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)


def unfenced(text: str, found: Sequence[tuple[int, int]]) -> str:
    """The card with the marks blanked of every code block that holds license terms: somebody set prose as code. Positions stay."""
    kept, at = [], 0
    for block in _FENCED.finditer(text) if found else ():
        if any(block.start() < end and start < block.end() for start, end in found):
            kept += [text[at : block.start()], " " * len(block[1]), text[block.end(1) : block.start(4)], " " * len(block[4])]
            at = block.end()
    return "".join([*kept, text[at:]])


def _title_above(text: str, floor: int, first: int) -> int:
    """The start of the line above the first cue that looks like the title of the terms, else of the cue's own line."""
    begin = text.rfind("\n", floor, first) + 1 or floor
    at = begin
    for _ in range(12):
        above = text.rfind("\n", floor, max(floor, at - 1)) + 1 or floor
        if above >= at:
            break
        line = text[above : at - 1].strip(" #*\t\r")
        if 0 < len(line) < 100 and wording.form("legal_title").search(line) and not line.endswith((".", ",", ";")) and ":" not in line:
            begin = above
        at = above
    return begin
