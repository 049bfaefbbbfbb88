"""The facts and short sentences that the formats share: what a clause means, where it stands, how a verdict is worded.

Nothing here escapes for a format; every string that leaves has been cleaned of what cannot be seen.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

from licensecheck import judge, rules
from licensecheck.errors import RulesError
from licensecheck.render import clean
from licensecheck.types import Action, Clause, Conflict, Effect, Openness, Problem, Reason, Report, Scope

Level = Literal["error", "warning", "note"]

TERMS: dict[Openness, str] = {"open": "open", "not-open": "not open", "unclear": "unclear"}
ACTIONS: dict[Action, str] = {"allow": "allowed", "warn": "allowed with warnings", "deny": "refused", "undecided": "not decided"}
# What one reason says, where ACTIONS say what became of the whole repo.
WEIGHTS: dict[Action, str] = {"allow": "fine", "warn": "warning", "deny": "refused", "undecided": "not decided"}
EFFECTS: dict[Effect, str] = {"violation": "Takes freedoms away", "concern": "Needs a look", "info": "Good to know"}
SCOPES: dict[Scope, str] = {"weights": "weights", "data": "data", "code": "code", "all": "whole repo", "unclear": "scope not told"}
_FOR: dict[Scope, str] = {"weights": "weights", "data": "data", "code": "code", "all": "the whole repo", "unclear": "an untold part"}
NAMELESS = "terms without a name"
QUOTE_LIMIT = 600
_BRIEF = 1000
NOT_ADVICE = "A machine read these terms; where much hangs on them, let a person read the quoted lines."

# A carriage return is the first half of a line's end, or a blank.
_UNSEEN = re.compile(f"[{clean.UNSEEN}]|\r(?=\n)")


@dataclass(frozen=True, slots=True)
class About:
    """What one clause id means. `references` are (title, link) pairs; `explain` and `remedy` are empty where no rule file has them."""

    id: str
    title: str
    effect: Effect
    osd: tuple[str, ...]
    means: str
    explain: str = ""
    remedy: str = ""
    references: tuple[tuple[str, str], ...] = ()


def visible(text: str) -> str:
    r"""The text without unseen characters, in its lines: what XML and HTML can carry.

    >>> visible("a\r\n\x00b\u202e\uffff")
    'a\nb'
    """
    return _UNSEEN.sub("", text).replace("\r", " ")


@functools.cache
def about(clause_id: str) -> About:
    """What the taxonomy and the clause's own rule file say of an id; an id that neither knows is a concern without an explanation."""
    title = clause_id.replace(".", ": ").replace("-", " ")
    kind = rules.taxonomy().get(clause_id)
    if kind is None:
        return About(clean.line(clause_id), clean.line(title), "concern", (), "")
    try:
        raw = rules.load(f"clauses/{clause_id}.yaml")
    except RulesError:
        # The file may not exist; where it is broken, the rulebook says so before anything is rendered.
        raw = None
    entry = raw if isinstance(raw, dict) else {}
    return About(
        kind.id,
        title,
        kind.effect,
        kind.osd,
        clean.line(kind.means),
        clean.line(str(entry.get("explain") or "")),
        clean.line(str(entry.get("remedy") or "")),
        tuple(_reference(r) for r in entry.get("references") or ()),
    )


def _reference(raw: object) -> tuple[str, str]:
    if isinstance(raw, dict):
        link = str(raw.get("link") or raw.get("url") or "")
        return clean.line(str(raw.get("title") or raw.get("name") or link)), clean.line(link)
    return clean.line(str(raw)), clean.line(str(raw))


@functools.cache
def criterion(criterion_id: str) -> str:
    """A criterion with its title: "OSD 6, no discrimination …"; the bare id where the tables do not know it."""
    name = criterion_id.upper().replace(".", " ")
    titles = {c.id: c.title for c in judge.criteria()}
    return f"{name}, {titles[criterion_id]}" if criterion_id in titles else clean.line(name)


def level(clause: Clause) -> Level:
    """How loud a clause is: a violation we are sure of is an error, one we are not sure of and a concern are warnings."""
    match about(clause.id).effect:
        case "violation":
            return "warning" if clause.confidence == "low" else "error"
        case "concern":
            return "warning"
        case _:
            return "note"


def conflict_level(conflict: Conflict) -> Level:
    """A conflict's severity as a level."""
    return cast(Level, {"high": "error", "medium": "warning", "low": "note"}[conflict.severity])


def problem_level(problem: Problem) -> Level:
    """A problem that hides terms is a warning, any other a note."""
    return "warning" if problem.hides else "note"


def subject(report: Report) -> str:
    """The repo as asked: its id, and its commit in short."""
    snapshot = report.snapshot
    return clean.line(snapshot.id + (f"@{snapshot.commit[:12]}" if snapshot.commit else ""))


def headline(report: Report) -> str:
    """The first line of every report: what stands over the repo, and whether that is open."""
    return f"license terms: {TERMS[report.verdict.openness]} ({governing(report) or 'no license found'})"


def governing(report: Report) -> str:
    """The names of what governs, by scope: "LicenseRef-x for weights, MIT for code"."""
    return ", ".join(dict.fromkeys(f"{clean.line(g.license or g.name or NAMELESS)} for {_FOR[g.scope]}" for g in report.governing))


def ruling(report: Report) -> str:
    """Who says so: a body that ruled, or our own reading."""
    found = report.verdict.ruling
    if found is None:
        return "our reading"
    verb = {"approved": "approved by", "non-free": "called non-free by", "statement": "statement by"}[found.status]
    return clean.line(f"{verb} {found.by}" + (f", {found.date}" if found.date else ""))


def place(clause: Clause) -> str:
    """Where a clause stands: file and lines, or the record that is cited."""
    origin = f"{clause.inherited_from}: " if clause.inherited_from else ""
    if clause.start_line:
        end = f"-{clause.end_line}" if clause.end_line and clause.end_line > clause.start_line else ""
        return clean.line(f"{origin}{clause.path}, line{'s' if end else ''} {clause.start_line}{end}")
    cited = clause.citation
    if cited is None:
        return clean.line(f"{origin}{clause.path}")
    parts = [f"record of {cited.record}", cited.section or "", f"read {cited.date}" if cited.date else ""]
    return clean.line(origin + ", ".join(p for p in parts if p))


def params(clause: Clause) -> str:
    """The figures that a clause carries: "limit 700000000, period month"."""
    values = ((name, ", ".join(v) if isinstance(v, tuple) else f"{v}") for name, v in sorted(clause.params.items()))
    return clean.line(", ".join(f"{name} {value}" for name, value in values))


def quote(text: str, limit: int = QUOTE_LIMIT) -> str:
    """A quote in one line, cut to the limit."""
    return clean.shortened(text, limit)


def brief(text: str) -> str:
    """A foreign message or name in one line, cut where it is longer than any honest one."""
    return clean.shortened(text, _BRIEF)


def by_weight(clauses: Iterable[Clause]) -> dict[str, tuple[Clause, ...]]:
    """The clauses by id: violations first, then concerns, then the rest, each in the order found."""
    order = {"violation": 0, "concern": 1, "info": 2}
    found: dict[str, list[Clause]] = {}
    for clause in clauses:
        found.setdefault(clause.id, []).append(clause)
    return {name: tuple(found[name]) for name in sorted(found, key=lambda name: (order[about(name).effect], name))}


def tally(actions: Iterable[Action]) -> str:
    """How many repos got which answer: "1 refused, 2 allowed"."""
    counted = Counter(actions)
    return ", ".join(f"{counted[a]} {ACTIONS[a]}" for a in ("deny", "undecided", "warn", "allow") if counted[a]) or "nothing was checked"


def folded(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """The reasons, with the banned fields that the intended use does not touch told as one, in the place of the first."""
    every = list(reasons)
    fields = [r for r in every if r.action == "allow" and r.rule == "use" and (r.clause or "").startswith("field.") and not is_waived(r)]
    if len(fields) < 2:
        return tuple(every)
    names = ", ".join((r.clause or "").removeprefix("field.") for r in fields)
    one = Reason("allow", f"fields of use that are banned and not yours: {names}", rule="use")
    return tuple(one if r is fields[0] else r for r in every if r is fields[0] or r not in fields)


def is_waived(reason: Reason) -> bool:
    """Whether an exception turned the reason into a note."""
    return reason.message.startswith("waived until ")
