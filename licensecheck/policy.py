"""Report -> Decision: what a policy makes of what was found. Finds nothing itself and never changes a verdict.

Denied unless allowed. What several parts of a policy say adds up: of allow, warn and deny for the same thing the strictest counts, so
that the order of rules never matters, a further ban never lets anything in, and a further permission never shuts anything out.
Policies are read from files by `policyfile.py`; single clauses are held against the intended use by `use.py`; exceptions are `waivers.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from licensecheck import names, records, rules, use
from licensecheck.selection import Clarification, Policy, Selection, Undecided, glob, is_license, is_selected
from licensecheck.types import (
    SUBJECT,
    Action,
    Clause,
    Conflict,
    Decision,
    Governing,
    Openness,
    Problem,
    Reason,
    Report,
    Ruling,
)
from licensecheck.waivers import Finding, digests, waived

CLAIMS = ("tag", "card", "link")
WEIGHT: tuple[Action, ...] = ("deny", "undecided", "warn", "allow")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def decide(report: Report, policy: Policy, *, today: date) -> Decision:
    """What the policy makes of the report on a day, which decides which exceptions still hold.

    Reasons stand in the order of their weight; what was waived stays among them, and every exception that fits the repo is told with
    what became of it.
    """
    case = _case(report, policy)
    found = [Finding(r) for r in _clarified(case)]
    for part in (_terms, _licenses, _named, _applied, _demands, _ancestors, _guessed, _conflicts, _notes):
        found += part(case)
    kept, waivers = waived(report, policy.exceptions, found, today)
    reasons = sorted((_settled(reason, policy.undecided) for reason in dict.fromkeys(kept)), key=lambda r: WEIGHT.index(r.action))
    action = reasons[0].action if reasons else "allow"
    return Decision(action, policy.name, tuple(reasons), tuple(waivers), tuple(dict.fromkeys(_obligations(case))))


@dataclass(frozen=True, slots=True)
class _Case:
    """A report as the policy looks at it: the rules that fit it, and a person's clarification in place of what was unclear."""

    report: Report
    policy: Policy
    allow: Selection
    warn: Selection
    deny: Selection
    openness: Openness
    ruling: Ruling | None
    governing: tuple[Governing, ...]
    clauses: tuple[Clause, ...]
    violating: tuple[Clause, ...]
    hidden: tuple[Problem, ...]
    clarification: Clarification | None = None

    def licenses(self, clause: Clause) -> tuple[str, ...]:
        """The ids of the license whose words or record the clause comes from."""
        cited = (clause.citation.record,) if clause.citation else ()
        if clause.inherited_from:
            return (*cited, *(a.license for a in self.report.lineage if a.id == clause.inherited_from and a.license))
        read = (d.reading.identity for d in self.report.documents if d.document.path == clause.path and not clause.citation)
        return (*cited, *(i.license for i in read if i.grade == "exact" and i.license))


def _case(report: Report, policy: Policy) -> _Case:
    snapshot, verdict = report.snapshot, report.verdict
    fitting = [rule for rule in policy.rules if rule.fits(snapshot.id, snapshot.type)]
    scope = SUBJECT[snapshot.type]
    scopes = (scope, "all", "unclear")
    because = {i for j in verdict.criteria if j.status == "violated" for i in j.because}
    case = _Case(
        report,
        policy,
        allow=_sum(rule.allow for rule in fitting),
        warn=_sum(rule.warn for rule in fitting),
        deny=_sum(rule.deny for rule in fitting),
        openness=verdict.openness,
        ruling=verdict.ruling,
        governing=tuple(g for g in report.governing if g.scope in scopes),
        clauses=report.clauses,
        violating=tuple(c for i, c in enumerate(report.clauses) if i in because),
        hidden=tuple(p for p in report.problems if any(s in scopes for s in p.hides)),
    )
    found = next((c for c in policy.clarifications if _clarifies(c, report)), None)
    if found is None or verdict.openness != "unclear":
        return case
    openness, ruling = records.standing(found.license)
    record = records.record(found.license)
    parts = [record, *(r for i in record.incorporates if (r := records.record(i)))] if record else []
    clauses = tuple(c for part in parts for c in records.clauses(part, policy.name))
    kinds = rules.taxonomy()
    return replace(
        case,
        openness=openness,
        ruling=ruling,
        governing=(Governing(scope, found.license, record.name if record else None, "card", (policy.name,)),),
        clauses=(*report.clauses, *clauses),
        violating=tuple(c for c in clauses if kinds[c.id].effect == "violation"),
        hidden=(),
        clarification=found,
    )


def _sum(selections: Iterable[Selection]) -> Selection:
    every = list(selections)
    return Selection(
        licenses=tuple(dict.fromkeys(v for s in every for v in s.licenses)),
        openness=tuple(dict.fromkeys(v for s in every for v in s.openness)),
        clauses=tuple(dict.fromkeys(v for s in every for v in s.clauses)),
        conflicts=tuple(dict.fromkeys(v for s in every for v in s.conflicts)),
    )


def _clarifies(clarification: Clarification, report: Report) -> bool:
    fits = glob(report.snapshot.id, clarification.repo) and report.snapshot.commit == clarification.commit
    return fits and (clarification.digest is None or clarification.digest in digests(report))


# What the policy holds against a report


def _clarified(case: _Case) -> Iterator[Reason]:
    """Each clarification for the repo: the one that settles it, and those that no longer do."""
    snapshot = case.report.snapshot
    for c in case.policy.clarifications:
        by = f" ({c.reason}{f', {c.owner}' if c.owner else ''})"
        if c is case.clarification:
            yield Reason("warn", f"{c.license} by the policy's own finding{by}", rule="clarify")
        elif not glob(snapshot.id, c.repo):
            continue
        elif not _clarifies(c, case.report):
            what = f"it was made for commit {c.commit[:12]}" if snapshot.commit != c.commit else "the text that was read is gone"
            yield Reason("allow", f"the clarification {c.license} lapsed: {what}{by}", rule="clarify")
        else:
            yield Reason("allow", f"the clarification {c.license} is not used: the terms are {case.openness}{by}", rule="clarify")


def _is_covered(case: _Case) -> bool:
    """Whether every license that governs is allowed by name; one of them is enough where the card offers a choice in one tag."""
    tags = case.report.snapshot.card.license
    is_choice = len(tags) == 1 and names.resolve(tags[0]).operator == "OR" and all(g.basis == "tag" for g in case.governing)
    allowed = [is_license(g.license, case.allow.licenses) for g in case.governing]
    return bool(allowed) and (any(allowed) if is_choice else all(allowed))


def _terms(case: _Case) -> Iterator[Finding]:
    """Whether the terms are let in at all: by their openness, by the license's name, or because each clause against them is allowed."""
    is_covered = _is_covered(case)
    if case.openness == "unclear":
        # NOTE: a license's name settles only what is unclear about the license itself.
        is_settled = is_covered and any(records.standing(g.license or "")[0] == "unclear" for g in case.governing)
        if case.hidden or not (is_settled or "unclear" in case.allow.openness):
            # NOTE: what could not be seen belongs to no license, so that no exception for one covers it.
            yield Finding(_undecided(case.report.verdict.reason or "the terms are unclear"), () if case.hidden else _ids(case))
        elif "unclear" not in case.allow.openness:
            yield from _doubtful(case)
        return
    if case.openness not in case.allow.openness:
        yield from _not_let_in(case, is_covered)
    if case.openness == "not-open":
        yield from (Finding(_undecided(p.sentence)) for p in case.hidden)
        if "unclear" not in case.allow.openness:
            yield from _masked(case)


def _doubtful(case: _Case) -> Iterator[Finding]:
    """What would break a criterion if it were read rightly, and is neither allowed nor of an allowed license."""
    kinds = rules.taxonomy()
    weak = [c for c in case.clauses if c.confidence == "low" and kinds[c.id].effect == "violation"]
    for group in _by_id(_not_allowed(case, weak)).values():
        message = f"{group[0].id} ({_where(group[0])}) was read with low confidence"
        yield Finding(Reason("undecided", message, group[0].id, "terms"), case.licenses(group[0]))


def _not_allowed(case: _Case, clauses: Iterable[Clause]) -> list[Clause]:
    return [
        c
        for c in clauses
        if not is_selected(c.id, case.allow.clauses) and not any(is_license(i, case.allow.licenses) for i in case.licenses(c))
    ]


def _masked(case: _Case) -> Iterator[Finding]:
    """What would be unclear by itself, behind clauses that the policy lets pass: one known fault makes nothing else known."""
    guilty = {c.path for c in case.violating}
    for g in case.governing:
        if g.basis == "parent":
            continue  # the ancestors' turn comes below
        if g.license is None and not guilty & set(g.paths):
            yield Finding(_undecided(f"{g.name or 'a text'} is no known license; nothing found that takes freedoms away grants nothing"))
        elif g.license and records.standing(g.license)[0] == "unclear" and not is_license(g.license, case.allow.licenses):
            yield Finding(_undecided(f"{g.license}: nothing is known that makes it open or not open"), (g.license,))
    for a in case.report.lineage:
        if a.openness == "unclear" and not a.is_hint and not is_license(a.license, case.allow.licenses):
            yield Finding(_undecided(f"the terms of the ancestor {a.id} are unclear"), (a.license,) if a.license else ())


def _not_let_in(case: _Case, is_covered: bool) -> Iterator[Finding]:
    if case.openness == "not-open" and case.violating:
        for group in _by_id(_not_allowed(case, case.violating)).values():
            first = group[0]
            yield Finding(Reason("deny", f"{first.id} ({_where(first)})", first.id, "terms"), case.licenses(first))
    if case.openness == "not-open":
        yield from _doubtful(case)
    if not is_covered and not (case.openness == "not-open" and case.violating and case.ruling is None):
        called = " + ".join(dict.fromkeys(g.license or g.name or "unknown terms" for g in case.governing)) or "no license"
        words = case.report.verdict.reason if case.openness == "not-open" else ""
        message = words or f"{called} is not among what the policy allows"
        yield Finding(Reason("deny", message, rule="terms"), _ids(case))


def _licenses(case: _Case) -> Iterator[Finding]:
    """Licenses denied or warned of by name, wherever they stand: governing, claimed, or those of an ancestor."""
    report = case.report
    found = dict.fromkeys((*_ids(case), *report.declared_ids, *(a.license for a in report.lineage if a.license and not a.is_hint)))
    for name in sorted(found):
        if is_license(name, case.deny.licenses):
            yield Finding(Reason("deny", f"the policy denies {name}", rule="deny.licenses"), (name,))
        elif is_license(name, case.warn.licenses):
            yield Finding(Reason("warn", f"the policy warns of {name}", rule="warn.licenses"), (name,))


def _named(case: _Case) -> Iterator[Finding]:
    """Clauses denied or warned of by id, group or criterion. Words that were read with low confidence are for a person to decide."""
    for name, group in sorted(_by_id(case.clauses).items()):
        clause = max(group, key=lambda c: c.confidence != "low")
        place = _where(clause)
        if is_selected(name, case.deny.clauses):
            action: Action = "undecided" if clause.confidence == "low" else "deny"
            yield Finding(Reason(action, f"the policy denies {name} ({place})", name, "deny.clauses"), case.licenses(clause))
        elif is_selected(name, case.warn.clauses):
            yield Finding(Reason("warn", f"the policy warns of {name} ({place})", name, "warn.clauses"), case.licenses(clause))


def _uses(case: _Case) -> Iterator[tuple[Clause, use.Applied]]:
    """Each clause held against the intended use; what is said twice is told once."""
    if case.policy.use is None:
        return
    seen = set()
    for clause in case.clauses:
        found = use.apply(clause, case.policy.use, licenses=case.licenses(clause), tags=case.report.snapshot.card.tags)
        if found not in seen:
            seen.add(found)
            yield clause, found


def _applied(case: _Case) -> Iterator[Finding]:
    """What the intended use meets. Terms that are open by a ruling or a review stay so: what they ask is told, and denies nothing."""
    kinds = rules.taxonomy()
    for clause, found in sorted(_uses(case), key=lambda pair: (pair[1].clause.partition(".")[0] == "field", pair[1].clause)):
        licenses, message = case.licenses(clause), f"{found.clause}: {found.message}"
        is_open = case.openness == "open"
        if found.outcome == "bites":
            yield Finding(Reason("warn" if is_open else "deny", message, found.clause, "use"), licenses)
        elif found.outcome == "undecided" and not is_open and not is_selected(found.clause, case.allow.clauses):
            yield Finding(Reason("undecided", f"{message}; not known: {', '.join(found.missing)}", found.clause, "use"), licenses)
        elif found.outcome == "risk" and not is_open and not is_selected(found.clause, case.allow.clauses):
            yield Finding(Reason("warn", message, found.clause, "use"), licenses)
        elif found.outcome == "free" and kinds[found.clause].effect == "violation":
            yield Finding(Reason("allow", message, found.clause, "use"), licenses)


def _obligations(case: _Case) -> Iterator[Reason]:
    """What the terms ask to be done, sorted by clause."""
    for clause, found in sorted(_uses(case), key=lambda pair: pair[1].clause):
        if found.outcome == "duty":
            place = f"{clause.path}:{clause.start_line}" if clause.start_line else _where(clause)
            yield Reason("allow", f"{found.message} ({place})", found.clause, "use")


def _demands(case: _Case) -> Iterator[Finding]:
    """What a policy asks of every repo: a text, a ruling, a commit instead of a branch."""
    snapshot = case.report.snapshot
    if "text" in case.policy.require and (claims := _claimed(case)) and not case.clarification:
        yield Finding(Reason("deny", f"{claims} is claimed, and the policy asks for the text", rule="require.text"), _ids(case))
    if "ruling" in case.policy.require and case.openness == "open" and not (case.ruling and case.ruling.status == "approved"):
        yield Finding(Reason("deny", "OSI has not approved these terms, and the policy asks for that", rule="require.ruling"), _ids(case))
    if "pinned" in case.policy.require and snapshot.ref.folder is None and not _COMMIT.fullmatch(snapshot.ref.revision or ""):
        pin = f"{snapshot.id}@{snapshot.commit}" if snapshot.commit else "org/name@commit"
        yield Finding(Reason("deny", f"the revision is not pinned to a commit, which the policy asks for: {pin}", rule="require.pinned"))


def _ancestors(case: _Case) -> Iterator[Finding]:
    """Ancestors whose terms are not known, deeper than the policy bears."""
    most = case.policy.unknown_ancestors
    if most is None:
        return
    depths = {a.id: a.depth for a in case.report.lineage if a.openness == "unclear" and not a.is_hint}
    depths = {p.subject: 1 for p in case.report.problems if p.kind == "parent-unseen"} | depths
    for name, depth in sorted(depths.items()):
        if depth > most:
            yield Finding(Reason("deny", f"the terms of the ancestor {name} (depth {depth}) are not known", rule="unknown-ancestors"))


def _guessed(case: _Case) -> Iterator[Finding]:
    """Ancestors that were only guessed: a guess refuses nothing, but a person should know of it before the terms are taken for open."""
    for a in case.report.lineage:
        is_denied = is_license(a.license, case.deny.licenses)
        if a.is_hint and (is_denied or (case.openness == "open" and a.openness == "not-open")):
            terms = "which the policy denies" if is_denied else "not open"
            message = f"maybe made from {a.id} ({a.license or 'terms without a name'}, {terms}): a guess of {a.confidence} confidence"
            yield Finding(Reason("undecided" if is_denied else "warn", message, rule="guess"), (a.license,) if a.license else ())


def _conflicts(case: _Case) -> Iterator[Finding]:
    for conflict in case.report.conflicts:
        message = f"{conflict.severity} conflict: {conflict.message}"
        licenses = tuple(side.license for side in conflict.sides if side.license)
        if _is_meant(conflict, case.deny.conflicts):
            yield Finding(Reason("deny", message, rule=conflict.kind), licenses)
        elif conflict.severity != "low" or _is_meant(conflict, case.warn.conflicts):
            yield Finding(Reason("warn", message, rule=conflict.kind), licenses)


def _is_meant(conflict: Conflict, selectors: Sequence[str]) -> bool:
    return conflict.kind in selectors or conflict.severity in selectors


def _notes(case: _Case) -> Iterator[Finding]:
    """What a person should know of terms that are let in."""
    if case.openness == "open":
        if (claims := _claimed(case)) and not case.clarification:
            yield Finding(Reason("warn", f"{claims} is claimed, no text seen", rule="claim"), _ids(case))
        if case.ruling is None:
            yield Finding(Reason("warn", "open terms by our reading; OSI has not ruled on them", rule="no-ruling"), _ids(case))
    if case.openness == "open" or case.clarification:
        yield from (Finding(Reason("warn", p.sentence, rule=p.stage)) for p in case.report.problems)


def _claimed(case: _Case) -> str:
    return ", ".join(dict.fromkeys(g.license or g.name or "a license" for g in case.governing if g.basis in CLAIMS))


def _ids(case: _Case) -> tuple[str, ...]:
    return tuple(dict.fromkeys(g.license for g in case.governing if g.license))


def _where(clause: Clause) -> str:
    """Where a clause comes from: an ancestor, a license's record, or a file."""
    return clause.inherited_from or (f"record of {clause.citation.record}" if clause.citation and not clause.quote else clause.path)


def _by_id(clauses: Iterable[Clause]) -> dict[str, list[Clause]]:
    groups: dict[str, list[Clause]] = {}
    for clause in clauses:
        groups.setdefault(clause.id, []).append(clause)
    return dict(sorted(groups.items()))


def _undecided(message: str) -> Reason:
    return Reason("undecided", message, rule="undecided")


def _settled(reason: Reason, undecided: Undecided) -> Reason:
    return replace(reason, action=undecided) if reason.action == "undecided" and undecided != "fail" else reason
