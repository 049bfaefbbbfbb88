"""Many reports as a table for a person: one line for each repo, right without colour."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from licensecheck.render import words
from licensecheck.render.clean import line, shortened
from licensecheck.render.terminal import terminal
from licensecheck.types import Action, Decision, Report

_COLORS: dict[Action, str] = {"allow": "green", "warn": "green", "deny": "bold red", "undecided": "bold magenta"}


def reports(checked: Iterable[tuple[Report, Decision]], *, sizes: Sequence[int], width: int = 80, is_colored: bool = False) -> str:
    """A line for each report: repo and commit, size on disk in bytes, what governs, whether that is open, and the policy's answer."""
    out = io.StringIO()
    console = terminal(out, width=max(60, width), is_colored=is_colored)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("repo", "size", "under", "terms", "policy"):
        table.add_column(name, justify="right" if name == "size" else "left", overflow="fold")
    counts: dict[Action, int] = {}
    for (report, decision), size in zip(checked, sizes, strict=True):
        counts[decision.action] = counts.get(decision.action, 0) + 1
        table.add_row(*_row(report, decision, size))
    total = sum(counts.values())
    if total:
        console.print(table)
    said = ", ".join(f"{counts[action]} {words.ACTIONS[action]}" for action in _COLORS if action in counts)
    console.print(Text(f"{total} {'repo' if total == 1 else 'repos'} at a commit{': ' + said if said else ': the cache is empty'}"))
    return "\n".join(piece.rstrip() for piece in out.getvalue().split("\n"))


def _row(report: Report, decision: Decision, size: int) -> tuple[Text, ...]:
    snapshot = report.snapshot
    commit = f"@{snapshot.commit[:8]}" if snapshot.commit else ""
    why = next((line(reason.message) for reason in decision.reasons if reason.action == decision.action), "")
    told = f"{words.ACTIONS[decision.action]}{': ' + shortened(why, 120) if why and decision.action != 'allow' else ''}"
    return (
        Text(f"{shortened(snapshot.id, 100)}{commit}"),
        Text(_size(size)),
        Text(shortened(words.governing(report), 60)),
        Text(words.TERMS[report.verdict.openness]),
        Text(told, _COLORS[decision.action]),
    )


def _size(size: float) -> str:
    """
    >>> _size(512), _size(4_212_345_678)
    ('512 B', '4.2 GB')
    """
    units = iter(("B", "kB", "MB", "GB", "TB"))
    unit = next(units)
    while size >= 1000 and unit != "TB":
        size, unit = size / 1000, next(units)
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
