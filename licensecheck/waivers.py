"""Exceptions: which reasons of a policy they waive on a day, and what became of each. Whatever is waived stays a note in the report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from licensecheck.selection import Exemption, Policy, glob, is_license, is_selected
from licensecheck.types import Reason, Report, Waiver


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason, with the licenses of the texts that it speaks of."""

    reason: Reason
    licenses: tuple[str, ...] = ()


def idle(policy: Policy, reports: Iterable[Report]) -> tuple[Exemption, ...]:
    """The exceptions of a policy that fit none of the repos."""
    ids = [report.snapshot.id for report in reports]
    return tuple(e for e in policy.exceptions if not any(glob(i, e.repo) for i in ids))


def digests(report: Report) -> frozenset[str]:
    """The digests of all texts that were read."""
    return frozenset(d.document.digest for d in report.documents)


def waived(report: Report, exceptions: Iterable[Exemption], found: Sequence[Finding], today: date) -> tuple[list[Reason], list[Waiver]]:
    """The reasons, with what is waived turned into notes that come first, and each exception that fits the repo with what became of it."""
    exemptions = [e for e in exceptions if glob(report.snapshot.id, e.repo)]
    used: set[Exemption] = set()
    notes, kept = [], []
    for finding in found:
        by = next((e for e in exemptions if _holds(e, report, today) and _waives(e, finding)), None)
        if by is None:
            kept.append(finding.reason)
            continue
        used.update(e for e in exemptions if _holds(e, report, today) and _waives(e, finding))
        message = f"waived until {by.expires}: {finding.reason.message} ({by.reason})"
        notes.append(replace(finding.reason, action="allow", message=message))
    waivers = [
        Waiver(e.repo, e.clause or e.license or "", e.reason, e.owner, str(e.expires), _state(e, report, today, used)) for e in exemptions
    ]
    return [*notes, *kept], waivers


def _holds(exemption: Exemption, report: Report, today: date) -> bool:
    return today <= exemption.expires and (exemption.digest is None or exemption.digest in digests(report))


def _waives(exemption: Exemption, finding: Finding) -> bool:
    if finding.reason.action == "allow":
        return False
    if exemption.clause:
        return finding.reason.clause is not None and is_selected(finding.reason.clause, [exemption.clause])
    return any(is_license(name, [exemption.license or ""]) for name in finding.licenses)


def _state(exemption: Exemption, report: Report, today: date, used: set[Exemption]) -> Literal["used", "unused", "expired", "lapsed"]:
    if today > exemption.expires:
        return "expired"
    if not _holds(exemption, report, today):
        return "lapsed"
    return "used" if exemption in used else "unused"
