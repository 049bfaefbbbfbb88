"""Lays out a repo's ancestry as lines of text: the checked repo on top, what it was made from below it, each with its terms."""

from __future__ import annotations

from collections.abc import Iterator

from licensecheck.render import clean, lineage
from licensecheck.types import Ancestor, Openness, Report

# More is no longer looked at; the rest is counted.
SHOWN = 40
# Generations that are indented further; deeper ones stand under each other.
_DEEPEST = 8

Line = tuple[int, str, Openness | None]
"""The generation, counted from 1; what is said; and how open the terms are, which ends the line."""


def lines(report: Report) -> tuple[Line, ...]:
    """The lines of the tree; none where nothing is known of the ancestry."""
    return tuple(_lines(report))


def _lines(report: Report) -> Iterator[Line]:
    ordered = lineage.ordered(report)
    generation = {report.snapshot.id: 0}
    for ancestor, child in ordered[:SHOWN]:
        generation[ancestor.id] = min(generation.get(child, 0) + 1, _DEEPEST)
        yield _line(ancestor, generation[ancestor.id])
    if len(ordered) > SHOWN:
        yield 1, f"and {len(ordered) - SHOWN} more", None
    for dataset in report.datasets[:SHOWN]:
        yield _line(dataset, 1)
    if len(report.datasets) > SHOWN:
        yield 1, f"and {len(report.datasets) - SHOWN} more datasets", None


def _line(ancestor: Ancestor, generation: int) -> Line:
    name = clean.shortened(ancestor.id, 120)
    relation = f" ({clean.shortened(ancestor.relation, 24)})" if ancestor.relation else ""
    terms = clean.shortened(ancestor.license or ("no license found" if ancestor.commit else "not seen"), 80)
    if ancestor.is_hint:
        name = f"maybe {name} (guessed, {ancestor.confidence} confidence: {clean.shortened(ancestor.because, 120)})"
    return generation, f"{name}{relation}: {terms}, ", ancestor.openness
