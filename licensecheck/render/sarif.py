"""Reports as SARIF 2.1.0, the format of code-scanning dashboards: rules with help, findings at their lines, stable fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from licensecheck import __version__, rules
from licensecheck.render import clean, links, words
from licensecheck.selection import is_selected
from licensecheck.types import Clause, Conflict, Decision, Problem, Reason, Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_MESSAGE = 1000


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """One SARIF log with one run: clauses, conflicts, problems and the policy's own reasons of all reports, in the order given.

    A waived finding stays, as suppressed. Fingerprints hold repo, rule, file and words, but neither commit nor lines: they stay
    when the text moves.
    """
    pairs = tuple(checked)
    seen: Counter[str] = Counter()
    results = [r for report, decision in pairs for r in _results(report, decision, seen)]
    used = sorted({r["ruleId"] for r in results})
    index = {name: n for n, name in enumerate(used)}
    for result in results:
        result["ruleIndex"] = index[result["ruleId"]]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "licensecheck",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(name) for name in used],
                "properties": {"rules": rules.digest()},
            }
        },
        "results": results,
    }
    if sources := _sources(pairs):
        run["versionControlProvenance"] = sources
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _sources(pairs: Sequence[tuple[Report, Decision]]) -> list[dict[str, str]]:
    found = {}
    for report, _ in pairs:
        address, commit = links.page(report), report.snapshot.commit
        if address and commit:
            found[address, commit] = {"repositoryUri": address, "revisionId": clean.line(commit)}
    return list(found.values())


def _results(report: Report, decision: Decision, seen: Counter[str]) -> Iterator[dict[str, Any]]:
    waived = [w for w in decision.waived if w.state == "used"]
    notes = {r.clause: r.message for r in decision.reasons if words.is_waived(r)}
    for clause in report.clauses:
        result = _clause(report, clause, seen)
        if waiver := next((w for w in waived if is_selected(clause.id, [w.subject])), None):
            why = f"{waiver.reason} (until {waiver.expires}" + (f", {waiver.owner})" if waiver.owner else ")")
        else:
            why = notes.get(clause.id, "")
        if why:
            result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": clean.line(why)}]
        yield result
    for conflict in report.conflicts:
        yield _conflict(report, conflict, seen)
    for problem in report.problems:
        yield _problem(report, problem, seen)
    for reason in decision.reasons:
        if reason.clause is None and reason.action != "allow":
            yield _reason(report, decision, reason, seen)


def _clause(report: Report, clause: Clause, seen: Counter[str]) -> dict[str, Any]:
    about = words.about(clause.id)
    said = f"“{words.quote(clause.quote)}”" if clause.quote else words.place(clause)
    figures = words.params(clause)
    text = f"{report.snapshot.id}: {about.title}{f' ({figures})' if figures else ''}: {said}"
    place = _location(report, clause.path, clause.start_line, clause.end_line, clause.quote, inherited_from=clause.inherited_from)
    result = _result(f"clause.{clause.id}", words.level(clause), text, place)
    key = (report.snapshot.id, clause.id, clause.inherited_from or "", clause.path, clause.quote or words.place(clause))
    if clause.citation and (link := links.web(clause.citation.link)):
        result["relatedLocations"] = [{"physicalLocation": {"artifactLocation": {"uri": link}}, "message": {"text": words.place(clause)}}]
    result["partialFingerprints"] = _fingerprint(key, seen)
    result["properties"] = {"confidence": clause.confidence, "source": clause.source, "repo": clean.line(report.snapshot.id)}
    return result


def _conflict(report: Report, conflict: Conflict, seen: Counter[str]) -> dict[str, Any]:
    places = [_location(report, s.path, s.start_line, s.start_line, s.quote) for s in conflict.sides] or [_location(report)]
    result = _result(f"conflict.{conflict.kind}", words.conflict_level(conflict), f"{report.snapshot.id}: {conflict.message}", places[0])
    if places[1:]:
        result["relatedLocations"] = places[1:]
    sides = [f"{s.path} {s.license}" for s in conflict.sides]
    result["partialFingerprints"] = _fingerprint((report.snapshot.id, conflict.kind, *sides), seen)
    return result


def _problem(report: Report, problem: Problem, seen: Counter[str]) -> dict[str, Any]:
    paths = {d.document.path for d in report.documents}
    path = problem.subject if problem.subject in paths else ""
    parts = (problem.subject, problem.message, f"“{words.quote(problem.quote)}”" if problem.quote else "", problem.hint)
    place = _location(report, path, problem.start_line if path else None, None, problem.quote)
    result = _result(
        f"problem.{problem.kind or problem.stage}",
        words.problem_level(problem),
        f"{report.snapshot.id}: " + ": ".join(p for p in parts if p),
        place,
    )
    key = (report.snapshot.id, problem.stage, problem.kind, problem.subject, problem.quote or problem.message)
    result["partialFingerprints"] = _fingerprint(key, seen)
    return result


def _reason(report: Report, decision: Decision, reason: Reason, seen: Counter[str]) -> dict[str, Any]:
    level: words.Level = "error" if reason.action == "deny" else "warning"
    text = f"{report.snapshot.id}: {words.ACTIONS[reason.action]} by policy {decision.policy}: {reason.message}"
    result = _result(f"policy.{reason.action}", level, text, _location(report))
    result["partialFingerprints"] = _fingerprint((report.snapshot.id, reason.action, reason.rule or "", reason.message), seen)
    return result


def _result(rule: str, level: words.Level, text: str, place: dict[str, Any]) -> dict[str, Any]:
    return {"ruleId": clean.line(rule), "level": level, "message": {"text": clean.shortened(text, _MESSAGE)}, "locations": [place]}


def _location(
    report: Report,
    path: str = "",
    start: int | None = None,
    end: int | None = None,
    quote: str | None = None,
    *,
    inherited_from: str | None = None,
) -> dict[str, Any]:
    """A place in a document; the whole repo without a path. Lines of a gate prompt are not lines of its file and are left out."""
    address = links.uri(report, path, inherited_from=inherited_from) or links.uri(report) or links.file_of(path) or report.snapshot.id
    physical: dict[str, Any] = {"artifactLocation": {"uri": clean.line(address)}}
    if start and start > 0 and not links.is_gate(path):
        physical["region"] = {"startLine": start} | ({"endLine": end} if end and end > start else {})
        if quote:
            physical["region"]["snippet"] = {"text": words.quote(quote)}
    place: dict[str, Any] = {"physicalLocation": physical}
    if links.is_gate(path):
        lines = f", line {start} of the prompt" if start else ""
        place["logicalLocations"] = [{"fullyQualifiedName": clean.line(path) + lines, "kind": "property"}]
    return place


def _fingerprint(key: Iterable[str], seen: Counter[str]) -> dict[str, str]:
    digest = hashlib.sha256("\0".join(clean.line(k) for k in key).encode()).hexdigest()
    seen[digest] += 1
    # The same words may stand in a file twice: the second finding needs its own name.
    return {"licensecheck/v1": f"{digest[:32]}:{seen[digest]}"}


_FAMILIES = {
    "conflict": (
        "Two places say different things about the license",
        "The card, the license tag, a license file or a parent model disagree about the same material. Which one holds is not for a tool "
        "to decide: the stricter one counts here. Ask the licensor to correct the repo, or keep to the stricter terms.",
    ),
    "problem": (
        "Something could not be seen",
        "A file, a gate, a page or a sentence could not be read or understood, so that terms may be hidden there. Nothing that was not "
        "seen counts as allowed. The message says what to do next.",
    ),
    "policy": (
        "The policy's own finding",
        "A rule of your policy, other than one about a clause, decided this. Choose another model, change the policy, or record an "
        "exception with a reason.",
    ),
}


def _rule(name: str) -> dict[str, Any]:
    family, _, rest = name.partition(".")
    if family == "clause":
        return _clause_rule(words.about(rest))
    title, text = _FAMILIES[family]
    return {
        "id": name,
        "name": name,
        "shortDescription": {"text": f"{title}: {rest.replace('-', ' ')}"},
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "error" if name == "policy.deny" else "warning"},
        "properties": {"tags": ["license", family], "precision": "high", "problem.severity": "warning"},
    }


def _clause_rule(about: words.About) -> dict[str, Any]:
    level: words.Level = {"violation": "error", "concern": "warning", "info": "note"}[about.effect]  # type: ignore[assignment]
    criteria = [words.criterion(c) for c in about.osd]
    broken = f"Speaks against {'; '.join(criteria)}." if criteria and about.effect != "info" else ""
    remedy = f"What to do: {about.remedy}" if about.remedy else ""
    read_more = [f"{title}: {link}" if title != link else link for title, link in about.references]
    parts = [p for p in (about.means, about.explain, broken, remedy, *read_more) if p] or [about.title]
    rule: dict[str, Any] = {
        "id": f"clause.{about.id}",
        "name": about.id,
        "shortDescription": {"text": f"{words.EFFECTS[about.effect]}: {about.title}"},
        "fullDescription": {"text": clean.shortened(about.explain or about.means or about.title, _MESSAGE)},
        "help": {"text": "\n\n".join(parts), "markdown": f"**{about.title}**\n\n" + "\n\n".join(parts)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["license", about.id.partition(".")[0], *about.osd],
            "precision": "high",
            "problem.severity": "recommendation" if level == "note" else level,
        },
    }
    if link := next((safe for _, link in about.references if (safe := links.web(link))), None):
        rule["helpUri"] = link
    return rule
