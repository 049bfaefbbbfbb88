"""Report and decision for one repo, for those who are about to download it; as a process of its own, it answers the guard.

`python -m licensecheck.gate` reads a question from standard input, one JSON object, and writes the answer to standard output.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, get_args

from licensecheck import analysis, policyfile
from licensecheck import policy as policies
from licensecheck.errors import LicenseCheckError
from licensecheck.hub import Hub
from licensecheck.render import clean
from licensecheck.selection import Policy
from licensecheck.store import Store
from licensecheck.types import Decision, RepoRef, Report, RepoType

MOST_REASONS = 3
_NOT_REACHED = frozenset({"unreachable", "timeout", "server-error", "not-a-hub", "rate-limited"})


def digest(policy: Policy) -> str:
    """ "sha256:…" over everything that a policy says, so that a record tells which one decided even after its file has changed."""
    return f"sha256:{hashlib.sha256(repr(policy).encode()).hexdigest()}"


def message(report: Report, decision: Decision) -> str:
    """One line for a person: the repo, what was decided, and the reasons that decided it."""
    snapshot = report.snapshot
    does = {
        "allow": "allowed by policy",
        "warn": "allowed with a warning by policy",
        "deny": "denied by policy",
        "undecided": "not decided by policy",
    }
    found = [reason.message.rstrip(".") for reason in decision.reasons if reason.action == decision.action]
    more = f"; and {len(found) - MOST_REASONS} more reasons" if len(found) > MOST_REASONS else ""
    why = f": {'; '.join(found[:MOST_REASONS])}{more}" if found and decision.action != "allow" else ""
    return clean.line(f"{snapshot.id}: {does[decision.action]} {decision.policy}{why}")


def look(ref: RepoRef, hub: Hub, at_hand: Hub, store: Store | None, *, follow_links: bool) -> Report:
    """The report on a repo. Where the Hub cannot be reached, it is on what `at_hand`, the same Hub offline, still knows."""
    options = analysis.Options(follow_links=follow_links)
    report = analysis.check(ref, hub=hub, store=store, options=options)
    if report.snapshot.commit is None and any(problem.kind in _NOT_REACHED for problem in report.problems):
        known = analysis.check(ref, hub=at_hand, store=store, options=options)
        return known if known.snapshot.commit else report
    return report


def answer(question: dict[str, Any], *, today: date) -> dict[str, Any]:
    """What the guard is told. Whatever goes wrong is an answer too: not decided, and why."""
    name = str(question.get("id"))
    try:
        if question.get("kind") not in get_args(RepoType):
            raise LicenseCheckError(f"licensecheck cannot look at a repo of the kind {question.get('kind')}")
        policy = policyfile.choose(question.get("policy"), Path.cwd())
        store = Store()
        cache = Path(question["cache"]) if question.get("cache") else None
        hub, at_hand = (
            Hub(question["endpoint"], offline=offline, cache_dir=cache, memory=store) for offline in (bool(question.get("offline")), True)
        )
        ref = RepoRef(given=name, id=name, type=question["kind"], revision=question["revision"])
        report = look(ref, hub, at_hand, store, follow_links=bool(question.get("follow_links")))
        decision = policies.decide(report, policy, today=today)
    except LicenseCheckError as error:
        return {"id": name, "action": "undecided", "message": clean.line(f"{name}: not decided: {error.message}")}
    return {
        "id": report.snapshot.id,
        "commit": report.snapshot.commit,
        "action": decision.action,
        "message": message(report, decision),
        "policy": decision.policy,
        "policy_digest": digest(policy),
        "rules": report.rules_digest,
        "reasons": [[r.action, clean.line(r.message), r.clause, r.rule] for r in decision.reasons],
    }


def main(arguments: Sequence[str] = ()) -> int:
    """Answers the one question on standard input. Links are followed where the environment says so, as for the commands."""
    follow_links = os.environ.get("LICENSECHECK_FOLLOW_LINKS", "").lower() in ("1", "true", "t", "yes", "y", "on")
    try:
        told = answer({"follow_links": follow_links} | json.load(sys.stdin), today=datetime.now(UTC).date())
    except KeyboardInterrupt:
        return 130
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
