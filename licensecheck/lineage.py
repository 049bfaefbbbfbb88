"""Follows the declared base models of a repo through all generations, and says what their terms add to the child's.

Every repo is looked at once, by the function that is handed in; each generation in parallel, all of it within bounds. Who the
parents of one repo are is `parents`' affair; what the terms add up to is judged elsewhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from licensecheck import records, rules
from licensecheck.parents import Hint, Named, Parent, repo
from licensecheck.types import (
    SUBJECT,
    Ancestor,
    Clause,
    Governing,
    Problem,
    RepoRef,
    Report,
    Scope,
    Snapshot,
    Verdict,
)

MOST_REPOS = 300  # ancestors of one repo; a merge of many has some dozens
MOST_DEPTH = 20  # generations
MOST_DATASETS = 50
MOST_KEPT = 500  # repos that one run keeps in mind, with their texts
AT_ONCE = 8  # their time goes into waiting for the Hub


@dataclass(frozen=True, slots=True)
class Kin:
    """One repo by itself: the report without its ancestry, and whom it names as parents."""

    report: Report
    named: Named


Analyse = Callable[[RepoRef], Kin]
"""Looks at one repo by itself. A repo that could not be seen has a report too, without a commit."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """What one ancestor's terms say about the child: a verdict whose `because` counts in these clauses."""

    ancestor: Ancestor
    verdict: Verdict
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """The ancestors, the nearest first; the report on each that was seen; and what could not be seen."""

    ancestors: tuple[Ancestor, ...] = ()
    reports: Mapping[str, Report] | None = None
    problems: tuple[Problem, ...] = ()


class Once:
    """Looks at every repo once in a run, however many children name it, and from however many threads."""

    def __init__(self, analyse: Analyse) -> None:
        self._analyse = analyse
        self._found: dict[RepoRef, Future[Kin]] = {}
        self._lock = threading.Lock()

    def __call__(self, ref: RepoRef) -> Kin:
        """What `analyse` says. The second to ask waits for the first."""
        key = replace(ref, revision=ref.revision or "main")
        with self._lock:
            future = self._found.get(key)
            is_first = future is None
            if future is None:
                if len(self._found) >= MOST_KEPT:
                    self._found.pop(next(iter(self._found)))
                future = self._found[key] = Future()
        if is_first:
            try:
                future.set_result(self._analyse(ref))
            except BaseException as error:
                future.set_exception(error)
        return future.result()


@dataclass(frozen=True, slots=True)
class _Step:
    """A parent that is to be looked at, and the ids that lead from the child to the repo that names it."""

    parent: Parent
    path: tuple[str, ...]


def follow(child: Snapshot, named: Named, analyse: Analyse) -> Ancestry:
    """Every declared ancestor of the child, generation by generation, each once by its shortest path.

    A cycle ends where it meets a repo again. What is beyond `MOST_REPOS` or `MOST_DEPTH`, cannot be seen, or is no repo, is a
    problem that hides the child's terms.
    """
    scope = SUBJECT[child.type]
    seen = {child.id.lower(), child.ref.id.lower()}
    found: list[Ancestor] = []
    reports: dict[str, Report] = {}
    problems = list(named.problems)
    level = [_Step(parent, (child.id,)) for parent in named.parents]
    depth = 0
    with _together() as pool:
        while level := _unseen(level, seen):
            depth += 1
            room = MOST_REPOS - len(found) if depth <= MOST_DEPTH else 0
            is_cut = len(level) > room
            if is_cut:
                problems.append(_cut(level, depth, scope))
                level = level[:room]
            looked = list(pool.map(lambda step: _look(step.parent.ref, analyse), level))
            following: list[_Step] = []
            for step, look in zip(level, looked, strict=True):
                report = look.kin.report
                name = report.snapshot.id
                if name.lower() in seen and name.lower() != step.parent.ref.id.lower():
                    continue  # renamed to a repo that was met already
                seen.add(name.lower())
                problems += _problems(report, step, look, scope)
                if look.is_dataset:
                    continue
                ancestor = _ancestor(report, step.parent.relation, depth, (*step.path, name))
                found.append(ancestor)
                if ancestor.commit:
                    reports[ancestor.id] = report
                problems += (replace(p, subject=f"{name}/{p.subject}", hides=(scope,)) for p in look.kin.named.problems)
                following += [_Step(parent, ancestor.path) for parent in look.kin.named.parents]
            level = [] if is_cut else following
    return Ancestry(tuple(found), reports, tuple(problems))


def inherited(ancestry: Ancestry, own: Sequence[Clause]) -> tuple[Inherited, ...]:
    """What the terms of every ancestor that was seen add to the child, as claimed through the declared base model.

    A clause that the child, or a nearer ancestor, states alike is not listed again; verdicts lose nothing by that. What an open
    ancestor has that neither restricts nor asks anything of derivatives is left out.
    """
    told = {_key(c) for c in own if c.confidence != "low"}
    kinds = rules.taxonomy()
    out = []
    for ancestor in ancestry.ancestors:
        report = (ancestry.reports or {}).get(ancestor.id)
        if report is None:
            continue
        kept: dict[int, Clause] = {}
        for index, clause in enumerate(report.clauses):
            concerns = clause.id in kinds and (kinds[clause.id].effect != "info" or kinds[clause.id].group == "sharing")
            if concerns and _key(clause) not in told:
                kept[index] = replace(clause, inherited_from=ancestor.id)
        told |= {_key(c) for c in kept.values() if c.confidence != "low"}
        out.append(Inherited(ancestor, _restated(report.verdict, ancestor, list(kept), path_of(ancestry, ancestor)), tuple(kept.values())))
    return tuple(out)


def governing(ancestry: Ancestry, own: Iterable[Governing], scope: Scope) -> tuple[Governing, ...]:
    """The licenses of ancestors that are not open, where the child does not name them itself: each with the nearest that has it."""
    named = {g.license or g.name for g in own}
    out: dict[str, Governing] = {}
    for ancestor in ancestry.ancestors:
        report = (ancestry.reports or {}).get(ancestor.id)
        if report is None or ancestor.openness != "not-open":
            continue
        for g in _of(report):
            called = g.license or g.name
            if called and called not in named:
                out.setdefault(called, Governing(scope, g.license, g.name, "parent", (ancestor.id,)))
    return tuple(out.values())


def path_of(ancestry: Ancestry, ancestor: Ancestor) -> str:
    """The way to an ancestor in words: `me/child → org/base (finetune) → org/first`."""
    relations = {a.id: a.relation for a in ancestry.ancestors}
    return " → ".join(f"{name} ({relations[name]})" if relations.get(name) else name for name in ancestor.path)


def hinted(child: Snapshot, hints: Iterable[Hint], ancestry: Ancestry, analyse: Analyse) -> tuple[Ancestor, ...]:
    """Hints as ancestors that are marked as such, each looked at by itself; what is a declared ancestor anyway is left out."""
    known = {a.id.lower() for a in ancestry.ancestors} | {child.id.lower()}
    wanted = [h for h in hints if h.name.lower() not in known]
    with _together() as pool:
        reports = list(pool.map(lambda h: analyse(h.ref).report if h.ref else None, wanted))
    out = []
    for hint, report in zip(wanted, reports, strict=True):
        if report is not None:
            found = _ancestor(report, "", 1, (child.id, report.snapshot.id))
        else:
            openness = records.standing(hint.license)[0] if hint.license else "unclear"
            found = Ancestor(hint.name, "", 1, None, hint.license, openness, (child.id, hint.name))
        if found.id.lower() not in known:
            out.append(replace(found, is_hint=True, confidence=hint.confidence, because=hint.because))
    return tuple(out)


def datasets(names: Sequence[str], analyse: Analyse) -> tuple[tuple[Ancestor, ...], tuple[Problem, ...]]:
    """The datasets that a card names, each looked at once; what could not be seen hides nothing of the weights."""
    refs = [RepoRef(name, ref.id, "dataset", ref.revision) for name in dict.fromkeys(names) if (ref := repo(name))]
    with _together() as pool:
        reports = [kin.report for kin in pool.map(analyse, refs[:MOST_DATASETS])]
    problems = [
        _note(r.snapshot.id, f"the dataset {r.snapshot.id} could not be looked at: {r.problems[0].message}")
        for r in reports
        if not is_seen(r)
    ]
    if len(refs) > MOST_DATASETS:
        problems.append(_note(refs[MOST_DATASETS].id, f"{len(refs) - MOST_DATASETS} more datasets were not looked at"))
    return tuple(_ancestor(r, "dataset", 1, (r.snapshot.id,)) for r in reports), tuple(problems)


# One generation


@contextmanager
def _together() -> Iterator[ThreadPoolExecutor]:
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield pool
    finally:
        # NOTE: not waited for, so that Ctrl-C ends at once even while a Hub keeps silent.
        pool.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was seen of a parent; `now` is the same repo as it stands today, where the child names an older revision."""

    kin: Kin
    is_dataset: bool = False
    now: Report | None = None


def _unseen(level: Iterable[_Step], seen: set[str]) -> list[_Step]:
    """The steps to repos that were not met yet, each once."""
    out = {}
    for step in level:
        name = step.parent.ref.id.lower()
        if name not in seen:
            seen.add(name)
            out[name] = step
    return list(out.values())


def _look(ref: RepoRef, analyse: Analyse) -> _Look:
    kin = analyse(ref)
    if ref.type == "dataset":
        return _Look(kin, is_dataset=True)
    if not is_seen(kin.report) and any(p.kind == "not-found" for p in kin.report.problems):
        other = analyse(replace(ref, type="dataset"))
        if is_seen(other.report):
            return _Look(other, is_dataset=True)
    now = analyse(replace(ref, revision=None)).report if ref.revision and is_seen(kin.report) else None
    return _Look(kin, now=now)


def _ancestor(report: Report, relation: str, depth: int, path: tuple[str, ...]) -> Ancestor:
    ids = tuple(dict.fromkeys(c.id for c in report.clauses))
    snapshot = report.snapshot
    return Ancestor(
        snapshot.id, relation, depth, snapshot.commit, license_of(report), report.verdict.openness, path, clauses=tuple(sorted(ids))
    )


def is_seen(report: Report) -> bool:
    """Whether anything of the repo was seen at all."""
    return bool(report.snapshot.commit or report.snapshot.files)


def license_of(report: Report) -> str | None:
    """The one name for a repo's terms: the least open license that governs it, else what its terms call themselves."""
    found = _of(report)
    ids = [g.license for g in found if g.license]
    return records.least_open(ids) if ids else next((g.name for g in found if g.name), None)


def _of(report: Report) -> list[Governing]:
    return [g for g in report.governing if g.scope in (SUBJECT[report.snapshot.type], "all", "unclear")]


def _problems(report: Report, step: _Step, look: _Look, scope: Scope) -> list[Problem]:
    name = report.snapshot.id
    if look.is_dataset:
        return [_note(name, f"the declared base model {name} is a dataset, not a model")]
    if not is_seen(report):
        first = report.problems[0]
        message = f"the declared base model {name} could not be looked at: {first.message}"
        return [Problem("lineage", name, message, first.hint, (scope,), "parent-unseen")]
    out = []
    hiding = [p for p in report.problems if any(s in (SUBJECT[report.snapshot.type], "all", "unclear") for s in p.hides)]
    if hiding:
        more = f" (and {len(hiding) - 1} more)" if len(hiding) > 1 else ""
        message = f"the terms of the declared base model {name} were not seen in full: {hiding[0].sentence.rstrip('.')}{more}"
        hint = hiding[0].hint or f"look at it by itself: licensecheck check {name}"
        out.append(Problem("lineage", name, message, hint, (scope,), "parent-partly-unseen"))
    if look.now and is_seen(look.now) and license_of(look.now) != license_of(report):
        was, now = license_of(report) or "no license", license_of(look.now) or "no license"
        message = (
            f"the base model {name} has changed its license: {was} at the revision that is named ({step.parent.ref.revision}), {now} today"
        )
        out.append(_note(name, message, "parent-license-changed"))
    return out


def _cut(level: Sequence[_Step], depth: int, scope: Scope) -> Problem:
    if depth > MOST_DEPTH:
        what = f"more than {MOST_DEPTH} generations of base models; the rest, from here on, was not looked at"
    else:
        what = f"more than {MOST_REPOS} base models; the rest of them was not looked at"
    return Problem(
        "lineage", level[-1].parent.ref.id, what, "check the base models that matter by themselves", (scope,), "lineage-too-large"
    )


def _note(subject: str, message: str, kind: str = "") -> Problem:
    return Problem("lineage", subject, message, "look at it by hand", (), kind)


# What is inherited


def _key(clause: Clause) -> tuple[str, tuple[tuple[str, Any], ...]]:
    return clause.id, tuple(sorted(clause.params.items()))


def _restated(verdict: Verdict, ancestor: Ancestor, kept: Sequence[int], path: str) -> Verdict:
    """The ancestor's verdict in words about the child, counting in the clauses that were kept."""
    place = {old: new for new, old in enumerate(kept)}
    judged = tuple(replace(j, because=tuple(place[i] for i in j.because if i in place)) for j in verdict.criteria)
    reason = verdict.reason or "terms take freedoms away"
    return replace(verdict, criteria=judged, reason=f"claimed through the declared base model {ancestor.id} ({path}): {reason}")
