"""Reports and readings as JSON: the contract that scripts build on. Equal inputs give equal bytes.

Characters that could move a terminal's cursor or reorder its lines are written as escapes; every other one stands as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from licensecheck import __version__, rules
from licensecheck.render import clean
from licensecheck.types import Ancestor, Clause, Decision, Identity, Problem, Reading, Report, Ruling, Verdict

if TYPE_CHECKING:
    from licensecheck.scan import Scan

SCHEMA = 1
_UNSEEN = re.compile(f"[{clean.UNSEEN}\u2028\u2029]")


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """What `check` prints: one object, with the reports in the order given."""
    return _written({**_head(), "reports": [_report(report, decision) for report, decision in checked]})


def scanned(scan: Scan, checked: Iterable[tuple[Report, Decision]] | None) -> str:
    """What `scan` prints: the places that name repos, and the reports on these where they were asked for."""
    found = {
        "files": scan.files,
        "uses": [
            {
                "path": u.path,
                "line": u.line,
                "id": u.ref.id,
                "type": u.ref.type,
                "revision": u.ref.revision,
                "pinned": u.is_pinned,
                "how": u.how,
                "waiver": u.waiver,
            }
            for u in scan.uses
        ],
        "untold": [{"path": u.path, "line": u.line, "how": u.how} for u in scan.untold],
        "problems": [_problem(p) for p in scan.problems],
    }
    reported = {} if checked is None else {"reports": [_report(report, decision) for report, decision in checked]}
    return _written({**_head(), "scan": found, **reported})


def readings(read: Iterable[tuple[Reading, Verdict]]) -> str:
    """What `text` prints: one object, with the readings in the order given."""
    return _written({**_head(), "readings": [_reading(reading, verdict) for reading, verdict in read]})


def _head() -> dict[str, Any]:
    return {"schema": SCHEMA, "tool": {"name": "licensecheck", "version": __version__, "rules": rules.digest()}}


def _written(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False)
    return _UNSEEN.sub(lambda m: _escaped(m.group()), text) + "\n"


def _escaped(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) != 0x7F else "\\u007f"


def _reading(reading: Reading, verdict: Verdict) -> dict[str, Any]:
    return {
        "path": reading.path,
        "digest": reading.digest,
        "language": reading.language,
        "identity": _identity(reading.identity),
        "clauses": [_clause(c) for c in reading.clauses],
        "verdicts": {"osd": _verdict(verdict)},
        "problems": [_problem(p) for p in reading.problems],
    }


def _report(report: Report, decision: Decision) -> dict[str, Any]:
    snapshot = report.snapshot
    card = snapshot.card
    return {
        "repo": {
            "id": snapshot.id,
            "type": snapshot.type,
            "revision": snapshot.revision,
            "commit": snapshot.commit,
            "url": snapshot.url,
            "gated": snapshot.gated,
        },
        "declared": {
            "license": list(card.license),
            "license_name": card.license_name,
            "license_link": card.license_link,
            "ids": list(report.declared_ids),
            "base_models": [{"id": b.id, "relation": b.relation} for b in card.base_models],
        },
        "statements": [
            {
                "license": s.license,
                "clauses": list(s.clauses),
                "scope": s.scope,
                "quote": s.quote,
                "path": s.path,
                "start_line": s.start_line,
                "end_line": s.end_line,
            }
            for s in report.statements
            if not s.is_weak  # a badge is drawn by a third site and says little
        ],
        "documents": [
            {
                "path": d.document.path,
                "role": d.document.role,
                "scope": d.document.scope,
                "digest": d.document.digest,
                "identity": _identity(d.reading.identity),
            }
            for d in report.documents
        ],
        "governing": [
            {"scope": g.scope, "license": g.license, "name": g.name, "basis": g.basis, "paths": list(g.paths)} for g in report.governing
        ],
        "clauses": [{**_clause(c), "inherited_from": c.inherited_from} for c in report.clauses],
        "verdicts": {"osd": _verdict(report.verdict)},
        "conflicts": [
            {
                "kind": c.kind,
                "severity": c.severity,
                "message": c.message,
                "sides": [{"path": s.path, "license": s.license, "quote": s.quote, "start_line": s.start_line} for s in c.sides],
                "lost": list(c.lost),
            }
            for c in report.conflicts
        ],
        "lineage": [_ancestor(a) for a in report.lineage],
        "datasets": [_ancestor(a) for a in report.datasets],
        "problems": [_problem(p) for p in report.problems],
        "decision": {
            "action": decision.action,
            "policy": decision.policy,
            "reasons": [{"action": r.action, "message": r.message, "clause": r.clause, "rule": r.rule} for r in decision.reasons],
            "waived": [
                {"repo": w.repo, "subject": w.subject, "reason": w.reason, "owner": w.owner, "expires": w.expires, "state": w.state}
                for w in decision.waived
            ],
            "obligations": [{"message": r.message, "clause": r.clause} for r in decision.obligations],
        },
    }


def _ancestor(ancestor: Ancestor) -> dict[str, Any]:
    hint = {"confidence": ancestor.confidence, "because": ancestor.because} if ancestor.is_hint else {}
    return {
        "id": ancestor.id,
        "relation": ancestor.relation,
        "depth": ancestor.depth,
        "commit": ancestor.commit,
        "license": ancestor.license,
        "openness": ancestor.openness,
        "path": list(ancestor.path),
        "is_hint": ancestor.is_hint,
    } | hint


def _identity(identity: Identity) -> dict[str, Any]:
    return {
        "grade": identity.grade,
        "license": identity.license,
        "name": identity.name,
        "score": round(identity.score, 4),
        "added": [{"quote": a.quote, "start_line": a.start_line, "end_line": a.end_line} for a in identity.added],
        "missing": identity.missing,
    }


def _clause(clause: Clause) -> dict[str, Any]:
    kind = rules.taxonomy()[clause.id]
    cited = clause.citation
    return {
        "id": clause.id,
        "effect": kind.effect,
        "osd": list(kind.osd),
        "params": {name: _plain(value) for name, value in sorted(clause.params.items())},
        "path": clause.path,
        "quote": clause.quote,
        "start_line": clause.start_line,
        "end_line": clause.end_line,
        "source": clause.source,
        "citation": {"record": cited.record, "section": cited.section, "link": cited.link, "date": cited.date} if cited else None,
        "confidence": clause.confidence,
    }


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        "openness": verdict.openness,
        "ruling": _ruling(verdict.ruling),
        "criteria": {j.criterion: {"status": j.status, "because": list(j.because)} for j in verdict.criteria},
    }


def _ruling(ruling: Ruling | None) -> dict[str, Any] | None:
    return {"by": ruling.by, "status": ruling.status, "link": ruling.link, "date": ruling.date} if ruling else None


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "stage": problem.stage,
        "subject": problem.subject,
        "message": problem.message,
        "hint": problem.hint,
        "hides": list(problem.hides),
    } | ({"kind": problem.kind, "quote": problem.quote, "start_line": problem.start_line} if problem.quote else {})


def _plain(value: object) -> object:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
