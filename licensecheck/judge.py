"""Judges by the Open Source Definition: what the clauses of a text, and of all texts of a repo, add up to. Takes no options.

The clauses may come from the rules or from a license's record; judging never asks which. The tables are rules/criteria/osd.yaml
(the criteria) and rules/taxonomy.yaml (which clause breaks which criterion, and with what effect).
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from licensecheck import records, rules
from licensecheck.errors import RulesError
from licensecheck.types import Clause, Identity, Judgement, Openness, Problem, Ruling, Scope, Status, Verdict

# From the least open to the most: a repo is as open as the least open thing that speaks about it.
OPENNESS: tuple[Openness, ...] = ("not-open", "unclear", "open")
# From the worst to the best, as one criterion's status is joined over several texts.
STATUSES: tuple[Status, ...] = ("violated", "doubtful", "unknown", "met", "not-judged")

UNREAD_PROHIBITION = "unread-prohibition"
NOT_IDENTIFIED = Identity("unknown")
NO_LICENSE = "no license found: without one, all rights are reserved"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion, in the project's own words. `is_judged` is false where the terms of weights cannot answer it."""

    id: str
    title: str
    asks: str
    explain: str
    remedy: str
    link: str
    is_judged: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """One thing that speaks about the judged material: its clauses, and its verdict, whose `because` counts in those clauses.

    A license text or a claimed license grants; a gate prompt, a notice or a sentence of the card only takes away.
    """

    verdict: Verdict
    clauses: tuple[Clause, ...] = ()
    grants: bool = True


@functools.cache
def criteria() -> tuple[Criterion, ...]:
    """The ten criteria, in the definition's order."""
    raw = cast(dict[str, Any], rules.load("criteria/osd.yaml"))
    try:
        return tuple(
            Criterion(c["id"], c["title"], c["asks"], c["explain"], c["remedy"], raw["link"], c.get("judged", True))
            for c in raw["criteria"]
        )
    except (KeyError, TypeError) as error:
        raise RulesError(f"{rules.folder() / 'criteria/osd.yaml'}: a criterion lacks {error}", "compare it with its neighbours") from error


def judge(clauses: Sequence[Clause], identity: Identity, problems: Sequence[Problem] = ()) -> Verdict:
    """The verdict on one license text, from its clauses, what it is, and what of it could not be read.

    Equal words to a text that OSI approved, or that the open-terms list names, are open whatever the rules find in them.
    Every other text is not open by a clause of effect violation on high or medium confidence, and unclear otherwise:
    silence grants nothing.
    """
    standing, ruling = _standing(identity)
    unseen = [p for p in problems if p.hides and p.kind != UNREAD_PROHIBITION]
    if standing == "open" and not unseen:
        return Verdict("open", ruling, _judgements((), silent="met"))
    judged = _judgements(clauses, silent="unknown")
    if standing == "not-open" or _is_violated(judged):
        return Verdict("not-open", ruling, judged, "terms take freedoms away")
    return Verdict("unclear", None, judged, _why_unclear(identity, problems))


def judge_restraint(clauses: Sequence[Clause], problems: Sequence[Problem] = ()) -> Verdict:
    """The verdict on words that grant nothing and may only take away: a gate prompt, a notice, a sentence of a card.

    Silence there restricts nothing ("open"); a concern, a doubtful clause or an unread stretch makes it unclear.
    """
    judged = _judgements(clauses, silent="met")
    if _is_violated(judged):
        return Verdict("not-open", None, judged, "terms take freedoms away")
    if problems or any(j.status == "doubtful" for j in judged):
        return Verdict("unclear", None, judged, "words beside the license may take freedoms away")
    return Verdict("open", None, judged)


def judge_claim(license_id: str, clauses: Sequence[Clause]) -> Verdict:
    """The verdict on a license that is only claimed, by a tag or a sentence, and whose text was not seen.

    `clauses` are those of its record, with their citations. A license without a record, or a family of licenses, is unclear.
    """
    return judge(clauses, Identity("exact", license_id, score=1.0))


def doubt(reason: str) -> Verdict:
    """The verdict where something other than a clause leaves the terms unclear."""
    return Verdict("unclear", None, _judgements((), silent="unknown"), reason)


def judge_repo(terms: Sequence[Terms], problems: Sequence[Problem], scope: Scope) -> Verdict:
    """The verdict on a repo's material of `scope`, over everything that speaks about it.

    `because` counts in the clauses of all `terms`, one after the other. A problem that may hide terms of the scope, and
    the absence of any license, leave it unclear.
    """
    judged = _join(terms)
    granting = [t for t in terms if t.grants]
    least = min((t.verdict.openness for t in terms), key=OPENNESS.index, default="open")
    ruling = _joint(t.verdict.ruling for t in granting)
    if least == "not-open":
        reason = next(t.verdict.reason for t in terms if t.verdict.openness == "not-open")
        return Verdict("not-open", ruling if ruling and ruling.status != "approved" else None, judged, reason)
    hidden = next((p for p in problems if any(s in (scope, "all", "unclear") for s in p.hides)), None)
    reasons = [t.verdict.reason for t in terms if t.verdict.openness == "unclear"]
    if hidden:
        reasons.append(hidden.sentence)
    elif not granting:
        reasons.append(NO_LICENSE)
    if reasons:
        return Verdict("unclear", None, _lowered(judged), reasons[0])
    return Verdict("open", ruling, judged)


def _standing(identity: Identity) -> tuple[Openness | None, Ruling | None]:
    """What the records say of a text with equal words; (None, None) for every other text."""
    if identity.grade != "exact":
        return None, None
    names = [p.license for p in identity.parts] or ([identity.license] if identity.license else [])
    found = [records.standing(name) for name in names]
    if not found:
        return None, None
    least = min((openness for openness, _ in found), key=OPENNESS.index)
    return least, _joint(ruling for _, ruling in found)


def _judgements(clauses: Sequence[Clause], *, silent: Status) -> tuple[Judgement, ...]:
    kinds = rules.taxonomy()
    out = []
    for criterion in criteria():
        if not criterion.is_judged:
            out.append(Judgement(criterion.id, "not-judged"))
            continue
        firm: list[int] = []
        soft: list[int] = []
        for index, clause in enumerate(clauses):
            kind = kinds.get(clause.id)
            if kind is None or criterion.id not in kind.osd or kind.effect == "info":
                continue
            (firm if kind.effect == "violation" and clause.confidence != "low" else soft).append(index)
        if firm:
            out.append(Judgement(criterion.id, "violated", tuple(firm)))
        elif soft:
            out.append(Judgement(criterion.id, "doubtful", tuple(soft)))
        else:
            out.append(Judgement(criterion.id, silent))
    return tuple(out)


def _join(terms: Sequence[Terms]) -> tuple[Judgement, ...]:
    """One status a criterion: the worst that any of the terms has, because of the clauses of all that have it."""
    if not terms:
        return _judgements((), silent="unknown")
    starts, total = [], 0
    for t in terms:
        starts.append(total)
        total += len(t.clauses)
    out = []
    for index, criterion in enumerate(criteria()):
        column = [t.verdict.criteria[index] for t in terms]
        worst = min((j.status for j in column), key=STATUSES.index)
        if worst == "met" and not any(t.grants for t in terms):
            worst = "unknown"
        because = tuple(start + i for start, j in zip(starts, column, strict=True) if j.status == worst for i in j.because)
        out.append(Judgement(criterion.id, worst, because))
    return tuple(out)


def _lowered(judged: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """Nothing is met where something could not be seen."""
    return tuple(Judgement(j.criterion, "unknown") if j.status == "met" else j for j in judged)


def _is_violated(judged: Iterable[Judgement]) -> bool:
    return any(j.status == "violated" for j in judged)


def _joint(rulings: Iterable[Ruling | None]) -> Ruling | None:
    """What was ruled on all of several licenses alike; without a link where it stands in several places."""
    distinct = set(rulings)
    if len(distinct) == 1:
        return distinct.pop()
    sayings = {(r.by, r.status) if r else None for r in distinct}
    saying = sayings.pop() if len(sayings) == 1 else None
    return Ruling(*saying) if saying else None


def _why_unclear(identity: Identity, problems: Sequence[Problem]) -> str:
    if problems:
        return problems[0].message
    if identity.grade == "variant" and identity.license:
        return f"like {identity.license}, but not its words"
    if identity.grade == "exact" and identity.license:
        return f"{identity.license} has no ruling and no review that calls it open"
    return "no known license, and nothing found that takes freedoms away: silence grants nothing"
