"""Reports as JUnit XML, which CI systems show as test results: one suite for each repo, one case for each thing the policy looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

from licensecheck.render import clean, links, words
from licensecheck.types import Action, Decision, Reason, Report, Waiver

# A refusal is a failed test; what could not be decided is an error of the run, as with the exit codes 1 and 3.
_OUTCOMES: dict[Action, Literal["", "failure", "error"]] = {"allow": "", "warn": "", "deny": "failure", "undecided": "error"}
_QUOTES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case. `outcome` is the name of the element that tells how it went; empty for a pass."""

    name: str
    outcome: Literal["", "failure", "error", "skipped"]
    message: str
    text: str = ""


def reports(checked: Iterable[tuple[Report, Decision]]) -> str:
    """One `testsuites` element, with the repos in the order given. Durations are left at zero: equal inputs give equal bytes."""
    root = ET.Element("testsuites", name="licensecheck")
    counts: Counter[str] = Counter()
    for report, decision in checked:
        cases = tuple(_cases(report, decision))
        root.append(_suite(report, cases))
        counts.update(["tests"] * len(cases))
        counts.update(c.outcome for c in cases)
    root.attrib |= {"tests": str(counts["tests"]), "failures": str(counts["failure"]), "errors": str(counts["error"])}
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(report: Report, cases: tuple[_Case, ...]) -> ET.Element:
    counts = Counter(c.outcome for c in cases)
    name = words.subject(report)
    suite = ET.Element(
        "testsuite",
        name=name,
        tests=str(len(cases)),
        failures=str(counts["failure"]),
        errors=str(counts["error"]),
        skipped=str(counts["skipped"]),
        time="0",
    )
    taken: Counter[str] = Counter()
    for case in cases:
        taken[case.name] += 1
        # Consumers key a case by its name within the class: a second one of the same name would replace the first.
        unique = f"{case.name} ({taken[case.name]})" if taken[case.name] > 1 else case.name
        element = ET.SubElement(suite, "testcase", classname=clean.line(report.snapshot.id), name=unique, time="0")
        if case.outcome:
            ET.SubElement(element, case.outcome, message=case.message, type=f"licensecheck.{case.outcome}").text = case.text or case.message
        elif case.text or case.message:
            ET.SubElement(element, "system-out").text = case.text or case.message
    return suite


def _cases(report: Report, decision: Decision) -> Iterator[_Case]:
    head = words.headline(report)
    summary = "\n".join(_summary(report))
    yield _Case(f"policy {clean.line(decision.policy)}", _OUTCOMES[decision.action], f"{words.ACTIONS[decision.action]}: {head}", summary)
    for reason in decision.reasons:
        message = clean.shortened(reason.message, words.QUOTE_LIMIT)
        yield _Case(_name(reason), _OUTCOMES[reason.action], message, "\n".join((message, *_evidence(report, reason))))
    for waiver in decision.waived:
        yield _waived(waiver)


def _name(reason: Reason) -> str:
    return clean.shortened(reason.clause or reason.rule or reason.message, 120)


def _waived(waiver: Waiver) -> _Case:
    message = f"exception {waiver.state}, until {waiver.expires}: {waiver.reason}" + (f" ({waiver.owner})" if waiver.owner else "")
    outcome: Literal["", "skipped"] = "skipped" if waiver.state == "used" else ""
    return _Case(f"exception for {clean.shortened(waiver.subject, 100)}", outcome, clean.shortened(message, words.QUOTE_LIMIT))


def _summary(report: Report) -> Iterator[str]:
    yield words.headline(report)
    if report.verdict.reason:
        yield words.quote(report.verdict.reason)
    if address := links.page(report):
        yield address
    for conflict in report.conflicts:
        yield f"conflict ({conflict.severity}): {words.quote(conflict.message)}"
    for problem in report.problems:
        yield f"not seen: {words.quote(f'{problem.subject}: {problem.message}')}"


def _evidence(report: Report, reason: Reason) -> Iterator[str]:
    """The quotes behind a reason, and what to do about it."""
    if reason.clause is None:
        return
    about = words.about(reason.clause)
    if explanation := about.explain or about.means:
        yield explanation
    found = [c for c in report.clauses if c.id == reason.clause]
    for clause in found[:_QUOTES_SHOWN]:
        yield f"{words.place(clause)}:" + (f" “{words.quote(clause.quote)}”" if clause.quote else "")
    if len(found) > _QUOTES_SHOWN:
        yield f"and in {len(found) - _QUOTES_SHOWN} more places"
    if about.remedy:
        yield f"What to do: {about.remedy}"
