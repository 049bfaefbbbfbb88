"""Report -> Decision: what a policy makes of what was found. Finds nothing itself and never changes a verdict.

One policy is built in, `open-source`: allow what OSI approved; allow with a warning other open terms and terms that are only claimed;
deny what is not open; undecided otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

from licensecheck.errors import PolicyError
from licensecheck.types import SUBJECT, Action, Clause, Decision, Reason, Report

OPEN_SOURCE = "open-source"
CLAIMS = ("tag", "card", "link")


@dataclass(frozen=True, slots=True)
class Policy:
    """What a user lets in."""

    name: str


def load(name: str) -> Policy:
    """The policy that a user named. Raises PolicyError for one that does not exist."""
    if name != OPEN_SOURCE:
        raise PolicyError(f"there is no policy {name!r}", f"the built-in policy is {OPEN_SOURCE!r}")
    return Policy(name)


def decide(report: Report, policy: Policy) -> Decision:
    """What the policy makes of the report. Reasons stand in the order of their weight."""
    reasons = tuple(_reasons(report))
    action: Action = {"not-open": "deny", "unclear": "undecided"}.get(report.verdict.openness, "allow")  # type: ignore[assignment]
    if action == "allow" and reasons:
        action = "warn"
    return Decision(action, policy.name, reasons)


def _reasons(report: Report) -> list[Reason]:
    match report.verdict.openness:
        case "not-open":
            return _denials(report)
        case "unclear":
            return [Reason("undecided", report.verdict.reason or "the terms are unclear", rule=OPEN_SOURCE)]
    scope = SUBJECT[report.snapshot.type]
    reasons = []
    governing = [g for g in report.governing if g.scope in (scope, "all", "unclear")]
    if any(g.basis in CLAIMS for g in governing):
        names = ", ".join(dict.fromkeys(g.license or g.name or "a license" for g in governing if g.basis in CLAIMS))
        reasons.append(Reason("warn", f"{names} is claimed, no text seen", rule=OPEN_SOURCE))
    if report.verdict.ruling is None:
        reasons.append(Reason("warn", "open terms by our reading; OSI has not ruled on them", rule=OPEN_SOURCE))
    reasons += [Reason("warn", f"{c.severity} conflict: {c.message}", rule=c.kind) for c in report.conflicts if c.severity != "low"]
    reasons += [Reason("warn", p.sentence, rule=p.stage) for p in report.problems]
    return reasons


def _denials(report: Report) -> list[Reason]:
    """One reason for each clause that violates a criterion, named once."""
    first: dict[str, Clause] = {}
    for judgement in report.verdict.criteria:
        if judgement.status == "violated":
            for index in judgement.because:
                first.setdefault(report.clauses[index].id, report.clauses[index])
    reasons = [Reason("deny", f"{c.id} ({c.inherited_from or c.path})", clause=c.id, rule=OPEN_SOURCE) for _, c in sorted(first.items())]
    return reasons or [Reason("deny", report.verdict.reason or "the terms are not open", rule=OPEN_SOURCE)]
