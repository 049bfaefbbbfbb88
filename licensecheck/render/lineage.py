"""Lays out a repo's ancestry as a picture: one row for each repo, the checked one on top, what it was built from below it, indented."""

from __future__ import annotations

from dataclasses import dataclass

from licensecheck.render import clean, words
from licensecheck.types import Ancestor, Openness, Report

ROW = 74
BOX_HEIGHT = 58
BOX_WIDTH = 300
INDENT = 22
# A picture with more rows is no longer looked at; the rest is counted.
SHOWN = 40
# In a fixed-width face at 12.5 px these fit the box.
_NAME = 36
_SIGNS: dict[Openness, str] = {"open": "✓", "not-open": "✕", "unclear": "?"}


@dataclass(frozen=True, slots=True)
class Box:
    """One repo: its place in pixels, its name (cut) and full id, what it stands under, and the elbow that leads to its child's box."""

    x: int
    y: int
    name: str
    id: str
    terms: str
    openness: Openness
    sign: str
    relation: str = ""
    elbow: str = ""
    is_hint: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """The boxes, the size in pixels, the same in words, and how many repos are left out."""

    boxes: tuple[Box, ...]
    width: int
    height: int
    said: str
    left_out: int


def picture(report: Report) -> Picture | None:
    """The picture of a report's ancestry; None where nothing is known of it."""
    if not report.lineage:
        return None
    name = report.snapshot.id
    found = ordered(report)
    terms = f"{words.governing(report) or 'no license found'}"
    boxes = [_box(name, terms, report.verdict.openness, 0, 0)]
    row_of = {name: 0}
    depth_of = {name: 0}
    for row, (ancestor, child) in enumerate(found[:SHOWN], 1):
        depth = depth_of.get(child, 0) + 1
        row_of.setdefault(ancestor.id, row)
        depth_of.setdefault(ancestor.id, depth)
        parent_x, parent_y = (depth - 1) * INDENT, row_of.get(child, 0) * ROW
        x, y = depth * INDENT, row * ROW
        elbow = f"M{parent_x + 11} {parent_y + BOX_HEIGHT}V{y + BOX_HEIGHT // 2}H{x}"
        license_name = clean.line(ancestor.license or "no license found")
        boxes.append(
            _box(ancestor.id, license_name, ancestor.openness, x, y, relation=ancestor.relation, elbow=elbow, is_hint=ancestor.is_hint)
        )
    width = max(b.x for b in boxes) + BOX_WIDTH + 2
    said = "; ".join(f"{b.id}: {b.relation + ', ' if b.relation else ''}{b.terms}, {words.TERMS[b.openness]}" for b in boxes)
    return Picture(tuple(boxes), width, (len(boxes) - 1) * ROW + BOX_HEIGHT + 2, said, max(0, len(found) - SHOWN))


def ordered(report: Report) -> list[tuple[Ancestor, str]]:
    """Every ancestor with the id of its child, each right below what was built from it. Each occurs once."""
    below: dict[str, list[Ancestor]] = {}
    known = {a.id for a in report.lineage} | {report.snapshot.id}
    for ancestor in report.lineage:
        before = [p for p in ancestor.path if p != ancestor.id]
        child = before[-1] if before and before[-1] in known else report.snapshot.id
        below.setdefault(child, []).append(ancestor)
    out: list[tuple[Ancestor, str]] = []
    seen: set[tuple[str, str]] = set()
    # A list, not recursion: a chain of parents may be longer than Python's stack.
    waiting = [(a, report.snapshot.id) for a in reversed(below.get(report.snapshot.id, []))]
    while waiting:
        ancestor, child = waiting.pop()
        if (ancestor.id, child) in seen:
            continue
        seen.add((ancestor.id, child))
        out.append((ancestor, child))
        waiting += [(a, ancestor.id) for a in reversed(below.pop(ancestor.id, []))]
    # Repos that only name each other hang on no branch; they are shown all the same.
    drawn = {a.id for a, _ in out}
    return out + [(a, report.snapshot.id) for a in report.lineage if a.id not in drawn]


def _box(name: str, terms: str, openness: Openness, x: int, y: int, *, relation: str = "", elbow: str = "", is_hint: bool = False) -> Box:
    full = clean.line(name)
    short = full if len(full) <= _NAME else f"{full[: _NAME // 2]}…{full[-(_NAME // 2 - 1) :]}"
    return Box(x, y, short, full, clean.shortened(terms, 34), openness, _SIGNS[openness], clean.shortened(relation, 24), elbow, is_hint)
